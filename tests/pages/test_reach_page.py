"""The national travel circle in Chromium with the network cut: stations in the colours of their hour, two readings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.measure.test_rail_reach import STATIONS, TRAINS
from tests.network.town import make_town
from tests.pages.visitor import NARROW, WIDE, Visitor
from transit_model.catalogue.inventory import Inventory
from transit_model.gtfs.train_table import read_train_table
from transit_model.measure.rail_reach import RailTimetable
from transit_model.pages.reach_page import write_reach_page
from transit_model.pages.things_page import write_things_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
EVIL = "</script><b>乙"


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def page_of(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    (tmp_path / "trains.csv").write_text(TRAINS.replace("乙", EVIL), encoding="utf-8")
    (tmp_path / "stations.csv").write_text(STATIONS.replace("乙", EVIL), encoding="utf-8")
    feed, _ = read_train_table(
        tmp_path / "trains.csv", tmp_path / "stations.csv", valid=(date(2024, 1, 1), date(2024, 1, 1))
    )
    timetable = RailTimetable(feed)
    write_reach_page(tmp_path / "map.html", timetable.compute_reach(timetable.find_station("甲")), [60, 120, 180], "zh")
    visitor = Visitor(browser, tmp_path, request.param)
    yield visitor
    visitor.context.close()


def test_stations_rings_and_readings(page_of: Visitor) -> None:
    page = page_of.open("map.html")
    assert page.title() == "甲：铁路 60、120、180 分钟可达"
    assert page.locator("#rings tbody tr").count() == 6  # two readings of three hours
    cells = page.locator("#stations tbody tr").first.locator("td").all_inner_texts()
    assert cells[0] == EVIL  # a name from data is text, and closes nothing
    assert cells[2] == "60"
    buttons = page.locator("button[data-reading]")
    buttons.nth(1).click()
    assert buttons.nth(1).get_attribute("aria-pressed") == "true"
    assert page.locator(".leaflet-container canvas").count() >= 1
    assert page_of.trouble == []


def test_ids_of_nodes_open_on_a_click(browser: Browser, tmp_path: Path) -> None:
    inventory = Inventory(make_town(), None)
    write_things_page(tmp_path / "ids.html", inventory.list_things(["node", "station"]), inventory.network, "zh")
    visitor = Visitor(browser, tmp_path, WIDE)
    page = visitor.open("ids.html")
    page.locator("#find").fill("i2")
    page.locator("#find").press("Enter")
    page.locator(".leaflet-popup .id").wait_for()
    assert page.locator(".leaflet-popup .id").inner_text() == "i2"
    page.locator('input[data-kind="station"]').uncheck()
    assert visitor.trouble == []
    visitor.context.close()
