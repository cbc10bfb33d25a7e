"""The library of scenarios, projects and goals: listed, told in words, begun from a template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transit_model.errors import Issue, ScenarioError
from transit_model.measure.workspace import Workspace
from transit_model.near_names import hint_near
from transit_model.scenario.load import list_scenarios, load_projects
from transit_model.store.library import Library
from transit_model.store.write import translating, write_text


def list_library(where: Library) -> list[dict[str, Any]]:
    """Return scenarios and projects as rows: kind, id, title_zh, title_en, status, as_of, opens."""
    rows: list[dict[str, Any]] = [
        {
            "kind": "base case" if entry.is_base_case else "scenario",
            "id": entry.scenario_id,
            "title_zh": entry.title.zh,
            "title_en": entry.title.en,
            "status": "",
            "as_of": "",
            "opens": "",
        }
        for entry in list_scenarios(where)
    ]
    rows += [
        {
            "kind": str(project.kind),
            "id": project.id,
            "title_zh": project.title.zh,
            "title_en": project.title.en,
            "status": str(project.status),
            "as_of": project.as_of or "",
            "opens": project.opens.as_text(),
        }
        for project in load_projects(where)
    ]
    return rows


def describe(workspace: Workspace, name: str, lang: str) -> str:
    """Return a scenario or project of a workspace in plain words, with what the numbers of a scenario rest on.

    Raises
    ------
    ScenarioError
        When there is neither; the hint offers the nearest.
    """
    from transit_model.scenario.describe import describe_project, describe_scenario

    where = workspace.library
    projects = {p.id: p for p in load_projects(where)}
    if name in projects:
        return describe_project(projects[name], lang)
    try:
        return describe_scenario(workspace.scenario(name), lang)
    except ScenarioError as error:
        if all(issue.code == "unknown_scenario" for issue in error.issues):
            known = [*projects, *(e.scenario_id for e in list_scenarios(where))]
            hint = hint_near(name, known, "see `transit-model scenario list`")
            raise ScenarioError(
                Issue("unknown_scenario", "error", f"no scenario or project called {name!r}", value=name, hint=hint)
            ) from error
        raise


def write_template(kind: str, out: Path | None) -> tuple[str, Path | None]:
    """Return a commented template for a kind of project, a scenario or a goal, written to `out` when given.

    Raises
    ------
    ScenarioError
        When the kind is not known or the file exists.
    """
    from transit_model.goals.template import get_goal_template
    from transit_model.scenario.templates import GOAL, get_template

    text = get_goal_template() if kind == GOAL else get_template(kind)
    if out is None:
        return text, None
    with translating(out):
        exists = out.is_file()
    if exists:
        raise ScenarioError(
            Issue("file_exists", "error", "the file exists already", file=str(out), hint="choose another name")
        )
    write_text(out, text)
    return text, out
