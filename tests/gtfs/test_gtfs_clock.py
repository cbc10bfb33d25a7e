"""Clock columns and blank stop times, against slow obvious oracles."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transit_model.gtfs.clock import fill_stop_times, find_bad_dates, parse_clock_column


def parse(*texts: str) -> tuple[list[float], list[bool]]:
    seconds, wrong = parse_clock_column(pd.Series(texts, dtype="str"))
    return seconds.tolist(), wrong.tolist()


def test_clock_times_by_hand() -> None:
    seconds, wrong = parse("00:00:00", "8:05:09", "08:05:09", "24:10:00", "125:00:01")
    assert seconds == [0, 29109, 29109, 87000, 450001]  # 8 h 5 min 9 s = 28800 + 300 + 9
    assert not any(wrong)


@pytest.mark.parametrize(
    "text", ["8:5:9", "08:05", "-01:00:00", "08:60:00", "08:05:60", "noon", "08.05.00", "8:05:09 AM", "25：00：00"]
)
def test_not_a_clock_time(text: str) -> None:
    seconds, wrong = parse(text, "")
    assert np.isnan(seconds).all()
    assert wrong == [True, False]  # an empty cell is not wrong


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 59), st.integers(0, 59)), min_size=1))
def test_every_clock_time_is_read(times: list[tuple[int, int, int]]) -> None:
    for width in (1, 2):
        seconds, wrong = parse(*(f"{h:0{width}d}:{m:02d}:{s:02d}" for h, m, s in times))
        assert seconds == [h * 3600 + m * 60 + s for h, m, s in times]
        assert not any(wrong)


@settings(deadline=None)
@given(st.lists(st.text(max_size=9), min_size=1))
def test_nothing_else_is_read(texts: list[str]) -> None:
    seconds, wrong = parse(*texts)
    for text, value, bad in zip(texts, seconds, wrong, strict=True):
        parts = text.split(":")
        good = (
            len(parts) == 3
            and all(p.isascii() and p.isdigit() for p in parts)
            and 1 <= len(parts[0]) <= 3
            and all(len(p) == 2 and int(p) < 60 for p in parts[1:])
        )
        assert bad == (text != "" and not good)
        assert np.isnan(value) == (not good)


def test_dates() -> None:
    texts = pd.Series(["20201216", "20200229", "20210229", "2020-12-16", "202012", "", "20201301"], dtype="str")
    assert find_bad_dates(texts).tolist() == [False, False, True, True, True, False, True]


def fill(
    trip: list[int], arrive: list[float], depart: list[float] | None = None, distance: list[float] | None = None
) -> tuple[list[float], list[float], list[bool]]:
    n = len(trip)
    result = fill_stop_times(
        np.array(trip, dtype=np.int64),
        np.array(arrive, dtype=np.float64),
        np.array(depart if depart is not None else arrive, dtype=np.float64),
        np.array(distance if distance is not None else [np.nan] * n, dtype=np.float64),
    )
    return result[0].tolist(), result[1].tolist(), result[2].tolist()


B = float("nan")


def test_by_number_of_stops() -> None:
    """Leaves at 0, arrives at 300 two stops later after one blank each side: 100, 200."""
    arrive, depart, filled = fill([0] * 4, [0, B, B, 300])
    assert arrive == depart == [0, 100, 200, 300]
    assert filled == [False, True, True, False]


def test_from_departure_to_arrival() -> None:
    """The dwell at the first stop (60 s) is no running time: 60 + (360 - 60) / 2 = 210."""
    arrive, depart, _ = fill([0] * 3, [0, B, 360], [60, B, 400])
    assert arrive == [0, 210, 360]
    assert depart == [60, 210, 400]


def test_by_distance_where_known() -> None:
    """0 km, 1 km, 4 km in 400 s: 100 s after the first kilometre."""
    assert fill([0] * 3, [0, B, 400], distance=[0, 1, 4])[0] == [0, 100, 400]


@pytest.mark.parametrize("distance", [[0, B, 4], [5, 1, 4], [0, 0, 0]], ids=["gap", "backwards", "no length"])
def test_by_stops_where_distances_are_no_use(distance: list[float]) -> None:
    assert fill([0] * 3, [0, B, 400], distance=distance)[0] == [0, 200, 400]


def test_half_seconds_go_up() -> None:
    assert fill([0] * 3, [0, B, 5])[0] == [0, 3, 5]


def test_a_lone_time_counts_for_both() -> None:
    arrive, depart, filled = fill([0] * 3, [B, 100, 200], [0, B, B])
    assert arrive == [0, 100, 200]
    assert depart == [0, 100, 200]
    assert not any(filled)


def test_ends_stay_blank_and_trips_do_not_mix() -> None:
    arrive, _, filled = fill([0, 0, 1, 1, 1], [0, B, B, 100, 200])
    assert np.isnan(arrive).tolist() == [False, True, True, False, False]
    assert not any(filled)


def test_nothing_to_fill() -> None:
    assert fill([], []) == ([], [], [])


TRIP = st.lists(st.tuples(st.integers(1, 5000), st.booleans(), st.integers(0, 1000)), min_size=2, max_size=8)


@settings(deadline=None)
@given(st.lists(TRIP, min_size=1, max_size=4), st.booleans())
def test_against_a_plain_loop(trips: list[list[tuple[int, bool, int]]], with_distance: bool) -> None:
    number: list[int] = []
    clock: list[float] = []
    distance: list[float] = []
    for index, stops in enumerate(trips):
        now, travelled = 0, 0
        for position, (gap, blank, step) in enumerate(stops):
            now, travelled = now + gap, travelled + step
            number.append(index)
            clock.append(B if blank and 0 < position < len(stops) - 1 else now)
            distance.append(travelled if with_distance else B)
    arrive, depart, _ = fill(number, clock, distance=distance)
    assert arrive == depart
    for row, value in enumerate(clock):
        if not np.isnan(value):
            assert arrive[row] == value
            continue
        low = max(r for r in range(row) if not np.isnan(clock[r]))
        high = min(r for r in range(row, len(clock)) if not np.isnan(clock[r]))
        share = (row - low) / (high - low)
        if with_distance and distance[high] > distance[low]:
            share = (distance[row] - distance[low]) / (distance[high] - distance[low])
        assert arrive[row] == np.floor(clock[low] + share * (clock[high] - clock[low]) + 0.5)
    steps = np.diff(arrive)[np.diff(number) == 0]
    assert (steps >= 0).all()  # nobody arrives before leaving
