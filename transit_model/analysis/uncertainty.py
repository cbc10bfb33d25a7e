"""How sure a verdict is: the ranges of all uncertain numbers carried through by seeded draws.

Every uncertain number is drawn evenly from its range, independently of the others. The draws of a number are the same
in every scenario of the library. A goal *holds* in a draw when its value is within the threshold; the tolerance of
`borderline` plays no part, since the draws take its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.analysis.draw_rows import Row, build_row, measure_rows
from transit_model.analysis.draws import (
    Swing,
    choose_word,
    compute_probability,
    compute_rank_correlation,
    compute_swing,
    draw_own_column,
    draw_unit_cube,
    scale_uniform,
)
from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import measure_goal
from transit_model.analysis.uncertain_values import (
    OPENS,
    Uncertain,
    list_assumption_ranges,
    list_openings,
    list_project_ranges,
)
from transit_model.domain.modes import Reading
from transit_model.domain.rounding import round_finite
from transit_model.errors import InputError, Issue
from transit_model.goals.schema import Goal
from transit_model.measure.workspace import Workspace
from transit_model.scenario.base_schema import Project
from transit_model.scenario.load import load_projects

F64 = npt.NDArray[np.float64]
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, eq=False)
class GoalUncertainty:
    """One goal on one reading under uncertainty.

    Attributes
    ----------
    now_margin_min : float
        With every number as it stands.
    value_min : tuple of float
        p10, p50, p90 of the goal's minutes over the draws.
    probability, stderr : float
        Share of draws in which the goal holds.
    word : str
        ``robust_met``, ``robust_missed``, ``depends``, ``fragile`` or ``unknown``.
    depends_on : str
        Key of the number, when the word is ``depends``; else the number with the largest rank correlation.
    swings : tuple
        (key, swing, rank correlation), the widest first: the tornado.
    base_probability, gain_min : float, tuple of float
        The same draws in the base, and p10, p50, p90 of the minutes saved; NaN without a base.
    """

    goal: str
    reading: str
    judged: bool
    threshold_min: float
    now_margin_min: float
    value_min: tuple[float, ...]
    probability: float
    stderr: float
    word: str
    depends_on: str
    swings: tuple[tuple[str, Swing, float], ...]
    base_probability: float
    base_stderr: float
    gain_min: tuple[float, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data; unreachable and absent numbers are None."""
        p10, p50, p90 = self.value_min
        low, middle, high = self.gain_min
        return {
            "goal": self.goal,
            "reading": self.reading,
            "judged": self.judged,
            "threshold_min": self.threshold_min,
            "now_value_min": round_finite(self.threshold_min - self.now_margin_min),
            "p10": round_finite(p10),
            "p50": round_finite(p50),
            "p90": round_finite(p90),
            "probability": round_finite(self.probability),
            "stderr": round_finite(self.stderr),
            "word": self.word,
            "depends_on": self.depends_on,
            "base_probability": round_finite(self.base_probability),
            "base_stderr": round_finite(self.base_stderr),
            "gain_p10": round_finite(low),
            "gain_p50": round_finite(middle),
            "gain_p90": round_finite(high),
            "tornado": [
                {
                    "key": key,
                    "low_margin_min": round_finite(s.low_margin),
                    "high_margin_min": round_finite(s.high_margin),
                    "swing_min": round_finite(s.swing),
                    "break_even": round_finite(s.break_even),
                    "correlation": round_finite(correlation),
                }
                for key, s, correlation in self.swings
            ],
        }


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """All goals of a scenario under uncertainty.

    Attributes
    ----------
    uncertain : tuple of Uncertain
        The numbers drawn.
    impossible : int
        Draws whose network cannot be built; they are left out of every share.
    reasons : tuple of str
        Why, each once.
    """

    scenario: str
    base: str | None
    draws: int
    seed: int
    by_year: int | None
    uncertain: tuple[Uncertain, ...]
    impossible: int
    reasons: tuple[str, ...]
    goals: tuple[GoalUncertainty, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "scenario": self.scenario,
            "base": self.base,
            "draws": self.draws,
            "seed": self.seed,
            "by_year": self.by_year,
            "impossible_draws": self.impossible,
            "impossible_reasons": list(self.reasons),
            "uncertain": [vars(u) for u in self.uncertain],
            "rows": [g.as_dict() for g in self.goals],
        }


