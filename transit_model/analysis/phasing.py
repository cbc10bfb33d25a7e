"""The dated plan year by year: when each goal is first met.

A year is the state at its last day. Roads of the region pack come by their opening dates; projects of the scenario,
those of its base among them, by their latest opening, with what the scenario overrides in them. A project without a
date never comes, nor one that needs such a project; one whose guards say that the base holds it already (a road that
opened and is in the pack) is left to the base. Of two projects that rule each other out the earlier stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from transit_model.analysis.evaluate import Evaluation
from transit_model.analysis.measures import list_goal_pairs, read_goal
from transit_model.domain.modes import Reading
from transit_model.domain.rounding import round_finite
from transit_model.errors import InputError, Issue, ScenarioError
from transit_model.goals.schema import Goal
from transit_model.goals.value import GoalValue
from transit_model.measure.coach_times import CoachTimes
from transit_model.measure.memo import Memo
from transit_model.measure.places import build_population_weights
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace
from transit_model.scenario.apply import resolve_projects
from transit_model.scenario.base_schema import Project
from transit_model.scenario.opened import has_ended, select_open_by


@dataclass(frozen=True)
class GoalYears:
    """One goal on one reading along the years; `first_met` is None when no year meets it."""

    goal: str
    reading: str
    judged: bool
    threshold_min: float
    first_met: int | None
    kept: bool
    values: tuple[GoalValue, ...]


@dataclass(frozen=True, eq=False)
class Phases:
    """The dated plan of a scenario.

    Attributes
    ----------
    scenario : str
    years : tuple of int
    openings : mapping
        Year to the projects of the scenario that come in it; those of before the first year come in the first.
    undated : tuple of str
        Projects that never come: they or what they need have no date, or a rival came first.
    over : tuple of str
        Works that begin and end between the last days of two years, which are what is measured.
    in_base : tuple of str
        Dated projects that the region pack holds already.
    goals : tuple of GoalYears
    """

    scenario: str
    years: tuple[int, ...]
    openings: Mapping[int, tuple[str, ...]]
    undated: tuple[str, ...]
    in_base: tuple[str, ...]
    goals: tuple[GoalYears, ...]
    over: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain data; unreachable minutes are None."""
        rows = []
        for g in self.goals:
            years = [
                {
                    "year": year,
                    "value_min": round_finite(v.value_min),
                    "margin_min": round_finite(v.margin_min),
                    "share": round_finite(v.share),
                    "holds": v.holds,
                }
                for year, v in zip(self.years, g.values, strict=True)
            ]
            head = {name: getattr(g, name) for name in ("goal", "reading", "judged", "threshold_min", "first_met")}
            rows.append({**head, "kept": g.kept, "years": years})
        return {
            "scenario": self.scenario,
            "years": list(self.years),
            "openings": {str(y): list(names) for y, names in self.openings.items()},
            "undated": list(self.undated),
            "in_base": list(self.in_base),
            "over": list(self.over),
            "rows": rows,
        }


def find_first_years(
    workspace: Workspace,
    scenario: str,
    goals: Sequence[Goal],
    *,
    first: int,
    last: int,
    readings: Sequence[Reading] = tuple(Reading),
    tick: Callable[[str], object] = lambda _text: None,
) -> Phases:
    """Find the first year in which each goal is met along the dated plan.

    Met means within the threshold, without the tolerance of `borderline`. `kept` says whether the goal stays met in
    every later year.

    Raises
    ------
    InputError
        When the years are no span.
    ScenarioError
        When the projects of a year cannot stand together.
    """
    if last < first:
        hint = "write the earlier year first"
        raise InputError(Issue("bad_years", "error", f"{first} to {last} is no span of years", hint=hint))
    questions = [(g, r) for g in goals if g.has_minutes for r in readings]
    plan = workspace.scenario(scenario).projects
    years = tuple(range(first, last + 1))
    memo = Memo()
    values: dict[tuple[str, Reading], list[GoalValue]] = {(g.id, r): [] for g, r in questions}
    openings: dict[int, tuple[str, ...]] = {}
    seen: set[str] = set()
    held: set[str] = set()
    for year in years:
        session, standing, in_base = _build_year(workspace, plan, year, memo)
        held |= in_base
        openings[year] = tuple(p for p in standing if p not in seen)
        seen |= set(standing)
        weights = build_population_weights(session.network.counties, session.places.places)
        evaluation = Evaluation(tuple(standing), {}, session, weights)
        minutes = evaluation.minutes(p for g, r in questions for p in list_goal_pairs(g, r, evaluation))
        for goal, reading in questions:
            values[goal.id, reading].append(read_goal(goal, reading, evaluation, minutes))
        tick(str(year))
    rows = tuple(_conclude(g, r, years, values[g.id, r]) for g, r in questions)
    never = [p for p in plan if p.id not in seen | held]
    over = tuple(p.id for p in never if p.opens.latest is not None and has_ended(p, date(last, 12, 31)))
    undated = tuple(p.id for p in never if p.id not in over)
    dated = {y: names for y, names in openings.items() if names}
    return Phases(scenario, years, dated, undated, tuple(sorted(held)), rows, over)


def _build_year(
    workspace: Workspace, plan: Sequence[Project], year: int, memo: Memo
) -> tuple[Session, list[str], set[str]]:
    """Return the session of a year, the projects that stand in it, and the dated projects its base holds."""
    day = date(year, 12, 31)
    network = workspace.build_ground(day)
    times = CoachTimes(memo)
    standing: list[Project] = []
    held: set[str] = set()
    for project in select_open_by(plan, day):
        after, issues = resolve_projects(network, [project], road_time_s=times, standing=standing)
        if after is None:
            if "conflict" in {i.code for i in issues}:
                continue  # its rival opened first
            if "guard_failed" in {i.code for i in issues}:
                held.add(project.id)
                continue
            raise ScenarioError([i for i in issues if i.severity == "error"])
        network = after
        standing.append(project)
    return Session(str(year), network, memo=memo), [p.id for p in standing], held


def _conclude(goal: Goal, reading: Reading, years: Sequence[int], values: Sequence[GoalValue]) -> GoalYears:
    met = [y for y, v in zip(years, values, strict=True) if v.holds]
    first = met[0] if met else None
    kept = first is not None and len(met) == years[-1] - first + 1
    limit = goal.threshold_min or math.nan
    return GoalYears(goal.id, reading.value, reading in goal.judged_on, limit, first, kept, tuple(values))
