"""The ground under the rings: relief, waters, shields; no label on another; without ground all as before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from shapely.geometry import LineString

from tests.pages.visitor import NARROW, WIDE, Visitor
from transit_model.domain.ground import Ground
from transit_model.pages.basemap_tiles import OSM
from transit_model.pages.land_layers import list_land, list_shields
from transit_model.pages.map_data import PageStore
from transit_model.pages.map_page import render_map
from transit_model.pages.page import Site
from transit_model.pages.view import StudyView
from transit_model.pages.write import write_pages
from transit_model.region.pack import read_region

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MAPS = ("built.html", "everything.html")
# Visible labels with their boxes: those of the land, and all others that they must keep clear of.
LABELS = """() => {
  const stage = document.querySelector('.leaflet-container').getBoundingClientRect();
  return Array.from(document.querySelectorAll('.name, .water-name, .shield, .tag')).filter(e => {
    const r = e.getBoundingClientRect();
    return getComputedStyle(e).visibility === 'visible' && r.width > 0 && r.right > stage.left && r.left < stage.right
      && r.bottom > stage.top && r.top < stage.bottom;
  }).map(e => { const r = e.getBoundingClientRect();
    const land = e.matches('.water-name, .shield, .name-neighbour');
    return { text: e.innerText, land: land, box: [r.left, r.top, r.right, r.bottom] };
  });
}"""


@pytest.fixture(scope="module")
def ground(repo: Path) -> Ground:
    """The shipped ground, with shields on the roads of the made-up study."""
    shipped = read_region(repo / "data/hubaoewu").ground
    assert shipped is not None
    rows = [("G6", 110.0, 40.5, "national_expressway"), ("G6", 111.9, 40.77, "national_expressway"),
            ("G9", 109.6, 40.1, "national_highway"), ("G6", 109.0, 39.0, "national_expressway")]  # fmt: skip
    return replace(shipped, shields=pd.DataFrame(rows, columns=["ref", "lon", "lat", "kind"]))


@pytest.fixture(scope="module")
def grounded(view: StudyView, ground: Ground) -> StudyView:
    roads = view.basemap.roads
    assert roads is not None
    roads = roads.assign(ref=["G6", "G9", "", "S1"])
    return replace(view, basemap=replace(view.basemap, ground=ground, roads=roads))


@pytest.fixture(scope="module")
def site(grounded: StudyView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("land") / "maps"
    write_pages(grounded, folder)
    return folder


@pytest.fixture(params=[WIDE, NARROW], ids=["1440", "390"])
def guest(request: pytest.FixtureRequest, browser: Browser, site: Path) -> Iterator[Visitor]:
    made = Visitor(browser, site, request.param)
    yield made
    made.context.close()
    assert made.trouble == []


def list_collisions(page: Page) -> list[tuple[str, str]]:
    labels: list[dict[str, Any]] = page.evaluate(LABELS)

    def meet(a: list[float], b: list[float]) -> bool:
        return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]

    return [(a["text"], b["text"]) for i, a in enumerate(labels) for b in labels[i + 1 :] if meet(a["box"], b["box"])]


@pytest.mark.browser
@pytest.mark.parametrize("name", MAPS)
def test_no_label_lies_on_another_at_any_zoom_in_either_language(guest: Visitor, name: str) -> None:
    page = guest.open(name)
    seen = set()
    for lang in ("zh", "en"):
        page.locator(f'[data-set-lang="{lang}"]').first.click()
        for zoom in (6, 7.75, 8.5, 10):
            page.evaluate(f"TransitMap.map.setView([40.5, 110.6], {zoom}, {{ animate: false }})")
            page.wait_for_timeout(30)
            assert list_collisions(page) == [], (lang, zoom)
            seen |= {label["text"] for label in page.evaluate(LABELS) if label["land"]}
    assert {"黄河", "Yellow River", "G6"} <= seen


@pytest.mark.browser
def test_relief_and_waters_lie_under_the_rings_and_can_be_switched_off(guest: Visitor) -> None:
    page = guest.open("built.html")
    picture = page.locator(".leaflet-relief-pane img")
    assert picture.count() == 1
    assert (picture.get_attribute("src") or "").startswith("data:image/png;base64,")
    assert page.evaluate("document.querySelector('.leaflet-relief-pane img').naturalWidth") > 300
    depth = {
        pane: int(page.evaluate(f"getComputedStyle(document.querySelector('.leaflet-{pane}-pane')).zIndex"))
        for pane in ("ground", "relief", "waters", "borders", "rings", "lines")
    }
    assert sorted(depth, key=lambda pane: depth[pane]) == ["ground", "relief", "waters", "borders", "rings", "lines"]
    assert page.locator(".leaflet-waters-pane path").count() > 10
    page.evaluate("document.body.classList.add('open')")
    for layer in ("relief", "waters"):
        page.locator(f'input[name="layer"][value="{layer}"]').uncheck(force=True)
    assert page.locator(".leaflet-relief-pane img").count() == 0
    assert page.locator(".leaflet-waters-pane path").count() == 0
    assert page.locator(".water-name").count() == 0


@pytest.mark.browser
def test_comparison_and_timeline_have_the_ground_too(guest: Visitor, site: Path) -> None:
    pages = [p.name for p in site.glob("*.html") if p.name.startswith("compare-") or p.name == "timeline.html"]
    assert len(pages) >= 2
    for name in pages:
        page = guest.open(name)
        assert page.locator(".leaflet-relief-pane img").count() == 1
        assert list_collisions(page) == []


def _payload(page: str) -> dict[str, Any]:
    text = page.split('<script type="application/json" id="study-data">')[1].split("</script>", maxsplit=1)[0]
    made: dict[str, Any] = json.loads(text)
    return made


def test_a_page_carries_the_relief_once_and_gains_less_than_150_kb(view: StudyView, grounded: StudyView) -> None:
    sizes = {}
    for key, one in (("bare", view), ("ground", grounded)):
        page = render_map(one, Site(), one.scenarios[-1], PageStore(one), 400.0)
        sizes[key] = len(page.encode())
        land = _payload(page)["land"]
        assert (land is None) == (key == "bare")
    assert page.count(land["relief"]["uri"]) == 1
    assert 0 < sizes["ground"] - sizes["bare"] < 150_000


def test_without_ground_the_legend_does_not_promise_waters(view: StudyView, grounded: StudyView) -> None:
    for one, there in ((view, False), (grounded, True)):
        page = render_map(one, Site(), one.scenarios[0], PageStore(one), 400.0)
        assert ("湖岸约为1980年" in page, "shores of about 1980" in page) == (there, there)
        assert ('value="relief"' in page) == there
    # Online tiles bring their own.
    tiled = render_map(grounded, Site(tiles=OSM), grounded.scenarios[0], PageStore(grounded), 400.0)
    assert 'value="relief"' not in tiled


def test_shields_stand_only_on_drawn_roads_of_their_number_and_projects_get_one(ground: Ground) -> None:
    g6, bridge = LineString([(109.2, 40.3), (110.0, 40.5), (112.2, 40.8)]), LineString([(110.4, 39.6), (111.2, 40.7)])
    found = list_shields(ground, [("G6/G7", g6, False), ("S1", bridge, True)])
    # The G9 has no road here; the third G6 lies 1.5 degrees off. The S1 of the project stands half way.
    assert [(s["ref"], s["lon"], s["lat"]) for s in found] == [
        ("G6", 110.0, 40.5), ("G6", 111.9, 40.77), ("S1", 110.8, 40.15)
    ]  # fmt: skip
    assert found[2]["kind"] == "provincial_expressway"
    assert found[2]["also"][0] == [39.985, 110.68]  # 35 %: 39.6 + 0.35 x 1.1, 110.4 + 0.35 x 0.8
    assert list_shields(None, [("G6", g6, False)]) == []


def test_land_keeps_names_and_year(ground: Ground) -> None:
    land = list_land(ground)
    assert land is not None
    assert {"zh": "黄河", "en": "Yellow River", "rank": 1}.items() <= land["rivers"][0].items()
    assert {lake["shore"] for lake in land["lakes"]} == {1980}
    assert list_land(None) is None
