"""Closed lines: what an earlier scenario has, a later one lacks and no other line covers."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
from shapely import LineString

from transit_model.pages.basemap_layers import find_line_kinds, list_ground
from transit_model.pages.closed_lines import COVERED_DEGREE, LEAST_DEGREE, find_closed
from transit_model.pages.view import StudyView

OLD = LineString([(110.0, 40.0), (111.0, 40.0)])


def test_a_line_that_is_gone_is_closed_and_one_that_stays_is_not() -> None:
    stays = LineString([(110.0, 41.0), (111.0, 41.0)])
    assert [(i, g.length) for i, g in find_closed([OLD, stays], [[True, False], [True, True]])] == [(0, 1.0)]
    assert find_closed([OLD], [[True, True]]) == []
    assert find_closed([OLD], [[False, False]]) == []
    assert find_closed([OLD], [[True]]) == []  # a page of one scenario


def test_an_upgrade_on_the_same_course_or_a_road_cut_in_two_closes_nothing() -> None:
    moved = LineString([(110.0, 40.0 + 0.5 * COVERED_DEGREE), (111.0, 40.0)])
    assert find_closed([OLD, moved], [[True, False], [False, True]]) == []
    halves = [LineString([(110.0, 40.0), (110.4, 40.0)]), LineString([(110.4, 40.0), (111.0, 40.0)])]
    assert find_closed([OLD, *halves], [[True, False], [False, True], [False, True]]) == []


def test_only_the_part_that_is_given_up_is_closed() -> None:
    part = LineString([(110.0, 40.0), (110.4, 40.0)])
    ((number, rest),) = find_closed([OLD, part], [[True, False], [False, True]])
    assert number == 0
    assert abs(rest.length - (0.6 - COVERED_DEGREE)) < 1e-6
    nearly = LineString([(110.0, 40.0), (111.0 - LEAST_DEGREE / 2, 40.0)])
    assert find_closed([OLD, nearly], [[True, False], [False, True]]) == []


ROAD = LineString([(109.4, 39.4), (110.0, 39.3)])


def add_road(view: StudyView, line: LineString = ROAD, **values: object) -> StudyView:
    """Return the study with one more road."""
    roads = view.basemap.roads
    assert roads is not None
    row = {"highway": "trunk", "ref": "G8", "name_zh": "旧路", "opened": "", "project_id": "", "toll": False}
    more = gpd.GeoDataFrame([{**row, "maxspeed_kmh": 60.0, **values}], geometry=[line], crs=roads.crs)
    return replace(view, basemap=replace(view.basemap, roads=pd.concat([roads, more], ignore_index=True)))


def test_the_ground_tells_closed_roads_for_the_scenario_that_closes_them(view: StudyView) -> None:
    closing = add_road(view, closed="2029-01-01")
    ground = list_ground(closing, "everything", ["built"])
    (closed,) = (r for r in ground["roads"] if "closed" in r)
    assert (closed["ref"], closed["in"]) == ("G8", ["everything"])
    assert [r["in"] for r in ground["roads"] if r.get("ref") == "G8" and "closed" not in r] == [["built"]]
    assert find_line_kinds(ground) == {"closed", "project"}
    assert find_line_kinds(list_ground(view, "built")) == set()


def test_works_of_a_project_are_no_new_road(view: StudyView) -> None:
    """A road that a project of the scenario slows is drawn as limited there, and like any other where it is not new."""
    slowed = add_road(view, project_id="bridge", limited=True)
    (road,) = (r for r in list_ground(slowed, "everything", ["built"])["roads"] if r.get("ref") == "G8")
    assert road["limited"] == 1
    assert "limited" in find_line_kinds(list_ground(slowed, "everything", ["built"]))


def test_each_year_of_a_plan_tells_what_it_has_closed_by_then(view: StudyView) -> None:
    ground = list_ground(add_road(view, closed="2028-06-01"), "everything", ["built", "bridge", "everything"])
    (closed,) = (r for r in ground["roads"] if "closed" in r)
    assert closed["in"] == ["bridge", "everything"]
