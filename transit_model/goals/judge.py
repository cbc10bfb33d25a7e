"""From an OD table to verdicts. Every number here is a share, a quantile or a difference of the table's minutes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import pandas as pd

from transit_model.domain.modes import Reading
from transit_model.goals.schema import Goal
from transit_model.goals.targets import Pair, Way, find_weight, list_pairs, list_targets
from transit_model.goals.value import compute_worst_part

VerdictWord = Literal["met", "missed", "borderline", "cannot_tell"]


@dataclass(frozen=True)
class Evidence:
    """One measured pair; `minutes` is inf when unreachable and NaN when it could not be measured."""

    origin: str
    destination: str
    minutes: float
    margin_min: float
    weight: float = 1.0
    via: str = ""
    note: str = ""
    part: str = ""
    """Prefecture, for goals that must hold in each."""
    value: float = math.nan
    """What was counted, for goals on how often one can go."""

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form: minutes are None when unreachable or unknown."""
        return {
            "from": self.origin,
            "to": self.destination,
            "minutes": _finite(self.minutes),
            "margin_min": _finite(self.margin_min),
            "weight": self.weight,
            "via": self.via,
            "note": self.note,
            **({"part": self.part} if self.part else {}),
            **({} if math.isnan(self.value) else {"value": _finite(self.value)}),
        }


@dataclass(frozen=True)
class Counted:
    """A number that is no travel time: useful departures a day, or a clock in minutes after midnight.

    Attributes
    ----------
    unit : str
        ``departures``, ``min`` (the largest gap) or ``clock``.
    margin : float
        By how much the limit is kept; negative when missed.
    """

    unit: str
    limit: float
    value: float
    margin: float

    def as_dict(self) -> dict[str, Any]:
        """Return the keys that a verdict has beside the others."""
        numbers = {"limit": self.limit, "value": self.value, "margin": self.margin}
        return {"unit": self.unit, **{name: _finite(number) for name, number in numbers.items()}}


