"""Difference of two surfaces: where it is faster, and what the circle gains and loses (新增与改善范围)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model import units
from transit_model.errors import InputError
from transit_model.indicators.change import CHANGE_TOLERANCE_S, settle_times, subtract_times
from transit_model.indicators.travel_table import check_cutoffs
from transit_model.surface.surface import Surface

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SurfaceChange:
    """Scenario minus base on one grid.

    Attributes
    ----------
    change_s : (ny, nx) float64
        Seconds; -`inf` newly reached, `inf` lost, NaN where unreached in both; 0 within the tolerance.
    summary : DataFrame
        One row a cutoff: ``cutoff_s``, area in km2 and people (NaN without a population) that come into the circle
        (``gained_*``), fall out of it (``lost_*``), and were and stay in it but get faster (``improved_*``) or slower
        (``worsened_*``).
    """

    change_s: F64
    summary: pd.DataFrame

    def find_cells(self, base: Surface, scenario: Surface, cutoff_s: float) -> dict[str, npt.NDArray[np.bool_]]:
        """Return which cells are gained, lost, improved and worsened at a cutoff, each (ny, nx)."""
        before = base.time_s <= cutoff_s
        # what has not changed is where it was, also at the very cutoff
        after = np.where(self.change_s == 0, before, scenario.time_s <= cutoff_s)
        return {
            "gained": after & ~before,
            "lost": before & ~after,
            "improved": before & after & (self.change_s < 0),
            "worsened": before & after & (self.change_s > 0),
        }


def compute_surface_change(
    base: Surface,
    scenario: Surface,
    cutoffs_s: Sequence[float],
    *,
    population: npt.ArrayLike | None = None,
    tolerance_s: float = CHANGE_TOLERANCE_S,
) -> SurfaceChange:
    """Compute the difference surface and, for each cutoff, the area and people it moves.

    Parameters
    ----------
    base, scenario : Surface
        On one grid with one off-network rule.
    cutoffs_s : sequence of float
    population : (ny, nx) float, optional
        Persons in each cell.
    tolerance_s : float
        Changes up to this size count as none.

    Raises
    ------
    InputError
        When grids differ, the population has another shape, or a cutoff is not above 0.
    """
    grid = base.grid
    if scenario.grid != grid:
        raise InputError("surfaces of different grids cannot be compared")
    persons = None if population is None else np.asarray(population, dtype=np.float64)
    if persons is not None and persons.shape != grid.shape:
        raise InputError(f"population must have the shape of the grid {grid.shape}, not {persons.shape}")
    settled_s = settle_times(base.time_s, scenario.time_s, tolerance_s)
    never = np.isinf(base.time_s) & np.isinf(settled_s)
    change = SurfaceChange(np.where(never, np.nan, subtract_times(settled_s, base.time_s)), pd.DataFrame())
    rows = []
    for cutoff in check_cutoffs(cutoffs_s):
        row = {"cutoff_s": cutoff}
        for name, cells in change.find_cells(base, scenario, cutoff).items():
            row[f"{name}_km2"] = float(np.count_nonzero(cells)) * grid.cell_area_m2 / units.M2_PER_KM2
            row[f"{name}_population"] = float("nan") if persons is None else float(persons[cells].sum())
        rows.append(row)
    return replace(change, summary=pd.DataFrame(rows))
