"""Times of many origins kept, and repaired when a few arcs change: what a scenario does to the places it touches.

New and faster arcs, a few of them, are put in one after the other; each costs one search from its head as far as
anybody gains, and a walk for each origin (`link_tree`).

Other changes after Ramalingam and Reps (1996), "An incremental algorithm for a generalization of the shortest-path
problem", J. Algorithms 21(2). For each origin: labels that a worse arc may have made are taken back (all that hang on
it by paths of their own length, a few too many where paths tie), found anew from the labels that stand, and together
with the better arcs passed on until nothing changes. The result is the one of a full search, to the bit.

A broad change is not worth it. A row whose repair touches too much is given up and searched anew, and all rows of a
batch together may waste no more than `WASTE` of their own size in such attempts; after that the rest is searched anew
at once. Links are given up when they have cost `WASTE_BY_LINKS` of all rows and might yet cost more than these. So the
worst case is a full run and some percent.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import F64, I32, I64, Bool
from transit_model.streets.bucket_graph import U32, BucketGraph
from transit_model.streets.bucket_queue import FULL, UNREACHED, SeedArrays, Work, build_work, check_cutoff
from transit_model.streets.graph_edit import (
    CLOSED,
    GraphEdit,
    Inward,
    add_nodes,
    check_arcs,
    copy_graph,
    edit_graph,
    list_inward,
    read_arcs,
    restore_graph,
)
from transit_model.streets.link_tree import GIVEN_UP, Tree, build_log, build_tree, grow_tree, walk_tree
from transit_model.streets.row_repair import repair_row, search_row
from transit_model.threads import count_threads

N_SPARE: Final = 4096
"""Spare places of a graph that is to be edited."""
MOST: Final = 0.15
"""A row is given up when its repair touches more than this share of the network."""
WASTE: Final = 0.01
"""Share of the rows' own size that attempts may touch in vain."""
MAX_LINKS: Final = 16
"""Most arcs that are put in one after the other."""
WASTE_BY_LINKS: Final = 0.1
# What a place of a tree, of a walk and of a repair costs, in searches of a place (measured 1.2, 0.15 and 3 on the drive
# network of Porto), and the most entries of a tree per place of the network (more than a search has there).
TREE_COST: Final = 1.5
WALK_COST: Final = 0.2
REPAIR_COST: Final = 3.0
_ENTRIES: Final = 1.5
_LOG_SIZE: Final = 1 << 20
_NONE: Final = 0xFFFFFFFF


class Overwritten(NamedTuple):
    """What a row was: the labels of some places in the order they were lowered, or of all (`place` None)."""

    row: int
    place: U32 | None
    before: U32


@dataclass(frozen=True, eq=False)
class Repair:
    """What `BaseTimes.apply` did, and what `BaseTimes.undo` needs.

    Attributes
    ----------
    n_repaired, n_searched : int
        Rows repaired, and rows searched anew because the change reached too far.
    cost : float
        What was done, and done in vain, in searches of a place; a full run costs as many as there are labels.
    """

    graph: BucketGraph = field(repr=False)
    added: I64 = field(repr=False)
    edits: Sequence[GraphEdit] = field(repr=False)
    n_repaired: int
    n_searched: int
    cost: float
    overwritten: list[Overwritten] = field(repr=False)


