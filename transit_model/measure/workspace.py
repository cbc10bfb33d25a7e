"""A region, its assumptions, and a library of scenarios and goals: where every command starts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from transit_model.assumptions import Assumptions, read_default_assumptions
from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.domain.named_words import read_names, read_one
from transit_model.domain.region import Region, TimetableInfo
from transit_model.errors import InputError, Issue, ScenarioError, has_errors
from transit_model.goals.schema import Goal, load_goals
from transit_model.measure.coach_times import CoachTimes
from transit_model.measure.data_warnings import list_data_warnings
from transit_model.measure.memo import Memo
from transit_model.measure.session import Session
from transit_model.measure.window_check import check_window
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.region.pack import read_region
from transit_model.scenario.apply import apply_projects, resolve_projects
from transit_model.scenario.base_schema import Guards, Project
from transit_model.scenario.bus_edit import has_bus_lines
from transit_model.scenario.compose import VARIANT_MARK, Scenario, ScenarioLoader
from transit_model.scenario.load import Study, list_scenarios, load_choices, load_scenario, load_study
from transit_model.scenario.lookup import Report, check_guards
from transit_model.scenario.read_files import read_scenario
from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.store.library import Library
from transit_model.store.resources import find_inputs
from transit_model.units import parse_clock_s

SHIPPED_BASE = "built-2025"
"""The base case that commands take when none is named."""


@dataclass
class Workspace:
    """Reads each input once and builds networks on demand.

    `population` says how people are placed: model, seat, even, or a file of persons (see `study.people`).
    `timetable` is the id of the timetable that every network runs on, None for the one of its date.
    `memo`, where there is one, shares what is measured between the sessions of scenarios, as far as their inputs are
    the same: worth its digests where many scenarios are measured.
    """

    region: Region
    library: Library
    assumptions: Assumptions
    population: str = "model"
    timetable: str | None = None
    memo: Memo | None = None
    _networks: dict[str, Network] = field(default_factory=dict)
    _scenarios: dict[str, Scenario] = field(default_factory=dict)
    _grounds: dict[date, Network] = field(default_factory=dict)

    @classmethod
    def open(
        cls,
        region: str | Path | None = None,
        scenarios: Path | None = None,
        population: str = "model",
        *,
        timetable: str | None = None,
    ) -> Workspace:
        """Open a region pack (default: the shipped one) and its scenarios.

        A folder given builds on those of the pack and on the shipped ones of the same region (see `find_inputs`).

        Raises
        ------
        InputError
            When the pack or the folder is missing or wrong, with all issues; ``unknown_timetable``.
        """
        where, folders = find_inputs(region, scenarios)
        pack = read_region(where)
        if timetable is not None:
            pack.info.get_timetable(timetable)
        assumptions = read_default_assumptions()
        if pack.info.assumptions:
            assumptions = assumptions.with_changes(**pack.info.assumptions)
        return cls(pack, Library(folders), assumptions, population, timetable)

    def afresh(self) -> Workspace:
        """Return a workspace of the same inputs in which nothing is built, read or measured yet."""
        memo = None if self.memo is None else Memo()
        return replace(self, memo=memo, _networks={}, _scenarios={}, _grounds={})

    def with_memo(self) -> Workspace:
        """Return this workspace with a memo of its own; what is built and read is shared."""
        return replace(self, memo=Memo())

    @property
    def scenarios_dir(self) -> Path:
        """Return the folder of one's own: the first of the library."""
        return self.library.own

    def scenario(self, scenario_id: str) -> Scenario:
        """Return a scenario of the library by id (or ``id@variant``).

        Raises
        ------
        ScenarioError
            When there is none, with the nearest names, or it cannot be read.
        """
        if scenario_id not in self._scenarios:
            self._scenarios[scenario_id] = load_scenario(self.library, scenario_id, self.is_held)
        return self._scenarios[scenario_id]

    def choose(self, scenario_id: str | None = None) -> str:
        """Return the scenario asked for; when none is named `SHIPPED_BASE`, else the latest base of the region.

        Raises
        ------
        ScenarioError
            When no base case could be meant.
        """
        if scenario_id is not None:
            return read_names([scenario_id], "scenario", f"'{SHIPPED_BASE}'")[0]
        if SHIPPED_BASE in self.library.list_files():
            return SHIPPED_BASE
        bases = [e for e in list_scenarios(self.library) if e.as_of is not None]
        built = [e for e in bases if e.as_of is not None and e.as_of <= self.region.info.built_as_of] or bases
        if not built:
            hint = "name one with --scenario, see `transit-model scenario list`"
            raise ScenarioError(Issue("no_base", "error", "no scenario was named and there is no base case", hint=hint))
        return max(built, key=lambda e: (e.as_of or date.min, e.scenario_id)).scenario_id

    def is_held(self, project: Project, day: date) -> bool:
        """Return whether the region as it stood at the end of a day holds a project already, as its guards say."""
        if project.existing == Guards():
            return False
        if day not in self._grounds:
            self._grounds[day] = self.build_ground(day)
        report = Report()
        check_guards(project, self._grounds[day], report)
        return report.count_errors() > 0

    def find_timetable(self, scenario_id: str) -> TimetableInfo:
        """Return the timetable that a scenario runs on.

        Raises
        ------
        InputError
            ``base_before_timetables``; ScenarioError when the scenario cannot be read.
        """
        if self.timetable is not None:
            return self.region.info.get_timetable(self.timetable)
        return self.find_timetable_of(self.scenario(scenario_id).as_of)

    def find_timetable_of(self, day: date) -> TimetableInfo:
        """Return the timetable that a base of a date runs on: the one asked for, else the newest not after it."""
        info = self.region.info
        return info.choose_timetable(day) if self.timetable is None else info.get_timetable(self.timetable)

    def build_ground(self, day: date, assumptions: Assumptions | None = None) -> Network:
        """Return the region as it stood at the end of a day, on the timetable asked for, else the one of the day.

        Raises
        ------
        InputError
            ``base_before_timetables``.
        """
        return build_network(self.region, day, assumptions or self.assumptions, timetable_id=self.timetable)

    def _build_base(self, scenario: Scenario) -> Network:
        """Return the ground of a scenario; a date before every timetable is told with the file that says it."""
        try:
            return self.build_ground(scenario.as_of)
        except InputError as error:
            name = (scenario.base_id or scenario.scenario_id).split(VARIANT_MARK)[0]
            path = self.library.list_files().get(name)
            document = None if path is None else read_scenario(path)[1]
            line = None if document is None else document.line_of("base", "as_of")
            file = None if document is None else document.file
            issues = [replace(issue, file=file, line=line, field="base.as_of") for issue in error.issues]
            raise ScenarioError(issues) from error

    def check(self, scenario_id: str) -> tuple[Network | None, list[Issue]]:
        """Return every mistake of a scenario, its projects and their application, and every warning.

        What can be read is applied although something else cannot, so that one run tells all. The network is None
        when there is an error.
        """
        issues = self.library.check_twins()
        loader = ScenarioLoader(self.library, issues, self.is_held)
        scenario = loader.load(scenario_id, (), None)
        if scenario is None:
            return None, issues
        issues += scenario.remarks
        try:
            if has_errors(issues):
                start = self._build_base(scenario)
                projects = tuple({p.id: p for p in scenario.projects}.values())
            else:
                self._scenarios.setdefault(scenario_id, scenario)
                start, projects = self._find_start(scenario)
        except ScenarioError as error:
            return None, [*issues, *error.issues]
        network, more = resolve_projects(start, projects, road_time_s=CoachTimes(), lost=loader.lost)
        issues += [i for i in more if i.severity != "info"]
        if has_errors(issues) or network is None:
            return None, issues
        return self._networks.setdefault(scenario_id, network), issues

    def study(self, path: Path) -> Study:
        """Return the study of a file; its scenarios and goals are those of the library."""
        return load_study(path, self.library, self.is_held)

    def choices(self) -> StudyChoices:
        """Return what the default study measures: cutoffs, rings, compared surfaces, steps, years."""
        return load_choices(self.library.find_study())

    def network(self, scenario_id: str) -> Network:
        """Return the network of a scenario: the region at its date with its projects applied."""
        if scenario_id not in self._networks:
            scenario = self.scenario(scenario_id)
            start, projects = self._find_start(scenario)
            self._networks[scenario_id] = apply_projects(start, projects, road_time_s=CoachTimes())
        return self._networks[scenario_id]

    def _find_start(self, scenario: Scenario) -> tuple[Network, tuple[Project, ...]]:
        """Return a network to start from and the projects still to apply.

        It is that of the base case where the scenario keeps all its projects, else that of the region. Buses are
        timed when all roads are known: a base case with buses is not built upon.
        """
        if scenario.base_id is not None:
            base = self.scenario(scenario.base_id)
            n = len(base.projects)
            with suppress(ScenarioError):  # all issues of all projects are to be reported together
                if base.as_of == scenario.as_of and base.projects == scenario.projects[:n]:
                    network = self.network(scenario.base_id)
                    if not has_bus_lines(network):
                        # without digests of a memo it costs nothing to tell what its projects change of the roads
                        start = network.as_road_base() if self.memo is None else network
                        return start, scenario.projects[n:]
        return self._build_base(scenario), scenario.projects

    def session(
        self,
        scenario_id: str | None = None,
        *,
        date: str | None = None,
        window: str | None = None,
        vehicle: Vehicle = Vehicle.CAR,
        speeds: SpeedTable = SpeedTable.TYPICAL,
    ) -> Session:
        """Return a session of a scenario (default: see `choose`); ``YYYY-MM-DD`` and ``HH:MM-HH:MM`` as typed."""
        day = None if date is None else parse_day(date)
        span = None if window is None else parse_window(window)
        scenario_id = self.choose(scenario_id)
        network = self.network(scenario_id)
        how: dict[str, Any] = {
            "vehicle": read_one(vehicle, Vehicle, "vehicle"),
            "speeds": read_one(speeds, SpeedTable, "speeds"),
            "memo": self.memo,
        }
        return Session(scenario_id, network, service_date=day, window=span, **how)

    def data_warnings(self) -> list[Issue]:
        """Return what is odd about the data of the region and may have moved minutes, each kind once."""
        return list_data_warnings(self.region, self.assumptions)

    def goals(self) -> list[Goal]:
        """Return all goals of the library."""
        return load_goals(self.library)


def parse_day(text: str) -> date:
    """Return the day of ``YYYY-MM-DD``.

    Raises
    ------
    InputError
        When it is none.
    """
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise InputError(
            Issue("bad_date", "error", "not a date", field="date", value=str(text), hint="write YYYY-MM-DD")
        ) from error


def parse_window(text: str) -> tuple[int, int]:
    """Return the clock seconds of ``HH:MM-HH:MM``; the end must be later.

    Raises
    ------
    InputError
        When it is no window.
    """
    try:
        start_s, end_s = (parse_clock_s(p) for p in text.replace("–", "-").split("-"))
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(
            Issue("bad_window", "error", "not a window", field="window", value=str(text), hint="write 07:00-21:00")
        ) from error
    check_window((start_s, end_s), text)
    return start_s, end_s
