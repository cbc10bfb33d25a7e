"""The made-up study, written once, and a browser without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pages.sample_view import build_sample_view
from tests.pages.visitor import NARROW, WIDE, Visitor
from transit_model.pages.view import StudyView
from transit_model.pages.write import write_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def view() -> StudyView:
    """The made-up study."""
    return build_sample_view()


@pytest.fixture(scope="session")
def maps(view: StudyView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its pages."""
    folder = tmp_path_factory.mktemp("site") / "maps"
    write_pages(view, folder)
    return folder


@pytest.fixture(params=[WIDE, NARROW], ids=["1440", "390"])
def visitor(request: pytest.FixtureRequest, browser: Browser, maps: Path) -> Iterator[Visitor]:
    made = Visitor(browser, maps, request.param)
    yield made
    assert made.trouble == []
    made.context.close()


@pytest.fixture
def wide(browser: Browser, maps: Path) -> Iterator[Visitor]:
    made = Visitor(browser, maps, WIDE)
    yield made
    assert made.trouble == []
    made.context.close()
