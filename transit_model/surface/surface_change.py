"""Difference of two surfaces: where it is faster, and what the circle gains and loses (新增与改善范围)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model import units
from transit_model.errors import InputError
from transit_model.indicators.change import CHANGE_TOLERANCE_S, settle_times, subtract_times
from transit_model.indicators.travel_table import check_cutoffs
from transit_model.surface.grid import Grid
from transit_model.surface.surface import Surface

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SurfaceChange:
    """Scenario minus base on one grid.

    Attributes
    ----------
    base_s, scenario_s : (ny, nx) float64
        Times before and after; those before also after where they differ by the tolerance at most.
    change_s : (ny, nx) float64
        Seconds; -`inf` newly reached, `inf` lost, NaN where unreached in both; 0 within the tolerance.
    summary : DataFrame
        One row a cutoff: ``cutoff_s``, area in km2 and people (NaN without a population) that come into the circle
        (``gained_*``), fall out of it (``lost_*``), and were and stay in it but get faster (``improved_*``) or slower
        (``worsened_*``).
    """

    base_s: F64
    scenario_s: F64
    change_s: F64
    summary: pd.DataFrame

    def find_cells(self, cutoff_s: float) -> dict[str, npt.NDArray[np.bool_]]:
        """Return which cells are gained, lost, improved and worsened at a cutoff, each (ny, nx)."""
        return find_changed_cells(self.base_s, self.scenario_s, cutoff_s)


def find_changed_cells(base_s: F64, scenario_s: F64, cutoff_s: float) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which cells are gained, lost, improved and worsened at a cutoff, of settled times (see `settle_times`)."""
    before, after = base_s <= cutoff_s, scenario_s <= cutoff_s
    return {
        "gained": after & ~before,
        "lost": before & ~after,
        "improved": before & after & (scenario_s < base_s),
        "worsened": before & after & (scenario_s > base_s),
    }


def sum_cells(grid: Grid, which: npt.NDArray[np.bool_], people: F64 | None) -> tuple[float, float]:
    """Return the area of cells in km2 and the people on them, NaN where nobody says who lives there."""
    km2 = float(np.count_nonzero(which)) * grid.cell_area_m2 / units.M2_PER_KM2
    return km2, float("nan") if people is None else float(people[which].sum())


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
    change_s = np.where(never, np.nan, subtract_times(settled_s, base.time_s))
    rows = []
    for cutoff in check_cutoffs(cutoffs_s):
        row = {"cutoff_s": cutoff}
        for name, cells in find_changed_cells(base.time_s, settled_s, cutoff).items():
            row[f"{name}_km2"], row[f"{name}_population"] = sum_cells(grid, cells, persons)
        rows.append(row)
    return SurfaceChange(base.time_s, settled_s, change_s, pd.DataFrame(rows))
