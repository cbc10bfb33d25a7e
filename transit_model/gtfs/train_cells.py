"""The cells of a train table as people write them: clock times, days of the journey, places in the order of stops.

Full-width digits and colons are plain ones (Unicode NFKC). What could mean two things is no value but an error.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from transit_model.units import parse_clock_s

MAX_DAYS: Final = 9
"""Latest day counted from that of departure; no passenger train runs longer."""
_COLONS = str.maketrans({"∶": ":", "ː": ":", "˸": ":", "−": "-"})
# Dashes of all kinds, dots, slashes and lone colons: how a table shows that there is no time.
_BLANK = re.compile(r"^[-\u2010-\u2015\u2500\u2501\u30fc\u00b7:.…/\\~*]*$")
_NO_VALUE = frozenset({"nan", "none", "null", "nat", "n/a", "无", "空"})
_STARTS = frozenset({"始发", "始发站", "起点", "起点站", "起始站", "出发站", "origin", "start"})
_ENDS = frozenset({"终到", "终到站", "终点", "终点站", "终止站", "terminus", "terminal", "end"})
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "〇": 0}
_NUMBER = r"(\d+|[零〇一二两三四五六七八九十])"
_ORDINAL_DAY = re.compile(rf"^第\s*{_NUMBER}\s*[天日]$|^day\s*{_NUMBER}$")
_LATER_DAY = re.compile(rf"^(?:[dt]?\s*\+\s*{_NUMBER}\s*[天日]?|{_NUMBER}\s*[天日]后)$")
_COUNTED_DAY = re.compile(r"^(\d+)(?:\.0+)?\s*[天日]?$")
_DAY_WORDS = {
    **dict.fromkeys(("当日", "当天", "本日", "同日", "首日", "即日", "今日", "same day"), 0),
    **dict.fromkeys(("次日", "次天", "翌日", "明日", "next day"), 1),
    **dict.fromkeys(("后日", "后天"), 2),
}
_ORDER = re.compile(rf"^(?:第\s*)?{_NUMBER}(?:\.0+)?\s*站?$|^第\s*{_NUMBER}\s*站$")


class ClockCell(NamedTuple):
    """A clock time in seconds, or None with what the cell says instead: ``""``, ``"starts"`` or ``"ends"``."""

    clock_s: int | None
    word: str = ""


class DayCell(NamedTuple):
    """A day: `after` is 0 on the day of departure; `counted` is a bare number whose base the table must tell."""

    after: int | None = None
    counted: int | None = None


def plain(text: object) -> str:
    """Return a cell as plain text: full-width forms made half-width, odd colons and blanks around it gone."""
    found = str(text)
    if found.isascii():  # as most cells are, and plain already
        return found.strip()
    return unicodedata.normalize("NFKC", found).translate(_COLONS).strip()


def is_blank(text: str) -> bool:
    """Return whether a plain cell holds no value: empty, dashes, dots, ``--:--``, ``nan``."""
    return _BLANK.match(text) is not None or text.lower() in _NO_VALUE


def parse_clock_cell(text: str) -> ClockCell:
    """Return the clock time of a cell; hours above 24 are allowed.

    Raises
    ------
    ValueError
        When it is neither a time, nor blank, nor 始发 or 终到.
    """
    text = plain(text)
    if is_blank(text):
        return ClockCell(None)
    if text.lower() in _STARTS:
        return ClockCell(None, "starts")
    if text.lower() in _ENDS:
        return ClockCell(None, "ends")
    return ClockCell(parse_clock_s(re.sub(r"\s*:\s*", ":", text)))


def parse_day_cell(text: str) -> DayCell:
    """Return the day of a cell: 当日, 次日, 第3天, 第三日, +1, D+1, ``day 2``, or a bare number.

    Raises
    ------
    ValueError
        For anything else (隔日 is the next day to some and the one after to others), and beyond `MAX_DAYS`.
    """
    text = plain(text).strip("()[]【】")
    if is_blank(text):
        return DayCell()
    lower = text.lower()
    if lower in _DAY_WORDS:
        return DayCell(after=_DAY_WORDS[lower])
    if match := _ORDINAL_DAY.match(lower):
        return DayCell(after=_bounded(_number(match) - 1))
    if match := _LATER_DAY.match(lower):
        return DayCell(after=_bounded(_number(match)))
    if match := _COUNTED_DAY.match(lower):
        return DayCell(counted=_bounded(int(match.group(1))))
    msg = f"not a day: {text!r}"
    raise ValueError(msg)


def parse_order_cell(text: str) -> int | None:
    """Return the number of a stop in its train (3, ３, 03, 第3站), None when blank.

    Raises
    ------
    ValueError
        When it is no whole number.
    """
    text = plain(text)
    if is_blank(text):
        return None
    match = _ORDER.match(text)
    if match is None:
        msg = f"not a whole number: {text!r}"
        raise ValueError(msg)
    return _number(match)


def _number(match: re.Match[str]) -> int:
    text = next(group for group in match.groups() if group)
    return _NUMERALS[text] if text in _NUMERALS else int(text)


def _bounded(after: int) -> int:
    if not 0 <= after <= MAX_DAYS:
        msg = f"day {after} is beyond a journey"
        raise ValueError(msg)
    return after
