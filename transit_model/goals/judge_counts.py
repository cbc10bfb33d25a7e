"""Verdicts on what is no list of travel times: people and cells of the grid, and how often one can go."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Reading
from transit_model.goals.judge import Counted, Evidence, Verdict, VerdictWord, choose_word
from transit_model.goals.schema import Goal
from transit_model.goals.value import GoalValue
from transit_model.units import format_clock, min_to_s

_RELATIVE = 1e-9  # as in `value`
GRID = "grid"
"""The far end of evidence that is no place."""


@dataclass(frozen=True, eq=False)
class GridPart:
    """Cells of the grid that are judged together: all, or those of a prefecture.

    Attributes
    ----------
    name : str
        Prefecture, empty for the whole.
    minutes : (n,) float64
        Inf where the cell is not reached.
    weights : (n,) float64
        People of each cell, or 1.
    """

    name: str
    minutes: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]

    def compute_value(self, threshold_min: float, required_share: float) -> GoalValue:
        """Return the least time within which the required share of the weight lies, as `compute_goal_value` does."""
        total = float(self.weights.sum())
        if total <= 0:
            return GoalValue(math.nan, math.nan, math.nan)
        order = np.argsort(self.minutes, kind="stable")
        run = np.cumsum(self.weights[order])
        at = int(np.searchsorted(run, (required_share - _RELATIVE) * total))
        value = float(self.minutes[order][at]) if at < len(order) else math.inf
        within = float(self.weights[self.minutes <= threshold_min].sum()) / total
        return GoalValue(value, threshold_min - value, within)


def compute_grid_value(parts: Sequence[GridPart], threshold_min: float, required_share: float) -> GoalValue:
    """Return the value of the slowest part, and the least share; NaN where no part weighs anything."""
    values = [part.compute_value(threshold_min, required_share) for part in parts]
    known = [v for v in values if not math.isnan(v.value_min)]
    if not known:
        return GoalValue(math.nan, math.nan, math.nan)
    worst = min(known, key=lambda v: v.margin_min)
    return GoalValue(worst.value_min, worst.margin_min, min(v.share for v in known))


def judge_grid(
    goal: Goal,
    scenario: str,
    reading: Reading,
    parts: Sequence[GridPart] | None,
    *,
    tolerance_share: float,
) -> Verdict:
    """Return the verdict of a goal on people or cells; `parts` is None where the reading has no times of cells."""
    threshold, judged = goal.threshold_min, reading in goal.judged_on
    assert threshold is not None
    assert goal.coverage is not None
    nan = math.nan
    if parts is None:
        reason = f"the {reading.value} reading is between stations and has no times of cells"
        return Verdict(goal.id, scenario, reading.value, "cannot_tell", threshold, nan, nan, nan, judged, reason)
    found = compute_grid_value(parts, threshold, goal.required_share)
    if math.isnan(found.value_min):
        reason = "nobody is known to live in this region" if goal.coverage.of == "people" else "the grid has no cell"
        return Verdict(goal.id, scenario, reading.value, "cannot_tell", threshold, nan, nan, nan, judged, reason)
    origins = ",".join(goal.coverage.origins)
    evidence = []
    for part in parts:
        value = part.compute_value(threshold, goal.required_share)
        ends = (GRID, origins) if goal.coverage.direction == "towards" else (origins, GRID)
        weight, note = float(part.weights.sum()), f"share within: {value.share:.3f}"
        evidence.append(Evidence(*ends, value.value_min, value.margin_min, weight, "", note, part.name))
    word = choose_word(threshold, found.value_min, tolerance_share)
    numbers = (threshold, found.value_min, found.margin_min, found.share)
    return Verdict(goal.id, scenario, reading.value, word, *numbers, judged, "", tuple(evidence))


def judge_frequency(
    goal: Goal, scenario: str, reading: Reading, counts: Sequence[tuple[tuple[str, str], float]] | None
) -> Verdict:
    """Return the verdict of a goal on how often one can go.

    Parameters
    ----------
    counts : sequence of ((from, to), number) or None
        What `Frequency.unit` counts, for each pair; None on readings that do not count departures.
    """
    rule, nan = goal.frequency, math.nan
    assert rule is not None
    judged = reading in goal.judged_on
    if counts is None:
        reason = "departures are counted door to door"
        return Verdict(goal.id, scenario, reading.value, "cannot_tell", nan, nan, nan, nan, judged, reason)
    sign = 1.0 if rule.more_is_better else -1.0
    evidence = []
    for (origin, destination), number in counts:
        margin = sign * (number - rule.limit)
        evidence.append(
            Evidence(origin, destination, nan, nan, note=tell_count(rule.unit, number), value=number)
            if rule.unit != "min"
            else Evidence(origin, destination, number, margin, note=tell_count(rule.unit, number), value=number)
        )
    ranked = sorted((sign * (number - rule.limit) for _, number in counts), reverse=True)
    margin = ranked[max(0, math.ceil((goal.required_share - _RELATIVE) * len(ranked)) - 1)]
    share = sum(m >= 0 for m in ranked) / len(ranked)
    counted = Counted(rule.unit, rule.limit, rule.limit + sign * margin, margin)
    in_minutes = (rule.limit, counted.value, margin) if rule.unit == "min" else (nan, nan, nan)
    word: VerdictWord = "met" if margin >= 0 else "missed"
    return Verdict(goal.id, scenario, reading.value, word, *in_minutes, share, judged, "", tuple(evidence), counted)


def tell_count(unit: str, number: float) -> str:
    """Return a counted number in words: 14 departures, 95 min, 21:30."""
    if unit == "clock" and not math.isfinite(number):
        return "no departure"
    return tell_number(unit, number) if unit == "clock" else f"{number:g} {unit}"


def tell_number(unit: str, number: float) -> str:
    """Return a counted number alone: 14, 95, 21:30; ∞ where there is none."""
    if not math.isfinite(number):
        return "∞" if number > 0 else "-"
    return format_clock(min_to_s(number)) if unit == "clock" else f"{number:g}"
