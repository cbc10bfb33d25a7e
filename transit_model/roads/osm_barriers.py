"""What a node of a road does to cars: stop them, cost them toll or time, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from transit_model.roads.osm_access import MODES, resolve_access
from transit_model.roads.osm_tolls import is_toll_free

CLOSED, TOLL_BOOTH, SIGNALS = "closed", "toll_booth", "traffic_signals"
OBSTACLE_KEYS = ("barrier", *MODES)
"""A node without any of these keys is no obstacle but for traffic lights."""
_PASSABLE = {
    "",
    "arch",
    "border_control",
    "bump_gate",
    "cattle_grid",
    "checkpoint",
    "coupure",
    "entrance",
    "gate",
    "hampshire_gate",
    "height_restrictor",
    "kerb",
    "lift_gate",
    "no",
    "rising_bollard",
    "rope",
    "sally_port",
    "sliding_beam",
    "sliding_gate",
    "spikes",
    "swing_gate",
    "toll_booth",
    "width_restrictor",
}
"""Barriers that open for cars unless access says otherwise (OSM wiki, Key:barrier); all others stop them, also those
that nobody has documented."""
_FACILITIES = ("amenity", "entrance")
_MOVING_BOLLARDS = {"rising"}  # sinks for a car; foldable and removable ones want a key


def find_obstacle(tags: Mapping[str, str]) -> str:
    """Return what a node does to cars: "closed", "toll_booth", "traffic_signals" or "".

    Access tags decide, with or without a barrier, by the hierarchy of ways; then a lock, then the kind of barrier.
    Those of a door or an amenity on the road (``entrance=home``, ``amenity=parking_entrance``) say who may go in there.
    """
    if "barrier" not in tags and "highway" not in tags and any(key in tags for key in _FACILITIES):
        return ""
    barriers = {word.strip().lower() for word in tags.get("barrier", "").split(";")}
    said = resolve_access(tags)
    if said is False or (said is None and _stops_cars(barriers, tags)):
        return CLOSED
    if TOLL_BOOTH in barriers and not is_toll_free(tags):
        return TOLL_BOOTH
    return SIGNALS if tags.get("highway") == SIGNALS else ""


def _stops_cars(barriers: set[str], tags: Mapping[str, str]) -> bool:
    if tags.get("locked") == "yes" and barriers != {""}:
        return True
    if "bollard" in barriers and tags.get("bollard") in _MOVING_BOLLARDS:
        barriers = barriers - {"bollard"}
    return not barriers <= _PASSABLE
