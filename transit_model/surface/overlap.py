"""Overlap of circles (圈层重叠): how much ground and how many people lie in which of several circles."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model import units
from transit_model.errors import InputError
from transit_model.indicators.travel_table import check_positive
from transit_model.surface.surface import Surface

_MOST_CIRCLES = 16


def compute_overlap(
    surfaces: Mapping[str, Surface], cutoff_s: float, *, population: npt.ArrayLike | None = None
) -> pd.DataFrame:
    """Compute area and people for every combination of circles that occurs, each cell counted once.

    Parameters
    ----------
    surfaces : mapping
        Centre to its surface, all on one grid, at most 16.
    cutoff_s : float
        The circle, seconds.
    population : (ny, nx) float, optional
        Persons in each cell.

    Returns
    -------
    DataFrame
        ``centres`` (ids with ``+`` between, in the order given; empty: in none), ``count`` of circles, ``area_km2``,
        ``population`` (NaN without one); most circles first.

    Raises
    ------
    InputError
        When there is no surface or too many, grids differ, or the population has another shape.
    """
    limit = check_positive(cutoff_s, "cutoff_s")
    names = list(surfaces)
    if not 1 <= len(names) <= _MOST_CIRCLES:
        raise InputError(f"between 1 and {_MOST_CIRCLES} surfaces can be overlaid, not {len(names)}")
    grid = surfaces[names[0]].grid
    if any(surface.grid != grid for surface in surfaces.values()):
        raise InputError("surfaces of different grids cannot be overlaid")
    persons = None if population is None else np.asarray(population, dtype=np.float64)
    if persons is not None and persons.shape != grid.shape:
        raise InputError(f"population must have the shape of the grid {grid.shape}, not {persons.shape}")
    mask = np.zeros(grid.shape, dtype=np.int64)
    for bit, name in enumerate(names):
        mask |= (surfaces[name].time_s <= limit).astype(np.int64) << bit
    rows = []
    for code in np.unique(mask):
        cells = mask == code
        inside = [name for bit, name in enumerate(names) if code >> bit & 1]
        rows.append(
            {
                "centres": "+".join(inside),
                "count": len(inside),
                "area_km2": float(np.count_nonzero(cells)) * grid.cell_area_m2 / units.M2_PER_KM2,
                "population": float("nan") if persons is None else float(persons[cells].sum()),
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values(["count", "centres"], ascending=[False, True], ignore_index=True)
