"""Rings as plain rows and polygons: those of the tables, for who asks many times a minute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.surface.isochrone import compute_rings, describe_rings, to_degrees
from transit_model.units import min_to_s

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def list_rings_alone(
    builder: SurfaceBuilder,
    place: Place,
    kind: tuple[Mode, Reading],
    cutoffs_min: Sequence[float],
    population: npt.NDArray[np.float64] | None = None,
) -> tuple[list[dict[str, Any]], list[BaseGeometry]]:
    """Return the rows and polygons (WGS84) of `surfaces.compute_rings_alone`: equal numbers, without a table.

    Raises
    ------
    InputError
        As `surfaces.compute_isochrone`.
    """
    surface = builder.compute(place, *kind, limit_s=builder.find_limit_s(cutoffs_min, kind[0]), cut=True)
    rings = compute_rings(surface, [min_to_s(c) for c in cutoffs_min], builder.reach_on_foot(place))
    session = builder.session
    labels = {"origin": place.place_id, "mode": kind[0].value, "reading": kind[1].value}
    named = {**labels, "scenario": session.scenario_id, "timetable": session.timetable_id}
    persons = None if population is None else population[builder.grid.find_cut(surface.grid)]
    rows = [{**named, **row} for row in describe_rings(rings, surface, persons)]
    return rows, to_degrees([ring.polygon for ring in rings], surface)
