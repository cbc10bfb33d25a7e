"""The RAPTOR rounds as numba kernels: all departures of a window in one descending sweep.

RAPTOR and its range form: Delling, Pajor, Werneck (2015), "Round-based public transit routing", Transportation
Science 49(3). Two labels per stop and round, since transfers are not transitively closed: `vehicle` (earliest
arrival on a vehicle; the only one that may walk on or walk out) and `ready` (earliest readiness to board, by change
at the stop or by a transfer). One label alone would let a walk hide a later vehicle that may walk on.

Scheduled trips are swept over descending departures: labels of later departures stand. Headway lines run by another
timetable in each draw of their phases (`frequency`), so each draw starts from a copy of the labels of scheduled trips
alone and adds what headway lines make better.
"""

from __future__ import annotations

import numpy as np

from transit_model.network.arrays import I32, I64
from transit_model.store.jit import INF_S, helper, jit, signed
from transit_model.timetable.frequency import find_vehicle, set_first_vehicles
from transit_model.timetable.index import TimetableIndex
from transit_model.timetable.labels import Labels, Query, copy_labels, may_help, read_times, set_out


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
    """Queue the patterns that are worth a scan with the first position to board at; unmark the stops.

    One is worth it when the readiness of a marked stop now catches an earlier trip than before it improved.
    """
    board_ptr, board_line, board_pos = ix.board_ptr, ix.board_line, ix.board_pos
    board_at, board_column, depart_s = ix.board_at, ix.board_column, ix.depart_s
    caught, need_s = w.caught[ride - 1], w.need_s[ride - 1]
    first_pos, n_lines = w.first_pos, 0
    for m in range(w.n_marked[0]):
        stop = w.marked[m]
        w.is_marked[stop] = False
        ready = w.ready_s[stop, ride - 1]
        for v in range(board_ptr[stop], board_ptr[stop + 1]):
            if ready > need_s[v]:
                continue
            line, pos = board_line[v], board_pos[v]
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
def _collect_headways(ix: TimetableIndex, w: Labels, known_s: I32, ride: int, n_lines: int) -> int:
    """Queue behind `n_lines` patterns the headway rows of all stops at which one more ride makes one ready earlier.

    Where a vehicle of a band is caught for sure, the later bands of its trip are of no use. `known_s`, when it is not
    empty, keeps the readiness of stops whose rows were queued in a round (as `Labels.ready_s`): once is enough there.
    """
    ready_s, first_pos, lines, n_patterns = w.ready_s, w.first_pos, w.lines, ix.n_patterns
    board_at, board_ptr, board_row, board_pos = ix.h_board_at, ix.h_board_ptr, ix.h_board_row, ix.h_board_pos
    opens_s, closes_s, headway_s, bands_end = ix.h_board_opens_s, ix.h_board_closes_s, ix.h_headway_s, ix.h_board_end
    for i in range(len(board_at)):
        stop = board_at[i]
        ready = ready_s[stop, ride - 1]
        if ready >= INF_S or (ride > 1 and ready == ready_s[stop, ride - 2]):
            continue
        if known_s.shape[0] > 0:
            if ready == known_s[stop, ride - 1]:
                continue
            known_s[stop, ride - 1] = ready
        v, end = board_ptr[stop], board_ptr[stop + 1]
        while v < end:
            if ready >= closes_s[v]:
                v += 1
                continue
            row, pos = board_row[v], board_pos[v]
            line = n_patterns + row
            if pos < first_pos[line]:
                if first_pos[line] == INF_S:
                    lines[n_lines] = line
                    n_lines += 1
                first_pos[line] = pos
            caught = ready <= opens_s[v] or ready <= closes_s[v] - headway_s[row]
            v = bands_end[v] if caught else v + 1
    return n_lines


