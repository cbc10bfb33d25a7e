"""The RAPTOR rounds as numba kernels: all departures of a window in one descending sweep.

RAPTOR and its range form: Delling, Pajor, Werneck (2015), "Round-based public transit routing", Transportation
Science 49(3). Two labels per stop and round, since transfers are not transitively closed: `vehicle` (earliest
arrival on a vehicle; the only one that may walk on or walk out) and `ready` (earliest readiness to board, by change
at the stop or by a transfer). One label alone would let a walk hide a later vehicle that may walk on.

A label is (mean arrival, spread), compared in this order. *Spread* packs up to four headways boarded since the last
scheduled boarding (see `add_headway`). Both boarding rules keep the order of labels, hence the sweep over
descending departures gives for every departure exactly what a search of its own would give.
"""

# ruff: noqa: PLR0917 - kernels pass plain numbers, by position
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from transit_model.network.arrays import I32, I64, Bool
from transit_model.routing.jit import INF_S, jit
from transit_model.routing.timetable import TimetableIndex


class Labels(NamedTuple):
    """State of a sweep: label of stop s after at most k rides at ``[s, k]``, and the work lists of a round."""

    vehicle_s: I32
    vehicle_x: I64
    ready_s: I32
    ready_x: I64
    marked: I32
    is_marked: Bool
    improved: I32
    is_improved: Bool
    lines: I32
    first_pos: I32


class Query(NamedTuple):
    """What is asked: access pairs, longest mean travel time, whether the first wait counts, destinations (CSR)."""

    access_stop: I32
    access_s: I32
    limit_s: int
    first_wait_free: bool
    dest_ptr: I32
    dest_stop: I32
    dest_s: I32


def build_labels(index: TimetableIndex, max_rides: int) -> Labels:
    """Return the labels before any departure: nothing is reached."""
    n, shape = index.n_stops, (index.n_stops, max_rides + 1)
    return Labels(
        np.full(shape, INF_S, np.int32), np.zeros(shape, np.int64),
        np.full(shape, INF_S, np.int32), np.zeros(shape, np.int64),
        np.zeros(n, np.int32), np.zeros(n, np.bool_),
        np.zeros(n, np.int32), np.zeros(n, np.bool_),
        np.zeros(index.n_lines, np.int32), np.full(index.n_lines, INF_S, np.int32),
    )  # fmt: skip


@jit
def add_headway(spread: int, headway_s: int) -> int:
    """Add one headway to a spread: four 16-bit fields in falling order; of a fifth the smallest is dropped.

    Falling order makes equal sets equal numbers, and the order of numbers survives adding the same headway to both,
    which the sweep needs. What is dropped keeps its mean wait and loses its spread only.
    """
    result = 0
    left = headway_s
    for shift in (48, 32, 16, 0):
        field = (spread >> shift) & 0xFFFF
        if left > field:
            field, left = left, field
        result |= field << shift
    return result


@jit
def improve(time_s: I32, spread: I64, stop: int, ride: int, t: int, x: int) -> bool:
    """Lower the label of a stop after `ride` rides, and of more rides as well; return whether it was better."""
    old = time_s[stop, ride]
    if t > old or (t == old and x >= spread[stop, ride]):
        return False
    for k in range(ride, time_s.shape[1]):
        if t > time_s[stop, k] or (t == time_s[stop, k] and x >= spread[stop, k]):
            break
        time_s[stop, k] = t
        spread[stop, k] = x
    return True


@jit
def _alight(w: Labels, n_improved: int, stop: int, ride: int, t: int, x: int) -> int:
    if improve(w.vehicle_s, w.vehicle_x, stop, ride, t, x) and not w.is_improved[stop]:
        w.is_improved[stop] = True
        w.improved[n_improved] = stop
        return n_improved + 1
    return n_improved


