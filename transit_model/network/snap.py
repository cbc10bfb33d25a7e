"""Points to the road network: the nearest road one may stop on, where on it, and how far away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.geo import LonLat, find_transformer
from transit_model.domain.rows import find_few_rows, find_rows, take_few
from transit_model.network.model import Network
from transit_model.network.near_roads import NearRoads, cut_near_roads
from transit_model.network.road_change import RoadChange

if TYPE_CHECKING:
    from shapely import LineString


_FEW = 1000
"""Courses of fewer links are looked for among the shape points in place of sorting all of these."""


@dataclass(frozen=True, eq=False)
class Snap:
    """Where points lie on the roads: (n,) arrays; `link_row` is -1 when nothing is within the limit.

    Attributes
    ----------
    link_row : int64
        Row of ``network.links`` (the drawing direction of a road).
    fraction : float64
        Share of the way from the link's first node.
    distance_m : float64
        Straight distance to the road, also when it is beyond the limit; inf when there is no road.
    """

    link_row: npt.NDArray[np.int64]
    fraction: npt.NDArray[np.float64]
    distance_m: npt.NDArray[np.float64]


class RoadLocator:
    """Finds the nearest road by its drawn course, in the region's projected CRS; motorways are left out.

    Parameters
    ----------
    network : Network
    base : RoadLocator, optional
        Of the network from which the roads came by a change that is told: the lines of roads that stay are taken over.
        What is found is the same to the bit.
    """

    def __init__(self, network: Network, base: RoadLocator | None = None) -> None:
        from shapely import STRtree

        self._transform = find_transformer(network.info.crs)
        change = network.find_road_change()
        first = None if base is None or change is None else base._find_first(change)
        links = network.links
        self._first = (~links.duplicated("road_id")).to_numpy() if first is None else first
        self._rows = np.flatnonzero(self._first & (links["highway"] != "motorway").to_numpy(dtype=bool))
        self._line_of_row = np.full(len(links), -1, dtype=np.int32)
        self._line_of_row[self._rows] = np.arange(len(self._rows))
        if base is None or change is None or first is None:
            self._lines: npt.NDArray[np.object_] = self._draw(network, self._rows)
        else:
            self._lines = base._take_lines(change, self._rows)
            fresh = np.array([line is None for line in self._lines], dtype=bool)
            self._lines[fresh] = self._draw(network, self._rows[fresh])
        self._tree = STRtree(self._lines)

    def _draw(self, network: Network, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
        from shapely import linestrings

        ptr, lon, lat = build_course_arrays(network, rows)
        x, y = self._transform.transform(lon, lat)
        line_of_point = np.repeat(np.arange(len(rows)), np.diff(ptr))
        return np.asarray(linestrings(x, y, indices=line_of_point), dtype=object)

    def _find_first(self, change: RoadChange) -> npt.NDArray[np.bool_] | None:
        """Return which links after a change are the first of their road; None when roads that stay begin elsewhere."""
        before, after, n_kept = change.before, change.after, change.n_kept
        road_id = after.links["road_id"]
        new, gone = road_id.iloc[n_kept:], before.links["road_id"].iloc[change.gone]
        bent = after.shapes["link_id"].iloc[len(before.shapes) :]
        is_other = (
            len(self._first) != len(before.links)
            or bool(find_few_rows(before.links["road_id"], new.astype(str).unique().tolist()))
            or bool(find_few_rows(road_id, gone.astype(str).unique().tolist()))
            or not bent.isin(new).all()
            or bool(change.compare("road_id")[1].any())
        )
        return None if is_other else np.concatenate([self._first[change.kept], (~new.duplicated()).to_numpy()])

    def _take_lines(self, change: RoadChange, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
        """Return the lines of some links after a change, None where they are new or may have other cells."""
        lines = np.full(len(rows), None, dtype=object)
        stays = np.flatnonzero((rows < change.n_kept) & ~np.isin(rows, change.changed))
        known = self._line_of_row[change.find_before(rows[stays])]
        lines[stays[known >= 0]] = self._lines[known[known >= 0]]
        return lines

    def snap(self, points: Sequence[LonLat], max_m: float) -> Snap:
        """Return the nearest road of each point within `max_m` metres."""
        from shapely import Point

        x, y = self._transform.transform([p.lon for p in points], [p.lat for p in points])
        link_row = np.full(len(points), -1, dtype=np.int64)
        fraction = np.zeros(len(points))
        distance = np.full(len(points), np.inf)
        for i, point in enumerate([Point(px, py) for px, py in zip(x, y, strict=True)]):
            if not len(self._rows):
                break
            nearest = int(self._tree.nearest(point))
            line: LineString = self._lines[nearest]
            distance[i] = line.distance(point)
            if distance[i] <= max_m:
                link_row[i] = self._rows[nearest]
                fraction[i] = line.project(point, normalized=True) if line.length > 0 else 0.0
        return Snap(link_row, np.clip(fraction, 0.0, 1.0), distance)

    def project(self, points: Sequence[LonLat]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return where points lie in the region's CRS, x and y in metres."""
        x, y = self._transform.transform([p.lon for p in points], [p.lat for p in points])
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def find_near(self, points: Sequence[LonLat], max_m: float) -> NearRoads:
        """Return the roads that pass within `max_m` metres of each point, by point and road."""
        from shapely import points as make_points

        x, y = self.project(points)
        point, line = self._tree.query(make_points(x, y), predicate="dwithin", distance=max_m)
        order = np.lexsort((line, point))
        point, line = point[order].astype(np.int64), line[order]
        return cut_near_roads(point, self._rows[line], self._lines[line], x, y, max_m)


