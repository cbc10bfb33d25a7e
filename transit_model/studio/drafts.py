"""Projects of a question: ids of the library, and documents that are checked as files are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from transit_model.analysis.evaluate import ASSUMPTIONS, Evaluator
from transit_model.analysis.what_if import list_twins
from transit_model.errors import Issue, ScenarioError, TransitModelError
from transit_model.near_names import hint_near
from transit_model.scenario.base_schema import Project
from transit_model.scenario.schema import parse_project
from transit_model.store.yaml_lines import YamlDocument
from transit_model.studio.question import Case


def read_drafts(projects: Iterable[str | dict[str, Any]]) -> tuple[list[str], list[Project]]:
    """Return the ids of all projects in order, and those that came as documents.

    Raises
    ------
    ScenarioError
        With every mistake of every document.
    """
    ids, drafts, errors = list_drafts(projects)
    if errors:
        raise ScenarioError(errors)
    return ids, drafts


def list_drafts(projects: Iterable[str | dict[str, Any]]) -> tuple[list[str], list[Project], list[Issue]]:
    """Return the ids of all projects in order, those that came as documents as far as they can be read, every error."""
    ids: list[str] = []
    drafts: list[Project] = []
    issues: list[Issue] = []
    for given in projects:
        if isinstance(given, str):
            ids.append(given)
            continue
        project, more = read_draft(given)
        issues += more
        if project is not None:
            drafts.append(project)
            ids.append(project.id)
    issues += list_twins(ids)
    return ids, drafts, [i for i in issues if i.severity == "error"]


def find_more_errors(evaluator: Evaluator, ids: Sequence[str], question: Case, known: Sequence[Issue]) -> list[Issue]:
    """Return what else is wrong with a scenario whose documents have the errors `known`.

    They are in the library of the evaluator as far as they can be read; nothing that is built of them is handed out.
    """
    issues: list[Issue] = []
    for check in (
        lambda: evaluator.order(ids),
        lambda: evaluator.evaluate(
            [p for p in ids if p in evaluator.library], question.overrides, without=question.without
        ),
    ):
        try:
            check()
        except TransitModelError as error:
            issues += [issue for issue in error.issues if issue not in (*known, *issues)]
    return issues


def check_standing(overrides: Iterable[str], standing: Sequence[str]) -> None:
    """Refuse numbers of projects that do not stand in the scenario: nothing would show that they were passed over.

    Raises
    ------
    ScenarioError
        ``unknown_project`` for each, as `scenario check` tells it of a file.
    """
    idle = {k: k.partition(".")[0] for k in overrides if k.partition(".")[0] not in (*standing, ASSUMPTIONS)}
    if idle:
        issues = []
        for key, head in idle.items():
            message, hint = f"{head} is not in the scenario", hint_near(head, list(standing))
            issues.append(Issue("unknown_project", "error", message, field=f"overrides.{key}", value=head, hint=hint))
        raise ScenarioError(issues)


def read_draft(document: dict[str, Any]) -> tuple[Project | None, list[Issue]]:
    """Return the project of a document with the issues of the schema; a file name stands for where it came from."""
    name = document.get("id")
    data = YamlDocument(document, {}, f"projects/{name}.yaml" if isinstance(name, str) and name else "draft")
    return parse_project(data)
