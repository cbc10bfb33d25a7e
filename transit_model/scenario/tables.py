"""Rows added to and taken from the tables of a network; every function returns a new table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.region import Feed
from transit_model.domain.stop_calls import CALL_KINDS, NOT_ALLOWED, find_alight, find_board
from transit_model.network.build import REVERSE_SUFFIX
from transit_model.network.model import Network
from transit_model.scenario.base_schema import Title

AGENCY_ID = "planned"
SERVICE_ID = "planned-daily"
SAME_PLACE_M = 50.0
"""Two projects may name the same new station or node when they put it within this distance."""
_FEW = 32
"""Texts of so many rows are kept between applications of the same project."""
_WEEK = {
    "mon": "monday", "tue": "tuesday", "wed": "wednesday", "thu": "thursday", "fri": "friday", "sat": "saturday",
    "sun": "sunday",
}  # fmt: skip
ROUTE_TYPE = {"rail": 2, "coach": 200}
"""GTFS route_type: 2 rail; 200 coach (extended list)."""


def append_rows(table: pd.DataFrame, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the table with rows at its end; columns a row does not name are empty (0 for whole numbers)."""
    if not rows:
        return table
    named = dict.fromkeys(k for row in rows for k in row)
    if not len(table):
        columns = [*table.columns, *(c for c in named if c not in table.columns)]
        return pd.DataFrame({c: [row.get(c, "") for row in rows] for c in columns})
    fresh = [c for c in named if c not in table.columns]
    old = table.assign(**dict.fromkeys(fresh, "")) if fresh else table
    # Column by column: `pd.concat` takes several times as long for a few rows, and projects append many times.
    return pd.DataFrame({str(c): _append_values(have.array, str(c), rows) for c, have in old.items()}, copy=False)


