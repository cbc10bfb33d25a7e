"""The interface as one table: path, question, answer. A new question is a body in `question` and a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from transit_model.studio.drawing import build_map_data
from transit_model.studio.listing import list_choices, list_network, list_place_rows, list_project_rows
from transit_model.studio.measuring import measure
from transit_model.studio.question import BaseQuestion, Body, MeasureBody
from transit_model.studio.service import Studio

Row = dict[str, Any]


@dataclass(frozen=True)
class Door:
    """One address of the interface."""

    method: Literal["GET", "POST"]
    path: str
    summary: str
    body: type[BaseModel]
    answer: Callable[[Studio, Any], Row]


def _alone(make: Callable[[Studio, Any], Row]) -> Callable[[Studio, Any], Row]:
    def answer(studio: Studio, asked: Any) -> Row:  # noqa: ANN401 - the body of the door
        with studio.alone():
            return make(studio, asked)

    return answer


def _measure(studio: Studio, asked: MeasureBody) -> Row:
    with studio.turn_of(asked):
        return measure(studio, asked)


DOORS: tuple[Door, ...] = (
    Door(
        "GET",
        "/api/choices",
        "Modes, readings, bases, timetables and goals, and what is chosen first",
        Body,
        _alone(lambda studio, _: list_choices(studio)),
    ),
    Door(
        "GET",
        "/api/projects",
        "Projects of the library with status, opening, sources, what they assume and their declared bands",
        BaseQuestion,
        _alone(lambda studio, asked: {"rows": list_project_rows(studio, asked.base)}),
    ),
    Door(
        "GET",
        "/api/places",
        "Places that minutes are measured from and to",
        BaseQuestion,
        _alone(lambda studio, asked: {"rows": list_place_rows(studio, asked.base)}),
    ),
    Door(
        "GET",
        "/api/network",
        "Road nodes, roads and stations of a base: what is clicked to draw",
        BaseQuestion,
        _alone(lambda studio, asked: list_network(studio.evaluator_of(asked.base).evaluate().session.network)),
    ),
    Door(
        "GET",
        "/api/map",
        "The ground of a base in the compact form that the page draws",
        BaseQuestion,
        _alone(lambda studio, asked: build_map_data(studio, asked.base)),
    ),
    Door(
        "POST",
        "/api/measure",
        "Travel times, rings, people and verdicts of a scenario, in the words of od, isochrone and goals",
        MeasureBody,
        _measure,
    ),
)
