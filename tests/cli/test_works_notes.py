"""Works at certain hours stand beside the numbers that do not hold them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.minipack import write_minipack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.cli.app import app
from transit_model.measure.workspace import Workspace

WORKS = """\
id: night
kind: closure
title: {zh: 夜间施工, en: night works}
status: planned
opens: 2030
source: [made]
confidence: low
roads: [ROAD]
speed_kmh: 10
hours: {from: "22:00", to: "05:00"}
"""


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    folder = tmp_path_factory.mktemp("works")
    write_minipack(folder / "mini")
    scenarios = write_mini_scenarios(folder / "scenarios")
    workspace = Workspace.open(str(folder / "mini"), scenarios)
    road = str(workspace.network("built").links["road_id"].iloc[0])
    (scenarios / "projects" / "night.yaml").write_text(WORKS.replace("ROAD", road), encoding="utf-8")
    text = "id: works\ntitle: {zh: 施工, en: works}\nbase: built\nprojects: [night]\n"
    (scenarios / "works.yaml").write_text(text, encoding="utf-8")
    return ("--region", str(folder / "mini"), "--scenarios", str(scenarios))


def read_hours(inputs: tuple[str, ...], *words: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(app, [*words, *inputs, "--format", "json"])
    assert done.exit_code == 0, done.output
    return [i for i in json.loads(done.stdout).get("issues", ()) if i["code"] == "hours_outside"]


@pytest.mark.parametrize(
    "words",
    [
        ("od", "west", "east", "--mode", "road", "-s", "works"),
        ("explain", "west", "east", "--mode", "road", "-s", "works"),
        ("isochrone", "--from", "west", "--mode", "road", "-s", "works", "--cell", "5000"),
    ],
    ids=lambda words: words[0],
)
def test_works_that_the_window_leaves_aside_are_told(inputs: tuple[str, ...], words: tuple[str, ...]) -> None:
    (issue,) = read_hours(inputs, *words)
    assert issue["severity"] == "info"
    assert "night: its hours are at most half of the departure window" in issue["message"]
    assert "--window" in issue["hint"]


def test_a_comparison_tells_it_too(inputs: tuple[str, ...]) -> None:
    (issue,) = read_hours(inputs, "compare", "built", "works")
    assert issue["severity"] == "info"


def test_with_their_window_nothing_is_left_aside(inputs: tuple[str, ...]) -> None:
    words = ("od", "west", "east", "--mode", "road,rail", "-s", "works", "--window")
    assert read_hours(inputs, *words, "22:00-28:00") == []
    assert len(read_hours(inputs, *words, "12:00-23:00")) == 1
    assert read_hours(inputs, "od", "west", "east", "--mode", "road", "-s", "built") == []


def test_it_is_told_in_chinese(inputs: tuple[str, ...]) -> None:
    words = ("explain", "west", "east", "--mode", "road", "-s", "works", "--lang", "zh")
    done = CliRunner().invoke(app, [*words, *inputs])
    assert done.exit_code == 0, done.output
    assert "night：" in done.stderr
    assert "its hours" not in done.output
    late = CliRunner().invoke(app, [*words, *inputs, "--depart", "23:00"])
    assert late.exit_code == 2
    assert "分时段施工" in late.output
    assert "takes as long" not in late.output
