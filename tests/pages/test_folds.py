"""Long pages are folded by chapter with the headline open, in Chromium; the legend stays clear of the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.visitor import Visitor, choose

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_goal_shows_its_verdict_and_folds_the_rest(visitor: Visitor) -> None:
    page = visitor.open("goals.html")
    card = page.locator("#one-hour-rail")
    assert card.locator("h2").is_visible()
    assert card.locator(".today .chip").count() == 3
    assert card.locator(".today .chip").first.is_visible()
    assert not card.locator("table.lines").is_visible()
    card.locator("details.chapter > summary").first.click()
    assert card.locator("table.lines").is_visible()
    page.locator('[data-folds="open"]').click()
    assert page.locator("details.chapter:not([open])").count() == 0
    opened = page.evaluate("document.documentElement.scrollHeight")
    page.locator('[data-folds=""]').click()
    assert page.evaluate("document.documentElement.scrollHeight") < opened / 2


@pytest.mark.parametrize(
    ("name", "place"), [("goals.html", "two-hour-road"), ("report.html", "assumptions"), ("index.html", "limits")]
)
def test_an_address_opens_the_chapter_that_it_names(visitor: Visitor, name: str, place: str) -> None:
    page = visitor.open(name, f"{place}&lang=en")
    assert page.locator(f"#{place} > details.chapter").get_attribute("open") is not None
    assert page.locator("details.chapter[open]").count() == 1


def test_the_front_page_shows_verdicts_projects_and_minutes_and_folds_the_rest(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    for open_ in ("#projects .project h3", "#verdicts h2", "#od table.od", "#limits h2"):
        assert page.locator(open_).first.is_visible()
    for folded in ("#maps figure", "#how .card", "#limits li", "#pages .links", "#tables .files"):
        assert not page.locator(folded).first.is_visible()
    shut = page.evaluate("document.documentElement.scrollHeight")
    page.locator('[data-folds="open"]').click()
    assert page.locator("#maps figure").first.is_visible()
    assert page.evaluate("document.documentElement.scrollHeight") > 1.3 * shut


@pytest.mark.parametrize("name", ["goals.html", "report.html"])
def test_paper_has_every_chapter(wide: Visitor, name: str) -> None:
    """Also where no script opens them: the style sheet shows what is folded."""
    page = wide.open(name)
    page.emulate_media(media="print")
    heights = page.eval_on_selector_all(
        "details.chapter table.lines", "e => e.map(t => t.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) > 0
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.chapter:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.chapter[open]").count() == 0


def test_the_front_page_on_paper_has_its_maps_and_limits(wide: Visitor) -> None:
    page = wide.open("index.html")
    page.emulate_media(media="print")
    for part in ("#maps figure", "#limits li", "#how .card"):
        assert page.locator(part).first.bounding_box()["height"] > 0  # type: ignore[index]


_COVERED = """place => {
  const T = TransitMap, strip = T.pickStrip(), had = strip.dataset.corner;
  if (place) { strip.dataset.corner = place; }
  const box = strip.getBoundingClientRect(), from = T.map.getContainer().getBoundingClientRect();
  let n = 0;
  for (let y = box.top; y < box.bottom; y += 6) { for (let x = box.left; x < box.right; x += 6) {
    const at = T.map.containerPointToLatLng([x - from.left, y - from.top]), i = T.cellAt(at.lat, at.lng);
    if (i >= 0 && T.isChanged(i)) { n += 1; }
  } }
  strip.dataset.corner = had;
  return n;
}"""


def _count_covered(page: Page, place: str = "") -> int:
    count: int = page.evaluate(_COVERED, place)
    return count


@pytest.mark.parametrize("name", ["everything.html", "compare-built-everything.html"])
def test_the_legend_leaves_the_corner_where_it_would_cover_the_change(wide: Visitor, name: str) -> None:
    page = wide.open(name)
    corner = page.evaluate("TransitMap.pickStrip().dataset.corner")
    before = _count_covered(page)
    # The map is moved until the changed ground lies under the legend; then the legend has to give way.
    page.evaluate(
        "() => { const T = TransitMap, m = T.map, b = T.data.lead.box;"
        " const spot = m.latLngToContainerPoint([(b[1] + b[3]) / 2, (b[0] + b[2]) / 2]);"
        " const r = T.pickStrip().getBoundingClientRect(), f = m.getContainer().getBoundingClientRect();"
        " m.setMaxBounds(null); m.panBy(spot.subtract([r.left - f.left + r.width / 2, r.top - f.top + r.height / 2]),"
        " { animate: false }); }"
    )
    covered = _count_covered(page)
    assert covered > before
    choose(page, "cutoff", "60")
    choose(page, "cutoff", "120")
    assert page.evaluate("TransitMap.pickStrip().dataset.corner") != corner
    assert _count_covered(page) < covered
