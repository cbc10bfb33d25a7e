"""Which project earns the gain: Shapley shares of any measure, what each adds alone and last, and what works together.

The rule for projects that need others: a project counts only in those sets where everything it requires stands, in
the base or in the set; elsewhere it adds nothing. So what a project makes possible for others is shared with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import Measure, compute_measures
from transit_model.analysis.shapley import EXACT_LIMIT, Shares, compute_shares
from transit_model.errors import InputError, Issue, ScenarioError

DIGITS = 9


@dataclass(frozen=True, eq=False)
class Attribution:
    """The gain of some projects in one measure, shared out.

    Attributes
    ----------
    base_value, full_value : float
        The measure itself without and with all projects.
    shares : Shares
        In units of the measure; positive is better whatever the measure. `shares.total` is the gain.
    exact : bool
        False when the shares were sampled.
    cap_min : float or None
        What an unreachable pair counts as.
    """

    measure: Measure
    base: str
    projects: tuple[str, ...]
    base_value: float
    full_value: float
    shares: Shares
    exact: bool
    cap_min: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON contract form (design 8); interaction indices are None when sampled."""
        s, names = self.shares, self.projects
        rows = [
            {
                "project": name,
                "shapley": _plain(s.shapley[i]),
                "stderr": _plain(s.stderr[i]),
                "add_one": _plain(s.add_one[i]),
                "leave_one_out": _plain(s.leave_one_out[i]),
            }
            for i, name in enumerate(names)
        ]
        pairs = [
            {
                "a": names[i],
                "b": names[j],
                "interaction": _plain(s.interaction[i, j]),
                "together": _plain(s.together[i, j]),
            }
            for i, j in combinations(range(len(names)), 2)
        ]
        return {
            "measure": self.measure.name,
            "unit": self.measure.unit,
            "base": self.base,
            "base_value": _plain(self.base_value),
            "value": _plain(self.full_value),
            "total": _plain(s.total),
            "method": "exact" if self.exact else "sampled",
            "cap_min": self.cap_min,
            "rows": rows,
            "pairs": pairs,
        }


def attribute(
    evaluator: Evaluator,
    measures: Sequence[Measure],
    projects: Sequence[str],
    *,
    cap_min: float | None = None,
    permutations: int = 200,
    seed: int = 1,
    exact_limit: int = EXACT_LIMIT,
    tick: Callable[[str], object] = lambda _text: None,
) -> list[Attribution]:
    """Share the gain of projects over the base of an evaluator in each measure; every set is built once.

    Parameters
    ----------
    projects : sequence of str
        Ids of the library, none of them in the base.
    cap_min : float, optional
        Minutes that an unreachable pair counts as. Without it an unreachable measure cannot be shared out.
    permutations, seed, exact_limit
        See `compute_shares`.

    Raises
    ------
    ScenarioError
        When a project is unknown, twice, in the base, lacks what it requires, or rules another out.
    InputError
        ``unreachable_measure`` when a set leaves a measure unreachable and there is no cap; ``bad_cap`` when the
        cap is not above the threshold, so that the unreachable would count as reached.
    """
    _check_company(evaluator, projects)
    _check_cap(measures, cap_min)
    known: dict[tuple[str, ...], list[float]] = {}
    cap = math.inf if cap_min is None else cap_min

    def evaluate(mask: int) -> list[float]:
        chosen = evaluator.keep_buildable([p for i, p in enumerate(projects) if mask >> i & 1])
        if chosen not in known:
            evaluation = evaluator.evaluate(chosen)
            known[chosen] = compute_measures(evaluation, measures, cap_min=cap)
            tick(" ".join(chosen))
        return known[chosen]

    out = []
    everything = (1 << len(projects)) - 1
    for at, measure in enumerate(measures):
        try:
            shares = compute_shares(
                len(projects),
                _Gain(evaluate, at, measure.better),
                permutations=permutations,
                seed=seed,
                exact_limit=exact_limit,
            )
        except InputError as error:
            raise InputError([_name_measure(issue, measure) for issue in error.issues]) from error
        exact = len(projects) <= exact_limit
        ends = evaluate(0)[at], evaluate(everything)[at]
        out.append(Attribution(measure, evaluator.base.scenario_id, tuple(projects), *ends, shares, exact, cap_min))
    return out


@dataclass(frozen=True)
class _Gain:
    """The value of a set of projects in one measure, more being better."""

    evaluate: Callable[[int], list[float]]
    at: int
    better: int

    def __call__(self, mask: int) -> float:
        return self.better * self.evaluate(mask)[self.at]


def _check_company(evaluator: Evaluator, projects: Sequence[str]) -> None:
    evaluator.order(projects)
    issues = []
    if not projects:
        issues.append(Issue("no_projects", "error", "name at least one project", field="projects"))
    for i, project_id in enumerate(projects):
        project = evaluator.library[project_id]
        if project_id in projects[:i]:
            issues.append(Issue("project_twice", "error", f"{project_id} stands twice in the list", value=project_id))
        if project_id in evaluator.base_ids:
            message = f"{project_id} is in the base {evaluator.base.scenario_id} already"
            issues.append(Issue("project_twice", "error", message, value=project_id, hint="leave it out of the list"))
        for needed in project.requires:
            if needed not in (*projects, *evaluator.base_ids):
                hint = f"add {needed} to the list"
                issues.append(
                    Issue("requires_missing", "error", f"{project_id} needs {needed}", value=project_id, hint=hint)
                )
        for rival in project.conflicts:
            if rival in (*projects, *evaluator.base_ids):
                message = f"{project_id} cannot stand beside {rival}"
                hint = "leave one of them out"
                issues.append(Issue("conflict", "error", message, value=project_id, hint=hint))
    if issues:
        raise ScenarioError(issues)


def _check_cap(measures: Sequence[Measure], cap_min: float | None) -> None:
    issues = [
        Issue("bad_cap", "error", f"the cap must be above the {m.limit_min:g} min of {m.name}", value=str(cap_min))
        for m in measures
        if cap_min is not None and m.limit_min is not None and cap_min <= m.limit_min
    ]
    if issues:
        raise InputError(issues)


def _name_measure(issue: Issue, measure: Measure) -> Issue:
    return Issue(issue.code, issue.severity, issue.message, field="measure", value=measure.name, hint=issue.hint)


def _plain(value: float) -> float | None:
    return round(float(value), DIGITS) if math.isfinite(value) else None
