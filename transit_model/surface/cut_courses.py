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
    """Return how many points of `courses` come before a share of a polyline, in their order; at it only if `after`.

    Whole numbers and shares as they are: what else is cut moves no end by a bit.
    """
    low, high = courses.ptr[lines], courses.ptr[lines + 1]
    open_ = np.arange(len(lines))
    while len(open_):
        middle = (low[open_] + high[open_]) // 2
        known = courses.share[middle]
        goes_on = known <= share[open_] if after else known < share[open_]
        low[open_[goes_on]] = middle[goes_on] + 1
        high[open_[~goes_on]] = middle[~goes_on]
        open_ = open_[low[open_] < high[open_]]
    return low
