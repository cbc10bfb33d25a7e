"""Documents that lie are worse than none: links, names and tables in them are checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import REPO

PAGES = sorted([*REPO.glob("*.md"), REPO / "maps" / "README.md"])
CHANGE_TAGS = {"new", "changed", "fixed", "removed", "data", "internal"}


def _read(name: str) -> str:
    return (REPO / name).read_text(encoding="utf-8")


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPO).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in _anchors(file.read_text(encoding="utf-8")), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPO).as_posix())
def test_named_files_exist(page: Path) -> None:
    for name in re.findall(r"`((?:transit_model|tests|scenarios|data)/[\w./-]+)`", page.read_text(encoding="utf-8")):
        assert (REPO / name).exists(), f"{page.name} names {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPO).as_posix())
def test_named_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", _read("Makefile"), flags=re.MULTILINE))
    for target in re.findall(
        r"\bmake ([a-z]+(?:-[a-z]+)*)\b(?=[`\s])", " ".join(re.findall(r"`[^`\n]+`", _read_page(page)))
    ):
        assert target in targets, f"{page.name}: make {target}"


def _read_page(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_decisions_are_numbered_and_short() -> None:
    entries = re.findall(
        r"^\*\*D(\d+) [^*]+\*\*(.+?)(?=\n\n)", _read("DECISIONS.md") + "\n\n", flags=re.MULTILINE | re.DOTALL
    )
    assert [int(number) for number, _ in entries] == list(range(1, len(entries) + 1))
    for number, body in entries:
        sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z`])", " ".join(body.split()))
        assert len(sentences) <= 2, f"D{number} has {len(sentences)} sentences"


def test_changelog_entries_are_tagged() -> None:
    text = _read("CHANGELOG.md")
    assert re.search(r"^## (?:Unreleased|\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d)$", text, flags=re.MULTILINE)
    assert "### Numbers on maps" in text
    user_part = text.split("### For users", 1)[1]
    for entry in re.findall(r"^- (.+)$", user_part, flags=re.MULTILINE):
        tag = re.match(r"\*\*(\w+)\*\* ", entry)
        assert tag is not None, entry
        assert tag.group(1) in CHANGE_TAGS, entry


def test_every_room_is_described_for_contributors() -> None:
    rooms = {path.parent.name for path in (REPO / "transit_model").glob("*/__init__.py")}
    text = _read("CONTRIBUTING.md")
    assert {room for room in rooms if f"`{room}`" not in text} == set()


def test_the_examples_for_contributors_load_and_build(tmp_path: Path) -> None:
    from transit_model.goals.schema import load_goals
    from transit_model.measure.workspace import Workspace

    blocks = re.findall(r"```yaml\n# (scenarios/[\w/.-]+)\n(.*?)```", _read("CONTRIBUTING.md"), flags=re.DOTALL)
    assert len(blocks) >= 3
    for name, text in blocks:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    folder = tmp_path / "scenarios"
    (folder / "today.yaml").write_text("id: today\ntitle: {zh: 现状, en: today}\nbase: {as_of: 2025-12-31}\n", "utf-8")
    (folder / "more.yaml").write_text(
        "id: more\ntitle: {zh: 方案, en: more}\nbase: today\nprojects: [example_s536]\n", "utf-8"
    )
    network = Workspace.open(None, folder).network("more")
    assert network.projects[-1].project_id == "example_s536"
    assert {g.id for g in load_goals(folder / "goals")} == {"example-wuchuan-hour", "example-coverage"}
