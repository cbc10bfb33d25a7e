"""The pages on paper, and what a map must carry to stand on its own: legend, method, keyboard."""

from __future__ import annotations

import pytest

from tests.pages.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("paper", "width_mm"), [("A4", 210), ("A3", 297)])
@pytest.mark.parametrize("name", ["index.html", "report.html", "goals.html", "compare-built-everything.html"])
def test_no_table_is_cut_on_paper(wide: Visitor, name: str, paper: str, width_mm: int) -> None:
    """Both languages, margins of 15 mm: nothing stands beyond the paper, and the heads of tables repeat."""
    page = wide.open(name)
    room = int((width_mm - 30) / 25.4 * 96)
    page.set_viewport_size({"width": room, "height": 1000})
    for lang in ("zh", "en"):
        page.evaluate(f"TransitLang.set('{lang}')")
        page.emulate_media(media="print")
        beyond = page.evaluate(
            "room => Array.from(document.querySelectorAll('table, p, h1, h2, h3, pre, blockquote, dl'))"
            ".filter(e => e.getBoundingClientRect().right > room + 1 && !e.closest('details:not([open])'))"
            ".map(e => e.tagName + ' ' + e.className)",
            room,
        )
        assert beyond == [], f"{paper} {lang}"
        heads = page.evaluate("Array.from(document.querySelectorAll('thead')).map(e => getComputedStyle(e).display)")
        assert set(heads) <= {"table-header-group", "none"}
        page.emulate_media(media="screen")


def test_the_method_is_printed_with_the_map(wide: Visitor) -> None:
    page = wide.open("everything.html")
    page.set_viewport_size({"width": 680, "height": 1000})
    assert not page.locator("details.method p").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details.method p").first.is_visible()
    assert page.locator(".panel .title").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert not page.evaluate("document.querySelector('details.method').open")


def test_the_legend_says_everything_that_the_map_rests_on(wide: Visitor) -> None:
    page = wide.open("everything.html", "v=both")
    page.locator("details.method summary").click()
    panel = page.locator("#panel-body").inner_text()
    for phrase in (
        "等时圈",
        "门到门",
        "2030-12-31",
        "2020年第四季度",
        "标定行驶速度",
        "走廊网",
        "容差",
        "© OpenStreetMap",
    ):
        assert phrase in panel, phrase
    assert page.locator(".leaflet-control-scale-line").is_visible()
    assert page.locator(".north").is_visible()
    assert page.locator("#strip-title").inner_text() == "最快方式 · 门到门"


def test_everything_on_the_map_page_can_be_reached_by_keyboard(wide: Visitor) -> None:
    page = wide.open("everything.html", "v=both")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.tagName")
        )
    assert {"search", "origin", "mode", "reading", "cutoff", "case", "layer", "map_0"} <= reached | {"map_0"}
    page.locator('input[name="mode"]:checked').focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator('input[name="mode"][value="rail"]').is_checked()


@pytest.mark.parametrize(("paper", "width_mm"), [("A4", 297), ("A3", 420)])
def test_a_map_fills_a_landscape_sheet_with_all_of_the_area(wide: Visitor, paper: str, width_mm: int) -> None:
    page = wide.open("everything.html")
    page.evaluate("() => { window.print = () => window.dispatchEvent(new Event('beforeprint')); }")
    seen = page.evaluate("TransitMap.map.getZoom()")
    page.evaluate("p => document.querySelector(`[data-paper=${p}]`).click()", paper)
    width = page.evaluate("TransitMap.map.getSize().x")
    assert abs(width - (width_mm - 20) / 25.4 * 96) <= 2
    assert page.evaluate(
        "(() => { const b = TransitMap.data.bbox;"
        " return TransitMap.map.getBounds().contains([[b[1], b[0]], [b[3], b[2]]]); })()"
    )
    page.emulate_media(media="print")
    assert page.locator(".paper-block").is_visible()
    assert page.locator("#strip-saved").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("TransitMap.map.getZoom()") == seen
