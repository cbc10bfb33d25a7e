"""Clock times, ticks and rounding."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transit_model import units


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00", 0),
        ("7:05", 7 * 3600 + 5 * 60),
        ("07:05:09", 25_509),  # 7 x 3600 + 5 x 60 + 9 = 25200 + 300 + 9
        ("24:10", 87_000),  # after midnight of the same service day
        ("29:26:00", 105_960),
        (" 08:00 ", 28_800),
        ("101:00:00", 363_600),
    ],
)
def test_clock_times_are_seconds_after_the_service_day_begins(text: str, seconds: int) -> None:
    assert units.parse_clock_s(text) == seconds


@pytest.mark.parametrize("text", ["", "8", "08:60", "08:00:60", "8h00", "-1:00", "08:00:00:00", "08:0", "1000:00"])
def test_what_is_no_clock_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a clock time"):
        units.parse_clock_s(text)


@given(st.integers(min_value=0, max_value=999 * 3600 + 3599))
def test_clock_times_survive_the_round_trip(seconds: int) -> None:
    assert units.parse_clock_s(units.format_clock(seconds, seconds=True)) == seconds


def test_clocks_are_written_with_hours_above_24_and_signs() -> None:
    assert units.format_clock(87_000) == "24:10"
    assert units.format_clock(25_509, seconds=True) == "07:05:09"
    assert units.format_clock(-600) == "-00:10"


def test_ticks_are_rounded_half_up() -> None:
    # 0.04 s = 0.4 ticks, 0.05 s = 0.5 ticks up, 0.15 s = 1.5 ticks up, 0.25 s = 2.5 ticks up (not to even)
    assert units.seconds_to_ticks([0.0, 0.04, 0.05, 0.15, 0.25, 1.0]).tolist() == [0, 0, 1, 2, 3, 10]
    assert units.seconds_to_ticks([1.0]).dtype == np.int32


def test_driving_180_km_at_120_takes_5400_s() -> None:
    # 180 km / 120 km/h = 1.5 h = 5400 s = 54000 ticks
    assert units.drive_time_ticks(180_000, 120).tolist() == 54_000
    assert units.ticks_to_seconds(54_000) == 5_400
    # 1 km at 7 km/h = 3600 / 7 = 514.2857 s = 5142.857 ticks
    assert units.drive_time_ticks([1000.0], [7.0]).tolist() == [5143]


def test_no_link_takes_no_time() -> None:
    assert units.drive_time_ticks([0.0, 0.5], [120.0, 120.0]).tolist() == [1, 1]


def test_unreachable_stays_unreachable() -> None:
    assert units.ticks_to_seconds([math.inf, 5]).tolist() == [math.inf, 0.5]
    assert units.ceil_to_whole_s([math.inf, 0.1, 2.0, 2.0000000001]).tolist() == [math.inf, 1, 2, 2]
    assert units.s_to_min(math.inf) == math.inf


def test_conversions() -> None:
    assert units.min_to_s(1.5) == 90
    assert units.s_to_min(90) == 1.5
    assert units.km_to_m(1.2) == 1200
    assert units.m_to_km(1200) == 1.2
    assert units.kmh_to_ms(4.5) == 1.25
