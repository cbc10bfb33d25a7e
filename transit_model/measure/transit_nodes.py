"""Times by rail or bus from a place to every node of the roads: trains to the stations, taxis from there, or walks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.domain.geo import EARTH_RADIUS_M, to_space
from transit_model.domain.modes import BY_TAXI, Mode, Reading, Vehicle
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.measure.access import (
    compute_longest_drive_s,
    compute_station_trips,
    find_least_ways_s,
    find_walked_stops,
)
from transit_model.measure.memo import Key, digest_arrays
from transit_model.measure.ridden_places import RiddenPlaces, list_ridden_places
from transit_model.measure.road_parts import NO_WAYS, Ways
from transit_model.measure.searches import digest_feeders, get_feeders, is_ridden
from transit_model.measure.session import Session
from transit_model.network.arrays import StreetArrays
from transit_model.streets.connectors import build_node_connectors
from transit_model.streets.places_search import list_street_ticks
from transit_model.timetable.index import TimetableIndex
from transit_model.timetable.raptor import (
    Access,
    Destinations,
    build_access,
    search_window,
    window_departures,
)
from transit_model.units import ceil_to_whole_s, kmh_to_ms, min_to_s, ticks_to_seconds

if TYPE_CHECKING:
    from transit_model.timetable.egress import StationTimes

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
_STATIONS_AT_ONCE, _MOST_CELLS = 16, 1 << 24
_MOST_NODES_KEPT = 20_000
_WAY_ASSUMPTIONS = (
    *("access_max_min", "taxi_wait_min", "taxi_alight_min"),
    *("walk_max_m", "walk_detour", "walk_speed_kmh"),
)
"""What the ways between stations and nodes hang on, beside roads and stops."""


class TransitNodes:
    """Node times of one session; the ways from stations to nodes are kept between places."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._ways: dict[tuple[Mode, bool], Ways] = {}
        self._places: dict[tuple[Mode, bool], RiddenPlaces] = {}

    def compute(
        self,
        place: Place,
        mode: Mode,
        reading: Reading,
        direct_s: F64,
        *,
        quantile: float = 0.5,
        reverse: bool = False,
        clocks_s: npt.NDArray[np.int32] | None = None,
        limit_s: float = np.inf,
    ) -> F64:
        """Return times from a place to all of the `get_places` (or back) in seconds, and how far its parts go.

        As `RiddenPlaces.split` takes them apart, (n_places + n_parts,).

        Parameters
        ----------
        direct_s : (n_nodes,) float64
            Door to door by car; a station that takes as long to get to and from is no way to ride (`drop_detours`).
        quantile : float
            Percentile over the departures (and the drawn phases of headway lines).
        reverse : bool
            Run backwards: how long before each clock must one leave to be at the place by then?
        clocks_s : (n_dep,) int32, optional
            Departures (arrivals when reversed) in ascending order; default every minute of the session's window.
        limit_s : float
            Nodes later than this may have a time that is later still, see `compute_egress_percentile`.
        """
        session, a = self.session, self.session.network.assumptions
        places_of = self.get_places(mode, reverse)
        node, stop, way_s, on_foot = places_of.ways
        n_places = len(places_of.direct_node)
        if not len(node):
            return np.append(np.full(n_places, np.inf), np.zeros(len(places_of.parts.link)))
        compiled, index = session.timetable(mode)
        n_stops = len(compiled.stop_ids)
        place_direct_s = np.append(direct_s, np.inf)[places_of.direct_node]
        # Run backwards, one gets out where the place is and in where the cells are.
        first, last = ("exit_s", "entry_s") if reverse else ("entry_s", "exit_s")
        whole, none = READING_RULES[reading].door_to_door, np.zeros(n_stops, np.int32)
        first_s = getattr(compiled.arrays, first) if whole else none
        last_s = getattr(compiled.arrays, last) if whole else none
        trips = compute_station_trips(session, [place], mode, to_place=reverse)
        access_s = (trips.time_s if whole else trips.bare_s(session))[0]
        access = build_access(np.arange(n_stops), access_s + first_s)
        waits_s = np.where(on_foot, 0.0, min_to_s(a.taxi_wait_min + a.taxi_alight_min) if whole else 0.0)
        egress_s = ceil_to_whole_s(way_s + waits_s + last_s[stop]).astype(np.int32)
        least_s = find_least_ways_s(session, mode, access, first_s, reverse=reverse)[stop]
        keep = find_walked_stops(session, mode)[stop] | (egress_s + least_s < place_direct_s[node])
        # Along a road driving may be sooner by its far end. Where one station makes no sense any more the others still
        # count with it: otherwise who turns back where would move the times of others.
        on_parts = np.flatnonzero(keep[places_of.part_ways]) + places_of.part_ways.start
        part = node[on_parts] - places_of.n_nodes
        door_s = egress_s[on_parts] + least_s[on_parts]
        part_turn_s = places_of.parts.find_ends_s(part, door_s, direct_s)
        node, stop, egress_s = node[keep], stop[keep], egress_s[keep]
        clocks = window_departures(*session.window) if clocks_s is None else clocks_s
        # Backwards the clock is negative: to arrive by m is to depart at -m.
        clocks = -clocks[::-1] if reverse else clocks
        ptr = np.searchsorted(node, np.arange(n_places + 1)).astype(np.int32)
        # other stops are not asked for: a metro that leads to none of these need not be drawn
        is_used = np.bincount(stop, minlength=n_stops) > 0
        used = np.flatnonzero(is_used)
        places = Destinations(ptr, (np.cumsum(is_used, dtype=np.int32) - 1)[stop], egress_s)
        ride = _Ride(access, clocks, used.astype(np.int32), places, quantile)
        timetable = session.reverse_index(mode) if reverse else index
        feeders = get_feeders(session, mode, access, reverse=reverse)
        # whichever timetable it is: what it was compiled from and which way it is run says all of it
        own = lambda: (reverse, session.index_key(mode))  # noqa: E731 - asked for where results are kept
        if feeders is None:
            return np.append(self._search(timetable, own, ride, limit_s), part_turn_s)
        alone_s = self._search(feeders, lambda: ("feeders", digest_feeders(session, mode, reverse=reverse)), ride)
        # where feeders come too, times are compared
        node_s = self._search(timetable, own, ride, np.where(np.isfinite(alone_s), np.inf, limit_s))
        return np.append(np.where(is_ridden(node_s, alone_s), node_s, np.inf), part_turn_s)

    def _search(
        self, timetable: TimetableIndex, key: Callable[[], Key], ride: _Ride, limit_s: float | F64 = np.inf
    ) -> F64:
        """Return the percentile at each node; the stops are searched anew only where something that is read moved."""
        from transit_model.timetable.egress import choose_stations, compare_stations, find_widest_s

        session, max_rides = self.session, self.session.network.assumptions.max_rides
        n_used = len(ride.used)
        widest_s = find_widest_s(ride.places, n_used)

        def compare() -> StationTimes:
            ends = Destinations(np.arange(n_used + 1, dtype=np.int32), ride.used, np.zeros(n_used, np.int32))
            travel_s, _ = search_window(timetable, ride.access, ride.clocks, ends, max_rides=max_rides)
            return compare_stations(travel_s, np.arange(n_used), ride.quantile, widest_s)

        question = [ride.access.stop_idx, ride.access.time_s, ride.clocks, ride.used]
        stations = session.keep(
            "station_leads", lambda _: (key(), digest_arrays(question), max_rides, ride.quantile, widest_s), compare
        )
        return choose_stations(stations, ride.places, limit_s)

    def get_places(self, mode: Mode, reverse: bool) -> RiddenPlaces:
        """Return the places that times are computed of."""
        if (mode, reverse) not in self._places:
            ways = self._list_ways(mode, reverse) if self.session.has_service(mode) else NO_WAYS
            self._places[mode, reverse] = list_ridden_places(self.session, mode, ways, reverse)
        return self._places[mode, reverse]

    def _list_ways(self, mode: Mode, reverse: bool) -> Ways:
        """Return the ways between stations and nodes one may leave, by node."""
        if (mode, reverse) not in self._ways:
            session, a = self.session, self.session.network.assumptions
            if session.taxi_roads().arrays.n_nodes > _MOST_NODES_KEPT:
                self._ways[mode, reverse] = self._find_ways(mode, reverse)
            else:
                self._ways[mode, reverse] = session.keep(
                    "station_ways",
                    # the stops that vehicles serve, where they join the roads, and these; not when anything runs
                    lambda keys: (
                        (mode, reverse, keys.served, keys.stations),
                        keys.roads(Vehicle.CAR, session.speeds),
                        tuple(getattr(a, name) for name in _WAY_ASSUMPTIONS),
                    ),
                    lambda: self._find_ways(mode, reverse),
                )
        return self._ways[mode, reverse]

    def _find_ways(self, mode: Mode, reverse: bool) -> Ways:
        session = self.session
        streets = session.taxi_roads()
        compiled, _ = session.timetable(mode)
        kinds, links = session.stop_kinds(mode), session.seen(mode).network.station_links
        pairs = [
            (compiled.stop_idx[s], streets.graph_node[n])
            for s, n in zip(links["stop_id"], links["node_id"], strict=True)
            if s in compiled.stop_idx and streets.may_stop_at(n) and kinds.get(s) in BY_TAXI
        ]
        limit_s = compute_longest_drive_s(session.network.assumptions)
        pairs = sorted(pairs, key=lambda pair: pair[0]) if limit_s >= 0 else []
        stops = np.array([p[0] for p in pairs], dtype=np.int64)
        stations = build_node_connectors([p[1] for p in pairs])
        parts = []
        # A block of stations at a time: the rows of all of them might take more memory than all else.
        size = max(_STATIONS_AT_ONCE, _MOST_CELLS // streets.arrays.n_nodes)
        for first in range(0, len(stops), size):
            block = np.arange(first, min(first + size, len(stops)))
            some = stations.take(block.tolist())
            node, row, ticks = list_street_ticks(streets.arrays, some, reverse=reverse, limit_s=limit_s)
            none = np.zeros(len(node), dtype=bool)
            parts.append(Ways(node, stops[block[row]], ticks_to_seconds(ticks), none))
        walks = self._list_walks(mode)
        # one block is in order already
        alone = len(parts) == 1 and not len(walks.node)
        return parts[0] if alone else walks.join(*parts)

    def _list_walks(self, mode: Mode) -> Ways:
        """Return the walks between stops without taxis and nodes within ``walk_max_m``, straight times the detour.

        Those of vehicles of the mode itself: city buses, and the metro where it is no mere feeder.
        """
        session, a = self.session, self.session.network.assumptions
        arrays = session.taxi_roads().arrays
        stops = session.seen(mode).network.feed.stops
        lon, lat = (stops[c].to_numpy(dtype=np.float64) for c in ("stop_lon", "stop_lat"))
        rows = np.flatnonzero(find_walked_stops(session, mode) & ~np.isnan(lon) & ~np.isnan(lat))
        lon, lat = lon[rows], lat[rows]
        nodes = np.flatnonzero(arrays.may_leave & _lies_round(arrays, lon, lat, a.walk_max_m))
        if not len(rows) or not len(nodes):
            none = np.zeros(0, dtype=np.int64)
            return Ways(none, none, np.zeros(0), np.zeros(0, dtype=bool))
        from scipy.spatial import cKDTree

        # Chords of the sphere are as long as the ground over a walk.
        stop_tree = cKDTree(to_space(lon, lat))
        node_tree = cKDTree(to_space(arrays.lon[nodes], arrays.lat[nodes]))
        near = stop_tree.sparse_distance_matrix(node_tree, a.walk_max_m, output_type="coo_matrix")
        walk_s = near.data * a.walk_detour / kmh_to_ms(a.walk_speed_kmh)
        ok = walk_s <= min_to_s(a.access_max_min)
        return Ways(nodes[near.col[ok]], rows[near.row[ok]], walk_s[ok], np.ones(int(ok.sum()), dtype=bool))


class _Ride(NamedTuple):
    """What is asked of a timetable: access, departures, the stops left for from, the ways on as columns of these."""

    access: Access
    clocks: npt.NDArray[np.int32]
    used: npt.NDArray[np.int32]
    places: Destinations
    quantile: float


def _lies_round(arrays: StreetArrays, lon: F64, lat: F64, far_m: float) -> npt.NDArray[np.bool_]:
    """Return which nodes lie in the box round some points with a good margin, (n_nodes,)."""
    if not len(lon):
        return np.zeros(arrays.n_nodes, dtype=bool)
    up = float(np.degrees(1.1 * far_m / EARTH_RADIUS_M))
    least_cos = max(0.01, float(np.cos(np.radians(np.abs(lat).max() + up))))
    aside = up / least_cos
    inside: npt.NDArray[np.bool_] = (arrays.lat >= lat.min() - up) & (arrays.lat <= lat.max() + up)
    inside &= (arrays.lon >= lon.min() - aside) & (arrays.lon <= lon.max() + aside)
    return inside
