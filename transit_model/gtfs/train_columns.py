"""The rows of a train table by columns: trains without anything to tell are timed together, the others one by one.

Nearly all trains of a national timetable are plain: every cell is understood, times run forwards, no station comes
twice, nothing is taken for granted. `read_train` says for every other one what is wrong or was passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.errors import Issue
from transit_model.gtfs.train_calls import MAX_LEG_S, MAX_STAND_S, Call, TrainFindings, TrainRow, read_train
from transit_model.gtfs.train_cells import (
    ClockCell,
    DayCell,
    is_blank,
    parse_clock_cell,
    parse_day_cell,
    parse_order_cell,
    plain,
)
from transit_model.units import S_PER_DAY

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
_Cell = TypeVar("_Cell")
_NONE = -1
_WORDS = {"": 0, "starts": 1, "ends": 2}
_KINDS = (0, 1, 2)
"""A day that is not said, one after that of departure, one counted from 0 or 1."""


class Cells(NamedTuple):
    """A column: the number of each row's text, and by that number the cell, None where it could not be understood."""

    code: I64
    cells: list[object]

    def get(self, row: int) -> object:
        """Return the cell of a row."""
        return self.cells[self.code[row]]

    def pick(self, read: Callable[[object], int]) -> I64:
        """Return a number for each row, read once from each cell."""
        return np.array([read(cell) for cell in self.cells], dtype=np.int64)[self.code]


class TrainColumns(NamedTuple):
    """The rows of a table, in its order.

    Attributes
    ----------
    lines : (n,) int
        Of the file.
    train, station : Cells
        Plain names; trains are numbered as they first appear.
    arrive, depart : Cells of ClockCell
    day : Cells of DayCell
    order : Cells of int
        0 where the table has none.
    texts : four columns of text
        Arrival, departure, day and order as they stand in the table, None for one that it does not have.
    first_day : int
        0 or 1: what the table calls the day of departure.
    """

    lines: list[int]
    train: Cells
    station: Cells
    arrive: Cells
    depart: Cells
    day: Cells
    order: Cells
    texts: list[pd.Series[str] | None]
    first_day: int

    def get_rows(self, rows: list[int]) -> list[TrainRow]:
        """Return rows as `read_train` takes them."""
        texts = zip(*([""] * len(rows) if t is None else t.take(rows).tolist() for t in self.texts), strict=True)
        return [self._get_row(i, text) for i, text in zip(rows, texts, strict=True)]

    def _get_row(self, i: int, texts: tuple[str, ...]) -> TrainRow:
        arrive, depart, day, order = (column.get(i) for column in (self.arrive, self.depart, self.day, self.order))
        return TrainRow(self.lines[i], str(self.station.get(i)), arrive, depart, day, order, texts)  # type: ignore[arg-type]


def parse_columns(rows: pd.DataFrame, lines: list[int]) -> TrainColumns:
    """Return the parsed columns of a table of trains; each different text is parsed once."""
    n = len(rows)
    has_order = "order" in rows.columns and not all(map(is_blank, rows["order"].unique()))
    nothing: list[object] = [0]
    order = _parse(rows["order"], parse_order_cell) if has_order else Cells(np.zeros(n, np.int64), nothing)
    day_name = "day" if "day" in rows.columns else "days_after"
    day = _parse_days(rows)
    counted = (cell.counted for cell in day.cells if isinstance(cell, DayCell))
    texts = [rows[c] if c in rows.columns else None for c in ("arrive", "depart", day_name, "order")]
    return TrainColumns(
        lines,
        _number_names(rows["train"], plain),
        _number_names(rows["station"], lambda text: plain(text).removesuffix("站")),
        _parse(rows["arrive"], parse_clock_cell),
        _parse(rows["depart"], parse_clock_cell),
        day,
        order,
        texts,
        0 if any(number == 0 for number in counted) else 1,
    )


def _parse(texts: pd.Series[str], parse: Callable[[str], _Cell | None]) -> Cells:
    code, unique = pd.factorize(texts)
    cells: list[object] = []
    for text in unique:
        try:
            cells.append(parse(str(text)))
        except ValueError:
            cells.append(None)
    return Cells(code.astype(np.int64), cells)


