"""The promoter's fastest ride, and travellers who know the timetable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.timetable.timetables import Town, access, headway, minutes, to_stops, trip
from transit_model.errors import InputError
from transit_model.timetable.index import build_index, reverse_timetable
from transit_model.timetable.profile import (
    Profile,
    compute_fastest_ride,
    compute_profile_events,
    timetabled_percentiles,
)
from transit_model.timetable.raptor import build_access, compute_window

DAY: dict[str, Any] = {"start_clock_s": 0, "end_clock_s": 86_400}


def test_fastest_ride_of_the_day_without_the_first_wait() -> None:
    trips = [trip("A 7:00 | B 8:00"), trip("A 12:00 | B 12:48"), trip("A 18:00 | B 18:48"), trip("A 19:00 | B 19:49")]
    ride = compute_fastest_ride(build_index(Town(2, trips).arrays()), [0], to_stops("B"), **DAY)
    assert ride.ride_s[0] == 48 * 60
    assert ride.depart_clock_s[0] == minutes("12:00")


def test_fastest_ride_between_any_pair_of_main_stations_with_a_change() -> None:
    # A to D 70 min direct; B to C 20 min, 5 min wait, C to D 30 min: 55 min
    trips = [trip("A 7:00 | D 8:10"), trip("B 9:00 | C 9:20"), trip("C 9:25 | D 9:55")]
    index = build_index(Town(4, trips, change={2: 300}).arrays())
    assert compute_fastest_ride(index, [0, 1], to_stops("D"), **DAY).ride_s[0] == 55 * 60
    assert compute_fastest_ride(index, [0, 1], to_stops("D"), max_rides=1, **DAY).ride_s[0] == 70 * 60


def test_fastest_ride_by_headway_is_the_ride() -> None:
    index = build_index(Town(2, lines=[headway("A 0 | B 12", "6:00", "22:00", 10)]).arrays())
    ride = compute_fastest_ride(index, [0], to_stops("B"), **DAY)
    assert (ride.ride_s[0], ride.depart_clock_s[0]) == (12 * 60, minutes("6:00"))


def test_no_service_no_ride() -> None:
    ride = compute_fastest_ride(build_index(Town(2).arrays()), [0], to_stops("B"), **DAY)
    assert np.isinf(ride.ride_s[0])
    assert np.isnan(ride.depart_clock_s[0])
    with pytest.raises(InputError, match="empty_window"):
        compute_fastest_ride(build_index(Town(2).arrays()), [0], to_stops("B"), start_clock_s=5, end_clock_s=5)


TRAINS = [trip("A 8:00 | B 8:40"), trip("A 8:10 | B 9:30"), trip("A 12:00 | B 12:50"), trip("A 18:00 | B 18:30")]


def profile(*, egress: float = 5) -> Profile:
    from transit_model.timetable.raptor import build_destinations

    home, to = access(A=10), build_destinations([access(B=egress)])
    return compute_profile_events(build_index(Town(2, TRAINS).arrays()), home, to, **DAY)[0]


def test_profile_keeps_pareto_journeys_only() -> None:
    # leave home 10 min before the train, arrive 5 min after it
    found = profile()
    assert found.depart_clock_s.tolist() == [minutes(c) for c in ("7:50", "8:00", "11:50", "17:50")]
    assert found.arrive_clock_s.tolist() == [minutes(c) for c in ("8:45", "9:35", "12:55", "18:35")]
    assert found.travel_s.tolist() == [55 * 60, 95 * 60, 65 * 60, 45 * 60]


def test_timetabled_median_weighs_each_train_by_its_gap() -> None:
    # window 7:00 - 21:00. gaps: 50 min (55), 10 min (95), 230 min (65), 360 min (45); 650 of 840 min are served.
    # in order of time: 45 (360 of 650 = 0.55), 55 (410 = 0.63), 65 (640 = 0.985), 95
    times, served = timetabled_percentiles([profile()], start_clock_s=minutes("7:00"), end_clock_s=minutes("21:00"))
    assert times.tolist() == [45 * 60, 45 * 60, 65 * 60]
    assert served == pytest.approx(650 / 840)


def test_timetabled_window_before_a_later_train_counts_that_train() -> None:
    times, served = timetabled_percentiles([profile()], start_clock_s=minutes("9:00"), end_clock_s=minutes("10:00"))
    assert times.tolist() == [65 * 60] * 3
    assert served == 1


def test_timetabled_phases_weigh_the_same() -> None:
    # two days: trains of 30 min at 9:00 only, or of 50 at 8:30 only. Window 8:00-9:00: the first serves 60 min with 30,
    # the second 30 min with 50: of 90 served, 60 have 30; served 90 of 120 min
    days = [
        Profile(np.array([minutes(a)]) * 1.0, np.array([minutes(b)]) * 1.0)
        for a, b in (("9:00", "9:30"), ("8:30", "9:20"))
    ]
    times, served = timetabled_percentiles(days, start_clock_s=minutes("8:00"), end_clock_s=minutes("9:00"))
    assert times.tolist() == [30 * 60, 30 * 60, 50 * 60]
    assert served == 0.75


def test_profile_of_a_headway_line_is_that_of_its_vehicles() -> None:
    # every 20 min from 6:00 to 7:00, the middle phase: 6:10, 6:30, 6:50; home 5 min away
    index = build_index(Town(2, lines=[headway("A 0 | B 12", "6:00", "7:00", 20)]).arrays())
    found = compute_profile_events(index, access(A=5), to_stops("B"), **DAY)[0]
    assert found.depart_clock_s.tolist() == [minutes(c) for c in ("6:05", "6:25", "6:45")]
    assert found.travel_s.tolist() == [17 * 60] * 3


def test_the_fastest_ride_changes_to_a_headway_line_without_a_wait() -> None:
    # train 8:00-8:30, change 4 min, hourly line of 20 min: 54 at best, and no phase gives less
    town = Town(3, [trip("A 8:00 | B 8:30")], [headway("B 0 | C 20", "6:00", "22:00", 60)], change={1: 240})
    index = build_index(town.arrays())
    assert compute_fastest_ride(index, [0], to_stops("C"), **DAY).ride_s[0] == 54 * 60
    window = compute_window(index, access(A=0), [minutes("8:00")], to_stops("C"))
    assert 54 * 60 <= window.min_s[0] <= 54 * 60 + 5


def test_timetabled_without_any_train() -> None:
    times, served = timetabled_percentiles([Profile(np.zeros(0), np.zeros(0))], start_clock_s=0, end_clock_s=60)
    assert np.isinf(times).all()
    assert served == 0
    with pytest.raises(InputError, match="window"):
        timetabled_percentiles([profile()], start_clock_s=60, end_clock_s=60)


def test_arrive_by_on_the_timetable_run_backwards() -> None:
    # to be at B by 12:00 one leaves with the 8:10; by 8:45 with the 8:00; by 8:39 not at all
    index = build_index(reverse_timetable(Town(2, TRAINS).arrays()))
    found = compute_profile_events(index, build_access([1], [0]), to_stops("A"), start_clock_s=-86_400, end_clock_s=0)[
        0
    ]
    leave_by = dict(zip((-found.depart_clock_s).tolist(), (-found.arrive_clock_s).tolist(), strict=True))
    assert leave_by == {
        minutes(arrive): minutes(leave)
        for arrive, leave in (("8:40", "8:00"), ("9:30", "8:10"), ("12:50", "12:00"), ("18:30", "18:00"))
    }
