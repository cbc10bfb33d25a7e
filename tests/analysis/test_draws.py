"""Draws, probabilities, rank correlations, swings and words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from transit_model.analysis.draws import (
    choose_word,
    compute_probability,
    compute_rank_correlation,
    compute_swing,
    draw_unit_cube,
    scale_uniform,
)
from transit_model.errors import InputError


@pytest.mark.parametrize("n", [8, 64, 50])
def test_each_column_is_stratified_and_repeats_with_its_seed(n: int) -> None:
    points = draw_unit_cube(n, 5, 3)
    assert points.shape == (n, 5)
    assert ((points > 0) & (points < 1)).all()
    # one point in each of n equal slices, in every column
    for column in points.T:
        assert sorted(np.floor(column * n).astype(int).tolist()) == list(range(n))
    assert (points == draw_unit_cube(n, 5, 3)).all()
    assert not (points == draw_unit_cube(n, 5, 4)).all()


def test_no_numbers_and_too_few_draws() -> None:
    assert draw_unit_cube(4, 0, 1).shape == (4, 0)
    with pytest.raises(InputError):
        draw_unit_cube(1, 2, 1)


def test_the_chance_of_a_threshold_by_hand() -> None:
    # speeds even between 90 and 180, needed 135: half of the draws, exactly, since they are stratified
    speeds = scale_uniform(draw_unit_cube(64, 3, 1)[:, 2], 90, 180)
    share, stderr, n = compute_probability(speeds - 135)
    assert (share, n) == (0.5, 64)
    assert stderr == math.sqrt(0.5 * 0.5 / 64)  # 0.0625


def test_probability_leaves_impossible_draws_out() -> None:
    assert compute_probability([1, 0, -1, math.nan, -math.inf]) == (0.5, 0.25, 4)
    share, stderr, n = compute_probability([math.nan])
    assert math.isnan(share)
    assert math.isnan(stderr)
    assert n == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=30))
def test_rank_correlation_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    x, y = (np.array(c, dtype=np.float64) for c in zip(*pairs, strict=True))
    found = compute_rank_correlation(x[:, None], y)[0]
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert found == 0
    else:
        assert found == pytest.approx(spearmanr(x, y).statistic)


def test_rank_correlation_takes_infinities_and_skips_nan() -> None:
    x = np.array([[1.0], [2], [3], [4]])
    assert compute_rank_correlation(x, np.array([-math.inf, 0, 5, math.nan]))[0] == pytest.approx(1)
    assert compute_rank_correlation(x, np.full(4, math.nan))[0] == 0


@pytest.mark.parametrize(
    ("probability", "correlations", "word"),
    [
        (1.0, [0.9], ("robust_met", -1)),
        (0.95, [], ("robust_met", -1)),
        (0.05, [0.9], ("robust_missed", -1)),
        (0.5, [0.1, -0.8], ("depends", 1)),
        (0.5, [0.6, 0.5], ("fragile", -1)),
        (0.5, [], ("fragile", -1)),
        (math.nan, [0.9], ("unknown", -1)),
    ],
)
def test_words(probability: float, correlations: list[float], word: tuple[str, int]) -> None:
    assert choose_word(probability, correlations) == word


def test_swings_and_break_even_by_hand() -> None:
    # margin -10 at 90, 5 at 135, 10 at 180: zero at 90 + 45 * 10 / 15 = 120
    swing = compute_swing((90, 135, 180), (-10, 5, 10))
    assert swing.swing == 20
    assert swing.break_even == pytest.approx(120)
    assert math.isnan(compute_swing((0, 1, 2), (1, 2, 3)).break_even)
    unreachable = compute_swing((0, 1, 2), (-math.inf, -math.inf, 3))
    assert unreachable.swing == math.inf
    assert math.isnan(unreachable.break_even)
    assert compute_swing((0, 1, 2), (-math.inf, -math.inf, -math.inf)).swing == 0
