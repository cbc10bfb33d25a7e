"""All tables of one scenario: the OD rows that maps and goals read, verdicts, rings."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import PARTS, Mode, Reading
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.goals.judge import OdIndex, TimeFacts, Verdict, index_od, judge_goal, list_needed_pairs
from transit_model.goals.judge_counts import judge_frequency, judge_grid
from transit_model.goals.schema import Goal
from transit_model.measure.goal_counts import count_departures, find_prefectures, measure_grid_goal
from transit_model.measure.od import ALL_COLUMNS, compute_od
from transit_model.measure.opportunities import read_layer
from transit_model.measure.people import build_population
from transit_model.measure.places import build_population_weights
from transit_model.measure.population_models import add_alternatives, build_alternatives
from transit_model.measure.printed_times import is_printed, tell_unlisted
from transit_model.measure.rings import draw_place
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.surface.kept_times import KeptTimes, keep_times
from transit_model.surface.lattice import Lattice, Minutes, build_lattice
from transit_model.surface.population import sum_within
from transit_model.surface.reach_cells import Extent
from transit_model.units import min_to_s

if TYPE_CHECKING:
    import geopandas as gpd

MOST_KEPT_CELLS = 1_000_000
"""Of larger grids without a limit the times of compared kinds alone are kept: some 2 MB a surface up to here."""


@dataclass
class RingCache:
    """What the scenarios of one study share.

    Attributes
    ----------
    choices : StudyChoices
    frames : dict
        Rings by the content of the surface behind them: what a project leaves alone is drawn once.
    people : (ny, nx) float64
        Persons by cell, of the first scenario measured: a new road moves nobody.
    alternatives : dict of (ny, nx) float64
        The same persons placed in cruder ways, for how much hangs on the model.
    times : dict
        Cell times behind the rings that comparisons read, by the same content.
    limit_s : float or None
        See `find_limit_s`; one for all scenarios.
    key_of : dict
        (scenario, place, mode, reading) to the content.
    layers : dict
        Name of a layer of opportunities to what is counted, by cell.
    lattice : Lattice or None
        The cells of the maps, of the first scenario measured.
    minutes : dict of (n,) uint16
        Minutes at the cells of the maps behind all rings, by the same content.
    builders : dict
        Session, by its identity, to the builder of its surfaces, which keeps what it has searched.
    """

    choices: StudyChoices = field(default_factory=StudyChoices)
    frames: dict[str, gpd.GeoDataFrame] = field(default_factory=dict)
    people: npt.NDArray[np.float64] | None = None
    alternatives: dict[str, npt.NDArray[np.float64]] | None = None
    times: dict[str, KeptTimes] = field(default_factory=dict)
    limit_s: float | None = None
    key_of: dict[tuple[str, str, Mode, Reading], str] = field(default_factory=dict)
    lattice: Lattice | None = None
    minutes: dict[str, Minutes] = field(default_factory=dict)
    builders: dict[int, SurfaceBuilder] = field(default_factory=dict)
    layers: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    _extent: Extent | None = None

    def builder_of(self, session: Session) -> SurfaceBuilder:
        """Return the builder of surfaces on the region grid, made once a scenario."""
        if id(session) not in self.builders:
            self.builders[id(session)] = SurfaceBuilder(session, self.choices.cell_m, like=self.builders.values())
        return self.builders[id(session)]

    def place_layer(self, builder: SurfaceBuilder, name: str) -> npt.NDArray[np.float64]:
        """Return the opportunities of a layer by cell, read once a study: no scenario moves them."""
        if name not in self.layers:
            self.layers[name] = read_layer(builder.session, name).place_on(builder.grid)
        return self.layers[name]

    def find_limit_s(self, builder: SurfaceBuilder) -> float:
        """Return the time up to which surfaces are computed, in seconds; `inf` but on dense streets.

        There it is the last cutoff and the largest step of minutes saved: what lies beyond in both of two scenarios
        is on no map, and takes most of the time.
        """
        if self.limit_s is None:
            last_s = builder.find_limit_s([self.shown_min + max(self.choices.saved_steps_min)])
            self.limit_s = last_s if builder.is_dense else math.inf
        return self.limit_s

    def find_extent(self, builder: SurfaceBuilder) -> float | Extent:
        """Return which cells rings, comparisons and maps want: up to the limit, and all that a map carries."""
        limit_s = self.find_limit_s(builder)
        if math.isinf(limit_s) or self.lattice is None:
            return limit_s
        if self._extent is None:
            cells = np.zeros(builder.grid.shape, dtype=np.bool_)
            cells[self.lattice.rows, self.lattice.columns] = True
            self._extent = Extent(limit_s, cells)
        return self._extent

    @property
    def shown_min(self) -> float:
        """Minutes of the last ring."""
        return max(self.choices.cutoffs_min)

    def keeps_all(self, builder: SurfaceBuilder) -> bool:
        """Return whether the cell times of all rings are kept until they are compared, not only of compared kinds.

        Where there is a limit, or the grid is not large, this takes less than computing them a second time is worth.
        """
        return self.find_limit_s(builder) < math.inf or builder.grid.nx * builder.grid.ny <= MOST_KEPT_CELLS

    def forget_others(self, scenarios: Container[str]) -> None:
        """Forget the cell times that none of some scenarios has, and the builders of the others but the last.

        The last is kept for the next scenario, which may have the same roads.
        """
        known = {key for (name, *_), key in self.key_of.items() if name in scenarios}
        self.times = {key: times for key, times in self.times.items() if key in known}
        last = next(reversed(self.builders), None)
        kept = {i: b for i, b in self.builders.items() if i == last or b.session.scenario_id in scenarios}
        for builder in self.builders.values():
            builder.release()
        self.builders = kept

    def measure_times(self, builder: SurfaceBuilder, place: Place, kind: tuple[Mode, Reading]) -> None:
        """Keep the cell times of a scenario for comparisons, measured only where no equal inputs have been."""
        key = make_content_key(builder, place, kind)
        if key not in self.times:
            limit_s = self.find_limit_s(builder)
            self.times[key] = keep_times(builder.compute(place, *kind, limit_s=limit_s).time_s, limit_s)
        self.key_of[builder.session.scenario_id, place.place_id, *kind] = key

    def list_minutes(self, scenario: str) -> dict[tuple[str, str, str, str], Minutes]:
        """Return the minutes at the cells of the maps by scenario, origin, mode and reading."""
        return {
            (name, place, mode.value, reading.value): self.minutes[key]
            for (name, place, mode, reading), key in self.key_of.items()
            if name == scenario and key in self.minutes
        }

    def get_times(self, scenario: str, place: str, kind: tuple[Mode, Reading]) -> npt.NDArray[np.float64]:
        """Return the cell times of a scenario measured before, (ny, nx) seconds."""
        return self.times[self.key_of[scenario, place, *kind]].fill()

    def get_both_times(
        self, pair: tuple[str, str], place: str, kind: tuple[Mode, Reading]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the cell times of two scenarios; one array twice where both are of the same inputs."""
        first = self.get_times(pair[0], place, kind)
        same = self.key_of[pair[0], place, *kind] == self.key_of[pair[1], place, *kind]
        return first, first if same else self.get_times(pair[1], place, kind)


