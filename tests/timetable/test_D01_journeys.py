"""Journeys told as legs that add up."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.timetable.timetables import Town, access, headway, minutes, to_stops, towns, trip
from transit_model.timetable.index import build_index
from transit_model.timetable.journeys import Journey, find_journey
from transit_model.timetable.profile import compute_fastest_ride
from transit_model.timetable.raptor import build_access, build_destinations, compute_window
from transit_model.units import format_clock


def tell(journey: Journey | None) -> str:
    assert journey is not None
    name = {-1: "*", **{i: chr(ord("A") + i) for i in range(26)}}
    return " | ".join(
        f"{leg.kind} {name[leg.from_stop_idx]}{name[leg.to_stop_idx]} {format_clock(leg.end_clock_s)}"
        for leg in journey.legs
    )


def test_ride_walk_ride() -> None:
    trips = [trip("A 8:10 | B 8:20"), trip("C 8:35 | D 9:00")]
    town = Town(4, trips, walks=[(1, 2, 600)])
    home, to = access(A=5), build_destinations([access(D=7)])
    journey = find_journey(build_index(town.arrays()), home, minutes("8:00"), to)
    assert tell(journey) == (
        "access *A 08:05 | wait AA 08:10 | ride AB 08:20 | transfer BC 08:30"
        " | wait CC 08:35 | ride CD 09:00 | egress D* 09:07"
    )
    assert journey is not None
    # 5 + 5 + 10 + 10 + 5 + 25 + 7 = 67 min
    assert journey.total_s == sum(leg.duration_s for leg in journey.legs) == 67 * 60
    rides = [leg for leg in journey.legs if leg.kind == "ride"]
    assert [(r.trip_id_idx, r.board_pos, r.alight_pos) for r in rides] == [(0, 0, 1), (1, 0, 1)]


def test_change_time_is_part_of_the_wait() -> None:
    town = Town(3, [trip("A 8:00 | B 8:10"), trip("B 8:15 | C 8:30")], change={1: 240})
    journey = find_journey(build_index(town.arrays()), access(A=0), minutes("8:00"), to_stops("C"))
    assert tell(journey) == "ride AB 08:10 | wait BB 08:15 | ride BC 08:30"


def test_headway_ride_has_the_median_wait() -> None:
    town = Town(2, lines=[headway("A 0 | B 20", "6:00", "22:00", 10)])
    journey = find_journey(build_index(town.arrays()), access(A=2), minutes("8:00"), to_stops("B"))
    assert tell(journey) == "access *A 08:02 | wait AA 08:06 | ride AB 08:26"
    assert journey is not None
    # a wait uniform over 10 min of which the median is told, within a draw (600 / 840 s)
    assert journey.legs[1].duration_s == pytest.approx(300, abs=1)
    assert journey.legs[-1].headway_s == 600


def test_no_journey() -> None:
    assert find_journey(build_index(Town(2).arrays()), access(A=0), 0, to_stops("B")) is None


@settings(max_examples=examples(200), deadline=None)
@given(towns(), st.dictionaries(st.integers(0, 5), st.integers(0, 5), max_size=3), st.integers(-3, 30), st.booleans())
def test_legs_join_and_add_up(town: Town, seconds: dict[int, int], clock: int, free: bool) -> None:
    index = build_index(town.arrays())
    pairs = {s: t for s, t in seconds.items() if s < town.n_stops}
    home = build_access(list(pairs), list(pairs.values()))
    to = build_destinations([build_access([s], [s]) for s in range(town.n_stops)])
    median = compute_window(index, home, [clock], to, max_rides=4, quantiles=[0.5]).percentile_s[0]
    for d in range(town.n_stops):
        journey = find_journey(index, home, clock, to, d, max_rides=4, best_case=free)
        if not free:
            assert (journey is None) == np.isinf(median[d])
            assert journey is None or journey.total_s == median[d]
        if journey is None:
            continue
        assert journey.legs[0].start_clock_s == clock
        assert sum(leg.duration_s for leg in journey.legs) == journey.total_s
        for one, two in pairwise(journey.legs):
            assert one.end_clock_s == two.start_clock_s
            assert one.to_stop_idx == two.from_stop_idx
            assert {one.kind, two.kind} - {"wait"}  # no two waits
        assert all(leg.duration_s >= 0 for leg in journey.legs)
        assert sum(leg.kind == "ride" for leg in journey.legs) <= 4


def test_fastest_ride_can_be_told() -> None:
    town = Town(3, [trip("A 8:00 | B 8:10"), trip("B 8:15 | C 8:30"), trip("A 9:00 | C 10:00")])
    index = build_index(town.arrays())
    ride = compute_fastest_ride(index, [0], to_stops("C"), start_clock_s=0, end_clock_s=86_400)
    clock = int(ride.depart_clock_s[0])
    journey = find_journey(index, access(A=0), clock, to_stops("C"), best_case=True)
    assert journey is not None
    assert journey.total_s == ride.ride_s[0] == 30 * 60