class BaseTimes:
    """Times from some origins to every node within a cutoff, kept in the order of the packed graph.

    Attributes
    ----------
    graph : BucketGraph
        As it is now: a copy of the one that was given, edited in place by `apply` and `undo`.
    label : (k, n_places) uint32

    Parameters
    ----------
    graph : BucketGraph
        Built with ``n_spare=N_SPARE``, so that arcs and nodes can be added.
    seeds : SeedArrays
    cutoff_ticks : int
    inward : Inward, optional
        Of `graph`, where it is known.
    """

    def __init__(
        self,
        graph: BucketGraph,
        seeds: SeedArrays,
        cutoff_ticks: int = UNREACHED - 1,
        *,
        threads: int | None = None,
        inward: Inward | None = None,
    ) -> None:
        self.graph = copy_graph(graph)
        self.seeds = seeds
        self.cutoff = check_cutoff(cutoff_ticks)
        self.label = np.empty((len(seeds.node), len(graph.node_at)), np.uint32)
        self._inward = inward
        self._n_base = graph.n_used
        self._added = np.zeros((2, 0), np.int64)  # arcs that edits brought: `_inward` does not know them
        self._idle: list[tuple[Work, Bool]] = []
        self._tree: Tree | None = None
        self._lock = threading.Lock()
        self._run(None, threads, fresh=True)

    def rows(self) -> I32:
        """Return ticks to every node, (k, n) int32, `UNREACHED` beyond the cutoff."""
        out = np.empty((len(self.label), self.graph.n_nodes), np.int32)
        for row, label in zip(out, self.label, strict=True):
            row[:] = label[self.graph.place]
        return out

    def sum_within(self, weights: F64) -> F64:
        """Return sums of node weights (n, n_weights) over what is within the cutoff, (k, n_weights)."""
        out = np.empty((len(self.label), weights.shape[1]))
        for row, label in enumerate(self.label):
            out[row] = weights[label[self.graph.place] != UNREACHED].sum(axis=0)
        return out

    def apply(
        self, tail: npt.ArrayLike, head: npt.ArrayLike, ticks: npt.ArrayLike, *, threads: int | None = None
    ) -> Repair | None:
        """Change arcs and repair all rows; None, and nothing is changed, when the spare places do not suffice.

        Parameters
        ----------
        tail, head : (k,) int
            Graph nodes. A node that is not in the graph yet is added; all new nodes must continue its numbers.
        ticks : (k,) int
            New weight of all arcs from tail to head, `CLOSED` to take them out; an arc that is not there is added. Of
            several edits of one pair the last counts.

        Raises
        ------
        InputError
            See `check_arcs`.
        """
        if self._inward is None:
            self._inward = list_inward(self.graph)
        before, arcs = self.graph, check_arcs(self.graph, tail, head, ticks)
        grown = add_nodes(before, int(arcs[:2].max(initial=-1)) + 1 - before.n_nodes)
        edit = None if grown is None else edit_graph(grown, self._inward, arcs)
        if grown is None or edit is None:
            if grown is not None:
                restore_graph(grown, before, [])
            return None
        self.label[:, before.n_used : grown.n_used] = UNREACHED
        added, edits = np.unique(np.concatenate([self._added, edit.better[:2]], axis=1), axis=1), [edit]
        if edit.worse.shape[1] == 0 and arcs.shape[1] <= MAX_LINKS:
            restore_graph(edit.graph, grown, edits)
            self.graph = grown
            edits, done, cost = self._add_links(self._inward, arcs, threads)
        else:
            earlier = read_arcs(edit.graph, *self._added)
            edit = edit._replace(better=np.concatenate([edit.better, earlier], axis=1))
            self.graph = edit.graph
            done, cost = self._run(edit, threads)
        n_searched = sum(one.place is None for one in done)
        repair = Repair(before, self._added, edits, len(self.label) - n_searched, n_searched, cost, done)
        self._added = added
        return repair

    def undo(self, repair: Repair) -> None:
        """Take back the last change."""
        for row, place, before in reversed(repair.overwritten):
            if place is None:
                self.label[row] = before
            else:  # where a place is listed twice its first label is the last set
                self.label[row, place[::-1]] = before[::-1]
        restore_graph(self.graph, repair.graph, repair.edits)
        self.label[:, repair.graph.n_used : self.graph.n_used] = UNREACHED
        self.graph, self._added = repair.graph, repair.added

    def _add_links(
        self, inward: Inward, arcs: I64, threads: int | None
    ) -> tuple[list[GraphEdit], list[Overwritten], float]:
        """Put in arcs that are new or faster, one after the other: each time the labels fit the graph so far."""
        edits: list[GraphEdit] = []
        done: list[Overwritten] = []
        n_places, whole, spent = self.label.shape[1], self.label.size, 0.0
        for k, (tail, head, ticks) in enumerate(arcs.T.tolist()):
            edit = edit_graph(self.graph, inward, arcs[:, k : k + 1])
            assert edit is not None  # all together had room
            at = self.graph.place[tail]
            self.label[:, self.graph.n_used : edit.graph.n_used] = self.label[:, at : at + 1]  # it is carried on there
            self.graph = edit.graph
            edits.append(edit)
            if ticks == CLOSED:  # there was none to close
                continue
            ahead = (arcs.shape[1] - k) * (TREE_COST * _ENTRIES * n_places + WALK_COST * whole)
            left = _NONE if spent + ahead <= (1 + WASTE_BY_LINKS) * whole else int(WASTE_BY_LINKS * whole - spent)
            cost, is_done = self._add_link(at, self.graph.place[head], ticks, left, threads, done)
            spent += cost
            if not is_done:
                rest = edit_graph(self.graph, inward, arcs[:, k + 1 :])
                assert rest is not None
                self.graph = rest.graph
                searched, cost = self._run(None, threads)
                return [*edits, rest], done + searched, spent + cost
        return edits, done, spent

    def _add_link(
        self, tail: int, head: int, ticks: int, left: int, threads: int | None, done: list[Overwritten]
    ) -> tuple[float, bool]:
        """Lower the labels of all rows that gain by one arc, unless it may cost more than `left`; return the cost."""
        reached = self.label[:, tail].astype(np.int64) + ticks
        gain = np.minimum(self.label[:, head], self.cutoff + 1) - reached
        row = np.argsort(-gain, kind="stable")[: np.count_nonzero(gain > 0)].astype(np.uint32)
        if len(row) == 0:
            return 0.0, True
        g, start, n, cost = self.graph, reached[row].astype(np.uint32), FULL, 0.0
        tree = self._tree or build_tree(g, int(_ENTRIES * len(g.node_at)) + 64)
        while n == FULL:
            most = max(0, int((left - cost) / TREE_COST))
            n, size = grow_tree(g.record, self.label, row, start, head, tree, self.cutoff, g.shift, most)
            cost += TREE_COST * size
            if n == FULL:
                tree = build_tree(g, 2 * len(tree.entry))
        self._tree = tree
        if n == GIVEN_UP or cost + WALK_COST * n * len(row) > left:
            return cost, False
        pieces = np.array_split(np.arange(len(row)), self._count_pieces(n * len(row), threads))

        def walk(piece: I64) -> tuple[list[Overwritten], int]:
            return _walk(self.label, row[piece], start[piece], tree, n, self.cutoff)

        if len(pieces) == 1:
            walked = [walk(pieces[0])]
        else:
            with ThreadPoolExecutor(len(pieces)) as pool:
                walked = list(pool.map(walk, pieces))
        for overwritten, looked_at in walked:
            done += overwritten
            cost += WALK_COST * looked_at
        return cost, True

    def _count_pieces(self, n_cells: int, threads: int | None) -> int:
        return min(count_threads(threads), len(self.label)) if n_cells > _LOG_SIZE else 1

    def _run(
        self, edit: GraphEdit | None, threads: int | None, *, fresh: bool = False
    ) -> tuple[list[Overwritten], float]:
        """Repair all rows, or search them all anew when there is no edit; return the rows' past and the cost."""
        k, m = len(self.label), 0 if edit is None else len(edit.place)
        first = np.full(len(self.graph.node_at) if m else 0, -1, np.int32)
        if edit is not None:
            first[edit.place[::-1]] = np.arange(m)[::-1]
        n_threads = max(1, min(count_threads(threads), k))
        size = max(1, -(-k // (2 * n_threads)))
        batches = [np.arange(start, min(start + size, k)) for start in range(0, k, size)]
        if n_threads == 1 or len(batches) < 2:
            done = [self._run_batch(edit, first, rows, fresh) for rows in batches]
        else:
            with ThreadPoolExecutor(n_threads) as pool:
                done = list(pool.map(lambda rows: self._run_batch(edit, first, rows, fresh), batches))
        return [entry for batch, _ in done for entry in batch], sum(cost for _, cost in done)

    def _run_batch(self, edit: GraphEdit | None, first: I32, rows: I64, fresh: bool) -> tuple[list[Overwritten], float]:
        g, inward = self.graph, self._inward
        n_places = len(g.node_at)
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        work, mark = kept or (build_work(g, n_places * 3 // 2 + 64), np.zeros(n_places, np.bool_))
        most = int(MOST * n_places)
        log = build_log(4 * most + 64 if edit is not None else 0)
        out: list[Overwritten] = []
        left, cost = int(WASTE * n_places * len(rows)), 0.0
        affected = rows if edit is None else rows[self._find_affected(edit, rows)]
        for row in affected.tolist():
            label, node, ticks = self.label[row], self.seeds.node[row], self.seeds.ticks[row]
            limit = min(most, left)
            if limit > n_places // 1000 and inward is not None and edit is not None:
                log.n[0] = 0
                spent = repair_row(
                    g.record, edit.record, first, g.place, g.node_at, inward, work, mark, label, node, ticks,
                    edit.worse, edit.better, self.cutoff, g.shift, self._n_base, limit, log,
                )  # fmt: skip
                n = int(log.n[0])
                cost += REPAIR_COST * (limit if spent == GIVEN_UP else n)
                if spent != GIVEN_UP:
                    out.append(Overwritten(row, log.place[:n].copy(), log.before[:n].copy()))
                    continue
                label[log.place[:n][::-1]] = log.before[:n][::-1]
                left -= limit
            cost += n_places
            if not fresh:
                out.append(Overwritten(row, None, label.copy()))
            while search_row(g.record, g.place, work, label, node, ticks, self.cutoff, g.shift) == FULL:
                work = build_work(g, 2 * len(work.entry_place))
        with self._lock:
            self._idle.append((work, mark))
        return out, cost

    def _find_affected(self, edit: GraphEdit, rows: I64) -> Bool:
        """Return which rows have a label that hangs on a worse arc or gains by a better one; few edits only."""
        if edit.worse.shape[1] + edit.better.shape[1] > MAX_LINKS:
            return np.ones(len(rows), np.bool_)
        label, found = self.label[rows[0] : rows[-1] + 1], np.zeros(len(rows), np.bool_)
        for tail, head, ticks in edit.worse.T.tolist():
            found |= label[:, tail] + ticks == label[:, head]
        for tail, head, ticks in edit.better.T.tolist():
            found |= label[:, tail] + ticks < label[:, head]
        return found


def _walk(label: U32, row: U32, start: U32, tree: Tree, n: int, cutoff: int) -> tuple[list[Overwritten], int]:
    """Lower rows by a tree; return what they were, and how many places were looked at."""
    out: list[Overwritten] = []
    looked_at = 0
    while len(row):
        log, end = build_log(max(n, min(n * len(row), _LOG_SIZE))), np.zeros(len(row) + 1, np.int64)
        n_done, looked = walk_tree(label, row, start, tree, n, cutoff, log, end[1:])
        ends = end.tolist()
        for k, one in enumerate(row[:n_done].tolist()):
            part = slice(ends[k], ends[k + 1])
            out.append(Overwritten(one, log.place[part], log.before[part]))
        row, start, looked_at = row[n_done:], start[n_done:], looked_at + looked
    return out, looked_at
