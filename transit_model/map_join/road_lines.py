"""Roads as dense points with the steps between them: to measure along a map without trusting its junctions."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from transit_model.domain.geo import EARTH_RADIUS_M, compute_great_circle_m

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
STEP_M = 250.0
"""Largest gap between points along a road; half of it is the error of a place on it."""
OTHER_SIDE_M = 150.0
"""The two sides of a dual carriageway lie nearer than this (judged)."""
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


def to_space(lon: F64, lat: F64) -> F64:
    """Return places on the sphere in metres, (n, 3)."""
    x, y = np.radians(lon), np.radians(lat)
    return EARTH_RADIUS_M * np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])


def draw_roads(nodes: pd.DataFrame, links: pd.DataFrame, shapes: pd.DataFrame) -> RoadLines:
    """Return the points of the links, at most `STEP_M` apart; tables as of a region pack's ``roads/``."""
    row_of = pd.Series(np.arange(len(nodes)), index=nodes["node_id"].to_numpy())
    ends = [row_of.loc[links[c]].to_numpy(dtype=np.int64) for c in ("from_node_id", "to_node_id")]
    place = nodes[["lon", "lat"]].to_numpy(dtype=np.float64)
    course = {
        str(link): part[["lon", "lat"]].to_numpy(dtype=np.float64)[1:-1]
        for link, part in shapes.sort_values(["link_id", "seq"], kind="stable").groupby("link_id", sort=False)
    }
    points, owner = [place], [np.full(len(nodes), -1, dtype=np.int64)]
    tails, heads, steps = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    count = len(nodes)
    none = np.zeros((0, 2))
    for row, link in enumerate(links["link_id"].tolist()):
        a, b = int(ends[0][row]), int(ends[1][row])
        line = np.vstack([place[a], course.get(str(link), none), place[b]])
        inner = _densify(line)
        numbers = np.concatenate([[a], count + np.arange(len(inner)), [b]])
        points.append(inner)
        owner.append(np.full(len(inner), row, dtype=np.int64))
        tails.append(numbers[:-1])
        heads.append(numbers[1:])
        steps.append(np.full(len(inner) + 1, row, dtype=np.int64))
        count += len(inner)
    at = np.vstack(points)
    tail, head = np.concatenate(tails), np.concatenate(heads)
    metres = np.asarray(compute_great_circle_m(at[tail, 0], at[tail, 1], at[head, 0], at[head, 1]), dtype=np.float64)
    return RoadLines(at[:, 0], at[:, 1], np.concatenate(owner), tail, head, metres, np.concatenate(steps))


def _densify(line: F64) -> F64:
    """Return the points strictly between the ends of a line, none farther than `STEP_M` from the next."""
    metres = np.asarray(compute_great_circle_m(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1]))
    parts = np.maximum(np.ceil(metres / STEP_M), 1).astype(np.int64)
    leg = np.repeat(np.arange(len(parts)), parts)
    share = (np.arange(len(leg)) - np.repeat(np.cumsum(parts) - parts, parts)) / parts[leg]
    out: F64 = line[leg] + (line[leg + 1] - line[leg]) * share[:, None]
    return out[1:]


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
        far, came, _ = dijkstra(self._graph, indices=np.array(near[0]), min_only=True, return_predecessors=True)
        goal = min(near[1], key=lambda i: far[i])
        length = float(far[goal])
        if not np.isfinite(length):
            return np.inf, snaps[0], snaps[1], none
        passed = [goal]
        while came[passed[-1]] >= 0:
            passed.append(int(came[passed[-1]]))
        return length, snaps[0], snaps[1], np.asarray(self.link[passed], dtype=np.int64)
