"""The answer to a question of travel times, rings, people and verdicts, in the words of the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from transit_model.analysis.evaluate import Evaluator
from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.domain.readings import has_surface
from transit_model.goals.judge import Verdict, list_needed_pairs
from transit_model.goals.schema import Goal
from transit_model.measure.od import compute_od, od_records
from transit_model.measure.pair_times import compute_pair_minutes
from transit_model.measure.ring_rows import list_rings_alone
from transit_model.measure.session import Session
from transit_model.scenario.range_notes import list_range_notes
from transit_model.studio.drawing import draw_projects
from transit_model.studio.question import MeasureBody
from transit_model.studio.service import Studio
from transit_model.study.scenario_tables import judge_all, measure_goal_od
from transit_model.surface.export import build_collection

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Row = dict[str, Any]


def measure(studio: Studio, question: MeasureBody) -> Row:
    """Return the parts that were asked for; between them a newer question of the session ends this one.

    Raises
    ------
    TransitModelError
        With every mistake of the scenario and the question.
    SupersededError
    """
    return begin(studio, question)()


def begin(studio: Studio, question: MeasureBody) -> Callable[[], Row]:
    """Measure, and return what makes the answer of `measure` of it: it draws, and asks nothing of the studio any more.

    So the next question is measured while the circles of this one are simplified, without the interpreter.

    Raises
    ------
    TransitModelError
        With every mistake of the scenario and the question.
    SupersededError
    """
    evaluator, evaluation, projects = studio.evaluate(question)
    session = studio.session_of(question, evaluator, evaluation)
    own = [p for p in projects if p.id not in evaluator.base_ids]
    answer: Row = {
        "scenario": session.scenario_id,
        "base": evaluator.base.scenario_id,
        "timetable": session.timetable_id,
        "projects": [p.id for p in own],
        "changed": studio.has_changed(),
        "rests_on": [n.as_dict() for n in list_range_notes(own)],
    }
    parts: dict[str, Callable[[], Row]] = {
        "rings": lambda: {"rings": _measure_rings(studio, question, evaluator, session), "people": None},
        "verdicts": lambda: {"verdicts": _judge(studio, question, session)},
        "rows": lambda: {"rows": _measure_rows(studio, question, session)},
        "drawn": lambda: {"drawn": draw_projects(session, evaluator.evaluate().session.network, own)},
    }
    wanted = {"rings" if part == "people" else part for part in question.parts}
    for part, make in parts.items():
        if part in wanted:
            studio.turns.check(question.session, question.turn)
            answer |= make()

    def finish() -> Row:
        if "rings" in answer:
            answer.update(answer["rings"]())
        return {k: v for k, v in answer.items() if (k not in parts and k != "people") or k in question.parts}

    return finish


def list_origins(studio: Studio, question: MeasureBody, session: Session) -> list[Place]:
    """Return the origins of a question; the centres where none are named."""
    if question.origins is None:
        studio.workspace.region.info.require_centres()
        return session.places.list_group("centres")
    return [place for name in question.origins for place in session.places.list_group(name)]


def _measure_rows(studio: Studio, question: MeasureBody, session: Session) -> list[Row]:
    origins = list_origins(studio, question, session)
    if question.destinations is None:
        named = [*session.places.groups.get("centres", ()), *session.places.groups["county_seats"]]
        to = [session.places.get_place(name) for name in dict.fromkeys(named)]
    else:
        to = [place for name in question.destinations for place in session.places.list_group(name)]
    table = compute_od(session, origins, to, *_pick_kinds(question), policy=question.policy)
    return od_records(table, session, question.policy)


def _pick_kinds(question: MeasureBody) -> tuple[list[Mode], list[Reading]]:
    return list(question.modes or Mode), list(question.readings or Reading)


def _measure_rings(studio: Studio, question: MeasureBody, evaluator: Evaluator, session: Session) -> Callable[[], Row]:
    """Return what draws the rings that were measured; readings without a surface are left out."""
    cutoffs = sorted({*(question.cutoffs_min or studio.workspace.choices().cutoffs_min)})
    people = studio.place_people(evaluator)
    builder = studio.builder_of(evaluator, session)
    measured: list[tuple[list[Row], list[BaseGeometry]]] = []
    modes, readings = _pick_kinds(question)
    for place in list_origins(studio, question, session):
        for mode, reading in ((m, r) for m in modes for r in readings if has_surface(m, r)):
            studio.turns.check(question.session, question.turn)
            measured.append(list_rings_alone(builder, place, (mode, reading), cutoffs, people))
    return partial(_draw_rings, measured, question.tolerance_m)


def _draw_rings(measured: Sequence[tuple[list[Row], list[BaseGeometry]]], tolerance_m: float) -> Row:
    """Return rings as GeoJSON, and the people and areas within them."""
    rows: list[Row] = []
    shapes: list[BaseGeometry] = []
    for found, polygons in measured:
        rows += found
        shapes += _simplify(polygons, tolerance_m) if tolerance_m else polygons
    collection = build_collection(rows, shapes)
    names = ("origin", "mode", "reading", "scenario", "timetable", "cutoff_min", "population", "area_km2")
    result = [{name: feature["properties"].get(name) for name in names} for feature in collection["features"]]
    return {"rings": collection, "people": result}


def _simplify(rings: Sequence[BaseGeometry], tolerance_m: float) -> list[BaseGeometry]:
    from transit_model.pages.shapes import simplify_rings

    return simplify_rings(rings, tolerance_m)


def _judge(studio: Studio, question: MeasureBody, session: Session) -> list[Row]:
    goals = studio.pick_goals(question.goals)
    if question.evidence:
        verdicts = judge_all(session, goals, measure_goal_od(session, goals))
    else:
        verdicts = judge_at_once(session, goals)
    rows = []
    for verdict in verdicts:
        row = verdict.as_dict()
        at = list(row).index("scenario") + 1
        items = list(row.items())
        rows.append(dict([*items[:at], ("timetable", session.timetable_id), *items[at:]]))
        if not question.evidence:
            rows[-1]["evidence"] = []
    return rows


def judge_at_once(session: Session, goals: Sequence[Goal]) -> list[Verdict]:
    """Return the verdicts of `judge_all` from medians alone: the same minutes, without legs and percentiles."""
    needed = list_needed_pairs(goals, session.places.groups)
    pairs = [(a, b, Mode(mode), reading) for a, b, mode in needed for reading in Reading]
    index: dict[tuple[str, str, str], dict[tuple[str, str], tuple[float, str, str]]] = {}
    for (a, b, mode, reading), minutes in compute_pair_minutes(session, pairs).items():
        index.setdefault((session.scenario_id, reading.value, mode.value), {})[a, b] = (minutes, "", "")
    return judge_all(session, goals, index)
