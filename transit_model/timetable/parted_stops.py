"""Stops in several parts (`TimetableArrays.split_of`): what is asked of a stop is asked of all its parts."""

from __future__ import annotations

import numpy as np

from transit_model.network.arrays import I32
from transit_model.timetable.index import TimetableIndex


def find_whole_stop(index: TimetableIndex, stop: int) -> int:
    """Return the stop of which one is a part, or the stop itself."""
    return int(index.split_of[stop - index.n_whole_stops]) if stop >= index.n_whole_stops else stop


def spread_stops(index: TimetableIndex, stops: I32) -> tuple[I32, I32]:
    """Return the stops with their parts after them, (n,): the entry that each comes from, and its index."""
    whole = index.n_whole_stops
    order = np.argsort(index.split_of, kind="stable")
    count = np.bincount(index.split_of, minlength=whole)
    first = np.concatenate([[0], np.cumsum(count)])
    is_whole = stops < whole
    size = np.ones(len(stops), np.int64)
    size[is_whole] += count[stops[is_whole]]
    entry = np.repeat(np.arange(len(stops)), size)
    nth = np.arange(len(entry)) - np.repeat(np.cumsum(size) - size, size)
    out = stops[entry].astype(np.int32)
    parts = nth > 0
    out[parts] = whole + order[first[stops[entry[parts]]] + nth[parts] - 1]
    return entry.astype(np.int32), out
