"""Read projects, scenarios and studies from a folder.

::

    scenarios/
      projects/<id>.yaml   one project each
      <id>.yaml            one scenario each
      goals/<id>.yaml      goals (another room reads them)
      study.yaml           the default study

``name@variant`` is a variant of a scenario. All issues of all files are raised at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from transit_model.errors import Issue, ScenarioError, has_errors
from transit_model.near_names import hint_near
from transit_model.readers.yaml_lines import YamlDocument, read_document
from transit_model.scenario.base_schema import Project, Title
from transit_model.scenario.compose import Scenario, ScenarioLoader
from transit_model.scenario.read_files import GOALS, PROJECTS, STUDY, name_file, read_project, read_scenario
from transit_model.scenario.scenario_schema import BaseByDate, Comparison, Milestone, StudyFile
from transit_model.scenario.schema import parse_model


@dataclass(frozen=True)
class Study:
    """A study ready to be run."""

    study_id: str
    title: Title
    scenarios: tuple[Scenario, ...]
    comparisons: tuple[Comparison, ...]
    timeline: tuple[Milestone, ...]
    goals: tuple[str, ...]


@dataclass(frozen=True)
class ScenarioEntry:
    """One line of the list of scenarios."""

    scenario_id: str
    title: Title
    variants: tuple[str, ...]
    is_base_case: bool
    file: str


def load_project(path: Path) -> Project:
    """Read one project file.

    Raises
    ------
    ScenarioError
        With every issue of the file.
    """
    project, _, issues = read_project(path)
    if project is None or has_errors(issues):
        raise ScenarioError(issues)
    return project


def load_projects(folder: Path) -> tuple[Project, ...]:
    """Read all projects of a scenarios folder, by id.

    Raises
    ------
    ScenarioError
        With every issue of every file.
    """
    found, issues = [], []
    for path in sorted((folder / PROJECTS).glob("*.yaml")):
        project, _, more = read_project(path)
        issues += more
        if project is not None:
            found.append(project)
    if has_errors(issues):
        raise ScenarioError(issues)
    return tuple(found)


def select_open_by(projects: Sequence[Project], day: date) -> tuple[Project, ...]:
    """Return the projects that are surely open at the end of a day; those of unknown opening never are."""
    return tuple(p for p in projects if p.opens.latest is not None and p.opens.latest <= day)


def list_scenarios(folder: Path) -> tuple[ScenarioEntry, ...]:
    """Return the scenarios of a folder by file name, base cases first.

    Raises
    ------
    ScenarioError
        With every issue of every scenario file.
    """
    entries, issues = [], []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == STUDY:
            continue
        spec, _, more = read_scenario(path)
        issues += more
        if spec is not None:
            by_date = isinstance(spec.base, BaseByDate)
            entries.append(ScenarioEntry(spec.id, spec.title, tuple(spec.variants), by_date, path.name))
    if has_errors(issues):
        raise ScenarioError(issues)
    return tuple(sorted(entries, key=lambda e: not e.is_base_case))


def load_scenario(folder: Path, name: str) -> Scenario:
    """Read a scenario of a folder by id, or ``id@variant``.

    Raises
    ------
    ScenarioError
        With every issue of the scenario, what it inherits from and its projects.
    """
    issues: list[Issue] = []
    scenario = ScenarioLoader(folder, issues).load(name, (), None)
    if scenario is None or has_errors(issues):
        raise ScenarioError(_unique(issues))
    return scenario


def load_study(path: Path) -> Study:
    """Read a study file; scenarios, projects and goals are looked for in its folder.

    Raises
    ------
    ScenarioError
        With every issue of the study and all its scenarios.
    """
    document, issues = read_document(path, file=name_file(path))
    spec = None
    if document is not None:
        spec, more = parse_model(StudyFile, document)
        issues = [*issues, *more]
    if spec is None or document is None:
        raise ScenarioError(issues)
    loader = ScenarioLoader(path.parent, issues)
    scenarios = []
    for i, name in enumerate(spec.scenarios):
        origin = (document.file, document.line_of("scenarios", i), f"scenarios.{i}")
        scenario = loader.load(name, (), origin)
        if scenario is not None:
            scenarios.append(scenario)
    goals = _find_goals(spec, path.parent, document, issues)
    if has_errors(issues):
        raise ScenarioError(_unique(issues))
    return Study(spec.id, spec.title, tuple(scenarios), spec.comparisons, spec.timeline, goals)


def _find_goals(spec: StudyFile, folder: Path, document: YamlDocument, issues: list[Issue]) -> tuple[str, ...]:
    """Return the goal ids of a study; ``all`` is every file of the goals folder."""
    known = sorted(p.stem for p in (folder / GOALS).glob("*.yaml"))
    if spec.goals == "all":
        return tuple(known)
    for i, goal in enumerate(spec.goals):
        if goal not in known:
            hint = hint_near(goal, known)
            line = document.line_of("goals", i)
            message = f"there is no goal {goal}"
            issues.append(Issue("unknown_goal", "error", message, document.file, line, f"goals.{i}", goal, hint))
    return tuple(spec.goals)


def _unique(issues: Sequence[Issue]) -> list[Issue]:
    return list(dict.fromkeys(issues))
