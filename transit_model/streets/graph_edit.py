"""A packed street graph with some arcs changed, closed or added, in place, and back again.

A new arc goes into an unused part of its node's record, or into a spare place that the record leads on to; a new node
takes a spare place. Everything else stays where it is, so labels of the old graph can be repaired for the new one.
What is written over is noted: an edit costs what it touches, not a copy of the graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError
from transit_model.network.arrays import I32, I64
from transit_model.store.jit import INF_S, helper, jit, signed
from transit_model.streets.bucket_graph import ARCS, DEAD_END, U64, WEIGHT_SHIFT, BucketGraph

CLOSED: Final = -1
"""Weight of an arc that is taken out."""
_HEAD: Final = 0xFFFFFFFF


class GraphEdit(NamedTuple):
    """An edit that is done, and what it takes to see or restore the graph as it was.

    Attributes
    ----------
    graph : BucketGraph
        After the edit; shares its arrays with the graph before.
    worse, better : (3, n) int64
        Place of the tail, place of the head, ticks: what became worse, as it was, and better, as it is. An arc that is
        only moved to another place is among the better ones as well.
    place, record : (m,) int32, (m, 3) uint64
        Places whose records were written over, in order (one may be listed again), and what stood there.
    """

    graph: BucketGraph
    worse: I64
    better: I64
    place: I32
    record: U64


def copy_graph(graph: BucketGraph) -> BucketGraph:
    """Return a graph that may be edited in place without changing another."""
    return graph._replace(place=graph.place.copy(), node_at=graph.node_at.copy(), record=graph.record.copy())


def read_arcs(graph: BucketGraph, tail: I64, head: I64) -> I64:
    """Return those arcs between places that are there now, (3, m) int64 of tail, head and ticks."""
    found = [
        (t, h, int(arc >> WEIGHT_SHIFT))
        for t, h in zip(tail.tolist(), head.tolist(), strict=True)
        for arc in graph.record[t].astype(np.int64)
        if t != h and arc & _HEAD == h
    ]
    return np.array(found, np.int64).reshape(-1, 3).T


class Inward(NamedTuple):
    """For each place the places from which arcs lead to it (CSR), in the unedited graph."""

    ptr: I64
    tail: I32


def list_inward(graph: BucketGraph) -> Inward:
    """Return the arcs of a packed graph turned round, without weights."""
    n_places = len(graph.node_at)
    head = (graph.record & _HEAD).astype(np.int64).ravel()
    tail = np.repeat(np.arange(n_places, dtype=np.int32), ARCS)
    used = head != tail
    head, tail = head[used], tail[used]
    order = np.argsort(head, kind="stable")
    return Inward(np.concatenate([[0], np.cumsum(np.bincount(head, minlength=n_places))]), tail[order])


def check_arcs(graph: BucketGraph, tail: npt.ArrayLike, head: npt.ArrayLike, ticks: npt.ArrayLike) -> I64:
    """Return edits as (3, k) int64 tails, heads, ticks; of several edits of one pair of nodes the last.

    Raises
    ------
    InputError
        When a node is neither in the graph nor the next new one, or a weight does not fit.
    """
    arcs = np.stack([np.asarray(x, np.int64).ravel() for x in (tail, head, ticks)])
    nodes, n = arcs[:2], graph.n_nodes
    if arcs.shape[1]:
        if nodes.min() < 0 or len(np.unique(nodes[nodes >= n])) != max(0, int(nodes.max()) + 1 - n):
            raise InputError("an edited arc names a node that is neither in the graph nor the next new one")
        if arcs[2].min() < CLOSED or arcs[2].max() >= INF_S:
            raise InputError(f"street weights must lie within 0 and {INF_S - 1} ticks")
    last = {pair: k for k, pair in enumerate(zip(*nodes.tolist(), strict=True))}
    return arcs[:, sorted(last.values())]


def add_nodes(graph: BucketGraph, n_new: int) -> BucketGraph | None:
    """Return the graph with so many nodes more, in spare places; None when there are not enough of them."""
    n, spare = graph.n_nodes, graph.n_used
    if n_new > len(graph.node_at) - spare:
        return None
    if n_new <= 0:
        return graph
    place = np.concatenate([graph.place, np.arange(spare, spare + n_new, dtype=np.int32)])
    graph.node_at[spare : spare + n_new] = np.arange(n, n + n_new)
    return graph._replace(place=place, n_used=spare + n_new)


def edit_graph(graph: BucketGraph, inward: Inward, arcs: I64) -> GraphEdit | None:
    """Set some arcs in place; None, and the graph is as before, when there are not enough spare places.

    Parameters
    ----------
    arcs : (3, k) int64
        From `check_arcs`, between nodes that are there (`add_nodes`). The new weight is that of all arcs from tail to
        head, `CLOSED` takes them out; an arc that is not there is added.
    """
    width = 8 * arcs.shape[1] + 8
    tails = graph.place[arcs[0]]
    n_saved = 2 * width + 4 * int((inward.ptr[tails + 1] - inward.ptr[tails]).sum())
    changes = _Changes(
        np.empty((3, width), np.int64), np.empty((3, width), np.int64),
        np.empty(n_saved, np.int32), np.empty((n_saved, ARCS), np.uint64), np.zeros(4, np.int64),
    )  # fmt: skip
    n_used = _set_arcs(graph.record, graph.place, graph.node_at, inward, arcs, graph.n_used, changes)
    n_worse, n_better, n_saved, overflow = changes.n.tolist()
    largest = max(graph.max_ticks, int(arcs[2].max(initial=0)))
    edit = GraphEdit(
        graph._replace(max_ticks=largest, n_used=n_used),
        changes.worse[:, :n_worse].copy(), changes.better[:, :n_better].copy(),
        changes.place[:n_saved], changes.record[:n_saved],
    )  # fmt: skip
    if overflow:
        restore_graph(edit.graph, graph, [edit])
        return None
    return edit


def restore_graph(graph: BucketGraph, before: BucketGraph, edits: Sequence[GraphEdit]) -> None:
    """Take back edits of a graph that was `before`, the last first."""
    for edit in reversed(edits):
        graph.record[edit.place[::-1]] = edit.record[::-1]  # of a place that is listed twice the first is the oldest
    graph.node_at[before.n_used : graph.n_used] = -1


class _Changes(NamedTuple):
    """Lists as in `GraphEdit` with room for more; `n` (4,): lengths of three of them, and 1 when one overflowed."""

    worse: I64
    better: I64
    place: I32
    record: U64
    n: I64


@helper
def _save(changes: _Changes, record: U64, at: int) -> bool:
    """Note the record of a place before it is written over; return False when there is no room."""
    n = changes.n[2]
    if n == len(changes.place):
        changes.n[3] = 1
        return False
    changes.place[n] = at
    for k in range(record.shape[1]):
        changes.record[n, k] = record[at, k]
    changes.n[2] += 1
    return True


@helper
def _note(changes: _Changes, which: int, at: int, to: int, ticks: int) -> None:
    table = changes.worse if which == 0 else changes.better
    n = changes.n[which]
    if n == table.shape[1]:
        changes.n[3] = 1
        return
    table[0, n], table[1, n], table[2, n] = at, to, ticks
    changes.n[which] += 1


@helper
def _change(record: U64, changes: _Changes, at: int, k: int, ticks: int) -> None:
    """Write one arc anew, or take it out."""
    if not _save(changes, record, at):
        return
    arc = signed(record[at, k])
    to, old = arc & _HEAD, arc >> WEIGHT_SHIFT
    if ticks == CLOSED or ticks > old:
        _note(changes, 0, at, to, old)
    elif ticks < old:
        _note(changes, 1, at, to, ticks)
    kept = (ticks << WEIGHT_SHIFT) | (arc & DEAD_END) | to
    record[at, k] = np.uint64(at if ticks == CLOSED else kept)


@helper
def _carried_on(record: U64, node_at: I32, at: int) -> int:
    """Return the place that a record leads on to, -1 when it is the last of its node."""
    for k in range(record.shape[1]):
        head = signed(record[at, k]) & _HEAD
        if head != at and node_at[head] < 0:
            return head
    return -1


@helper
def _add(record: U64, node_at: I32, changes: _Changes, at: int, to: int, ticks: int, spare: int) -> int:
    """Add an arc to the records that begin at a place; return the first spare place that is left."""
    last = at
    while at >= 0:
        for k in range(record.shape[1]):
            if signed(record[at, k]) & _HEAD == at:
                if not _save(changes, record, at):
                    return spare
                record[at, k] = np.uint64((ticks << WEIGHT_SHIFT) | to)
                _note(changes, 1, at, to, ticks)
                return spare
        last, at = at, _carried_on(record, node_at, at)
    if spare == record.shape[0]:
        changes.n[3] = 1
        return spare
    if not _save(changes, record, last) or not _save(changes, record, spare):
        return spare
    # The last record is full: its last arc moves on to a spare place, together with the new one.
    moved = signed(record[last, ARCS - 1])
    record[spare, 0] = np.uint64(moved)
    _note(changes, 1, spare, moved & _HEAD, moved >> WEIGHT_SHIFT)
    record[last, ARCS - 1] = np.uint64(spare)
    record[spare, 1] = np.uint64((ticks << WEIGHT_SHIFT) | to)
    _note(changes, 1, last, spare, 0)
    _note(changes, 1, spare, to, ticks)
    return spare + 1


@jit
def _set_arcs(record: U64, place: I32, node_at: I32, inward: Inward, arcs: I64, spare: int, changes: _Changes) -> int:
    """Write the arcs (tails, heads, ticks); return how many places are in use then."""
    for i in range(arcs.shape[1]):
        first, to, ticks = signed(place[arcs[0, i]]), signed(place[arcs[1, i]]), arcs[2, i]
        found, at = first == to, first  # a loop is on no shortest path
        while at >= 0:
            onward = _carried_on(record, node_at, at)
            for k in range(record.shape[1]):
                if signed(record[at, k]) & _HEAD == to and first != to:
                    found = True
                    _change(record, changes, at, k, ticks)
            at = onward
        if not found and ticks != CLOSED:
            spare = _add(record, node_at, changes, first, to, ticks, spare)
            # Whoever has an arc more is no dead end any longer.
            for e in range(inward.ptr[first], inward.ptr[first + 1]):
                _unflag(record, node_at, changes, signed(inward.tail[e]), first)
    return spare


@helper
def _unflag(record: U64, node_at: I32, changes: _Changes, at: int, dead_end: int) -> None:
    """Take the flag of a dead end off the arcs to a place, in a record and in those it leads on to."""
    while at >= 0:
        for k in range(record.shape[1]):
            arc = signed(record[at, k])
            if arc & _HEAD == dead_end and arc & DEAD_END and _save(changes, record, at):
                record[at, k] = np.uint64(arc & ~DEAD_END)
        at = _carried_on(record, node_at, at)