@dataclass(frozen=True)
class Verdict:
    """One goal in one scenario on one reading.

    Attributes
    ----------
    value_min : float
        The least time within which the required share of pairs or places lies: the binding minutes.
    margin_min : float
        threshold - value; negative when missed.
    share : float
        Weighted share of pairs or places within the threshold.
    judged : bool
        Whether the goal's wording can mean this reading.
    counted : Counted or None
        What stands in place of minutes for goals on how often one can go, whose minutes are NaN.
    """

    goal: str
    scenario: str
    reading: str
    verdict: VerdictWord
    threshold_min: float
    value_min: float
    margin_min: float
    share: float
    judged: bool
    reason: str = ""
    evidence: tuple[Evidence, ...] = field(default_factory=tuple)
    counted: Counted | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON contract form (design 8)."""
        return {
            "goal": self.goal,
            "scenario": self.scenario,
            "reading": self.reading,
            "verdict": self.verdict,
            "threshold_min": _finite(self.threshold_min),
            "value_min": _finite(self.value_min),
            "margin_min": _finite(self.margin_min),
            "share": _finite(self.share),
            "judged": self.judged,
            "reason": self.reason,
            "evidence": [e.as_dict() for e in self.evidence],
            **({} if self.counted is None else self.counted.as_dict()),
        }


@dataclass(frozen=True)
class TimeFacts:
    """What is known of the times of a table beside their minutes.

    Attributes
    ----------
    is_exact : callable
        (from, to, minutes): whether these minutes are printed in a timetable, so that no uncertainty is theirs.
    tell_untold : callable
        Place id to why the timetable says nothing of it; empty where it does. A pair out of reach is then unknown.
    find_prefecture : callable
        Place id to its prefecture, for goals that must hold in each.
    """

    is_exact: Callable[[str, str, float], bool] = lambda *_: False
    tell_untold: Callable[[str], str] = lambda _: ""
    find_prefecture: Callable[[str], str] = lambda _: ""


def list_needed_pairs(goals: Sequence[Goal], groups: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """Return the (from, to, mode) rows that the goals read, without repetition, in order."""
    needed: dict[tuple[str, str, str], None] = {}
    for goal in goals:
        if goal.mode is None or not goal.has_minutes:
            continue
        for origin, destination in list_pairs(goal, groups):
            needed[origin, destination, goal.mode.value] = None
    return list(needed)


_PLAIN = TimeFacts()
OdIndex: TypeAlias = Mapping[tuple[str, str, str], Mapping[tuple[str, str], tuple[float, str, str]]]
"""(scenario, reading, mode) to (from, to) to (minutes, via, note)."""


def index_od(od: pd.DataFrame) -> OdIndex:
    """Return an OD table as nested mappings, so that many goals are judged without searching it each time."""
    empty = [""] * len(od)
    via, note = (od[c].tolist() if c in od.columns else empty for c in ("via", "note"))
    keys = zip(od["scenario"].tolist(), od["reading"].tolist(), od["mode"].tolist(), strict=True)
    pairs = zip(od["from"].tolist(), od["to"].tolist(), strict=True)
    index: dict[tuple[str, str, str], dict[tuple[str, str], tuple[float, str, str]]] = {}
    for key, pair, minutes, by, why in zip(keys, pairs, od["minutes"].tolist(), via, note, strict=True):
        index.setdefault(key, {})[pair] = (float(minutes), _as_text(by), _as_text(why))
    return index


def judge_goal(
    goal: Goal,
    od: pd.DataFrame | OdIndex,
    scenario: str,
    reading: Reading,
    *,
    groups: Mapping[str, Sequence[str]],
    weights: Mapping[str, float],
    tolerance_share: float,
    facts: TimeFacts = _PLAIN,
) -> Verdict:
    """Return the verdict of a goal in a scenario on a reading.

    Parameters
    ----------
    od : DataFrame or OdIndex
        Tidy OD table (`OD_COLUMNS`), minutes in minutes, inf when unreachable; or its `index_od`.
    groups : mapping
        Group name to place ids, for coverage goals.
    weights : mapping
        Place id to population, for coverage by population.
    tolerance_share : float
        A value within this share of itself from the threshold is borderline; with zero nothing is.
    facts : TimeFacts
        Which minutes are exact, so that they alone make nothing borderline, and which places are not told of.
    """
    if goal.unmeasurable is not None or goal.threshold_min is None or goal.mode is None:
        reason = goal.unmeasurable.en if goal.unmeasurable else "no threshold"
        nan = math.nan
        return Verdict(goal.id, scenario, reading.value, "cannot_tell", nan, nan, nan, nan, False, reason)
    index = index_od(od) if isinstance(od, pd.DataFrame) else od
    table = index.get((scenario, reading.value, goal.mode.value), {})
    evidence = []
    for target in list_targets(goal, groups):
        (origin, destination), minutes, via, note = _read_nearest(table, target.ways, goal.threshold_min, facts)
        weight = find_weight(goal, target.place, weights)
        margin, part = goal.threshold_min - minutes, _find_part(goal, target.place, facts)
        evidence.append(Evidence(origin, destination, minutes, margin, weight, via, note, part))
    near = [
        e
        for e in evidence
        if math.isfinite(e.minutes) and abs(e.margin_min) <= tolerance_share * e.minutes and e.weight
    ]
    if near and all(facts.is_exact(e.origin, e.destination, e.minutes) for e in near):
        tolerance_share = 0.0
    return _conclude(goal, scenario, reading, tuple(evidence), tolerance_share)


def _conclude(
    goal: Goal, scenario: str, reading: Reading, evidence: tuple[Evidence, ...], tolerance_share: float
) -> Verdict:
    threshold = goal.threshold_min
    assert threshold is not None
    counted = [e for e in evidence if e.weight > 0]
    unknown = [e for e in counted if math.isnan(e.minutes)]
    judged = reading in goal.judged_on

    def conclude(word: VerdictWord, value: float, share: float, reason: str) -> Verdict:
        margin = threshold - value
        return Verdict(
            goal.id, scenario, reading.value, word, threshold, value, margin, share, judged, reason, evidence
        )

    if not counted or len(unknown) == len(counted) or (goal.pairs is not None and unknown):
        reason = "; ".join(sorted({e.note for e in unknown if e.note})) or "no pair could be measured"
        return conclude("cannot_tell", math.nan, math.nan, reason)
    # a place without a time counts as out of reach; the verdict stands only if within reach it were the same
    worst = [(e.part, math.inf if math.isnan(e.minutes) else e.minutes, e.weight) for e in counted]
    best = [(e.part, 0.0 if math.isnan(e.minutes) else e.minutes, e.weight) for e in counted]
    reported, could_be = (compute_worst_part(c, threshold, goal.required_share) for c in (worst, best))
    word = choose_word(threshold, reported.value_min, tolerance_share)
    if word != choose_word(threshold, could_be.value_min, tolerance_share):
        names = ", ".join(e.destination for e in unknown)
        return conclude("cannot_tell", math.nan, math.nan, f"the verdict hangs on places without a time: {names}")
    reason = f"{len(unknown)} of {len(counted)} places without a time, counted as out of reach" if unknown else ""
    return conclude(word, reported.value_min, reported.share, reason)


def choose_word(threshold_min: float, value_min: float, tolerance_share: float) -> VerdictWord:
    """Return the word for binding minutes: borderline within a share of themselves from the threshold."""
    margin = threshold_min - value_min
    if tolerance_share > 0 and math.isfinite(value_min) and abs(margin) <= tolerance_share * value_min:
        return "borderline"
    return "met" if margin >= 0 else "missed"


def _read_nearest(
    table: Mapping[Pair, tuple[float, str, str]],
    ways: Sequence[Way],
    threshold_min: float,
    facts: TimeFacts,
) -> tuple[Pair, float, str, str]:
    """Return the quickest way; unknown when a way without a time could be the one that meets the threshold."""
    read = [_read_way(table, way, facts) for way in ways]
    known = [e for e in read if not math.isnan(e[1])]
    unknown = [e for e in read if math.isnan(e[1])]
    if not known:
        return unknown[0]
    nearest = min(known, key=lambda e: e[1])
    return unknown[0] if unknown and nearest[1] > threshold_min else nearest


def _read_way(table: Mapping[Pair, tuple[float, str, str]], way: Way, facts: TimeFacts) -> tuple[Pair, float, str, str]:
    """Return the slowest journey of a way, one without a time before all others."""
    read = [_read(table, pair, facts) for pair in way]
    unknown = [e for e in read if math.isnan(e[1])]
    return unknown[0] if unknown else max(read, key=lambda e: e[1])


def _read(table: Mapping[Pair, tuple[float, str, str]], pair: Pair, facts: TimeFacts) -> tuple[Pair, float, str, str]:
    minutes, via, note = table.get(pair, (math.nan, "", "not measured"))
    if math.isinf(minutes):
        untold = facts.tell_untold(pair[0]) or facts.tell_untold(pair[1])
        minutes, note = (math.nan, untold) if untold else (minutes, note)
    return pair, minutes, via, note


def _find_part(goal: Goal, place: str, facts: TimeFacts) -> str:
    return facts.find_prefecture(place) if goal.coverage is not None and goal.coverage.by else ""


def _as_text(value: Any) -> str:  # noqa: ANN401 - a cell of a table, NaN when empty
    return value if isinstance(value, str) else ""


def _finite(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None