def _parse_days(rows: pd.DataFrame) -> Cells:
    """Return the day of each row, from the column of days or that of midnights passed."""
    if "day" in rows.columns:
        return _parse(rows["day"], parse_day_cell)
    if "days_after" not in rows.columns:
        return Cells(np.zeros(len(rows), np.int64), [DayCell()])
    days = _parse(rows["days_after"], parse_day_cell)
    later = [DayCell(after=c.counted) if isinstance(c, DayCell) and c.counted is not None else c for c in days.cells]
    return Cells(days.code, later)


def _number_names(texts: pd.Series[str], name: Callable[[str], str]) -> Cells:
    """Return plain names, each once, numbered as they first appear."""
    code, unique = pd.factorize(texts)
    names = [name(str(text)) for text in unique]
    number = {text: k for k, text in enumerate(dict.fromkeys(names))}
    return Cells(np.array([number[text] for text in names], dtype=np.int64)[code], list(number))


def time_trains(
    columns: TrainColumns, ids: Mapping[str, str], file: str, findings: TrainFindings
) -> tuple[pd.DataFrame, list[Issue]]:
    """Return the calls of all trains in the order of the table, and the errors in its rows.

    Parameters
    ----------
    columns : TrainColumns
    ids : mapping
        Station name to stop_id.
    file : str
        Named in the issues.
    findings : TrainFindings
        Gathers what was passed over or taken for granted.

    Returns
    -------
    DataFrame
        ``trip_id, stop_id, stop_sequence, arrival_clock_s, departure_clock_s``.
    list of Issue
    """
    order = np.argsort(columns.train.code, kind="stable")
    train = columns.train.code[order]
    begin = np.flatnonzero(np.concatenate([np.ones(min(len(train), 1), bool), train[1:] != train[:-1]]))
    arrive, depart, odd = _time_rows(columns, ids, order, begin)
    is_plain = ~np.logical_or.reduceat(odd, begin) if len(begin) else np.zeros(0, bool)
    is_plain &= np.array([str(name) != "" for name in columns.train.cells], dtype=bool)[train[begin]]
    size = np.diff(begin, append=len(train))
    kept = np.repeat(is_plain, size)
    calls, issues = _read_others(columns, ids, file, findings, order[~kept])
    stop_ids = [ids.get(str(name), "") for name in columns.station.cells]
    sequence = np.arange(len(train)) - np.repeat(begin, size) + 1
    numbers = [train[kept], columns.station.code[order][kept], sequence[kept], arrive[kept], depart[kept]]
    if calls:
        number = {str(name): k for k, name in enumerate(columns.train.cells)}
        stop_number = {stop: k for k, stop in enumerate(stop_ids)}
        more = np.array([(number[c[0]], stop_number[c[1]], *c[2:]) for c in calls], dtype=np.int64)
        place = np.argsort(np.concatenate([numbers[0], more[:, 0]]), kind="stable")
        numbers = [np.concatenate(pair)[place] for pair in zip(numbers, more.T, strict=True)]
    texts = _take_texts([str(name) for name in columns.train.cells], numbers[0]), _take_texts(stop_ids, numbers[1])
    names = ["trip_id", "stop_id", "stop_sequence", "arrival_clock_s", "departure_clock_s"]
    return pd.DataFrame(dict(zip(names, (*texts, *numbers[2:]), strict=True))), issues


def _read_others(
    columns: TrainColumns, ids: Mapping[str, str], file: str, findings: TrainFindings, at: I64
) -> tuple[list[Call], list[Issue]]:
    """Return calls and errors of the trains that are not plain; `at` are their rows, those of a train together."""
    calls: list[Call] = []
    issues: list[Issue] = []
    rows = columns.get_rows(at.tolist())
    for train, some in groupby(zip(columns.train.code[at].tolist(), rows, strict=True), key=lambda pair: pair[0]):
        own = [row for _, row in some]
        found, more = read_train(str(columns.train.cells[train]), own, ids, file, columns.first_day, findings)
        calls += found
        issues += more
    return calls, issues


