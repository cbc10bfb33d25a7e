"""Free points on a street graph: joined to every road near them, where getting on or off is soonest.

A free point has no road of its own. One goes from it, straight and at the pace off the network, to any point of any
road within reach, and comes to it so: the rule of a cell of a surface (`surface.surface`). Along a road the least of
all its points is found in closed form. With `u` and `c` the paces off the road and on it, off is cheaper the nearer one
keeps to the foot of the perpendicular, of length `h`, and riding on cheaper the farther one gets off from it: the sum
is least ``h c / sqrt(u^2 - c^2)`` from the foot (the law of refraction), or at an end of the piece.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import F64, I32, I64
from transit_model.network.near_roads import NearRoads
from transit_model.streets.connectors import Connectors

_ROUNDS = 12
"""So many links on from a road are looked at for being sooner there; more drop little."""


class Links(NamedTuple):
    """Links of a network: graph nodes at their ends, ticks along them, and the row of the way back, -1 for none."""

    tail: I32
    head: I32
    ticks: I32
    back: I64


class _Entries(NamedTuple):
    """Where one gets on or off links: point, link, whether leaving the point, ticks along the link, ticks off it.

    `at_node` is for who is at a junction there and not on the link: its near end when coming, its far one when leaving.
    """

    point: I64
    link: I64
    leaves: npt.NDArray[np.bool_]
    pos: I64
    off: I64
    at_node: npt.NDArray[np.bool_]

    def take(self, rows: npt.NDArray[np.bool_] | I64) -> _Entries:
        point, link, leaves, pos, off, at_node = self
        return _Entries(point[rows], link[rows], leaves[rows], pos[rows], off[rows], at_node[rows])

    def list_ends(self, links: Links) -> tuple[I64, I64, I64]:
        """Return for each entry the ends of its link on the side of the point and beyond, and the ticks to the latter.

        Of who is at a junction both are that.
        """
        near = np.where(self.leaves, links.tail[self.link], links.head[self.link])
        far = np.where(self.leaves, links.head[self.link], links.tail[self.link])
        spent = self.off + np.where(self.leaves, links.ticks[self.link] - self.pos, self.pos)
        return near, np.where(self.at_node, near, far), np.where(self.at_node, self.off, spent)


def join_free_points(near: NearRoads, n_points: int, links: Links, tick_m: float, max_m: float) -> Connectors:
    """Return the ways between free points and the roads near them that may be the quickest.

    Parameters
    ----------
    near : NearRoads
        All roads that one may leave along the way and that pass within `max_m`.
    links : Links
    tick_m : float
        Ticks a metre off the network.
    max_m : float
        How far one goes off the network.
    """
    entries = _drop_later(_list_entries(near, links, tick_m, max_m), links)
    order = np.lexsort((entries.off, entries.point))
    entries = entries.take(order)
    point, link, leaves, pos, off, at_node = entries
    _, node, spent = entries.list_ends(links)
    count = np.bincount(point, minlength=n_points)
    way = np.arange(len(point)) - np.repeat(np.cumsum(count) - count, count)
    shape = (n_points, max(2, int(count.max(initial=0))))

    def lay(values: npt.NDArray[np.integer], fill: int = -1) -> I32:
        out = np.full(shape, fill, np.int32)
        out[point, way] = values
        return out

    return Connectors(
        leave_node=lay(np.where(leaves, node, -1)),
        leave_ticks=lay(spent),
        reach_node=lay(np.where(leaves, -1, node)),
        reach_ticks=lay(spent),
        link_idx=lay(np.where(at_node, -1, link)),
        pos_ticks=lay(pos, 0),
        off_ticks=lay(off, 0),
        x_m=np.full(n_points, np.nan),
        y_m=np.full(n_points, np.nan),
        across_tick_m=np.full(n_points, tick_m),
        across_max_m=np.full(n_points, max_m),
    )


def _list_entries(near: NearRoads, links: Links, tick_m: float, max_m: float) -> _Entries:
    """Return for each road near a point, in each direction that it has, where one best gets on and best off."""
    pieces = _Pieces(near, tick_m, max_m)
    out = []
    for is_back in (False, True):
        link = links.back[near.link_row] if is_back else near.link_row
        weight = links.ticks[np.maximum(link, 0)].astype(np.float64)
        pace = np.divide(weight, near.length_m, out=np.zeros(len(link)), where=near.length_m > 0)
        for leaves in (True, False):
            # who leaves saves what lies behind where he gets on, whoever comes pays it
            rising = leaves ^ is_back
            pair, along_m, off_m = pieces.list_minima(np.where(rising, -pace, pace), rising=rising)
            on_link = link[pair] >= 0
            pair, along_m, off_m = pair[on_link], along_m[on_link], off_m[on_link]
            whole = near.length_m[pair]
            share = np.divide(along_m, whole, out=np.zeros(len(pair)), where=whole > 0)
            share = np.clip(1 - share if is_back else share, 0.0, 1.0)
            pos = np.floor(share * weight[pair] + 0.5).astype(np.int64)
            off = np.floor(off_m * tick_m + 0.5).astype(np.int64)
            ways = np.full(len(pair), leaves), pos, off, np.zeros(len(pair), np.bool_)
            out.append(_Entries(near.point[pair], link[pair], *ways))
    # At an end of a one-way road one is at its junction, where no road may go on: elsewhere some road begins there.
    one_way = np.flatnonzero(links.back[near.link_row] < 0)
    for leaves, far_m in zip((True, False), pieces.measure_ends(), strict=True):
        pair = one_way[far_m[one_way] <= max_m]
        link, off = near.link_row[pair], np.floor(far_m[pair] * tick_m + 0.5).astype(np.int64)
        pos = np.zeros(len(pair), np.int64) if leaves else links.ticks[link].astype(np.int64)
        ways = np.full(len(pair), leaves), pos, off, np.ones(len(pair), np.bool_)
        out.append(_Entries(near.point[pair], link, *ways))
    return _Entries(*(np.concatenate(columns) for columns in zip(*out, strict=True)))


def find_within(
    near: NearRoads,
    n_points: int,
    links: Links,
    rule: tuple[float, float],
    rows: list[I32],
    limit_ticks: int,
    *,
    to_points: bool,
) -> F64:
    """Return the least ticks between nodes and free points where only the way along roads has a limit, (rows, points).

    Parameters
    ----------
    rule : (float, float)
        Ticks a metre off the network, and how far one goes off it.
    rows : list of (n_nodes,) int32
        Ticks from each place that is asked for to all graph nodes (to it from these, when not `to_points`).
    limit_ticks : int
        Of the way along roads, wherever on one it ends or begins.
    to_points : bool
        The points are gone to; else they are left.
    """
    pieces, (tick_m, _) = _Pieces(near, *rule), rule
    out = np.full((len(rows), n_points), np.inf)
    for is_back in (False, True):
        link = links.back[near.link_row] if is_back else near.link_row
        known = np.maximum(link, 0)
        weight = links.ticks[known].astype(np.float64)
        pace = np.divide(weight, near.length_m, out=np.zeros(len(link)), where=near.length_m > 0)
        from_first = to_points ^ is_back  # one drives on from the first point of the road as it is drawn
        for number, ticks in enumerate(rows):
            node_ticks = ticks[(links.tail if to_points else links.head)[known]].astype(np.float64)
            left = np.where((link >= 0) & (node_ticks <= limit_ticks), limit_ticks - node_ticks, -1.0)
            far_m = np.where(left < 0, -1.0, np.where(left >= weight, near.length_m, left / np.maximum(pace, 1e-12)))
            low_m, high_m = (0 * far_m, far_m) if from_first else (near.length_m - far_m, near.length_m)
            along_m, off_m = pieces.find_best(pace if from_first else -pace, low_m, high_m)
            driven = along_m if from_first else near.length_m - along_m
            spent = node_ticks + np.floor(driven * pace + 0.5) + np.floor(off_m * tick_m + 0.5)
            np.minimum.at(out[number], near.point, np.where(np.isfinite(off_m), spent, np.inf))
    return out


class _Pieces:
    """The pieces of roads as seen from their points: foot of the perpendicular, and the stretch that is in reach."""

    def __init__(self, near: NearRoads, tick_m: float, max_m: float) -> None:
        self.near, self.tick_m = near, tick_m
        length = np.hypot(near.dx_m, near.dy_m)
        unit = np.where(length > 0, length, 1.0)
        self.foot = -(near.x_m * near.dx_m + near.y_m * near.dy_m) / unit
        aside = np.abs(near.x_m * near.dy_m - near.y_m * near.dx_m) / unit
        self.aside = np.where(length > 0, aside, np.hypot(near.x_m, near.y_m))
        half = np.sqrt(np.maximum(max_m**2 - self.aside**2, 0.0))
        self.low, self.high = np.maximum(self.foot - half, 0.0), np.minimum(self.foot + half, length)
        self.near_by = self.aside <= max_m

    def find_best(self, pace: F64, from_m: F64, to_m: F64) -> tuple[F64, F64]:
        """Return where along each road (m) the ticks off it and `pace` a metre of it sum up to least, and how far off.

        Between `from_m` and `to_m` of each road. `inf` where no point of that is in reach.
        """
        near = self.near
        low = np.maximum(self.low, from_m[near.pair] - near.before_m)
        high = np.minimum(self.high, to_m[near.pair] - near.before_m)
        along, off, spent = self._solve(pace, low, high)
        order = np.flatnonzero(np.isfinite(spent))
        order = order[np.lexsort((along[order], spent[order], near.pair[order]))]
        pair = near.pair[order]
        first = order[np.append(True, pair[1:] != pair[:-1])[: len(pair)]]
        along_m, off_m = np.zeros(len(near.point)), np.full(len(near.point), np.inf)
        along_m[near.pair[first]], off_m[near.pair[first]] = along[first], off[first]
        return along_m, off_m

    def list_minima(self, pace: F64, *, rising: bool) -> tuple[I64, F64, F64]:
        """Return pair, metres along the road and off it of each place where that sum is no more than beside it.

        A bent road may pass a point several times. Dropped is what no journey needs: with a negative pace a place that
        is got to as soon from one before it (`rising`: at a smaller distance along the road), else the other way round.
        """
        near = self.near
        along, off, spent = self._solve(pace, self.low, self.high)
        length = np.hypot(near.dx_m, near.dy_m)
        joined = (near.pair[1:] == near.pair[:-1]) & (near.before_m[1:] <= near.before_m[:-1] + length[:-1] + 1e-3)
        keep = np.isfinite(spent)
        keep[:-1] &= ~(joined & (along[:-1] >= near.before_m[1:]) & (spent[1:] < spent[:-1]))
        keep[1:] &= ~(joined & (along[1:] <= near.before_m[1:]) & (spent[:-1] <= spent[1:]))
        rows = np.flatnonzero(keep)
        rows = rows[np.lexsort((along[rows] if rising else -along[rows], near.pair[rows]))]
        pair, value = near.pair[rows], spent[rows]
        step = float(np.ptp(value)) + 1.0 if len(value) else 1.0
        ranked = value - step * np.cumsum(np.append(False, pair[1:] != pair[:-1])[: len(pair)])
        is_less = np.append(True, ranked[1:] < np.minimum.accumulate(ranked)[:-1])[: len(rows)]
        return pair[is_less], along[rows[is_less]], off[rows[is_less]]

    def measure_ends(self) -> tuple[F64, F64]:
        """Return how far off the first and the last point of each road lie (m), `inf` where neither piece is near."""
        near = self.near
        first, last = (np.full(len(near.point), np.inf) for _ in range(2))
        ends = np.abs(near.before_m + np.hypot(near.dx_m, near.dy_m) - near.length_m[near.pair]) < 1e-3
        begins = near.before_m < 1e-3
        first[near.pair[begins]] = np.hypot(near.x_m, near.y_m)[begins]
        last[near.pair[ends]] = np.hypot(near.x_m + near.dx_m, near.y_m + near.dy_m)[ends]
        return first, last

    def _solve(self, pace: F64, low: F64, high: F64) -> tuple[F64, F64, F64]:
        """Return for each piece where along its road it is best, how far off, and the sum there, `inf` for nowhere."""
        u, c = self.tick_m, pace[self.near.pair]
        slower = np.abs(c) >= u  # than across country: one keeps off it as long as it goes
        beside = self.aside * c / np.sqrt(np.where(slower, 1.0, u**2 - c**2))
        best = self.foot - np.where(slower, np.copysign(np.inf, c), beside)
        at = np.clip(best, low, high)
        off, along = np.hypot(self.aside, at - self.foot), self.near.before_m + at
        return along, off, np.where(self.near_by & (low <= high), u * off + c * along, np.inf)


def _drop_later(entries: _Entries, links: Links) -> _Entries:
    """Return the entries without those of links whose near end is got to by others so soon that all of it is.

    Whoever leaves a point for a link that he had as soon by its tail needs no way of his own to it; against the arcs
    the same holds for who comes. No time is later without them.
    """
    keep = np.zeros(len(entries.point), np.bool_)
    for leaves in (True, False):
        rows = np.flatnonzero(entries.leaves == leaves)
        some = entries.take(rows)
        near, far, spent = some.list_ends(links)
        along = np.where(some.at_node, 0, links.ticks[some.link])
        nodes, at = np.unique(np.concatenate([near, far]), return_inverse=True)
        first, last = (some.point * len(nodes) + part for part in np.split(at.reshape(-1), 2))
        keys, at = np.unique(np.concatenate([first, last]), return_inverse=True)
        first, last = np.split(at.reshape(-1), 2)
        soonest = np.full(len(keys), np.iinfo(np.int64).max // 2)
        np.minimum.at(soonest, last, spent)
        for _ in range(_ROUNDS):
            before = soonest.copy()
            np.minimum.at(soonest, last, soonest[first] + along)
            if (before == soonest).all():
                break
        keep[rows] = np.where(some.at_node, spent <= soonest[last], spent < soonest[first] + along)
    return entries.take(keep)
