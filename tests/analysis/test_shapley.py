"""Shares of a joint gain: hand sums, the axioms, and the sampled form against the exact one."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.analysis.shapley import compute_exact_shapley, compute_interaction, compute_shares, sample_shapley
from transit_model.errors import InputError

NUMBERS = st.floats(-1000, 1000)


def games(n: int) -> st.SearchStrategy[list[float]]:
    """Values of all coalitions of n parts."""
    return st.lists(NUMBERS, min_size=1 << n, max_size=1 << n)


GAMES = st.integers(1, 5).flatmap(games)


def slow_shapley(values: list[float]) -> list[float]:
    """The definition: mean marginal gain over all orders."""
    n = len(values).bit_length() - 1
    gains = [0.0] * n
    orders = list(permutations(range(n)))
    for order in orders:
        mask = 0
        for part in order:
            gains[part] += (values[mask | 1 << part] - values[mask]) / len(orders)
            mask |= 1 << part
    return gains


def test_two_substitutes_two_complements_and_a_dummy() -> None:
    # parts 0 and 1 each bring 20 and together no more; 2 and 3 bring 8 only together; 4 brings nothing
    def value(mask: int) -> float:
        return 5.0 + (20.0 if mask & 0b00011 else 0.0) + (8.0 if mask & 0b01100 == 0b01100 else 0.0)

    result = compute_shares(5, value)
    assert result.total == 28
    assert result.shapley.tolist() == pytest.approx([10, 10, 4, 4, 0])  # 20 / 2, 20 / 2, 8 / 2, 8 / 2, 0
    assert result.add_one.tolist() == [20, 20, 0, 0, 0]
    assert result.leave_one_out.tolist() == [0, 0, 8, 8, 0]
    assert result.interaction[0, 1] == pytest.approx(-20)  # 20 - 20 - 20
    assert result.interaction[2, 3] == pytest.approx(8)
    assert result.together[2, 3] == 8
    assert result.interaction[0, 2] == pytest.approx(0)
    assert not result.stderr.any()


def test_the_glove_game_of_the_textbook() -> None:
    # one left glove (0), two right gloves (1, 2), a pair is worth 1: shares 2/3, 1/6, 1/6
    def value(mask: int) -> float:
        return float(mask & 1 and mask & 0b110 != 0)

    assert compute_shares(3, value).shapley.tolist() == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@given(GAMES)
def test_shares_are_the_mean_over_all_orders(values: list[float]) -> None:
    assert compute_exact_shapley(values).tolist() == pytest.approx(slow_shapley(values), abs=1e-7)


@given(GAMES)
def test_efficiency(values: list[float]) -> None:
    result = compute_shares(len(values).bit_length() - 1, lambda mask: values[mask])
    assert result.shapley.sum() == pytest.approx(values[-1] - values[0], abs=1e-7)
    assert result.total == values[-1] - values[0]


@given(games(4), games(4), NUMBERS)
def test_linearity(first: list[float], second: list[float], factor: float) -> None:
    both = [a + factor * b for a, b in zip(first, second, strict=True)]
    expected = compute_exact_shapley(first) + factor * compute_exact_shapley(second)
    assert np.allclose(compute_exact_shapley(both), expected, atol=1e-5)


@given(games(3), NUMBERS)
def test_a_part_that_adds_the_same_to_all_earns_just_that(values: list[float], gift: float) -> None:
    # part 3 adds `gift` to every coalition
    whole = [*values, *(v + gift for v in values)]
    shapley = compute_exact_shapley(whole)
    assert shapley[3] == pytest.approx(gift, abs=1e-7)
    assert shapley[:3].tolist() == pytest.approx(compute_exact_shapley(values).tolist(), abs=1e-7)
    assert compute_interaction(whole)[3, :3].tolist() == pytest.approx([0, 0, 0], abs=1e-7)


@given(games(4), st.permutations(range(4)))
def test_names_do_not_matter(values: list[float], order: list[int]) -> None:
    def rename(mask: int) -> int:
        return sum(1 << order[i] for i in range(4) if mask >> i & 1)

    renamed = [0.0] * 16
    for mask in range(16):
        renamed[rename(mask)] = values[mask]
    plain, other = compute_exact_shapley(values), compute_exact_shapley(renamed)
    assert [other[order[i]] for i in range(4)] == pytest.approx(plain.tolist(), abs=1e-7)


@settings(max_examples=examples(20))
@given(games(4), st.integers(0, 5))
def test_sampled_shares_add_up_too_and_repeat_with_their_seed(values: list[float], seed: int) -> None:
    shapley, stderr = sample_shapley(4, values.__getitem__, permutations=20, seed=seed)
    assert shapley.sum() == pytest.approx(values[-1] - values[0], abs=1e-6)
    again, _ = sample_shapley(4, values.__getitem__, permutations=20, seed=seed)
    assert (shapley == again).all()
    assert (stderr >= 0).all()


def test_sampled_shares_lie_within_their_standard_errors() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=1 << 6).cumsum()
    exact = compute_exact_shapley(values)
    result = compute_shares(6, lambda mask: float(values[mask]), permutations=2000, seed=7, exact_limit=3)
    assert (np.abs(result.shapley - exact) < 4 * result.stderr + 1e-9).all()
    assert (result.stderr > 0).all()
    assert np.isnan(result.interaction).all()


def test_each_coalition_is_asked_once() -> None:
    asked: list[int] = []

    def value(mask: int) -> float:
        asked.append(mask)
        return float(mask)

    compute_shares(4, value)
    assert sorted(asked) == list(range(16))


@pytest.mark.parametrize("limit", [10, 1])
def test_an_infinite_gain_cannot_be_shared(limit: int) -> None:
    with pytest.raises(InputError) as caught:
        compute_shares(2, lambda mask: float("-inf") if mask == 0 else 1.0, exact_limit=limit)
    assert caught.value.issues[0].code == "unreachable_measure"


def test_values_of_no_set_of_coalitions_are_refused() -> None:
    with pytest.raises(InputError):
        compute_exact_shapley([1.0, 2.0, 3.0])


@pytest.mark.parametrize("orders", [4, 8, 40])
def test_standard_errors_are_right_on_average(orders: int) -> None:
    # The mean of the stated errors against the spread of the estimates over 600 seeds, each known to about 3 %.
    # Without the correction 4 orders (2 pairs) would state 20 % too little.
    rng = np.random.default_rng(11)
    values = rng.normal(size=1 << 8)
    result = [sample_shapley(8, values.__getitem__, permutations=orders, seed=s) for s in range(600)]
    spread = np.std([estimate for estimate, _ in result], axis=0)
    stated = np.mean([error for _, error in result], axis=0)
    assert float((stated / spread).mean()) == pytest.approx(1.0, abs=0.03)
