"""Tolls of cars in OSM tags (wiki, Key:toll): the key of cars before that of all, a direction before both."""

from __future__ import annotations

from collections.abc import Mapping

from transit_model.roads.osm_access import WAYS

_FOR_CARS = ("toll:motorcar", "toll:motor_vehicle", "toll:vehicle", "toll")  # toll:hgv and toll:N3 are not cars'
_TOLLED = {"yes", "true", "1", "interval", "designated"}
_FREE = {"no", "false", "0", "none"}
TOLL_KEYS = frozenset({*_FOR_CARS, *(f"{key}:{way}" for key in _FOR_CARS for way in WAYS)})


def find_toll(tags: Mapping[str, str], way: str = "") -> bool | None:
    """Return whether cars pay, along `way` ("forward", "backward") or in general; None when no tag says."""
    for name in _FOR_CARS:
        for key in (f"{name}:{way}", name) if way else (name,):
            value = tags.get(key, "").strip().lower()
            if value in _TOLLED or value in _FREE:
                return value in _TOLLED
    return None


def is_toll_free(tags: Mapping[str, str]) -> bool:
    """Return whether tags say that cars pay nothing."""
    return find_toll(tags) is False
