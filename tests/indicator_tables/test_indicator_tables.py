"""Indicator tables of the town against the measures they are made of."""

from __future__ import annotations

import pytest

from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError
from transit_model.indicator_tables.airport import list_airport_cases
from transit_model.indicator_tables.registry import INDICATORS
from transit_model.indicator_tables.rows import COLUMNS, Measured
from transit_model.indicator_tables.tables import tabulate_indicators
from transit_model.measure.session import Session


@pytest.fixture(scope="module")
def measured(built_2025: Session) -> Measured:
    return Measured(built_2025, (60.0,), frozenset({"airport_hohhot_shengle"}), cell_m=4000.0)


def test_within_is_the_sum_over_the_surface(measured: Measured) -> None:
    table = tabulate_indicators(measured, ["within"])
    assert tuple(table.columns) == COLUMNS
    hohhot = measured.session.places.get_place("hohhot")
    surface = measured.surface(hohhot, Mode.ROAD, Reading.DOOR_TO_DOOR)
    row = table[(table["place"] == "hohhot") & (table["mode"] == "road")].set_index("measure")["value"]
    assert row["population"] == measured.people[surface.time_s <= 3600].sum()
    assert row["area"] == pytest.approx((surface.time_s <= 3600).sum() * 16.0)
    assert 0 < row["county_seat_share"] <= 1


def test_airports_in_use_follow_the_scenario(measured: Measured) -> None:
    cases = list_airport_cases(measured)
    assert list(cases) == ["today"]
    assert "airport_hohhot_baita" in cases["today"]
    assert "airport_hohhot_shengle" not in cases["today"]


def test_population_models_keep_the_reference(measured: Measured) -> None:
    table = INDICATORS["population_models"].tabulate(measured)
    assert set(table["note_en"]) == {"placed by model", "placed by seat", "placed by even"}
    assert (table.loc[table["measure"] == "difference_model", "value"] == 0).all()


def test_mistakes_are_told(measured: Measured) -> None:
    with pytest.raises(InputError, match="no indicator called"):
        tabulate_indicators(measured, ["witin"])
    with pytest.raises(InputError, match="need a base"):
        tabulate_indicators(measured, ["winners"])
