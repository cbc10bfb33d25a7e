"""Stops that services may be led to: those of the feed, and stations that no train of the feed calls at yet."""

from __future__ import annotations

import numpy as np

from transit_model.domain.geo import compute_great_circle_m
from transit_model.network.model import Network
from transit_model.scenario.base_schema import Project, Title
from transit_model.scenario.lookup import find_nearest_node, find_point
from transit_model.scenario.tables import Stop


def list_placed(network: Network) -> set[str]:
    """Return the stops that the feed, the station table and the roads all know: nothing is added for them."""
    tables = (network.feed.stops, network.stations, network.station_links)
    return set.intersection(*(set(t["stop_id"].astype(str)) for t in tables))


def make_stop(project: Project, stop_id: str, network: Network) -> Stop:
    """Return an existing station as a stop of the feed, joined to the nearest road one may stop on."""
    point = find_point(network, stop_id) or (np.nan, np.nan)
    named = network.stations[network.stations["stop_id"] == stop_id]
    zh = str(named["name_zh"].iloc[0]) if len(named) else stop_id
    en = str(named["name_en"].iloc[0]) if len(named) else stop_id
    nearest = find_nearest_node(network, *point)
    close = nearest is not None and nearest[1] <= network.assumptions.snap_max_m
    return Stop(
        stop_id=stop_id,
        name=Title(zh=zh or stop_id, en=en or stop_id),
        lon=point[0],
        lat=point[1],
        road_node_id=nearest[0] if nearest is not None and close else None,
        snap_m=nearest[1] if nearest is not None else 0.0,
        confidence=project.confidence,
        source=f"[{project.source[0]}] project {project.id}",
    )


def measure_stops_m(network: Network, a: str, b: str) -> float:
    """Return the straight distance of two stops in metres, 0 where nobody knows where one lies."""
    first, second = find_point(network, a), find_point(network, b)
    if first is None or second is None:
        return 0.0
    return float(compute_great_circle_m(first[0], first[1], second[0], second[1]))
