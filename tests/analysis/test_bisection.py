"""What number meets a target: hand cases and hypothesis against a known crossing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transit_model.analysis.bisection import find_crossings


def test_a_falling_line_by_hand() -> None:
    # 60 km at v km/h against 40 min: met from 90 km/h on
    result = find_crossings(lambda v: 40 - 60 * 60 / v, [30, 60, 120, 240], tolerance=0.01)
    (crossing,) = result.crossings
    assert crossing.met_at == pytest.approx(90, abs=0.01)
    assert crossing.missed_at < 90 <= crossing.met_at
    assert result.monotone
    assert max(result.margins) >= 0
    assert not result.always_met
    assert result.best_at == 240
    assert result.best_margin == 25


def test_never_and_always() -> None:
    never = find_crossings(lambda x: -1.0 - x, [0, 1, 2], tolerance=0.1)
    assert max(never.margins) < 0
    assert not never.crossings
    assert (never.best_at, never.best_margin) == (0, -1)
    always = find_crossings(lambda x: x, [0, 1, 2], tolerance=0.1)
    assert always.always_met


def test_a_hill_has_two_crossings_and_is_not_monotone() -> None:
    result = find_crossings(lambda x: 1 - (x - 5) ** 2, [0, 2.5, 5, 7.5, 10], tolerance=1e-6)
    assert [round(c.met_at, 4) for c in result.crossings] == [4, 6]
    assert not result.monotone
    assert result.best_at == 5


def test_unreachable_is_missed_and_equal_infinities_are_level() -> None:
    result = find_crossings(lambda x: -math.inf if x < 3 else 1.0, [0, 1, 2, 4], tolerance=1e-3)
    assert result.monotone
    assert result.crossings[0].met_at == pytest.approx(3, abs=1e-3)


def test_impossible_values_are_stepped_over() -> None:
    result = find_crossings(lambda x: math.nan if x < 2 else 5 - x, [0, 1, 3, 9], tolerance=1e-3)
    assert math.isnan(result.margins[0])
    assert result.crossings[0].met_at == pytest.approx(5, abs=1e-3)
    assert result.best_at == 3
    nothing = find_crossings(lambda _: math.nan, [0, 1], tolerance=1)
    assert not any(m >= 0 for m in nothing.margins)
    assert not nothing.always_met
    assert math.isnan(nothing.best_at)


def test_a_tolerance_of_zero_ends() -> None:
    result = find_crossings(lambda x: x - 1 / 3, [0, 1], tolerance=0.0)
    assert result.crossings[0].met_at == pytest.approx(1 / 3, abs=1e-15)


@given(st.floats(0.01, 0.99), st.booleans(), st.floats(1e-6, 0.1))
def test_a_crossing_is_bracketed(at: float, rises: bool, tolerance: float) -> None:
    sign = 1 if rises else -1
    result = find_crossings(lambda x: sign * (x - at), [0, 0.25, 0.5, 0.75, 1], tolerance=tolerance)
    (crossing,) = result.crossings
    assert sign * (crossing.met_at - at) >= 0
    assert sign * (crossing.missed_at - at) < 0
    assert abs(crossing.met_at - crossing.missed_at) <= tolerance
    assert result.monotone