def list_ring_origins(session: Session, choices: StudyChoices) -> list[Place]:
    """Return the places that the rings of a study start from, each once."""
    places = [p for name in choices.origins for p in session.places.list_group(name)]
    return list({p.place_id: p for p in places}.values())


def measure_od(session: Session, goals: Sequence[Goal], choices: StudyChoices | None = None) -> pd.DataFrame:
    """Return the OD rows of a scenario: the pairs of the study, and every pair a goal reads.

    Where the study names none: centres and their alternatives to these and the county seats. All readings; all modes
    where the study names none, bus only where a bus runs or a goal is read on it.
    """
    index = session.places
    choices = choices or StudyChoices()
    if choices.pairs is not None:
        ends = [p for name in choices.pairs.to for p in index.list_group(name)]
        starts = [p for name in choices.pairs.origins for p in index.list_group(name)]
        return _measure(session, {p.place_id: {e.place_id: e for e in ends} for p in starts}, goals, choices.modes)
    centres = [index.get_place(p) for p in session.network.info.groups["centres"]]
    wide = [*centres, *(index.get_place(p) for p in session.network.info.alternative_centres.values())]
    targets = {p.place_id: p for p in (*wide, *index.list_members("county_seats"))}
    return _measure(session, {p.place_id: dict(targets) for p in wide}, goals, choices.modes)


def measure_goal_od(session: Session, goals: Sequence[Goal]) -> pd.DataFrame:
    """Return only the OD rows that goals read."""
    return _measure(session, {}, goals)


