"""A batch of a study put together: layers, origins, description with hashes of all inputs, and the work."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib.metadata import version
from operator import attrgetter
from typing import Any
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.batches.node_work import CountedPlaces, NodeWork
from transit_model.batches.opportunities import list_counted
from transit_model.batches.origins import GRID_CELL_M, list_origins
from transit_model.batches.question import BatchMeasure, OriginQuestion
from transit_model.batches.task import Task, list_tasks
from transit_model.batches.work import StudyWork
from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.measure.memo import digest_table
from transit_model.measure.people import place_people
from transit_model.measure.places import build_population_weights
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.workspace import Workspace, parse_window
from transit_model.network.model import Network
from transit_model.units import format_clock

_VERSIONED = ("transit-model", "numpy", "pandas", "scipy", "pyarrow")
_READ_PLACE = attrgetter(*(field.name for field in fields(Place)))
TASKS_AIMED_AT = 64
"""Partitions of a layer when no chunk is named: enough to share out and to lose little, few enough to look at."""
CHUNK_LEAST = {BatchMeasure.TIMES: 16, BatchMeasure.SEATS: 16, BatchMeasure.POPULATION: 2, BatchMeasure.NODES: 256}
"""Ways out of the stations are searched once a partition for all its origins; a surface shares nothing."""
CHUNK_MOST = {
    BatchMeasure.TIMES: 250,
    BatchMeasure.SEATS: 250,
    BatchMeasure.POPULATION: 250,
    BatchMeasure.NODES: 16_384,
}


@dataclass(frozen=True)
class Job:
    """A batch ready to run: `tasks` to measure with `work`, and `about`, which tells equal batches.

    `notices` is what to know about files of one's own that were read.
    """

    about: Mapping[str, Any]
    tasks: tuple[Task, ...]
    work: StudyWork | NodeWork
    notices: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class TravelConditions:
    """When one travels, and how the roads are driven; `windows` as in `build_job`."""

    windows: Sequence[str] = ()
    date: str | None = None
    vehicle: Vehicle = Vehicle.CAR
    speeds: SpeedTable = SpeedTable.TYPICAL


USUAL = TravelConditions()


def build_job(
    workspace: Workspace,
    scenarios: Sequence[str],
    question: OriginQuestion,
    origins: str,
    *,
    destinations: str = "seats",
    on: TravelConditions = USUAL,
    grid_cell_m: float = GRID_CELL_M,
    chunk: int | None = None,
) -> Job:
    """Put a batch together: scenarios x departure windows x origins.

    Parameters
    ----------
    scenarios : sequence of str
        Each becomes a folder ``scenario=ID`` of the output.
    origins, destinations : str
        See `list_origins`; destinations are for `times` only.
    on : TravelConditions
        Its departure windows ``HH:MM-HH:MM`` are each a folder ``window=HHMM-HHMM``; the region's when there is none.
    chunk : int, optional
        Most origins in one partition; about `TASKS_AIMED_AT` partitions a layer when absent.

    Raises
    ------
    InputError
        With the issues of what was typed.
    """
    layers = _open_layers(workspace, scenarios, on)
    first = next(iter(layers.values()))
    starts = tuple(list_origins(origins, list({id(s.network): s for s in layers.values()}.values()), grid_cell_m))
    aim, notices = _find_aim(first, question, destinations, grid_cell_m)
    size = chunk or min(
        CHUNK_MOST[question.measure], max(CHUNK_LEAST[question.measure], -(-len(starts) // TASKS_AIMED_AT))
    )
    python = ".".join(platform.python_version_tuple()[:2])
    about = {
        **question.as_dict(),
        "vehicle": on.vehicle.value,
        "speeds": on.speeds.value,
        "chunk": size,
        "layers": list(layers),
        "timetables": {name: session.timetable_id for name, session in layers.items()},
        "origins": len(starts),
        "inputs": {
            **{f"layer {name}": _digest_session(session) for name, session in layers.items()},
            "origins": _digest(starts),
            "destinations": _digest(aim.ends),
            "people": _digest([aim.masses, aim.people, *([] if aim.counted is None else vars(aim.counted).values())]),
        },
        "versions": {
            "python": python,
            **{name: version(name) for name in _VERSIONED},
        },
    }
    tasks = tuple(list_tasks(list(layers), len(starts), size))
    sessions = list(layers.values())
    if aim.counted is not None:
        return Job(about, tasks, NodeWork(question, sessions, starts, aim.counted), notices)
    return Job(about, tasks, StudyWork(question, sessions, starts, aim.ends, aim.masses, aim.people), notices)


@dataclass(frozen=True, eq=False)
class _Aim:
    """What is measured to: destinations, people at county seats or on the grid, what is counted at nodes."""

    ends: tuple[Place, ...] = ()
    masses: pd.DataFrame = field(default_factory=pd.DataFrame)
    people: npt.NDArray[np.float64] | None = None
    counted: CountedPlaces | None = None


def _find_aim(
    first: Session, question: OriginQuestion, destinations: str, grid_cell_m: float
) -> tuple[_Aim, tuple[Issue, ...]]:
    """Return what the question is measured to, and what to know about files that were read."""
    if question.measure is BatchMeasure.TIMES:
        return _Aim(tuple(list_origins(destinations, [first], grid_cell_m))), ()
    if question.measure is BatchMeasure.POPULATION:
        builder = SurfaceBuilder(first, question.cell_m)
        people = place_people(builder, question.population)
        if not people.any():
            hint = "give the region counties.csv, or --population FILE (.csv, .tif)"
            raise InputError(Issue("no_people", "error", "nobody is known to live in this region", hint=hint))
        return _Aim(people=people), tuple(builder.notices)
    weights = build_population_weights(first.network.counties, first.places.places)
    ends = tuple(p for p in first.places.list_group("county_seats") if p.place_id in weights)
    if not sum(weights[p.place_id] for p in ends):
        ends = ()
    masses = pd.DataFrame([(p.place_id, weights[p.place_id]) for p in ends], columns=["id", "mass"])
    if question.measure is BatchMeasure.NODES:
        counted, notices = list_counted(first, ends, masses, question.opportunities)
        return _Aim(counted=counted), notices
    if not ends:
        hint = "give the region counties.csv, or ask --measure times"
        raise InputError(Issue("no_census", "error", "no county seat of the region has people", hint=hint))
    return _Aim(ends, masses), ()


def _open_layers(
    workspace: Workspace,
    scenarios: Sequence[str],
    on: TravelConditions,
) -> dict[str, Session]:
    """Return a session for each folder; the windows of one scenario share what does not depend on them."""
    spans: list[tuple[int, int] | None] = [parse_window(w) for w in on.windows]
    layers: dict[str, Session] = {}
    twice = []
    for scenario in scenarios:
        session = workspace.session(scenario, date=on.date, vehicle=on.vehicle, speeds=on.speeds)
        for span in spans or [None]:
            name = f"scenario={quote(session.scenario_id, safe='@')}"
            own = session
            if span is not None:
                name += "/window=" + "-".join(format_clock(s).replace(":", "") for s in span)
                own = session.with_window(span)
            if name in layers:
                twice.append(name)
            layers[name] = own
    if twice or not layers:
        raise InputError(
            [Issue("duplicate_layer", "error", "this is asked for twice", field="scenario", value=n) for n in twice]
            or "a batch needs at least one scenario"
        )
    return layers


def _digest_session(session: Session) -> str:
    network = session.network
    rules = (network.rules, network.places_opened, network.places_closed)
    tables = (network.stations, network.counties, network.pack_tables, network.outlines)
    parts = (network.info, *tables, *rules, network.projects, session.service_date, session.window)
    digest = hashlib.sha256(f"{_describe_network(network)}|{session.vehicle}|{session.speeds}|".encode())
    # cells as they lie in memory: to write the tables out, as `Network.fingerprint` does, takes five times as long
    feed = (getattr(network.feed, name) for name in sorted(vars(network.feed)))
    roads = (network.nodes, network.links, network.shapes, network.station_links)
    for part in (network.places, *roads, *feed, *parts):
        digest.update(_digest(part).encode())
    return digest.hexdigest()


def _describe_network(network: Network) -> str:
    """Return what tells networks apart beside their tables."""
    works = sorted(f"{w.hours}{sorted(w.closed)}{sorted(w.slowed_kmh.items())}" for w in network.works)
    return f"{network.info.region_id}|{network.as_of.isoformat()}|{network.assumptions.fingerprint()}|{works}"


def _digest(value: Any) -> str:  # noqa: ANN401 - any of what networks hold
    """Return a hash of tables, arrays and plain values, whatever order sets and mappings have."""
    return hashlib.sha256(_spell(value)).hexdigest()


def _spell(value: Any) -> bytes:  # noqa: ANN401
    if isinstance(value, pd.DataFrame):
        return digest_table(value)
    if isinstance(value, np.ndarray):
        array: npt.NDArray[Any] = np.ascontiguousarray(value)
        return f"{array.dtype}{array.shape}".encode() + hashlib.sha256(array.tobytes()).digest()
    if isinstance(value, Mapping):
        pairs = sorted((str(k).encode(), _spell(v)) for k, v in value.items())
        return b"{" + b"|".join(k + b"=" + v for k, v in pairs) + b"}"
    if isinstance(value, set | frozenset):
        return b"(" + b"|".join(sorted(_spell(v) for v in value)) + b")"
    if isinstance(value, list | tuple):
        places = bool(value) and all(isinstance(one, Place) for one in value)
        parts = map(repr, map(_READ_PLACE, value)) if places else None
        return b"[" + ("|".join(parts).encode() if parts else b"|".join(_spell(v) for v in value)) + b"]"
    return repr(value).encode()
