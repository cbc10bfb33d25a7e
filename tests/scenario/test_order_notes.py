"""Projects of one scenario whose order in the list decides the result: they are told, whatever the order."""

from __future__ import annotations

import pytest

from tests.scenario.yaml_text import BODIES, make
from transit_model.scenario.base_schema import Project
from transit_model.scenario.order_notes import list_order_notes

SERVICE = "service: {kind: timetable, departures: ['09:00'], both_directions: false}"
MORE_TRAINS = (
    f"line_speed_kmh: 200\nadd:\n  - {{id: more, stops: [sa, sb], as_fastest: 1.0, dwell_min: 1, {SERVICE}}}\n"
)
RETIME = "line_speed_kmh: 200\nretime: [{between: [sa, sb], factor: 0.9}]\n"
UPGRADE = "roads: [a--b]\nhighway: trunk\ndesign_speed_kmh: {speed}\n"

PAIRS = {
    "one assumption to two values": (
        ("policy", "assumptions: {rail_change_min: 10}\n"),
        ("policy", "assumptions: {rail_change_min: 5}\n"),
        ["set_twice"],
    ),
    "one assumption to one value": (
        ("policy", "assumptions: {rail_change_min: 10}\n"),
        ("policy", "assumptions: {rail_change_min: 10}\n"),
        [],
    ),
    "two assumptions": (
        ("policy", "assumptions: {rail_change_min: 10}\n"),
        ("policy", "assumptions: {rail_entry_min: 10}\n"),
        [],
    ),
    "a switch on and off": (
        ("policy", "flags: {one_card: true}\n"),
        ("policy", "flags: {one_card: false}\n"),
        ["set_twice"],
    ),
    "a place opened and closed": (
        ("policy", "places_opened: [x]\n"),
        ("policy", "places_closed: [x]\n"),
        ["set_twice"],
    ),
    "a stop closed where a line calls": (("closure", "stops: [sa]\n"), ("rail_line", None), ["closed_and_used"]),
    "a stop closed where trains are added": (("closure", "stops: [sb]\n"), ("rail_service", None), ["closed_and_used"]),
    "a stop closed where a bus calls": (("closure", "stops: [bus-c]\n"), ("bus_line", None), ["closed_and_used"]),
    "a stop closed that nobody serves": (("closure", "stops: [elsewhere]\n"), ("rail_line", None), []),
    "a road closed and upgraded": (
        ("closure", "roads: [a--b]\n"),
        ("road_upgrade", UPGRADE.format(speed=80)),
        ["closed_and_used"],
    ),
    "a road replaced and upgraded": (
        ("road_link", BODIES["road_link"] + "replaces: [a--b]\n"),
        ("road_upgrade", UPGRADE.format(speed=80)),
        ["closed_and_used"],
    ),
    "a road at two speeds": (
        ("road_upgrade", UPGRADE.format(speed=80)),
        ("road_upgrade", UPGRADE.format(speed=60)),
        ["set_twice"],
    ),
    "a road made shorter twice": (
        ("road_upgrade", "roads: [a--b]\nlength_factor: 0.9\n"),
        ("road_upgrade", "roads: [a--b]\nlength_factor: 0.8\n"),
        [],
    ),
    "the run-time model and a line timed by it": (
        ("policy", "assumptions: {rail_utilisation: 0.8}\n"),
        ("rail_line", None),
        ["order_decides"],
    ),
    "trains retimed and trains added": (("rail_service", RETIME), ("rail_line", None), ["order_decides"]),
    "a road and a bus on it": (("road_upgrade", UPGRADE.format(speed=80)), ("bus_line", None), []),
}


def build(given: tuple[str, str | None], name: str) -> Project:
    kind, body = given
    return make(kind, body, project_id=name)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("turned", [False, True])
def test_two_projects(name: str, turned: bool) -> None:
    first, second, codes = PAIRS[name]
    projects = [build(first, "one"), build(second, "two")]
    result = list_order_notes(projects[::-1] if turned else projects)
    assert [i.code for i in result] == codes
    for issue in result:
        assert issue.severity == "warning"
        assert issue.line is not None
        assert "one" in issue.message
        assert "two" in issue.message
        assert issue.hint


def test_projects_beside_one_another_are_compared_two_by_two() -> None:
    rules = [make("policy", f"assumptions: {{rail_change_min: {n}}}\n", project_id=f"p{n}") for n in (1, 2, 3)]
    assert [(i.message[:2], i.value) for i in list_order_notes(rules)] == [("p2", "2.0"), ("p3", "3.0"), ("p3", "3.0")]


@pytest.mark.parametrize(("stops", "told"), [("[sa, sb]", ["order_decides"]), ("[sa, sm, sb]", [])])
def test_trains_as_fast_as_the_fastest_after_a_new_line(stops: str, told: list[str]) -> None:
    # the line calls at sa, snew and sb: between sa and sb it may be the fastest, between sa and sm nothing is new
    more = make("rail_service", MORE_TRAINS.replace("[sa, sb]", stops), project_id="more")
    line = make("rail_line", project_id="line")
    assert [i.code for i in list_order_notes([line, more])] == told
    assert list_order_notes([more, line]) == []  # what comes after it is no existing train
