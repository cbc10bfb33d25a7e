"""Pieces of polylines are not laid out: where each begins is told from its polyline, as a slow loop tells it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transit_model.surface.grid import Grid
from transit_model.surface.segment_index import SegmentIndex
from transit_model.surface.surface import Courses

POINT = st.tuples(st.integers(0, 900), st.integers(0, 900))
LINES = st.lists(st.lists(POINT, min_size=2, max_size=5), min_size=1, max_size=8)
GRID = Grid("EPSG:6933", 0.0, 0.0, 100.0, 9, 9)


def make_courses(lines: list[list[tuple[int, int]]]) -> Courses:
    points = np.array([p for line in lines for p in line], dtype=np.float64)
    return Courses(np.concatenate([[0], np.cumsum([len(line) for line in lines])]), points[:, 0], points[:, 1])


@given(LINES, st.data())
def test_pieces_of_some_lines(lines: list[list[tuple[int, int]]], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    found = np.column_stack(make_courses(lines).list_pieces(np.array(chosen)))
    slow = [(*a, *b) for line, take in zip(lines, chosen, strict=True) if take for a, b in pairwise(line)]
    assert found.tolist() == [[float(v) for v in row] for row in slow]


@given(LINES, st.data())
def test_laid_pieces_have_the_times_of_their_polylines(lines: list[list[tuple[int, int]]], data: st.DataObject) -> None:
    """Sorted by cell or not, each piece keeps the share of time of its own polyline."""
    courses = make_courses(lines)
    ends = data.draw(
        st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=len(lines), max_size=len(lines))
    )
    first, last = np.array(ends, dtype=np.float64).T
    built = courses.build(first, last)
    columns = (built.x0, built.y0, built.x1 - built.x0, built.y1 - built.y0, built.t0_s)
    slow = sorted(row for row in zip(*(c.tolist() for c in columns), strict=True) if row[2:4] != (0.0, 0.0))
    for few in (True, False):
        laid = courses.lay(GRID, (60.0, 100.0), few=few)  # 6 km off the network: cells look for pieces
        assert laid.is_dense is not few
        timed, _, _ = laid.time(first, last, np.inf)
        x0, y0, ux, uy, length = laid.shapes.T
        rows = zip(x0.tolist(), y0.tolist(), ux * length, uy * length, timed[:, 0].tolist(), length, strict=True)
        assert sorted((a, b, float(round(c)), float(round(d)), t) for a, b, c, d, t, m in rows if m > 0) == slow


def test_pieces_without_polylines_have_all_of_their_time() -> None:
    shapes = np.array([[0.0, 0.0, 1.0, 0.0, 10.0], [5.0, 5.0, 0.0, 1.0, 20.0]])
    timed, earliest, box = SegmentIndex(GRID, shapes, (1.0, 60.0)).time(
        np.array([3.0, 9.0]), np.array([13.0, 7.0]), 60.0
    )
    assert timed[:, :2].tolist() == [[3.0, 1.0], [9.0, -0.1]]
    assert earliest.tolist() == [3.0, 7.0]
    assert box == (0.0, 10.0, 0.0, 25.0)
