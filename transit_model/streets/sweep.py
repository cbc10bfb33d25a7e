"""Times from very many origins: one sweep down a hierarchy answers 64 origins, and sums on the way.

PHAST: Delling, Goldberg, Nowatzyk, Werneck (2011), "PHAST: hardware-accelerated shortest path trees", IPDPS. What an
origin reaches upwards is found first; then every node, from the top down, takes the best of what its neighbours above
offer. No queue, and always the same memory in the same order. Here all origins of a batch climb together too, rows
hold budgets that run out (see `lanes`), rows nobody reads are not kept, and a block of neighbouring nodes is passed
over when none of the nodes that lead into it is within reach, so a small radius costs little.

With targets the sweep visits only what lies above them (RPHAST: Delling, Goldberg, Werneck 2011, "Faster batched
shortest paths in road networks", ATMOS).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError
from transit_model.network.arrays import F64, I32, I64, Bool
from transit_model.store.jit import helper, jit
from transit_model.streets.bucket_queue import UNREACHED, check_cutoff
from transit_model.streets.hierarchy import BLOCK, NO_ARC, Hierarchy, list_blocks, number_slots
from transit_model.streets.lanes import (
    Rows,
    add_reached,
    build_rows,
    clear_row,
    count_lanes,
    pull_row,
    push_row,
)
from transit_model.threads import count_threads

_TILE: Final = 32
_LONGEST_16_BIT: Final = 2**16 - 2


class Plan(NamedTuple):
    """A hierarchy made ready for sweeps that stay within `cutoff` ticks; `ticks` are of the type of the rows.

    `visit`, `blocks`, `entry_ptr`, `entry` as `Blocks`. A position with a `slot` has its row there; where it is -1
    nobody reads the row later, and it exists for a moment. `down_slot` are the slots of the tails.
    """

    up_ptr: I32
    up_head: I32
    up_ticks: npt.NDArray[Any]
    down_ptr: I32
    down_slot: I32
    down_ticks: npt.NDArray[Any]
    visit: I32
    blocks: I32
    entry_ptr: I32
    entry: I32
    slot: I32
    n_slots: int
    cutoff: int


class Board(NamedTuple):
    """Work space of one thread: rows, where those of positions are, and marks.

    After the rows with a slot come one of zeros, one for what is not kept, and those of origins without a slot.
    """

    rows: Rows
    slot: I32
    seeded: Bool
    reached: Bool
    block_seeded: Bool
    block_dirty: Bool


def build_plan(
    hierarchy: Hierarchy, cutoff_ticks: int, targets_idx: npt.ArrayLike | None = None, *, keep_all: bool = False
) -> Plan:
    """Return what sweeps need; with targets (graph nodes) only these get a time, all with `keep_all`.

    Raises
    ------
    InputError
        When the cutoff is negative or a target is no node.
    """
    cutoff, dtype = _fit_cutoff(cutoff_ticks)
    h, slot, blocks = hierarchy, hierarchy.slot, hierarchy.blocks
    if targets_idx is not None:
        target = h.position[check_nodes(targets_idx, h.n_nodes)]
        wanted = np.zeros(h.n_nodes, np.bool_)
        wanted[target] = True
        slot = number_slots(h.n_nodes, np.concatenate([np.flatnonzero(slot >= 0), target]))
        mark_above(h.down_ptr, h.down_tail, wanted)
        blocks = list_blocks(h.down_ptr, h.down_tail, np.flatnonzero(wanted).astype(np.int32))
    elif keep_all:
        slot = np.arange(h.n_nodes, dtype=np.int32)
    n_slots = int(slot.max(initial=-1)) + 1
    most = min(np.iinfo(dtype).max, NO_ARC)
    up, down = (np.minimum(ticks, most).astype(dtype) for ticks in (h.up_ticks, h.down_ticks))
    return Plan(h.up_ptr, h.up_head, up, h.down_ptr, slot[h.down_tail], down, *blocks, slot, n_slots, cutoff)


def _fit_cutoff(cutoff_ticks: int) -> tuple[int, type[Any]]:
    """Return a cutoff that fits the kernels, and the type of rows it takes."""
    cutoff = min(check_cutoff(cutoff_ticks), NO_ARC - 1)
    return cutoff, np.uint16 if cutoff <= _LONGEST_16_BIT else np.uint32


def build_board(plan: Plan, n_origins: int) -> Board:
    """Return an empty work space for batches with up to `n_origins` different starts."""
    n, n_blocks = len(plan.slot), len(plan.blocks) - 1
    flags = (np.zeros(k, np.bool_) for k in (n, n, n_blocks, n_blocks))
    return Board(build_rows(plan.n_slots + 2 + n_origins, plan.up_ticks.dtype), plan.slot.copy(), *flags)


@jit
def mark_above(ptr: I32, tail: I32, wanted: Bool) -> None:
    """Mark in `wanted` also everything from which arcs lead down to it."""
    for p in range(len(wanted) - 1, -1, -1):
        if wanted[p]:
            for a in range(ptr[p], ptr[p + 1]):
                wanted[tail[a]] = True


@helper
def _climb(plan: Plan, board: Board, start: I32, spent: I32) -> None:
    """Write into rows what the origins of a batch reach upwards; `start` and `spent` are (lanes, s), -1 for none."""
    # Fields are read once: inside a loop each reading would count references.
    rows, slot, seeded, block_seeded = board.rows, board.slot, board.seeded, board.block_seeded
    up_ptr, up_head, up_ticks = plan.up_ptr, plan.up_head, plan.up_ticks
    cutoff, free = plan.cutoff, plan.n_slots + 2
    for j in range(start.shape[0]):
        for s in range(start.shape[1]):
            p = start[j, s]
            if p >= 0 and 0 <= spent[j, s] <= cutoff:
                if not seeded[p]:
                    seeded[p] = True
                    block_seeded[p // BLOCK] = True
                    if slot[p] < 0:
                        slot[p] = free
                        free += 1
                    clear_row(rows, slot[p])
                rows[slot[p], j] = max(np.int64(rows[slot[p], j]), cutoff + 1 - spent[j, s])
    for b in range(len(block_seeded) - 1, -1, -1):
        if not block_seeded[b]:
            continue
        for p in range(min((b + 1) * BLOCK, len(seeded)) - 1, b * BLOCK - 1, -1):
            if not seeded[p]:
                continue
            for a in range(up_ptr[p], up_ptr[p + 1]):
                q = up_head[a]
                if not seeded[q]:
                    seeded[q] = True
                    block_seeded[q // BLOCK] = True
                    clear_row(rows, slot[q])
                push_row(rows, slot[p], slot[q], up_ticks[a])


@helper
def _descend(plan: Plan, board: Board, weights: F64, sums: F64) -> None:
    """Make all rows final from the top down; add weights (n, k) by position to `sums` (k, lanes) where in reach."""
    rows, slot, seeded, reached = board.rows, board.slot, board.seeded, board.reached
    block_seeded, block_dirty = board.block_seeded, board.block_dirty
    down_ptr, down_slot, down_ticks = plan.down_ptr, plan.down_slot, plan.down_ticks
    visit, blocks, entry_ptr, entry = plan.visit, plan.blocks, plan.entry_ptr, plan.entry
    zeros, fleeting = plan.n_slots, plan.n_slots + 1
    for b in range(len(blocks) - 1):
        near = block_seeded[b]
        e = entry_ptr[b]
        while not near and e < entry_ptr[b + 1]:
            near = reached[entry[e]]
            e += 1
        if not near and not block_dirty[b]:
            continue
        block_dirty[b] = near
        for i in range(blocks[b], blocks[b + 1]):
            p = visit[i]
            at = slot[p] if slot[p] >= 0 else fleeting
            if not near:  # what an earlier sweep left
                clear_row(rows, at)
                reached[p] = False
                continue
            begin = slot[p] if seeded[p] else zeros
            reached[p] = pull_row(rows, begin, at, down_slot, down_ticks, down_ptr[p], down_ptr[p + 1])
            if reached[p]:
                for c in range(weights.shape[1]):
                    if weights[p, c] != 0.0:
                        add_reached(rows, at, sums, c, weights[p, c])


@jit
def fill_sums(plan: Plan, board: Board, start: I32, spent: I32, weights: F64, sums: F64, out: F64) -> None:
    """Write sums of weights (n, k) by position that each lane reaches into `out` (lanes, k); `sums` is work space."""
    sums[:] = 0.0
    _climb(plan, board, start, spent)
    _descend(plan, board, weights, sums)
    board.seeded[:] = False
    board.block_seeded[:] = False
    for j in range(start.shape[0]):
        for s in range(start.shape[1]):
            p = start[j, s]
            if p >= 0:
                board.slot[p] = plan.slot[p]
    for j in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[j, c] = sums[c, j]


@jit
def fill_rows(plan: Plan, board: Board, position: I32, lanes: I64, out: I32) -> None:
    """Write ticks after a sweep at positions that have slots: lane j into row ``lanes[j]`` of `out`."""
    rows, slot, cutoff = board.rows, plan.slot, plan.cutoff
    place = np.empty(_TILE, np.int32)
    for v in range(0, len(position), _TILE):
        width = min(_TILE, len(position) - v)
        for i in range(width):
            place[i] = slot[position[v + i]]
        for j in range(len(lanes)):
            row = lanes[j]
            for i in range(width):
                left = np.int32(rows[place[i], j])
                out[row, v + i] = np.int32(cutoff + 1) - left if left > 0 else np.int32(UNREACHED)


def sweep_sums(
    hierarchy: Hierarchy,
    origins_idx: npt.ArrayLike,
    weights: npt.ArrayLike,
    cutoff_ticks: int,
    *,
    start_ticks: npt.ArrayLike | None = None,
    threads: int | None = None,
    placed: bool = False,
) -> F64:
    """Compute sums of node weights within a cutoff of each origin, (n_origins, n_weights) float64.

    Parameters
    ----------
    origins_idx : (k,) or (k, s)
        Graph nodes; with several columns an origin starts at each of them, -1 for none.
    weights : (n,) or (n, n_weights)
    cutoff_ticks
        What takes as long counts. Up to 65,534 ticks (109 min) 64 origins go in one sweep, beyond 32.
    start_ticks : as `origins_idx`
        Time spent before each of these nodes, 0 by default.
    placed : bool
        The weights stand in the order of ``hierarchy.node`` already: who asks often lays them out once.

    Notes
    -----
    Sums of whole numbers are exact. Others are added in the order of the hierarchy, so they may differ from another
    engine's in the last bits, never between runs or numbers of threads.

    Raises
    ------
    InputError
        When an origin is no node, the cutoff is negative, or the numbers of weights and nodes differ.
    """
    plan, idle = _find_plan(hierarchy, cutoff_ticks)
    table = np.asarray(weights, np.float64)
    if len(table) != hierarchy.n_nodes:
        raise InputError(f"{len(table)} weights for {hierarchy.n_nodes} nodes")
    table = table[:, None] if table.ndim == 1 else table
    table = np.ascontiguousarray(table) if placed else table[hierarchy.node]
    start, spent = _place(hierarchy, origins_idx, start_ticks)
    out = np.zeros((len(start), table.shape[1]))

    def fill(board: Board, lanes: I64) -> None:
        sums = np.empty((table.shape[1], count_lanes(plan.up_ticks.dtype)))
        found = np.empty((len(lanes), table.shape[1]))
        fill_sums(plan, board, start[lanes], spent[lanes], table, sums, found)
        out[lanes] = found

    _run(plan, start, fill, threads, idle)
    return out


def sweep_ticks(
    hierarchy: Hierarchy,
    origins_idx: npt.ArrayLike,
    targets_idx: npt.ArrayLike | None = None,
    *,
    cutoff_ticks: int = UNREACHED,
    start_ticks: npt.ArrayLike | None = None,
    threads: int | None = None,
) -> I32:
    """Compute ticks from each origin to every node, or to some targets, (n_origins, n) int32; `UNREACHED` beyond.

    Parameters as `sweep_sums`. A cutoff of up to 65,534 ticks halves the work. Times towards the origins: pass
    ``hierarchy.reversed()``.
    """
    n = hierarchy.n_nodes
    targets = np.arange(n) if targets_idx is None else check_nodes(targets_idx, n)
    plan = build_plan(hierarchy, cutoff_ticks, targets_idx, keep_all=targets_idx is None)
    start, spent = _place(hierarchy, origins_idx, start_ticks)
    out = np.full((len(start), len(targets)), UNREACHED, np.int32)
    position, nothing = hierarchy.position[targets], np.zeros((n, 0))

    def fill(board: Board, lanes: I64) -> None:
        fill_sums(plan, board, start[lanes], spent[lanes], nothing, nothing, nothing)
        fill_rows(plan, board, position, lanes, out)

    _run(plan, start, fill, threads, [])
    return out


def check_nodes(nodes: npt.ArrayLike, n: int, *, least: int = 0) -> I64:
    """Return node indices as int64.

    Raises
    ------
    InputError
        When one is not between `least` and n - 1.
    """
    found = np.asarray(nodes, np.int64)
    wrong = found[(found < least) | (found >= n)]
    if len(wrong):
        raise InputError(f"no such graph nodes: {wrong[:5].tolist()} (there are {n})")
    return found


def _place(hierarchy: Hierarchy, origins_idx: npt.ArrayLike, start_ticks: npt.ArrayLike | None) -> tuple[I32, I32]:
    """Return positions and ticks spent of the starts of each origin, (k, s) both; position -1 for none."""
    origins = check_nodes(origins_idx, hierarchy.n_nodes, least=-1)
    spent = np.zeros(origins.shape, np.int32) if start_ticks is None else np.asarray(start_ticks, np.int32)
    columns = origins.shape[1] if origins.ndim > 1 else 1
    origins, spent = origins.reshape(-1, columns), spent.reshape(-1, columns)
    if hierarchy.n_nodes == 0:
        return np.full(origins.shape, -1, np.int32), spent
    return np.where(origins >= 0, hierarchy.position[origins], -1).astype(np.int32), spent


_ready: WeakKeyDictionary[Hierarchy, dict[type[Any], tuple[Plan, list[Board]]]] = WeakKeyDictionary()


def _find_plan(hierarchy: Hierarchy, cutoff_ticks: int) -> tuple[Plan, list[Board]]:
    """Return the plan for sums, and work spaces that earlier sums left; both are kept as long as the hierarchy lives.

    The next sums may have another cutoff: what is left in a work space is clear, or marked to be cleared.
    """
    cutoff, dtype = _fit_cutoff(cutoff_ticks)
    own = _ready.setdefault(hierarchy, {})
    if dtype not in own:
        own[dtype] = build_plan(hierarchy, cutoff), []
    plan, idle = own[dtype]
    return plan._replace(cutoff=cutoff), idle


def _run(plan: Plan, start: I32, fill: Callable[[Board, I64], None], threads: int | None, idle: list[Board]) -> None:
    """Fill in batches of as many origins as lanes, neighbours together, on threads (no interpreter lock inside)."""
    if len(start) == 0 or len(plan.slot) == 0:
        return
    order = np.argsort(start.max(axis=1), kind="stable")
    lanes = count_lanes(plan.up_ticks.dtype)
    batches = [order[i : i + lanes] for i in range(0, len(order), lanes)]
    n_threads = min(count_threads(threads), len(batches))

    def work(share: list[I64]) -> None:
        n_starts = lanes * start.shape[1]
        try:
            board = idle.pop()
        except IndexError:
            board = build_board(plan, n_starts)
        if len(board.rows) < plan.n_slots + 2 + n_starts:
            board = build_board(plan, n_starts)
        for lanes_idx in share:
            fill(board, lanes_idx)
        idle.append(board)

    # Neighbouring batches on one thread: they reach the same blocks, which then lie in its cache.
    shares = [batches[len(batches) * t // n_threads : len(batches) * (t + 1) // n_threads] for t in range(n_threads)]
    if n_threads == 1:
        work(shares[0])
        return
    with ThreadPoolExecutor(n_threads) as pool:
        for _ in pool.map(work, shares):
            pass
