"""People on points and cells, and how many are within a time (人口覆盖)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.errors import InputError, Issue
from transit_model.indicators.travel_table import check_cutoffs
from transit_model.surface.contour import find_cells_within
from transit_model.surface.grid import Grid

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PopulationPoints:
    """People at points, e.g. each county at its seat (the crude table), or a user's own points.

    Attributes
    ----------
    x, y : (n,) float64, metres in the CRS of a grid
    population : (n,) float64, persons
    """

    x: F64
    y: F64
    population: F64


@dataclass(frozen=True, eq=False)
class GridPopulation:
    """People on the grid.

    Attributes
    ----------
    population : (ny, nx) float64
    outside : float
        Persons whose point lies outside the grid; they are not in `population`.
    """

    population: F64
    outside: float


def build_points(table: pd.DataFrame, grid: Grid, *, value: str = "population") -> PopulationPoints:
    """Build points of a table with ``lon``, ``lat`` and a column of persons; for county seats the crude model.

    Raises
    ------
    InputError
        With all issues: missing columns, coordinates that are no degrees, persons that are no numbers of 0 or more.
    """
    missing = [name for name in ("lon", "lat", value) if name not in table.columns]
    if missing:
        raise InputError([Issue("missing_column", "error", f"the table lacks {c}", field=c) for c in missing])
    lon, lat, persons = (
        pd.to_numeric(table[c], errors="coerce").to_numpy(dtype=np.float64) for c in ("lon", "lat", value)
    )
    issues = []
    if not ((np.abs(lon) <= 180) & (np.abs(lat) <= 90)).all():
        issues.append(Issue("bad_coordinate", "error", "lon and lat must be degrees", field="lon"))
    if not (np.isfinite(persons) & (persons >= 0)).all():
        issues.append(Issue("bad_value", "error", "persons must be 0 or more", field=value))
    if issues:
        raise InputError(issues)
    x, y = grid.project(lon, lat)
    return PopulationPoints(x, y, persons)


def sum_on_grid(points: PopulationPoints, grid: Grid) -> GridPopulation:
    """Sum points into the cells they lie in; a raster in another grid is given as its cell centres.

    Raises
    ------
    InputError
        When lengths differ, or persons are negative or not finite.
    """
    x, y, persons = (np.asarray(v, dtype=np.float64).ravel() for v in (points.x, points.y, points.population))
    if not len(x) == len(y) == len(persons):
        raise InputError("x, y and population differ in length")
    if not (np.isfinite(persons) & (persons >= 0)).all():
        raise InputError("population must be finite and 0 or more; give nodata cells as 0")
    row, column, inside = grid.locate(x, y)
    out = np.zeros(grid.shape)
    np.add.at(out, (row[inside], column[inside]), persons[inside])
    return GridPopulation(out, float(persons[~inside].sum()))


def sum_within(
    time_s: npt.NDArray[np.float64], persons: Sequence[npt.NDArray[np.float64]], cutoffs_s: Sequence[float]
) -> list[list[float]]:
    """Return the persons within each cutoff (columns), one row for each way of placing them.

    Parameters
    ----------
    time_s : (ny, nx) float64
        Seconds to each cell, `inf` when unreachable.
    persons : sequence of (ny, nx) arrays
    cutoffs_s : sequence of float
    """
    box = find_cells_within(time_s, max(cutoffs_s)) if len(cutoffs_s) else None
    if box is None:
        return [[0.0] * len(cutoffs_s) for _ in persons]
    # The cells are summed in the order of the grid whatever is left out, so that sums are the same to the bit.
    time = time_s[box.rows, box.columns]
    reached = time <= max(cutoffs_s)
    inside = [time[reached] <= cutoff for cutoff in cutoffs_s]
    chosen = [people[box.rows, box.columns][reached] for people in persons]
    return [[float(people[mask].sum()) for mask in inside] for people in chosen]


def compute_population_within(
    time_s: npt.ArrayLike, population: npt.ArrayLike, cutoffs_s: Sequence[float]
) -> pd.DataFrame:
    """Compute the people within each cutoff.

    Parameters
    ----------
    time_s : array, any shape
        Seconds to each cell or point, `inf` when unreachable.
    population : array, the same shape
        Persons, or 1 for each county seat, or areas: the share is of whatever is summed.
    cutoffs_s : sequence of float

    Returns
    -------
    DataFrame
        ``cutoff_s``, ``population``, ``share`` (NaN when nobody lives there).

    Raises
    ------
    InputError
        When shapes differ, times are negative or NaN, or a cutoff is not above 0.
    """
    time, persons = np.asarray(time_s, dtype=np.float64), np.asarray(population, dtype=np.float64)
    if time.shape != persons.shape:
        raise InputError(f"times {time.shape} and population {persons.shape} differ in shape")
    if np.isnan(time).any() or (time < 0).any():
        raise InputError("times must be 0 s or more, inf for unreachable")
    if not (np.isfinite(persons) & (persons >= 0)).all():
        raise InputError("population must be finite and 0 or more")
    total = float(persons.sum())
    cutoffs = check_cutoffs(cutoffs_s)
    if time.ndim == 2:  # cells: summed as everywhere
        (within,) = sum_within(time, [persons], cutoffs)
    else:
        within = [float(persons[time <= cutoff].sum()) for cutoff in cutoffs]
    out = pd.DataFrame({"cutoff_s": cutoffs, "population": within})
    return out.assign(share=out["population"] / total if total > 0 else float("nan"))


def compare_population_models(
    time_s: npt.ArrayLike, models: Mapping[str, npt.ArrayLike], cutoffs_s: Sequence[float]
) -> pd.DataFrame:
    """Compute how the people within each cutoff move between ways of placing the same people.

    Parameters
    ----------
    time_s : (ny, nx) float
    models : mapping
        Name to population on the grid, e.g. ``model``, ``seat`` and ``even``; the first is the reference.

    Returns
    -------
    DataFrame
        ``cutoff_s``, ``model``, ``population``, ``share``, ``difference_share`` (share minus that of the first model).

    Raises
    ------
    InputError
        When there is no model, or as `compute_population_within`.
    """
    if not models:
        raise InputError("at least one population model is needed")
    parts = [compute_population_within(time_s, people, cutoffs_s).assign(model=name) for name, people in models.items()]
    out = pd.concat(parts, ignore_index=True)
    reference = parts[0].set_index("cutoff_s")["share"]
    out["difference_share"] = out["share"] - out["cutoff_s"].map(reference)
    columns = ["cutoff_s", "model", "population", "share", "difference_share"]
    return out.sort_values("cutoff_s", kind="stable", ignore_index=True)[columns]
