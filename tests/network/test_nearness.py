"""Few points and many give the same neighbours; the oracle is a loop over all pairs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transit_model.network import nearness
from transit_model.network.nearness import find_nearest, list_pairs_within

WHOLE = st.integers(-50, 50).map(float)
POINTS = st.lists(st.tuples(WHOLE, WHOLE, WHOLE), min_size=1, max_size=12, unique=True)


@given(points=POINTS, candidates=POINTS, few=st.sampled_from([nearness.FEW, -1]))
def test_the_nearest_is_nearest(points: list[tuple[float, ...]], candidates: list[tuple[float, ...]], few: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearness, "FEW", few)
        rows = find_nearest(np.array(points), np.array(candidates))
    for point, row in zip(points, rows.tolist(), strict=True):
        assert math.dist(point, candidates[row]) == min(math.dist(point, c) for c in candidates)


@given(points=POINTS, reach=st.integers(0, 80), few=st.sampled_from([nearness.FEW, -1]))
def test_pairs_are_those_within_reach(points: list[tuple[float, ...]], reach: int, few: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearness, "FEW", few)
        found = {tuple(pair) for pair in list_pairs_within(np.array(points), float(reach)).tolist()}
    square = {(i, j): sum((a - b) ** 2 for a, b in zip(p, q, strict=True))
              for i, p in enumerate(points) for j, q in enumerate(points) if i < j}  # fmt: skip
    assert found == {pair for pair, apart in square.items() if apart <= reach**2}


def test_one_point_has_no_pair() -> None:
    assert list_pairs_within(np.zeros((1, 3)), 10.0).shape == (0, 2)
