"""Which stations minutes are measured between: said beside them, in both languages."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd

from transit_model.pages.brief_page import list_briefs, list_stations, render_brief
from transit_model.pages.evidence import arrange_goals
from transit_model.pages.goal_tiles import build_tiles
from transit_model.pages.names import Names
from transit_model.pages.page import Site
from transit_model.pages.range_values import list_range_values
from transit_model.pages.view import StudyView
from transit_model.pages.ways import find_deciding_way, index_ways, tell_stations, tell_ways


def test_the_pair_whose_minutes_are_those_of_the_verdict_names_its_stations() -> None:
    evidence = [
        {"minutes": 41.0, "via": "transit: 甲东 - 乙南"},
        {"minutes": 51.0, "via": "transit: 甲 - 丙北"},
        {"minutes": math.nan, "via": "甲 - 丁"},
    ]
    assert find_deciding_way({"value_min": 51.0, "evidence": evidence}) == "transit: 甲 - 丙北"
    assert find_deciding_way({"value_min": 60.0, "evidence": evidence}) == ""
    assert find_deciding_way({"value_min": math.nan, "evidence": evidence}) == ""
    assert find_deciding_way(None) == ""


def test_stations_are_named_in_both_languages_and_a_road_names_none(view: StudyView) -> None:
    stations = pd.DataFrame({"stop_id": ["S1", "S2"], "name_zh": ["甲东", "乙南"], "name_en": ["Jia East", "Yi South"]})
    names = Names(replace(view, basemap=replace(view.basemap, stations=stations)))
    told = {"zh": "甲东 – 乙南", "en": "Jia East – Yi South"}
    assert tell_stations("transit: 甲东 - 乙南", names) == told
    assert tell_stations("甲东 → 乙南", names) == told
    assert [tell_stations(via, names) for via in ("road", "transit", "", math.nan)] == [{}, {}, {}, {}]


def test_a_change_names_the_stations_before_and_after_once_for_readings_that_share_them(view: StudyView) -> None:
    rows = [
        ("jia", "yi", "best", "promoter", "built", "transit: 甲东 - 乙南"),
        ("jia", "yi", "best", "promoter", "everything", "transit: 甲东 - 乙北"),
        ("jia", "yi", "best", "typical", "built", "road"),
        ("jia", "yi", "best", "typical", "everything", "transit: 甲东 - 乙北"),
        ("jia", "yi", "best", "door_to_door", "built", "road"),
        ("jia", "yi", "rail", "promoter", "built", "甲东 - 乙南"),
    ]
    od = pd.DataFrame(rows, columns=["from", "to", "mode", "reading", "scenario", "via"])
    pair = next(c for c in view.comparisons if c.scenario == "everything")
    ways = index_ways(replace(view, od=od), pair)
    assert ways["jia", "yi", "rail", "promoter"] == ("甲东 - 乙南", "")
    readings = ("promoter", "typical", "door_to_door")
    row = {"from": "jia", "to": "yi", "modes": ["best"], "cells": dict.fromkeys(readings)}
    told = tell_ways(row, ways, readings, Names(view))
    assert [(w["stations"]["zh"], w["readings"]) for w in told] == [
        ("甲东 – 乙南 → 甲东 – 乙北", ["promoter"]),
        ("甲东 – 乙北", ["typical"]),
    ]


def test_a_brief_names_the_stations_of_its_pairs(view: StudyView) -> None:
    """From the table of times, as the comparison does; the same page without them names none."""
    (pair,) = [p for p in list_briefs(view) if p.scenario == "everything"]
    by_rail = (view.od["mode"] == "rail") | (view.od["mode"] == "best")
    named = replace(view, od=view.od.assign(via=["甲东 - 乙南" if rail else "" for rail in by_rail]))
    site = Site()
    assert "甲东 – 乙南" in render_brief(named, site, pair)
    rows = [
        {"from": a, "to": b, "modes": ["rail"], "cells": {"typical": {}}} for a, b in (("jia", "yi"), ("yi", "jia"))
    ]
    ways = {
        ("jia", "yi", "rail", "typical"): ("甲 - 乙", "甲 - 乙东"),
        ("yi", "jia", "rail", "typical"): ("乙 - 甲", "乙东 - 甲"),
    }
    assert list_stations(rows, ways, Names(view))["zh"] == "甲 – 乙 → 甲 – 乙东"  # the way back is not told again
    assert list_stations(rows, {}, Names(view)) == {}
    bare = replace(view, od=view.od.assign(via=""))
    assert "甲东 – 乙南" not in render_brief(bare, site, pair)


def test_verdicts_and_pairs_stand_beside_their_stations(view: StudyView, maps: Path) -> None:
    entry = next(e for e in arrange_goals(view) if e["goal"].id == "one-hour-rail")
    assert [c["way"].get("zh", "") for c in entry["today"]["cells"]] == ["甲东 – 乙南", "", ""]
    for page in ("goals.html", "report.html", "compare-built-everything.html"):
        text = (maps / page).read_text(encoding="utf-8")
        assert "站到站：甲东 – 乙南" in text, page
        assert "station to station: " in text, page
    assert "不是市中心到市中心" in (maps / "goals.html").read_text(encoding="utf-8")


def test_what_lies_at_an_end_of_its_range_is_said_once_and_marked_by_a_sign(view: StudyView, maps: Path) -> None:
    notes = list_range_values(view.scenarios)
    assert [n["en"] for n in notes] == ["Jia-Bing HSR 350 km/h, upper end of 250-350"]
    for page in ("goals.html", "report.html", "index.html", "timeline.html", "compare-built-everything.html"):
        text = (maps / page).read_text(encoding="utf-8")
        assert text.count("350 km/h, upper end of 250-350") == 1, page
        assert text.count("取上限350公里/小时（范围250-350）") == 1, page
    rows = (maps / "goals.html").read_text(encoding="utf-8").split('<th scope="row">')
    marked = [row for row in rows if '<sup class="range-sign">†</sup>' in row.split("</th>")[0]]
    assert marked
    assert all("全部规划" in row.split("</th>")[0] for row in marked)


def test_a_tile_and_the_table_of_centres_tell_stations_as_a_tooltip(view: StudyView, maps: Path) -> None:
    tile = next(t for t in build_tiles(view) if t["goal"].id == "one-hour-rail")
    assert [r["stations"].get("zh", "") for r in tile["rows"]] == ["甲东 – 乙南", "", ""]
    page = (maps / "index.html").read_text(encoding="utf-8")
    assert page.count('data-title-zh="站到站：甲东 – 乙南"') >= 2
    assert 'title="甲东 → 乙南"' not in page
