"""Rules between the tables of a region pack: references, positions, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.region import Feed, RegionInfo
from transit_model.errors import Issue, Severity
from transit_model.readers.csv_text import StringTable
from transit_model.readers.region_tables import CORE_TABLES

MAX_LISTED = 5
_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")

REFERENCES: tuple[tuple[str, str, str, str, str, Severity], ...] = (
    ("links", "from_node_id", "nodes", "node_id", "unknown_node", "error"),
    ("links", "to_node_id", "nodes", "node_id", "unknown_node", "error"),
    ("places", "road_node_id", "nodes", "node_id", "unknown_node", "error"),
    ("counties", "road_node_id", "nodes", "node_id", "unknown_node", "error"),
    ("stations", "road_node_id", "nodes", "node_id", "unknown_node", "error"),
    ("counties", "place_id", "places", "place_id", "unknown_place", "error"),
    ("shapes", "link_id", "links", "link_id", "unknown_link", "error"),
)
"""Child table and column, parent table and column, code, severity. An empty cell refers to nothing."""


def check_region_tables(info: RegionInfo | None, tables: Mapping[str, StringTable], feed: Feed | None) -> list[Issue]:
    """Return findings that need more than one table, with the lines of the files."""
    issues = check_references(tables) + check_dates(tables) + check_link_ends(tables)
    issues += check_source_keys(tables)
    if info is not None:
        issues += check_positions(info, tables)
        if feed is not None:
            issues += check_main_stations(info, tables["stations"].table, feed)
    return issues


def _rows(
    rows: np.ndarray,
    table: StringTable,
    *,
    code: str,
    severity: Severity,
    message: str,
    file: str,
    column: str,
    hint: str = "",
) -> list[Issue]:
    issues = []
    for count, row in enumerate(rows[:MAX_LISTED]):
        more = len(rows) - MAX_LISTED
        tail = f" (and {more} more rows)" if more > 0 and count == MAX_LISTED - 1 else ""
        line, value = int(table.lines[row]), str(table.table[column].iloc[row])
        issues.append(Issue(code, severity, message + tail, file, line, column, value, hint))
    return issues


def check_references(tables: Mapping[str, StringTable]) -> list[Issue]:
    """``unknown_node``, ``unknown_place``, ``unknown_link``: a row names something that no other table has."""
    issues: list[Issue] = []
    for child, column, parent, key, code, severity in REFERENCES:
        ids = tables[child].table[column]
        known = set(tables[parent].table[key])
        lost = np.flatnonzero([i != "" and i not in known for i in ids])
        file = CORE_TABLES[child][0]
        message = f"{column} is not in {CORE_TABLES[parent][0]}"
        issues += _rows(lost, tables[child], code=code, severity=severity, message=message, file=file, column=column)
    return issues


def check_dates(tables: Mapping[str, StringTable]) -> list[Issue]:
    """``bad_date``: opened or closed is no YYYY, YYYY-MM or YYYY-MM-DD; ``date_order``: closed before opened."""
    issues: list[Issue] = []
    for name, columns in (("links", ("opened", "closed")), ("stations", ("opened",))):
        file, table = CORE_TABLES[name][0], tables[name]
        for column in columns:
            bad = np.flatnonzero([bool(t) and not _is_date(t) for t in table.table[column]])
            hint = "write YYYY, YYYY-MM or YYYY-MM-DD"
            issues += _rows(
                bad,
                table,
                code="bad_date",
                severity="error",
                message=f"{column} is not a date",
                file=file,
                column=column,
                hint=hint,
            )
    links = tables["links"].table
    both = (links["opened"] != "") & (links["closed"] != "")
    late = np.flatnonzero(both & (links["closed"] < links["opened"]))
    file = CORE_TABLES["links"][0]
    return issues + _rows(
        late, tables["links"], "date_order", "error", "the road closes before it opens", file, "closed"
    )


def _is_date(text: str) -> bool:
    if not _DATE.match(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def check_link_ends(tables: Mapping[str, StringTable]) -> list[Issue]:
    """``self_loop``: a road from a node to itself; ``zero_length``: a road of 0 m."""
    table, file = tables["links"], CORE_TABLES["links"][0]
    links = table.table
    loops = np.flatnonzero(links["from_node_id"] == links["to_node_id"])
    flat = np.flatnonzero(links["length_m"] == 0)
    return [
        *_rows(
            loops,
            table,
            code="self_loop",
            severity="error",
            message="the road starts and ends at one node",
            file=file,
            column="to_node_id",
        ),
        *_rows(
            flat,
            table,
            code="zero_length",
            severity="error",
            message="the road has no length",
            file=file,
            column="length_m",
        ),
    ]


def check_source_keys(tables: Mapping[str, StringTable]) -> list[Issue]:
    """``unknown_source`` (warning): a source that starts with a key which sources.csv does not have."""
    issues: list[Issue] = []
    known = set(tables["sources"].table["key"]) | {"judged"}
    for name in ("places", "counties", "nodes", "links", "stations"):
        table = tables[name]
        keys = [re.match(r"\[([^\]]+)\]", s) for s in table.table["source"]]
        lost = np.flatnonzero([k is not None and k.group(1) not in known for k in keys])
        message = "the source key is not in sources.csv"
        issues += _rows(
            lost,
            table,
            code="unknown_source",
            severity="warning",
            message=message,
            file=CORE_TABLES[name][0],
            column="source",
        )
    return issues


def check_positions(info: RegionInfo, tables: Mapping[str, StringTable]) -> list[Issue]:
    """``coordinates_swapped``, ``outside_bbox``: points that do not lie in the study area.

    A gateway station and the end of a road may lie outside: a station marked `gateway` and a node of kind `gateway`
    are let pass unless exchanging lon and lat brings them inside.
    """
    west, south, east, north = info.bbox
    issues: list[Issue] = []
    for name in ("places", "nodes", "shapes", "stations"):
        table, file = tables[name], CORE_TABLES[name][0]
        lon, lat = (table.table[c].to_numpy(dtype=np.float64) for c in ("lon", "lat"))
        known = ~(np.isnan(lon) | np.isnan(lat))
        outside = known & ~((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        swapped = outside & (lat >= west) & (lat <= east) & (lon >= south) & (lon <= north)
        message, hint = "the point lies in the study area only with lon and lat exchanged", "lon and lat swapped?"
        issues += _rows(
            np.flatnonzero(swapped),
            table,
            code="coordinates_swapped",
            severity="error",
            message=message,
            file=file,
            column="lon",
            hint=hint,
        )
        gateway = np.zeros(len(lon), dtype=bool)
        for column in {"kind", "region"} & set(table.table.columns):
            gateway |= (table.table[column] == "gateway").to_numpy(dtype=bool)
        far = np.flatnonzero(outside & ~swapped & ~gateway)
        severity: Severity = "warning" if name == "shapes" else "error"
        message, hint = "the point lies outside the bbox of region.yaml", "check lon and lat, or widen bbox"
        issues += _rows(
            far, table, code="outside_bbox", severity=severity, message=message, file=file, column="lon", hint=hint
        )
    return issues


def check_main_stations(info: RegionInfo, stations: pd.DataFrame, feed: Feed) -> list[Issue]:
    """``unknown_stop`` for a main station nobody knows, ``main_station_without_trains`` when no trip calls there."""
    known = set(stations["stop_id"]) | set(feed.stops["stop_id"])
    served = set(feed.stop_times["stop_id"].unique())
    issues = []
    for place, stops in info.main_stations.items():
        for stop in stops:
            field = f"main_stations.{place}"
            if stop not in known:
                message = "main station is in neither stations.csv nor gtfs/stops.txt"
                issues.append(Issue("unknown_stop", "error", message, "region.yaml", None, field, stop))
            elif stop not in served:
                message = "no trip of the timetable calls at this main station"
                code = "main_station_without_trains"
                issues.append(Issue(code, "warning", message, "region.yaml", None, field, stop))
    return issues


def check_station_points(stations: StringTable, feed: Feed, *, max_m: float = 500.0) -> list[Issue]:
    """``station_moved`` (warning): a stop lies elsewhere in the feed than in stations.csv."""
    both = stations.table.reset_index().merge(feed.stops[["stop_id", "stop_lon", "stop_lat"]], on="stop_id")
    apart = compute_great_circle_m(both["lon"], both["lat"], both["stop_lon"], both["stop_lat"])
    rows = both["index"].to_numpy()[np.nan_to_num(apart) > max_m]
    message = f"the station lies more than {max_m:.0f} m from its stop in gtfs/stops.txt"
    return _rows(
        rows,
        stations,
        code="station_moved",
        severity="warning",
        message=message,
        file=CORE_TABLES["stations"][0],
        column="stop_id",
    )
