"""The main job on the mini pack: measured, drawn, and every stage's time told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd

from tests.study.mini_workspace import open_mini_workspace
from transit_model.pages.run import count_steps, run_study
from transit_model.study.by_name import compare_scenarios, count_compare_steps

STUDY = """\
id: two
title: {zh: 两个方案, en: two}
scenarios: [built, rail-only]
comparisons: [{base: built, scenario: rail-only}]
goals: all
"""
STAGES = [
    "start and imports", "inputs", "people", "travel times and verdicts", "rings", "comparisons",
    "waiting for other processes", "tables", "pages", "total",
]  # fmt: skip


def test_pages_tables_and_stages(tmp_path: Path) -> None:
    workspace = open_mini_workspace(tmp_path)
    (workspace.scenarios_dir / "study.yaml").write_text(STUDY, encoding="utf-8")
    with (workspace.scenarios_dir / "goals/rail-40.yaml").open("a", encoding="utf-8") as file:
        file.write("headline: true\n")
    lines: list[str] = []
    result, paths = run_study(workspace, None, tmp_path / "maps", log=lines.append)
    assert [line.partition(":")[0] for line in lines] == STAGES
    workloads = [int(s) for line in lines for s in re.findall(r"(\d+)%", line)]
    assert abs(sum(workloads) - 100) <= len(workloads) / 2  # each rounded
    assert {v.scenario for v in result.verdicts} == {"built", "rail-only"}
    names = {path.relative_to(tmp_path / "maps").as_posix() for path in paths}
    assert {"index.html", "built.html", "compare-built-rail-only.html", "goals.html", "report.html"} <= names
    manifest = json.loads((tmp_path / "maps/data/manifest.json").read_text(encoding="utf-8"))
    assert {*manifest["files"]} | {"data/manifest.json"} == names
    # either line makes 50 minutes 30: the single project that keeps the goal of 40, and all of the gain is its own
    takes = (tmp_path / "maps/data/takes.csv").read_text(encoding="utf-8")
    assert "rail-40,promoter,built,gtfs,hsr" in takes
    earned = (tmp_path / "maps/data/compare-built-rail-only-attribution.csv").read_text(encoding="utf-8")
    assert re.search(r"^goal:rail-40:promoter:margin,.*,hsr,hsr,hsr,1,-10\.0,10\.0,20\.0,", earned, flags=re.MULTILINE)


def test_a_study_measures_what_its_file_chooses(tmp_path: Path) -> None:
    workspace = open_mini_workspace(tmp_path)
    choices = (
        "cutoffs_min: [20, 45]\nrings: [{mode: rail, reading: typical}, {mode: road, reading: typical}]\n"
        "compared: [{mode: rail, reading: typical}]\nsaved_steps_min: [2]\n"
    )
    (workspace.scenarios_dir / "study.yaml").write_text(STUDY + choices, encoding="utf-8")
    study = workspace.study(workspace.scenarios_dir / "study.yaml")
    steps: list[str] = []
    result, paths = run_study(workspace, None, tmp_path / "maps", tick=steps.append)
    assert len(steps) >= count_steps(study, 2)
    assert result.rings is not None
    kinds = set(result.rings[["mode", "reading", "cutoff_min"]].itertuples(index=False, name=None))
    assert kinds == {(mode, "typical", cutoff) for mode in ("rail", "road") for cutoff in (20.0, 45.0)}
    (found,) = result.comparisons
    people = set(found.population[["mode", "reading", "cutoff_min"]].itertuples(index=False, name=None))
    assert people == {("rail", "typical", 20.0), ("rail", "typical", 45.0)}
    assert set(found.gained["cutoff_min"]) <= {20.0, 45.0}
    assert (tmp_path / "maps/compare-built-rail-only.html") in paths
    # the command that compares two scenarios follows the default study, and says the same
    steps.clear()
    alone = compare_scenarios(workspace, "built", "rail-only", tick=steps.append)
    assert len(steps) == count_compare_steps(workspace)
    assert [s for s in steps if "travel times" in s] == [f"{s}: 出行时间 travel times" for s in ("built", "rail-only")]
    pd.testing.assert_frame_equal(alone.population, found.population)
