"""OSM words mean what the OSM wiki says."""

from __future__ import annotations

import pytest

from transit_model.domain.tables import HIGHWAY_CLASSES
from transit_model.roads.highway_speeds import read_speed_rules
from transit_model.roads.osm_tags import (
    DRIVE_CLASSES,
    RAMP,
    ROAD,
    TELLING_KEYS,
    WINTER,
    find_closure,
    find_default_kmh,
    parse_duration_s,
    parse_maxspeed,
    parse_oneway,
    read_way_tags,
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
    assert (find_closure(tags) == "") is may


def test_every_class_has_a_default_with_a_source() -> None:
    for highway in HIGHWAY_CLASSES:
        assert find_default_kmh(highway) is not None
    for (highway, kind), entry in read_speed_rules().classes.items():
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


RULES = read_speed_rules()


@pytest.mark.parametrize(
    ("tags", "ahead", "back"),
    [
        ({"highway": "secondary"}, 60, 60),  # the class's own
        ({"highway": "secondary", "surface": "gravel"}, 40, 40),  # most that is driven without a sign off the tarmac
        ({"highway": "secondary", "surface": "asphalt"}, 60, 60),
        ({"highway": "tertiary", "surface": "dirt"}, 40, 40),
        ({"highway": "residential", "surface": "sand"}, 30, 30),  # already below
        ({"highway": "secondary", "surface": "gravel", "maxspeed": "70"}, 70, 70),  # the sign wins
        ({"highway": "primary", "maxspeed:forward": "60", "maxspeed:backward": "40"}, 60, 40),
        ({"highway": "primary", "maxspeed": "50", "maxspeed:backward": "30"}, 50, 30),
        ({"highway": "primary", "maxspeed:type": "CN:urban"}, 50, 50),
        ({"highway": "primary", "zone:maxspeed": "CN:30"}, 30, 30),
        ({"highway": "primary", "maxspeed": "none"}, 70, 70),
        ({"highway": "motorway", "maxspeed": "CN:motorway"}, 120, 120),
        ({"highway": "primary", "maxspeed": "30 knots"}, 70, 70),  # refused: never read as km/h
        ({"highway": "primary", "maxspeed": "500"}, 70, 70),  # a slip of the pen
    ],
)
def test_speed_of_a_way(tags: dict[str, str], ahead: float, back: float) -> None:
    result = read_way_tags(tags, RULES)
    assert (result.kmh, result.back_kmh) == (ahead, back)


def test_odd_speeds_are_told() -> None:
    assert read_way_tags({"highway": "primary", "maxspeed": "30 knots"}, RULES).odd == "30 knots"
    assert read_way_tags({"highway": "primary", "maxspeed:backward": "quick"}, RULES).odd == "quick"


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({"highway": "primary", "motor_vehicle:backward": "no"}, 1),
        ({"highway": "primary", "vehicle:forward": "private"}, -1),
        ({"highway": "primary", "access:forward": "no", "motor_vehicle:forward": "yes"}, 0),
    ],
)
def test_a_direction_closed_by_access(tags: dict[str, str], direction: int) -> None:
    assert read_way_tags(tags, RULES).direction == direction


def test_roads_over_snow_and_ice() -> None:
    for key in ("winter_road", "ice_road"):
        tags = {"highway": "tertiary", key: "yes"}
        assert find_closure(tags) == "winter_only"
        assert find_closure(tags, (*DRIVE_CLASSES, WINTER)) == ""


def test_why_a_way_is_closed() -> None:
    assert find_closure({"highway": "primary", "oneway": "reversible"}) == "reversible"
    assert find_closure({"highway": "primary", "construction": "yes"}) == "not_built"
    assert find_closure({"highway": "service", "service": "driveway"}, ("service",)) == "no_access"
    assert find_closure({"route": "ferry", "motor_vehicle": "yes"}, ("ferry",)) == ""
    assert find_closure({"route": "ferry"}, ("ferry",)) == "no_access"
    assert find_closure({"highway": "primary", "smoothness": "impassable"}) == "impassable"
    # Each way closed by a key of its own: no direction is left.
    assert find_closure({"highway": "primary", "access:forward": "no", "motor_vehicle:backward": "no"}) == "no_access"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("35", 35),
        ("0:35", 35),
        ("00:35", 35),
        ("1:05:00", 65),
        ("20:00", 20 * 60),
        ("PT35M", 35),
        ("PT1H5M", 65),
        ("P0DT35M", 35),
        ("P1DT2H", 26 * 60),
        ("PT0.5H", 30),
        ("PT5H12M36S", 312.6),  # 5 x 60 + 12 + 36 / 60
        ("35 min", 35),
        ("35min.", 35),
        ("1h", 60),
        ("1 h 5 min", 65),
        ("1h30", 90),
        ("1,5 hours", 90),
        ("1小时30分钟", 90),
        ("35分", 35),
        ("P2M", 0),  # two months, or minutes misspelt: refused
        ("01:10:2", 0),
        ("1:75", 0),
        ("-5", 0),
        ("soon", 0),
        ("P", 0),
        ("", 0),
    ],
)
def test_durations_of_ferries(text: str, minutes: float) -> None:
    assert parse_duration_s(text) == pytest.approx(minutes * 60)
    result = read_way_tags({"route": "ferry", "motorcar": "yes", "duration": text}, RULES)
    assert result.odd_duration == (text if text and not minutes else "")


def test_of_a_road_without_toll_ramps_and_booths_are_free() -> None:
    free = read_way_tags({"highway": "primary", "toll": "yes", "toll:motorcar": "no"}, RULES)
    assert (free.toll, free.back_toll, free.toll_free) == (False, False, True)
    half = read_way_tags({"highway": "primary", "toll:forward": "no", "toll:backward": "yes"}, RULES)
    assert (half.toll, half.back_toll, half.toll_free) == (False, True, False)
    silent = read_way_tags({"highway": "primary", "toll:hgv": "yes"}, RULES)
    assert (silent.toll, silent.back_toll, silent.toll_free) == (False, False, False)


def test_all_keys_that_tell_are_kept_apart() -> None:
    """Ways are read once for all that have the same telling tags: a key that decides must be among them."""
    plain = {"highway": "primary"}
    for key, value in {
        "smoothness": "impassable",
        "oneway:motor_vehicle": "yes",
        "motorcar:backward": "no",
        "maxspeed:advisory:forward": "30",
        "maxspeed:motorcar": "30",
        "maxspeed:both_ways": "30",
        "toll:motorcar:forward": "yes",
        "area": "yes",
        "status": "impassable",
        "junction": "roundabout",
    }.items():
        tags = plain | {key: value}
        changed = find_closure(tags) != find_closure(plain) or read_way_tags(tags, RULES) != read_way_tags(plain, RULES)
        assert changed, key
        assert key in TELLING_KEYS
