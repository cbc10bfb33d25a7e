"""Small flat worlds in metres, and slow obvious answers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transit_model.surface.grid import Grid
from transit_model.surface.reach_cells import Extent
from transit_model.surface.surface import Courses, EdgeTimes, Exits, Surface, compute_surface

F64 = npt.NDArray[np.float64]
CRS = "+proj=aea +lat_1=38.5 +lat_2=42.5 +lat_0=40.5 +lon_0=110.5 +datum=WGS84 +units=m +no_defs"
SPEED_MS = 5.0
CAP_S = 600.0  # 3 km


def flat_grid(width_km: int = 40, height_km: int = 30, cell_m: float = 1000.0) -> Grid:
    """A grid whose south-west corner is the origin of the CRS."""
    return Grid(CRS, 0.0, 0.0, cell_m, round(width_km * 1000 / cell_m), round(height_km * 1000 / cell_m))


def build_edge_times(
    ptr: npt.ArrayLike, x: npt.ArrayLike, y: npt.ArrayLike, t0_s: npt.ArrayLike, t1_s: npt.ArrayLike
) -> EdgeTimes:
    """Cut polylines into straight pieces, the time shared out by length; see `Courses`."""
    return Courses(ptr, x, y).build(t0_s, t1_s)


def road(points_km: Sequence[tuple[float, float]], start_s: float, speed_ms: float = 20.0) -> EdgeTimes:
    """A road driven from its first point at `start_s`."""
    xy = np.array(points_km) * 1000.0
    length = float(np.hypot(*np.diff(xy, axis=0).T).sum())
    return build_edge_times([0, len(xy)], xy[:, 0], xy[:, 1], [start_s], [start_s + length / speed_ms])


def join(*parts: EdgeTimes) -> EdgeTimes:
    """Several roads as one set of edges."""
    names = ("x0", "y0", "x1", "y1", "t0_s", "t1_s")
    return EdgeTimes(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def surface_of(
    grid: Grid,
    *,
    points: Sequence[tuple[float, float, float]] = (),
    edges: EdgeTimes | None = None,
    origin_km: tuple[float, float] | None = None,
    speed_ms: float = SPEED_MS,
    cap_s: float = CAP_S,
    zones: npt.NDArray[np.int32] | None = None,
    limit_s: float | Extent = math.inf,
) -> Surface:
    """Surface of positions (x_km, y_km, seconds), roads and an origin."""
    table = np.array(points, dtype=np.float64).reshape(-1, 3)
    origin = None if origin_km is None else (origin_km[0] * 1000.0, origin_km[1] * 1000.0)
    return compute_surface(
        grid,
        Exits(table[:, 0] * 1000.0, table[:, 1] * 1000.0, table[:, 2]),
        off_network_speed_ms=speed_ms,
        off_network_max_s=cap_s,
        edges=edges,
        origin=origin,
        zones=zones,
        limit_s=limit_s,
    )


def brute_force(grid: Grid, x: F64, y: F64, t: F64, *, speed_ms: float, cap_s: float) -> F64:
    """Least time over all positions, one cell after another."""
    columns, rows = grid.centres()
    out = np.full(grid.shape, math.inf)
    for row, cy in enumerate(rows):
        for column, cx in enumerate(columns):
            for px, py, pt in zip(x, y, t, strict=True):
                distance = math.hypot(cx - px, cy - py)
                if distance <= speed_ms * cap_s:
                    out[row, column] = min(out[row, column], pt + distance / speed_ms)
    return out
