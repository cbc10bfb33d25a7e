"""Rings of a place on the surface of a builder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import RIDDEN, Mode, Reading
from transit_model.domain.place import Place
from transit_model.errors import Issue
from transit_model.measure.ring_frames import draw_rings
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.surface.surface import Surface

if TYPE_CHECKING:
    import geopandas as gpd


def compute_isochrone(
    builder: SurfaceBuilder,
    place: Place,
    mode: Mode,
    reading: Reading,
    cutoffs_min: Sequence[float],
    *,
    quantile: float = 0.5,
    population: npt.NDArray[np.float64] | None = None,
    reverse: bool = False,
) -> tuple[gpd.GeoDataFrame, Surface]:
    """Return the rings of a place and the surface behind them; `reverse` for rings of who gets *to* the place.

    Raises
    ------
    InputError
        When a cutoff is not positive, or the reading has no surface for the mode.
    """
    surface = builder.compute(place, mode, reading, quantile=quantile, reverse=reverse)
    return draw_place(builder, place, (mode, reading), surface, cutoffs_min, population, reverse=reverse), surface


def compute_rings_alone(
    builder: SurfaceBuilder,
    place: Place,
    mode: Mode,
    reading: Reading,
    cutoffs_min: Sequence[float],
    *,
    quantile: float = 0.5,
    population: npt.NDArray[np.float64] | None = None,
    reverse: bool = False,
) -> tuple[gpd.GeoDataFrame, Surface]:
    """Return the rings of `compute_isochrone`; the surface ends a little after the last: less work on a large network.

    Raises
    ------
    InputError
        As `compute_isochrone`.
    """
    limit_s = builder.find_limit_s(cutoffs_min, mode)
    surface = builder.compute(place, mode, reading, quantile=quantile, reverse=reverse, limit_s=limit_s)
    return draw_place(builder, place, (mode, reading), surface, cutoffs_min, population, reverse=reverse), surface


def draw_place(
    builder: SurfaceBuilder,
    place: Place,
    kind: tuple[Mode, Reading],
    surface: Surface,
    cutoffs_min: Sequence[float],
    population: npt.NDArray[np.float64] | None,
    *,
    reverse: bool = False,
) -> gpd.GeoDataFrame:
    """Return the rings of a place on a surface that was computed for it."""
    reach = builder.reach_on_foot(place)
    return draw_rings(builder.session, place, kind, surface, cutoffs_min, population, reach=reach, reverse=reverse)


def check_service(session: Session, mode: Mode) -> list[Issue]:
    """Return a warning where nothing of a mode runs: its rings hold a walk."""
    if mode not in RIDDEN or session.has_service(mode):
        return []
    hint = "the rings hold the walk round the place, as far as walk_max_m"
    return [Issue("no_service", "warning", f"no {mode.value} service in this scenario", field="mode", hint=hint)]
