"""The second engine: connection scan, written differently so that an error of one engine shows.

Connection scan: Dibbelt, Pajor, Strasser, Wagner (2018), "Connection scan algorithm", ACM JEA 23. Two labels per
stop as in `kernel`. Connections of the same second are scanned until nothing changes, since rides of zero length
may chain in any order. Headway lines, at one phase, are relaxed whenever a readiness improves. Rides are not counted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from transit_model.network.arrays import F64, I32, I64, Bool
from transit_model.store.jit import INF_S, helper, jit, signed
from transit_model.timetable.frequency import find_vehicle, set_first_vehicles
from transit_model.timetable.index import TimetableIndex
from transit_model.timetable.phases import MIDDLE, Phase
from transit_model.timetable.raptor import Access, spread_access, to_seconds


class Connections(NamedTuple):
    """Hops of scheduled trips from stop to next stop, in order of departure, (n,) each."""

    depart_s: I32
    arrive_s: I32
    from_stop: I32
    to_stop: I32
    trip: I32
    board: Bool
    alight: Bool
    n_trips: int


def build_connections(index: TimetableIndex) -> Connections:
    """Build the sorted connections of a timetable."""
    columns: list[list[int]] = [[], [], [], [], [], [], []]
    for p in range(index.n_patterns):
        begin, n_pos = int(index.stop_ptr[p]), int(index.stop_ptr[p + 1] - index.stop_ptr[p])
        n_trips, event = int(index.trip_ptr[p + 1] - index.trip_ptr[p]), int(index.event_ptr[p])
        stops, board_at = index.stops[begin : begin + n_pos], index.board[begin : begin + n_pos]
        alight_at = index.alight[begin : begin + n_pos]
        for t in range(n_trips):
            leave = index.depart_s[event + t : event + n_pos * n_trips : n_trips]
            reach = index.arrive_s[event + t * n_pos : event + (t + 1) * n_pos]
            trip = [int(index.trip_ptr[p]) + t] * (n_pos - 1)
            values = (leave[:-1], reach[1:], stops[:-1], stops[1:], trip, board_at[:-1], alight_at[1:])
            for column, part in zip(columns, values, strict=True):
                column.extend(np.asarray(part).tolist())
    table = np.array(columns, dtype=np.int32)
    depart, arrive, start, end, trips, board, alight = table[:, np.argsort(table[0], kind="stable")].copy()
    return Connections(depart, arrive, start, end, trips, board > 0, alight > 0, int(index.trip_ptr[-1]))


class _State(NamedTuple):
    """Labels per stop, the stops whose readiness improved, and the connection at which each trip was boarded.

    The queue is a ring, first in first out, `n_queued` its first place and its length: last in first out, improvements
    of a dense network of headway lines would be passed on exponentially often.
    """

    vehicle_s: I32
    ready_s: I32
    queue: I32
    is_queued: Bool
    n_queued: I64
    boarded: I32
    first_s: I32


def compute_arrivals_csa(
    index: TimetableIndex, connections: Connections, access: Access, clock_s: int, phase: Phase = MIDDLE
) -> F64:
    """Compute earliest arrival clock times by vehicle of one departure with any number of rides, (stops,) seconds.

    Headway lines run by the `phase`.
    """
    access, n, first_s = spread_access(index, access), index.n_stops, np.empty(len(index.h_start_s), np.int32)
    set_first_vehicles(index, phase.number, phase.anchor_clock_s, first_s)
    state = _State(
        np.full(n, INF_S, np.int32), np.full(n, INF_S, np.int32),
        np.zeros(n, np.int32), np.zeros(n, np.bool_), np.zeros(2, np.int64),
        np.full(connections.n_trips, INF_S, np.int32), first_s,
    )  # fmt: skip
    _scan(index, connections, state, access.stop_idx, access.time_s, clock_s)
    arrival_s = to_seconds(state.vehicle_s)
    folded = arrival_s[: index.n_whole_stops].copy()  # the earliest at any part of a stop
    np.minimum.at(folded, index.split_of, arrival_s[index.n_whole_stops :])
    return folded


@helper
def _ready(s: _State, stop: int, t: int) -> None:
    if t < s.ready_s[stop]:
        s.ready_s[stop] = t
        if not s.is_queued[stop]:
            s.is_queued[stop] = True
            s.queue[(s.n_queued[0] + s.n_queued[1]) % len(s.queue)] = stop
            s.n_queued[1] += 1


@helper
def _arrive(ix: TimetableIndex, s: _State, stop: int, t: int) -> None:
    """Note an arrival by vehicle, and where a change or a walk leads."""
    if t < s.vehicle_s[stop]:
        s.vehicle_s[stop] = t
        for e in range(ix.transfer_ptr[stop], ix.transfer_ptr[stop + 1]):
            _ready(s, ix.transfer_to[e], t + ix.transfer_s[e])


@helper
def _ride_headways(ix: TimetableIndex, s: _State) -> None:
    """Ride headway lines from all queued stops until nothing improves."""
    while s.n_queued[1] > 0:
        stop = s.queue[s.n_queued[0]]
        s.n_queued[0] = (s.n_queued[0] + 1) % len(s.queue)
        s.n_queued[1] -= 1
        s.is_queued[stop] = False
        for v in range(ix.visit_ptr[stop], ix.visit_ptr[stop + 1]):
            row = ix.visit_line[v] - ix.n_patterns
            if row < 0:
                continue
            at = ix.h_stop_ptr[row] + ix.visit_pos[v]
            if not ix.h_board[at]:
                continue
            ready = signed(s.ready_s[stop]) - ix.h_depart_s[at]
            base = find_vehicle(signed(s.first_s[row]), signed(ix.h_headway_s[row]), ix.h_end_s[row], ready)
            if base < INF_S:
                for to in range(at + 1, ix.h_stop_ptr[row + 1]):
                    if ix.h_alight[to]:
                        _arrive(ix, s, ix.h_stops[to], base + ix.h_arrive_s[to])


@jit
def _scan(ix: TimetableIndex, c: Connections, s: _State, access_stop: I32, access_s: I32, clock_s: int) -> None:
    for a in range(len(access_stop)):
        _ready(s, access_stop[a], clock_s + access_s[a])
    _ride_headways(ix, s)
    first = np.searchsorted(c.depart_s, clock_s)
    while first < len(c.depart_s):
        second = c.depart_s[first]
        last = first
        again = True
        while again:
            again = False
            last = first
            while last < len(c.depart_s) and c.depart_s[last] == second:
                trip, stop = c.trip[last], c.from_stop[last]
                if last < s.boarded[trip] and c.board[last] and s.ready_s[stop] <= second:
                    s.boarded[trip] = last
                if last >= s.boarded[trip] and c.alight[last] and c.arrive_s[last] < s.vehicle_s[c.to_stop[last]]:
                    again |= c.arrive_s[last] == second
                    _arrive(ix, s, c.to_stop[last], c.arrive_s[last])
                    _ride_headways(ix, s)
                last += 1
        first = last
