"""The mini pack in a studio of the file that asks for it, and a planner at its page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.minipack import write_minipack
from tests.studio.planner import Planner, serving
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.studio.server import StudioServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pack and of the scenarios."""
    folder: Path = tmp_path_factory.mktemp("studio")
    write_minipack(folder / "mini")
    write_mini_scenarios(folder / "scenarios")
    return folder


@pytest.fixture(scope="module")
def server(own: Path) -> Iterator[StudioServer]:
    with serving(str(own / "mini"), own / "scenarios") as running:
        yield running


@pytest.fixture
def planner(browser: Browser, server: StudioServer) -> Iterator[Planner]:
    """A page that has been opened, and that had no trouble in the end."""
    made = Planner(browser, server.url)
    made.open()
    yield made
    assert made.trouble == []
    made.context.close()
