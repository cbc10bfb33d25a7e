"""Road tables to `StreetArrays` for one vehicle and one speed table.

A node where motorways, toll roads and ordinary roads meet is split in one graph node for each of these sides,
joined by arcs that carry the ramp (where none is drawn) and the toll gate. So a gate is paid on entering and on
leaving, never on passing by, and nobody steps off a motorway between its interchanges. See `network.gates`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.assumptions import Assumptions
from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.errors import Issue, NetworkError
from transit_model.network.arrays import StreetArrays
from transit_model.network.gates import SIDES, build_gates, find_interchanges, find_sides, is_motorway_side
from transit_model.network.model import Network
from transit_model.units import drive_time_ticks, seconds_to_ticks

DELAY_COLUMN = "delay_s"
"""A links table may carry seconds lost at junctions along each link; where empty, the assumption of its class holds."""
SPEED_COLUMNS = ("highway", "area", "maxspeed_kmh", "length_m", DELAY_COLUMN)
"""What `compute_link_ticks` reads."""


class NodeNumbers(Mapping[str, int]):
    """`CompiledStreets.graph_node` of a compiled graph: made when it is first asked, for many graphs never are.

    Parameters
    ----------
    ids : Series
        node_id of the rows of ``network.nodes``.
    node_idx : (n,) int32
        The row of each graph node, ascending.
    """

    def __init__(self, ids: pd.Series, node_idx: npt.NDArray[np.int32]) -> None:
        self._ids, self._node_idx = ids, node_idx

    @cached_property
    def _numbers(self) -> dict[str, int]:
        # The smallest key of a node is its most ordinary side.
        names = self._ids.to_numpy(dtype=object)[self._node_idx[::-1]].tolist()
        return dict(zip(names, range(len(names) - 1, -1, -1), strict=True))

    def __getitem__(self, node_id: str) -> int:
        return self._numbers[node_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


@dataclass(frozen=True, eq=False)
class CompiledStreets:
    """Street arrays with the way back to ids.

    Attributes
    ----------
    graph_node : dict
        node_id to the graph node one stands on there (the ordinary side when there is one).
    link_tail, link_head : (n_links,) int32
        Graph nodes at the ends of each row of ``network.links``.
    link_ticks : (n_links,) int32
        Time along each row of ``network.links``.
    """

    arrays: StreetArrays
    graph_node: Mapping[str, int]
    link_tail: npt.NDArray[np.int32]
    link_head: npt.NDArray[np.int32]
    link_ticks: npt.NDArray[np.int32]
    vehicle: Vehicle
    table: SpeedTable

    def may_stop_at(self, node_id: str) -> bool:
        """Return whether a node has a road at which one can stop: it is in use, and not a motorway only."""
        node = self.graph_node.get(node_id, -1)
        return node >= 0 and bool(self.arrays.may_leave[node])


def find_speed_class(links: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the row of the speed tables for each link: its class, `urban` in town, `other` for minor roads."""
    codes, names = pd.factorize(links["highway"])
    known = {"motorway", "trunk", "primary", "secondary", "tertiary"}
    own = np.array([*("other" if name not in known else name for name in names), "urban"], dtype=object)
    motorway = np.array([name == "motorway" for name in names], dtype=bool)
    in_town = (links["area"] == "urban").to_numpy(dtype=bool)
    classes: npt.NDArray[np.object_] = own[np.where(in_town & ~motorway[codes], len(names), codes)]
    return classes


def compute_link_ticks(
    links: pd.DataFrame, vehicle: Vehicle, table: SpeedTable, assumptions: Assumptions
) -> npt.NDArray[np.int32]:
    """Return the time along each link in ticks: length / (min(posted, legal cap) x factor) + junction delay.

    Free flow (the promoter's reading) has neither factors nor junctions.

    Raises
    ------
    NetworkError
        When the vehicle or a speed class has no entry in the assumptions.
    """
    factors: Mapping[str, float] = getattr(assumptions, f"speed_factor_{table}")
    codes, classes = pd.factorize(find_speed_class(links))
    missing = [f"speed_factor_{table}.{c}" for c in sorted(set(classes) - set(factors))]
    if table is not SpeedTable.FREE:
        missing += [f"junction_delay_s.{c}" for c in sorted(set(classes) - set(assumptions.junction_delay_s))]
    if vehicle not in assumptions.vehicle_cap_kmh:
        missing.append(f"vehicle_cap_kmh.{vehicle}")
    if missing:
        raise NetworkError(
            [
                Issue(
                    "missing_speed",
                    "error",
                    "no speed or delay for this class or vehicle",
                    field=name,
                    hint="add it to the assumptions",
                )
                for name in missing
            ]
        )
    cap = assumptions.vehicle_cap_kmh[vehicle]
    factor = np.array([factors[c] for c in classes], dtype=np.float64)[codes]
    speed = np.minimum(links["maxspeed_kmh"].to_numpy(dtype=np.float64), cap) * factor
    ticks = drive_time_ticks(links["length_m"].to_numpy(dtype=np.float64), speed)
    if table is SpeedTable.FREE:
        return ticks
    delay = np.array([assumptions.junction_delay_s[c] for c in classes], dtype=np.float64)[codes]
    if DELAY_COLUMN in links.columns:
        own = pd.to_numeric(links[DELAY_COLUMN], errors="coerce").to_numpy(dtype=np.float64)
        delay = np.where(np.isnan(own), delay, own)
    return (ticks + seconds_to_ticks(delay)).astype(np.int32)


