"""Where nodes of a pack lie on a real map: the interchange or junction that planned roads may join at.

A project names nodes of its pack (``from: g59_shengle``). On a map of streets the same node is a real interchange: a
place where a ramp or motorway meets an ordinary road, so that one can drive on and off in every direction the ramps
allow. A node of ordinary roads is a junction of such roads. The distance is reported and has a declared largest value.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from transit_model.domain.geo import to_space
from transit_model.map_join.road_lines import read_refs
from transit_model.roads.road_tables import RoadTables
from transit_model.scenario.road_schema import RoadLink

MAX_ATTACH_M = 5000.0
"""Farther from every interchange a node is not on the map (judged: places of low confidence are 1-5 km off)."""
ATTACHED, TOO_FAR, NO_CANDIDATE, NEW = "attached", "too_far", "no_candidate", "new"
COLUMNS = ("node_id", "name_zh", "needs", "status", "map_node_id", "distance_m", "map_kind", "by_ref", "used_by")
_ORDINARY = ("trunk", "primary", "secondary", "tertiary", "unclassified", "residential")
_CANDIDATES = 12


def attach_nodes(
    pack: RoadTables, map_roads: RoadTables, *, max_m: float = MAX_ATTACH_M, projects: Sequence[RoadLink] = ()
) -> pd.DataFrame:
    """Return where each node of a pack's roads lies on a map: rows of `COLUMNS`.

    A node that motorways touch needs an interchange, another one a junction; among those within reach, one on a road
    of the same number is preferred to a nearer one of another. No two nodes share one of the map: the nearer keeps it.

    Parameters
    ----------
    pack, there : RoadTables
    max_m : float
        Largest distance.
    projects : sequence of RoadLink
        Planned roads; `used_by` names those that join at a node, and their new nodes have rows of status ``new``.
    """
    on_motorway, refs = _touching(pack.nodes, pack.links)
    on_motorway_in_map, map_refs = _touching(map_roads.nodes, map_roads.links)
    on_ordinary_in_map, _ = _touching(map_roads.nodes, map_roads.links, _ORDINARY)
    interchange = on_motorway_in_map & on_ordinary_in_map
    kinds = {"interchange": interchange, "junction": on_ordinary_in_map & ~on_motorway_in_map}
    space = to_space(map_roads.nodes["lon"], map_roads.nodes["lat"])
    own = to_space(pack.nodes["lon"], pack.nodes["lat"])
    used: dict[str, list[str]] = {}
    for project in projects:
        for road in project.roads:
            for end in (road.from_node, road.to_node):
                used.setdefault(end, []).append(project.id)
    rows: list[dict[str, object]] = []
    offers: list[tuple[int, float, int, int]] = []  # not on its road, distance, row, map node
    for kind, usable in kinds.items():
        at = np.flatnonzero(usable)
        alike = np.flatnonzero(on_motorway == (kind == "interchange"))
        if not len(at) or not len(alike):
            continue
        k = min(_CANDIDATES, len(at))
        far, near = cKDTree(space[at]).query(own[alike], k=range(1, k + 1))
        for row, distances, numbers in zip(alike.tolist(), far.tolist(), at[near].tolist(), strict=True):
            for metres, node in zip(distances, numbers, strict=True):
                stranger = not (refs[row] & map_refs[node]) and bool(refs[row])
                offers.append((int(stranger), metres, row, node))
    nearest: dict[int, tuple[float, int, bool]] = {}
    best = _assign([o for o in offers if o[1] <= max_m])
    for elsewhere, metres, row, node in sorted(offers, key=lambda o: o[1]):
        nearest.setdefault(row, (metres, node, not elsewhere))
    ids, names = pack.nodes["node_id"].tolist(), pack.nodes["name_zh"].tolist()
    for number, (node_id, name) in enumerate(zip(ids, names, strict=True)):
        found = best.get(number) or nearest.get(number)
        status = ATTACHED if number in best else TOO_FAR if found else NO_CANDIDATE
        rows.append(
            {
                "node_id": node_id,
                "name_zh": name,
                "needs": "interchange" if on_motorway[number] else "junction",
                "status": status,
                "map_node_id": map_roads.nodes["node_id"].iloc[found[1]] if found else "",
                "distance_m": round(found[0], 1) if found else np.nan,
                "map_kind": str(map_roads.nodes["kind"].iloc[found[1]]) if found else "",
                "by_ref": bool(found and found[2]),
                "used_by": ";".join(dict.fromkeys(used.get(str(node_id), ()))),
            }
        )
    for project in projects:
        for new in project.nodes:
            row_new: dict[str, object] = dict.fromkeys(COLUMNS, "")
            row_new |= {"node_id": new.id, "name_zh": new.name.zh, "needs": new.kind, "status": NEW}
            rows.append(row_new | {"distance_m": np.nan, "by_ref": False, "used_by": project.id})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _assign(offers: list[tuple[int, float, int, int]]) -> dict[int, tuple[float, int, bool]]:
    """Give each node the best place that is free: its own road first, then the nearest."""
    best: dict[int, tuple[float, int, bool]] = {}
    taken: set[int] = set()
    for stranger, metres, row, node in sorted(offers):
        if row not in best and node not in taken:
            best[row] = (metres, node, not stranger)
            taken.add(node)
    return best


def _touching(
    nodes: pd.DataFrame, links: pd.DataFrame, classes: Sequence[str] = ("motorway",)
) -> tuple[npt.NDArray[np.bool_], list[frozenset[str]]]:
    """Return which nodes a road of these classes touches, and the road numbers at each node."""
    chosen = links[links["highway"].isin(classes)]
    ends = pd.unique(pd.concat([chosen["from_node_id"], chosen["to_node_id"]]))
    touched = nodes["node_id"].isin(ends).to_numpy(dtype=bool)
    refs: dict[str, set[str]] = {}
    named = links[links["ref"] != ""]
    for ref, a, b in zip(named["ref"], named["from_node_id"], named["to_node_id"], strict=True):
        for node in (a, b):
            refs.setdefault(str(node), set()).update(read_refs(ref))
    return touched, [frozenset(refs.get(str(n), ())) for n in nodes["node_id"]]
