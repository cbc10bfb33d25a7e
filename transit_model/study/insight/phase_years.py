"""The plan by year: which dated projects and roads are open at the end of each year.

A project counts from the last day of its opening, so nothing is open too early; one without a date never is, and
is listed apart. Projects that a base by date already holds (their guards say so) are left to the base. `phases`
judges the goals along the same years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from transit_model.network.build import build_network, is_open
from transit_model.network.model import Network
from transit_model.scenario.base_schema import Project, Title
from transit_model.scenario.compose import Scenario
from transit_model.scenario.load import load_projects
from transit_model.scenario.lookup import Report, check_guards
from transit_model.study.insight.phases import FIRST_YEAR, LAST_YEAR, list_dated
from transit_model.study.workspace import Workspace


@dataclass(frozen=True)
class PhaseYear:
    """One year of the plan, at its last day.

    Attributes
    ----------
    projects : tuple of str
        Projects to apply to the roads of that day, each after what it requires.
    new_projects : tuple of str
        Those that were not open the year before.
    new_roads, closed_roads : tuple of str
        Roads of the region that open and close within the year; none for the first year.
    """

    year: int
    as_of: date
    projects: tuple[str, ...]
    new_projects: tuple[str, ...]
    new_roads: tuple[str, ...]
    closed_roads: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Return whether anything differs from the year before."""
        return bool(self.new_projects or self.new_roads or self.closed_roads)


def list_phase_years(workspace: Workspace, first: int = FIRST_YEAR, last: int = LAST_YEAR) -> tuple[PhaseYear, ...]:
    """Return every year of the plan from `first` to `last`, also those in which nothing changes.

    Raises
    ------
    ScenarioError
        When a project cannot be read.
    """
    library = load_projects(workspace.scenarios_dir)
    links = workspace.region.links
    years: list[PhaseYear] = []
    before: tuple[str, ...] = ()
    roads_before: set[str] | None = None
    for year in range(first, last + 1):
        day = date(year, 12, 31)
        in_use = [is_open(o, c, day) for o, c in zip(links["opened"], links["closed"], strict=True)]
        roads = set(links.loc[in_use, "link_id"].astype(str))
        projects = tuple(p.id for p in _select(workspace, library, day))
        years.append(
            PhaseYear(
                year,
                day,
                projects,
                tuple(p for p in projects if p not in before),
                tuple(sorted(roads - roads_before)) if roads_before is not None else (),
                tuple(sorted(roads_before - roads)) if roads_before is not None else (),
            )
        )
        before, roads_before = projects, roads
    return tuple(years)


def list_undated(workspace: Workspace) -> tuple[str, ...]:
    """Return the projects without an opening date: no year of the plan holds them."""
    return tuple(p.id for p in load_projects(workspace.scenarios_dir) if p.opens.latest is None)


def build_phase_scenario(workspace: Workspace, year: int) -> Scenario:
    """Return the plan at the end of a year as a scenario by date, ``year-<year>``."""
    day = date(year, 12, 31)
    projects = tuple(_select(workspace, load_projects(workspace.scenarios_dir), day))
    title = Title(zh=f"{year}年底(只计有开通日期的项目)", en=f"end of {year} (dated projects only)")
    return Scenario(f"year-{year}", title, None, day, None, projects, {}, {})


def _select(workspace: Workspace, library: tuple[Project, ...], day: date) -> list[Project]:
    """Return the dated projects of a day in order of opening, without those that its roads by date already hold."""
    ground = build_network(workspace.region, day, workspace.assumptions)
    return [p for p in list_dated(library, day) if not _is_held(p, ground)]


def _is_held(project: Project, ground: Network) -> bool:
    report = Report()
    check_guards(project, ground, report)
    return report.count_errors() > 0
