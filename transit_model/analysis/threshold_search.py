"""What would it take: the value of one number at which a goal is met."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

import numpy as np

from transit_model.analysis.amounts import find_amount
from transit_model.analysis.bisection import TargetSearch, find_crossings
from transit_model.analysis.evaluate import ASSUMPTIONS, Evaluation, Evaluator
from transit_model.analysis.measures import measure_goal, read_goal
from transit_model.domain.modes import Reading
from transit_model.domain.rounding import round_finite
from transit_model.errors import InputError, Issue, NetworkError, ScenarioError
from transit_model.goals.schema import Goal
from transit_model.goals.value import GoalValue
from transit_model.scenario.quantities import Bounds

GRID_POINTS = 9
TOLERANCE_SHARE = 1e-3
"""A value is found to a thousandth of the number's present size."""
LIMITS = {
    "_kmh": (10.0, 400.0),
    "headway_min": (1.0, 480.0),
    "_share": (0.0, 1.0),
}
"""Search limits by the end of a field's name: no train or car in service runs faster than 400 km/h, and beyond eight
hours there is one train a day. Other numbers are searched within the range that their project declares, else from a
quarter to four times their value; none beyond what the schema takes."""
_FACTOR = 4.0


@dataclass(frozen=True, eq=False)
class Threshold:
    """What one number must be for a goal on a reading.

    Attributes
    ----------
    outcome : str
        ``met_already``, ``crossing`` (see `search.crossings`), ``always_met`` or ``cannot_be_met``.
    now, now_value_min, now_margin_min : float
        The number as it stands and the goal with it.
    required : float
        The value nearest to the present one at which the goal is met (or stops to be met, when it is met already);
        NaN without a crossing.
    best, best_value_min : float
        The value that brings the goal nearest, and its minutes there.
    """

    goal: str
    reading: str
    scenario: str
    field: str
    outcome: str
    now: float
    now_value_min: float
    now_margin_min: float
    required: float
    best: float
    best_value_min: float
    search: TargetSearch
    impossible: dict[float, str] = dataclass_field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data: unreachable and absent numbers are None."""
        s = self.search
        return {
            "goal": self.goal,
            "reading": self.reading,
            "scenario": self.scenario,
            "field": self.field,
            "outcome": self.outcome,
            "now": round_finite(self.now),
            "now_value_min": round_finite(self.now_value_min),
            "now_margin_min": round_finite(self.now_margin_min),
            "required": round_finite(self.required),
            "best": round_finite(self.best),
            "best_value_min": round_finite(self.best_value_min),
            "monotone": s.monotone,
            "searched": [round_finite(s.grid[0]), round_finite(s.grid[-1])],
            "crossings": [
                {"met_at": round_finite(c.met_at), "missed_at": round_finite(c.missed_at)} for c in s.crossings
            ],
            "grid": [
                {"value": round_finite(x), "margin_min": round_finite(m)}
                for x, m in zip(s.grid, s.margins, strict=True)
            ],
            "impossible": [{"value": round_finite(x), "reason": why} for x, why in self.impossible.items()],
        }


def search_threshold(
    evaluator: Evaluator,
    goal: Goal,
    reading: Reading,
    key: str,
    *,
    projects: Sequence[str] = (),
    between: tuple[float, float] | None = None,
    points: int = GRID_POINTS,
) -> Threshold:
    """Find the value of one number at which a goal is met on a reading.

    The number is asked on a grid between the limits, its present value included; every change between met and missed
    on the grid is narrowed by bisection. Met means within the threshold, without the tolerance of `borderline`.

    Parameters
    ----------
    key : str
        ``project.field`` or ``assumptions.name``; a project that is not in the base is added with all it requires.
    projects : sequence of str
        Projects that stand beside those of the base.
    between : tuple of float, optional
        Limits of the search; see `find_limits` for the default.

    Raises
    ------
    ScenarioError, InputError
        When the number or the goal is not known, or the limits are no range.
    """
    now = evaluator.find_number(key)
    bounds, declared = find_amount(evaluator, key)
    chosen = add_owner(evaluator, key, projects)
    low, high = find_limits(key, now, bounds, declared) if between is None else between
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        hint = "write the smaller number first, e.g. --between 100,350"
        raise InputError(Issue("bad_limits", "error", f"{low:g} to {high:g} is no range", field="between", hint=hint))
    margin = Margin(evaluator, goal, reading, key, chosen)
    tolerance = max(abs(now), (high - low) / 100) * TOLERANCE_SHARE
    search = find_crossings(margin, _build_grid(low, high, now, points, tolerance), tolerance=tolerance)
    at_now = margin.read(now)
    met_now = at_now.margin_min >= 0
    met = [c.met_at for c in search.crossings]
    required = min(met, key=lambda x: abs(x - now), default=math.nan)
    best = min([*met, now] if met_now else met, key=lambda x: abs(x - now), default=search.best_at)
    outcome = "met_already" if met_now else "crossing" if met else "cannot_be_met"
    if met_now and not met:
        outcome = "always_met"
    best_value = margin.read(best).value_min if not math.isnan(best) else math.nan
    return Threshold(
        goal.id,
        reading.value,
        evaluator.base.scenario_id,
        key,
        outcome,
        now,
        at_now.value_min,
        at_now.margin_min,
        required,
        best,
        best_value,
        search,
        margin.impossible,
    )


def find_limits(
    key: str, now: float, bounds: Bounds, declared: tuple[float, float] | None = None
) -> tuple[float, float]:
    """Return the default limits of a search, within what the schema takes.

    They follow the unit in the field's name (`LIMITS`) and hold the range that the project declares; where the name
    has no such unit they are that range, or a quarter to four times the number.
    """
    by_unit = next((limits for ending, limits in LIMITS.items() if key.endswith(ending)), None)
    if by_unit is not None:
        ends = [*by_unit, *(declared or ()), now]
    else:
        ends = [*(declared or ((now / _FACTOR, now * _FACTOR) if now > 0 else (0.0, _FACTOR))), now]
    low, high = max(min(ends), bounds.low), min(max(ends), bounds.high)
    # a bound that is not taken itself is left by a hundredth of the way to the number
    low += 0.0 if low > bounds.low or bounds.takes_low else (now - low) / 100
    high -= 0.0 if high < bounds.high or bounds.takes_high else (high - now) / 100
    return low, high


def _build_grid(low: float, high: float, now: float, points: int, tolerance: float) -> list[float]:
    """Return ascending values from low to high, evenly spread by their ratio, with the present value among them."""
    spread = np.geomspace(low, high, points) if low > 0 else np.linspace(low, high, points)
    inner = [x for x in spread.tolist()[1:-1] if abs(x - now) > tolerance]
    return sorted({low, *inner, high, now})


class Margin:
    """The margin of a goal by the value of one number; remembers what was impossible, and why."""

    def __init__(self, evaluator: Evaluator, goal: Goal, reading: Reading, key: str, chosen: Sequence[str]) -> None:
        self._evaluator = evaluator
        self._goal, self._reading, self._key, self._chosen = goal, reading, key, tuple(chosen)
        self._measure = measure_goal(goal, reading)
        self._known: dict[float, GoalValue] = {}
        self.impossible: dict[float, str] = {}

    def __call__(self, value: float) -> float:
        """Return the margin with this value, NaN where it is not possible."""
        return self.read(value).margin_min

    def read(self, value: float) -> GoalValue:
        """Return the goal with this value; NaN where the network cannot be built with it."""
        if value not in self._known:
            self._known[value] = self._evaluate(value)
        return self._known[value]

    def _evaluate(self, value: float) -> GoalValue:
        try:
            evaluation = self._evaluator.evaluate(self._chosen, {self._key: value})
            return read_goal_value(evaluation, self._goal, self._reading)
        except (ScenarioError, InputError, NetworkError) as error:
            self.impossible[value] = error.issues[0].message
            return GoalValue(math.nan, math.nan, math.nan)


def read_goal_value(evaluation: Evaluation, goal: Goal, reading: Reading) -> GoalValue:
    """Return value, margin and share of a goal in one evaluation."""
    return read_goal(goal, reading, evaluation, evaluation.minutes(measure_goal(goal, reading).pairs(evaluation)))


def add_owner(evaluator: Evaluator, key: str, projects: Sequence[str]) -> tuple[str, ...]:
    """Return the projects with the owner of a number and all it requires, those of the base left out."""
    owner = key.partition(".")[0]
    if owner == ASSUMPTIONS:
        return tuple(p for p in evaluator.order(projects) if p not in evaluator.base_ids)
    return evaluator.add_with_required(owner, projects)
