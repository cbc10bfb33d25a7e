"""Places that are left for by the same ways: parts of roads round a node mostly are, and one answer serves them all."""

from __future__ import annotations

from typing import Final

import numpy as np

from transit_model.network.arrays import I32, I64
from transit_model.store.jit import helper

_FACTOR: Final = 1_000_003
_MASK: Final = (1 << 40) - 1
"""Sums stay below it, so that no product leaves an int64."""


@helper
def find_same_ways(ptr: I32, stops: I32, egress_s: I32) -> I64:
    """Return for each place the first one with the same stops and seconds in the same order, most often itself."""
    n = len(ptr) - 1
    size = 16
    while size < 2 * n:
        size *= 2
    table = np.full(size, -1, np.int64)
    first = np.empty(n, np.int64)
    for place in range(n):
        begin, end = ptr[place], ptr[place + 1]
        mixed = np.int64(end - begin)
        for e in range(begin, end):
            mixed = ((mixed ^ np.int64(stops[e])) & _MASK) * _FACTOR & _MASK
            mixed = ((mixed ^ np.int64(egress_s[e])) & _MASK) * _FACTOR & _MASK
        slot = (mixed ^ (mixed >> 20)) & (size - 1)
        while table[slot] >= 0 and not _are_same(ptr, stops, egress_s, table[slot], place):
            slot = (slot + 1) & (size - 1)
        if table[slot] < 0:
            table[slot] = place
        first[place] = table[slot]
    return first


@helper
def _are_same(ptr: I32, stops: I32, egress_s: I32, one: int, other: int) -> bool:
    """Return whether two places have the same ways."""
    n, at, to = ptr[one + 1] - ptr[one], ptr[one], ptr[other]
    if ptr[other + 1] - to != n:
        return False
    same = True
    for k in range(n):
        same &= (stops[at + k] == stops[to + k]) & (egress_s[at + k] == egress_s[to + k])
    return same
