"""Each thing that is drawn becomes a real project: the forms on the mini pack, with minutes known by hand.

West to east by rail 50 min (D1, D3), back D2; K7 calls at mid too. By the expressway 50 min at posted speeds.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.studio.planner import Planner
from transit_model.scenario.schema import parse_project
from transit_model.store.yaml_lines import YamlDocument

pytestmark = pytest.mark.browser
EXPRESSWAY = "west_gate--east_gate"


@pytest.fixture
def planner(planner: Planner) -> Planner:
    planner.page.locator('[data-set-lang="en"]').click()
    return planner


def _choose(planner: Planner, mode: str, reading: str) -> None:
    planner.page.locator(f'#modes input[value="{mode}"]').check(force=True)
    planner.page.locator(f'#readings input[value="{reading}"]').check(force=True)
    planner.rest()


def _draw(planner: Planner, what: str, *names: str, kind: str = "stations") -> None:
    planner.page.locator(f'[data-new="{what}"]').click()
    for name in names:
        planner.click_node(name, kind)
    planner.page.locator("#draw-done").click()


def _fill(planner: Planner, field: str, value: str) -> None:
    box = planner.page.locator(f'#dialog-form [name="{field}"]')
    if box.evaluate("(b) => b.tagName") == "SELECT":
        box.select_option(value)
    else:
        box.fill(value)
        box.blur()


def _minutes(planner: Planner, to: str = "east") -> float:
    return float(planner.page.locator(f'[data-minutes="{to}"]').inner_text())


def _document(planner: Planner) -> dict[str, Any]:
    """Return the latest drawing; it is a project of the schema without a single remark."""
    document: dict[str, Any] = planner.read("TransitStudio.state.drafts.at(-1).doc")
    project, issues = parse_project(YamlDocument(document, {}, "drawn.yaml"))
    assert project is not None
    assert issues == []
    return document


def test_a_railway_by_run_times_and_trains_a_day(planner: Planner) -> None:
    _choose(planner, "rail", "promoter")
    assert _minutes(planner) == 50.0
    _draw(planner, "rail_line", "west-station", "east-station")
    _fill(planner, "timing", "run_times_min")
    _fill(planner, "run_times_min.0", "8")
    _fill(planner, "service.kind", "timetable")
    _fill(planner, "service.trains_per_day", "12")
    planner.page.locator("#form-ok").click()
    # 80 km in 8 minutes: told at the field, and nothing is lost
    planner.page.locator('[data-field="run_times_min.0"] .field-issue').get_by_text("faster than").wait_for()
    _fill(planner, "run_times_min.0", "32")
    planner.take()
    assert _minutes(planner) == 32.0
    document = _document(planner)
    assert document["run_times_min"] == [32]
    assert "design_speed_kmh" not in document
    assert (document["service"]["kind"], document["service"]["trains_per_day"]) == ("timetable", 12)


def test_a_railway_by_commercial_speed(planner: Planner) -> None:
    _choose(planner, "rail", "promoter")
    _draw(planner, "rail_line", "west-station", "east-station")
    _fill(planner, "timing", "commercial_speed_kmh")
    _fill(planner, "commercial_speed_kmh", "170")
    planner.take()
    document = _document(planner)
    km = document["stations"][1]["chainage_km"]
    assert _minutes(planner) == pytest.approx(60 * km / 170, abs=0.06)
    planner.page.locator('[data-act="edit"]').click()  # the form opens on what was chosen
    assert planner.page.locator('#dialog-form [name="timing"]').input_value() == "commercial_speed_kmh"


def test_a_coach_that_carries_nobody_within_a_city(planner: Planner) -> None:
    _draw(planner, "bus_line", "west", "mid", "east", kind="nodes")
    _fill(planner, "stops.0", "on")
    _fill(planner, "stops.1", "off")
    _fill(planner, "stops.1", "on")
    _fill(planner, "stops.2", "on")
    planner.page.locator("#form-ok").click()
    # nobody alights anywhere: told at a stop, and nothing is lost
    planner.page.locator('[data-field^="stops."] .field-issue').get_by_text("nobody can alight").first.wait_for()
    _fill(planner, "stops.2", "off")
    planner.take()
    assert _document(planner)["stops"] == [
        {"node": "west", "drop_off_type": 1},
        {"node": "mid", "drop_off_type": 1},
        {"node": "east", "pickup_type": 1},
    ]
    planner.page.locator('[data-act="edit"]').click()  # the form opens on what was chosen
    shown = [planner.page.locator(f'#dialog-form [name="stops.{i}"]').input_value() for i in range(3)]
    assert shown == ["on", "on", "off"]


def test_trains_made_faster(planner: Planner) -> None:
    _choose(planner, "rail", "promoter")
    _draw(planner, "train_speed", "west-station", "east-station")
    about = planner.page.locator("#form-about")
    about.get_by_text("both ways: D 3").wait_for()  # D1, D3 and, back, D2
    assert "50.0" in about.inner_text()
    _fill(planner, "retime.0.factor", "0.8")
    planner.take()
    assert _minutes(planner) == 40.0
    assert _document(planner)["kind"] == "rail_service"


def test_fewer_trains_of_those_that_run(planner: Planner) -> None:
    _choose(planner, "rail", "typical")
    before = _minutes(planner)
    _draw(planner, "train_number", "west-station", "east-station")
    planner.page.locator("#form-ok").click()
    assert planner.page.locator("#dialog[open]").count() == 1  # a number is wanted
    _fill(planner, "changes.0.trains.classes", "d")
    _fill(planner, "changes.0.trains_per_day", "3")
    planner.page.locator("#form-ok").click()
    planner.page.locator('[data-field="changes.0.trains_per_day"] .field-issue').get_by_text("3 of these").wait_for()
    _fill(planner, "changes.0.trains_per_day", "9")
    planner.take()
    assert _minutes(planner) < before
    document = _document(planner)
    assert document["changes"][0] == {
        "trains": {"between": ["west-station", "east-station"], "classes": ["D"]}, "trains_per_day": 9
    }  # fmt: skip


def test_a_stop_added_and_one_dropped(planner: Planner) -> None:
    _choose(planner, "rail", "promoter")
    _draw(planner, "stop_edit", "west-station", "mid-station", "east-station")
    planner.take()
    document = _document(planner)
    assert document["kind"] == "service_change"
    assert document["changes"][0]["add_stops"] == [{"stop": "mid-station", "dwell_min": 2}]
    # two minutes of dwell, and braking and starting by the model
    assert 52.0 < _minutes(planner) < 56.0
    planner.page.locator('[data-act="delete"]').click()
    planner.rest()
    assert _minutes(planner) == 50.0
    planner.page.locator('[data-new="stop_edit"]').click()
    planner.click_node("mid-station", "stations")
    planner.page.locator("#draw-done").click()
    planner.take()
    assert _document(planner)["changes"][0]["drop_stops"] == ["mid-station"]


def test_works_by_hours_direction_and_dates(planner: Planner) -> None:
    _choose(planner, "road", "promoter")
    assert _minutes(planner) == 50.0
    planner.page.locator('[data-new="closure"]').click()
    planner.click_road(EXPRESSWAY)
    planner.page.locator("#draw-done").click()
    _fill(planner, "direction", "along")
    _fill(planner, "hours.from", "06:00")
    planner.page.locator("#form-ok").click()
    planner.page.locator('[data-field="hours.to"] .field-issue:not(:empty)').wait_for()
    _fill(planner, "hours.to", "20:00")
    _fill(planner, "opens", "2026-03-01")
    _fill(planner, "ends", "2025-01-01")
    planner.page.locator("#form-ok").click()
    planner.page.locator('[data-field="ends"] .field-issue:not(:empty)').wait_for()
    _fill(planner, "ends", "2027-06-30")
    planner.take()
    assert _minutes(planner) == 75.0  # the trunk road
    document = _document(planner)
    assert (document["direction"], document["hours"]) == ("along", {"from": "06:00", "to": "20:00"})
    planner.page.locator('#choices [name="origin"]').select_option("east")
    planner.rest()
    assert _minutes(planner, "west") == 50.0  # the way back is open
    planner.page.locator('[data-act="edit"]').click()
    for end in ("from", "to"):
        _fill(planner, f"hours.{end}", "")
    planner.take()
    assert "hours" not in _document(planner)


def test_an_opening_is_moved_and_the_year_follows(planner: Planner) -> None:
    page = planner.page
    slider = page.locator('[data-opens="bridge_west"]')
    assert slider.input_value() == "2028"  # the last year of [2025, 2028]
    band = page.locator("#switch-bridge_west .opening .band")
    assert (band.evaluate("(b) => b.style.left"), band.evaluate("(b) => b.style.width")) == ("0%", "15%")
    move = "(s, v) => { s.value = v; s.dispatchEvent(new Event('input', { bubbles: true })); }"
    page.locator("#year").evaluate(move, "2027")
    planner.rest()
    assert sorted(planner.read("TransitStudio.state.on")) == ["byway", "hsr"]
    page.locator('[data-opens="bridge_west"]').evaluate(move, "2026")
    planner.rest()
    assert sorted(planner.read("TransitStudio.state.on")) == ["bridge_east", "bridge_west", "byway", "hsr"]
    # the link holds it, undo takes it back, and a switch by hand ends what the year says
    link = planner.read("location.href")
    other = Planner(planner.context.browser, planner.url)  # type: ignore[arg-type]
    other.open(link)
    assert other.read("[TransitStudio.state.year, TransitStudio.state.opened.bridge_west]") == [2027, 2026]
    assert other.trouble == []
    other.context.close()
    planner.switch("hsr", on=False)
    assert planner.read("TransitStudio.state.year") is None
    page.locator("#undo").click()
    planner.rest()
    assert planner.read("TransitStudio.state.year") == 2027


def test_all_mistakes_at_once_in_chinese_and_nothing_lost(planner: Planner) -> None:
    """Four mistakes of one closure, each at its field; a text that is no JSON; map and draft stay as they were."""
    _choose(planner, "road", "promoter")
    planner.page.evaluate("window.TransitLang.set('zh')")
    before = _minutes(planner)
    planner.page.locator('[data-new="closure"]').click()
    planner.click_road(EXPRESSWAY)
    planner.page.locator("#draw-done").click()
    for field, value in (("hours.from", "99:00"), ("hours.to", "noon"), ("opens", "9999"), ("speed_kmh", "0")):
        _fill(planner, field, value)
    planner.page.locator("#form-ok").click()
    planner.page.locator('[data-field="speed_kmh"] .field-issue').get_by_text("须不小于 1").wait_for()
    said = {
        field: planner.page.locator(f'[data-field="{field}"] .field-issue').inner_text()
        for field in ("hours.from", "hours.to", "opens")
    }
    assert "晚于 48:00" in said["hours.from"]
    assert "不是钟点" in said["hours.to"]
    assert "不在 1900 至 2100 之间" in said["opens"]
    assert planner.page.locator("#form-issues li").count() == 0
    document = planner.page.locator('#dialog-form [name="document"]')
    planner.page.locator("#whole-document summary").click()
    good = document.input_value()
    document.fill("{\n oops")
    document.blur()
    told = planner.page.locator("#form-issues li[data-code='bad_json']")
    told.wait_for()
    assert "不是有效的 JSON：见第 2 行" in told.inner_text()
    assert document.input_value() == "{\n oops"
    document.fill(good)
    document.blur()
    assert _minutes(planner) == before
    for field, value in (("hours.from", ""), ("hours.to", ""), ("opens", "2026"), ("speed_kmh", "")):
        _fill(planner, field, value)
    planner.take()
    assert _minutes(planner) == 75.0
