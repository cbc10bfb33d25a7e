"""OSM words mean what the OSM wiki says."""

from __future__ import annotations

import pytest

from transit_model.domain.tables import HIGHWAY_CLASSES
from transit_model.readers.osm_tags import (
    RAMP,
    ROAD,
    find_default_kmh,
    is_drivable,
    parse_maxspeed,
    parse_oneway,
    read_default_speeds,
    split_highway,
)


@pytest.mark.parametrize(
    ("value", "kmh", "understood"),
    [
        ("60", 60.0, True),
        ("60 km/h", 60.0, True),
        ("60kmh", 60.0, True),
        ("50 mph", 80.4672, True),  # 50 x 1.609344
        ("30mph", 48.28032, True),
        ("CN:motorway", 120.0, True),
        ("CN:urban", 50.0, True),
        ("100;80", 80.0, True),
        ("120|100|80", 80.0, True),
        ("none", None, True),
        ("signals", None, True),
        ("", None, True),
        ("10 knots", None, False),
        ("RO:urban", None, False),
        ("DE:zone30", 30.0, True),
        ("fast", None, False),
        ("-50", None, False),
        ("0", None, False),
        ("80;10 knots", None, False),
    ],
)
def test_maxspeed(value: str, kmh: float | None, understood: bool) -> None:
    speed, ok = parse_maxspeed(value)
    assert ok is understood
    assert speed == (None if kmh is None else pytest.approx(kmh))


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({"highway": "primary"}, 0),
        ({"highway": "primary", "oneway": "yes"}, 1),
        ({"highway": "primary", "oneway": "-1"}, -1),
        ({"highway": "primary", "oneway": "no"}, 0),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
        ({"highway": "tertiary", "junction": "roundabout"}, 1),
        ({"highway": "tertiary", "junction": "circular"}, 1),
        ({"highway": "primary", "oneway": "reversible"}, 0),
    ],
)
def test_oneway(tags: dict[str, str], direction: int) -> None:
    assert parse_oneway(tags) == direction


@pytest.mark.parametrize(
    ("tags", "may"),
    [
        ({"highway": "primary"}, True),
        ({"highway": "primary_link"}, True),
        ({"highway": "footway"}, False),
        ({"highway": "service"}, False),
        ({}, False),
        ({"highway": "residential", "access": "private"}, False),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, True),
        ({"highway": "residential", "motor_vehicle": "no"}, False),
        ({"highway": "residential", "access": "destination"}, True),
        ({"highway": "residential", "area": "yes"}, False),
    ],
)
def test_who_may_drive(tags: dict[str, str], may: bool) -> None:
    assert is_drivable(tags) is may


def test_every_class_has_a_default_with_a_source() -> None:
    for highway in HIGHWAY_CLASSES:
        assert find_default_kmh(highway) is not None
    for (highway, kind), entry in read_default_speeds().items():
        assert highway in HIGHWAY_CLASSES
        assert kind in (ROAD, RAMP)
        assert entry.kmh > 0
        assert entry.basis in ("published", "judged")
        assert entry.source.startswith("judged:" if entry.basis == "judged" else "[")


def test_a_link_road_is_the_ramp_of_its_class() -> None:
    assert split_highway("motorway_link") == ("motorway", RAMP)
    assert split_highway("motorway") == ("motorway", ROAD)
    assert find_default_kmh("motorway", RAMP) == 40
    assert find_default_kmh("bridleway") is None
