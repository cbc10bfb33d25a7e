"""The worked examples of CONTRIBUTING.md are real: on a copy of the package they work without another change."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPO

MOST_FILES = 3


def list_examples() -> list[str]:
    text = (REPO / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.findall(r"^```diff\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def test_each_example_is_few_files() -> None:
    examples = list_examples()
    assert len(examples) == 3
    for diff in examples:
        # one file more is named below the diff: a body for tests, a page
        assert len(re.findall(r"^diff --git", diff, flags=re.MULTILINE)) < MOST_FILES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package, all examples applied, and nothing else."""
    if shutil.which("git") is None:
        pytest.skip("git applies the diffs")
    folder = tmp_path_factory.mktemp("worked")
    ignored = shutil.ignore_patterns("__pycache__", "bundled")
    shutil.copytree(REPO / "transit_model", folder / "transit_model", ignore=ignored)
    for name in ("data", "scenarios"):  # as in a wheel, but empty
        (folder / "transit_model/bundled" / name).mkdir(parents=True)
    env = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    for diff in list_examples():
        subprocess.run(["git", "apply", "-"], cwd=folder, env=env, input=diff.encode(), check=True)
    return folder


def run(folder: Path, code: str) -> str:
    """Run code with the changed package and the tests' towns, and return what it prints last."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(folder), str(REPO))), "PYTHONUTF8": "1"}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()[-1]


def test_a_new_kind_of_project(folder: Path) -> None:
    code = """
import json
import transit_model
from tests.scenario.town import build_town
from tests.scenario.yaml_text import make, parse, text_of
from transit_model.pages.project_preview import find_kind
from transit_model.scenario.apply import resolve_projects
from transit_model.scenario.describe import describe_project
from transit_model.scenario.order_notes import list_order_notes
from tests.tools.scenario_reference import build_json_schema, build_reference
from transit_model.scenario.templates import get_template

town = build_town()
free = make("toll_lifted", "roads: [i1--i2]\\n")
network, issues = resolve_projects(town, [free])
links = network.links.set_index("road_id")
wrong, _ = resolve_projects(town, [make("toll_lifted", "roads: [a--i1]\\n")])
again = make("road_upgrade", "roads: [i1--i2]\\ntoll: true\\n", project_id="q")
template, mistakes = parse(get_template("toll_lifted", "p"))
print(json.dumps({
    "package": transit_model.__file__,
    "tolls": [bool(links.loc[r, "toll"].any()) for r in ("i1--i2", "a--i1")],
    "tolled_before": bool(town.links.set_index("road_id").loc["i1--i2", "toll"].any()),
    "nothing_changed": wrong is None,
    "described": describe_project(free, "en").splitlines()[2].strip(),
    "notes": [i.code for i in list_order_notes([free, again])],
    "template": [i.code for i in mistakes],
    "reference": "## kind: toll_lifted" in build_reference() and "toll_lifted" in build_json_schema()["$defs"],
    "drawn": find_kind(free).draws,
}))
"""
    result = json.loads(run(folder, code))
    assert result.pop("package").startswith(str(folder))
    assert result == {
        "tolls": [False, False],
        "tolled_before": True,
        "nothing_changed": True,
        "described": "toll lifted: i1--i2",
        "notes": ["set_twice"],
        "template": [],
        "reference": True,
        "drawn": "links",
    }


def test_a_new_indicator(folder: Path, tmp_path: Path) -> None:
    code = f"""
import json
from pathlib import Path
import transit_model
from tests.study.mini_workspace import open_mini_workspace
from transit_model.indicator_tables.registry import build_page_table
from transit_model.indicator_tables.rows import Measured
from transit_model.indicator_tables.tables import tabulate_indicators

session = open_mini_workspace(Path({str(tmp_path)!r})).session("built")
table = tabulate_indicators(Measured(session), ["circuity"])
(row,) = table[(table["place"] == "west") & (table["subject"] == "to east-seat")].to_dict("records")
print(json.dumps({{"value": row["value"], "title": row["title_zh"], "package": transit_model.__file__,
                  "page": "| `circuity` | 绕行系数 |" in build_page_table()}}))
"""
    result = json.loads(run(folder, code))
    assert result["package"].startswith(str(folder))
    # 5 + 80 + 5 = 90 km of road; straight, one degree of longitude at 40.8 N: 111.19 km x cos 40.8 = 84.17 km
    assert result["value"] == pytest.approx(90 / 84.17, rel=1e-3)
    assert result["title"] == "绕行系数"
    assert result["page"]


def test_a_new_output_format(folder: Path, tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
import geopandas as gpd
from shapely import box
from transit_model.pages.isochrone_files import VECTOR
from transit_model.surface.export import write_rings

frame = gpd.GeoDataFrame({{"cutoff_min": [60.0]}}, geometry=[box(111, 40, 112, 41)], crs=4326)
path = write_rings(frame, Path({str(tmp_path / "rings.fgb")!r}))
back = gpd.read_file(path)
same = back.geometry.iloc[0].equals(frame.geometry.iloc[0])
print(".fgb" in VECTOR and same and back["cutoff_min"].tolist() == [60.0])
"""
    assert run(folder, code) == "True"
