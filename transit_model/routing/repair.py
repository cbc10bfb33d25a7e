"""Times of many origins kept, and repaired when a few arcs change: what a scenario does to the places it touches.

After Ramalingam and Reps (1996), "An incremental algorithm for a generalization of the shortest-path problem", J.
Algorithms 21(2). For each origin: labels that a worse arc may have made are taken back (all that hang on it by paths of
their own length, a few too many where paths tie), found anew from the labels that stand, and together with the better
arcs passed on until nothing changes. The result is the one of a full search, to the bit.

A broad change is not worth it. A row whose repair touches too much is given up and searched anew, and all rows of a
batch together may waste no more than `WASTE` of their own size in such attempts; after that the rest is searched anew
at once. So the worst case is a full run and some percent.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import F64, I32, I64, Bool
from transit_model.routing.bucket_graph import U32, U64, WEIGHT_SHIFT, BucketGraph
from transit_model.routing.bucket_queue import (
    FULL,
    UNREACHED,
    Seeds,
    Work,
    build_work,
    check_cutoff,
    clear,
    count_threads,
    search,
)
from transit_model.routing.graph_edit import GraphEdit, Inward, edit_graph, list_inward, read_arcs
from transit_model.routing.jit import helper, jit, signed

N_SPARE: Final = 4096
"""Spare places of a graph that is to be edited."""
MOST: Final = 0.15
"""A row is given up when its repair touches more than this share of the network."""
WASTE: Final = 0.01
"""Share of the rows' own size that attempts may waste; touching a node in a repair costs some three searches of it."""
_NONE: Final = 0xFFFFFFFF
_GIVEN_UP: Final = -1


class Log(NamedTuple):
    """What was overwritten: places and labels as they were, in order; `n` (1,) how many."""

    place: U32
    before: U32
    n: I64


class Overwritten(NamedTuple):
    """What a row was: the labels of some places in the order they were lowered, or of all (`place` None)."""

    row: int
    place: U32 | None
    before: U32


@dataclass(frozen=True, eq=False)
class Repair:
    """What `BaseTimes.apply` did, and what `BaseTimes.undo` needs.

    Attributes
    ----------
    n_repaired, n_searched : int
        Rows repaired, and rows searched anew because the change reached too far.
    overwritten : list of Overwritten
    """

    graph: BucketGraph
    added: I64 = field(repr=False)
    n_repaired: int
    n_searched: int
    overwritten: list[Overwritten] = field(repr=False)


