"""What a change leaves alone is not made again: a warm studio answers as a fresh one, and counts tell what it made."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.study.mini_workspace import open_mini_workspace
from transit_model.measure import road_courses
from transit_model.measure.workspace import Workspace
from transit_model.network.station_times import build_station_ways
from transit_model.studio import drawing, measuring
from transit_model.studio.doors import DOORS
from transit_model.studio.measuring import measure
from transit_model.studio.question import MeasureBody
from transit_model.studio.service import Studio

RINGS = {"base": "built", "origins": ["west"], "modes": ["best"], "readings": ["typical"], "cutoffs_min": [30, 60]}
WALK: tuple[dict[str, Any], ...] = (
    {"projects": ["hsr", "bridge_west", "bridge_east"]},
    {"projects": ["hsr", "bridge_west", "bridge_east"], "overrides": {"bridge_east.design_speed_kmh": 80}},
    {"projects": ["hsr", "bridge_west", "bridge_east"], "overrides": {"hsr.commercial_speed_kmh": 100}},
    {"projects": ["hsr", "bridge_west"]},
    {"projects": ["byway", "coach", "twin"], "overrides": {"byway.design_speed_kmh": 70}},
    {"projects": ["byway", "coach"], "overrides": {"byway.design_speed_kmh": 90}},
    {"projects": ["rival"], "overrides": {"rival.design_speed_kmh": 60}},
    {"projects": ["coach", "hsr"], "overrides": {"hsr.service.headway_min": 30}},
    {"projects": ["hsr"], "without": []},
    {},
)
"""Roads and trains that come, go and change their speed: what is kept of one step must not answer the next."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("mini"))


def _ask(studio: Studio, scenario: dict[str, Any]) -> dict[str, Any]:
    return measure(studio, MeasureBody.model_validate({**RINGS, "parts": ["rings", "people", "drawn"], **scenario}))


def test_a_warm_studio_answers_as_a_fresh_one(workspace: Workspace) -> None:
    warm = Studio(workspace)
    fresh = [_ask(Studio(workspace), scenario) for scenario in WALK]
    for scenario, answer in (*zip(WALK, fresh, strict=True), *reversed(list(zip(WALK, fresh, strict=True)))):
        assert _ask(warm, scenario) == answer, scenario


def test_a_speed_lays_no_road_and_draws_no_line_anew(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"laid": 0, "drawn": 0}

    def count(module: Any, name: str, what: str) -> None:
        whole = getattr(module, name)

        def counted(*args: Any) -> Any:
            made[what] += 1
            return whole(*args)

        monkeypatch.setattr(module, name, counted)

    count(road_courses.RoadCourses, "project", "laid")
    count(drawing, "build_elements", "drawn")
    studio = Studio(workspace)
    _ask(studio, WALK[0])
    assert made == {"laid": 2, "drawn": 2}  # the base for its people; roads and trains are drawn apart
    _ask(studio, WALK[1])
    _ask(studio, WALK[2])
    assert made == {"laid": 2, "drawn": 2}
    _ask(studio, WALK[3])
    assert made == {"laid": 3, "drawn": 3}  # a road less: laid anew and drawn; the trains stay


def test_a_train_at_other_times_keeps_the_ways_at_stations(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(*args: Any) -> Any:
        made.append(1)
        return build_station_ways(*args)

    monkeypatch.setattr("transit_model.network.timetable_arrays.build_station_ways", counted)
    studio = Studio(workspace)
    counts = []
    for speed in (170, 160, 150):
        made.clear()
        _ask(studio, {"projects": ["hsr"], "overrides": {"hsr.commercial_speed_kmh": speed}})
        counts.append(len(made))
    assert counts[0] > 0
    assert counts[1:] == [0, 0]
    _ask(studio, {"projects": ["coach"]})  # a line that serves other stops has its own
    assert made


def test_circles_are_drawn_while_the_next_question_is_measured(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, free = Studio(workspace), []
    simplify = measuring._simplify

    def take_turn() -> None:
        with studio.alone():
            free.append(True)

    def look(*args: Any) -> Any:
        other = threading.Thread(target=take_turn, daemon=True)
        other.start()
        other.join(20)  # it would wait for ever if the turn had not been given on
        return simplify(*args)

    monkeypatch.setattr(measuring, "_simplify", look)
    asked = {**RINGS, "parts": ["rings", "people", "verdicts"], "goals": ["road-45"], "tolerance_m": 250}
    door = next(d for d in DOORS if d.path == "/api/measure")
    answer = door.answer(studio, MeasureBody.model_validate(asked))
    assert free == [True]
    assert answer == measure(Studio(workspace), MeasureBody.model_validate(asked))
    assert list(answer)[-3:] == ["rings", "people", "verdicts"]
