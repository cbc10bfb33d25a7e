"""Roads between junctions in parts, for surfaces by rail and bus: which stations a taxi reaches each part from.

``access_max_min`` says how far a taxi takes one from a station, wherever on a road that is, and along a road that no
junction divides one comes from the stations at both its ends. So where a taxi must turn back within a road, and along
every long one, the road is told in parts: along one the same stations are in reach, and the percentile over the
departures is taken at both ends of each, from all of them. Between these times are straight lines.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.measure.access import compute_longest_drive_s
from transit_model.measure.session import Session
from transit_model.network.street_arrays import find_back_rows
from transit_model.units import TICKS_PER_S, kmh_to_ms, min_to_s, ticks_to_seconds

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
_TICK_S = 1 / TICKS_PER_S
_LEAST_S = 60.0
"""A road that takes less counts whole where stations reach both its ends: a taxi may be this much too far out."""
_STEP_S = 300.0
"""Longest part in reach of stations at both ends: on it the percentile of the soonest is no straight line."""
_SAME = 1e-9
"""Shares of a road that differ by less are one point."""


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

    def join(self, *others: Ways) -> Ways:
        """Return all, sorted by node and stop."""
        both = [np.concatenate(parts) for parts in zip(self, *others, strict=True)]
        order = np.lexsort((both[1], both[0]))
        return Ways(*(column[order] for column in both))


NO_WAYS = Ways(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.bool_))


class RoadParts(NamedTuple):
    """Parts of roads, road after road and from the first point of each.

    Attributes
    ----------
    link : (n,) int64
        Rows of ``network.links``; of the two of a road for both directions the first.
    low, high : (n,) float64
        Shares of the length of the link at which the part begins and ends.
    ends : (n, 2) int64
        Graph nodes at the first and the last point of the link.
    from_ends_s : (n, 2) float64
        Seconds along the whole link from these (to them, for surfaces of who gets to a place), `inf` for none.
    in_parts : (n_links,) bool
        Links that are told by parts, or reached nowhere, those of the other direction as well.
    ways : Ways
        To both ends of each part; ``node`` is 0 and 1 for those of the first, 2 and 3 for those of the next.
    """

    link: I64
    low: F64
    high: F64
    ends: I64
    from_ends_s: F64
    in_parts: npt.NDArray[np.bool_]
    ways: Ways

    def find_direct_s(self, direct_s: F64) -> F64:
        """Return times by car at the ends of the parts, (2 n,) seconds, given those at the graph nodes."""
        share = np.column_stack([self.low, self.high])
        both = []
        for k, gone in ((0, share), (1, 1 - share)):
            along_s = np.zeros(share.shape)  # no way along a road takes no time at its own end
            np.multiply(gone, self.from_ends_s[:, [k]], out=along_s, where=gone > 0)
            both.append(direct_s[self.ends[:, [k]]] + along_s)
        out: F64 = np.minimum(*both).ravel()
        return out


class _End(NamedTuple):
    """Ways to one end of a link, the seconds that each takes from there along the whole link, and the share it gets."""

    ways: Ways
    along_s: F64
    reach: F64


def find_road_parts(session: Session, ways: Ways, reverse: bool) -> RoadParts:
    """Return the parts of the roads that are long, or that one gets along for a part only from some stations.

    Parameters
    ----------
    ways : Ways
        From the stations to the graph nodes, or from these when `reverse`. Who walked to a junction walks on.
    """
    streets, links, a = session.taxi_roads(), session.network.links, session.network.assumptions
    n_nodes = streets.arrays.n_nodes
    ends = np.column_stack([streets.link_tail, streets.link_head]).astype(np.int64)
    there_s, back_row = ticks_to_seconds(streets.link_ticks), find_back_rows(links)
    back_s = np.where(back_row >= 0, there_s[back_row], np.inf)
    from_ends_s = np.column_stack([back_s, there_s] if reverse else [there_s, back_s])
    drive_s = compute_longest_drive_s(a)
    left_s = np.full(n_nodes, np.inf)
    by_taxi = ways.take(~ways.on_foot)
    np.minimum.at(left_s, by_taxi.node, drive_s - by_taxi.seconds)
    is_reached, is_walked = np.zeros(n_nodes, dtype=bool), np.zeros(n_nodes, dtype=bool)
    is_reached[ways.node] = True
    is_walked[ways.node[ways.on_foot]] = True
    may_leave = (links["highway"] != "motorway").to_numpy(dtype=bool)
    is_first = (back_row < 0) | (back_row > np.arange(len(links)))
    is_cut = ((left_s[ends] < from_ends_s) & np.isfinite(from_ends_s)).any(axis=1) | is_walked[ends].any(axis=1)
    is_long = is_reached[ends].any(axis=1) & (there_s > _STEP_S)
    rows = np.flatnonzero(may_leave & is_first & (there_s >= _LEAST_S) & (is_cut | is_long))
    walk_s = links["length_m"].to_numpy(dtype=np.float64)[rows] / kmh_to_ms(a.walk_speed_kmh)
    limits_s = (drive_s, min(min_to_s(a.access_max_min), a.walk_max_m * a.walk_detour / kmh_to_ms(a.walk_speed_kmh)))
    ptr = np.searchsorted(ways.node, np.arange(n_nodes + 1))
    found: list[tuple[int, float, float]] = []
    told: list[Ways] = []
    for row, on_foot_s in zip(rows.tolist(), walk_s.tolist(), strict=True):
        both = [ways.take(np.arange(ptr[node], ptr[node + 1])) for node in ends[row]]
        for low, high, some in _cut(_read_ends(both, from_ends_s[row], on_foot_s, limits_s), float(there_s[row])):
            told.append(some._replace(node=some.node + 2 * len(found)))
            found.append((row, low, high))
    link = np.array([part[0] for part in found], dtype=np.int64)
    shares = np.array([part[1:] for part in found], dtype=np.float64).reshape(-1, 2)
    in_parts = np.zeros(len(links), dtype=bool)
    in_parts[rows] = True
    in_parts[back_row[rows][back_row[rows] >= 0]] = True
    return RoadParts(link, shares[:, 0], shares[:, 1], ends[link], from_ends_s[link], in_parts, NO_WAYS.join(*told))


def _read_ends(both: list[Ways], drive_s: F64, walk_s: float, limits_s: tuple[float, float]) -> list[_End]:
    """Return the ways to both ends of a link with the share that each gets along it, by taxi or on foot."""
    out = []
    for k, other in enumerate(both[::-1]):
        # who comes over this road itself is told from its other end: sooner everywhere, and as far
        over_s = dict(zip(other.stop.tolist(), other.seconds + drive_s[1 - k] - _TICK_S, strict=True))
        comes_over = both[k].seconds >= np.array([over_s.get(s, np.inf) for s in both[k].stop.tolist()])
        own = both[k].take(~comes_over | both[k].on_foot)
        along_s = np.where(own.on_foot, walk_s, drive_s[k])
        left_s = np.where(own.on_foot, limits_s[1], limits_s[0]) - own.seconds
        out.append(_End(own, along_s, np.minimum(left_s / along_s, 1.0)))
    return out


def _cut(sides: list[_End], there_s: float) -> list[tuple[float, float, Ways]]:
    """Return the parts of a link: from and to which share, and the ways to both ends, 0 and 1."""
    first, last = sides
    shared = np.linspace(0, 1, int(np.ceil(there_s / _STEP_S)) + 1)
    shared = shared[(shared > 1 - last.reach.max(initial=0.0)) & (shared < first.reach.max(initial=0.0))]
    breaks = np.unique(np.clip(np.concatenate([[0.0, 1.0], first.reach, 1 - last.reach, shared]), 0.0, 1.0))
    breaks = breaks[np.append(np.diff(breaks) > _SAME, True)]
    breaks[0] = 0.0
    out = []
    for low, high in zip(breaks[:-1].tolist(), breaks[1:].tolist(), strict=True):
        some = []
        for side, gone in ((first, (low, high)), (last, (1 - low, 1 - high))):
            gets_there = side.reach >= max(gone) - _SAME
            own, along_s = side.ways.take(gets_there), side.along_s[gets_there]
            some += [
                own._replace(node=np.full(len(own.node), k), seconds=own.seconds + gone[k] * along_s) for k in (0, 1)
            ]
        ways = NO_WAYS.join(*some)
        if len(ways.node):
            out.append((low, high, _keep_soonest(ways)))
    return out


def _keep_soonest(ways: Ways) -> Ways:
    """Return of the ways from one stop to one place that are both on foot, or both not, the soonest."""
    sorted_ = ways.take(np.lexsort((ways.seconds, ways.on_foot, ways.stop, ways.node)))
    node, stop, _, on_foot = sorted_
    again = (np.diff(node) == 0) & (np.diff(stop) == 0) & (on_foot[1:] == on_foot[:-1])
    return sorted_.take(np.concatenate([[True], ~again]))
