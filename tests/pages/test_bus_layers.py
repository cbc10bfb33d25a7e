"""Lines of bus projects on maps: along the roads that their times come from, each stop once."""

from __future__ import annotations

import itertools

from tests.scenario.town import build_town, free_road_time_s
from tests.scenario.yaml_text import make
from transit_model.network.snap import build_courses
from transit_model.pages.bus_layers import draw_bus_lines
from transit_model.scenario.apply import apply_projects


def test_a_network_without_bus_projects_draws_none() -> None:
    lines, stops = draw_bus_lines(build_town())
    assert len(lines) == len(stops) == 0
    assert {"project_id", "geometry"} <= set(lines.columns)


def test_a_line_follows_the_roads_between_its_stops() -> None:
    network = apply_projects(build_town(), [make("bus_line")], road_time_s=free_road_time_s)
    lines, stops = draw_bus_lines(network)
    assert lines["project_id"].tolist() == ["p"]
    assert set(stops["stop_id"]) == {"bus-a", "bus-b", "bus-c"}
    at = {s: (lon, lat) for s, lon, lat in zip(stops["stop_id"], stops["lon"], stops["lat"], strict=True)}
    parts = list(lines.geometry.iloc[0].geoms)
    first, last = parts[0].coords[0], parts[-1].coords[-1]
    assert {first, last} <= set(at.values())
    # Every point of the line is one of a road's course: nothing is straight across country.
    known = {tuple(point) for course in build_courses(network) for point in course.tolist()}
    assert {tuple(p) for part in parts for p in part.coords} <= known
    for before, after in itertools.pairwise(parts):
        assert before.coords[-1] == after.coords[0]


def test_the_stops_of_two_lines_are_told_once() -> None:
    projects = [make("bus_line"), make("bus_line", project_id="q")]
    lines, stops = draw_bus_lines(apply_projects(build_town(), projects, road_time_s=free_road_time_s))
    assert lines["project_id"].tolist() == ["p", "q"]
    assert stops["stop_id"].is_unique
