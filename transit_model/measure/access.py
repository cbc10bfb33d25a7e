"""Ways to and from stations: by taxi on the road network or on foot, the quicker wins.

The metro needs no case of its own: it is part of the timetable, reached on foot and left by a transfer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transit_model.assumptions import Assumptions
from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.modes import BY_TAXI, MODE_RULES, STOP_GROUPS, Mode, Ride, Vehicle
from transit_model.domain.place import Place
from transit_model.measure.memo import Key
from transit_model.measure.place_joins import is_free
from transit_model.measure.place_stops import list_brought
from transit_model.measure.session import Session
from transit_model.measure.snap_words import name_snap_limit
from transit_model.streets.connectors import build_node_connectors
from transit_model.streets.places_search import compute_street_od
from transit_model.timetable.raptor import Access, build_access
from transit_model.units import ceil_to_whole_s, kmh_to_ms, m_to_km, min_to_s

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
_ASSUMPTIONS = (
    "access_max_min",
    "off_network_max_min",
    "off_network_speed_kmh",
    "snap_max_m",
    "taxi_alight_min",
    "taxi_wait_min",
    "walk_detour",
    "walk_max_m",
    "walk_speed_kmh",
)
"""What trips to and from stations hang on, beside the timetable and the roads."""


@dataclass(frozen=True, eq=False)
class StationTrips:
    """Trips between places and stops in whole seconds, without station entry or exit.

    Attributes
    ----------
    time_s : (n_places, n_stops) float64
        inf beyond ``access_max_min``.
    on_foot : (n_places, n_stops) bool
        Whether walking is the quicker way.
    """

    time_s: npt.NDArray[np.float64]
    on_foot: npt.NDArray[np.bool_]

    def bare_s(self, session: Session) -> npt.NDArray[np.float64]:
        """Return the times without waiting for the taxi and paying it, (n_places, n_stops)."""
        a = session.network.assumptions
        return np.where(self.on_foot, self.time_s, self.time_s - min_to_s(a.taxi_wait_min + a.taxi_alight_min))


def compute_longest_drive_s(a: Assumptions) -> float:
    """Return how long a taxi may drive to or from a station: the trip holds the wait for it and the paying as well.

    Below 0 nobody takes one.
    """
    return min_to_s(a.access_max_min - a.taxi_wait_min - a.taxi_alight_min)


def compute_station_trips(
    session: Session, places: Sequence[Place], mode: Mode, *, to_place: bool = False
) -> StationTrips:
    """Return the trips from places to all stops of a mode (or from the stops to the places); other stops stay inf.

    Taxi: ``taxi_wait_min`` + drive at the session's speeds + ``taxi_alight_min``, to railway and coach stations
    that join the road network where one can stop (not on a motorway). Foot: straight distance x ``walk_detour`` /
    ``walk_speed_kmh`` up to ``walk_max_m``, to any stop. A place that is a station of the mode has no other, unless
    projects alone bring its vehicles: a first train takes no way away. A mode that chains others has the trips of each
    of them.
    """
    return session.keep(
        "station_trips",
        lambda _: make_trips_key(session, places, mode, to_place=to_place),
        lambda: _compute_station_trips(session, places, mode, to_place=to_place),
    )


def make_trips_key(session: Session, places: Sequence[Place], mode: Mode, *, to_place: bool) -> Key:
    """Return the key of all that trips between places and stops hang on; only for a session with a memo."""
    a, keys = session.network.assumptions, session.keys
    numbers = tuple(getattr(a, name) for name in _ASSUMPTIONS)
    roads = (keys.roads(Vehicle.CAR, session.speeds), keys.shapes)
    return mode, session.timetable_key(mode), roads, numbers, to_place, tuple(places)


def _compute_station_trips(session: Session, places: Sequence[Place], mode: Mode, *, to_place: bool) -> StationTrips:
    if MODE_RULES[mode].chains:
        return _chain_trips(session, places, mode, to_place=to_place)
    a = session.network.assumptions
    compiled, _ = session.timetable(mode)
    n_stops = len(compiled.stop_ids)
    seen = session.seen(mode)
    stops = seen.network.feed.stops
    walk_m = compute_great_circle_m(
        np.array([[p.at.lon] for p in places]),
        np.array([[p.at.lat] for p in places]),
        stops["stop_lon"].to_numpy(dtype=np.float64)[None, :],
        stops["stop_lat"].to_numpy(dtype=np.float64)[None, :],
    )
    kinds = session.stop_kinds(mode)
    served = np.array([s in kinds for s in compiled.stop_ids], dtype=bool)
    foot_s = np.where((walk_m <= a.walk_max_m) & served, walk_m * a.walk_detour / kmh_to_ms(a.walk_speed_kmh), np.inf)
    taxi_s, far_s = (np.full((len(places), n_stops), np.inf) for _ in range(2))
    links = seen.network.station_links
    rows = [
        (compiled.stop_idx[s], n)
        for s, n in zip(links["stop_id"].to_numpy(), links["node_id"].to_numpy(), strict=True)
        if s in compiled.stop_idx and kinds.get(s) in BY_TAXI
    ]
    streets = session.taxi_roads()
    rows = [(i, n) for i, n in rows if streets.may_stop_at(n)]
    if rows and places:
        stations = build_node_connectors([streets.graph_node[n] for _, n in rows])
        off = session.find_off_network(places)
        near = [i for i, p in enumerate(places) if p.place_id not in off]
        nodes, joined = tuple(n for _, n in rows), tuple(places[i] for i in near)

        def drive() -> npt.NDArray[np.float64]:
            connectors = session.connectors(joined, streets)
            first, second = (stations, connectors) if to_place else (connectors, stations)
            return compute_street_od(streets.arrays, first, second)

        drive_s = session.keep(  # a new train leaves the stations where they are
            "station_drives",
            lambda keys: (
                (keys.roads(Vehicle.CAR, session.speeds), keys.shapes),
                session.off_network_rule,
                (to_place, joined, nodes),
            ),
            drive,
        )
        waits_s = min_to_s(a.taxi_wait_min + a.taxi_alight_min)
        at_stops = [i for i, _ in rows]
        taxi_s[np.ix_(near, at_stops)] = (drive_s.T if to_place else drive_s) + waits_s
        free = [i for i in near if is_free(places[i])]
        if free:
            some = taxi_s[np.ix_(free, at_stops)] - waits_s
            ends = [places[i] for i in free], [streets.graph_node[n] for n in nodes]
            far_s[np.ix_(free, at_stops)] = _find_far_drives(session, *ends, some, to_place=to_place) + waits_s
    # A station is itself: nobody goes from there to another, unless its first trains are those of a project.
    own_stations = set(session.list_stations(mode)) if any(place.stop_id for place in places) else set()
    own_stations -= list_brought(session, mode) if own_stations else frozenset()
    own_stations = {seen.find_stop(stop) for stop in own_stations}
    for i, place in enumerate(places):
        if place.stop_id in own_stations:
            others = np.ones(n_stops, dtype=bool)
            for number in range(len(STOP_GROUPS)):
                others[compiled.stop_idx[seen.find_part(place.stop_id, number)]] = False
            foot_s[i, others] = taxi_s[i, others] = np.inf
    best = ceil_to_whole_s(np.minimum(foot_s, taxi_s))
    best = np.where(best <= min_to_s(a.access_max_min), best, np.inf)
    far_s = ceil_to_whole_s(far_s)
    return StationTrips(np.minimum(best, far_s), (foot_s <= taxi_s) & ~(far_s < best))


def _find_far_drives(
    session: Session, places: Sequence[Place], nodes: Sequence[int], drive_s: F64, *, to_place: bool
) -> F64:
    """Return the drives of free points that only take too long with the way across country, (n_places, n_nodes).

    ``access_max_min`` says how far a taxi takes one along the roads; from there one goes as far across country as to
    the cell of a surface. `drive_s` has the quickest drives.
    """
    a, streets = session.network.assumptions, session.taxi_roads()
    limit_s = compute_longest_drive_s(a)
    out = np.full(drive_s.shape, np.inf)
    far = (drive_s > limit_s) & (drive_s <= limit_s + min_to_s(a.off_network_max_min))
    rows, columns = np.flatnonzero(far.any(axis=1)), np.flatnonzero(far.any(axis=0))
    if limit_s >= 0 and len(columns):
        some, ends = [places[i] for i in rows.tolist()], [nodes[k] for k in columns.tolist()]
        found_s = session.find_drives_within(some, streets, ends, limit_s, to_places=to_place)
        out[np.ix_(rows, columns)] = found_s.T
    return out


def _chain_trips(session: Session, places: Sequence[Place], mode: Mode, *, to_place: bool) -> StationTrips:
    """Return for each stop of a mode that chains others the quickest of their trips."""
    time_s = np.full((len(places), len(session.timetable(mode)[0].stop_ids)), np.inf)
    on_foot = np.ones(time_s.shape, dtype=bool)
    for one in MODE_RULES[mode].chains:
        trips = compute_station_trips(session, places, one, to_place=to_place)
        columns = _find_chained_stops(session, mode, one)
        quicker = trips.time_s < time_s[:, columns]
        time_s[:, columns] = np.where(quicker, trips.time_s, time_s[:, columns])
        on_foot[:, columns] = np.where(quicker, trips.on_foot, on_foot[:, columns])
    return StationTrips(time_s, on_foot)


def _find_chained_stops(session: Session, mode: Mode, one: Mode) -> npt.NDArray[np.int64]:
    """Return for each stop of a mode that is chained its number in the timetable of the mode that chains it."""

    def find() -> npt.NDArray[np.int64]:
        stop_idx, stops = session.timetable(mode)[0].stop_idx, session.timetable(one)[0].stop_ids
        return np.array([stop_idx[session.find_chained(mode, one, stop)] for stop in stops], np.int64)

    return session.keep_row(("chained stops", mode, one), find)


@dataclass(frozen=True, eq=False)
class StationEnds:
    """The ways between one place and the stops it may use, whole seconds; both have the same stops.

    Attributes
    ----------
    door : Access
        Door to door: with waiting for the taxi, paying it, and station entry or exit.
    bare : Access
        The drive or walk alone, as the other readings count it.
    """

    door: Access
    bare: Access


def build_ends(session: Session, places: Sequence[Place], mode: Mode, *, to_place: bool = False) -> list[StationEnds]:
    """Return the ways from each place into vehicles of a mode, or out of them to the place."""
    compiled, _ = session.timetable(mode)
    trips = compute_station_trips(session, places, mode, to_place=to_place)
    inside_s = compiled.arrays.exit_s if to_place else compiled.arrays.entry_s
    every = np.arange(len(compiled.stop_ids))
    return [
        StationEnds(build_access(every, door + inside_s), build_access(every, bare))
        for door, bare in zip(trips.time_s, trips.bare_s(session), strict=True)
    ]


def find_walked_stops(session: Session, mode: Mode) -> npt.NDArray[np.bool_]:
    """Return which stops of a mode are its own and no taxi serves, those of city buses and the metro, (n_stops,)."""
    return _find_stops_of(session, mode, frozenset(MODE_RULES[mode].own) - BY_TAXI)


def _find_stops_of(session: Session, mode: Mode, rides: frozenset[Ride]) -> npt.NDArray[np.bool_]:
    """Return which stops of a mode some vehicles call at, (n_stops,)."""

    def find() -> npt.NDArray[np.bool_]:
        kinds = session.stop_kinds(mode)
        return np.array([kinds.get(s) in rides for s in session.timetable(mode)[0].stop_ids], dtype=bool)

    return session.keep_row(("stops of", mode, rides), find)


def find_least_ways_s(session: Session, mode: Mode, access: Access, inside_s: I32, *, reverse: bool = False) -> F64:
    """Return the shortest way from a place into a vehicle of the kind that calls at each stop, (n_stops,) seconds.

    Where vehicles only set down nobody gets into one; `reverse` asks for the shortest way out of one instead.
    Railway stations count for railway stations, bus stops for bus stops: a bus stop at the door makes a taxi to the
    train no shorter. Where no stop of a kind is in reach, ``access_max_min`` and getting in (`inside_s`, of each stop),
    the longest way there could be.
    """
    boarded = _find_boarded(session, mode, reverse=reverse)[access.stop_idx]
    access = Access(access.stop_idx[boarded], access.time_s[boarded])
    anything = float(access.time_s.min()) if len(access.time_s) else 0.0
    least_s = np.full(len(inside_s), anything)
    for one in MODE_RULES[mode].chains or (mode,):
        own = _find_stops_of(session, mode, frozenset(MODE_RULES[one].own))
        near = access.time_s[own[access.stop_idx]]
        longest_s = min_to_s(session.network.assumptions.access_max_min) + float(inside_s[own].max(initial=0))
        least_s[own] = float(near.min()) if len(near) else longest_s
    return least_s


def _find_boarded(session: Session, mode: Mode, *, reverse: bool) -> npt.NDArray[np.bool_]:
    """Return at which stops somebody may board (alight, in `reverse`) on the service day, (n_stops,)."""

    def find() -> npt.NDArray[np.bool_]:
        compiled, index = session.timetable(mode)
        index = session.reverse_index(mode) if reverse else index
        boarded = (np.diff(index.board_ptr) > 0) | (np.diff(index.h_board_ptr) > 0)
        whole = boarded[: index.n_whole_stops].copy()
        np.logical_or.at(whole, index.split_of, boarded[index.n_whole_stops :])
        assert len(whole) == len(compiled.stop_ids)
        return whole

    return session.keep_row(("boarded stops", session.timetable_mode(mode), reverse), find)


def drop_detours(end: StationEnds, least_s: F64, direct_s: float, walked: npt.NDArray[np.bool_]) -> StationEnds:
    """Return the ways out without stations that make no sense for this pair of places.

    When the shortest way into a train (`least_s`, of all stops) and the way out of it take as long as driving all the
    way (`direct_s`, door to door), nobody rides: the journey is a taxi trip by way of a station. It is never the
    quickest, but would put neighbouring places into a rail circle. Stops that no taxi serves (`walked`, of all stops)
    are none of these.
    """
    at = end.door.stop_idx
    keep = walked[at] | (end.door.time_s + least_s[at] < direct_s)
    return end if keep.all() else StationEnds(*(Access(e.stop_idx[keep], e.time_s[keep]) for e in (end.door, end.bare)))


def tell_no_station(session: Session, place: Place, mode: Mode) -> str:
    """Return why no station of a mode is in reach of a place, with the remedy."""
    a = session.network.assumptions
    off = session.find_off_network([place])
    if off:
        return (
            f"{place.place_id} lies {m_to_km(off[place.place_id]):.1f} km from the nearest road, the limit is "
            f"{name_snap_limit(session.snap_limit_m, session.network.assumptions)}: move the point or add the road"
        )
    roads = session.taxi_roads()
    links = session.seen(mode).network.station_links
    served = set(session.list_stations(mode))
    joined = {
        s for s, n in zip(links["stop_id"].to_numpy(), links["node_id"].to_numpy(), strict=True) if roads.may_stop_at(n)
    }
    cut_off = sorted(served - joined)
    reach = (
        f"no {mode.value} station within {a.access_max_min:g} min by taxi (access_max_min) or {a.walk_max_m:g} m on "
        f"foot (walk_max_m) of {place.place_id}"
    )
    if not cut_off:
        return reach
    some = ", ".join(cut_off[:5]) + (" and others" if len(cut_off) > 5 else "")
    return f"{reach}; without road access: {some} (give them a road_node_id on a road that is no motorway)"
