"""Rings of a surface as rows: where they are from, what they were measured on, who lives in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.measure.session import Session
from transit_model.surface.isochrone import OriginReach, collect_features, compute_rings
from transit_model.surface.surface import Surface
from transit_model.units import min_to_s

if TYPE_CHECKING:
    import geopandas as gpd


def draw_rings(
    session: Session,
    place: Place,
    kind: tuple[Mode, Reading],
    surface: Surface,
    cutoffs_min: Sequence[float],
    population: npt.NDArray[np.float64] | None,
    *,
    reach: OriginReach,
    reverse: bool,
) -> gpd.GeoDataFrame:
    """Return the rings of a place on a surface, one row a ring, with who lives in each where `population` is given.

    `reach` is how far one walks from the place, see `SurfaceBuilder.reach_on_foot`.
    """
    rings = compute_rings(surface, [min_to_s(c) for c in cutoffs_min], reach)
    frame = collect_features(
        rings,
        surface,
        origin=place.place_id,
        mode=kind[0].value,
        reading=kind[1].value,
        scenario=session.scenario_id,
        population=population,
    )
    frame = tell_timetable(frame, session)
    return frame.assign(direction="to") if reverse else frame


def tell_timetable(frame: gpd.GeoDataFrame, session: Session) -> gpd.GeoDataFrame:
    """Return rings with the ``timetable`` they were measured on beside their scenario."""
    rows = frame.copy()
    rows.insert(list(rows.columns).index("scenario") + 1, "timetable", session.timetable_id)
    return rows
