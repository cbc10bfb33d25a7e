"""Sides of the nodes where motorways, toll roads and ordinary roads meet, and the gates and ramps between them.

The roads of a survey share the gates of a node: the plaza lies between its motorways and its ordinary roads. A road
that a project lays brings its own gate where it needs one, so that nobody who does not drive on it pays there: a new
road slows no journey (design 7).
"""

from __future__ import annotations

from itertools import permutations
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.assumptions import Assumptions
from transit_model.units import seconds_to_ticks

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
FREE_SIDE, TOLL_SIDE, NEW_FREE_SIDE, MOTORWAY_SIDE, NEW_MOTORWAY_SIDE, NEW_TOLL_SIDE = range(6)
"""One stands on the smallest side of a node. The three new ones are of roads that a project lays: free ones where the
survey has toll roads only, motorways beside those with drawn ramps, toll motorways beside none or free ones."""
SIDES = 6
LAID_MARK: Final = ":"
"""A road that a project lays is named project:from--to. Roads of a survey may have the mark in their ids, too."""


class LinkSides(NamedTuple):
    """On which side of its node each link begins and ends, (n_links,) each."""

    tail: I64
    head: I64


def find_sides(links: pd.DataFrame, tail_row: I64, head_row: I64, n_nodes: int) -> LinkSides:
    """Return the sides of links at their ends.

    Those of a road of the survey depend on its own class and toll, those of a new road on these and on the survey at
    the node: no road moves the side of another.

    Parameters
    ----------
    links : DataFrame
        ``road_id, project_id, highway, toll`` and perhaps ``kind``, see `find_interchanges`.
    tail_row, head_row : (n_links,) int64
        Rows of the nodes at the ends. Of nodes of which only some links are given nothing is said.
    """
    motorway, toll = (links["highway"] == "motorway").to_numpy(dtype=bool), links["toll"].to_numpy(dtype=bool)
    side = np.where(motorway, MOTORWAY_SIDE, np.where(toll, TOLL_SIDE, FREE_SIDE))
    new = _find_laid(links)
    if not len(new):
        return LinkSides(side, side)
    is_old = np.ones(len(links), dtype=bool)
    is_old[new] = False

    def mark(rows: Bool) -> Bool:
        """Return the nodes at which roads of the survey end."""
        out = np.zeros(n_nodes, dtype=bool)
        for end in (tail_row, head_row):
            out[end[rows & is_old]] = True
        return out

    is_road, is_ramp = _read_kinds(links)
    has_toll_motorway = mark(motorway & toll)
    is_drawn = mark(motorway & (is_road | is_ramp)) & ~mark(motorway & ~(is_road | is_ramp))
    is_all_toll = mark(~motorway & toll) & ~mark(~motorway & ~toll)
    own_motorway, own_toll = motorway[new], toll[new]
    out = []
    for end in (tail_row[new], head_row[new]):
        apart = own_motorway & (is_drawn[end] | (own_toll & ~has_toll_motorway[end]))
        of_end = side.copy()
        of_end[new] = np.select(
            [apart & own_toll, apart, ~own_motorway & ~own_toll & is_all_toll[end]],
            [NEW_TOLL_SIDE, NEW_MOTORWAY_SIDE, NEW_FREE_SIDE],
            side[new],
        )
        out.append(of_end)
    return LinkSides(*out)


def _find_laid(links: pd.DataFrame) -> I64:
    """Return the rows of roads that a project lays; one that it makes better stays a road of the survey."""
    own = np.flatnonzero((links["project_id"] != "").to_numpy(dtype=bool, na_value=False))
    is_laid = [isinstance(name, str) and LAID_MARK in name for name in links["road_id"].array.take(own)]
    laid: I64 = own[np.array(is_laid, dtype=bool)]
    return laid


def is_motorway_side(side: I64) -> Bool:
    """Return whether sides are of motorways: one cannot step off there."""
    found: Bool = side >= MOTORWAY_SIDE
    return found


def find_interchanges(links: pd.DataFrame, tail_row: I64, head_row: I64, n_nodes: int, sides: LinkSides) -> Bool:
    """Return the nodes where entering or leaving a motorway costs a ramp that is not drawn, (n_nodes,).

    A link table may carry ``kind``, road or ramp, as imports of OpenStreetMap do. There a ramp is a link with its
    own length and speed, so that where a motorway's side is ramps only the way has been paid; and where one
    motorway link ends and another road goes on there is no ramp to drive. Without ``kind`` every motorway pays. So do
    new motorways on `sides` of their own, of which nothing is said here.
    """
    motorway = (links["highway"] == "motorway").to_numpy()
    is_road, is_ramp = _read_kinds(links)
    drawn = is_road | is_ramp
    out = np.zeros(n_nodes, dtype=bool)
    for end, side in zip((tail_row, head_row), sides, strict=True):
        out[end[motorway & ~drawn & (side == MOTORWAY_SIDE)]] = True
    through = np.flatnonzero(motorway & is_road)
    if len(through):
        road, _ = pd.factorize(links["road_id"].to_numpy()[through])
        ends = np.concatenate([tail_row[through], head_row[through]])
        pairs = np.unique(np.column_stack([ends, np.tile(road, 2)]), axis=0)
        out[np.bincount(pairs[:, 0], minlength=n_nodes) > 1] = True
    return out


def _read_kinds(links: pd.DataFrame) -> tuple[Bool, Bool]:
    if "kind" not in links.columns:
        return np.zeros(len(links), dtype=bool), np.zeros(len(links), dtype=bool)
    is_road, is_ramp = ((links["kind"] == name).to_numpy(dtype=bool, na_value=False) for name in ("road", "ramp"))
    return is_road, is_ramp


def build_gates(
    graph_keys: I64, key_tail: I64, key_head: I64, toll: Bool, interchange: Bool, assumptions: Assumptions
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return arcs between the sides of each split node: tails, heads, ticks."""
    tolled = np.zeros(len(graph_keys), dtype=bool)
    tolled[np.searchsorted(graph_keys, np.concatenate([key_tail[toll], key_head[toll]]))] = True
    tails, heads, seconds = [], [], []
    node, side = graph_keys // SIDES, graph_keys % SIDES
    on_motorway = is_motorway_side(side)
    pays_ramp = on_motorway & ((side != MOTORWAY_SIDE) | interchange[node])
    starts = np.flatnonzero(np.concatenate([[True], node[1:] != node[:-1]]))
    ends = np.append(starts[1:], len(node))
    split = ends - starts > 1  # few nodes of a large network have more than one side
    # plain lists: a cell of an array takes ten times as long to read as one of these
    motorways, pays, tolls = on_motorway.tolist(), pays_ramp.tolist(), tolled.tolist()
    for start, end in zip(starts[split].tolist(), ends[split].tolist(), strict=True):
        for a, b in permutations(range(start, end), 2):
            ramp = motorways[a] != motorways[b] and (pays[a] or pays[b])
            gate = tolls[a] != tolls[b]
            tails.append(a)
            heads.append(b)
            seconds.append(assumptions.ramp_delay_s * ramp + assumptions.toll_gate_delay_s * gate)
    ticks = np.maximum(seconds_to_ticks(np.array(seconds, dtype=np.float64)), 1)
    return np.array(tails, dtype=np.int32), np.array(heads, dtype=np.int32), ticks.astype(np.int32)
