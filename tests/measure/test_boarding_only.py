"""Stops of a bus line for boarding or alighting only: hand sums, a slow oracle, and the way through GTFS and back."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.network.town import make_feed, make_town
from tests.scenario.yaml_text import make, parse, text_of
from tests.timetable.oracle import search
from tests.timetable.timetables import Town
from transit_model.domain.modes import Mode, Reading
from transit_model.domain.service_days import find_service_share
from transit_model.gtfs.feed import read_gtfs
from transit_model.gtfs.write import write_gtfs
from transit_model.measure.access import find_least_ways_s
from transit_model.measure.input_cache import is_improvement_only
from transit_model.measure.printed_times import is_printed
from transit_model.measure.session import Session
from transit_model.measure.transit_times import compute_transit_od
from transit_model.network.model import Network
from transit_model.scenario.apply import apply_projects
from transit_model.timetable.raptor import build_access, search_window, stop_destinations, to_seconds
from transit_model.units import parse_clock_s

RUN_S = {("a", "i1"): 300.0, ("i1", "b"): 1800.0, ("b", "c"): 900.0, ("c", "i3"): 600.0}
SERVICE = 'service: {kind: timetable, departures: ["08:00", "09:00"], departures_back: ["08:30", "10:00"]}\n'
CITY = (
    "stops: [{node: a, drop_off_type: 1}, {node: i1, drop_off_type: 1}, {node: b, pickup_type: 1}]\nstop_min: 1\n"
    + SERVICE
)
OPEN = CITY.replace(", drop_off_type: 1", "").replace(", pickup_type: 1", "")


def run_s(a: str, b: str, _: Network) -> float:
    """Return the run between neighbours, the same both ways."""
    return RUN_S.get((a, b), RUN_S.get((b, a), float("inf")))


def with_bus(body: str, *lines: str) -> Network:
    """Return the town with a bus line."""
    town = make_town() if not lines else make_town(feed=make_feed(lines))
    return apply_projects(town, [make("bus_line", body)], road_time_s=run_s)


def ride_min(network: Network, start: str, end: str) -> float:
    """Return the promoter's minutes from station to station, inf where none rides."""
    session = Session("bus", network)
    a, b = (session.places.get_place(f"station:bus-{node}") for node in (start, end))
    return compute_transit_od(session, [a], [b], Mode.BUS, Reading.PROMOTER)[0][0].p50_s / 60


def test_no_ride_within_the_city_and_the_long_one_from_both_stops() -> None:
    # a - i1 5 min, a minute there, i1 - b 30 min; both a and i1 lie in one city. Who will not take a taxi rides to the
    # other one and back: out 09:00-09:36 and back 10:00-10:30, 90 min; the other way there is none on that day.
    city, everywhere = with_bus(CITY), with_bus(OPEN)
    pairs = [("a", "i1"), ("i1", "a"), ("a", "b"), ("b", "a"), ("i1", "b"), ("b", "i1")]
    assert [ride_min(everywhere, *pair) for pair in pairs] == [5, 5, 36, 36, 30, 30]
    assert [ride_min(city, *pair) for pair in pairs] == [90, 90, 36, 36, 30, 30]


def test_the_columns_of_the_feed_turn_round_on_the_way_back() -> None:
    times = with_bus(CITY).feed.stop_times
    out, back = (times[times["trip_id"] == f"p:all:{way}:1"] for way in ("out", "back"))
    assert list(zip(out["stop_id"], out["pickup_type"], out["drop_off_type"], strict=True)) == [
        ("bus-a", 0, 1), ("bus-i1", 0, 1), ("bus-b", 1, 0),
    ]  # fmt: skip
    assert list(zip(back["stop_id"], back["pickup_type"], back["drop_off_type"], strict=True)) == [
        ("bus-b", 0, 1), ("bus-i1", 1, 0), ("bus-a", 1, 0),
    ]  # fmt: skip
    trains = times[~times["trip_id"].str.startswith("p:")]
    assert not trains[["pickup_type", "drop_off_type"]].any(axis=None)


