"""Numbers that no service has are refused where they are written, before they cost minutes of computing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from transit_model.scenario.rail_schema import RailLine
from transit_model.scenario.service_schema import Period, Service
from transit_model.scenario.values import MOST_STOPS


def _find_types(make: Any, data: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        make(data)
    return {(str(e["loc"][0]), e["type"]) for e in caught.value.errors() if e["loc"]}


@pytest.mark.parametrize("headway_min", [1e-9, 0.0, 0.49, -3.0, 2881.0])
def test_a_headway_below_half_a_minute_or_above_two_days(headway_min: float) -> None:
    # Rounded to whole seconds 1e-9 min would be a train every 0 s, and no train at all in the search.
    span = {"kind": "headway", "first_departure": "06:00", "last_departure": "22:00"}
    found = _find_types(Service.model_validate, {**span, "headway_min": headway_min})
    assert {field for field, _ in found} == {"headway_min"}
    found = _find_types(Period.model_validate, {"from": "06:00", "to": "09:00", "headway_min": headway_min})
    assert {field for field, _ in found} == {"headway_min"}


def test_half_a_minute_is_a_headway() -> None:
    span = {"kind": "headway", "first_departure": "06:00", "last_departure": "22:00"}
    assert Service.model_validate({**span, "headway_min": 0.5}).headway_min == 0.5


def test_a_line_of_more_stops_than_any_has() -> None:
    stations = [
        {
            "id": f"s{i}",
            "name": {"zh": "站", "en": "station"},
            "lon": 111 + i / 1000,
            "lat": 40.8,
            "chainage_km": i / 10,
        }
        for i in range(MOST_STOPS + 1)
    ]
    data = {
        "id": "long",
        "kind": "rail_line",
        "title": {"zh": "长线", "en": "long line"},
        "status": "idea",
        "opens": "unknown",
        "source": ["x"],
        "stations": stations,
        "commercial_speed_kmh": 200,
    }
    assert ("stations", "too_long") in _find_types(RailLine.model_validate, data)