def _take_texts(texts: list[str], rows: I64) -> pd.api.extensions.ExtensionArray:
    """Return a column of texts by their numbers: in Arrow, without an object for each row."""
    import pyarrow as pa

    return pd.array(pa.array(texts, pa.large_string()).take(pa.array(rows)), dtype="str")


def _time_rows(columns: TrainColumns, ids: Mapping[str, str], order: I64, begin: I64) -> tuple[I64, I64, Bool]:
    """Return arrival and departure in seconds as they are in plain trains, and which rows make a train another."""
    n = len(order)
    first, last = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    first[begin] = True
    last[np.append(begin[1:], n)[: len(begin)] - 1] = True
    clock = [c.pick(_read_clock)[order] for c in (columns.arrive, columns.depart)]
    word = [c.pick(_read_word)[order] for c in (columns.arrive, columns.depart)]
    kind, day = columns.day.pick(_read_kind)[order], columns.day.pick(_read_day)[order]
    day = day - (kind == _KINDS[2]) * columns.first_day
    came, left = clock
    both = (came >= 0) & (left >= 0)
    arrive = np.where(kind == _KINDS[0], 0, day) * S_PER_DAY + np.where(came >= 0, came, left)
    depart = np.where(both, arrive - came + left, arrive)
    before = np.where(first, 0, np.concatenate([depart[:1], depart[:-1]]))
    station = columns.station.code[order]
    known = np.array([str(name) in ids for name in columns.station.cells], dtype=bool)
    odd = ~known[station] | (came < _NONE) | (left < _NONE) | (kind < 0) | (first & last)
    odd |= ((came < 0) & (~first | (left < 0))) | ((left < 0) & ~last)
    odd |= ((word[0] == _WORDS["starts"]) | (word[1] == _WORDS["starts"])) & ~first
    odd |= ((word[0] == _WORDS["ends"]) | (word[1] == _WORDS["ends"])) & ~last
    odd |= (came >= S_PER_DAY) | (left >= S_PER_DAY) | (both & (left < came)) | (depart - arrive > MAX_STAND_S)
    odd |= ~first & ((arrive < before) | (kind != np.concatenate([kind[:1], kind[:-1]])))
    odd |= ~first & (kind == _KINDS[0]) & (arrive - before > MAX_LEG_S)
    return (
        arrive,
        depart,
        odd | _find_twice(columns.train.code[order], station) | _find_unordered(columns, order, first),
    )


def _find_twice(train: I64, station: I64) -> Bool:
    """Return the rows whose train has called at the station before."""
    key = train * (int(station.max(initial=0)) + 1) + station
    by = np.argsort(key, kind="stable")  # trains stand in order already: little is left to sort
    twice = np.zeros(len(train), dtype=bool)
    twice[by[1:]] = key[by[1:]] == key[by[:-1]]
    return twice


def _find_unordered(columns: TrainColumns, order: I64, first: Bool) -> Bool:
    """Return the rows whose number in the train is no larger than that above, where it is not the same in all."""
    number = columns.order.pick(lambda cell: _NONE if cell is None else int(str(cell)))[order]
    wrong = (number < 0) | (~first & (np.diff(number, prepend=0) <= 0))
    same_above = ~first & (np.diff(number, prepend=0) == 0)
    begin = np.flatnonzero(first)
    all_same = np.logical_and.reduceat(first | same_above, begin) if len(begin) else np.zeros(0, bool)
    size = np.diff(begin, append=len(order))
    return wrong & ~(np.repeat(all_same, size) & (number >= 0))


def _read_clock(cell: object) -> int:
    """Return the seconds of a clock cell, `_NONE` for one without a time, less for one that is not understood."""
    if not isinstance(cell, ClockCell):
        return _NONE - 1
    return _NONE if cell.clock_s is None else cell.clock_s


def _read_word(cell: object) -> int:
    return _WORDS[cell.word] if isinstance(cell, ClockCell) else 0


def _read_kind(cell: object) -> int:
    if not isinstance(cell, DayCell):
        return _NONE
    return _KINDS[2] if cell.counted is not None else _KINDS[0] if cell.after is None else _KINDS[1]


def _read_day(cell: object) -> int:
    if not isinstance(cell, DayCell):
        return 0
    return int(cell.counted if cell.counted is not None else cell.after or 0)
