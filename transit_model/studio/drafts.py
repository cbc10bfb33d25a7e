"""Projects of a question: ids of the library, and documents that are checked as files are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from transit_model.analysis.what_if import list_twins
from transit_model.errors import Issue, ScenarioError, has_errors
from transit_model.scenario.base_schema import Project
from transit_model.scenario.schema import parse_project
from transit_model.store.yaml_lines import YamlDocument


def read_drafts(projects: Iterable[str | dict[str, Any]]) -> tuple[list[str], list[Project]]:
    """Return the ids of all projects in order, and those that came as documents.

    Raises
    ------
    ScenarioError
        With every mistake of every document; the field begins with the id of the project.
    """
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
    if has_errors(issues):
        raise ScenarioError([i for i in issues if i.severity == "error"])
    return ids, drafts


def read_draft(document: dict[str, Any]) -> tuple[Project | None, list[Issue]]:
    """Return the project of a document with the issues of the schema; a file name stands for where it came from."""
    name = document.get("id")
    data = YamlDocument(document, {}, f"projects/{name}.yaml" if isinstance(name, str) and name else "draft")
    return parse_project(data)