def test_a_feed_without_these_columns_gets_them_only_where_a_line_needs_them() -> None:
    town = make_town()
    bare = replace(town.feed, stop_times=town.feed.stop_times.drop(columns=["pickup_type", "drop_off_type"]))
    town = town.with_tables(feed=bare)
    for body, has in ((OPEN, False), (CITY, True)):
        network = apply_projects(town, [make("bus_line", body)], road_time_s=run_s)
        assert ("pickup_type" in network.feed.stop_times.columns) is has
        assert ride_min(network, "a", "i1") == (90 if has else 5)


def test_headway_lines_hold_to_it_as_well() -> None:
    headway = 'service: {kind: headway, headway_min: 30, first_departure: "06:30", last_departure: "20:00"}\n'
    network = with_bus(CITY.replace(SERVICE, headway))
    # within the city out and back, by vehicles that are there at once, 36 + 30 min, and six of changing
    assert [ride_min(network, *pair) for pair in (("a", "i1"), ("i1", "a"), ("a", "b"), ("b", "i1"))] == [
        72,
        72,
        36,
        30,
    ]


def test_an_export_and_its_import_have_the_same_rides(tmp_path: Path) -> None:
    network = with_bus(CITY)
    write_gtfs(network.feed, tmp_path / "gtfs")
    again = read_gtfs(tmp_path / "gtfs")
    columns = ["trip_id", "stop_id", "pickup_type", "drop_off_type"]
    assert again.stop_times[columns].to_dict("list") == network.feed.stop_times[columns].to_dict("list")
    for pair in (("a", "i1"), ("a", "b"), ("b", "i1"), ("i1", "a")):
        assert ride_min(network.with_tables(feed=again), *pair) == ride_min(network, *pair)


STOPS = ("a", "i1", "b", "c", "i3")
flags = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=5, max_size=5)


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(2, 5), flags, st.integers(0, 90))
def test_every_ride_is_one_that_the_slow_search_finds(n: int, kinds: list[tuple[int, int]], minute: int) -> None:
    stops = ", ".join(
        f"{{node: {node}, pickup_type: {p}, drop_off_type: {d}}}"
        for node, (p, d) in zip(STOPS[:n], kinds, strict=False)
    )
    project, issues = parse(text_of("bus_line", f"stops: [{stops}]\nstop_min: 1\n{SERVICE}"))
    # a ride begins where one may board and ends at a later stop where one may alight
    rides = [(i, j) for i in range(n) for j in range(i + 1, n) if not kinds[i][0] and not kinds[j][1]]
    assert bool(issues) == (set(range(n)) != {stop for ride in rides for stop in ride})
    if project is None or issues:
        return
    session = Session("bus", apply_projects(make_town(), [project], road_time_s=run_s))
    compiled, index = session.timetable(Mode.BUS)
    own = [compiled.stop_idx[f"bus-{node}"] for node in STOPS[:n]]
    # at each stop a minute, at the ends as well: nobody changes there; clock times by hand
    at = np.concatenate([[0], np.cumsum([RUN_S[hop] + 60 for hop in pairwise(STOPS[:n])])]).astype(int)
    trips = []
    for clock in ("08:00", "09:00"):
        start = parse_clock_s(clock)
        calls = [(own[i], start + at[i] - (60 if i else 0), start + at[i], i) for i in range(n)]
        trips.append([(s, a, d if i < n - 1 else a, kinds[i][0] == 0, kinds[i][1] == 0) for s, a, d, i in calls])
    for clock in ("08:30", "10:00"):
        start, way = parse_clock_s(clock), at[-1] - at
        calls = [(own[i], start + way[i] - (60 if i < n - 1 else 0), start + way[i], i) for i in reversed(range(n))]
        trips.append([(s, a, d if i else a, kinds[i][1] == 0, kinds[i][0] == 0) for s, a, d, i in calls])
    trips = [[(s, a + day, d + day, *may) for s, a, d, *may in trip] for trip in trips for day in (0, 24 * 3600)]
    change = dict(enumerate(compiled.arrays.change_s.tolist()))
    tail = np.repeat(np.arange(compiled.arrays.n_stops), np.diff(compiled.arrays.transfer_ptr)).tolist()
    walks = list(zip(tail, compiled.arrays.transfer_to.tolist(), compiled.arrays.transfer_s.tolist(), strict=True))
    town = Town(len(compiled.stop_ids), trips, [], change, walks)
    clock_s, ends = parse_clock_s("07:45") + minute * 60, stop_destinations(own)
    for start_stop in own:
        found, _ = search_window(index, build_access([start_stop], [0.0]), [clock_s], ends, max_rides=4)
        slow = np.array(search(town, {start_stop: 0}, clock_s, 4))[own] - clock_s
        np.testing.assert_array_equal(to_seconds(found[0]), slow)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{node: a, drop_off_type: 1}, {node: i1, drop_off_type: 1}",
         "{node: a, pickup_type: 1}, {node: i1, pickup_type: 1}", "nobody_boards"),
        ("{node: i1, drop_off_type: 1}, {node: b, pickup_type: 1}",
         "{node: i1, drop_off_type: 1}, {node: b, drop_off_type: 1}", "nobody_alights"),
        ("{node: i1, drop_off_type: 1}", "{node: i1, drop_off_type: 1, pickup_type: 1}", "stop_of_no_use"),
        ("{node: b, pickup_type: 1}", "{node: b, pickup_type: 2}", "unknown_value"),
    ],
)  # fmt: skip
def test_lines_that_nobody_rides_are_issues(old: str, new: str, code: str) -> None:
    assert old in CITY
    _, issues = parse(text_of("bus_line", CITY.replace(old, new)))
    assert [i.code for i in issues] == [code]


