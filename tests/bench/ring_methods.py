"""Isochrone polygons by five methods on one network and one set of node times, for `test_isochrone`.

Every method gets the same times at the nodes. The truth is the exact time at the centres of a grid five times finer
than that of the rings: any place within the cutoff, at most the off-network cap away from a road.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from time import process_time

import numpy as np
import numpy.typing as npt
import shapely
from rasterio import Affine
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from tests.bench.tiles import load_graph
from transit_model.network.arrays import StreetArrays
from transit_model.streets.connectors import build_node_connectors
from transit_model.streets.places_search import compute_street_times
from transit_model.surface.grid import Grid, build_grid
from transit_model.surface.isochrone import compute_rings
from transit_model.surface.surface import EdgeTimes, Exits, Surface, compute_surface
from transit_model.units import ticks_to_seconds

F64 = npt.NDArray[np.float64]
CELL_M, FINE = 250.0, 5
SPEED_MS, CAP_S = 5.0 / 3.6, 360.0  # 5 km/h for 6 min: 500 m off the roads
CRS = "+proj=laea +lat_0=41.15 +lon_0=-8.6 +datum=WGS84 +units=m +no_defs"
STREET_BUFFER_M = 25.0
"""Edge buffer of the isochrone example of osmnx (notebook 13, isolines), which then unites all of them."""


@dataclass(frozen=True, eq=False)
class Town:
    """A street network with the times from one origin, in metres and seconds."""

    grid: Grid
    x: F64
    y: F64
    node_s: F64
    edges: EdgeTimes
    origin: tuple[float, float]

    @cached_property
    def line_of_edge(self) -> npt.NDArray[np.object_]:
        """The links as lines, once a road."""
        e = self.edges
        ends = np.stack([np.column_stack([e.x0, e.y0]), np.column_stack([e.x1, e.y1])], axis=1)
        return np.asarray(shapely.linestrings(ends), dtype=object)


def load_town(size: str = "p1") -> Town:
    """Return the Porto extract (or tiles of it) with the times from the middle of its first tile."""
    graph = load_graph(size)
    box = (float(graph.lon.min()), float(graph.lat.min()), float(graph.lon.max()), float(graph.lat.max()))
    grid = build_grid(box, CRS, CELL_M)
    x, y = grid.project(graph.lon, graph.lat)
    start = int(np.argmin(np.hypot(graph.lon + 8.611, graph.lat - 41.149)))  # the city hall
    node_s = compute_street_times(graph, build_node_connectors([start]))[0]
    return Town(grid, x, y, node_s, _list_edges(graph, x, y, node_s), (float(x[start]), float(y[start])))


def _list_edges(graph: StreetArrays, x: F64, y: F64, node_s: F64) -> EdgeTimes:
    tail = np.repeat(np.arange(graph.n_nodes), np.diff(graph.indptr))
    reached = np.isfinite(node_s[tail])
    tail, head = tail[reached], graph.head[reached]
    end = node_s[tail] + ticks_to_seconds(graph.weight_ticks[reached])
    return EdgeTimes(x[tail], y[tail], x[head], y[head], node_s[tail], end)


def find_truth(town: Town, last_s: float) -> Surface:
    """Return the exact times on the fine grid, those up to the last cutoff."""
    g = town.grid
    fine = Grid(g.crs, g.origin_x, g.origin_y, g.cell_m / FINE, g.nx * FINE, g.ny * FINE)
    return draw_surface(town, fine, last_s)


def draw_surface(town: Town, grid: Grid, limit_s: float = np.inf) -> Surface:
    """Return the surface of the town."""
    return compute_surface(
        grid, Exits([], [], []), off_network_speed_ms=SPEED_MS, off_network_max_s=CAP_S, edges=town.edges,
        origin=town.origin, limit_s=limit_s,
    )  # fmt: skip


def by_surface(town: Town, cutoffs_s: list[float]) -> list[BaseGeometry]:
    """Ours: one surface, all rings."""
    limit = max(cutoffs_s) + 2 * town.grid.cell_m / SPEED_MS
    return [ring.polygon for ring in compute_rings(draw_surface(town, town.grid, limit), cutoffs_s)]


def by_concave_hull(town: Town, cutoffs_s: list[float]) -> list[BaseGeometry]:
    """A concave hull of the nodes reached, ratio 0.1."""
    points = np.column_stack([town.x, town.y])
    return [shapely.concave_hull(shapely.MultiPoint(points[town.node_s <= c]), ratio=0.1) for c in cutoffs_s]


def by_street_buffers(town: Town, cutoffs_s: list[float]) -> list[BaseGeometry]:
    """The osmnx example: buffers of 25 m round the edges between reached nodes, united, holes filled."""
    return [_fill(_unite(town, c, STREET_BUFFER_M)) for c in cutoffs_s]


def by_cap_buffers(town: Town, cutoffs_s: list[float]) -> list[BaseGeometry]:
    """The same with the whole off-network leg as the buffer, 500 m, whatever time is left."""
    return [_unite(town, c, SPEED_MS * CAP_S) for c in cutoffs_s]


def by_interpolation(town: Town, cutoffs_s: list[float]) -> list[BaseGeometry]:
    """Linear interpolation of node times on the same grid (scipy griddata), then contours."""
    from contourpy import FillType, contour_generator
    from scipy.interpolate import griddata

    ok = np.isfinite(town.node_s)
    x, y = town.grid.centres()
    field = griddata(np.column_stack([town.x, town.y])[ok], town.node_s[ok], tuple(np.meshgrid(x, y)), method="linear")
    lines = contour_generator(x, y, np.where(np.isnan(field), 1e9, field), fill_type=FillType.OuterOffset)
    out = []
    for cutoff in cutoffs_s:
        filled: tuple[list[F64], list[npt.NDArray[np.uint32]]] = lines.filled(-1.0, cutoff)  # type: ignore[assignment]
        points, offsets = filled
        parts = [
            shapely.Polygon(p[o[0] : o[1]], [p[a:b] for a, b in pairwise(o[1:])])
            for p, o in zip(points, offsets, strict=True)
        ]
        out.append(shapely.make_valid(shapely.MultiPolygon(parts)))
    return out


METHODS: dict[str, Callable[[Town, list[float]], list[BaseGeometry]]] = {
    "surface and rings (ours)": by_surface,
    "concave hull of nodes, 0.1": by_concave_hull,
    "street buffers 25 m, united (osmnx example)": by_street_buffers,
    "street buffers 500 m, united": by_cap_buffers,
    "interpolated node times (griddata)": by_interpolation,
}


def draw(method: str, size: str, cutoffs_min: list[float], runs: int, warm: int) -> dict[str, object]:
    """Return the processor seconds of each run and how far the areas are from the truth; a case of the harness."""
    town = load_town(size)
    lines = town.line_of_edge  # made once, as a graph library has it
    cutoffs_s = [60.0 * c for c in cutoffs_min]
    areas: list[BaseGeometry] = []
    times = []
    for _ in range(warm + runs):
        start = process_time()  # all are of one thread; a shared machine does not move this
        areas = METHODS[method](town, cutoffs_s)
        times.append(process_time() - start)
    truth = find_truth(town, max(cutoffs_s))
    result = []
    for cutoff, area in zip(cutoffs_s, areas, strict=True):
        inside = truth.time_s <= cutoff
        drawn = rasterize([area], inside.shape, transform=Affine(*_place(truth.grid))).astype(bool)
        whole = float(inside.sum())
        result.append((area.area / (whole * truth.grid.cell_area_m2) - 1, float((drawn != inside).sum()) / whole))
    errors = {"area_error": [t[0] for t in result], "wrong_share": [t[1] for t in result]}
    return {"times_s": times[warm:], "links": len(lines), **errors}


def _place(grid: Grid) -> tuple[float, float, float, float, float, float]:
    return (grid.cell_m, 0.0, grid.origin_x, 0.0, grid.cell_m, grid.origin_y)


def _unite(town: Town, cutoff_s: float, width_m: float) -> BaseGeometry:
    lines = town.line_of_edge[town.edges.t1_s <= cutoff_s]
    return shapely.union_all(shapely.buffer(lines, width_m))


def _fill(area: BaseGeometry) -> BaseGeometry:
    parts = [p for p in shapely.get_parts(area) if isinstance(p, shapely.Polygon)]
    return shapely.union_all([shapely.Polygon(p.exterior) for p in parts])
