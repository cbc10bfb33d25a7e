"""The main job on the mini pack: measured, drawn, and every stage's time told."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.study.mini_workspace import open_mini_workspace
from transit_model.pages.run import run_study

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
    shares = [int(s) for line in lines for s in re.findall(r"(\d+)%", line)]
    assert abs(sum(shares) - 100) <= len(shares) / 2  # each rounded
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
