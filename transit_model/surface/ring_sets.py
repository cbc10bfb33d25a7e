"""Bands between rings, and union, intersection and difference of rings (并集, 交集, 差集)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from transit_model.errors import InputError, Issue
from transit_model.surface.isochrone import Ring, keep_areas


@dataclass(frozen=True)
class Band:
    """The area later than `from_s` and within `to_s`; `polygon` in metres, `area_m2` its area."""

    from_s: float
    to_s: float
    polygon: shapely.MultiPolygon
    area_m2: float


def compute_bands(rings: Sequence[Ring]) -> list[Band]:
    """Return the differenced bands of cumulative rings of one surface; the first begins at 0 s.

    Bands do not overlap and together make the largest ring.
    """
    ordered = sorted(rings, key=lambda ring: ring.cutoff_s)
    bands = []
    inner, from_s = shapely.MultiPolygon(), 0.0
    for ring in ordered:
        polygon = subtract_areas(ring.polygon, inner)
        bands.append(Band(from_s, ring.cutoff_s, polygon, float(polygon.area)))
        inner, from_s = ring.polygon, ring.cutoff_s
    return bands


def unite_areas(areas: Sequence[BaseGeometry]) -> shapely.MultiPolygon:
    """Return what lies in at least one of the areas: reached from any of the centres."""
    return keep_areas(shapely.union_all(_check(areas)))


def intersect_areas(areas: Sequence[BaseGeometry]) -> shapely.MultiPolygon:
    """Return what lies in all of the areas: reached from every centre."""
    return keep_areas(shapely.intersection_all(_check(areas)))


def subtract_areas(area: BaseGeometry, minus: BaseGeometry) -> shapely.MultiPolygon:
    """Return what lies in the first area and not in the second: newly reached, when the second is the base."""
    return keep_areas(shapely.difference(area, minus))


def _check(areas: Sequence[BaseGeometry]) -> Sequence[BaseGeometry]:
    if len(areas) == 0:
        raise InputError(Issue("no_area", "error", "at least one ring is needed", field="areas"))
    return areas
