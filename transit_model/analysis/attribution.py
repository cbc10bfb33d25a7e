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

from transit_model.analysis.coalitions import Coalitions
from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import Measure
from transit_model.analysis.shapley import EXACT_LIMIT, Shares
from transit_model.domain.rounding import round_finite
from transit_model.errors import InputError, Issue, ScenarioError
from transit_model.scenario.requirements import find_contradictions

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
                "shapley": round_finite(s.shapley[i], DIGITS),
                "stderr": round_finite(s.stderr[i], DIGITS),
                "add_one": round_finite(s.add_one[i], DIGITS),
                "leave_one_out": round_finite(s.leave_one_out[i], DIGITS),
            }
            for i, name in enumerate(names)
        ]
        pairs = [
            {
                "a": names[i],
                "b": names[j],
                "interaction": round_finite(s.interaction[i, j], DIGITS),
                "together": round_finite(s.together[i, j], DIGITS),
            }
            for i, j in combinations(range(len(names)), 2)
        ]
        return {
            "measure": self.measure.name,
            "unit": self.measure.unit,
            "base": self.base,
            "base_value": round_finite(self.base_value, DIGITS),
            "value": round_finite(self.full_value, DIGITS),
            "total": round_finite(s.total, DIGITS),
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
    cap = math.inf if cap_min is None else cap_min
    sets = Coalitions(evaluator, [(p,) for p in projects], measures, cap, tick)
    out = []
    for at, measure in enumerate(measures):
        try:
            shares = sets.share_out(at, permutations=permutations, seed=seed, exact_limit=exact_limit)
        except InputError as error:
            raise InputError([_name_measure(issue, measure) for issue in error.issues]) from error
        exact, ends = len(projects) <= exact_limit, sets.list_ends(at)
        out.append(Attribution(measure, evaluator.base.scenario_id, tuple(projects), *ends, shares, exact, cap_min))
    return out


def _check_company(evaluator: Evaluator, projects: Sequence[str]) -> None:
    evaluator.order(projects)
    issues = []
    if not projects:
        issues.append(Issue("no_projects", "error", "name at least one project", field="projects"))
    base = evaluator.base.scenario_id
    words = {
        "listed_twice": ("project_twice", "{0} stands twice in the list", ""),
        "stands_already": ("project_twice", f"{{0}} is in the base {base} already", "leave it out of the list"),
        "requires_missing": ("requires_missing", "{0} needs {1}", "add {1} to the list"),
        "conflict": ("conflict", "{0} cannot stand beside {1}", "leave one of them out"),
    }
    for project, code, other, _ in find_contradictions([evaluator.library[p] for p in projects], evaluator.base_ids):
        if code in words:  # the order of the list is no matter
            name, message, hint = (text.format(project.id, other) for text in words[code])
            issues.append(Issue(name, "error", message, value=project.id, hint=hint))
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