@jit
def _mark(w: Labels, n_marked: int, stop: int, ride: int, t: int, x: int) -> int:
    if improve(w.ready_s, w.ready_x, stop, ride, t, x) and not w.is_marked[stop]:
        w.is_marked[stop] = True
        w.marked[n_marked] = stop
        return n_marked + 1
    return n_marked


@jit
def _ride_pattern(ix: TimetableIndex, w: Labels, line: int, first: int, ride: int, latest: int, n_improved: int) -> int:
    """Scan one pattern from position `first`: alight where it helps, change to the earliest trip that can be had."""
    begin, n_pos = ix.stop_ptr[line], ix.stop_ptr[line + 1] - ix.stop_ptr[line]
    n_trips, event = ix.trip_ptr[line + 1] - ix.trip_ptr[line], ix.event_ptr[line]
    trip = n_trips
    for pos in range(first, n_pos):
        stop = ix.stops[begin + pos]
        if trip < n_trips and ix.alight[begin + pos]:
            t = ix.arrive_s[event + trip * n_pos + pos]
            if t <= latest:
                n_improved = _alight(w, n_improved, stop, ride, t, 0)
        if pos + 1 < n_pos and ix.board[begin + pos]:
            ready = w.ready_s[stop, ride - 1]
            column = event + pos * n_trips
            if trip > 0 and ready <= ix.depart_s[column + trip - 1]:
                low, high = 0, trip - 1
                while low < high:
                    middle = (low + high) // 2
                    if ix.depart_s[column + middle] >= ready:
                        high = middle
                    else:
                        low = middle + 1
                trip = low
    return n_improved


@jit
def board_headway(ix: TimetableIndex, row: int, at: int, ready: int, spread: int, free: bool) -> tuple[int, int]:
    """Return (mean departure, spread) on a headway row at entry `at` of its stops, or (INF_S, 0).

    The vehicle passes during ``[start + offset, end + offset)``. Who is ready then waits half a headway (rounded up
    to whole seconds); who is earlier waits for the band to begin and then half a headway, and what was uncertain
    before is over by then. With `free` the first wait is not counted: the vehicle is there.
    """
    opens = ix.h_start_s[row] + ix.h_depart_s[at]
    if ready >= ix.h_end_s[row] + ix.h_depart_s[at] or (free and ready < opens):
        return INF_S, 0
    if free:
        return ready, spread
    headway = ix.h_headway_s[row]
    if ready < opens:
        return opens + (headway + 1) // 2, add_headway(0, headway)
    return ready + (headway + 1) // 2, add_headway(spread, headway)


@jit
def _ride_headway(
    ix: TimetableIndex, w: Labels, row: int, first: int, ride: int, latest: int, free: bool, n_improved: int
) -> int:
    """Scan one headway row; `base` is the first-stop clock of the vehicle one sits in."""
    begin, n_pos = ix.h_stop_ptr[row], ix.h_stop_ptr[row + 1] - ix.h_stop_ptr[row]
    base, base_x = INF_S, 0
    for pos in range(first, n_pos):
        at = begin + pos
        stop = ix.h_stops[at]
        if base < INF_S and base + ix.h_arrive_s[at] <= latest:
            n_improved = _alight(w, n_improved, stop, ride, base + ix.h_arrive_s[at], base_x)
        ready = w.ready_s[stop, ride - 1]
        if pos + 1 < n_pos and ready < INF_S:
            t, x = board_headway(ix, row, at, ready, w.ready_x[stop, ride - 1], free)
            if t < INF_S and (t - ix.h_depart_s[at] < base or (t - ix.h_depart_s[at] == base and x < base_x)):
                base, base_x = t - ix.h_depart_s[at], x
    return n_improved


