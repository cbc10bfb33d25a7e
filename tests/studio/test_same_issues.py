"""The studio and the command line tell the same of a scenario, and what the one saves the other reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.minipack import OLD_TIMETABLE, make_two_timetables_files, write_minipack, write_pack
from tests.studio.asker import Answer, ask
from tests.studio.test_interface import PLAN, ROAD
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.cli.app import app
from transit_model.measure.workspace import Workspace
from transit_model.studio.service import Studio
from transit_model.studio.web import build_app

TOLD = ("code", "severity", "message", "field", "value", "hint")
ROWS = {"origins": ["west"], "destinations": ["east"], "modes": ["road", "rail"], "parts": ["rows"]}
HSR = "hsr.commercial_speed_kmh"
"""180 in its file; 90 and 180 are the ends of its range."""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    write_minipack(tmp_path / "mini")
    write_mini_scenarios(tmp_path / "scenarios")
    slow = f"id: slow\ntitle: {{zh: 慢, en: slow}}\nbase: built\nprojects: [hsr, byway]\noverrides: {{{HSR}: 100}}\n"
    (tmp_path / "scenarios" / "slow.yaml").write_text(slow, "utf-8")
    return tmp_path / "scenarios"


@pytest.fixture
def web(own: Path) -> Any:
    return build_app(Studio(Workspace.open(str(own.parent / "mini"), own), own))


def _command(own: Path, *words: str) -> tuple[int, Any]:
    where = ["--region", str(own.parent / "mini"), "--scenarios", str(own), "--format", "json"]
    done = CliRunner().invoke(app, [*words, *where])
    return done.exit_code, json.loads(done.stdout)


def _read(issues: Any, *, besides: str = "") -> set[tuple[Any, ...]]:
    return {tuple(i[name] for name in TOLD) for i in issues if i["code"] != besides}


def _save(web: Any, **asked: Any) -> Answer:
    return ask(web, "POST", "/api/save", {**PLAN, **asked})


LONG_ROAD = {**ROAD, "roads": [{"from": "west", "to": "east", "length_km": 1900}]}
TO_A_SEAT = {**ROAD, "roads": [{"from": "west", "to": "farm", "detour_factor": 1.1}]}
TRUNK = {**ROAD, "highway": "trunk"}
AT_ITS_END = {**ROAD, "ranges": {"design_speed_kmh": [80, 120]}}


@pytest.mark.parametrize(
    ("document", "code"),
    [(LONG_ROAD, "very_long"), (TO_A_SEAT, "not_an_interchange"), (AT_ITS_END, "range_end"), (TRUNK, "range_end")],
)
def test_a_drawing_is_told_what_its_file_will_be_told(own: Path, web: Any, document: Any, code: str) -> None:
    asked = {"base": "built", "projects": ["hsr"], "document": document}
    checked = ask(web, "POST", "/api/check", asked)
    assert checked.status == _save(web, projects=["hsr", document]).status == 200
    result = _command(own, "scenario", "check", "plan")
    assert result[0] == 0
    assert _read(checked.data["issues"]) == _read(result[1]["issues"])
    assert {i["code"] for i in checked.data["issues"]} >= {code}
    assert all(i["severity"] == "warning" and i["message_zh"] != i["message"] for i in checked.data["issues"])


def test_a_refusal_keeps_its_warnings(web: Any) -> None:
    document = {**LONG_ROAD, "highway": "trunk"}
    answer = ask(web, "POST", "/api/check", {"base": "built", "projects": ["bridge_east"], "document": document})
    assert answer.status == 422
    told = {(i["code"], i["severity"], i["file"]) for i in answer.data["issues"]}
    assert ("requires_missing", "error", "projects/bridge_east.yaml") in told
    assert ("very_long", "warning", "projects/drawn.yaml") in told
    assert all(i["line"] is None for i in answer.data["issues"] if i["file"] == "projects/drawn.yaml")


@pytest.mark.parametrize(
    "asked",
    [
        {"base": "slow", "projects": ["coach"]},
        {"base": "slow", "projects": [ROAD], "overrides": {HSR: 150, "drawn.design_speed_kmh": 100}},
        {"base": "slow", "without": ["byway"], "projects": []},
        {"base": "slow", "without": ["byway"], "projects": [], "overrides": {HSR: 180}},
        {"base": "planned", "projects": ["hsr", "byway"]},
        {"base": "built", "projects": ["hsr"], "overrides": {HSR: 180}},
        {"base": "built", "projects": ["hsr"], "overrides": {HSR: 500}},
        {"base": "built", "projects": ["hsr"], "overrides": {HSR: 150, "assumptions.toll_gate_delay_s": 1}},
    ],
    ids=str,
)
def test_what_is_saved_is_read_and_has_the_same_minutes(own: Path, web: Any, asked: dict[str, Any]) -> None:
    asked = {"overrides": {}, **asked}
    asked["overrides"] = {k: v for k, v in asked["overrides"].items() if not k.startswith("assumptions")}
    saved = _save(web, **asked)
    assert saved.status == 200, saved.data
    code, result = _command(own, "scenario", "check", "plan")
    assert code == 0, result
    assert _read(saved.data["issues"], besides="changed_nothing") == _read(result["issues"])
    seen = ask(web, "POST", "/api/measure", {**asked, **ROWS, "scenario": "plan"}).data["rows"]
    words = ["od", "--from", "west", "--to", "east", "--mode", "road,rail", "--scenario", "plan"]
    assert _command(own, *words)[1]["rows"] == seen


def test_a_number_that_changes_nothing_is_left_out_and_told(own: Path, web: Any) -> None:
    saved = _save(web, projects=["hsr"], overrides={HSR: 180})
    told = [(i["code"], i["severity"], i["field"]) for i in saved.data["issues"] if i["code"] != "range_end"]
    assert told == [("changed_nothing", "warning", f"overrides.{HSR}")]
    assert "overrides" not in (own / "plan.yaml").read_text("utf-8")


def test_a_number_of_what_does_not_stand_is_an_issue_everywhere(web: Any) -> None:
    off = {"base": "built", "projects": ["byway"], "overrides": {HSR: 150}}
    ends = {"origin": "west", "destination": "east", "mode": "rail"}
    for door, more in (
        ("measure", ROWS),
        ("journey", ends),
        ("compare", {"origin": "west"}),
        ("shares", {"measure": "goal:road-45:promoter"}),
        ("require", {"goal": "road-45", "reading": "promoter", "vary": "byway.design_speed_kmh"}),
        ("check", {"document": TRUNK}),
        ("save", {"id": "plan", "title": PLAN["title"]}),
    ):
        answer = ask(web, "POST", f"/api/{door}", {**off, **more})
        assert answer.status == 422, door
        assert [(i["code"], i["field"]) for i in answer.data["issues"]] == [("unknown_project", f"overrides.{HSR}")]
    out = {"base": "planned", "without": ["coach"], "overrides": {"coach.service.headway_min": 20}}
    assert ask(web, "POST", "/api/measure", {**out, **ROWS}).status == 422


def test_a_drawing_that_a_base_by_date_would_bring_itself_is_not_saved_twice(own: Path, web: Any) -> None:
    answer = _save(web, projects=[{**ROAD, "opens": 2020, "status": "open"}])
    assert (answer.status, [i["code"] for i in answer.data["issues"] if i["severity"] == "error"]) == (
        422,
        ["project_twice"],
    )
    assert not (own / "plan.yaml").exists()
    assert not (own / "projects" / "drawn.yaml").exists()


def test_a_timetable_is_told_with_the_option_that_gives_its_minutes(tmp_path: Path) -> None:
    own = write_mini_scenarios(tmp_path / "scenarios")
    workspace = Workspace.open(str(write_pack(tmp_path / "mini", make_two_timetables_files())), own)
    web = build_app(Studio(workspace, own))
    rail = {"origins": ["west"], "destinations": ["east"], "modes": ["rail"], "parts": ["rows"], "scenario": "plan"}
    by_date, other = workspace.find_timetable("built").timetable_id, OLD_TIMETABLE
    result = {}
    for timetable in (None, by_date, other):
        asked = {"base": "built", "projects": ["byway"], "timetable": timetable}
        saved = _save(web, **asked).data
        told = [i["value"] for i in saved["issues"] if i["code"] == "timetable_not_saved"]
        assert (saved["options"], told) == ((["--timetable", other], [other]) if timetable == other else ([], []))
        seen = ask(web, "POST", "/api/measure", {**asked, **rail}).data["rows"]
        words = ["od", "--from", "west", "--to", "east", "--mode", "rail", "--scenario", "plan", *saved["options"]]
        assert _command(own, *words)[1]["rows"] == seen
        assert {r["timetable"] for r in seen} == {timetable or by_date}
        result[timetable] = seen
        written = ask(web, "POST", "/api/write", {"id": "plan", "timetable": timetable})
        assert written.status == 200, written.data
        trips = (own / "exports" / "plan" / "gtfs" / "trips.txt").read_text("utf-8")
        assert ("K7" in trips) == (timetable == other)
    assert result[None] == result[by_date] != result[other]


def test_an_unknown_timetable_is_told(web: Any) -> None:
    assert _save(web).status == 200
    answer = ask(web, "POST", "/api/write", {"id": "plan", "timetable": "none"})
    assert [i["code"] for i in answer.data["issues"]] == ["unknown_timetable"]
