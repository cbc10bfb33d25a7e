from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from transit_model.errors import InputError
from transit_model.indicators.equity import (
    compute_equity,
    compute_gini,
    compute_palma,
    compute_variation,
    compute_weighted_quantiles,
)

ROWS = st.lists(st.tuples(st.floats(0, 1e4), st.integers(0, 50)), min_size=1, max_size=12)


@given(ROWS)
def test_gini_is_the_mean_difference(rows: list[tuple[float, int]]) -> None:
    x, w = np.array([r[0] for r in rows]), np.array([float(r[1]) for r in rows])
    assume(w.sum() > 0)
    mean = (x * w).sum() / w.sum()
    assume(mean > 1e-6)
    slow = (w[:, None] * w * np.abs(x[:, None] - x)).sum() / (2 * w.sum() ** 2 * mean)
    assert compute_gini(x, w) == pytest.approx(slow, abs=1e-9)
    assert compute_gini(3 * x, 7 * w) == pytest.approx(slow, abs=1e-9)


@given(ROWS)
def test_weights_are_people(rows: list[tuple[float, int]]) -> None:
    x, w = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    assume(w.sum() > 0)
    each = np.repeat(x, w)
    assert compute_gini(x, w) == pytest.approx(compute_gini(each), abs=1e-9)
    assert compute_variation(x, w) == pytest.approx(compute_variation(each), abs=1e-9)
    shares = [0.0, 0.1, 0.25, 0.5, 0.9, 1.0]
    expected = [np.sort(each)[max(0, math.ceil(s * len(each) - 1e-9) - 1)] for s in shares]
    assert compute_weighted_quantiles(x, shares, w).tolist() == expected
    if each.min() > 0:
        assert compute_palma(x, w) == pytest.approx(compute_palma(each), rel=1e-9)


def test_palma_by_hand() -> None:
    # Ten people with 1..10: top tenth 10, bottom four (1 + 2 + 3 + 4) / 4 = 2.5 -> 4.0
    assert compute_palma(range(1, 11)) == 4.0
    # Five people: the top half person has 5; the bottom two 1 and 2 -> 5 / 1.5
    assert compute_palma([5, 3, 1, 2, 4]) == pytest.approx(5 / 1.5)
    # ranked by income instead: the rich live badly connected
    assert compute_palma([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], rank_by=range(10)) == pytest.approx(1 / 8.5)
    # all of one income: everybody is in both groups
    assert compute_palma([1, 2, 3], rank_by=[5, 5, 5]) == 1.0


def test_palma_of_nothing() -> None:
    assert compute_palma([0, 0, 0, 0, 9]) == math.inf
    assert math.isnan(compute_palma([0, 0]))


def test_variation_by_hand() -> None:
    # mean 5, variance (9 + 1 + 1 + 9) / 4 = 5 -> sqrt(5) / 5
    assert compute_variation([2, 4, 6, 8]) == pytest.approx(math.sqrt(5) / 5)
    assert compute_variation([0, 0]) == 0.0


def test_quantiles_may_be_unreachable() -> None:
    assert compute_weighted_quantiles([60, math.inf], [0.5, 0.9], [80, 20]).tolist() == [60, math.inf]


def test_one_table_of_all() -> None:
    found = compute_equity([600, 1200, math.inf, 50], [50, 30, 20, 0])
    assert found["mean"] == pytest.approx(825)
    assert found["unreached_share"] == pytest.approx(0.2)
    assert (found["p10"], found["p50"], found["p90"]) == (600, 600, math.inf)
    nobody = compute_equity([math.inf])
    assert math.isnan(float(nobody["gini"]))
    assert nobody["unreached_share"] == 1.0


@pytest.mark.parametrize(("values", "weights"), [
    ([], None), ([1, 2], [1]), ([-1], None), ([math.nan], None), ([1], [0]), ([1], [-1]), ([1, 2], [math.inf, 1]),
    ([math.inf, 1], None),
])  # fmt: skip
def test_bad_values_are_issues(values: list[float], weights: list[float] | None) -> None:
    for measure in (compute_gini, compute_palma, compute_variation):
        with pytest.raises(InputError):
            measure(values, weights)


def test_bad_shares_are_issues() -> None:
    with pytest.raises(InputError):
        compute_weighted_quantiles([1], [1.1])
    with pytest.raises(InputError):
        compute_palma([1, 2], top_share=0)
    with pytest.raises(InputError):
        compute_palma([1, 2], rank_by=[1])


def test_palma_ranks_nobody_where_nobody_lives() -> None:
    # Income per head of an empty county is not known; the others: bottom 40 % are 4 people of 1, top 10 % one of 5.
    assert compute_palma([1, 9, 2, 5], [4, 0, 5, 1], rank_by=[10, math.nan, 20, 30]) == pytest.approx(5.0)
    # Whatever the empty place has, it counts for nothing.
    assert compute_palma([1, 99, 2, 5], [4, 0, 5, 1], rank_by=[10, 5, 20, 30]) == pytest.approx(5.0)
    with pytest.raises(InputError, match="finite where people are"):
        compute_palma([1, 9, 2], [4, 1, 5], rank_by=[10, math.nan, 20])
