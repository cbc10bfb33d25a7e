"""OSM tags to road attributes: class, posted speed, direction, who may drive.

Meanings as in the OSM wiki (Key:highway, Key:maxspeed, Key:oneway, Key:access).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from transit_model.readers.highway_speeds import (
    RAMP,
    ROAD,
    DefaultSpeed,
    SpeedRules,
    find_default_kmh,
    read_default_speeds,
    read_speed_rules,
)
from transit_model.units import KMH_PER_MPH, S_PER_HOUR, S_PER_MIN

__all__ = [
    "DRIVE_CLASSES",
    "RAMP",
    "ROAD",
    "DefaultSpeed",
    "WayTags",
    "find_default_kmh",
    "find_obstacle",
    "is_drivable",
    "parse_maxspeed",
    "parse_oneway",
    "read_default_speeds",
    "read_way_tags",
    "split_highway",
]

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
SERVICE_CLASSES = ("service",)
TRACK_CLASSES = ("track",)
FERRY = "ferry"
WINTER = "winter_road"
"""Among the classes asked for: also roads that exist on snow or ice only (OSM wiki, Key:winter_road, Key:ice_road)."""
URBAN_CLASSES = ("residential", "living_street")
URBAN_MAX_KMH = 50.0
"""A posted limit of at most this marks a street in town ([limit]: 50 in cities, 70 on highways)."""
_NO_NUMBER = {"", "none", "signals", "variable", "walk", "implicit", "unposted", "sign", "default"}
_SPEED = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?$", re.IGNORECASE)
_FORWARD = {"yes", "true", "1"}
_BACKWARD = {"-1", "reverse"}
_TWO_WAY = {"no", "false", "0"}
_NOBODY = {"no", "private", "agricultural", "forestry", "delivery", "military", "emergency"}
_MODES = ("motorcar", "motor_vehicle", "vehicle", "access")  # the most special tag decides
_REVERSIBLE = {"reversible"}
_CLOSED_SERVICE = {"parking_aisle", "driveway", "emergency_access", "drive-through"}
_PASSABLE = {
    "border_control",
    "bump_gate",
    "cattle_grid",
    "checkpoint",
    "coupure",
    "entrance",
    "gate",
    "height_restrictor",
    "kerb",
    "lift_gate",
    "no",
    "rope",
    "sally_port",
    "spikes",
    "swing_gate",
    "toll_booth",
    "width_restrictor",
}
"""Barriers that open for cars unless access says otherwise (OSM wiki, Key:barrier); the others stop them."""
BARRIERS = (
    *sorted(_PASSABLE - {"no"}),
    "barrier_board",
    "block",
    "bollard",
    "cable_barrier",
    "chain",
    "cycle_barrier",
    "debris",
    "fence",
    "full-height_turnstile",
    "guard_rail",
    "hampshire_gate",
    "jersey_barrier",
    "log",
    "motorcycle_barrier",
    "planter",
    "rock",
    "security",
    "sliding_gate",
    "stile",
    "turnstile",
    "wall",
    "yes",
)
"""Barriers we look at; others are passed over."""
_UNPAVED = {"compacted", "dirt", "earth", "fine_gravel", "grass", "gravel", "ground", "mud", "sand", "unpaved"}
TELLING_KEYS = frozenset(
    {
        "area",
        "construction",
        "duration",
        "highway",
        "ice_road",
        "junction",
        "maxspeed",
        "maxspeed:backward",
        "maxspeed:forward",
        "maxspeed:type",
        "oneway",
        "route",
        "service",
        "source:maxspeed",
        "surface",
        "toll",
        "toll:motorcar",
        "winter_road",
        "zone:maxspeed",
        *_MODES,
        *(f"{mode}:{way}" for mode in _MODES for way in ("forward", "backward")),
    }
)
"""All keys that `find_closure` and `read_way_tags` look at, names and numbers of roads aside."""
_NUMBERED_ZONE = re.compile(r"^[A-Z]{2}:(?:zone:?)?(\d+)$")
_DURATION = re.compile(r"^(?:(\d+):)?(\d+):(\d\d)$|^(\d+)$")


def split_highway(value: str) -> tuple[str, str]:
    """Return class and kind of a ``highway`` value: ``motorway_link`` is the ramp of a motorway."""
    value = value.strip()
    return (value.removesuffix("_link"), RAMP) if value.endswith("_link") else (value, ROAD)


def parse_maxspeed(value: str, zones: Mapping[str, float] | None = None) -> tuple[float | None, bool]:
    """Return the posted speed of a ``maxspeed`` value in km/h and whether the value was understood.

    ``50`` and ``50 km/h`` are km/h, ``30 mph`` miles; ``CN:urban`` is the law's (`zones`, default those of
    China). Of several values (``80;100``, ``80|100``) the lowest counts. ``none``, ``signals`` and the like give None,
    understood. Knots and unknown words give None, not understood: nothing is read as km/h by accident.
    """
    zones = read_speed_rules().zones if zones is None else zones
    speeds: list[float] = []
    for part in re.split(r"[;|,]", value):
        text = part.strip()
        if text.lower() in _NO_NUMBER:
            continue
        if text in zones:
            speeds.append(zones[text])
            continue
        numbered = _NUMBERED_ZONE.match(text)
        text = numbered.group(1) if numbered else text
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
    return find_closure(tags, classes) == ""


def find_closure(tags: Mapping[str, str], classes: tuple[str, ...] = DRIVE_CLASSES) -> str:
    """Return why a car may not use a way, "" when it may.

    Reasons: other_class, area, no_access, reversible, not_built, winter_only.
    """
    highway = tags.get("highway", "")
    if tags.get("route") == FERRY or highway == FERRY:
        # A ferry carries cars only when it says so (OSM wiki, Tag:route=ferry).
        said = next((tags[k] for k in _MODES[:-1] if k in tags), "no")
        return "other_class" if FERRY not in classes else "no_access" if said in _NOBODY else ""
    said = next((tags[k] for k in _MODES if k in tags), "yes")
    reasons = {
        "other_class": split_highway(highway)[0] not in classes,
        "area": tags.get("area") == "yes",
        # Open one way at a time, and which way at what hour is not in the map.
        "reversible": tags.get("oneway") in _REVERSIBLE,
        "not_built": tags.get("construction") == "yes",
        "winter_only": WINTER not in classes and "yes" in (tags.get("winter_road"), tags.get("ice_road")),
        "no_access": said in _NOBODY or (highway == "service" and tags.get("service") in _CLOSED_SERVICE),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


class WayTags(NamedTuple):
    """What the tags of a way say to a car.

    `direction` as of `parse_oneway`; `kmh` along the drawing, `back_kmh` against it; `duration_s` of a ferry, else 0;
    `odd` a speed that was not understood, else "";
    `toll_free` when the way says that it is.
    """

    highway: str
    kind: str
    direction: int
    kmh: float
    back_kmh: float
    posted: bool
    urban: bool
    toll: bool
    duration_s: float
    name: str
    ref: str
    odd: str
    toll_free: bool = False


def read_way_tags(tags: Mapping[str, str], rules: SpeedRules) -> WayTags:
    """Return the attributes of a way that `find_closure` lets pass.

    Posted speeds win (``maxspeed:forward`` and ``:backward`` over ``maxspeed`` over ``maxspeed:type``); else the
    default of the class, not above that of an unpaved surface. A road is urban when it is a residential or living
    street, or is posted at `URBAN_MAX_KMH` or less.
    """
    value = tags.get("highway", "")
    is_ferry = tags.get("route") == FERRY or value == FERRY
    highway, kind = (FERRY, ROAD) if is_ferry else split_highway(value)
    direction = _narrow(parse_oneway(tags), tags)
    both, odd = _read_speed(tags, ("maxspeed", "maxspeed:type", "zone:maxspeed", "source:maxspeed"), rules)
    ahead, odd_ahead = _read_speed(tags, ("maxspeed:forward",), rules)
    back, odd_back = _read_speed(tags, ("maxspeed:backward",), rules)
    default = rules.find_kmh(highway, kind) or 1.0
    if tags.get("surface") in _UNPAVED:
        default = min(default, rules.unpaved_kmh)
    posted = both if both is not None else ahead if ahead is not None else back
    return WayTags(
        highway=highway,
        kind=kind,
        direction=direction,
        kmh=next(v for v in (ahead, both, default) if v is not None),
        back_kmh=next(v for v in (back, both, default) if v is not None),
        posted=posted is not None,
        urban=highway in URBAN_CLASSES or (posted is not None and posted <= URBAN_MAX_KMH and kind != RAMP),
        toll=tags.get("toll") == "yes" or tags.get("toll:motorcar") == "yes",
        duration_s=parse_duration_s(tags.get("duration", "")) if is_ferry else 0.0,
        name=tags.get("name:zh") or tags.get("name", ""),
        ref=tags.get("ref", ""),
        odd=odd or odd_ahead or odd_back,
        toll_free="no" in (tags.get("toll"), tags.get("toll:motorcar")),
    )


def _read_speed(tags: Mapping[str, str], keys: tuple[str, ...], rules: SpeedRules) -> tuple[float | None, str]:
    """Return the first speed among keys and a value that was not understood ("" when none)."""
    for key in keys:
        if key in tags:
            kmh, understood = parse_maxspeed(tags[key], rules.zones)
            if key == "maxspeed" or key.startswith("maxspeed:"):
                odd = "" if understood or key == "maxspeed:type" else tags[key]
            else:
                odd = ""  # the source of a limit may be any text
            if kmh is not None or odd:
                # The schema knows 1 to 200 km/h; a limit beyond is a slip of the pen.
                return (kmh, odd) if kmh is None or 1 <= kmh <= 200 else (None, tags[key])
    return None, ""


def _narrow(direction: int, tags: Mapping[str, str]) -> int:
    """Take out a direction that is closed by ``motor_vehicle:forward=no`` and the like."""
    if direction != 0:
        return direction
    for key in _MODES:
        if tags.get(f"{key}:backward") in _NOBODY:
            return 1
        if tags.get(f"{key}:forward") in _NOBODY:
            return -1
    return 0


def parse_duration_s(value: str) -> float:
    """Return the seconds of a ``duration``: ``MM``, ``H:MM`` or ``H:MM:SS``; 0 when it is none (OSM wiki)."""
    match = _DURATION.match(value.strip())
    if match is None:
        return 0.0
    if match.group(4):
        return float(int(match.group(4)) * S_PER_MIN)
    first, second, third = match.group(1), int(match.group(2)), int(match.group(3))
    if first is None:
        return float(second * S_PER_HOUR + third * S_PER_MIN)
    return float(int(first) * S_PER_HOUR + second * S_PER_MIN + third)


def find_obstacle(tags: Mapping[str, str]) -> str:
    """Return what a node does to cars: "closed", "toll_booth", "traffic_signals" or ""."""
    barrier = tags.get("barrier", "")
    if barrier:
        said = next((tags[k] for k in _MODES if k in tags), "")
        if said in _NOBODY or (not said and barrier not in _PASSABLE):
            return "closed"
        if barrier == "toll_booth":
            return "toll_booth"
    return "traffic_signals" if tags.get("highway") == "traffic_signals" else ""
