"""Rules between the tables of a region pack: references, positions, dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.plausible import COUNTY_MAX_PERSONS, REGION_MAX_PERSONS, find_short
from transit_model.domain.region import Feed, RegionInfo, TimetableInfo
from transit_model.domain.rows import find_rows
from transit_model.domain.service_days import find_active_services, find_service_dates
from transit_model.errors import Issue, Severity
from transit_model.region.tables import CORE_TABLES, FEED_FOLDER, JOINED_FILE
from transit_model.store.csv_text import StringTable
from transit_model.store.notice import Notice
from transit_model.store.resources import REGION_FILE

STATION_TOLERANCE_M = 500.0
"""Farther apart, a station and its stop in the feed are two points and one is wrong (judged)."""
_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
_SOURCE_KEY = re.compile(r"\[([^\]]+)\]")
OWN_KEYS = {"judged"}  # "[judged] ..." marks a row without a published source

REFERENCES: tuple[tuple[str, str, str, str, str], ...] = (
    ("links", "from_node_id", "nodes", "node_id", "unknown_node"),
    ("links", "to_node_id", "nodes", "node_id", "unknown_node"),
    ("places", "road_node_id", "nodes", "node_id", "unknown_node"),
    ("counties", "road_node_id", "nodes", "node_id", "unknown_node"),
    ("stations", "road_node_id", "nodes", "node_id", "unknown_node"),
    ("counties", "place_id", "places", "place_id", "unknown_place"),
    ("shapes", "link_id", "links", "link_id", "unknown_link"),
)
"""Child table and column, parent table and column, code. An empty cell refers to nothing."""

Tables = Mapping[str, StringTable]


def check_region_tables(info: RegionInfo | None, tables: Tables, feeds: Mapping[str, Feed]) -> list[Issue]:
    """Return findings that need more than one table, with the lines of the files; feeds by timetable."""
    issues = check_references(tables) + check_dates(tables) + check_link_ends(tables) + check_source_keys(tables)
    issues += check_link_lengths(tables) + check_people(tables)
    if info is not None:
        issues += check_positions(info, tables)
    folders = {} if info is None else {t.timetable_id: t.folder for t in info.list_timetables()}
    for timetable_id, feed in feeds.items():
        issues += check_station_points(tables["stations"], feed, folder=folders.get(timetable_id, FEED_FOLDER))
    if info is not None and feeds:
        issues += check_main_stations(info, tables, feeds)
        for timetable in info.list_timetables():
            if timetable.timetable_id in feeds:
                issues += check_service_date(timetable, feeds[timetable.timetable_id])
        issues += check_timetable_sources(info, tables)
    return issues


def _notice(code: str, severity: Severity, table: str, field: str, message: str, *, hint: str = "") -> Notice:
    return Notice(code, severity, CORE_TABLES[table][0], field, message, hint)


def check_references(tables: Tables) -> list[Issue]:
    """``unknown_node``, ``unknown_place``, ``unknown_link``: a row names something that no other table has."""
    issues: list[Issue] = []
    for child, column, parent, key, code in REFERENCES:
        texts = tables[child].table[column]
        notice = _notice(code, "error", child, column, f"{column} is not in {CORE_TABLES[parent][0]}")
        lost = (find_rows(tables[parent].table[key], texts) < 0) & (texts != "").to_numpy(dtype=bool)
        issues += notice.list_rows(lost, tables[child])
    return issues


def check_dates(tables: Tables) -> list[Issue]:
    """``bad_date``: opened or closed is no YYYY, YYYY-MM or YYYY-MM-DD; ``date_order``: closed before opened."""
    issues: list[Issue] = []
    for name, column in (("links", "opened"), ("links", "closed"), ("stations", "opened")):
        hint = "write YYYY, YYYY-MM or YYYY-MM-DD"
        notice = _notice("bad_date", "error", name, column, f"{column} is not a date", hint=hint)
        issues += notice.list_rows(
            _mark(tables[name].table[column], lambda t: t != "" and not _is_date(t)), tables[name]
        )
    links = tables["links"].table
    notice = _notice("date_order", "error", "links", "closed", "the road closes before it opens")
    late = (links["opened"] != "") & (links["closed"] != "") & (links["closed"] < links["opened"])
    return issues + notice.list_rows(late, tables["links"])


def _mark(texts: pd.Series[str], wrong: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    """Return which texts are wrong; each text is looked at once."""
    codes, values = pd.factorize(texts)
    bad = np.array([wrong(v) for v in _list_texts(values)], dtype=bool)
    return bad[codes] if len(values) else np.zeros(len(texts), dtype=bool)


def _list_texts(texts: pd.Series[str] | pd.Index[str]) -> list[str]:
    """Return texts as a list: stepping through an Arrow column one by one is ten times slower."""
    out: list[str] = np.asarray(texts, dtype=object).tolist()
    return out


def _read_source_key(text: str) -> str:
    match = _SOURCE_KEY.match(text)
    return "" if match is None else match.group(1)


def _is_date(text: str) -> bool:
    if not _DATE.match(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def check_link_ends(tables: Tables) -> list[Issue]:
    """``self_loop``: a road from a node to itself; ``zero_length``: a road of 0 m."""
    links = tables["links"].table
    loop = _notice("self_loop", "error", "links", "to_node_id", "the road starts and ends at one node")
    flat = _notice("zero_length", "error", "links", "length_m", "the road has no length")
    return [
        *loop.list_rows(links["from_node_id"] == links["to_node_id"], tables["links"]),
        *flat.list_rows(links["length_m"] == 0, tables["links"]),
    ]


def check_link_lengths(tables: Tables) -> list[Issue]:
    """``link_too_short``: a road shorter than the straight line between its ends; an error where by far."""
    nodes, links = tables["nodes"].table, tables["links"].table
    at = np.vstack([nodes[["lon", "lat"]].to_numpy(dtype=np.float64), [np.nan, np.nan]])
    # the last place is that of an end nobody knows
    start, end = (at[find_rows(nodes["node_id"], links[c])] for c in ("from_node_id", "to_node_id"))
    straight = compute_great_circle_m(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    short, gross = find_short(links["length_m"].to_numpy(dtype=np.float64), straight)
    message = "the road is shorter than the straight line between its ends"
    hint = "correct length_m (metres, not kilometres) or the place of its ends"
    far = _notice("link_too_short", "error", "links", "length_m", message, hint=hint)
    near = _notice("link_too_short", "warning", "links", "length_m", message, hint=hint)
    return [*far.list_rows(gross, tables["links"]), *near.list_rows(short & ~gross, tables["links"])]


def check_people(tables: Tables) -> list[Issue]:
    """``population_impossible``: more people in a county, or in all of them, than there can be."""
    people = tables["counties"].table["population_2020"].to_numpy(dtype=np.float64)
    message = f"no county has more than {COUNTY_MAX_PERSONS:,} people"
    hint = "persons, not thousands or households"
    notice = _notice("population_impossible", "error", "counties", "population_2020", message, hint=hint)
    issues = notice.list_rows(people > COUNTY_MAX_PERSONS, tables["counties"])
    total = float(np.nansum(people))
    if total > REGION_MAX_PERSONS and not issues:
        message = f"all counties together have more people than any country, {REGION_MAX_PERSONS:,}"
        issues += replace(notice, message=message).list_values([f"{total:.0f}"])
    return issues


def check_source_keys(tables: Tables) -> list[Issue]:
    """``unknown_source`` (warning): a source that starts with a key which sources.csv does not have."""
    issues: list[Issue] = []
    known = {"", *tables["sources"].table["key"], *OWN_KEYS}
    for name in ("places", "counties", "nodes", "links", "stations"):
        notice = _notice("unknown_source", "warning", name, "source", "the source key is not in sources.csv")
        lost = _mark(tables[name].table["source"], lambda s: _read_source_key(s) not in known)
        issues += notice.list_rows(lost, tables[name])
    return issues


def check_positions(info: RegionInfo, tables: Tables) -> list[Issue]:
    """``coordinates_swapped``, ``outside_bbox``: points that do not lie in the study area.

    Gateways (nodes of kind `gateway`, stations of region `gateway`) may lie outside.
    """
    west, south, east, north = info.bbox
    issues: list[Issue] = []
    for name in ("places", "nodes", "shapes", "stations"):
        raw = tables[name]
        lon, lat = (raw.table[c].to_numpy(dtype=np.float64) for c in ("lon", "lat"))
        known = ~(np.isnan(lon) | np.isnan(lat))
        outside = known & ~((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        swapped = outside & (lat >= west) & (lat <= east) & (lon >= south) & (lon <= north)
        gateway = np.zeros(len(lon), dtype=bool)
        for column in raw.table.columns.intersection(["kind", "region"]):
            gateway |= (raw.table[column] == "gateway").to_numpy(dtype=bool)
        message = "the point lies in the study area only with lon and lat exchanged"
        swap = _notice("coordinates_swapped", "error", name, "lon", message, hint="lon and lat swapped?")
        message = "the point lies outside the bbox of region.yaml"
        far = _notice("outside_bbox", "error", name, "lon", message, hint="check lon and lat, or widen bbox")
        issues += swap.list_rows(swapped, raw) + far.list_rows(outside & ~swapped & ~gateway, raw)
    return issues


def check_main_stations(info: RegionInfo, tables: Tables, feeds: Mapping[str, Feed]) -> list[Issue]:
    """``unknown_stop`` for a main station nobody knows, ``main_station_without_trains`` when no trip calls there.

    A station that opened after the newest timetable is silent: its trains come with a project.
    """
    known = {*tables["stations"].table["stop_id"], *(s for feed in feeds.values() for s in feed.stops["stop_id"])}
    served = {s for feed in feeds.values() for s in feed.stop_times["stop_id"].unique()}
    issues: list[Issue] = []
    for place, stops in info.main_stations.items():
        field = f"main_stations.{place}"
        message = "the main station is in neither stations.csv nor gtfs/stops.txt"
        lost = Notice("unknown_stop", "error", REGION_FILE, field, message)
        message = "no trip of the timetable calls at this main station"
        idle = Notice("main_station_without_trains", "warning", REGION_FILE, field, message)
        awaited = {s for s in stops if _opens_after(info, tables, s)}
        issues += lost.list_values([s for s in stops if s not in known])
        issues += idle.list_values([s for s in stops if s in known and s not in served | awaited])
    return issues


def _opens_after(info: RegionInfo, tables: Tables, stop_id: str) -> bool:
    """Return whether a station opened after the first day of the newest timetable."""
    stations = tables["stations"].table
    newest = max((t.valid_from for t in info.timetables if t.valid_from is not None), default=None)
    if newest is None or "opened" not in stations.columns:
        return False
    opened = str(stations.loc[stations["stop_id"] == stop_id, "opened"].fillna("").max())
    return opened[:4].isdigit() and f"{opened}-12-31"[:10] > newest.isoformat()


def check_joined_rows(rows: pd.DataFrame | None) -> list[Issue]:
    """``joined_conflict`` (warning): what two regions that were joined say differently of one thing."""
    if rows is None or "status" not in rows.columns:
        return []
    found = rows[rows["status"] == "conflict"]
    issues: list[Issue] = []
    for item, group in found.groupby("item", sort=True):
        message = (
            f"the two regions differ on this {item}; the row of {' and '.join(sorted(set(group['taken'])))} is taken"
        )
        notice = Notice(
            "joined_conflict", "warning", JOINED_FILE, "status", message, f"see {JOINED_FILE}, and correct one of them"
        )
        issues += notice.list_values(
            [str(name) for name in group["first_id"].where(group["first_id"] != "", group["second_id"])]
        )
    return issues


def check_service_date(timetable: TimetableInfo, feed: Feed) -> list[Issue]:
    """``no_service``: no trip of a timetable runs on its default service date."""
    day = timetable.service_date
    if feed.trips["service_id"].isin(find_active_services(feed, day)).any() or not len(feed.trips):
        return []
    dates = find_service_dates(feed)
    hint = f"the timetable runs from {dates.first} to {dates.last}" if dates.first else "the timetable never runs"
    if timetable.valid_from is None:
        notice = Notice("no_service", "error", REGION_FILE, "service_date", "no trip runs on the service date", hint)
    else:
        field = f"timetables.{timetable.timetable_id}.service_date"
        message = f"no trip of {timetable.timetable_id} runs on its service date"
        notice = Notice(
            "no_service", "error", REGION_FILE, field, message, f"{hint}; give it a service_date of its own"
        )
    return notice.list_values([day.isoformat()])


def check_timetable_sources(info: RegionInfo, tables: Tables) -> list[Issue]:
    """``unknown_source`` (warning): a timetable names a key that sources.csv does not have."""
    known = {*tables["sources"].table["key"], *OWN_KEYS}
    issues: list[Issue] = []
    for timetable in info.timetables:
        field = f"timetables.{timetable.timetable_id}.source"
        notice = Notice("unknown_source", "warning", REGION_FILE, field, "the source key is not in sources.csv")
        issues += notice.list_values([key for key in timetable.source if key not in known])
    return issues


def check_station_points(stations: StringTable, feed: Feed, *, folder: str = FEED_FOLDER) -> list[Issue]:
    """``station_moved`` (warning): a stop lies elsewhere in the feed than in stations.csv."""
    stops = feed.stops.drop_duplicates("stop_id").set_index("stop_id")[["stop_lon", "stop_lat"]].astype("float64")
    at = stops.reindex(stations.table["stop_id"])
    lon, lat = stations.table["lon"].astype("float64"), stations.table["lat"].astype("float64")
    apart = compute_great_circle_m(lon, lat, at["stop_lon"].to_numpy(), at["stop_lat"].to_numpy())
    message = f"the station lies more than {STATION_TOLERANCE_M:.0f} m from its stop in {folder}/stops.txt"
    notice = _notice("station_moved", "warning", "stations", "stop_id", message)
    return notice.list_rows(np.nan_to_num(apart) > STATION_TOLERANCE_M, stations)
