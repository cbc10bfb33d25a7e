"""A region, its assumptions, and a folder of scenarios and goals: where every command starts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from transit_model.assumptions import Assumptions, read_default_assumptions
from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.domain.region import Region
from transit_model.errors import InputError, Issue, ScenarioError
from transit_model.goals.schema import Goal, load_goals
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.network.street_arrays import CompiledStreets, compile_streets
from transit_model.readers.region import read_region
from transit_model.readers.resources import find_inputs
from transit_model.routing.streets import compute_street_od
from transit_model.routing.terminals import build_node_terminals
from transit_model.scenario.apply import apply_projects
from transit_model.scenario.base_schema import Project
from transit_model.scenario.bus_edit import BUS_LINES
from transit_model.scenario.compose import Scenario
from transit_model.scenario.load import list_scenarios, load_scenario
from transit_model.study.data_warnings import list_data_warnings
from transit_model.study.session import Session
from transit_model.units import parse_clock_s

GOALS_FOLDER = "goals"
SHIPPED_BASE = "built-2025"
"""The base case that commands take when none is named."""


@dataclass
class Workspace:
    """Reads each input once and builds networks on demand.

    `population` says how people are placed: model, seat, even, or a file of persons (see `study.people`).
    """

    region: Region
    scenarios_dir: Path
    assumptions: Assumptions
    population: str = "model"
    _networks: dict[str, Network] = field(default_factory=dict)
    _scenarios: dict[str, Scenario] = field(default_factory=dict)

    @classmethod
    def open(
        cls, region: str | Path | None = None, scenarios: Path | None = None, population: str = "model"
    ) -> Workspace:
        """Open a region pack (default: the shipped one) and a scenarios folder.

        The folder is the one given, else ``scenarios/`` of the pack where it has one, else the shipped one.

        Raises
        ------
        InputError
            When the pack or the folder is missing or wrong, with all issues.
        """
        where, folder = find_inputs(region, scenarios)
        pack = read_region(where)
        assumptions = read_default_assumptions()
        if pack.info.assumptions:
            assumptions = assumptions.with_changes(**pack.info.assumptions)
        return cls(pack, folder, assumptions, population)

    def afresh(self) -> Workspace:
        """Return a workspace of the same inputs in which nothing is built or read yet."""
        return replace(self, _networks={}, _scenarios={})

    def scenario(self, scenario_id: str) -> Scenario:
        """Return a scenario of the folder by id (or ``id@variant``)."""
        scenario_id = self.resolve(scenario_id)
        if scenario_id not in self._scenarios:
            self._scenarios[scenario_id] = load_scenario(self.scenarios_dir, scenario_id)
        return self._scenarios[scenario_id]

    def resolve(self, scenario_id: str) -> str:
        """Return the id to use: in a folder without `SHIPPED_BASE` that name means the first base case by name."""
        if scenario_id != SHIPPED_BASE or (self.scenarios_dir / f"{SHIPPED_BASE}.yaml").is_file():
            return scenario_id
        bases = [e.scenario_id for e in list_scenarios(self.scenarios_dir) if e.is_base_case]
        return min(bases, default=scenario_id)

    def network(self, scenario_id: str) -> Network:
        """Return the network of a scenario: the region at its date with its projects applied."""
        scenario_id = self.resolve(scenario_id)
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
                    if not network.extra.get(BUS_LINES):
                        return network, scenario.projects[n:]
        return build_network(self.region, scenario.as_of, self.assumptions), scenario.projects

    def session(
        self,
        scenario_id: str,
        *,
        date: str | None = None,
        window: str | None = None,
        vehicle: Vehicle = Vehicle.CAR,
        speeds: SpeedTable = SpeedTable.TYPICAL,
    ) -> Session:
        """Return a session of a scenario; date as ``YYYY-MM-DD`` and window as ``HH:MM-HH:MM`` as typed by people."""
        day = None if date is None else parse_day(date)
        span = None if window is None else parse_window(window)
        scenario_id = self.resolve(scenario_id)
        network = self.network(scenario_id)
        return Session(scenario_id, network, service_date=day, window=span, vehicle=vehicle, speeds=speeds)

    def data_warnings(self) -> list[Issue]:
        """Return what is odd about the data of the region and may have moved minutes, each kind once."""
        return list_data_warnings(self.region, self.assumptions)

    def goals(self) -> list[Goal]:
        """Return all goals of the folder."""
        return load_goals(self.scenarios_dir / GOALS_FOLDER)


class CoachTimes:
    """Typical driving times of a coach between road nodes of a network; compiles each network once."""

    def __init__(self) -> None:
        self._last: tuple[Network, CompiledStreets] | None = None

    def __call__(self, from_node_id: str, to_node_id: str, network: Network) -> float:
        """Return seconds from node to node, inf when there is no way."""
        if self._last is None or self._last[0] is not network:
            self._last = (network, compile_streets(network, Vehicle.COACH, SpeedTable.TYPICAL))
        streets = self._last[1]
        nodes = [streets.graph_node.get(n, -1) for n in (from_node_id, to_node_id)]
        if min(nodes) < 0:
            return float("inf")
        start, end = build_node_terminals(nodes[:1]), build_node_terminals(nodes[1:])
        return float(compute_street_od(streets.arrays, start, end)[0, 0])


def parse_day(text: str) -> date:
    """Return the day of ``YYYY-MM-DD``.

    Raises
    ------
    InputError
        When it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            Issue("bad_date", "error", "not a date", field="date", value=text, hint="write YYYY-MM-DD")
        ) from error


def parse_window(text: str) -> tuple[int, int]:
    """Return the clock seconds of ``HH:MM-HH:MM``; the end must be later.

    Raises
    ------
    InputError
        When it is no window.
    """
    parts = text.replace("–", "-").split("-")
    try:
        start_s, end_s = (parse_clock_s(p) for p in parts)
    except ValueError as error:
        raise InputError(
            Issue("bad_window", "error", "not a window", field="window", value=text, hint="write 07:00-21:00")
        ) from error
    if end_s <= start_s:
        raise InputError(
            Issue(
                "empty_window",
                "error",
                "the departure window ends before it begins",
                field="window",
                value=text,
                hint="write the earlier time first; after midnight use hours above 24",
            )
        )
    return start_s, end_s
