"""Roads as dense points with the steps between them: to measure along a map without trusting its junctions."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from transit_model.domain.geo import compute_great_circle_m, to_space

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
STEP_M = 250.0
"""Largest gap between points along a road; half of it is the error of a place on it."""
OTHER_SIDE_M = 150.0
"""The two sides of a dual carriageway lie nearer than this (judged)."""
_FIRST_LIMIT = 2.0
_REF = re.compile(r"[A-Z]{1,2}\d+")


def read_refs(text: str) -> frozenset[str]:
    """Return the road numbers of a ``ref``: ``G6/G7`` and ``G6;G7`` are two."""
    return frozenset(_REF.findall(str(text).upper().replace(" ", "")))


@dataclass(frozen=True, eq=False)
class RoadLines:
    """Points along roads.

    Attributes
    ----------
    lon, lat : (n,) float64
    link : (n,) int64
        Row of the links table of each point, -1 at a node.
    tail, head, step_m, step_link : (m,) arrays
        Steps between points, with the row of their road; ends of roads that share a node are one point.
    """

    lon: F64
    lat: F64
    link: I64
    tail: I64
    head: I64
    step_m: F64
    step_link: I64

    @property
    def space(self) -> F64:
        """Places on the sphere, (n, 3), metres: the nearest by chord is the nearest on the ground."""
        return to_space(self.lon, self.lat)


def draw_roads(nodes: pd.DataFrame, links: pd.DataFrame, shapes: pd.DataFrame) -> RoadLines:
    """Return the points of the links, at most `STEP_M` apart; tables as of a region pack's ``roads/``."""
    row_of = pd.Series(np.arange(len(nodes)), index=nodes["node_id"].to_numpy())
    ends = [row_of.loc[links[c]].to_numpy(dtype=np.int64) for c in ("from_node_id", "to_node_id")]
    place = nodes[["lon", "lat"]].to_numpy(dtype=np.float64)
    ptr, line = _join_courses(place, ends, links, shapes)
    inner, many = _densify(ptr, line)
    at = np.vstack([place, inner])
    # Each road is its first node, its inner points, its last node: the steps are from one of these to the next.
    road = np.repeat(np.arange(len(links)), many + 1)
    last = np.cumsum(many + 1) - 1
    tail = len(nodes) + np.arange(len(road)) - road - 1  # inner points are numbered road by road
    head = tail + 1
    tail[last - many], head[last] = ends[0], ends[1]
    metres = np.asarray(compute_great_circle_m(at[tail, 0], at[tail, 1], at[head, 0], at[head, 1]), dtype=np.float64)
    owner = np.concatenate([np.full(len(nodes), -1, dtype=np.int64), np.repeat(np.arange(len(links)), many)])
    return RoadLines(at[:, 0], at[:, 1], owner, tail, head, metres, road)


def _join_courses(place: F64, ends: list[I64], links: pd.DataFrame, shapes: pd.DataFrame) -> tuple[I64, F64]:
    """Return the courses of links as one polyline after another: pointer (n + 1,) and points (ptr[-1], 2).

    Of a course that is known the first and last point are those of the nodes.
    """
    ordered = shapes.sort_values(["link_id", "seq"], kind="stable")
    number, names = pd.factorize(ordered["link_id"])
    points = ordered[["lon", "lat"]].to_numpy(dtype=np.float64)
    begin = np.concatenate([[0], np.cumsum(np.bincount(number, minlength=len(names)))]).astype(np.int64)
    known = pd.Index(names).get_indexer(links["link_id"]) if len(names) else np.full(len(links), -1)
    many = np.where(known >= 0, np.maximum(np.diff(begin, append=begin[-1:])[known] - 2, 0), 0).astype(np.int64)
    ptr = np.concatenate([[0], np.cumsum(many + 2)]).astype(np.int64)
    line = np.empty((int(ptr[-1]), 2))
    line[ptr[:-1]], line[ptr[1:] - 1] = place[ends[0]], place[ends[1]]
    nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    line[np.repeat(ptr[:-1] + 1, many) + nth] = points[np.repeat(begin[known] + 1, many) + nth]
    return ptr, line


