"""Region tables to a `Network` at a date: what was open, in both directions, with stations on the roads."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.assumptions import Assumptions
from transit_model.domain.geo import compute_great_circle_m, to_space
from transit_model.domain.region import Region
from transit_model.domain.rows import find_rows
from transit_model.errors import InputError, Issue
from transit_model.network.model import BaseTables, Network
from transit_model.network.nearness import find_nearest
from transit_model.units import kmh_to_ms, min_to_s

REVERSE_SUFFIX = "~"
_YEAR = re.compile(r"^\d{4}$")
_MONTH = re.compile(r"^\d{4}-\d{2}$")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def parse_opening(text: str) -> date | None:
    """Return the day an opening text counts from, None for an empty text.

    A bare year counts from its last day and a bare month from its last day, so that nothing is open too early.

    Raises
    ------
    InputError
        When the text is neither empty, ``YYYY``, ``YYYY-MM`` nor ``YYYY-MM-DD``.
    """
    text = text.strip()
    if not text:
        return None
    try:
        if _YEAR.match(text):
            return date(int(text), 12, 31)
        if _MONTH.match(text):
            year, month = int(text[:4]), int(text[5:])
            return date(year, month, monthrange(year, month)[1])
        if not _DAY.match(text):
            raise ValueError(text)  # `fromisoformat` knows more forms than we document, weeks among them
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            Issue("bad_date", "error", "not a date", value=text, hint="write YYYY, YYYY-MM or YYYY-MM-DD")
        ) from error


def is_open(opened: str, closed: str, as_of: date) -> bool:
    """Return whether something opened and closed on these dates is in use at the end of day `as_of`."""
    first, last = parse_opening(opened), parse_opening(closed)
    return (first is None or first <= as_of) and (last is None or last > as_of)


def find_open(table: pd.DataFrame, as_of: date) -> npt.NDArray[np.bool_]:
    """Return which rows are in use at the end of a day by their columns ``opened`` and ``closed``, (n,).

    Each different text is read once.

    Raises
    ------
    InputError
        As `parse_opening`.
    """
    opened, closed = ((pd.factorize(table[name])) for name in ("opened", "closed"))
    first = np.array([is_open(str(text), "", as_of) for text in opened[1]], dtype=bool)
    last = np.array([is_open("", str(text), as_of) for text in closed[1]], dtype=bool)
    in_use: npt.NDArray[np.bool_] = first[opened[0]] & last[closed[0]] if len(table) else np.zeros(0, dtype=bool)
    return in_use


def build_directed_links(links: pd.DataFrame) -> pd.DataFrame:
    """Return directed links: a two-way road becomes rows ``X`` and ``X~``; columns as `Network.links`."""
    # Both directions of a road stand together, so that tables read well and diffs stay small.
    rows = np.repeat(np.arange(len(links)), np.where(links["oneway"].to_numpy(dtype=bool), 1, 2))
    back = np.concatenate([np.zeros(min(len(rows), 1), dtype=bool), rows[1:] == rows[:-1]])
    both = links.assign(road_id=links["link_id"]).drop(columns=["oneway"]).iloc[rows].reset_index(drop=True)
    start, end, name = both["from_node_id"], both["to_node_id"], both["link_id"]
    both["link_id"] = name.where(~back, name + REVERSE_SUFFIX)
    both["from_node_id"], both["to_node_id"] = start.where(~back, end), end.where(~back, start)
    if "project_id" not in both.columns:
        both["project_id"] = ""
    return both


def build_network(region: Region, as_of: date, assumptions: Assumptions, *, timetable_id: str | None = None) -> Network:
    """Return the network of a region as it stood at the end of a day.

    Roads opened later or closed before are left out. The timetable is the one named, else the newest that is not
    after the day; `Network.info` tells its id, vintage and service date.

    Raises
    ------
    InputError
        ``unknown_timetable``, ``base_before_timetables``.
    """
    info = region.info
    timetable = info.choose_timetable(as_of) if timetable_id is None else info.get_timetable(timetable_id)
    feed = region.get_feed(timetable.timetable_id)
    links = region.links
    in_use = find_open(links, as_of)
    directed = build_directed_links((links if in_use.all() else links[in_use]).reset_index(drop=True))
    nodes = region.nodes.reset_index(drop=True)
    return Network(
        info=info.on_timetable(timetable),
        as_of=as_of,
        places=region.places,
        counties=region.counties,
        nodes=nodes,
        links=directed,
        shapes=region.shapes,
        stations=region.stations,
        station_links=build_station_links(region.stations, feed.stops, region.nodes, directed, assumptions),
        feed=feed,
        assumptions=assumptions,
        base_fingerprint=region.fingerprint,
        pack_tables=region.extra,
        outlines=region.outlines,
        ground=region.ground,
        base_tables=BaseTables(nodes=nodes, links=directed, stations=region.stations, shapes=region.shapes),
    )


def build_station_links(
    stations: pd.DataFrame,
    stops: pd.DataFrame,
    nodes: pd.DataFrame,
    links: pd.DataFrame,
    assumptions: Assumptions,
) -> pd.DataFrame:
    """Return where each stop of the feed joins the roads: columns stop_id, node_id, snap_m.

    The node named in the stations table wins; otherwise the nearest node that touches a road one may stop on
    (not a motorway), within ``snap_max_m`` and ``off_network_max_min``. A stop without such a node has no row: it is
    reached on foot or by a transfer only.
    """
    named = stations.loc[stations["road_node_id"] != "", ["stop_id", "road_node_id"]].set_index("stop_id")[
        "road_node_id"
    ]
    ordinary = links.loc[links["highway"] != "motorway", ["from_node_id", "to_node_id"]]
    touched = np.zeros(len(nodes) + 1, dtype=bool)  # the last is that of an end nobody knows
    for column in ("from_node_id", "to_node_id"):
        touched[find_rows(nodes["node_id"], ordinary[column])] = True
    candidates = nodes[touched[:-1]]
    stop_ids = stops["stop_id"].astype(str)
    lon, lat = stops["stop_lon"].to_numpy(dtype=float), stops["stop_lat"].to_numpy(dtype=float)
    chosen = stop_ids.map(named).to_numpy(dtype=object)
    open_rows = np.flatnonzero(pd.isna(chosen) & ~np.isnan(lon) & ~np.isnan(lat))
    if len(candidates) and len(open_rows):
        # Chords of the sphere: the nearest in space is the nearest on the ground.
        candidate_xyz = to_space(candidates["lon"], candidates["lat"], radius_m=1.0)
        nearest = find_nearest(to_space(lon[open_rows], lat[open_rows], radius_m=1.0), candidate_xyz)
        at = candidates[["lon", "lat"]].to_numpy(dtype=float)[nearest]
        far = compute_great_circle_m(lon[open_rows], lat[open_rows], at[:, 0], at[:, 1])
        # a way that takes longer than anybody goes across country leads to no station
        across_m = kmh_to_ms(assumptions.off_network_speed_kmh) * min_to_s(assumptions.off_network_max_min)
        within = far <= min(assumptions.snap_max_m, across_m)
        chosen[open_rows[within]] = candidates["node_id"].to_numpy(dtype=object)[nearest[within]]
    linked = np.flatnonzero(~pd.isna(chosen))
    rows = find_rows(nodes["node_id"], pd.Series(chosen[linked], dtype="str"))
    if (rows < 0).any():
        raise KeyError(chosen[linked][rows < 0].tolist())
    places = nodes[["lon", "lat"]].to_numpy(dtype=float)[rows]
    snap_m = compute_great_circle_m(lon[linked], lat[linked], places[:, 0], places[:, 1])
    table = {"stop_id": stop_ids.to_numpy()[linked], "node_id": chosen[linked], "snap_m": snap_m}
    return pd.DataFrame(table, columns=["stop_id", "node_id", "snap_m"])
