"""Applying roads, closures, buses and policies, and projects in company: hand sums and every message."""

from __future__ import annotations

from math import inf

import pytest

from tests.scenario.applying import apply, expect, find_issues, town
from tests.scenario.town import free_road_time_s
from tests.scenario.yaml_text import BODIES, make
from transit_model.errors import ScenarioError
from transit_model.network.model import Network
from transit_model.scenario.apply import apply_projects, resolve_projects
from transit_model.scenario.base_schema import Project
from transit_model.units import parse_clock_s

__all__ = ["town"]


# road_link


def test_road_joins_at_its_nodes_and_both_ways(town: Network) -> None:
    network = apply(town, make("road_link"))
    new = network.links[network.links["project_id"] == "p"]
    assert new["link_id"].tolist() == ["p:i1--n1", "p:i1--n1~", "p:n1--i2", "p:n1--i2~"]
    assert new["length_m"].tolist() == [26_000] * 4
    assert set(new["toll"]) == {True}
    # a-i1 12 km at 60 = 720 s; 52 km at 100 (coach) = 1,872 s; i2-b 720 s: no gain over 46 km at 100 = 1,656 s
    assert free_road_time_s("a", "b", network) == pytest.approx(720 + 1656 + 720)
    # but the new interchange is reached: 720 + 26 km at 100 = 936 s
    assert free_road_time_s("a", "n1", network) == pytest.approx(720 + 936)
    assert free_road_time_s("a", "n1", town) == inf


def test_oneway_and_detour_factor(town: Network) -> None:
    body = BODIES["road_link"].replace("to: n1, length_km: 26", "to: n1, detour_factor: 1.1, oneway: true")
    new = apply(town, make("road_link", body)).links
    new = new[new["project_id"] == "p"]
    assert new["link_id"].tolist() == ["p:i1--n1", "p:n1--i2", "p:n1--i2~"]
    # i1 (111.0, 40.1) to n1 (111.1, 40.3): 8.491 km east (cos 40.2 x 111.195 x 0.1), 22.239 km north: 23.805 km x 1.1
    assert new["length_m"].iloc[0] == pytest.approx(26_186, abs=10)


def test_a_road_may_replace_another(town: Network) -> None:
    network = apply(town, make("road_link", BODIES["road_link"] + "replaces: [i1--i2]\n"))
    assert "i1--i2" not in set(network.links["road_id"])
    assert free_road_time_s("a", "b", network) == pytest.approx(720 + 1872 + 720)


def test_shared_new_node(town: Network) -> None:
    other = BODIES["road_link"].replace("  - {from: i1, to: n1, length_km: 26}\n", "").replace("to: i2", "to: c")
    network = apply(town, make("road_link"), make("road_link", other, project_id="q"))
    assert (network.nodes["node_id"] == "n1").sum() == 1


ROAD_BAD = [
    ("unknown_node", "from: i1", "from: i11", "did you mean i1"),
    ("unknown_road", "roads:", "replaces: [i1--i3]\nroads:", "did you mean i1--i2"),
    ("too_short", "length_km: 26", "length_km: 20", "straight"),
    ("duplicate_id", "id: n1", "id: c", "elsewhere"),
    ("duplicate_id", "{from: n1, to: i2", "{from: i1, to: n1", "joined twice"),
]


@pytest.mark.parametrize(("code", "old", "new", "words"), ROAD_BAD)
def test_road_link_messages(town: Network, code: str, old: str, new: str, words: str) -> None:
    body = BODIES["road_link"]
    assert old in body
    changed = body.replace(old, new)
    if new == "id: c":
        changed = changed.replace("n1", "c")
    expect(town, code, "road_link", changed, words)


def test_island_is_an_error_even_with_new_nodes_of_others(town: Network) -> None:
    body = (
        "highway: trunk\ndesign_speed_kmh: 80\ntoll: false\nnodes:\n"
        "  - {id: n1, name: {zh: 甲, en: A}, lon: 111.1, lat: 40.3}\n"
        "  - {id: n2, name: {zh: 乙, en: B}, lon: 111.1, lat: 40.4}\n"
        "roads: [{from: n1, to: n2, length_km: 12}, {from: a, to: i1, length_km: 12}]\n"
    )
    expect(town, "road_island", "road_link", body, "n1 to n2 is an island")


