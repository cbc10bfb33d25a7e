"""What is seen first, in Chromium: who is newly within reach, on the map and in the picture taken away; the years."""

from __future__ import annotations

import re

import pytest

from tests.pages.visitor import Visitor, choose

pytestmark = pytest.mark.browser
NAME = "everything.html"
_CALLOUT = """() => {
  const box = document.querySelector('.callout');
  if (!box || getComputedStyle(box).visibility !== 'visible') { return null; }
  const r = box.getBoundingClientRect(), f = TransitMap.map.getContainer().getBoundingClientRect();
  const names = Array.from(document.querySelectorAll('.name, .shield'));
  const others = names.filter(n => getComputedStyle(n).visibility === 'visible');
  const meets = others.filter(n => { const o = n.getBoundingClientRect();
    return o.width && o.left < r.right && r.left < o.right && o.top < r.bottom && r.top < o.bottom; });
  return { text: box.innerText,
           inside: r.left >= f.left && r.right <= f.right && r.top >= f.top && r.bottom <= f.bottom,
           meets: meets.map(n => n.innerText), at: TransitMap.callout.at };
}"""


def test_the_number_points_at_ground_that_is_newly_within(wide: Visitor) -> None:
    page = wide.open(NAME)
    told = page.evaluate(_CALLOUT)
    gain = page.locator('[data-lead="facts"] b').first.inner_text()
    assert gain.startswith("+")
    assert told["text"].split("\n")[0] == f"{gain}人"
    assert told["inside"]
    assert told["meets"] == []
    minutes = page.evaluate(
        "at => ['built', 'everything'].map(s => { const c = TransitMap.readForm();"
        " return TransitMap.minutesAt(s, c.origins[0], c.mode, c.reading, at); })",
        told["at"],
    )
    cutoff = page.evaluate("TransitMap.readForm().cutoff")
    assert minutes[1] <= cutoff < minutes[0]
    assert page.locator('[data-saved="newly"]').inner_text().strip() == f"新进入 {cutoff} 分钟圈"


_SEEN = """() => {
  const map = TransitMap.map, at = TransitMap.callout.at, f = map.getContainer().getBoundingClientRect();
  const legend = Array.from(document.querySelectorAll('.strip')).filter(s => s.offsetHeight)
    .map(s => s.getBoundingClientRect());
  const points = [at, ...TransitMap.data.places.filter(p => TransitMap.readForm().origins.includes(p.id))]
    .map(p => map.latLngToContainerPoint(p));
  const under = points.some(p => legend.some(b => p.x + f.left >= b.left && p.x + f.left <= b.right
    && p.y + f.top >= b.top && p.y + f.top <= b.bottom));
  return { spot: map.getBounds().contains(at), under: under, km: map.distance(
    [map.getCenter().lat, map.getBounds().getWest()], [map.getCenter().lat, map.getBounds().getEast()]) / 1000 };
}"""


def test_a_map_opens_on_the_change_and_no_closer_than_sixty_km(wide: Visitor) -> None:
    """The spot of the number is in view, and the legend covers neither it nor the origin."""
    for lang in ("zh", "en"):
        seen = wide.open(NAME, f"lang={lang}").evaluate(_SEEN)
        assert seen["spot"]
        assert not seen["under"]
        assert seen["km"] >= 55


def test_the_number_follows_the_controls_and_goes_with_the_gain(wide: Visitor) -> None:
    page = wide.open(NAME)
    for cutoff in ("60", "120"):
        choose(page, "cutoff", cutoff)
        told, gain = page.evaluate(_CALLOUT), page.locator('[data-lead="facts"] b').first.inner_text()
        if told is not None:
            assert told["text"] == f"{gain}人\n新进入 {cutoff} 分钟圈"
    choose(page, "case", "both")
    assert page.evaluate(_CALLOUT) is None
    assert not page.locator('[data-saved="newly"]').is_visible()
    choose(page, "case", "saved")
    assert page.evaluate(_CALLOUT) is not None


def test_the_picture_taken_away_has_the_number(wide: Visitor) -> None:
    page = wide.open(NAME)
    first, second = page.evaluate(_CALLOUT)["text"].split("\n")
    picture = page.evaluate("TransitMap.drawPicture(TransitMap.map)")
    words = re.findall(r">([^<>]+)</text>", picture)
    assert first in words
    assert second in words


def test_the_histogram_names_losses_only_where_there_are_some(wide: Visitor) -> None:
    page = wide.open("compare-built-everything.html")
    axis = page.locator("[data-chart=minutes] [data-axis]")
    assert page.locator("[data-chart=minutes] .bar-lost").count() == 0
    assert "负数" not in axis.inner_text()
    page.evaluate(
        "() => { const c = TransitMap.readForm(); TransitMap.data.change.people[c.reading][c.mode][c.origins[0]]"
        ".push(['lost', 5, 1000]); TransitMap.drawCharts(c, c.origins[0]); }"
    )
    assert page.locator("[data-chart=minutes] .bar-lost").count() == 1
    assert "负数" in axis.inner_text()


def test_the_legend_of_a_year_has_only_what_the_year_shows(wide: Visitor) -> None:
    page = wide.open("timeline.html")
    years = page.evaluate("TransitMap.data.steps.map(s => s.year)")
    shown = []
    for year in years:
        page.evaluate(
            "y => { const s = document.getElementById('slider'); s.value = y; s.dispatchEvent(new Event('input')); }",
            year,
        )
        marks = page.locator(".strip .legend-project").evaluate_all(
            "a => a.filter(e => !e.hidden).map(e => e.dataset.kind)"
        )
        added = page.evaluate(
            "() => TransitMap.projectLines.some(o => o.kind !== 'bus'"
            " && o.lines.some(l => l.options.color === o.added.color))"
        )
        assert ("project" in marks) == added
        shown.append("project" in marks)
    assert shown[0] is False  # nothing is new in the first year
    assert any(shown)


def test_a_number_and_its_unit_stand_on_one_line(wide: Visitor) -> None:
    page = wide.open("compare-built-everything.html")
    sentence = page.locator('[data-lead="sentence"]').first
    kept = sentence.locator(".zh .nb").all_inner_texts()
    told = sentence.inner_text()
    assert len(kept) >= 3
    assert all(part in told for part in kept)
    for width in (390, 500, 620):
        page.set_viewport_size({"width": width, "height": 800})
        lines = sentence.locator(".zh .nb").evaluate_all("a => a.map(e => e.getClientRects().length)")
        assert set(lines) == {1}
    page.evaluate("TransitNumbers.keep(document.querySelector('[data-lead=sentence]'))")
    assert sentence.inner_text() == told
    assert sentence.locator(".nb .nb").count() == 0
    words = page.evaluate(
        "text => { const p = document.createElement('p'); p.textContent = text; TransitNumbers.keep(p);"
        " return Array.from(p.querySelectorAll('.nb')).map(e => e.textContent); }",
        "31 k more: 6.31 M → 6.34 M; 503 km² save 5 minutes; 5.1万；197 → 175; 3 kinds, 4 Main",
    )
    assert words == ["31 k", "6.31 M", "6.34 M", "503 km²", "5 minutes", "5.1万", "197 → 175"]
