"""Changing vehicles: change time, walks, and walks that are not transitively closed."""

from __future__ import annotations

import numpy as np

from tests.timetable.arrivals import compute_arrivals
from tests.timetable.timetables import Town, access, minutes, trip
from transit_model.timetable.index import build_index


def arrive(town: Town, to: str, *, leave: str = "8:00", max_rides: int = 5) -> float:
    row = compute_arrivals(build_index(town.arrays()), access(A=0), [minutes(leave)], max_rides=max_rides)[0]
    return float(row[ord(to) - ord("A")])


def test_change_time_at_a_stop() -> None:
    trips = [trip("A 8:00 | B 8:10"), trip("B 8:12 | C 8:20"), trip("B 8:22 | C 8:30")]
    assert arrive(Town(3, trips, change={1: 120}), "C") == minutes("8:20")
    assert arrive(Town(3, trips, change={1: 121}), "C") == minutes("8:30")


def test_no_change_time_before_the_first_ride() -> None:
    assert arrive(Town(2, [trip("A 8:00 | B 8:10")], change={0: 600}), "B") == minutes("8:10")


def test_walk_between_stops() -> None:
    trips = [trip("A 8:00 | B 8:10"), trip("C 8:15 | D 8:30")]
    assert arrive(Town(4, trips, walks=[(1, 2, 300)]), "D") == minutes("8:30")
    assert np.isinf(arrive(Town(4, trips, walks=[(1, 2, 301)]), "D"))


def test_a_walk_never_follows_a_walk() -> None:
    # A to B by train, B to C and C to D on foot only: D's train is out of reach
    trips = [trip("A 8:00 | B 8:10"), trip("D 9:00 | E 9:30")]
    assert np.isinf(arrive(Town(5, trips, walks=[(1, 2, 60), (2, 3, 60)]), "E"))


def test_walk_does_not_follow_access() -> None:
    assert np.isinf(arrive(Town(3, [trip("B 9:00 | C 9:30")], walks=[(0, 1, 60)]), "C"))


def test_walking_alone_does_not_count_as_arrival() -> None:
    assert np.isinf(arrive(Town(3, [trip("A 8:00 | B 8:10")], walks=[(1, 2, 60)]), "C"))


def test_a_walk_does_not_hide_a_later_vehicle_that_may_walk_on() -> None:
    # C is reached on foot from B at 8:12 and by a slower vehicle at 8:14. Only who comes by vehicle may walk on to D.
    trips = [trip("A 8:00 | B 8:10"), trip("A 8:00 | C 8:14"), trip("D 8:20 | E 8:40")]
    town = Town(5, trips, walks=[(1, 2, 120), (2, 3, 300)])
    assert arrive(town, "E") == minutes("8:40")
    assert arrive(town, "C") == minutes("8:14")


def test_most_rides() -> None:
    trips = [trip("A 8:00 | B 8:10"), trip("B 8:20 | C 8:30"), trip("A 8:00 | C 9:00")]
    assert arrive(Town(3, trips), "C", max_rides=1) == minutes("9:00")
    assert arrive(Town(3, trips), "C", max_rides=2) == minutes("8:30")


def test_a_later_departure_with_more_rides_hides_nothing_of_an_earlier_one() -> None:
    # Leaving at 8:05 B is reached at 8:30 with two rides, too late to ride on within two. Leaving at 8:00 it is
    # reached at 8:40 with one ride, and that one may ride on.
    trips = [trip("A 8:05 | C 8:15"), trip("C 8:20 | B 8:30"), trip("A 8:00 | B 8:40"), trip("B 8:45 | D 8:50")]
    index = build_index(Town(4, trips).arrays())
    rows = compute_arrivals(index, access(A=0), [minutes("8:00"), minutes("8:05")], max_rides=2)
    assert rows[:, 3].tolist() == [minutes("8:50"), np.inf]
