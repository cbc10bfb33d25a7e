"""What a reader does with the change in Chromium: the link, the keyboard, the legend, what is taken away, the years."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tests.pages.visitor import Visitor, choose

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
MOST_TAB_STOPS = 15


def count_tabs(page: Page, selector: str) -> int:
    """Return how many times Tab is pressed until an element has the focus."""
    for n in range(1, 60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return n
    return 60


@pytest.mark.parametrize(
    ("name", "selector"),
    [
        ("everything.html", "#search"),
        ("compare-built-everything.html#v=rings", "#swipe"),
        ("timeline.html", "#slider"),
    ],
)
def test_few_tab_stops_and_none_on_a_path(wide: Visitor, name: str, selector: str) -> None:
    file, _, hash_ = name.partition("#")
    page = wide.open(file, hash_)
    assert count_tabs(page, selector) <= MOST_TAB_STOPS
    stopped = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        stopped.add(page.evaluate("document.activeElement.tagName.toLowerCase()"))
    assert "path" not in stopped


def test_the_address_holds_the_choice_and_the_back_button_undoes_it(wide: Visitor) -> None:
    page = wide.open("everything.html")
    first = page.url
    assert "v=saved" in first
    assert "lang=zh" in first
    choose(page, "case", "scenario")
    choose(page, "mode", "rail")
    assert "m=rail" in page.url
    page.go_back()
    page.wait_for_function("document.querySelector('[name=mode][value=best]').checked")
    assert page.locator('[name="case"][value="scenario"]').is_checked()
    page.evaluate("location.hash = 'o=yi&m=road&r=typical&c=60&v=base&lang=en'")
    page.wait_for_function("document.documentElement.dataset.lang === 'en'")
    assert page.locator('[name="origin"][value="yi"]').is_checked()
    assert not page.locator('[name="origin"][value="jia"]').is_checked()
    assert page.locator('[name="cutoff"][value="60"]').is_checked()
    page.locator("#copy-link").click()
    assert page.locator("#copy-link.done").count() == 1


def test_a_choice_without_data_is_disabled_and_says_why(wide: Visitor) -> None:
    page = wide.open("built.html", "m=road&r=promoter")
    assert page.locator('[name="reading"][value="promoter"]').is_checked()
    for name in ("rings", "cells"):  # of the best mode the promoter's reading has neither
        page.evaluate(
            "n => { const d = TransitMap.data[n].built;"
            " if (n === 'rings') { delete d.promoter.best; }"
            " else { TransitMap.data[n].built = d.filter(r => r[2] !== 'best' || r[3] !== 'promoter'); } }",
            name,
        )
    choose(page, "mode", "best")
    label = page.locator('[name="reading"][value="promoter"]').locator("xpath=..")
    assert page.locator('[name="reading"][value="promoter"]').is_disabled()
    assert "宣传口径" in (label.get_attribute("title") or "")
    assert not page.locator('[name="reading"][value="promoter"]').is_checked()
    assert page.locator("#nothing").is_hidden()


BACKGROUNDS = "e => e.map(i => i.style.background)"
PIXELS = """(() => {
  const canvas = document.querySelector('canvas.cells'), seen = {};
  const d = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  for (let i = 0; i < d.length; i += 4) { if (d[i + 3]) { seen[`rgb(${d[i]}, ${d[i + 1]}, ${d[i + 2]})`] = d[i + 3]; } }
  return seen;
})()"""


def test_the_map_has_the_colours_of_the_legend(wide: Visitor) -> None:
    """To the last bit: of the minutes saved and of the rings, read from the picture."""
    page = wide.open("everything.html", "l=-")
    swatches = page.eval_on_selector_all("#strip-saved .swatch[data-saved=saved] i", BACKGROUNDS)
    colours = page.evaluate(PIXELS)
    assert set(swatches) & set(colours)
    assert set(colours.values()) == {255}
    known = {*swatches, *page.eval_on_selector_all("#strip-saved i", BACKGROUNDS)}
    assert len(set(colours) - known) <= 1  # the slanted lines
    page = wide.open("everything.html", "l=-&v=scenario&m=road&r=typical&o=jia&c=120")
    fills = page.eval_on_selector_all(
        ".leaflet-rings-pane path", "p => p.map(e => [e.getAttribute('fill'), e.getAttribute('fill-opacity')])"
    )
    assert {f for f, _ in fills} == set(page.evaluate("TransitMap.data.colours"))
    assert {o for _, o in fills} == {"1"}
    assert page.locator(".leaflet-rings-pane").evaluate("e => getComputedStyle(e).opacity") == "1"


def test_what_is_shown_can_be_taken_away(wide: Visitor) -> None:
    page = wide.open("everything.html")
    picture = ElementTree.fromstring(page.evaluate("TransitMap.drawPicture(TransitMap.map)"))
    words = [e.text or "" for e in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == page.title()
    assert any("≥ 15" in w for w in words)
    assert any(w.endswith("km") for w in words)
    assert any("OpenStreetMap" in w for w in words)
    png = page.evaluate(
        "TransitMap.drawPng(TransitMap.map).then(b => new Promise(d => { const r = new FileReader();"
        " r.onload = () => d(r.result); r.readAsDataURL(b); }))"
    )
    assert base64.b64decode(png.split(",")[1]).startswith(b"\x89PNG")
    rows = page.evaluate("TransitMap.toCsv(TransitMap.listShown(TransitMap.readForm()))").strip().split("\n")
    assert rows[0].endswith("base_min,scenario_min,change_min")
    first = dict(zip(rows[0].split(","), rows[1].split(","), strict=True))
    assert int(first["change_min"]) == int(first["scenario_min"]) - int(first["base_min"])
    features = json.loads(page.evaluate("TransitMap.toGeoJson(TransitMap.listShown(TransitMap.readForm()))"))[
        "features"
    ]
    assert len(features) == len(rows) - 1
    with page.expect_download() as download:
        page.locator('[data-take="csv"]').click()
    assert download.value.suggested_filename.endswith(".csv")
    page = wide.open("goals.html")
    page.locator('[data-folds="open"]').click()
    with page.expect_download() as download:
        page.locator("[data-table-csv]").first.click()
    content = Path(str(download.value.path())).read_text(encoding="utf-8-sig")
    assert content.count("\n") >= 3


def test_years_are_to_scale_and_only_what_opens_stands_out(wide: Visitor) -> None:
    page = wide.open("timeline.html", "y=2029")
    assert page.locator("#year").inner_text() == "2029"
    assert page.locator('[data-step="1"]').is_visible()  # the plan of 2028 stands until 2030
    left = page.eval_on_selector_all(".ticks.scaled span", "e => e.map(s => parseFloat(s.style.left))")
    assert left == [0, 60, 100]  # 2025, 2028, 2030

    def count_added() -> int:
        counted: int = page.evaluate(
            "TransitMap.projectLines.filter(p => p.lines.some("
            "l => l._map && l.options.color === TransitMap.data.project)).length"
        )
        return counted

    bridge = count_added()
    page.evaluate("location.hash = 'y=2030'")
    page.wait_for_function("document.getElementById('year').textContent === '2030'")
    assert bridge >= 1
    assert count_added() >= 1
    page.evaluate("location.hash = 'y=2025'")
    page.wait_for_function("document.getElementById('year').textContent === '2025'")
    assert count_added() == 0
    page.locator("#play").click()
    assert page.locator("#play .when-on").is_visible()
    page.locator("#play").click()


def test_a_brief_takes_two_pages_of_paper(wide: Visitor) -> None:
    page = wide.open("brief-everything.html")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))) == 2
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 less margins at 96 dpi
    heights = page.eval_on_selector_all(".sheet", "e => e.map(s => s.getBoundingClientRect().height)")
    assert len(heights) == 2
    assert max(heights) <= (297 - 24) / 25.4 * 96


def test_the_search_finds_pinyin_and_both_names(wide: Visitor) -> None:
    page = wide.open("everything.html")
    for words in ("yuanqi", "yq", "远旗", "banner"):
        page.locator("#search").fill(words)
        page.keyboard.press("Enter")
        assert page.locator("#place-name").inner_text() == "远旗", words
