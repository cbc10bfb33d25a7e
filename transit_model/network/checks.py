"""Checks of a network: what a user should know before trusting a travel time.

Pure functions on tables. Positions are named by ids, since directed links and scenario rows stand in no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.geo import EARTH_RADIUS_M, compute_great_circle_m, to_space
from transit_model.domain.plausible import find_short
from transit_model.errors import Issue, Severity
from transit_model.network.model import Network
from transit_model.units import M_PER_KM

MAX_LISTED = 5
ORDINARY_MAX_KMH = 100.0
"""Upper design speed of a class I road (JTG B01-2014, [osmcn]): faster than this only on a motorway."""
SLOWEST_KMH = 5.0  # a walker is as fast (judged)
FILES: Mapping[str, str] = {
    "nodes": "roads/nodes.csv",
    "links": "roads/links.csv",
    "places": "places.csv",
    "stations": "stations.csv",
}


def check_network(network: Network, *, files: Mapping[str, str] = FILES) -> list[Issue]:
    """Return everything odd about a network, errors first.

    Parameters
    ----------
    network : Network
    files : mapping
        Names of the tables ``nodes``, ``links``, ``places``, ``stations`` to print in the issues.
    """
    nodes, links = network.nodes, network.links
    snap_max_m = network.assumptions.snap_max_m
    issues = [
        *check_ids(nodes, links, files=files),
        # Those of the pack are checked with their lines as it is read.
        *check_lengths(nodes, links[links["project_id"] != ""], files=files),
        *check_speeds(links, legal_max_kmh=max(network.assumptions.vehicle_cap_kmh.values()), files=files),
        *check_connectivity(nodes, links, files=files),
        *check_dead_ends(nodes, links, files=files),
        *check_places(network.places, nodes, snap_max_m=snap_max_m, files=files),
        *check_stations(network.stations, network.station_links, network.feed.stop_times, files=files),
    ]
    return sorted(issues, key=lambda issue: ("error", "warning", "info").index(issue.severity))


def _list(
    code: str, severity: Severity, message: str, where: tuple[str, str], values: Sequence[object], *, hint: str = ""
) -> list[Issue]:
    """Return one issue a value, at most `MAX_LISTED`, the last counting the rest."""
    file, field = where
    more = len(values) - MAX_LISTED
    issues = []
    for count, value in enumerate(values[:MAX_LISTED]):
        last = more > 0 and count == MAX_LISTED - 1
        tail = f" (and {more} more)" if last else ""
        issues.append(Issue(code, severity, message + tail, file, None, field, str(value), hint, more if last else 0))
    return issues


def check_ids(nodes: pd.DataFrame, links: pd.DataFrame, *, files: Mapping[str, str] = FILES) -> list[Issue]:
    """``duplicate_id``, ``unknown_node``: ids that are not unique, links that end nowhere."""
    twice_node = nodes.loc[nodes.duplicated("node_id"), "node_id"].tolist()
    twice_link = links.loc[links.duplicated("link_id"), "link_id"].tolist()
    known = set(nodes["node_id"])
    lost = [
        f"{link}: {node}"
        for column in ("from_node_id", "to_node_id")
        for link, node in zip(links["link_id"], links[column], strict=True)
        if node not in known
    ]
    link_file = files["links"]
    return [
        *_list("duplicate_id", "error", "two nodes have one id", (files["nodes"], "node_id"), twice_node),
        *_list("duplicate_id", "error", "two links have one id", (link_file, "link_id"), twice_link),
        *_list("unknown_node", "error", "a link ends at a node that is not there", (link_file, "to_node_id"), lost),
    ]


def check_lengths(nodes: pd.DataFrame, links: pd.DataFrame, *, files: Mapping[str, str] = FILES) -> list[Issue]:
    """``zero_length``, ``link_too_short``: shorter than the straight line between its ends, an error where by far."""
    at = nodes.drop_duplicates("node_id").set_index("node_id")[["lon", "lat"]]
    start = at.reindex(links["from_node_id"]).to_numpy(dtype=np.float64)
    end = at.reindex(links["to_node_id"]).to_numpy(dtype=np.float64)
    straight = compute_great_circle_m(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    length = links["length_m"].to_numpy(dtype=np.float64)
    where = (files["links"], "length_m")
    flat = links.loc[~(length > 0), "link_id"].tolist()
    short, gross = find_short(length, straight)

    def name(wrong: npt.NDArray[np.bool_]) -> list[str]:
        return [f"{road}: {length[row]:.0f} m of {straight[row]:.0f} m" for road, row in _once(links, wrong)]

    hint = "correct the length or the place of its ends"
    message = "the link is shorter than the straight line between its ends"
    return [
        *_list("zero_length", "error", "the link has no length", where, flat),
        *_list("link_too_short", "error", message, where, name(gross), hint=hint),
        *_list("link_too_short", "warning", message, where, name(short & ~gross), hint=hint),
    ]


def _once(links: pd.DataFrame, wrong: npt.NDArray[np.bool_]) -> list[tuple[str, int]]:
    """Return road id and row of marked links, each two-way road once."""
    roads = links["road_id"] if "road_id" in links.columns else links["link_id"]
    rows = np.flatnonzero(wrong)
    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(str(roads.iloc[row]), int(row))
    return list(first.items())


def check_speeds(links: pd.DataFrame, *, legal_max_kmh: float, files: Mapping[str, str] = FILES) -> list[Issue]:
    """``speed_above_legal_maximum``, ``speed_too_high_for_class``, ``speed_too_low``."""
    speed = links["maxspeed_kmh"].to_numpy(dtype=np.float64)
    ordinary = (links["highway"] != "motorway").to_numpy(dtype=bool)
    where = (files["links"], "maxspeed_kmh")

    def name(wrong: npt.NDArray[np.bool_]) -> list[str]:
        return [f"{road}: {speed[row]:g} km/h" for road, row in _once(links, wrong)]

    above = f"the posted speed is above the legal maximum of {legal_max_kmh:g} km/h"
    fast = f"faster than {ORDINARY_MAX_KMH:g} km/h, but no motorway"
    slow = f"slower than {SLOWEST_KMH:g} km/h"
    hint = "km/h, not miles or metres a second"
    odd = ordinary & (speed > ORDINARY_MAX_KMH) & (speed <= legal_max_kmh)
    return [
        *_list("speed_above_legal_maximum", "warning", above, where, name(speed > legal_max_kmh), hint=hint),
        *_list("speed_too_high_for_class", "warning", fast, where, name(odd), hint="check the class or the speed"),
        *_list("speed_too_low", "warning", slow, where, name(speed < SLOWEST_KMH), hint=hint),
    ]


def find_parts(
    nodes: pd.DataFrame, links: pd.DataFrame, *, strong: bool
) -> tuple[list[list[int]], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the connected parts as lists of node rows, largest first, and the rows at both ends of each link.

    Links with unknown ends are left out. Parts of equal size stand in order of their first node.
    """
    row_of = pd.Series(np.arange(len(nodes)), index=nodes["node_id"].to_numpy())
    row_of = row_of[~row_of.index.duplicated()]
    tail = row_of.reindex(links["from_node_id"]).to_numpy(dtype=np.float64)
    head = row_of.reindex(links["to_node_id"]).to_numpy(dtype=np.float64)
    known = ~(np.isnan(tail) | np.isnan(head))
    tail_row, head_row = tail[known].astype(np.int64), head[known].astype(np.int64)
    n = len(nodes)
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    graph = csr_matrix((np.ones(len(tail_row)), (tail_row, head_row)), shape=(n, n))
    count, label = connected_components(graph, directed=True, connection="strong" if strong else "weak")
    order = np.argsort(label, kind="stable")
    edges = np.searchsorted(label[order], np.arange(count + 1))
    parts = [sorted(int(i) for i in order[a:b]) for a, b in pairwise(edges)]
    return sorted(parts, key=lambda part: (-len(part), part[0])), tail_row, head_row


