"""Lines by headway: hand-made integrals of uniform waits, and how near the drawn phases come to them.

One line is exact to 0.05 min an hour of headway. What several lines decide together has the error of a Latin hypercube
sample: `TWO_MIN` for hourly lines in a window of 14 h, in proportion to the headway otherwise.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.timetable.arrivals import compute_arrivals
from tests.timetable.timetables import Town, access, headway, minutes, to_stops, trip
from transit_model.errors import NetworkError
from transit_model.timetable.frequency import draw_share
from transit_model.timetable.index import build_index
from transit_model.timetable.phases import STRATA
from transit_model.timetable.raptor import WindowTimes, compute_window, window_departures

ONE_MIN = 0.1
TWO_MIN = np.array([0.25, 0.9, 2.1])
"""Largest errors of p10, p50 and p90 in minutes where hourly lines decide together (four standard errors)."""


def percentiles(town: Town, start: str = "7:00", end: str = "21:00", *, to: str = "C", home: float = 0) -> WindowTimes:
    clocks = window_departures(minutes(start), minutes(end))
    return compute_window(build_index(town.arrays()), access(A=home), clocks, to_stops(to))


def in_minutes(window: WindowTimes) -> np.ndarray:
    return window.percentile_s[:, 0] / 60


def test_one_line_is_ride_plus_share_of_headway() -> None:
    # 20 min of ride every 10 min: R + 0.1 H = 21, R + 0.5 H = 25, R + 0.9 H = 29
    town = Town(3, lines=[headway("A 0 | B 8 | C 20", "6:00", "22:00", 10)])
    window = percentiles(town)
    np.testing.assert_allclose(in_minutes(window), [21, 25, 29], atol=ONE_MIN / 6)
    assert window.min_s[0] == pytest.approx(20 * 60, abs=1)
    np.testing.assert_allclose(in_minutes(percentiles(town, home=7)), [28, 32, 36], atol=ONE_MIN / 6)


def test_odd_headway_keeps_its_distribution() -> None:
    # 600 + 0.5 * 301
    town = Town(2, lines=[headway("A 0 | B 10", "6:00", "22:00", 301 / 60)])
    assert percentiles(town, to="B").percentile_s[1, 0] == pytest.approx(600 + 150.5, abs=1)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("n", "median"), [(1, 75.0), (2, 62.57), (3, 57.38)])
def test_lines_of_one_trip_add_up(n: int, median: float, seed: int) -> None:
    # the least of n waits U(0, 60): P(> t) = (1 - t / 60)^n, so a share s waits 60 (1 - (1 - s)^(1 / n)); 45 of ride
    lines = [headway("A 0 | C 45", "5:00", "23:00", 60, 1000 * seed + k) for k in range(n)]
    found = in_minutes(percentiles(Town(3, lines=lines)))
    exact = 45 + 60 * (1 - (1 - np.array([0.1, 0.5, 0.9])) ** (1 / n))
    assert exact[1] == pytest.approx(median, abs=0.01)
    assert (np.abs(found - exact) < (TWO_MIN if n > 1 else ONE_MIN)).all()


def test_a_line_every_half_hour_is_better_than_two_every_hour() -> None:
    # 45 + 15 = 60 against 62.6: two lines that know nothing of each other are sometimes close behind one another
    town = Town(3, lines=[headway("A 0 | C 45", "5:00", "23:00", 30)])
    np.testing.assert_allclose(in_minutes(percentiles(town)), [48, 60, 72], atol=ONE_MIN)


def test_lines_of_different_rides_add_up() -> None:
    # 40 min each hour against 60 min each 30: min(40 + U60, 60 + U30); P(> t) = (100 - t) / 60 up to 60 min,
    # then (100 - t)(90 - t) / 1800 up to 90. p10 at 46; p50: (100 - t)(90 - t) = 900, t = 95 - sqrt(925) = 64.59;
    # p90: (100 - t)(90 - t) = 180, t = 95 - sqrt(205) = 80.68
    lines = [headway("A 0 | C 40", "5:00", "23:00", 60, 5), headway("A 0 | C 60", "5:00", "23:00", 30, 6)]
    exact = np.array([46, 95 - np.sqrt(925), 95 - np.sqrt(205)])
    assert (np.abs(in_minutes(percentiles(Town(3, lines=lines))) - exact) < TWO_MIN).all()


def test_two_lines_in_a_row_are_triangular() -> None:
    # the sum of two U(0, H) has CDF t^2 / (2 H^2) up to H: p10 at H sqrt(0.2), p50 at H, p90 at 2 H - H sqrt(0.2)
    lines = [headway("A 0 | B 10", "6:00", "22:00", 10, 1), headway("B 0 | C 15", "6:00", "22:00", 10, 2)]
    wait = 10 * np.array([np.sqrt(0.2), 1, 2 - np.sqrt(0.2)])
    np.testing.assert_allclose(in_minutes(percentiles(Town(3, lines=lines))), 25 + wait, atol=0.35)


def test_a_headway_ride_before_a_train_may_miss_it() -> None:
    # 20 min of ride each hour, then the train of 8:00 or 9:00, 30 min. Who leaves at 7:10 is at B at 7:30 + U(0, 60):
    # half make the train of 8:00 (80 min), half that of 9:00 (140)
    town = Town(3, [trip("B 8:00 | C 8:30"), trip("B 9:00 | C 9:30")], [headway("A 0 | B 20", "6:00", "22:00", 60)])
    window = percentiles(town, "7:10", "7:11")
    assert in_minutes(window)[[0, 2]].tolist() == [80, 140]
    # over 7:00 - 8:00 a departure at 7:00 + m makes the train of 8:00 with (40 - m) / 60, up to m = 40: 800 / 3600
    at = compute_window(
        build_index(town.arrays()), access(A=0), window_departures(minutes("7:00"), minutes("8:00")), to_stops("C"),
        keep_all=True,
    ).sample_s  # fmt: skip
    assert at is not None
    first = at[0] <= (minutes("8:30") - window_departures(minutes("7:00"), minutes("8:00")))[:, np.newaxis]
    # m = 0 .. 39 of whole minutes: sum (40 - m) / 60 / 60 = 820 / 3600
    assert first.mean() == pytest.approx(820 / 3600, abs=0.01)


def test_a_train_before_a_headway_ride_adds_its_wait() -> None:
    # train at B 8:30, then 0 .. 10 min of wait and 15 of ride: 105 + 1, 5, 9 min after 7:00
    town = Town(3, [trip("A 8:00 | B 8:30")], [headway("B 0 | C 15", "6:00", "22:00", 10)])
    np.testing.assert_allclose(in_minutes(percentiles(town, "7:00", "7:01")), [106, 110, 114], atol=0.05)


def test_before_service_one_waits_for_it_to_begin() -> None:
    # at A 5:30, band from 6:00: 30 min, then U(0, 10), then 20 of ride
    town = Town(3, lines=[headway("A 0 | C 20", "6:00", "22:00", 10)])
    np.testing.assert_allclose(in_minutes(percentiles(town, "5:30", "5:31")), [51, 55, 59], atol=0.05)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_boards_after_the_last_vehicle(seed: int) -> None:
    # one an hour until 22:00: of those ready at 21:00 + m (60 - m) / 60 find a vehicle, 30.5 / 60 of all
    town = Town(3, lines=[headway("A 0 | B 8 | C 20", "6:00", "22:00", 60, seed)])
    assert percentiles(town, "21:00", "22:00").reached_share[0] == pytest.approx(30.5 / 60, abs=0.005)
    # at 21:30 one of two, and the median is the last moment; at 21:59 one of sixty; at 22:00 nobody
    last = compute_arrivals(build_index(town.arrays()), access(A=0), [minutes(c) for c in ("21:30", "21:59", "22:00")])
    assert last[0, 2] == pytest.approx(minutes("22:20"), abs=10)
    assert np.isinf(last[1:, 2]).all()
    # 8 min down the line the band ends 8 min later
    index = build_index(town.arrays())
    assert compute_window(index, access(B=0), [minutes("22:07")], to_stops("C")).reached_share[0] == pytest.approx(
        1 / 60, abs=0.002
    )
    assert compute_window(index, access(B=0), [minutes("22:08")], to_stops("C")).reached_share[0] == 0


@pytest.mark.parametrize(
    ("headway_min", "end", "middle"), [(120, "8:10", "8:15"), (600, "9:00", "8:40"), (1500, "8:20", "8:20")]
)
def test_a_band_shorter_than_its_headway_has_one_vehicle(headway_min: float, end: str, middle: str) -> None:
    # it leaves within the band, in the mean at half: 8:05, 8:30, 8:10, and rides 10 min
    town = Town(2, lines=[headway("A 0 | B 10", "8:00", end, headway_min)])
    window = compute_window(build_index(town.arrays()), access(A=0), [minutes("7:00")], to_stops("B"))
    assert window.reached_share[0] == 1
    assert minutes("7:00") + window.percentile_s[1, 0] == pytest.approx(minutes(middle), abs=5)


def test_bands_of_a_trip_follow_each_other() -> None:
    # ready at 8:55, hourly until 9:00, then each 4 min: 1/12 leave within 5 min, U(0, 5); the others 5 + U(0, 4) min:
    # p10 at 5 + 4 (0.1 - 1/12) / (11/12) = 5.07 at least, p90 at 9 at most
    bands = [headway("A 0 | C 20", "6:00", "9:00", 60), headway("A 0 | C 20", "9:00", "22:00", 4)]
    found = in_minutes(percentiles(Town(3, lines=bands), "8:55", "8:56"))
    assert 5 <= found[0] - 20 <= found[1] - 20 <= found[2] - 20 <= 9


def test_pickup_and_drop_off_hold_on_headway_lines() -> None:
    # B- lets alight only, B+ lets board only
    index = build_index(Town(3, lines=[headway("A 0 | B- 10 | C 20", "6:00", "22:00", 10)]).arrays())
    eight = [minutes("8:30")]
    assert np.isinf(compute_arrivals(index, access(B=0), eight)[0, 2])
    assert compute_arrivals(index, access(A=0), eight)[0] == pytest.approx(
        [np.inf, minutes("8:45"), minutes("8:55")], abs=2
    )
    index = build_index(Town(3, lines=[headway("A 0 | B+ 10 | C 20", "6:00", "22:00", 10)]).arrays())
    assert compute_arrivals(index, access(A=0), eight)[0] == pytest.approx([np.inf, np.inf, minutes("8:55")], abs=2)


def test_headway_must_be_sensible() -> None:
    town = Town(2, lines=[headway("A 0 | B 10", "6:00", "22:00", 0)])
    with pytest.raises(NetworkError, match="headway_out_of_range"):
        build_index(town.arrays())


def test_shares_are_a_latin_hypercube() -> None:
    # of 60 draws in a row, from a multiple of 60 on, one lies in each sixtieth; the next 60 in another order
    groups = [[draw_share(12_345, group * STRATA + i) * STRATA >> 32 for i in range(STRATA)] for group in range(20)]
    assert all(sorted(group) == list(range(STRATA)) for group in groups)
    assert len({tuple(group) for group in groups}) == 20
    # another line, another order: no more in step with the first than chance has it (one of sixty)
    other = [[draw_share(12_346, group * STRATA + i) * STRATA >> 32 for i in range(STRATA)] for group in range(20)]
    assert sum(a == b for one, two in zip(groups, other, strict=True) for a, b in zip(one, two, strict=True)) < 50


def test_shares_do_not_change_with_versions_or_machines() -> None:
    """Published minutes rest on them."""
    assert [draw_share(7, n) for n in (-1, 0, 1, 2519)] == SHARES


SHARES = [2_147_483_648, 3_676_960_611, 3_731_657_494, 729_165_676]