def compile_streets(network: Network, vehicle: Vehicle, table: SpeedTable) -> CompiledStreets:
    """Return the street graph of a network for a vehicle and a speed table.

    Raises
    ------
    NetworkError
        When there is no road, a speed is missing, or a link names an unknown node.
    """
    links, nodes, assumptions = network.links, network.nodes, network.assumptions
    tail_row, head_row = network.link_ends
    lost = (tail_row < 0) | (head_row < 0)
    if not len(links) or lost.any():
        where = links["link_id"][lost].head(5).tolist() if len(links) else []
        raise NetworkError(Issue("unknown_node", "error", f"no usable roads (links without nodes: {where})"))
    ticks = compute_link_ticks(links, vehicle, table, assumptions)

    motorway = (links["highway"] == "motorway").to_numpy()
    toll = links["toll"].to_numpy(dtype=bool)
    free_flow = table is SpeedTable.FREE
    sides = find_sides(links, tail_row, head_row, len(nodes))
    # Without delays there is nothing to pay at a gate, so nodes stay whole and hand sums hold to the tick.
    key_tail, key_head = (
        row * SIDES + (np.zeros_like(side) if free_flow else side)
        for row, side in zip((tail_row, head_row), sides, strict=True)
    )
    used = np.zeros(len(nodes) * SIDES, dtype=bool)
    used[key_tail], used[key_head] = True, True
    graph_keys = np.flatnonzero(used)
    number = np.cumsum(used, dtype=np.int32) - np.int32(1)
    link_tail, link_head = number[key_tail], number[key_head]
    interchange = find_interchanges(links, tail_row, head_row, len(nodes), sides)
    gate_tail, gate_head, gate_ticks = build_gates(graph_keys, key_tail, key_head, toll, interchange, assumptions)

    may_leave = ~is_motorway_side(graph_keys % SIDES)
    if free_flow:
        ordinary = np.zeros(len(nodes), dtype=bool)
        ordinary[tail_row[~motorway]] = True
        ordinary[head_row[~motorway]] = True
        may_leave = ordinary[graph_keys // SIDES]

    all_tail = np.concatenate([link_tail, gate_tail])
    all_head = np.concatenate([link_head, gate_head])
    all_ticks = np.concatenate([ticks, gate_ticks])
    all_link = np.concatenate([np.arange(len(links)), np.full(len(gate_tail), -1)])
    order = np.lexsort((all_head, all_tail))
    indptr = np.zeros(len(graph_keys) + 1, dtype=np.int32)
    np.cumsum(np.bincount(all_tail, minlength=len(graph_keys)), out=indptr[1:])
    node_idx = (graph_keys // SIDES).astype(np.int32)
    arrays = StreetArrays(
        indptr=indptr,
        head=all_head[order].astype(np.int32),
        weight_ticks=all_ticks[order].astype(np.int32),
        link_idx=all_link[order].astype(np.int32),
        node_idx=node_idx,
        lon=nodes["lon"].to_numpy(dtype=np.float64)[node_idx],
        lat=nodes["lat"].to_numpy(dtype=np.float64)[node_idx],
        may_leave=may_leave,
    )
    return CompiledStreets(arrays, NodeNumbers(nodes["node_id"], node_idx), link_tail, link_head, ticks, vehicle, table)


def retime_streets(streets: CompiledStreets, network: Network, vehicle: Vehicle, table: SpeedTable) -> CompiledStreets:
    """Return the street graph of the same roads for other speeds: what `compile_streets` returns, to the bit.

    Parameters
    ----------
    streets : CompiledStreets
        Compiled from the same links and nodes, with the same minutes at toll gates and ramps; free flow has a graph
        of its own and goes with free flow only.
    """
    ticks = compute_link_ticks(network.links, vehicle, table, network.assumptions)
    of_link = streets.arrays.link_idx
    weights = np.where(of_link >= 0, ticks[of_link], streets.arrays.weight_ticks)
    arrays = replace(streets.arrays, weight_ticks=weights)
    return replace(streets, arrays=arrays, link_ticks=ticks, vehicle=vehicle, table=table)
