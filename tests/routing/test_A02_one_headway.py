"""Lines by headway: the wait is uniform and exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.routing.timetables import Town, access, headway, minutes, to_stops, trip
from transit_model.errors import NetworkError
from transit_model.routing.frequency import sum_of_uniforms_cdf
from transit_model.routing.raptor import WindowTimes, compute_window, window_departures
from transit_model.routing.timetable import build_index


def percentiles(town: Town, start: str = "7:00", end: str = "9:00", *, to: str = "C", home: float = 0) -> WindowTimes:
    clocks = window_departures(minutes(start), minutes(end))
    return compute_window(build_index(town.arrays()), access(A=home), clocks, to_stops(to))


def test_one_line_is_ride_plus_share_of_headway() -> None:
    # 20 min of ride every 10 min: R + 0.1 H = 21, R + 0.5 H = 25, R + 0.9 H = 29
    town = Town(3, lines=[headway("A 0 | B 8 | C 20", "6:00", "22:00", 10)])
    window = percentiles(town)
    np.testing.assert_allclose(window.percentile_s[:, 0], np.array([21, 25, 29]) * 60, atol=1e-5)
    assert window.min_s[0] == 20 * 60


def test_access_is_added() -> None:
    town = Town(3, lines=[headway("A 0 | C 20", "6:00", "22:00", 10)])
    np.testing.assert_allclose(percentiles(town, home=7).percentile_s[:, 0], np.array([28, 32, 36]) * 60, atol=1e-5)


def test_odd_headway_keeps_its_exact_distribution() -> None:
    # the mean wait of 301 s is rounded up to 151 s inside, the distribution is not: 600 + 0.5 * 301
    town = Town(2, lines=[headway("A 0 | B 10", "6:00", "22:00", 301 / 60)])
    assert percentiles(town, to="B").percentile_s[1, 0] == pytest.approx(600 + 150.5, abs=1e-5)


def test_two_equal_headways_are_triangular() -> None:
    # the sum of two U(0, H) has CDF t^2 / (2 H^2) up to H: p10 at H sqrt(0.2), p50 at H, p90 at 2 H - H sqrt(0.2)
    town = Town(3, lines=[headway("A 0 | B 10", "6:00", "22:00", 10), headway("B 0 | C 15", "6:00", "22:00", 10)])
    wait = 600 * np.array([np.sqrt(0.2), 1, 2 - np.sqrt(0.2)])
    np.testing.assert_allclose(percentiles(town).percentile_s[:, 0], 25 * 60 + wait, atol=1e-5)


def test_headway_ride_before_a_train_keeps_its_mean_wait() -> None:
    # 7:00: 5 min mean wait, 10 min ride, at B 7:15; train 8:00, at C 8:30: certain
    town = Town(3, [trip("B 8:00 | C 8:30")], [headway("A 0 | B 10", "6:00", "22:00", 10)])
    window = percentiles(town, "7:00", "7:01")
    assert window.percentile_s[:, 0].tolist() == [90 * 60] * 3
    # 7:45 is the last departure that makes the train on the mean
    assert percentiles(town, "7:45", "7:46").percentile_s[1, 0] == 45 * 60
    assert np.isinf(percentiles(town, "7:46", "7:47").percentile_s[1, 0])


def test_train_before_a_headway_ride_spreads_by_the_headway_alone() -> None:
    # train at B 8:30, then 0 .. 10 min of wait and 15 of ride: 105 + 1, 5, 9 min after 7:00
    town = Town(3, [trip("A 8:00 | B 8:30")], [headway("B 0 | C 15", "6:00", "22:00", 10)])
    window = percentiles(town, "7:00", "7:01")
    np.testing.assert_allclose(window.percentile_s[:, 0], np.array([106, 110, 114]) * 60, atol=1e-5)


def test_before_service_one_waits_for_it_to_begin() -> None:
    # at A 5:30, band from 6:00: 30 min, then U(0, 10), then 20 of ride
    town = Town(3, lines=[headway("A 0 | C 20", "6:00", "22:00", 10)])
    np.testing.assert_allclose(
        percentiles(town, "5:30", "5:31").percentile_s[:, 0], np.array([51, 55, 59]) * 60, atol=1e-5
    )


def test_band_is_closed_at_its_end_and_shifted_along_the_line() -> None:
    town = Town(3, lines=[headway("A 0 | B 8 | C 20", "6:00", "7:00", 10)])
    index = build_index(town.arrays())
    last = [minutes("6:59") + 59, minutes("7:00")]
    assert compute_window(index, access(A=0), last, to_stops("C")).reached_share[0] == 0.5
    later = [minutes("7:07") + 59, minutes("7:08")]
    assert compute_window(index, access(B=0), later, to_stops("C")).reached_share[0] == 0.5


def test_bands_compete() -> None:
    # 8:55 in the 60-min band: mean 9:25; waiting for the 4-min band of 9:00: 9:02. Both then ride 20 min
    bands = [headway("A 0 | C 20", "6:00", "9:00", 60), headway("A 0 | C 20", "9:00", "22:00", 4)]
    window = percentiles(Town(3, lines=bands), "8:55", "8:56")
    np.testing.assert_allclose(window.percentile_s[:, 0], (25 + np.array([0.4, 2, 3.6])) * 60, atol=1e-5)


def test_headway_must_be_sensible() -> None:
    town = Town(2, lines=[headway("A 0 | B 10", "6:00", "22:00", 0)])
    with pytest.raises(NetworkError, match="headway_out_of_range"):
        build_index(town.arrays())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 3600), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_cdf_equals_sampling(widths: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    sums = (rng.random((40_000, len(widths))) * widths).sum(axis=1)
    times = np.quantile(sums, [0.02, 0.1, 0.5, 0.9, 0.98])
    exact = sum_of_uniforms_cdf(times, tuple(widths))
    np.testing.assert_allclose(exact, [0.02, 0.1, 0.5, 0.9, 0.98], atol=0.015)  # 6 sigma of 40,000 draws


def test_cdf_of_nothing_is_a_step() -> None:
    np.testing.assert_array_equal(sum_of_uniforms_cdf([-1.0, 0.0, 1.0], ()), [0, 1, 1])