@helper
def _ride_patterns(ix: TimetableIndex, w: Labels, n_lines: int, ride: int, latest: int) -> None:
    """Scan the queued patterns: alight where it helps, change to the earliest trip that can be had.

    Here and below the arrays are taken out once and what lowers a label is written out: calls would cost more than
    the rest.
    """
    stop_ptr, trip_ptr, event_ptr, lines, first_pos = ix.stop_ptr, ix.trip_ptr, ix.event_ptr, w.lines, w.first_pos
    stops, alight, arrive_s, caught = ix.stops, ix.alight, ix.arrive_s, w.caught[ride - 1]
    vehicle_s, improved, is_improved = w.vehicle_s, w.improved, w.is_improved
    rounds, n_improved = vehicle_s.shape[1], w.n_improved[0]
    for queued in range(n_lines):
        line = lines[queued]
        first = first_pos[line]
        first_pos[line] = INF_S
        begin, n_pos = stop_ptr[line], stop_ptr[line + 1] - stop_ptr[line]
        n_trips, event = trip_ptr[line + 1] - trip_ptr[line], event_ptr[line]
        trip = n_trips
        for pos in range(first, n_pos):
            if trip < n_trips and alight[begin + pos]:
                stop = stops[begin + pos]
                t = arrive_s[event + trip * n_pos + pos]
                if t <= latest and t < vehicle_s[stop, ride]:
                    for k in range(ride, rounds):
                        if t >= vehicle_s[stop, k]:
                            break
                        vehicle_s[stop, k] = t
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


@helper
def _ride_headways(
    ix: TimetableIndex,
    w: Labels,
    start_queue: int,
    n_lines: int,
    ride: int,
    latest: int,
    best_case: bool,
    waits: bool,
) -> None:
    """Scan the queued headway rows; `base` is the first-stop clock of the vehicle one sits in.

    In the best case a vehicle of the band is there whenever one is ready; before the band only who `waits` gets in.
    """
    stop_ptr, start_s, end_s, headway_s = ix.h_stop_ptr, ix.h_start_s, ix.h_end_s, ix.h_headway_s
    stops, board, alight, arrive_s, depart_s = ix.h_stops, ix.h_board, ix.h_alight, ix.h_arrive_s, ix.h_depart_s
    vehicle_s, ready_s, improved, is_improved = w.vehicle_s, w.ready_s, w.improved, w.is_improved
    lines, first_pos, first_s = w.lines, w.first_pos, w.first_s
    rounds, n_improved = vehicle_s.shape[1], w.n_improved[0]
    for queued in range(start_queue, n_lines):
        line = lines[queued]
        row, first = line - ix.n_patterns, first_pos[line]
        first_pos[line] = INF_S
        begin, n_pos = stop_ptr[row], stop_ptr[row + 1] - stop_ptr[row]
        start, end, headway = start_s[row], end_s[row], signed(headway_s[row])
        first_vehicle, base = signed(first_s[row]), signed(INF_S)
        for at in range(begin + first, begin + n_pos):
            stop = stops[at]
            if base < INF_S and alight[at]:
                t = base + arrive_s[at]
                if t <= latest and t < vehicle_s[stop, ride]:
                    for k in range(ride, rounds):
                        if t >= vehicle_s[stop, k]:
                            break
                        vehicle_s[stop, k] = t
                    if not is_improved[stop]:
                        is_improved[stop] = True
                        improved[n_improved] = stop
                        n_improved += 1
            ready = signed(ready_s[stop, ride - 1]) - depart_s[at]
            if ready >= end or not board[at] or (base < INF_S and ready > base - headway and not best_case):
                continue
            if not best_case:
                base = min(base, find_vehicle(first_vehicle, headway, end, ready))
            elif ready >= start or waits:
                base = min(base, max(ready, start))
    w.n_improved[0] = n_improved


@helper
def _end_round(ix: TimetableIndex, w: Labels, ride: int, latest: int) -> None:
    """From each stop just reached by vehicle make ready where a change or a walk leads, but after the last ride."""
    vehicle_s, ready_s = w.vehicle_s, w.ready_s
    marked, is_marked, improved, is_improved = w.marked, w.is_marked, w.improved, w.is_improved
    transfer_ptr, transfer_to, transfer_s = ix.transfer_ptr, ix.transfer_to, ix.transfer_s
    n_marked, rounds = w.n_marked[0], ready_s.shape[1]
    for i in range(w.n_improved[0]):
        stop = improved[i]
        is_improved[stop] = False
        if ride + 1 == rounds:
            continue
        arrival = vehicle_s[stop, ride]
        for e in range(transfer_ptr[stop], transfer_ptr[stop + 1]):
            to, t = transfer_to[e], arrival + transfer_s[e]
            if t > latest or t >= ready_s[to, ride]:
                continue
            if not is_marked[to]:
                is_marked[to] = True
                marked[n_marked] = to
                n_marked += 1
            for k in range(ride, rounds):
                if t >= ready_s[to, k]:
                    break
                ready_s[to, k] = t
    w.n_marked[0], w.n_improved[0] = n_marked, 0


