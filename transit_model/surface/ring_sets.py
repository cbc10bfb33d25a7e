"""Union, intersection and difference of rings (并集, 交集, 差集)."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from transit_model.errors import InputError, Issue
from transit_model.surface.isochrone import keep_areas


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
