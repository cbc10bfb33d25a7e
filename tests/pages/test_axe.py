"""axe-core on every kind of page: no serious violation. `AXE_PATH` names its script; CI fetches it from npm."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from transit_model.pages.compare_page import compare_file
from transit_model.pages.view import StudyView

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
KINDS = ("index", "scenario", "compare", "goals", "report", "timeline")
WIDTHS = {"1440": 1440, "390": 390}


@pytest.fixture(scope="module")
def axe() -> str:
    """The text of axe-core."""
    path = Path(os.environ.get("AXE_PATH", ""))
    if not path.is_file():
        pytest.skip("axe-core is not here: npm install --prefix FOLDER axe-core, AXE_PATH=.../axe-core/axe.min.js")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("kind", KINDS)
def test_no_serious_violation(axe: str, browser: Browser, maps: Path, view: StudyView, kind: str, width: str) -> None:
    files = {"scenario": f"{view.scenarios[-1].id}.html", "compare": compare_file(view.comparisons[0])}
    page = browser.new_page(viewport={"width": WIDTHS[width], "height": 900}, locale="zh-CN")
    page.goto((maps / files.get(kind, f"{kind}.html")).as_uri())
    page.wait_for_timeout(300)
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)")
    page.close()
    serious = [
        f"{v['id']}: {v['help']}; {'; '.join(n['html'][:160] for n in v['nodes'][:3])}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert not serious, "\n".join(serious)
