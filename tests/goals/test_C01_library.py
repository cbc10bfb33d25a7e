"""The goal files that ship: none of the 29 rows of the sources is lost, and every file says where it comes from."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from transit_model.domain.modes import Mode, Reading
from transit_model.goals.judge import list_needed_pairs
from transit_model.goals.schema import Goal, check_goal_places, load_goals

FACTS = [
    "g01_rail_1h_circle",
    "g02_hsr_1h_baotou",
    "g03_road_2h_circle",
    "g04_claim_2h_basic",
    "g05_claim_1h_rail_now",
    "g06_1h_econ_2027",
    "g07_half_hour_rail",
    "g08_capital_half_hour",
    "g09_four_city_1h",
    "g10_jjj_2h",
    "g11_haidian_2h",
    "g12_2035_commute",
    "g13_national_123",
    "g14_s27_2h",
    "g15_s29_50",
    "g16_s311",
    "g17_baoe_30",
    "g18_hue_1h",
    "g19_1h_commute_2020",
    "g20_1h_life_2015",
    "g21_dsq_1h",
    "g22_ndrc_1h",
    "g23_taixin_30",
    "g24_xiongxin_60",
    "g25_ems",
    "g26_bus_card",
    "g27_air",
    "g28_2012_claim",
    "g29_2010_plan",
]
UNMEASURABLE = {
    "air-access",
    "ambulance-nearest",
    "one-card",
    "s311-wuchuan-zhaohe-half-hour",
    "taiyuan-xinzhou-30",
    "xinzhou-xiongan-60",
}
CENTRES = ("hohhot", "baotou", "ordos", "ulanqab")


@pytest.fixture(scope="module")
def goals(repo: Path) -> dict[str, Goal]:
    return {g.id: g for g in load_goals(repo / "scenarios" / "goals")}


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def groups(repo: Path) -> dict[str, list[str]]:
    places = read_csv(repo / "data" / "hubaoewu" / "places.csv")
    kinds = {"centres": "centre", "county_seats": "county_seat", "airports": "airport"}
    return {name: [p["place_id"] for p in places if p["kind"] == kind] for name, kind in kinds.items()}


def test_every_row_of_the_sources_has_a_goal(goals: dict[str, Goal]) -> None:
    assert len(FACTS) == 29
    assert {g.fact for g in goals.values()} == set(FACTS)


def test_quotes_are_verbatim(goals: dict[str, Goal], shared_facts: Path) -> None:
    rows = {r["id"]: r for r in read_csv(shared_facts / "goals.csv")}
    assert sorted(rows) == sorted(FACTS)
    for goal in goals.values():
        assert goal.quote.zh == rows[goal.fact]["text_zh"], goal.id


def test_every_goal_says_what_it_needs(goals: dict[str, Goal]) -> None:
    for goal in goals.values():
        assert re.match(r"^\[[a-z0-9]+\]", goal.source), goal.id
        if goal.unmeasurable is None:
            assert goal.judged_on, goal.id
            assert goal.ambiguity is not None, goal.id
            assert goal.assumed, goal.id
        for text in (goal.title, goal.quote, goal.ambiguity, goal.unmeasurable, *goal.assumed):
            if text is not None:
                assert re.search(r"[\u4e00-\u9fff]", text.zh), goal.id
                assert not re.search(r"[\u4e00-\u9fff]", text.en), goal.id


def test_source_keys_are_in_the_pack(goals: dict[str, Goal], repo: Path) -> None:
    known = {r["key"] for r in read_csv(repo / "data" / "hubaoewu" / "sources.csv")}
    for goal in goals.values():
        texts = [
            goal.source,
            *(t for b in (goal.ambiguity, goal.unmeasurable, *goal.assumed) if b for t in (b.zh, b.en)),
        ]
        keys = {k for text in texts for k in re.findall(r"\[([a-z0-9-]+)\]", text)}
        assert keys <= known, (goal.id, keys - known)


def test_places_are_in_the_pack(goals: dict[str, Goal], groups: dict[str, list[str]], repo: Path) -> None:
    pack = repo / "data" / "hubaoewu"
    # a station counts only when the timetable knows it
    stops = {r["stop_id"] for r in read_csv(pack / "timetables/TT20231215/stops.txt")}
    known = {p["place_id"] for p in read_csv(pack / "places.csv")} | stops
    assert check_goal_places(goals.values(), known, groups) == []


def test_a_station_named_by_a_goal_is_served(goals: dict[str, Goal], repo: Path) -> None:
    pack = repo / "data" / "hubaoewu"
    places = {p["place_id"] for p in read_csv(pack / "places.csv")}
    served = {r["stop_id"] for r in read_csv(pack / "timetables/TT20231215/stop_times.txt")}
    stations = {n for g in goals.values() for n in g.list_named_places()} - places - {"county_seats"}
    assert stations == {"beijing-north", "qinghe"}
    assert stations <= served


def test_population_goals_name_places_with_a_census_row(
    goals: dict[str, Goal], groups: dict[str, list[str]], repo: Path
) -> None:
    counted = {r["place_id"] for r in read_csv(repo / "data" / "hubaoewu" / "counties.csv") if r["place_id"]}
    for goal in goals.values():
        if goal.coverage is None or goal.coverage.weight != "population":
            continue
        to = goal.coverage.to
        names = [p for name in ([to] if isinstance(to, str) else to) for p in groups.get(name, [name])]
        assert set(names) <= counted, goal.id


def test_foundation_goals(goals: dict[str, Goal]) -> None:
    star = goals["rail-1h-circle"]
    assert star.pairs is not None
    assert star.pairs.list_pairs() == [("hohhot", c) for c in CENTRES[1:]]
    assert (star.mode, star.threshold_min, star.judged_on) == (Mode.RAIL, 60, tuple(Reading))
    every = goals["rail-1h-circle-all-pairs"]
    assert every.pairs is not None
    assert len(every.pairs.list_pairs()) == 6
    road = goals["road-2h-circle"]
    assert (road.mode, road.threshold_min, road.judged_on) == (Mode.ROAD, 120, tuple(Reading))
    half = goals["rail-half-hour"]
    assert half.pairs is not None
    assert half.pairs.list_pairs() == [("hohhot", "baotou")]
    assert (half.threshold_min, half.judged_on) == (30, (Reading.PROMOTER, Reading.TYPICAL))
    circle = goals["hohhot-baotou-1h-2027"]
    assert (circle.mode, circle.threshold_min, circle.target_year) == (Mode.BEST, 60, 2027)


def test_the_claim_covers_three_centres_and_38_seats(goals: dict[str, Goal], groups: dict[str, list[str]]) -> None:
    claim = goals["road-2h-claim"]
    assert (claim.kind, claim.required_share) == ("claim", 0.8)
    needed = list_needed_pairs([claim], groups)
    assert len(needed) == 3 + 38
    assert {(a, m) for a, _, m in needed} == {("hohhot", "road")}


def test_a_share_that_nobody_stated_is_declared(goals: dict[str, Goal]) -> None:
    for goal in goals.values():
        if goal.unmeasurable is None and goal.required_share < 1:
            assert any("80%" in a.en and "ours" in a.en for a in goal.assumed), goal.id
            assert goal.required_share == 0.8, goal.id


def test_commuting_is_judged_door_to_door(goals: dict[str, Goal]) -> None:
    commuting = {g.id for g in goals.values() if g.judged_on == (Reading.DOOR_TO_DOOR,)}
    assert commuting == {"im-2035-commute-1h", "rail-1h-commute-2020", "hohhot-metro-1h-commute", "ndrc-metro-1h"}


def test_what_cannot_be_measured_is_said(goals: dict[str, Goal]) -> None:
    assert {g.id for g in goals.values() if g.unmeasurable is not None} == UNMEASURABLE
