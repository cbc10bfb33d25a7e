"""Service span (服务时段): at which share of the day's departure minutes a goal holds; first and last useful one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Span(NamedTuple):
    """When a goal holds: the first and the last departure at which it does, -1 when none, and the longest gap.

    All (n_pairs,) int64, in departures counted from the first of the window.
    """

    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    longest_gap: npt.NDArray[np.int64]


def find_span(holds: npt.NDArray[np.bool_]) -> Span:
    """Find the first and last departure at which a goal holds and the longest run at which it does not.

    Parameters
    ----------
    holds : (n_departures, n_pairs) bool
        Departures in order and evenly spaced.
    """
    some = holds.any(axis=0)
    first = np.where(some, holds.argmax(axis=0), -1)
    last = np.where(some, len(holds) - 1 - holds[::-1].argmax(axis=0), -1)
    return Span(first, last, _find_longest_run(~holds))


def _find_longest_run(flags: np.ndarray) -> np.ndarray:
    """Length of the longest run of True down each column."""
    run = np.zeros(flags.shape[1], dtype=np.int64)
    longest = run.copy()
    for row in flags:
        run = np.where(row, run + 1, 0)
        longest = np.maximum(longest, run)
    return longest
