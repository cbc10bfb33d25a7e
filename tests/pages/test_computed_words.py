"""What the pages say in words is what was measured: windows, counts, gaps, what is new, what was checked."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pages.visitor import Visitor
from transit_model.pages.compare_page import list_kinds
from transit_model.pages.glossary import list_glossary
from transit_model.pages.headline import count_judged, count_verdicts, find_fullest, write_headline
from transit_model.pages.index_page import list_matrix
from transit_model.pages.report_page import list_addresses
from transit_model.pages.small_maps import choose_captions
from transit_model.pages.view import GoalView, ProjectView, ScenarioView, StudyView
from transit_model.pages.words import WORDS

if TYPE_CHECKING:
    import pandas as pd

    from transit_model.measure.workspace import Workspace

OF_SOURCES = {"legend_waters"}
"""Words that tell the year of a source: the shores of the lakes are those of about 1980."""
CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")


def test_the_words_hold_no_clock_time_and_no_year() -> None:
    texts = [part for name, entry in WORDS.items() if name not in OF_SOURCES for part in entry]
    texts += [part for term, meaning in list_glossary("{window}") for part in (*term.values(), *meaning.values())]
    assert [t for t in texts if CLOCK.search(t) or re.search(r"\b(19|20)\d\d\b", t)] == []


@pytest.mark.parametrize("page", ["index.html", "report.html", "bridge.html"])
def test_the_window_is_that_of_the_study(maps: Path, page: str) -> None:
    """The sample is measured from 6:00 to 22:30: every window on a page is this one."""
    content = (maps / page).read_text(encoding="utf-8")
    assert set(re.findall(r"\d\d:\d\d–\d\d:\d\d", content)) == {"06:00–22:30"}


def _set(view: StudyView, **minutes: tuple[float, float, float]) -> StudyView:
    """Return the study with these minutes of today by goal: promoter, typical, door to door."""
    table: pd.DataFrame = view.verdicts.copy()
    for goal, values in minutes.items():
        for reading, value in zip(("promoter", "typical", "door_to_door"), values, strict=True):
            row = (table["goal"] == goal.replace("_", "-")) & (table["reading"] == reading)
            table.loc[row & (table["scenario"] == "built"), "value_min"] = value
    return replace(view, verdicts=table)


def test_only_readings_that_the_wording_can_mean_are_counted(view: StudyView) -> None:
    """Of 3 measurable goals 2 can mean the promoter's reading, 2 the typical one and 1 door to door."""
    assert count_judged(view) == {"promoter": 2, "typical": 2, "door_to_door": 1}
    all_met = replace(view, verdicts=view.verdicts.assign(verdict="met"))
    assert count_verdicts(all_met, view.get_today(), "met") == {"promoter": 2, "typical": 2, "door_to_door": 1}
    none_met = replace(view, verdicts=view.verdicts.assign(verdict="missed"))
    assert count_verdicts(none_met, view.get_today(), "met") == {"promoter": 0, "typical": 0, "door_to_door": 0}


def test_a_goal_of_the_table_alone_is_not_counted(view: StudyView) -> None:
    """A goal that became unmeasurable keeps its rows; they count nowhere."""
    goals = tuple(replace(g, unmeasurable={"zh": "x", "en": "x"}) if g.mode == "road" else g for g in view.goals)
    fewer = replace(view, goals=goals, verdicts=view.verdicts.assign(verdict="met"))
    assert count_verdicts(fewer, view.get_today(), "met") == {"promoter": 2, "typical": 1, "door_to_door": 0}


@pytest.mark.parametrize(
    ("half_hour", "one_hour", "widest"),
    [
        ((50.0, 60.0, 90.0), (55.0, 70.0, 80.0), "half-hour"),  # 40 against 25, though neither is met on any reading
        ((50.0, 60.0, 70.0), (55.0, 70.0, 80.0), "one-hour-rail"),  # 20 against 25
        ((50.0, 60.0, 70.0), (55.0, 70.0, math.inf), "one-hour-rail"),  # out of reach door to door: no gap is wider
        ((20.0, 60.0, 70.0), (math.inf, math.inf, math.inf), "half-hour"),  # out of reach on both is no gap
    ],
)
def test_the_widest_gap_is_the_widest(
    view: StudyView, half_hour: tuple[float, float, float], one_hour: tuple[float, float, float], widest: str
) -> None:
    both = ("promoter", "typical", "door_to_door")
    goals = tuple(replace(g, judged_on=both) if g.id in ("half-hour", "one-hour-rail") else g for g in view.goals)
    sentence = write_headline(replace(_set(view, half_hour=half_hour, one_hour_rail=one_hour), goals=goals))[-1]
    title = next(g.title["en"] for g in goals if g.id == widest)
    assert f"farthest apart for “{title}”" in sentence["en"]


def test_a_goal_that_cannot_mean_both_readings_has_no_gap(view: StudyView) -> None:
    sentences = write_headline(_set(view, half_hour=(10.0, 60.0, 500.0)))
    assert not any("farthest apart" in s["en"] for s in sentences)


def test_what_is_built_is_no_plan(view: StudyView) -> None:
    """A base case with projects is not the fullest plan, adds nothing, and changes no goal `by a project`."""
    first, bridge, everything = view.scenarios
    opened = replace(first, id="later", as_of="2026-12-31", projects=(*everything.projects, ProjectView("more", {})))
    study = replace(view, scenarios=(first, opened, bridge))
    fullest = find_fullest(study)
    assert fullest is not None
    assert fullest.id == "bridge"
    assert study.list_new_projects(opened) == ()
    alone = replace(view, scenarios=(first, opened))
    assert find_fullest(alone) is None
    assert not any(row["changed"] for row in list_matrix(alone))


