"""Cell times that are kept come back to the bit, up to the limit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from transit_model.surface.kept_times import keep_times

TIMES = arrays(
    np.float64,
    st.tuples(st.integers(0, 9), st.integers(0, 11)),
    elements=st.one_of(st.just(math.inf), st.floats(0.0, 1e5)),
)


@given(TIMES, st.one_of(st.just(math.inf), st.floats(0.0, 1e5)))
def test_times_come_back_to_the_bit_up_to_the_limit(time_s: np.ndarray, limit_s: float) -> None:
    back = keep_times(time_s, limit_s).fill()
    assert back.shape == time_s.shape
    assert back.tobytes() == np.where(time_s <= limit_s, time_s, np.inf).tobytes()


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_unreached_cells_cost_a_bit_each(share: float) -> None:
    time_s = np.full((100, 80), np.inf)
    time_s.ravel()[: round(share * 8000)] = 5.0
    kept = keep_times(time_s)
    assert kept.reached.nbytes == 1000
    assert kept.time_s.nbytes == 8 * round(share * 8000)
