"""One scenario ready to be measured: its network with compiled streets, timetables and places, built once each."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from transit_model.domain.geo import LonLat
from transit_model.domain.modes import MODE_RULES, STOP_GROUPS, Mode, Reading, Ride, SpeedTable, Vehicle
from transit_model.domain.named_words import read_one
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.measure.compiled_roads import keep_locator, keep_streets
from transit_model.measure.input_keys import InputKeys
from transit_model.measure.memo import STATION_TIMES, Key, Memo, digest_arrays
from transit_model.measure.place_joins import PlaceJoins, is_free
from transit_model.measure.places import PlaceIndex
from transit_model.measure.session_table import show_session
from transit_model.measure.window_check import check_window
from transit_model.network.model import Network
from transit_model.network.shared_stops import PartedNetwork, find_twins, part_tables
from transit_model.network.snap import RoadLocator
from transit_model.network.station_times import StationWays
from transit_model.network.street_arrays import CompiledStreets, compile_streets
from transit_model.network.timetable_arrays import CompiledTimetable, compile_timetable, find_stop_kinds
from transit_model.network.works import apply_works
from transit_model.streets.connectors import Connectors, build_node_connectors
from transit_model.streets.places_search import compute_street_od
from transit_model.timetable.index import TimetableIndex, build_index, reverse_timetable
from transit_model.units import ticks_to_seconds

if TYPE_CHECKING:
    import networkx as nx

ResultT = TypeVar("ResultT")


class Session:
    """Measures one scenario: compiled inputs, and station-to-station rows once they are measured.

    Parameters
    ----------
    scenario_id : str
        Name in the tables.
    network : Network
    service_date : date, optional
        Service day of the timetable; the region's default when absent.
    window : tuple of int, optional
        Departure clock window in seconds, the end excluded; the region's default when absent.
    vehicle : Vehicle
        What drives on the roads; taxis to and from stations are cars whatever it is.
    speeds : SpeedTable
        Speed table of the typical and door-to-door readings, of taxis too; the promoter's reading is free flow.
    memo : Memo, optional
        Shares what is compiled and searched with the sessions of other networks, as far as they have it in common.
        Without one a session keeps what it measures for itself.
    """

    def __init__(
        self,
        scenario_id: str,
        network: Network,
        *,
        service_date: date | None = None,
        window: tuple[int, int] | None = None,
        vehicle: Vehicle = Vehicle.CAR,
        speeds: SpeedTable = SpeedTable.TYPICAL,
        memo: Memo | None = None,
    ) -> None:
        self.scenario_id = scenario_id
        self.window = window or network.info.window
        self.vehicle = vehicle
        self.speeds = speeds
        self.service_date = service_date or network.info.service_date
        check_window(self.window)
        self.memo = memo
        self._given = network
        self.network = network = apply_works(network, self.window)
        self.places: PlaceIndex = self.keep("places", lambda keys: keys.places, lambda: PlaceIndex(network))
        self._stop_kinds: dict[Mode, dict[str, Ride]] = {}
        self._seen: dict[Mode, PartedNetwork] = {}
        self._timetable_modes: dict[Mode, Mode] = {}
        self._streets: dict[tuple[Vehicle, SpeedTable], CompiledStreets] = {}
        self._timetables: dict[Mode, tuple[CompiledTimetable, TimetableIndex]] = {}
        self._feeders: dict[tuple[Mode, bool], TimetableIndex | None] = {}
        self._reversed: dict[Mode, TimetableIndex] = {}
        self._locator: RoadLocator | None = None
        self._calls: dict[Mode, tuple[str, ...]] = {}
        self._stations: dict[Mode, tuple[str, ...]] = {}
        self._rows: dict[Key, Any] = {}
        self._timetable_keys: dict[Mode, Key] = {}
        self._joins = PlaceJoins(network, self.taxi_roads, self._find_locator)

    def _repr_html_(self) -> str:
        day, speeds = self.service_date.isoformat(), self.speeds.value
        return show_session(self.network, self.scenario_id, day, self.window, self.vehicle.value, speeds)

    @property
    def timetable_id(self) -> str:
        """Return the id of the timetable that is measured."""
        return self.network.info.timetable_id

    def with_window(self, window: tuple[int, int]) -> Session:
        """Return a session of another departure window, which shares what does not hang on it."""
        if self._given.works:
            how: dict[str, Any] = {"vehicle": self.vehicle, "speeds": self.speeds, "memo": self.memo}
            return Session(self.scenario_id, self._given, service_date=self.service_date, window=window, **how)
        other = copy.copy(self)
        other.window = window
        return other

    def to_osmnx(self, reading: str | Reading = "typical") -> nx.MultiDiGraph[Any]:
        """Return the roads as a graph that osmnx takes, with the times of a reading: see `build_osmnx_graph`."""
        from transit_model.roads.osmnx_graph import build_osmnx_graph

        net, roads = self.network, self.roads(read_one(reading, Reading, "reading"))
        return build_osmnx_graph(net.nodes, net.links, ticks_to_seconds(roads.link_ticks), net.shapes)

    @cached_property
    def keys(self) -> InputKeys:
        """The keys of what is compiled from the network; only for a session with a memo."""
        assert self.memo is not None
        return InputKeys(self.network, self.memo)

    def keep(self, kind: str, key: Callable[[InputKeys], Key], make: Callable[[], ResultT]) -> ResultT:
        """Return a result by the key of all that it hangs on: from the memo where there is one, else made now."""
        return make() if self.memo is None else self.memo.get(kind, key(self.keys), make)

    @cached_property
    def stop_points(self) -> dict[str, LonLat]:
        """Where each stop lies."""
        return self.keep("stop_points", lambda keys: keys.stops, self._list_stop_points)

    def _list_stop_points(self) -> dict[str, LonLat]:
        stops = self.network.feed.stops
        return {
            str(s): LonLat(lon=float(lon), lat=float(lat))
            for s, lon, lat in zip(stops["stop_id"], stops["stop_lon"], stops["stop_lat"], strict=True)
        }

    @cached_property
    def county_names(self) -> dict[str, str]:
        """Chinese name by adcode."""
        counties = self.network.counties
        return dict(zip(counties["adcode"], counties["name_zh"], strict=True))

    @cached_property
    def station_counties(self) -> dict[str, str]:
        """Chinese name of the county by station."""
        stations = self.network.stations
        return dict(zip(stations["stop_id"], stations["county"], strict=True))

    def streets(self, vehicle: Vehicle, table: SpeedTable) -> CompiledStreets:
        """Return the street graph of a vehicle and a speed table."""
        if (vehicle, table) not in self._streets:
            how, memo = (self.network, vehicle, table), self.memo
            self._streets[vehicle, table] = (
                compile_streets(*how) if memo is None else keep_streets(*how, memo, self.keys)
            )
        return self._streets[vehicle, table]

    def speed_table(self, reading: Reading) -> SpeedTable:
        """Return the road speed table of a reading: free flow for the promoter's, else that of the session."""
        return READING_RULES[reading].own_speeds or self.speeds

    def roads(self, reading: Reading, vehicle: Vehicle | None = None) -> CompiledStreets:
        """Return the street graph of a reading for a vehicle, the session's own when none is named."""
        return self.streets(vehicle or self.vehicle, self.speed_table(reading))

    def taxi_roads(self) -> CompiledStreets:
        """Return the street graph that taxis to and from stations drive on."""
        return self.streets(Vehicle.CAR, self.speeds)

    def timetable(self, mode: Mode) -> tuple[CompiledTimetable, TimetableIndex]:
        """Return the timetable of a mode that rides: its vehicles and their stops, see `MODE_RULES`."""
        mode = self.timetable_mode(mode)
        if mode not in self._timetables:
            self._timetables[mode] = self.keep(
                "timetables", lambda _: self.timetable_key(mode), lambda: self._compile_timetable(mode)
            )
        return self._timetables[mode]

    def timetable_mode(self, mode: Mode) -> Mode:
        """Return the mode whose timetable a mode has: of those that it chains the one beside which nothing runs."""
        if mode not in self._timetable_modes:
            alike = (one for one in MODE_RULES[mode].chains if self.stop_kinds(one) == self.stop_kinds(mode))
            self._timetable_modes[mode] = next(alike, mode)
        return self._timetable_modes[mode]

    def _compile_timetable(self, mode: Mode) -> tuple[CompiledTimetable, TimetableIndex]:
        compiled = self._compile(mode, MODE_RULES[mode].rides)
        return compiled, build_index(compiled.arrays)

    def timetable_key(self, mode: Mode) -> Key:
        """Return the key of a compiled timetable: feed, station minutes and walks, drives between main stations."""
        mode = self.timetable_mode(mode)
        if mode not in self._timetable_keys:
            keys, rides = self.keys, MODE_RULES[mode].rides
            # trains at other times leave the buses as they are
            feed = keys.feed if Ride.RAIL in rides else (keys.served, keys.times_of(rides), keys.transfers)
            inputs = (self.service_date, feed, keys.stations, keys.station_minutes, self._drives_key())
            self._timetable_keys[mode] = (mode, *inputs)
        return self._timetable_keys[mode]

    def index_key(self, mode: Mode) -> Key:
        """Return a digest of all that a search of a mode's timetable reads."""
        assert self.memo is not None
        _, index = self.timetable(mode)
        return self.memo.get("index_keys", self.timetable_key(mode), lambda: digest_arrays(index))

    def _drives_key(self) -> Key:
        """Return the taxi drives between the main stations of each place: they are transfers of the timetable."""
        groups = [g for g in self.network.info.main_stations.values() if len(g) > 1]
        if not groups:
            return ()
        streets, links = self.taxi_roads(), self.network.station_links
        node_of = dict(zip(links["stop_id"], links["node_id"], strict=True))
        nodes = tuple(streets.graph_node.get(node_of.get(s, ""), -1) for g in groups for s in g)
        ends = build_node_connectors([n for n in nodes if n >= 0])
        return nodes, self.keep(
            "drives",
            lambda keys: (keys.roads(Vehicle.CAR, self.speeds), nodes),
            lambda: compute_street_od(streets.arrays, ends, ends).tobytes(),
        )

    def feeder_index(self, mode: Mode, *, reverse: bool = False) -> TimetableIndex | None:
        """Return the timetable of a mode without its own vehicles (run backwards), None when nothing feeds it.

        Stops have the numbers of `timetable`. What it reaches as soon as the whole timetable is no ride of the mode.
        """
        if (mode, reverse) not in self._feeders:
            self._feeders[mode, reverse] = self.keep(
                "feeders",
                lambda _: (self._feeder_key(mode), reverse),
                lambda: self._compile_feeders(mode, reverse),
            )
        return self._feeders[mode, reverse]

    def _feeder_key(self, mode: Mode) -> Key:
        """Return the key of the timetable of feeders: trains at other times leave the metro as it is."""
        keys = self.keys
        own = (mode, self.service_date, keys.served, keys.times_of(MODE_RULES[mode].feeders), keys.transfers)
        return *own, keys.stations, keys.station_minutes, self._drives_key()

    def _compile_feeders(self, mode: Mode, reverse: bool) -> TimetableIndex | None:
        feeders = MODE_RULES[mode].feeders
        runs = any(ride in feeders for ride in self.stop_kinds(mode).values())
        arrays = self._compile(mode, feeders).arrays if runs else None
        turned = reverse_timetable(arrays) if arrays is not None and reverse else arrays
        return None if turned is None else build_index(turned)

    def _compile(self, mode: Mode, rides: Sequence[Ride]) -> CompiledTimetable:
        def keep(make: Callable[[], StationWays]) -> StationWays:  # trains at other times leave them as they are
            own = lambda k: (mode, k.served, k.transfers, k.stations, k.station_minutes, self._drives_key())  # noqa: E731
            return self.keep(STATION_TIMES, own, make)

        how: dict[str, Any] = {"taxi_roads": self.taxi_roads, "stop_kinds": self.stop_kinds(mode), "station_ways": keep}
        return compile_timetable(self.seen(mode).network, self.service_date, rides=rides, **how)

    def seen(self, mode: Mode) -> PartedNetwork:
        """Return the network as a mode sees it: stops that trains share with other vehicles are parted."""
        if mode not in self._seen:
            self._seen[mode] = self._part(mode)
        return self._seen[mode]

    def _part(self, mode: Mode) -> PartedNetwork:
        network, seen = self.network, MODE_RULES[mode].rides
        groups = [[ride for ride in group if ride in seen] for group in STOP_GROUPS]
        twins = self.keep("twins", lambda k: (mode, k.served), lambda: find_twins(network.feed, groups))
        if not twins:
            return PartedNetwork(network)
        parts = self.keep("parted", lambda k: (mode, k.feed, k.stations), lambda: part_tables(network, groups, twins))
        return PartedNetwork(network.with_tables(**parts), twins)

    def stop_kinds(self, mode: Mode) -> dict[str, Ride]:
        """Return the stops that a mode sees, with what calls there; stops of other modes do not exist for it."""
        if mode not in self._stop_kinds:
            self._stop_kinds[mode] = self.keep(
                "stop_kinds",
                lambda keys: (mode, keys.served),
                lambda: find_stop_kinds(self.seen(mode).network.feed, MODE_RULES[mode].rides),
            )
        return self._stop_kinds[mode]

    def find_chained(self, mode: Mode, one: Mode, stop_id: str) -> str:
        """Return the stop by which a mode that chains others knows a stop of one of these."""
        ride = self.stop_kinds(one).get(stop_id)
        group = next((n for n, rides in enumerate(STOP_GROUPS) if ride in rides), 0)
        return self.seen(mode).find_part(self.seen(one).find_stop(stop_id), group)

    def list_stations(self, mode: Mode) -> tuple[str, ...]:
        """Return the stops that vehicles of the mode itself (not the metro that feeds it) serve on the service day.

        In feed order.
        """
        if mode not in self._stations:
            own, kinds = MODE_RULES[mode].own, self.stop_kinds(mode)
            self._stations[mode] = tuple(s for s in self.list_calls(mode) if kinds.get(s) in own)
        return self._stations[mode]

    def list_calls(self, mode: Mode) -> tuple[str, ...]:
        """Return the stops that any vehicle of a mode serves on the service day, in feed order."""
        if mode not in self._calls:
            self._calls[mode] = self.keep(
                "calls", lambda _: self.timetable_key(mode), self.timetable(mode)[0].list_calls
            )
        return self._calls[mode]

    def reverse_index(self, mode: Mode) -> TimetableIndex:
        """Return the timetable of a mode run backwards, for questions about arriving by a time."""
        if mode not in self._reversed:
            self._reversed[mode] = build_index(reverse_timetable(self.timetable(mode)[0].arrays))
        return self._reversed[mode]

    def keep_row(self, key: Key, search: Callable[[], ResultT]) -> ResultT:
        """Return a row of searched times that many questions read, searched when it is first asked for."""
        if key not in self._rows:
            self._rows[key] = search()
        return self._rows[key]  # type: ignore[no-any-return]

    def has_service(self, mode: Mode) -> bool:
        """Return whether any vehicle of the mode itself (not the metro that feeds it) runs at all."""
        return any(ride in MODE_RULES[mode].own for ride in self.stop_kinds(mode).values())

    @property
    def snap_limit_m(self) -> float:
        """How far from the roads a place may lie: `snap_max_m`, and no farther than rings go across country.

        One rule for both ends: nobody travels longer than `off_network_max_min` off the network, be it to a cell of a
        ring or from the door of a place.
        """
        return self._joins.snap_limit_m

    @property
    def off_network_rule(self) -> tuple[float, float, float]:
        """What the way between places and the roads hangs on: limit of the nearest road, reach (m) and speed (km/h)."""
        return self.snap_limit_m, self._joins.reach_m, self.network.assumptions.off_network_speed_kmh

    def find_off_network(self, places: Sequence[Place]) -> dict[str, float]:
        """Return the places that no road of the network is near enough to: place id to distance in metres."""
        return {place_id: far_m for place_id, far_m, on_road in self._joins.list_loose(places) if not on_road}

    def measure_off_network(self, places: Sequence[Place]) -> dict[str, float]:
        """Return the way across country of the places beside the roads to the nearest: place id to metres."""
        return {place_id: far_m for place_id, far_m, on_road in self._joins.list_loose(places) if on_road}

    def _find_locator(self) -> RoadLocator:
        if self._locator is None:
            network, memo = self.network, self.memo
            self._locator = RoadLocator(network) if memo is None else keep_locator(network, memo, self.keys)
        return self._locator

    def connectors(self, places: Sequence[Place], streets: CompiledStreets) -> Connectors:
        """Return where places join a street graph.

        A place with a road node stands on it; any other of the region is projected onto the nearest road that is not
        a motorway, and the straight way there is travelled at the off-network speed. A free point is joined to all
        roads within reach (`place_joins`).

        Raises
        ------
        NetworkError
            Naming every place that lies farther than `snap_limit_m` from a road.
        """
        return self._joins.join(places, streets)

    def find_drives_within(
        self,
        places: Sequence[Place],
        streets: CompiledStreets,
        nodes: Sequence[int],
        limit_s: float,
        *,
        to_places: bool,
    ) -> npt.NDArray[np.float64]:
        """Return drives between nodes and free points with a limit on the roads, see `PlaceJoins`."""
        return self._joins.find_drives_within(places, streets, nodes, limit_s, to_places=to_places)

    def join_pairs(
        self, origins: Sequence[Place], destinations: Sequence[Place], streets: CompiledStreets
    ) -> tuple[Connectors, Connectors]:
        """Return where both ends of pairs join a street graph, with the straight ways from and to free points.

        Raises
        ------
        NetworkError
            As `connectors`.
        """
        placed = any(is_free(p) for p in (*origins, *destinations))
        start, end = (self._joins.join(places, streets, placed=placed) for places in (origins, destinations))
        return start, end
