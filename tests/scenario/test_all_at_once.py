"""All mistakes of a project in one answer, whichever of them would have hidden another: by file, by the interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.scenario.yaml_text import parse, text_of
from tests.studio.asker import ask
from tests.study.mini_workspace import open_mini_workspace
from transit_model.scenario.schema import parse_project
from transit_model.store.yaml_lines import YamlDocument
from transit_model.studio.files import format_yaml
from transit_model.studio.service import Studio
from transit_model.studio.web import build_app

HEAD: dict[str, Any] = {
    "id": "drawn", "title": {"zh": "画", "en": "drawn"}, "status": "study", "opens": "unknown", "source": ["studio"],
    "confidence": "low",
}  # fmt: skip
HEADWAY: dict[str, Any] = {"kind": "headway", "headway_min": 60, "first_departure": "06:30", "last_departure": "21:30"}
Found = set[tuple[str, str | None]]
CASES: dict[str, tuple[dict[str, Any], Found]] = {
    # a stop that nobody knows was told only once the speed was there
    "a missing speed and an unknown stop": (
        {"kind": "service_change", "changes": [{"drop_stops": ["no-such-stop"]}]},
        {("speed_unclear", "changes.0.line_speed_kmh"), ("unknown_stop", "changes.0.drop_stops.0")},
    ),
    "two bad hours": (
        {"kind": "closure", "roads": ["no--road"], "hours": {"from": "25:99", "to": "night"}, "speed_kmh": 0},
        {
            ("bad_clock", "hours.from"),
            ("bad_clock", "hours.to"),
            ("out_of_range", "speed_kmh"),
            ("unknown_road", "roads.0"),
        },
    ),
    "a road": (
        {
            "kind": "road_link",
            "highway": "motorwy",
            "design_speed_kmh": -3,
            "toll": "perhaps",
            "roads": [{"from": "west", "to": "nowhere", "detour_factor": 1.1}, {"from": "west", "to": "west"}],
        },
        {
            ("unknown_value", "highway"),
            ("out_of_range", "design_speed_kmh"),
            ("bad_value", "toll"),
            ("length_unclear", "roads.1.length_km"),
            ("road_to_itself", "roads.1.to"),
        },
    ),
    "a road to nowhere beside wrong values": (
        {
            "kind": "road_link",
            "highway": "motorway",
            "design_speed_kmh": 9999,
            "toll": False,
            "opens": 9999,
            "roads": [{"from": "west", "to": "nowhere", "detour_factor": 1.1}],
        },
        {("out_of_range", "design_speed_kmh"), ("bad_opening", "opens"), ("unknown_node", "roads.0.to")},
    ),
    "more trains": (
        {
            "kind": "rail_service",
            "add": [
                {
                    "id": "more",
                    "stops": ["west-station", "nowhere"],
                    "service": {"kind": "headway", "headway_min": 0, "first_departure": "22:00"},
                }
            ],
            "summary": {"zh": "只有中文"},
        },
        {
            ("missing_key", "line_speed_kmh"),
            ("missing_key", "summary.en"),
            ("speed_unclear", "add.0.as_fastest"),
            ("out_of_range", "add.0.service.headway_min"),
            ("service_incomplete", "add.0.service.last_departure"),
            ("unknown_stop", "add.0.stops.1"),
        },
    ),
    "a policy": (
        {"kind": "policy", "flags": {"nonsense": True, "one_card": "perhaps"}, "assumptions": {"no_such": "x"}},
        {("unknown_flag", "flags.nonsense"), ("bad_value", "flags.one_card"), ("bad_value", "assumptions.no_such")},
    ),
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("once")
    return build_app(Studio(open_mini_workspace(folder), folder / "scenarios"))


def _list(issues: list[dict[str, Any]]) -> Found:
    return {(i["code"], i["field"]) for i in issues}


@pytest.mark.parametrize("name", CASES)
def test_the_interface_tells_all(web: Any, name: str) -> None:
    body, wanted = CASES[name]
    document = {**HEAD, **body}
    checked = ask(web, "POST", "/api/check", {"base": "built", "document": document})
    assert (checked.status, _list(checked.data["issues"])) == (422, wanted)
    measured = ask(web, "POST", "/api/measure", {"base": "built", "projects": [document], "parts": ["rows"]})
    assert (measured.status, _list(measured.data["issues"])) == (422, wanted)


@pytest.mark.parametrize("name", CASES)
def test_a_file_tells_all(tmp_path: Path, name: str) -> None:
    body, wanted = CASES[name]
    workspace = open_mini_workspace(tmp_path)
    folder = workspace.scenarios_dir
    (folder / "projects" / "drawn.yaml").write_text(format_yaml({**HEAD, **body}, "drawn.yaml"), "utf-8")
    plan = {"id": "plan", "title": {"zh": "方案", "en": "plan"}, "base": "built", "projects": ["drawn"]}
    (folder / "plan.yaml").write_text(format_yaml(plan, "plan.yaml"), "utf-8")
    issues = workspace.afresh().check("plan")[1]
    found = {(i.code, i.field) for i in issues if i.severity == "error"}
    assert found == wanted
    assert all(i.line is not None for i in issues if i.file == "projects/drawn.yaml")


def test_what_hangs_on_a_wrong_value_is_not_told() -> None:
    """A wrong first hour makes no span too short; a misspelt key is no missing one."""
    line = text_of("rail_line")
    assert [i.code for i in parse(line.replace('"06:00"', '"6h"'))[1]] == ["bad_clock"]
    assert [i.code for i in parse(line.replace("headway_min", "headwy_min"))[1]] == ["unknown_key"]
    assert [i.code for i in parse(line.replace("design_speed_kmh: 250", "design_speed_kmh: fast"))[1]] == ["bad_value"]


def test_two_mistakes_are_two_whatever_their_order() -> None:
    document: dict[str, Any] = {
        **HEAD,
        "kind": "bus_line",
        "stops": [{"node": "a"}, {"node": "a"}],
        "service": {**HEADWAY, "days": 5},
    }
    found = parse_project(YamlDocument(document, {}, "p.yaml"))[1]
    assert {(i.code, i.field) for i in found} == {("bad_value", "service.days"), ("station_twice", "stops")}
