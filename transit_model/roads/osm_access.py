"""Who may drive where: access and one-way tags of ways, resolved once for each direction.

The hierarchy of the OSM wiki (Key:access, Key:oneway): of ``access`` < ``vehicle`` < ``motor_vehicle`` < ``motorcar``
the most special key that says something decides, and of one key its ``:forward`` or ``:backward`` form before the plain
one. A value that nobody documents says nothing: the next more general key is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

MODES = ("motorcar", "motor_vehicle", "vehicle", "access")
"""Keys that speak of cars, the most special first."""
WAYS = ("forward", "backward")
REVERSIBLE = "reversible"
_OPEN = {
    "1",
    "allowed",
    "car",
    "customers",
    "designated",
    "destination",
    "discouraged",
    "motor_vehicle",
    "motorcar",
    "permissive",
    "public",
    "true",
    "vehicle",
    "yes",
}
_CLOSED = {
    "0",
    "agricultural",
    "atv",
    "authorised",
    "authorized",
    "bicycle",
    "bus",
    "coach",
    "delivery",
    "emergency",
    "false",
    "foot",
    "forestry",
    "goods",
    "hgv",
    "horse",
    "military",
    "minibus",
    "mofa",
    "moped",
    "motorcycle",
    "no",
    "official",
    "permit",
    "private",
    "psv",
    "restricted",
    "service",
    "share_taxi",
    "snowmobile",
    "taxi",
    "tourist_bus",
    "tram",
}
"""Nobody, owners, authorities, or vehicles other than a car of one's own."""
_FORWARD = {"yes", "true", "1"}
_BACKWARD = {"-1", "reverse", "backward"}
_BOTH = {"no", "false", "0", "alternating"}
_ONEWAYS = tuple(f"oneway:{mode}" for mode in MODES[:-1])
_OWN = MODES[:2]  # keys more special than ``oneway``, which speaks of every vehicle
ACCESS_KEYS = frozenset(
    {*MODES, *(f"{mode}:{way}" for mode in MODES for way in WAYS), "oneway", *_ONEWAYS, "junction", "hgv"}
)
"""All keys that `find_directions` looks at, besides ``highway``."""


def judge_access(value: str) -> bool | None:
    """Return whether an access value lets cars pass, None when it does not say.

    Of several values (``agricultural;destination``) one that is open opens, else one that is closed closes.
    """
    if value in _OPEN:  # most values are one word, plainly written
        return True
    if value in _CLOSED:
        return False
    words = {word.strip().lower() for word in re.split(r"[;,|]", value)}
    return True if words & _OPEN else False if words & _CLOSED else None


def resolve_access(tags: Mapping[str, str], way: str = "", modes: Sequence[str] = MODES) -> bool | None:
    """Return whether cars may pass, along `way` ("forward", "backward") or in general; None when nothing says."""
    for mode in modes:
        for key in (f"{mode}:{way}", mode) if way else (mode,):
            said = judge_access(tags[key]) if key in tags else None
            if said is not None:
                return said
    return None


def find_oneway(tags: Mapping[str, str]) -> str:
    """Return "forward", "backward", "both", ``reversible``, or "" when no tag says.

    ``oneway:motorcar`` before ``oneway:motor_vehicle``, ``oneway:vehicle`` and ``oneway``; ``alternating`` changes
    within minutes and is open both ways.
    """
    for key in (*_ONEWAYS, "oneway"):
        value = str(tags.get(key, "")).strip().lower()
        if value == REVERSIBLE:
            return REVERSIBLE
        for word, values in (("forward", _FORWARD), ("backward", _BACKWARD), ("both", _BOTH)):
            if value in values:
                return word
    return ""


def parse_oneway(tags: Mapping[str, str]) -> int:
    """Return 1 when only the drawn direction is open, -1 when only the other, 0 for both.

    A motorway and a circular junction are one-way unless tagged otherwise; a link road is not. A roundabout is one-way
    whatever is said of it: two-way traffic would make it another kind of junction (OSM wiki, Tag:junction=roundabout).
    """
    said = find_oneway(tags)
    if tags.get("junction") == "roundabout":
        return -1 if said == "backward" else 1
    if said:
        return {"forward": 1, "backward": -1}.get(said, 0)
    return 1 if tags.get("junction") == "circular" or tags.get("highway") == "motorway" else 0


def find_directions(tags: Mapping[str, str], *, ferry: bool = False) -> tuple[bool, bool]:
    """Return whether cars may drive a way forward and backward.

    A way is open unless a tag closes it; a ferry carries cars only when it says so, of cars or of lorries
    (OSM wiki, Tag:route=ferry). A street that is one-way for all vehicles is open the other way to cars that a key of
    their own lets in (``oneway=yes`` with ``motor_vehicle:backward=yes``).
    """
    modes = MODES[:-1] if ferry else MODES
    said = [resolve_access(tags, way, modes) for way in WAYS]
    default = not ferry or judge_access(tags.get("hgv", "no")) is True
    open_ways = [default if s is None else s for s in said]
    oneway = parse_oneway(tags)
    if oneway:
        against = WAYS[oneway > 0]
        own = tags.get("junction") != "roundabout" and not any(f"oneway:{mode}" in tags for mode in _OWN)
        let_in = own and any(judge_access(tags.get(f"{mode}:{against}", "no")) for mode in _OWN)
        open_ways[oneway > 0] &= let_in
    return open_ways[0], open_ways[1]