class Sample(NamedTuple):
    """What is drawn.

    Attributes
    ----------
    draws : int
        How often; a power of two is best.
    seed : int
        The same seed draws the same numbers in every scenario.
    by_year : int or None
        Draw opening years too, and let stand only what is open at the end of this year; projects whose opening
        nobody knows are left out.
    """

    draws: int = 256
    seed: int = 1
    by_year: int | None = None


def compute_uncertainty(
    workspace: Workspace,
    scenario: str,
    goals: Sequence[Goal],
    sample: Sample = Sample(),  # noqa: B008 - a tuple
    *,
    base: str | None = None,
    readings: Sequence[Reading] = tuple(Reading),
    workers: int = 1,
    tick: Callable[[str], object] = lambda _text: None,
) -> Uncertainty:
    """Compute how sure the goals are in a scenario.

    Parameters
    ----------
    goals : sequence of Goal
        Those that cannot be measured are left out.
    base : str, optional
        A scenario measured with the same draws.
    workers : int
        Processes; their number changes no bit of the result.

    Raises
    ------
    InputError
        When no goal can be measured, or every draw is impossible.
    """
    draws, seed, by_year = sample
    questions = [(g, r) for g in goals if g.has_minutes for r in readings]
    if not questions:
        raise InputError(Issue("no_goals", "error", "none of these goals can be measured"))
    projects = workspace.scenario(scenario).projects
    uncertain, numbers = draw_numbers(workspace, projects, draws=draws, seed=seed, by_year=by_year)
    names = [measure_goal(g, r).name for g, r in questions]
    rows = _build_rows(workspace, scenario, uncertain, numbers, by_year)
    margins, reasons = measure_rows(workspace, scenario, names, rows, workers=workers, tick=tick)
    now, ends, drawn = margins[0], margins[1 : 1 + 2 * len(uncertain)], margins[1 + 2 * len(uncertain) :]
    possible = ~np.isnan(drawn).all(axis=1)
    if not possible.any():
        raise InputError([Issue("impossible_draws", "error", text) for text in sorted(set(reasons))[:5]])
    on_base = np.full_like(drawn, np.nan)
    if base is not None:
        base_projects = workspace.scenario(base).projects
        base_uncertain, base_numbers = draw_numbers(workspace, base_projects, draws=draws, seed=seed, by_year=by_year)
        base_rows = _build_rows(workspace, base, base_uncertain, base_numbers, by_year)[1 + 2 * len(base_uncertain) :]
        on_base, _ = measure_rows(workspace, base, names, base_rows, workers=workers, tick=tick)
    current = _find_current(workspace, scenario, uncertain, by_year)
    goal_rows = [
        _conclude(goal, reading, uncertain, numbers, _Margins(current, now[k], ends[:, k], drawn[:, k], on_base[:, k]))
        for k, (goal, reading) in enumerate(questions)
    ]
    impossible = int((~possible).sum())
    return Uncertainty(
        scenario, base, draws, seed, by_year, uncertain, impossible, tuple(sorted(set(reasons))), tuple(goal_rows)
    )


