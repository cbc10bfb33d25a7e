"""Single numbers that a study can be asked for, by name.

``goal:ID:READING[:margin|value|share]``, ``population:ORIGIN:MODE:CUTOFF_MIN[:READING]`` (people on the grid, as rings
count them), ``seats:ORIGIN:MODE:CUTOFF_MIN[:READING]`` (people of county seats, as the indicator `daily` counts them),
``watt:ORIGIN:MODE[:READING]`` (加权平均旅行时间), ``od:FROM:TO:MODE[:READING]``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from transit_model.analysis.evaluate import Evaluation
from transit_model.domain.modes import Mode, Reading
from transit_model.domain.named_words import read_one
from transit_model.errors import InputError, Issue
from transit_model.goals.judge import list_needed_pairs
from transit_model.goals.judge_counts import compute_grid_value
from transit_model.goals.schema import Goal
from transit_model.goals.targets import count_targets
from transit_model.goals.value import GoalValue, compute_worst_part
from transit_model.measure.goal_counts import find_prefectures
from transit_model.measure.pair_times import Pair
from transit_model.near_names import hint_listed

QUANTITIES = ("margin", "value", "share")


@dataclass(frozen=True)
class Measure:
    """A number of an evaluation.

    Attributes
    ----------
    unit : str
        ``min``, ``persons`` or ``share``.
    better : int
        1 when more is better, -1 when less is better.
    limit_min : float or None
        The threshold or cutoff that minutes are held against.
    """

    name: str
    unit: str
    better: int
    pairs: Callable[[Evaluation], list[Pair]]
    read: Callable[[Evaluation, Mapping[Pair, float]], float]
    limit_min: float | None = None


def compute_measures(evaluation: Evaluation, measures: Sequence[Measure], *, cap_min: float = math.inf) -> list[float]:
    """Return the numbers of measures, inf or -inf when unreachable; pairs beyond a cap count as the cap.

    All pairs are searched together: a sweep of the timetable costs the same for one destination and for many.
    """
    pairs = [pair for measure in measures for pair in measure.pairs(evaluation)]
    minutes = {pair: min(m, cap_min) for pair, m in evaluation.minutes(pairs).items()}
    return [measure.read(evaluation, minutes) for measure in measures]


def parse_measure(text: str, goals: Sequence[Goal], centres: Sequence[str]) -> Measure:
    """Return the measure of a name.

    Raises
    ------
    InputError
        When it is none; the hint shows how to write one.
    """
    kind, *parts = text.strip().split(":")
    try:
        if kind == "goal" and len(parts) in (2, 3):
            goal = find_goal(parts[0], goals)
            return measure_goal(
                goal, read_one(parts[1], Reading, "reading"), _read_quantity(parts[2] if parts[2:] else "margin")
            )
        if kind in ("population", "seats") and len(parts) in (3, 4):
            cutoff = float(parts[2])
            if cutoff > 0:
                measure = _measure_population if kind == "population" else _measure_seats
                return measure(parts[0], read_one(parts[1], Mode, "mode"), cutoff, _read_last(parts, 3))
        if kind == "watt" and len(parts) in (2, 3):
            return _measure_weighted_mean(parts[0], read_one(parts[1], Mode, "mode"), _read_last(parts, 2))
        if kind == "od" and len(parts) in (3, 4):
            return _measure_pair(parts[0], parts[1], read_one(parts[2], Mode, "mode"), _read_last(parts, 3))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
    origin = centres[0] if centres else "ORIGIN"
    hint = (
        f"measures: goal:ID:typical, population:{origin}:best:60, seats:{origin}:best:60, watt:{origin}:best, "
        "od:FROM:TO:rail"
    )
    raise InputError(
        Issue("unknown_measure", "error", f"{text!r} is no measure", field="measure", value=text, hint=hint)
    )


def measure_goal(goal: Goal, reading: Reading, quantity: str = "margin") -> Measure:
    """Return the measure of a goal on a reading: its margin, its value in minutes, or the share within.

    Raises
    ------
    InputError
        When the goal cannot be measured.
    """
    if not goal.has_minutes or goal.mode is None:
        reason = goal.unmeasurable.en if goal.unmeasurable else "it counts departures, ask `transit-model goals`"
        raise InputError(Issue("unmeasurable_goal", "error", f"{goal.id} cannot be measured: {reason}", value=goal.id))

    def read(evaluation: Evaluation, minutes: Mapping[Pair, float]) -> float:
        found = read_goal(goal, reading, evaluation, minutes)
        return {"margin": found.margin_min, "value": found.value_min, "share": found.share}[quantity]

    unit, better = ("share", 1) if quantity == "share" else ("min", 1 if quantity == "margin" else -1)
    name = f"goal:{goal.id}:{reading.value}:{quantity}"
    return Measure(name, unit, better, lambda e: list_goal_pairs(goal, reading, e), read, goal.threshold_min)


def list_goal_pairs(goal: Goal, reading: Reading, evaluation: Evaluation) -> list[Pair]:
    """Return the pairs a goal reads on a reading."""
    needed = list_needed_pairs([goal], evaluation.groups)
    return [(a, b, Mode(mode), reading) for a, b, mode in needed]


def read_goal(goal: Goal, reading: Reading, evaluation: Evaluation, minutes: Mapping[Pair, float]) -> GoalValue:
    """Return value, margin and share of a goal from the minutes of its pairs, as `judge_goal` defines them."""
    assert goal.threshold_min is not None
    assert goal.mode is not None
    mode, limit = goal.mode, goal.threshold_min
    if goal.on_grid:
        parts = evaluation.measure_grid(goal, reading)
        return (
            GoalValue(math.nan, math.nan, math.nan)
            if parts is None
            else compute_grid_value(parts, limit, goal.required_share)
        )
    counted = count_targets(
        goal, evaluation.groups, evaluation.weights, lambda pair: minutes[pair[0], pair[1], mode, reading]
    )
    parts_of = find_prefectures(evaluation.session) if goal.coverage is not None and goal.coverage.by else {}
    at = evaluation.session.places.get_place
    rows = [(parts_of.get(at(place).place_id, "") if parts_of else "", m, w) for place, m, w in counted]
    return compute_worst_part(rows, limit, goal.required_share)


def _measure_population(origin: str, mode: Mode, cutoff_min: float, reading: Reading) -> Measure:
    def read(evaluation: Evaluation, _: Mapping[Pair, float]) -> float:
        return evaluation.people_within(origin, mode, reading, cutoff_min)

    name = f"population:{origin}:{mode.value}:{cutoff_min:g}:{reading.value}"
    return Measure(name, "persons", 1, lambda _: [], read, cutoff_min)


def _measure_seats(origin: str, mode: Mode, cutoff_min: float, reading: Reading) -> Measure:
    def read(evaluation: Evaluation, minutes: Mapping[Pair, float]) -> float:
        rows = [(minutes[p], evaluation.weights[p[1]]) for p in _pairs_to_seats(origin, mode, reading, evaluation)]
        return sum(w for m, w in rows if m <= cutoff_min)

    name = f"seats:{origin}:{mode.value}:{cutoff_min:g}:{reading.value}"
    return Measure(name, "persons", 1, lambda e: _pairs_to_seats(origin, mode, reading, e), read, cutoff_min)


def _measure_weighted_mean(origin: str, mode: Mode, reading: Reading) -> Measure:
    def read(evaluation: Evaluation, minutes: Mapping[Pair, float]) -> float:
        rows = [(minutes[p], evaluation.weights[p[1]]) for p in _pairs_to_seats(origin, mode, reading, evaluation)]
        total = sum(w for _, w in rows)
        return sum(m * w for m, w in rows) / total if total else math.nan

    name = f"watt:{origin}:{mode.value}:{reading.value}"
    return Measure(name, "min", -1, lambda e: _pairs_to_seats(origin, mode, reading, e), read)


def _measure_pair(origin: str, destination: str, mode: Mode, reading: Reading) -> Measure:
    pair = (origin, destination, mode, reading)
    name = f"od:{origin}:{destination}:{mode.value}:{reading.value}"
    return Measure(name, "min", -1, lambda _: [pair], lambda _, minutes: minutes[pair])


def _pairs_to_seats(origin: str, mode: Mode, reading: Reading, evaluation: Evaluation) -> list[Pair]:
    """Return the pairs from an origin to all other county seats: a county counts at its seat."""
    own = evaluation.session.places.get_place(origin).place_id
    return [(origin, seat, mode, reading) for seat in evaluation.weights if seat != own]


def find_goal(goal_id: str, goals: Sequence[Goal]) -> Goal:
    """Return the goal of an id.

    Raises
    ------
    InputError
        When there is none; the hint offers the nearest.
    """
    known = {g.id: g for g in goals}
    if goal_id not in known:
        hint = hint_listed("goal", goal_id, known)
        raise InputError(
            Issue("unknown_goal", "error", f"no goal called {goal_id!r}", field="goal", value=goal_id, hint=hint)
        )
    return known[goal_id]


def _read_last(parts: Sequence[str], at: int) -> Reading:
    return read_one(parts[at], Reading, "reading") if len(parts) > at else Reading.DOOR_TO_DOOR


def _read_quantity(text: str) -> str:
    if text not in QUANTITIES:
        hint = f"one of {', '.join(QUANTITIES)}"
        raise InputError(Issue("unknown_value", "error", f"a goal has no {text!r}", value=text, hint=hint))
    return text