def test_motorway_at_a_town_and_long_detour_are_warnings(town: Network) -> None:
    body = BODIES["road_link"].replace("from: i1", "from: a").replace("to: n1, length_km: 26", "to: n1, length_km: 90")
    network, issues = resolve_projects(town, [make("road_link", body)])
    assert network is not None
    assert {(i.code, i.severity) for i in issues if i.severity != "info"} == {
        ("not_an_interchange", "warning"),
        ("very_long", "warning"),
    }


# road_upgrade and closure


def test_upgrade_along_a_road_number(town: Network) -> None:
    network = apply(town, make("road_upgrade"))
    up = network.links[network.links["project_id"] == "p"]
    assert up["link_id"].tolist() == ["a--c", "a--c~", "c--b", "c--b~"]
    assert set(up["highway"]) == {"trunk"}
    # 80 km at 60 = 4,800 s before, at 80 = 3,600 s after; the motorway way takes 3,096 s either way
    assert free_road_time_s("a", "c", network) == pytest.approx(1800)
    assert free_road_time_s("a", "c", town) == pytest.approx(2400)


def test_upgrade_by_id_with_length(town: Network) -> None:
    body = "roads: [a--c]\nlength_factor: 0.95\ntoll: true\n"
    up = apply(town, make("road_upgrade", body)).links.set_index("link_id")
    assert up.loc["a--c~", "length_m"] == 38_000
    assert bool(up.loc["a--c", "toll"])
    assert up.loc["a--c", "maxspeed_kmh"] == 60


UPGRADE_BAD = [
    ("unknown_ref", BODIES["road_upgrade"].replace("S1", "S11"), "S1"),
    ("unknown_node", BODIES["road_upgrade"].replace("from: a", "from: aa"), ""),
    ("no_such_path", BODIES["road_upgrade"].replace("S1", "G1"), "does not lead"),
    ("unknown_road", "roads: [a-c]\nhighway: trunk\n", "did you mean a--c"),
    ("changed_nothing", "roads: [a--c]\nhighway: secondary\ndesign_speed_kmh: 60\n", "already"),
    ("too_short", "roads: [a--c]\nlength_factor: 0.5\n", "straight line"),
]


@pytest.mark.parametrize(("code", "body", "words"), UPGRADE_BAD)
def test_upgrade_messages(town: Network, code: str, body: str, words: str) -> None:
    expect(town, code, "road_upgrade", body, words)


def test_closure_takes_roads_trips_and_stops(town: Network) -> None:
    network = apply(town, make("closure"))
    assert "i1--i2~" not in set(network.links["link_id"])
    assert free_road_time_s("a", "b", network) == pytest.approx(4800)
    network = apply(town, make("closure", "trips: [T1]\n"))
    assert "T1" not in set(network.feed.trips["trip_id"]) | set(network.feed.stop_times["trip_id"])
    network = apply(town, make("closure", "stops: [sm]\n"))
    assert "sm" not in set(network.feed.stop_times["stop_id"])
    assert len(apply(town, make("closure", "routes: [R]\n")).feed.trips) == 0


CLOSURE_BAD = [
    ("unknown_road", "roads: [zz]\n"),
    ("unknown_trip", "trips: [T9]\n"),
    ("unknown_route", "routes: [RR]\n"),
    ("unknown_stop", "stops: [smm]\n"),
]


@pytest.mark.parametrize(("code", "body"), CLOSURE_BAD)
def test_closure_messages(town: Network, code: str, body: str) -> None:
    expect(town, code, "closure", body)


def test_closing_what_is_not_served_changes_nothing(town: Network) -> None:
    first = make("closure", "stops: [sm]\n", project_id="first")
    issues = find_issues(town, first, make("closure", "stops: [sm]\n"))
    assert "changed_nothing" in [i.code for i in issues]
    all_gone = make("closure", "routes: [R]\n", project_id="first")
    issues = find_issues(town, all_gone, make("closure", "routes: [R]\n"))
    assert "changed_nothing" in [i.code for i in issues]


