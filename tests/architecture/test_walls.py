"""The walls between the rooms, the size of the files, and what the code may import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.conftest import REPO

pytestmark = pytest.mark.smoke

LONGEST_FILE_LINES = 400
LARGEST_ROOM_SHARE = 0.13
NEEDS_EXTRA = {
    "batches/cluster.py": "distributed",
    "studio/guard.py": "studio",
    "studio/server.py": "studio",
    "studio/web.py": "studio",
    "study/area_map.py": "notebook",
    "study/compare.py": "notebook",
}
"""Files that may import what only an extra brings."""
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "tools"}
# Assembled, so that this file does not hold what it looks for.
UNFINISHED = re.compile(
    "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3 + r"\b", "raise NotImplemented" + "Error", "# ?st" + "ub"])
)


@cache
def _python_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=REPO, capture_output=True, text=True, check=False)
    names = listed.stdout.split() if listed.returncode == 0 else []
    files = [REPO / name for name in names] or [*REPO.glob("transit_model/**/*.py"), *REPO.glob("tests/**/*.py")]
    return [file for file in files if file.exists()]


def _package_files() -> list[Path]:
    return sorted((REPO / "transit_model").rglob("*.py"))


def test_import_contract_holds() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    if not program.exists():
        pytest.skip("import-linter is not installed beside this Python")
    done = subprocess.run([program, "--no-cache"], cwd=REPO, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_rooms_do_not_import_the_front_door() -> None:
    # The front door reaches everything, so a room that imports it closes a circle.
    for file in _package_files():
        if file == REPO / "transit_model" / "__init__.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "transit_model":
                names = {alias.name for alias in node.names}
                rooms = {path.stem for path in (REPO / "transit_model").iterdir()}
                assert names <= rooms, (
                    f"{file.relative_to(REPO)}:{node.lineno} imports {names - rooms} from the front door"
                )


def test_no_file_is_too_long() -> None:
    sizes = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in _python_files()}
    long = {str(file.relative_to(REPO)): lines for file, lines in sizes.items() if lines > LONGEST_FILE_LINES}
    assert not long, f"split these by noun: {long}"


def test_no_room_is_most_of_the_house() -> None:
    lines: Counter[str] = Counter()
    for file in _package_files():
        room = file.relative_to(REPO / "transit_model").parts
        lines[room[0] if len(room) > 1 else ""] += len(file.read_text(encoding="utf-8").splitlines())
    name, most = lines.most_common(1)[0]
    assert most <= LARGEST_ROOM_SHARE * lines.total(), f"{name} holds {most} of {lines.total()} lines: cut it"


def test_no_module_has_a_vague_name() -> None:
    vague = [str(file.relative_to(REPO)) for file in _package_files() if file.stem.strip("_") in VAGUE_NAMES]
    assert not vague


def test_nothing_is_marked_as_unfinished() -> None:
    marks = [
        f"{file.relative_to(REPO)}:{number}: {line.strip()}"
        for file in _python_files()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if UNFINISHED.search(line)
    ]
    assert not marks


def test_every_room_has_a_page() -> None:
    # The docstring of a room is its page: purpose, terms, what does not belong.
    for init in (REPO / "transit_model").glob("*/__init__.py"):
        page = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8")))
        assert page, f"{init.parent.name}/__init__.py says nothing about the room"


def _imported_packages(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"transit_model", "__future__"}


def _list_names(requirements: list[str]) -> set[str]:
    return {_normal(re.split(r"[<>=!~\[; ]", line)[0]) for line in requirements}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = _list_names(project["dependencies"])
    extras = {name: _list_names(lines) for name, lines in project["optional-dependencies"].items()}
    owners = packages_distributions()
    for file in _package_files():
        for package in _imported_packages(file):
            candidates = {_normal(owner) for owner in owners.get(package, [package])}
            if package == "xstatic":  # a namespace that many distributions share
                candidates = {"xstatic-leaflet"}
            extra = NEEDS_EXTRA.get(file.relative_to(REPO / "transit_model").as_posix())
            allowed = declared | extras.get(extra or "", set())
            assert candidates & allowed, (
                f"{file.relative_to(REPO)} imports {package}, which pyproject.toml does not declare"
            )
