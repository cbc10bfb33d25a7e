"""What the measuring commands read from their options and print: words, cutoffs, headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from transit_model.domain.named_words import read_one
from transit_model.errors import InputError, Issue

if TYPE_CHECKING:
    from transit_model.measure.session import Session
    from transit_model.measure.workspace import Workspace


def read_cutoffs(text: str) -> list[float]:
    """Return the minutes of an option, ascending and each once; an InputError lists what is no number up to a day."""
    minutes: list[float] = []
    issues = []
    for part in text.replace("，", ",").split(","):
        try:
            value = float(part)
        except ValueError:
            value = -1.0
        if not 0 < value <= 24 * 60:
            issues.append(
                Issue(
                    "bad_cutoff",
                    "error",
                    "a cutoff is a number of minutes up to a day",
                    field="cutoffs",
                    value=part,
                    hint="e.g. 30,60,90,120",
                )
            )
        minutes.append(value)
    if issues:
        raise InputError(issues)
    return sorted(set(minutes))


def read_hours(text: str) -> list[float]:
    """Return the hours of an option with commas between them; an InputError lists what is no number above 0."""
    hours, wrong = [], []
    for part in text.replace("，", ",").split(","):
        try:
            hours.append(float(part))
        except ValueError:
            wrong.append(part)
    if wrong:
        hint = "e.g. --hours-there 4,8"
        raise InputError(
            [
                Issue("bad_hours", "error", "not a number of hours", field="hours_there", value=w, hint=hint)
                for w in wrong
            ]
        )
    return sorted(set(hours))


def read_clock(text: str) -> int:
    """Return the clock seconds of HH:MM; an InputError for anything else."""
    from transit_model.units import parse_clock_s

    try:
        return parse_clock_s(text)
    except ValueError as error:
        raise InputError(
            Issue("bad_clock", "error", "not a clock time", field="clock", value=text, hint="write HH:MM, e.g. 06:00")
        ) from error


def headings(language: str) -> dict[str, str]:
    """Return the columns of an OD table for people."""
    zh = {
        "from": "起点",
        "to": "终点",
        "mode": "方式",
        "reading": "口径",
        "minutes": "分钟",
        "p10": "p10",
        "p90": "p90",
        "km": "公里",
        "via": "经由",
        "note": "说明",
    }
    en = {
        "from": "from",
        "to": "to",
        "mode": "mode",
        "reading": "reading",
        "minutes": "min",
        "p10": "p10",
        "p90": "p90",
        "km": "km",
        "via": "via",
        "note": "note",
    }
    return zh if language == "zh" else en


def leg_headings(language: str) -> dict[str, str]:
    """Return the columns of the legs of a journey for people."""
    zh = {
        "depart": "出发",
        "arrive": "到达",
        "minutes": "分钟",
        "km": "公里",
        "text": "行程",
        "project": "项目",
        "rests_on": "依据",
    }
    en = {
        "depart": "depart",
        "arrive": "arrive",
        "minutes": "min",
        "km": "km",
        "text": "leg",
        "project": "project",
        "rests_on": "rests on",
    }
    return zh if language == "zh" else en


def pick_end(origin: str | None, to: str | None, words: Sequence[str] = ()) -> str:
    """Return the one of a word, --from and --to that was given; an InputError when several or none were."""
    _check_points(words)
    if len(words) == 1 and origin is None and to is None:
        return words[0]
    if words or (origin is None) == (to is None):
        raise InputError(
            Issue(
                "from_or_to",
                "error",
                "give a place, or --from, or --to: one of them",
                field="from",
                hint="e.g. --from hohhot",
            )
        )
    return origin if origin is not None else str(to)


def pick_ends(ends: Sequence[str], origin: str | None, destination: str | None) -> tuple[str, str]:
    """Return origin and destination from two words, or from --from and --to.

    Raises
    ------
    InputError
        ``from_or_to`` when they are not two, or are given both ways; ``bad_point`` when two numbers stand apart.
    """
    if not ends and origin is not None and destination is not None:
        return origin, destination
    _check_points(ends)
    if len(ends) == 2 and origin is None and destination is None:
        return ends[0], ends[1]
    message = "an origin and a destination are needed"
    if ends and (origin is not None or destination is not None):
        message = "origin and destination are given twice"
    hint = "write FROM TO, or --from FROM --to TO; several places with commas, e.g. hohhot baotou,ordos"
    raise InputError(Issue("from_or_to", "error", message, field="from", value=" ".join(ends) or None, hint=hint))


def _check_points(words: Sequence[str]) -> None:
    """Refuse a point typed with a space between its numbers: two words of which each is a decimal number."""
    from transit_model.measure.places import tell_spaced_point

    is_number = [re.fullmatch(r"-?\d+\.\d+", w) is not None for w in words]
    pairs = [i for i in range(len(words) - 1) if is_number[i] and is_number[i + 1]]
    if pairs:
        raise InputError([tell_spaced_point(*words[i : i + 2], value=" ".join(words[i : i + 2])) for i in pairs[::2]])


def open_session(
    workspace: Workspace,
    scenario: str | None,
    vehicle: str,
    speeds: str,
    date: str | None = None,
    window: str | None = None,
) -> Session:
    """Return the session of a scenario for the words of the options."""
    from transit_model.domain.modes import SpeedTable, Vehicle

    chosen = read_one(speeds, SpeedTable, "speeds", of=(SpeedTable.TYPICAL, SpeedTable.PEAK, SpeedTable.WINTER))
    who = read_one(vehicle, Vehicle, "vehicle")
    return workspace.session(scenario, date=date, window=window, vehicle=who, speeds=chosen)


def name_places(session: Session, rows: Sequence[Mapping[str, object]], language: str) -> dict[str, str]:
    """Return what people call the ids in ``from`` and ``to`` of rows."""
    names = {p.place_id: p.name(language) for p in session.places.places}
    return {i: names[i] for row in rows for key in ("from", "to") if (i := str(row[key])) in names}


def name_session(session: Session, language: str) -> str:
    """Return the scenario with the vehicle and the speeds of its roads."""
    from transit_model.domain.modes import SPEED_NAMES, VEHICLE_NAMES

    parts = session.scenario_id, VEHICLE_NAMES[session.vehicle][language], SPEED_NAMES[session.speeds][language]
    return " · ".join(parts)
