"""The page in Chromium on the mini pack: what is switched, moved, drawn and saved is answered, and no more happens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.studio.planner import NARROW, WIDE, Planner
from transit_model.scenario.read_files import read_project
from transit_model.scenario.road_schema import RoadLink
from transit_model.studio.server import StudioServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=\"document.title='gone'\"></script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def own(own: Path) -> Path:
    bad = json.dumps({"zh": HOSTILE, "en": HOSTILE})
    text = (own / "scenarios" / "projects" / "byway.yaml").read_text("utf-8")
    text = text.replace("title: {zh: byway, en: byway}", f"title: {bad}")
    (own / "scenarios" / "projects" / "byway.yaml").write_text(text, "utf-8")
    return own


def _minutes(planner: Planner, to: str) -> str:
    return planner.page.locator(f'[data-minutes="{to}"]').inner_text()


def _goal(planner: Planner, goal: str, reading: str) -> str:
    return planner.page.locator(f'[data-goal="{goal}"] [data-reading="{reading}"] b').inner_text()


def test_a_switch_moves_minutes_and_goals(planner: Planner) -> None:
    page = planner.page
    page.locator('#modes input[value="rail"]').check(force=True)
    page.locator('#readings input[value="promoter"]').check(force=True)
    planner.rest()
    assert _minutes(planner, "east") == "50.0"  # the fastest train of the base
    planner.switch("hsr")
    assert _minutes(planner, "east") == "30.0"  # 90 km at 180 km/h
    assert _goal(planner, "rail-40", "promoter") == "30.0"
    planner.slide("hsr.commercial_speed_kmh", 135)
    assert _minutes(planner, "east") == "40.0"  # 90 km at 135 km/h
    page.locator("#undo").click()
    planner.rest()
    assert _minutes(planner, "east") == "30.0"
    page.locator("#undo").click()
    planner.rest()
    assert _minutes(planner, "east") == "50.0"
    page.locator("#redo").click()
    planner.rest()
    assert _minutes(planner, "east") == "30.0"
    page.locator("#assumption-box summary").click()
    planner.slide("assumptions.toll_gate_delay_s", 55)
    assert planner.read("TransitStudio.state.over['assumptions.toll_gate_delay_s']") == 55
    assert _minutes(planner, "east") == "30.0"  # no gate on a railway
    # the reading is between stations: there are no rings, and the page says so
    assert page.locator("#no-ring").is_visible()


def test_what_a_project_needs_and_excludes_is_said_at_its_switch(planner: Planner) -> None:
    page = planner.page
    assert "bridge_west" in page.locator("#switch-bridge_east .why").inner_text()
    planner.switch("bridge_east")
    assert page.locator('[data-project="bridge_west"]').is_checked()
    rival = page.locator('[data-project="rival"]')
    assert rival.is_disabled()
    assert "bridge_west" in page.locator("#switch-rival .why").inner_text()
    planner.switch("bridge_east", on=False)
    planner.switch("bridge_west", on=False)
    assert rival.is_enabled()


def test_the_year_switches_on_what_is_open_by_then(planner: Planner) -> None:
    year = planner.page.locator("#year")
    year.evaluate("(y) => { y.value = 2027; y.dispatchEvent(new Event('input', { bubbles: true })); }")
    planner.rest()
    assert sorted(planner.read("TransitStudio.state.on")) == ["byway", "hsr"]
    assert not planner.page.locator('[data-project="bridge_east"]').is_checked()  # needs one of 2028


def test_the_address_holds_the_scenario(planner: Planner, browser: Browser, server: StudioServer) -> None:
    planner.switch("hsr")
    planner.slide("hsr.commercial_speed_kmh", 100)
    link = planner.read("location.href")
    other = Planner(browser, server.url)
    other.open(link)
    assert other.read("JSON.stringify(TransitStudio.state)") == planner.read("JSON.stringify(TransitStudio.state)")
    assert other.page.locator("#people").inner_text() == planner.page.locator("#people").inner_text()
    # the other's changes stay its own
    other.switch("byway")
    assert planner.read("TransitStudio.state.on") == ["hsr"]
    assert other.trouble == []
    other.context.close()


def test_a_damaged_link_is_told_and_the_base_is_shown(browser: Browser, server: StudioServer) -> None:
    visitor = Planner(browser, server.url)
    visitor.open(f"{server.url}#s=%%%")
    assert visitor.page.locator("#issues li").get_attribute("data-code") == "bad_link"
    visitor.page.goto("about:blank")
    # of a link with foreign things only what has the right shape is taken over
    strange = {"on": [{"x": 1}, "nowhere"], "over": {"a.b": "text"}, "drafts": [7], "cut": ["a"], "mode": 5}
    visitor.page.goto(f"{server.url}#s=" + visitor.page.evaluate("(s) => btoa(s)", json.dumps(strange)))
    visitor.page.locator('#issues [data-code="unknown_project"]').wait_for()
    assert visitor.trouble == []
    visitor.context.close()


def test_a_hostile_name_stays_text(planner: Planner) -> None:
    planner.switch("byway")
    result = planner.page.locator("#switch-byway .name-line").inner_text()
    assert result == HOSTILE
    assert planner.page.locator("#switch-byway img").count() == 0
    assert "gone" not in planner.page.title()


def test_only_switches_that_change_are_drawn_anew(planner: Planner) -> None:
    page = planner.page
    rows = "Array.from(document.querySelectorAll('#switch-list .switch'))"
    page.locator('[data-details="byway"] > summary').click()
    planner.read(f"{rows}.forEach((row) => {{ row.marked = true; }})")
    planner.switch("byway")
    assert planner.read(f"{rows}.filter((row) => !row.marked).map((row) => row.id)") == ["switch-byway"]
    assert page.locator('details[data-details="byway"][open]').count() == 1  # what was unfolded stays so
    assert planner.read("document.activeElement.dataset.project") == "byway"
    steps = (
        "S.toggle('byway', false)", "S.undo()", "S.openBy(2035)", "S.openBy(1990)", "S.undo()",
        "S.projects.forEach((p) => { if (p.in_base) { S.toggle(p.id, false); } })", "S.undo()",
        "S.projects.forEach((p) => p.ranges.forEach((r) => S.change((s) => { s.over[p.id + '.' + r.field] = r.low })))",
    )  # fmt: skip
    for step in steps:
        planner.read(f"((S) => {{ {step}; }})(TransitStudio)")
        found = planner.read("document.getElementById('switch-list').innerHTML")
        # as if all were drawn: another list of the same projects is drawn whole
        wanted = planner.page.evaluate(
            "() => { const S = TransitStudio; S.projects = S.projects.slice(); S.showSwitches();"
            " return document.getElementById('switch-list').innerHTML; }"
        )
        assert found == wanted, step
    planner.rest()


def test_free_points_of_a_road_are_bends_and_no_nodes(planner: Planner, own: Path) -> None:
    page = planner.page
    page.locator('[data-new="road_link"]').click()
    planner.click_node("west")
    for lon in (111.3, 111.5, 111.7):
        planner.click_at(lon, 40.55)
    planner.click_node("east")
    page.locator("#draw-done").click()
    planner.take()
    doc = planner.read("TransitStudio.state.drafts[0].doc")
    assert "nodes" not in doc
    (road,) = doc["roads"]
    assert (road["from"], road["to"], road["detour_factor"]) == ("west", "east", 1.1)
    assert [round(lon, 1) for lon, _ in road["via"]] == [111.3, 111.5, 111.7]
    page.locator("#save").click()
    page.locator('[name="scenario-id"]').fill("bent-plan")
    page.locator("#save-ok").click()
    page.locator("#save-told .sound").wait_for()
    saved, _, issues = read_project(own / "scenarios" / "projects" / f"{doc['id']}.yaml")
    assert isinstance(saved, RoadLink)
    assert issues == []
    assert [list(point) for point in saved.roads[0].via] == road["via"]
    for name in ("bent-plan.yaml", f"projects/{doc['id']}.yaml"):
        (own / "scenarios" / name).unlink()


def test_a_free_end_of_a_road_is_a_node(planner: Planner) -> None:
    points = [["a", 111.1, False], ["b", 111.2, False], ["west", 111.0, True], ["c", 110.9, False]]
    doc = planner.page.evaluate(
        "(rows) => TransitStudio.blank('road_link', rows.map((r) => ({ id: r[0], zh: r[0], en: r[0], lon: r[1],"
        " lat: 40.7, known: r[2] })), [], 'x')",
        points,
    )
    assert [n["id"] for n in doc["nodes"]] == ["a", "c"]
    assert [(r["from"], r["to"], r.get("via")) for r in doc["roads"]] == [
        ("a", "west", [[111.2, 40.7]]),
        ("west", "c", None),
    ]


def test_a_road_is_drawn_checked_saved_and_found_again(planner: Planner, own: Path) -> None:
    page = planner.page
    before = _minutes(planner, "east")
    page.locator('[data-new="road_link"]').click()
    for node in ("west", "east"):
        planner.click_node(node)
    page.locator("#draw-done").click()
    page.locator('#dialog-form [name="design_speed_kmh"]').fill("900")
    page.locator('#dialog-form [name="design_speed_kmh"]').blur()
    page.locator("#form-ok").click()
    issue = page.locator('[data-field="design_speed_kmh"] .field-issue')
    issue.get_by_text("600").wait_for()  # the schema's limit, told at the field; nothing is lost
    assert page.locator("#dialog[open]").count() == 1
    page.locator('#dialog-form [name="design_speed_kmh"]').fill("120")
    page.locator('#dialog-form [name="design_speed_kmh"]').blur()
    page.locator('#dialog-form [name="range"]').fill("80-120")
    page.locator('#dialog-form [name="range"]').blur()
    planner.take()
    after = _minutes(planner, "east")
    assert float(after) < float(before)
    planner.slide("my_road_1.design_speed_kmh", 80)
    assert float(after) < float(_minutes(planner, "east"))
    page.locator('[data-act="copy"]').click()
    planner.rest()
    assert page.locator("[data-draft]").count() == 2
    page.locator('[data-act="delete"]').last.click()
    planner.rest()
    page.locator("#save").click()
    page.locator('[name="scenario-id"]').fill("drawn-plan")
    page.locator("#save-ok").click()
    page.locator("#save-told .sound").wait_for()
    assert (own / "scenarios" / "projects" / "my_road_1.yaml").is_file()
    # it changed meanwhile: not overwritten
    scenario = own / "scenarios" / "drawn-plan.yaml"
    scenario.write_text(scenario.read_text("utf-8") + "# by hand\n", "utf-8")
    page.locator('[name="title-en"]').fill("another title")
    page.locator("#save-ok").click()
    page.locator('#save-told [data-code="file_changed"]').wait_for()
    assert scenario.read_text("utf-8").endswith("# by hand\n")


def test_a_mistake_keeps_the_last_good_picture(planner: Planner) -> None:
    page = planner.page
    rings = page.locator(".leaflet-rings-pane path").count()
    assert rings > 0
    planner.page.evaluate("TransitStudio.change((s) => { s.on.push('nowhere'); })")
    page.locator('#issues [data-code="unknown_project"]').wait_for()
    assert page.locator(".leaflet-rings-pane path").count() == rings
    page.locator("#undo").click()
    planner.rest()
    assert page.locator("#issues").is_hidden()


def test_older_questions_are_dropped(planner: Planner) -> None:
    """Forty positions of a slider in a row: the last one is shown, and the server has not measured them all."""
    planner.switch("hsr")
    result: list[int] = []
    planner.page.on("response", lambda r: result.append(r.status) if r.url.endswith("measure") else None)
    planner.page.evaluate(
        "() => { const i = document.querySelector('input[data-key=\"hsr.commercial_speed_kmh\"]');"
        " for (let v = 100; v < 140; v += 1) { TransitStudio.change((s) => {"
        " s.over['hsr.commercial_speed_kmh'] = v; }, true); } return i.value; }"
    )
    planner.rest()
    assert planner.read("TransitStudio.state.over['hsr.commercial_speed_kmh']") == 139
    assert len([s for s in result if s == 200]) < 20


def test_a_file_changed_under_it_is_told_and_read_anew_on_wish(planner: Planner, own: Path) -> None:
    project = own / "scenarios" / "projects" / "twin.yaml"
    project.write_text(
        project.read_text("utf-8").replace("title: {zh: twin, en: twin}", "title: {zh: 新名, en: new}"), "utf-8"
    )
    planner.page.wait_for_timeout(1100)  # it looks once a second
    planner.switch("hsr")
    button = planner.page.locator("#reload")
    button.wait_for()
    button.click()
    planner.page.locator("#switch-twin").get_by_text("新名").wait_for()
    planner.rest()
    assert planner.page.locator("#changed").is_hidden()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_both_widths_and_languages(browser: Browser, server: StudioServer, size: Any) -> None:
    visitor = Planner(browser, server.url, size)
    page = visitor.open()
    for lang, word in (("en", "Studio"), ("zh", "方案工作台")):
        page.locator(f'[data-set-lang="{lang}"]').click()
        assert word in page.locator("h1").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for tab in ("left", "map", "right") if size == NARROW else ():
            page.locator(f'[data-tab="{tab}"]').click()
            assert page.locator("#map" if tab == "map" else f"#{tab}").is_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.rest()
    assert visitor.trouble == []
    visitor.context.close()
