"""A contraction hierarchy: a road graph with shortcuts, in which every shortest way goes up and then down.

Geisberger, Sanders, Schultes, Delling (2008), "Contraction hierarchies: faster and simpler hierarchical routing in
road networks", WEA. Built once for a graph and its times (`build_hierarchy`), it answers many origins at once
(`sweep`). Exact: ticks are integers, and nothing is rounded.

Nodes stand in an order in which all that lead down to a node come before it, and neighbours near each other: the
memory a sweep has just touched is what it needs next. (By levels, as in the PHAST paper, the next node is anywhere.)
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

import numpy as np

from transit_model.errors import InputError
from transit_model.network.arrays import I32, I64
from transit_model.streets.hierarchy_build import (
    NO_ARC,
    Core,
    Scratch,
    build_scratch,
    confirm_nodes,
    find_shortcuts,
    rate_nodes,
    rebuild,
    select_nodes,
)
from transit_model.streets.hierarchy_order import list_entries, order_nodes
from transit_model.streets.memory import return_freed_memory
from transit_model.threads import count_threads

__all__ = ["NO_ARC", "Hierarchy", "build_hierarchy"]

T = TypeVar("T")

BLOCK: Final = 64
"""Positions that a sweep visits or passes over together."""
# Measured on the drive network of Porto and its copies: more searching makes little fewer arcs.
_SETTLE_TO_RATE: Final = 5
_SETTLE_TO_CONTRACT: Final = 200
_DENSE: Final = 9  # neighbours per node: from here on nodes are rated anew only when they are candidates
_LITTLE: Final = 30_000  # pairs of neighbours to look at, for which threads cost more than they save
_NONE: Final = np.zeros(0, np.int32)


class Blocks(NamedTuple):
    """Positions to visit, in blocks: ``visit[blocks[b]:blocks[b + 1]]`` lie in ``[BLOCK * b, BLOCK * (b + 1))``.

    `entry` (CSR by block) lists the positions before a block from which arcs lead into it.
    """

    visit: I32
    blocks: I32
    entry_ptr: I32
    entry: I32


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Nodes by position, from the top down, with the arcs to and from nodes above (CSR).

    Attributes
    ----------
    node : (n,) int32, graph node at each position
    position : (n,) int32, position of each graph node
    up_ptr, up_head, up_ticks : int32
        Arcs from a position to positions before it.
    down_ptr, down_tail, down_ticks : int32
        Arcs to a position from positions before it.
    slot : (n,) int32
        Number among the positions with a neighbour after them, -1 for the others: no way goes on from there.
    blocks : Blocks
        All positions in blocks, by the arcs of both directions.
    """

    node: I32
    position: I32
    up_ptr: I32
    up_head: I32
    up_ticks: I32
    down_ptr: I32
    down_tail: I32
    down_ticks: I32
    slot: I32
    blocks: Blocks

    @property
    def n_nodes(self) -> int:
        """Number of graph nodes."""
        return len(self.node)

    @property
    def n_arcs(self) -> int:
        """Number of arcs up and down."""
        return len(self.up_head) + len(self.down_tail)

    def reversed(self) -> Hierarchy:
        """Return the hierarchy of the graph with every arc turned round: times towards a node. Shares the arrays."""
        return Hierarchy(
            self.node, self.position,
            self.down_ptr, self.down_tail, self.down_ticks,
            self.up_ptr, self.up_head, self.up_ticks,
            self.slot, self.blocks,
        )  # fmt: skip


def list_blocks(ptr: I32, above: I32, visit: I32) -> Blocks:
    """Return positions in blocks: `visit`, in ascending order, and with each all its neighbours `above` (CSR)."""
    n = len(ptr) - 1
    blocks = np.searchsorted(visit, np.arange(0, n + BLOCK, BLOCK)).astype(np.int32)
    return Blocks(visit, blocks, *list_entries(ptr, above, visit, blocks, BLOCK))


def number_slots(n: int, above: I32) -> I32:
    """Return `Hierarchy.slot` of n positions, of which those in `above` have neighbours after them."""
    used = np.zeros(n, np.bool_)
    used[above] = True
    return np.where(used, np.cumsum(used) - 1, -1).astype(np.int32)


def build_hierarchy(indptr: I32, head: I32, ticks: I32, *, threads: int | None = None) -> Hierarchy:
    """Contract a directed graph in CSR form; the result does not depend on the number of threads.

    Parallel arcs, loops, ticks of zero, one-way and separate parts are all allowed. Ways of `NO_ARC` (2^30 - 1 ticks,
    over three years) and more count as none.

    Raises
    ------
    InputError
        When an arc has a negative time or leads nowhere.
    """
    hierarchy = arrange(*_contract(pair_arcs(indptr, head, ticks), count_threads(threads)))
    return_freed_memory()
    return hierarchy


def _contract(core: Core, n_threads: int) -> tuple[I32, I32, I32, I32, I32]:
    """Return what `arrange` needs of a graph."""
    with ThreadPoolExecutor(n_threads) as pool:
        work = _Contraction(core, pool, n_threads)
        while len(work.name):
            work.contract_round()
    columns = zip(*work.done, strict=True)
    order, degree, above, out, back = (np.concatenate(column) for column in columns) if work.done else (_NONE,) * 5
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return order, np.concatenate([[0], np.cumsum(degree)]).astype(np.int32), rank[above], out, back