def _append_values(have: Any, column: str, rows: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401 - pandas' arrays
    dtype = have.dtype
    is_text, empty = _describe(dtype)
    values = [row.get(column, empty) for row in rows]
    if is_text:
        values = [str(v) for v in values]
    if isinstance(have, pd.arrays.NumpyExtensionArray):
        plain = have.to_numpy()
        return np.concatenate([plain, np.array(values, dtype=plain.dtype)])
    few = is_text and len(values) <= _FEW
    return type(have)._concat_same_type([have, _make_texts(dtype, *values) if few else pd.array(values, dtype=dtype)])


@lru_cache(maxsize=4096)
def _make_texts(dtype: Any, *values: str) -> Any:  # noqa: ANN401
    """Return an array of texts; the same few come again whenever a project is applied, and arrays are never changed."""
    return pd.array(list(values), dtype=dtype)


@lru_cache(maxsize=64)
def _describe(dtype: Any) -> tuple[bool, Any]:  # noqa: ANN401
    """Return whether a dtype holds texts (or anything but numbers), and its empty value."""
    if pd.api.types.is_bool_dtype(dtype):
        return False, False
    if pd.api.types.is_integer_dtype(dtype):
        return False, 0
    return (False, np.nan) if pd.api.types.is_numeric_dtype(dtype) else (True, "")


@dataclass(frozen=True)
class Stop:
    """A stop as it will stand in the feed and the station table."""

    stop_id: str
    name: Title
    lon: float
    lat: float
    road_node_id: str | None
    snap_m: float
    confidence: str
    source: str
    in_region: bool = True


@dataclass(frozen=True)
class Trip:
    """One scheduled trip or one headway band: offsets or clock times by stop, seconds; daily without `days`.

    `pickup` and `drop_off` are GTFS pickup_type and drop_off_type by stop; empty or all 0: regular everywhere.
    """

    trip_id: str
    stop_ids: tuple[str, ...]
    arrive_s: tuple[int, ...]
    depart_s: tuple[int, ...]
    direction: int
    headway_s: int = 0
    start_s: int = 0
    end_s: int = 0
    days: tuple[str, ...] = ()
    pickup: tuple[int, ...] = ()
    drop_off: tuple[int, ...] = ()


def list_calls(trip: Trip) -> list[dict[str, Any]]:
    """Return the rows of a trip in stop_times; who may board and alight is named only where it is not everybody."""
    stops = zip(trip.stop_ids, trip.arrive_s, trip.depart_s, strict=True)
    rows = [
        {
            "trip_id": trip.trip_id,
            "stop_id": stop,
            "stop_sequence": n,
            "arrival_clock_s": arrive,
            "departure_clock_s": depart,
        }
        for n, (stop, arrive, depart) in enumerate(stops, start=1)
    ]
    for column, kinds in zip(CALL_KINDS, (trip.pickup, trip.drop_off), strict=True):
        rows = [row | {column: kind} for row, kind in zip(rows, kinds, strict=True)] if any(kinds) else rows
    return rows


def read_trip(trip_id: str, calls: pd.DataFrame) -> Trip:
    """Return a trip of the feed from its rows of stop_times in order; `direction` tells ways out and back apart."""
    stops = tuple(calls["stop_id"].astype(str))
    arrive, depart = (tuple(calls[c].astype(int)) for c in ("arrival_clock_s", "departure_clock_s"))
    pickup, drop_off = (
        tuple(np.where(allowed, 0, NOT_ALLOWED).tolist()) for allowed in (find_board(calls), find_alight(calls))
    )
    return Trip(trip_id, stops, arrive, depart, int(stops[0] > stops[-1]), pickup=pickup, drop_off=drop_off)


def append_calls(times: pd.DataFrame, trips: Iterable[Trip]) -> pd.DataFrame:
    """Return the stop_times with the calls of trips at their end."""
    rows = [row for trip in trips for row in list_calls(trip)]
    named = dict.fromkeys([c for c in CALL_KINDS if any(c in row for row in rows)], 0)
    lacking = {c: 0 for c in named if c not in times.columns}
    return append_rows(times.assign(**lacking) if lacking else times, [named | row for row in rows])


def add_stops(network: Network, stops: Sequence[Stop]) -> Network:
    """Return the network with stops in the feed, the station table and on the roads; those it has stay."""
    feed = network.feed
    in_feed = set(feed.stops["stop_id"].astype(str))
    in_table = set(network.stations["stop_id"].astype(str))
    on_road = set(network.station_links["stop_id"].astype(str))
    new = [s for s in stops if s.stop_id not in in_feed]
    feed_rows = [
        {"stop_id": s.stop_id, "stop_name": s.name.zh, "stop_lat": s.lat, "stop_lon": s.lon, "location_type": 0}
        for s in new
    ]
    if "location_type" not in feed.stops.columns:
        feed_rows = [{k: v for k, v in row.items() if k != "location_type"} for row in feed_rows]
    station_rows = [
        {
            "stop_id": s.stop_id,
            "name_zh": s.name.zh,
            "name_en": s.name.en,
            "lon": s.lon,
            "lat": s.lat,
            "coord_quality": "judged",
            "region": "in" if s.in_region else "gateway",
            "road_node_id": s.road_node_id or "",
            "confidence": s.confidence,
            "source": s.source,
        }
        for s in stops
        if s.stop_id not in in_table
    ]
    link_rows = [
        {"stop_id": s.stop_id, "node_id": s.road_node_id, "snap_m": s.snap_m}
        for s in stops
        if s.road_node_id is not None and s.stop_id not in on_road
    ]
    return network.with_tables(
        feed=replace(feed, stops=append_rows(feed.stops, feed_rows)),
        stations=append_rows(network.stations, station_rows),
        station_links=append_rows(network.station_links, link_rows),
    )


def add_trips(network: Network, trips: Sequence[Trip], project_id: str, title: Title, mode: str) -> Network:
    """Return the network with trips of one project as one route; headway bands become ``frequencies`` rows."""
    feed = network.feed
    route_id = f"project:{project_id}"
    trip_table = feed.trips if "project_id" in feed.trips.columns else feed.trips.assign(project_id="")
    trip_rows = [
        {
            "route_id": route_id,
            "service_id": name_service(t.days),
            "trip_id": t.trip_id,
            "trip_headsign": title.zh,
            "direction_id": str(t.direction),
            "project_id": project_id,
        }
        for t in trips
    ]
    band_rows = [
        {
            "trip_id": t.trip_id,
            "start_clock_s": t.start_s,
            "end_clock_s": t.end_s,
            "headway_secs": t.headway_s,
            "exact_times": 0,
        }
        for t in trips
        if t.headway_s
    ]
    routes = feed.routes
    if route_id not in set(routes["route_id"].astype(str)):
        route = {
            "route_id": route_id,
            "agency_id": AGENCY_ID,
            "route_short_name": title.en,
            "route_long_name": title.zh,
            "route_type": ROUTE_TYPE[mode],
        }
        routes = append_rows(routes, [route])
    feed = replace(
        with_services(feed, {t.days for t in trips}),
        routes=routes,
        trips=append_rows(trip_table, trip_rows),
        stop_times=append_calls(feed.stop_times, trips),
        frequencies=append_rows(feed.frequencies, band_rows),
    )
    return network.with_tables(feed=feed)


def remove_trips(network: Network, trip_ids: set[str]) -> Network:
    """Return the network without these trips; routes and stops stay."""
    feed = network.feed
    if not trip_ids:
        return network
    return network.with_tables(
        feed=replace(
            feed,
            trips=_without(feed.trips, "trip_id", trip_ids),
            stop_times=_without(feed.stop_times, "trip_id", trip_ids),
            frequencies=_without(feed.frequencies, "trip_id", trip_ids),
        )
    )


def _without(table: pd.DataFrame, column: str, ids: set[str]) -> pd.DataFrame:
    if not len(table):
        return table
    return table[~table[column].astype(str).isin(ids)].reset_index(drop=True)


def name_service(days: tuple[str, ...]) -> str:
    """Return the service_id of services that run on some days of the week, daily without any."""
    return f"planned-{'-'.join(d for d in _WEEK if d in days)}" if days else SERVICE_ID


def with_services(feed: Feed, patterns: Iterable[tuple[str, ...]]) -> Feed:
    """Return the feed with a service for each pattern of days, as long as the feed runs, and their agency."""
    for days in sorted(patterns):
        feed = _with_service(feed, days)
    return feed


def _with_service(feed: Feed, days: tuple[str, ...]) -> Feed:
    service_id = name_service(days)
    if len(feed.calendar) and service_id in set(feed.calendar["service_id"].astype(str)):
        return feed
    dates = [str(d) for c in ("start_date", "end_date") for d in feed.calendar.get(c, [])]
    dates += [str(d) for d in feed.calendar_dates.get("date", [])]
    numeric = len(feed.calendar) and pd.api.types.is_numeric_dtype(feed.calendar["monday"].dtype)
    runs = {name: int(not days or short in days) for short, name in _WEEK.items()}
    row: dict[str, Any] = {"service_id": service_id, **(runs if numeric else {d: str(n) for d, n in runs.items()})}
    row |= {"start_date": min(dates, default="20000101"), "end_date": max(dates, default="20991231")}
    agency = {
        "agency_id": AGENCY_ID,
        "agency_name": "规划项目 / planned projects",
        "agency_url": "https://example.org/",
        "agency_timezone": str(feed.agency["agency_timezone"].iloc[0]) if len(feed.agency) else "Asia/Shanghai",
    }
    known = AGENCY_ID in {str(a) for a in feed.agency.get("agency_id", ())}
    agencies = feed.agency if known else append_rows(feed.agency, [agency])
    return replace(feed, calendar=append_rows(feed.calendar, [row]), agency=agencies)


def add_nodes(network: Network, rows: Sequence[Mapping[str, Any]]) -> Network:
    """Return the network with road nodes at the end of the table."""
    return network.with_roads(nodes=append_rows(network.nodes, rows)) if rows else network


def add_links(network: Network, roads: Sequence[Mapping[str, Any]]) -> Network:
    """Return the network with directed links of roads; each row names road_id and ``oneway``."""
    rows: list[dict[str, Any]] = []
    for road in roads:
        row = {k: v for k, v in road.items() if k != "oneway"} | {"link_id": road["road_id"]}
        rows.append(row)
        if not road["oneway"]:
            ends = {"from_node_id": row["to_node_id"], "to_node_id": row["from_node_id"]}
            rows.append(row | ends | {"link_id": f"{road['road_id']}{REVERSE_SUFFIX}"})
    return network.with_roads(links=append_rows(network.links, rows))


def measure_m(network: Network, from_node: str, to_node: str) -> float:
    """Return the great-circle distance in metres between two road nodes."""
    nodes = network.nodes.set_index("node_id")
    a, b = nodes.loc[from_node], nodes.loc[to_node]
    return float(compute_great_circle_m(a["lon"], a["lat"], b["lon"], b["lat"]))
