"""The smallest single changes that bring a missed goal to be met."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from transit_model.analysis.additions import read_additions
from transit_model.analysis.bisection import find_crossings
from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.threshold_search import TOLERANCE_SHARE, Margin, read_goal_value
from transit_model.domain.modes import Reading
from transit_model.domain.rounding import round_finite
from transit_model.goals.schema import Goal


@dataclass(frozen=True, eq=False)
class SingleChange:
    """One change that alone brings a missed goal nearer.

    Attributes
    ----------
    kind : str
        ``none`` (the goal is met as it is), ``number`` (a number of a project that stands), ``project`` (one more
        project, with what it requires) or ``project_number`` (one more project, with one of its numbers changed
        within its range).
    now, new : float
        The number before and after; NaN for a whole project.
    change_share : float
        ``|new - now| / now``; 0 for a project as it is declared, NaN when the goal stays missed.
    """

    kind: str
    project: str
    field: str
    now: float
    new: float
    change_share: float
    value_min: float
    margin_min: float
    meets: bool

    def as_dict(self) -> dict[str, Any]:
        """Return plain data: unreachable and absent numbers are None."""
        data = dict(vars(self))
        return {k: round_finite(v) if isinstance(v, float) else v for k, v in data.items()}


def rank_single_changes(
    evaluator: Evaluator,
    goal: Goal,
    reading: Reading,
    *,
    projects: Sequence[str] = (),
    tick: Callable[[str], object] = lambda _text: None,
) -> list[SingleChange]:
    """Return the single changes that bring a goal nearer, those that meet it first, the smallest first.

    Money is not in the data, so *cheapest* means: first the smallest change, as a share of its present value, of a
    number of a project that stands; then one more project as declared; then one more project with a number changed
    within its declared range. Changes that do not meet the goal follow, the nearest first; those that change nothing
    are left out.
    """
    before = read_goal_value(evaluator.evaluate(projects), goal, reading)
    if before.margin_min >= 0:
        nan = math.nan
        return [SingleChange("none", "", "", nan, nan, 0.0, before.value_min, before.margin_min, meets=True)]
    standing = (*evaluator.base_ids, *projects)
    found: list[SingleChange] = []
    for project_id in standing:
        for name in evaluator.library[project_id].ranges:
            found += _try_number(evaluator, goal, reading, project_id, name, projects, "number")
            tick(f"{project_id}.{name}")
    for added, value, without in read_additions(evaluator, lambda e: read_goal_value(e, goal, reading), projects):
        project_id = added[-1]
        tick(project_id)
        nan, meets = math.nan, value.margin_min >= 0
        if value.margin_min <= without.margin_min:
            continue  # what it requires does all the work, and is a change of its own
        share = 0.0 if meets else nan
        found.append(
            SingleChange("project", project_id, "", nan, nan, share, value.value_min, value.margin_min, meets=meets)
        )
        if meets:
            continue
        for name in evaluator.library[project_id].ranges:
            found += _try_number(evaluator, goal, reading, project_id, name, added, "project_number")
            tick(f"{project_id}.{name}")
    order = {"number": 0, "project": 1, "project_number": 2}
    useful = [c for c in found if c.margin_min > before.margin_min]
    return sorted(
        useful, key=lambda c: (not c.meets, order[c.kind] if c.meets else 0, c.change_share if c.meets else c.value_min)
    )


def _try_number(
    evaluator: Evaluator, goal: Goal, reading: Reading, project: str, name: str, projects: Sequence[str], kind: str
) -> list[SingleChange]:
    key = f"{project}.{name}"
    now = evaluator.find_number(key)
    between = evaluator.library[project].ranges[name]
    margin = Margin(evaluator, goal, reading, key, projects)
    search = find_crossings(margin, sorted({*between, now}), tolerance=max(abs(now) * TOLERANCE_SHARE, 1e-9))
    met = [c.met_at for c in search.crossings]
    if search.always_met:
        met = [now]
    new = min(met, key=lambda x: abs(x - now), default=search.best_at)
    if math.isnan(new) or (new == now and kind == "project_number"):
        return []
    value = margin.read(new)
    share = abs(new - now) / abs(now) if met and now else math.nan
    return [SingleChange(kind, project, name, now, new, share, value.value_min, value.margin_min, meets=bool(met))]
