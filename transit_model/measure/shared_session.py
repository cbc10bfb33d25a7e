"""Sessions that share what their networks have in common.

A scenario is often measured hundreds of times with one number changed. Nothing that a change leaves alone is
compiled or searched again: every result is kept under a digest of exactly what it was made from, so an edit that
touches an input cannot be answered from an older one.
"""

from __future__ import annotations

import copy
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from transit_model.domain.modes import Mode, SpeedTable, Vehicle
from transit_model.measure.session import Session
from transit_model.network.model import Network
from transit_model.network.snap import RoadLocator
from transit_model.network.street_arrays import CompiledStreets, compile_streets
from transit_model.network.timetable_arrays import CompiledTimetable
from transit_model.streets.connectors import build_node_terminals
from transit_model.streets.places_search import compute_street_od
from transit_model.timetable.index import TimetableIndex

ResultT = TypeVar("ResultT")
Key = Hashable
_LINK_COLUMNS = (
    "link_id",
    "road_id",
    "from_node_id",
    "to_node_id",
    "highway",
    "length_m",
    "maxspeed_kmh",
    "toll",
    "area",
)
_COURSE_COLUMNS = ("link_id", "road_id", "from_node_id", "to_node_id", "highway")
_NODE_COLUMNS = ("node_id", "lon", "lat")
_STREET_ASSUMPTIONS = ("vehicle_cap_kmh", "toll_gate_delay_s", "ramp_delay_s", "junction_delay_s")
_STATION_ASSUMPTIONS = (
    *(f"{kind}_{what}_min" for kind in ("rail", "metro") for what in ("entry", "exit", "change")),
    *("bus_entry_min", "bus_exit_min"),
    *("walk_detour", "walk_speed_kmh", "transfer_walk_max_m", "taxi_wait_min", "taxi_alight_min"),
)


class ContentStore:
    """Keeps results by the content they were made from, the latest `limit` of each kind."""

    def __init__(self, limit: int = 2048) -> None:
        self._limit = limit
        self._kept: dict[str, OrderedDict[Key, Any]] = {}
        self._tables: OrderedDict[tuple[int, tuple[str, ...]], tuple[pd.DataFrame, bytes]] = OrderedDict()

    def get(self, kind: str, key: Key, make: Callable[[], ResultT]) -> ResultT:
        """Return the result kept under a key, made now when there is none."""
        kept = self._kept.setdefault(kind, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            found: ResultT = kept[key]
            return found
        made = make()
        kept[key] = made
        if len(kept) > self._limit:
            kept.popitem(last=False)
        return made

    def has(self, kind: str, key: Key) -> bool:
        """Return whether a result is kept under a key."""
        return key in self._kept.get(kind, ())

    def digest(self, table: pd.DataFrame, columns: tuple[str, ...] = ()) -> bytes:
        """Return a digest of the cells of a table (of some columns); tables are never edited, so each is read once."""
        key = (id(table), columns)
        found = self._tables.get(key)
        if found is not None:
            self._tables.move_to_end(key)
            return found[1]
        made = digest_table(table, columns)
        self._tables[key] = (table, made)  # holding the table keeps its id from being given to another
        if len(self._tables) > self._limit:
            self._tables.popitem(last=False)
        return made


def digest_table(table: pd.DataFrame, columns: Sequence[str] = ()) -> bytes:
    """Return a digest of the cells of a table, column by column; all columns when none are named."""
    digest = hashlib.blake2b(digest_size=16)
    for name in columns or table.columns:
        column = table[name]
        digest.update(f"|{name}|{len(column)}|".encode())
        if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
            digest.update(np.ascontiguousarray(column.to_numpy()).tobytes())
        else:
            digest.update("\x1f".join(map(str, column.tolist())).encode())
    return digest.digest()


def digest_arrays(arrays: Sequence[Any]) -> bytes:
    """Return a digest of arrays and numbers."""
    digest = hashlib.blake2b(digest_size=16)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes() + b"|")
    return digest.digest()


