"""What surrounds the code says one thing: the version, the checks of hooks, make and CI, the editors' settings."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import tomllib
from importlib.metadata import version
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import REPO
from tests.tools.command import run_command


def _read(name: str) -> str:
    return (REPO / name).read_text(encoding="utf-8")


def _read_yaml(name: str) -> Any:
    return YAML(typ="safe", pure=True).load(_read(name))


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads(_read("pyproject.toml"))


@pytest.fixture(scope="module")
def current(pyproject: dict[str, Any]) -> str:
    """The version: `pyproject.toml` is its one home."""
    return str(pyproject["project"]["version"])


def test_the_installed_program_tells_the_version(current: str) -> None:
    assert version("transit-model") == current, "the environment is older than pyproject.toml: make venv"
    assert run_command("--version").stdout.strip() == current


def test_no_other_file_has_a_version_of_its_own(current: str) -> None:
    assert _read_yaml("CITATION.cff")["version"] == current
    own = re.compile(r"^__version__\b|\btransit_model\.__version__", re.MULTILINE)
    assert [p.name for p in (REPO / "transit_model").rglob("*.py") if own.search(p.read_text("utf-8"))] == []


def _parse_version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def test_the_changelog_leads_to_the_version(current: str) -> None:
    headings = re.findall(r"^## (.+)$", _read("CHANGELOG.md"), flags=re.MULTILINE)
    # A release is headed by its number and day; what came after it, by "Unreleased".
    released = [h for h in headings if h != "Unreleased"]
    for heading in released:
        assert re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d", heading), heading
    numbers = [_parse_version(h.split()[0]) for h in released]
    assert numbers == sorted(set(numbers), reverse=True)
    if headings[0] == "Unreleased":  # the work towards the version of pyproject.toml
        assert headings.count("Unreleased") == 1
        assert not numbers or numbers[0] < _parse_version(current)
    else:
        assert numbers[0] == _parse_version(current)


def _list_checks() -> list[list[str]]:
    """Return the commands of `make check`, program and words."""
    block = re.search(r"^check: .*\n((?:\t.*\n)+)", _read("Makefile"), flags=re.MULTILINE)
    assert block is not None
    return [shlex.split(line.strip().replace("$(BIN)/", "")) for line in block[1].splitlines()]


def test_the_hooks_are_the_checks_of_make() -> None:
    (local,) = _read_yaml(".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local", "a hook from elsewhere would be a check, and a version, of its own"
    hooks = []
    for hook in local["hooks"]:
        assert hook["language"] == "system"
        program, *words = shlex.split(hook["entry"].removeprefix(".venv/bin/"))
        # Files are named by pre-commit instead of the dot; ruff then needs to be told to keep to its exclusions.
        by_file = hook.get("pass_filenames", True)
        hooks.append([program, *(w for w in words if w != "--force-exclude"), *(["."] if by_file else [])])
    assert hooks == _list_checks()
    assert [program for program, *_ in hooks] == ["ruff", "ruff", "mypy", "lint-imports"]


def test_windows_checks_the_same() -> None:
    block = re.search(r'^    "check" \{\n(.*?)^    \}', _read("make.ps1"), flags=re.MULTILINE | re.DOTALL)
    assert block is not None
    steps = re.findall(r'Invoke-Step "\$Bin\\([\w-]+)\.exe" @\((.*?)\)', block[1])
    assert [[program, *re.findall(r'"([^"]+)"', words)] for program, words in steps] == _list_checks()


def test_the_hosted_run_is_the_run_by_hand(pyproject: dict[str, Any]) -> None:
    flow = _read_yaml(".github/workflows/ci.yml")
    (job,) = flow["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands == ["bash .ci/run"]
    assert flow["permissions"] == {"contents": "read"}
    (python,) = [s["with"]["python-version"] for s in job["steps"] if "python-version" in s.get("with", {})]
    assert pyproject["project"]["requires-python"] == f">={python}"
    kept = next(s["with"]["path"] for s in job["steps"] if "upload-artifact" in s.get("uses", ""))
    assert kept == next(s["env"]["CI_ARTIFACTS"] for s in job["steps"] if "CI_ARTIFACTS" in s.get("env", {}))
    text = _read(".ci/run")
    for target in ("venv", "check", "test"):
        assert re.search(rf"^(?:\S+=\S+ )?make --no-print-directory {target}\b", text, flags=re.MULTILINE), target
    named = re.findall(r"(?<= )(tests/[\w./]+)", text)
    assert [name for name in named if not (REPO / name).exists()] == []


def test_editors_are_told_the_style_of_ruff(pyproject: dict[str, Any]) -> None:
    parser = configparser.ConfigParser()
    parser.read_string("[top]\n" + _read(".editorconfig"))
    every = parser["*"]
    assert parser["top"]["root"] == "true"
    assert int(every["max_line_length"]) == pyproject["tool"]["ruff"]["line-length"]
    assert (every["charset"], every["end_of_line"], every["insert_final_newline"]) == ("utf-8", "lf", "true")
    assert parser["Makefile"]["indent_style"] == "tab"
    for name in ("README.md", "Makefile", "pyproject.toml", "scenarios/study.yaml", ".ci/run"):
        data = (REPO / name).read_bytes()
        # a checkout on Windows may have line ends of its own
        assert data.endswith(b"\n"), name
        assert os.name == "nt" or b"\r" not in data, name


@pytest.mark.parametrize(
    "page", ["CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "CITATION.cff"]
)
def test_the_readme_leads_to_every_page_about_the_project(page: str) -> None:
    assert f"]({page})" in _read("README.md")


def test_the_citation_names_the_project(pyproject: dict[str, Any]) -> None:
    citation, project = _read_yaml("CITATION.cff"), pyproject["project"]
    assert citation["license"] == project["license"]
    assert citation["title"].startswith(f"{project['name']}: ")
    assert citation["title"].lower().endswith(project["description"].lower())
    assert [a["name"] for a in citation["authors"]] == [a["name"] for a in project["authors"]]
    assert citation["keywords"] == project["keywords"]
