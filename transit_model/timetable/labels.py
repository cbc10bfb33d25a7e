"""What a sweep of the timetable knows of each stop: its labels before, between and after departures, and what is asked.

Helpers of the kernels in `kernel`; the rounds themselves stand there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from transit_model.network.arrays import I32, I64, Bool
from transit_model.store.jit import INF_S, helper, signed
from transit_model.timetable.index import TimetableIndex


class Labels(NamedTuple):
    """State of a sweep: label of stop s after at most k rides at ``[s, k]``, and the work lists of a round.

    ``caught[k, i]`` is the earliest trip of its pattern that one sits in at place i of ``TimetableIndex.stops`` after
    k rides and another boarding, there or before; the number of trips when there is none. Caught and not yet ridden
    on it stands as ``-1 - trip``. Readiness only ever falls during a sweep, so this only ever falls with it, and who
    would sit in a later trip, or in the same, learns nothing further along. It may lag behind where readiness fell by
    a journey of fewer rides: that journey has ridden the earlier trip itself. ``need_s[k, v]`` is a time by which one
    must be ready to catch an earlier trip at boarding visit v (`INF_S`: to be looked up).

    `first_s` holds the first vehicle of each headway row in the draw that is searched. Lengths of lists are kept in
    arrays: as plain numbers numba would compile callers twice, for a literal 0 as well.
    """

    vehicle_s: I32
    ready_s: I32
    marked: I32
    is_marked: Bool
    improved: I32
    is_improved: Bool
    lines: I32
    first_pos: I32
    caught: I32
    need_s: I32
    first_s: I32
    n_marked: I64
    n_improved: I64


class Query(NamedTuple):
    """What is asked: access pairs, longest travel time, whether headway vehicles wait for one, destinations (CSR)."""

    access_stop: I32
    access_s: I32
    limit_s: int
    best_case: bool
    dest_ptr: I32
    dest_stop: I32
    dest_s: I32


def build_labels(index: TimetableIndex, max_rides: int) -> Labels:
    """Return the labels before any departure: nothing is reached."""
    n, shape = index.n_stops, (index.n_stops, max_rides + 1)
    n_trips = np.repeat(np.diff(index.trip_ptr), np.diff(index.stop_ptr)).astype(np.int32)
    return Labels(
        np.full(shape, INF_S, np.int32), np.full(shape, INF_S, np.int32),
        np.zeros(n, np.int32), np.zeros(n, np.bool_),
        np.zeros(n, np.int32), np.zeros(n, np.bool_),
        np.zeros(index.n_lines, np.int32), np.full(index.n_lines, INF_S, np.int32),
        np.tile(n_trips, (max_rides, 1)), np.full((max_rides, len(index.board_line)), INF_S, np.int32),
        np.zeros(len(index.h_start_s), np.int32),
        np.zeros(1, np.int64), np.zeros(1, np.int64),
    )  # fmt: skip


@helper
def set_out(w: Labels, q: Query, clock_s: int) -> None:
    """Lower the readiness at the access stops of who leaves at `clock_s` (no later than who was searched before)."""
    ready_s, rounds = w.ready_s, w.ready_s.shape[1]
    for a in range(len(q.access_stop)):
        stop, t = q.access_stop[a], clock_s + q.access_s[a]
        if t >= ready_s[stop, 0]:
            continue
        for k in range(rounds):
            if t >= ready_s[stop, k]:
                break
            ready_s[stop, k] = t
        if not w.is_marked[stop]:
            w.is_marked[stop] = True
            w.marked[w.n_marked[0]] = stop
            w.n_marked[0] += 1


@helper
def copy_labels(w: Labels, to: Labels, with_caught: bool) -> None:
    """Copy the labels; what is caught only where it may have changed on either side, since it is by far the most.

    Flat, which takes a third of the time of two dimensions.
    """
    source, target = w.vehicle_s.ravel(), to.vehicle_s.ravel()
    for i in range(len(source)):
        target[i] = source[i]
    source, target = w.ready_s.ravel(), to.ready_s.ravel()
    for i in range(len(source)):
        target[i] = source[i]
    if not with_caught:
        return
    source, target = w.caught.ravel(), to.caught.ravel()
    for i in range(len(source)):
        target[i] = source[i]
    source, target = w.need_s.ravel(), to.need_s.ravel()
    for i in range(len(source)):
        target[i] = source[i]


@helper
def may_help(w: Labels, least: Labels, q: Query) -> bool:
    """Return whether any destination is reached sooner by `least` than by `w`."""
    scheduled_s, least_s, dest_ptr, dest_stop, dest_s = w.vehicle_s, least.vehicle_s, q.dest_ptr, q.dest_stop, q.dest_s
    for d in range(len(dest_ptr) - 1):
        before, after = signed(INF_S), signed(INF_S)
        for e in range(dest_ptr[d], dest_ptr[d + 1]):
            before = min(before, np.int64(scheduled_s[dest_stop[e], -1]) + dest_s[e])
            after = min(after, np.int64(least_s[dest_stop[e], -1]) + dest_s[e])
        if after < before:
            return True
    return False


@helper
def read_times(w: Labels, q: Query, clock_s: int, plain: bool, travel_s: I32) -> None:
    """Write the travel time to each destination, (n_dest,), INF_S where there is none within the limit."""
    vehicle_s, dest_stop, dest_s = w.vehicle_s, q.dest_stop, q.dest_s
    for d in range(len(q.dest_ptr) - 1):
        if plain:  # one stop each: the common case, written out
            best = np.int64(vehicle_s[dest_stop[d], -1]) + dest_s[d]
        else:
            best = signed(INF_S)
            for e in range(q.dest_ptr[d], q.dest_ptr[d + 1]):
                t = vehicle_s[dest_stop[e], -1]
                if t < INF_S:
                    best = min(best, np.int64(t) + dest_s[e])
        within = best < INF_S and best - clock_s <= q.limit_s
        travel_s[d] = best - clock_s if within else INF_S
