"""Shortest times on streets, in seconds, between points on links.

Weights are integer ticks, so times are exact and equal on every platform and by every engine (see `engine`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse.csgraph import dijkstra

from transit_model.network.arrays import F64, I32, StreetArrays
from transit_model.streets.connectors import Connectors
from transit_model.streets.street_search import NO_CUTOFF, UNREACHED, Seeds, append_points, find_engine
from transit_model.units import TICKS_PER_S, ticks_to_seconds

OFF_NETWORK: Final = -2
"""In a path: the way between a point and its road."""


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


def compute_street_od(
    streets: StreetArrays, origins: Connectors, destinations: Connectors, *, limit_s: float = np.inf
) -> F64:
    """Compute shortest times in seconds from origins to destinations, (n_origins, n_destinations).

    Two points on one link have their direct time along it where its direction allows; against it one goes round.
    """
    best = origins.direct_ticks(destinations)
    if len(origins) and streets.n_nodes:
        targets, column = np.unique(np.maximum(destinations.reach_node, 0), return_inverse=True)
        rows = find_engine(streets).travel_ticks(_list_seeds(origins), _to_cutoff(limit_s), targets=targets)
        ticks = np.where(rows < UNREACHED, rows, np.inf)
        for way in (0, 1):
            onward = ticks[:, column.reshape(-1, 2)[:, way]] + destinations.reach_ticks[:, way]
            best = np.minimum(best, np.where(destinations.reach_node[:, way] >= 0, onward, np.inf))
    return ticks_to_seconds(np.where(best <= limit_s * TICKS_PER_S, best, np.inf))


def find_street_path(
    streets: StreetArrays, origins: Connectors, destinations: Connectors, *, origin: int = 0, destination: int = 0
) -> StreetPath | None:
    """Find the links of the shortest path from one origin to one destination, None when there is none."""
    return find_street_paths(streets, origins.take([origin]), destinations.take([destination]))[0]


def find_street_paths(
    streets: StreetArrays, origins: Connectors, destinations: Connectors, *, origin: int = 0
) -> list[StreetPath | None]:
    """Find the shortest paths from one origin to every destination with one search, None where there is none."""
    start = origins.take([origin])
    tree = _grow_tree(streets, start)
    direct = start.direct_ticks(destinations)[0].tolist()
    return [_trace(tree, start, destinations.take([d]), direct[d]) for d in range(len(destinations))]


class _Tree(NamedTuple):
    """A shortest-path tree from one point, by node: time in ticks and the node before it.

    The point itself is one more node, `n_nodes`; a node out of reach has none before it.
    """

    streets: StreetArrays
    ticks: F64
    previous: I32


def _grow_tree(streets: StreetArrays, start: Connectors) -> _Tree:
    n = streets.n_nodes
    searched = append_points(find_engine(streets).matrix()[0], start.leave_node, start.leave_ticks)
    ticks, previous = dijkstra(searched, indices=n, return_predecessors=True)
    return _Tree(streets, ticks, previous)


def _list_arcs(streets: StreetArrays, nodes: Sequence[int]) -> I32:
    """Return the arcs of a path from node to node, (k - 1,)."""
    graph, arc = find_engine(streets).matrix()
    tail, head = np.array(nodes[:-1], np.int64), np.array(nodes[1:], np.int64)
    entry, end = graph.indptr[tail].astype(np.int64), graph.indptr[tail + 1]
    # Of parallel arcs the graph has one, so each step is the entry of its row with its head.
    for _ in range(int((end - entry).max(initial=0))):
        entry += (graph.indices[entry] != head) & (entry + 1 < end)
    return np.asarray(arc[entry], np.int32)


def _trace(tree: _Tree, start: Connectors, end: Connectors, direct: float) -> StreetPath | None:
    ends = [
        (float(tree.ticks[node]) + reach, way)
        for way, (node, reach) in enumerate(zip(end.reach_node[0].tolist(), end.reach_ticks[0].tolist(), strict=True))
        if node >= 0
    ]
    total, way = min([*ends, (direct, -1)])
    if total == np.inf:
        return None
    off_start, off_end = int(start.off_ticks[0]), int(end.off_ticks[0])
    nodes: list[int] = []
    if way < 0:
        link = next(
            int(row) for row in start.link_idx[0] if row >= 0 and row in end.link_idx[0] and _ahead(start, end, row)
        )
        parts = [(link, int(direct) - off_start - off_end)]
    else:
        nodes.append(int(end.reach_node[0, way]))
        while (before := int(tree.previous[nodes[-1]])) != tree.streets.n_nodes:
            nodes.append(before)
        nodes.reverse()
        first = int(tree.ticks[nodes[0]])
        out = next(w for w in (0, 1) if start.leave_node[0, w] == nodes[0] and start.leave_ticks[0, w] == first)
        parts = [(int(start.link_idx[0, out]), first - off_start)]
        taken = _list_arcs(tree.streets, nodes)
        of_link, of_time = tree.streets.link_idx[taken], tree.streets.weight_ticks[taken]
        parts += zip(of_link.tolist(), of_time.tolist(), strict=True)
        parts.append((int(end.link_idx[0, way]), int(end.reach_ticks[0, way]) - off_end))
    parts = [part for part in [(OFF_NETWORK, off_start), *parts, (OFF_NETWORK, off_end)] if part[1] > 0]
    links, link_ticks = zip(*parts, strict=True) if parts else ((), ())
    return StreetPath(np.array(nodes, np.int32), np.array(links, np.int32), np.array(link_ticks, np.int32))


def _ahead(start: Connectors, end: Connectors, row: int) -> bool:
    """Return whether `end` lies on link `row` not before `start`."""
    return bool(end.pos_ticks[0, end.link_idx[0] == row].max() >= start.pos_ticks[0, start.link_idx[0] == row].min())


def _list_seeds(points: Connectors, *, reverse: bool = False) -> Seeds:
    """Return where searches from points start, or where searches against the arcs do."""
    return Seeds(points.reach_node, points.reach_ticks) if reverse else Seeds(points.leave_node, points.leave_ticks)


def _to_cutoff(limit_s: float) -> int:
    """Return the largest number of whole ticks that is within a limit."""
    return int(min(limit_s * TICKS_PER_S, NO_CUTOFF))


def _to_seconds(ticks: I32) -> F64:
    return ticks_to_seconds(np.where(ticks < UNREACHED, ticks, np.inf))
