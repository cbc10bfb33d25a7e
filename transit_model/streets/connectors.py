"""Points on links or at nodes: where a street search may start and end.

A point lies on a link at a fraction of its length, so a link may be split anywhere without changing a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError
from transit_model.network.arrays import F64, I32, StreetArrays


@dataclass(frozen=True, eq=False)
class Connectors:
    """Points for one `StreetArrays`. Column 0 is the way along the road, column 1 the way against it.

    Attributes
    ----------
    leave_node, leave_ticks : (n, 2) int32
        Graph node one gets to first when leaving the point this way, and the time there; -1 where there is none.
    reach_node, reach_ticks : (n, 2) int32
        Graph node from which one gets to the point this way, and the time from there.
    link_idx, pos_ticks : (n, 2) int32
        Row of the links table, -1 for none, and the time along it from its beginning to the point.
    off_ticks : (n,) int32
        Time off the network; already inside `leave_ticks` and `reach_ticks`.
    """

    leave_node: I32
    leave_ticks: I32
    reach_node: I32
    reach_ticks: I32
    link_idx: I32
    pos_ticks: I32
    off_ticks: I32

    def __len__(self) -> int:
        return len(self.off_ticks)

    def take(self, rows: Sequence[int]) -> Connectors:
        """Return the points of some rows."""
        return Connectors(*(getattr(self, field.name)[np.asarray(rows, np.int64)] for field in fields(self)))

    def join(self, other: Connectors) -> Connectors:
        """Return these points and then those of another."""
        columns = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return Connectors(*(np.concatenate(pair) for pair in columns))

    def direct_ticks(self, to: Connectors) -> F64:
        """Return times along a link that both points lie on, (n, n_to) ticks, `inf` where there is no such way."""
        best = np.full((len(self), len(to)), np.inf)
        for a in (0, 1):
            for b in (0, 1):
                same = (self.link_idx[:, None, a] == to.link_idx[None, :, b]) & (self.link_idx[:, None, a] >= 0)
                ahead = to.pos_ticks[None, :, b].astype(np.float64) - self.pos_ticks[:, None, a]
                best = np.minimum(best, np.where(same & (ahead >= 0), ahead, np.inf))
        return np.asarray(best + self.off_ticks[:, None] + to.off_ticks[None, :], dtype=np.float64)


def build_node_connectors(graph_node: npt.ArrayLike, off_ticks: npt.ArrayLike = 0) -> Connectors:
    """Build points at graph nodes; choose sides that may be left (`StreetArrays.may_leave`)."""
    node = np.asarray(graph_node, dtype=np.int32).ravel()
    off = np.broadcast_to(np.asarray(off_ticks, dtype=np.int32), node.shape).copy()
    nodes = np.stack([node, np.full_like(node, -1)], axis=1)
    none = np.full_like(nodes, -1)
    ticks = np.stack([off, off], axis=1)
    return Connectors(nodes, ticks, nodes, ticks, none, np.zeros_like(none), off)


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
        off_ticks=off,
    )
