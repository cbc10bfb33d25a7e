"""Existing roads of one number between two nodes, fewest sections; a road that is G6/G7 is of both numbers."""

from __future__ import annotations

import re
from collections import deque
from typing import NamedTuple

import numpy as np

from transit_model.network.model import Network
from transit_model.scenario.base_schema import Project
from transit_model.scenario.lookup import Report, list_nodes
from transit_model.scenario.road_schema import RoadPath

_BETWEEN_REFS = re.compile(r"\s*[/;,、]\s*")


class Step(NamedTuple):
    """A section of a path: the road, and the link that leads along it."""

    road_id: str
    link_id: str


def split_refs(ref: str) -> list[str]:
    """Return the numbers of a road that has several: G6/G7 is G6 and G7."""
    return [part for part in _BETWEEN_REFS.split(ref.strip()) if part]


def find_path(project: Project, along: RoadPath, network: Network, report: Report) -> list[Step]:
    """Return the sections of one road number from node to node, in order; empty when something was reported.

    Issues
    ------
    ``unknown_node``, ``unknown_ref``, ``no_such_path``
    """
    known = list_nodes(network)
    ends_known = [
        report.check_known(project, "node", n, known, "along", k)
        for n, k in ((along.from_node, "from"), (along.to_node, "to"))
    ]
    parts = {ref: split_refs(ref) for ref in _list_refs(network)}
    names = dict.fromkeys(name for ref, split in parts.items() if ref for name in (*split, ref))
    if not report.check_known(project, "ref", along.ref, list(names), "along", "ref"):
        return []
    if not all(ends_known):
        return []
    path = follow_ref(along.ref, (along.from_node, along.to_node), network)
    if path is None:
        message = f"{along.ref} does not lead from {along.from_node} to {along.to_node}"
        hint = "name the roads one by one under roads"
        report.add(project, "no_such_path", message, "along", value=along.ref, hint=hint)
        return []
    return path


def follow_ref(ref: str, ends: tuple[str, str], network: Network) -> list[Step] | None:
    """Return the sections of a number between two nodes, fewest first found; None when it does not lead there."""
    fits = [name for name in _list_refs(network) if name == ref or ref in split_refs(name)]
    rows = np.flatnonzero(network.links["ref"].isin(fits).to_numpy(dtype=bool))
    neighbours: dict[str, list[tuple[str, Step]]] = {}
    names = ("from_node_id", "to_node_id", "road_id", "link_id")
    columns = (map(str, network.links[name].array.take(rows)) for name in names)
    for a, b, road, link in zip(*columns, strict=True):
        neighbours.setdefault(a, []).append((b, Step(road, link)))
    came: dict[str, tuple[str, Step] | None] = {ends[0]: None}
    queue = deque([ends[0]])
    while queue and ends[1] not in came:
        node = queue.popleft()
        for neighbour, step in neighbours.get(node, []):
            if neighbour not in came:
                came[neighbour] = (node, step)
                queue.append(neighbour)
    if ends[1] not in came:
        return None
    path: list[Step] = []
    last = came[ends[1]]
    while last is not None:
        path.append(last[1])
        last = came[last[0]]
    return path[::-1]


def _list_refs(network: Network) -> list[str]:
    """Return what stands as the number of roads, each once, in order of the links."""
    return [str(ref) for ref in network.links["ref"].unique()]


def drop_roads(network: Network, road_ids: set[str]) -> Network:
    """Return the network without roads."""
    links = network.links
    gone = links["road_id"].isin(road_ids).to_numpy(dtype=bool)
    return network.with_roads(links[~gone].reset_index(drop=True), gone=np.flatnonzero(gone))
