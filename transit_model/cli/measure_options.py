"""What the measuring commands read from their options and print: words, cutoffs, headings, files of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from transit_model.cli.output import format_csv
from transit_model.errors import InputError, Issue

if TYPE_CHECKING:
    from transit_model.measure.session import Session
    from transit_model.measure.workspace import Workspace

_K = TypeVar("_K", bound=StrEnum)


def pick_one(text: str, kind: type[_K], name: str, *, of: Sequence[_K] = ()) -> _K:
    """Return the one word of an option, an InputError for any other, and for more than one."""
    words = pick(text, kind, name, of=of)
    if len(words) > 1:
        known = ", ".join(str(k.value) for k in of or kind)
        issue = Issue("one_only", "error", f"one {name} at a time", field=name, value=text, hint=f"one of {known}")
        raise InputError(issue)
    return words[0]


def pick(text: str, kind: type[_K], name: str, *, of: Sequence[_K] = ()) -> list[_K]:
    """Return the words of an option with commas between them; unknown ones are listed in an InputError."""
    known = [str(k.value) for k in of or kind]
    split = text.replace("，", ",").split(",")
    parts = list(dict.fromkeys(p.strip().lower().replace("-", "_") for p in split if p.strip()))
    wrong = [p for p in parts if p not in known]
    if wrong or not parts:
        raise InputError(
            [
                Issue(
                    "unknown_value",
                    "error",
                    f"no {name} called {w!r}",
                    field=name,
                    value=w,
                    hint=f"use {', '.join(known)}",
                )
                for w in wrong or [text]
            ]
        )
    return [kind(p) for p in parts]


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


def _write_json_rows(records: Sequence[dict[str, object]], target: Path) -> None:
    import json

    text = json.dumps({"schema": 1, "rows": list(records)}, ensure_ascii=False, indent=1)
    target.write_text(text + "\n", encoding="utf-8", newline="\n")


def _write_csv_rows(records: Sequence[dict[str, object]], target: Path) -> None:
    target.write_text(format_csv(records), encoding="utf-8", newline="\n")


def _write_parquet_rows(records: Sequence[dict[str, object]], target: Path) -> None:
    import pandas as pd

    pd.DataFrame(records).to_parquet(target, index=False)


ROW_WRITERS: Final[Mapping[str, Callable[[Sequence[dict[str, object]], Path], None]]] = {
    ".csv": _write_csv_rows,
    ".json": _write_json_rows,
    ".parquet": _write_parquet_rows,
}
"""Suffix to what writes rows of `od` and `indicators`; a new format is a function and a row."""


def write_records(out: Path, records: Sequence[dict[str, object]]) -> None:
    """Write rows in the format of the suffix (`ROW_WRITERS`), whole or not at all."""
    from transit_model.store.write import replace_file

    writer = ROW_WRITERS.get(out.suffix)
    if writer is None:
        hint = f"use one of {', '.join(ROW_WRITERS)}"
        raise InputError(
            Issue("unknown_format", "error", "cannot tell the format", field="out", value=str(out), hint=hint)
        )
    replace_file(out, lambda target: writer(records, target))


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


def pick_end(origin: str | None, to: str | None) -> str:
    """Return the one of --from and --to that was given; an InputError when both or none were."""
    if (origin is None) == (to is None):
        raise InputError(
            Issue("from_or_to", "error", "give either --from or --to", field="from", hint="e.g. --from hohhot")
        )
    return origin if origin is not None else str(to)


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

    chosen = pick_one(speeds, SpeedTable, "speeds", of=(SpeedTable.TYPICAL, SpeedTable.PEAK, SpeedTable.WINTER))
    who = pick_one(vehicle, Vehicle, "vehicle")
    return workspace.session(scenario, date=date, window=window, vehicle=who, speeds=chosen)


def name_session(session: Session, language: str) -> str:
    """Return the scenario with the vehicle and the speeds of its roads."""
    from transit_model.domain.modes import SPEED_NAMES, VEHICLE_NAMES

    parts = session.scenario_id, VEHICLE_NAMES[session.vehicle][language], SPEED_NAMES[session.speeds][language]
    return " · ".join(parts)