@jit
def sweep(  # noqa: PLR0912 - a call would cost more than a branch
    ix: TimetableIndex,
    labels: tuple[Labels, Labels, Labels],
    q: Query,
    clock_s: I64,
    draw: I64,
    anchor_s: I64,
    travel_s: I32,
) -> None:
    """Search all departures (ascending `clock_s`, searched from the last) in each draw and write travel times.

    `draw` is (n_dep, n_draws), `anchor_s` (n_dep,), `travel_s` (n_dep * n_draws, n_dest) with the draws of a departure
    next to each other, INF_S where unreachable or above the limit. The `labels` are those of scheduled trips, of the
    last draw, and of the least that any draw may come to; without headway lines there is one draw, and only the first
    are used. The rounds stand here, and what has nothing to do is not called: a call counts references to all arrays,
    which takes longer than many a round.

    Where headway vehicles that are there whenever one is ready help to no destination, no draw does, and a departure
    has the scheduled times in all of them. (One departure alone is always drawn: its labels tell the journey.)

    In the best case headway vehicles are ridden with the scheduled trips, and the labels of later departures stand for
    them too: a journey that these hide leaves earlier and arrives no sooner. So a departure may be told the time of a
    later one with the wait before it, which is never the fastest of all; of the fastest no departure is hidden.
    """
    w, drawn, least = labels
    n_dest, n_draws, rounds = len(q.dest_ptr) - 1, draw.shape[1], w.ready_s.shape[1]
    best_case, none = q.best_case and ix.n_lines > ix.n_patterns, np.empty((0, 0), np.int32)
    known_s = np.full(w.ready_s.shape, INF_S, np.int32)
    plain = len(q.dest_stop) == n_dest
    for d in range(n_dest):
        plain = plain and q.dest_ptr[d + 1] == d + 1
    for i in range(len(clock_s) - 1, -1, -1):
        latest = min(clock_s[i] + q.limit_s, INF_S - 1)
        set_out(w, q, clock_s[i])
        for ride in range(1, rounds):
            n_patterns = n_lines = _collect_lines(ix, w, ride)
            if best_case:
                n_lines = _collect_headways(ix, w, known_s, ride, n_patterns)
            _ride_patterns(ix, w, n_patterns, ride, latest)
            if n_lines > n_patterns:
                _ride_headways(ix, w, n_patterns, n_lines, ride, latest, True, ride > 1)
            _end_round(ix, w, ride, latest)
            if w.n_marked[0] == 0:
                break
        if best_case or ix.n_lines == ix.n_patterns:
            read_times(w, q, clock_s[i], plain, travel_s[i])
            continue
        if len(clock_s) > 1:
            set_out(least, q, clock_s[i])
            for ride in range(1, rounds):
                n_patterns = _collect_lines(ix, least, ride)
                n_lines = _collect_headways(ix, least, known_s, ride, n_patterns)
                if n_lines > 0:
                    _ride_patterns(ix, least, n_patterns, ride, latest)
                    _ride_headways(ix, least, n_patterns, n_lines, ride, latest, True, True)
                    _end_round(ix, least, ride, latest)
                if least.n_marked[0] == 0:
                    break
            if not may_help(w, least, q):
                for k in range(n_draws):
                    read_times(w, q, clock_s[i], plain, travel_s[i * n_draws + k])
                continue
        is_caught = True
        for k in range(n_draws):
            copy_labels(w, drawn, is_caught)
            set_first_vehicles(ix, draw[i, k], anchor_s[i], drawn.first_s)
            is_caught = False
            for ride in range(1, rounds):
                is_caught |= drawn.n_marked[0] > 0
                n_patterns = _collect_lines(ix, drawn, ride)
                n_lines = _collect_headways(ix, drawn, none, ride, n_patterns)
                if n_lines == 0:
                    continue
                if n_patterns > 0:
                    _ride_patterns(ix, drawn, n_patterns, ride, latest)
                _ride_headways(ix, drawn, n_patterns, n_lines, ride, latest, False, True)
                _end_round(ix, drawn, ride, latest)
            read_times(drawn, q, clock_s[i], plain, travel_s[i * n_draws + k])
