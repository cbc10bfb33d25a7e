"""Rings: the area within a cutoff, all cutoffs from one surface (等时圈).

How the rim is drawn
--------------------
For a cutoff ``c`` each cell has the number ``F = max(time - c, edge)``: above 0 when it is too late there, or when
the off-network cap is passed (`Surface.edge_s`). The ring is ``F <= 0`` by marching squares through the cell
centres, so

- between two reached cells the rim lies where the interpolated time equals the cutoff;
- between a reached and an unreached cell it lies where the off-network cap ends, never part-way to infinity;
- across a barrier, or any other jump, F is clamped to the time it takes to cross one cell, so the rim lies midway.

`F` falls as `c` grows, at every cell, so rings nest. It depends on one cutoff only, so a ring is the same whether it is
drawn alone or with others. Around the origin the disc that can be reached across country is added, because a small
ring may slip between the cell centres. At the rim of the grid rings are cut, and say so (`cut_by_grid`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from transit_model import units
from transit_model.errors import InputError, Issue
from transit_model.surface.contour import CellBox, draw_contour, find_cells_within
from transit_model.surface.population import sum_within
from transit_model.surface.surface import Surface

if TYPE_CHECKING:
    import geopandas as gpd

F64 = npt.NDArray[np.float64]

COLUMNS = (
    "origin",
    "mode",
    "reading",
    "scenario",
    "cutoff_min",
    "area_km2",
    "raster_area_km2",
    "population",
    "gap_share",
    "cut_by_grid",
)
"""Property columns of a ring table, in order; the first eight are the JSON contract, schema version 1."""

_DISC_POINTS = 64
_REPAIR_TOLERANCE_M2 = 1.0


@dataclass(frozen=True)
class Ring:
    """The area within one cutoff.

    Attributes
    ----------
    cutoff_s : float
    polygon : MultiPolygon
        In metres, in the CRS of the grid; empty when nothing is reached.
    area_m2, raster_area_m2 : float
        Area of the polygon, and of the cells whose centre is within the cutoff.
    cut_by_grid : bool
        The ring touches the outline of the grid, so its area is a lower bound.
    """

    cutoff_s: float
    polygon: shapely.MultiPolygon
    area_m2: float
    raster_area_m2: float
    cut_by_grid: bool

    @property
    def gap_share(self) -> float:
        """Polygon area over raster area minus 1; 0 when both are empty, `inf` when only the raster is."""
        if self.raster_area_m2 > 0:
            return self.area_m2 / self.raster_area_m2 - 1
        return math.inf if self.area_m2 > 0 else 0.0


@dataclass(frozen=True)
class OriginReach:
    """How far one gets across country straight from the origin: a point in metres, a speed and a greatest distance."""

    x: float
    y: float
    speed_ms: float
    max_m: float


def compute_rings(
    surface: Surface, cutoffs_s: Sequence[float], origin: OriginReach | tuple[float, float] | None = None
) -> list[Ring]:
    """Compute the cumulative ring of each cutoff, in ascending order of the cutoffs.

    Parameters
    ----------
    surface : Surface
    cutoffs_s : sequence of float
        In seconds, any number of them, each once, above 0.
    origin : OriginReach or (x, y), optional
        A point in metres is left at the off-network speed and cap of the surface; default the origin of the
        surface. It is inside every ring.

    Raises
    ------
    InputError
        When a cutoff is not a number above 0 or stands twice.
    """
    _check_cutoffs(cutoffs_s)
    start = origin if origin is not None else surface.origin
    if start is not None and not isinstance(start, OriginReach):
        speed = surface.off_network_speed_ms
        start = OriginReach(start[0], start[1], speed, speed * surface.off_network_max_s)
    rings, box = [], find_cells_within(surface.time_s, float(max(cutoffs_s)))
    for cutoff in sorted(map(float, cutoffs_s), reverse=True):
        box = None if box is None else find_cells_within(surface.time_s, cutoff, box)
        rings.append(_build_ring(surface, cutoff, box, start))
    return rings[::-1]


def collect_features(
    rings: Sequence[Ring],
    surface: Surface,
    *,
    origin: str,
    mode: str,
    reading: str,
    scenario: str,
    population: npt.ArrayLike | None = None,
) -> gpd.GeoDataFrame:
    """Return rings as a GeoDataFrame in WGS84, one row a cutoff, with the columns of `COLUMNS`.

    Parameters
    ----------
    rings : sequence of Ring
    surface : Surface
        The one they were drawn from.
    origin, mode, reading, scenario : str
        Labels.
    population : (ny, nx) float, optional
        Persons in each cell; summed over the cells within the cutoff. Without it the column is empty (NaN).

    Raises
    ------
    InputError
        When the population has another shape than the grid.
    """
    labels = {"origin": origin, "mode": mode, "reading": reading, "scenario": scenario}
    rows = [{**labels, **row} for row in describe_rings(rings, surface, population)]
    return build_frame(rows, [ring.polygon for ring in rings], surface)


def describe_rings(
    rings: Sequence[Ring], surface: Surface, population: npt.ArrayLike | None = None
) -> list[dict[str, Any]]:
    """Return the numbers of rings, one row a cutoff, with the columns of `COLUMNS` that follow the labels.

    Raises
    ------
    InputError
        As `collect_features`.
    """
    persons = None if population is None else np.asarray(population, dtype=np.float64)
    if persons is not None and persons.shape != surface.grid.shape:
        raise InputError(f"population must have the shape of the grid {surface.grid.shape}, not {persons.shape}")
    cutoffs_s = [ring.cutoff_s for ring in rings]
    sums = [math.nan] * len(rings) if persons is None else sum_within(surface.time_s, [persons], cutoffs_s)[0]
    return [
        {
            "cutoff_min": units.s_to_min(ring.cutoff_s),
            "area_km2": ring.area_m2 / units.M2_PER_KM2,
            "raster_area_km2": ring.raster_area_m2 / units.M2_PER_KM2,
            "population": people,
            "gap_share": ring.gap_share,
            "cut_by_grid": ring.cut_by_grid,
        }
        for ring, people in zip(rings, sums, strict=True)
    ]


def build_frame(
    rows: Sequence[Mapping[str, Any]], polygons: Sequence[BaseGeometry], surface: Surface
) -> gpd.GeoDataFrame:
    """Return rows with polygons in metres as a GeoDataFrame in WGS84; geometry stays valid."""
    import geopandas as gpd

    frame = gpd.GeoDataFrame(list(rows), geometry=to_degrees(polygons, surface), crs="EPSG:4326")
    if "cutoff_min" in frame:
        frame["cutoff_min"] = frame["cutoff_min"].astype(float)
    return frame


def to_degrees(polygons: Sequence[BaseGeometry], surface: Surface) -> list[BaseGeometry]:
    """Return polygons in metres in WGS84; geometry stays valid."""
    lonlat = shapely.transform(np.asarray(polygons, dtype=object), lambda xy: _to_lonlat(surface, xy))
    for place in np.flatnonzero(~shapely.is_valid(lonlat)):
        lonlat[place] = repair(lonlat[place], tolerance=1e-9)
    return list(lonlat)


def repair(geometry: BaseGeometry, tolerance: float = _REPAIR_TOLERANCE_M2) -> BaseGeometry:
    """Return the geometry itself when valid, else `make_valid` of it, which may change its area hardly at all.

    Raises
    ------
    AssertionError
        When the repair changes the area by more than the tolerance: a bug of ours, not of the input.
    """
    if geometry.is_valid:
        return geometry
    fixed = keep_areas(shapely.make_valid(geometry))
    assert abs(fixed.area - geometry.area) <= tolerance, "repairing a ring changed its area"
    return fixed


def keep_areas(geometry: BaseGeometry) -> shapely.MultiPolygon:
    """Return the polygons of any geometry, without the points and lines where areas only touch."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon) and part.area > 0])


