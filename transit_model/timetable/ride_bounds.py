"""Seconds that no ride between two stops can beat, whenever it leaves: what need not be searched is known by them.

The stops are a graph: from each call of a trip to the next by the quickest of all trips of the day, and between stops
as long as a transfer takes. Waits, dwells and changes at a stop count nothing. So a shortest path is a lower bound of
every journey from boarding to alighting (the lower-bound graph of timetable search: Müller-Hannemann, Schulz, Wagner,
Zaroliagis (2007), "Timetable information: models and algorithms", in: Algorithmic Methods for Railway Optimization).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import F64
from transit_model.timetable.index import TimetableIndex

SLACK_S: Final = 0.5
"""Journeys are whole seconds, and sums of bounds exact to far less: one that is later by this is later."""
_LEAST_S: Final = 1e-6  # an edge of no length would be none
I64 = npt.NDArray[np.int64]


class RideBounds:
    """The bounds of one timetable, from stop to stop by their numbers; those from a stop are searched when asked for.

    From boarding at the first to alighting at the second, the best of all departures of the timetable and of all phases
    of its headway lines. Parts of a stop count as the stop.
    """

    def __init__(self, index: TimetableIndex) -> None:
        from scipy.sparse import coo_matrix

        tails, heads, seconds = (np.concatenate(parts) for parts in zip(*_list_edges(index), strict=True))
        n = index.n_whole_stops
        if len(index.split_of):
            whole = np.concatenate([np.arange(n), index.split_of])
            tails, heads = whole[tails], whole[heads]
        apart = tails != heads
        pair, weight = (tails * n + heads)[apart], np.maximum(seconds[apart], _LEAST_S)
        order = np.lexsort((weight, pair))
        pair, weight = pair[order], weight[order]
        first = np.flatnonzero(np.diff(pair, prepend=-1))
        self._graph = coo_matrix((weight[first], np.divmod(pair[first], n)), shape=(n, n)).tocsr()
        self._rows: dict[int, F64] = {}

    def find(self, from_idx: npt.NDArray[np.integer], to_idx: npt.NDArray[np.integer]) -> F64:
        """Return seconds from each stop to each that no journey beats, (n_from, n_to); inf without a way."""
        from scipy.sparse.csgraph import dijkstra

        new = [stop for stop in dict.fromkeys(from_idx.tolist()) if stop not in self._rows]
        if new:
            self._rows.update(zip(new, dijkstra(self._graph, indices=new), strict=True))
        rows = [self._rows[stop][to_idx] for stop in from_idx.tolist()]
        return np.array(rows, dtype=np.float64).reshape(len(from_idx), len(to_idx))


def _list_edges(index: TimetableIndex) -> list[tuple[I64, I64, F64]]:
    """Return tails, heads and seconds of the hops of trips, of the hops of headway rows, and of transfers."""
    length, count = np.diff(index.stop_ptr).astype(np.int64), np.diff(index.trip_ptr).astype(np.int64)
    pattern = np.repeat(np.arange(len(length)), length * count)
    event = np.arange(len(pattern))
    trip, place = np.divmod(event - index.event_ptr[pattern], length[pattern])
    on = np.flatnonzero(place + 1 < length[pattern])
    pattern, trip, place = pattern[on], trip[on], place[on]
    at = index.stop_ptr[pattern] + place
    depart_s = index.depart_s[index.event_ptr[pattern] + place * count[pattern] + trip]
    hops = _as_edge(index.stops[at], index.stops[at + 1], index.arrive_s[on + 1] - depart_s.astype(np.int64))
    last = np.zeros(len(index.h_stops), dtype=bool)
    last[index.h_stop_ptr[1:] - 1] = True
    row = np.flatnonzero(~last)
    bands = _as_edge(index.h_stops[row], index.h_stops[row + 1], index.h_arrive_s[row + 1] - index.h_depart_s[row])
    tail = np.repeat(np.arange(index.n_stops), np.diff(index.transfer_ptr))
    return [hops, bands, _as_edge(tail, index.transfer_to, index.transfer_s)]


def _as_edge(tail: npt.ArrayLike, head: npt.ArrayLike, seconds: npt.ArrayLike) -> tuple[I64, I64, F64]:
    return np.asarray(tail, np.int64), np.asarray(head, np.int64), np.asarray(seconds, np.float64)
