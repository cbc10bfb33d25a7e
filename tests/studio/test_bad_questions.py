"""Whatever is asked: an answer or a list of issues in both languages, never a fault of ours; what was drawn stays."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.domain.test_chinese_of_mistakes import find_english, list_paths
from tests.scenario.yaml_text import with_value
from tests.studio.asker import Answer, ask
from tests.studio.test_interface import PLAN, ROAD
from tests.study.mini_workspace import open_mini_workspace
from transit_model.errors import Issue
from transit_model.studio.guard import MOST_BYTES
from transit_model.studio.service import Studio
from transit_model.studio.web import build_app

LONG = "长" * 10_000
ODD: tuple[Any, ...] = (
    None, True, False, -1, 0, 0.5, 1e308, -1e308, 10**400, float("nan"), float("inf"), "", " ", "x", LONG, "🚄🛤️",
    "a\u200bb\u200d", "\u202egnp.exe\u202c", "\ud800", "\x00", "NaN", "../..", "<script>", "{a}", "%s", [], [[]],
    [None], ["x"] * 300, {}, {"": 1}, {"a": {"b": []}}, {"id": "x"}, [{"id": "x"}],
)  # fmt: skip
HEADWAY = {"kind": "headway", "headway_min": 60, "first_departure": "06:30", "last_departure": "21:30"}
HEAD: dict[str, Any] = {**{k: ROAD[k] for k in ("title", "status", "opens", "source", "confidence")}, "id": "drawn"}
DOCUMENTS: list[dict[str, Any]] = [
    {**ROAD, "ranges": {"design_speed_kmh": [100, 140]}, "assumed": [{"field": "ref", "zh": "a", "en": "b"}]},
    {**HEAD, "kind": "closure", "roads": ["west_gate--east_gate"], "hours": {"from": "22:00", "to": "05:00"}},
    {
        **HEAD, "kind": "rail_line", "design_speed_kmh": 200, "service": HEADWAY,
        "stations": [
            {"stop_id": "west-station", "chainage_km": 0}, {"id": "n", "name": {"zh": "新", "en": "n"}, "lon": 111.2,
             "lat": 40.5, "off_road": True, "chainage_km": 100}, {"stop_id": "east-station", "chainage_km": 200},
        ],
    },
    {
        **HEAD, "kind": "rail_service", "line_speed_kmh": 200, "retime": [{"between": ["west-station", "east-station"],
        "factor": 0.9}], "add": [{"id": "g", "stops": ["west-station", "east-station"], "as_fastest": 1,
        "service": {"kind": "timetable", "departures": ["08:00"], "departures_back": ["09:00"]}}],
    },
    {**HEAD, "kind": "service_change", "changes": [{"trains": {"classes": ["D"]}, "shift_min": 5, "days": ["mon"]}]},
    {**HEAD, "kind": "bus_line", "stops": [{"node": "west"}, {"node": "east"}], "service": HEADWAY},
    {**HEAD, "kind": "policy", "assumptions": {"rail_entry_min": 9}, "flags": {"one_card": True}},
]  # fmt: skip
ROWS = {"base": "built", "origins": ["west"], "destinations": ["east"], "modes": ["road"], "parts": ["rows"]}
QUESTIONS: dict[str, Any] = {
    "measure": {
        **ROWS, "projects": ["hsr"], "without": [], "overrides": {"hsr.design_speed_kmh": 250}, "readings": ["typical"],
        "cutoffs_min": [30, 60], "date": "2025-06-11", "window": "07:00-09:00", "session": "s", "turn": 0,
        "tolerance_m": 10, "goals": ["road-45"], "scenario": "x", "timetable": None,
    },
    "journey": {"base": "built", "origin": "west", "destination": "east", "mode": "road", "reading": "typical"},
    "compare": {"base": "built", "projects": ["hsr"], "origin": "west", "mode": "road", "steps_min": [5, 15]},
    "shares": {"base": "built", "projects": ["hsr"], "measure": "od:west:east:rail"},
    "require": {
        "base": "built", "projects": ["hsr"], "goal": "road-45", "reading": "typical", "vary": "hsr.design_speed_kmh"
    },
    "save": {**PLAN, "seen": {"plan.yaml": "x"}},
    "write": {"id": "plan", "what": "export"},
    "check": {"base": "built", "projects": ["hsr"], "document": ROAD},
}  # fmt: skip


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("odd")
    return build_app(Studio(open_mini_workspace(folder), folder / "scenarios"))


def check(answer: Answer, asked: object) -> None:
    shown = repr(asked)[:600]
    assert answer.status == 200 or 400 <= answer.status < 500, (answer.status, answer.body[:400], shown)
    if answer.status == 200:
        return
    assert answer.data["issues"], shown
    for issue in answer.data["issues"]:
        assert len(issue["message"]) < 1000, shown
        assert len(issue["field"] or "") <= 400, shown
        found = Issue(issue["code"], "error", issue["message"], hint=issue["hint"])
        assert not find_english(found), (find_english(found), shown)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d["kind"]))
def test_an_odd_value_at_every_key_of_a_document(web: Any, document: dict[str, Any]) -> None:
    good = {**ROWS, "projects": [document]}
    before = ask(web, "POST", "/api/measure", good)
    assert before.status == 200, before.data
    pick = random.Random(7)
    for path in list_paths(document):
        for value in pick.sample(ODD, 8):
            asked = {"base": "built", "document": with_value(document, path, value)}
            check(ask(web, "POST", "/api/check", json.dumps(asked).encode()), (path, value))
    assert ask(web, "POST", "/api/measure", good).body == before.body


@pytest.mark.parametrize("door", QUESTIONS)
def test_an_odd_value_at_every_key_of_a_question(web: Any, door: str) -> None:
    before = ask(web, "POST", "/api/measure", ROWS)
    pick = random.Random(7)
    for path in list_paths(QUESTIONS[door]):
        if "document" in path[:-1] or (path[0] == "projects" and len(path) > 2):
            continue
        for value in pick.sample(ODD, 9):
            asked = with_value(QUESTIONS[door], path, value)
            check(ask(web, "POST", f"/api/{door}", json.dumps(asked).encode()), (path, value))
    assert ask(web, "POST", "/api/measure", ROWS).body == before.body


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "bad_json"),
        (b"{", 422, "bad_json"),
        (b"[]", 422, "bad_value"),
        (b'"x"', 422, "bad_value"),
        (b"\xff\xfe", 422, "bad_json"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 422, "bad_json"),
        (b'{"projects": [' + b'{"id":' * 100 + b"1" + b"}" * 100 + b"]}", 422, None),
        (b'{"turn": NaN}', 422, "bad_value"),
        (b'{"tolerance_m": Infinity}', 422, "bad_value"),
        (b'{"base": "built", "overrides": {"hsr.design_speed_kmh": NaN}}', 422, "bad_value"),
        (b'{"x": "' + b"x" * MOST_BYTES + b'"}', 413, "too_large"),
        (b'{"' + b"k" * 20_000 + b'": 1}', 422, "unknown_key"),
    ],
    ids=lambda v: repr(v)[:20],
)
def test_odd_bodies(web: Any, body: bytes, status: int, code: str | None) -> None:
    answer = ask(web, "POST", "/api/measure", body)
    assert answer.status == status, answer.body[:300]
    assert code is None or code in [i["code"] for i in answer.data["issues"]]
    check(answer, body[:50])


def test_names_of_any_letters_are_kept_as_they_are(web: Any) -> None:
    names = ("🚄 高铁", "\u202eright to left\u202c", "zero\u200bwidth", LONG, "a\nb\tc", "  ", "<b>&amp;</b>", "{a}")
    for i, name in enumerate(names):
        document = {**ROAD, "id": f"odd{i}", "title": {"zh": name, "en": name}}
        checked = ask(web, "POST", "/api/check", {"base": "built", "document": document})
        assert checked.status == 200, (name[:20], checked.data)
        saved = ask(web, "POST", "/api/save", {**PLAN, "projects": [document], "id": f"plan{i}"})
        assert saved.status == 200, (name[:20], saved.data)
        listed = ask(web, "GET", "/api/projects?base=built").data["rows"]
        assert next(r for r in listed if r["id"] == f"odd{i}")["title"] == {"zh": name, "en": name}


def test_ids_are_told_apart_by_small_letters_only(web: Any) -> None:
    for name in ("Drawn", "DRAWN", "dräwn", "画", "dra wn", "drawn\u200b"):
        answer = ask(web, "POST", "/api/check", {"base": "built", "document": {**ROAD, "id": name}})
        assert ("bad_id", "id") in [(i["code"], i["field"]) for i in answer.data["issues"]], name
    twice = ask(web, "POST", "/api/measure", {**ROWS, "projects": [ROAD, {**ROAD, "title": {"zh": "二", "en": "2"}}]})
    assert [i["code"] for i in twice.data["issues"]] == ["duplicate_id"]