def check_connectivity(nodes: pd.DataFrame, links: pd.DataFrame, *, files: Mapping[str, str] = FILES) -> list[Issue]:
    """``network_island``: parts without any link to the largest one; ``isolated_node``: no link at all.

    ``one_way_part``: joined to the rest, but in one direction only.
    """
    if not len(nodes):
        return [Issue("empty_network", "error", "the network has no nodes", file=files["nodes"])]
    names = _label_nodes(nodes)
    weak, tail, head = find_parts(nodes, links, strong=False)
    touched = set(tail.tolist()) | set(head.tolist())
    islands = [part for part in weak[1:] if len(part) > 1 or part[0] in touched]
    lonely = [names[part[0]] for part in weak if len(part) == 1 and part[0] not in touched]
    main = set(weak[0])
    strong = [part for part in find_parts(nodes, links, strong=True)[0] if part[0] in main]
    where = (files["nodes"], "node_id")
    message = "an island: no road joins these nodes to the rest"
    hint = "add the missing link, or join it at a named node"
    one_way = "these nodes are joined to the rest in one direction only"
    return [
        *_list("network_island", "warning", message, where, [_describe(p, names) for p in islands], hint=hint),
        *_list(
            "isolated_node", "warning", "no road touches this node", where, lonely, hint="remove it, or add its link"
        ),
        *_list(
            "one_way_part", "warning", one_way, where, [_describe(p, names) for p in strong[1:]], hint="check oneway"
        ),
    ]