def _to_lonlat(surface: Surface, xy: F64) -> F64:
    lon, lat = surface.grid.unproject(xy[:, 0], xy[:, 1])
    return np.column_stack([lon, lat])


def _check_cutoffs(cutoffs_s: Sequence[float]) -> None:
    issues = [
        Issue(
            "bad_cutoff",
            "error",
            "a cutoff must be a number above 0",
            field="cutoffs",
            value=str(c),
            hint="e.g. 30,60,90,120 minutes",
        )
        for c in cutoffs_s
        if not (math.isfinite(c) and c > 0)
    ]
    if len(set(cutoffs_s)) != len(cutoffs_s):
        issues.append(Issue("duplicate_cutoff", "error", "a cutoff stands more than once", field="cutoffs"))
    if len(cutoffs_s) == 0:
        issues.append(Issue("no_cutoff", "error", "at least one cutoff is needed", field="cutoffs"))
    if issues:
        raise InputError(issues)


def _build_ring(surface: Surface, cutoff_s: float, box: CellBox | None, origin: OriginReach | None) -> Ring:
    grid = surface.grid
    polygon = shapely.MultiPolygon() if box is None else draw_contour(surface, cutoff_s, box)
    if origin is not None and not _surrounds(surface, cutoff_s, origin):
        disc = _build_disc(surface, cutoff_s, origin)
        if not disc.is_empty and not shapely.contains_properly(polygon, disc):
            polygon = keep_areas(shapely.union(polygon, disc))
    count = 0 if box is None else box.count
    cut = box is not None and box.touches(grid)
    return Ring(cutoff_s, polygon, float(polygon.area), float(count) * grid.cell_area_m2, cut)


def _surrounds(surface: Surface, cutoff_s: float, origin: OriginReach) -> bool:
    """Return whether the ring holds the disc round the origin because every centre round it is within the cutoff."""
    grid = surface.grid
    reach = min(origin.speed_ms * cutoff_s, origin.max_m) + grid.cell_m
    south, north = ((origin.y + way - grid.origin_y) / grid.cell_m - 0.5 for way in (-reach, reach))
    west, east = ((origin.x + way - grid.origin_x) / grid.cell_m - 0.5 for way in (-reach, reach))
    if south < 0 or west < 0 or north > grid.ny - 1 or east > grid.nx - 1:
        return False
    rows, columns = (slice(math.floor(a), math.ceil(b) + 1) for a, b in ((south, north), (west, east)))
    return bool((surface.time_s[rows, columns] <= cutoff_s).all())


def _build_disc(surface: Surface, cutoff_s: float, origin: OriginReach) -> BaseGeometry:
    """Disc reached across country straight from the origin, as a polygon inside the circle, cut at the grid."""
    radius = min(origin.speed_ms * cutoff_s, origin.max_m)
    if radius <= 0:
        return shapely.Polygon()
    angle = 2 * np.pi * np.arange(_DISC_POINTS) / _DISC_POINTS
    ring = np.column_stack([origin.x + radius * np.cos(angle), origin.y + radius * np.sin(angle)])
    return shapely.intersection(shapely.Polygon(ring), shapely.box(*surface.grid.bounds))
