"""Timetable searches over a departure window: travel times by public transport, in seconds.

A departure is the clock time at which the traveller leaves the origin; access times lead to the first stops,
egress times from the last. A walk never follows a walk: access walking reaches access stops only, and egress and
transfers start where a vehicle was left. Where lines run by headway every departure is searched under several draws of
their phases (`phases`), and percentiles are taken over departures and draws together. The kernels, and with them the
compiler, are loaded by the first search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError, Issue
from transit_model.network.arrays import F64, I32
from transit_model.store.jit import INF_S
from transit_model.timetable.index import TimetableIndex
from transit_model.timetable.parted_stops import spread_stops
from transit_model.timetable.phases import Phase, count_draws
from transit_model.units import S_PER_MIN, ceil_to_whole_s

if TYPE_CHECKING:
    from transit_model.timetable.labels import Labels, Query

NO_LIMIT_S = INF_S // 2
DEFAULT_QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, eq=False)
class Access:
    """Stops that an origin reaches without a vehicle: `stop_idx` (n,) and whole seconds `time_s` (n,)."""

    stop_idx: I32
    time_s: I32


@dataclass(frozen=True, eq=False)
class Destinations:
    """Destinations as sets of (stop, egress seconds) pairs in CSR form: `ptr` (n + 1,)."""

    ptr: I32
    stop_idx: I32
    egress_s: I32

    @property
    def n(self) -> int:
        """Number of destinations."""
        return len(self.ptr) - 1


@dataclass(frozen=True, eq=False)
class WindowTimes:
    """Travel times of one origin over a departure window.

    Attributes
    ----------
    quantiles : (n_quantiles,) float64, percentile levels between 0 and 1
    percentile_s : (n_quantiles, n_dest) float64, `inf` where fewer samples than that arrive
    min_s : (n_dest,) float64, shortest time of all
    reached_share : (n_dest,) float64, share of the samples that arrive at all
    sample_s : (n_dest, n_dep, n_draws) float64 or None
        Travel time of each departure in each draw of the phases, when asked for.
    """

    quantiles: F64
    percentile_s: F64
    min_s: F64
    reached_share: F64
    sample_s: F64 | None


def build_access(stop_idx: npt.ArrayLike, time_s: npt.ArrayLike) -> Access:
    """Build the access of one origin; times are rounded up to whole seconds, unreachable (`inf`) stops left out.

    Raises
    ------
    InputError
        When a time is negative or not a number, or the two arrays differ in length.
    """
    stops, times = np.asarray(stop_idx, dtype=np.int32).ravel(), np.asarray(time_s, dtype=np.float64).ravel()
    if len(stops) != len(times) or np.isnan(times).any() or (times < 0).any():
        raise InputError("access needs one time >= 0 for each stop")
    keep = times < NO_LIMIT_S
    return Access(np.ascontiguousarray(stops[keep]), ceil_to_whole_s(times[keep]).astype(np.int32))


def build_destinations(sets: Sequence[Access]) -> Destinations:
    """Build destinations from one (stops, egress times) set each; see `build_access`."""
    lengths = [len(one.stop_idx) for one in sets]
    none = np.zeros(0, np.int32)
    return Destinations(
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        np.concatenate([none, *[one.stop_idx for one in sets]]),
        np.concatenate([none, *[one.time_s for one in sets]]),
    )


def stop_destinations(stops: int | Sequence[int]) -> Destinations:
    """Return stops, or the first so many, as destinations of their own, without egress."""
    idx = np.arange(stops, dtype=np.int32) if isinstance(stops, int) else np.asarray(stops, dtype=np.int32)
    return Destinations(np.arange(len(idx) + 1, dtype=np.int32), idx, np.zeros(len(idx), np.int32))


def spread_access(index: TimetableIndex, access: Access) -> Access:
    """Return the access with the parts of each stop: all are reached when the stop is."""
    if not len(index.split_of):
        return access
    entry, stops = spread_stops(index, access.stop_idx)
    return Access(stops, access.time_s[entry])


def spread_destinations(index: TimetableIndex, destinations: Destinations) -> Destinations:
    """Return the destinations with the parts of each stop: who gets out at one is at the stop."""
    if not len(index.split_of):
        return destinations
    entry, stops = spread_stops(index, destinations.stop_idx)
    ptr = np.searchsorted(entry, destinations.ptr).astype(np.int32)
    return Destinations(ptr, stops, destinations.egress_s[entry])


def window_departures(start_clock_s: int, end_clock_s: int, step_s: int = S_PER_MIN) -> I32:
    """Return the departures of a window: from start on, every `step_s`, before end; int32 (n_dep,).

    Raises
    ------
    InputError
        When the window ends before or as it begins, or the step is not positive.
    """
    if end_clock_s <= start_clock_s or step_s <= 0:
        issue = Issue(
            "empty_window", "error", f"departure window from {start_clock_s} s to {end_clock_s} s has no departure",
            field="departure_window", hint="the end must be later than the start",
        )  # fmt: skip
        raise InputError(issue)
    return np.arange(start_clock_s, end_clock_s, step_s, dtype=np.int32)


def compute_window(
    index: TimetableIndex,
    access: Access,
    departures_clock_s: npt.ArrayLike,
    destinations: Destinations,
    *,
    max_rides: int = 5,
    quantiles: Sequence[float] = DEFAULT_QUANTILES,
    limit_s: float = np.inf,
    keep_all: bool = False,
) -> WindowTimes:
    """Compute percentiles of travel time over a departure window, in seconds, from one origin.

    Parameters
    ----------
    index
        From `build_index`.
    access
        Stops reached from the origin, times with station entry.
    departures_clock_s
        (n_dep,) strictly ascending clock times, see `window_departures`.
    destinations
        Sets of (stop, egress) pairs; egress with station exit.
    max_rides
        Most vehicles in one journey.
    quantiles
        Percentile levels between 0 and 1.
    limit_s
        Longer travel times count as unreachable; a small limit makes the search faster.
    keep_all
        Return the time of each sample as well.

    Raises
    ------
    InputError
        When the departures are empty or not ascending, or a share is not within 0 and 1.
    """
    from transit_model.timetable.percentiles import summarise

    levels = np.array(quantiles, np.float64)
    if ((levels < 0) | (levels > 1)).any():
        raise InputError("percentile levels must be shares within 0 and 1")
    travel_s, _ = search_window(index, access, departures_clock_s, destinations, max_rides=max_rides, limit_s=limit_s)
    percentile_s, least_s, reached_share = summarise(travel_s, levels)
    shape = destinations.n, np.size(departures_clock_s), -1
    return WindowTimes(
        quantiles=levels,
        percentile_s=percentile_s,
        min_s=to_seconds(least_s),
        reached_share=reached_share,
        sample_s=to_seconds(travel_s).T.reshape(shape) if keep_all else None,
    )


def search_window(
    index: TimetableIndex,
    access: Access,
    departures_clock_s: npt.ArrayLike,
    destinations: Destinations,
    *,
    max_rides: int = 5,
    limit_s: float = np.inf,
    best_case: bool = False,
    phase: Phase | None = None,
) -> tuple[I32, Labels]:
    """Return kernel travel times of all samples, (n_dep * n_draws, n_dest), and the labels left behind.

    A sample is a departure in a draw of the phases; those of a departure stand next to each other, as many as
    `count_draws` says. With a `phase` there is that one draw, in the best case none: a headway vehicle is there
    whenever one is ready to board. After one departure in one draw the labels tell its journeys.
    """
    from transit_model.timetable.kernel import sweep
    from transit_model.timetable.labels import build_labels

    clocks = np.ascontiguousarray(departures_clock_s, dtype=np.int64).ravel()
    if len(clocks) == 0 or (np.diff(clocks) <= 0).any():
        raise InputError("departures must be a non-empty, strictly ascending list of clock times")
    access, destinations = spread_access(index, access), spread_destinations(index, destinations)
    query = build_query(index, access, destinations, max_rides, limit_s, best_case=best_case)
    n_draws = 1 if best_case or phase is not None else count_draws(index, len(clocks))
    draws, anchors = np.arange(len(clocks) * n_draws, dtype=np.int64).reshape(-1, n_draws), clocks
    if phase is not None:
        draws, anchors = np.full_like(draws, phase.number), np.full_like(clocks, phase.anchor_clock_s)
    travel_s = np.empty((draws.size, destinations.n), np.int32)
    scheduled, drawn, least = (build_labels(index, max_rides) for _ in range(3))
    sweep(index, (scheduled, drawn, least), query, clocks, draws, anchors, travel_s)
    return travel_s, drawn if index.n_lines > index.n_patterns and not best_case else scheduled


def find_median_phase(travel_s: I32, departures_clock_s: npt.ArrayLike) -> tuple[int, Phase] | None:
    """Return departure clock and phase of the first sample whose travel time is the median, None when too few arrive.

    `travel_s` (n_samples,) are the samples of one destination in the order of `search_window`.
    """
    from transit_model.timetable.percentiles import find_rank

    clocks = np.asarray(departures_clock_s).ravel()
    middle = np.sort(travel_s)[find_rank(0.5, len(travel_s))]
    if middle >= INF_S:
        return None
    number = int(np.flatnonzero(travel_s == middle)[0])
    clock_s = int(clocks[number * len(clocks) // len(travel_s)])
    return clock_s, Phase(number, clock_s)


def build_query(
    index: TimetableIndex,
    access: Access,
    destinations: Destinations,
    max_rides: int,
    limit_s: float = np.inf,
    *,
    best_case: bool = False,
) -> Query:
    """Build the kernels' query after checking that all stops exist.

    Raises
    ------
    InputError
        When a stop index points nowhere or `max_rides` is below 1.
    """
    from transit_model.timetable.labels import Query

    if max_rides < 1:
        raise InputError("max_rides must be at least 1")
    stops = np.concatenate([access.stop_idx, destinations.stop_idx])
    if len(stops) and (stops.min() < 0 or stops.max() >= index.n_stops):
        raise InputError(f"a stop index is not within 0 and {index.n_stops - 1}")
    limit = int(min(max(limit_s, 0.0), NO_LIMIT_S))
    return Query(
        access.stop_idx, access.time_s, limit, best_case,
        destinations.ptr, destinations.stop_idx, destinations.egress_s,
    )  # fmt: skip


def to_seconds(kernel_s: I32) -> F64:
    """Return kernel times as float64 seconds, the sentinel as `inf`."""
    return np.where(kernel_s >= INF_S, np.inf, kernel_s).astype(np.float64)
