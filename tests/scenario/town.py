"""A town of literal tables for the scenario room.

::

    b (40.6)          a, i1, i2, b on the meridian 111.0 E; c on 111.2 E
    |  12 km, 60      1 degree of latitude is 111.195 km
    i2 (40.5)
    ‖  46 km, 100, motorway, toll
    i1 (40.1)   c (40.3)   S1: a-c 40 km, c-b 40 km, 60 km/h
    |  12 km, 60
    a (40.0)

Stations: sa at a, sm between (40.3), sb at b; `nowhere` has no place. Trains: T1 sa 08:00 - sm 08:20/08:22 - sb
08:45; T2 sb 10:00 - sm 10:25/10:27 - sa 10:50; T3 sa 12:00 - sb 13:00 without a stop.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from transit_model.assumptions import read_default_assumptions
from transit_model.domain.region import Feed, Region, RegionInfo
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.units import parse_clock_s

AS_OF = date(2025, 12, 31)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def table(columns: str, *rows: str) -> pd.DataFrame:
    """A table of strings from words; ``-`` is an empty cell."""
    cells = [["" if c == "-" else c for c in row.split()] for row in rows]
    return pd.DataFrame(cells, columns=columns.split(), dtype=str)


def as_numbers(frame: pd.DataFrame, **kinds: str) -> pd.DataFrame:
    for column, kind in kinds.items():
        frame[column] = pd.to_numeric(frame[column]).astype(kind)
    return frame


def build_feed() -> Feed:
    times = table(
        "trip_id stop_id arrive depart stop_sequence",
        "T1 sa 08:00 08:00 1",
        "T1 sm 08:20 08:22 2",
        "T1 sb 08:45 08:45 3",
        "T2 sb 10:00 10:00 1",
        "T2 sm 10:25 10:27 2",
        "T2 sa 10:50 10:50 3",
        "T3 sa 12:00 12:00 1",
        "T3 sb 13:00 13:00 2",
    )
    times["arrival_clock_s"] = times.pop("arrive").map(parse_clock_s).astype("int64")
    times["departure_clock_s"] = times.pop("depart").map(parse_clock_s).astype("int64")
    times = as_numbers(times, stop_sequence="int64")
    stops = as_numbers(
        table("stop_id stop_name stop_lat stop_lon", "sa A 40.001 111.001", "sm M 40.3 111.0", "sb B 40.6 111.001"),
        stop_lat="float64",
        stop_lon="float64",
    )
    return Feed(
        agency=table("agency_id agency_name agency_url agency_timezone", "rail Rail https://example.org Asia/Shanghai"),
        stops=stops,
        routes=as_numbers(table("route_id agency_id route_short_name route_type", "R rail R 2"), route_type="int64"),
        trips=table("route_id service_id trip_id", "R daily T1", "R daily T2", "R daily T3"),
        stop_times=times,
        calendar=table(
            f"service_id {' '.join(_DAYS)} start_date end_date", f"daily {' '.join('1' * 7)} 20201201 20201231"
        ),
        calendar_dates=table("service_id date exception_type"),
        frequencies=as_numbers(
            table("trip_id start_clock_s end_clock_s headway_secs exact_times"),
            start_clock_s="int64",
            end_clock_s="int64",
            headway_secs="int64",
            exact_times="int64",
        ),
        transfers=table("from_stop_id to_stop_id transfer_type min_transfer_time"),
        shapes=table("shape_id"),
        feed_info=table("feed_publisher_name", "test"),
    )


def build_town_region() -> Region:
    nodes = as_numbers(
        table(
            "node_id name_zh name_en lon lat kind confidence source",
            "a 甲 A 111.0 40.0 seat high [t]",
            "i1 一 I1 111.0 40.1 interchange high [t]",
            "i2 二 I2 111.0 40.5 interchange high [t]",
            "b 乙 B 111.0 40.6 seat high [t]",
            "c 丙 C 111.2 40.3 seat high [t]",
        ),
        lon="float64",
        lat="float64",
    )
    links = as_numbers(
        table(
            "link_id from_node_id to_node_id highway ref name_zh length_m maxspeed_kmh area opened closed"
            " confidence source",
            "a--i1 a i1 primary - 连 12000 60 rural - - high [t]",
            "i1--i2 i1 i2 motorway G1 高 46000 100 rural - - high [t]",
            "i2--b i2 b primary - 连 12000 60 rural - - high [t]",
            "a--c a c secondary S1 省 40000 60 rural - - high [t]",
            "c--b c b secondary S1 省 40000 60 rural - - high [t]",
        ),
        length_m="float64",
        maxspeed_kmh="float64",
    )
    links["oneway"] = False
    links["toll"] = links["highway"] == "motorway"
    stations = as_numbers(
        table(
            "stop_id name_zh name_en telecode aliases lon lat coord_quality prefecture county region opened"
            " road_node_id confidence source",
            "sa 甲站 A - - 111.001 40.001 point - - in - a high [t]",
            "sm 中站 M - - 111.0 40.3 point - - in - - high [t]",
            "sb 乙站 B - - 111.001 40.6 point - - in - b high [t]",
            "nowhere 无 N - - - - none - - in - - low [t]",
        ),
        lon="float64",
        lat="float64",
    )
    places = as_numbers(
        table(
            "place_id kind name_zh name_en aliases lon lat adcode prefecture road_node_id confidence source",
            "pa centre 甲 A - 111.0 40.0 1 P a high [t]",
            "pb centre 乙 B - 111.0 40.6 2 P b high [t]",
            "old_airport airport 旧 Old - 111.2 40.3 - P c high [t]",
            "new_airport airport 新 New - 111.0 40.1 - P i1 high [t]",
        ),
        lon="float64",
        lat="float64",
    )
    counties = as_numbers(
        table(
            "adcode name_zh name_en prefecture kind population_2020 place_id road_node_id area_km2 confidence source",
            "1 甲 A P county 1000 pa a 10 high [t]",
        ),
        population_2020="int64",
        area_km2="float64",
    )
    info = RegionInfo(
        region_id="town",
        title={"zh": "镇", "en": "town"},
        crs="EPSG:32649",
        bbox=(110.0, 39.0, 112.0, 41.0),
        built_as_of=AS_OF,
        service_date=date(2020, 12, 16),
        window=(25_200, 75_600),
        timetable_vintage={"zh": "2020", "en": "2020"},
        groups={"centres": ("pa", "pb")},
        main_stations={"pa": ("sa",), "pb": ("sb",)},
    )
    shapes = as_numbers(table("link_id seq lon lat"), seq="int64", lon="float64", lat="float64")
    sources = table("key publisher date title url grade", "t test 2020 test - A")
    return Region(
        info, places, counties, nodes, links, shapes, stations, build_feed(), sources, "fingerprint-of-the-town"
    )


def build_town() -> Network:
    """The town at the end of 2025."""
    return build_network(build_town_region(), AS_OF, read_default_assumptions())


def free_road_time_s(from_node_id: str, to_node_id: str, network: Network) -> float:
    """Seconds at posted speeds capped at 100 km/h, inf when unreachable."""
    return list_free_times_s(from_node_id, network).get(to_node_id, float("inf"))


def list_free_times_s(from_node_id: str, network: Network) -> dict[str, float]:
    """Slow obvious Bellman-Ford: seconds to every node that can be reached."""
    rows = [
        (str(a), str(b), float(metres) * 3.6 / min(float(speed), 100.0))
        for a, b, metres, speed in network.links[["from_node_id", "to_node_id", "length_m", "maxspeed_kmh"]].itertuples(
            index=False
        )
    ]
    best = {from_node_id: 0.0}
    for _ in range(len(network.nodes)):
        for a, b, along in rows:
            seconds = best.get(a, float("inf")) + along
            if seconds < best.get(b, float("inf")):
                best[b] = seconds
    return best
