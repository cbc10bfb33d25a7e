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
    ptr, xs, ys = [0], [np.zeros(0)], [np.zeros(0)]
    for line, first, last in zip(lines.tolist(), low.tolist(), high.tolist(), strict=True):
        at = slice(courses.ptr[line], courses.ptr[line + 1])
        share = courses.share[at]
        inside = share[(share > first) & (share < last)]
        wanted = np.concatenate([[first], inside, [last]])
        xs.append(np.interp(wanted, share, courses.x[at]))
        ys.append(np.interp(wanted, share, courses.y[at]))
        ptr.append(ptr[-1] + len(wanted))
    return Courses(ptr, np.concatenate(xs), np.concatenate(ys))
