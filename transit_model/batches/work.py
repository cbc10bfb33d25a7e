"""The work of a study's batch: sessions with what they compiled, measured exactly as single questions are."""

from __future__ import annotations

import copy
import importlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from transit_model.batches.question import BatchMeasure, OriginQuestion
from transit_model.batches.task import Task
from transit_model.domain.place import Place
from transit_model.measure.od import compute_od, od_records
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.streets.street_search import choose_method
from transit_model.surface.population import compute_population_within
from transit_model.units import S_PER_MIN, m_to_km, min_to_s

_TEXT = pa.dictionary(pa.int32(), pa.string())
ORIGIN_COLUMNS = [
    ("from", pa.string()),
    ("lon", pa.float64()),
    ("lat", pa.float64()),
    ("mode", _TEXT),
    ("reading", _TEXT),
    ("timetable", _TEXT),
]
SCHEMAS = {
    BatchMeasure.TIMES: pa.schema(
        [
            ("from", pa.string()),
            ("to", pa.string()),
            ("mode", _TEXT),
            ("reading", _TEXT),
            ("timetable", _TEXT),
            ("minutes", pa.float64()),
            ("p10", pa.float64()),
            ("p90", pa.float64()),
            ("reachable", pa.bool_()),
            ("via", pa.string()),
            ("note", pa.string()),
        ]
    ),
    BatchMeasure.SEATS: pa.schema(
        [*ORIGIN_COLUMNS, ("cutoff_min", pa.float64()), ("county_seats", pa.int64()), ("seat_population", pa.float64())]
    ),
    BatchMeasure.POPULATION: pa.schema(
        [
            *ORIGIN_COLUMNS,
            ("cutoff_min", pa.float64()),
            ("population", pa.float64()),
            ("population_share", pa.float64()),
            ("note", pa.string()),
        ]
    ),
}
"""Columns of the parts; minutes, p10 and p90 are rounded to 0.01 as in the files of ``od``."""


@dataclass
class StudyWork:
    """Measures a question from origins in sessions.

    Attributes
    ----------
    sessions : list of Session
        One for each layer of the tasks.
    destinations : tuple of Place
        Of `times`; the county seats of the census for `seats`; unused for `population`.
    masses : DataFrame
        Columns ``id, mass``: people of each destination of `seats`, in their order.
    people : (ny, nx) float64 or None
        Persons by cell for `population`: one distribution for all scenarios.
    """

    question: OriginQuestion
    sessions: list[Session]
    origins: tuple[Place, ...]
    destinations: tuple[Place, ...] = ()
    masses: pd.DataFrame = field(default_factory=pd.DataFrame)
    people: npt.NDArray[np.float64] | None = None
    _builders: dict[int, SurfaceBuilder] = field(default_factory=dict)

    def warm(self) -> StudyWork:
        """Compile all networks by measuring one origin in each, so that workers get them ready; return the work."""
        self.prepare()
        for layer, session in enumerate(self.sessions):
            if self.question.measure is BatchMeasure.POPULATION:
                self._builders[layer] = SurfaceBuilder(session, self.question.cell_m)
            session.find_off_network(self.origins)
            self._measure(layer, self.origins[:1])
        return self

    def prepare(self) -> None:
        """Load the compiled street search when the batch as a whole is worth it; its tasks are too small to tell."""
        sizes = {s.roads(r).arrays.n_nodes for s in self.sessions for r in self.question.readings}
        if any(choose_method(n, len(self.origins), loaded=False) == "buckets" for n in sizes):
            importlib.import_module("transit_model.streets.bucket_queue")

    def measure(self, task: Task) -> pa.Table:
        """Return the rows of some origins in one layer; columns as in `SCHEMAS`."""
        return self._measure(task.layer, self.origins[task.start : task.stop])

    def _measure(self, layer: int, origins: Sequence[Place]) -> pa.Table:
        how = {
            BatchMeasure.TIMES: self._measure_times,
            BatchMeasure.SEATS: self._measure_seats,
            BatchMeasure.POPULATION: self._measure_population,
        }
        ran = {"timetable": self.sessions[layer].timetable_id}
        rows = [{**row, **ran} for row in how[self.question.measure](layer, origins)]
        return pa.Table.from_pylist(rows, schema=SCHEMAS[self.question.measure])

    def _compute_od(self, layer: int, origins: Sequence[Place]) -> pd.DataFrame:
        q = self.question
        return compute_od(
            self.sessions[layer], origins, self.destinations, q.modes, q.readings, with_km=False, policy=q.policy
        )

    def _measure_times(self, layer: int, origins: Sequence[Place]) -> list[dict[str, object]]:
        return od_records(self._compute_od(layer, origins))

    def _measure_seats(self, layer: int, origins: Sequence[Place]) -> list[dict[str, object]]:
        q = self.question
        # The rows of an OD table run through origins, destinations, modes and readings in this order.
        shape = len(origins), len(self.destinations), len(q.modes), len(q.readings)
        time_s = self._compute_od(layer, origins)["minutes"].to_numpy(dtype=np.float64).reshape(shape) * S_PER_MIN
        mass = self.masses["mass"].to_numpy(dtype=np.float64)
        others = np.array([[o.place_id != d.place_id for d in self.destinations] for o in origins]).reshape(shape[:2])
        rows = []
        for i, place in enumerate(origins):
            heads = iter(self._list_heads(place))
            for m, r, cutoff in np.ndindex(len(q.modes), len(q.readings), len(q.cutoffs_min)):
                reached = others[i] & (time_s[i, :, m, r] <= min_to_s(q.cutoffs_min[cutoff]))
                row = {"county_seats": int(reached.sum()), "seat_population": float(mass[reached].sum())}
                rows.append({**next(heads), **row})
        return rows

    def _measure_population(self, layer: int, origins: Sequence[Place]) -> list[dict[str, object]]:
        assert self.people is not None
        session, rows = self.sessions[layer], []
        off = session.find_off_network(origins)
        for place in origins:
            builder = _copy(self._builders[layer])
            if place.place_id in off:
                note = f"{m_to_km(off[place.place_id]):.0f} km from the nearest road"
                rows += [{**head, "note": note} for head in self._list_heads(place)]
                continue
            within: Mapping[tuple[object, object], pd.DataFrame] = {
                (mode.value, reading.value): compute_population_within(
                    builder.compute(place, mode, reading).time_s,
                    self.people,
                    [min_to_s(c) for c in self.question.cutoffs_min],
                ).set_index("cutoff_s")
                for mode in self.question.modes
                for reading in self.question.readings
            }
            for head in self._list_heads(place):
                row = within[head["mode"], head["reading"]].loc[min_to_s(float(str(head["cutoff_min"])))]
                share = float(row["share"])
                known = share if math.isfinite(share) else None
                rows.append({**head, "population": float(row["population"]), "population_share": known, "note": ""})
        return rows

    def _list_heads(self, place: Place) -> list[dict[str, object]]:
        return [
            {
                "from": place.place_id,
                "lon": place.at.lon,
                "lat": place.at.lat,
                "mode": mode.value,
                "reading": reading.value,
                "cutoff_min": cutoff,
            }
            for mode in self.question.modes
            for reading in self.question.readings
            for cutoff in self.question.cutoffs_min
        ]


def _copy(builder: SurfaceBuilder) -> SurfaceBuilder:
    """Return a builder that keeps times of its own: they are not wanted twice, and other threads keep theirs."""
    other = copy.copy(builder)
    other._kept = {}
    return other