def test_a_stop_that_only_sets_down_is_no_way_into_a_train() -> None:
    # Nobody boards at sa; sx, two kilometres on, is the nearest where one does.
    lines = ("T rail daily | sc 08:00 | sx 08:20 | sa 08:30", "U rail daily | sx 09:00 | sc 09:28")
    closed = ("T rail daily | sc 08:00 | sx 08:20 | sa 08:30", "U rail daily | sa 08:50 p1 | sx 09:00 | sc 09:28")
    found = []
    for some in (lines, closed):
        session = Session("town", make_town(feed=make_feed(some)))
        compiled, _ = session.timetable(Mode.RAIL)
        ways = build_access([compiled.stop_idx["sa"], compiled.stop_idx["sx"]], [100.0, 400.0])
        inside_s = np.zeros(len(compiled.stop_ids), np.int32)
        found.append(find_least_ways_s(session, Mode.RAIL, ways, inside_s)[0])
        assert find_least_ways_s(session, Mode.RAIL, ways, inside_s, reverse=True)[0] == 100
    assert found == [400, 400]


def test_a_stop_where_nobody_gets_on_or_off_is_no_station() -> None:
    lines = (
        "T rail daily | sa 08:00 | sb 08:20 p1 d1 | sc 08:40",
        "U rail daily | sc 09:00 | sb 09:20 p1 d1 | sa 09:40",
    )
    session = Session("town", make_town(feed=make_feed(lines)))
    assert session.list_stations(Mode.RAIL) == ("sa", "sc")
    assert session.list_calls(Mode.RAIL) == ("sa", "sc")


def test_who_may_board_counts_for_improvements_for_shares_and_for_what_is_printed() -> None:
    feed = make_feed()
    times = feed.stop_times
    shut = replace(feed, stop_times=times.assign(pickup_type=(times["stop_id"] == "sa").astype("int64")))
    before, after = (Session("town", make_town(feed=one)) for one in (feed, shut))
    assert is_improvement_only(before, Session("same", make_town(feed=make_feed())))
    assert not is_improvement_only(before, after)
    pa, pb = (before.places.get_place(p) for p in ("pa", "pb"))
    assert [is_printed(s, pa, pb, Mode.RAIL, 18.0) for s in (before, after)] == [True, False]
    # from 07:30 on one waits an hour for the 08:00 of sa, or for the 08:20 of sb where nobody boards at sa
    window, day = (parse_clock_s("07:00"), parse_clock_s("07:20")), before.service_date
    assert [find_service_share(one, day, window) for one in (feed, shut)] == [1.0, 0.0]
