"""Questions about one scenario: a journey, the differences from the base, who earns the gain, what it would take."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from itertools import count
from typing import Any

from transit_model.analysis.attribution import attribute
from transit_model.analysis.evaluate import ASSUMPTIONS, Evaluator, change_project
from transit_model.analysis.measures import parse_measure
from transit_model.analysis.threshold_search import search_threshold
from transit_model.domain.issue_words import describe_issue
from transit_model.errors import InputError, Issue, ScenarioError, TransitModelError, has_errors
from transit_model.indicators.change import settle_times
from transit_model.measure.explain import explain_journey
from transit_model.measure.input_cache import is_improvement_only, list_improved_modes, list_same_inputs
from transit_model.measure.session import Session
from transit_model.studio.drafts import check_standing, list_drafts, read_draft, read_drafts
from transit_model.studio.files import write_files
from transit_model.studio.listing import put_in_words
from transit_model.studio.preview import check_files
from transit_model.studio.question import (
    Case,
    Circumstances,
    CompareBody,
    JourneyBody,
    ProjectBody,
    RequireBody,
    SharesBody,
)
from transit_model.studio.service import DRAFT, Studio
from transit_model.study.certificate import Certificate
from transit_model.study.touched import Edit
from transit_model.surface.export import build_geojson
from transit_model.surface.gained import CellTimes, list_saved_areas

Row = dict[str, Any]
MOST_SHARED = 6
"""Projects that are told apart: 64 sets of them are measured, each exactly."""


def _open_pair(studio: Studio, question: Circumstances) -> tuple[Evaluator, Session, Session]:
    """Return the evaluator and the sessions of the base and of the scenario, under the same circumstances."""
    evaluator, evaluation, _ = studio.evaluate(question)
    scenario = studio.session_of(question, evaluator, evaluation)
    plain = question.model_copy(update={"projects": [], "without": [], "overrides": {}, "scenario": None})
    return evaluator, studio.session_of(plain, evaluator, evaluator.evaluate()), scenario


def tell_journey(studio: Studio, question: JourneyBody) -> Row:
    """Return one journey in the base and in the scenario, as `explain` tells it; null where there is none."""
    _, base, scenario = _open_pair(studio, question)
    result: Row = {}
    issues: list[Issue] = []
    for name, session in (("before", base), ("after", scenario)):
        result[name] = None
        ends = session.places.get_place(question.origin), session.places.get_place(question.destination)
        try:
            result[name] = explain_journey(session, *ends, question.mode, question.reading).as_dict()
        except TransitModelError as error:
            issues += error.issues
    if result["before"] is None and result["after"] is None:
        raise InputError(issues)
    return result


def tell_change(studio: Studio, question: CompareBody) -> Row:
    """Return where a scenario saves minutes from one origin, and the certificate of the comparison."""
    evaluator, base, scenario = _open_pair(studio, question)
    place, kind = base.places.get_place(question.origin), (question.mode, question.reading)
    builders = [
        studio.builder_of(evaluator, base),
        studio.build_from_scratch(evaluator, base),
        studio.builder_of(evaluator, scenario),
    ]
    first, second, third = (builder.compute(place, *kind).time_s for builder in builders)
    certificate = Certificate(
        builders[0].grid, is_improvement_only(base, scenario), list_improved_modes(base, scenario)
    )
    touched = Edit(builders[1], builders[2]).find_touched(place, *kind)
    what = f"{place.place_id} {question.mode}/{question.reading}"
    certificate.add_surface(what, kind, (first, second, third), touched)
    people = evaluator.place_people()
    cells = CellTimes(
        place.place_id,
        question.mode.value,
        question.reading.value,
        builders[0].grid,
        first,
        settle_times(first, third),
        people,
    )
    saved = list_saved_areas([cells], sorted(question.steps_min))
    if question.tolerance_m and len(saved):
        from transit_model.pages.shapes import simplify_rings

        saved = saved.assign(geometry=simplify_rings(list(saved.geometry), question.tolerance_m))
    areas = build_geojson(saved.assign(rank=range(len(saved))))
    same = [f"{mode.value}/{reading.value}" for mode, reading in list_same_inputs(base, scenario)]
    return {"saved": areas, "certificate": {"failures": [], **certificate.as_dict(), "same_inputs": same}}


def tell_shares(studio: Studio, question: SharesBody) -> Row:
    """Return the exact shares of the projects of a scenario in the gain of one number, as `attribute` tells them."""
    evaluator, ids = _fix_numbers(studio, question)
    own = [p for p in evaluator.order(ids) if p not in evaluator.base_ids]
    if len(own) > MOST_SHARED:
        message = f"{len(own)} projects are more than the {MOST_SHARED} that are told apart here"
        hint = "switch some off, or ask `transit-model attribute`"
        raise InputError(Issue("too_many_projects", "error", message, field="projects", hint=hint))
    centres = evaluator.workspace.region.info.groups.get("centres", ())
    measure = parse_measure(question.measure, studio.goals, centres)
    return attribute(evaluator, [measure], own)[0].as_dict()


def tell_required(studio: Studio, question: RequireBody) -> Row:
    """Return the value of one number at which a goal is met, as `require` tells it."""
    evaluator, ids = _fix_numbers(studio, question, besides=question.vary)
    goal = studio.pick_goals([question.goal])[0]
    own = [p for p in evaluator.order(ids) if p not in evaluator.base_ids]
    return search_threshold(evaluator, goal, question.reading, question.vary, projects=own).as_dict()


def _fix_numbers(studio: Studio, question: Case, besides: str = "") -> tuple[Evaluator, list[str]]:
    """Return an evaluator whose projects have the numbers of the question, and the projects it asks about.

    Raises
    ------
    InputError
        ``not_asked_here`` for what analysis cannot hold fixed: projects taken out of the base, other assumptions.
    """
    wrong = [f"without: {p}" for p in question.without]
    wrong += [k for k in question.overrides if k.partition(".")[0] == ASSUMPTIONS]
    if wrong:
        message = "this question is asked on a whole base and the assumptions as they are"
        raise InputError(Issue("not_asked_here", "error", message, value=", ".join(wrong), hint="put them back"))
    evaluator = studio.evaluator_of(question.base, question.timetable)
    ids, drafts = read_drafts(question.projects)
    evaluator = evaluator.with_projects(drafts)
    check_standing([k for k in question.overrides if k != besides], (*evaluator.base_ids, *evaluator.order(ids)))
    changed = []
    for project_id in dict.fromkeys(key.partition(".")[0] for key in question.overrides):
        numbers = {k: v for k, v in question.overrides.items() if k.partition(".")[0] == project_id and k != besides}
        with contextlib.suppress(KeyError):
            changed.append(change_project(evaluator.library[project_id], numbers))
    return evaluator.with_projects(changed), ids


def check_project(studio: Studio, question: ProjectBody) -> Row:
    """Return the issues of one document in its scenario, those of `scenario check`, and what it says in words.

    Raises
    ------
    TransitModelError
        With every mistake of the document, or of its scenario with it.
    """
    project, found = read_draft(question.document)
    own = question.document.get("id")
    others = [p for p in question.projects if (p if isinstance(p, str) else p.get("id")) != own]
    case = question.model_copy(update={"projects": [*others, question.document]})
    try:
        evaluator, _, _ = studio.evaluate(case)
    except TransitModelError as error:
        warnings = [i for i in (*found, *_foresee_warnings(studio, case)) if i.severity != "error"]
        raise ScenarioError(list(dict.fromkeys((*error.issues, *warnings)))) from error
    if project is None:  # with a document that cannot be read nothing is evaluated
        raise ScenarioError(found)
    issues = _foresee(case, evaluator)
    if has_errors(issues):
        raise ScenarioError(issues)
    words, more = put_in_words(project, evaluator)
    return {"id": project.id, "describe": words, "issues": [describe_issue(i, "zh") for i in (*issues, *more)]}


def _foresee(case: Case, evaluator: Evaluator) -> list[Issue]:
    """Return what `scenario check` will tell of a scenario once it is saved; lines are those of files to come."""
    taken = evaluator.workspace.library.list_files()
    name = next(n for n in (f"{DRAFT}-{i}" for i in count(1)) if n not in taken)
    written = write_files(case, name, {"zh": name, "en": name}, evaluator)
    issues = check_files(evaluator.workspace, written.files, name)
    return [replace(issue, line=None) for issue in issues]


def _foresee_warnings(studio: Studio, case: Case) -> list[Issue]:
    """Return the same of a scenario that cannot be built, as far as its files can be written."""
    with contextlib.suppress(TransitModelError):
        evaluator = studio.evaluator_of(case.base, case.timetable)
        return _foresee(case, evaluator.with_projects(list_drafts(case.projects)[1]))
    return []