class BaseTimes:
    """Times from some origins to every node within a cutoff, kept in the order of the packed graph.

    Parameters
    ----------
    graph : BucketGraph
        Built with ``n_spare=N_SPARE``, so that arcs and nodes can be added.
    seeds : Seeds
    cutoff_ticks : int
    """

    def __init__(
        self, graph: BucketGraph, seeds: Seeds, cutoff_ticks: int = UNREACHED - 1, *, threads: int | None = None
    ) -> None:
        self.base = self.graph = graph
        self.seeds = seeds
        self.cutoff = check_cutoff(cutoff_ticks)
        self.label = [np.zeros(0, np.uint32)] * len(seeds.node)
        self._inward: Inward | None = None
        self._n_base = graph.n_used
        self._added = np.zeros((2, 0), np.int64)  # arcs that edits brought: `_inward` does not know them
        self._idle: list[tuple[Work, Bool]] = []
        self._lock = threading.Lock()
        empty = np.zeros((3, 0), np.int64)
        self._run(GraphEdit(graph, empty, empty), threads, fresh=True)

    def rows(self) -> I32:
        """Return ticks to every node, (k, n) int32, `UNREACHED` beyond the cutoff."""
        out = np.empty((len(self.label), self.graph.n_nodes), np.int32)
        for row, label in zip(out, self.label, strict=True):
            row[:] = label[self.graph.place]
        return out

    def sum_within(self, weights: F64) -> F64:
        """Return sums of node weights (n, n_weights) over what is within the cutoff, (k, n_weights)."""
        out = np.empty((len(self.label), weights.shape[1]))
        for row, label in enumerate(self.label):
            out[row] = weights[label[self.graph.place] != UNREACHED].sum(axis=0)
        return out

    def apply(
        self, tail: npt.ArrayLike, head: npt.ArrayLike, ticks: npt.ArrayLike, *, threads: int | None = None
    ) -> Repair | None:
        """Change arcs (see `edit_graph`) and repair all rows; None when the spare places do not suffice."""
        if self._inward is None:
            self._inward = list_inward(self.base)
        edit = edit_graph(self.graph, self._inward, tail, head, ticks)
        if edit is None:
            return None
        earlier = read_arcs(edit.graph, *self._added)
        edit = edit._replace(better=np.concatenate([edit.better, earlier], axis=1))
        done = self._run(edit, threads)
        n_searched = sum(one.place is None for one in done)
        repair = Repair(self.graph, self._added, len(self.label) - n_searched, n_searched, done)
        self.graph, self._added = edit.graph, np.unique(edit.better[:2], axis=1)
        return repair

    def undo(self, repair: Repair) -> None:
        """Take back the last change."""
        for row, place, before in repair.overwritten:
            if place is None:
                self.label[row] = before
            else:  # where a place is listed twice its first label is the last set
                self.label[row][place[::-1]] = before[::-1]
        self.graph, self._added = repair.graph, repair.added

    def _run(self, edit: GraphEdit, threads: int | None, *, fresh: bool = False) -> list[Overwritten]:
        k = len(self.label)
        n_threads = max(1, min(count_threads(threads), k))
        size = max(1, -(-k // (2 * n_threads)))
        batches = [np.arange(first, min(first + size, k)) for first in range(0, k, size)]
        if n_threads == 1 or len(batches) < 2:
            done = [self._run_batch(edit, rows, fresh) for rows in batches]
        else:
            with ThreadPoolExecutor(n_threads) as pool:
                done = list(pool.map(lambda rows: self._run_batch(edit, rows, fresh), batches))
        return [entry for batch in done for entry in batch]

    def _run_batch(self, edit: GraphEdit, rows: I64, fresh: bool) -> list[Overwritten]:
        n_places = len(edit.graph.node_at)
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        work, mark = kept or (build_work(edit.graph, n_places * 3 // 2 + 64), np.zeros(n_places, np.bool_))
        most = int(MOST * n_places)
        log = Log(np.empty(4 * most + 64, np.uint32), np.empty(4 * most + 64, np.uint32), np.zeros(1, np.int64))
        out: list[Overwritten] = []
        waste = 0 if fresh else int(WASTE * n_places * len(rows))
        g, inward = edit.graph, self._inward
        for row in rows.tolist():
            label, node, ticks = self.label[row], self.seeds.node[row], self.seeds.ticks[row]
            limit = min(most, waste)
            if limit > n_places // 1000 and inward is not None:
                log.n[0] = 0
                spent = repair_row(
                    g.record, self.graph.record, g.place, g.node_at, inward, work, mark, label, node, ticks,
                    edit.worse, edit.better, self.cutoff, g.shift, self._n_base, limit, log,
                )  # fmt: skip
                n = int(log.n[0])
                if spent != _GIVEN_UP:
                    out.append(Overwritten(row, log.place[:n].copy(), log.before[:n].copy()))
                    continue
                label[log.place[:n][::-1]] = log.before[:n][::-1]
                waste -= limit
            if not fresh:
                out.append(Overwritten(row, None, label))
            label = self.label[row] = np.empty(n_places, np.uint32)
            while search_row(g.record, g.place, work, label, node, ticks, self.cutoff, g.shift) == FULL:
                work = build_work(g, 2 * len(work.entry_place))
        with self._lock:
            self._idle.append((work, mark))
        return out


@jit
def search_row(record: U64, place: I32, w: Work, label: U32, node: I32, ticks: I32, cutoff: int, shift: int) -> int:
    """Search one row anew; return `FULL` when the entries did not suffice."""
    label[:] = UNREACHED
    top = search(record, place, Work(label, w.bucket, w.entry_place, w.entry_next), node, ticks, cutoff, shift)
    if top == FULL:
        clear(w)
    return top


@helper
def _lower(w: Work, label: U32, log: Log, top: int, at: int, ticks: int, shift: int) -> None:
    """Label a place lower, note what it was, and queue it as entry `top`."""
    log.place[log.n[0]], log.before[log.n[0]] = at, label[at]
    log.n[0] += 1
    label[at] = ticks
    slot = (ticks >> shift) & (len(w.bucket) - 1)
    w.entry_place[top], w.entry_next[top] = at, w.bucket[slot]
    w.bucket[slot] = top


@helper
def _take_back(record: U64, mark: Bool, label: U32, worse: I64, stack: U32, limit: int) -> int:
    """Mark and list places whose label hangs on a worse arc; return how many, `limit` when there are too many."""
    n = 0
    for i in range(worse.shape[1]):
        tail, head = worse[0, i], worse[1, i]
        fits = label[tail] != UNREACHED and signed(label[tail]) + worse[2, i] == signed(label[head])
        if fits and not mark[head]:
            if n >= limit:
                return limit
            mark[head] = True
            stack[n] = head
            n += 1
    done = 0
    while done < n:
        at = signed(stack[done])
        done += 1
        for k in range(record.shape[1]):
            arc = signed(record[at, k])
            head = arc & _NONE
            if not mark[head] and signed(label[at]) + (arc >> WEIGHT_SHIFT) == signed(label[head]):
                if n >= limit:
                    return limit
                mark[head] = True
                stack[n] = head
                n += 1
    return n


@helper
def _find_best(record: U64, node_at: I32, inward: Inward, label: U32, at: int, n_base: int) -> int:
    """Return the best label of a place by the arcs that lead to it from places of the unedited graph."""
    best = signed(UNREACHED)
    for e in range(inward.ptr[at], inward.ptr[at + 1]):
        tail = signed(inward.tail[e])
        here, reached, leads_on = tail, signed(label[tail]), True
        while leads_on:  # an arc may have moved on to a spare place
            leads_on, step = False, here
            for k in range(record.shape[1]):
                arc = signed(record[here, k])
                head = arc & _NONE
                if head == at:
                    best = min(best, reached + (arc >> WEIGHT_SHIFT))
                elif head >= n_base and node_at[head] < 0 and head != here:
                    leads_on, step = True, head
            here = step
    return best


@helper
def _pass_on(
    record: U64, w: Work, label: U32, log: Log, top: int, first: int, cutoff: int, shift: int, limit: int
) -> int:
    """Pass lowered labels on, bucket by bucket from number `first`; return the entries written or `_GIVEN_UP`."""
    number, settled, mask = first, 0, len(w.bucket) - 1
    while settled < top:
        slot = number & mask
        while w.bucket[slot] != _NONE:
            entry = signed(w.bucket[slot])
            w.bucket[slot] = w.entry_next[entry]
            at = signed(w.entry_place[entry])
            settled += 1
            if top + record.shape[1] > limit:
                return _GIVEN_UP
            here = signed(label[at])
            for k in range(record.shape[1]):
                arc = signed(record[at, k])
                to, ticks = arc & _NONE, here + (arc >> WEIGHT_SHIFT)
                if ticks < label[to] and ticks <= cutoff:
                    _lower(w, label, log, top, to, ticks, shift)
                    top += 1
        number += 1
    return top


@jit
def repair_row(
    record: U64,
    before: U64,
    place: I32,
    node_at: I32,
    inward: Inward,
    w: Work,
    mark: Bool,
    label: U32,
    node: I32,
    ticks: I32,
    worse: I64,
    better: I64,
    cutoff: int,
    shift: int,
    n_base: int,
    limit: int,
    log: Log,
) -> int:
    """Repair one row of labels; return how many entries that took, or `_GIVEN_UP` above `limit` (the log undoes it)."""
    n_taken = _take_back(before, mark, label, worse, log.place, limit)
    for i in range(n_taken):
        mark[log.place[i]] = False
    if n_taken == limit:
        return _GIVEN_UP
    for i in range(n_taken):
        at = signed(log.place[i])
        log.before[i] = label[at]
        label[at] = UNREACHED
    log.n[0] = n_taken
    top, first = 0, signed(UNREACHED) >> shift
    for i in range(n_taken):
        at = signed(log.place[i])
        best = _find_best(record, node_at, inward, label, at, n_base)
        for s in range(len(node)):
            if node[s] >= 0 and place[node[s]] == at:
                best = min(best, signed(ticks[s]))
        if best <= cutoff and best < label[at]:
            _lower(w, label, log, top, at, best, shift)
            first = min(first, best >> shift)
            top += 1
    for i in range(better.shape[1]):
        reached, head = signed(label[better[0, i]]) + better[2, i], better[1, i]
        if reached < label[head] and reached <= cutoff:
            if top == limit:
                break
            _lower(w, label, log, top, head, reached, shift)
            first = min(first, reached >> shift)
            top += 1
    done = _GIVEN_UP if top >= limit else _pass_on(record, w, label, log, top, first, cutoff, shift, limit)
    if done == _GIVEN_UP:
        w.bucket[:] = _NONE
    return done
