"""Roads between junctions in parts, for surfaces by rail and bus: how far along a road taxis of which stations get.

``access_max_min`` says how far a taxi takes one from a station, wherever on a road that is. Along a road that no
junction divides the stations that may still be used are fewer and fewer, and the last of them ends somewhere on it. So
such a road is told in parts, from each of its ends: along one the same stations are in reach, and times grow from those
at its near end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.measure.access import compute_longest_drive_s
from transit_model.measure.session import Session
from transit_model.units import ticks_to_seconds

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
_LEAST_S = 60.0
"""A road that takes less counts whole where stations reach both its ends: a taxi may be this much too far out."""


class Ways(NamedTuple):
    """Ways between stops and places: node of the graph or other place, stop, seconds, whether on foot; by place."""

    node: I64
    stop: I64
    seconds: F64
    on_foot: npt.NDArray[np.bool_]

    def take(self, rows: npt.NDArray[np.bool_] | I64) -> Ways:
        """Return some of them."""
        node, stop, seconds, on_foot = self
        return Ways(node[rows], stop[rows], seconds[rows], on_foot[rows])

    def chain(self, *others: Ways) -> Ways:
        """Return these and others whose places all come behind them, one after the other."""
        every = (self, *others)
        node, stop = np.concatenate([w.node for w in every]), np.concatenate([w.stop for w in every])
        return Ways(node, stop, np.concatenate([w.seconds for w in every]), np.concatenate([w.on_foot for w in every]))

    def join(self, *others: Ways) -> Ways:
        """Return all, sorted by node and stop."""
        both = [np.concatenate(parts) for parts in zip(self, *others, strict=True)]
        # one key is sorted several times as fast as two, and what is in order in parts more so
        order = np.argsort(both[0] * (both[1].max(initial=0) + 1) + both[1], kind="stable")
        return Ways(*(column[order] for column in both))


NO_WAYS = Ways(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.bool_))


class RoadParts(NamedTuple):
    """Parts of links, link after link and outwards.

    Attributes
    ----------
    link : (n,) int64
        Rows of ``network.links``.
    near, far : (n,) int64
        Graph nodes at the end of the link that one comes by from the stations, and at the other.
    low_s, high_s, along_s, back_s : (n,) float64
        Seconds from the near end to both ends of the part, along the whole link, and back along its road, `inf` where
        there is no way back.
    in_parts : (n_links,) bool
        Links that are told by parts, or reached nowhere.
    ways : Ways
        To the near end of the link, those that get along the whole part; ``node`` is the place of the part.
    reverse : bool
        For surfaces of who gets to a place: one comes by the last point of a link.
    """

    link: I64
    near: I64
    far: I64
    low_s: F64
    high_s: F64
    along_s: F64
    back_s: F64
    in_parts: npt.NDArray[np.bool_]
    ways: Ways
    reverse: bool

    def time(self, near_s: F64) -> tuple[F64, F64]:
        """Return the seconds at the first and last point of the parts.

        Parameters
        ----------
        near_s : (n,) float64
            Seconds at the near end of the link by the `ways` of each part: whole ones, whatever the part begins at.
        """
        ends_s = near_s + self.low_s, near_s + self.high_s
        return ends_s[::-1] if self.reverse else ends_s

    def find_shares(self) -> tuple[F64, F64]:
        """Return the shares of the links, from their first points, at which the parts begin and end."""
        low, high = self.low_s / self.along_s, self.high_s / self.along_s
        return (1 - high, 1 - low) if self.reverse else (low, high)

    def find_ends_s(self, part: I64, door_s: F64, direct_s: F64) -> F64:
        """Return how far along its link a way to each part makes sense: beyond that one had better driven.

        One may also drive to a point of a link by its far end, where a station would be a detour (`drop_detours`).

        Parameters
        ----------
        part : (k,) int64
        door_s : (k,) float64
            Seconds of the way into a vehicle and of the way out of it to the near end.
        direct_s : (n_nodes,) float64
            Door to door by car.

        Returns
        -------
        (n,) float64
            Seconds from the near end, at most `high_s`.
        """
        back_s, along_s = self.back_s[part], self.along_s[part]
        around_s = direct_s[self.far[part]] + back_s
        # at x it takes door_s + x to ride, and direct_s + back_s * (1 - x / along_s) to drive
        pace = 1.0 + np.where(np.isfinite(back_s), back_s, 0.0) / along_s
        farthest_s = np.zeros(len(self.link))
        np.maximum.at(farthest_s, part, np.where(np.isfinite(around_s), around_s - door_s, np.inf) / pace)
        return np.minimum(farthest_s, self.high_s)

    def cut(self, rows: I64, end_s: F64) -> RoadParts:
        """Return some of the parts, ended sooner; without their `ways`."""
        spans = {name: getattr(self, name)[rows] for name in ("link", "near", "far", "low_s", "along_s", "back_s")}
        return self._replace(**spans, high_s=end_s, ways=NO_WAYS)


def find_road_parts(session: Session, ways: Ways, reverse: bool) -> RoadParts:
    """Return the parts of the links that taxis of some stations get along for a part.

    Parameters
    ----------
    ways : Ways
        By taxi from the stations to the graph nodes, or from these when `reverse`.
    """
    streets, links = session.taxi_roads(), session.network.links
    n_nodes = streets.arrays.n_nodes
    ends = np.column_stack([streets.link_tail, streets.link_head]).astype(np.int64)
    ends = ends[:, ::-1] if reverse else ends
    along_s, back_row = ticks_to_seconds(streets.link_ticks), session.network.link_backs
    limit_s = compute_longest_drive_s(session.network.assumptions)
    left_s = np.full(n_nodes, np.inf)
    np.minimum.at(left_s, ways.node, limit_s - ways.seconds)
    may_leave = (links["highway"] != "motorway").to_numpy(dtype=bool)
    in_parts = may_leave & (along_s >= _LEAST_S) & (left_s[ends[:, 0]] < along_s)
    # and the way back, however short: the sooner of the two may stand for both where they are told whole
    in_parts[back_row[in_parts & (back_row >= 0)]] = True
    in_parts &= may_leave & (along_s > 0)
    back_s = np.where(back_row >= 0, along_s[back_row], np.inf)
    rows = np.flatnonzero(in_parts)
    # the ways to the near end of each link, those that reach least of it first
    ptr = np.searchsorted(ways.node, np.arange(n_nodes + 1))
    link, own = _spread(rows, ptr[ends[rows, 0]], ptr[ends[rows, 0] + 1])
    reach_s = np.minimum(limit_s - ways.seconds[own], along_s[link])
    order = np.lexsort((ways.stop[own], reach_s, link))
    order = order[reach_s[order] > 0]
    link, own, reach_s = link[order], own[order], reach_s[order]
    # a part ends where the next of them turn back
    is_new = np.append(True, (np.diff(link) != 0) | (np.diff(reach_s) != 0))[: len(link)]
    first = np.flatnonzero(is_new)
    part_link, high_s = link[first], reach_s[first]
    low_s = np.where(np.append(-1, part_link)[:-1] == part_link, np.append(0.0, high_s)[:-1], 0.0)
    part, further = _spread(np.arange(len(first)), first, np.searchsorted(link, part_link, side="right"))
    to_parts = ways.take(own[further])._replace(node=part)
    near, far = ends[part_link].T
    spans = (low_s, high_s, along_s[part_link], back_s[part_link])
    return RoadParts(part_link, near, far, *spans, in_parts, to_parts.join(), reverse)


def _spread(what: I64, first: I64, end: I64) -> tuple[I64, I64]:
    """Return each of some things as often as its span ``first:end`` is long, and the numbers in these spans."""
    times = end - first
    nth = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(what, times), np.repeat(first, times) + nth
