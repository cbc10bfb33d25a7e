"""A scenario drawn step by step is answered from its base, and answers as one that is measured from nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.minipack import make_minipack_files, write_pack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.measure import compiled_roads, edited_courses, kept_roads
from transit_model.measure.workspace import Workspace
from transit_model.network import street_edit
from transit_model.network.arrays import EditedStreets
from transit_model.streets import edited_search
from transit_model.studio.measuring import measure
from transit_model.studio.question import MeasureBody
from transit_model.studio.service import Studio
from transit_model.surface import segment_index

NODES = ("west", "west_gate", "mid", "farm", "east_gate", "east")
COMMON = {
    "title": {"zh": "草图", "en": "draft"}, "status": "study", "opens": "unknown", "source": ["made"],
    "confidence": "low",
    "assumed": [{"field": "roads", "zh": "画的", "en": "drawn"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mini")
    files = make_minipack_files()
    files["region.yaml"] = files["region.yaml"].replace(
        "bbox: [110.0, 40.0, 113.0, 42.0]", "bbox: [110.9, 40.6, 112.1, 41.0]"
    )
    write_pack(folder / "mini", files)
    write_mini_scenarios(folder / "scenarios")
    return folder


@pytest.fixture(autouse=True, scope="module")
def always() -> Iterator[None]:
    """Edit a town of seven roads as if it were a country: its streets count as dense, its few origins as many."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (compiled_roads, kept_roads):
            patch.setattr(module, "LEAST_LINKS", 0)
        patch.setattr(street_edit, "MOST_TOUCHED", 1e9)
        patch.setattr(edited_search, "LEAST_ROWS", 2)
        patch.setattr(segment_index, "_MOST_LOOKS", 0.0)
        yield


def draw_road(n: int, a: str, b: str, highway: str, toll: bool) -> dict[str, Any]:
    road = {"from": a, "to": b, "detour_factor": 1.1}
    return {**COMMON, "id": f"drawn_{n}", "kind": "road_link", "highway": highway, "design_speed_kmh": 100,
            "toll": toll, "roads": [road]}  # fmt: skip


def join_in_the_middle(n: int, to: str, lon: float) -> dict[str, Any]:
    """A road that joins the trunk road from west to mid between its ends: two halves in its place."""
    node = {"id": f"joint_{n}", "name": {"zh": "新口", "en": "joint"}, "lon": lon, "lat": 40.75, "kind": "junction"}
    pairs = (("west", node["id"]), (node["id"], "mid"), (node["id"], to))
    roads = [{"from": a, "to": b, "detour_factor": 1.2} for a, b in pairs]
    return {**COMMON, "id": f"drawn_{n}", "kind": "road_link", "highway": "trunk", "design_speed_kmh": 80,
            "toll": False, "nodes": [node], "roads": roads, "replaces": ["west--mid"]}  # fmt: skip


def close(n: int, road: str, direction: str, speed: float | None) -> dict[str, Any]:
    more = {} if speed is None else {"speed_kmh": speed}
    return {**COMMON, "id": f"drawn_{n}", "kind": "closure", "roads": [road], "direction": direction, **more}


def upgrade(n: int, road: str, highway: str | None, speed: int) -> dict[str, Any]:
    more = {} if highway is None else {"highway": highway}
    return {**COMMON, "id": f"drawn_{n}", "kind": "road_upgrade", "roads": [road], "design_speed_kmh": speed, **more}


@st.composite
def draw_drafts(draw: st.DrawFn) -> list[dict[str, Any]]:
    out = []
    for n in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["road", "joint", "closure", "upgrade"]))
        if kind == "road":
            a, b = draw(st.lists(st.sampled_from(NODES), min_size=2, max_size=2, unique=True))
            out.append(draw_road(n, a, b, draw(st.sampled_from(["motorway", "trunk"])), draw(st.booleans())))
        elif kind == "joint" and not any(p.get("replaces") for p in out):
            out.append(
                join_in_the_middle(n, draw(st.sampled_from(["farm", "east_gate"])), draw(st.floats(111.2, 111.3)))
            )
        elif kind == "closure":
            road = draw(st.sampled_from(["mid--east", "west_gate--east_gate", "mid--farm"]))
            out.append(close(n, road, draw(st.sampled_from(["both", "along"])), draw(st.sampled_from([None, 20.0]))))
        else:
            road = draw(st.sampled_from(["east_gate--east", "west--west_gate"]))
            out.append(upgrade(n, road, draw(st.sampled_from([None, "motorway"])), draw(st.sampled_from([50, 110]))))
    return out


