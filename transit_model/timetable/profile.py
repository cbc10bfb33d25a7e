"""Searches that know the timetable: the fastest ride of a day, and leaving home just in time.

Both sweep over *departure events*: the instants at which leaving later would miss a vehicle. For scheduled service
these are all instants that matter. A profile is that of a day with known phases of the headway lines, an ordinary
timetable. The fastest ride takes the best of all phases: a headway vehicle is there whenever one is ready to board. It
therefore has no departure events, and where a headway line exists every whole minute is probed as well: a journey
that rides by headway first and by timetable afterwards may then be found up to 59 s too long, all others are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError
from transit_model.network.arrays import F64, I32
from transit_model.store.jit import INF_S
from transit_model.timetable.index import TimetableIndex
from transit_model.timetable.phases import MIDDLE, Phase
from transit_model.timetable.raptor import (
    Access,
    Destinations,
    search_window,
    spread_access,
    to_seconds,
    window_departures,
)
from transit_model.units import S_PER_MIN


@dataclass(frozen=True, eq=False)
class FastestRide:
    """Fastest journey of the day to each destination: `ride_s` (n_dest,), `inf` when there is none, and its clock.

    `depart_clock_s` (n_dest,) is the earliest departure that reaches this time, `nan` when there is none.
    """

    ride_s: F64
    depart_clock_s: F64


@dataclass(frozen=True, eq=False)
class Profile:
    """Pareto journeys of one destination in order of time: who leaves by `depart` and not later arrives at `arrive`.

    `depart_clock_s`, `arrive_clock_s` (n,) float64, both strictly ascending. The first entry is the first train of
    the searched span, the last entry the last train.
    """

    depart_clock_s: F64
    arrive_clock_s: F64

    @property
    def travel_s(self) -> F64:
        """Arrival minus latest departure of each journey, (n,)."""
        return self.arrive_clock_s - self.depart_clock_s


def compute_fastest_ride(
    index: TimetableIndex,
    origin_stops: npt.ArrayLike,
    destinations: Destinations,
    *,
    start_clock_s: int,
    end_clock_s: int,
    max_rides: int = 5,
) -> FastestRide:
    """Compute the fastest journey from first boarding to last alighting, in seconds, over departures of a span.

    The first wait is not counted; waits at transfers are, but none for a headway vehicle: no phase of the headway lines
    gives a shorter ride than this. Departures are from `start_clock_s` up to, not including, `end_clock_s`; the arrival
    may be later.

    Raises
    ------
    InputError
        When the span ends before it begins.
    """
    window_departures(start_clock_s, end_clock_s)
    stops = np.unique(np.asarray(origin_stops, dtype=np.int32))
    access = Access(stops, np.zeros(len(stops), np.int32))
    clocks = find_departure_events(index, access, start_clock_s, end_clock_s, phase=None)
    if len(clocks) == 0 or destinations.n == 0:
        return FastestRide(np.full(destinations.n, np.inf), np.full(destinations.n, np.nan))
    ride_s, _ = search_window(index, access, clocks, destinations, max_rides=max_rides, best_case=True)
    at = ride_s.argmin(axis=0)
    best = ride_s.min(axis=0)
    return FastestRide(to_seconds(best), np.where(best < INF_S, clocks[at], np.nan))


def compute_profile_events(
    index: TimetableIndex,
    access: Access,
    destinations: Destinations,
    *,
    start_clock_s: int,
    end_clock_s: int,
    max_rides: int = 5,
    phase: Phase = MIDDLE,
) -> list[Profile]:
    """Compute for each destination all Pareto journeys (latest departure from home, arrival) of a span.

    Headway lines run by the `phase`, all day. A journey belongs to the span when its latest
    departure does: ``start_clock_s <= departure < end_clock_s``.

    Raises
    ------
    InputError
        When the span ends before it begins.
    """
    window_departures(start_clock_s, end_clock_s)
    clocks = find_departure_events(index, access, start_clock_s, end_clock_s, phase=phase)
    if len(clocks) == 0:
        return [Profile(np.zeros(0), np.zeros(0)) for _ in range(destinations.n)]
    travel_s, _ = search_window(index, access, clocks, destinations, max_rides=max_rides, phase=phase)
    profiles = []
    for arrive in to_seconds(travel_s).T + clocks:
        kept = arrive < np.append(arrive[1:], np.inf)
        profiles.append(Profile(clocks[kept].astype(np.float64), arrive[kept]))
    return profiles


def find_departure_events(
    index: TimetableIndex, access: Access, start_clock_s: int, end_clock_s: int, *, phase: Phase | None
) -> I32:
    """Return the ascending instants in ``[start, end)`` at which one must leave to catch a vehicle.

    Without a phase of the headway lines: every whole minute, and the first and last second of their bands.
    """
    access = spread_access(index, access)
    clocks = [np.zeros(0, np.int64)]
    for stop, time_s in zip(access.stop_idx.tolist(), access.time_s.tolist(), strict=True):
        for v in range(int(index.visit_ptr[stop]), int(index.visit_ptr[stop + 1])):
            line, pos = int(index.visit_line[v]), int(index.visit_pos[v])
            if line < index.n_patterns and index.board[index.stop_ptr[line] + pos]:
                n_trips = int(index.trip_ptr[line + 1] - index.trip_ptr[line])
                first = int(index.event_ptr[line]) + pos * n_trips
                clocks.append(index.depart_s[first : first + n_trips].astype(np.int64) - time_s)
    if index.n_lines > index.n_patterns:
        vehicles = _list_vehicles(index, phase)
        if phase is None:
            clocks.append(np.arange(start_clock_s, end_clock_s, S_PER_MIN, dtype=np.int64))
        for at in np.flatnonzero(np.isin(index.h_stops, access.stop_idx)).tolist():
            row = int(np.searchsorted(index.h_stop_ptr, at, side="right")) - 1
            for time_s in access.time_s[access.stop_idx == index.h_stops[at]].tolist():
                if index.h_board[at]:
                    clocks.append(vehicles[row] + int(index.h_depart_s[at]) - time_s)
    events = np.unique(np.concatenate(clocks))
    return events[(events >= start_clock_s) & (events < end_clock_s)].astype(np.int32)


def _list_vehicles(index: TimetableIndex, phase: Phase | None) -> list[npt.NDArray[np.int64]]:
    """Return by headway row when its vehicles leave their first stop; the first and last second without a phase."""
    start, end = index.h_start_s.astype(np.int64), index.h_end_s.astype(np.int64)
    if phase is None:
        return list(np.stack([start, end - 1], axis=1))
    from transit_model.timetable.frequency import set_first_vehicles

    first = np.empty(len(start), np.int32)
    set_first_vehicles(index, phase.number, phase.anchor_clock_s, first)
    bands = zip(first.tolist(), end.tolist(), index.h_headway_s.tolist(), strict=True)
    return [np.arange(*band, dtype=np.int64) for band in bands]


def timetabled_percentiles(
    profiles: Sequence[Profile],
    *,
    start_clock_s: float,
    end_clock_s: float,
    quantiles: Sequence[float] = (0.1, 0.5, 0.9),
) -> tuple[F64, float]:
    """Return (percentiles of travel time in seconds, share of the window served) of travellers who know the timetable.

    A traveller who wants to leave at a time drawn evenly from the window takes the next journey, leaves just in time
    for it, and travels ``arrival - latest departure``. So each journey weighs the gap since the one before, cut to
    the window; the profile should reach beyond the window's end. Wishes after the last journey are served by none:
    they carry no weight, and the share that is served says how many there are. `inf` when nothing is served.
    `profiles` are those of the drawn phases of the headway lines (one without such lines), each weighing the same.
    """
    window_s = float(end_clock_s) - float(start_clock_s)
    if window_s <= 0:
        raise InputError("the window must end after it begins")
    edges = [np.concatenate([[-np.inf], profile.depart_clock_s]) for profile in profiles]
    weights = np.concatenate([np.diff(np.clip(edge, start_clock_s, end_clock_s)) for edge in edges])
    travel_s = np.concatenate([profile.travel_s for profile in profiles])
    served = float(weights.sum())
    if served <= 0:
        return np.full(len(quantiles), np.inf), 0.0
    order = np.argsort(travel_s, kind="stable")
    reached = np.cumsum(weights[order])
    ranks = [int(np.searchsorted(reached, quantile * served - 1e-9, side="left")) for quantile in quantiles]
    positive = np.flatnonzero(weights[order] > 0)
    ranks = [max(rank, int(positive[0])) for rank in ranks]
    return travel_s[order][ranks], served / (window_s * len(profiles))
