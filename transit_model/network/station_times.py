"""Minutes spent inside and between stations: entry, exit, change and transfers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.geo import compute_great_circle_m, to_space
from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.domain.transfer_rows import FORBIDDEN, TIMED, list_general_rows
from transit_model.network.arrays import I32
from transit_model.network.model import Network
from transit_model.network.nearness import list_pairs_within
from transit_model.network.street_arrays import CompiledStreets, compile_streets
from transit_model.units import S_PER_DAY, ceil_to_whole_s, kmh_to_ms, min_to_s, seconds_to_ticks, ticks_to_seconds

NEVER_S = 400 * S_PER_DAY  # longer than any trip (GTFS hours have three figures), short enough for sums of int32
_DRIVES_WITHIN_TICKS = tuple(float(seconds_to_ticks(min_to_s(minutes))) for minutes in (15, 60))
"""How far drives between stations of a city are searched at first; whatever they are, the drives found are the same."""


@dataclass(frozen=True, eq=False)
class Transfers:
    """Transfers between different stops as CSR, and the least change at single stops where the feed names one.

    `least_s` is what two stops take on foot or by taxi, whatever the feed says, and whether it names the time.
    """

    ptr: I32
    to: I32
    seconds: I32
    at_stop: Mapping[int, int]
    least_s: Callable[[int, int, bool], int]

    def same_stop(self, change_s: I32) -> I32:
        """Return `change_s` with the values that the feed names for single stops."""
        out = change_s.copy()
        for stop, seconds in self.at_stop.items():
            out[stop] = seconds
        return out


class StationWays(NamedTuple):
    """What a timetable holds of its stations whenever anything runs.

    Attributes
    ----------
    times_s : three (S,) int32 arrays
        Of `build_station_times`.
    transfers : Transfers
    """

    times_s: tuple[I32, I32, I32]
    transfers: Transfers


def build_station_ways(
    network: Network,
    stop_ids: Sequence[str],
    kinds: Mapping[str, str],
    taxi_roads: Callable[[], CompiledStreets] | None = None,
) -> StationWays:
    """Return minutes at stations and transfers between them; see `build_transfers`."""
    change_s, entry_s, exit_s = build_station_times(network, stop_ids, kinds)
    transfers = build_transfers(network, stop_ids, kinds, entry_s, exit_s, taxi_roads)
    return StationWays((change_s, entry_s, exit_s), transfers)


def build_station_times(network: Network, stop_ids: Sequence[str], kinds: Mapping[str, str]) -> tuple[I32, I32, I32]:
    """Return change, entry and exit seconds by stop, three (S,) int32 arrays.

    A station table may carry ``entry_min``, ``exit_min`` and ``change_min``; where empty, the assumption for the
    kind of service holds. City buses and unserved stops have none.
    """
    a = network.assumptions
    by_kind = {
        "rail": (a.rail_change_min, a.rail_entry_min, a.rail_exit_min),
        "metro": (a.metro_change_min, a.metro_entry_min, a.metro_exit_min),
        "coach": (a.bus_entry_min, a.bus_entry_min, a.bus_exit_min),
        "bus": (0.0, 0.0, 0.0),
    }
    minutes = np.array([by_kind[kinds.get(s, "bus")] for s in stop_ids], dtype=np.float64).reshape(-1, 3)
    stations = network.stations.set_index("stop_id")
    for column, name in enumerate(("change_min", "entry_min", "exit_min")):
        if name in stations.columns:
            own = pd.to_numeric(stations[name], errors="coerce").reindex(list(stop_ids)).to_numpy(dtype=np.float64)
            minutes[:, column] = np.where(np.isnan(own), minutes[:, column], own)
    seconds = ceil_to_whole_s(min_to_s(1) * minutes).astype(np.int32)
    return seconds[:, 0].copy(), seconds[:, 1].copy(), seconds[:, 2].copy()


def build_transfers(
    network: Network,
    stop_ids: Sequence[str],
    kinds: Mapping[str, str],
    entry_s: I32,
    exit_s: I32,
    taxi_roads: Callable[[], CompiledStreets] | None = None,
) -> Transfers:
    """Return the transfers between stops, three sources, the first that names a pair wins.

    1. ``transfers.txt`` (a row of a station is one of all its stops): ``min_transfer_time``, but never less than the
       two stops take on foot (exit + walk + entry; inside one station the walk alone, no gates lie between) or,
       between main stations of one place, by taxi; rows of certain routes or trips are left to `transfer_rules`;
    2. between the main stations of one place: exit + taxi wait + typical drive + alighting + entry;
    3. on foot between stops of a feed up to ``transfer_walk_max_m`` apart: exit + walk + entry.
    """
    idx = {s: i for i, s in enumerate(stop_ids)}
    found: dict[tuple[int, int], int] = {}
    at_stop: dict[int, int] = {}
    banned: set[tuple[int, int]] = set()
    lon = network.feed.stops["stop_lon"].to_numpy(dtype=np.float64)
    lat = network.feed.stops["stop_lat"].to_numpy(dtype=np.float64)
    by_taxi = _between_main_stations(network, idx, entry_s, exit_s, taxi_roads)

    station = {stop: parent for parent, stops in list_children(network.feed.stops, idx).items() for stop in stops}

    def find_least_s(a: int, b: int, is_named: bool) -> int:
        walk_m = float(compute_great_circle_m(lon[a], lat[a], lon[b], lat[b])) * network.assumptions.walk_detour
        walk_s = walk_m / kmh_to_ms(network.assumptions.walk_speed_kmh)
        if is_named and a in station and station[a] == station.get(b):
            return int(ceil_to_whole_s(walk_s))
        on_foot_s = int(exit_s[a] + entry_s[b]) + int(ceil_to_whole_s(walk_s))
        return min(on_foot_s, by_taxi.get((a, b), on_foot_s))

    for (a, b), (kind, named) in _list_named_transfers(network, idx).items():
        if kind == FORBIDDEN:
            banned.add((a, b))
            if a == b:
                at_stop[a] = NEVER_S
            continue
        is_named = not np.isnan(named) or kind == TIMED  # the vehicle that leaves waits for the one that comes
        seconds = 0 if np.isnan(named) else int(named)
        if a != b:
            found[a, b] = max(find_least_s(a, b, is_named), seconds)
        elif is_named:
            at_stop[a] = seconds
    for pair, seconds in by_taxi.items():
        found.setdefault(pair, seconds)
    for pair, seconds in _on_foot(network, stop_ids, kinds, entry_s, exit_s).items():
        found.setdefault(pair, seconds)
    pairs = sorted(p for p in found if p not in banned)
    counts = np.bincount([p[0] for p in pairs], minlength=len(stop_ids)) if pairs else np.zeros(len(stop_ids), int)
    ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    to = np.array([p[1] for p in pairs], dtype=np.int32)
    seconds_array = np.array([found[p] for p in pairs], dtype=np.int32)
    return Transfers(ptr, to, seconds_array, at_stop, find_least_s)


def _list_named_transfers(network: Network, idx: Mapping[str, int]) -> dict[tuple[int, int], tuple[int, float]]:
    """Return type and least seconds (NaN: none) of the rows of ``transfers.txt`` that hold for everybody, by stops.

    A row that names a station counts for all its stops (GTFS: "if it refers to a station, the rule applies to all
    child stops"), unless a row names the two stops themselves, or one of them.
    """
    transfers = list_general_rows(network.feed.transfers)
    children = list_children(network.feed.stops, idx)
    found: dict[tuple[int, int], tuple[int, float]] = {}
    exact: dict[tuple[int, int], int] = {}
    least = pd.to_numeric(transfers["min_transfer_time"], errors="coerce")
    kinds = pd.to_numeric(transfers["transfer_type"]).fillna(0)
    columns = transfers["from_stop_id"], transfers["to_stop_id"], kinds, least
    for start, end, kind, seconds in zip(*columns, strict=True):
        named = [[idx[s]] if s in idx and s not in children else children.get(s, []) for s in (str(start), str(end))]
        ends_named = sum(str(s) not in children for s in (start, end))
        for pair in [(a, b) for a in named[0] for b in named[1]]:
            if ends_named >= exact.get(pair, 0):
                exact[pair] = ends_named
                found[pair] = (int(kind), float(seconds))
    return found


def list_children(stops: pd.DataFrame, idx: Mapping[str, int]) -> dict[str, list[int]]:
    """Return the stops of each station."""
    children: dict[str, list[int]] = {}
    if "parent_station" in stops.columns:
        for stop_id, parent in zip(stops["stop_id"].astype(str), stops["parent_station"].astype(str), strict=True):
            if parent and stop_id in idx:
                children.setdefault(parent, []).append(idx[stop_id])
    return children


def _between_main_stations(
    network: Network,
    idx: Mapping[str, int],
    entry_s: I32,
    exit_s: I32,
    taxi_roads: Callable[[], CompiledStreets] | None,
) -> dict[tuple[int, int], int]:
    a = network.assumptions
    node_of = dict(zip(network.station_links["stop_id"], network.station_links["node_id"], strict=True))
    out: dict[tuple[int, int], int] = {}
    groups = [[s for s in g if s in idx and s in node_of] for g in network.info.main_stations.values()]
    if not any(len(g) > 1 for g in groups):
        return out
    streets = taxi_roads() if taxi_roads else compile_streets(network, Vehicle.CAR, SpeedTable.TYPICAL)
    # A station may stand at a node whose roads are not open yet, or on a motorway: no taxi goes there.
    groups = [[s for s in g if streets.may_stop_at(node_of[s])] for g in groups]
    drives = _Drives(streets)
    for group in groups:
        for origin in group:
            drive_s = drives.find_s(node_of[origin], [node_of[s] for s in group])
            for destination, seconds in zip(group, drive_s, strict=True):
                if destination != origin and np.isfinite(seconds):
                    i, j = idx[origin], idx[destination]
                    taxi_s = min_to_s(a.taxi_wait_min + a.taxi_alight_min)
                    out[i, j] = int(ceil_to_whole_s(seconds + taxi_s)) + int(exit_s[i] + entry_s[j])
    return out


class _Drives:
    """Drives between the stations of a city, which lie close to each other: searched no farther than need be."""

    def __init__(self, streets: CompiledStreets) -> None:
        from scipy.sparse import csr_array

        arrays = streets.arrays
        self._streets = streets
        self._graph = csr_array(
            (arrays.weight_ticks.astype(np.float64), arrays.head, arrays.indptr), shape=(arrays.n_nodes, arrays.n_nodes)
        )

    def find_s(self, from_node: str, to_nodes: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return the seconds from a node to others, `inf` where no way leads."""
        from scipy.sparse.csgraph import dijkstra

        at = self._streets.graph_node
        origin, ends = at[from_node], [at[n] for n in to_nodes]
        for limit in (*_DRIVES_WITHIN_TICKS, np.inf):
            ticks = dijkstra(self._graph, indices=origin, limit=limit)[ends]
            if np.isfinite(ticks).all():
                break
        return ticks_to_seconds(ticks)


def _on_foot(
    network: Network, stop_ids: Sequence[str], kinds: Mapping[str, str], entry_s: I32, exit_s: I32
) -> dict[tuple[int, int], int]:
    a = network.assumptions
    stops = network.feed.stops
    placed = np.isfinite(stops[["stop_lon", "stop_lat"]].to_numpy(dtype=np.float64)).all(axis=1)
    served = np.array([i for i, s in enumerate(stop_ids) if s in kinds and placed[i]], dtype=np.int64)
    if len(served) < 2 or a.transfer_walk_max_m <= 0:
        return {}
    # Chords of the sphere equal great-circle distances to a millimetre at walking range.
    xyz = to_space(stops["stop_lon"].iloc[served], stops["stop_lat"].iloc[served])
    pairs = list_pairs_within(xyz, a.transfer_walk_max_m)
    walk_s = np.linalg.norm(xyz[pairs[:, 0]] - xyz[pairs[:, 1]], axis=1) * a.walk_detour / kmh_to_ms(a.walk_speed_kmh)
    out: dict[tuple[int, int], int] = {}
    for (p, q), seconds in zip(pairs, ceil_to_whole_s(walk_s), strict=True):
        i, j = int(served[p]), int(served[q])
        out[i, j] = int(seconds) + int(exit_s[i] + entry_s[j])
        out[j, i] = int(seconds) + int(exit_s[j] + entry_s[i])
    return out