def draw_numbers(
    workspace: Workspace, projects: Sequence[Project], *, draws: int, seed: int, by_year: int | None = None
) -> tuple[tuple[Uncertain, ...], F64]:
    """Return the uncertain numbers of some projects and their draws, (draws, n_uncertain).

    The whole library is drawn and the columns of these projects are kept, so that a number has the same draws in
    every scenario. Ranges and openings are those of the projects given, overrides included; a number that only they
    have (an opening that nobody knew before) has a column of its own by its key.
    """
    library = load_projects(workspace.library)
    assumptions = list_assumption_ranges(workspace.assumptions)
    every = [*assumptions, *list_project_ranges(library), *list_openings(library)]
    unit = draw_unit_cube(draws, len(every), seed)
    column = {one.key: unit[:, k] for k, one in enumerate(every)}
    kept = [*assumptions, *list_project_ranges(projects), *(list_openings(projects) if by_year is not None else ())]
    columns = []
    for one in kept:
        drawn = column[one.key] if one.key in column else draw_own_column(draws, seed, one.key)
        columns.append(
            np.floor(scale_uniform(drawn, one.low, one.high + 1.0))
            if one.kind == "opening"
            else scale_uniform(drawn, one.low, one.high)
        )
    return tuple(kept), np.column_stack(columns) if columns else np.zeros((draws, 0))


def _build_rows(
    workspace: Workspace, scenario: str, uncertain: Sequence[Uncertain], numbers: F64, by_year: int | None
) -> list[Row]:
    """Return the variations: as it stands, each number low and high alone, then the draws."""
    projects = workspace.scenario(scenario).projects
    openings = {u: u.high for u in uncertain if u.kind == "opening"}  # as planned: the last year named
    rows = [build_row(projects, openings, by_year)]
    for one in uncertain:
        rows += [build_row(projects, {**openings, one: value}, by_year) for value in (one.low, one.high)]
    for line in numbers:
        rows.append(build_row(projects, dict(zip(uncertain, map(float, line), strict=True)), by_year))
    return rows


def _find_current(
    workspace: Workspace, scenario: str, uncertain: Sequence[Uncertain], by_year: int | None
) -> list[float]:
    evaluator = Evaluator(workspace, scenario)
    return [u.high if u.key.endswith(f".{OPENS}") and by_year else evaluator.find_number(u.key) for u in uncertain]


class _Margins(NamedTuple):
    """The present numbers, and the margins of one goal: now, at the ends of each number, drawn, and on the base."""

    current: Sequence[float]
    now: float
    ends: F64
    drawn: F64
    on_base: F64


def _conclude(
    goal: Goal, reading: Reading, uncertain: Sequence[Uncertain], numbers: F64, margins: _Margins
) -> GoalUncertainty:
    current, now, ends, drawn, on_base = margins
    threshold = goal.threshold_min or math.nan
    probability, stderr, _ = compute_probability(drawn)
    base_probability, base_stderr, _ = compute_probability(on_base)
    correlations = compute_rank_correlation(numbers, drawn)
    word, driver = choose_word(probability, correlations.tolist())
    swings = [
        (
            u.key,
            compute_swing((u.low, current[k], u.high), (float(ends[2 * k]), float(now), float(ends[2 * k + 1]))),
            float(correlations[k]),
        )
        for k, u in enumerate(uncertain)
    ]
    swings.sort(key=lambda s: -abs(s[1].swing) if not math.isnan(s[1].swing) else 0.0)
    if driver < 0 and len(correlations) and np.abs(correlations).max() > 0:
        driver = int(np.abs(correlations).argmax())
    with np.errstate(invalid="ignore"):
        gain = drawn - on_base
    return GoalUncertainty(
        goal.id,
        reading.value,
        reading in goal.judged_on,
        threshold,
        float(now),
        tuple(threshold - q for q in _quantiles(drawn, [1 - s for s in QUANTILES])),
        probability,
        stderr,
        word,
        uncertain[driver].key if driver >= 0 else "",
        tuple(swings),
        base_probability,
        base_stderr,
        tuple(_quantiles(gain, QUANTILES)),
    )


def _quantiles(values: F64, shares: Sequence[float]) -> list[float]:
    """Return quantiles without interpolation (infinities stay whole); NaN values are left out."""
    kept = np.sort(values[~np.isnan(values)])
    if not len(kept):
        return [math.nan] * len(shares)
    return [float(kept[min(max(math.ceil(s * len(kept) - 1e-9), 1), len(kept)) - 1]) for s in shares]
