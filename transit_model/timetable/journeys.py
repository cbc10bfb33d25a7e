"""One journey told as legs that add up exactly.

The range search stores no parents. A journey is told afterwards by walking the labels of one departure backwards:
a label after k rides comes from a ride that was boarded with a label after k - 1 rides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from transit_model.errors import InputError
from transit_model.network.arrays import I32
from transit_model.store.jit import INF_S
from transit_model.timetable.index import TimetableIndex
from transit_model.timetable.parted_stops import find_whole_stop
from transit_model.timetable.phases import Phase
from transit_model.timetable.raptor import (
    Access,
    Destinations,
    find_median_phase,
    search_window,
    spread_destinations,
)

if TYPE_CHECKING:
    from transit_model.timetable.labels import Labels

LegKind = Literal["access", "wait", "ride", "transfer", "egress"]


@dataclass(frozen=True)
class Leg:
    """One part of a journey; it begins when the one before ends (clock times in whole seconds).

    A `wait` includes the change time at a stop. A ride has `trip_id_idx` (row of the trips table), the positions on
    the trip, and `headway_s` when it runs by headway (its wait is then that of one draw of its phase). Stops are -1 at
    home and at the destination.
    """

    kind: LegKind
    start_clock_s: int
    end_clock_s: int
    from_stop_idx: int
    to_stop_idx: int
    trip_id_idx: int = -1
    board_pos: int = -1
    alight_pos: int = -1
    headway_s: int = 0

    @property
    def duration_s(self) -> int:
        """Length of the leg in seconds."""
        return self.end_clock_s - self.start_clock_s


@dataclass(frozen=True)
class Journey:
    """Legs in order; their durations sum to `total_s` exactly."""

    legs: tuple[Leg, ...]

    @property
    def total_s(self) -> int:
        """Time from departure to arrival in seconds."""
        return self.legs[-1].end_clock_s - self.legs[0].start_clock_s


def find_journey(
    index: TimetableIndex,
    access: Access,
    clock_s: int,
    destinations: Destinations,
    destination: int = 0,
    *,
    max_rides: int = 5,
    best_case: bool = False,
    phase: Phase | None = None,
) -> Journey | None:
    """Find the best journey of one departure to one destination, None when there is none.

    Its total equals the travel time of `compute_window` for this departure in the phase (and in the `best_case` the
    ride time of `compute_fastest_ride`). Where lines run by headway and no phase is given, it is the journey whose time
    is the median over the phases. Among journeys of equal arrival the one with the fewest rides is told.
    """
    if not 0 <= destination < destinations.n:
        raise InputError(f"destination {destination} is not within 0 and {destinations.n - 1}")
    if phase is None and not best_case and index.n_lines > index.n_patterns:
        samples, _ = search_window(index, access, [clock_s], destinations, max_rides=max_rides)
        found = find_median_phase(samples[:, destination], [clock_s])
        if found is None:
            return None
        phase = found[1]
    _, w = search_window(index, access, [clock_s], destinations, max_rides=max_rides, best_case=best_case, phase=phase)
    destinations = spread_destinations(index, destinations)
    ends = []
    for e in range(int(destinations.ptr[destination]), int(destinations.ptr[destination + 1])):
        stop, egress_s = int(destinations.stop_idx[e]), int(destinations.egress_s[e])
        if w.vehicle_s[stop, -1] < INF_S:
            ride = _fewest_rides(w.vehicle_s, stop, max_rides)
            ends.append((int(w.vehicle_s[stop, -1]) + egress_s, ride, egress_s, stop))
    if not ends:
        return None
    arrival, ride, egress_s, stop = min(ends)
    legs = [Leg("egress", arrival - egress_s, arrival, stop, -1)] if egress_s else []
    while ride > 0:
        leg = _find_ride(index, w, stop, ride, best_case=best_case)
        ride = _fewest_rides(w.ready_s, leg.from_stop_idx, ride - 1)
        before = _find_leg_before(index, w, clock_s, leg.from_stop_idx, ride)
        wait_from_s = before.start_clock_s if before.kind == "wait" else before.end_clock_s
        legs.append(leg)
        if leg.start_clock_s > wait_from_s:
            legs.append(Leg("wait", wait_from_s, leg.start_clock_s, leg.from_stop_idx, leg.from_stop_idx))
        if before.kind == "transfer" or (before.kind == "access" and before.duration_s > 0):
            legs.append(before)
        stop = before.from_stop_idx
    return Journey(tuple(_name_whole_stops(index, leg) for leg in reversed(legs)))


def _name_whole_stops(index: TimetableIndex, leg: Leg) -> Leg:
    """Return a leg between stops, not between parts of them."""
    start, end = (find_whole_stop(index, stop) for stop in (leg.from_stop_idx, leg.to_stop_idx))
    return replace(leg, from_stop_idx=start, to_stop_idx=end)


def _fewest_rides(time_s: I32, stop: int, ride: int) -> int:
    """Return the smallest number of rides with the label that `ride` rides have."""
    return next(k for k in range(ride + 1) if time_s[stop, k] == time_s[stop, ride])


def _find_leg_before(index: TimetableIndex, w: Labels, clock_s: int, stop: int, ride: int) -> Leg:
    """Return the leg that made one ready at a stop: access, transfer, or a change (kind ``wait``) at the stop."""
    ready = int(w.ready_s[stop, ride])
    if ride == 0:
        return Leg("access", clock_s, ready, -1, stop)
    for e in np.flatnonzero(index.transfer_to == stop).tolist():
        tail, walk_s = int(np.searchsorted(index.transfer_ptr, e, side="right")) - 1, int(index.transfer_s[e])
        if w.vehicle_s[tail, ride] + walk_s == ready:
            stays = find_whole_stop(index, tail) == find_whole_stop(index, stop)
            return Leg("wait" if stays else "transfer", ready - walk_s, ready, tail, stop)
    raise AssertionError("a readiness without an origin")


def _find_ride(index: TimetableIndex, w: Labels, stop: int, ride: int, *, best_case: bool) -> Leg:
    """Return the ride that set the vehicle label of a stop, boarded where one is ready earliest."""
    rides = [*_scheduled_rides(index, w, stop, ride), *_headway_rides(index, w, stop, ride, best_case=best_case)]

    def order(leg: Leg) -> tuple[int, ...]:
        return int(w.ready_s[leg.from_stop_idx, ride - 1]), leg.trip_id_idx, leg.board_pos, leg.alight_pos

    return min(rides, key=order)


def _scheduled_rides(index: TimetableIndex, w: Labels, stop: int, ride: int) -> Iterator[Leg]:
    arrival = int(w.vehicle_s[stop, ride])
    for v in range(int(index.visit_ptr[stop]), int(index.visit_ptr[stop + 1])):
        line, pos = int(index.visit_line[v]), int(index.visit_pos[v])
        if line >= index.n_patterns or not index.alight[index.stop_ptr[line] + pos]:
            continue
        begin, event = int(index.stop_ptr[line]), int(index.event_ptr[line])
        n_pos, n_trips = int(index.stop_ptr[line + 1]) - begin, int(index.trip_ptr[line + 1] - index.trip_ptr[line])
        for trip in range(n_trips):
            if index.arrive_s[event + trip * n_pos + pos] != arrival:
                continue
            for at in range(pos):
                start, ready = int(index.stops[begin + at]), int(w.ready_s[index.stops[begin + at], ride - 1])
                leave = int(index.depart_s[event + at * n_trips + trip])
                if index.board[begin + at] and ready <= leave:
                    trip_id_idx = int(index.trip_id_idx[index.trip_ptr[line] + trip])
                    yield Leg("ride", leave, arrival, start, stop, trip_id_idx, at, pos)


def _headway_rides(index: TimetableIndex, w: Labels, stop: int, ride: int, *, best_case: bool) -> Iterator[Leg]:
    arrival = int(w.vehicle_s[stop, ride])
    for v in range(int(index.visit_ptr[stop]), int(index.visit_ptr[stop + 1])):
        row, pos = int(index.visit_line[v]) - index.n_patterns, int(index.visit_pos[v])
        if row < 0:
            continue
        begin = int(index.h_stop_ptr[row])
        base, headway_s = arrival - int(index.h_arrive_s[begin + pos]), int(index.h_headway_s[row])
        runs = best_case or (base >= w.first_s[row] and (base - int(w.first_s[row])) % headway_s == 0)
        if not index.h_alight[begin + pos] or not runs or not index.h_start_s[row] <= base < index.h_end_s[row]:
            continue
        for at in range(pos):
            start = int(index.h_stops[begin + at])
            leave, ready = base + int(index.h_depart_s[begin + at]), int(w.ready_s[start, ride - 1])
            if index.h_board[begin + at] and (ready == leave if best_case and ride == 1 else ready <= leave):
                trip_id_idx = int(index.h_trip_id_idx[row])
                yield Leg("ride", leave, arrival, start, stop, trip_id_idx, at, pos, headway_s)
