"""The library of scenarios, projects and goals: listed, told in words, checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from transit_model.errors import Issue, ScenarioError, TransitModelError
from transit_model.goals.schema import Goal, check_goal_places
from transit_model.near_names import hint_near
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.readers.resources import find_scenarios_dir
from transit_model.scenario.compose import VARIANT_MARK
from transit_model.scenario.load import list_scenarios, load_projects, load_scenario
from transit_model.study.files import write_text
from transit_model.study.places import PlaceIndex
from transit_model.study.workspace import Workspace

T = TypeVar("T")


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
            known = [*projects, *(e.scenario_id for e in list_scenarios(where))]
            hint = hint_near(name, known, "see `transit-model scenario list`")
            raise ScenarioError(
                Issue("unknown_scenario", "error", f"no scenario or project called {name!r}", value=name, hint=hint)
            ) from error
        raise


@dataclass(frozen=True)
class LibraryCheck:
    """What was checked and what was found.

    Attributes
    ----------
    scenarios : tuple of str
        Scenarios applied, variants among them.
    projects : tuple of str
        Projects of those scenarios; of the whole library when no scenario was named.
    goals : tuple of str
        Goals whose places were looked up; none when scenarios were named.
    """

    scenarios: tuple[str, ...]
    projects: tuple[str, ...]
    goals: tuple[str, ...]
    issues: tuple[Issue, ...]


def check_library(region: str | None, folder: Path | None, names: Sequence[str] | None) -> LibraryCheck:
    """Load and apply scenarios with their variants; without names also read all projects and look up goal places.

    The places of goals are looked up once for all scenarios, not once for each.
    """
    workspace = Workspace.open(region, folder)
    where = workspace.scenarios_dir
    issues: list[Issue] = []
    entries = () if names else _collect(lambda: list_scenarios(where), issues) or ()
    checked = list(names or ())
    for entry in entries:
        checked += [entry.scenario_id, *(f"{entry.scenario_id}{VARIANT_MARK}{v}" for v in entry.variants)]
    goals = None if names else _collect(workspace.goals, issues)
    library = None if names else _collect(lambda: load_projects(where), issues)
    projects = {p.id for p in library or ()}
    networks = []
    for name in checked:
        network = _collect(partial(workspace.network, name), issues)
        if network is not None:
            networks.append(network)
            projects |= {p.id for p in workspace.scenario(name).projects}
    issues += _check_goals(workspace, goals or [], networks)
    ids = tuple(g.id for g in goals or ())
    return LibraryCheck(tuple(checked), tuple(sorted(projects)), ids, tuple(dict.fromkeys(issues)))


def _check_goals(workspace: Workspace, goals: Sequence[Goal], networks: Iterable[Network]) -> list[Issue]:
    """Look up the places of goals in the region; what it lacks may be a station that a project brings."""
    region = workspace.region
    index = PlaceIndex(build_network(region, region.info.built_as_of, workspace.assumptions))
    known = {p.place_id for p in index.places}
    issues = check_goal_places(goals, known, index.groups)
    if issues:
        known.update(p.place_id for network in networks for p in PlaceIndex(network).places)
        issues = check_goal_places(goals, known, index.groups)
    return issues


def _collect(read: Callable[[], T], issues: list[Issue]) -> T | None:
    """Return what `read` returns, or None after noting why it cannot."""
    try:
        return read()
    except TransitModelError as error:
        issues += error.issues
        return None


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
