"""The RAPTOR rounds as numba kernels: all departures of a window in one descending sweep.

RAPTOR and its range form: Delling, Pajor, Werneck (2015), "Round-based public transit routing", Transportation
Science 49(3). Two labels per stop and round, since transfers are not transitively closed: `vehicle` (earliest
arrival on a vehicle; the only one that may walk on or walk out) and `ready` (earliest readiness to board, by change
at the stop or by a transfer). One label alone would let a walk hide a later vehicle that may walk on.

A label is (mean arrival, spread), compared in this order. *Spread* packs up to four headways boarded since the last
scheduled boarding (see `add_headway`). Both boarding rules keep the order of labels, hence the sweep over
descending departures gives for every departure exactly what a search of its own would give.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from transit_model.network.arrays import I32, I64, Bool
from transit_model.routing.jit import INF_S, helper, jit
from transit_model.routing.timetable import TimetableIndex


class Labels(NamedTuple):
    """State of a sweep: label of stop s after at most k rides at ``[s, k]``, and the work lists of a round.

    ``caught[k, i]`` is the earliest trip of its pattern that one sits in at place i of ``TimetableIndex.stops`` after
    k rides and another boarding, there or before; the number of trips when there is none. Caught and not yet ridden
    on it stands as ``-1 - trip``. Readiness only ever falls during a sweep, so this only ever falls with it, and who
    would sit in a later trip, or in the same, learns nothing further along. It may lag behind where readiness fell by
    a journey of fewer rides: that journey has ridden the earlier trip itself. ``need_s[k, v]`` is a time by which one
    must be ready to catch an earlier trip at boarding visit v (`INF_S`: to be looked up).

    Lengths of lists are kept in arrays: as plain numbers numba would compile callers twice, for a literal 0 as well.
    """

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
    caught: I32
    need_s: I32
    n_marked: I64
    n_improved: I64


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
    n_trips = np.repeat(np.diff(index.trip_ptr), np.diff(index.stop_ptr)).astype(np.int32)
    return Labels(
        np.full(shape, INF_S, np.int32), np.zeros(shape, np.int64),
        np.full(shape, INF_S, np.int32), np.zeros(shape, np.int64),
        np.zeros(n, np.int32), np.zeros(n, np.bool_),
        np.zeros(n, np.int32), np.zeros(n, np.bool_),
        np.zeros(index.n_lines, np.int32), np.full(index.n_lines, INF_S, np.int32),
        np.tile(n_trips, (max_rides, 1)), np.full((max_rides, len(index.board_line)), INF_S, np.int32),
        np.zeros(1, np.int64), np.zeros(1, np.int64),
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


@helper
def lower(time_s: I32, spread: I64, stop: int, ride: int, t: int, x: int) -> bool:
    """Lower the label of a stop after `ride` rides, and of more rides as well; return whether it was better."""
    for k in range(ride, time_s.shape[1]):
        if t > time_s[stop, k] or (t == time_s[stop, k] and x >= spread[stop, k]):
            return k > ride
        time_s[stop, k] = t
        spread[stop, k] = x
    return True


@helper
def _find_trip(depart_s: I32, column: int, n_trips: int, ready: int) -> int:
    """Return the first trip that departs at or after `ready`, `n_trips` when there is none."""
    low, high = 0, n_trips
    while low < high:
        middle = (low + high) // 2
        if depart_s[column + middle] >= ready:
            high = middle
        else:
            low = middle + 1
    return low


@helper
def _collect_lines(ix: TimetableIndex, w: Labels, ride: int) -> int:
    """Queue the lines that are worth a scan with the first position to board at; unmark the stops.

    A pattern is worth it when the readiness of a marked stop now catches an earlier trip than before it improved.
    """
    board_ptr, board_line, board_pos = ix.board_ptr, ix.board_line, ix.board_pos
    board_at, board_column, depart_s = ix.board_at, ix.board_column, ix.depart_s
    caught, need_s = w.caught[ride - 1], w.need_s[ride - 1]
    first_pos, n_patterns, n_lines = w.first_pos, ix.n_patterns, 0
    for m in range(w.n_marked[0]):
        stop = w.marked[m]
        w.is_marked[stop] = False
        ready = w.ready_s[stop, ride - 1]
        for v in range(board_ptr[stop], board_ptr[stop + 1]):
            if ready > need_s[v]:
                continue
            line, pos = board_line[v], board_pos[v]
            if line < n_patterns:
                at, column = board_at[v], board_column[v]
                trip = caught[at]
                if trip == 0 or depart_s[column + trip - 1] < ready:
                    need_s[v] = depart_s[column + trip - 1] if trip > 0 else -INF_S
                    continue
                trip = _find_trip(depart_s, column, trip - 1, ready)
                caught[at] = -1 - trip
            if pos >= first_pos[line]:
                continue
            if first_pos[line] == INF_S:
                w.lines[n_lines] = line
                n_lines += 1
            first_pos[line] = pos
    w.n_marked[0] = 0
    return n_lines


@helper
def _ride_pattern(ix: TimetableIndex, w: Labels, line: int, first: int, ride: int, latest: int) -> None:
    """Scan one pattern from position `first`: alight where it helps, change to the earliest trip that can be had.

    Here and in `_walk` the arrays are taken out once and `lower` is written out: calls would cost more than the rest.
    """
    begin, n_pos = ix.stop_ptr[line], ix.stop_ptr[line + 1] - ix.stop_ptr[line]
    n_trips, event = ix.trip_ptr[line + 1] - ix.trip_ptr[line], ix.event_ptr[line]
    stops, alight, arrive_s, caught = ix.stops, ix.alight, ix.arrive_s, w.caught[ride - 1]
    vehicle_s, vehicle_x = w.vehicle_s, w.vehicle_x
    improved, is_improved = w.improved, w.is_improved
    trip, rounds, n_improved = n_trips, vehicle_s.shape[1], w.n_improved[0]
    for pos in range(first, n_pos):
        if trip < n_trips and alight[begin + pos]:
            stop = stops[begin + pos]
            t = arrive_s[event + trip * n_pos + pos]
            old = vehicle_s[stop, ride]
            if t <= latest and (t < old or (t == old and vehicle_x[stop, ride] > 0)):
                for k in range(ride, rounds):
                    if t > vehicle_s[stop, k] or (t == vehicle_s[stop, k] and vehicle_x[stop, k] == 0):
                        break
                    vehicle_s[stop, k] = t
                    vehicle_x[stop, k] = 0
                if not is_improved[stop]:
                    is_improved[stop] = True
                    improved[n_improved] = stop
                    n_improved += 1
        known = caught[begin + pos]
        if known < 0:
            trip = min(trip, -1 - known)
            caught[begin + pos] = trip
        elif trip < known:
            caught[begin + pos] = trip
        else:
            trip = n_trips
    w.n_improved[0] = n_improved


@jit
def board_headway(opens: int, closes: int, headway: int, ready: int, spread: int, free: bool) -> tuple[int, int]:
    """Return (mean departure, spread) at a stop that vehicles pass during ``[opens, closes)``, or (INF_S, 0).

    Who is ready then waits half a headway (rounded up to whole seconds); who is earlier waits for the band to begin
    and then half a headway, and what was uncertain before is over by then. With `free` the first wait is not counted:
    the vehicle is there.
    """
    if ready >= closes or (free and ready < opens):
        return INF_S, 0
    if free:
        return ready, spread
    if ready < opens:
        return opens + (headway + 1) // 2, add_headway(0, headway)
    return ready + (headway + 1) // 2, add_headway(spread, headway)


@helper
def _ride_headway(ix: TimetableIndex, w: Labels, row: int, first: int, ride: int, latest: int, free: bool) -> None:
    """Scan one headway row; `base` is the first-stop clock of the vehicle one sits in."""
    begin, n_pos = ix.h_stop_ptr[row], ix.h_stop_ptr[row + 1] - ix.h_stop_ptr[row]
    base, base_x = INF_S, 0
    for pos in range(first, n_pos):
        at = begin + pos
        stop = ix.h_stops[at]
        t = base + ix.h_arrive_s[at]
        better = base < INF_S and t <= latest and lower(w.vehicle_s, w.vehicle_x, stop, ride, t, base_x)
        if better and not w.is_improved[stop]:
            w.is_improved[stop] = True
            w.improved[w.n_improved[0]] = stop
            w.n_improved[0] += 1
        ready = w.ready_s[stop, ride - 1]
        if pos + 1 < n_pos and ready < INF_S:
            offset, x = ix.h_depart_s[at], w.ready_x[stop, ride - 1]
            opens, closes = ix.h_start_s[row] + offset, ix.h_end_s[row] + offset
            leave, x = board_headway(opens, closes, ix.h_headway_s[row], ready, x, free)
            start = leave - offset
            if leave < INF_S and (start < base or (start == base and x < base_x)):
                base, base_x = start, x


@helper
def _walk(ix: TimetableIndex, w: Labels, ride: int, latest: int) -> None:
    """From each stop just reached by vehicle make ready where a change or a walk leads."""
    vehicle_s, vehicle_x, ready_s, ready_x = w.vehicle_s, w.vehicle_x, w.ready_s, w.ready_x
    marked, is_marked = w.marked, w.is_marked
    transfer_ptr, transfer_to, transfer_s = ix.transfer_ptr, ix.transfer_to, ix.transfer_s
    n_marked, rounds = w.n_marked[0], ready_s.shape[1]
    for i in range(w.n_improved[0]):
        stop = w.improved[i]
        arrival, x = vehicle_s[stop, ride], vehicle_x[stop, ride]
        for e in range(transfer_ptr[stop], transfer_ptr[stop + 1]):
            to, t = transfer_to[e], arrival + transfer_s[e]
            old = ready_s[to, ride]
            if t > latest or t > old or (t == old and x >= ready_x[to, ride]):
                continue
            if not is_marked[to]:
                is_marked[to] = True
                marked[n_marked] = to
                n_marked += 1
            for k in range(ride, rounds):
                if t > ready_s[to, k] or (t == ready_s[to, k] and x >= ready_x[to, k]):
                    break
                ready_s[to, k] = t
                ready_x[to, k] = x
    w.n_marked[0] = n_marked


@helper
def _search_departure(ix: TimetableIndex, w: Labels, q: Query, clock_s: int) -> None:
    """Lower all labels by the journeys that leave at `clock_s` (not later than any departure searched before)."""
    max_rides = w.vehicle_s.shape[1] - 1
    latest = min(clock_s + q.limit_s, INF_S - 1)
    for a in range(len(q.access_stop)):
        stop = q.access_stop[a]
        if lower(w.ready_s, w.ready_x, stop, 0, clock_s + q.access_s[a], 0) and not w.is_marked[stop]:
            w.is_marked[stop] = True
            w.marked[w.n_marked[0]] = stop
            w.n_marked[0] += 1
    for ride in range(1, max_rides + 1):
        for i in range(_collect_lines(ix, w, ride)):
            line = w.lines[i]
            first = w.first_pos[line]
            w.first_pos[line] = INF_S
            if line < ix.n_patterns:
                _ride_pattern(ix, w, line, first, ride, latest)
            else:
                _ride_headway(ix, w, line - ix.n_patterns, first, ride, latest, q.first_wait_free and ride == 1)
        if ride < max_rides:
            _walk(ix, w, ride, latest)
        for i in range(w.n_improved[0]):
            w.is_improved[w.improved[i]] = False
        w.n_improved[0] = 0
        if w.n_marked[0] == 0:
            return


@helper
def _find_best(w: Labels, q: Query, d: int) -> tuple[int, int]:
    """Return the best label (arrival with egress, spread) of destination `d`, INF_S when there is none."""
    vehicle_s, vehicle_x, dest_stop, dest_s = w.vehicle_s, w.vehicle_x, q.dest_stop, q.dest_s
    best, best_x = INF_S, 0
    for e in range(q.dest_ptr[d], q.dest_ptr[d + 1]):
        t, x = vehicle_s[dest_stop[e], -1], vehicle_x[dest_stop[e], -1]
        if t < INF_S and (t + dest_s[e] < best or (t + dest_s[e] == best and x < best_x)):
            best, best_x = t + dest_s[e], x
    return best, best_x


@jit
def sweep(ix: TimetableIndex, w: Labels, q: Query, clock_s: I64, travel_s: I32, spread: I64) -> None:
    """Search all departures (ascending `clock_s`, searched from the last) and write travel times.

    `travel_s`, `spread`: (n_dep, n_dest), mean travel time (INF_S when unreachable or above the limit) and spread,
    which is left alone when there is no headway line.
    """
    has_headways, n_dest = ix.n_lines > ix.n_patterns, len(q.dest_ptr) - 1
    plain = not has_headways and len(q.dest_stop) == n_dest  # one stop each: the common case, written out
    for d in range(n_dest):
        plain = plain and q.dest_ptr[d + 1] == d + 1
    vehicle_s, dest_stop, dest_s = w.vehicle_s, q.dest_stop, q.dest_s
    for i in range(len(clock_s) - 1, -1, -1):
        _search_departure(ix, w, q, clock_s[i])
        if plain:
            for d in range(n_dest):
                t = np.int64(vehicle_s[dest_stop[d], -1]) + dest_s[d] - clock_s[i]
                travel_s[i, d] = t if t <= q.limit_s else INF_S
            continue
        for d in range(n_dest):
            t, x = _find_best(w, q, d)
            within = t < INF_S and t - clock_s[i] <= q.limit_s
            travel_s[i, d] = t - clock_s[i] if within else INF_S
            if has_headways:
                spread[i, d] = x if within else 0
