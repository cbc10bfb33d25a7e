"""Ground that a scenario brings within a cutoff, or takes out of it: whole cells, so that they match the people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from transit_model.surface.grid import Grid
from transit_model.surface.surface_change import find_changed_cells, sum_cells
from transit_model.units import min_to_s

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely import MultiPolygon

Change = Literal["gained", "lost"]
_SAVED_COLUMNS = ("origin", "mode", "reading", "saved_min", "area_km2", "population", "geometry")
_COLUMNS = ("origin", "mode", "reading", "cutoff_min", "change", "area_km2", "population", "geometry")


@dataclass(frozen=True, eq=False)
class CellTimes:
    """Cell times of two scenarios from one place: (ny, nx) seconds, `inf` where unreached, and the persons there."""

    origin: str
    mode: str
    reading: str
    grid: Grid
    base_s: npt.NDArray[np.float64]
    scenario_s: npt.NDArray[np.float64]
    people: npt.NDArray[np.float64]

    def cut_to_changes(self) -> CellTimes:
        """Return the block of cells that holds all that differ; empty when none does. Times of others are let go."""
        rows, columns = find_block(self.base_s != self.scenario_s)
        at = (rows, columns)
        return replace(
            self,
            grid=self.grid.cut(rows, columns),
            base_s=self.base_s[at].copy(),  # a view would keep all cells
            scenario_s=self.scenario_s[at].copy(),
            people=self.people[at],
        )

    def tell(self, labels: tuple[object, ...], which: npt.NDArray[np.bool_], outline: bool = True) -> tuple[Any, ...]:
        """Return the row of some cells: what they are of, labels, area in km2, persons and outline, None without."""
        area = outline_cells(self.grid, which) if outline else None
        return (self.origin, self.mode, self.reading, *labels, *sum_cells(self.grid, which, self.people), area)


def list_changed_areas(
    cells: Sequence[CellTimes], cutoffs_min: Sequence[float], changes: Sequence[Change], *, outline: bool = True
) -> gpd.GeoDataFrame:
    """Return one row an origin, mode, reading, cutoff and kind of change that there is, in WGS84.

    A cell is gained when its centre is within the cutoff in the scenario and not in the base; area_km2 and
    population are sums over such cells, so gained minus lost is the change of the population table. Without `outline`
    the geometries, by far the most work, are None.
    """
    rows: list[tuple[Any, ...]] = []
    for changed in (c.cut_to_changes() for c in cells):
        for cutoff in cutoffs_min:
            found = find_changed_cells(changed.base_s, changed.scenario_s, min_to_s(cutoff))
            rows += [
                changed.tell((cutoff, change), found[change], outline) for change in changes if found[change].any()
            ]
    return _build_frame(rows, _COLUMNS)


def list_saved_areas(
    cells: Sequence[CellTimes], least_min: Sequence[float], *, outline: bool = True
) -> gpd.GeoDataFrame:
    """Return one row an origin, mode, reading and number of minutes that cells save at least, in WGS84.

    Cells that were out of reach before count when the scenario reaches them; area_km2 and population are sums. Without
    `outline` the geometries are None.
    """
    rows: list[tuple[Any, ...]] = []
    for changed in (c.cut_to_changes() for c in cells):
        with np.errstate(invalid="ignore"):
            saved_s = np.where(np.isfinite(changed.scenario_s), changed.base_s - changed.scenario_s, 0.0)
        steps = {least: saved_s >= min_to_s(least) for least in least_min}
        rows += [changed.tell((least,), which, outline) for least, which in steps.items() if which.any()]
    return _build_frame(rows, _SAVED_COLUMNS)


def _build_frame(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> gpd.GeoDataFrame:
    import geopandas as gpd

    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return gpd.GeoDataFrame(columns, geometry="geometry", crs="EPSG:4326")


def find_block(which: npt.NDArray[np.bool_]) -> tuple[slice, slice]:
    """Return the rows and columns that hold all marked cells (ny, nx), empty slices when there are none."""
    rows, columns = np.flatnonzero(which.any(axis=1)), np.flatnonzero(which.any(axis=0))
    if len(rows) == 0:
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def outline_cells(grid: Grid, which: npt.NDArray[np.bool_]) -> MultiPolygon:
    """Return the union of cells (ny, nx) as a MultiPolygon in WGS84 degrees; cells that meet at a corner stay apart."""
    import shapely
    from rasterio.features import shapes
    from rasterio.transform import Affine

    rows, columns = find_block(which)
    which, grid = which[rows, columns], grid.cut(rows, columns)
    corner = Affine(grid.cell_m, 0.0, grid.origin_x, 0.0, grid.cell_m, grid.origin_y)
    drawn = [shapely.geometry.shape(p) for p, _ in shapes(which.astype(np.uint8), mask=which, transform=corner)]
    whole = [q for p in drawn for q in shapely.get_parts(p if p.is_valid else shapely.make_valid(p))]
    parts = shapely.MultiPolygon([p for p in whole if isinstance(p, shapely.Polygon)])
    degrees: MultiPolygon = shapely.transform(parts, lambda xy: np.column_stack(grid.unproject(xy[:, 0], xy[:, 1])))
    return degrees
