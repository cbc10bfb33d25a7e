"""One fixed equal-area raster a region: the same cell means the same ground in every scenario and every run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from transit_model.domain.geo import find_transformer
from transit_model.errors import InputError, Issue

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

MAX_CELLS = 50_000_000
"""More cells than this is taken for a mistake in the cell size (400 MB an array)."""
_AREA_TOLERANCE = 1e-3
_OUTLINE_POINTS = 65


@dataclass(frozen=True)
class Grid:
    """A raster of square cells; row 0 is the southernmost, column 0 the westernmost.

    Attributes
    ----------
    crs : str
        Projected equal-area CRS in metres (PROJ string or authority code).
    origin_x, origin_y : float
        South-west corner of the cell [0, 0] in metres, a multiple of `cell_m` counted from the origin of the CRS,
        so that two grids of one CRS always align.
    cell_m : float
        Edge of a cell in metres.
    nx, ny : int
        Numbers of columns and rows; arrays on the grid are (ny, nx).
    """

    crs: str
    origin_x: float
    origin_y: float
    cell_m: float
    nx: int
    ny: int

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of an array on this grid, (ny, nx)."""
        return (self.ny, self.nx)

    @property
    def cell_area_m2(self) -> float:
        """Area of one cell in square metres."""
        return self.cell_m * self.cell_m

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Outline as west, south, east, north in metres."""
        return (
            self.origin_x,
            self.origin_y,
            self.origin_x + self.nx * self.cell_m,
            self.origin_y + self.ny * self.cell_m,
        )

    def centres(self) -> tuple[F64, F64]:
        """Return x of the columns (nx,) and y of the rows (ny,) of the cell centres in metres."""
        x = self.origin_x + (np.arange(self.nx, dtype=np.float64) + 0.5) * self.cell_m
        y = self.origin_y + (np.arange(self.ny, dtype=np.float64) + 0.5) * self.cell_m
        return x, y

    def locate(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[I64, I64, npt.NDArray[np.bool_]]:
        """Return row, column and whether inside, for points in metres; rows and columns outside are 0.

        A cell owns its southern and western edge; the outermost northern and eastern edges belong to the grid.
        """
        xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        west, south, east, north = self.bounds
        inside = (xs >= west) & (xs <= east) & (ys >= south) & (ys <= north)
        column = np.floor((np.where(inside, xs, west) - west) / self.cell_m).astype(np.int64)
        row = np.floor((np.where(inside, ys, south) - south) / self.cell_m).astype(np.int64)
        return np.clip(row, 0, self.ny - 1), np.clip(column, 0, self.nx - 1), inside

    def project(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[F64, F64]:
        """Return x, y in metres of WGS84 degrees; never the other order of axes."""
        return _transform(self.crs, lon, lat, inverse=False)

    def unproject(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[F64, F64]:
        """Return lon, lat in WGS84 degrees of x, y in metres; never the other order of axes."""
        return _transform(self.crs, x, y, inverse=True)

    def cut(self, rows: slice, columns: slice) -> Grid:
        """Return the grid of a block of cells, rows and columns given by their first and one past their last."""
        return Grid(
            self.crs,
            self.origin_x + columns.start * self.cell_m,
            self.origin_y + rows.start * self.cell_m,
            self.cell_m,
            columns.stop - columns.start,
            rows.stop - rows.start,
        )

    def find_cut(self, inner: Grid) -> tuple[slice, slice]:
        """Return the rows and columns of this grid that a grid cut from it has."""
        row = round((inner.origin_y - self.origin_y) / self.cell_m)
        column = round((inner.origin_x - self.origin_x) / self.cell_m)
        return slice(row, row + inner.ny), slice(column, column + inner.nx)

    def window(self, bbox: tuple[float, float, float, float], cell_m: float) -> Grid:
        """Return an aligned finer grid over a part of this one, e.g. a city at 250 m.

        Its outline falls on cell edges of this grid and is cut at the outline of this grid.

        Parameters
        ----------
        bbox : tuple
            west_lon, south_lat, east_lon, north_lat of the part.
        cell_m : float
            Must divide the cell of this grid.

        Raises
        ------
        InputError
            When the cell does not divide, or the part does not touch this grid.
        """
        times = self.cell_m / cell_m if cell_m > 0 else 0.0
        if times < 1 or abs(times - round(times)) > 1e-9:
            raise InputError(
                Issue(
                    "cell_does_not_divide",
                    "error",
                    f"a window of {cell_m:g} m does not align with cells of {self.cell_m:g} m",
                    field="cell_m",
                    value=f"{cell_m:g}",
                    hint="choose a divisor, e.g. 500 or 250 of 1000",
                )
            )
        west, south, east, north = _projected_bounds(bbox, self.crs)
        first_x = max(0, math.floor((west - self.origin_x) / self.cell_m))
        first_y = max(0, math.floor((south - self.origin_y) / self.cell_m))
        last_x = min(self.nx, math.ceil((east - self.origin_x) / self.cell_m))
        last_y = min(self.ny, math.ceil((north - self.origin_y) / self.cell_m))
        if last_x <= first_x or last_y <= first_y:
            raise InputError(
                Issue("window_outside", "error", "the window lies outside the grid of the region", field="bbox")
            )
        factor = round(times)
        return Grid(
            self.crs,
            self.origin_x + first_x * self.cell_m,
            self.origin_y + first_y * self.cell_m,
            float(cell_m),
            (last_x - first_x) * factor,
            (last_y - first_y) * factor,
        )


@lru_cache(maxsize=8)  # the areal scale takes some milliseconds, and a region asks for one grid again and again
def build_grid(bbox: tuple[float, float, float, float], crs: str, cell_m: float) -> Grid:
    """Return the grid over a box of degrees, its corner snapped outwards to a multiple of the cell size.

    Parameters
    ----------
    bbox : tuple
        west_lon, south_lat, east_lon, north_lat of the study area.
    crs : str
        Equal-area projected CRS in metres; the areal scale is measured, not trusted (within 0.1 % at nine points).
    cell_m : float
        Edge of a cell in metres.

    Raises
    ------
    InputError
        With all issues: box out of order, cell size not positive, CRS unknown, not in metres or not equal-area,
        too many cells.
    """
    issues = _check_bbox(bbox)
    if not (math.isfinite(cell_m) and cell_m > 0):
        issues.append(
            Issue("bad_cell_size", "error", "the cell size must be above 0 m", field="cell_m", value=str(cell_m))
        )
    issues += _check_crs(crs, bbox if not issues else None)
    if issues:
        raise InputError(issues)
    west, south, east, north = _projected_bounds(bbox, crs)
    origin_x, origin_y = math.floor(west / cell_m) * cell_m, math.floor(south / cell_m) * cell_m
    nx = max(1, math.ceil((east - origin_x) / cell_m - 1e-9))
    ny = max(1, math.ceil((north - origin_y) / cell_m - 1e-9))
    if nx * ny > MAX_CELLS:
        raise InputError(
            Issue(
                "too_many_cells",
                "error",
                f"{nx} x {ny} cells are more than {MAX_CELLS}",
                field="cell_m",
                value=f"{cell_m:g}",
                hint="use a larger cell or a smaller box",
            )
        )
    return Grid(crs, float(origin_x), float(origin_y), float(cell_m), nx, ny)


def _check_bbox(bbox: tuple[float, float, float, float]) -> list[Issue]:
    west, south, east, north = bbox
    fine = -180 <= west < east <= 180 and -90 < south < north < 90
    if fine:
        return []
    return [
        Issue(
            "bad_bbox",
            "error",
            "the box must be west_lon < east_lon and south_lat < north_lat in degrees",
            field="bbox",
            value=str(tuple(bbox)),
            hint="the order is west, south, east, north",
        )
    ]


def _check_crs(crs: str, bbox: tuple[float, float, float, float] | None) -> list[Issue]:
    from pyproj import CRS, Proj
    from pyproj.exceptions import CRSError

    try:
        parsed = CRS.from_user_input(crs)
    except CRSError as error:
        return [Issue("unknown_crs", "error", f"the CRS is not known: {str(error)[:120]}", field="crs", value=crs)]
    if not parsed.is_projected or any(axis.unit_name not in ("metre", "meter") for axis in parsed.axis_info):
        return [Issue("crs_not_metric", "error", "the CRS must be projected in metres", field="crs", value=crs)]
    if bbox is None:
        return []
    lon, lat = np.meshgrid(np.linspace(bbox[0], bbox[2], 3), np.linspace(bbox[1], bbox[3], 3))
    scale = np.asarray(Proj(parsed).get_factors(lon, lat).areal_scale)
    worst = float(np.max(np.abs(scale - 1)))
    if worst <= _AREA_TOLERANCE:
        return []
    return [
        Issue(
            "crs_not_equal_area",
            "error",
            f"areas in this CRS are off by up to {worst:.2%} inside the box",
            field="crs",
            value=crs,
            hint="use an equal-area projection such as +proj=aea with two parallels inside the region",
        )
    ]


def _transform(crs: str, first: npt.ArrayLike, second: npt.ArrayLike, *, inverse: bool) -> tuple[F64, F64]:
    from pyproj.enums import TransformDirection

    direction = TransformDirection.INVERSE if inverse else TransformDirection.FORWARD
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    out_a, out_b = find_transformer(crs).transform(a, b, direction=direction)
    return np.asarray(out_a, dtype=np.float64), np.asarray(out_b, dtype=np.float64)


def _projected_bounds(bbox: tuple[float, float, float, float], crs: str) -> tuple[float, float, float, float]:
    """Bounds of the box in metres; its edges bend under projection, so they are walked, not only the corners."""
    west, south, east, north = bbox
    lon, lat = np.linspace(west, east, _OUTLINE_POINTS), np.linspace(south, north, _OUTLINE_POINTS)
    x, y = _transform(
        crs,
        np.concatenate([lon, lon, np.full_like(lat, west), np.full_like(lat, east)]),
        np.concatenate([np.full_like(lon, south), np.full_like(lon, north), lat, lat]),
        inverse=False,
    )
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