def _measure(
    session: Session, ends: dict[str, dict[str, Place]], goals: Sequence[Goal], wanted: Sequence[Mode] = ()
) -> pd.DataFrame:
    """Return the OD table of origins with their destinations, those of goals added.

    Origins that share all destinations are measured together, and each origin once: a sweep of the timetable
    costs the same for one destination and for many.
    """
    index = session.places
    for origin, destination, _ in list_needed_pairs(goals, index.groups):
        a, b = index.get_place(origin), index.get_place(destination)
        ends.setdefault(a.place_id, {})[b.place_id] = b
    # without a bus its rows would say nothing, unless a goal asks for them
    read = {goal.mode for goal in goals}
    modes = [m for m in Mode if m in read or (m in wanted if wanted else m is not Mode.BUS or session.has_service(m))]
    together: dict[tuple[str, ...], list[str]] = {}
    for origin, places in ends.items():
        together.setdefault(tuple(places), []).append(origin)
    tables = [
        compute_od(
            session, [index.get_place(o) for o in origins], [index.get_place(d) for d in to], modes, list(Reading)
        )
        for to, origins in together.items()
    ]
    empty = pd.DataFrame(columns=list(ALL_COLUMNS))
    return pd.concat(tables, ignore_index=True)[list(ALL_COLUMNS)] if tables else empty


def judge_all(session: Session, goals: Sequence[Goal], od: pd.DataFrame | OdIndex) -> list[Verdict]:
    """Return the verdict of every goal on every reading in the scenario of a session."""
    weights = build_population_weights(session.network.counties, session.places.places)
    tolerance = session.network.assumptions.borderline_share
    index = index_od(od) if isinstance(od, pd.DataFrame) else od
    builder = SurfaceBuilder(session) if any(goal.on_grid for goal in goals) else None
    people: list[npt.NDArray[np.float64]] = []

    def judge(goal: Goal, reading: Reading) -> Verdict:
        tolerance_share = tolerance[reading.value]
        if goal.on_grid and builder is not None:
            parts = measure_grid_goal(builder, goal, reading, lambda: _place_once(builder, people))
            return judge_grid(goal, session.scenario_id, reading, parts, tolerance_share=tolerance_share)
        if goal.frequency is not None:
            counts = count_departures(session, goal) if READING_RULES[reading].door_to_door else None
            return judge_frequency(goal, session.scenario_id, reading, counts)
        return judge_goal(
            goal,
            index,
            session.scenario_id,
            reading,
            groups=session.places.groups,
            weights=weights,
            tolerance_share=tolerance_share,
            facts=_find_facts(session, goal, reading),
        )

    return [judge(goal, reading) for goal in goals for reading in Reading]


