"""OSM tags to road attributes: class, speed, directions, toll, whether a car may drive there at all.

Meanings as in the OSM wiki (Key:highway, Key:access, Key:oneway, Key:maxspeed, Key:toll); each key has its own module.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from transit_model.roads.highway_speeds import (
    RAMP,
    ROAD,
    DefaultSpeed,
    SpeedRules,
    find_default_kmh,
)
from transit_model.roads.osm_access import ACCESS_KEYS, REVERSIBLE, find_directions, find_oneway, parse_oneway
from transit_model.roads.osm_barriers import find_obstacle
from transit_model.roads.osm_durations import parse_duration_s
from transit_model.roads.osm_speeds import SPEED_KEYS, parse_maxspeed, read_speeds
from transit_model.roads.osm_tolls import TOLL_KEYS, find_toll

__all__ = [
    "DRIVE_CLASSES",
    "RAMP",
    "ROAD",
    "DefaultSpeed",
    "WayTags",
    "find_default_kmh",
    "find_obstacle",
    "parse_duration_s",
    "parse_maxspeed",
    "parse_oneway",
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
_CLOSED_SERVICE = {"parking_aisle", "driveway", "emergency_access", "drive-through"}
TELLING_KEYS = frozenset(
    {
        "area",
        "construction",
        "duration",
        "highway",
        "ice_road",
        "impassable",
        "route",
        "service",
        "smoothness",
        "status",
        "winter_road",
        *ACCESS_KEYS,
        *SPEED_KEYS,
        *TOLL_KEYS,
    }
)
"""All keys that `find_closure` and `read_way_tags` look at, names and numbers of roads aside."""


def split_highway(value: str) -> tuple[str, str]:
    """Return class and kind of a ``highway`` value: ``motorway_link`` is the ramp of a motorway."""
    value = value.strip()
    return (value.removesuffix("_link"), RAMP) if value.endswith("_link") else (value, ROAD)


def is_ferry(tags: Mapping[str, str]) -> bool:
    """Return whether a way is the course of a ferry."""
    return FERRY in (tags.get("route"), tags.get("highway"))


def is_wanted(highway: str, classes: tuple[str, ...]) -> bool:
    """Return whether a ``highway`` value is one of the classes or their ramps, as OSM spells them."""
    return highway.removesuffix("_link") in classes


def is_misspelt(highway: str, classes: tuple[str, ...]) -> bool:
    """Return whether a ``highway`` value that no class has means one: ``Primary``, ``primary;secondary``."""
    words = {word.strip().lower().removesuffix("_link") for word in highway.split(";")}
    return bool(words & set(classes)) and not is_wanted(highway, classes)


def find_closure(tags: Mapping[str, str], classes: tuple[str, ...] = DRIVE_CLASSES) -> str:
    """Return why a car may not use a way, "" when it may.

    Reasons: other_class, area, reversible, not_built, winter_only, impassable, no_access (in no direction).
    """
    ferry = is_ferry(tags)
    if ferry:
        if FERRY not in classes:
            return "other_class"
        return "" if any(find_directions(tags, ferry=True)) else "no_access"
    highway = tags.get("highway", "")
    reasons = {
        "other_class": split_highway(highway)[0] not in classes,
        "area": tags.get("area") == "yes",
        # Open one way at a time, and which way at what hour is not in the map.
        "reversible": find_oneway(tags) == REVERSIBLE,
        "not_built": tags.get("construction") == "yes",
        "winter_only": WINTER not in classes and "yes" in (tags.get("winter_road"), tags.get("ice_road")),
        "impassable": "impassable" in (tags.get("smoothness"), tags.get("status")) or tags.get("impassable") == "yes",
        "no_access": highway == "service" and tags.get("service") in _CLOSED_SERVICE,
    }
    why = next((reason for reason, holds in reasons.items() if holds), "")
    return why or ("" if any(find_directions(tags)) else "no_access")


class WayTags(NamedTuple):
    """What the tags of a way say to a car.

    `direction` 1 when only the drawn direction is open, -1 when only the other, 0 for both; `kmh` along the drawing,
    `back_kmh` against it; `duration_s` of a ferry, else 0; `odd` a speed that was not understood, else "";
    `toll` along the drawing, `back_toll` against it, `toll_free` when the way says that it is;
    `odd_duration` a ferry's that was not understood, else "".
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
    back_toll: bool = False
    odd_duration: str = ""


def read_way_tags(tags: Mapping[str, str], rules: SpeedRules) -> WayTags:
    """Return the attributes of a way that `find_closure` lets pass.

    Speeds as of `read_speeds`. A road is urban when it is a residential or living street, or is posted at
    `URBAN_MAX_KMH` or less.
    """
    ferry = is_ferry(tags)
    highway, kind = (FERRY, ROAD) if ferry else split_highway(tags.get("highway", ""))
    ahead, back = find_directions(tags, ferry=ferry)
    speeds = read_speeds(tags, rules.find_kmh(highway, kind) or 1.0, rules)
    tolls = find_toll(tags, "forward"), find_toll(tags, "backward")
    duration = tags.get("duration", "") if ferry else ""
    duration_s = parse_duration_s(duration)
    limit = speeds.limit_kmh
    return WayTags(
        highway=highway,
        kind=kind,
        direction=int(ahead) - int(back),
        kmh=speeds.kmh,
        back_kmh=speeds.back_kmh,
        posted=limit is not None,
        urban=highway in URBAN_CLASSES or (limit is not None and limit <= URBAN_MAX_KMH and kind != RAMP),
        toll=tolls[0] is True,
        duration_s=duration_s,
        name=tags.get("name:zh") or tags.get("name", ""),
        ref=tags.get("ref", ""),
        odd=speeds.odd,
        toll_free=False in tolls and True not in tolls,
        back_toll=tolls[1] is True,
        odd_duration=duration if duration and duration_s <= 0 else "",
    )
