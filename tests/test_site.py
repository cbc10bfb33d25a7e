"""The pages of the documentation are run: code, commands and the numbers of the worked journey, in both languages."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import typer.main

import transit_model as tm
from tests.conftest import REPO
from tests.tools.command import run_command
from transit_model.cli.app import app
from transit_model.domain.rounding import round_shown

DOCS = REPO / "docs"
LANGUAGES = ("en", "zh")
PAGES = sorted(file for language in LANGUAGES for file in (DOCS / language).glob("*.md"))
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))
WRITTEN_BY_THE_BUILD = {"commands"}


def _list_blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def _list_commands(page: Path) -> list[list[str]]:
    lines = "\n".join(_list_blocks(page, "sh")).splitlines()
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("transit-model ")]


# Both languages have the same blocks, which a test holds them to: those of English are run.
WITH_PYTHON = [page for page in PAGES if page.parent.name == "en" and _list_blocks(page, "python")]
WITH_COMMANDS = [page for page in PAGES if _list_commands(page)]


def _name(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def test_both_languages_have_the_same_pages_and_ask_the_same() -> None:
    english, chinese = ({p.name for p in (DOCS / language).glob("*.md")} for language in LANGUAGES)
    assert english == chinese
    for name in sorted(english):
        first, second = (DOCS / language / name for language in LANGUAGES)
        assert _list_commands(first) == _list_commands(second), name
        assert _list_blocks(first, "python") == _list_blocks(second, "python"), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_of_the_index_is_there(language: str) -> None:
    text = (DOCS / language / "index.md").read_text(encoding="utf-8")
    trees = re.findall(r"```{toctree}\n(.*?)```", text, flags=re.DOTALL)
    chapters = [line for tree in trees for line in tree.splitlines() if line and not line.startswith(":")]
    shared = set(re.findall(r'^ {4}"[\w/.-]+\.md": "([\w-]+)",$', (DOCS / "build.py").read_text("utf-8"), re.MULTILINE))
    own = {page.stem for page in (DOCS / language).glob("*.md")} - {"index"}
    notebooks = {f"notebooks/{file.stem}" for file in NOTEBOOKS}
    assert set(chapters) == own | shared | notebooks | WRITTEN_BY_THE_BUILD
    assert len(chapters) == len(set(chapters))


@pytest.mark.parametrize("page", WITH_PYTHON, ids=_name)
def test_the_code_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    names: dict[str, Any] = {}
    with contextlib.chdir(tmp_path), contextlib.redirect_stdout(io.StringIO()):
        for number, block in enumerate(_list_blocks(page, "python")):
            exec(compile(block, f"{_name(page)}, block {number}", "exec"), names)


@pytest.mark.slow
def test_the_code_of_the_readme_runs() -> None:
    names: dict[str, Any] = {}
    (block,) = _list_blocks(REPO / "README.md", "python")
    exec(compile(block, "README.md", "exec"), names)
    assert names["session"].scenario_id == "built-2025"


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=_name)
def test_the_commands_of_a_page_parse(page: Path) -> None:
    for words in _list_commands(page):
        command: Any = typer.main.get_command(app)
        rest = list(words)
        context = click.Context(command, info_name="transit-model")
        while hasattr(command, "commands"):
            command = command.commands[rest.pop(0)]
        command.make_context(words[-1 - len(rest)], rest, parent=context)


def _run_commands(page: Path, folder: Path) -> None:
    for command in _list_commands(page):
        done = run_command(*command, cwd=folder)
        assert done.returncode == 0, f"{command}: {done.printed}"


def test_the_commands_of_the_quick_start_run(tmp_path: Path) -> None:
    _run_commands(DOCS / "en" / "quickstart.md", tmp_path)


@pytest.mark.slow
def test_the_other_commands_run(tmp_path: Path) -> None:
    for page in (DOCS / "en").glob("*.md"):
        if page.stem != "quickstart":
            _run_commands(page, tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_worked_journey_is_the_one_that_comes_out(language: str) -> None:
    """Legs, sum and the two minutes of the first line, as `tm` answers them today."""
    text = (DOCS / language / "readings.md").read_text(encoding="utf-8")
    session = tm.open().session("built-2025", window="07:00-21:00")
    journey = tm.explain(session, "hohhot", "baotou", "rail", "door_to_door", depart="08:00")
    result = [float(m) for m in re.findall(r"^\| [^*|]+ \| (\d+\.\d) \|", text, flags=re.MULTILINE)]
    assert result == [round_shown(leg.minutes, 1) for leg in journey.legs if leg.minutes]
    total = re.search(r"^\| \*\*.+\*\* \| \*\*(\d+\.\d)\*\* \|", text, flags=re.MULTILINE)
    assert total is not None
    assert float(total[1]) == round_shown(journey.minutes, 1)
    sums = re.search(r"^((?:\d+\.\d \+ )+\d+\.\d) = (\d+\.\d)", text, flags=re.MULTILINE)
    assert sums is not None
    assert [float(m) for m in sums[1].split(" + ")] == result
    assert float(sums[2]) == round_shown(sum(result), 1)
    (train,) = [leg for leg in journey.legs if "D6753" in leg.text["en"]]
    assert train.depart in text
    assert train.arrive in text
    assert train.minutes == 78.0
    table = tm.travel_times(session, "hohhot", "baotou", "rail", ["promoter", "door_to_door"]).set_index("reading")
    first = text.split("\n\n")[1]
    assert [f"{m:.0f}" for m in table["minutes"]] == re.findall(r"\d+", first)[:2]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebooks_are_committed_without_what_came_out(file: Path) -> None:
    notebook = json.loads(file.read_text(encoding="utf-8"))
    assert notebook["nbformat"] == 4
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code
    for cell in code:
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        compile("".join(cell["source"]), file.name, "exec")
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
