"""Rings of several places joined (并集, 交集, 差集), and the ground that a scenario brings nearer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.surface.gained import outline_cells
from transit_model.surface.isochrone import Ring, build_frame, compute_rings
from transit_model.surface.ring_sets import intersect_areas, subtract_areas, unite_areas
from transit_model.surface.surface import Surface, combine_surfaces
from transit_model.surface.surface_change import SurfaceChange, compute_surface_change
from transit_model.units import M2_PER_KM2, min_to_s, s_to_min

if TYPE_CHECKING:
    import geopandas as gpd

CHANGES = ("gained", "lost", "improved", "worsened")
"""Kinds of ground in a comparison: comes into the circle, falls out of it, stays in it and gets nearer or farther."""


class Join(StrEnum):
    """How rings of several places are joined."""

    UNION = "union"
    INTERSECTION = "intersection"
    DIFFERENCE = "difference"


_SIGNS = {Join.UNION: "+", Join.INTERSECTION: "&", Join.DIFFERENCE: "-"}


class JoinedPlaces(NamedTuple):
    """Places, and how their circles are joined."""

    places: Sequence[Place]
    join: Join


def join_isochrones(
    builder: SurfaceBuilder,
    joined: JoinedPlaces,
    mode: Mode,
    reading: Reading,
    cutoffs_min: Sequence[float],
    *,
    quantile: float = 0.5,
    population: npt.NDArray[np.float64] | None = None,
    reverse: bool = False,
) -> tuple[gpd.GeoDataFrame, Surface | None]:
    """Return one ring a cutoff: within it from any place, from every place, or from the first and from no other.

    The surface is the least (union) or the greatest (intersection) time; a difference has none. Columns of a ring
    table with ``join``; ``origin`` names all places. Area and raster area are those of the joined ground.

    Raises
    ------
    InputError
        With fewer than two places; when a cutoff is not positive or the reading has no surface for the mode.
    """
    places, join = joined
    if len(places) < 2:
        hint = "e.g. --from hohhot,baotou"
        raise InputError(Issue("too_few_places", "error", "joining needs two places or more", field="from", hint=hint))
    surfaces = [builder.compute(p, mode, reading, quantile=quantile, reverse=reverse) for p in places]
    limits = [min_to_s(c) for c in cutoffs_min]
    sets = [compute_rings(s, limits, builder.reach_on_foot(p)) for s, p in zip(surfaces, places, strict=True)]
    rows, polygons = [], []
    for rings in zip(*sets, strict=True):
        cells = _join_cells([s.time_s <= rings[0].cutoff_s for s in surfaces], join)
        polygon = _join_rings(rings, join)
        area, raster = polygon.area / M2_PER_KM2, np.count_nonzero(cells) * builder.grid.cell_area_m2 / M2_PER_KM2
        rows.append(
            {
                "origin": _SIGNS[join].join(p.place_id for p in places),
                "mode": mode.value,
                "reading": reading.value,
                "scenario": builder.session.scenario_id,
                "timetable": builder.session.timetable_id,
                "cutoff_min": s_to_min(rings[0].cutoff_s),
                "area_km2": area,
                "raster_area_km2": float(raster),
                "population": math.nan if population is None else float(population[cells].sum()),
                "gap_share": area / raster - 1 if raster > 0 else math.inf if area > 0 else 0.0,
                "cut_by_grid": any(r.cut_by_grid for r in rings),
                "join": join.value,
            }
        )
        polygons.append(polygon)
    frame = build_frame(rows, polygons, surfaces[0])
    return (frame.assign(direction="to") if reverse else frame), _join_surfaces(surfaces, join)


def compare_isochrones(
    builders: tuple[SurfaceBuilder, SurfaceBuilder],
    place: Place,
    mode: Mode,
    reading: Reading,
    cutoffs_min: Sequence[float],
    *,
    quantile: float = 0.5,
    population: npt.NDArray[np.float64] | None = None,
    reverse: bool = False,
) -> tuple[gpd.GeoDataFrame, SurfaceChange]:
    """Return the ground whose time changes from the first scenario to the second, and the difference surface.

    Rows: one a cutoff and kind of `CHANGES`, in whole cells (WGS84), with ``origin, mode, reading, base, scenario,
    base_timetable, timetable, cutoff_min, change, area_km2, population``; a kind without a cell has area 0.

    Raises
    ------
    InputError
        When a cutoff is not positive, or the reading has no surface for the mode.
    """
    import geopandas as gpd

    base, scenario = (m.compute(place, mode, reading, quantile=quantile, reverse=reverse) for m in builders)
    change = compute_surface_change(base, scenario, [min_to_s(c) for c in cutoffs_min], population=population)
    labels = {"origin": place.place_id, "mode": mode.value, "reading": reading.value}
    labels |= {"base": builders[0].session.scenario_id, "scenario": builders[1].session.scenario_id}
    labels |= {"base_timetable": builders[0].session.timetable_id, "timetable": builders[1].session.timetable_id}
    rows, shapes = [], []
    for row in change.summary.to_dict("records"):
        for kind, cells in change.find_cells(float(row["cutoff_s"])).items():
            numbers = {"area_km2": row[f"{kind}_km2"], "population": row[f"{kind}_population"]}
            rows.append({**labels, "cutoff_min": s_to_min(row["cutoff_s"]), "change": kind, **numbers})
            shapes.append(outline_cells(builders[0].grid, cells) if cells.any() else shapely.MultiPolygon())
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
    return (frame.assign(direction="to") if reverse else frame), change


def _join_rings(rings: Sequence[Ring], join: Join) -> shapely.MultiPolygon:
    areas = [r.polygon for r in rings]
    if join is Join.UNION:
        return unite_areas(areas)
    return intersect_areas(areas) if join is Join.INTERSECTION else subtract_areas(areas[0], unite_areas(areas[1:]))


def _join_cells(masks: Sequence[npt.NDArray[np.bool_]], join: Join) -> npt.NDArray[np.bool_]:
    stack = np.stack(masks)
    if join is Join.DIFFERENCE:
        stack[1:] = ~stack[1:]
    return np.asarray(stack.any(axis=0) if join is Join.UNION else stack.all(axis=0), dtype=np.bool_)


def _join_surfaces(surfaces: Sequence[Surface], join: Join) -> Surface | None:
    if join is Join.UNION:
        return combine_surfaces(surfaces)
    return combine_surfaces(surfaces, latest=True) if join is Join.INTERSECTION else None
