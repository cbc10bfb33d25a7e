"""Shortest times by a bucket queue: from few to a few thousand origins, on threads, bounded, summed inside the search.

Dial (1969), "Algorithm 360: shortest-path forest with topological ordering", CACM 12(11); with buckets wider than
the shortest arc it becomes label-correcting inside a bucket, as in Meyer and Sanders (2003), "Delta-stepping", J.
Algorithms 49(1). Everything is integer ticks, so results equal Dijkstra's to the bit.

A relaxation has no branch: an arc that improves nothing writes the old values again. Queue entries are written one
after the other and never moved; they are also the list of what was touched, so a search costs what it reaches.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np

from transit_model.errors import InputError
from transit_model.network.arrays import F64, I32, I64
from transit_model.store.jit import INF_S, helper, jit, signed
from transit_model.streets.bucket_graph import ARCS, U32, U64, WEIGHT_SHIFT, BucketGraph
from transit_model.threads import count_threads

UNREACHED: Final = INF_S
"""In rows of ticks: not reached within the cutoff."""
_NONE: Final = 0xFFFFFFFF
FULL: Final = -1
_BATCH_ROWS: Final = 64


class SeedArrays(NamedTuple):
    """Where searches start: graph nodes and ticks already spent, (k, s) int32 each; node -1 for none."""

    node: I32
    ticks: I32


class Work(NamedTuple):
    """What one thread needs: labels by place, first entry of each bucket, entries (place, next of the same bucket)."""

    label: U32
    bucket: U32
    entry_place: U32
    entry_next: U32


def count_buckets(graph: BucketGraph) -> int:
    """Return how many buckets a search of a graph has.

    They are used in a circle that is longer than any arc. Times further apart (seeds) meet in a bucket and are looked
    at early: that costs time and changes nothing.
    """
    return 1 << ((graph.max_ticks >> graph.shift) + 2).bit_length()


def build_work(graph: BucketGraph, n_entries: int) -> Work:
    """Return an empty workspace."""
    return Work(
        np.full(len(graph.node_at), UNREACHED, np.uint32),
        np.full(count_buckets(graph), _NONE, np.uint32),
        np.empty(n_entries, np.uint32),
        np.empty(n_entries, np.uint32),
    )


@helper
def search(record: U64, place: I32, w: Work, seed_node: I32, seed_ticks: I32, cutoff: int, shift: int) -> int:
    """Label all places within the cutoff; return how many entries were written, `FULL` when they did not suffice.

    Every number is unsigned: numba would check signed indices for being negative, one by one.
    """
    label, bucket, entry_place, entry_next = w.label, w.bucket, w.entry_place, w.entry_next
    one, none, width = np.uint32(1), np.uint32(_NONE), np.uint32(shift)
    mask, limit = np.uint32(len(bucket) - 1), np.uint32(cutoff)
    room = np.uint32(len(entry_place) - ARCS)
    top, settled, dead_ends, first = np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(_NONE)
    for s in range(len(seed_node)):
        if seed_node[s] >= 0 and 0 <= seed_ticks[s] <= cutoff:
            at, ticks = np.uint32(place[seed_node[s]]), np.uint32(seed_ticks[s])
            if ticks < label[at]:
                label[at] = ticks
                slot = (ticks >> width) & mask
                entry_place[top], entry_next[top] = at, bucket[slot]
                bucket[slot] = top
                top += one
                first = min(first, ticks >> width)
    number = first
    while settled + dead_ends < top:
        slot = number & mask
        entry = bucket[slot]
        while entry != none:
            bucket[slot] = none
            if top + np.uint32(ARCS) * (top - settled - dead_ends) > room:  # more than this list can write
                return FULL
            while entry != none:
                current_at = np.uint64(entry_place[entry])
                entry = entry_next[entry]
                settled += one
                current = label[current_at]  # lower than when it was queued: then nothing changes below
                for k in range(record.shape[1]):  # with the constant the compiler unrolls, and it is slower
                    arc = record[current_at, k]
                    to = np.uint32(arc)
                    dead_end = np.uint32(arc >> np.uint64(32)) & one
                    ticks = current + np.uint32(arc >> np.uint64(WEIGHT_SHIFT))
                    old = label[to]
                    better = (ticks < old) & (ticks <= limit)
                    label[to] = ticks if better else old
                    into = (ticks >> width) & mask
                    before = bucket[into]
                    entry_place[top] = to
                    entry_next[top] = before
                    counts = np.uint32(better)
                    queued = counts & (dead_end ^ one)
                    bucket[into] = top if queued != 0 else before
                    top += counts
                    dead_ends += counts & dead_end
            entry = bucket[slot]
        number += one
    return signed(top)


@helper
def clear(w: Work) -> None:
    """Make a workspace empty after a search that ran out of room."""
    w.label[:] = UNREACHED
    w.bucket[:] = _NONE


@jit
def fill_rows(
    record: U64, place: I32, node_at: I32, w: Work, seeds: SeedArrays, rows: I64, cutoff: int, shift: int, out: I32
) -> int:
    """Write rows of ticks, ``out[row]`` for each of `rows`; return how many were done before entries ran out."""
    n = len(place)
    for i in range(len(rows)):
        row = rows[i]
        top = search(record, place, w, seeds.node[row], seeds.ticks[row], cutoff, shift)
        if top == FULL:
            clear(w)
            return i
        target = out[row]
        if top > n // 4:
            for v in range(n):
                target[v] = np.int32(w.label[np.uint64(place[v])])
            w.label[:] = UNREACHED
            continue
        target[:] = UNREACHED
        for e in range(top):
            at = np.uint64(w.entry_place[e])
            if w.label[at] != UNREACHED:
                if node_at[at] >= 0:
                    target[node_at[at]] = np.int32(w.label[at])
                w.label[at] = UNREACHED
    return len(rows)


@jit
def fill_targets(
    record: U64, place: I32, w: Work, seeds: SeedArrays, rows: I64, targets: I32, cutoff: int, shift: int, out: I32
) -> int:
    """Write ticks to the `targets` (nodes) only, ``out[row]``; return as `fill_rows`."""
    for i in range(len(rows)):
        row = rows[i]
        top = search(record, place, w, seeds.node[row], seeds.ticks[row], cutoff, shift)
        if top == FULL:
            clear(w)
            return i
        for t in range(len(targets)):
            out[row, t] = np.int32(w.label[np.uint64(place[targets[t]])])
        for e in range(top):
            w.label[np.uint64(w.entry_place[e])] = UNREACHED
    return len(rows)


@jit
def fill_sums(
    record: U64, place: I32, w: Work, seeds: SeedArrays, rows: I64, weights: F64, cutoff: int, shift: int, out: F64
) -> int:
    """Write sums of `weights` (n_places, k) over the nodes within the cutoff; return as `fill_rows`."""
    n_weights = weights.shape[1]
    for i in range(len(rows)):
        row = rows[i]
        top = search(record, place, w, seeds.node[row], seeds.ticks[row], cutoff, shift)
        if top == FULL:
            clear(w)
            return i
        for e in range(top):
            at = np.uint64(w.entry_place[e])
            if w.label[at] != UNREACHED:  # a place may be listed twice
                w.label[at] = UNREACHED
                for c in range(n_weights):
                    out[row, c] += weights[at, c]
    return len(rows)


class BucketSearch:
    """Searches on one packed graph; keeps idle workspaces, may be used by several threads at once."""

    def __init__(self, graph: BucketGraph) -> None:
        self.graph = graph
        self._idle: list[Work] = []
        self._lock = threading.Lock()

    def travel_ticks(
        self,
        seeds: SeedArrays,
        cutoff_ticks: int = UNREACHED - 1,
        *,
        targets: I32 | None = None,
        threads: int | None = None,
    ) -> I32:
        """Return ticks from each seed row to every node (or to some nodes, in their order), (k, n) int32.

        `UNREACHED` beyond the cutoff.
        """
        cutoff, g = check_cutoff(cutoff_ticks), self.graph
        out = np.empty((len(seeds.node), g.n_nodes if targets is None else len(targets)), np.int32)

        def fill(work: Work, rows: I64) -> int:
            if targets is not None:
                return fill_targets(g.record, g.place, work, seeds, rows, targets, cutoff, g.shift, out)
            return fill_rows(g.record, g.place, g.node_at, work, seeds, rows, cutoff, g.shift, out)

        self._run(fill, seeds, threads)
        return out

    def sum_within(
        self, seeds: SeedArrays, weights: F64, cutoff_ticks: int, *, threads: int | None = None, placed: bool = False
    ) -> F64:
        """Return sums of node weights (n, k_weights) over what each seed row reaches within the cutoff, (k, k_weights).

        Sums of whole numbers are exact; others are added in the order of the search, the same on any number of threads.
        `placed` says that the weights come from `place_weights`.
        """
        out = np.zeros((len(seeds.node), weights.shape[1]))
        cutoff, g = check_cutoff(cutoff_ticks), self.graph
        laid = weights if placed else place_weights(g, weights)

        def fill(work: Work, rows: I64) -> int:
            return fill_sums(g.record, g.place, work, seeds, rows, laid, cutoff, g.shift, out)

        self._run(fill, seeds, threads)
        return out

    def _run(self, fill: Callable[[Work, I64], int], seeds: SeedArrays, threads: int | None) -> None:
        """Run all rows in batches, neighbours together, on threads; the kernels hold no interpreter lock."""
        k = len(seeds.node)
        if k == 0 or self.graph.n_nodes == 0:
            return
        order = np.argsort(self.graph.place[seeds.node[:, 0]], kind="stable")
        n_threads = min(count_threads(threads), k)
        size = max(1, min(_BATCH_ROWS, -(-k // (4 * n_threads))))
        batches = [order[i : i + size] for i in range(0, k, size)]

        def one(rows: I64) -> None:
            work = self._take_work()
            while len(rows):
                rows = rows[fill(work, rows) :]
                if len(rows):  # more label corrections than expected: twice the room
                    work = build_work(self.graph, 2 * len(work.entry_place))
            with self._lock:
                self._idle.append(work)

        if n_threads == 1:
            for rows in batches:
                one(rows)
            return
        with ThreadPoolExecutor(n_threads) as pool:
            for _ in pool.map(one, batches):
                pass

    def _take_work(self) -> Work:
        with self._lock:
            work = self._idle.pop() if self._idle else None
        return build_work(self.graph, len(self.graph.node_at) * 3 // 2 + 64) if work is None else work


def place_weights(graph: BucketGraph, weights: F64) -> F64:
    """Return node weights (n, k_weights) in the order of a packed graph: once, where sums are asked for many times."""
    placed = np.zeros((len(graph.node_at), weights.shape[1]))
    placed[graph.place] = weights
    return placed


def check_cutoff(cutoff_ticks: int) -> int:
    """Return a cutoff that fits the kernels.

    Raises
    ------
    InputError
        When it is negative.
    """
    if cutoff_ticks < 0:
        raise InputError("a cutoff must not be negative")
    return min(int(cutoff_ticks), UNREACHED - 1)