class SharedSession(Session):
    """A session whose compiled inputs come from a `ContentStore`.

    What `Session` builds of places and stops at once is copied from a session of a network with the same places and
    stops, one that is never measured itself, so that nothing measured can leak; or from `built`, for who only asks
    for keys.
    """

    def __init__(
        self, scenario_id: str, network: Network, store: ContentStore, *, built: Session | None = None
    ) -> None:
        feed = network.feed
        stations_key = (store.digest(network.stations), store.digest(network.station_links))
        places_key = (
            store.digest(network.places),
            store.digest(feed.stops),
            stations_key,
            _read_place_switches(network),
        )
        served_key = (
            *(store.digest(t) for t in (feed.stops, feed.routes, feed.trips, feed.calendar, feed.calendar_dates)),
            store.digest(feed.stop_times, ("trip_id", "stop_id")),
            store.digest(feed.frequencies, ("trip_id", "start_clock_s", "end_clock_s", "exact_times")),
        )
        pristine = built or store.get("pristine", (places_key, served_key), lambda: Session(scenario_id, network))
        vars(self).update({k: copy.copy(v) if isinstance(v, dict) else v for k, v in vars(pristine).items()})
        self.scenario_id = scenario_id
        self.network = network
        self.store = store
        self._timetable_keys: dict[Mode, Key] = {}
        self.places_key: Key = places_key
        self.stations_key: Key = stations_key
        self.served_key: Key = (*served_key, self.service_date)
        self.feed_key: Key = (
            *(store.digest(t) for t in (feed.stops, feed.routes, feed.trips, feed.calendar, feed.calendar_dates)),
            *(store.digest(t) for t in (feed.stop_times, feed.frequencies, feed.transfers)),
        )

    def road_key(self, vehicle: Vehicle, table: SpeedTable) -> Key:
        """Return the key of a street graph: links, nodes and the numbers that make times of lengths."""
        a = self.network.assumptions
        numbers = repr([getattr(a, name) for name in (f"speed_factor_{table}", *_STREET_ASSUMPTIONS)])
        links = self.store.digest(self.network.links, _LINK_COLUMNS)
        return vehicle, table, links, self.store.digest(self.network.nodes, _NODE_COLUMNS), numbers

    def streets(self, vehicle: Vehicle, table: SpeedTable) -> CompiledStreets:
        """Return the street graph of a vehicle and a speed table."""
        if (vehicle, table) not in self._streets:
            self._streets[vehicle, table] = self.store.get(
                "streets", self.road_key(vehicle, table), lambda: compile_streets(self.network, vehicle, table)
            )
        return self._streets[vehicle, table]

    def timetable(self, mode: Mode) -> tuple[CompiledTimetable, TimetableIndex]:
        """Return the timetable of a mode."""
        if mode not in self._timetables:
            self._timetables[mode] = self.store.get(
                "timetables", self.timetable_key(mode), lambda: Session.timetable(self, mode)
            )
        return self._timetables[mode]

    def index_key(self, mode: Mode) -> bytes:
        """Return a digest of all that a search of a mode's timetable reads."""
        _, index = self.timetable(mode)
        return self.store.get("index_keys", self.timetable_key(mode), lambda: digest_arrays(index))

    def timetable_key(self, mode: Mode) -> Key:
        """Return the key of a compiled timetable: feed, station minutes and walks, drives between main stations."""
        a = self.network.assumptions
        if mode not in self._timetable_keys:
            numbers = repr([getattr(a, name) for name in _STATION_ASSUMPTIONS])
            inputs = (self.service_date, self.feed_key, self.stations_key, numbers, self._drives_key())
            self._timetable_keys[mode] = (mode, *inputs)
        return self._timetable_keys[mode]

    def _find_locator(self) -> RoadLocator:
        if self._locator is None:
            network = self.network
            key = (
                self.store.digest(network.links, _COURSE_COLUMNS),
                self.store.digest(network.nodes, _NODE_COLUMNS),
                self.store.digest(network.shapes),
            )
            self._locator = self.store.get("locators", key, lambda: RoadLocator(network))
        return self._locator

    def _drives_key(self) -> Key:
        """Return the taxi drives between the main stations of each place: they are transfers of the timetable."""
        groups = [g for g in self.network.info.main_stations.values() if len(g) > 1]
        if not groups:
            return ()
        streets = self.streets(Vehicle.CAR, SpeedTable.TYPICAL)
        links = self.network.station_links
        node_of = dict(zip(links["stop_id"], links["node_id"], strict=True))
        nodes = tuple(streets.graph_node.get(node_of.get(s, ""), -1) for g in groups for s in g)
        key = (self.road_key(Vehicle.CAR, SpeedTable.TYPICAL), nodes)
        ends = build_node_terminals([n for n in nodes if n >= 0])
        return nodes, self.store.get("drives", key, lambda: compute_street_od(streets.arrays, ends, ends).tobytes())


def _read_place_switches(network: Network) -> str:
    """Return the places that projects opened or closed, as text."""
    return repr(sorted((k, sorted(v)) for k, v in network.extra.items() if k.startswith("places_")))


class SharedCoachTimes:
    """Typical driving times of a coach between road nodes, for bus lines; each street graph is compiled once."""

    def __init__(self, store: ContentStore) -> None:
        self._store = store

    def __call__(self, from_node_id: str, to_node_id: str, network: Network) -> float:
        """Return seconds from node to node, inf when there is no way."""
        session = _Roads(network, self._store)
        streets = session.streets(Vehicle.COACH, SpeedTable.TYPICAL)
        nodes = [streets.graph_node.get(n, -1) for n in (from_node_id, to_node_id)]
        if min(nodes) < 0:
            return float("inf")
        key = (session.road_key(Vehicle.COACH, SpeedTable.TYPICAL), *nodes)
        return self._store.get("coach_times", key, lambda: self._measure(streets, *nodes))

    @staticmethod
    def _measure(streets: CompiledStreets, start: int, end: int) -> float:
        times = compute_street_od(streets.arrays, build_node_terminals([start]), build_node_terminals([end]))
        return float(times[0, 0])


class _Roads(SharedSession):
    """Only the roads of a network that is still being put together."""

    def __init__(self, network: Network, store: ContentStore) -> None:
        self.network = network
        self.store = store
        self._streets = {}
