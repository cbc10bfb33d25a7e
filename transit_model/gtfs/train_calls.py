"""The rows of one train to its calls, in order and in seconds, or what speaks against them with the line.

Nothing is put right by guessing: a row that repeats another is told and passed over, times that run backwards are the
next day only where a night train could run so, and two timetables under one number are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from transit_model.errors import Issue
from transit_model.gtfs.train_cells import ClockCell, DayCell
from transit_model.units import S_PER_DAY, S_PER_HOUR

MAX_LEG_S: Final = 16 * S_PER_HOUR
"""Longest ride over midnight that is taken where no day is said; rides without a stop in China are shorter."""
MAX_STAND_S: Final = 6 * S_PER_HOUR
"""Longest stand at a station; the departure has no day of its own."""
_ORDER_HINT = "rows in the order of the stops, or a column 站序 (order)"
_TWICE_HINT = "give each timetable a number of its own (D1-1, D1-2) or keep the one that holds"

Call = tuple[str, str, int, int, int]
"""Train, stop_id, sequence, arrival and departure in seconds."""


class TrainRow(NamedTuple):
    """One row as parsed; None for a cell that could not be, `order` is 0 where the table has none."""

    line: int
    station: str
    arrive: ClockCell | None
    depart: ClockCell | None
    day: DayCell | None
    order: int | None
    texts: tuple[str, str, str, str]
    """Arrival, departure, day and order as they stand in the table."""


@dataclass
class TrainFindings:
    """What was done to the rows of all trains, each as (line, train or station)."""

    repeated: list[tuple[int, str]] = field(default_factory=list)
    next_day: list[tuple[int, str]] = field(default_factory=list)
    one_time: list[tuple[int, str]] = field(default_factory=list)
    calls_twice: list[tuple[int, str]] = field(default_factory=list)
    long_ride: list[tuple[int, str]] = field(default_factory=list)
    day_of_departure: list[tuple[int, str]] = field(default_factory=list)


class _Refused(Exception):  # noqa: N818 - ends one train, not a run
    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.message)
        self.issue = issue


def read_train(
    train: str, rows: Sequence[TrainRow], ids: Mapping[str, str], file: str, first_day: int, findings: TrainFindings
) -> tuple[list[Call], list[Issue]]:
    """Return the calls of a train and the errors in its rows.

    Parameters
    ----------
    train : str
    rows : sequence of TrainRow
        As they stand in the table.
    ids : mapping
        Station name to stop_id.
    file : str
        Named in the issues.
    first_day : int
        0 or 1: what the table calls the day of departure.
    findings : TrainFindings
        Gathers what was passed over or taken for granted.
    """
    if not train:
        return [], [Issue("empty_value", "error", "a row has no train number", file, rows[0].line, "train")]
    issues = _check_cells(rows, ids, file)
    try:
        rows = _put_in_order(_drop_repeated(train, rows, findings), train, file)
        if len(rows) < 2:
            issues.append(Issue("one_stop", "error", f"{train} has one stop only", file, rows[0].line, "train", train))
        _check_course(train, rows, file, findings)
        _check_days(rows, file)
    except _Refused as refused:
        return [], [*issues, refused.issue]
    if issues:
        return [], issues
    return _time_calls(train, rows, ids, file, first_day, findings)


def _check_cells(rows: Sequence[TrainRow], ids: Mapping[str, str], file: str) -> list[Issue]:
    issues = []
    for row in rows:
        arrive, depart, day, order = row.texts
        if row.station not in ids:
            hint = "add it to the station table"
            issues.append(
                Issue("unknown_station", "error", "no such station", file, row.line, "station", row.station, hint)
            )
        if row.arrive is None or row.depart is None:
            hint = "HH:MM; leave the first arrival and the last departure empty"
            value = f"{arrive} / {depart}"
            issues.append(Issue("bad_time", "error", "not a clock time", file, row.line, "arrive", value, hint))
        elif row.arrive.clock_s is None and row.depart.clock_s is None:
            issues.append(Issue("bad_time", "error", "neither arrival nor departure", file, row.line, "arrive"))
        if row.day is None:
            hint = "1, 2, 3 (or all counted from 0), 当日, 次日, 第3天 or +1"
            issues.append(Issue("bad_day", "error", "not a day of the journey", file, row.line, "day", day, hint))
        if row.order is None:
            issues.append(
                Issue("bad_order", "error", "not the number of a stop", file, row.line, "order", order, "1, 2, 3")
            )
    return issues


def _drop_repeated(train: str, rows: Sequence[TrainRow], findings: TrainFindings) -> list[TrainRow]:
    """Keep one of rows that are equal in station, times and day."""
    kept: dict[tuple[object, ...], TrainRow] = {}
    for row in rows:
        key = (row.station, row.arrive, row.depart, row.day, *(() if row.arrive and row.depart else row.texts))
        if key in kept:
            findings.repeated.append((row.line, train))
        else:
            kept[key] = row
    return list(kept.values())


def _put_in_order(rows: list[TrainRow], train: str, file: str) -> list[TrainRow]:
    if any(row.order is None for row in rows):
        return rows
    if len({row.order for row in rows}) == 1:
        return rows  # no such column, or one that counts trains
    ordered = sorted(rows, key=lambda row: row.order or 0)
    for one, other in pairwise(ordered):
        if one.order == other.order:
            line, before = max(one.line, other.line), min(one.line, other.line)
            message = f"{train} has two stops of this number (also in line {before})"
            raise _Refused(Issue("duplicate_order", "error", message, file, line, "order", str(one.order), _TWICE_HINT))
    return ordered


def _check_course(train: str, rows: Sequence[TrainRow], file: str, findings: TrainFindings) -> None:
    """Refuse a train that starts or ends on its way or runs the same way twice; tell one that calls twice."""
    last = len(rows) - 1
    seen: set[str] = set()
    legs: set[tuple[str, str]] = set()
    for i, row in enumerate(rows):
        starts = row.arrive is not None and row.arrive.clock_s is None
        ended = i > 0 and (d := rows[i - 1].depart) is not None and d.clock_s is None
        words = {cell.word for cell in (row.arrive, row.depart) if cell is not None}
        if (starts and ended) or (i > 0 and "starts" in words) or (i < last and "ends" in words):
            message = f"{train} starts or ends here, on its way: rows out of order, or two timetables under one number"
            raise _Refused(Issue("two_timetables", "error", message, file, row.line, "train", train, _ORDER_HINT))
        if i > 0 and rows[i - 1].station == row.station:
            message = f"{train} stands here twice in a row with different times"
            hint = "keep one row with arrival and departure"
            raise _Refused(Issue("duplicate_stop", "error", message, file, row.line, "station", row.station, hint))
        leg = (rows[i - 1].station, row.station)
        if i > 0 and (leg in legs or (row.station == rows[0].station and i < last)):
            message = f"{train} runs the same way a second time: two timetables under one number?"
            raise _Refused(Issue("two_timetables", "error", message, file, row.line, "train", train, _TWICE_HINT))
        legs.add(leg)
        if row.station in seen:
            findings.calls_twice.append((row.line, row.station))
        seen.add(row.station)
        if (i > 0 and starts) or (i < last and row.depart is not None and row.depart.clock_s is None):
            findings.one_time.append((row.line, train))


def _check_days(rows: Sequence[TrainRow], file: str) -> None:
    """Refuse bare numbers behind a first row without one: 1 is then the first day to some, the next to others."""
    first = rows[0].day
    if first is None or first.counted is not None:
        return
    counted = [row for row in rows if row.day is not None and row.day.counted is not None]
    if counted and min(row.day.counted for row in counted if row.day and row.day.counted is not None) == 1:
        row = counted[0]
        hint = "give the first row a number too, or write 次日 or +1"
        message = "the day is 1 after a row without a number: the first day or the next?"
        raise _Refused(Issue("bad_day", "error", message, file, row.line, "day", row.texts[2], hint))


def _time_calls(
    train: str, rows: Sequence[TrainRow], ids: Mapping[str, str], file: str, first_day: int, findings: TrainFindings
) -> tuple[list[Call], list[Issue]]:
    calls: list[Call] = []
    issues: list[Issue] = []
    before = 0
    for sequence, row in enumerate(rows, start=1):
        assert row.arrive is not None  # `_check_cells` has seen to it
        assert row.depart is not None
        given = row.arrive.clock_s if row.arrive.clock_s is not None else row.depart.clock_s
        day = _find_day(row.day, first_day)
        arrive, crossed = _place_clock(int(given or 0), day, before)
        if day is not None and _says_day_of_departure(row, rows[sequence : sequence + 1], day, first_day, before):
            arrive -= S_PER_DAY
            findings.day_of_departure.append((row.line, train))
        depart = arrive
        if row.arrive.clock_s is not None and row.depart.clock_s is not None:
            depart = arrive // S_PER_DAY * S_PER_DAY + row.depart.clock_s % S_PER_DAY
            depart += S_PER_DAY * (depart < arrive)
        long = day is None and sequence > 1 and arrive - before > MAX_LEG_S
        if arrive < before or (long and crossed):
            message = f"{train} arrives before it left the station above"
            hint = "check the day" if arrive < before else f"check the time; {_ORDER_HINT}; or say the day (天数)"
            issues.append(Issue("time_order", "error", message, file, row.line, "arrive", row.texts[0], hint))
        elif depart - arrive > MAX_STAND_S:
            message = f"{train} departs before it arrives"
            hint = "check both times; the day is that of the arrival"
            value = f"{row.texts[0]} / {row.texts[1]}"
            issues.append(Issue("time_order", "error", message, file, row.line, "depart", value, hint))
        elif crossed and sequence > 1:
            findings.next_day.append((row.line, train))
        elif long:
            findings.long_ride.append((row.line, train))
        before = max(before, depart)
        calls.append((train, ids[row.station], sequence, arrive, depart))
    return calls, issues


def _says_day_of_departure(row: TrainRow, following: Sequence[TrainRow], day: int, first_day: int, before: int) -> bool:
    """Return whether a stand over midnight has the day of its departure: only so the next station comes after it."""
    arrive, depart = (None if cell is None else cell.clock_s for cell in (row.arrive, row.depart))
    if not following or arrive is None or depart is None or not depart < arrive < S_PER_DAY:
        return False
    day_after = _find_day(following[0].day, first_day)
    cells = (following[0].arrive, following[0].depart)
    clock = next((cell.clock_s for cell in cells if cell is not None and cell.clock_s is not None), None)
    if day_after is None or clock is None:
        return False
    late = day_after * S_PER_DAY + clock < (day + 1) * S_PER_DAY + depart
    return late and (day - 1) * S_PER_DAY + arrive >= before


def _find_day(cell: DayCell | None, first_day: int) -> int | None:
    """Return how many days after that of departure a cell says, None when it says nothing."""
    if cell is None or (cell.after is None and cell.counted is None):
        return None
    return cell.after if cell.counted is None else cell.counted - first_day


def _place_clock(clock_s: int, day: int | None, before: int) -> tuple[int, bool]:
    """Return a clock time in seconds after the day of departure, and whether it was moved over midnight unasked."""
    if day is not None:
        if clock_s >= S_PER_DAY and clock_s // S_PER_DAY == day and clock_s >= before:
            return clock_s, False  # 24:10 on the second day: the hours count on already
        return day * S_PER_DAY + clock_s, False
    moved = clock_s
    while moved < before:
        moved += S_PER_DAY
    return moved, moved // S_PER_DAY > before // S_PER_DAY and moved != clock_s
