"""Draw the rim of one cutoff round the cells of a surface that are within it, by marching squares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

if TYPE_CHECKING:
    from transit_model.surface.grid import Grid
    from transit_model.surface.surface import Surface

F64 = npt.NDArray[np.float64]

_NODE_GAP = 1e-4  # share of a cell that a rim keeps away from a cell centre: no spikes of zero width


@dataclass(frozen=True)
class CellBox:
    """The rows and columns that hold the cells within a cutoff, and how many these cells are."""

    rows: slice
    columns: slice
    count: int

    def touches(self, grid: Grid) -> bool:
        """Return whether a cell within the cutoff lies at the outline of the grid."""
        rows, columns = self.rows, self.columns
        return bool(rows.start == 0 or columns.start == 0 or rows.stop == grid.ny or columns.stop == grid.nx)


def find_cells_within(time_s: F64, cutoff_s: float, inside: CellBox | None = None) -> CellBox | None:
    """Return the box of the cells within a cutoff, None when there is none.

    Parameters
    ----------
    time_s : (ny, nx) float64
    cutoff_s : float
    inside : CellBox, optional
        The box of a later cutoff, which holds that of this one.
    """
    from transit_model.surface.rim_kernels import box_within

    ny, nx = time_s.shape
    part = (0, ny, 0, nx)
    if inside is not None:
        part = (inside.rows.start, inside.rows.stop, inside.columns.start, inside.columns.stop)
    count, south, north, west, east = box_within(time_s, cutoff_s, part)
    return CellBox(slice(south, north + 1), slice(west, east + 1), count) if count else None


def _fill_field(surface: Surface, cutoff_s: float, part: tuple[slice, slice], field: F64, at: tuple[int, int]) -> None:
    from transit_model.surface.rim_kernels import fill_rim

    rows, columns = part
    span = surface.grid.cell_m / surface.off_network_speed_ms
    block = (rows.start, rows.stop, columns.start, columns.stop)
    seconds = (float(cutoff_s), span, _NODE_GAP * span)
    fill_rim(surface.time_s, surface.edge_s, surface.beyond_s, block, seconds, field, at)


def draw_contour(surface: Surface, cutoff_s: float, box: CellBox) -> shapely.MultiPolygon:
    """Return the area of F <= 0 by marching squares; the outermost half cell of the grid repeats its neighbour.

    Only the box of the cells within the cutoff is looked at, with one cell more on each side. The polygons are valid
    as they are: a line crosses a side of a square at most once and, by `_NODE_GAP`, centimetres away from its corners,
    and the two pieces of line in one square do not meet; so no two rings touch.
    """
    from contourpy import FillType, LineType, SerialContourGenerator, ZInterp

    grid = surface.grid
    first_row, last_row = max(box.rows.start - 1, 0), min(box.rows.stop + 1, grid.ny)
    first_col, last_col = max(box.columns.start - 1, 0), min(box.columns.stop + 1, grid.nx)
    x, y = grid.centres()
    west, south, east, north = grid.bounds
    low_x, high_x = [west] * (first_col == 0), [east] * (last_col == grid.nx)
    low_y, high_y = [south] * (first_row == 0), [north] * (last_row == grid.ny)
    xs, ys = np.meshgrid(
        np.concatenate([low_x, x[first_col:last_col], high_x]), np.concatenate([low_y, y[first_row:last_row], high_y])
    )
    field = np.empty(xs.shape)
    inner = (slice(first_row, last_row), slice(first_col, last_col))
    _fill_field(surface, cutoff_s, inner, field, (len(low_y), len(low_x)))
    for outer, near in ((0, 1), (-1, -2)):
        if (low_y, high_y)[outer]:
            field[outer] = field[near]
    for outer, near in ((0, 1), (-1, -2)):
        if (low_x, high_x)[outer]:
            field[:, outer] = field[:, near]
    # Made directly: `contour_generator` looks for masked cells first, which takes longer than the contours.
    generator = SerialContourGenerator(
        xs, ys, field, None,  # type: ignore[arg-type]  # no mask
        line_type=LineType.Separate, fill_type=FillType.ChunkCombinedOffsetOffset,
        corner_mask=True, quad_as_tri=False, z_interp=ZInterp.Linear,
    )  # fmt: skip
    points, of_rings, of_polygons = (parts[0] for parts in generator.filled(-math.inf, 0.0))
    if points is None or of_rings is None or of_polygons is None:
        return shapely.MultiPolygon()
    offsets = (of_rings.astype(np.int64), of_polygons.astype(np.int64), np.array([0, len(of_polygons) - 1]))
    made = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, points, offsets)[0]
    assert isinstance(made, shapely.MultiPolygon)
    return made
