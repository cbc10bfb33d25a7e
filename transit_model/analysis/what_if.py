"""A question asked on the spot: projects that no file of the library holds, beside a scenario, as a session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from transit_model.analysis.evaluate import ASSUMPTIONS, Evaluator
from transit_model.errors import Issue, ScenarioError, has_errors
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace
from transit_model.scenario.base_schema import Project
from transit_model.scenario.read_files import read_project
from transit_model.scenario.schema import parse_project
from transit_model.store.yaml_lines import YamlDocument

ProjectInput = str | Path | Mapping[str, Any]
WHAT_IF = "what-if"
"""Name of the scenario in tables."""


def ask_what_if(
    workspace: Workspace,
    base: str,
    projects: ProjectInput | Iterable[ProjectInput] = (),
    overrides: Mapping[str, float] | None = None,
    *,
    name: str = WHAT_IF,
) -> Session:
    """Return the session of a scenario with projects added and numbers replaced.

    Parameters
    ----------
    workspace : Workspace
    base : str
        Scenario id; its projects stand.
    projects : str, path, mapping, or iterable of them
        Ids of the library, paths of project files (``.yaml``), or the documents themselves as mappings with the keys
        of such a file; a document may be a changed form of a project of the library, of the same ``id``.
    overrides : mapping, optional
        ``project.field``, ``assumptions.name`` and so on, as `Evaluator.evaluate` takes them.
    name : str
        Of the scenario in tables.

    Raises
    ------
    ScenarioError
        Every mistake of every project: what a project file would be told, with ``projects[0]`` for its file.
    """
    evaluator = Evaluator(workspace, workspace.choose(base))
    own, ids = _read_projects(projects)
    standing = {*ids, *evaluator.base_ids, ASSUMPTIONS}
    known = evaluator.library.keys() - standing
    idle = [k for k in overrides or () if str(k).partition(".")[0] in known]
    if idle:
        hint = "add the project, or leave the number out"
        message = "the number is of a project that is not in the scenario"
        raise ScenarioError([Issue("override_unused", "error", message, field=str(k), hint=hint) for k in idle])
    evaluation = evaluator.with_projects(own).evaluate(ids, overrides)
    session = evaluation.session
    session.scenario_id = name
    return session


def _read_projects(given: ProjectInput | Iterable[Any]) -> tuple[list[Project], list[str]]:
    """Return the projects that are not of the library, and the ids of all in their order."""
    items: Iterable[Any] = [given] if isinstance(given, str | Path | Mapping) else given
    own: list[Project] = []
    ids: list[str] = []
    issues: list[Issue] = []
    for i, one in enumerate(items):
        if isinstance(one, Mapping):
            project, more = parse_project(YamlDocument(dict(one), {}, f"projects[{i}]"))
        elif isinstance(one, Path) or (isinstance(one, str) and one.endswith((".yaml", ".yml"))):
            project, _, more = read_project(Path(one))
        elif isinstance(one, str):
            ids.append(one)
            continue
        else:
            hint = "accepted: the id of a project, the path of its file, or its document as a dict"
            message = f"{type(one).__name__} is no project"
            issues.append(Issue("not_a_project", "error", message, f"projects[{i}]", value=str(one)[:80], hint=hint))
            continue
        issues += more
        if project is not None:
            own.append(project)
            ids.append(project.id)
    issues += list_twins(ids)
    if has_errors(issues):
        raise ScenarioError(issues)
    return own, ids


def list_twins(ids: Iterable[str]) -> list[Issue]:
    """Return an issue for every project that is given twice: which of the two is meant nobody can say."""
    seen = list(ids)
    message = "two projects have this id"
    twice = dict.fromkeys(i for i in seen if seen.count(i) > 1)
    return [Issue("duplicate_id", "error", message, field="projects", value=i, hint="rename one") for i in twice]