# bus_line


def test_bus_runs_on_the_roads(town: Network) -> None:
    network = apply(town, make("bus_line"))
    times = network.feed.stop_times
    out = times[times["trip_id"] == "p:all:out"]
    # a-c 40 km at 60 = 2,400 s; 2 min at c; c-b 2,400 s
    assert (out["arrival_clock_s"] - parse_clock_s("06:30")).tolist() == [0, 2400, 2400 + 120 + 2400]
    assert out["stop_id"].tolist() == ["bus-a", "bus-c", "bus-b"]
    assert network.station_links.set_index("stop_id").loc["bus-a", "node_id"] == "a"
    assert network.feed.routes.set_index("route_id").loc["project:p", "route_type"] == 200


@pytest.mark.parametrize("bus_first", [True, False])
def test_bus_gains_from_a_new_road_whatever_the_order(town: Network, bus_first: bool) -> None:
    bus, road = make("bus_line"), make("road_upgrade", project_id="q")
    network = apply(town, *((bus, road) if bus_first else (road, bus)))
    out = network.feed.stop_times[network.feed.stop_times["trip_id"] == "p:all:out"]
    assert (out["arrival_clock_s"] - parse_clock_s("06:30")).tolist() == [0, 1800, 1800 + 120 + 1800]


def test_bus_of_the_base_gains_from_a_later_road(town: Network) -> None:
    bus, road = make("bus_line"), make("road_upgrade", project_id="q")
    once = apply_projects(apply(town, bus), [road], road_time_s=free_road_time_s, standing=[bus])
    times = once.feed.stop_times
    assert times[times["trip_id"] == "p:all:out"]["arrival_clock_s"].iloc[-1] - parse_clock_s("06:30") == 3720
    assert (once.feed.trips["project_id"] == "p").sum() == 2
    with pytest.raises(ValueError, match="bus lines of the network are not among its projects: p"):
        apply(apply(town, bus), road)


def test_bus_messages(town: Network) -> None:
    expect(town, "unknown_node", "bus_line", BODIES["bus_line"].replace("node: c", "node: cc"))
    closed = make("closure", "roads: [a--c, c--b]\n", project_id="q")
    codes = [i.code for i in find_issues(town, closed, make("bus_line"))]
    assert "unreachable_stop" in codes
    network, issues = resolve_projects(town, [make("bus_line")])
    assert network is None
    assert "no_road_times" in [i.code for i in issues]


# policy


def test_policy_changes_assumptions_flags_and_places(town: Network) -> None:
    body = (
        "assumptions: {rail_change_min: 10, speed_factor_typical.motorway: 0.9, speed_factor_typical.trunk: 0.8,"
        " max_rides: 3}\nflags: {ambulance_cross_border: true}\n"
        "places_opened: [new_airport]\nplaces_closed: [old_airport]\n"
    )
    network = apply(town, make("policy", body))
    assert network.assumptions.rail_change_min == 10
    assert network.assumptions.max_rides == 3
    assert network.assumptions.speed_factor_typical["motorway"] == 0.9
    assert network.assumptions.speed_factor_typical["trunk"] == 0.8
    assert network.assumptions.speed_factor_typical["primary"] == town.assumptions.speed_factor_typical["primary"]
    assert network.rules["ambulance_cross_border"] is True
    assert network.places_opened == {"new_airport"}
    assert network.places_closed == {"old_airport"}
    assert town.assumptions.rail_change_min == 15


POLICY_BAD = [
    ("unknown_assumption", "assumptions: {rail_chnge_min: 10}\n", "did you mean rail_change_min"),
    ("unknown_assumption", "assumptions: {speed_factor_typical.motorways: 0.9}\n", "speed_factor_typical.motorway"),
    ("changed_nothing", "assumptions: {rail_change_min: 15}\n", "already"),
    ("changed_nothing", "flags: {ambulance_cross_border: false}\n", "already"),
    ("bad_assumption", "assumptions: {rail_change_min: -1}\n", ""),
    ("unknown_place", "places_opened: [new_airprt]\n", "did you mean new_airport"),
]


