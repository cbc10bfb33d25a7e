"""The values that keys of our files take: ids, clock times, dates, and numbers within bounds that something real has.

A bound parts a slip of the pen from a plan: what is refused here no timetable, road or plan of the world has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from transit_model.units import S_PER_DAY, format_clock, parse_clock_s

Highway = Literal["motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential"]
ID_PATTERN: Final = re.compile(r"^[a-z0-9][a-z0-9_-]*$")
LAST_CLOCK_S: Final = 2 * S_PER_DAY
"""No clock time is later than 48:00: GTFS hours may exceed 24 for what leaves after midnight of the service day, and
the departure window ends there too (`measure.window_check`), so nobody could ever ask for a later departure."""
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
"""Nothing on the map opened before the one or is planned beyond the other; 9999 stands for "never" and is refused."""
MOST_STOPS: Final = 200
"""Stops of one line at most; the longest railways of the world have fewer."""
_YEAR: Final = re.compile(r"^\d{4}$")
_MONTH: Final = re.compile(r"^(\d{4})-(\d{2})$")
_MOST_SHOWN: Final = 60


def problem(
    code: str,
    message: str,
    hint: str = "",
    keys: Sequence[str] = (),
    mend: Mapping[str, Any] | None = None,
    *,
    at: str | None = None,
) -> PydanticCustomError:
    """Return an error that becomes an `Issue` of this code.

    Parameters
    ----------
    hint : str
        What to do about it.
    keys : sequence of str
        Keys of the object that it is about, as in the file; it is told at the first of them that is given. While one
        of them is wrong by itself nothing is said about them together.
    mend : mapping, optional
        Values of keys (None takes one out) with which the object would be sound enough that the rest of the project
        can be checked; they are never measured.
    at : str, optional
        The key at which it is told, e.g. one that lacks.
    """
    context = {"text": message, "hint": hint, "keys": tuple(keys), "mend": mend, "at": at}
    return PydanticCustomError(code, "{text}", context)  # type: ignore[arg-type, unused-ignore]


def show(value: object) -> str:
    """Return what was written as it is quoted in a message: at most sixty characters of it."""
    return shorten(repr(value))


def shorten(text: str) -> str:
    """Return a text, or its first sixty characters."""
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"


def _check_id(value: Any) -> Any:  # noqa: ANN401 - before validation
    if isinstance(value, str) and not ID_PATTERN.fullmatch(value):
        hint = "use small letters a-z, digits, - and _"
        raise problem("bad_id", f"{show(value)} is not an id", hint)
    return value


def _as_clock(value: Any) -> Any:  # noqa: ANN401 - before validation
    if not isinstance(value, str):
        raise problem("bad_clock", f"{show(value)} is not a clock time", 'write HH:MM in quotes, e.g. "06:30"')
    try:
        clock_s = parse_clock_s(value)
    except ValueError as error:
        raise problem("bad_clock", f"{show(value)} is not a clock time", "write HH:MM, e.g. 06:30") from error
    if clock_s > LAST_CLOCK_S:
        message = f"{show(value)} is later than {format_clock(LAST_CLOCK_S)}"
        raise problem("bad_clock", message, "after midnight of the service day write 24:30, of the next day 00:30")
    return value


def _as_dated(value: Any) -> Any:  # noqa: ANN401 - before validation
    """Return a year, month or day as text; YAML reads 2026-02-14 as a date and 2026 as a number."""
    text = str(value)
    parse_span(text)
    return text


def parse_span(text: str) -> tuple[date, date]:
    """Return first and last day of a year, a month or a day between `FIRST_YEAR` and `LAST_YEAR`."""
    try:
        first, last = _parse_days(text)
    except ValueError as error:
        hint = "write a year, YYYY-MM, YYYY-MM-DD, [2028, 2030] or unknown"
        raise problem("bad_opening", f"{show(text)} is not an opening date", hint) from error
    check_year(first, text)
    return first, last


def check_year(day: date, text: str) -> None:
    """Raise a `problem` for a day of which no plan speaks."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = f"{show(text)} does not lie between {FIRST_YEAR} and {LAST_YEAR}"
        raise problem("bad_opening", message, "where nobody knows the year write unknown")


def _parse_days(text: str) -> tuple[date, date]:
    if _YEAR.match(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    month = _MONTH.match(text)
    if month:
        year, number = int(month.group(1)), int(month.group(2))
        following = date(year + number // 12, number % 12 + 1, 1)
        return date(year, number, 1), date.fromordinal(following.toordinal() - 1)
    day = date.fromisoformat(text)
    return day, day


Id = Annotated[str, BeforeValidator(_check_id), Field(min_length=1)]
AsOf = Annotated[str, BeforeValidator(_as_dated)]
Clock = Annotated[str, BeforeValidator(_as_clock)]
POSITION: Final = "position"
"""Marks a number that says where something lies, not how much of it there is."""
Lon = Annotated[float, Field(ge=-180, le=180), POSITION]
Lat = Annotated[float, Field(ge=-90, le=90), POSITION]
MOST_BEND_LAT: Final = 85.0
"""No road bends nearer to a pole, degrees: the maps of the web end at 85.05 (the square of Mercator)."""


def _as_bend(value: Any) -> Any:  # noqa: ANN401 - before validation
    hint = "a bend is two numbers in degrees, [lon, lat], e.g. [111.5, 40.8]"
    is_pair = isinstance(value, list | tuple) and len(value) == 2
    if not is_pair or any(isinstance(v, bool) or not isinstance(v, int | float) for v in value):
        raise problem("bad_bend", f"{show(value)} is not a bend", hint)
    lon, lat = value
    if not (-180 <= lon <= 180 and -MOST_BEND_LAT <= lat <= MOST_BEND_LAT):
        message = f"{show(value)} is no place of a road: lon lies within 180 degrees of zero, lat within 85"
        raise problem("out_of_range", message, hint)
    return value


Bend = Annotated[
    tuple[Lon, Annotated[float, Field(ge=-MOST_BEND_LAT, le=MOST_BEND_LAT), POSITION]], BeforeValidator(_as_bend)
]
"""``[lon, lat]`` of a point of a road's line, degrees, WGS84."""
Minutes = Annotated[float, Field(gt=0, le=2880)]
Headway = Annotated[float, Field(ge=0.5, le=2880)]
"""Minutes between departures: the densest metros run every minute and a half."""
Kilometres = Annotated[float, Field(gt=0, le=5000)]
Kmh = Annotated[float, Field(ge=1, le=600)]
"""Nothing that is planned is slower than a walk or faster than a maglev (603 km/h was the record of one)."""
