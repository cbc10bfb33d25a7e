"""Time surfaces and isochrones of a place: road, what rides by a timetable with access and egress, the best of them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import PARTS, Mode, Reading, Vehicle
from transit_model.domain.place import Place
from transit_model.domain.readings import has_surface
from transit_model.errors import InputError, Issue
from transit_model.measure.grid_check import check_reach
from transit_model.measure.kept_roads import keep_roads
from transit_model.measure.memo import digest_arrays
from transit_model.measure.own_roads import find_own_roads
from transit_model.measure.part_courses import PartCourses
from transit_model.measure.road_courses import RoadCourses
from transit_model.measure.road_times import compute_road_node_s, compute_terminal_s
from transit_model.measure.session import Session
from transit_model.measure.surface_sources import SurfaceSources, compute_block
from transit_model.measure.timed_links import TimedLinks, time_links
from transit_model.measure.transit_nodes import TransitNodes
from transit_model.measure.walk_round import Walks
from transit_model.network.street_arrays import CompiledStreets
from transit_model.surface.grid import Grid, build_grid
from transit_model.surface.isochrone import OriginReach
from transit_model.surface.reach_cells import Extent
from transit_model.surface.surface import EdgeTimes, Exits, Surface, combine_surfaces
from transit_model.threads import begin_aside
from transit_model.units import kmh_to_ms, min_to_s

REGION_CELL_M = 1000.0
LARGE_NODES = 20_000
"""With fewer nodes all times by rail and bus are exact, those beyond a limit too."""
_CACHED_PARTS, _CACHED_CELLS = 2, 2_000_000  # at most 100 MB
F64 = npt.NDArray[np.float64]


class _SurfaceQuestion(NamedTuple):
    """What a surface is asked for beside its mode, see `SurfaceBuilder.compute`."""

    place: Place
    reading: Reading
    quantile: float
    reverse: bool
    limit_s: float | Extent
    clock_s: int | None


class SurfaceBuilder:
    """Makes surfaces of one session on one grid; keeps the projected road courses between calls.

    With `like` it shares the courses of a builder whose network has the same roads.
    """

    def __init__(self, session: Session, cell_m: float = REGION_CELL_M, *, like: Iterable[SurfaceBuilder] = ()) -> None:
        self.session = session
        self.notices: list[Issue] = []
        info = session.network.info
        self.grid: Grid = build_grid(info.bbox, info.crs, cell_m)
        self.roads: RoadCourses = keep_roads(session, self.grid, [builder.roads for builder in like])
        self._transit = TransitNodes(session)
        self._part_courses: dict[tuple[Mode, bool], PartCourses] = {}
        self._street_digests: dict[CompiledStreets, bytes] = {}
        self._node_xy: dict[CompiledStreets, tuple[F64, F64]] = {}
        self._kept: dict[tuple[str, Mode, Reading, float, bool, int | None, float], F64] = {}
        self._prints: dict[tuple[Place, Mode, Reading, float], bytes] = {}
        self._parts: dict[tuple[Mode, _SurfaceQuestion], Surface] = {}

    def check(self) -> list[Issue]:
        """Return what to know about the grid and the people on it; a warning when rings would vanish between cells.

        They do where the leg off the network is too short for the distance of cell centres.
        """
        return [*self.notices, *check_reach(self.session.network.assumptions, self.grid.cell_m)]

    def release(self) -> None:
        """Forget what takes most memory; it is made again when the next surface is asked for."""
        self.roads.release()
        for parts in self._part_courses.values():
            parts.release()
        self._parts = {}

    @property
    def is_dense(self) -> bool:
        """Whether streets lie so densely that cells look for them: there a surface costs less when it has a limit."""
        return self.roads.is_dense

    def find_limit_s(self, cutoffs_min: Sequence[float], mode: Mode | None = None) -> float:
        """Return the seconds up to which a surface must go for rings: a little after the last of them.

        As long as it takes to cross two cells off the network, on foot where a mode rides (`mode` None: any may).
        """
        if not cutoffs_min:
            return math.inf
        a = self.session.network.assumptions
        pace_s = 1 / kmh_to_ms(a.off_network_speed_kmh)
        if mode is not Mode.ROAD:
            pace_s = max(pace_s, a.walk_detour / kmh_to_ms(a.walk_speed_kmh))
        return min_to_s(max(cutoffs_min)) + 2 * self.grid.cell_m * pace_s

    def compute(
        self,
        place: Place,
        mode: Mode,
        reading: Reading,
        *,
        quantile: float = 0.5,
        reverse: bool = False,
        limit_s: float | Extent = math.inf,
        clock_s: int | None = None,
        cut: bool = False,
    ) -> Surface:
        """Return the time surface from a place (or to it) in seconds.

        Parameters
        ----------
        place : Place
        mode : Mode
            `rail`, `bus` and `transit` are ridden at least once, with access and egress by taxi or on foot; `best` is
            the least of road and transit cell by cell.
        reading : Reading
            `promoter` exists for the road only (free flow). `typical` leaves station processes, taxi waits and
            parking out; `door_to_door` has them.
        quantile : float
            Percentile of the departure minutes for rail and bus, 0.5 is the median.
        reverse : bool
            Times from every cell to the place: roads against their direction, and the timetable run backwards from
            every arrival minute of the session's window (how long before it must one leave?).
        limit_s : float or Extent
            Later cells may be left out, see `compute_surface`; times on the network are found in full.
        clock_s : int, optional
            Leave at this clock (reversed: be there by it) instead of at every minute of the session's window.
        cut : bool
            The grid of the surface may be cut to the cells that are reached within the limit and some round them:
            rings up to the limit, and the people within, are the same to the bit.

        Raises
        ------
        InputError
            When the reading has no surface for the mode.
        """
        if not has_surface(mode, reading):
            raise InputError(
                Issue(
                    "no_such_surface",
                    "error",
                    "the promoter's reading is between stations and has no surface by rail, bus or transit",
                    field="reading",
                    hint="use --reading typical or door_to_door, or --mode road",
                )
            )
        question = _SurfaceQuestion(place, reading, quantile, reverse, limit_s, clock_s)
        if cut and not self.is_dense and isinstance(limit_s, float) and limit_s < math.inf:
            sources = [self._list_sources(m, question) for m in self.list_parts(mode)]
            made = compute_block(self.grid, sources, limit_s)
            return combine_surfaces(made, onto=made[0])
        modes = self.list_parts(mode)
        if mode is not Mode.BEST:
            return self._begin_part(mode, question)()
        known = {id(surface) for surface in self._parts.values()}
        # where cells are many, those by one mode are reached while the times by the next are found
        begun = [self._begin_part(m, question, aside=m is not modes[-1]) for m in modes]
        parts = [finish() for finish in begun]  # one that was made now is in nobody else's hands
        spare = next((p for p in parts if id(p) not in known), None)
        self._parts = {}
        return combine_surfaces(parts, onto=spare)

    def _begin_part(self, mode: Mode, question: _SurfaceQuestion, *, aside: bool = False) -> Callable[[], Surface]:
        """Return what gives the surface of one mode; the last are kept for the best of them, often asked for next."""
        key = (mode, question)
        if key in self._parts:
            known = self._parts[key]
            return lambda: known
        sources = self._list_sources(*key)
        extent = sources.walks.find_extent(question.limit_s, self.grid, is_dense=self.is_dense)
        compute = partial(sources.compute, self.grid, extent)
        wait = begin_aside(compute) if aside and self.is_dense else compute

        def finish() -> Surface:
            surface = wait()
            if self.grid.nx * self.grid.ny <= _CACHED_CELLS:
                self._parts = dict([*self._parts.items(), (key, surface)][-_CACHED_PARTS:])
            return surface

        return finish

    def _list_walks(self, place: Place, mode: Mode, times_s: F64, reverse: bool) -> Walks:
        a, (x, y) = self.session.network.assumptions, self.project([place])
        if mode is Mode.ROAD:
            return Walks(a, (x, y, np.zeros(1)))
        walk_ms = kmh_to_ms(a.walk_speed_kmh) / a.walk_detour
        places = self._transit.get_places(mode, reverse)
        times = places.split(times_s)
        stops = (*self.grid.project(places.stop_lon, places.stop_lat), times.stop_s)
        node_x, node_y = self._get_node_xy(self.session.taxi_roads())
        nodes = (node_x[places.foot_nodes], node_y[places.foot_nodes], times.foot_s)
        return Walks(a, (x, y, np.zeros(1)), stops, nodes, places.find_least_walks_s() * walk_ms)

    def fingerprint(self, place: Place, mode: Mode, reading: Reading, *, quantile: float = 0.5) -> bytes:
        """Return a digest of all that a surface depends on; equal digests have equal surfaces."""
        key = (place, mode, reading, quantile)
        if key not in self._prints:
            self._prints[key] = self._find_fingerprint(*key)
        return self._prints[key]

    def _find_fingerprint(self, place: Place, mode: Mode, reading: Reading, quantile: float) -> bytes:
        digest = hashlib.sha256(f"{place}{self.grid}{self.session.network.assumptions.fingerprint()}".encode())
        digest.update(self.roads.digest)
        for part in self.list_parts(mode):
            times_s = self._get_times_s(place, part, reading, quantile)
            streets = self._roads(part, reading)
            if streets not in self._street_digests:
                links = [
                    column[self.roads.rows] for column in (streets.link_ticks, streets.link_tail, streets.link_head)
                ]
                at = (streets.arrays.lon, streets.arrays.lat, streets.arrays.may_leave)
                self._street_digests[streets] = digest_arrays((*links, *at, self.roads.back))
            digest.update(times_s.tobytes() + self._street_digests[streets])
            if part is not Mode.ROAD:
                places = self._transit.get_places(part, False)
                parts, stops = places.parts, (places.foot_nodes, places.stop_lon, places.stop_lat)
                line = np.searchsorted(self.roads.rows, parts.link)  # motorways before them count for nothing
                digest.update(digest_arrays((line, parts.low_s, parts.high_s, *stops)))
        return digest.digest()

    def list_parts(self, mode: Mode) -> list[Mode]:
        """Return the modes that a mode is the best of: itself, or road and what runs here."""
        has = self.session.has_service
        return [m for m in PARTS[mode] if m is mode or m is Mode.ROAD or has(m)]

    def list_edges(
        self, place: Place, mode: Mode, reading: Reading, *, quantile: float = 0.5, reverse: bool = False
    ) -> list[tuple[Mode, bool, EdgeTimes]]:
        """Return the roads behind a surface with their times: mode, whether motorway, and the edges."""
        timed = self.list_timed_links(place, mode, reading, quantile=quantile, reverse=reverse)
        out = [(t.part, t.motorway, t.courses.build(t.t0_s, t.t1_s)) for t in timed]
        for part in self.list_parts(mode):
            if part is Mode.ROAD:
                own = find_own_roads(self.session, self.roads, place, reading, reverse=reverse)
                out += [(part, False, one.build()) for one in own]
            else:
                edges = self.list_part_edges(place, part, reading, quantile=quantile, reverse=reverse)
                out.append((part, False, edges))
        return out

    def list_part_edges(
        self, place: Place, part: Mode, reading: Reading, *, quantile: float = 0.5, reverse: bool = False
    ) -> EdgeTimes:
        """Return the parts of roads with their times by a mode that rides."""
        times_s = self._get_times_s(place, part, reading, quantile, reverse)
        times = self._transit.get_places(part, reverse).split(times_s)
        return self._get_parts(part, reverse).build(times.part_s, times.turn_s)

    def list_timed_links(
        self, place: Place, mode: Mode, reading: Reading, *, quantile: float = 0.5, reverse: bool = False
    ) -> list[TimedLinks]:
        """Return the links behind a surface with their times, by mode and whether they are motorways."""
        motorway, motorway_courses = self.roads.motorways
        courses = ((False, self.roads.rows, self.roads.courses), (True, motorway, motorway_courses))
        out = []
        for part in self.list_parts(mode):
            times_s = self._get_times_s(place, part, reading, quantile, reverse)
            node_s = self._get_driven_s(part, reverse, times_s)
            streets = self._roads(part, reading)
            for is_motorway, rows, course in courses:
                times = time_links(streets, rows, np.full(len(rows), -1), node_s, reverse)
                if part is not Mode.ROAD:  # told by their parts
                    times[0][self._get_parts(part, reverse).parts.in_parts[rows]] = np.inf
                out.append(TimedLinks(part, is_motorway, rows, course, *times))
        return out

    def get_node_s(
        self,
        place: Place,
        mode: Mode,
        reading: Reading,
        quantile: float,
        reverse: bool = False,
        clock_s: int | None = None,
        limit_s: float = math.inf,
    ) -> F64:
        """Return times from a place to every graph node (or back) in seconds; several surfaces need them.

        By rail and bus nodes of a large network that are later than `limit_s` may have a time that is later still.
        """
        times_s = self._get_times_s(place, mode, reading, quantile, reverse, clock_s, limit_s)
        return times_s if mode is Mode.ROAD else self._transit.get_places(mode, reverse).merge_nodes(times_s)

    def _get_times_s(
        self,
        place: Place,
        mode: Mode,
        reading: Reading,
        quantile: float,
        reverse: bool = False,
        clock_s: int | None = None,
        limit_s: float = math.inf,
    ) -> F64:
        """Return the times of `get_node_s`, by what rides those of all places of `TransitNodes`."""
        is_road = mode is Mode.ROAD
        limit_s = math.inf if is_road or len(self.session.network.nodes) < LARGE_NODES else limit_s
        key = (place.place_id, mode, reading, quantile, reverse, None if is_road else clock_s, limit_s)
        exact = (*key[:-1], math.inf)
        if exact in self._kept:  # asked for a fingerprint, most often: searched once
            return self._kept[exact]
        if key not in self._kept:
            if mode is Mode.ROAD:
                self._kept[key] = compute_road_node_s(self.session, place, reading, reverse=reverse)
            else:
                direct_s = self._direct_s(place, reading, reverse)
                clocks = None if clock_s is None else np.array([clock_s], dtype=np.int32)
                self._kept[key] = self._transit.compute(
                    place, mode, reading, direct_s, quantile=quantile, reverse=reverse, clocks_s=clocks, limit_s=limit_s
                )
        return self._kept[key]

    def _get_driven_s(self, mode: Mode, reverse: bool, times_s: F64) -> F64:
        """Return the times at the graph nodes of who goes on by car there."""
        return times_s if mode is Mode.ROAD else self._transit.get_places(mode, reverse).split(times_s).node_s

    def _get_parts(self, mode: Mode, reverse: bool) -> PartCourses:
        if (mode, reverse) not in self._part_courses:
            parts = self._transit.get_places(mode, reverse).parts
            self._part_courses[mode, reverse] = PartCourses(self.roads, parts)
        return self._part_courses[mode, reverse]

    def _direct_s(self, place: Place, reading: Reading, reverse: bool) -> F64:
        """Return times by car, which a ride must spare."""
        if self.session.vehicle is Vehicle.CAR:
            return self.get_node_s(place, Mode.ROAD, reading, 0.5, reverse)
        return compute_road_node_s(self.session, place, reading, reverse=reverse, vehicle=Vehicle.CAR)

    def project(self, places: Sequence[Place]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the grid coordinates of places in metres."""
        return self.grid.project([p.at.lon for p in places], [p.at.lat for p in places])

    def reach_on_foot(self, place: Place) -> OriginReach:
        """Return how far one walks straight from a place."""
        a = self.session.network.assumptions
        x, y = self.project([place])
        return OriginReach(float(x[0]), float(y[0]), kmh_to_ms(a.walk_speed_kmh) / a.walk_detour, a.walk_max_m)

    def _roads(self, mode: Mode, reading: Reading) -> CompiledStreets:
        """Return the roads that a surface is drawn along: the session's, or those of taxis from stations."""
        return self.session.roads(reading, None if mode is Mode.ROAD else Vehicle.CAR)

    def _get_node_xy(self, streets: CompiledStreets) -> tuple[F64, F64]:
        if streets not in self._node_xy:
            x, y = self.roads.node_xy
            self._node_xy[streets] = x[streets.arrays.node_idx], y[streets.arrays.node_idx]
        return self._node_xy[streets]

    def _list_sources(self, mode: Mode, question: _SurfaceQuestion) -> SurfaceSources:
        place, reading, quantile, reverse, limit_s, clock_s = question
        a = self.session.network.assumptions
        last_s = limit_s if isinstance(limit_s, float) else math.inf
        times_s = self._get_times_s(place, mode, reading, quantile, reverse, clock_s, last_s)
        streets = self._roads(mode, reading)
        node_s = self._get_driven_s(mode, reverse, times_s)
        x, y = self._get_node_xy(streets)
        # A node that some link begins at needs no position of its own.
        reached = np.isfinite(node_s)
        whole = self.roads.rows
        if mode is not Mode.ROAD:
            parts = self._get_parts(mode, reverse)
            whole = whole[~parts.parts.in_parts[whole]]
        tail, head = streets.link_tail[whole], streets.link_head[whole]
        begins = np.zeros(len(node_s), dtype=bool)
        begins[(head if reverse else tail)[reached[tail] & reached[head]]] = True
        alone = np.flatnonzero(streets.arrays.may_leave & reached & ~begins)
        leave_x, leave_y, leave_s = x[alone], y[alone], node_s[alone]
        if mode is Mode.ROAD:
            # Whoever drives across country from the door has reached the car first and parks it in the end.
            place_x, place_y = self.grid.project([place.at.lon], [place.at.lat])
            car_s = sum(compute_terminal_s(self.session, reading))
            leave_x, leave_y = np.append(leave_x, place_x), np.append(leave_y, place_y)
            leave_s = np.append(leave_s, car_s)
            roads = self.roads.time(*time_links(streets, self.roads.rows, self.roads.back, node_s, reverse))
            own = find_own_roads(self.session, self.roads, place, reading, reverse=reverse)
            roads += [one.time(self.roads) for one in own]
        else:
            times = self._transit.get_places(mode, reverse).split(times_s)
            roads = parts.time(streets, node_s, times.part_s, times.turn_s)
        exits = Exits(leave_x, leave_y, leave_s)
        rule = (kmh_to_ms(a.off_network_speed_kmh), min_to_s(a.off_network_max_min))
        return SurfaceSources(exits, roads, self._list_walks(place, mode, times_s, reverse), rule)
