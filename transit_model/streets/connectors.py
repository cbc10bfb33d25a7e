"""Points of a question on a street graph: the ways from them onto it and from it to them, as arrays.

A place stands on a node or beside one road: two ways, along the road and against it. A free point joins every road
near it (`streets.free_points`): as many ways as it needs. Ways that a point has fewer of than others are -1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError
from transit_model.network.arrays import F64, I32, I64, StreetArrays

_FEW_PAIRS: Final = 100_000
"""So many pairs are compared as quickly as a tree of points is made."""


@dataclass(frozen=True, eq=False)
class Connectors:
    """Points for one `StreetArrays`, `w` ways each; of a point on one road the first is along it, the second against.

    Attributes
    ----------
    leave_node, leave_ticks : (n, w) int32
        Graph node one gets to first when leaving the point this way, and the time there; -1 where there is none.
    reach_node, reach_ticks : (n, w) int32
        Graph node from which one gets to the point this way, and the time from there.
    link_idx, pos_ticks : (n, w) int32
        Row of the links table, -1 for none, and the time along it from its beginning to where one gets on or off.
    off_ticks : (n, w) int32
        Time off the network; already inside `leave_ticks` and `reach_ticks`.
    x_m, y_m : (n,) float64
        Where the point lies in a metric plane; NaN where no straight way is asked for.
    across_tick_m, across_max_m : (n,) float64
        Of a free point the ticks a metre across country and how far one goes like that; `inf` and 0 for others.
    """

    leave_node: I32
    leave_ticks: I32
    reach_node: I32
    reach_ticks: I32
    link_idx: I32
    pos_ticks: I32
    off_ticks: I32
    x_m: F64
    y_m: F64
    across_tick_m: F64
    across_max_m: F64

    def __len__(self) -> int:
        return len(self.off_ticks)

    @property
    def n_ways(self) -> int:
        """Most ways of a point."""
        return int(self.link_idx.shape[1])

    def take(self, rows: Sequence[int]) -> Connectors:
        """Return the points of some rows."""
        return Connectors(*(getattr(self, field.name)[np.asarray(rows, np.int64)] for field in fields(self)))

    def join(self, other: Connectors) -> Connectors:
        """Return these points and then those of another."""
        n_ways = max(self.n_ways, other.n_ways)
        columns = ((_widen(getattr(one, f.name), n_ways) for one in (self, other)) for f in fields(self))
        return Connectors(*(np.concatenate(tuple(pair)) for pair in columns))

    def place(self, x_m: F64, y_m: F64) -> Connectors:
        """Return the points with where they lie."""
        return replace(self, x_m=np.asarray(x_m, np.float64), y_m=np.asarray(y_m, np.float64))

    def direct_ticks(self, to: Connectors) -> F64:
        """Return times that take no node, (n, n_to) ticks: along a link that both lie on, or straight across country.

        `inf` where there is no such way.
        """
        return np.minimum(self.along_ticks(to), self.across_ticks(to))

    def along_ticks(self, to: Connectors) -> F64:
        """Return times along a link that both points join, (n, n_to) ticks, `inf` where there is none."""
        best = np.full((len(self), len(to)), np.inf)
        one, other, _, _, ticks = self.list_along(to)
        np.minimum.at(best, (one, other), ticks)
        return best

    def list_along(self, to: Connectors) -> tuple[I64, I64, I64, I64, F64]:
        """Return all ways along one link: the two points, the way of each, and ticks; no point comes to itself so."""
        first, way = np.nonzero((self.link_idx >= 0) & (self.leave_node >= 0))
        second, way_to = np.nonzero((to.link_idx >= 0) & (to.reach_node >= 0))
        if not len(first) or not len(second):
            none = np.zeros(0, np.int64)
            return none, none, none, none, np.zeros(0)
        links = to.link_idx[second, way_to]
        order = np.argsort(links, kind="stable")
        own = self.link_idx[first, way]
        low, high = (np.searchsorted(links[order], own, side=side) for side in ("left", "right"))
        many = high - low
        row = np.repeat(np.arange(len(own)), many)
        nth = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
        other = order[low[row] + nth]
        first, way, second, way_to = first[row], way[row], second[other], way_to[other]
        ahead = to.pos_ticks[second, way_to].astype(np.float64) - self.pos_ticks[first, way]
        ok = ahead >= 0
        first, way, second, way_to = first[ok], way[ok], second[ok], way_to[ok]
        return first, second, way, way_to, ahead[ok] + self.off_ticks[first, way] + to.off_ticks[second, way_to]

    def across_ticks(self, to: Connectors) -> F64:
        """Return times straight across country, (n, n_to) ticks, `inf` between two places or where it is too far."""
        best = np.full((len(self), len(to)), np.inf)
        one, other, ticks = self.list_across(to)
        best[one, other] = ticks
        return best

    def list_across(self, to: Connectors) -> tuple[I64, I64, F64]:
        """Return all ways straight across country of which one end at least is a free point: both ends, and ticks."""
        max_m = float(max(self.across_max_m.max(initial=0), to.across_max_m.max(initial=0)))
        first, second = (np.flatnonzero(~np.isnan(points.x_m)) for points in (self, to))
        if max_m <= 0 or not len(first) or not len(second):
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        if len(first) * len(second) > _FEW_PAIRS:
            from scipy.spatial import cKDTree

            trees = (cKDTree(np.column_stack([p.x_m, p.y_m])[rows]) for p, rows in ((self, first), (to, second)))
            one, other = next(trees), next(trees)
            near = one.sparse_distance_matrix(other, max_m, output_type="coo_matrix")
            first, second = first[near.row], second[near.col]
        else:
            first, second = np.repeat(first, len(second)), np.tile(second, len(first))
        far_m = np.hypot(self.x_m[first] - to.x_m[second], self.y_m[first] - to.y_m[second])
        pace = np.minimum(self.across_tick_m[first], to.across_tick_m[second])
        ok = np.isfinite(pace) & (far_m <= np.maximum(self.across_max_m[first], to.across_max_m[second]))
        return first[ok], second[ok], np.floor(far_m[ok] * pace[ok] + 0.5)


def _widen(column: npt.NDArray[np.generic], n_ways: int) -> npt.NDArray[np.generic]:
    """Return a column with more ways, none of which leads anywhere."""
    if column.ndim == 1 or column.shape[1] == n_ways:
        return column
    return np.pad(column, ((0, 0), (0, n_ways - column.shape[1])), constant_values=-1)


def _lie_nowhere(n: int) -> tuple[F64, F64, F64, F64]:
    """Return the last columns of points that are no free ones and are asked for no straight way."""
    return np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.inf), np.zeros(n)


def build_node_connectors(graph_node: npt.ArrayLike, off_ticks: npt.ArrayLike = 0) -> Connectors:
    """Build points at graph nodes; choose sides that may be left (`StreetArrays.may_leave`)."""
    node = np.asarray(graph_node, dtype=np.int32).ravel()
    off = np.broadcast_to(np.asarray(off_ticks, dtype=np.int32), node.shape).copy()
    nodes = np.stack([node, np.full_like(node, -1)], axis=1)
    none = np.full_like(nodes, -1)
    ticks = np.stack([off, off], axis=1)
    return Connectors(nodes, ticks, nodes, ticks, none, np.zeros_like(none), ticks, *_lie_nowhere(len(off)))


def build_link_connectors(
    streets: StreetArrays,
    link_row: npt.ArrayLike,
    back_link_row: npt.ArrayLike,
    fraction: npt.ArrayLike,
    off_ticks: npt.ArrayLike = 0,
) -> Connectors:
    """Build points on roads.

    Parameters
    ----------
    link_row, back_link_row : (n,) int
        Rows of the links table along the road and against it; -1 in `back_link_row` for a one-way road.
    fraction : (n,) float
        Share of the way along `link_row`, 0 to 1.
    off_ticks : (n,) int, optional
        Time between the point and the road.

    Raises
    ------
    InputError
        When a link has no arc in the graph, or a fraction is not within 0 and 1.
    """
    links = np.stack([np.asarray(link_row, np.int32).ravel(), np.asarray(back_link_row, np.int32).ravel()], axis=1)
    share = np.asarray(fraction, dtype=np.float64).ravel()
    if not ((share >= 0) & (share <= 1)).all():
        raise InputError("a position on a link must be a fraction within 0 and 1")
    order = np.argsort(streets.link_idx, kind="stable")
    at = np.searchsorted(streets.link_idx[order], links)
    known = at < len(order)
    arc = order[np.where(known, at, 0)] if len(order) else np.zeros_like(at)
    used = known & (streets.link_idx[arc] == links) & (links >= 0) if len(order) else np.zeros_like(known)
    wrong = ~used & ((links >= 0) | [True, False])
    if wrong.any():
        missing = np.unique(links[wrong]).tolist()
        raise InputError(f"links without an arc in the street graph (rows of the links table): {missing}")
    tail = np.searchsorted(streets.indptr, arc, side="right") - 1
    weight = np.where(used, streets.weight_ticks[arc], 0)
    along = np.floor(share * weight[:, 0] + 0.5)
    against = np.floor((1 - share) * weight[:, 1] + 0.5)
    pos = np.stack([along, against], axis=1).astype(np.int32)
    off = np.broadcast_to(np.asarray(off_ticks, dtype=np.int32), share.shape).copy()
    leave_node, reach_node = np.where(used, streets.head[arc], -1), np.where(used, tail, -1)
    leave_ticks, reach_ticks = weight - pos + off[:, None], pos + off[:, None]
    # At an end of a one-way road one is at its junction, whichever of the roads there was found nearest.
    one_way = ~used[:, 1]
    first, last = one_way & (share == 0), one_way & (share == 1)
    leave_node[first, 1], leave_ticks[first, 1] = reach_node[first, 0], off[first]
    reach_node[last, 1], reach_ticks[last, 1] = leave_node[last, 0], off[last]
    return Connectors(
        leave_node=leave_node.astype(np.int32),
        leave_ticks=leave_ticks.astype(np.int32),
        reach_node=reach_node.astype(np.int32),
        reach_ticks=reach_ticks.astype(np.int32),
        link_idx=np.where(used, links, -1).astype(np.int32),
        pos_ticks=pos,
        off_ticks=np.stack([off, off], axis=1),
        **dict(zip(("x_m", "y_m", "across_tick_m", "across_max_m"), _lie_nowhere(len(off)), strict=True)),
    )
