"""The page as an instrument, in Chromium: lines and legend, the inset, phones, forced colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, MultiLineString

from tests.pages.test_closed_lines import add_road
from tests.pages.visitor import NARROW, TWO_FRAMES, WIDE, Visitor, choose
from transit_model.pages.palette import CLOSED, LINES, NEWLY, PROJECT
from transit_model.pages.view import StudyView
from transit_model.pages.write import write_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
COMPARE = "compare-built-everything.html"
STROKES = "p => p.map(e => e.getAttribute('stroke'))"


@pytest.fixture(scope="module")
def lined(view: StudyView) -> StudyView:
    """The study with a road that closes, one that works slow, and a bus line with two stops of its plan."""
    closing = add_road(view, closed="2029-01-01")
    other = LineString([(110.8, 39.6), (111.4, 39.9)])
    works = add_road(closing, other, project_id="bridge", limited=True, ref="G7", name_zh="施工路")
    line = MultiLineString([LineString([(110.0, 40.5), (110.3, 40.2)]), LineString([(110.3, 40.2), (110.4, 39.6)])])
    bus = gpd.GeoDataFrame(
        {"name_zh": ["甲丙公交"], "name_en": ["Jia-Bing bus"], "project_id": ["hsr"]}, geometry=[line], crs="EPSG:4326"
    )
    rows = [
        ("bus-1", "桥头站(城际公交)", "Bridge End (intercity bus)", 110.3, 40.2, "hsr"),
        ("bus-2", "丙市", "Bing", 110.4, 39.6, "hsr"),
    ]
    stops = pd.DataFrame(rows, columns=["stop_id", "name_zh", "name_en", "lon", "lat", "project_id"])
    return replace(works, basemap=replace(works.basemap, bus=bus, bus_stops=stops))


@pytest.fixture(scope="module")
def lined_site(lined: StudyView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lined") / "maps"
    write_pages(lined, folder)
    return folder


@pytest.fixture
def guest(browser: Browser, lined_site: Path) -> Iterator[Visitor]:
    made = Visitor(browser, lined_site, WIDE)
    yield made
    made.context.close()
    assert made.trouble == []


def read_marks(page: Page, selector: str) -> set[str]:
    """Return the colours of the marks of a legend."""
    found: list[str] = page.eval_on_selector_all(f"{selector} svg.mark [stroke]", STROKES)
    return set(found)


def test_closed_new_and_newly_reached_have_one_colour_each(guest: Visitor) -> None:
    page = guest.open("everything.html")
    drawn = set(page.eval_on_selector_all(".leaflet-lines-pane path, .leaflet-dots-pane path", STROKES))
    assert {*CLOSED, PROJECT} <= drawn
    assert {*CLOSED, PROJECT} <= read_marks(page, "#strip-saved") <= {*drawn, "#ffffff"}
    assert {*CLOSED, PROJECT} <= read_marks(page, ".legend")
    assert len({*CLOSED, PROJECT, NEWLY, LINES["rail"][0], *(road[0] for road in LINES["roads"])}) == 9
    assert page.locator(".closed-mark").count() == 1
    for words in ("本情景封闭或不再使用", "施工限速或单向封闭", "公交线路与停靠站", "本情景新增的项目"):
        assert page.locator("#strip-saved").get_by_text(words).is_visible(), words
    # Of the base the road is like any other, and the legend says nothing of it.
    choose(page, "case", "base")
    drawn = set(page.eval_on_selector_all(".leaflet-lines-pane path", STROKES))
    assert not {*CLOSED, PROJECT} & drawn
    assert page.locator(".closed-mark").count() == 0
    assert not page.locator("#strip-rings .legend-project").first.is_visible()


def test_the_rings_of_a_comparison_have_a_legend_of_the_same_colours(guest: Visitor) -> None:
    page = guest.open(COMPARE, "v=rings")
    assert {*CLOSED, PROJECT, NEWLY} <= read_marks(page, "#strip-rings")
    assert page.locator(".leaflet-marks-right-pane .closed-mark").count() == 1
    assert set(CLOSED) <= set(page.eval_on_selector_all(".leaflet-lines-right-pane path", STROKES))
    assert not set(CLOSED) & set(page.eval_on_selector_all(".leaflet-lines-left-pane path", STROKES))
    pixels = page.evaluate(
        "(() => { const c = document.querySelector('.leaflet-newly-right-pane canvas');"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, seen = new Set();"
        " for (let i = 0; i < d.length; i += 4) { if (d[i + 3]) {"
        " seen.add('#' + [0, 1, 2].map(k => d[i + k].toString(16).padStart(2, '0')).join('')); } }"
        " return [...seen]; })()"
    )
    assert pixels == [NEWLY]


def test_a_bus_project_has_its_line_its_stops_and_their_names(guest: Visitor) -> None:
    page = guest.open("everything.html")
    assert page.locator("path.bus-stop").count() == 2
    named = page.locator(".name-stop").all_inner_texts()
    assert named == ["桥头站"]  # without its brackets; the other is called like the town it stands in
    tips = page.evaluate("TransitMap.data.ground.stops.map(s => s.zh)")
    assert "桥头站（城际公交）" in tips
    page.locator('[data-set-lang="en"]').first.click()
    assert page.locator(".name-stop").all_inner_texts() == ["Bridge End"]
    page.locator('input[name="layer"][value="bus"]').uncheck(force=True)
    assert page.locator("path.bus-stop").count() == page.locator(".name-stop").count() == 0
    page = guest.open("built.html")
    assert page.locator("path.bus-stop").count() == 0
    assert page.locator('input[name="layer"][value="bus"]').count() == 0


def test_every_line_over_the_rings_has_a_white_casing_below_all_lines(guest: Visitor) -> None:
    page = guest.open("everything.html", "v=scenario")
    depth = {
        pane: int(page.evaluate(f"getComputedStyle(document.querySelector('.leaflet-{pane}-pane')).zIndex"))
        for pane in ("rings", "casing", "lines", "marks", "dots", "names")
    }
    assert sorted(depth, key=lambda pane: depth[pane]) == ["rings", "casing", "lines", "marks", "dots", "names"]
    assert set(page.eval_on_selector_all(".leaflet-casing-pane path", STROKES)) == {"#ffffff"}
    widths = page.eval_on_selector_all(
        ".leaflet-casing-pane path", "p => p.map(e => Number(e.getAttribute('stroke-width')))"
    )
    lines = page.eval_on_selector_all(
        ".leaflet-lines-pane path", "p => p.map(e => Number(e.getAttribute('stroke-width')))"
    )
    assert max(widths) >= max(lines) + 1.5
    assert min(widths) >= min(w[1] for w in LINES["roads"]) + 1.2


def test_the_inset_shows_where_the_map_lies(guest: Visitor) -> None:
    page = guest.open("everything.html")

    def read_box() -> list[float]:
        values: list[float] = page.evaluate(
            "(() => { const box = document.querySelector('.locator rect:last-of-type');"
            " return ['x', 'y', 'width', 'height'].map(k => Number(box.getAttribute(k))); })()"
        )
        return values

    page.evaluate("TransitMap.map.setView([40.5, 110.0], 10, { animate: false })")
    west = read_box()
    page.evaluate("TransitMap.map.setView([40.5, 111.5], 10, { animate: false })")
    east = read_box()
    assert east[0] > west[0]
    assert east[1] == west[1]
    assert page.locator(".locator").is_visible()
    # By hand: 1.5 degrees of 3.3 + 0.2 on 92 units are 39.4.
    assert abs(east[0] - west[0] - 1.5 / 3.5 * 92) < 0.2
    page.evaluate("TransitMap.map.setView([40.2, 110.8], 6, { animate: false })")
    assert not page.locator(".locator").is_visible()


def test_zoom_has_limits_and_two_buttons_lead_back(guest: Visitor) -> None:
    page = guest.open("everything.html")
    opened = page.evaluate("TransitMap.map.getBounds().toBBoxString()")
    assert page.evaluate("[TransitMap.map.getMinZoom(), TransitMap.map.getMaxZoom()]") == [5, 14]
    page.evaluate("TransitMap.map.setView([39.3, 112.3], 12, { animate: false })")
    page.locator("#see-change").click()
    assert page.evaluate("TransitMap.map.getBounds().toBBoxString()") == opened
    page.locator("#see-all").click()
    assert page.evaluate(
        "(() => { const b = TransitMap.data.bbox;"
        " return TransitMap.map.getBounds().contains([[b[1], b[0]], [b[3], b[2]]]); })()"
    )
    assert page.locator(".leaflet-control-scale-line").is_visible()
    assert page.locator(".north").is_visible()


def drag(page: Page, fingers: list[tuple[float, float]], dy: int) -> None:
    """Move fingers down (or up) by `dy` pixels on a touch screen."""
    session = page.context.new_cdp_session(page)

    def send(kind: str, moved: float) -> None:
        points = [{"x": x, "y": y + moved, "id": k} for k, (x, y) in enumerate(fingers)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points if kind != "touchEnd" else []})

    send("touchStart", 0)
    for step in range(1, 17):
        send("touchMove", dy * step / 16)
        page.wait_for_timeout(16)
    send("touchEnd", dy)
    page.wait_for_timeout(60)


PHONE_PAGES = ["everything.html", COMPARE, "timeline.html"]


@pytest.mark.parametrize("name", PHONE_PAGES)
def test_on_a_phone_the_legend_covers_no_map_and_the_header_is_low(
    browser: Browser, lined_site: Path, name: str
) -> None:
    visitor = Visitor(browser, lined_site, NARROW)
    page = visitor.open(name)
    assert page.locator(".stage .strip").count() == 0
    assert page.locator("#legend-slot .strip:visible").count() == 1
    head = page.locator("header").first.bounding_box()
    assert head is not None
    assert head["height"] <= 72
    stage = page.locator(".stage").bounding_box()
    assert stage is not None
    assert stage["height"] >= 0.38 * NARROW["height"]
    if name == "timeline.html":  # map and slider in one view
        slider = page.locator("#slider").bounding_box()
        assert slider is not None
        assert stage["y"] >= 0
        assert slider["y"] + slider["height"] <= NARROW["height"]
    page.set_viewport_size({"width": 1200, "height": 800})
    page.evaluate(TWO_FRAMES)
    assert page.locator(".stage .strip").count() >= 1
    visitor.context.close()
    assert visitor.trouble == []


@pytest.mark.parametrize("name", PHONE_PAGES)
def test_on_a_touch_screen_the_page_scrolls_over_the_map(browser: Browser, lined_site: Path, name: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    page = context.new_page()
    page.goto((lined_site / name).as_uri())
    page.evaluate(TWO_FRAMES)
    if name == "everything.html":
        assert page.evaluate("TransitMap.map.dragging.enabled()")  # the map fills the page: nothing scrolls
        page.locator("#drawer").tap()
    assert not page.evaluate("TransitMap.map.dragging.enabled()")
    assert page.evaluate("TransitMap.map.touchZoom.enabled()")
    assert page.evaluate("TransitMap.map.getContainer().style.touchAction") == "pan-x pan-y"
    at = page.evaluate("TransitMap.map.getCenter().toString()")
    drag(page, [(150, 250)], -160)
    assert page.evaluate("window.scrollY") >= 120
    assert page.evaluate("TransitMap.map.getCenter().toString()") == at
    page.evaluate("window.scrollTo(0, 0)")
    box = page.locator(".stage").bounding_box()
    assert box is not None
    drag(page, [(120, box["y"] + 120), (240, box["y"] + 120)], 50)
    assert page.evaluate("TransitMap.map.getCenter().toString()") != at
    context.close()


def test_forced_colours_keep_the_data_and_frame_the_choice(browser: Browser, lined_site: Path) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, forced_colors="active", locale="zh-CN")
    page = context.new_page()
    page.goto((lined_site / "everything.html").as_uri() + "#v=scenario")
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    fills = page.eval_on_selector_all(".leaflet-rings-pane path", "p => p.map(e => getComputedStyle(e).fill)")
    wanted = page.evaluate("TransitMap.data.colours.map(c => { const e = document.createElement('i');"
                           " e.style.color = c; return e.style.color; })")  # fmt: skip
    assert set(fills) <= set(wanted)
    swatches = page.eval_on_selector_all(
        "#strip-rings .swatch i", "e => e.map(i => getComputedStyle(i).backgroundColor)"
    )
    assert swatches == wanted
    assert page.locator("#strip-rings svg.mark").first.evaluate("e => getComputedStyle(e).forcedColorAdjust") == "none"
    ticked = page.locator('[name="case"]:checked + span')
    assert ticked.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    context.close()


def test_reduced_motion_is_kept_to(browser: Browser, lined_site: Path) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce", locale="zh-CN")
    page = context.new_page()
    page.goto((lined_site / COMPARE).as_uri() + "#v=flicker")
    page.evaluate(TWO_FRAMES)
    before = page.locator("#swipe").input_value()
    page.wait_for_timeout(1500)
    assert page.locator("#swipe").input_value() == before
    page.goto((lined_site / "everything.html").as_uri())
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("TransitMap.map.options.zoomAnimation") is False
    context.close()
