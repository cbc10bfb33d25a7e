"""What an edit touches, the slow way: pieces of road as rows of a table, nodes as a set, cells as distances."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt

from transit_model.domain.modes import PARTS, Mode, Reading
from transit_model.domain.place import Place
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.study.touched import compute_reach_m
from transit_model.surface.grid import Grid

F64 = npt.NDArray[np.float64]
Row = tuple[object, ...]


def list_rows(builder: SurfaceBuilder, place: Place, mode: Mode, reading: Reading) -> set[Row]:
    """Return the pieces of road behind a surface with their times."""
    rows: set[Row] = set()
    for part, motorway, e in builder.list_edges(place, mode, reading):
        columns = (e.x0, e.y0, e.x1, e.y1, e.t0_s, e.t1_s)
        rows |= {(part, motorway, *row) for row in zip(*(c.tolist() for c in columns), strict=True)}
    return rows


def list_nodes(builder: SurfaceBuilder, place: Place, part: Mode, reading: Reading) -> dict[tuple[float, float], float]:
    """Return the least time at each point that holds a node one may leave, the reached ones only."""
    if part is not Mode.ROAD and not builder.session.has_service(part):
        return {}
    arrays = builder.session.roads(reading).arrays
    node_s = builder.get_node_s(place, part, reading, 0.5)
    ok = arrays.may_leave & np.isfinite(node_s)
    out: dict[tuple[float, float], float] = {}
    for lon, lat, time_s in zip(arrays.lon[ok].tolist(), arrays.lat[ok].tolist(), node_s[ok].tolist(), strict=True):
        out[lon, lat] = min(time_s, out.get((lon, lat), np.inf))
    return out


def find_touched_slowly(
    base: SurfaceBuilder, scenario: SurfaceBuilder, place: Place, mode: Mode, reading: Reading
) -> npt.NDArray[np.bool_]:
    """Return the cells that `Edit.find_touched` is to find."""
    grid, marked = base.grid, np.zeros(base.grid.shape, dtype=bool)
    lon_lat: set[tuple[float, float]] = set()
    for part in PARTS[mode]:
        before, after = (list_nodes(m, place, part, reading) for m in (base, scenario))
        lon_lat |= {at for at, _ in before.items() ^ after.items()}
    for builder in (base, scenario) if mode is not Mode.ROAD else ():
        stops = builder.session.network.feed.stops[["stop_lon", "stop_lat"]].astype("float64").dropna()
        lon_lat |= set(stops.itertuples(index=False, name=None))
    for lon, lat in lon_lat:
        _mark(grid, marked, *(float(v[0]) for v in grid.project([lon], [lat])))
    for row in list_rows(base, place, mode, reading) ^ list_rows(scenario, place, mode, reading):
        x0, y0, x1, y1 = (float(str(v)) for v in row[2:6])
        steps = max(int(np.ceil(np.hypot(x1 - x0, y1 - y0) / grid.cell_m)), 1)
        for k in range(steps + 1):
            _mark(grid, marked, x0 + k / steps * (x1 - x0), y0 + k / steps * (y1 - y0))
    far = compute_reach_m(base.session.network) / grid.cell_m + 1.5
    return distance_transform_edt(~marked) <= far if marked.any() else marked


def _mark(grid: Grid, marked: npt.NDArray[np.bool_], x: float, y: float) -> None:
    row, column, inside = grid.locate(x, y)
    if inside:
        marked[row, column] = True
