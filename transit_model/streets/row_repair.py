"""One row of labels searched anew, or repaired after some arcs of the graph have changed, as numba kernels."""

from __future__ import annotations

from typing import Final

from transit_model.network.arrays import I32, I64, Bool
from transit_model.store.jit import helper, jit, signed
from transit_model.streets.bucket_graph import U32, U64, WEIGHT_SHIFT
from transit_model.streets.bucket_queue import FULL, UNREACHED, Work, clear, search
from transit_model.streets.graph_edit import Inward
from transit_model.streets.link_tree import GIVEN_UP, Log

_NONE: Final = 0xFFFFFFFF


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
def _take_back(record: U64, before: U64, first: I32, mark: Bool, label: U32, worse: I64, stack: U32, limit: int) -> int:
    """Mark and list places whose label hangs on a worse arc; return how many, `limit` when there are too many.

    Labels hang on arcs as they were: ``before[first[place]]`` where the edit has written over a record, -1 elsewhere.
    """
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
            arc = signed(record[at, k] if first[at] < 0 else before[first[at], k])
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
        node, reached, leads_on = tail, signed(label[tail]), True
        while leads_on:  # an arc may have moved on to a spare place
            leads_on, step = False, node
            for k in range(record.shape[1]):
                arc = signed(record[node, k])
                head = arc & _NONE
                if head == at:
                    best = min(best, reached + (arc >> WEIGHT_SHIFT))
                elif head >= n_base and node_at[head] < 0 and head != node:
                    leads_on, step = True, head
            node = step
    return best


@helper
def _pass_on(
    record: U64, w: Work, label: U32, log: Log, top: int, first: int, cutoff: int, shift: int, limit: int
) -> int:
    """Pass lowered labels on, bucket by bucket from number `first`; return the entries written or `GIVEN_UP`."""
    number, settled, mask = first, 0, len(w.bucket) - 1
    while settled < top:
        slot = number & mask
        while w.bucket[slot] != _NONE:
            entry = signed(w.bucket[slot])
            w.bucket[slot] = w.entry_next[entry]
            at = signed(w.entry_place[entry])
            settled += 1
            if top + record.shape[1] > limit:
                return GIVEN_UP
            current = signed(label[at])
            for k in range(record.shape[1]):
                arc = signed(record[at, k])
                to, ticks = arc & _NONE, current + (arc >> WEIGHT_SHIFT)
                if ticks < label[to] and ticks <= cutoff:
                    _lower(w, label, log, top, to, ticks, shift)
                    top += 1
        number += 1
    return top


@jit
def repair_row(
    record: U64,
    before: U64,
    first: I32,
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
    """Repair one row of labels; return how many entries that took, or `GIVEN_UP` above `limit` (the log undoes it)."""
    n_taken = _take_back(record, before, first, mark, label, worse, log.place, limit)
    for i in range(n_taken):
        mark[log.place[i]] = False
    if n_taken == limit:
        return GIVEN_UP
    for i in range(n_taken):
        at = signed(log.place[i])
        log.before[i] = label[at]
        label[at] = UNREACHED
    log.n[0] = n_taken
    top, lowest = 0, signed(UNREACHED) >> shift
    for i in range(n_taken):
        at = signed(log.place[i])
        best = _find_best(record, node_at, inward, label, at, n_base)
        for s in range(len(node)):
            if node[s] >= 0 and place[node[s]] == at:
                best = min(best, signed(ticks[s]))
        if best <= cutoff and best < label[at]:
            _lower(w, label, log, top, at, best, shift)
            lowest = min(lowest, best >> shift)
            top += 1
    for i in range(better.shape[1]):
        reached, head = signed(label[better[0, i]]) + better[2, i], better[1, i]
        if reached < label[head] and reached <= cutoff:
            if top == limit:
                break
            _lower(w, label, log, top, head, reached, shift)
            lowest = min(lowest, reached >> shift)
            top += 1
    done = GIVEN_UP if top >= limit else _pass_on(record, w, label, log, top, lowest, cutoff, shift, limit)
    if done == GIVEN_UP:
        w.bucket[:] = _NONE
    return done
