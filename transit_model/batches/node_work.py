"""The work of ``batch --measure nodes``: what lies within a drive of very many origins, summed inside the search.

No table of times is ever made: a street network of any size, and every node of it as an origin, takes the graph, the
weights of the destinations and a row for each origin. `streets.street_search` tells when a contraction hierarchy is
worth its price; contracted ones are kept on the disk.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from transit_model.batches.point_graph import PointGraph, build_point_graph
from transit_model.batches.question import OriginQuestion
from transit_model.batches.street_sums import StreetSums, build_street_sums
from transit_model.batches.task import Task
from transit_model.batches.work import ORIGIN_COLUMNS
from transit_model.domain.modes import Mode, Reading, SpeedTable
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.measure.road_times import compute_terminal_s
from transit_model.measure.session import Session
from transit_model.network.arrays import F64
from transit_model.store.cache import Cache
from transit_model.units import TICKS_PER_S, min_to_s

SEATS, SEAT_POPULATION, OPPORTUNITIES = "county_seats", "seat_population", "opportunities"
_WHOLE = (SEATS, OPPORTUNITIES)


@dataclass(frozen=True, eq=False)
class CountedPlaces:
    """What is counted within a time.

    Attributes
    ----------
    places : tuple of Place
        County seats first, then the points of a file.
    n_seats : int
        How many of them are county seats: an origin that is one of these leaves itself out.
    weights : (n_places, n_names) float64
        Whole numbers.
    names : tuple of str
        Column of each weight.
    """

    places: tuple[Place, ...]
    n_seats: int
    weights: F64
    names: tuple[str, ...]


@dataclass
class NodeWork:
    """Sums what is within each cutoff of origins by road, in sessions.

    Attributes
    ----------
    sessions : list of Session
        One for each layer of the tasks; not shipped, see `warm`.
    timetables : tuple of str
        That of each layer.
    """

    question: OriginQuestion
    sessions: list[Session]
    origins: tuple[Place, ...]
    counted: CountedPlaces
    _sums: dict[tuple[int, SpeedTable], tuple[PointGraph, StreetSums]] = field(default_factory=dict)
    timetables: tuple[str, ...] = ()
    _spare_ticks: dict[tuple[int, Reading], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.timetables = tuple(s.timetable_id for s in self.sessions)

    def __getstate__(self) -> dict[str, object]:
        # The packed graphs are all that a worker needs.
        return {**self.__dict__, "sessions": []}

    def warm(self) -> NodeWork:
        """Pack the streets of every layer and reading, or contract them, before the work is shipped; return it."""
        n = len(self.counted.places)
        for layer, session in enumerate(self.sessions):
            for reading in self.question.readings:
                cutoffs = [_spare(session, reading, minutes) for minutes in self.question.cutoffs_min]
                self._spare_ticks[layer, reading] = cutoffs
                key = (layer, session.speed_table(reading))
                if key in self._sums:
                    continue
                graph = build_point_graph(session, self.origins, self.counted.places, reading)
                at, weights = graph.destination >= 0, np.zeros((graph.streets.n_nodes, len(self.counted.names)))
                weights[graph.destination[at]] = self.counted.weights[np.flatnonzero(at)] if n else 0.0
                named = dict(zip(self.counted.names, weights.T, strict=True))
                nodes = np.maximum(graph.origin, 0)
                sums = build_street_sums([graph.streets], nodes, [named], max(*cutoffs, 0), cache=Cache())
                self._sums[key] = (graph, sums)
        return self

    def prepare(self) -> None:
        """Run one search on each graph, so that compiled code is loaded before the first task."""
        for _, sums in self._sums.values():
            sums.prepare()

    def measure(self, task: Task) -> pa.Table:
        """Return a row for each origin, reading and cutoff: what heads it, and the sums by name."""
        q, rows, k = self.question, slice(task.start, task.stop), len(self.counted.names)
        places = self.origins[rows]
        found = np.zeros((len(places), len(q.readings), len(q.cutoffs_min), k))
        for r, reading in enumerate(q.readings):
            tables = {t for at, t in self._sums if at == task.layer}
            table = READING_RULES[reading].own_speeds or next(t for t in tables if _runs(t, reading))
            graph, sums = self._sums[task.layer, table]
            on_road, itself = graph.origin[rows] >= 0, graph.itself[rows]
            left_out = (itself >= 0) & (itself < self.counted.n_seats) & on_road
            for c, ticks in enumerate(self._spare_ticks[task.layer, reading]):
                if ticks < 0:
                    continue
                found[:, r, c] = sums.sum_rows(0, rows, ticks)
                found[~on_road, r, c] = 0.0
                found[left_out, r, c] -= self.counted.weights[itself[left_out]]
        return _tabulate(places, q, self.timetables[task.layer], self.counted.names, found)


def _runs(table: SpeedTable, reading: Reading) -> bool:
    return (table is SpeedTable.FREE) == (READING_RULES[reading].own_speeds is SpeedTable.FREE)


def _spare(session: Session, reading: Reading, cutoff_min: float) -> int:
    """Return the ticks of a cutoff that are left for the drive itself; below 0 when getting to the car takes longer."""
    left_s = min_to_s(cutoff_min) - sum(compute_terminal_s(session, reading))
    return math.floor(left_s * TICKS_PER_S + 1e-6)


def _tabulate(
    places: Sequence[Place], question: OriginQuestion, timetable: str, names: Sequence[str], found: F64
) -> pa.Table:
    """Return the table of sums (n_origins, n_readings, n_cutoffs, n_names), in this order of rows."""
    _, n_readings, n_cutoffs, _ = found.shape
    each = n_readings * n_cutoffs
    heads = {
        "from": np.repeat(np.array([p.place_id for p in places], dtype=object), each),
        "lon": np.repeat(np.array([p.at.lon for p in places], dtype=np.float64), each),
        "lat": np.repeat(np.array([p.at.lat for p in places], dtype=np.float64), each),
        "mode": [Mode.ROAD.value] * (each * len(places)),
        "reading": [r.value for r in question.readings for _ in question.cutoffs_min] * len(places),
        "timetable": [timetable] * (each * len(places)),
        "cutoff_min": list(question.cutoffs_min) * (n_readings * len(places)),
    }
    kinds = [pa.int64() if name in _WHOLE else pa.float64() for name in names]
    schema = pa.schema([*ORIGIN_COLUMNS, ("cutoff_min", pa.float64()), *zip(names, kinds, strict=True)])
    flat = found.reshape(-1, len(names))
    sums = {n: flat[:, k].astype(np.int64 if n in _WHOLE else np.float64) for k, n in enumerate(names)}
    return pa.table([pa.array(v, schema.field(n).type) for n, v in {**heads, **sums}.items()], schema=schema)
