"""Minutes inside stations and between them, summed by hand.

Coordinates of the town: 0.001 degree of latitude is 111.195 m; at `ROUND` a metre takes a second on foot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.network.town import LINKS, SERVICE_DATE, STATIONS, make_feed, make_town
from transit_model.network.model import Network
from transit_model.network.timetable_arrays import CompiledTimetable, compile_timetable

NEAR: dict[str, tuple[Any, ...]] = {
    "sa": (111.0, 39.99, "a", "甲", "Alpha"),
    "m1": (111.0, 39.992, "", "地铁一", "Metro one"),  # 222.39 m north of sa
    "m2": (111.0, 39.994, "", "地铁二", "Metro two"),  # 444.78 m from sa, 222.39 m from m1
    "sb": (111.0, 40.299, "b", "乙", "Beta"),
    "bus": (111.0, 40.3, "", "车站", "Bus stop"),  # 111.195 m from sb
}
LINES = (
    "T rail daily | sa 08:00 | sb 09:00",
    "M metro daily | m1 08:00 | m2 08:03",
    "B bus daily | bus 08:00 | sa 09:30",
)


def build(lines: Sequence[str] = LINES, transfers: Sequence[str] = (), **changes: Any) -> CompiledTimetable:
    feed = make_feed(lines, stops=NEAR, transfers=transfers)
    given: dict[str, Any] = {"feed": feed, "stations": NEAR, "main_stations": {}, **changes}
    return compile_timetable(make_town(**given), SERVICE_DATE)


def transfers_of(timetable: CompiledTimetable) -> dict[tuple[str, str], int]:
    a = timetable.arrays
    return {
        (timetable.stop_ids[i], timetable.stop_ids[a.transfer_to[e]]): int(a.transfer_s[e])
        for i in range(a.n_stops)
        for e in range(a.transfer_ptr[i], a.transfer_ptr[i + 1])
    }


def minutes_of(timetable: CompiledTimetable, stop: str) -> tuple[int, int, int]:
    i, a = timetable.stop_idx[stop], timetable.arrays
    return int(a.entry_s[i]), int(a.exit_s[i]), int(a.change_s[i])


def test_minutes_go_by_the_kind_of_service() -> None:
    timetable = build()
    assert minutes_of(timetable, "sa") == (900, 300, 600)  # rail: 15, 5, 10 min (a bus stops there too)
    assert minutes_of(timetable, "m1") == (180, 120, 240)  # metro: 3, 2, 4 min
    assert minutes_of(timetable, "bus") == (0, 0, 0)
    coach = build(["C coach daily | sa 08:00 | sb 09:00"])
    assert minutes_of(coach, "sa") == (360, 60, 360)  # coach: ticket 6, leaving 1 min; a change is a new ticket


def test_a_station_may_have_minutes_of_its_own() -> None:
    columns = {
        "entry_min": ["8.5", "", "", "", ""],
        "exit_min": ["", "1", "", "", ""],
        "change_min": ["0", "", "", "", ""],
    }
    timetable = build(station_columns=columns)
    assert minutes_of(timetable, "sa") == (510, 300, 0)  # 8.5 min = 510 s; zero is a real time
    assert minutes_of(timetable, "m1") == (180, 60, 240)
    assert minutes_of(timetable, "m2") == (180, 120, 240)


def test_stops_within_400_m_are_joined_on_foot() -> None:
    found = transfers_of(build())
    # out of sa 300 + 222.39 m on foot, rounded up 223 + into m1 180
    assert found["sa", "m1"] == 300 + 223 + 180
    assert found["m1", "sa"] == 120 + 223 + 900
    assert found["m1", "m2"] == 120 + 223 + 180
    assert found["sb", "bus"] == 300 + 112 + 0
    assert ("sa", "m2") not in found  # 444.78 m


def test_no_walking_transfers_when_the_limit_is_zero() -> None:
    from tests.network.town import ROUND

    assert transfers_of(build(assumptions=ROUND.with_changes(transfer_walk_max_m=0))) == {}


def test_transfers_txt_wins_but_nobody_passes_the_gates_quicker_than_the_gates() -> None:
    found = transfers_of(build(transfers=["sa m1 2 1500", "m1 sa 2 60", "sa m2 2 -"]))
    assert found["sa", "m1"] == 1500
    assert found["m1", "sa"] == 120 + 223 + 900  # 60 s would be less than exit + walk + entry
    assert found["sa", "m2"] == 300 + 445 + 180  # listed without a time, beyond 400 m


def test_a_transfer_that_is_not_possible() -> None:
    found = transfers_of(build(transfers=["sa m1 3 -"]))
    assert ("sa", "m1") not in found
    assert ("m1", "sa") in found


def test_transfers_of_a_stop_to_itself_are_its_change_time() -> None:
    timetable = build(transfers=["sa sa 2 120", "m1 m1 2 -"])
    assert minutes_of(timetable, "sa")[2] == 120
    assert minutes_of(timetable, "m1")[2] == 240
    assert ("sa", "sa") not in transfers_of(timetable)


def test_a_change_that_is_forbidden_is_never_made() -> None:
    timetable = build(transfers=["sa sa 3 -"])
    assert minutes_of(timetable, "sa")[2] > 2 * 86_400


def test_unknown_stops_of_transfers_are_left_out() -> None:
    assert transfers_of(build(transfers=["sa gone 2 60", "gone sa 2 60"])) == transfers_of(build())


def main_stations(**changes: Any) -> Network:
    return make_town(**changes)


def build_with_hub(transfers: Sequence[str]) -> dict[tuple[str, str], int]:
    """The two metro stops as children of a station ``hub`` that no train serves itself."""
    feed = make_feed(LINES, stops={**NEAR, "hub": (111.0, 39.993, "", "枢纽", "Hub")}, transfers=transfers)
    parents = ["hub" if s in ("m1", "m2") else "" for s in feed.stops["stop_id"]]
    feed = replace(feed, stops=feed.stops.assign(parent_station=parents))
    return transfers_of(compile_timetable(make_town(feed=feed, stations=NEAR, main_stations={}), SERVICE_DATE))


def test_a_transfer_of_a_station_is_one_of_all_its_stops() -> None:
    found = build_with_hub(["sa hub 2 1500", "hub sb 3 -"])
    assert (found["sa", "m1"], found["sa", "m2"]) == (1500, 1500)
    assert not any("hub" in pair for pair in found)
    assert ("m1", "sb") not in found


def test_a_row_of_two_stops_wins_over_rows_of_their_stations() -> None:
    for rows in (["sa m1 2 2000", "sa hub 2 1500"], ["sa hub 2 1500", "sa m1 2 2000"]):
        found = build_with_hub(rows)
        assert (found["sa", "m1"], found["sa", "m2"]) == (2000, 1500)
    banned = build_with_hub(["sa hub 3 -", "sa m1 2 2000"])
    assert (banned["sa", "m1"], ("sa", "m2") in banned) == (2000, False)


def test_main_stations_of_a_city_are_joined_by_taxi() -> None:
    timetable = compile_timetable(main_stations(), SERVICE_DATE)
    found = transfers_of(timetable)
    # sa is at node a, sx at i1, 3 km of town street: 360 + 30 s = 390 s (typical).
    # exit 300 + taxi 5 min 300 + drive 390 + alighting 60 + entry 900 = 1950
    assert found["sa", "sx"] == found["sx", "sa"] == 1950
    assert set(found) == {("sa", "sx"), ("sx", "sa")}


def test_transfers_txt_wins_over_the_taxi() -> None:
    timetable = compile_timetable(make_town(feed=make_feed(transfers=["sa sx 2 4000", "sx sa 3 -"])), SERVICE_DATE)
    # On foot it would be 3.8 km and 300 + 3845 + 900 s; a transfer that is listed is never worse for it than the taxi.
    assert transfers_of(timetable) == {("sa", "sx"): 4000}


def test_a_listed_transfer_is_no_quicker_than_the_taxi_and_no_slower_than_it_says() -> None:
    timetable = compile_timetable(make_town(feed=make_feed(transfers=["sa sx 2 60", "sx sa 0 -"])), SERVICE_DATE)
    assert transfers_of(timetable) == {("sa", "sx"): 1950, ("sx", "sa"): 1950}


def test_a_main_station_whose_roads_are_not_open_yet_has_no_taxi() -> None:
    links = [row for row in LINKS if not row.startswith(("a--i1", "i1--i2"))]
    assert STATIONS["sx"][2] == "i1"
    timetable = compile_timetable(main_stations(links=links), SERVICE_DATE)
    assert transfers_of(timetable) == {}


def test_one_way_streets_make_transfers_differ_by_direction() -> None:
    # a>i1 only: back from i1 there is no way but by the motorway, i2, b and the trunk to a:
    # enter 50 + 1350 + leave 50 + 175 + 2255 = 3880 instead of 390
    links = ["a>i1 a i1 1 primary 3000 60 0 urban - -", *LINKS[1:]]
    found = transfers_of(compile_timetable(main_stations(links=links), SERVICE_DATE))
    assert found["sa", "sx"] == 1950
    assert found["sx", "sa"] == 300 + 300 + 3880 + 60 + 900


@pytest.mark.parametrize("stop", ["sa", "m1", "sb"])
def test_arrays_are_whole_seconds(stop: str) -> None:
    timetable = build()
    for array in (timetable.arrays.entry_s, timetable.arrays.exit_s, timetable.arrays.change_s):
        assert array.dtype == "int32"
        assert array[timetable.stop_idx[stop]] > 0
