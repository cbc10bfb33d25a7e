"""The library of scenarios, projects and goals: listed, told in words, checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transit_model.errors import Issue, ScenarioError, TransitModelError
from transit_model.goals.schema import check_goal_places
from transit_model.readers.resources import find_scenarios_dir
from transit_model.scenario.load import list_scenarios, load_projects, load_scenario
from transit_model.study.files import write_text
from transit_model.study.workspace import Workspace


def list_library(folder: Path | None) -> list[dict[str, Any]]:
    """Return scenarios and projects as rows: kind, id, title_zh, title_en, status, opens."""
    where = folder if folder is not None else find_scenarios_dir()
    rows: list[dict[str, Any]] = [
        {
            "kind": "base case" if entry.is_base_case else "scenario",
            "id": entry.scenario_id,
            "title_zh": entry.title.zh,
            "title_en": entry.title.en,
            "status": "",
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
            "opens": project.opens.as_text(),
        }
        for project in load_projects(where)
    ]
    return rows


def describe(folder: Path | None, name: str, lang: str) -> str:
    """Return a scenario or project in plain words.

    Raises
    ------
    ScenarioError
        When there is neither; the hint offers the nearest.
    """
    from transit_model.scenario.describe import describe_project, describe_scenario

    where = folder if folder is not None else find_scenarios_dir()
    projects = {p.id: p for p in load_projects(where)}
    if name in projects:
        return describe_project(projects[name], lang)
    try:
        return describe_scenario(load_scenario(where, name), lang)
    except ScenarioError as error:
        if all(issue.code == "unknown_scenario" for issue in error.issues):
            import difflib

            near = difflib.get_close_matches(name, [*projects, *(e.scenario_id for e in list_scenarios(where))], n=3)
            hint = f"did you mean {', '.join(near)}?" if near else "see `transit-model scenario list`"
            raise ScenarioError(
                Issue("unknown_scenario", "error", f"no scenario or project called {name!r}", value=name, hint=hint)
            ) from error
        raise


def check_library(
    region: str | None, folder: Path | None, names: Sequence[str] | None
) -> tuple[list[str], list[Issue]]:
    """Load, apply and check scenarios and goals; return the scenario ids checked and all issues."""
    workspace = Workspace.open(region, folder)
    checked = list(names) if names else [e.scenario_id for e in list_scenarios(workspace.scenarios_dir)]
    issues: list[Issue] = []
    if not names:
        try:
            load_projects(workspace.scenarios_dir)
            goals = workspace.goals()
        except TransitModelError as error:
            issues += error.issues
            goals = []
    else:
        goals = []
    for name in checked:
        try:
            session = workspace.session(name)
        except TransitModelError as error:
            issues += error.issues
            continue
        known = [p.place_id for p in session.places.places]
        issues += check_goal_places(goals, known, session.places.groups)
    return checked, list(dict.fromkeys(issues))


def write_template(kind: str, out: Path | None) -> tuple[str, Path | None]:
    """Return a commented template for a kind of project or a scenario, written to `out` when given.

    Raises
    ------
    ScenarioError
        When the kind is not known or the file exists.
    """
    from transit_model.scenario.templates import get_template

    text = get_template(kind)
    if out is None:
        return text, None
    if out.exists():
        raise ScenarioError(
            Issue("file_exists", "error", "the file exists already", file=str(out), hint="choose another name")
        )
    write_text(out, text)
    return text, out
