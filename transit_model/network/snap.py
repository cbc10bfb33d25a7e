"""Points to the road network: the nearest road one may stop on, where on it, and how far away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Transformer
from shapely import LineString, Point, STRtree

from transit_model.domain.geo import LonLat
from transit_model.network.model import Network


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
    """Finds the nearest road by its drawn course, in the region's projected CRS; motorways are left out."""

    def __init__(self, network: Network) -> None:
        self._transform = Transformer.from_crs("EPSG:4326", network.info.crs, always_xy=True)
        links = network.links
        first = ~links.duplicated("road_id")
        rows = np.flatnonzero((first & (links["highway"] != "motorway")).to_numpy())
        courses = build_courses(network)
        lines = [self._project(courses[r]) for r in rows]
        self._rows = rows
        self._lines: npt.NDArray[np.object_] = np.array(lines, dtype=object)
        self._tree = STRtree(lines)

    def snap(self, points: Sequence[LonLat], max_m: float) -> Snap:
        """Return the nearest road of each point within `max_m` metres."""
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

    def _project(self, course: npt.NDArray[np.float64]) -> LineString:
        x, y = self._transform.transform(course[:, 0], course[:, 1])
        return LineString(np.column_stack([x, y]))


def build_courses(network: Network) -> list[npt.NDArray[np.float64]]:
    """Return for each row of ``network.links`` its course as (k, 2) lon/lat, from first to last node.

    Where shape points are known they lie between the nodes, otherwise the course is a straight line.
    """
    links, nodes = network.links, network.nodes
    at = pd.Series(np.arange(len(nodes)), index=nodes["node_id"].to_numpy())
    place = nodes[["lon", "lat"]].to_numpy(dtype=np.float64)
    start = place[at.loc[links["from_node_id"]].to_numpy(dtype=np.int64)]
    end = place[at.loc[links["to_node_id"]].to_numpy(dtype=np.int64)]
    middles = _split_shapes(network.shapes)
    none = np.zeros((0, 2))
    courses = []
    for row, (link_id, road_id) in enumerate(zip(links["link_id"].tolist(), links["road_id"].tolist(), strict=True)):
        middle = middles.get(str(road_id), none)
        if link_id != road_id:
            middle = middle[::-1]
        courses.append(np.concatenate([start[row : row + 1], middle, end[row : row + 1]]))
    return courses


def _split_shapes(shapes: pd.DataFrame) -> dict[str, npt.NDArray[np.float64]]:
    """Return the shape points of each road, (k, 2) lon/lat in drawing order."""
    number, names = pd.factorize(shapes["link_id"])
    order = np.lexsort((shapes["seq"].to_numpy(), number))
    points = shapes[["lon", "lat"]].to_numpy(dtype=np.float64)[order]
    ends = np.cumsum(np.bincount(number, minlength=len(names)))
    starts = np.concatenate([[0], ends[:-1]]).astype(np.int64) if len(ends) else ends
    return {str(n): points[a:b] for n, a, b in zip(names, starts.tolist(), ends.tolist(), strict=True)}