@pytest.mark.parametrize(("code", "body", "words"), POLICY_BAD)
def test_policy_messages(town: Network, code: str, body: str, words: str) -> None:
    expect(town, code, "policy", body, words)


def test_opening_an_open_place_changes_nothing(town: Network) -> None:
    body = "places_opened: [new_airport]\n"
    issues = find_issues(town, make("policy", body, project_id="q"), make("policy", body))
    assert [i.code for i in issues if i.severity == "error"] == ["changed_nothing"]


# company of projects


def with_head(project: Project, **changes: object) -> Project:
    copy = project.model_copy(update=changes)
    copy._document = project._document
    return copy


def test_requires_conflicts_and_twice(town: Network) -> None:
    road = make("road_link", project_id="r")
    needy = with_head(make("road_upgrade"), requires=("r",))
    assert [i.code for i in find_issues(town, needy) if i.severity == "error"] == ["requires_missing"]
    assert [i.code for i in find_issues(town, needy, road) if i.severity == "error"] == ["requires_later"]
    apply(town, road, needy)
    apply(apply(town, road), needy)  # what stands in the base counts
    rival = with_head(make("road_upgrade"), conflicts=("r",))
    assert "conflict" in [i.code for i in find_issues(town, road, rival)]
    assert "project_twice" in [i.code for i in find_issues(town, road, road)]
    assert "project_twice" in [i.code for i in find_issues(apply(town, road), road)]


@pytest.mark.parametrize(
    ("guards", "item"),
    [
        ("roads_present: [x--y]", "x--y"),
        ("roads_absent: [a--c]", "a--c"),
        ("nodes_present: [zz]", "zz"),
        ("stops_present: [zz]", "zz"),
        ("stops_absent: [sa]", "sa"),
    ],
)
def test_guards(town: Network, guards: str, item: str) -> None:
    issue = expect(town, "guard_failed", "policy", f"{BODIES['policy']}existing: {{{guards}}}\n", "the base has moved")
    assert item in issue.message
    assert issue.line is not None


def test_openings_are_remarked(town: Network) -> None:
    _, issues = resolve_projects(town, [make("policy")])
    assert [(i.code, i.severity, i.line) for i in issues] == [("opens_later", "info", 5)]
    unknown = make("policy")
    unknown = with_head(unknown, opens=unknown.opens.model_copy(update={"earliest": None, "latest": None}))
    assert [i.code for i in resolve_projects(town, [unknown])[1]] == ["opening_unknown"]


def test_all_issues_of_all_projects_come_at_once_and_do_not_cascade(town: Network) -> None:
    bad_line = make("rail_line", BODIES["rail_line"].replace("stop_id: sa", "stop_id: saa"), project_id="one")
    follower = make(
        "rail_line",
        BODIES["rail_line"].replace(
            "{id: snew, name: {zh: 新站, en: New}, lon: 111.0, lat: 40.2, chainage_km: 24}",
            "{stop_id: snew, chainage_km: 24}",
        ),
        project_id="two",
    )
    bad_road = make("road_upgrade", "roads: [nope]\nhighway: trunk\n", project_id="three")
    with pytest.raises(ScenarioError) as caught:
        apply(town, bad_line, follower, bad_road)
    assert [(i.code, i.message.split(":")[0]) for i in caught.value.issues] == [
        ("unknown_stop", "one"),
        ("unknown_road", "three"),
    ]
    assert all(i.file and i.line for i in caught.value.issues)


def test_provenance_says_who_brought_what(town: Network) -> None:
    project = make("policy", BODIES["policy"] + "assumed:\n  - {field: assumptions, zh: 假定, en: assumed}\n")
    network = apply(town, project)
    signed = network.projects[0]
    assert (signed.project_id, signed.source, signed.confidence) == ("p", "[t]", "low")
    assert signed.assumed == ("assumptions: 假定 / assumed",)
    assert (signed.kind, signed.assumed_fields) == ("policy", ("assumptions",))
