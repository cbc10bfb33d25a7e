"""Files that come, go or cannot be told: reading anew says so, and one bad file takes the list from nobody."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.studio.asker import ask
from tests.study.mini_workspace import open_mini_workspace
from transit_model.measure.workspace import Workspace
from transit_model.scenario.base_schema import Project
from transit_model.scenario.kinds.registry import find_kind
from transit_model.studio import listing
from transit_model.studio.service import Source, Studio
from transit_model.studio.watch import Watch
from transit_model.studio.web import build_app


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    workspace = open_mini_workspace(tmp_path)
    region, own = tmp_path / "mini", tmp_path / "scenarios"
    source = Source(str(region), partial(Workspace.open, str(region), own), Watch((region, own)))
    return Studio(workspace, own, source)


@pytest.fixture
def web(studio: Studio) -> Any:
    return build_app(studio)


def _reload(web: Any) -> bool:
    answer = ask(web, "POST", "/api/reload", {})
    assert answer.status == 200, answer.data
    return bool(answer.data["changed"])


def test_reading_anew_tells_what_came_went_and_changed(web: Any, tmp_path: Path) -> None:
    projects = tmp_path / "scenarios" / "projects"
    assert not _reload(web)
    text = (projects / "byway.yaml").read_text("utf-8")
    (projects / "lane.yaml").write_text(text.replace("byway", "lane"), "utf-8")
    assert _reload(web)
    assert "lane" in {r["id"] for r in ask(web, "GET", "/api/projects?base=built").data["rows"]}
    assert not _reload(web)
    (projects / "lane.yaml").unlink()
    assert _reload(web)
    (projects / "byway.yaml").write_text(text + "# by hand\n", "utf-8")
    assert _reload(web)
    (projects / "line.gpkg").write_bytes(b"")  # a course that projects name
    assert _reload(web)
    assert not _reload(web)


def test_what_cannot_be_read_stays_to_be_told(web: Any, tmp_path: Path) -> None:
    region = tmp_path / "mini" / "region.yaml"
    text = region.read_text("utf-8")
    region.write_text("id: [", "utf-8")
    assert ask(web, "POST", "/api/reload", {}).status == 422
    region.write_text(text + "\n# mended\n", "utf-8")
    assert _reload(web)


def test_a_project_that_cannot_be_told_is_listed_with_its_issue(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ask(web, "GET", "/api/projects?base=built").data["rows"]

    def fail(*_words: object) -> list[str]:
        raise TypeError("no length")

    def find(project: Project) -> Any:
        kind = find_kind(project)
        return replace(kind, describe=fail) if project.id == "byway" else kind

    monkeypatch.setattr(listing, "find_kind", find)
    answer = ask(web, "GET", "/api/projects?base=built")
    assert answer.status == 200
    rows = {r["id"]: r for r in answer.data["rows"]}
    assert list(rows) == [r["id"] for r in before]
    (issue,) = rows["byway"]["issues"]
    assert (issue["code"], issue["file"], issue["value"]) == (
        "not_described",
        "projects/byway.yaml",
        "TypeError: no length",
    )
    assert issue["message_zh"] != issue["message"]
    assert rows["byway"]["describe"] == {"zh": [], "en": []}
    assert rows["hsr"] == next(r for r in before if r["id"] == "hsr")
    assert rows["hsr"]["issues"] == []
