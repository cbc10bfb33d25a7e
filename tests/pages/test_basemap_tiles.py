"""Online base maps: off unless asked for, named on the map, and shifted for display only where the tiles are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from transit_model.domain.datum import wgs84_to_gcj02
from transit_model.errors import InputError
from transit_model.pages.basemap_tiles import AMAP, OSM, parse_basemap
from transit_model.pages.view import StudyView
from transit_model.pages.write import write_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

HOSTS = ("openstreetmap.org/{z}", "autonavi.com", "tianditu.gov.cn")


def test_names() -> None:
    assert parse_basemap(None) is None
    assert parse_basemap("osm") is OSM
    assert parse_basemap("amap") is AMAP
    tianditu = parse_basemap("tianditu:abc123")
    assert tianditu is not None
    assert [u.rpartition("tk=")[2] for u in tianditu.urls] == ["abc123", "abc123"]
    assert "t{s}.tianditu" in tianditu.urls[0]
    assert not tianditu.gcj02


@pytest.mark.parametrize("text", ["", "google", "osm:key", "tianditu", "tianditu:", "tianditu:a&b", 'tianditu:"/>'])
def test_wrong_names_are_refused_and_no_key_is_told(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_basemap(text)
    issue = caught.value.issues[0]
    assert issue.code == "bad_basemap"
    assert "a&b" not in issue.as_text()


def test_no_page_knows_a_tile_server_by_default(maps: Path) -> None:
    for page in maps.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not any(host in text for host in HOSTS), page.name


@pytest.mark.browser
def test_layers_move_with_the_tiles_and_the_notice_says_so(view: StudyView, tmp_path: Path, browser: Browser) -> None:
    write_pages(view, tmp_path / "maps", tiles=AMAP)
    scenario = view.scenarios[0].id
    page = browser.new_page()
    asked: list[str] = []

    def gate(route: Route) -> None:
        if route.request.url.startswith(("file:", "data:")):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", gate)
    page.goto((tmp_path / "maps" / f"{scenario}.html").as_uri())
    page.wait_for_timeout(300)
    assert asked
    assert all("autonavi.com" in url for url in asked)
    assert "GCJ-02" in page.inner_text(".map-attr")
    for lon, lat in ((111.75, 40.84), (109.84, 40.65), (113.13, 41.0)):
        moved = page.evaluate("at => TransitMap.toGcj(at[1], at[0])", [lon, lat])
        right_lon, right_lat = wgs84_to_gcj02(lon, lat)
        assert moved == pytest.approx([float(right_lat), float(right_lon)], abs=1e-9)
        back = page.evaluate("at => TransitMap.toWgs({lat: at[0], lng: at[1]})", moved)
        assert (back["lng"], back["lat"]) == pytest.approx((lon, lat), abs=2e-5)
    page.close()