def _densify(ptr: I64, line: F64) -> tuple[F64, I64]:
    """Return the points strictly between the ends of lines, none farther than `STEP_M` from the next, and how many."""
    metres = np.asarray(compute_great_circle_m(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1]))
    parts = np.maximum(np.ceil(metres / STEP_M), 1).astype(np.int64)
    parts[ptr[1:-1] - 1] = 0  # from the last point of a line to the first of the next
    leg = np.repeat(np.arange(len(parts)), parts)
    begin = np.cumsum(parts) - parts
    share = (np.arange(len(leg)) - begin[leg]) / parts[leg]
    out: F64 = line[leg] + (line[leg + 1] - line[leg]) * share[:, None]
    first = begin[ptr[:-1]]  # a line begins at its node
    kept = np.ones(len(out), dtype=bool)
    kept[first] = False
    return out[kept], np.diff(first, append=len(out)) - 1


class Ruler:
    """Distances along the roads of some links, in both directions whatever the signs say."""

    def __init__(self, lines: RoadLines, keep: npt.NDArray[np.bool_]) -> None:
        used = keep[lines.step_link]
        tail, head, step = lines.tail[used], lines.head[used], lines.step_m[used]
        self.points = np.unique(np.concatenate([tail, head]))
        self.link = lines.link[self.points]
        n = len(self.points)
        a, b = np.searchsorted(self.points, tail), np.searchsorted(self.points, head)
        ends = (np.concatenate([a, b]), np.concatenate([b, a]))
        self._graph = csr_array((np.concatenate([step, step]), ends), shape=(n, n))
        self._part = connected_components(self._graph, directed=False)[1] if n else a
        self._tree = cKDTree(lines.space[self.points]) if n else None

    @property
    def has_roads(self) -> bool:
        """Whether there is any road to measure along."""
        return self._tree is not None

    def find_distance_m(self, lon: F64, lat: F64) -> F64:
        """Return how far places lie from these roads, (n,), inf when there are none."""
        if self._tree is None:
            return np.full(len(lon), np.inf)
        found: F64 = self._tree.query(to_space(lon, lat))[0]
        return found

    def measure_m(self, start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float, float, I64]:
        """Return length between two places along the roads, how far each lies off, and the links passed.

        The length is inf when the roads do not connect them.
        """
        none = np.zeros(0, dtype=np.int64)
        if self._tree is None:
            return np.inf, np.inf, np.inf, none
        ends = [to_space(np.array([p[0]]), np.array([p[1]]))[0] for p in (start, end)]
        snaps = [float(self._tree.query(p)[0]) for p in ends]
        near = [self._tree.query_ball_point(p, snap + OTHER_SIDE_M) for p, snap in zip(ends, snaps, strict=True)]
        if not np.isin(self._part[near[0]], self._part[near[1]]).any():
            return np.inf, snaps[0], snaps[1], none
        # A way as long as the limit is as short as any: only what the limit lets see is searched.
        limit_m = _FIRST_LIMIT * float(np.linalg.norm(ends[1] - ends[0])) + OTHER_SIDE_M
        while True:
            options = {"min_only": True, "return_predecessors": True, "limit": limit_m}
            far, came, _ = dijkstra(self._graph, indices=np.array(near[0]), **options)
            goal = min(near[1], key=lambda i: far[i])
            if np.isfinite(far[goal]):
                break
            limit_m *= 2
        length = float(far[goal])
        passed = [goal]
        while came[passed[-1]] >= 0:
            passed.append(int(came[passed[-1]]))
        return length, snaps[0], snaps[1], np.asarray(self.link[passed], dtype=np.int64)
