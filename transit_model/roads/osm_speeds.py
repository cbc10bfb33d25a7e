"""Posted and default speeds in OSM tags (wiki, Key:maxspeed), for each direction of a way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from transit_model.roads.highway_speeds import SpeedRules, read_speed_rules
from transit_model.roads.osm_access import WAYS
from transit_model.units import KMH_PER_MPH

MIN_KMH, MAX_KMH = 4.8, 200.0
"""Limits outside are slips of the pen: 3 mph is the least that stands on signs, 200 km/h the most of the schema."""
_NO_NUMBER = {"", "none", "signals", "variable", "walk", "implicit", "unposted", "sign", "default"}
_SPEED = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|km/hr|mph|mp/h)?$", re.IGNORECASE)
_NUMBERED_ZONE = re.compile(r"^[A-Z]{2}:(?:zone:?)?(\d+)$")
_DECIMAL_COMMA = re.compile(r"(?<![\d,.])(\d+),(\d|\d[1-46-9])(?![\d,.])")
"""One digit, or two that are no limit of their own: ``100,2`` and ``48,28``, but ``80,60`` are two limits."""
_LIMITS = ("maxspeed:motorcar", "maxspeed:motor_vehicle", "maxspeed")  # the key of cars before that of all
_SIDES = (*WAYS, "both_ways")
_ADVICE = "maxspeed:advisory"
_SOURCES = ("maxspeed:type", "zone:maxspeed", "source:maxspeed")
_UNPAVED = {
    "clay",
    "compacted",
    "dirt",
    "earth",
    "fine_gravel",
    "grass",
    "gravel",
    "ground",
    "ice",
    "laterite",
    "mud",
    "pebblestone",
    "rock",
    "rocks",
    "rocky",
    "salt",
    "sand",
    "shells",
    "snow",
    "soil",
    "stone",
    "unpaved",
    "woodchips",
}
"""Surfaces without a bound top layer (OSM wiki, Key:surface), and words that mappers use for them."""
SPEED_KEYS = frozenset(
    {
        "surface",
        *_SOURCES,
        *(f"{key}:{way}" for key in _SOURCES for way in WAYS),
        *_LIMITS,
        *(f"{key}:{side}" for key in _LIMITS for side in _SIDES),
        _ADVICE,
        *(f"{_ADVICE}:{side}" for side in _SIDES),
    }
)


class Speeds(NamedTuple):
    """Speeds of a way in km/h.

    `kmh` along the drawing, `back_kmh` against it; `limit_kmh` the posted limit, None without one; `odd` a value that
    was not understood, else "".
    """

    kmh: float
    back_kmh: float
    limit_kmh: float | None
    odd: str


def parse_maxspeed(value: str, zones: Mapping[str, float] | None = None) -> tuple[float | None, bool]:
    """Return the posted speed of a ``maxspeed`` value in km/h and whether the value was understood.

    ``50``, ``50 km/h`` and ``62,5`` are km/h, ``30 mph`` miles; ``CN:urban`` and ``walk`` stand in the speed table
    (`zones`, default those of China). Of several values (``80;100``, ``80|100``) the lowest counts. ``none``,
    ``signals`` and the like give None, understood. Knots and unknown words give None, not understood: nothing is read
    as km/h by accident.
    """
    zones = read_speed_rules().zones if zones is None else zones
    speeds: list[float] = []
    for part in re.split(r"[;|,]", _DECIMAL_COMMA.sub(r"\1.\2", value)):
        text = part.strip()
        if text in zones:
            speeds.append(zones[text])
            continue
        if text.lower() in _NO_NUMBER:
            continue
        numbered = _NUMBERED_ZONE.match(text)
        text = numbered.group(1) if numbered else text
        match = _SPEED.match(text)
        if match is None or float(match.group(1)) <= 0:
            return None, False
        is_mph = (match.group(2) or "").lower() in ("mph", "mp/h")
        speeds.append(float(match.group(1)) * (KMH_PER_MPH if is_mph else 1.0))
    return (min(speeds) if speeds else None), True


def read_speeds(tags: Mapping[str, str], default_kmh: float, rules: SpeedRules) -> Speeds:
    """Return the speeds of a way of a class whose default is `default_kmh`.

    A posted limit wins: that of cars before that of all vehicles, of a direction before both, a sign before the kind
    of road that a law names. Without one the default counts, at most the speed of unpaved roads on those. An advised
    speed is driven where it is lower than the limit, or where there is none.
    """
    if {word.strip() for word in tags.get("surface", "").split(";")} & _UNPAVED:
        default_kmh = min(default_kmh, rules.unpaved_kmh)
    limit, odd = _read(tags, (*_list_limits(""), *_SOURCES), rules)
    speeds = []
    posted = [limit]
    for way in WAYS:
        own = [key for source in _SOURCES for key in (f"{source}:{way}", source)]
        limit, odd_limit = _read(tags, (*_list_limits(way), *own), rules)
        advised, odd_advice = _read(tags, (f"{_ADVICE}:{way}", f"{_ADVICE}:both_ways", _ADVICE), rules)
        speeds.append(min((v for v in (limit, advised) if v is not None), default=default_kmh))
        posted.append(limit)
        odd = odd or odd_limit or odd_advice
    return Speeds(speeds[0], speeds[1], next((v for v in posted if v is not None), None), odd)


def _list_limits(way: str) -> list[str]:
    sides = (f":{way}", ":both_ways", "") if way else (":both_ways", "")
    return [f"{key}{side}" for key in _LIMITS for side in sides]


def _read(tags: Mapping[str, str], keys: Sequence[str], rules: SpeedRules) -> tuple[float | None, str]:
    """Return the first speed among keys and a value that was not understood ("" when none)."""
    odd = ""
    for key in keys:
        if key not in tags:
            continue
        kmh, understood = parse_maxspeed(tags[key], rules.zones)
        slip = kmh is not None and not MIN_KMH <= kmh <= MAX_KMH
        if kmh is not None and not slip:
            return kmh, odd
        # The source or kind of a limit may be any text.
        if (slip or not understood) and not key.startswith(_SOURCES):
            odd = odd or tags[key]
    return None, odd