def ask(studio: Studio, projects: list[dict[str, Any]], **more: object) -> str:
    body = {
        "base": "built", "projects": projects, "origins": ["111.4,40.78"], "modes": ["road", "best"],
        "readings": ["typical"], "destinations": ["mid", "east"], "cutoffs_min": [30, 60], "goals": "headline",
        "evidence": False, "parts": ["rows", "people", "rings", "verdicts", "drawn"], **more,
    }  # fmt: skip
    try:
        return json.dumps(measure(studio, MeasureBody.model_validate(body)), sort_keys=True)
    except Exception as error:  # what cannot be answered must be refused alike
        return f"{type(error).__name__}: {error}"


def ask_from_nothing(studio: Studio, projects: list[dict[str, Any]], **more: object) -> str:
    """Return the answer of a studio that compiles and lays all roads anew for each scenario."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (compiled_roads, kept_roads):
            patch.setattr(module, "LEAST_LINKS", 1 << 40)
        return ask(studio, projects, **more)


def open_studio(folder: Path) -> Studio:
    return Studio(Workspace.open(str(folder / "mini"), folder / "scenarios"))


@pytest.fixture(scope="module")
def plain(folder: Path) -> Studio:
    return open_studio(folder)


@settings(max_examples=examples(30), deadline=None)
@given(projects=draw_drafts(), speeds=st.sampled_from(["typical", "winter"]))
def test_every_step_answers_as_from_nothing(
    folder: Path, plain: Studio, projects: list[dict[str, Any]], speeds: str
) -> None:
    studio = open_studio(folder)
    steps = [[], projects[:1], projects]  # drawn one by one,
    for drafts in (*steps, projects[1:]):  # and the first taken back
        assert ask(studio, drafts, speeds=speeds) == ask_from_nothing(plain, drafts, speeds=speeds)


def test_a_drawn_road_is_answered_by_an_edited_graph(folder: Path) -> None:
    studio = open_studio(folder)
    first = ask(studio, [])
    road = draw_road(0, "farm", "west_gate", "trunk", False)
    assert '"scenario": "studio"' in ask(studio, [road])
    evaluator, evaluation, _ = studio.evaluate(MeasureBody.model_validate({"base": "built", "projects": [road]}))
    session = evaluation.session
    streets = session.taxi_roads()
    assert isinstance(streets.arrays, EditedStreets)
    assert streets.arrays.before is evaluator.evaluate().session.taxi_roads().arrays
    courses = kept_roads.keep_roads(session, evaluator_grid(session))
    assert isinstance(courses, edited_courses.EditedCourses)
    assert len(courses.fresh) == 2  # there and back
    assert ask(studio, []) == first


def evaluator_grid(session: Any) -> Any:
    from transit_model.surface.grid import build_grid

    return build_grid(session.network.info.bbox, session.network.info.crs, 1000.0)


def test_other_speeds_and_assumptions_are_answered_as_from_nothing(folder: Path, plain: Studio) -> None:
    studio, road = open_studio(folder), draw_road(0, "farm", "west_gate", "trunk", False)
    answers = set()
    for more in (
        {"speeds": "typical"},
        {"speeds": "winter"},
        {"speeds": "peak"},
        {"overrides": {"assumptions.speed_factor_typical.trunk": 0.5}},
        {"overrides": {"assumptions.toll_gate_delay_s": 600.0}},
        {"vehicle": "coach"},
    ):
        for drafts in ([], [road]):
            answer = ask(studio, drafts, parts=["rows"], **more)
            assert answer == ask_from_nothing(plain, drafts, parts=["rows"], **more)
            answers.add(answer)
    assert len(answers) >= 10  # nearly each moves a time
