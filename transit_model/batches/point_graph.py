"""Streets with the points of a question as nodes of their own: a search between them takes the times of `od` by road.

An origin beside a road has arcs to the nodes one gets to first, a destination has arcs from the nodes one comes from,
two points on one road have an arc along it, and a free point has one straight across country to what it is near.
Nothing leads out of a destination, so no way gets shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transit_model.domain.modes import Reading
from transit_model.domain.place import Place
from transit_model.measure.session import Session
from transit_model.network.arrays import I32, I64, StreetArrays
from transit_model.streets.connectors import Connectors

_ARC = ("tail", "head", "ticks")


@dataclass(frozen=True, eq=False)
class PointGraph:
    """Streets with points.

    Attributes
    ----------
    streets : StreetArrays
        The nodes of the network first, then those of the points.
    origin, destination : (n,) int32
        Graph node of each point, -1 where no road is near enough.
    itself : (n_origins,) int64
        The destination that an origin is itself, by id; -1 for none. It is reached in no time.
    """

    streets: StreetArrays
    origin: I32
    destination: I32
    itself: I64


def build_point_graph(
    session: Session, origins: Sequence[Place], destinations: Sequence[Place], reading: Reading
) -> PointGraph:
    """Return the streets of a reading with places joined to them as `Session.connectors` joins them.

    An origin that stands on a node, and is no destination, is that node.
    """
    roads = session.roads(reading)
    off = session.find_off_network([*origins, *destinations])
    number = {p.place_id: j for j, p in enumerate(destinations)}
    itself = np.array([number.get(p.place_id, -1) for p in origins], np.int64)
    start_row, end_row = (np.flatnonzero([p.place_id not in off for p in places]) for places in (origins, destinations))
    n = roads.arrays.n_nodes
    destination = np.full(len(destinations), -1, np.int32)
    destination[end_row] = n + np.arange(len(end_row))
    origin = np.full(len(origins), -1, np.int32)
    arcs: list[pd.DataFrame] = []
    places = [destinations[j] for j in end_row.tolist()]
    start, end = session.join_pairs([origins[i] for i in start_row.tolist()], places, roads)
    arcs += [_list_arcs(end.reach_node[:, w], destination[end_row], end.reach_ticks[:, w]) for w in range(end.n_ways)]
    if len(start_row):
        on_node = (start.link_idx < 0).all(axis=1) & (start.off_ticks <= 0).all(axis=1)
        plain = on_node & np.isnan(start.x_m) & (itself[start_row] < 0)
        origin[start_row[plain]] = start.leave_node[plain, 0]
        loose = np.flatnonzero(~plain)
        own = start.take(loose.tolist())
        node = (n + len(end_row) + np.arange(len(loose))).astype(np.int32)
        origin[start_row[loose]] = node
        places += [origins[i] for i in start_row[loose].tolist()]
        arcs += [_list_arcs(node, own.leave_node[:, w], own.leave_ticks[:, w]) for w in range(own.n_ways)]
        arcs += [_list_along(own, node, end, destination[end_row]), _list_across(own, node, end, destination[end_row])]
        same = itself[start_row[loose]]
        arcs.append(_list_arcs(node, np.where(same >= 0, destination[same], -1), np.zeros(len(node), np.int32)))
    return PointGraph(_extend(roads.arrays, places, arcs), origin, destination, itself)


def _list_arcs(tail: I32, head: I32, ticks: I32) -> pd.DataFrame:
    """Return arcs; those from or to -1 are none."""
    table = pd.DataFrame(dict(zip(_ARC, (tail, head, ticks), strict=True)))
    return table[(table["tail"] >= 0) & (table["head"] >= 0)]


def _list_along(start: Connectors, tail: I32, end: Connectors, head: I32) -> pd.DataFrame:
    """Return the arcs between points on one road, in the direction of each way; see `Connectors.along_ticks`."""
    one, other, _, _, ticks = start.list_along(end)
    return _list_arcs(tail[one], head[other], ticks.astype(np.int32))


def _list_across(start: Connectors, tail: I32, end: Connectors, head: I32) -> pd.DataFrame:
    """Return the arcs straight across country; see `Connectors.across_ticks`."""
    one, other, ticks = start.list_across(end)
    return _list_arcs(tail[one], head[other], ticks.astype(np.int32))


def _extend(streets: StreetArrays, places: Sequence[Place], arcs: Sequence[pd.DataFrame]) -> StreetArrays:
    """Return the graph with a node for each place and these arcs."""
    more = (
        pd.concat(arcs, ignore_index=True).astype("int32") if arcs else pd.DataFrame(columns=list(_ARC), dtype="int32")
    )
    n = streets.n_nodes + len(places)
    tail = np.concatenate(
        [np.repeat(np.arange(streets.n_nodes, dtype=np.int32), np.diff(streets.indptr)), more["tail"]]
    )
    order = np.argsort(tail, kind="stable")
    none = np.full(len(more), -1, np.int32)
    return StreetArrays(
        indptr=np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))]).astype(np.int32),
        head=np.concatenate([streets.head, more["head"]])[order].astype(np.int32),
        weight_ticks=np.concatenate([streets.weight_ticks, more["ticks"]])[order].astype(np.int32),
        link_idx=np.concatenate([streets.link_idx, none])[order].astype(np.int32),
        node_idx=np.concatenate([streets.node_idx, np.full(len(places), -1)]).astype(np.int32),
        lon=np.concatenate([streets.lon, [p.at.lon for p in places]]),
        lat=np.concatenate([streets.lat, [p.at.lat for p in places]]),
        may_leave=np.concatenate([streets.may_leave, np.ones(len(places), np.bool_)]),
    )
