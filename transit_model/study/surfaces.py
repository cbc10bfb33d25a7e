"""Time surfaces and isochrones of a place: road, rail or bus with access and egress, and the best of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode, Reading, Vehicle
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.indicators.grid import Grid, build_grid
from transit_model.indicators.isochrone import OriginReach, collect_features, compute_rings
from transit_model.indicators.surface import EdgeTimes, Surface, build_edge_times, combine_surfaces, compute_surface
from transit_model.network.snap import build_courses
from transit_model.network.street_arrays import CompiledStreets
from transit_model.routing.raptor import (
    Access,
    build_access,
    build_destinations,
    compute_window,
    window_departures,
)
from transit_model.routing.streets import compute_street_times
from transit_model.routing.terminals import build_node_terminals
from transit_model.study.access import compute_station_trips, drop_detours
from transit_model.study.road_times import compute_road_node_s, compute_terminal_s
from transit_model.study.session import Session
from transit_model.units import ceil_to_whole_s, kmh_to_ms, min_to_s, ticks_to_seconds

if TYPE_CHECKING:
    import geopandas as gpd

REGION_CELL_M = 1000.0
_BY_TAXI = frozenset({"rail", "coach"})


class SurfaceMaker:
    """Makes surfaces of one session on one grid; keeps the projected road courses between calls."""

    def __init__(self, session: Session, cell_m: float = REGION_CELL_M) -> None:
        self.session = session
        info = session.network.info
        self.grid: Grid = build_grid(info.bbox, info.crs, cell_m)
        self._ptr = np.zeros(1, dtype=np.int64)
        self._x: npt.NDArray[np.float64] = np.zeros(0)
        self._y: npt.NDArray[np.float64] = np.zeros(0)
        self._rows = np.zeros(0, dtype=np.int64)
        self._kept: dict[tuple[str, Mode, Reading, float, bool], npt.NDArray[np.float64]] = {}
        self._prepare_courses()

    def compute(
        self, place: Place, mode: Mode, reading: Reading, *, share: float = 0.5, reverse: bool = False
    ) -> Surface:
        """Return the time surface from a place (or to it) in seconds.

        Parameters
        ----------
        place : Place
        mode : Mode
            `rail` and `bus` are ridden at least once, with access and egress by taxi or on foot; `best` is the
            least of road, rail and bus cell by cell.
        reading : Reading
            `promoter` exists for the road only (free flow). `typical` leaves station processes, taxi waits and
            parking out; `door_to_door` has them.
        share : float
            Percentile of the departure minutes for rail and bus, 0.5 is the median.
        reverse : bool
            Times from every cell to the place: roads against their direction, and the timetable run backwards from
            every arrival minute of the session's window (how long before it must one leave?).

        Raises
        ------
        InputError
            When the reading has no surface for the mode.
        """
        if reading is Reading.PROMOTER and mode is not Mode.ROAD:
            raise InputError(
                Issue(
                    "no_such_surface",
                    "error",
                    "the promoter's reading is between stations and has no surface by rail or bus",
                    field="reading",
                    hint="use --reading typical or door_to_door, or --mode road",
                )
            )
        if mode is Mode.BEST:
            return combine_surfaces(
                [self.compute(place, m, reading, share=share, reverse=reverse) for m in self._parts(mode)]
            )
        surface = self._surface(place, self._node_s(place, mode, reading, share, reverse), mode, reading, reverse)
        return self._walk_from(place, surface)

    def fingerprint(self, place: Place, mode: Mode, reading: Reading, *, share: float = 0.5) -> bytes:
        """Return a digest of all that a surface depends on; equal digests have equal surfaces."""
        digest = hashlib.sha256(f"{place}{self.session.network.assumptions.fingerprint()}".encode())
        digest.update(self._x.tobytes() + self._y.tobytes())
        for part in self._parts(mode):
            node_s = self._node_s(place, part, reading, share)
            streets = self._roads(part, reading)
            digest.update(node_s.tobytes() + streets.link_ticks[self._rows].tobytes() + streets.arrays.lon.tobytes())
        return digest.digest()

    def _parts(self, mode: Mode) -> list[Mode]:
        if mode is not Mode.BEST:
            return [mode]
        return [Mode.ROAD, *(m for m in (Mode.RAIL, Mode.BUS) if self.session.has_service(m))]

    def list_edges(
        self, place: Place, mode: Mode, reading: Reading, *, share: float = 0.5, reverse: bool = False
    ) -> list[tuple[Mode, bool, EdgeTimes]]:
        """Return the roads behind a surface with their times: mode, whether motorway, and the edges."""
        motorway = np.setdiff1d(np.arange(len(self.session.network.links)), self._rows)
        courses = (
            (False, self._rows, (self._ptr, self._x, self._y)),
            (True, motorway, self._project_courses(motorway)),
        )
        out = []
        for part in self._parts(mode):
            node_s = self._node_s(place, part, reading, share, reverse)
            for is_motorway, rows, course in courses:
                times = _link_times(self._roads(part, reading), rows, node_s, reverse)
                out.append((part, is_motorway, build_edge_times(*course, *times)))
        return out

    def _node_s(
        self, place: Place, mode: Mode, reading: Reading, share: float, reverse: bool = False
    ) -> npt.NDArray[np.float64]:
        """Return times from a place to every graph node (or back) in seconds; several surfaces need them."""
        key = (place.place_id, mode, reading, share, reverse)
        if key not in self._kept:
            if mode is Mode.ROAD:
                self._kept[key] = compute_road_node_s(self.session, place, reading, reverse=reverse)
            else:
                self._kept[key] = self._transit_node_s(place, mode, reading, share, reverse)
        return self._kept[key]

    def project(self, places: Sequence[Place]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the grid coordinates of places in metres."""
        return self.grid.project([p.at.lon for p in places], [p.at.lat for p in places])

    def _walk_from(self, place: Place, surface: Surface) -> Surface:
        """Add the walk round the origin: who rides no vehicle gets as far as ``walk_max_m`` on foot."""
        a = self.session.network.assumptions
        x, y = self.grid.centres()
        here_x, here_y = self.grid.project([place.at.lon], [place.at.lat])
        reach_m = a.walk_max_m + 3 * self.grid.cell_m
        rows = slice(*np.searchsorted(y, [here_y[0] - reach_m, here_y[0] + reach_m]).tolist())
        columns = slice(*np.searchsorted(x, [here_x[0] - reach_m, here_x[0] + reach_m]).tolist())
        far_m = np.hypot(x[None, columns] - here_x[0], y[rows, None] - here_y[0])
        walk_s = far_m * a.walk_detour / kmh_to_ms(a.walk_speed_kmh)
        time_s, edge_s, beyond_s = surface.time_s.copy(), surface.edge_s.copy(), surface.beyond_s.copy()
        at = (rows, columns)
        time_s[at] = np.where(far_m <= a.walk_max_m, np.minimum(time_s[at], walk_s), time_s[at])
        edge_s[at] = np.minimum(edge_s[at], (far_m - a.walk_max_m) / surface.off_network_speed_ms)
        near = far_m <= a.walk_max_m + 2 * self.grid.cell_m
        beyond_s[at] = np.minimum(beyond_s[at], np.where(near, walk_s, np.inf))
        return replace(surface, time_s=time_s, edge_s=edge_s, beyond_s=beyond_s)

    def _roads(self, mode: Mode, reading: Reading) -> CompiledStreets:
        """Return the roads that a surface is drawn along: the session's, or those of taxis from stations."""
        return self.session.roads(reading, None if mode is Mode.ROAD else Vehicle.CAR)

    def _surface(
        self, place: Place, node_s: npt.NDArray[np.float64], mode: Mode, reading: Reading, reverse: bool
    ) -> Surface:
        a = self.session.network.assumptions
        streets = self._roads(mode, reading)
        arrays = streets.arrays
        x, y = self.grid.project(arrays.lon, arrays.lat)
        ok = arrays.may_leave & np.isfinite(node_s)
        leave_x, leave_y, leave_s = x[ok], y[ok], node_s[ok]
        if mode is Mode.ROAD:
            # Whoever drives across country from the door has reached the car first and parks it in the end.
            here_x, here_y = self.grid.project([place.at.lon], [place.at.lat])
            start_s = sum(compute_terminal_s(self.session, reading))
            leave_x, leave_y = np.append(leave_x, here_x), np.append(leave_y, here_y)
            leave_s = np.append(leave_s, start_s)
        return compute_surface(
            self.grid,
            leave_x,
            leave_y,
            leave_s,
            off_network_speed_ms=kmh_to_ms(a.off_network_speed_kmh),
            off_network_max_s=min_to_s(a.off_network_max_min),
            edges=self._edges(streets, node_s, reverse),
        )

    def _edges(self, streets: CompiledStreets, node_s: npt.NDArray[np.float64], reverse: bool = False) -> EdgeTimes:
        return build_edge_times(self._ptr, self._x, self._y, *_link_times(streets, self._rows, node_s, reverse))

    def _prepare_courses(self) -> None:
        # One cannot step off a motorway, so only other roads are left along their course.
        self._rows = np.flatnonzero((self.session.network.links["highway"] != "motorway").to_numpy())
        self._ptr, self._x, self._y = self._project_courses(self._rows)

    def _project_courses(
        self, rows: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the courses of links as polylines on the grid: pointer, x and y in metres."""
        courses = build_courses(self.session.network)
        parts = [courses[r] for r in rows]
        ptr = np.concatenate([[0], np.cumsum([len(p) for p in parts])]).astype(np.int64)
        points = np.vstack(parts) if parts else np.zeros((0, 2))
        return ptr, *self.grid.project(points[:, 0], points[:, 1])

    def _transit_node_s(
        self, place: Place, mode: Mode, reading: Reading, share: float, reverse: bool
    ) -> npt.NDArray[np.float64]:
        session, a = self.session, self.session.network.assumptions
        compiled, index = session.timetable(mode)
        streets = session.taxi_roads()
        whole = reading is Reading.DOOR_TO_DOOR
        n_stops = len(compiled.stop_ids)
        none = np.zeros(n_stops, np.int32)
        # Run backwards, one gets out where the place is and in where the cells are.
        here, there = ("exit_s", "entry_s") if reverse else ("entry_s", "exit_s")
        here_s = getattr(compiled.arrays, here) if whole else none
        there_s = getattr(compiled.arrays, there) if whole else none
        trips = compute_station_trips(session, [place], mode, to_place=reverse)
        taxi_s = min_to_s(a.taxi_wait_min + a.taxi_alight_min)
        access_s = trips.time_s[0] if whole else np.where(trips.on_foot[0], trips.time_s[0], trips.time_s[0] - taxi_s)
        access = build_access(np.arange(n_stops), access_s + here_s)
        stops, node_of_stop = self._list_stations(mode, streets)
        if not len(stops) or not session.has_service(mode):
            return np.full(streets.arrays.n_nodes, np.inf)
        stations = build_node_terminals(node_of_stop)
        limit_s = min_to_s(a.access_max_min)
        drive_s = compute_street_times(streets.arrays, stations, reverse=reverse, limit_s=limit_s)
        egress_s = drive_s + (taxi_s if whole else 0.0) + there_s[stops][:, None]
        nodes = np.flatnonzero(streets.arrays.may_leave)
        direct_s = (
            self._node_s(place, Mode.ROAD, reading, share, reverse)
            if session.vehicle is Vehicle.CAR
            else compute_road_node_s(session, place, reading, reverse=reverse, vehicle=Vehicle.CAR)
        )
        sets = []
        for node in nodes:
            column = egress_s[:, node]
            near = np.isfinite(column)
            egress = Access(stops[near].astype(np.int32), ceil_to_whole_s(column[near]).astype(np.int32))
            sets.append(drop_detours(access, egress, float(direct_s[node])))
        clocks = window_departures(*session.window)
        window = compute_window(
            session.reverse_index(mode) if reverse else index,
            access,
            # Backwards the clock is negative: to arrive by m is to depart at -m.
            -clocks[::-1] if reverse else clocks,
            build_destinations(sets),
            max_rides=a.max_rides,
            shares=(share,),
        )
        out = np.full(streets.arrays.n_nodes, np.inf)
        out[nodes] = window.percentile_s[0]
        return out

    def _list_stations(
        self, mode: Mode, streets: CompiledStreets
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        session = self.session
        compiled, _ = session.timetable(mode)
        links = session.network.station_links
        pairs = [
            (compiled.stop_idx[s], streets.graph_node[n])
            for s, n in zip(links["stop_id"], links["node_id"], strict=True)
            if s in compiled.stop_idx and streets.may_stop_at(n) and session.stop_kinds.get(s) in _BY_TAXI
        ]
        return np.array([p[0] for p in pairs], dtype=np.int64), np.array([p[1] for p in pairs], dtype=np.int64)


def _link_times(
    streets: CompiledStreets, rows: npt.NDArray[np.int64], node_s: npt.NDArray[np.float64], reverse: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the seconds at both ends of links (see `EdgeTimes`); inf where either end is unreached."""
    tail, head = node_s[streets.link_tail[rows]], node_s[streets.link_head[rows]]
    along = ticks_to_seconds(streets.link_ticks[rows])
    start, end = (head + along, head) if reverse else (tail, tail + along)
    both = np.isfinite(tail) & np.isfinite(head)
    return np.where(both, start, np.inf), np.where(both, end, np.inf)


def compute_isochrone(
    maker: SurfaceMaker,
    place: Place,
    mode: Mode,
    reading: Reading,
    cutoffs_min: Sequence[float],
    *,
    share: float = 0.5,
    population: npt.NDArray[np.float64] | None = None,
    reverse: bool = False,
) -> tuple[gpd.GeoDataFrame, Surface]:
    """Return the rings of a place and the surface behind them; `reverse` for rings of who gets *to* the place.

    Raises
    ------
    InputError
        When a cutoff is not positive, or the reading has no surface for the mode.
    """
    surface = maker.compute(place, mode, reading, share=share, reverse=reverse)
    a = maker.session.network.assumptions
    x, y = maker.project([place])
    on_foot = OriginReach(float(x[0]), float(y[0]), kmh_to_ms(a.walk_speed_kmh) / a.walk_detour, a.walk_max_m)
    rings = compute_rings(surface, [min_to_s(c) for c in cutoffs_min], on_foot)
    frame = collect_features(
        rings,
        surface,
        origin=place.place_id,
        mode=mode.value,
        reading=reading.value,
        scenario=maker.session.scenario_id,
        population=population,
    )
    return (frame.assign(direction="to") if reverse else frame), surface
