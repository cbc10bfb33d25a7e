"""What each kind of page gives away in Chromium: pictures, rings and tables, each opened again and read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from tests.pages.visitor import Visitor, choose
from transit_model.pages.view import StudyView

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
SVG = "{http://www.w3.org/2000/svg}"
COMPARE = "compare-built-everything.html"


def take(page: Page, selector: str) -> tuple[str, bytes]:
    """Return name and content of what a button downloads."""
    with page.expect_download() as download:
        page.locator(selector).first.click()
    return download.value.suggested_filename, Path(str(download.value.path())).read_bytes()


def read_words(picture: bytes) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def read_size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@pytest.mark.parametrize(
    ("name", "hash_", "legend", "date"),
    [
        ("everything.html", "v=scenario", "120", "2030-12-31"),
        ("everything.html", "", "≥ 15", "2030-12-31"),
        (COMPARE, "v=rings", "新到达的范围", "2025-12-31"),
        ("timeline.html", "y=2030", "120", "2028-12-31"),
    ],
)
def test_pictures_of_maps_have_title_legend_scale_date_and_source(
    wide: Visitor, name: str, hash_: str, legend: str, date: str
) -> None:
    page = wide.open(name, hash_)
    file, svg = take(page, '[data-take="svg"]')
    assert file.endswith(".svg")
    words = read_words(svg)
    assert words[0] == page.title()
    assert date in words[1]
    added = "比前一阶段新增" if name == "timeline.html" else "本情景新增的项目"
    for part in (legend, " km", "OpenStreetMap", added):
        assert any(part in w for w in words), part
    width, height = (float(v) for v in ElementTree.fromstring(svg).get("viewBox", "").split()[2:])
    for text in ElementTree.fromstring(svg).findall(f"{SVG}text"):  # nothing beyond the picture
        assert 0 <= float(text.get("x", "0")) <= width
        assert 0 <= float(text.get("y", "0")) <= height
    shapes = list(ElementTree.fromstring(svg).iter(f"{SVG}path"))
    assert len(shapes) > 10
    file, png = take(page, '[data-take="png"]')
    assert file.endswith(".png")
    assert read_size(png) == (round(2 * width), round(2 * height))
    assert len(png) > 20_000


def read_rings(page: Page) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    _, table = take(page, '[data-take="csv"]')
    _, features = take(page, '[data-take="geojson"]')
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    return rows, json.loads(features)["features"]


def test_the_rings_of_a_comparison_are_those_of_both_cases(wide: Visitor, view: StudyView) -> None:
    page = wide.open(COMPARE, "v=rings&o=jia&m=road&r=typical&c=60")
    rows, features = read_rings(page)
    assert [(r["scenario"], r["cutoff_min"]) for r in rows] == [
        ("built", "30"), ("built", "60"), ("everything", "30"), ("everything", "60")
    ]  # fmt: skip
    rings = view.rings.set_index(["scenario", "origin", "mode", "reading", "cutoff_min"])
    for row, feature in zip(rows, features, strict=True):
        known = rings.loc[(row["scenario"], "jia", "road", "typical", float(row["cutoff_min"]))]
        assert float(row["area_km2"]) == known["area_km2"]
        assert float(row["population"]) == known["population"]
        assert feature["geometry"]["type"] == "MultiPolygon"
        ring = feature["geometry"]["coordinates"][0][0]
        assert ring[0] == ring[-1]
        west, east = min(p[0] for p in ring), max(p[0] for p in ring)
        assert west < 110.0 < east
    choose(page, "show", "saved")
    rows, features = read_rings(page)
    assert len(rows) == len(features) > 10
    assert all(int(r["change_min"]) == int(r["scenario_min"]) - int(r["base_min"]) for r in rows if r["change_min"])


def test_the_rings_of_a_year_are_those_of_its_plan(wide: Visitor) -> None:
    page = wide.open("timeline.html", "y=2029&o=jia,yi&c=30")
    rows, features = read_rings(page)
    assert [(r["scenario"], r["origin"]) for r in rows] == [("bridge", "jia"), ("bridge", "yi")]
    assert len(features) == 2
    assert all(float(r["population"]) > 0 for r in rows)


def test_the_outlines_of_the_base_are_taken_with_the_rings(wide: Visitor) -> None:
    page = wide.open("everything.html", "v=both&o=jia&c=30")
    rows, _ = read_rings(page)
    assert [r["scenario"] for r in rows] == ["everything", "built"]


@pytest.mark.parametrize("name", ["index.html", "brief-everything.html"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_still_maps_are_taken_in_the_language_of_the_page(wide: Visitor, name: str, lang: str) -> None:
    page = wide.open(name, f"lang={lang}")
    title = page.locator("figcaption b").first.inner_text()
    file, svg = take(page, '[data-take-still="svg"]')
    assert file.endswith(".svg")
    words = read_words(svg)
    assert words[0] == title
    assert ("甲市" in words, "Jia" in words) == (lang == "zh", lang == "en")
    assert any("2025-12-31" in w for w in words)
    assert any("OpenStreetMap" in w for w in words)
    captions = [c.strip() for c in page.locator(".front-map figcaption > span").all_inner_texts()]
    assert len(captions) >= 2
    assert set(captions) <= set(words)
    _, png = take(page, '[data-take-still="png"]')
    assert min(read_size(png)) > 600


@pytest.mark.parametrize(
    "name",
    ["index.html", "goals.html", "report.html", "brief-everything.html", COMPARE, "timeline.html", "everything.html"],
)
def test_beside_each_table_is_a_download_of_what_it_shows(wide: Visitor, name: str) -> None:
    page = wide.open(name)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    tables, buttons = page.locator("table:visible"), page.locator("[data-table-csv]:visible")
    assert tables.count() == buttons.count() > 0
    for at in {0, tables.count() - 1}:
        with page.expect_download() as download:
            buttons.nth(at).click()
        content = Path(str(download.value.path())).read_text(encoding="utf-8-sig")
        rows = list(csv.reader(io.StringIO(content)))
        shown = tables.nth(at).locator("tr:visible")
        assert len(rows) == shown.count()
        first = shown.last.locator("th, td").first.inner_text()
        assert rows[-1][0] == " ".join(first.split())
