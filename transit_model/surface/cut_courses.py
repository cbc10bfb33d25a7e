"""Polylines cut out of others by shares of their length."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from transit_model.surface.surface import Courses

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


def cut_courses(courses: Courses, lines: I64, low: F64, high: F64) -> Courses:
    """Return a part of some polylines, each from one share of its length to another.

    Parameters
    ----------
    lines : (n,) int64
        Polylines of `courses`; one may be named several times.
    low, high : (n,) float64
        Shares, 0 to 1, the first the smaller.
    """
    ends = np.column_stack([low, high])
    before = np.column_stack([_count_before(courses, lines, low, after=True), _count_before(courses, lines, high)])
    between = np.maximum(before[:, 1] - before[:, 0], 0)
    ptr = np.concatenate([[0], np.cumsum(between + 2)])
    nth = np.arange(between.sum()) - np.repeat(np.cumsum(between) - between, between)
    inside = np.repeat(ptr[:-1] + 1, between) + nth
    of = np.repeat(before[:, 0], between) + nth
    x, y = np.empty(ptr[-1]), np.empty(ptr[-1])
    x[inside], y[inside] = courses.x[of], courses.y[of]
    for k, at in enumerate((ptr[:-1], ptr[1:] - 1)):
        # the piece that the end lies on; never beside its polyline
        piece = np.clip(before[:, k] - 1, courses.ptr[lines], courses.ptr[lines + 1] - 2)
        span = courses.share[piece + 1] - courses.share[piece]
        along = np.divide(ends[:, k] - courses.share[piece], span, out=np.zeros(len(lines)), where=span > 0)
        for own, known in ((x, courses.x), (y, courses.y)):
            own[at] = known[piece] + along * (known[piece + 1] - known[piece])
    return Courses(ptr, x, y)


def _count_before(courses: Courses, lines: I64, share: F64, *, after: bool = False) -> I64:
    """Return how many points of `courses` come before a share of a polyline, in their order; at it only if `after`."""
    n, many = len(courses.share), len(lines)
    line = np.concatenate([np.repeat(np.arange(courses.n), np.diff(courses.ptr)), lines])
    # whole numbers and shares as they are: what else is cut moves no end by a bit
    last = np.concatenate([np.full(n, 0), np.full(many, 1 if after else -1)])
    order = np.lexsort((last, np.concatenate([courses.share, share]), line))
    points = np.cumsum(order < n)
    out = np.empty(n + many, dtype=np.int64)
    out[order] = points
    return out[n:]
