"""A street graph from that of the roads before a change: what touches changed links is compiled anew, the rest moved.

The result equals `street_arrays.compile_streets` to the bit, numbers of graph nodes and order of arcs included, so that
nothing beyond can tell which way it was made. `EditedStreets` also says what changed, for searches that keep what they
found before (`streets.edited_search`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import SpeedTable
from transit_model.domain.rows import take_few
from transit_model.network.arrays import I32, I64, Bool, EditedStreets
from transit_model.network.gates import (
    SIDES,
    LinkSides,
    build_gates,
    find_interchanges,
    find_sides,
    is_motorway_side,
)
from transit_model.network.model import Network
from transit_model.network.road_change import RoadChange
from transit_model.network.street_arrays import SPEED_COLUMNS, CompiledStreets, compute_link_ticks

GATE_COLUMNS: Final = ("road_id", "project_id", "highway", "toll", "kind")
T = TypeVar("T", bound=np.generic)
MOST_TOUCHED: Final = 0.02
"""Share of all links above which compiling the whole is not much more work."""
CLOSED: Final = -1
"""Ticks of an arc that is no more."""


class GraphNodes(Mapping[str, int]):
    """`CompiledStreets.graph_node` of an edited graph: the one before, renumbered, and what is other at some nodes."""

    def __init__(self, before: Mapping[str, int], number: I32 | None, own: Mapping[str, int]) -> None:
        self._before, self._number, self._own = before, number, own

    def __getitem__(self, node_id: str) -> int:
        if node_id in self._own:
            if self._own[node_id] < 0:
                raise KeyError(node_id)
            return self._own[node_id]
        node = self._before[node_id]
        return node if self._number is None else int(self._number[node])

    def __iter__(self) -> Iterator[str]:
        yield from (n for n in self._before if n not in self._own)
        yield from (n for n, number in self._own.items() if number >= 0)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Near(NamedTuple):
    """Links at the nodes that a change touches, in one of the two networks.

    `rows` are their rows, `tail` and `head` the keys (node and side) of their ends, `at_tail` and `at_head` whether
    these ends are such nodes, `keys` the keys of all graph nodes there in ascending order.
    """

    rows: I64
    tail: I64
    head: I64
    at_tail: Bool
    at_head: Bool
    sides: LinkSides
    motorway: Bool
    toll: Bool
    keys: I64

    @property
    def ends(self) -> I64:
        """The keys at such nodes, once for each end."""
        return np.concatenate([self.tail[self.at_tail], self.head[self.at_head]])


def edit_streets(before: CompiledStreets, network: Network) -> CompiledStreets | None:
    """Return the street graph of a network; None where that is not told or not worth it: then compile it.

    Parameters
    ----------
    before : CompiledStreets
        Of the roads that `Network.find_road_change` tells changes from, under the same assumptions.
    """
    change = network.find_road_change()
    if change is None or len(change.touched) + len(change.gone) > MOST_TOUCHED * len(change.before.links):
        return None
    tail_row, head_row = network.link_ends
    touched = change.touched
    ends = np.concatenate([tail_row[touched], head_row[touched]])
    if len(ends) and ends.min() < 0:
        return None
    near = np.zeros(len(network.nodes), dtype=bool)
    near[ends] = True
    lost = np.concatenate([change.gone, change.find_before(change.changed)])
    for column in change.before.ends:
        near[column[lost]] = True
    split = before.table is not SpeedTable.FREE
    old = _list_near(change.before.links, change.before.ends, near, split=split)
    new = _list_near(network.links, (tail_row, head_row), near, split=split)
    if _moves_others(change, old, new):
        return None
    numbers = _number_nodes(before, old, new)
    if numbers.n_new == 0:
        return None
    graph = _Graph(before, network, change, numbers, new)
    arcs = graph.list_arcs()
    return graph.build(arcs)


def _list_near(links: pd.DataFrame, ends: tuple[I64, I64], near: Bool, *, split: bool) -> _Near:
    at_tail, at_head = near[ends[0]], near[ends[1]]
    rows = np.flatnonzero(at_tail | at_head)
    own = take_few(links, [c for c in GATE_COLUMNS if c in links.columns], rows)
    motorway = (own["highway"] == "motorway").to_numpy(dtype=bool)
    sides = find_sides(own, ends[0][rows], ends[1][rows], len(near))
    tail, head = (column[rows] * SIDES + (side if split else 0) for column, side in zip(ends, sides, strict=True))
    toll = own["toll"].to_numpy(dtype=bool)
    found = _Near(rows, tail, head, at_tail[rows], at_head[rows], sides, motorway, toll, np.zeros(0, dtype=np.int64))
    return found._replace(keys=np.unique(found.ends))


def _moves_others(change: RoadChange, old: _Near, new: _Near) -> bool:
    """Return whether a road that stays is on another side: new ones are when those of the survey there change."""
    same = np.flatnonzero((new.rows < change.n_kept) & ~np.isin(new.rows, change.changed))
    was = np.searchsorted(old.rows, change.find_before(new.rows[same]))
    tails = new.at_tail[same] & (new.tail[same] != old.tail[was])
    heads = new.at_head[same] & (new.head[same] != old.head[was])
    return bool(tails.any() or heads.any())


class _Numbers(NamedTuple):
    """Graph nodes before and after.

    Attributes
    ----------
    old_keys, old_nodes : (k,)
        Keys of the graph nodes before at nodes that are touched, and these graph nodes.
    number : (n_old,) int32 or None
        The graph node after of each before, -1 for none; None when none comes or goes.
    new_keys, new_nodes : (m,)
        The same after.
    fresh : (f,) int64
        Those of `new_nodes` that were not there.
    n_new : int
    """

    old_keys: I64
    old_nodes: I64
    number: I32 | None
    new_keys: I64
    new_nodes: I64
    fresh: I64
    n_new: int


def _number_nodes(before: CompiledStreets, old: _Near, new: _Near) -> _Numbers:
    node_idx = before.arrays.node_idx
    n_old = len(node_idx)
    ends = np.concatenate([before.link_tail[old.rows][old.at_tail], before.link_head[old.rows][old.at_head]])
    _, first = np.unique(old.ends, return_index=True)
    old_nodes = ends[first].astype(np.int64)
    coming, going = np.setdiff1d(new.keys, old.keys), ~np.isin(old.keys, new.keys)
    if not len(coming) and not going.any():
        at = old_nodes[np.searchsorted(old.keys, new.keys)]
        return _Numbers(old.keys, old_nodes, None, new.keys, at, coming, n_old)
    # the graph node before which each new one stands: all of lower rows, and those of its node with a lower side
    node = coming // SIDES
    at = np.searchsorted(node_idx, node) + np.searchsorted(old.keys, coming) - np.searchsorted(old.keys, node * SIDES)
    gone = np.zeros(n_old + 1, dtype=np.int64)
    gone[old_nodes[going]] = 1
    went = np.cumsum(gone) - gone
    number = np.arange(n_old) - went[:-1] + np.searchsorted(at, np.arange(n_old), side="right")
    number[old_nodes[going]] = -1
    fresh = at - went[at] + np.arange(len(at))
    known = np.isin(new.keys, old.keys)
    nodes = np.empty(len(new.keys), dtype=np.int64)
    nodes[known] = number[old_nodes[np.searchsorted(old.keys, new.keys[known])]]
    nodes[~known] = fresh
    n_new = n_old + len(coming) - int(going.sum())
    return _Numbers(old.keys, old_nodes, number.astype(np.int32), new.keys, nodes, fresh, n_new)


class _Arcs(NamedTuple):
    """Arcs out of the nodes that are touched, in the order of the graph; but for `tail` as in `StreetArrays`."""

    tail: I64
    head: I64
    ticks: I64
    link: I64


class _Graph:
    """The new graph while it is put together."""

    def __init__(
        self, before: CompiledStreets, network: Network, change: RoadChange, numbers: _Numbers, new: _Near
    ) -> None:
        self.before, self.network, self.change, self.numbers, self.new = before, network, change, numbers, new
        n_links, touched, number = len(network.links), change.touched, numbers.number
        rest = np.zeros(n_links - change.n_kept, dtype=np.int32)
        columns = []
        for column in (before.link_tail, before.link_head):
            kept = column[change.kept]
            columns.append(np.concatenate([kept if number is None else number[kept], rest]))
        self.link_tail, self.link_head = columns
        self.link_ticks = np.concatenate([before.link_ticks[change.kept], rest])
        if len(touched):
            at = np.searchsorted(new.rows, touched)
            self.link_tail[touched] = self._find(new.tail[at])
            self.link_head[touched] = self._find(new.head[at])
            own = take_few(network.links, [c for c in SPEED_COLUMNS if c in network.links.columns], touched)
            self.link_ticks[touched] = compute_link_ticks(own, before.vehicle, before.table, network.assumptions)

    def _find(self, keys: I64) -> I64:
        return self.numbers.new_nodes[np.searchsorted(self.numbers.new_keys, keys)]

    def list_arcs(self) -> _Arcs:
        """Return all arcs out of the touched nodes: links, then gates, sorted as `compile_streets` sorts them."""
        network, new = self.network, self.new
        columns = [c for c in ("highway", "road_id", "kind") if c in network.links.columns]
        links = take_few(network.links, columns, new.rows)
        ends = [column[new.rows] for column in network.link_ends]
        interchange = find_interchanges(links, ends[0], ends[1], len(network.nodes), new.sides)
        toll = np.concatenate([new.toll[new.at_tail], new.toll[new.at_head]])
        gates = build_gates(new.keys, new.ends, new.ends, toll, interchange, network.assumptions)
        rows = new.rows[new.at_tail]
        nodes = self.numbers.new_nodes
        tail = np.concatenate([self.link_tail[rows], nodes[gates[0]]]).astype(np.int64)
        head = np.concatenate([self.link_head[rows], nodes[gates[1]]]).astype(np.int64)
        ticks = np.concatenate([self.link_ticks[rows], gates[2]]).astype(np.int64)
        link = np.concatenate([rows, np.full(len(gates[0]), -1)])
        order = np.lexsort((head, tail))
        return _Arcs(tail[order], head[order], ticks[order], link[order])

    def build(self, arcs: _Arcs) -> CompiledStreets:
        """Return the graph."""
        old, numbers, change = self.before.arrays, self.numbers, self.change
        kept_head = old.head if numbers.number is None else numbers.number[old.head]
        link = old.link_idx
        if len(change.gone):
            row = np.full(len(change.before.links) + 1, -1, dtype=np.int32)  # the last is that of no link
            row[change.kept] = np.arange(change.n_kept, dtype=np.int32)
            link = row[link]
        head, ticks, link = self._splice(arcs, (kept_head, old.weight_ticks, link), (arcs.head, arcs.ticks, arcs.link))
        n_arcs = np.zeros(numbers.n_new + 1, dtype=np.int64)
        self._move(np.diff(old.indptr), n_arcs[1:])
        n_arcs[1 + numbers.new_nodes] = np.bincount(arcs.tail, minlength=numbers.n_new)[numbers.new_nodes]
        node_idx, lon, lat = old.node_idx, old.lon, old.lat
        if numbers.number is not None:
            node_idx = self._move(old.node_idx, np.empty(numbers.n_new, dtype=np.int32))
            node_idx[numbers.new_nodes] = numbers.new_keys // SIDES
            lon, lat = (self.network.nodes[c].to_numpy(dtype=np.float64)[node_idx] for c in ("lon", "lat"))
        may_leave = self._move(old.may_leave, np.empty(numbers.n_new, dtype=bool))
        may_leave[numbers.new_nodes] = self._find_left()
        tails, heads, weights, engine_node = self._tell_change(arcs)
        arrays = EditedStreets(
            np.cumsum(n_arcs).astype(np.int32), head, ticks, link, node_idx, lon, lat, may_leave,
            old, tails, heads, weights, engine_node,
        )  # fmt: skip
        before = self.before
        return CompiledStreets(
            arrays, self._name_nodes(), self.link_tail, self.link_head, self.link_ticks, before.vehicle, before.table
        )

    def _move(self, values: npt.NDArray[T], out: npt.NDArray[T]) -> npt.NDArray[T]:
        """Write the values of graph nodes before to where these stand now."""
        number = self.numbers.number
        if number is None:
            out[:] = values
        else:
            kept = number >= 0
            out[number[kept]] = values[kept]
        return out

    def _find_left(self) -> Bool:
        """Return for each graph node at touched nodes whether one may step off there."""
        keys, new = self.numbers.new_keys, self.new
        if self.before.table is not SpeedTable.FREE:
            stops: Bool = ~is_motorway_side(keys % SIDES)
            return stops
        ordinary = [new.tail[new.at_tail & ~new.motorway], new.head[new.at_head & ~new.motorway]]
        return np.isin(keys, np.concatenate(ordinary))

    def _splice(self, arcs: _Arcs, before: tuple[I32, ...], own: tuple[I64, ...]) -> list[I32]:
        """Return columns of arcs with those out of touched nodes exchanged."""
        old, numbers = self.before.arrays, self.numbers
        keys = np.union1d(numbers.old_keys, numbers.new_keys)
        was, at = np.isin(keys, numbers.old_keys), np.searchsorted(numbers.old_keys, keys)
        node = keys // SIDES
        first = np.searchsorted(old.node_idx, node) + at - np.searchsorted(numbers.old_keys, node * SIDES)
        begin = old.indptr[first]
        end = np.where(was, old.indptr[np.minimum(first + 1, len(old.indptr) - 1)], begin)
        is_new = np.isin(keys, numbers.new_keys)
        nodes = np.full(len(keys), -1)
        nodes[is_new] = numbers.new_nodes[np.searchsorted(numbers.new_keys, keys[is_new])]
        low, high = np.searchsorted(arcs.tail, nodes), np.searchsorted(arcs.tail, nodes, side="right")
        steps = list(zip(begin.tolist(), end.tolist(), low.tolist(), np.where(is_new, high, low).tolist(), strict=True))
        out = []
        for column, fresh in zip(before, own, strict=True):
            parts, done, values = [], 0, fresh.astype(np.int32)
            for start, stop, a, b in steps:
                parts += [column[done:start], values[a:b]]
                done = stop
            out.append(np.concatenate([*parts, column[done:]]))
        return out

    def _tell_change(self, arcs: _Arcs) -> tuple[I64, I64, I64, I32 | None]:
        """Return tails, heads and ticks of arcs that differ, and the node of the engine of each graph node.

        The engine numbers nodes as before, new ones after them; of parallel arcs only the quickest counts.
        """
        old, numbers = self.before.arrays, self.numbers
        n_old, engine = len(old.node_idx), None
        if numbers.number is not None:
            kept = np.flatnonzero(numbers.number >= 0)
            engine = np.empty(numbers.n_new, dtype=np.int32)
            engine[numbers.number[kept]] = kept
            engine[numbers.fresh] = n_old + np.arange(len(numbers.fresh))
        ends = (arcs.tail, arcs.head) if engine is None else (engine[arcs.tail], engine[arcs.head])
        now = _list_quickest(ends[0].tolist(), ends[1].tolist(), arcs.ticks.tolist())
        was: dict[tuple[int, int], int] = {}
        for node in numbers.old_nodes.tolist():
            part = slice(old.indptr[node], old.indptr[node + 1])
            heads = old.head[part].tolist()
            was |= _list_quickest([node] * len(heads), heads, old.weight_ticks[part].tolist())
        edits = [
            (*pair, now.get(pair, CLOSED)) for pair in dict.fromkeys([*was, *now]) if was.get(pair) != now.get(pair)
        ]
        # a loop names a new node, to which perhaps no arc leads
        edits += [(n_old + n, n_old + n, 0) for n in range(len(numbers.fresh))]
        table = np.array(edits, dtype=np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2], engine

    def _name_nodes(self) -> GraphNodes:
        numbers, nodes = self.numbers, self.network.nodes
        own: dict[str, int] = {}
        ids = nodes["node_id"]
        for keys, found in ((numbers.old_keys, None), (numbers.new_keys, numbers.new_nodes)):
            row, first = np.unique(keys // SIDES, return_index=True)
            names = ids.iloc[row].tolist()
            own |= dict(zip(names, [-1] * len(names) if found is None else found[first].tolist(), strict=True))
        return GraphNodes(self.before.graph_node, numbers.number, own)


def _list_quickest(tail: list[int], head: list[int], ticks: list[int]) -> dict[tuple[int, int], int]:
    out: dict[tuple[int, int], int] = {}
    for pair, time in zip(zip(tail, head, strict=True), ticks, strict=True):
        if pair[0] != pair[1]:
            out[pair] = min(time, out.get(pair, time))
    return out
