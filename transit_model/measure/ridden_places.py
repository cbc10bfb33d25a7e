"""The places that surfaces by a mode that rides ask times of: nodes, parts of roads, and stops that are walked from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode
from transit_model.measure.road_parts import NO_WAYS, RoadParts, Ways, find_road_parts
from transit_model.measure.session import Session

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


class RiddenTimes(NamedTuple):
    """Times at the places, in seconds.

    Attributes
    ----------
    node_s : (n_nodes,) float64
        By taxi from stations.
    part_s : (n_parts,) float64
        Of `RoadParts`.
    foot_s : (n_foot,) float64
        At `foot_nodes`, on foot from stops that no taxi serves.
    stop_s : (n_stops,) float64
        At `stops`, out of the station.
    turn_s : (n_parts,) float64
        How far along its link each part is ridden to, from the near end.
    """

    node_s: F64
    part_s: F64
    foot_s: F64
    stop_s: F64
    turn_s: F64


class RiddenPlaces(NamedTuple):
    """Places in this order: all graph nodes, the parts of roads, nodes that are walked to, and stops.

    Attributes
    ----------
    n_nodes : int
    parts : RoadParts
    foot_nodes : (n_foot,) int64
        Graph nodes within a walk of stops that no taxi serves.
    stops : (n_stops,) int64
        Stops that one walks from, as the timetable numbers them.
    stop_lon, stop_lat : (n_stops,) float64
    direct_node : (n_places,) int64
        The node that a drive to the place is compared at (`drop_detours`), -1 for none.
    ways : Ways
        Sorted by place.
    """

    n_nodes: int
    parts: RoadParts
    foot_nodes: I64
    stops: I64
    stop_lon: F64
    stop_lat: F64
    direct_node: I64
    ways: Ways

    def split(self, times_s: F64) -> RiddenTimes:
        """Return the times of all places apart, and how far the parts go, which stands behind them."""
        ends = np.cumsum([self.n_nodes, len(self.parts.link), len(self.foot_nodes), len(self.stops)])
        return RiddenTimes(*np.split(times_s, ends))

    @property
    def part_ways(self) -> slice:
        """Which of the `ways` lead to parts."""
        first = self.n_nodes
        return slice(*np.searchsorted(self.ways.node, [first, first + len(self.parts.link)]).tolist())

    def find_least_walks_s(self) -> F64:
        """Return the seconds on foot to each of `foot_nodes` from the nearest of its stops, (n_foot,)."""
        first = self.n_nodes + len(self.parts.link)
        place, _, seconds, _ = self.ways
        own = slice(*np.searchsorted(place, [first, first + len(self.foot_nodes)]).tolist())
        least_s = np.full(len(self.foot_nodes), np.inf)
        np.minimum.at(least_s, place[own] - first, seconds[own])
        return least_s

    def merge_nodes(self, times_s: F64) -> F64:
        """Return the sooner of the times by taxi and on foot at each node, (n_nodes,)."""
        times = self.split(times_s)
        node_s = times.node_s.copy()
        node_s[self.foot_nodes] = np.minimum(node_s[self.foot_nodes], times.foot_s)
        return node_s


def list_ridden_places(session: Session, mode: Mode, to_nodes: Ways, reverse: bool) -> RiddenPlaces:
    """Return the places of a mode with the ways to them.

    Parameters
    ----------
    to_nodes : Ways
        From stations and stops to graph nodes, or from these when `reverse`.
    """
    streets = session.taxi_roads()
    n_nodes = streets.arrays.n_nodes
    if not session.has_service(mode):
        none, nowhere = np.zeros(0, np.int64), np.zeros(0)
        parts = find_road_parts(session, NO_WAYS, reverse)
        return RiddenPlaces(n_nodes, parts, none, none, nowhere, nowhere, np.arange(n_nodes), NO_WAYS)
    by_taxi, on_foot = to_nodes.take(~to_nodes.on_foot), to_nodes.take(to_nodes.on_foot)
    parts = find_road_parts(session, by_taxi, reverse)
    is_new = np.append(True, on_foot.node[1:] != on_foot.node[:-1])[: len(on_foot.node)]
    foot_nodes = on_foot.node[is_new]
    rows, lon, lat, road_node = _list_stops(session, mode)
    first_foot = n_nodes + len(parts.link)
    first_stop = first_foot + len(foot_nodes)
    numbers = np.arange(first_stop, first_stop + len(rows))
    at_stops = Ways(numbers, rows, np.zeros(len(rows)), np.ones(len(rows), dtype=bool))
    more = (
        parts.ways._replace(node=parts.ways.node + n_nodes),
        on_foot._replace(node=first_foot - 1 + np.cumsum(is_new)),
    )
    direct_node = np.concatenate([np.arange(n_nodes), parts.near, foot_nodes, road_node])
    return RiddenPlaces(n_nodes, parts, foot_nodes, rows, lon, lat, direct_node, by_taxi.chain(*more, at_stops))


def _list_stops(session: Session, mode: Mode) -> tuple[I64, F64, F64, I64]:
    """Return the stops that vehicles of the mode or its feeders serve: number, lon, lat, and graph node or -1."""
    stops, kinds = session.seen(mode).network.feed.stops, session.stop_kinds(mode)
    compiled, streets = session.timetable(mode)[0], session.taxi_roads()
    lon, lat = (stops[c].to_numpy(dtype=np.float64) for c in ("stop_lon", "stop_lat"))
    served = np.array([s in kinds for s in compiled.stop_ids], dtype=bool)
    rows = np.flatnonzero(served & ~np.isnan(lon) & ~np.isnan(lat))
    links = session.seen(mode).network.station_links
    node = np.full(len(compiled.stop_ids), -1, dtype=np.int64)
    for stop, road_node in zip(links["stop_id"], links["node_id"], strict=True):
        if stop in compiled.stop_idx:
            node[compiled.stop_idx[stop]] = streets.graph_node.get(road_node, -1)
    return rows, lon[rows], lat[rows], node[rows]
