"""Services changed, roads under works, courses and dates, by commands on the mini pack: west to east and back.

At posted speeds the expressway takes 300 + 2400 + 300 s = 50 min and the trunk road 75 min. D1 leaves west at 07:30
and is in the east at 08:20; K7 stops at mid.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.study.mini_commands import ask_json, write_mini
from tests.tools.command import run_command
from transit_model.cli import measure_commands

HEAD = "id: {id}\nkind: {kind}\ntitle: {{zh: 甲, en: a}}\nstatus: study\nopens: 2025\nsource: [made]\nconfidence: low\n"
PROJECTS = {
    "night": ("closure", 'roads: [west_gate--east_gate]\nhours: {from: "22:00", to: "05:00"}\n'),
    "one-way": ("closure", "along: {from: west_gate, to: east_gate, ref: G1}\ndirection: along\n"),
    "slow": ("closure", "roads: [west_gate--east_gate]\nspeed_kmh: 80\n"),
    "express": (
        "service_change",
        "changes: [{trains: {classes: [D]}, shift_min: 30}, "
        "{trains: {numbers: [K7]}, drop_stops: [mid-station], line_speed_kmh: 120}]\n",
    ),
    "wrong": ("service_change", "changes: [{trains: {classes: [G]}, shift_min: 30}]\n"),
    "drawn": (
        "road_link",
        "highway: motorway\ndesign_speed_kmh: 120\ntoll: false\n"
        "roads: [{from: west, to: east, course: {file: drawn.geojson, datum: wgs84}}]\n",
    ),
}
COURSE = {"type": "LineString", "coordinates": [[112.0, 40.8], [111.0, 40.8]]}  # drawn from the east


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = write_mini(tmp_path_factory.mktemp("edits"))
    scenarios = at / "scenarios"
    for name, (kind, body) in PROJECTS.items():
        text = HEAD.format(id=name, kind=kind) + body
        (scenarios / "projects" / f"{name}.yaml").write_text(text, encoding="utf-8")
        text = f"id: with-{name}\ntitle: {{zh: 甲, en: a}}\nbase: built\nprojects: [{name}]\n"
        (scenarios / f"with-{name}.yaml").write_text(text, encoding="utf-8")
    (scenarios / "projects" / "drawn.geojson").write_text(json.dumps(COURSE), encoding="utf-8")
    return at


def minutes(folder: Path, scenario: str, mode: str, *more: str) -> list[Any]:
    """West to east and east to west on the promoter's reading."""
    ends = ("--from", "west,east", "--to", "west,east")
    how = ("--mode", mode, "--reading", "promoter", "--scenario", scenario, *more)
    rows = ask_json(measure_commands.register, folder, "od", *ends, *how)["rows"]
    return [r["minutes"] for r in rows if r["from"] != r["to"]]


def test_works_on_the_expressway(folder: Path) -> None:
    assert minutes(folder, "built", "road") == [50, 50]
    assert minutes(folder, "with-one-way", "road") == [75, 50]
    assert minutes(folder, "with-slow", "road") == [70, 70]  # 80 km at 80 = 60 min, and 5 + 5
    assert minutes(folder, "with-night", "road") == [50, 50]
    # `--window` is of timetables; a mode that has one is measured with the roads of that window
    night = ask_json(
        measure_commands.register, folder, "od", "--from", "west", "--to", "east", "--mode", "road,rail",
        "--reading", "promoter", "--scenario", "with-night", "--window", "22:00-28:00",
    )["rows"]  # fmt: skip
    assert [r["minutes"] for r in night if r["mode"] == "road"] == [75]


def test_trains_of_a_class_leave_later(folder: Path) -> None:
    how = ("--mode", "rail", "--date", "2020-12-16")
    rows = ask_json(measure_commands.register, folder, "trains", "west", "east", *how, "--scenario", "built")["rows"]
    later = ask_json(
        measure_commands.register, folder, "trains", "west", "east", *how, "--scenario", "with-express"
    )["rows"]  # fmt: skip
    assert (rows[0]["arrive"][:5], later[0]["arrive"][:5]) < ("09:00", "09:30")
    assert rows[0]["arrive"] < later[0]["arrive"]


def test_a_road_drawn_in_a_gis(folder: Path) -> None:
    # one degree of longitude at 40.8: 111.195 x cos 40.8 = 84.17 km, at 120 km/h 42.1 min
    there, back = minutes(folder, "with-drawn", "road")
    assert there == back == pytest.approx(42.1, abs=0.1)


def test_wrong_changes_are_issues_with_file_and_line(folder: Path) -> None:
    where = ("--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios"))
    done = run_command("scenario", "check", "with-wrong", "--format", "json", *where)
    assert done.returncode == 2
    (issue,) = (i for i in json.loads(done.stdout)["issues"] if i["severity"] == "error")
    assert (issue["code"], issue["file"], issue["line"]) == ("unknown_class", "projects/wrong.yaml", 8)
    assert "D" in issue["hint"]
