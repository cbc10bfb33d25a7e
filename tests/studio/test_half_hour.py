"""A planner's half hour with the shipped region, as a script; and the curl examples of STUDIO.md as they stand."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import REPO
from tests.studio.planner import Planner, serving
from transit_model.measure.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STOP = ("hohhot-east", "zhuozi-east", "ulanqab")
"""Trains from the first to the last call at the one between."""
SCRIPTS = re.findall(r"```sh\n(.*?)```", (REPO / "STUDIO.md").read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.browser
@pytest.mark.slow
def test_half_an_hour(browser: Browser, tmp_path: Path) -> None:
    own = tmp_path / "plans"
    own.mkdir()
    with serving(None, own) as server:
        planner = Planner(browser, server.url)
        page = planner.open()
        people = page.locator('[data-people="90"]').inner_text()
        planner.switch("hubao_hsr")
        assert page.locator('[data-people="90"]').inner_text() != people
        goal = page.locator('[data-goal="hohhot-baotou-1h-2027"] [data-reading="promoter"] b')
        fast = float(goal.inner_text())
        planner.slide("hubao_hsr.design_speed_kmh", 250)
        assert float(goal.inner_text()) > fast
        page.locator('[data-new="road_link"]').click()
        for node in ("g65_dongsheng_n", "g59_shengle", "g6_qixiaying"):
            planner.click_node(node)
        assert page.locator("#drawn-names").inner_text().count(" – ") == 2
        page.locator("#draw-done").click()
        planner.take()
        page.locator('[data-new="closure"]').click()
        planner.click_road("g6_qixiaying--g6_zhuozi")
        page.locator("#draw-done").click()
        planner.take()
        page.locator('[data-new="stop_edit"]').click()
        for station in STOP:
            planner.click_node(station, "stations")
        page.locator("#draw-done").click()
        planner.take()
        page.locator("#show-change").click()
        page.locator(".certificate").wait_for()
        page.locator("#pairs button").first.click()
        page.locator("#journey .legs").first.wait_for()
        page.locator("#save").click()
        page.locator('[name="scenario-id"]').fill("half-hour")
        page.locator("#save-ok").click()
        page.locator("#save-told .sound").wait_for()
        link = planner.read("location.href")
        other = Planner(browser, server.url)
        other.open(link)
        assert other.page.locator("#people").inner_text() == page.locator("#people").inner_text()
        assert other.page.locator("#goals").inner_text() == page.locator("#goals").inner_text()
        page.locator('[data-write="export"]').click()
        page.locator("#save-told .written").wait_for(timeout=120_000)
        assert planner.trouble == other.trouble == []
        planner.context.close()
        other.context.close()
    # what was saved is what was seen: the command line gives the minutes of the page
    scenario = Workspace.open(None, own).scenario("half-hour")
    assert [p.id for p in scenario.projects][-3:] == ["my_road_1", "my_closure_1", "my_stop_1"]
    assert scenario.overrides == {"hubao_hsr.design_speed_kmh": 250}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_the_examples_for_programs() -> None:
    (script,) = [s for s in SCRIPTS if "/api/measure" in s]
    with serving(None, None) as server:
        text = script.replace("http://127.0.0.1:8017/", server.url)
        commands = [c for c in re.split(r"\n(?=curl )", text.strip()) if c]
        answers = []
        for command in commands:
            words = shlex.split(command)
            words[1:1] = ["--noproxy", "*"]
            done = subprocess.run(words, capture_output=True, check=True, timeout=120)
            answers.append(json.loads(done.stdout))
    assert all(a["schema"] == 1 and "issues" not in a for a in answers)
    projects, trains, rows, rings, required = answers
    assert {"D", "K"} <= {r["class"] for r in trains["rows"]}
    assert trains["fastest_min"] > 0
    assert "hubao_hsr" in {p["id"] for p in projects["rows"]}
    assert [(r["from"], r["to"], r["mode"]) for r in rows["rows"]] == [("hohhot", "baotou", "rail")]
    assert [f["properties"]["cutoff_min"] for f in rings["rings"]["features"]] == [60, 120]
    assert required["field"] == "hubao_hsr.design_speed_kmh"
