"""What a page says follows what its map shows: sentence, numbers, table of people and charts of every circle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.pages.visitor import Visitor, choose
from transit_model.pages.chart_minutes import list_classes, rank_plans
from transit_model.pages.lead import describe_lead
from transit_model.pages.view import StudyView

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAIR = ("built", "everything")
SENTENCE = "e => e.map(l => Array.from(l.querySelectorAll('.zh, .en')).map(s => s.textContent))"


def list_circles(view: StudyView) -> list[dict[str, Any]]:
    """Return the row of a lead of every circle of the comparison, whether it leads or not."""
    assert view.change_facts is not None
    people = {
        (r["scenario"], r["origin"], r["mode"], r["reading"], r["cutoff_min"]): r["population"]
        for r in view.rings.drop(columns="geometry").to_dict("records")
    }
    out = []
    for fact in view.change_facts.to_dict("records"):
        for cutoff in (30.0, 60.0, 90.0, 120.0):
            kind = (fact["origin"], fact["mode"], fact["reading"], cutoff)
            before, after = (people[s, *kind] for s in PAIR)
            numbers = {"base_people": before, "scenario_people": after, "change_people": after - before}
            out.append({**{str(k): v for k, v in fact.items()}, "cutoff_min": cutoff, **numbers})
    return out


@pytest.mark.browser
@pytest.mark.parametrize("name", ["everything.html", "compare-built-everything.html"])
def test_the_script_says_of_every_circle_what_the_tables_say(wide: Visitor, view: StudyView, name: str) -> None:
    page = wide.open(name)
    circles = list_circles(view)
    assert len(circles) == 3 * 7 * 4  # centres, modes with readings, minutes
    keys = ["origin", "mode", "reading", "cutoff_min"]
    said = page.evaluate(
        "rows => rows.map(r => TransitMap.tellLead({mode: r[1], reading: r[2], cutoff: r[3]}, r[0]))",
        [[c[k] for k in keys] for c in circles],
    )
    for circle, told in zip(circles, said, strict=True):
        expected = describe_lead(view, circle)
        assert told["sentence"] == expected["sentence"], circle
        for mine, theirs in zip(told["facts"], expected["facts"], strict=True):
            assert mine == theirs, circle


@pytest.mark.browser
@pytest.mark.parametrize("name", ["everything.html", "compare-built-everything.html"])
def test_sentence_table_and_charts_follow_the_controls(wide: Visitor, view: StudyView, name: str) -> None:
    page = wide.open(name)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    choose(page, "mode", "road")
    choose(page, "reading", "typical")
    choose(page, "cutoff", "90")
    (circle,) = [
        c
        for c in list_circles(view)
        if (c["origin"], c["mode"], c["reading"], c["cutoff_min"]) == ("jia", "road", "typical", 90.0)
    ]
    sentence = describe_lead(view, circle)["sentence"]
    lines = page.eval_on_selector_all("[data-lead=sentence]", SENTENCE)
    assert lines
    assert all(line == [sentence["zh"], sentence["en"]] for line in lines)
    rows = page.eval_on_selector_all("#ring-rows tr", "e => e.map(r => Array.from(r.cells).map(c => c.textContent))")
    assert [r[0] for r in rows] == ["30", "60", "90", "120"]
    shown = rows[2]
    assert shown[1:3] == [f"{circle[k]:,.0f}" for k in ("base_people", "scenario_people")]
    assert shown[3] == f"+{circle['change_people']:,.0f}"
    assert page.locator("#ring-rows tr.now th").inner_text() == "90"
    assert "甲市" in page.locator("[data-chart=minutes] [data-of-circle]").inner_text()
    assert count_bars(page) == len(list_classes(read_people(view, "road", "typical")))
    choose(page, "mode", "best")
    assert "最快方式" in page.locator("[data-lead=sentence]").last.inner_text()


def count_bars(page: Page) -> int:
    return page.locator("[data-chart=minutes] svg rect").count()


def read_people(view: StudyView, mode: str, reading: str) -> list[tuple[str, int, float]]:
    assert view.people_by_minutes is not None
    table = view.people_by_minutes[view.people_by_minutes["origin"] == "jia"]
    table = table[(table["mode"] == mode) & (table["reading"] == reading)]
    return list(zip(table["change"], table["from_min"], table["people"], strict=True))


@pytest.mark.browser
def test_the_chosen_circle_is_a_line_on_the_minutes_saved_and_no_time_is_without_use(wide: Visitor) -> None:
    page = wide.open("everything.html")
    assert page.locator('[name="cutoff"]:disabled').count() == 0
    now, was = (
        page.locator(f".leaflet-edges-pane path.{kind}").get_attribute("d") for kind in ("edge-now", "edge-was")
    )
    assert now
    assert was
    assert now != was
    choose(page, "cutoff", "120")
    assert page.locator(".leaflet-edges-pane path.edge-now").get_attribute("d") != now
    assert "120" in page.locator("[data-edge]").inner_text()
    choose(page, "case", "scenario")
    assert page.locator(".leaflet-edges-pane path").count() == 0
    assert page.locator("[data-edge]").is_hidden()


@pytest.mark.browser
def test_why_a_place_has_no_minutes_though_the_map_reaches_it(wide: Visitor) -> None:
    """Far Banner is out of reach by rail in the table and within reach of the cells."""
    page = wide.open("everything.html", "p=far&m=rail&r=door_to_door")
    page.evaluate("TransitMap.data.access = {km: 15, taxi: 45}")
    choose(page, "cutoff", "90")
    note = page.locator("#place-why")
    assert note.is_visible()
    assert re.search(r"15 公里.*45 分钟", note.inner_text())
    page.locator("#search").fill("yi")
    page.keyboard.press("Enter")
    assert note.is_hidden()


def test_classes_of_minutes_stand_in_order_with_the_empty_ones_between() -> None:
    rows = [("saved", 15, 7.0), ("saved", 5, 3.0), ("lost", 5, 2.0), ("still", 0, 90.0), ("new", 0, 1.0)]
    assert [(c["kind"], c["from_min"], c["people"]) for c in list_classes(rows)] == [
        ("lost", 5, 2.0),
        ("saved", 5, 3.0),
        ("saved", 10, 0.0),
        ("saved", 15, 7.0),
        ("new", 0, 1.0),
    ]
    assert list_classes([("still", 0, 90.0)]) == []


def test_plans_are_ranked_on_one_scale_of_people(view: StudyView) -> None:
    ((base, plan, classes),) = rank_plans(view)
    assert (base.id, plan.id) == PAIR
    assert view.ranked_gains is not None
    saved = view.ranked_gains[view.ranked_gains["change"].isin(["saved", "new"])]["people"].sum()
    assert classes[5] + classes[15] + classes[30] == pytest.approx(saved)
    assert classes["lost"] == 0.0