def _place_once(builder: SurfaceBuilder, people: list[npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    if not people:
        people.append(build_population(builder))
    return people[0]


def _find_facts(session: Session, goal: Goal, reading: Reading) -> TimeFacts:
    """Return which minutes of a goal are printed in the timetable, and which places it does not list.

    The promoter's rail minutes are those of a train: printed to the minute, they are exact. Under `best` a drive, which
    is not, may be quicker still; so there printed minutes are sure to be enough, and not sure to be too many.
    """
    mode, threshold = goal.mode, goal.threshold_min
    if mode is None or threshold is None:
        return TimeFacts()
    at = session.places.get_place

    def is_exact(origin: str, destination: str, minutes: float) -> bool:
        if not READING_RULES[reading].fastest or (mode is Mode.BEST and minutes > threshold):
            return False
        return is_printed(session, at(origin), at(destination), mode, minutes)

    prefectures = find_prefectures(session) if goal.coverage is not None and goal.coverage.by else {}
    find = lambda place: prefectures.get(at(place).place_id, "")  # noqa: E731 - beside the two others
    return TimeFacts(is_exact, lambda place: tell_unlisted(session, at(place), mode), find)


def list_kinds(session: Session, choices: StudyChoices) -> list[tuple[Mode, Reading]]:
    """Return the mode and reading of the rings that a scenario has: a mode that nothing runs on has none."""
    always = (Mode.ROAD, Mode.RAIL, Mode.BEST)
    return [kind for kind in choices.ring_kinds if kind[0] in always or session.has_service(kind[0])]


def sort_kinds(kinds: Iterable[tuple[Mode, Reading]]) -> list[tuple[Mode, Reading]]:
    """Return kinds of rings by reading, the best of modes next after these: a builder keeps the last two of them."""
    first = [*PARTS[Mode.BEST], Mode.BEST]

    def order(kind: tuple[Mode, Reading]) -> tuple[int, int, int]:
        mode, reading = kind
        return list(Reading).index(reading), first.index(mode) if mode in first else len(first), list(Mode).index(mode)

    return sorted(kinds, key=order)


def measure_rings(session: Session, cache: RingCache, tick: Callable[[str], object]) -> gpd.GeoDataFrame:
    """Return the rings of every centre of the kinds and cutoffs chosen, one row a ring, WGS84."""
    import geopandas as gpd

    builder = cache.builder_of(session)
    if cache.people is None:
        cache.people = build_population(builder)
    if cache.alternatives is None:
        cache.alternatives = build_alternatives(builder)
    if cache.lattice is None:
        info = session.network.info
        cache.lattice = build_lattice(builder.grid, session.network.outlines, info.bbox)
    frames: dict[tuple[str, Mode, Reading], gpd.GeoDataFrame] = {}
    layers = {name: cache.place_layer(builder, name) for name in cache.choices.layers}
    runs = set(list_kinds(session, cache.choices))
    origins = list_ring_origins(session, cache.choices)
    for place in origins:
        for mode, reading in sort_kinds(cache.choices.ring_kinds):
            if (mode, reading) in runs:
                frames[place.place_id, mode, reading] = _rings_of(builder, cache, place, (mode, reading), layers)
            tick(f"{session.scenario_id}: {place.place_id} {mode.value}")
    keys = [(place.place_id, *kind) for place in origins for kind in cache.choices.ring_kinds]
    tables = [frames[key] for key in keys if key in frames]
    return gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs="EPSG:4326")


def measure_compared(cache: RingCache, session: Session) -> None:
    """Keep the cell times that comparisons with a scenario read whose rings are drawn elsewhere."""
    builder, choices = cache.builder_of(session), cache.choices
    kinds = set(choices.compared_kinds) | set(list_kinds(session, choices) if cache.keeps_all(builder) else ())
    for place in list_ring_origins(session, choices):
        for kind in sort_kinds(kinds):
            cache.measure_times(builder, place, kind)


def make_content_key(builder: SurfaceBuilder, place: Place, kind: tuple[Mode, Reading]) -> str:
    """Return a key of all that a surface hangs on: equal keys have equal surfaces, to the bit."""
    # who rides leaves stations alike by every mode; who drives may cross country from the door at a reading's own cost
    mode, reading = kind
    parts = ",".join(f"{part}/{reading}" if part is Mode.ROAD else "ridden" for part in builder.list_parts(mode))
    about = f"{place.place_id}|{parts}|{builder.grid}"
    return hashlib.sha256(about.encode() + builder.fingerprint(place, *kind)).hexdigest()


def _rings_of(
    builder: SurfaceBuilder,
    cache: RingCache,
    place: Place,
    kind: tuple[Mode, Reading],
    layers: Mapping[str, npt.NDArray[np.float64]],
) -> gpd.GeoDataFrame:
    mode, reading = kind
    people = cache.people
    assert people is not None
    key, session = make_content_key(builder, place, kind), builder.session
    wanted = kind in cache.choices.compared_kinds or cache.keeps_all(builder)
    if key not in cache.frames:
        surface = builder.compute(place, mode, reading, limit_s=cache.find_extent(builder))
        rings = draw_place(builder, place, kind, surface, cache.choices.cutoffs_min, people)
        rings = add_alternatives(rings, surface, cache.alternatives or {})
        cutoffs_s = [min_to_s(c) for c in rings["cutoff_min"]]
        sums = sum_within(surface.time_s, list(layers.values()), cutoffs_s) if layers else []
        cache.frames[key] = rings.assign(**dict(zip(layers, sums, strict=True)))
        if cache.lattice is not None:
            cache.minutes[key] = cache.lattice.sample(surface.time_s)
        if wanted:
            cache.times[key] = keep_times(surface.time_s, cache.find_limit_s(builder))
    if wanted:
        cache.measure_times(builder, place, kind)
    cache.key_of[session.scenario_id, place.place_id, mode, reading] = key
    labels = {"mode": mode.value, "reading": reading.value, "scenario": session.scenario_id}
    return cache.frames[key].assign(**labels, timetable=session.timetable_id)
