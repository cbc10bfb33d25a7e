"""The pages on paper, and what a map must carry to stand on its own: legend, method, keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.pages.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("paper", "width_mm"), [("A4", 210), ("A3", 297)])
@pytest.mark.parametrize("name", ["index.html", "report.html", "goals.html", "compare-built-everything.html"])
def test_no_table_is_cut_on_paper(wide: Visitor, name: str, paper: str, width_mm: int) -> None:
    """Both languages, margins of 15 mm: nothing stands beyond the paper, and the heads of tables repeat."""
    page = wide.open(name)
    room = int((width_mm - 30) / 25.4 * 96)
    page.set_viewport_size({"width": room, "height": 1000})
    page.evaluate("document.querySelectorAll('details.chapter').forEach(d => { d.open = true; })")  # as on paper
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


def count_sheets(page: Page) -> tuple[int, set[tuple[int, int]]]:
    """Print a page to PDF as its style sheets ask; return how many sheets there are and their sizes in mm."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    sizes = {(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in boxes}
    return len(re.findall(rb"/Type\s*/Page\b", pdf)), sizes


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("name", "most", "sheet"),
    [
        ("brief-everything.html", 2, (210, 297)),
        ("everything.html", 5, (297, 210)),
        ("compare-built-everything.html", 8, (210, 297)),
        ("timeline.html", 4, (210, 297)),
        ("index.html", 9, (210, 297)),
        ("goals.html", 20, (210, 297)),
    ],
)
def test_each_kind_of_page_prints_on_few_sheets_of_a4(
    wide: Visitor, name: str, most: int, sheet: tuple[int, int], lang: str
) -> None:
    page = wide.open(name, f"lang={lang}")
    sheets, sizes = count_sheets(page)
    assert sizes == {sheet}
    assert 1 <= sheets <= most
    if name.startswith("brief-"):
        assert sheets == most


def test_a_map_prints_on_a3(wide: Visitor) -> None:
    page = wide.open("everything.html")
    page.evaluate("() => { window.print = () => 0; document.querySelector('[data-paper=A3]').click(); }")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    sheets, sizes = count_sheets(page)
    assert sizes == {(420, 297)}
    assert 1 <= sheets <= 4


_LAID = """() => {
  const mm = 96 / 25.4, box = s => document.querySelector(s).getBoundingClientRect(), b = TransitMap.data.bbox;
  const strips = Array.from(document.querySelectorAll('.stage .strip'));
  const strip = strips.find(s => getComputedStyle(s).display !== 'none');
  const stage = box('.stage'), legend = strip.getBoundingClientRect(), sources = box('.map-attr');
  const swatches = Array.from(strip.querySelectorAll('.swatch')).map(s => s.getBoundingClientRect());
  return {
    whole: TransitMap.map.getBounds().contains([[b[1], b[0]], [b[3], b[2]]]),
    width_mm: stage.width / mm, below_mm: (sources.bottom - stage.top) / mm,
    covers: legend.top < stage.bottom - 1,
    cut: swatches.some(r => r.width && (r.bottom > sources.top + 1 || r.right > stage.right + 1)),
    long: document.querySelector('.map-attr').scrollWidth > document.querySelector('.map-attr').clientWidth + 1,
  };
}"""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("name", "room_mm"),
    [
        ("everything.html", (277, 190 - 24)),
        ("compare-built-everything.html", (180, 180)),
        ("timeline.html", (180, 180)),
    ],
)
def test_a_printed_map_is_whole_and_its_legend_and_sources_stand_below_it(
    wide: Visitor, name: str, room_mm: tuple[int, int], lang: str
) -> None:
    """What the sheet has room for: 24 mm are the title block of a map page."""
    page = wide.open(name, f"lang={lang}")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    laid = page.evaluate(_LAID)
    assert laid["whole"]
    assert laid["width_mm"] == pytest.approx(room_mm[0], abs=1)
    assert laid["below_mm"] <= room_mm[1]
    assert (laid["covers"], laid["cut"], laid["long"]) == (False, False, False)
    if name == "everything.html":
        assert page.evaluate(
            "(() => { const e = document.querySelector('.paper-block');"
            " return e.scrollHeight <= e.clientHeight + 1; })()"
        )
    assert page.locator("#copy-link").is_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")


def test_what_is_folded_on_the_screen_is_open_on_paper(wide: Visitor) -> None:
    page = wide.open("index.html")
    fold = "document.querySelector('details.all-goals').open"
    assert not page.evaluate(fold)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(fold)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate(fold)
