"""Importing the package and asking for help does no work: nothing heavy is loaded, no file appears."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import REPO

HEAVY = (
    "numpy",
    "pandas",
    "scipy",
    "numba",
    "shapely",
    "geopandas",
    "pyproj",
    "pyogrio",
    "rasterio",
    "pyarrow",
    "contourpy",
    "osmnx",
    "osmium",
    "networkx",
    "folium",
    "branca",
    "jinja2",
    "requests",
    "matplotlib",
    "distributed",
)
REPORT = "import json, sys; sys.stderr.write('\\n' + json.dumps(sorted(m for m in sys.modules if '.' not in m)))"
ASK_HELP = f"""
import sys
sys.argv = ["transit-model", *{{arguments!r}}]
from transit_model.cli import main
try:
    main()
except SystemExit:
    pass
{REPORT}
"""


def _run(code: str, folder: Path) -> tuple[str, list[str]]:
    """Run Python in an empty folder that is also its home; return what it printed and the top modules it loaded."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPO),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
        "USERPROFILE": str(folder),
        "LOCALAPPDATA": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "COLUMNS": "100",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    modules: list[str] = json.loads(done.stderr.splitlines()[-1])
    return done.stdout, modules


SEARCHING = ("scipy", "numba", "shapely", "pyproj", "geopandas", "pyogrio", "rasterio", "osmium", "rich")
"""What a small question by road on a small network has no use for."""


@pytest.mark.smoke
def test_import_loads_nothing_heavy_and_writes_nothing(tmp_path: Path) -> None:
    _, modules = _run(f"import transit_model\n{REPORT}", tmp_path)
    assert not set(HEAVY) & set(modules)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["run", "--help"],
        ["goals", "--help"],
        ["isochrone", "--help"],
        ["od", "--help"],
        ["explain", "--help"],
        ["batch", "--help"],
    ],
    ids=" ".join,
)
def test_help_loads_nothing_heavy_and_writes_nothing(arguments: list[str], tmp_path: Path) -> None:
    printed, modules = _run(ASK_HELP.format(arguments=arguments), tmp_path)
    assert "transit-model" in printed
    assert not set(HEAVY) & set(modules)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.bench
def test_help_is_quick(tmp_path: Path) -> None:
    # The best of five, since a shared machine may be busy; the limit is the promise of the README.
    best_s = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        _run(ASK_HELP.format(arguments=["--help"]), tmp_path)
        best_s = min(best_s, time.perf_counter() - started)
    assert best_s < 0.5


def test_a_small_question_by_road_loads_no_library_of_searches(tmp_path: Path) -> None:
    asked = ["od", "--from", "hohhot", "--to", "baotou", "--mode", "road", "--format", "json"]
    for _ in range(2):  # the first reads the pack
        printed, modules = _run(ASK_HELP.format(arguments=asked), tmp_path)
        assert json.loads(printed)["rows"]
        for kept in (tmp_path / "cache").rglob("small/answers/*"):
            kept.unlink()  # the second time it is to be measured anew
    assert not set(SEARCHING) & set(modules)
