"""Opportunities by name: jobs at places and points of the mini pack, counted by every indicator that counts people.

Free flow from west: mid 50 km at 80 = 37.5 min, east 50 min by the expressway, farm 37.5 + 36 = 73.5 min by mid.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.minipack import make_minipack_files, write_pack
from tests.study.mini_workspace import write_mini_scenarios
from tests.tools.command import Answer, run_command
from transit_model.errors import InputError
from transit_model.measure.opportunities import list_layers, read_layer
from transit_model.measure.workspace import Workspace

TABLE = """\
layer,id,name_zh,name_en,lon,lat,place_id,weight
jobs,,,,,,mid,1000
jobs,,,,,,east,3000
jobs,,,,,,farm,500
sights,tower,塔,Tower,111.000,40.800,,
sights,lake,湖,Lake,112.000,40.800,,
"""
FREE = ["--mode", "road", "--reading", "promoter", "--scenario", "built", "--format", "json"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = tmp_path_factory.mktemp("layers")
    write_pack(at / "mini", {**make_minipack_files(), "opportunities.csv": TABLE})
    write_mini_scenarios(at / "scenarios")
    (at / "jobs.csv").write_text("id,lon,lat,jobs\nm,111.5,40.7,1000\ne,112.0,40.8,3000\n", encoding="utf-8")
    (at / "two.csv").write_text("id,lon,lat,beds,doctors\nm,111.5,40.7,10,2\ne,112.0,40.8,30,5\n", encoding="utf-8")
    (at / "bare.csv").write_text("id,lon,lat\nm,111.5,40.7\n", encoding="utf-8")
    return at


@pytest.fixture(scope="module")
def workspace(folder: Path) -> Workspace:
    return Workspace.open(str(folder / "mini"), folder / "scenarios")


def _ask(folder: Path, *words: str) -> Answer:
    return run_command(*words, "--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios"), cwd=folder)


def _list_rows(folder: Path, *words: str) -> list[dict[str, Any]]:
    done = _ask(folder, "indicators", *words, *FREE)
    assert done.returncode == 0, done.printed
    rows: list[dict[str, Any]] = json.loads(done.stdout)["rows"]
    return rows


def _pick(rows: list[dict[str, Any]], place: str, measure: str, subject: str = "") -> float:
    (row,) = [r for r in rows if (r["place"], r["measure"], r["subject"]) == (place, measure, subject)]
    return float(row["value"])


def test_times_and_potential_of_a_layer(folder: Path) -> None:
    rows = _list_rows(folder, "mean_time", "daily", "potential", "equity", "--opportunities", "jobs")
    # the mean of 37.5, 50 and 73.5 by jobs: 37,500 + 150,000 + 36,750 of 4500
    assert _pick(rows, "west", "mean") == pytest.approx(49.8333, abs=1e-3)
    assert _pick(rows, "west", "jobs", "60 min") == 4000
    assert _pick(rows, "west", "points", "60 min") == 2
    assert _pick(rows, "west", "jobs_share", "60 min") == pytest.approx(4000 / 4500, abs=1e-4)
    # 1000 / 37.5 + 3000 / 50 + 500 / 73.5
    assert _pick(rows, "west", "potential") == pytest.approx(93.4694, abs=1e-3)
    # from each job to its nearer centre: mid 37.5, east 0, farm 73.5; (37500 + 0 + 36750) / 4500
    assert _pick(rows, "", "mean") == pytest.approx(16.5, abs=1e-3)
    assert {r["unit"] for r in rows if r["measure"] == "jobs"} == {"jobs"}
    assert all("jobs of opportunities.csv" in r["source"] for r in rows)
    assert not any("census" in r["source"] or "population" in r["measure"] for r in rows)


def test_cells_count_the_layer(folder: Path) -> None:
    rows = _list_rows(folder, "within", "overlap", "--cutoffs", "60", "--opportunities", "jobs")
    assert _pick(rows, "west", "jobs", "60 min") == 4000  # mid and east
    assert _pick(rows, "west", "jobs_share", "60 min") == pytest.approx(4000 / 4500, abs=1e-4)
    airport = _list_rows(folder, "airport", "--opportunities", "jobs")
    assert {r["unit"] for r in airport} == {"jobs"}


def test_a_file_counts_as_the_pack_does(folder: Path) -> None:
    file = _list_rows(folder, "daily", "--opportunities", "jobs.csv")
    pack = _list_rows(folder, "daily", "--opportunities", "jobs")
    for subject in ("60 min", "120 min"):
        farm = 500 if subject == "120 min" else 0  # the file has no farm
        assert _pick(file, "west", "jobs", subject) == _pick(pack, "west", "jobs", subject) - farm
    beds = _list_rows(folder, "daily", "--opportunities", "two.csv:beds")
    assert _pick(beds, "west", "beds", "60 min") == 40
    points = _list_rows(folder, "daily", "--opportunities", "bare.csv")
    assert _pick(points, "west", "bare", "60 min") == 1  # each point counts one


def test_a_batch_counts_a_layer_of_the_pack(folder: Path) -> None:
    import pandas as pd

    line = "batch --measure nodes --origins west --reading promoter --cutoff 60 -s built --opportunities jobs -o nodes"
    done = _ask(folder, *line.split())
    assert done.returncode == 0, done.printed
    table = pd.read_parquet(folder / "nodes")
    assert (table["jobs"].iloc[0], table["opportunities"].iloc[0]) == (4000, 2)


def test_layers_are_listed_and_found(folder: Path, workspace: Workspace) -> None:
    assert list_layers(workspace.network("built")) == ["jobs", "sights"]
    rows = json.loads(_ask(folder, "data", "list", "layers", "--format", "json").stdout)["rows"]
    assert [(r["id"], r["kind"]) for r in rows] == [("jobs", "3 points"), ("sights", "2 points")]
    sights = read_layer(workspace.session("built"), "sights")
    assert (sights.weights.tolist(), [p.name_zh for p in sights.points]) == ([1.0, 1.0], ["塔", "湖"])


@pytest.mark.parametrize(
    ("what", "code", "hint"),
    [
        ("job", "unknown_layer", "did you mean jobs?"),
        ("two.csv", "which_column", "two.csv:beds, two.csv:doctors"),
        ("two.csv:nurses", "which_column", "two.csv:beds"),
        ("bare.csv:jobs", "which_column", "leave the column out"),
        ("none.csv", "file_not_found", ""),
    ],
)
def test_what_is_no_layer_is_an_issue(folder: Path, what: str, code: str, hint: str) -> None:
    done = _ask(folder, "indicators", "daily", "--opportunities", what, *FREE)
    assert done.returncode == 2
    (issue,) = json.loads(done.stdout)["issues"]
    assert issue["code"] == code
    assert hint in issue["hint"]


def test_rows_that_are_wrong_are_all_named(tmp_path: Path) -> None:
    bad = "jobs,x,,,,,nowhere,1\njobs,y,,,999,40,,1\njobs,z,,,111,40.8,,many\n" + "jobs,z,,,111,40.8,,1\n" * 2
    write_pack(tmp_path / "mini", {**make_minipack_files(), "opportunities.csv": TABLE.split("jobs", 1)[0] + bad})
    write_mini_scenarios(tmp_path / "scenarios")
    session = Workspace.open(str(tmp_path / "mini"), tmp_path / "scenarios").session("built")
    with pytest.raises(InputError) as caught:
        read_layer(session, "jobs")
    assert [(i.code, i.line) for i in caught.value.issues] == [
        ("unknown_place", 2),
        ("bad_coordinate", 3),
        ("bad_value", 4),
        ("duplicate_id", None),
    ]


def test_options_of_people_are_refused_beside_a_layer(folder: Path) -> None:
    done = _ask(folder, "indicators", "within", "--opportunities", "jobs", "--population", "even", *FREE)
    assert done.returncode == 2
    assert json.loads(done.stdout)["issues"][0]["code"] == "option_unused"
    done = _ask(folder, "indicators", "population_models", "--opportunities", "jobs", *FREE)
    assert done.returncode == 2
