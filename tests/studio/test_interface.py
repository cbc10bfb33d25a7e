"""The interface: issues instead of tracebacks, newest question first, files saved whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPO
from tests.minipack import make_two_timetables_files, write_pack
from tests.studio.asker import ask
from tests.study.mini_workspace import open_mini_workspace, write_mini_scenarios
from transit_model.errors import InputError
from transit_model.measure.workspace import Workspace
from transit_model.studio.files import format_yaml
from transit_model.studio.server import Address, StudioServer
from transit_model.studio.service import Studio
from transit_model.studio.web import build_app

ROAD = {
    "id": "drawn", "kind": "road_link", "title": {"zh": "画", "en": "drawn"}, "status": "study", "opens": "unknown",
    "source": ["studio"], "confidence": "low", "highway": "motorway", "design_speed_kmh": 120, "toll": False,
    "roads": [{"from": "west", "to": "east", "detour_factor": 1.1}],
}  # fmt: skip
PLAN = {"base": "built", "projects": [ROAD], "id": "plan", "title": {"zh": "方案", "en": "plan"}}


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    workspace = open_mini_workspace(tmp_path)
    return Studio(workspace, tmp_path / "scenarios")


@pytest.fixture
def web(studio: Studio) -> Any:
    return build_app(studio)


def _codes(answer: Any) -> list[tuple[str, str | None]]:
    return [(i["code"], i["field"]) for i in answer.data["issues"]]


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (b"{", "bad_json", None),
        ({"nonsense": 1}, "unknown_key", "nonsense"),
        ({"modes": ["boat"]}, "bad_value", "modes.0"),
        ({"cutoffs_min": [-3]}, "bad_value", "cutoffs_min.0"),
        ({"cutoffs_min": list(range(1, 40))}, "bad_value", "cutoffs_min"),
        ({"base": "bult"}, "unknown_scenario", None),
        ({"base": "built", "projects": ["hrs"]}, "unknown_project", None),
        ({"base": "built", "projects": ["bridge_east"]}, "requires_missing", "requires.0"),
        ({"base": "built", "projects": ["bridge_west", "rival"]}, "conflict", "conflicts.0"),
        ({"base": "built", "origins": ["nowhere"], "parts": ["rows"]}, "unknown_place", "place"),
        ({"base": "built", "timetable": "none"}, "unknown_timetable", "timetable"),
        ({"base": "built", "window": "9-7"}, "bad_window", "window"),
        ({"base": "built", "window": "00:00-99:00"}, "bad_window", "window"),
        ({"base": "built", "goals": ["x"], "parts": ["verdicts"]}, "unknown_goal", "goals"),
        ({"base": "built", "projects": ["hsr"], "overrides": {"hsr.nothing": 1}}, "bad_override", "hsr.nothing"),
        ({"base": "built", "projects": [{**ROAD, "toll": "perhaps"}]}, "bad_value", "toll"),
        ({"base": "built", "projects": [{**ROAD, "kind": ["x"]}]}, "unknown_kind", "kind"),
    ],
)
def test_a_mistake_is_an_issue_at_its_field(web: Any, asked: object, code: str, field: str | None) -> None:
    answer = ask(web, "POST", "/api/measure", asked)
    assert answer.status == 422
    assert (code, field) in _codes(answer)
    assert all(set(i) >= {"code", "severity", "message", "message_zh", "hint", "value"} for i in answer.data["issues"])


def test_what_is_not_there_is_told_as_json(web: Any) -> None:
    for address in ("/api/nothing", "/assets/../web.py", "/assets/secret.txt"):
        assert ask(web, "GET", address).status == 404
    assert _codes(ask(web, "GET", "/api/nothing")) == [("not_found", None)]


def test_a_fault_of_ours_is_told_without_a_traceback(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    web = build_app(studio)

    def fail(_judged: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(studio, "evaluate", fail)
    answer = ask(web, "POST", "/api/measure", {})
    assert answer.status == 500
    assert _codes(answer) == [("internal", None)]
    assert b"Traceback" not in answer.body


def test_of_one_session_the_newest_turn_is_answered(studio: Studio, web: Any) -> None:
    whole = {"base": "built", "parts": ["people", "rings"], "modes": ["road"], "readings": ["typical"]}
    result: dict[int, int] = {}

    def run(turn: int) -> None:
        result[turn] = ask(web, "POST", "/api/measure", {**whole, "session": "a", "turn": turn}).status

    with studio.alone():  # while something else is measured the questions gather
        threads = [threading.Thread(target=run, args=(turn,)) for turn in range(1, 9)]
        for thread in threads:
            thread.start()
        while studio.turns.newest_of("a") != 8:
            pass
        studio.turns.note("b", 99)  # another browser has turns of its own
    for thread in threads:
        thread.join()
    assert result == {**dict.fromkeys(range(1, 8), 409), 8: 200}


def test_circles_come_before_goals_and_these_before_tables(
    web: Any, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    evaluate = studio.evaluate

    def record(question: Any) -> Any:  # what is measured first, whichever answer travels faster
        order.extend(question.parts)
        return evaluate(question)

    monkeypatch.setattr(studio, "evaluate", record)
    road: dict[str, object] = {"base": "built", "modes": ["road"], "readings": ["typical"], "origins": ["west"]}
    asked = {"rows": road, "verdicts": {"base": "built", "evidence": False, "goals": ["road-45"]}, "rings": road}

    def run(part: str) -> None:
        assert ask(web, "POST", "/api/measure", {**asked[part], "parts": [part]}).status == 200

    threads = [threading.Thread(target=run, args=(part,)) for part in asked]
    with studio.alone():  # while something else is measured they gather, tables first
        for n, thread in enumerate(threads, start=1):
            thread.start()
            while studio.count_waiting() < n:
                pass
    for thread in threads:
        thread.join()
    assert order == ["rings", "verdicts", "rows"]


def test_trains_between_two_stops_are_counted(web: Any) -> None:
    asked = "/api/trains?base=built&first={}&last=east-station"
    told = ask(web, "GET", asked.format("west-station")).data
    # D1, D3 and back D2; K7 by night, the fastest in 50 minutes
    assert told["rows"] == [{"class": "D", "trains": 3}, {"class": "K", "trains": 1}]
    assert told["fastest_min"] == 50.0
    assert _codes(ask(web, "GET", asked.format("nowhere"))) == [("unknown_stop", "first")]
    assert _codes(ask(web, "GET", asked.format("east-station"))) == [("stop_twice", "last")]
    assert ask(web, "GET", asked.format("no-place")).data["rows"] == []


def test_the_description_names_every_door_and_every_body(web: Any) -> None:
    result = ask(web, "GET", "/api/openapi.json").data
    assert result["openapi"].startswith("3.1")
    assert {"/api/measure", "/api/projects", "/api/places", "/api/save"} <= set(result["paths"])
    schemas = result["components"]["schemas"]
    text = ask(web, "GET", "/api/openapi.json").body.decode()
    wanted = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert wanted <= set(schemas)
    assert set(schemas["MeasureBody"]["properties"]) >= {
        "base", "projects", "overrides", "modes", "readings", "origins", "cutoffs_min", "timetable"
    }  # fmt: skip


def test_another_timetable_is_another_answer(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "mini", make_two_timetables_files())
    workspace = Workspace.open(str(pack), write_mini_scenarios(tmp_path / "scenarios"))
    web = build_app(Studio(workspace))
    rows = {"base": "built", "origins": ["west"], "destinations": ["east"], "modes": ["rail"], "parts": ["rows"]}
    ids = [t.timetable_id for t in workspace.region.info.list_timetables()]
    result = [ask(web, "POST", "/api/measure", {**rows, "timetable": i}).data["rows"] for i in ids]
    assert [{r["timetable"] for r in rows} for rows in result] == [{i} for i in ids]
    assert result[0] != result[1]


def test_a_saved_scenario_is_the_scenario_that_was_measured(studio: Studio, web: Any) -> None:
    saved = ask(web, "POST", "/api/save", {**PLAN, "overrides": {"drawn.design_speed_kmh": 100}})
    assert [f["file"] for f in saved.data["files"]] == ["projects/drawn.yaml", "plan.yaml"]
    asked = {"destinations": ["east"], "origins": ["west"], "parts": ["rows"], "scenario": "plan"}
    drawn = {"base": "built", "projects": [ROAD], "overrides": {"drawn.design_speed_kmh": 100}}
    before = ask(web, "POST", "/api/measure", {**drawn, **asked}).data["rows"]
    again = Workspace.open(str(studio.folder.parent / "mini"), studio.folder) if studio.folder else studio.workspace
    fresh = build_app(Studio(again))
    assert ask(fresh, "POST", "/api/measure", {"base": "plan", **asked}).data["rows"] == before


def test_a_base_without_a_project_is_saved_as_a_base_of_its_day(studio: Studio, web: Any) -> None:
    asked = {
        "base": "planned",
        "without": ["coach"],
        "projects": [],
        "id": "fewer",
        "title": {"zh": "少", "en": "fewer"},
    }
    assert ask(web, "POST", "/api/save", asked).status == 200
    scenario = studio.workspace.afresh().scenario("fewer")
    assert [p.id for p in scenario.projects] == ["hsr", "bridge_west", "bridge_east"]


def test_nothing_is_saved_over_a_change_or_outside(studio: Studio, web: Any, tmp_path: Path) -> None:
    first = ask(web, "POST", "/api/save", PLAN).data["files"]
    assert ask(web, "POST", "/api/save", PLAN).status == 200  # the same again
    other = {**PLAN, "title": {"zh": "改", "en": "changed"}}
    assert _codes(ask(web, "POST", "/api/save", other)) == [("file_changed", None)]  # seen by nobody
    seen = {f["file"]: f["hash"] for f in first}
    assert ask(web, "POST", "/api/save", {**other, "seen": seen}).status == 200
    (tmp_path / "scenarios" / "plan.yaml").write_text("# mine\n", "utf-8")
    assert _codes(ask(web, "POST", "/api/save", {**PLAN, "seen": seen})) == [("file_changed", None)]
    assert (tmp_path / "scenarios" / "plan.yaml").read_text("utf-8") == "# mine\n"
    for name in ("../plan", "a/b", "", "Plan", "x" * 100, "plan\n"):
        assert ask(web, "POST", "/api/save", {**PLAN, "id": name}).status == 422
    (tmp_path / "outside.yaml").write_text("id: outside\n", "utf-8")
    (tmp_path / "scenarios" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert _codes(ask(web, "POST", "/api/save", {**PLAN, "id": "link"})) == [("outside", None)]
    assert (tmp_path / "outside.yaml").read_text("utf-8") == "id: outside\n"


def test_moved_assumptions_are_measured_and_not_saved(web: Any) -> None:
    toll = {"assumptions.toll_gate_delay_s": 600}
    asked = {"base": "built", "origins": ["west"], "destinations": ["east"], "modes": ["road"], "readings": ["typical"]}
    plain, moved = (
        ask(web, "POST", "/api/measure", {**asked, "parts": ["rows"], "overrides": o}).data["rows"][0]["minutes"]
        for o in ({}, toll)
    )
    assert moved > plain
    listed = ask(web, "GET", "/api/choices").data["assumptions"]
    band = next(a for a in listed if a["field"] == "toll_gate_delay_s")
    assert band["low"] <= band["value"] <= band["high"]
    assert _codes(ask(web, "POST", "/api/save", {**PLAN, "overrides": toll})) == [("assumptions_moved", "overrides")]


def test_without_a_folder_nothing_is_saved(studio: Studio) -> None:
    web = build_app(Studio(studio.workspace))
    assert _codes(ask(web, "POST", "/api/save", PLAN)) == [("no_folder", None)]


def test_a_scenario_that_cannot_be_built_is_not_saved(studio: Studio, web: Any) -> None:
    wrong = {**PLAN, "projects": [{**ROAD, "roads": [{"from": "west", "to": "nowhere", "detour_factor": 1.1}]}]}
    assert ("unknown_node", "roads.0.to") in _codes(ask(web, "POST", "/api/save", wrong))
    assert studio.folder is not None
    assert not (studio.folder / "plan.yaml").exists()
    assert not (studio.folder / "projects" / "drawn.yaml").exists()


def test_no_file_is_read_by_a_document(web: Any, tmp_path: Path) -> None:
    """A course names a file of a GIS; what comes over HTTP lies beside no file, so none is opened."""
    (tmp_path / "secret.geojson").write_text("{}", "utf-8")
    for name in ("secret.geojson", "../secret.geojson", str(tmp_path / "secret.geojson")):
        road = {"from": "west", "to": "east", "course": {"file": name, "datum": "wgs84"}}
        answer = ask(web, "POST", "/api/measure", {"base": "built", "projects": [{**ROAD, "roads": [road]}]})
        assert "course_unreadable" in [code for code, _ in _codes(answer)]


def test_yaml_reads_back_as_it_was() -> None:
    data = {
        "id": "x",
        "title": {"zh": "“引号”: #", "en": "yes"},
        "first": "06:30",
        "number": 1.5,
        "no": [True, None, "1"],
    }
    assert "06:30" in format_yaml(data, "x.yaml")
    with pytest.raises(InputError, match="bad_yaml"):
        format_yaml({"a": float("nan")}, "x.yaml")


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.studio.test_interface import PLAN
from tests.studio.asker import ask
from transit_model.measure.workspace import Workspace
from transit_model.studio.service import Studio
from transit_model.studio.web import build_app
folder = Path(sys.argv[1])
web = build_app(Studio(Workspace.open(str(folder / "mini"), folder / "scenarios"), folder / "scenarios"))
replaced, count = os.replace, 0
def replace(*words, **more):
    global count
    count += 1
    if count == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    replaced(*words, **more)
os.replace = replace
seen = {"plan.yaml": sys.argv[3]}
ask(web, "POST", "/api/save", {**PLAN, "title": {"zh": "新", "en": "new"}, "seen": seen})
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("step", [1, 2])
def test_killed_while_saving_the_old_file_is_whole(studio: Studio, web: Any, tmp_path: Path, step: int) -> None:
    files = {f["file"]: f["hash"] for f in ask(web, "POST", "/api/save", {**PLAN, "projects": []}).data["files"]}
    before = (tmp_path / "scenarios" / "plan.yaml").read_bytes()
    line = [sys.executable, "-c", KILLED, str(tmp_path), str(step), files["plan.yaml"]]
    done = subprocess.run(line, cwd=REPO, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert (tmp_path / "scenarios" / "plan.yaml").read_bytes() == before
    Workspace.open(str(tmp_path / "mini"), tmp_path / "scenarios").scenario("plan")


def test_a_taken_port_is_told(studio: Studio) -> None:
    first = StudioServer(studio, Address())
    port = int(first.url.rstrip("/").rpartition(":")[2])
    with pytest.raises(InputError, match="port_taken"):
        StudioServer(studio, Address(port=port))
    first.close()
    # from other machines only with a token, made up where none is given
    other = StudioServer(studio, Address(host="0.0.0.0"))
    assert "?token=" in other.url
    other.close()


def test_without_the_extra_the_remedy_is_told(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(InputError, match=r"missing_extra.*pip install .transit-model\[studio\]"):
        StudioServer(studio, Address())
