"""Every indicator table on a town whose times are known by hand.

Free flow of the town of `tests.network.town` (promoter's reading: no gates, ramps or junctions), minutes::

    a - b   3 km at 60 + 36 km at 120 + 2 km at 60        = 3 + 18 + 2      = 23   (the trunk road takes 30)
    a - h   3 + 18 + 24 km at 120                         = 3 + 18 + 12     = 33   (h is the interchange i3)
    a - c   33 + 3 km at 60                               = 33 + 3          = 36
    b - h   2 + 12 = 14        b - c   14 + 3 = 17 (trunk 18)        c - b   tertiary, 10 km at 40 = 15       c - h  3

Centres are pa (a) and pc (c); seats are pb (b, 1000 people) and ph (h, 500 people).
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from shapely.geometry import box, mapping

from tests.conftest import REPO
from tests.network.town import ROUND, make_feed, make_region, make_town
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError
from transit_model.goals.schema import Goal, load_goals
from transit_model.indicator_tables.registry import INDICATORS
from transit_model.indicator_tables.rows import COLUMNS, Measured
from transit_model.indicator_tables.tables import tabulate_indicators
from transit_model.measure.session import Session
from transit_model.network.build import build_network

PLACES = (
    "pa centre 甲城 Alpha - 111.0 40.0 100 a",
    "pc centre 丙城 Gamma - 111.0 40.5 300 c",
    "pb county_seat 乙县 Beta - 111.0 40.3 200 b",
    "ph county_seat 道口 Gate - 111.02 40.48 400 i3",
    "old_air airport 旧机场 Old_airport - 111.0 40.3 - b",
    "new_air airport 新机场 New_airport - 111.0 40.5 - c",
)
COUNTIES = pd.DataFrame(
    [
        ("200", "乙县", "Beta", "P", "county", 1000, "pb", "b", 10.0, "high", "[t]"),
        ("400", "道口", "Gate", "Q", "county", 500, "ph", "i3", 10.0, "high", "[t]"),
    ],
    columns=[
        "adcode",
        "name_zh",
        "name_en",
        "prefecture",
        "kind",
        "population_2020",
        "place_id",
        "road_node_id",
        "area_km2",
        "confidence",
        "source",
    ],
)
TRAINS = (
    "R1 rail daily | sa 08:00 | sb 08:18 08:20 | sc 08:35",
    "R2 rail daily | sa 10:00 | sc 10:30",
    "R5 rail daily | sc 18:00 | sb 18:15 18:17 | sa 18:36",
)


def make_session(as_of: date = date(2020, 12, 31), **switches: frozenset[str]) -> Session:
    region = make_region(places=PLACES, feed=make_feed(TRAINS))
    # Q holds the interchange only; P all the rest, c included
    gate = box(111.01, 40.47, 111.2, 40.49)
    land = box(110.7, 39.9, 111.3, 40.6).difference(gate)
    outlines = {
        "features": [
            {"properties": {"adcode": k}, "geometry": json.loads(json.dumps(mapping(s)))}
            for k, s in (("200", land), ("400", gate))
        ]
    }
    region = dataclasses.replace(region, counties=COUNTIES, outlines=outlines)
    return Session("town", build_network(region, as_of, ROUND).with_tables(**switches))


def measure(cutoffs: tuple[float, ...] = (20.0, 40.0), **changes: Any) -> Measured:
    session = changes.pop("session", None) or make_session()
    free = {"readings": (Reading.PROMOTER,), "modes": (Mode.ROAD,), "population": "seat"}
    return Measured(session, cutoffs, frozenset({"new_air"}), **{**free, **changes})


@pytest.fixture(scope="module")
def town_of_seats() -> Measured:
    return measure()


def read(m: Measured, name: str, measure: str, **options: Any) -> dict[tuple[str, str], float]:
    """Values of one measure by place and subject."""
    table = tabulate_indicators(m, [name], **options)
    assert tuple(table.columns) == COLUMNS
    assert set(table["indicator"]) == {name}
    rows = table[table["measure"] == measure]
    return {(r["place"], r["subject"]): r["value"] for r in rows.to_dict("records")}


def test_mean_time(town_of_seats: Measured) -> None:
    # pa: (23 * 1000 + 33 * 500) / 1500 = 26.333; pc: (15 * 1000 + 3 * 500) / 1500 = 11; a seat itself does not count
    found = read(town_of_seats, "mean_time", "mean")
    assert found == pytest.approx({("pa", ""): 26.3333, ("pc", ""): 11, ("pb", ""): 14, ("ph", ""): 14}, abs=1e-3)


def test_daily_accessibility(town_of_seats: Measured) -> None:
    # everything is within an hour; of pb the other seat is ph, of ph it is pb
    found = read(town_of_seats, "daily", "seat_population")
    assert {p: v for (p, s), v in found.items() if s == "60 min"} == {"pa": 1500, "pc": 1500, "pb": 500, "ph": 1000}
    assert read(town_of_seats, "daily", "county_seats")["pa", "240 min"] == 2
    assert read(town_of_seats, "daily", "seat_population_share")["pb", "60 min"] == 1.0


def test_potential(town_of_seats: Measured) -> None:
    # persons per minute. pa: 1000 / 23 + 500 / 33 = 43.478 + 15.152; pc: 1000 / 15 + 500 / 3; pb: 500 / 14
    found = read(town_of_seats, "potential", "potential")
    expected = {("pa", ""): 58.6298, ("pc", ""): 233.3333, ("pb", ""): 35.7143, ("ph", ""): 71.4286}
    assert found == pytest.approx(expected, abs=1e-3)


def test_equity(town_of_seats: Measured) -> None:
    # nearest centre: pb 17 min (pc), ph 3 min (pc). Mean (17 * 1000 + 3 * 500) / 1500 = 12.333.
    # Gini: shares of time 1500 / 18500 after a third of the people: 1 - (1/3 * 0.0811 + 2/3 * 1.0811) = 0.2523.
    # Palma: the top tenth has 17; the bottom 40 % are 500 people of 3 and 100 of 17: 3200 / 600 = 5.333; 3.1875.
    # Variation: sqrt((1000 * 4.667^2 + 500 * 9.333^2) / 1500) / 12.333 = 6.5997 / 12.333 = 0.5351
    table = tabulate_indicators(town_of_seats, ["equity"]).set_index("measure")["value"]
    expected = {"mean": 12.3333, "gini": 0.25225, "palma": 3.1875, "variation": 0.53511, "p10": 3, "p50": 17, "p90": 17}
    assert {k: table[k] for k in expected} == pytest.approx(expected, abs=1e-4)
    assert table["unreached_share"] == 0


def test_within_counts_cells_of_people_at_their_seats(town_of_seats: Measured) -> None:
    # To its cell a seat adds at most 71 s: from pc ph is at 3 min and pb at 15, from pa at 33 and 23.
    assert read(town_of_seats, "within", "population") == {
        ("pa", "20 min"): 0, ("pa", "40 min"): 1500, ("pc", "20 min"): 1500, ("pc", "40 min"): 1500,
    }  # fmt: skip
    assert read(measure((10.0,)), "within", "population")["pc", "10 min"] == 500
    assert read(town_of_seats, "within", "population_share")["pc", "20 min"] == 1
    assert read(town_of_seats, "within", "county_seats")["pa", "40 min"] == 2
    area = read(town_of_seats, "within", "area")
    builder = town_of_seats.builder
    surface = builder.compute(builder.session.places.get_place("pa"), Mode.ROAD, Reading.PROMOTER)
    assert area["pa", "20 min"] == (surface.time_s <= 1200).sum()  # cells of 1 km2


def test_overlap_of_the_circles(town_of_seats: Measured) -> None:
    people = read(town_of_seats, "overlap", "population")
    assert people["", "20 min: pc"] == 1500
    assert people["", "40 min: pa+pc"] == 1500
    area = read(town_of_seats, "overlap", "area")
    within = read(town_of_seats, "within", "area")
    assert area["", "40 min: pa"] + area["", "40 min: pa+pc"] == within["pa", "40 min"]


def test_nearest_and_catchments(town_of_seats: Measured) -> None:
    # both seats are nearer to pc: 17 and 3 min; mean (17 * 1000 + 3 * 500) / 1500
    assert read(town_of_seats, "nearest", "nearest") == pytest.approx({("pb", ""): 17, ("ph", ""): 3})
    assert read(town_of_seats, "nearest", "population") == {("", "catchment of pc"): 1500}
    assert read(town_of_seats, "nearest", "mean_time") == pytest.approx({("", "catchment of pc"): 12.3333}, abs=1e-3)


def write_facilities(folder: Path, text: str) -> Path:
    path = folder / "facilities.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_supply_per_head_where_demand_competes(town_of_seats: Measured, tmp_path: Path) -> None:
    # One clinic of 30 beds stands at the node c: ph at 3 min weighs 1, pb at 17 min weighs 0.68.
    # R = 30 / (500 * 1 + 1000 * 0.68) = 0.025424; ph gets 25.424 per 1000, pb 0.68 of it.
    path = write_facilities(tmp_path, "id,name,lon,lat,supply\nclinic,诊所,111.0,40.5,30\n")
    found = read(town_of_seats, "supply", "supply_per_1000", facilities=path)
    assert found == pytest.approx({("ph", ""): 25.4237, ("pb", ""): 17.2881}, rel=1e-3)
    assert read(town_of_seats, "nearest", "population", facilities=path) == {("", "catchment of clinic"): 1500}


@pytest.mark.parametrize(("text", "code"), [
    ("id,lon\nx,111\n", "missing_column"),
    ("id,lon,lat\n", "empty_table"),
    ("id,lon,lat,supply\nx,111,40,-1\n", ":2 \\[supply\\]: error bad_value"),
    ("id,lon,lat,supply\nx,111,95,1\n", ":2 \\[lon\\]: error bad_coordinate"),
    ("id,lon,lat,supply\nx,111,40,1\nx,111,40,1\n", ":3 \\[id\\]: error duplicate_id"),
    ("id,lon,lat\nx,111,40.5\n", "no_supply"),
    ('id,lon,lat\n"x,111,40\n', ":2: error csv_parsing_failed"),
])  # fmt: skip
def test_bad_facilities_are_issues(town_of_seats: Measured, tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        tabulate_indicators(town_of_seats, ["supply"], facilities=write_facilities(tmp_path, text))
    with pytest.raises(InputError, match="no_facilities"):
        tabulate_indicators(town_of_seats, ["supply"])


def test_winners_and_losers(town_of_seats: Measured) -> None:
    # In 2030 a road of 20 km at 120 from a to c opens: ph - pa 33 -> 3 + 10 = 13; pb - pa stays 23 (by c it is 27).
    later = measure(session=make_session(date(2031, 1, 1)))
    found = read(later, "winners", "change", base=town_of_seats)
    assert found == pytest.approx({("pb", "to pa"): 0, ("pb", "to pc"): 0, ("ph", "to pa"): -20, ("ph", "to pc"): 0})
    table = tabulate_indicators(later, ["winners"], base=town_of_seats)
    assert set(table.loc[table["place"] == "pb", "note_en"]) == {"same"}
    # who gains stands first
    first = table[table["measure"] == "change"].iloc[0]
    assert (first["place"], first["subject"]) == ("ph", "to pa")
    # the other way round ph loses 20 min, and still stands before what is the same
    back = tabulate_indicators(town_of_seats, ["winners"], base=later)
    assert back.loc[back["measure"] == "change", "value"].tolist() == pytest.approx([20, 0, 0, 0])
    assert set(table.loc[(table["place"] == "ph") & (table["subject"] == "to pa"), "note_zh"]) == {"缩短"}


def test_airports_before_and_after_a_move(town_of_seats: Measured) -> None:
    today = read(town_of_seats, "airport", "within")
    assert today == {("old_air", "today: 60 min"): 1500, ("old_air", "today: 90 min"): 1500}
    opened = make_session(places_opened=frozenset({"new_air"}))
    both = measure(session=opened)
    # pb is at the old airport; ph is 14 min from it and 3 from the new one
    nearest = read(both, "airport", "nearest")
    assert nearest["old_air", "after: 60 min"] == 1000
    assert nearest["new_air", "after: 60 min"] == 500
    moved = make_session(places_opened=frozenset({"new_air"}), places_closed=frozenset({"old_air"}))
    table = read(measure(session=moved), "airport", "nearest")
    assert {k: v for k, v in table.items() if k[1] == "after: 60 min"} == {("new_air", "after: 60 min"): 1500}


def test_ambulance_across_the_border(tmp_path: Path) -> None:
    # A hundred people of P live at c. Their own ambulance comes from b, 30 km of trunk road at 0.8 * 100 = 80 km/h:
    # 22.5 min and 3 of turnout. The one of Q comes from i3: 3 km in town at 30 km/h, 6 min, and 3. At both ends a
    # minute or two of gates, junctions and the way off the road are to be added.
    people = tmp_path / "people.csv"
    people.write_text("lon,lat,population\n111.0,40.5,100\n", encoding="utf-8")
    m = measure((5.0, 15.0, 40.0), population=str(people))
    own, both = read(m, "ambulance", "own_prefecture"), read(m, "ambulance", "any_prefecture")
    assert [own["", f"P: {c} min"] for c in (5, 15, 40)] == [0, 0, 100]
    assert [both["", f"P: {c} min"] for c in (5, 15, 40)] == [0, 100, 100]
    assert read(m, "ambulance", "gained")["", "P: 15 min"] == 100
    assert own["", "Q: 40 min"] == 0


HOSPITALS = pd.DataFrame(
    [
        ("h1", "hospital", "2", "乙县医院", "Beta hospital", 111.0, 40.3, "pb", "200"),
        ("h2", "hospital", "3", "丙城医院", "Gamma hospital", 111.0, 40.5, "pc", "200"),
        ("h3", "hospital", "3", "丙城第二医院", "Gamma hospital 2", 111.0, 40.5, "pc", "200"),
        ("old_air", "airport", "", "旧机场", "Old airport", 111.0, 40.3, "old_air", ""),
    ],
    columns=["facility_id", "kind", "level", "name_zh", "name_en", "lon", "lat", "place_id", "county"],
)


def make_town_with_hospitals() -> Session:
    session = make_session()
    return Session("town", session.network.with_tables(pack_tables={"facilities": HOSPITALS}))


def test_nearest_third_level_hospital_by_hand() -> None:
    # The only ones of level 3 stand at c: 17 min from b (by h; its own hospital is of level 2), 3 min from h.
    m = measure((2.0, 10.0, 20.0), session=make_town_with_hospitals())
    assert read(m, "hospital", "nearest") == pytest.approx({("pb", ""): 17, ("ph", ""): 3}, abs=0.01)
    within = read(m, "hospital", "within_any")
    assert within == {("", "2 min"): 0, ("", "10 min"): 500, ("", "20 min"): 1500}
    assert read(m, "hospital", "within_any_share")["", "10 min"] == pytest.approx(1 / 3)
    table = tabulate_indicators(m, ["hospital"])
    assert set(table.loc[table["measure"] == "nearest", "note_zh"]) == {"丙城医院、丙城第二医院"}
    assert set(table.loc[table["measure"] == "nearest", "note_en"]) == {"Gamma: 2 hospitals"}


def test_without_a_hospital_of_level_3_none_is_nearest(town_of_seats: Measured) -> None:
    second = HOSPITALS[HOSPITALS["level"] == "2"]
    network = town_of_seats.session.network
    for tables in ({}, {"facilities": second}):
        m = measure(session=Session("town", network.with_tables(pack_tables=tables)))
        with pytest.raises(InputError, match="no_hospitals"):
            tabulate_indicators(m, ["hospital"])


def test_ambulances_stand_at_the_hospitals_of_the_list(tmp_path: Path) -> None:
    # The hundred people at c have an ambulance of P at their own hospitals: 0 min of drive, 3 of turnout. Q has no
    # hospital, so one stands at its seat i3. From b, the only base of P without the list, it took 25.5 min.
    people = tmp_path / "people.csv"
    people.write_text("lon,lat,population\n111.0,40.5,100\n", encoding="utf-8")
    m = measure((5.0, 15.0), population=str(people), session=make_town_with_hospitals())
    own, both = read(m, "ambulance", "own_prefecture"), read(m, "ambulance", "any_prefecture")
    assert [own["", f"P: {c} min"] for c in (5, 15)] == [100, 100]
    assert both == own
    assert "hospital" in tabulate_indicators(m, ["ambulance"])["note_en"].iloc[0]
    of_q = tmp_path / "of_q.csv"
    of_q.write_text("lon,lat,population\n111.02,40.48,70\n", encoding="utf-8")
    m = measure((5.0,), population=str(of_q), session=make_town_with_hospitals())
    assert read(m, "ambulance", "own_prefecture")["", "Q: 5 min"] == 70


def load_goal(folder: Path, minutes: int) -> Goal:
    folder.mkdir(exist_ok=True)
    (folder / "g.yaml").write_text(
        f"id: g\ntitle: {{zh: 目标, en: goal}}\nkind: goal\nquote: {{zh: 引文, en: quote}}\nsource: '[t]'\nmode: rail\n"
        f"threshold_min: {minutes}\njudged_on: [typical]\npairs: {{pairs: [[pa, pc]]}}\n",
        encoding="utf-8",
    )
    return load_goals(folder)[0]


def test_span_of_a_goal_with_first_and_last_train(town_of_seats: Measured, tmp_path: Path) -> None:
    # Station to station, 07:00-12:00 (300 minutes): R1 08:00-08:35, R2 10:00-10:30. Within 50 min of R1: leave from
    # 07:45 to 08:00, 16 minutes; of R2: from 09:40 to 10:00, 21 minutes. Share 37 / 300; the longest gap is after
    # 10:00: 10:01-11:59, 119 minutes. The fastest is R2, 30 min.
    goal = load_goal(tmp_path / "goals", 50)
    table = tabulate_indicators(town_of_seats, ["span"], goals=[goal])
    typical = table[table["reading"] == "typical"].set_index("measure")
    assert typical.loc["share", "value"] == pytest.approx(37 / 300)
    assert typical.loc["share", "note_en"] == "first 07:45, last 10:00"
    assert typical.loc["longest_gap", "value"] == 119
    assert typical.loc["fastest", "value"] == 30
    assert typical.loc["first_train", "note_en"] == "08:00 - 08:35"
    assert typical.loc["last_train", "value"] == 10
    # To the door: taxi 5 + 1 min, 15 of entry, 5 of exit, taxi 6: R2 takes 30 + 32 = 62 min, never 50.
    door = table[table["reading"] == "door_to_door"].set_index("measure")
    assert door.loc["share", "value"] == 0
    assert door.loc["fastest", "value"] == 62
    assert door.loc["share", "note_en"] == "the fastest takes 62 min, more than 50"
    assert "超过 50" in door.loc["share", "note_zh"]
    assert door.loc["first_train", "note_en"] == "07:39 - 08:46"


def test_day_return_between_the_centres(town_of_seats: Measured) -> None:
    # There R1: 08:35 + exit 5 + taxi 6 = 08:46. Home R5 18:00: leave at 18:00 - 15 - 6 = 17:39. Stay 8 h 53 min.
    found = read(town_of_seats, "day_return", "stay", stay_h=8.0)
    assert found["pa", "at pc"] == pytest.approx(8 + 53 / 60)
    # From pc there is a train at 18:00 and none home again
    assert found["pc", "at pa"] == 0
    feasible = read(town_of_seats, "day_return", "feasible", stay_h=8.0)
    assert feasible == {("pa", "at pc for 8 h"): 1, ("pc", "at pa for 8 h"): 0}


def test_population_models_by_hand(tmp_path: Path) -> None:
    # Of the user's 100 people at c all are within 10 min of pc; at their seats 500 of 1500 are.
    people = tmp_path / "people.csv"
    people.write_text("lon,lat,population\n111.0,40.5,100\n", encoding="utf-8")
    m = measure((10.0,), population=str(people))
    assert read(m, "population_models", "population_seat")["pc", "10 min"] == 500
    assert read(m, "population_models", f"population_{people}")["pc", "10 min"] == 100
    assert read(m, "population_models", "difference_seat")["pc", "10 min"] == pytest.approx(1 / 3 - 1)


def test_every_indicator_has_a_name_in_both_languages_and_a_source(town_of_seats: Measured, tmp_path: Path) -> None:
    tables = {"facilities": HOSPITALS}
    later = measure(session=Session("town", make_session(date(2031, 1, 1)).network.with_tables(pack_tables=tables)))
    path = write_facilities(tmp_path, "id,lon,lat,supply\nclinic,111.0,40.5,30\n")
    goal = load_goal(tmp_path / "goals", 50)
    table = tabulate_indicators(later, base=town_of_seats, goals=[goal], stay_h=2.0, facilities=path)
    assert set(table["indicator"]) == set(INDICATORS)
    for column in ("title_zh", "title_en", "source", "unit"):
        assert (table[column] != "").all(), column
    assert not any(math.isnan(v) for v in table["value"])


def test_kinds_follow_the_words(town_of_seats: Measured) -> None:
    both = measure(readings=tuple(Reading), modes=(Mode.ROAD, Mode.BEST), session=Session("t", make_town()))
    result = {(m.value, r.value) for m, r in both.kinds}
    assert ("best", "promoter") not in result
    assert {("road", "promoter"), ("best", "typical"), ("road", "door_to_door")} <= result
    assert set(zip(both.travel["mode"], both.travel["reading"], strict=True)) == result


def test_the_page_of_indicators_names_each_in_both_languages() -> None:
    page = (REPO / "INDICATORS.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", page, flags=re.MULTILINE))
    assert {k: v.strip() for k, v in listed.items()} == {k: row.zh for k, row in INDICATORS.items()}
