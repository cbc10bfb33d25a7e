"""The interface as one table: path, question, answer. A new question is a body in `question` and a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from transit_model.network.model import Network
from transit_model.studio.answering import check_project, tell_change, tell_journey, tell_required, tell_shares
from transit_model.studio.drawing import build_map_data
from transit_model.studio.listing import list_choices, list_network, list_place_rows, list_project_rows, list_trains
from transit_model.studio.measuring import begin
from transit_model.studio.question import (
    BaseQuestion,
    Body,
    Circumstances,
    CompareBody,
    JourneyBody,
    MeasureBody,
    ProjectBody,
    RequireBody,
    SaveBody,
    SharesBody,
    TrainsQuestion,
    WriteBody,
)
from transit_model.studio.saving import save
from transit_model.studio.service import Studio
from transit_model.studio.turns import EVIDENCE, GOALS, RINGS
from transit_model.studio.writing import write_out

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
    def answer(studio: Studio, question: Any) -> Row:  # noqa: ANN401 - the body of the door
        with studio.alone():
            return make(studio, question)

    return answer


def _turn(make: Callable[[Studio, Any], Row]) -> Callable[[Studio, Any], Row]:
    def answer(studio: Studio, question: Any) -> Row:  # noqa: ANN401 - the body of the door
        with studio.turn_of(question, _rank(question)):
            return make(studio, question)

    return answer


def _answer_measure(studio: Studio, question: MeasureBody) -> Row:
    with studio.turn_of(question, _rank(question)):
        finish = begin(studio, question)
    return finish()  # the next one is measured already


def _rank(question: Circumstances) -> int:
    """Return how soon a question is answered: circles first, then goals, then all that is longer to read."""
    if not isinstance(question, MeasureBody) or "rows" in question.parts or (question.evidence and _judges(question)):
        return EVIDENCE
    return GOALS if _judges(question) else RINGS


def _judges(question: MeasureBody) -> bool:
    return "verdicts" in question.parts


def _open_network(studio: Studio, question: BaseQuestion) -> Network:
    return studio.evaluator_of(question.base).evaluate().session.network


def _reload(studio: Studio, _question: Body) -> Row:
    return {"changed": studio.reload()}


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
        _alone(lambda studio, question: {"rows": list_project_rows(studio, question.base)}),
    ),
    Door(
        "GET",
        "/api/places",
        "Places that minutes are measured from and to",
        BaseQuestion,
        _alone(lambda studio, question: {"rows": list_place_rows(studio, question.base)}),
    ),
    Door(
        "GET",
        "/api/network",
        "Road nodes, roads and stations of a base: what is clicked to draw",
        BaseQuestion,
        _alone(lambda studio, question: list_network(_open_network(studio, question))),
    ),
    Door(
        "GET",
        "/api/trains",
        "How many trains of a base call at two stops a day, by the letters of their numbers, and the fastest",
        TrainsQuestion,
        _alone(lambda studio, question: list_trains(_open_network(studio, question), question.first, question.last)),
    ),
    Door(
        "GET",
        "/api/map",
        "The ground of a base in the compact form that the page draws",
        BaseQuestion,
        _alone(lambda studio, question: build_map_data(studio, question.base)),
    ),
    Door(
        "POST",
        "/api/measure",
        "Travel times, rings, people and verdicts of a scenario, in the words of od, isochrone and goals",
        MeasureBody,
        _answer_measure,
    ),
    Door(
        "POST",
        "/api/journey",
        "The legs of one journey, before and after, as explain tells them",
        JourneyBody,
        _turn(tell_journey),
    ),
    Door(
        "POST",
        "/api/compare",
        "Where minutes are saved, and the certificate of the comparison",
        CompareBody,
        _turn(tell_change),
    ),
    Door("POST", "/api/shares", "Who earns the gain of up to six projects, exactly", SharesBody, _alone(tell_shares)),
    Door("POST", "/api/require", "What one number must be for a goal", RequireBody, _alone(tell_required)),
    Door(
        "POST",
        "/api/check",
        "What is wrong with one project document in its scenario",
        ProjectBody,
        _turn(check_project),
    ),
    Door(
        "POST",
        "/api/save",
        "Write the scenario and its drawn projects into the folder of scenarios",
        SaveBody,
        _alone(save),
    ),
    Door(
        "POST", "/api/write", "Write a saved scenario as GTFS and GeoPackage, or as offline pages", WriteBody, write_out
    ),
    Door("POST", "/api/reload", "Read region and library anew after files have changed", Body, _alone(_reload)),
)
