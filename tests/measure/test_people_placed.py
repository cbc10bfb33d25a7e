from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.measure.people import densify_lines

POINTS = st.tuples(st.floats(-9e4, 9e4), st.floats(-9e4, 9e4))
LINES = st.lists(st.lists(POINTS, min_size=2, max_size=5), max_size=6)


def densify_slowly(lines: list[list[tuple[float, float]]], step_m: float) -> np.ndarray:
    points = [np.zeros((0, 2))]
    for line in lines:
        for a, b in pairwise(np.array(line)):
            n = max(1, int(np.ceil(np.hypot(*(b - a)) / step_m)))
            points.append(a + (b - a) * np.linspace(0, 1, n + 1)[:, None])
    return np.vstack(points)


@settings(max_examples=examples(100), deadline=None)
@given(LINES, st.sampled_from([50.0, 1000.0, 7000.0]))
def test_points_along_roads_are_those_of_a_loop_to_the_bit(
    lines: list[list[tuple[float, float]]], step_m: float
) -> None:
    ptr = np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64)
    points = np.array([p for line in lines for p in line], dtype=np.float64).reshape(-1, 2)
    assert densify_lines(ptr, points, step_m).tobytes() == densify_slowly(lines, step_m).tobytes()
