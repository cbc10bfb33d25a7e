"""Each kind of page keeps what is chosen in its address: it opens as it was, back undoes, the link can be copied."""

from __future__ import annotations

import pytest

from tests.pages.test_pages import PAGES
from tests.pages.visitor import Visitor, choose

pytestmark = pytest.mark.browser
LANG = "document.documentElement.dataset.lang"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_keeps_its_language_and_copies_its_link(wide: Visitor, name: str) -> None:
    page = wide.open(name)
    assert "lang=zh" in page.url
    page.locator('[data-set-lang="en"]').first.click()
    assert "lang=en" in page.url
    address = page.url.split("#", maxsplit=1)[1]
    page.evaluate("localStorage.clear()")
    page = wide.open(name, address)
    assert page.evaluate(LANG) == "en"
    page.evaluate("location.hash = location.hash.replace('lang=en', 'lang=zh')")
    page.wait_for_function(f"{LANG} === 'zh'")
    assert page.locator("#copy-link").count() == 1
    page.locator("#copy-link").click()
    assert page.locator("#copy-link.done").count() == 1


@pytest.mark.parametrize("name", ["index.html", "goals.html"])
def test_a_language_asked_for_before_the_hash_is_taken(wide: Visitor, name: str) -> None:
    page = wide.open(name)
    page.evaluate("localStorage.clear()")
    file = page.url.split("#", maxsplit=1)[0]
    page.goto(f"{file}?lang=en")
    page.wait_for_function(f"{LANG} === 'en'")
    page.goto(f"{file}?lang=en#lang=zh")  # what was chosen on the page, and is kept behind the hash, comes first
    page.wait_for_function(f"{LANG} === 'zh'")


def test_the_front_page_keeps_tab_filter_and_what_is_open(wide: Visitor) -> None:
    page = wide.open("index.html")
    page.locator(".all-goals summary").click()
    page.wait_for_function("location.hash.includes('open=goals')")
    page.locator('[data-show="road"]').click()
    page.locator('[data-tab="everything"]').click()
    assert "t=everything" in page.url
    assert "f=road" in page.url
    address = page.url.split("#", maxsplit=1)[1]
    page.go_back()
    page.wait_for_function("document.querySelector('[data-tab=everything]').getAttribute('aria-pressed') === 'false'")
    assert page.locator('[data-show="road"]').get_attribute("aria-pressed") == "true"
    page.go_back()
    page.wait_for_function("document.querySelector('[data-show=road]').getAttribute('aria-pressed') === 'false'")
    again = wide.open("index.html", address)
    assert again.locator('[data-panel="od"]:visible').get_attribute("data-panel-id") == "everything"
    assert again.locator(".matrix tbody tr:visible").count() == 1


@pytest.mark.parametrize("name", ["goals.html", "report.html"])
def test_a_place_on_a_page_stays_in_the_address(wide: Visitor, name: str) -> None:
    place = {"goals.html": "two-hour-road", "report.html": "assumptions"}[name]
    page = wide.open(name, f"{place}&lang=en")
    assert page.evaluate(LANG) == "en"
    page.wait_for_function("window.scrollY > 100")
    top = page.locator(f"#{place}").evaluate("e => e.getBoundingClientRect().top")
    assert -5 <= top <= 120
    assert page.url.endswith(f"#{place}&lang=en")


@pytest.mark.parametrize("name", ["index.html", "goals.html", "report.html", "brief-everything.html"])
@pytest.mark.parametrize("bad", ["%%%", "t=nothing&f=none&open=x&lang=xx", "no-such-place", "=&=&&"])
def test_a_damaged_address_of_a_text_page_does_no_harm(wide: Visitor, name: str, bad: str) -> None:
    page = wide.open(name, bad)
    assert page.evaluate(LANG) in ("zh", "en")
    assert page.locator("h1").first.is_visible()


def test_a_comparison_keeps_divider_and_choice(wide: Visitor) -> None:
    page = wide.open("compare-built-everything.html", "v=rings&d=30")
    assert page.locator("#swipe").input_value() == "30"
    page.locator("#swipe").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert "d=35" in page.url
    choose(page, "origin", "yi")
    assert "o=yi" in page.url
    page.go_back()
    page.wait_for_function("document.querySelector('[name=origin][value=jia]').checked")
    assert page.locator("#swipe").input_value() == "35"
    page.evaluate("location.hash = location.hash.replace('d=35', 'd=70')")
    page.wait_for_function("document.getElementById('swipe').value === '70'")
    assert page.locator("#divider").evaluate("e => parseFloat(e.style.left) / e.parentElement.clientWidth") > 0.69


def test_the_timeline_keeps_year_and_choice(wide: Visitor) -> None:
    page = wide.open("timeline.html", "y=2028&m=road&c=60")
    assert page.locator("#year").inner_text() == "2028"
    assert page.locator('[name="mode"][value="road"]').is_checked()
    choose(page, "cutoff", "90")
    assert "c=90" in page.url
    assert "y=2028" in page.url
    page.go_back()
    page.wait_for_function("document.querySelector('[name=cutoff][value=\"60\"]').checked")
    page.locator("#slider").focus()
    page.keyboard.press("End")
    assert "y=2030" in page.url
