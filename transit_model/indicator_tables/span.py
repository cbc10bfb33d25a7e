"""Service span (服务时段): during how much of the day a goal holds for a pair, and its first and last useful train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from transit_model.domain.modes import RIDDEN, Mode, Reading
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.goals.targets import list_pairs
from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.indicators.service_span import find_span
from transit_model.measure.place_stops import find_place_stops
from transit_model.measure.trains import prepare_ends
from transit_model.measure.transit_times import compute_day_profiles
from transit_model.timetable.phases import MIDDLE
from transit_model.timetable.raptor import (
    Access,
    build_access,
    build_destinations,
    compute_window,
    search_window,
    to_seconds,
    window_departures,
)
from transit_model.units import S_PER_DAY, S_PER_HOUR, format_clock, min_to_s, s_to_min

READINGS = tuple(reading for reading, rule in READING_RULES.items() if not rule.fastest)
"""The fastest train of the day knows no minute."""


@dataclass(frozen=True, eq=False)
class _Day:
    """The times of a pair: of each departure of the window, and the useful journeys of the whole day.

    `time_s` (n_dep,) and the journeys are of a day on which headway lines leave half a headway after their bands begin;
    `sample_s` holds the times of each departure at all drawn phases.
    """

    sample_s: np.ndarray
    time_s: np.ndarray
    depart_clock_s: np.ndarray
    arrive_clock_s: np.ndarray


def _fill(rows: Rows, question: Question) -> None:
    """Add the share of departure minutes at which a goal pair by rail or bus is in time, and its trains.

    On two readings: ``typical``, standing at the best of the main stations, and ``door_to_door``. Beside the share
    stand the longest gap without a departure in time, the fastest journey of the window (which tells why a share is
    0), and the first and last useful train of the day, whether in time or not.
    """
    m = rows.measured
    goals = question.goals
    clocks = window_departures(*m.session.window)
    kept: dict[tuple[Mode, Reading, str, str], _Day] = {}
    for goal in goals:
        if goal.pairs is None or goal.mode not in RIDDEN or goal.threshold_min is None:
            continue
        if not m.session.has_service(goal.mode):
            continue
        for pair in list_pairs(goal, m.session.places.groups):
            origin, destination = (m.session.places.get_place(p) for p in pair)
            for reading in READINGS:
                key = (goal.mode, reading, origin.place_id, destination.place_id)
                if key not in kept:
                    kept[key] = _measure(m, origin, destination, goal.mode, reading, clocks)
                subject = f"{goal.id}: to {destination.place_id} in {goal.threshold_min:g} min"
                about: dict[str, Any] = {"subject": subject, "kind": (goal.mode.value, reading.value)}
                _add(rows, origin.place_id, kept[key], clocks, goal.threshold_min, about)


def _add(rows: Rows, place: str, day: _Day, clocks: np.ndarray, limit_min: float, about: dict[str, Any]) -> None:
    span = find_span((day.time_s <= min_to_s(limit_min))[:, None])
    at, gap = (int(span.first[0]), int(span.last[0])), int(span.longest_gap[0])
    fastest = s_to_min(float(day.sample_s.min()))
    if at[0] >= 0:
        first, last = (format_clock(int(clocks[i])) for i in at)
        note = (f"首个 {first}，末个 {last}", f"first {first}, last {last}")
    elif np.isfinite(fastest):
        note = (
            f"最快也要 {fastest:.0f} 分钟，超过 {limit_min:g}",
            f"the fastest takes {fastest:.0f} min, more than {limit_min:g}",
        )
    else:
        note = ("没有班次", "no train")
    rows.add(place, "share", float((day.sample_s <= min_to_s(limit_min)).mean()), "share", **about, note=note)
    rows.add(place, "longest_gap", gap, "min", **about)
    rows.add(place, "fastest", fastest, "min", **about)
    if len(day.depart_clock_s):
        for name, i in (("first_train", 0), ("last_train", -1)):
            leave, arrive = float(day.depart_clock_s[i]), float(day.arrive_clock_s[i])
            text = f"{format_clock(leave)} - {format_clock(arrive)}"
            rows.add(place, name, leave / S_PER_HOUR, "h", **about, note=(text, text))


def _measure(m: Measured, origin: Place, destination: Place, mode: Mode, reading: Reading, clocks: np.ndarray) -> _Day:
    _, index = m.session.timetable(mode)
    access, egress = _list_ends(m, origin, destination, mode, reading)
    rides = m.session.network.assumptions.max_rides
    window = compute_window(index, access, clocks, build_destinations([egress]), max_rides=rides, keep_all=True)
    assert window.sample_s is not None
    on_a_day, _ = search_window(index, access, clocks, build_destinations([egress]), max_rides=rides, phase=MIDDLE)
    profile = compute_day_profiles(m.session, mode, access, [egress], 0, S_PER_DAY)[0]
    return _Day(window.sample_s[0], to_seconds(on_a_day[:, 0]), profile.depart_clock_s, profile.arrive_clock_s)


def _list_ends(m: Measured, origin: Place, destination: Place, mode: Mode, reading: Reading) -> tuple[Access, Access]:
    """Return the ways into and out of trains: none at all between stations."""
    if READING_RULES[reading].door_to_door:
        return prepare_ends(m.session, origin, destination, mode)
    compiled, _ = m.session.timetable(mode)
    starts, ends = (find_place_stops(m.session, p, mode) for p in (origin, destination))
    both = [
        [compiled.stop_idx[s] for s in stops if s not in other] for stops, other in ((starts, ends), (ends, starts))
    ]
    access, egress = (build_access(stops, [0.0] * len(stops)) for stops in both)
    return access, egress


def _needs_goal_pairs(m: Measured, question: Question) -> Lack:
    modes = {g.mode for g in question.goals if g.pairs is not None and g.threshold_min is not None}
    ridden = [mode for mode in RIDDEN if mode in modes]
    if not ridden:
        return (
            "no_goal_pairs",
            "no goal names pairs by timetable with a limit",
            "add one to the folder goals",
        )
    if any(m.session.has_service(mode) for mode in ridden):
        return None
    return "no_service", f"nothing runs by {', '.join(ridden)} in this scenario", "ask another scenario"


ROW = Indicator(
    name="span",
    zh="服务时段",
    en="service span",
    what=(
        "share of departure minutes at which a goal pair is in time, longest gap, fastest journey, "
        "first and last useful train (首末班)"
    ),
    formula="departures of the window with `T ≤ threshold`; a useful train is beaten by no later one",
    source=(
        "share of departure minutes of the window with T <= threshold; useful: none leaves later and is there sooner"
    ),
    needs=(_needs_goal_pairs,),
    options=frozenset(),
    fill=_fill,
)
