"""Lines of bus projects on maps: along the roads that their times come from, each stop once."""

from __future__ import annotations

import itertools
from dataclasses import replace

import geopandas as gpd
import pandas as pd
from shapely import LineString, MultiLineString

from tests.scenario.town import build_town, free_road_time_s
from tests.scenario.yaml_text import make
from transit_model.network.snap import build_courses
from transit_model.pages.bus_layers import draw_bus_lines
from transit_model.pages.front_map import Sheet, draw_circle_map
from transit_model.pages.view import StudyView
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


def test_a_still_map_has_the_line_and_its_stops(view: StudyView) -> None:
    line = MultiLineString([LineString([(110.0, 40.5), (110.3, 40.2), (110.4, 39.6)])])
    bus = gpd.GeoDataFrame({"name_zh": ["线"], "name_en": ["Line"], "project_id": ["hsr"]}, geometry=[line], crs=4326)
    rows = [("s1", "桥头站(公交)", "Bridge End", 110.3, 40.2, "hsr"), ("s2", "丙市", "Bing", 110.4, 39.6, "hsr")]
    stops = pd.DataFrame(rows, columns=["stop_id", "name_zh", "name_en", "lon", "lat", "project_id"])
    shown = replace(view, basemap=replace(view.basemap, bus=bus, bus_stops=stops))
    circle = ("jia", "best", "door_to_door", 120.0)
    base, plan = shown.get_scenario("built"), shown.get_scenario("everything")
    drawn = draw_circle_map(shown, base, plan, circle, Sheet(560.0))
    assert drawn is not None
    assert drawn["bus"].startswith("M")
    assert len([d for d in drawn["dots"] if d["stop"]]) == 1  # the other is called like its town
    assert "桥头站（公交）" in {label["text"] for label in drawn["labels"]["zh"]}
    none = draw_circle_map(shown, base, shown.get_scenario("bridge"), circle, Sheet(560.0))
    assert none is not None
    assert (none["bus"], [d for d in none["dots"] if d["stop"]]) == ("", [])
