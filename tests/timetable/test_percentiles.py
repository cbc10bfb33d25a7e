"""Percentiles in blocks of destinations, by whole and by partial sorts, against the definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from transit_model.network.arrays import I32
from transit_model.store.jit import INF_S
from transit_model.timetable import percentiles
from transit_model.timetable.percentiles import compute_percentiles, find_rank, summarise

TIMES = st.integers(0, 50) | st.just(INF_S)
SAMPLES = st.tuples(st.integers(1, 9), st.integers(0, 9)).flatmap(lambda shape: arrays(np.int32, shape, elements=TIMES))
LEVELS = st.lists(st.floats(0, 1), min_size=1, max_size=3)


@given(SAMPLES, LEVELS, st.integers(1, 4))
def test_each_is_the_smallest_time_that_enough_samples_have(travel_s: I32, levels: list[float], block: int) -> None:
    before = travel_s.copy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(percentiles, "_BLOCK", block)
        found, least, reached = summarise(travel_s, np.array(levels))
        np.testing.assert_array_equal(compute_percentiles(travel_s, np.array(levels)), found)
    np.testing.assert_array_equal(travel_s, before)  # what was searched is not sorted in place
    n = len(travel_s)
    assert found.shape == (len(levels), travel_s.shape[1])
    for d, column in enumerate(travel_s.T.tolist()):
        assert least[d] == min(column)
        assert reached[d] == sum(t < INF_S for t in column) / n
        for k, level in enumerate(levels):
            expected = sorted(column)[find_rank(level, n)]
            assert found[k, d] == (expected if expected < INF_S else np.inf)


def test_nearest_rank_by_hand() -> None:
    # Ten samples: the median is the fifth, the 90th percentile the ninth, the least the first.
    travel_s = np.array([[7], [1], [9], [3], [5], [10], [2], [8], [4], [6]], np.int32)
    assert compute_percentiles(travel_s, np.array([0.0, 0.5, 0.9, 1.0]))[:, 0].tolist() == [1, 5, 9, 10]
