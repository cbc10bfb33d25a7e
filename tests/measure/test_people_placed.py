from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from tests.examples import examples
from transit_model.measure.road_courses import RoadCourses
from transit_model.surface.surface import Courses

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
@given(LINES, st.sampled_from([50.0, 1000.0, 7000.0]), st.booleans())
def test_points_along_roads_are_those_of_a_loop(
    lines: list[list[tuple[float, float]]], step_m: float, two_way: bool
) -> None:
    """Each point once, and of the two ways along a road only one: no other point lies nearer to anything."""
    both = [way for line in lines for way in ((line, line[::-1]) if two_way else (line,))]
    ptr = np.concatenate([[0], np.cumsum([len(line) for line in both])]).astype(np.int64)
    x, y = np.array([p for line in both for p in line], dtype=np.float64).reshape(-1, 2).T
    roads = RoadCourses.__new__(RoadCourses)
    roads.courses = Courses(ptr, x, y)
    roads.back = np.arange(len(both)) ^ 1 if two_way else np.full(len(both), -1)
    found, slow = roads.list_points(step_m), densify_slowly(both, step_m)
    assert len(found) <= len(slow)
    if len(slow):
        for some, others in ((found, slow), (slow, found)):
            assert cKDTree(others).query(some)[0].max() < 1e-9
