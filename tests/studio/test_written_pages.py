"""From a drawing to paper: drawn, saved and written out, the offline pages and the brief of two pages open."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.minipack import write_minipack
from tests.studio.planner import Planner, serving
from tests.study.mini_workspace import write_mini_scenarios

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_pages_and_the_brief_of_a_drawn_plan(browser: Browser, tmp_path: Path) -> None:
    write_minipack(tmp_path / "mini")
    own = write_mini_scenarios(tmp_path / "scenarios")
    with serving(str(tmp_path / "mini"), own) as server:
        planner = Planner(browser, server.url)
        page = planner.open()
        page.locator('[data-set-lang="en"]').click()
        page.locator('#modes input[value="road"]').check(force=True)
        planner.rest()
        page.locator('[data-new="road_link"]').click()
        for node in ("west", "east"):
            planner.click_node(node)
        page.locator("#draw-done").click()
        page.locator('#dialog-form [name="title.en"]').fill("the drawn road")
        page.locator('#dialog-form [name="title.en"]').blur()
        planner.take()
        minutes = page.locator('[data-minutes="east"]').inner_text()
        page.locator("#save").click()
        page.locator('[name="scenario-id"]').fill("drawn-plan")
        page.locator('[name="title-en"]').fill("a plan by hand")
        page.locator("#save-ok").click()
        page.locator("#save-told .sound").wait_for()
        page.locator('[data-write="pages"]').click()
        page.locator("#save-told .written").wait_for(timeout=250_000)
        told = page.locator("#save-told .written li").all_inner_texts()
        assert planner.trouble == []
        planner.context.close()
    written = own / "maps" / "drawn-plan"
    assert told[:2] == ["maps/drawn-plan/index.html", "maps/drawn-plan/brief-drawn-plan.html"]
    assert all((own / name).is_file() for name in told)
    # they open from the disk, with nobody asked for anything, and the numbers are those of the studio
    context = browser.new_context(offline=True)
    trouble: list[str] = []
    paper = context.new_page()
    paper.on("pageerror", lambda error: trouble.append(str(error.message)))
    for name in told[:2]:
        paper.goto((own / name).as_uri())
        assert "a plan by hand" in paper.content()
    assert "the drawn road" in paper.content()
    pdf = paper.pdf(format="A4", prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", pdf) == [b"2"]
    context.close()
    assert trouble == []
    with (written / "data" / "od.csv").open(encoding="utf-8", newline="") as file:
        wanted = {"from": "west", "to": "east", "mode": "road", "reading": "typical", "scenario": "drawn-plan"}
        (row,) = [r for r in csv.DictReader(file) if wanted.items() <= r.items()]
    assert round(float(row["minutes"]), 1) == float(minutes)
