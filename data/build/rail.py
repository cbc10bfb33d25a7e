"""Railway: stations, lines and the trains of the GTFS feed.

Trains keep their published times. The facts count midnights (``day_offset``) from the origin of a train; one that
is listed from its second day on is moved back to day 0, so that its service day is the day it is seen in the
region. Stops the source does not list are not invented; stops at stations that ``stations.csv`` does not have lie
beyond the region and are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from choices import Choices
from provenance import Sources, cite
from tables import Row

STATION_COLUMNS = (
    "stop_id", "name_zh", "name_en", "telecode", "aliases", "lon", "lat", "coord_quality", "prefecture", "county",
    "region", "opened", "road_node_id", "confidence", "source",
)  # fmt: skip
# Route id, short name, zh, en: one route per class of train, told by the letter of the number.
CLASSES = {
    "G": ("rail-g", "G", "高速动车组列车", "High-speed EMU train (G)"),
    "D": ("rail-d", "D", "动车组列车", "EMU train (D)"),
    "C": ("rail-c", "C", "城际动车组列车", "Intercity EMU train (C)"),
    "Z": ("rail-z", "Z", "直达特快列车", "Non-stop express train (Z)"),
    "T": ("rail-t", "T", "特快列车", "Express train (T)"),
    "K": ("rail-k", "K", "快速列车", "Fast train (K)"),
    "": ("rail-p", "普", "普通旅客列车", "Ordinary train (number without a letter)"),
}
DAY_S = 86_400
DATED = re.compile(r"\d{4}(-\d{2}){0,2}")
CONFIDENCE = {"point": "medium", "approx": "low", "judged": "low", "none": "low"}


@dataclass(frozen=True)
class Timetable:
    """Id of a timetable and what its ``day_offset`` belongs to, ``arrival`` or ``departure``."""

    id: str
    day_of: str


@dataclass
class Feed:
    """The GTFS tables as lists of rows, filled by :func:`build_trains` and ``metro.build_metro``."""

    stops: list[Row] = field(default_factory=list)
    routes: list[Row] = field(default_factory=list)
    trips: list[Row] = field(default_factory=list)
    stop_times: list[Row] = field(default_factory=list)
    frequencies: list[Row] = field(default_factory=list)
    transfers: list[Row] = field(default_factory=list)
    translations: list[Row] = field(default_factory=list)


def clock(seconds: int) -> str:
    """Return a GTFS time; hours may pass 24."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def seconds(text: str) -> int:
    """Return the seconds of ``HH:MM``."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


@dataclass(frozen=True)
class StationTables:
    """What stations are built from beside their own table."""

    nodes: dict[str, Row]
    points: dict[str, Row]
    names_en: dict[str, str]
    aliases: dict[str, str]


def build_stations(facts: list[Row], tables: StationTables, sources: Sources, choices: Choices) -> list[Row]:
    """Build ``stations.csv``: every station, halt and gateway of the facts, in their order.

    Where no point was published, ``station_points.csv`` has one: along the course of a line, or a town that stands
    in for the station.
    """
    seats, prefectures = choices.table("station_seats"), choices.table("prefectures")
    rows = []
    for s in facts:
        lon, lat, quality, note = s["lon"], s["lat"], s["coord_quality"] or "none", s["coord_source"]
        if not lon and s["id"] in tables.points:
            given = tables.points[s["id"]]
            place = tables.nodes[seats[s["id"]]] if s["id"] in seats else given
            lon, lat, quality, note = place["lon"], place["lat"], given["quality"], given["source"]
        node_id = f"station_{s['id'].replace('-', '_')}"
        also = [f"{s['name_zh']}站"] if s["name_zh"] else []
        also += [a for a in tables.aliases.get(f"{s['id']}-station", "").split(";") if a]
        rows.append({
            "stop_id": s["id"], "name_zh": s["name_zh"], "name_en": s["name_en"] or tables.names_en[s["id"]],
            "telecode": s["telecode"], "aliases": ";".join(also), "lon": lon, "lat": lat, "coord_quality": quality,
            "prefecture": prefectures[s["city"]], "county": s["county"], "region": s["region"],
            "opened": _opened(s["opened"]), "road_node_id": node_id if node_id in tables.nodes else "",
            "confidence": CONFIDENCE[quality],
            "source": cite(f"{note}; {s['source']}" if note else s["source"], sources) + _status(s),
        })  # fmt: skip
    return rows


def _opened(text: str) -> str:
    """Return an ISO date, or the year of a month; "HSR ..." and the like date a line or its trains, not the station."""
    return "" if not DATED.fullmatch(text) else text[:4] if len(text) == len("2016-05") else text


def _status(station: Row) -> str:
    line_opened = f"; {station['opened']}" if station["opened"] and not DATED.fullmatch(station["opened"]) else ""
    return f"; {station['service_status']}{line_opened}"


def build_trains(feed: Feed, services: list[Row], stations: list[Row], timetable: Timetable) -> None:
    """Add the trains of one timetable to the feed: stops, one route per class, one trip per train.

    A train that calls at one station with coordinates only takes nobody anywhere and is left out.

    Raises
    ------
    ValueError
        When a train runs backwards in time.
    """
    by_name = {row["name_zh"]: row for row in stations if row["lon"]}
    trains: dict[str, list[Row]] = {}
    for call in services:
        if call["timetable_id"] == timetable.id and call["station_name_zh"] in by_name:
            trains.setdefault(call["train_no"], []).append(call)
    trains = {number: calls for number, calls in trains.items() if len(calls) > 1}
    served = {call["station_name_zh"] for calls in trains.values() for call in calls}
    for station in by_name.values():
        if station["name_zh"] in served:
            feed.stops.append({
                "stop_id": station["stop_id"], "stop_name": station["name_zh"], "stop_lat": station["lat"],
                "stop_lon": station["lon"],
            })  # fmt: skip
            feed.translations.append(translation("stops", "stop_name", station["stop_id"], station["name_en"]))
    letters = {_letter(number) for number in trains}
    for letter, (route_id, short, zh, en) in CLASSES.items():
        if letter not in letters:
            continue
        feed.routes.append({
            "route_id": route_id, "agency_id": "china-railway", "route_short_name": short, "route_long_name": zh,
            "route_type": "2", "route_color": "", "route_text_color": "",
        })  # fmt: skip
        feed.translations.append(translation("routes", "route_long_name", route_id, en))
    for number, calls in sorted(trains.items()):
        trip_id = f"{timetable.id}-{number}"
        feed.trips.append({
            "route_id": CLASSES[_letter(number)][0], "service_id": timetable.id, "trip_id": trip_id,
            "trip_headsign": calls[0]["terminus_zh"], "trip_short_name": number, "direction_id": "",
        })  # fmt: skip
        ordered = sorted(calls, key=lambda c: int(c["seq"]))
        feed.stop_times.extend(_calls(trip_id, ordered, by_name, timetable.day_of))


def _letter(number: str) -> str:
    return number[0] if number[0].isalpha() else ""


def translation(table: str, name: str, record_id: str, english: str) -> Row:
    """Return one row of ``translations.txt``."""
    return {
        "table_name": table, "field_name": name, "language": "en", "translation": english, "record_id": record_id,
    }  # fmt: skip


def _calls(trip_id: str, calls: list[Row], by_name: dict[str, Row], day_of: str) -> list[Row]:
    """Turn one train's calls into ``stop_times`` rows whose clock times never run backwards.

    ``day_offset`` counts the midnights before the arrival or the departure (``day_of``); where a train stands over
    midnight the other one is a day off.
    """
    rows: list[Row] = []
    base: int | None = None
    last = 0
    for number, call in enumerate(calls, start=1):
        arrive, depart = seconds(call["arrive"] or call["depart"]), seconds(call["depart"] or call["arrive"])
        over_midnight = arrive > depart
        day = int(call["day_offset"]) - (1 if over_midnight and day_of == "departure" else 0)
        base = day if base is None else base
        arrive += (day - base) * DAY_S
        depart += (day - base + (1 if over_midnight else 0)) * DAY_S
        if not last <= arrive <= depart:
            raise ValueError(f"{trip_id}: {call['station_name_zh']} is before the stop before it")
        last = depart
        rows.append({
            "trip_id": trip_id, "arrival_time": clock(arrive), "departure_time": clock(depart),
            "stop_id": by_name[call["station_name_zh"]]["stop_id"], "stop_sequence": str(number), "timepoint": "1",
        })  # fmt: skip
    return rows


def build_lines(facts: list[Row], sources: Sources) -> list[Row]:
    """Build ``rail_lines.csv``: the facts, each source with its key."""
    return [{**row, "source": cite(row["source"], sources)} for row in facts]


def build_line_stations(facts: list[Row], stations: list[Row], sources: Sources, choices: Choices) -> list[Row]:
    """Build ``rail_line_stations.csv``: tariff kilometres, with the ``stop_id`` where we know the station."""
    by_name = {row["name_zh"]: row["stop_id"] for row in stations}
    renamed = {(line, name): stop for line, name, stop in choices.rows("renamed_stations")}
    return [
        {
            "line_id": row["line_id"], "name_zh": row["name_zh"], "seq": row["seq"], "station_zh": row["station_zh"],
            "stop_id": renamed.get((row["line_id"], row["station_zh"]), by_name.get(row["station_zh"], "")),
            "tariff_km": row["tariff_km"], "source_date": row["source_date"], "source": cite(row["source"], sources),
        }
        for row in facts
    ]  # fmt: skip