def _label_nodes(nodes: pd.DataFrame) -> list[str]:
    titles = nodes["name_zh"] if "name_zh" in nodes.columns else pd.Series([""] * len(nodes))
    return [f"{i} {t}".strip() for i, t in zip(nodes["node_id"], titles, strict=True)]


def _describe(part: Sequence[int], names: Sequence[str]) -> str:
    shown = ", ".join(names[row] for row in part[:3])
    return f"{len(part)} nodes: {shown}{', ...' if len(part) > 3 else ''}"


def check_dead_ends(nodes: pd.DataFrame, links: pd.DataFrame, *, files: Mapping[str, str] = FILES) -> list[Issue]:
    """``one_way_dead_end``: a node one can drive into and not out of, or the other way round."""
    _, tail, head = find_parts(nodes, links, strong=False)
    out, into = np.bincount(tail, minlength=len(nodes)), np.bincount(head, minlength=len(nodes))
    names = _label_nodes(nodes)
    stuck = [names[row] for row in np.flatnonzero((into > 0) & (out == 0))]
    source = [names[row] for row in np.flatnonzero((out > 0) & (into == 0))]
    where = (files["nodes"], "node_id")
    hint = "is the road really one-way here?"
    return [
        *_list("one_way_dead_end", "warning", "one can drive in, but not out", where, stuck, hint=hint),
        *_list("one_way_dead_end", "warning", "one can drive out, but not in", where, source, hint=hint),
    ]


def check_places(
    places: pd.DataFrame, nodes: pd.DataFrame, *, snap_max_m: float, files: Mapping[str, str] = FILES
) -> list[Issue]:
    """``place_far_from_roads``: farther from its node, or without one from any node, than `snap_max_m`."""
    if not len(places) or not len(nodes):
        return []
    lon, lat = places["lon"].to_numpy(dtype=np.float64), places["lat"].to_numpy(dtype=np.float64)
    near = find_nearest_m(lon, lat, nodes)
    at = nodes.drop_duplicates("node_id").set_index("node_id")[["lon", "lat"]]
    named = at.reindex(places["road_node_id"]).to_numpy(dtype=np.float64)
    own = compute_great_circle_m(lon, lat, named[:, 0], named[:, 1])
    distance = np.where(np.isnan(own), near, own)
    far = np.flatnonzero(distance > snap_max_m)
    values = [f"{places['place_id'].iloc[row]}: {distance[row] / M_PER_KM:.1f} km" for row in far]
    message = f"the place lies farther than {snap_max_m / M_PER_KM:g} km from the roads"
    hint = "check its coordinates, name a road_node_id, or add the road"
    return _list("place_far_from_roads", "warning", message, (files["places"], "place_id"), values, hint=hint)


def find_nearest_m(
    lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], nodes: pd.DataFrame
) -> npt.NDArray[np.float64]:
    """Return the great-circle distance of each point to the nearest node, metres; `inf` for NaN coordinates."""
    from scipy.spatial import cKDTree

    tree = cKDTree(to_space(nodes["lon"], nodes["lat"], radius_m=1.0))
    known = ~(np.isnan(lon) | np.isnan(lat))
    found = np.full(len(lon), np.inf)
    if known.any():
        chord, _ = tree.query(to_space(lon[known], lat[known], radius_m=1.0))
        found[known] = 2 * EARTH_RADIUS_M * np.arcsin(np.clip(chord / 2, 0, 1))
    return found


def check_stations(
    stations: pd.DataFrame,
    station_links: pd.DataFrame,
    stop_times: pd.DataFrame,
    *,
    files: Mapping[str, str] = FILES,
) -> list[Issue]:
    """``station_without_road`` for a served one that no road reaches, ``station_without_trains`` (info)."""
    linked, served = set(station_links["stop_id"]), set(stop_times["stop_id"].unique())
    inside = stations[stations["region"] == "in"] if "region" in stations.columns else stations
    cut = [s for s in inside["stop_id"] if s in served and s not in linked]
    idle = [s for s in inside["stop_id"] if s not in served]
    where = (files["stations"], "stop_id")
    message = "no road reaches this station: only transfers and walks do"
    hint = "name its road_node_id, or add the road"
    return [
        *_list("station_without_road", "warning", message, where, cut, hint=hint),
        *_list("station_without_trains", "info", "no trip of the timetable calls here", where, idle),
    ]