@jit
def _collect_lines(ix: TimetableIndex, w: Labels, n_marked: int) -> int:
    """Queue the lines of all marked stops with the first position to board at; unmark the stops."""
    n_lines = 0
    for m in range(n_marked):
        stop = w.marked[m]
        w.is_marked[stop] = False
        for v in range(ix.visit_ptr[stop], ix.visit_ptr[stop + 1]):
            line, pos = ix.visit_line[v], ix.visit_pos[v]
            if w.first_pos[line] == INF_S:
                w.lines[n_lines] = line
                n_lines += 1
            w.first_pos[line] = min(w.first_pos[line], pos)
    return n_lines


@jit
def _change_and_walk(ix: TimetableIndex, w: Labels, ride: int, latest: int, n_improved: int) -> int:
    """From each stop just reached by vehicle: change at the stop, or walk to others. Returns the stops marked."""
    n_marked = 0
    for i in range(n_improved):
        stop = w.improved[i]
        t, x = w.vehicle_s[stop, ride], w.vehicle_x[stop, ride]
        n_marked = _mark(w, n_marked, stop, ride, t + ix.change_s[stop], x)
        for e in range(ix.transfer_ptr[stop], ix.transfer_ptr[stop + 1]):
            if t + ix.transfer_s[e] <= latest:
                n_marked = _mark(w, n_marked, ix.transfer_to[e], ride, t + ix.transfer_s[e], x)
    return n_marked


@jit
def search_departure(ix: TimetableIndex, w: Labels, q: Query, clock_s: int) -> None:
    """Lower all labels by the journeys that leave at `clock_s` (not later than any departure searched before)."""
    max_rides = w.vehicle_s.shape[1] - 1
    latest = min(clock_s + q.limit_s, INF_S - 1)
    n_marked = 0
    for a in range(len(q.access_stop)):
        n_marked = _mark(w, n_marked, q.access_stop[a], 0, clock_s + q.access_s[a], 0)
    for ride in range(1, max_rides + 1):
        n_lines = _collect_lines(ix, w, n_marked)
        if n_lines == 0:
            return
        n_improved = 0
        for i in range(n_lines):
            line = w.lines[i]
            first = w.first_pos[line]
            w.first_pos[line] = INF_S
            if line < ix.n_patterns:
                n_improved = _ride_pattern(ix, w, line, first, ride, latest, n_improved)
            else:
                free = q.first_wait_free and ride == 1
                n_improved = _ride_headway(ix, w, line - ix.n_patterns, first, ride, latest, free, n_improved)
        for i in range(n_improved):
            w.is_improved[w.improved[i]] = False
        n_marked = 0
        if ride < max_rides:
            n_marked = _change_and_walk(ix, w, ride, latest, n_improved)


@jit
def find_best(w: Labels, q: Query, d: int) -> tuple[int, int]:
    """Return the best label (arrival with egress, spread) of destination `d`, INF_S when there is none."""
    best, best_x = INF_S, 0
    for e in range(q.dest_ptr[d], q.dest_ptr[d + 1]):
        t, x = w.vehicle_s[q.dest_stop[e], -1], w.vehicle_x[q.dest_stop[e], -1]
        if t < INF_S and (t + q.dest_s[e] < best or (t + q.dest_s[e] == best and x < best_x)):
            best, best_x = t + q.dest_s[e], x
    return best, best_x


@jit
def sweep(ix: TimetableIndex, w: Labels, q: Query, clock_s: I32, travel_s: I32, spread: I64) -> None:
    """Search all departures (ascending `clock_s`, searched from the last) and write travel times.

    `travel_s`, `spread`: (n_dest, n_dep), mean travel time (INF_S when unreachable or above the limit) and spread.
    """
    for i in range(len(clock_s) - 1, -1, -1):
        search_departure(ix, w, q, clock_s[i])
        for d in range(len(q.dest_ptr) - 1):
            t, x = find_best(w, q, d)
            within = t < INF_S and t - clock_s[i] <= q.limit_s
            travel_s[d, i] = t - clock_s[i] if within else INF_S
            spread[d, i] = x if within else 0
