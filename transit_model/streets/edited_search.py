"""Searches on a street graph that was made from another: the packed graph before is edited, kept times are repaired.

A scenario asks what its base was asked: times from the same stations and places. Those of the base are kept for the
questions with many origins, or that come again, and mended where the changed arcs reach (`repair`); few origins are
searched on the base's packed graph with its arcs edited. Either way the ticks are those of a full search, to the bit.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np

from transit_model.network.arrays import F64, I32, I64, Bool, EditedStreets
from transit_model.streets.bucket_graph import BucketGraph, build_bucket_graph, order_in_space
from transit_model.streets.bucket_queue import BucketSearch, SeedArrays, check_cutoff
from transit_model.streets.graph_edit import add_nodes, check_arcs, copy_graph, edit_graph, list_inward
from transit_model.streets.reached_nodes import list_reached
from transit_model.streets.repair import N_SPARE, BaseTimes

T = TypeVar("T")
LEAST_ROWS: Final = 6
"""With fewer origins a search costs less than keeping the times of the base, until they are asked for again."""
MOST_ASKED: Final = 256
"""Questions of one base that are remembered, to tell one that comes again."""
MOST_LABELS: Final = 50_000_000
"""Labels that are kept for one base, four bytes each; the question that was asked longest ago is forgotten."""


class KeptBase:
    """A packed graph that is edited for one scenario after the other, and times from what was asked on it."""

    def __init__(self, arcs: tuple[I32, I32, I32], at: tuple[F64, F64]) -> None:
        self.graph = build_bucket_graph(*arcs, order_in_space(*at), n_spare=N_SPARE)
        self.inward = list_inward(self.graph)
        self.lock = threading.Lock()
        self._times: OrderedDict[tuple[bytes, bytes, int], BaseTimes] = OrderedDict()
        self._questions: OrderedDict[tuple[bytes, bytes, int], None] = OrderedDict()

    def is_asked_again(self, seeds: SeedArrays, cutoff: int) -> bool:
        """Return whether somebody has asked from these seeds before: who tries roads asks from the same places."""
        key = (seeds.node.tobytes(), seeds.ticks.tobytes(), cutoff)
        known = key in self._questions
        self._questions[key] = None
        self._questions.move_to_end(key)
        if len(self._questions) > MOST_ASKED:
            self._questions.popitem(last=False)
        return known

    def keep_times(self, seeds: SeedArrays, cutoff: int, threads: int | None) -> BaseTimes | None:
        """Return the times of the base from these seeds, searched when they are first asked for; None for too many."""
        size = len(seeds.node) * len(self.graph.node_at)
        if size > MOST_LABELS:
            return None
        key = (seeds.node.tobytes(), seeds.ticks.tobytes(), cutoff)
        if key not in self._times:
            while self._times and size + sum(t.label.size for t in self._times.values()) > MOST_LABELS:
                self._times.popitem(last=False)
            self._times[key] = BaseTimes(self.graph, seeds, cutoff, threads=threads, inward=self.inward)
        self._times.move_to_end(key)
        return self._times[key]


class EditedSearch:
    """Times on a street graph by what was kept of the one before; holds none of the two `StreetArrays`."""

    def __init__(self, base: KeptBase, arcs: I64, engine_node: I32 | None) -> None:
        self._base, self._arcs, self._node = base, arcs, engine_node
        self._search: BucketSearch | None = None

    def travel_ticks(self, seeds: SeedArrays, cutoff: int, targets: I32 | None, threads: int | None) -> I32 | None:
        """Return rows as of `StreetEngine.travel_ticks`; None when the change does not fit into the graph before."""
        own = self._renumber(seeds)
        columns = self._node if targets is None else targets if self._node is None else self._node[targets]
        if self._is_on_base(own) and (len(own.node) >= LEAST_ROWS or self._ask_again(own, cutoff)):
            rows = self._repair(own, cutoff, threads, lambda times: _read_rows(times, columns))
            if rows is not None:
                return rows
        search = self._edit()
        if search is None:
            return None
        if targets is not None:
            return search.travel_ticks(own, cutoff, targets=np.ascontiguousarray(columns, np.int32), threads=threads)
        rows = search.travel_ticks(own, cutoff, threads=threads)
        return rows if columns is None else rows[:, columns]

    def list_reached(self, seeds: SeedArrays, cutoff: int, allowed: Bool) -> tuple[I64, I64, I32] | None:
        """Return what `list_reached` makes of all rows without laying them out; None where they are not kept."""
        own = self._renumber(seeds)
        if not self._is_on_base(own) or len(own.node) < LEAST_ROWS:
            return None

        def read(times: BaseTimes) -> tuple[I64, I64, I32]:
            place = times.graph.place if self._node is None else times.graph.place[self._node]
            return list_reached(times.label.view(np.int32), allowed, place)

        return self._repair(own, cutoff, None, read)

    def _renumber(self, seeds: SeedArrays) -> SeedArrays:
        if self._node is None:
            return seeds
        return SeedArrays(np.where(seeds.node >= 0, self._node[seeds.node], -1).astype(np.int32), seeds.ticks)

    def _is_on_base(self, own: SeedArrays) -> bool:
        return int(own.node.max(initial=-1)) < self._base.graph.n_nodes

    def _ask_again(self, seeds: SeedArrays, cutoff: int) -> bool:
        with self._base.lock:
            return self._base.is_asked_again(seeds, cutoff)

    def _repair(self, seeds: SeedArrays, cutoff: int, threads: int | None, read: Callable[[BaseTimes], T]) -> T | None:
        """Return what is read of the times of the base while they are those of the edited graph."""
        with self._base.lock:
            times = self._base.keep_times(seeds, check_cutoff(cutoff), threads)
            if times is None:
                return None
            done = times.apply(*self._arcs, threads=threads)
            if done is None:
                return None
            try:
                return read(times)
            finally:
                times.undo(done)

    def _edit(self) -> BucketSearch | None:
        if self._search is None:
            edited = _edit_copy(self._base, self._arcs)
            self._search = None if edited is None else BucketSearch(edited)
        return self._search


def _read_rows(times: BaseTimes, columns: I32 | None) -> I32:
    place = times.graph.place if columns is None else times.graph.place[columns]
    return np.take(times.label, place, axis=1).view(np.int32)


def _edit_copy(base: KeptBase, arcs: I64) -> BucketGraph | None:
    """Return a copy of the packed graph with some arcs set, None where its spare places do not suffice."""
    graph = copy_graph(base.graph)
    checked = check_arcs(graph, *arcs)
    grown = add_nodes(graph, int(checked[:2].max(initial=-1)) + 1 - graph.n_nodes)
    edit = None if grown is None else edit_graph(grown, base.inward, checked)
    return None if edit is None else edit.graph


def list_edits(streets: EditedStreets, *, reverse: bool) -> I64:
    """Return the arcs that differ, (3, k) tails, heads, ticks, turned round for searches against them."""
    tail, head = (streets.arc_head, streets.arc_tail) if reverse else (streets.arc_tail, streets.arc_head)
    return np.stack([tail, head, streets.arc_ticks])