def test_a_plan_without_comparison_adds_all_its_projects(view: StudyView) -> None:
    plan = ScenarioView("plan", {}, None, "2025-12-31", (ProjectView("a", {}), ProjectView("b", {})))
    assert [p.id for p in replace(view, scenarios=(plan,)).list_new_projects(plan)] == ["a", "b"]


@pytest.mark.parametrize(
    ("cutoffs", "told"),
    [
        ([30.0, 60.0, 90.0, 120.0], [60.0, 120.0]),
        ([45.0], [45.0]),
        ([15.0, 30.0, 45.0], [15.0, 45.0]),  # 15 and 30 are as near to 22.5: the first
        ([20.0, 40.0, 180.0], [40.0, 180.0]),
    ],
)
def test_small_maps_tell_cutoffs_that_there_are(cutoffs: list[float], told: list[float]) -> None:
    assert choose_captions(cutoffs) == told


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("https://a.org/x ; http://b.org/y", [("https://a.org/x", True), ("http://b.org/y", True)]),
        ("https://a.org/x;v=1?q=1;2", [("https://a.org/x;v=1?q=1;2", True)]),  # a semicolon of the address itself
        ("https://a.org/x；https://b.org/y", [("https://a.org/x", True), ("https://b.org/y", True)]),
        ("https://a.org https://b.org", [("https://a.org", True), ("https://b.org", True)]),
        ("public repository file; unofficial", [("public repository file", False), ("unofficial", False)]),
        ("javascript:alert(1) ; https://b.org", [("javascript:alert(1)", False), ("https://b.org", True)]),
        ("https://a.org/x (a mirror)", [("https://a.org/x", True), ("(a mirror)", False)]),
        (math.nan, []),
        ("", []),
    ],
)
def test_a_source_with_several_addresses_has_a_link_for_each(cell: object, addresses: list[tuple[str, bool]]) -> None:
    assert [(a["text"], a["safe"]) for a in list_addresses(cell)] == addresses


def test_no_link_of_the_shipped_sources_holds_two_addresses(shipped: Workspace) -> None:
    urls = shipped.region.sources["url"].dropna()
    found = [a["text"] for cell in urls for a in list_addresses(cell) if a["safe"]]
    assert len(found) > 100
    assert [a for a in found if a.count("://") > 1 or " " in a] == []


def test_the_certificate_is_told_for_each_mode_and_reading(view: StudyView, maps: Path) -> None:
    pair = view.comparisons[0]
    assert [(k["mode"], k["reading"]) for k in list_kinds(pair)] == [("rail", "typical"), ("best", "door_to_door")]
    content = (maps / "compare-built-everything.html").read_text(encoding="utf-8")
    table = content.split("kinds")[1].split("</table>")[0]
    assert "10,400" in table
    assert ">3<" in table


def test_warnings_of_the_data_stand_in_report_and_front_page(maps: Path, view: StudyView, tmp_path: Path) -> None:
    from transit_model.pages.write import write_pages

    report = (maps / "report.html").read_text(encoding="utf-8")
    assert "<code>implausible_speed</code> 300 km/h &lt;script&gt;" in report
    assert "links.csv:7" in report
    assert 'href="report.html#warnings"' in (maps / "index.html").read_text(encoding="utf-8")
    write_pages(replace(view, warnings=()), tmp_path / "maps")
    assert "found nothing odd" in (tmp_path / "maps" / "report.html").read_text(encoding="utf-8")


def test_streets_take_the_corridor_warning_away(view: StudyView) -> None:
    roads = view.basemap.roads
    assert roads is not None
    assert view.has_main_roads_only
    streets = replace(view.basemap, roads=roads.assign(highway=["motorway", "trunk", "residential", "motorway_link"]))
    assert not replace(view, basemap=streets).has_main_roads_only


def test_speeds_of_unlike_roads_are_a_range(shipped: Workspace) -> None:
    from transit_model.pages.view_build import describe_speeds

    base = shipped.assumptions
    unlike = {**base.speed_factor_typical, "motorway": 0.95, "trunk": 0.7, "urban": 0.5}
    result = describe_speeds(base.with_changes(speed_factor_typical=unlike))
    assert "roads 70%–95% of the posted speed (50% in town)" in result["en"]


def test_a_goal_without_threshold_has_no_gap(view: StudyView) -> None:
    goal = GoalView("x", {"zh": "x", "en": "x"}, {}, "", judged_on=("promoter", "door_to_door"))
    assert len(write_headline(replace(view, goals=(goal,)))) >= 1


def test_before_shows_the_ground_of_before(wide: Visitor) -> None:
    """On the map of a scenario the choice `base` takes the project off the map, its legend and what it rests on."""
    page = wide.open("everything.html")

    def count() -> int:
        colour = page.evaluate("TransitMap.data.project")
        return page.locator(f'.leaflet-pane path[stroke="{colour}"]').count()

    drawn = count()
    assert drawn > 0
    page.locator('input[name="case"][value="base"]').check(force=True)
    assert count() == 0
    assert page.locator(".legend-project:visible").count() == 0
    page.locator('input[name="case"][value="scenario"]').check(force=True)
    assert count() == drawn
    assert page.locator(".legend-project:visible").count() >= 1
