"""Cell times as a map page carries them: whole minutes on a coarser raster whose rows are even in Web Mercator."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transit_model.surface.grid import Grid
from transit_model.units import S_PER_MIN

STEPS_DEGREE: Final = (0.025, 0.03, 0.04, 0.06, 0.08, 0.12, 0.2)
MOST_CELLS: Final = 45_000
"""Cells of a study area that a page has room for; a larger area takes the next step."""
NOT_REACHED: Final = 0
MOST_MIN: Final = 65_000
Minutes = npt.NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class Lattice:
    """A raster of cells that are square on a web map; row 0 is the northernmost, column 0 the westernmost.

    Attributes
    ----------
    west_lon, north_y : float
        North-west corner: degrees of longitude, and of Web Mercator (`mercator_y`).
    step : float
        Edge of a cell in the same degrees.
    nx, ny : int
        Numbers of columns and rows.
    inside : (ny, nx) bool
        Cells whose centre lies in the study area; only these have minutes.
    rows, columns : (n,) int64
        Cell of the measured grid that holds the centre of each cell inside.
    """

    west_lon: float
    north_y: float
    step: float
    nx: int
    ny: int
    inside: npt.NDArray[np.bool_]
    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]

    def sample(self, time_s: npt.NDArray[np.float64]) -> Minutes:
        """Return the minutes at the cells inside, (n,): 0 not reached, else one more than the minutes, half up.

        Parameters
        ----------
        time_s : (ny, nx) float64
            On the measured grid, seconds; `inf` is not reached.
        """
        at_s = time_s[self.rows, self.columns]
        reached = np.isfinite(at_s)
        minutes = np.floor(np.where(reached, at_s, 0.0) / S_PER_MIN + 0.5)
        return np.where(reached, np.minimum(minutes, MOST_MIN) + 1, NOT_REACHED).astype(np.uint16)

    def gather(self, values: npt.NDArray[np.float64], grid: Grid) -> npt.NDArray[np.float64]:
        """Return the sums of what lies at the centres of a grid's cells, (ny, nx), by cell inside, (n,).

        What lies in a cell outside goes to the cell inside beside it, the nearest of up to eight; else it is left out.
        """
        at = np.nonzero(values)
        x, y = grid.centres()
        lon, lat = grid.unproject(x[at[1]], y[at[0]])
        across = (lon - self.west_lon) / self.step
        down = (self.north_y - np.degrees(np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)))) / self.step
        index = np.full((self.ny + 2, self.nx + 2), -1, dtype=np.int64)
        index[1:-1, 1:-1][self.inside] = np.arange(int(self.inside.sum()))
        found, least = np.full(len(lon), -1, dtype=np.int64), np.full(len(lon), np.inf)
        for r, c in ((0, 0), *((r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if r or c)):
            rows, columns = np.floor(down).astype(np.int64) + r, np.floor(across).astype(np.int64) + c
            near = index[np.clip(rows, -1, self.ny) + 1, np.clip(columns, -1, self.nx) + 1]
            far = np.hypot(across - columns - 0.5, down - rows - 0.5) if r or c else np.zeros(len(lon))
            better = (near >= 0) & (far < least)
            found, least = np.where(better, near, found), np.where(better, far, least)
        known = found >= 0
        sums = np.bincount(found[known], weights=values[at][known], minlength=int(self.inside.sum()))
        return sums.astype(np.float64)

    def find(self, lon: float, lat: float) -> int | None:
        """Return the position of the cell that holds a point among the cells inside, None outside the study area."""
        column = math.floor((lon - self.west_lon) / self.step)
        row = math.floor((self.north_y - mercator_y(lat)) / self.step)
        if not (0 <= column < self.nx and 0 <= row < self.ny and self.inside[row, column]):
            return None
        return int(np.count_nonzero(self.inside.ravel()[: row * self.nx + column]))


def mercator_y(lat: float) -> float:
    """Return the latitude stretched as Web Mercator does, in degrees (EPSG:3857 divided by metres per degree)."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))


def build_lattice(grid: Grid, outlines: Mapping[str, Any] | None, bbox: tuple[float, float, float, float]) -> Lattice:
    """Return the raster over the study area: the outlines where there are any, else the box.

    Parameters
    ----------
    grid : Grid
        On which times are measured.
    outlines : mapping or None
        GeoJSON FeatureCollection of polygons, WGS84.
    bbox : tuple
        west_lon, south_lat, east_lon, north_lat.
    """
    import shapely
    from shapely.geometry import shape

    shapes = [shape(f["geometry"]) for f in outlines["features"]] if outlines is not None else []
    area = shapely.union_all(shapes) if shapes else shapely.box(*bbox)
    made = _lay(grid, area, STEPS_DEGREE[0])
    for step in STEPS_DEGREE[1:]:
        if len(made.rows) <= MOST_CELLS:
            break
        made = _lay(grid, area, step)
    return made


def _lay(grid: Grid, area: Any, step: float) -> Lattice:  # noqa: ANN401 - a polygon of shapely
    import shapely

    west, south, east, north = area.bounds
    top = mercator_y(north)
    nx, ny = math.ceil((east - west) / step), math.ceil((top - mercator_y(south)) / step)
    lon = west + (np.arange(nx) + 0.5) * step
    lat = np.degrees(2 * np.arctan(np.exp(np.radians(top - (np.arange(ny) + 0.5) * step))) - np.pi / 2)
    lons, lats = np.meshgrid(lon, lat)
    inside = shapely.contains_xy(area, lons, lats)
    rows, columns, on_grid = grid.locate(*grid.project(lons[inside], lats[inside]))
    inside[inside] = on_grid
    return Lattice(float(west), float(top), step, nx, ny, inside, rows[on_grid], columns[on_grid])