def build_courses(network: Network) -> list[npt.NDArray[np.float64]]:
    """Return for each row of ``network.links`` its course as (k, 2) lon/lat, from first to last node.

    Where shape points are known they lie between the nodes, otherwise the course is a straight line.
    """
    ptr, lon, lat = build_course_arrays(network)
    points = np.column_stack([lon, lat])
    return [points[a:b] for a, b in pairwise(ptr.tolist())]


def build_course_arrays(
    network: Network, rows: npt.NDArray[np.int64] | None = None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the courses of `build_courses` as one polyline after another: pointer (n + 1,), lon and lat (ptr[-1],).

    `rows` picks rows of ``network.links``, in their order; default all.
    """
    links, shapes = network.links[["link_id", "road_id"]], network.shapes
    place = network.nodes[["lon", "lat"]].to_numpy(dtype=np.float64)
    start, end = (place[ends] if rows is None else place[ends[rows]] for ends in network.link_ends)
    if rows is not None:
        few = len(rows) < max(_FEW, len(network.links) // 8)
        links = take_few(links, list(links.columns), rows) if few else links.iloc[rows]
        if few:
            shapes = shapes[shapes["link_id"].isin(links["road_id"].unique())]
    number, names = pd.factorize(shapes["link_id"])
    order = np.lexsort((shapes["seq"].to_numpy(), number))
    middle = shapes[["lon", "lat"]].to_numpy(dtype=np.float64)[order]
    first = np.concatenate([[0], np.cumsum(np.bincount(number, minlength=len(names)))]).astype(np.int64)
    road = find_rows(pd.Series(names), links["road_id"]) if len(names) else np.full(len(links), -1)
    counts = np.where(road >= 0, np.diff(first, append=first[-1:])[road], 0)
    ptr = np.concatenate([[0], np.cumsum(counts + 2)]).astype(np.int64)
    points = np.empty((int(ptr[-1]), 2))
    points[ptr[:-1]], points[ptr[1:] - 1] = start, end
    if len(middle):
        backwards = (links["link_id"] != links["road_id"]).to_numpy()
        many = counts.astype(np.int64)
        step = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        from_end = np.where(np.repeat(backwards, many), np.repeat(many, many) - 1 - step, step)
        points[np.repeat(ptr[:-1] + 1, many) + step] = middle[np.repeat(first[road], many) + from_end]
    return ptr, np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
