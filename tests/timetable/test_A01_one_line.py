"""One line with a timetable."""

from __future__ import annotations

import numpy as np
import pytest

from tests.timetable.arrivals import compute_arrivals
from tests.timetable.timetables import Town, access, minutes, to_stops, trip
from transit_model.errors import InputError, NetworkError
from transit_model.timetable.index import build_index
from transit_model.timetable.raptor import (
    WindowTimes,
    build_access,
    compute_window,
    stop_destinations,
    window_departures,
)

pytestmark = pytest.mark.smoke

TOWN = Town(3, [trip("A 8:00 | B 8:10/8:12 | C 8:20"), trip("A 8:30 | B 8:40/8:42 | C 8:50")])
INDEX = build_index(TOWN.arrays())


def test_wait_ride_and_arrival_by_hand() -> None:
    # leave 7:50, 5 min to A, wait 5 min, ride to C until 8:20
    arrivals = compute_arrivals(INDEX, access(A=5), [minutes("7:50")])
    np.testing.assert_array_equal(arrivals, [[np.inf, minutes("8:10"), minutes("8:20")]])


def test_ready_in_the_same_second_boards_and_one_second_later_does_not() -> None:
    eight = minutes("8:00")
    arrivals = compute_arrivals(INDEX, access(A=0), [eight, eight + 1])
    assert arrivals[:, 2].tolist() == [minutes("8:20"), minutes("8:50")]


def test_percentiles_are_nearest_ranks() -> None:
    # departures 7:56 .. 8:05: times to C 24 23 22 21 20 | 49 48 47 46 45 min; in order 20 21 22 23 24 45 .. 49
    window = compute_window(
        INDEX,
        access(A=0),
        window_departures(minutes("7:56"), minutes("8:06")),
        to_stops("C"),
        quantiles=[0.1, 0.5, 0.9, 1],
    )
    np.testing.assert_array_equal(window.percentile_s[:, 0], np.array([20, 24, 48, 49]) * 60)
    assert window.min_s[0] == 20 * 60
    assert window.reached_share[0] == 1


def test_departures_after_the_last_train_are_unreachable_minutes() -> None:
    # 8:26 .. 8:35: five minutes reach C (24 .. 20 min), five do not
    window = compute_window(
        INDEX,
        access(A=0),
        window_departures(minutes("8:26"), minutes("8:36")),
        to_stops("C"),
        quantiles=[0.1, 0.5, 0.51],
    )
    assert window.percentile_s[:, 0].tolist() == [20 * 60, 24 * 60, np.inf]
    assert window.reached_share[0] == 0.5


def test_best_of_several_stops_with_egress() -> None:
    from transit_model.timetable.raptor import build_destinations

    # B 8:10 + 15 min on foot = 8:25, C 8:20 + 4 min = 8:24
    home = build_destinations([access(B=15, C=4), access(B=13, C=4)])
    window = compute_window(INDEX, access(A=0), [minutes("8:00")], home, quantiles=[0.5])
    assert window.percentile_s[0].tolist() == [24 * 60, 23 * 60]


def test_limit_makes_longer_times_unreachable() -> None:
    window = compute_window(INDEX, access(A=0), [minutes("7:59"), minutes("8:00")], to_stops("C"), limit_s=20 * 60)
    assert window.reached_share[0] == 0.5


def test_midnight_is_a_time_like_any_other() -> None:
    town = Town(3, [trip("A 0:00 | B 0:00 | C 0:00"), trip("A 23:50 | B 24:10 | C 25:10")])
    index = build_index(town.arrays())
    assert compute_arrivals(index, access(A=0), [0])[0].tolist() == [np.inf, 0, 0]
    assert compute_arrivals(index, access(A=0), [minutes("23:45")])[0].tolist() == [np.inf, 87_000, 90_600]
    # a day copy: yesterday's trips lie 24 h lower
    yesterday = build_index(town.arrays(shift=-86_400))
    assert compute_arrivals(yesterday, access(A=0), [-600])[0].tolist() == [np.inf, 600, 4200]


def test_boarding_and_alighting_flags() -> None:
    town = Town(3, [trip("A 8:00 | B+ 8:10 | C 8:20"), trip("A 8:30 | B- 8:40 | C 8:50")])
    index = build_index(town.arrays())
    eight = minutes("8:00")
    # nobody alights from the first trip at B, nobody boards the second there
    assert compute_arrivals(index, access(A=0), [eight])[0].tolist() == [np.inf, minutes("8:40"), minutes("8:20")]
    assert compute_arrivals(index, access(B=0), [eight + 660])[0].tolist() == [np.inf, np.inf, np.inf]


def test_overtaking_trips() -> None:
    # the express leaves later and arrives earlier
    town = Town(3, [trip("A 8:00 | B 8:30 | C 9:00"), trip("A 8:10 | B 8:20 | C 8:30")])
    arrivals = compute_arrivals(build_index(town.arrays()), access(A=0), [minutes("8:00")])
    assert arrivals[0, 1:].tolist() == [minutes("8:20"), minutes("8:30")]


def test_loop_line_passes_a_stop_twice() -> None:
    town = Town(3, [trip("A 8:00 | B 8:10 | A 8:20 | C 8:30")])
    arrivals = compute_arrivals(build_index(town.arrays()), access(A=0), [minutes("8:05")])
    assert arrivals[0].tolist() == [np.inf, np.inf, minutes("8:30")]


def test_empty_timetable_and_no_access() -> None:
    for index, home in ((build_index(Town(2).arrays()), access(A=0)), (INDEX, build_access([], []))):
        window: WindowTimes = compute_window(index, home, [0], stop_destinations(index.n_stops))
        assert np.isinf(window.percentile_s).all()
        assert (window.reached_share == 0).all()
    assert compute_arrivals(build_index(Town(0).arrays()), build_access([], []), [0]).shape == (1, 0)


def test_unreachable_access_is_left_out() -> None:
    assert build_access([0, 1], [np.inf, 59.2]).time_s.tolist() == [60]


@pytest.mark.parametrize(("start", "end"), [(100, 100), (100, 40)])
def test_window_that_ends_before_it_begins(start: int, end: int) -> None:
    with pytest.raises(InputError, match="empty_window"):
        window_departures(start, end)


def test_wrong_questions_are_input_errors() -> None:
    with pytest.raises(InputError, match="ascending"):
        compute_arrivals(INDEX, access(A=0), [10, 10])
    with pytest.raises(InputError, match="max_rides"):
        compute_arrivals(INDEX, access(A=0), [10], max_rides=0)
    with pytest.raises(InputError, match="stop index"):
        compute_arrivals(INDEX, access(Z=0), [10])
    with pytest.raises(InputError, match="access"):
        build_access([0], [-1.0])
    with pytest.raises(InputError, match="shares"):
        compute_window(INDEX, access(A=0), [10], to_stops("B"), quantiles=[50])


def test_impossible_timetables_are_network_errors() -> None:
    back = Town(2, [trip("A 8:00 | B 7:59")], walks=[(0, 1, -5)])
    with pytest.raises(NetworkError, match="trip_runs_backwards") as caught:
        build_index(back.arrays())
    assert {issue.code for issue in caught.value.issues} == {"trip_runs_backwards", "negative_duration"}
