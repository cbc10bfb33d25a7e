"""Railway: stations, lines and the trains of the GTFS feed.

Trains keep their published times. The facts count midnights (``day_offset``) from the first stop listed for a
train; a train that is listed from its second day on (K996) is moved back to day 0, so that its service day is
the day it is seen in the region. Stops the source does not list are not invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from provenance import cite
from tables import Row

STATION_COLUMNS = (
    "stop_id", "name_zh", "name_en", "telecode", "aliases", "lon", "lat", "coord_quality", "prefecture", "county",
    "region", "opened", "road_node_id", "confidence", "source",
)  # fmt: skip
SERVICES = ("TT2020Q4", "TT20230326")
# Route id, short name, zh, en: one route per class of train, told by the letter of the number.
CLASSES = {
    "G": ("rail-g", "G", "高速动车组列车", "High-speed EMU train (G)"),
    "D": ("rail-d", "D", "动车组列车", "EMU train (D)"),
    "Z": ("rail-z", "Z", "直达特快列车", "Non-stop express train (Z)"),
    "T": ("rail-t", "T", "特快列车", "Express train (T)"),
    "K": ("rail-k", "K", "快速列车", "Fast train (K)"),
    "": ("rail-p", "普", "普通旅客列车", "Ordinary train (number without a letter)"),
}
# Trains stop here but no point was published: the town stands in for the station.
STAND_INS = {
    "erlian": (
        "111.983000",
        "43.650000",
        "[wp-erenhot] town of Erenhot (43.650N 111.983E) stands in for the station",
    ),
    "huade": ("", "", "[datav] seat of Huade County stands in for the station"),
}
PREFECTURES = {
    "呼和浩特市": "Hohhot", "包头市": "Baotou", "鄂尔多斯市": "Ordos", "乌兰察布市": "Ulanqab",
    "张家口市": "Zhangjiakou", "北京市": "Beijing", "大同市": "Datong", "太原市": "Taiyuan",
    "银川市": "Yinchuan", "榆林市": "Yulin", "锡林郭勒盟": "Xilingol", "巴彦淖尔市": "Bayannur", "乌海市": "Wuhai",
}  # fmt: skip
CONFIDENCE = {"point": "medium", "approx": "low", "judged": "low", "none": "low"}


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


def build_stations(
    facts: list[Row],
    nodes: dict[str, Row],
    names_en: dict[str, str],
    aliases: dict[str, str],
    sources: list[Row],
) -> list[Row]:
    """Build ``stations.csv``: every station, halt and gateway of the facts, in their order."""
    rows = []
    for s in facts:
        lon, lat, quality, note = s["lon"], s["lat"], s["coord_quality"] or "none", s["coord_source"]
        if not lon and s["id"] in STAND_INS:
            lon, lat, note = STAND_INS[s["id"]]
            lon, lat, quality = lon or nodes[s["id"]]["lon"], lat or nodes[s["id"]]["lat"], "judged"
        node_id = f"station_{s['id'].replace('-', '_')}"
        also = [f"{s['name_zh']}站"] if s["name_zh"] else []
        also += [a for a in aliases.get(f"{s['id']}-station", "").split(";") if a]
        rows.append({
            "stop_id": s["id"], "name_zh": s["name_zh"], "name_en": s["name_en"] or names_en[s["id"]],
            "telecode": s["telecode"], "aliases": ";".join(also), "lon": lon, "lat": lat, "coord_quality": quality,
            "prefecture": PREFECTURES[s["city"]], "county": s["county"], "region": s["region"],
            "opened": _opened(s["opened"]), "road_node_id": node_id if node_id in nodes else "",
            "confidence": CONFIDENCE[quality],
            "source": cite(f"{note}; {s['source']}" if note else s["source"], sources) + _status(s),
        })  # fmt: skip
    return rows


def _opened(text: str) -> str:
    """Return an ISO date, or the year of a month; "HSR ..." dates a line, not the station, so it is left out."""
    return "" if text.startswith("HSR") else text[:4] if len(text) == len("2016-05") else text


def _status(station: Row) -> str:
    line_opened = f"; {station['opened']}" if station["opened"].startswith("HSR") else ""
    return f"; {station['service_status']}{line_opened}"


def build_trains(feed: Feed, services: list[Row], stations: list[Row]) -> None:
    """Add the trains of the facts to the feed: stops, one route per class, one trip per train.

    Raises
    ------
    ValueError
        When midnights do not agree with ``day_offset`` or a train stops where we have no coordinates.
    """
    by_name = {row["name_zh"]: row for row in stations}
    trains: dict[tuple[str, str], list[Row]] = {}
    for call in services:
        trains.setdefault((call["timetable_id"], call["train_no"]), []).append(call)
    served = {call["station_name_zh"] for call in services}
    for station in stations:
        if station["name_zh"] in served:
            feed.stops.append(_stop(station))
            feed.translations.append(translation("stops", "stop_name", station["stop_id"], station["name_en"]))
    for route_id, short, zh, en in CLASSES.values():
        feed.routes.append({
            "route_id": route_id, "agency_id": "china-railway", "route_short_name": short, "route_long_name": zh,
            "route_type": "2", "route_color": "", "route_text_color": "",
        })  # fmt: skip
        feed.translations.append(translation("routes", "route_long_name", route_id, en))
    for (timetable, number), calls in sorted(trains.items()):
        letter = number[0] if number[0].isalpha() else ""
        trip_id = f"{timetable}-{number}"
        feed.trips.append({
            "route_id": CLASSES[letter][0], "service_id": timetable, "trip_id": trip_id,
            "trip_headsign": calls[0]["terminus_zh"], "trip_short_name": number, "direction_id": "",
        })  # fmt: skip
        feed.stop_times.extend(_calls(trip_id, sorted(calls, key=lambda c: int(c["seq"])), by_name))


def translation(table: str, name: str, record_id: str, english: str) -> Row:
    """Return one row of ``translations.txt``."""
    return {
        "table_name": table, "field_name": name, "language": "en", "translation": english, "record_id": record_id,
    }  # fmt: skip


def _stop(station: Row) -> Row:
    if not station["lon"]:
        raise ValueError(f"{station['stop_id']}: trains stop here but it has no coordinates")
    return {
        "stop_id": station["stop_id"], "stop_name": station["name_zh"], "stop_lat": station["lat"],
        "stop_lon": station["lon"],
    }  # fmt: skip


def _calls(trip_id: str, calls: list[Row], by_name: dict[str, Row]) -> list[Row]:
    """Turn one train's calls into ``stop_times`` rows whose clock times never run backwards.

    Each reading that is earlier than the one before it is after a further midnight; the day so found must be the
    ``day_offset`` of the facts, which belongs to the departure (to the arrival at the terminus).
    """
    base = int(calls[0]["day_offset"])
    rows, day_start, last = [], 0, 0
    for number, call in enumerate(calls, start=1):
        times = []
        for text in (call["arrive"] or call["depart"], call["depart"] or call["arrive"]):
            if day_start + seconds(text) < last:
                day_start += 86_400
            last = day_start + seconds(text)
            times.append(clock(last))
        if day_start // 86_400 != int(call["day_offset"]) - base:
            raise ValueError(f"{trip_id}: {call['station_name_zh']} is not on the day its day_offset says")
        rows.append({
            "trip_id": trip_id, "arrival_time": times[0], "departure_time": times[1],
            "stop_id": by_name[call["station_name_zh"]]["stop_id"], "stop_sequence": str(number), "timepoint": "1",
        })  # fmt: skip
    return rows


def build_lines(facts: list[Row], sources: list[Row]) -> list[Row]:
    """Build ``rail_lines.csv``: the facts, each source with its key."""
    return [{**row, "source": cite(row["source"], sources)} for row in facts]


def build_line_stations(facts: list[Row], stations: list[Row], sources: list[Row]) -> list[Row]:
    """Build ``rail_line_stations.csv``: tariff kilometres, with the ``stop_id`` where we know the station."""
    by_name = {row["name_zh"]: row["stop_id"] for row in stations}
    # The old Baolan-line station was renamed when the new one took its name.
    renamed = {("baolan", "乌拉特前旗"): "wulashan-west"}
    return [
        {
            "line_id": row["line_id"], "name_zh": row["name_zh"], "seq": row["seq"], "station_zh": row["station_zh"],
            "stop_id": renamed.get((row["line_id"], row["station_zh"]), by_name.get(row["station_zh"], "")),
            "tariff_km": row["tariff_km"], "source_date": row["source_date"], "source": cite(row["source"], sources),
        }
        for row in facts
    ]  # fmt: skip
