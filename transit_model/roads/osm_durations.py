"""How long a ferry takes: the ``duration`` of OSM in all the ways it is written."""

from __future__ import annotations

import re

from transit_model.units import S_PER_DAY, S_PER_HOUR, S_PER_MIN

_CLOCK = re.compile(r"^(?:(\d+):)?(\d+):([0-5]\d)$")
_NUMBER = r"\d+(?:[.,]\d+)?"
_ISO = re.compile(
    rf"^P(?:(?P<weeks>{_NUMBER})W)?(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?(?:(?P<seconds>{_NUMBER})S)?)?$"
)
_WORDS = re.compile(
    rf"^(?:(?P<days>{_NUMBER})(?:d|days?|天|日))?"
    rf"(?:(?P<hours>{_NUMBER})(?:h|hrs?|hours?|个?小时|时))?"
    rf"(?:(?P<minutes>{_NUMBER})(?:m|mins?|minutes?|分钟?|'))?"
    rf"(?:(?P<seconds>{_NUMBER})(?:s|secs?|seconds?|秒))?$"
)
_HOURS_AND = re.compile(r"^(\d+)h([0-5]\d)$")  # 1h30


def parse_duration_s(value: str) -> float:
    """Return the seconds of a ``duration``; 0 when it is none or not understood.

    ``MM``, ``H:MM`` and ``H:MM:SS`` (OSM wiki), ISO 8601 without years and months (``PT1H5M``, ``P0DT35M``), and
    words: ``35 min``, ``1h``, ``1 h 5 min``, ``1h30``, ``1小时30分钟``.
    """
    text = value.strip()
    if re.fullmatch(_NUMBER, text):
        return _read(text) * S_PER_MIN
    clock = _CLOCK.match(text)
    if clock is not None:
        first, second, third = clock.group(1), int(clock.group(2)), int(clock.group(3))
        hours, minutes, seconds = (second, third, 0) if first is None else (int(first), second, third)
        return float(hours * S_PER_HOUR + minutes * S_PER_MIN + seconds)
    plain = re.sub(r"\s+|(?<=[a-z])\.", "", text.lower())
    plain = f"{plain}m" if _HOURS_AND.match(plain) else plain
    found = _ISO.match(text.upper()) or (_WORDS.match(plain) if plain else None)
    if found is None:
        return 0.0
    parts = {name: _read(part) for name, part in found.groupdict().items()}
    days = parts.get("weeks", 0.0) * 7 + parts["days"]
    return days * S_PER_DAY + parts["hours"] * S_PER_HOUR + parts["minutes"] * S_PER_MIN + parts["seconds"]


def _read(part: str | None) -> float:
    return float(part.replace(",", ".")) if part else 0.0
