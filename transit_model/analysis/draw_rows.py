"""Many variations of one scenario measured at once, in one process or several."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import Measure, compute_measures, parse_measure
from transit_model.analysis.uncertain_values import Uncertain
from transit_model.batches.parent import leave_with_parent
from transit_model.errors import InputError, NetworkError, ScenarioError
from transit_model.measure.workspace import Workspace
from transit_model.scenario.base_schema import Project
from transit_model.scenario.requirements import keep_complete

F64 = npt.NDArray[np.float64]
_FEWEST_ROWS = 32
"""Starting another process takes as long as some ten evaluations."""


@dataclass(frozen=True)
class Row:
    """One variation: numbers replaced, and projects of the scenario left out."""

    numbers: Mapping[str, float] = field(default_factory=dict)
    without: tuple[str, ...] = ()


def build_row(projects: Sequence[Project], values: Mapping[Uncertain, float], by_year: int | None = None) -> Row:
    """Return the variation for some values of uncertain numbers.

    Parameters
    ----------
    projects : sequence of Project
        Those of the scenario.
    by_year : int, optional
        Projects that are not open at the end of this year are left out: the year drawn is later, or no year is
        known. Projects that need one of them go too. Without it all stand.
    """
    numbers = {u.key: v for u, v in values.items() if u.kind != "opening"}
    if by_year is None:
        return Row(numbers)
    opens = {u.owner: v for u, v in values.items() if u.kind == "opening"}
    elsewhere = {needed for p in projects for needed in p.requires} - {p.id for p in projects}
    kept = keep_complete([p for p in projects if opens.get(p.id, math.inf) <= by_year], elsewhere)
    standing = {p.id for p in kept}
    return Row(numbers, tuple(p.id for p in projects if p.id not in standing))


def measure_rows(
    workspace: Workspace,
    scenario: str,
    names: Sequence[str],
    rows: Sequence[Row],
    *,
    workers: int = 1,
    tick: Callable[[str], object] = lambda _text: None,
) -> tuple[F64, list[str]]:
    """Measure every variation of a scenario.

    Parameters
    ----------
    names : sequence of str
        Names of measures, see `parse_measure`.
    workers : int
        Processes; their number changes no bit of the result.

    Returns
    -------
    (n_rows, n_measures) float64
        NaN in the rows of variations that cannot be built.
    list of str
        Why, one text for each such row.
    """
    if workers <= 1 or len(rows) < _FEWEST_ROWS:
        return _measure_chunk(workspace, scenario, names, rows, tick)
    out = np.full((len(rows), len(names)), np.nan)
    reasons = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=leave_with_parent) as pool:
        chunks = [rows[i::workers] for i in range(workers)]
        jobs = [pool.submit(_measure_chunk, workspace, scenario, names, chunk) for chunk in chunks]
        for i, job in enumerate(jobs):
            out[i::workers], more = job.result()
            reasons += more
            for _ in chunks[i]:
                tick(scenario)
    return out, sorted(reasons)


def _measure_chunk(
    workspace: Workspace,
    scenario: str,
    names: Sequence[str],
    rows: Sequence[Row],
    tick: Callable[[str], object] = lambda _text: None,
) -> tuple[F64, list[str]]:
    evaluator = Evaluator(workspace, scenario)
    goals, centres = workspace.goals(), workspace.region.info.groups["centres"]
    measures: list[Measure] = [parse_measure(name, goals, centres) for name in names]
    out = np.full((len(rows), len(names)), np.nan)
    reasons = []
    for i, row in enumerate(rows):
        try:
            out[i] = compute_measures(evaluator.evaluate((), row.numbers, without=row.without), measures)
        except (ScenarioError, InputError, NetworkError) as error:
            reasons.append(error.issues[0].message)
        tick(scenario)
    return out, sorted(reasons)
