"""OSM tags to road attributes: class, posted speed, direction, who may drive.

Meanings as in the OSM wiki (Key:highway, Key:maxspeed, Key:oneway, Key:access).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from transit_model.units import KMH_PER_MPH

ROAD, RAMP = "road", "ramp"
DRIVE_CLASSES = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
)
"""Classes of a drive network; service ways and tracks only on request."""
IMPLICIT_KMH = MappingProxyType({"CN:motorway": 120.0, "CN:rural": 70.0, "CN:urban": 50.0})
"""Implicit limits, Road Traffic Safety Law implementation regulations ([limit]); other countries are not guessed."""
_NO_NUMBER = {"", "none", "signals", "variable", "walk", "implicit", "unposted", "sign", "default"}
_SPEED = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?$", re.IGNORECASE)
_FORWARD = {"yes", "true", "1"}
_BACKWARD = {"-1", "reverse"}
_TWO_WAY = {"no", "false", "0"}
_NOBODY = {"no", "private", "agricultural", "forestry", "delivery", "military", "emergency"}


class DefaultSpeed(NamedTuple):
    """Speed taken for a class without a posted limit, with its source."""

    kmh: float
    basis: str
    source: str


@cache
def read_default_speeds() -> Mapping[tuple[str, str], DefaultSpeed]:
    """Return the default speed by class and kind (road or ramp), km/h, from ``highway_speeds.csv``."""
    text = files("transit_model.readers").joinpath("highway_speeds.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    table = {(r["highway"], r["kind"]): DefaultSpeed(float(r["maxspeed_kmh"]), r["basis"], r["source"]) for r in rows}
    return MappingProxyType(table)


def find_default_kmh(highway: str, kind: str = ROAD) -> float | None:
    """Return the default speed of a class in km/h, None for a class without one."""
    table = read_default_speeds()
    entry = table.get((highway, kind)) or table.get((highway, ROAD))
    return None if entry is None else entry.kmh


def split_highway(value: str) -> tuple[str, str]:
    """Return class and kind of a ``highway`` value: ``motorway_link`` is the ramp of a motorway."""
    value = value.strip()
    return (value.removesuffix("_link"), RAMP) if value.endswith("_link") else (value, ROAD)


def parse_maxspeed(value: str) -> tuple[float | None, bool]:
    """Return the posted speed of a ``maxspeed`` value in km/h and whether the value was understood.

    ``50`` and ``50 km/h`` are km/h, ``30 mph`` miles; ``CN:urban`` is the law's. Of several values (``80;100``,
    ``80|100``) the lowest counts. ``none``, ``signals`` and the like give None, understood. Knots and unknown words
    give None, not understood: nothing is read as km/h by accident.
    """
    speeds: list[float] = []
    for part in re.split(r"[;|,]", value):
        text = part.strip()
        if text.lower() in _NO_NUMBER:
            continue
        if text in IMPLICIT_KMH:
            speeds.append(IMPLICIT_KMH[text])
            continue
        match = _SPEED.match(text)
        if match is None or float(match.group(1)) <= 0:
            return None, False
        is_mph = (match.group(2) or "").lower() == "mph"
        speeds.append(float(match.group(1)) * (KMH_PER_MPH if is_mph else 1.0))
    return (min(speeds) if speeds else None), True


def parse_oneway(tags: Mapping[str, str]) -> int:
    """Return 1 when only the drawn direction is open, -1 when only the other, 0 for both.

    A motorway and a roundabout are one-way unless tagged otherwise; a link road is not.
    """
    value = str(tags.get("oneway", "")).strip().lower()
    if value in _FORWARD:
        return 1
    if value in _BACKWARD:
        return -1
    if value in _TWO_WAY:
        return 0
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return 1 if implied else 0


def is_drivable(tags: Mapping[str, str], classes: tuple[str, ...] = DRIVE_CLASSES) -> bool:
    """Return whether a car may use a way in general."""
    highway = tags.get("highway", "")
    if split_highway(highway)[0] not in classes or tags.get("area") == "yes":
        return False
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):  # the most special tag decides
        if key in tags:
            return tags[key] not in _NOBODY
    return True
