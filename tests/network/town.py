"""A town of literal rows with round numbers, for hand sums.

::

    c (40.5)   i3 (40.48)     a--i1  primary   urban  3 km  60 km/h        i1--i2 motorway toll 36 km 120 km/h
    |          ‖              i3--c  primary   urban  3 km  60 km/h        i2--i3 motorway toll 24 km 120 km/h
    b (40.3) - i2 (40.3)      b--i2  secondary rural  2 km  60 km/h        a--b   trunk         40 km  80 km/h
    |          ‖              b--c   trunk toll rural 30 km 100 km/h       c>b    tertiary one-way from c, 10 km 40 km/h
    a (40.0)   i1 (40.02)     old    a to c, secondary 50 km 100 km/h, closed in 2010
                              new    a to c, trunk 20 km 120 km/h, opens in 2030

`ROUND` holds assumptions chosen for hand sums, so that no test here moves when a default is revised:
walking takes one second a metre (4.5 km/h = 1.25 m/s, detour 1.25), off the network one drives 10 m/s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from transit_model.assumptions import Assumptions, read_default_assumptions
from transit_model.domain.region import Feed, Region, RegionInfo
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.units import parse_clock_s

AS_OF = date(2020, 12, 31)
SERVICE_DATE = date(2020, 12, 16)  # a Wednesday
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

ROUND_NUMBERS: dict[str, Any] = {
    "vehicle_cap_kmh": {"car": 120, "coach": 100, "ambulance": 120},
    "speed_factor_free": dict.fromkeys(
        ("motorway", "trunk", "primary", "secondary", "tertiary", "other", "urban"), 1.0
    ),
    "speed_factor_typical": {
        "motorway": 0.8, "trunk": 0.8, "primary": 0.75, "secondary": 0.75, "tertiary": 0.5, "other": 0.5, "urban": 0.5,
    },
    "toll_gate_delay_s": 30,
    "ramp_delay_s": 20,
    "junction_delay_s": {
        "motorway": 0, "trunk": 5, "primary": 10, "secondary": 15, "tertiary": 15, "other": 15, "urban": 30,
    },
    "car_start_min": 2, "car_park_min": 5, "taxi_wait_min": 5, "taxi_alight_min": 1,
    "walk_speed_kmh": 4.5, "walk_detour": 1.25, "walk_max_m": 2000, "access_max_min": 60,
    "rail_entry_min": 15, "rail_exit_min": 5, "rail_change_min": 10, "station_reach_km": 15,
    "transfer_walk_max_m": 400, "metro_entry_min": 3, "metro_exit_min": 2, "metro_change_min": 4,
    "bus_entry_min": 6, "bus_exit_min": 1, "max_rides": 4, "snap_max_m": 5000,
    "off_network_speed_kmh": 36, "off_network_max_min": 30,
}  # fmt: skip
ROUND: Assumptions = read_default_assumptions().with_changes(**ROUND_NUMBERS)

NODES = {
    "a": (111.0, 40.0), "i1": (111.02, 40.02), "b": (111.0, 40.3), "i2": (111.02, 40.3),
    "i3": (111.02, 40.48), "c": (111.0, 40.5),
}  # fmt: skip
LINKS = (
    # link_id from to oneway highway length_m maxspeed toll area opened closed
    "a--i1 a i1 0 primary 3000 60 0 urban - -",
    "i1--i2 i1 i2 0 motorway 36000 120 1 rural - -",
    "i2--i3 i2 i3 0 motorway 24000 120 1 rural - -",
    "b--i2 b i2 0 secondary 2000 60 0 rural - -",
    "i3--c i3 c 0 primary 3000 60 0 urban - -",
    "a--b a b 0 trunk 40000 80 0 rural - -",
    "b--c b c 0 trunk 30000 100 1 rural - -",
    "c>b c b 1 tertiary 10000 40 0 rural - -",
    "old a c 0 secondary 50000 100 0 rural - 2010",
    "new a c 0 trunk 20000 120 0 rural 2030 -",
)
STATIONS = {
    # stop_id: lon, lat, road node, zh, en
    "sa": (111.0, 39.99, "a", "甲", "Alpha"),
    "sx": (111.02, 40.021, "i1", "甲北", "Alpha North"),
    "sb": (111.0, 40.299, "b", "乙", "Beta"),
    "sc": (111.0, 40.505, "c", "丙", "Gamma"),
}
TRAINS = (
    "R1 rail daily | sa 08:00 | sb 08:18 08:20 | sc 08:35",
    "R2 rail daily | sa 10:00 | sc 10:30",
    "R3 rail daily | sa 12:00 | sb 12:20 12:22 | sc 12:40",
    "R4 rail daily | sc 09:00 | sb 09:15 09:17 | sa 09:36",
    "X1 rail daily | sx 09:00 | sc 09:28",
)
ROUTES = {"rail": 2, "metro": 1, "bus": 3, "coach": 200}


def table(columns: str, rows: Iterable[str], **kinds: str) -> pd.DataFrame:
    """A table from words, ``-`` for an empty cell; named columns become numbers."""
    cells = [["" if c == "-" else c for c in row.split()] for row in rows]
    frame = pd.DataFrame(cells, columns=columns.split(), dtype=str)
    for column, kind in kinds.items():
        frame[column] = pd.to_numeric(frame[column]).astype(kind)
    return frame


def make_feed(
    lines: Sequence[str] = TRAINS,
    *,
    stops: Mapping[str, tuple[Any, ...]] | None = None,
    frequencies: Sequence[str] = (),
    transfers: Sequence[str] = (),
    calendar: Sequence[str] = ("daily 1111111 20201201 20201231",),
    calendar_dates: Sequence[str] = (),
) -> Feed:
    """A feed from lines ``trip route service | stop arrive [depart] [p1] [d1] | ...`` (p, d: pickup, drop-off type).

    `frequencies`: ``trip from to headway exact``; `transfers`: ``from to type seconds``; `calendar`: ``service
    days(Monday first) start end``; `calendar_dates`: ``service date type``.
    """
    stops = dict(STATIONS) if stops is None else stops
    trips, times = [], []
    for line in lines:
        head, *calls = (part.split() for part in line.split("|"))
        trips.append(f"{head[1]} {head[2]} {head[0]}")
        for number, (stop, *rest) in enumerate(calls, start=1):
            clocks = [parse_clock_s(word) for word in rest if ":" in word]
            flags = {word[0]: word[1:] for word in rest if ":" not in word}
            times.append((head[0], stop, number, clocks[0], clocks[-1], int(flags.get("p", 0)), int(flags.get("d", 0))))
    week = [f"{s} {' '.join(days)} {a} {b}" for s, days, a, b in (row.split() for row in calendar)]
    bands = [
        f"{t} {parse_clock_s(a)} {parse_clock_s(b)} {h} {e}" for t, a, b, h, e in (row.split() for row in frequencies)
    ]
    return Feed(
        agency=table("agency_id agency_name agency_url agency_timezone", ["x X https://example.org Asia/Shanghai"]),
        stops=pd.DataFrame(
            [(s, v[3] if len(v) > 3 else s, v[1], v[0]) for s, v in stops.items()],
            columns=["stop_id", "stop_name", "stop_lat", "stop_lon"],
        ),
        routes=table(
            "route_id agency_id route_short_name route_type",
            [f"{name} x {name} {kind}" for name, kind in ROUTES.items()],
            route_type="int64",
        ),
        trips=table("route_id service_id trip_id", trips),
        stop_times=pd.DataFrame(
            times,
            columns=[
                "trip_id", "stop_id", "stop_sequence", "arrival_clock_s", "departure_clock_s", "pickup_type",
                "drop_off_type",
            ],
        ),
        calendar=table(f"service_id {' '.join(DAYS)} start_date end_date", week, **dict.fromkeys(DAYS, "int64")),
        calendar_dates=table("service_id date exception_type", calendar_dates, exception_type="int64"),
        frequencies=table(
            "trip_id start_clock_s end_clock_s headway_secs exact_times",
            bands,
            start_clock_s="int64", end_clock_s="int64", headway_secs="int64", exact_times="int64",
        ),
        transfers=table(
            "from_stop_id to_stop_id transfer_type min_transfer_time",
            transfers,
            transfer_type="int64", min_transfer_time="float64",
        ),
        shapes=table("shape_id shape_pt_lat shape_pt_lon shape_pt_sequence", []),
        feed_info=table("feed_publisher_name feed_publisher_url feed_lang", []),
    )  # fmt: skip


def make_links(rows: Sequence[str] = LINKS) -> pd.DataFrame:
    """The links table of rows as `LINKS`."""
    links = table(
        "link_id from_node_id to_node_id oneway highway length_m maxspeed_kmh toll area opened closed",
        rows,
        length_m="float64",
        maxspeed_kmh="float64",
    )
    for flag in ("oneway", "toll"):
        links[flag] = links[flag] == "1"
    return links.assign(ref="", name_zh="", confidence="high", source="[t]")


def make_places(rows: Sequence[str]) -> pd.DataFrame:
    """Places of rows ``id kind zh en aliases lon lat adcode road_node``."""
    places = table(
        "place_id kind name_zh name_en aliases lon lat adcode road_node_id", rows, lon="float64", lat="float64"
    )
    places["name_en"] = places["name_en"].str.replace("_", " ")
    return places.assign(prefecture="", confidence="high", source="[t]")


PLACES = (
    "pa centre 甲城 Alpha 阿城;A-town 111.0 40.0 100 a",
    "pb county_seat 乙县 Beta_County - 111.0 40.3 200 b",
    "pc centre 丙城 Gamma - 111.0 40.5 300 c",
    "halfway county_seat 途中 Halfway - 111.01 40.15 400 -",
)


def make_region(
    *,
    links: Sequence[str] = LINKS,
    feed: Feed | None = None,
    places: Sequence[str] = PLACES,
    stations: Mapping[str, tuple[Any, ...]] = STATIONS,
    shapes: Sequence[str] = (),
    window: str = "07:00-12:00",
    main_stations: Mapping[str, tuple[str, ...]] | None = None,
) -> Region:
    """The whole town as a region."""
    first, last = window.split("-")
    info = RegionInfo(
        region_id="town",
        title={"zh": "镇", "en": "town"},
        crs="+proj=aea +lat_1=39.5 +lat_2=41 +lat_0=40 +lon_0=111 +datum=WGS84 +units=m +no_defs",
        bbox=(110.6, 39.8, 111.4, 40.7),
        built_as_of=AS_OF,
        service_date=SERVICE_DATE,
        window=(parse_clock_s(first), parse_clock_s(last)),
        timetable_vintage={"zh": "2020", "en": "2020"},
        groups={"centres": ("pa", "pc")},
        main_stations={"pa": ("sa", "sx"), "pc": ("sc",)} if main_stations is None else main_stations,
    )
    station_rows = [
        (s, v[3], v[4], "", v[0], v[1], "point", "", "", "in", v[2], "high", "[t]") for s, v in stations.items()
    ]
    return Region(
        info=info,
        places=make_places(places),
        counties=table(
            "adcode name_zh name_en prefecture kind population_2020 place_id road_node_id area_km2 confidence source",
            ["200 乙县 Beta P county 1000 pb b 10 high [t]", "400 途中 Halfway P county 500 halfway - 10 high [t]"],
            population_2020="int64",
            area_km2="float64",
        ),
        nodes=pd.DataFrame(
            [(n, n.upper(), n.upper(), lon, lat, "seat", "high", "[t]") for n, (lon, lat) in NODES.items()],
            columns=["node_id", "name_zh", "name_en", "lon", "lat", "kind", "confidence", "source"],
        ),
        links=make_links(links),
        shapes=table("link_id seq lon lat", shapes, seq="int64", lon="float64", lat="float64"),
        stations=pd.DataFrame(
            station_rows,
            columns=[
                "stop_id", "name_zh", "name_en", "aliases", "lon", "lat", "coord_quality", "prefecture", "county",
                "region", "road_node_id", "confidence", "source",
            ],
        ),
        feed=make_feed() if feed is None else feed,
        sources=table("key publisher date title url grade", ["t test 2020 test - A"]),
        fingerprint="town",
    )  # fmt: skip


def make_town(*, as_of: date = AS_OF, assumptions: Assumptions = ROUND, **changes: Any) -> Network:
    """The town as a network; `changes` go to `make_region`, except `station_columns` (added to the stations)."""
    added = changes.pop("station_columns", None)
    region = make_region(**changes)
    if added:
        region = replace(region, stations=region.stations.assign(**added))
    return build_network(region, as_of, assumptions)
