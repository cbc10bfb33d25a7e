"""Shortest times on streets, in seconds, between points on links.

Weights are integer ticks, so times are exact and equal on every platform and by every engine (see `engine`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import F64, I32, StreetArrays
from transit_model.streets.connectors import Connectors
from transit_model.streets.street_search import NO_CUTOFF, UNREACHED, Seeds, find_engine
from transit_model.streets.way_trace import trace_arcs
from transit_model.units import TICKS_PER_S, ticks_to_seconds

OFF_NETWORK: Final = -2
"""In a path: the way between a point and its road."""
_ROWS_AT_ONCE: Final = 64


@dataclass(frozen=True, eq=False)
class StreetPath:
    """A shortest path.

    Attributes
    ----------
    node_idx : (k,) int32, graph nodes in order
    link_idx : (n,) int32
        Rows of the links table; -1 a gate or ramp, -2 the way off the network at either end.
    link_ticks : (n,) int32
        Time on each; they sum to the time of `compute_street_od` exactly.
    """

    node_idx: I32
    link_idx: I32
    link_ticks: I32

    @property
    def total_s(self) -> float:
        """Time of the whole path in seconds."""
        return float(ticks_to_seconds(int(self.link_ticks.sum())))

    def find_off_s(self) -> tuple[float, float]:
        """Return the seconds off the network before the first road and behind the last, the same of one way alone."""
        off = np.where(self.link_idx == OFF_NETWORK, self.link_ticks, 0)
        ends = (off[0], off[-1]) if len(off) else (0, 0)
        first_s, last_s = ticks_to_seconds(np.array(ends)).tolist()
        return first_s, last_s


def compute_street_times(
    streets: StreetArrays, origins: Connectors, *, reverse: bool = False, limit_s: float = np.inf
) -> F64:
    """Compute shortest times in seconds from every origin to every graph node, (n_origins, n_nodes).

    Parameters
    ----------
    reverse
        Times from every node to the points instead: the search on the transposed graph.
    limit_s
        Nodes further away are `inf`; the search stops there.
    """
    return _to_seconds(compute_street_ticks(streets, origins, reverse=reverse, limit_s=limit_s))


def compute_street_ticks(
    streets: StreetArrays, origins: Connectors, *, reverse: bool = False, limit_s: float = np.inf
) -> I32:
    """Return the times of `compute_street_times` in ticks, `UNREACHED` beyond the limit, (n_origins, n_nodes)."""
    engine = find_engine(streets, reverse=reverse)
    return engine.travel_ticks(_list_seeds(origins, reverse=reverse), _to_cutoff(limit_s))


def list_street_ticks(
    streets: StreetArrays, origins: Connectors, *, reverse: bool = False, limit_s: float = np.inf
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], I32]:
    """Return the times of `compute_street_ticks` to nodes one may leave as a list: node, origin and ticks, by node."""
    engine = find_engine(streets, reverse=reverse)
    return engine.list_reached(_list_seeds(origins, reverse=reverse), streets.may_leave, _to_cutoff(limit_s))


def compute_street_od(
    streets: StreetArrays, origins: Connectors, destinations: Connectors, *, limit_s: float = np.inf
) -> F64:
    """Compute shortest times in seconds from origins to destinations, (n_origins, n_destinations).

    Two points on one link have their direct time along it where its direction allows; against it one goes round. A free
    point is also gone to straight across country, from another or from a place that it is near.
    """
    best = origins.direct_ticks(destinations)
    if len(origins) and len(destinations) and streets.n_nodes:
        # One search for each point of the shorter side: against the arcs from the destinations where these are fewer.
        back = len(destinations) < len(origins)
        first, second = (destinations, origins) if back else (origins, destinations)
        ends = _list_seeds(second, reverse=not back)
        targets, column = np.unique(np.maximum(ends.node, 0), return_inverse=True)
        engine = find_engine(streets, reverse=back)
        rows = engine.travel_ticks(_list_seeds(first, reverse=back), _to_cutoff(limit_s), targets=targets)
        ticks = np.where(rows < UNREACHED, rows, np.inf)
        least = _find_least(ticks, column.reshape(ends.node.shape), ends)
        best = np.minimum(best, least.T if back else least)
    return ticks_to_seconds(np.where(best <= limit_s * TICKS_PER_S, best, np.inf))


def _find_least(ticks: F64, column: npt.NDArray[np.int64], ends: Seeds) -> F64:
    """Return the least ticks from rows to ends by all their ways, (n_rows, n_ends), `inf` for none.

    `column` has the column of `ticks` of each node of the ends.
    """
    n_ends, n_ways = ends.node.shape
    best = np.full((len(ticks), n_ends), np.inf)
    if n_ways > n_ends:
        for end in range(n_ends):
            use = np.flatnonzero(ends.node[end] >= 0)
            if len(use):
                best[:, end] = (ticks[:, column[end, use]] + ends.ticks[end, use]).min(axis=1)
        return best
    for way in range(n_ways):
        use = np.flatnonzero(ends.node[:, way] >= 0)
        best[:, use] = np.minimum(best[:, use], ticks[:, column[use, way]] + ends.ticks[use, way])
    return best


def find_street_path(
    streets: StreetArrays, origins: Connectors, destinations: Connectors, *, origin: int = 0, destination: int = 0
) -> StreetPath | None:
    """Find the links of the shortest path from one origin to one destination, None when there is none."""
    return find_street_paths(streets, origins.take([origin]), destinations.take([destination]))[0][0]


def find_street_paths(
    streets: StreetArrays, origins: Connectors, destinations: Connectors
) -> list[list[StreetPath | None]]:
    """Find the shortest paths from every origin to every destination with one search an origin; None for no way."""
    out: list[list[StreetPath | None]] = []
    for first in range(0, len(origins), _ROWS_AT_ONCE):
        starts = origins.take(list(range(first, min(first + _ROWS_AT_ONCE, len(origins)))))
        rows = find_engine(streets).travel_ticks(_list_seeds(starts))
        direct = starts.along_ticks(destinations), starts.across_ticks(destinations)
        out += [
            _find_paths(streets, rows[k], starts.take([k]), destinations, (direct[0][k], direct[1][k]))
            for k in range(len(starts))
        ]
    return out


def _find_paths(
    streets: StreetArrays, ticks: I32, start: Connectors, to: Connectors, directs: tuple[F64, F64]
) -> list[StreetPath | None]:
    """Return the paths from one point by the times from it to all nodes, along its own links, and across country."""
    direct = np.minimum(*directs)
    reached = np.where(to.reach_node >= 0, ticks[np.maximum(to.reach_node, 0)], UNREACHED)
    onward = np.where(reached < UNREACHED, reached.astype(np.float64) + to.reach_ticks, np.inf)
    way = onward.argmin(axis=1)  # of equals the way along the road
    best = onward[np.arange(len(to)), way]
    along = np.isfinite(direct) & (direct <= best)
    by_road = np.flatnonzero(~along & np.isfinite(best))
    seed_ticks = np.full(streets.n_nodes, -1, np.int32)
    for node, spent in zip(start.leave_node[0].tolist(), start.leave_ticks[0].tolist(), strict=True):
        if node >= 0 and (seed_ticks[node] < 0 or spent < seed_ticks[node]):
            seed_ticks[node] = spent
    ends = to.reach_node[by_road, way[by_road]]
    out: list[StreetPath | None] = [None] * len(to)
    for d, arcs in zip(by_road.tolist(), trace_arcs(streets, ticks, seed_ticks, ends), strict=True):
        out[d] = _lay_path(streets, ticks, start, to, (d, int(way[d])), arcs)
    for d in np.flatnonzero(along).tolist():
        is_across = directs[1][d] <= directs[0][d]
        out[d] = _lay_across(int(direct[d])) if is_across else _lay_along(start, to.take([d]), int(direct[d]))
    return out


def _lay_path(
    streets: StreetArrays, ticks: I32, start: Connectors, to: Connectors, end: tuple[int, int], arcs: I32
) -> StreetPath:
    """Return the path by some arcs: off the network, to the first node, along the arcs, from the last node, off.

    `end` is the row of the destination and the way that it is reached by.
    """
    last = int(to.reach_node[end])
    tail = int(np.searchsorted(streets.indptr, arcs[0], side="right")) - 1 if len(arcs) else last
    nodes = np.concatenate([np.array([tail], np.int32), streets.head[arcs]])
    first = int(ticks[tail])
    out = int(np.flatnonzero((start.leave_node[0] == tail) & (start.leave_ticks[0] == first))[0])
    off_start, off_end = int(start.off_ticks[0, out]), int(to.off_ticks[end])
    links = [OFF_NETWORK, start.link_idx[0, out], to.link_idx[end], OFF_NETWORK]
    spent = [off_start, first - off_start, int(to.reach_ticks[end]) - off_end, off_end]
    of_link = np.concatenate([links[:2], streets.link_idx[arcs], links[2:]])
    of_time = np.concatenate([spent[:2], streets.weight_ticks[arcs], spent[2:]])
    return _build_path(nodes, of_link, of_time)


def _lay_along(start: Connectors, end: Connectors, direct: int) -> StreetPath:
    """Return the path along the one link that both points join."""
    _, _, way, way_to, along = start.list_along(end)
    best = int(along.argmin())  # of equals the first way
    off_start, off_end = int(start.off_ticks[0, way[best]]), int(end.off_ticks[0, way_to[best]])
    ticks = np.array([off_start, direct - off_start - off_end, off_end])
    links = np.array([OFF_NETWORK, start.link_idx[0, way[best]], OFF_NETWORK])
    return _build_path(np.zeros(0, np.int32), links, ticks)


def _lay_across(direct: int) -> StreetPath:
    """Return the path straight across country."""
    return _build_path(np.zeros(0, np.int32), np.array([OFF_NETWORK]), np.array([direct]))


def _build_path(nodes: I32, links: npt.NDArray[np.integer], ticks: npt.NDArray[np.integer]) -> StreetPath:
    taken = ticks > 0
    return StreetPath(nodes.astype(np.int32), links[taken].astype(np.int32), ticks[taken].astype(np.int32))


def _list_seeds(points: Connectors, *, reverse: bool = False) -> Seeds:
    """Return where searches from points start, or where searches against the arcs do."""
    return Seeds(points.reach_node, points.reach_ticks) if reverse else Seeds(points.leave_node, points.leave_ticks)


def _to_cutoff(limit_s: float) -> int:
    """Return the largest number of whole ticks that is within a limit."""
    return int(min(limit_s * TICKS_PER_S, NO_CUTOFF))


def _to_seconds(ticks: I32) -> F64:
    return ticks_to_seconds(np.where(ticks < UNREACHED, ticks, np.inf))
