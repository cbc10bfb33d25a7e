"""From travel times at stations to percentiles at many places, each left for from several stations.

What `raptor.compute_window` does for a few destinations, for hundreds of thousands: the timetable is swept to the
stations once, and each place takes the soonest station of every departure (and draw of headway phases). A station
that another one beats at every departure of the window is left out first; where one remains, its percentile and the
way on are the answer. Where stops are many and places few, as on a feed of city buses, setting every stop against every
other would take longer than it spares, and each place reads all its stops.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import F64, I32
from transit_model.store.jit import INF_S, helper, jit
from transit_model.threads import count_threads, do_side_by_side
from transit_model.timetable.percentiles import compute_percentiles, find_rank
from transit_model.timetable.raptor import Destinations
from transit_model.timetable.same_ways import find_same_ways
from transit_model.units import S_PER_HOUR

_LEAST_AT_ONCE = 1_000_000
"""With fewer departures to look at, over all ways on, threads cost more than they spare."""


class StationTimes(NamedTuple):
    """What places ask of the stations they are left for from, whatever the ways on are.

    Attributes
    ----------
    stop_idx : (n,) int64, ascending
        The stops that any place is left for from.
    times : (n, n_samples) int32
    at_stop_s : (n,) float64
        The percentile at each of them.
    leads : (n, n) int32 or None
        See `_find_leads`; those below minus `widest_s` stand for any that low. None where stops are not compared.
    quantile : float
    """

    stop_idx: npt.NDArray[np.int64]
    times: I32
    at_stop_s: F64
    leads: I32 | None
    quantile: float


def compare_stations(
    travel_s: I32, stop_idx: npt.NDArray[np.int64], quantile: float, widest_s: int | None
) -> StationTimes:
    """Return the times of some stops, set against each other with `widest_s`; the fields say what they are."""
    times = np.ascontiguousarray(travel_s[:, stop_idx].T)
    at_stop_s = compute_percentiles(times.T, np.array([quantile]))[0]
    leads = None if widest_s is None else _find_leads(times, widest_s)
    return StationTimes(stop_idx, times, at_stop_s, leads, quantile)


def find_widest_s(places: Destinations, n_stops: int) -> int | None:
    """Return by how much the ways on of stops to one place differ at most, seconds; None where there are few ways.

    Rounded up to whole hours: few values, much in common. With fewer ways on than pairs of the `n_stops` it takes less
    to read all departures at each stop of a place than at each pair of stops.
    """
    if len(places.egress_s) < n_stops * n_stops:
        return None
    if not len(places.egress_s):
        return 0
    return -(-int(places.egress_s.max() - places.egress_s.min()) // S_PER_HOUR) * S_PER_HOUR


def choose_stations(stations: StationTimes, places: Destinations, limit_s: float | F64 = np.inf) -> F64:
    """Return the percentile of the travel time to each place, see `compute_egress_percentile`.

    The stops of the places are among those of `stations`, and their ways on differ by no more than is said there.
    """
    rank = find_rank(stations.quantile, stations.times.shape[1])
    column = np.searchsorted(stations.stop_idx, places.stop_idx).astype(np.int32)
    limits = np.array(np.broadcast_to(limit_s, len(places.ptr) - 1), dtype=np.float64)
    leads, n_places = stations.leads, len(limits)

    def choose(first: int, last: int) -> F64:
        ends = (places.ptr[first : last + 1], column, places.egress_s, rank, limits[first:last])
        if leads is None:
            return _choose_of_all(stations.times, stations.at_stop_s, *ends)
        return _choose(stations.times, stations.at_stop_s, leads, *ends)

    threads = count_threads()
    if threads == 1 or len(column) * stations.times.shape[1] < _LEAST_AT_ONCE:
        return choose(0, n_places)
    # as many ways on for each thread, whatever the places: no place hears of another
    shares = np.linspace(0, len(column), 1 + threads)[1:-1]
    cuts = [0, *np.searchsorted(places.ptr, shares).tolist(), n_places]
    return np.concatenate(do_side_by_side([partial(choose, *pair) for pair in pairwise(cuts)]))


def compute_egress_percentile(
    travel_s: I32, places: Destinations, quantile: float, limit_s: float | F64 = np.inf
) -> F64:
    """Return a percentile of the travel time to each place over the departures, in seconds, `inf` when too few arrive.

    Parameters
    ----------
    travel_s : (n_samples, n_stops)
        Of `raptor.search_window` with every stop as a destination of its own.
    places : Destinations
        Stops with the seconds from there to each place.
    quantile : float
        Level between 0 and 1, by nearest rank.
    limit_s : float or (n_places,) float64
        A place that no departure reaches by then has the percentile by way of its best station alone, which is no
        sooner than the true one and finite where that is.

    Notes
    -----
    The same as sweeping to the places themselves.
    """
    used = np.unique(places.stop_idx).astype(np.int64)
    widest_s = find_widest_s(places, len(used))
    return choose_stations(compare_stations(travel_s, used, quantile, widest_s), places, limit_s)


@jit
def _find_leads(times: I32, widest_s: int) -> I32:  # pragma: no cover - compiled
    """Return for two stops the least of time at the first minus time at the second over the departures.

    One that falls below minus `widest_s` is not followed further: a way on can no longer make up for it.
    """
    n, n_dep = times.shape
    leads = np.full((n, n), INF_S, np.int32)
    for a in range(n):
        for b in range(n):
            for d in range(n_dep):
                if times[b, d] >= INF_S:
                    if times[a, d] < INF_S:
                        leads[a, b] = -INF_S
                        break
                elif times[a, d] < INF_S:
                    leads[a, b] = min(leads[a, b], times[a, d] - times[b, d])
                    if leads[a, b] < -widest_s:
                        leads[a, b] = -INF_S
                        break
    return leads


@helper
def _find_late(stops: I32, egress_s: I32, soonest_s: F64, at_stop: F64, limit_s: float) -> float:
    """Return the percentile by the best station alone where no departure arrives within the limit, else `inf`."""
    first, alone = np.inf, np.inf
    for e in range(len(stops)):
        first = min(first, soonest_s[stops[e]] + egress_s[e])
        alone = min(alone, at_stop[stops[e]] + egress_s[e])
    return alone if first > limit_s else np.inf


@helper
def _find_soonest_s(times: I32) -> F64:
    """Return the least time at each stop, (n,)."""
    soonest_s = np.empty(len(times))
    for stop in range(len(times)):
        soonest_s[stop] = times[stop].min()
    return soonest_s


@helper
def _take_sooner(soonest: I32, times: I32, more: int) -> None:
    """Lower the time of each departure to that by one more stop."""
    for d in range(len(soonest)):
        soonest[d] = min(soonest[d], times[d] + more)


@helper
def _holds(stops: I32, egress_s: I32, some: slice, fewer: slice) -> bool:
    """Return whether one place has all the ways on of another, both by stop."""
    at = some.start
    for e in range(fewer.start, fewer.stop):
        while at < some.stop and stops[at] < stops[e]:
            at += 1
        if at == some.stop or stops[at] != stops[e] or egress_s[at] != egress_s[e]:
            return False
        at += 1
    return True


@helper
def _is_at_rank(values: I32, value: float, rank: int) -> bool:
    """Return whether a value stands at a rank of some values in ascending order."""
    below, upto = 0, 0
    for d in range(len(values)):
        below += values[d] < value
        upto += values[d] <= value
    return below <= rank < upto


@helper
def _find_at_rank(values: I32, rank: int, low: int, high: int) -> int:
    """Return the value at a rank of some values, which lies between two others: counting takes less than sorting."""
    while low < high:
        middle = (low + high) // 2
        upto = 0
        for d in range(len(values)):
            upto += values[d] <= middle
        if upto > rank:
            high = middle
        else:
            low = middle + 1
    return low


@jit
def _choose_of_all(
    times: I32, at_stop: F64, ptr: I32, stops: I32, egress_s: I32, rank: int, limit_s: F64
) -> F64:  # pragma: no cover - compiled
    """Return the percentile of each place from all departures at all its stops.

    From the last to the first: along a road places have the ways on of the next one and a few more.
    """
    soonest_s = _find_soonest_s(times)
    out = np.full(len(ptr) - 1, np.inf)
    soonest = np.empty(times.shape[1], np.int32)
    done = slice(0, 0)  # the ways that are in `soonest`
    value = np.inf
    for place in range(len(ptr) - 2, -1, -1):
        ends = slice(ptr[place], ptr[place + 1])
        out[place] = _find_late(stops[ends], egress_s[ends], soonest_s, at_stop, limit_s[place])
        if out[place] < np.inf:
            continue
        go_on = done.stop > done.start and _holds(stops, egress_s, ends, done)
        if not go_on:
            soonest[:] = INF_S
            value = np.inf
        had, more = done.start if go_on else done.stop, not go_on
        for e in range(ends.start, ends.stop):
            if go_on and had < done.stop and stops[had] == stops[e]:
                had += 1
            elif soonest_s[stops[e]] < INF_S:
                _take_sooner(soonest, times[stops[e]], egress_s[e])
                more = True
        if more and not (go_on and _is_at_rank(soonest, value, rank)):
            value = float(np.partition(soonest, rank)[rank])
        out[place] = value if value < INF_S else np.inf
        done = ends
    return out


@jit
def _choose(
    times: I32, at_stop: F64, leads: I32, ptr: I32, stops: I32, egress_s: I32, rank: int, limit_s: F64
) -> F64:  # pragma: no cover - compiled
    """Return the percentile of each place."""
    soonest_s = _find_soonest_s(times)
    out = np.full(len(ptr) - 1, np.inf)
    soonest = np.empty(times.shape[1], np.int32)
    kept = np.empty(len(leads), np.int64)
    same = find_same_ways(ptr, stops, egress_s)
    known = np.full(len(out), np.nan)  # a place that is late has not asked
    for place in range(len(ptr) - 1):
        ends = slice(ptr[place], ptr[place + 1])
        out[place] = _find_late(stops[ends], egress_s[ends], soonest_s, at_stop, limit_s[place])
        if out[place] < np.inf:
            continue
        if not np.isnan(known[same[place]]):
            out[place] = known[same[place]]
            continue
        n = 0
        for e in range(ptr[place], ptr[place + 1]):
            beaten = soonest_s[stops[e]] >= INF_S
            if beaten:
                continue
            for f in range(ptr[place], ptr[place + 1]):
                if beaten or f == e:
                    continue
                more, lead = egress_s[f] - egress_s[e], leads[stops[e], stops[f]]
                # of two that are always equal the first stays
                beaten = more < lead or (more == lead and (f < e or more != -leads[stops[f], stops[e]]))
            if not beaten:
                kept[n] = e
                n += 1
        if n == 1:
            out[place] = at_stop[stops[kept[0]]] + egress_s[kept[0]]
        elif n > 1:
            soonest[:] = INF_S
            low, high = INF_S, INF_S
            for i in range(n):
                stop, more = stops[kept[i]], egress_s[kept[i]]
                _take_sooner(soonest, times[stop], more)
                low = min(low, soonest_s[stop] + more)
                if at_stop[stop] < INF_S:
                    high = min(high, at_stop[stop] + more)
            value = _find_at_rank(soonest, rank, int(low), int(high))
            out[place] = value if value < INF_S else np.inf
        known[same[place]] = out[place]
    return out
