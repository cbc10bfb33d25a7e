"""From travel times at stations to percentiles at many places, each left for from several stations.

What `raptor.compute_window` does for a few destinations, for hundreds of thousands: the timetable is swept to the
stations once, and each place takes the soonest station of every departure (and draw of headway phases). A station
that another one beats at every departure of the window is left out first; where one remains, its percentile and the
way on are the answer.
"""

from __future__ import annotations

import numpy as np

from transit_model.network.arrays import F64, I32
from transit_model.store.jit import INF_S, helper, jit
from transit_model.timetable.percentiles import compute_percentiles, find_rank
from transit_model.timetable.raptor import Destinations


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
    levels = np.array([quantile])
    used = np.unique(places.stop_idx)
    column = np.zeros(travel_s.shape[1], dtype=np.int32)
    column[used] = np.arange(len(used))
    times = np.ascontiguousarray(travel_s[:, used].T)
    at_stop = compute_percentiles(times.T, levels)[0]
    rank = find_rank(quantile, times.shape[1])
    limits = np.broadcast_to(np.asarray(limit_s, dtype=np.float64), len(places.ptr) - 1)
    ends = (places.ptr, column[places.stop_idx], places.egress_s)
    return _choose(times, at_stop, _find_leads(times), *ends, rank, np.ascontiguousarray(limits))


@jit
def _find_leads(times: I32) -> I32:  # pragma: no cover - compiled
    """Return for two stops the least of time at the first minus time at the second over the departures."""
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
    return leads


@helper
def _find_late(stops: I32, egress_s: I32, soonest_s: F64, at_stop: F64, limit_s: float) -> float:
    """Return the percentile by the best station alone where no departure arrives within the limit, else `inf`."""
    first, alone = np.inf, np.inf
    for e in range(len(stops)):
        first = min(first, soonest_s[stops[e]] + egress_s[e])
        alone = min(alone, at_stop[stops[e]] + egress_s[e])
    return alone if first > limit_s else np.inf


@jit
def _choose(
    times: I32, at_stop: F64, leads: I32, ptr: I32, stops: I32, egress_s: I32, rank: int, limit_s: F64
) -> F64:  # pragma: no cover - compiled
    """Return the percentile of each place."""
    n_dep = times.shape[1]
    served, soonest_s = np.zeros(len(times), np.bool_), np.empty(len(times))
    for stop in range(len(times)):
        soonest_s[stop] = times[stop].min()
        served[stop] = soonest_s[stop] < INF_S
    out = np.full(len(ptr) - 1, np.inf)
    soonest = np.empty(n_dep, np.int32)
    kept = np.empty(len(leads), np.int64)
    for place in range(len(ptr) - 1):
        ends = slice(ptr[place], ptr[place + 1])
        out[place] = _find_late(stops[ends], egress_s[ends], soonest_s, at_stop, limit_s[place])
        if out[place] < np.inf:
            continue
        n = 0
        for e in range(ptr[place], ptr[place + 1]):
            beaten = not served[stops[e]]
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
            for i in range(n):
                stop, more = stops[kept[i]], egress_s[kept[i]]
                for d in range(n_dep):
                    soonest[d] = min(soonest[d], times[stop, d] + more)
            value = float(np.partition(soonest, rank)[rank])
            out[place] = value if value < INF_S else np.inf
    return out