class _Contraction:
    """What is left of the graph, and what was taken out so far."""

    def __init__(self, core: Core, pool: Executor, n_threads: int) -> None:
        n = len(core.ptr) - 1
        self.core, self.name = core, np.arange(n, dtype=np.int32)
        self.level, self.rating = np.zeros(n, np.int32), np.zeros(n, np.int64)
        self.done: list[tuple[I32, I32, I32, I32, I32]] = []
        self._pool = pool
        self._scratches = [build_scratch(n) for _ in range(n_threads)]
        self._rate(self.name)

    def contract_round(self) -> None:
        """Take out the nodes that are less important than all their neighbours, also when looked at again."""
        candidates = select_nodes(self.core, self.rating, self.name)
        gone = np.zeros(len(self.name), np.bool_)
        gone[candidates] = True

        def search(items: I32, scratch: Scratch) -> tuple[I32, I32]:
            return find_shortcuts(self.core, items, gone, self.level, self.rating, _SETTLE_TO_CONTRACT, scratch)

        found = self._share(search, candidates)
        fit = confirm_nodes(self.core, candidates, self.rating)
        gone[candidates[~fit]] = False
        count = np.concatenate([np.diff(begin) for _, begin in found])
        shortcuts = np.concatenate([arcs for arcs, _ in found])[np.repeat(fit, count)]
        self.done.append(_list_up_arcs(self.core, candidates[fit], self.name))
        self.core, old, changed = rebuild(self.core, gone, shortcuts, self.level, self.rating)
        self.name, self.level, self.rating = self.name[old], self.level[old], self.rating[old]
        if len(self.core.node) < _DENSE * len(self.name):
            self._rate(changed)

    def _rate(self, items: I32) -> None:
        def rate(part: I32, scratch: Scratch) -> None:
            rate_nodes(self.core, part, self.level, self.rating, _SETTLE_TO_RATE, scratch)

        self._share(rate, items)

    def _share(self, work: Callable[[I32, Scratch], T], items: I32) -> list[T]:
        """Split items among the threads, each with a scratch of its own; results in the order of the items."""
        degree = len(self.core.node) / max(len(self.name), 1)
        n_parts = len(self._scratches) if len(items) * degree**2 > _LITTLE else 1
        return list(self._pool.map(work, np.array_split(items, n_parts), self._scratches[:n_parts]))


def pair_arcs(indptr: I32, head: I32, ticks: I32) -> Core:
    """Return a graph with both directions of each pair of nodes together, the cheapest of parallel arcs, no loops."""
    n = len(indptr) - 1
    if len(head) and (int(head.min()) < 0 or int(head.max()) >= n):
        raise InputError("an arc leads to no node")
    if len(ticks) and int(ticks.min()) < 0:
        raise InputError("an arc takes a negative time")
    tail = np.repeat(np.arange(n, dtype=np.int64), np.diff(indptr))
    used = (tail != head) & (ticks < NO_ARC)
    tail, to, cost = tail[used], head[used].astype(np.int64), ticks[used].astype(np.int32)
    key = np.concatenate([tail * n + to, to * n + tail])
    pairs, where = np.unique(key, return_inverse=True)
    out, back = (np.full(len(pairs), NO_ARC, np.int32) for _ in range(2))
    np.minimum.at(out, where[: len(to)], cost)
    np.minimum.at(back, where[len(to) :], cost)
    ptr = np.searchsorted(pairs, np.arange(n + 1, dtype=np.int64) * n).astype(np.int32)
    return Core(ptr, (pairs % max(n, 1)).astype(np.int32), out, back)


def _list_up_arcs(core: Core, chosen: I32, name: I32) -> tuple[I32, I32, I32, I32, I32]:
    """Return the chosen nodes, their degrees, and their neighbours with the times there and back."""
    degree = np.diff(core.ptr)[chosen]
    before = np.concatenate([[0], np.cumsum(degree)])
    entry = np.repeat(core.ptr[chosen] - before[:-1], degree) + np.arange(before[-1])
    return name[chosen], degree, name[core.node[entry]], core.out[entry], core.back[entry]


def arrange(order: I32, ptr: I32, above: I32, out: I32, back: I32) -> Hierarchy:
    """Return a hierarchy of nodes in order of contraction; `above` holds ranks of neighbours contracted later (CSR)."""
    n = len(order)
    by_position = order_nodes(ptr, above)
    place = np.empty(n, np.int32)
    place[by_position] = np.arange(n, dtype=np.int32)
    node = order[by_position].astype(np.int32)
    position = np.empty(n, np.int32)
    position[node] = np.arange(n, dtype=np.int32)
    low, high = place[np.repeat(np.arange(n), np.diff(ptr))], place[above]
    sort = np.lexsort((high, low))
    low, high, out, back = low[sort], high[sort], out[sort], back[sort]
    up, down = _keep(n, low, high, out), _keep(n, low, high, back)
    both = np.searchsorted(low, np.arange(n + 1)).astype(np.int32)
    blocks = list_blocks(both, high, np.arange(n, dtype=np.int32))
    return Hierarchy(node, position, *up, *down, number_slots(n, high), blocks)


def _keep(n: int, low: I32, high: I32, ticks: I32) -> tuple[I32, I32, I32]:
    reached: I64 = np.flatnonzero(ticks < NO_ARC)
    ptr = np.searchsorted(low[reached], np.arange(n + 1)).astype(np.int32)
    return ptr, high[reached].astype(np.int32), ticks[reached].astype(np.int32)
