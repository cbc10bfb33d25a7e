"""Drawn ways to roads between junctions: cut, connected, contracted, all on arrays.

1. Ways are cut where another way joins, where a barrier closes them, where the extract lacks a node or a step is
   longer than any road's.
2. The largest strongly connected part stays: from everywhere to everywhere and back.
3. Pieces that meet at a node where nothing else joins become one road, when class, toll and direction agree. Lengths
   add up; the speed is the one that keeps the time (the length-weighted harmonic mean).
4. A road that ends where it starts is cut in two, since the tables know no loops.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from transit_model.roads.osm_raw import RawRoads
from transit_model.roads.osm_tags import FERRY
from transit_model.roads.osm_tolled_ways import find_tolled_ways
from transit_model.roads.step_lengths import compute_step_lengths_m
from transit_model.units import KMH_PER_MS

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
LONGEST_STEP_M, LONGEST_CROSSING_M = 100_000.0, 2_000_000.0
"""Longest straight line between two nodes of a road and of a ferry that can be meant (judged)."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Parts of ways between junctions, in drawing order.

    Attributes
    ----------
    tail, head, way : (n,) int64
        Node numbers, rows of `Simplified.node_id`; row of the raw ways.
    first, last : (n,) int64
        Rows of the raw points, both included.
    length_m : (n,) float64
    time_h_km, back_h_km : (n,) float64
        Hours times 1,000 of driving at the speed of the way: length in m / km/h, forward and against the drawing.
    oneway : (n,) bool
    """

    tail: I64
    head: I64
    way: I64
    first: I64
    last: I64
    length_m: F64
    time_h_km: F64
    back_h_km: F64
    oneway: Bool

    def take(self, keep: Bool | I64) -> Pieces:
        """Return the pieces of a mask or of rows."""
        return Pieces(**{name: getattr(self, name)[keep] for name in self.__dataclass_fields__})


@dataclass(frozen=True, eq=False)
class Simplified:
    """Roads between junctions.

    Attributes
    ----------
    node_id, node_lon, node_lat : (k,) int64, float64
        OSM id and place by node number; a closed barrier and a cut loop give several numbers one id.
    pieces : Pieces
    chain_ptr, chain_piece, chain_forward
        Road i is the pieces ``chain_piece[chain_ptr[i]:chain_ptr[i + 1]]`` in driving order, each as drawn or not.
    tolled : (w, 2) bool
        Whether ways cost a toll along and against their drawing (`find_tolled_ways`).
    lost_parts : list of (nodes, a row of lost_pieces, km)
        Parts that are not connected with the largest one, longest first.
    lost_pieces : Pieces or None
    cut : I64
        Way rows that name a node outside the extract.
    long : I64
        Way rows with a step longer than can be meant; cut there.
    """

    node_id: I64
    node_lon: F64
    node_lat: F64
    pieces: Pieces
    chain_ptr: I64
    chain_piece: I64
    chain_forward: Bool
    tolled: Bool
    lost_parts: list[tuple[int, int, float]] = field(default_factory=list)
    lost_pieces: Pieces | None = None
    cut: I64 = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    long: I64 = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def simplify(
    raw: RawRoads,
    *,
    keep_all: bool = False,
    merge_speeds: bool = True,
    cut_loops: bool = True,
    ramp_tolls: bool = True,
) -> Simplified:
    """Return the roads between junctions of raw ways.

    Parameters
    ----------
    raw : RawRoads
    keep_all : bool
        Keep parts that are not connected with the largest one.
    merge_speeds : bool
        Join pieces of different speeds; otherwise a node stays where the speed changes.
    cut_loops : bool
        Cut a road that ends where it starts in two; otherwise it stays a loop.
    ramp_tolls : bool
        As in `find_tolled_ways`.
    """
    tolled = find_tolled_ways(raw, ramp_tolls=ramp_tolls)
    node_of_point, node_id, lon, lat = _number_nodes(raw)
    pieces, node_of_point, node_id, lon, lat, cut = _cut_ways(raw, node_of_point, node_id, lon, lat)
    lost: list[tuple[int, int, float]] = []
    gone: Pieces | None = None
    if not keep_all and len(pieces.tail):
        pieces, gone, lost = _keep_largest(pieces, len(node_id))
    ptr, piece, forward = _chain(raw, pieces, tolled, len(node_id), merge_speeds=merge_speeds)
    if cut_loops:
        pieces, ptr, piece, forward, node_id, lon, lat = _cut_loops(
            raw, pieces, (ptr, piece, forward), node_of_point, (node_id, lon, lat)
        )
    return Simplified(node_id, lon, lat, pieces, ptr, piece, forward, tolled, lost, gone, *cut)


def _number_nodes(raw: RawRoads) -> tuple[I64, I64, F64, F64]:
    node_id, first, number = np.unique(raw.node_id, return_index=True, return_inverse=True)
    return number.astype(np.int64), node_id, raw.lon[first], raw.lat[first]


def _cut_ways(
    raw: RawRoads, node_of_point: I64, node_id: I64, lon: F64, lat: F64
) -> tuple[Pieces, I64, I64, F64, F64, tuple[I64, I64]]:
    n = len(raw.node_id)
    way_of_point = np.repeat(np.arange(len(raw.way_id), dtype=np.int32), np.diff(raw.ptr))
    starts, ends = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    starts[raw.ptr[:-1]] = True
    ends[raw.ptr[1:] - 1] = True
    missing = np.isnan(raw.lon)
    # A step goes from point i to i + 1 inside a way; nothing is stepped to or from a missing node, nor on the spot.
    step = ~ends[:-1] & ~missing[:-1] & ~missing[1:]
    cut = np.unique(way_of_point[:-1][~ends[:-1] & (missing[:-1] | missing[1:])]).astype(np.int64)
    still = step & (node_of_point[:-1] == node_of_point[1:])
    metres = compute_step_lengths_m(raw.lon, raw.lat)
    # No road is drawn so: one of the two nodes has a wrong place.
    at_sea = np.array([c.highway == FERRY for c in raw.classes], dtype=bool)[raw.way_class[way_of_point[:-1]]]
    far = step & (metres > np.where(at_sea, LONGEST_CROSSING_M, LONGEST_STEP_M))
    long = np.unique(way_of_point[:-1][far]).astype(np.int64)
    step &= ~far
    metres[~step | still] = 0.0
    uses = np.bincount(node_of_point, minlength=len(node_id))
    uses -= np.bincount(node_of_point[1:][still], minlength=len(node_id))
    closed = np.isin(node_id, raw.closed)
    joint = (uses > 1) | closed
    border = starts | ends | joint[node_of_point]
    border[:-1] |= ~step
    border[1:] |= ~step
    # Pieces run from border to next border where every step between holds.
    at = np.flatnonzero(border & ~missing)
    first, last = at[:-1], at[1:]
    good_steps = np.concatenate([[0], np.cumsum(step)])
    whole = (good_steps[last] - good_steps[first] == last - first) & (last > first)
    whole &= (node_of_point[first] != node_of_point[last]) | (last - first > 1)
    whole &= ~((last - first == 1) & still[first])
    first, last = first[whole], last[whole]
    length = _sum_between(metres, first, last)
    tail, head = node_of_point[first].copy(), node_of_point[last].copy()
    node_id, lon, lat = _part_at_barriers(closed, tail, head, node_id, lon, lat)
    way = way_of_point[first].astype(np.int64)
    speeds = np.array([(c.kmh, c.back_kmh, c.duration_s) for c in raw.classes], dtype=np.float64).reshape(-1, 3)
    kmh, back, duration = speeds[raw.way_class[way]].T
    timed = duration > 0
    if timed.any():  # a ferry with a timetable: its speed is the length of the way by its duration
        whole_m = np.bincount(way, weights=length, minlength=len(raw.way_id))[way]
        ferry = np.clip(whole_m / np.where(timed, duration, 1.0) * KMH_PER_MS, 1.0, 100.0)
        kmh, back = np.where(timed, ferry, kmh), np.where(timed, ferry, back)
    length = np.maximum(length, 0.01)
    oneway = np.array([c.oneway for c in raw.classes], dtype=bool)[raw.way_class[way]]
    pieces = Pieces(tail, head, way, first, last, length, length / kmh, length / back, oneway)
    return pieces, node_of_point, node_id, lon, lat, (cut, long)


def _sum_between(metres: F64, first: I64, last: I64) -> F64:
    # Each piece from its own steps: differences of a running sum over a whole country lose digits.
    # reduceat sums metres[first:next index]; interleave first and last and take every other sum.
    bounds = np.empty(2 * len(first), dtype=np.int64)
    if not len(first):
        return np.zeros(0)
    bounds[0::2], bounds[1::2] = first, last
    padded = np.append(metres, 0.0)
    sums: F64 = np.add.reduceat(padded, bounds)[0::2]
    return sums


def _part_at_barriers(closed: Bool, tail: I64, head: I64, node_id: I64, lon: F64, lat: F64) -> tuple[I64, F64, F64]:
    """Give each piece its own end where a barrier stops cars, so that none passes."""
    for ends in (tail, head):
        rows = np.flatnonzero(closed[ends])
        copies = ends[rows]
        ends[rows] = len(node_id) + np.arange(len(rows))
        node_id = np.concatenate([node_id, node_id[copies]])
        lon, lat = np.concatenate([lon, lon[copies]]), np.concatenate([lat, lat[copies]])
        closed = np.concatenate([closed, np.zeros(len(rows), dtype=bool)])
    return node_id, lon, lat


def _keep_largest(pieces: Pieces, n: int) -> tuple[Pieces, Pieces | None, list[tuple[int, int, float]]]:
    """Keep the largest strongly connected part; list the others as (nodes, a piece, km of drawn road)."""
    two = ~pieces.oneway
    a = np.concatenate([pieces.tail, pieces.head[two]])
    b = np.concatenate([pieces.head, pieces.tail[two]])
    graph = coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n, n))
    _, label = connected_components(graph, directed=True, connection="strong")
    used = np.zeros(n, dtype=bool)
    used[pieces.tail] = used[pieces.head] = True
    sizes = np.bincount(label[used], minlength=int(label.max()) + 1)
    # Of equally large parts the one with the smallest node stays, so that the result does not hang on labels.
    first_node = np.full(len(sizes), n, dtype=np.int64)
    np.minimum.at(first_node, label[used], np.flatnonzero(used))
    biggest = np.lexsort((first_node, -sizes))[0]
    inside = (label[pieces.tail] == biggest) & (label[pieces.head] == biggest)
    gone = pieces.take(~inside)
    lost: list[tuple[int, int, float]] = []
    if len(gone.tail):
        # A piece between two parts belongs to the part that is not the largest.
        part = np.where(label[gone.tail] == biggest, label[gone.head], label[gone.tail])
        metres = np.bincount(part, weights=gone.length_m, minlength=len(sizes))
        names, rows = np.unique(part, return_index=True)
        order = np.lexsort((rows, -metres[names]))
        lost = [(int(sizes[names[i]]), int(rows[i]), float(metres[names[i]]) / 1000) for i in order]
    return pieces.take(inside), gone, lost


def _chain(raw: RawRoads, pieces: Pieces, tolled: Bool, n: int, *, merge_speeds: bool) -> tuple[I64, I64, Bool]:
    """Join pieces end to end at nodes where exactly two meet and nothing changes."""
    m = len(pieces.tail)
    ends = np.concatenate([pieces.tail, pieces.head])
    degree = np.bincount(ends, minlength=n)
    order = np.argsort(ends, kind="stable")
    start = np.concatenate([[0], np.cumsum(degree)])
    pairs = np.flatnonzero(degree == 2)
    one, two = order[start[pairs]], order[start[pairs] + 1]  # end numbers: piece, or piece + m for its head
    a, b = one % m, two % m
    by_class = np.array(_liken(raw, merge_speeds=merge_speeds), dtype=np.int64)
    alike = by_class[raw.way_class[pieces.way]] * 2 + tolled[pieces.way, 0]
    good = (a != b) & (alike[a] == alike[b]) & (pieces.oneway[a] == pieces.oneway[b])
    # A road with toll one way only stays as it is drawn: its neighbour may be drawn the other way.
    lopsided = tolled[pieces.way, 0] != tolled[pieces.way, 1]
    good &= ~lopsided[a] & ~lopsided[b]
    # One-way: what comes in goes out.
    good &= ~pieces.oneway[a] | ((one >= m) != (two >= m))
    # Two straight steps between the same two nodes: parallel roads or a way back, not one road.
    far_a = np.where(one >= m, pieces.tail[a], pieces.head[a])
    far_b = np.where(two >= m, pieces.tail[b], pieces.head[b])
    good &= (far_a != far_b) | (pieces.last[a] - pieces.first[a] > 1) | (pieces.last[b] - pieces.first[b] > 1)
    mate = np.full(2 * m, -1, dtype=np.int64)
    mate[one[good]], mate[two[good]] = two[good], one[good]
    return _walk(mate, pieces.oneway)


def _liken(raw: RawRoads, *, merge_speeds: bool) -> list[int]:
    seen: dict[tuple[object, ...], int] = {}
    out = []
    for c in raw.classes:
        key: tuple[object, ...] = (c.highway, c.kind, c.duration_s > 0)
        key += () if merge_speeds else (c.kmh, c.back_kmh)
        if c.kmh != c.back_kmh:
            key += ("directions differ",)
        out.append(seen.setdefault(key, len(seen)))
    return out


def _walk(mate: I64, oneway: Bool) -> tuple[I64, I64, Bool]:
    """Return chains of pieces: pointer, piece, whether it is driven as drawn. Singles never enter the loop."""
    m = len(oneway)
    lone = (mate[:m] < 0) & (mate[m:] < 0)
    joined = np.flatnonzero(~lone)
    link = mate.tolist() if len(joined) else []
    seen = bytearray(m)
    rows: list[int] = []
    ahead: list[bool] = []
    sizes: list[int] = []

    def follow(piece: int, forward: bool) -> None:
        count = 0
        while not seen[piece]:
            seen[piece] = 1
            rows.append(piece)
            ahead.append(forward)
            count += 1
            exit_end = piece + m if forward else piece
            nxt = link[exit_end]
            if nxt < 0:
                break
            piece, forward = nxt % m, nxt < m
        sizes.append(count)

    # First from open ends, then what is left are rings.
    for piece in joined.tolist():
        if seen[piece]:
            continue
        if link[piece] < 0:
            follow(piece, True)
        elif not oneway[piece] and link[piece + m] < 0:  # a one-way chain is walked from its start only
            follow(piece, False)
    for piece in joined.tolist():
        if not seen[piece]:
            follow(piece, True)
    single = np.flatnonzero(lone)
    order_piece = np.concatenate([single, np.array(rows, dtype=np.int64)])
    forward_all = np.concatenate([np.ones(len(single), dtype=bool), np.array(ahead, dtype=bool)])
    counts = np.concatenate([np.ones(len(single), dtype=np.int64), np.array(sizes, dtype=np.int64)])
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), order_piece, forward_all


def _cut_loops(
    raw: RawRoads,
    pieces: Pieces,
    chains: tuple[I64, I64, Bool],
    node_of_point: I64,
    nodes: tuple[I64, F64, F64],
) -> tuple[Pieces, I64, I64, Bool, I64, F64, F64]:
    """Cut roads that end where they start: between two pieces, or in the middle of the only one."""
    ptr, piece, forward = chains
    first, last = piece[ptr[:-1]], piece[ptr[1:] - 1]
    start = np.where(forward[ptr[:-1]], pieces.tail[first], pieces.head[first])
    end = np.where(forward[ptr[1:] - 1], pieces.head[last], pieces.tail[last])
    loops = np.flatnonzero(start == end)
    if not len(loops):
        return pieces, ptr, piece, forward, *nodes
    new: dict[str, list[float]] = {name: [] for name in Pieces.__dataclass_fields__}
    extra: list[tuple[list[int], list[bool]]] = []
    drop = np.zeros(len(ptr) - 1, dtype=bool)
    drop[loops] = True
    m = len(pieces.tail)
    for loop in loops.tolist():
        rows = piece[ptr[loop] : ptr[loop + 1]].tolist()
        ways = forward[ptr[loop] : ptr[loop + 1]].tolist()
        if len(rows) > 1:
            half = len(rows) // 2
            extra += [(rows[:half], ways[:half]), (rows[half:], ways[half:])]
            continue
        row = rows[0]
        a, b = int(pieces.first[row]), int(pieces.last[row])
        if b - a < 2:
            continue
        middle = (a + b) // 2
        whole = float(pieces.length_m[row])
        for p, q in ((a, middle), (middle, b)):
            length = max(float(compute_step_lengths_m(raw.lon[p : q + 1], raw.lat[p : q + 1]).sum()), 0.01)
            share = length / whole
            values = {
                "tail": pieces.tail[row] if p == a else node_of_point[middle],
                "head": node_of_point[middle] if q == middle else pieces.head[row],
                "way": pieces.way[row],
                "first": p,
                "last": q,
                "length_m": length,
                "time_h_km": pieces.time_h_km[row] * share,
                "back_h_km": pieces.back_h_km[row] * share,
                "oneway": pieces.oneway[row],
            }
            for name, value in values.items():
                new[name].append(value)
            extra.append(([m + len(new["tail"]) - 1], [True]))
    grown = Pieces(
        **{
            name: np.concatenate([old := getattr(pieces, name), np.array(new[name], dtype=old.dtype)])
            for name in Pieces.__dataclass_fields__
        }
    )
    kept = ~np.repeat(drop, np.diff(ptr))
    counts = np.concatenate([np.diff(ptr)[~drop], np.array([len(r) for r, _ in extra], dtype=np.int64)])
    piece = np.concatenate([piece[kept], np.array([i for r, _ in extra for i in r], dtype=np.int64)])
    forward = np.concatenate([forward[kept], np.array([f for _, fs in extra for f in fs], dtype=bool)])
    return grown, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), piece, forward, *nodes
