"""Answers by the ids of scenarios and goals: the verdicts of some, the comparison of two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from transit_model.errors import GoalError, InputError, Issue
from transit_model.goals.judge import Verdict
from transit_model.goals.schema import Goal
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace
from transit_model.near_names import hint_listed
from transit_model.study.compare import Comparison, compare_sessions, count_comparison_steps
from transit_model.study.scenario_tables import judge_all, measure_goal_od, measure_od


def _quiet(_text: str) -> None:
    """Say nothing."""


def find_study(workspace: Workspace, name: str | None) -> Path:
    """Return the study file: a path, a name in the scenarios folder, or the default."""
    if name is None:
        return workspace.library.find_study()
    given = Path(name)
    if given.is_file():
        return given
    file = name if name.endswith(".yaml") else f"{name}.yaml"
    inside = [folder / file for folder in workspace.library.folders if (folder / file).is_file()]
    return inside[0] if inside else given


def judge_scenarios(
    workspace: Workspace,
    scenarios: Sequence[str] | None,
    goal_ids: Sequence[str] | None,
    *,
    tick: Callable[[str], object] = _quiet,
) -> tuple[list[Goal], list[Verdict]]:
    """Judge goals in scenarios; default: all goals, the scenarios of the default study.

    Raises
    ------
    GoalError
        When a goal id is not known; the hint offers the nearest.
    """
    goals = workspace.goals()
    known = {g.id: g for g in goals}
    unknown = [g for g in goal_ids or () if g not in known]
    if unknown:
        raise GoalError([_unknown_goal(g, list(known)) for g in unknown])
    chosen = [known[g] for g in goal_ids] if goal_ids else goals
    names = (
        list(scenarios)
        if scenarios
        else [s.scenario_id for s in workspace.study(find_study(workspace, None)).scenarios]
    )
    verdicts: list[Verdict] = []
    for name in names:
        session = workspace.session(name)
        verdicts += judge_all(session, chosen, measure_goal_od(session, chosen))
        tick(name)
    return chosen, verdicts


def count_compare_steps(workspace: Workspace) -> int:
    """Return how many times `compare_scenarios` ticks, where its rings start at the centres."""
    return 3 + count_comparison_steps(workspace.choices(), len(workspace.region.info.groups.get("centres", ())))


def compare_scenarios(
    workspace: Workspace, base: str, scenario: str, *, tick: Callable[[str], object] = _quiet
) -> Comparison:
    """Compare two scenarios of the folder on the OD rows of the centres and county seats, with the certificate."""
    if base == scenario:
        message = "a scenario is compared with itself"
        hint = "name two scenarios, see `transit-model scenario list`"
        raise InputError(Issue("compared_with_itself", "error", message, field="scenario", value=scenario, hint=hint))
    workspace.region.info.require_centres()
    first, second = workspace.session(base), workspace.session(scenario)
    tick(f"{base}: 出行时间 travel times")
    choices = workspace.choices()
    tables = [measure_od(first, [], choices)]
    tick(f"{scenario}: 出行时间 travel times")
    tables.append(measure_od(second, [], choices))
    tick("人口上网格 people on the grid")

    def build_again() -> Session:  # late: it takes memory that measuring both ends does not need
        return workspace.afresh().session(base)

    return compare_sessions(first, build_again, second, tables[0], tables[1], workspace.population, choices, tick)


def _unknown_goal(goal_id: str, known: list[str]) -> Issue:
    hint = hint_listed("goal", goal_id, known)
    return Issue("unknown_goal", "error", f"no goal called {goal_id!r}", field="goal", value=goal_id, hint=hint)
