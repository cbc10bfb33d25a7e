"""The pages in Chromium with the network cut: what a planner would do, and what the page must answer."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pages.sample_basemap import SCRIPT_NAME
from tests.pages.sample_view import EMOJI_NAME
from tests.pages.test_pages import PAGES
from tests.pages.visitor import NARROW, WIDE, Visitor, choose, count_paths
from tests.tools.open_pages import LEAST_CHANGED_SHARE, measure_change
from transit_model.pages.view import StudyView

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def _minutes(view: StudyView, scenario: str, mode: str, reading: str, origin: str, to: str) -> str:
    od = view.od
    row = od[(od["scenario"] == scenario) & (od["mode"] == mode) & (od["reading"] == reading)]
    value = float(row[(row["from"] == origin) & (row["to"] == to)]["minutes"].iloc[0])
    return "—" if math.isnan(value) else "∞" if math.isinf(value) else str(math.floor(value + 0.5))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_both_languages_at_both_widths(visitor: Visitor, name: str) -> None:
    page = visitor.open(name)
    width = page.viewport_size["width"] if page.viewport_size else 0
    for lang, other in (("zh", "en"), ("en", "zh")):
        page.locator(f'[data-set-lang="{lang}"]').first.click()
        assert page.locator(f"span.{other}:visible").count() == 0
        assert page.locator(f"span.{lang}:visible").count() > 3
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if folder := os.environ.get("SCREENSHOTS"):
            page.wait_for_timeout(100)
            page.screenshot(path=str(Path(folder) / f"{Path(name).stem}-{width}-{lang}.png"))
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title()


@pytest.mark.parametrize(
    ("locale", "lang"), [("zh-CN", "zh"), ("zh-TW", "zh"), ("en-GB", "en"), ("mn-MN", "en"), ("de-DE", "en")]
)
def test_a_page_speaks_the_language_of_the_browser_until_told(
    browser: Browser, maps: Path, locale: str, lang: str
) -> None:
    guest = Visitor(browser, maps, WIDE, locale)
    page = guest.open("index.html")
    assert page.evaluate("document.documentElement.dataset.lang") == lang
    assert page.locator("h1 ." + lang).first.is_visible()
    other = "en" if lang == "zh" else "zh"
    guest.open("goals.html", f"lang={other}")  # the address goes before it, and is no choice to be kept
    assert page.evaluate("document.documentElement.dataset.lang") == other
    guest.open("goals.html")
    assert page.evaluate("document.documentElement.dataset.lang") == lang
    page.locator(f'[data-set-lang="{other}"]').first.click()
    guest.open("goals.html")
    assert page.evaluate("document.documentElement.dataset.lang") == other  # a choice made before goes before it
    guest.context.close()


def test_without_scripts_a_page_is_chinese(browser: Browser, maps: Path) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto((maps / "index.html").as_uri())
    assert page.locator("h1 .zh").first.is_visible()
    assert not page.locator("h1 .en").first.is_visible()
    context.close()


def test_language_is_remembered_on_the_next_page(wide: Visitor) -> None:
    page = wide.open("index.html")
    assert page.evaluate("TransitLang.get()") == "zh"
    page.locator('[data-set-lang="en"]').click()
    page = wide.open("built.html")
    assert page.evaluate("TransitLang.get()") == "en"
    assert page.locator("#search").get_attribute("placeholder") == "Find a place"


def test_without_storage_the_page_still_works(wide: Visitor) -> None:
    wide.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }})"
    )
    page = wide.open("everything.html", "o=jia&m=best&r=door_to_door&c=120&v=both")
    page.locator('[data-set-lang="en"]').click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert count_paths(page, "rings") == 4


def test_origins_modes_cutoffs_and_readings_change_the_rings(wide: Visitor) -> None:
    page = wide.open("everything.html", "o=jia&m=best&r=door_to_door&c=120&v=both")
    assert count_paths(page, "rings") == 4  # one centre, four cutoffs
    choose(page, "cutoff", "60")
    assert count_paths(page, "rings") == 2
    choose(page, "origin", "yi")
    assert count_paths(page, "rings") == 4
    shape = page.locator(".leaflet-rings-pane path").first.get_attribute("d")
    choose(page, "mode", "rail")
    after_mode = page.locator(".leaflet-rings-pane path").first.get_attribute("d")
    assert after_mode != shape
    choose(page, "reading", "typical")
    assert page.locator(".leaflet-rings-pane path").first.get_attribute("d") != after_mode
    page.locator('input[name="origin"][value="jia"]').uncheck(force=True)
    assert count_paths(page, "rings") == 2


def test_base_case_as_outline_alone_and_off(wide: Visitor) -> None:
    page = wide.open("everything.html", "o=jia&m=best&r=door_to_door&c=120&v=both")
    assert count_paths(page, "outlines") == 4
    mixed = page.locator(".leaflet-rings-pane path").last.get_attribute("d")
    choose(page, "case", "base")
    assert count_paths(page, "outlines") == 0
    assert page.locator(".leaflet-rings-pane path").last.get_attribute("d") != mixed
    choose(page, "case", "scenario")
    assert count_paths(page, "outlines") == 0


def test_ring_table_equals_the_study_s(wide: Visitor, view: StudyView) -> None:
    page = wide.open("everything.html", "o=bing&m=road&r=typical&c=120&v=scenario")
    rings = view.rings
    part = rings[(rings["scenario"] == "everything") & (rings["origin"] == "bing")]
    part = part[(part["mode"] == "road") & (part["reading"] == "typical")]
    for row in part.to_dict("records"):
        cells = page.locator(f'#ring-rows tr[data-cutoff="{row["cutoff_min"]:.0f}"] td').all_inner_texts()
        assert len(cells) == 4  # before, after, change, area
        assert (cells[1], cells[3]) == (f"{row['population']:,.0f}", f"{math.floor(row['area_km2'] + 0.5):,}")


def test_search_by_chinese_english_and_alias_with_the_keyboard(wide: Visitor, view: StudyView) -> None:
    page = wide.open("everything.html")
    for words, name in (("高铁", EMOJI_NAME), ("banner", "远旗"), ("chia", "甲市"), ("<scr", SCRIPT_NAME)):
        page.locator("#search").fill(words)
        page.keyboard.press("Enter")
        assert page.locator("#place-name").inner_text() == name
    page.locator("#search").fill("nowhere at all")
    assert page.locator("#found .none").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#found").is_visible()


@pytest.mark.parametrize("mode", ["road", "rail", "best"])
def test_a_chosen_place_shows_the_table_s_minutes(wide: Visitor, view: StudyView, mode: str) -> None:
    page = wide.open("everything.html", f"m={mode}")
    for place in ("emoji", "far", "yi"):
        page.locator("#search").fill(place)
        page.keyboard.press("Enter")
        for origin in ("jia", "yi", "bing"):
            if origin == place:
                continue
            for reading in ("promoter", "typical", "door_to_door"):
                cell = page.locator(f'#place-rows td[data-origin="{origin}"][data-reading="{reading}"] b')
                assert cell.inner_text() == _minutes(view, "everything", mode, reading, origin, place)


def test_clicking_the_map_on_a_place_and_beside_it(wide: Visitor, view: StudyView) -> None:
    page = wide.open("everything.html")
    page.locator("#see-all").click()
    spot = page.evaluate(
        "(() => { const p = TransitMap.data.places.find(q => q.id === 'emoji');"
        " const at = TransitMap.map.latLngToContainerPoint([p.lat, p.lon]);"
        " const box = document.querySelector('.folium-map').getBoundingClientRect();"
        " return [box.x + at.x, box.y + at.y]; })()"
    )
    page.mouse.click(*spot)
    assert page.locator("#place-name").inner_text() == EMOJI_NAME
    cell = page.locator('#place-rows td[data-origin="jia"][data-reading="door_to_door"] b')
    assert cell.inner_text() == _minutes(view, "everything", "best", "door_to_door", "jia", "emoji")
    page.locator("#place-close").click()
    assert not page.locator("#place").is_visible()
    # Beside it: the minutes of the cell, before and after, on all readings and by all modes.
    page.evaluate(
        "(() => { const at = L.latLng(40.32, 111.57);"
        " TransitMap.map.fire('click', { latlng: at, containerPoint: L.point(1, 1) }); })()"
    )
    assert page.locator("#place-name").inner_text() == "此处"
    assert view.cells is not None
    place = view.cells.lattice.find(111.57, 40.32)
    assert place is not None

    def result(scenario: str, mode: str, reading: str) -> int:
        assert view.cells is not None
        return int(view.cells.minutes[scenario, "jia", mode, reading].item(place)) - 1

    for reading in ("typical", "door_to_door"):
        here = page.locator(f'#place-rows td[data-origin="jia"][data-reading="{reading}"]')
        before, after = (result(s, "best", reading) for s in ("built", "everything"))
        assert after < before
        assert here.inner_text() == f"{after}({before})"
    assert page.locator('#place-rows td[data-origin="jia"][data-reading="promoter"]').inner_text() == "—"
    for mode in ("road", "rail"):
        here = page.locator(f'#mode-rows td[data-origin="jia"][data-mode="{mode}"] b')
        assert here.inner_text() == str(result("everything", mode, "door_to_door"))
    assert page.locator("#place-note").inner_text().startswith("此处到各中心的用时")


def test_a_point_beyond_the_study_area_or_out_of_reach_says_so(wide: Visitor) -> None:
    page = wide.open("everything.html", "m=rail&r=typical")
    for lon, words, cell in ((109.21, "研究范围以外", "—"), (109.4, "此处到各中心的用时", "∞")):
        page.evaluate(
            "lon => TransitMap.map.fire('click', { latlng: L.latLng(40.3, lon), containerPoint: L.point(1, 1) })", lon
        )
        assert page.locator("#place-note").inner_text().startswith(words)
        assert page.locator('#place-rows td[data-origin="jia"][data-reading="typical"] b').inner_text() == cell


def test_the_way_is_told_in_words_in_both_languages(wide: Visitor) -> None:
    page = wide.open("everything.html", "m=road&r=typical")
    page.locator("#search").fill("远旗")
    page.keyboard.press("Enter")
    route = page.locator("#place-rows tr.route")
    assert route.first.inner_text() == "G6 120 km · S1 31 km（新） · 其他道路 4 km"
    page.locator('[data-set-lang="en"]').first.click()
    assert route.first.inner_text() == "G6 120 km · S1 31 km (new) · other roads 4 km"
    choose(page, "case", "base")
    assert "(new)" not in route.first.inner_text()
    choose(page, "reading", "promoter")
    assert route.count() == 0  # free flow may take other roads
    choose(page, "mode", "rail")
    assert route.count() == 0 or "by train" in route.first.inner_text()


def test_a_point_tells_the_way_to_the_nearest_place(wide: Visitor) -> None:
    page = wide.open("everything.html", "m=road&r=typical")
    page.evaluate(
        "(() => { const p = TransitMap.placeById('far'); const at = L.latLng(p.lat + 0.09, p.lon);"
        " TransitMap.map.fire('click', { latlng: at, containerPoint: L.point(1, 1) }); })()"
    )
    assert page.locator("#place-near").inner_text() == "以下路线到最近的地点：远旗（直线 10 km）。"
    assert "G6 120 km" in page.locator("#place-rows tr.route").first.inner_text()


def test_base_map_layers_can_be_hidden(wide: Visitor) -> None:
    page = wide.open("everything.html")
    lines, dots = count_paths(page, "lines"), count_paths(page, "dots")
    page.locator('input[name="layer"][value="roads"]').uncheck(force=True)
    assert count_paths(page, "lines") < lines
    page.locator('input[name="layer"][value="rail"]').uncheck(force=True)
    assert count_paths(page, "lines") == 0
    page.locator('input[name="layer"][value="stations"]').uncheck(force=True)
    assert count_paths(page, "dots") < dots
    page.locator('input[name="layer"][value="labels"]').uncheck(force=True)
    assert page.locator(".name:visible").count() == 0
    page.locator('input[name="layer"][value="labels"]').check(force=True)
    assert page.locator(".name:visible").count() > 2


def test_address_keeps_the_view(wide: Visitor) -> None:
    page = wide.open("everything.html", "v=scenario")
    choose(page, "mode", "rail")
    choose(page, "cutoff", "90")
    page.locator("#search").fill("远旗")
    page.keyboard.press("Enter")
    address = page.url
    again = wide.open("everything.html", address.split("#")[1])
    assert again.locator('input[name="mode"][value="rail"]').is_checked()
    assert again.locator('input[name="cutoff"][value="90"]').is_checked()
    assert again.locator("#place-name").inner_text() == "远旗"
    other = again.locator("a[data-keep-view]").first.get_attribute("href") or ""
    assert "m=rail" in other


@pytest.mark.parametrize("bad", ["o=<script>&m=nothing&c=-1&z=a/b/c", "z=1e9/999/999", "p=%3Cb%3E", "%%%"])
def test_a_damaged_address_does_no_harm(wide: Visitor, bad: str) -> None:
    page = wide.open("built.html", bad)
    assert count_paths(page, "rings") > 0
    assert page.locator(".scale, .leaflet-control-scale-line").first.is_visible()


def test_front_page_filters_and_tabs(wide: Visitor) -> None:
    page = wide.open("index.html")
    page.locator(".all-goals summary").click()
    rows = page.locator(".matrix tbody tr:visible")
    assert rows.count() == 3
    page.locator('[data-show="road"]').click()
    assert rows.count() == 1
    page.locator('[data-show=""]').click()
    page.locator('[data-tab="everything"]').click()
    assert page.locator('[data-panel="od"]:visible').get_attribute("data-panel-id") == "everything"


def test_comparison_divider_clips_both_sides(wide: Visitor) -> None:
    page = wide.open("compare-built-everything.html", "v=rings&c=120")
    left, right = ".leaflet-rings-left-pane", ".leaflet-rings-right-pane"
    assert page.locator(f"{left} path").count() == page.locator(f"{right} path").count() == 4
    before = page.locator(left).evaluate("e => e.style.clip")
    place = page.locator("#divider").evaluate("e => e.style.left")
    page.locator("#swipe").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert page.locator(left).evaluate("e => e.style.clip") != before
    assert page.locator("#divider").evaluate("e => e.style.left") != place


def test_a_comparison_opens_on_the_minutes_saved_and_the_divider_on_the_gain(wide: Visitor) -> None:
    page = wide.open("compare-built-everything.html")
    assert page.locator("canvas.cells").count() == 1
    assert page.locator("#strip-saved").is_visible()
    assert not page.locator("#swipe").is_visible()
    assert page.locator(".leaflet-rings-right-pane path").count() == 0
    assert page.locator(".leaflet-edges-pane path").count() == 3  # the hour that leads, on white, and the base's
    choose(page, "show", "rings")
    assert not page.locator("#strip-saved").is_visible()
    assert page.locator(".leaflet-rings-right-pane path").count() == 2  # the hour that leads: 30 and 60 minutes
    share = page.evaluate("TransitMap.map.latLngToContainerPoint([40.5, 111.2]).x / TransitMap.map.getSize().x * 100")
    assert abs(float(page.locator("#swipe").input_value()) - share) <= 1
    choose(page, "show", "flicker")
    assert not page.locator("#divider").is_visible()


def test_a_scenario_opens_on_a_picture_that_differs_from_its_base(wide: Visitor) -> None:
    page = wide.open("everything.html")
    assert page.locator('[name="case"][value="saved"]').is_checked()
    shares = measure_change(page)
    assert shares is not None
    assert min(shares) >= LEAST_CHANGED_SHARE


def test_a_comparison_draws_what_one_side_has_on_that_side(wide: Visitor) -> None:
    page = wide.open("compare-built-everything.html")
    assert count_paths(page, "lines-left") == 0
    assert count_paths(page, "lines-right") >= 2  # the bridge and the line
    assert "rect" in page.locator(".leaflet-lines-right-pane").evaluate("e => e.style.clip")


def test_year_slider_moves_circles_and_column(wide: Visitor) -> None:
    page = wide.open("timeline.html")
    assert page.locator("#year").inner_text() == "2025"
    first = page.locator(".leaflet-rings-pane path").first.get_attribute("d")
    page.locator("#slider").focus()
    page.keyboard.press("End")
    assert page.locator("#year").inner_text() == "2030"
    assert page.locator(".leaflet-rings-pane path").first.get_attribute("d") != first
    assert page.locator("th.now").inner_text() == "2030†"


def test_phone_drawer_opens_and_closes(browser: Browser, maps: Path) -> None:
    visitor = Visitor(browser, maps, NARROW)
    page = visitor.open("everything.html")
    assert not page.locator("#choices").is_visible()
    page.locator("#drawer").click()
    assert page.locator("#choices").is_visible()
    assert page.locator("#drawer").get_attribute("aria-expanded") == "true"
    page.locator("#drawer").click()
    assert not page.locator("#choices").is_visible()
    assert visitor.trouble == []
    visitor.context.close()


@pytest.mark.parametrize("name", ["index.html", "everything.html", "report.html", "goals.html"])
def test_print_view_renders(wide: Visitor, name: str) -> None:
    page = wide.open(name)
    page.emulate_media(media="print")
    assert not page.locator(".lang").first.is_visible()
    assert len(page.pdf(format="A4")) > 10_000
