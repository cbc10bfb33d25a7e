"""The stations that minutes are measured between, under the table of verdicts."""

from __future__ import annotations

from typing import Any

import pytest

from transit_model.cli.stations_used import list_stations, name_way


def judge(scenario: str, minutes: float, *pairs: tuple[float, str]) -> dict[str, Any]:
    evidence = [{"minutes": m, "via": via} for m, via in pairs]
    return {"scenario": scenario, "value_min": minutes, "evidence": evidence}


def test_scenarios_stand_beside_the_stations_of_the_pair_that_decides() -> None:
    verdicts = [
        judge("today", 51.0, (41.0, "transit: 甲 - 丙"), (51.0, "transit: 甲 - 乙东")),
        judge("today", 89.0, (89.0, "transit: 甲 - 乙东")),
        judge("today", 133.0, (133.0, "road")),
        judge("line", 42.0, (42.0, "甲 - 乙")),
    ]
    english = {"甲": "Jia", "乙": "Yi", "乙东": "Yi East"}
    assert list_stations(verdicts, english) == {"Jia – Yi East": ["today"], "Jia – Yi": ["line"]}
    assert list_stations(verdicts[:1], {}) == {"甲 – 乙东": ["today"]}
    assert list_stations(verdicts[2:3], english) == {}


@pytest.mark.parametrize(
    ("via", "zh", "en"),
    [
        ("transit: 甲 - 乙", "公共交通：甲 - 乙", "public transport: Jia - 乙"),
        ("甲 - 乙", "甲 - 乙", "Jia - 乙"),
        ("road", "公路", "road"),
        ("", "", ""),
    ],
)
def test_a_way_is_told_in_the_language_of_the_reader(via: str, zh: str, en: str) -> None:
    assert (name_way(via, {"甲": "Jia"}, "zh"), name_way(via, {"甲": "Jia"}, "en")) == (zh, en)
