from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transit_model.domain.rounding import format_minutes, format_share, round_finite, round_shown, subtract_shown

MINUTES = st.floats(-1e5, 1e5, allow_nan=False)


def test_numbers_for_json() -> None:
    assert round_finite(1 / 3) == 0.333333
    assert round_finite(1 / 3, 2) == 0.33
    assert [round_finite(x) for x in (math.inf, -math.inf, math.nan)] == [None] * 3


@pytest.mark.parametrize(
    ("share", "shown"),
    [(2 / 3, "67%"), (0.66, "66%"), (0.665, "67%"), (0.29, "29%"), (0.996, "99%"), (0.001, "1%"), (1, "100%")],
)
def test_shares(share: float, shown: str) -> None:
    assert format_share(share) == shown


def test_shares_with_decimals() -> None:
    assert format_share(0.0) == "0%"
    assert format_share(0.99999, 1) == "99.9%"
    assert format_share(0.18421, 1) == "18.4%"


@pytest.mark.parametrize(
    ("before", "after", "decimals", "difference"),
    [
        (183.6, 127.4, 0, -57),  # 184 to 127 is -57, though 127.4 - 183.6 = -56.2
        (184.26, 127.54, 1, -56.8),  # 184.3 to 127.5
        (10.0, 10.4, 0, 0),
        (2.5, 3.5, 0, 1),  # halves go up: 3 and 4
    ],
)
def test_a_difference_is_that_of_the_numbers_shown(
    before: float, after: float, decimals: int, difference: float
) -> None:
    assert subtract_shown(after, before, decimals) == difference


@given(MINUTES, MINUTES, st.integers(0, 2))
def test_whoever_subtracts_finds_the_same(before: float, after: float, decimals: int) -> None:
    shown = [f"{round_shown(v, decimals):.{decimals}f}" for v in (before, after)]
    assert subtract_shown(after, before, decimals) == pytest.approx(float(shown[1]) - float(shown[0]), abs=1e-6)


def test_minutes_near_a_threshold() -> None:
    assert [format_minutes(m, near=60) for m in (60.4, 60.004, 61.5, 60.0)] == ["60.4", "60.00", "62", "60"]
    assert format_minutes(math.inf) == "∞"
    assert round_shown(2.675, 2) == 2.68  # as written, not as the nearest binary number
    assert math.isinf(round_shown(math.inf))
