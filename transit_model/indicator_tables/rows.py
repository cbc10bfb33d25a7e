"""The tidy row that every indicator is told in, and what the indicators of one scenario share."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.domain.readings import has_surface
from transit_model.measure.od import compute_od
from transit_model.measure.opportunities import PREFIX, Layer
from transit_model.measure.people import METHODS, place_people
from transit_model.measure.places import build_population_weights
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.surface.surface import Surface

COLUMNS = (
    "indicator",
    "title_zh",
    "title_en",
    "scenario",
    "mode",
    "reading",
    "place",
    "place_zh",
    "place_en",
    "subject",
    "measure",
    "value",
    "unit",
    "note_zh",
    "note_en",
    "source",
)
"""Columns of an indicator table: one number a row. `subject` is what it is about beside the place: a cutoff, the other
end of a pair, a combination of circles."""

MODES = (Mode.ROAD, Mode.BEST)
"""What indicators are measured on where nobody says otherwise: by road, and by the best of all modes."""


OUT_OF_REACH = ("不可达，或有一部分不可达", "out of reach, or some of it is")
NOTHING = ("没有可计算的对象", "there is nothing to compute it from")
"""Notes (zh, en) of rows without a number, where the indicator gives no better reason."""


@dataclass
class Measured:
    """One scenario with its surfaces, people and times between county seats, each measured when first asked for.

    Parameters
    ----------
    session : Session
    cutoffs_min : tuple of float
        Cutoffs of everything that counts what lies within a time.
    future_places : frozenset of str
        Places that only a project opens (an airport to come); in use when the network says so.
    cell_m : float
        Grid of the surfaces.
    readings, modes : tuple
        What travel times are of; the promoter's reading is asked of the road only.
    population : str or Path
        How people are placed: model, seat, even, or a file of persons.
    layer : Layer, optional
        Opportunities that are counted in place of people by everything that counts people.
    """

    session: Session
    cutoffs_min: tuple[float, ...] = (30.0, 60.0, 90.0, 120.0)
    future_places: frozenset[str] = frozenset()
    cell_m: float = 1000.0
    readings: tuple[Reading, ...] = (Reading.DOOR_TO_DOOR,)
    modes: tuple[Mode, ...] = MODES
    population: str | Path = "model"
    layer: Layer | None = None
    _surfaces: dict[tuple[str, Mode, Reading, bool], Surface] = field(default_factory=dict)

    @cached_property
    def builder(self) -> SurfaceBuilder:
        """The grid and the roads on it."""
        return SurfaceBuilder(self.session, self.cell_m)

    @cached_property
    def people(self) -> npt.NDArray[np.float64]:
        """Persons by cell, (ny, nx); the opportunities of the layer where there is one."""
        if self.layer is not None:
            return self.layer.place_on(self.builder.grid)
        return place_people(self.builder, self.population)

    @property
    def knows_people(self) -> bool:
        """Whether anybody is known to live here: in the counties of the census, or in a file of persons."""
        return self.layer is not None or str(self.population) not in METHODS or bool(self.people.any())

    @property
    def kinds(self) -> tuple[tuple[Mode, Reading], ...]:
        """Mode and reading of the travel times: those asked for that have a surface."""
        return tuple((m, r) for r in self.readings for m in self.modes if has_surface(m, r))

    @property
    def centres(self) -> list[Place]:
        """The centres of the region, in the order of the pack."""
        return self.session.places.list_members("centres")

    @property
    def seats(self) -> list[Place]:
        """The county seats that the census counts people of."""
        weights = self.census["id"].tolist()
        return [p for p in self.session.places.list_members("county_seats") if p.place_id in weights]

    @property
    def counted(self) -> list[Place]:
        """The places that `masses` stand at: the county seats, or the points of the layer."""
        return self.seats if self.layer is None else list(self.layer.points)

    @property
    def counted_words(self) -> tuple[str, str]:
        """Measure and unit of a number of `counted`."""
        return ("county_seats", "seats") if self.layer is None else ("points", "points")

    @property
    def masses(self) -> pd.DataFrame:
        """Columns ``id``, ``mass``: `census`, or the opportunities of the layer at their points."""
        return self.census if self.layer is None else self.layer.masses

    @cached_property
    def census(self) -> pd.DataFrame:
        """Columns ``id``, ``mass``: the 2020 census of each county at its seat."""
        weights = build_population_weights(self.session.network.counties, self.session.places.places)
        listed = {p.place_id for p in self.session.places.list_members("county_seats")}
        table = pd.DataFrame([(k, v) for k, v in weights.items() if k in listed], columns=["id", "mass"])
        return table.astype({"id": "str", "mass": "float64"})

    @cached_property
    def travel(self) -> pd.DataFrame:
        """Minutes from centres and county seats to centres and county seats, by `kinds`; points of the layer beside.

        From points times are told to the centres only: nobody asks from each to each.
        """
        ends = list({p.place_id: p for p in (*self.centres, *self.seats)}.values())
        points = [] if self.layer is None else list(self.layer.points)
        tables = [compute_od(self.session, ends, [*ends, *points], self.modes, self.readings, with_km=False)]
        if points and self.centres:
            tables.append(compute_od(self.session, points, self.centres, self.modes, self.readings, with_km=False))
        table = pd.concat(tables, ignore_index=True)
        kinds = {(m.value, r.value) for m, r in self.kinds}
        table = table[[k in kinds for k in zip(table["mode"], table["reading"], strict=True)]]
        return table.reset_index(drop=True)[["from", "to", "mode", "reading", "scenario", "minutes"]]

    @property
    def travel_to_seats(self) -> pd.DataFrame:
        """The rows of `travel` that end at a county seat with people, or at a point of the layer."""
        return self.travel[self.travel["to"].isin(self.masses["id"])]

    def surface(self, place: Place, mode: Mode, reading: Reading, *, reverse: bool = False) -> Surface:
        """Return a surface of the scenario, kept."""
        key = (place.place_id, mode, reading, reverse)
        if key not in self._surfaces:
            self._surfaces[key] = self.builder.compute(place, mode, reading, reverse=reverse)
        return self._surfaces[key]

    def name(self, place_id: str) -> tuple[str, str]:
        """Return the Chinese and the English name of a place."""
        if self.layer is not None and place_id.startswith(PREFIX):
            point = next(p for p in self.layer.points if p.place_id == place_id)
            return point.name_zh, point.name_en
        place = self.session.places.get_place(place_id)
        return place.name_zh, place.name_en


@dataclass
class Rows:
    """Collects the rows of one indicator."""

    measured: Measured
    indicator: str
    title: tuple[str, str]
    source: str
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(
        self,
        place: str,
        measure: str,
        value: float,
        unit: str,
        *,
        subject: str = "",
        kind: tuple[str, str] = ("", ""),
        note: tuple[str, str] = ("", ""),
    ) -> None:
        """Add one number of a place ("" for the whole region); `kind` is mode and reading, `note` zh and en."""
        names = self.measured.name(place) if place else ("全区域", "whole region")
        if self.measured.layer is not None:
            measure, unit = _name_layer(self.measured.layer, measure, unit)
        if not any(note) and not math.isfinite(value):
            note = NOTHING if math.isnan(value) else OUT_OF_REACH
        self.rows.append(
            {
                "indicator": self.indicator,
                "title_zh": self.title[0],
                "title_en": self.title[1],
                "scenario": self.measured.session.scenario_id,
                "mode": str(kind[0]),
                "reading": str(kind[1]),
                "place": place,
                "place_zh": names[0],
                "place_en": names[1],
                "subject": subject,
                "measure": measure,
                "value": float(value),
                "unit": unit,
                "note_zh": note[0],
                "note_en": note[1],
                "source": self.source,
            }
        )

    def table(self) -> pd.DataFrame:
        """Return the rows with the columns of `COLUMNS`."""
        return pd.DataFrame(self.rows, columns=list(COLUMNS))


_OF_PEOPLE: Final = ("seat_population", "population")


def _name_layer(layer: Layer, measure: str, unit: str) -> tuple[str, str]:
    """Return measure and unit with the layer in the place of people."""
    for word in _OF_PEOPLE:
        measure = measure.replace(word, layer.name)
    return measure, unit.replace("persons", layer.name)


def tell_people(m: Measured) -> tuple[str, str]:
    """Return why no number of people is told, empty where one is."""
    if m.knows_people:
        return "", ""
    return "本区域没有人口数据", "nobody is known to live in this region: counties.csv, or --population FILE"
