"""What a new or faster arc brings to many origins: one search from its head, then a walk for each origin.

All that an origin gains by one arc it reaches through the head of the arc. So the places that are reached earlier are
the top of one tree, the shortest ways from the head: a place gains only where the place before it gains. The tree is
grown once, as far as any origin gains, and laid out so that what is behind a place follows it. An origin goes through
the layout from the front, adds its own time to the head, and skips all that is behind a place where it gains nothing.
A place costs a small part of what a search pays for it, and where nothing is gained nothing is looked at.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from transit_model.network.arrays import I64
from transit_model.store.jit import helper, jit, signed
from transit_model.streets.bucket_graph import ARCS, U32, U64, WEIGHT_SHIFT, BucketGraph
from transit_model.streets.bucket_queue import FULL, UNREACHED, count_buckets

GIVEN_UP: Final = -2
_NONE: Final = 0xFFFFFFFF
# Columns of `Tree.entry`; all of an entry lies in one half of a cache line.
_PLACE, _NEXT, _TICKS, _BEFORE, _WITNESS, _SIZE, _FREE = range(7)


class Tree(NamedTuple):
    """Work space for one tree.

    Attributes
    ----------
    label : (n_places,) uint32
        Ticks from the head of the arc while a tree is grown.
    bucket : uint32
        First entry of each bucket.
    entry : (n_entries, 8) uint32
        What was queued: place, next entry of the bucket, ticks, entry of the place before, the origin (by its number
        among those that gain) that gained there; then how many places are behind it, and the next free place for them.
    place, ticks, after : (n_places,) uint32
        The tree laid out: places, their times from the head, and where to go on when all behind a place is skipped.
    """

    label: U32
    bucket: U32
    entry: U32
    place: U32
    ticks: U32
    after: U32


class Log(NamedTuple):
    """What was overwritten: places and labels as they were, in order; `n` (1,) how many."""

    place: U32
    before: U32
    n: I64


def build_log(size: int) -> Log:
    """Return an empty log."""
    return Log(np.empty(size, np.uint32), np.empty(size, np.uint32), np.zeros(1, np.int64))


def build_tree(graph: BucketGraph, n_entries: int) -> Tree:
    """Return an empty work space."""
    n_places = len(graph.node_at)
    return Tree(
        np.full(n_places, UNREACHED, np.uint32),
        np.full(count_buckets(graph), _NONE, np.uint32),
        np.empty((n_entries, 8), np.uint32),
        *(np.empty(n_places, np.uint32) for _ in range(3)),
    )


@helper
def _gains(label: U32, row: U32, start: U32, i: np.uint64, at: np.uint64, ticks: np.uint32, limit: np.uint32) -> bool:
    reached = start[i] + ticks
    return bool((reached <= limit) & (reached < label[np.uint64(row[i]), at]))


@jit
def grow_tree(
    record: U64, label: U32, row: U32, start: U32, head: int, tree: Tree, cutoff: int, shift: int, most: int
) -> tuple[int, int]:
    """Lay out the shortest ways from place `head` as far as one of some origins gains by them.

    Every number is unsigned and a relaxation has no branch, as in `bucket_queue.search`.

    Parameters
    ----------
    label : (k, n_places)
    row, start : (a,) uint32
        Rows of `label` that gain at the head, those that gain most first, and their new times to it.
    most : int
        Entries after which the tree is given up.

    Returns
    -------
    tuple of int
        The length of the layout (`FULL` when the work space does not suffice, `GIVEN_UP` above `most`), and the
        entries that were written.
    """
    to_label, bucket, entry = tree.label, tree.bucket, tree.entry
    one, none, width, limit = np.uint32(1), np.uint32(_NONE), np.uint32(shift), np.uint32(cutoff)
    mask, room, n_rows = np.uint32(len(bucket) - 1), len(entry) - ARCS, np.uint64(len(row))
    to_label[head] = 0
    entry[0, _PLACE], entry[0, _NEXT], entry[0, _TICKS], entry[0, _BEFORE] = head, none, 0, 0
    entry[0, _WITNESS], entry[0, _SIZE] = 0, 0
    bucket[0] = 0
    top, settled, number, result = one, np.uint32(0), np.uint32(0), 0
    while settled < top and result == 0:
        slot = np.uint64(number & mask)
        while bucket[slot] != none and result == 0:
            waiting = bucket[slot]
            bucket[slot] = none
            while waiting != none:
                e = np.uint64(waiting)
                at, spent, i = np.uint64(entry[e, _PLACE]), entry[e, _TICKS], np.uint64(entry[e, _WITNESS])
                waiting = entry[e, _NEXT]
                settled += one
                if to_label[at] != spent:  # reached earlier since it was queued
                    continue
                if not _gains(label, row, start, i, at, spent, limit):
                    i = np.uint64(0)
                    while i < n_rows and not _gains(label, row, start, i, at, spent, limit):
                        i += np.uint64(1)
                    if i == n_rows:
                        continue
                if top > room or top > most:
                    result = FULL if top > room else GIVEN_UP
                    break
                entry[e, _SIZE] = one
                for k in range(record.shape[1]):
                    arc = record[at, k]
                    to, ticks = np.uint64(np.uint32(arc)), spent + np.uint32(arc >> np.uint64(WEIGHT_SHIFT))
                    old = to_label[to]
                    better = ticks < old
                    to_label[to] = ticks if better else old
                    into = np.uint64((ticks >> width) & mask)
                    before = bucket[into]
                    new = np.uint64(top)
                    entry[new, _PLACE], entry[new, _NEXT], entry[new, _TICKS] = np.uint32(to), before, ticks
                    entry[new, _BEFORE], entry[new, _WITNESS], entry[new, _SIZE] = np.uint32(e), np.uint32(i), 0
                    bucket[into] = top if better else before
                    top += np.uint32(better)
        number += one
    if result == 0:
        return _lay_out(tree, signed(top)), signed(top)
    bucket[:] = none
    for k in range(top):
        to_label[np.uint64(entry[np.uint64(k), _PLACE])] = UNREACHED
    return result, signed(top)


@helper
def _lay_out(tree: Tree, top: int) -> int:
    """Write the places that gain, each before what is behind it; return how many. Leaves no labels."""
    label, entry, place, ticks, after = tree.label, tree.entry, tree.place, tree.ticks, tree.after
    for k in range(top - 1, -1, -1):
        e = np.uint64(k)
        size = entry[e, _SIZE]
        if size == 0 or label[np.uint64(entry[e, _PLACE])] != entry[e, _TICKS]:
            entry[e, _SIZE] = 0  # nobody gains there, or it was reached earlier by another entry
        elif k > 0:
            entry[np.uint64(entry[e, _BEFORE]), _SIZE] += size
    for k in range(top):
        e = np.uint64(k)
        label[np.uint64(entry[e, _PLACE])] = UNREACHED
        size = entry[e, _SIZE]
        if size > 0:
            before = np.uint64(entry[e, _BEFORE])
            to = np.uint64(entry[before, _FREE] if k > 0 else 0)
            entry[before, _FREE] += size
            entry[e, _FREE] = np.uint32(to) + np.uint32(1)
            place[to], ticks[to], after[to] = entry[e, _PLACE], entry[e, _TICKS], np.uint32(to) + size
    return signed(entry[0, _SIZE])


@jit
def walk_tree(label: U32, row: U32, start: U32, tree: Tree, n: int, cutoff: int, log: Log, end: I64) -> tuple[int, int]:
    """Lower the labels of rows that gain by a tree of length `n`, and note what they were.

    ``end[i]`` becomes the length of the log after ``row[i]``. Returns how many rows were done before one might not fit
    into the log, and how many places were looked at.
    """
    place, ticks, after = tree.place, tree.ticks, tree.after
    log_place, log_before = log.place, log.before
    noted, looked_at, limit, last = np.uint64(0), np.uint64(0), np.uint32(cutoff), np.uint64(n)
    for i in range(len(row)):
        if noted + last > np.uint64(len(log_place)):
            return i, signed(looked_at)
        own, spent, at = label[row[i]], start[i], np.uint64(0)
        while at < last:
            reached, to = spent + ticks[at], np.uint64(place[at])
            before = own[to]
            looked_at += np.uint64(1)
            if reached < before and reached <= limit:
                log_place[noted], log_before[noted] = place[at], before
                noted += np.uint64(1)
                own[to] = reached
                at += np.uint64(1)
            else:
                at = np.uint64(after[at])
        end[i] = noted
        log.n[0] = noted
    return len(row), signed(looked_at)
