"""The commands beyond the verdict on the mini pack: contracts, tables in both languages, messages."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.study.mini_commands import ask, ask_json, write_mini
from transit_model.cli.insight_commands import register


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mini(tmp_path_factory.mktemp("insight"))


def run(folder: Path, *arguments: str) -> Result:
    return ask(register, folder, *arguments)


def read(folder: Path, *arguments: str) -> dict[str, Any]:
    return ask_json(register, folder, *arguments)


ATTRIBUTE = ("attribute", "goal:rail-40:promoter", "--projects", "hsr,twin", "--base", "built")


def test_attribution_keeps_its_contract(folder: Path) -> None:
    result = read(folder, *ATTRIBUTE)
    assert result["measure"] == "goal:rail-40:promoter:margin"
    assert result["total"] == 20
    assert set(result["rows"][0]) == {"project", "shapley", "stderr", "add_one", "leave_one_out"}
    assert sum(r["shapley"] for r in result["rows"]) == result["total"]
    assert result["pairs"] == [{"a": "hsr", "b": "twin", "interaction": -20, "together": -20}]


@pytest.mark.parametrize(("lang", "word"), [("zh", "相互替代"), ("en", "replace each other")])
def test_attribution_for_people(folder: Path, lang: str, word: str) -> None:
    done = run(folder, *ATTRIBUTE, "--lang", lang)
    assert done.exit_code == 0
    assert word in done.stdout
    assert "20.0" in done.stdout
    assert "█" in done.stdout


def test_attribution_as_csv(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(folder, *ATTRIBUTE, "--format", "csv").stdout)))
    assert [r["project"] for r in rows] == ["hsr", "twin"]


def test_what_it_takes(folder: Path) -> None:
    arguments = ("require", "rail-20", "--vary", "hsr.commercial_speed_kmh", "--scenario", "built")
    result = read(folder, *arguments, "--reading", "promoter")
    (found,) = result["requirements"]
    assert found["outcome"] == "crossing"
    assert found["required"] == pytest.approx(270, abs=0.3)
    done = run(folder, *arguments, "--lang", "zh", "--reading", "promoter", "--between", "100,200")
    assert "仅改这一项达不到" in done.stdout
    assert "搜索范围 100 - 200" in done.stdout


def test_the_smallest_changes(folder: Path) -> None:
    arguments = ("require", "rail-40", "--scenario", "built", "--reading", "promoter")
    result = read(folder, *arguments)
    assert [c["project"] for c in result["changes"]] == ["hsr", "twin"]
    assert "meets it" in run(folder, *arguments, "--lang", "en").stdout
    assert run(folder, *arguments, "--format", "csv").stdout.startswith("reading,kind,project")


def test_sureness(folder: Path) -> None:
    arguments = ("sureness", "--scenario", "rail-only", "--goal", "rail-40", "--draws", "4", "--workers", "1")
    result = read(folder, *arguments, "--base", "built")
    row = next(r for r in result["rows"] if r["reading"] == "promoter")
    assert row["probability"] == 0.5
    assert row["base_probability"] == 0
    assert len(row["tornado"]) == len(result["uncertain"])
    done = run(folder, *arguments, "--lang", "zh", "--tornado", "1")
    assert "取决于" in done.stdout or "脆弱" in done.stdout
    assert "临界值" in done.stdout


def test_the_plan(folder: Path) -> None:
    arguments = ("phases", "--scenario", "planned", "--goal", "rail-40", "--from", "2026", "--to", "2028")
    result = read(folder, *arguments)
    assert {r["reading"]: r["first_met"] for r in result["rows"]}["promoter"] == 2027
    assert "2027: hsr" in run(folder, *arguments, "--lang", "en").stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("attribute", "goal:rail-4:typical", "--projects", "hsr", "--base", "built"), "unknown_goal"),
        (("attribute", "watt:west:bus", "--projects", "coach", "--base", "built"), "unreachable_measure"),
        (("attribute", "nonsense", "--projects", "hsr", "--base", "built"), "unknown_measure"),
        (("attribute", "watt:west:best", "--projects", "none", "--base", "built"), "unknown_project"),
        (("attribute", "watt:nowhere:best", "--projects", "hsr", "--base", "built"), "unknown_place"),
        (("require", "rail-40", "--vary", "hsr.speed", "--scenario", "built"), "no_such_number"),
        (("require", "rail-40", "--vary", "hsr.opens", "--between", "1;2", "--scenario", "built"), "bad_limits"),
        (("require", "rail-40", "--reading", "tipical", "--scenario", "built"), "unknown_value"),
        (("require", "rail-40", "--scenario", "builtt"), "unknown_scenario"),
        (("sureness", "--goal", "rail-4", "--scenario", "built"), "unknown_goal"),
        (("phases", "--goal", "rail-40"), "no_plan"),
        (("require", "rail-40", "--vary", "hsr.opens", "--scenario", "built"), "no_such_number"),
        (("phases", "--scenario", "planned", "--from", "2030", "--to", "2020"), "bad_years"),
    ],
)
def test_wrong_words_end_with_two_and_an_issue(folder: Path, arguments: tuple[str, ...], code: str) -> None:
    done = run(folder, *arguments, "--format", "json")
    assert done.exit_code == 2, done.output
    assert json.loads(done.stdout)["issues"][0]["code"] == code
