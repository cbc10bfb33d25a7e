"""A table of trains as 12306 shows it to a GTFS feed.

One row a stop: train number, station, arrival, departure; if the table has them, the number of the stop in its train
(rows are put in its order) and the day (1 on the day of departure, 2 the day after; or counted from 0; or 次日, 第3天,
+1). Headings may be Chinese or English. A second table gives the stations with their places.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from transit_model.domain.datum import to_wgs84
from transit_model.domain.region import Feed
from transit_model.errors import InputError, Issue, has_errors
from transit_model.gtfs.checks import check_speeds
from transit_model.gtfs.tables import DAYS, FEED_TABLES
from transit_model.gtfs.train_calls import MAX_LEG_S, TrainFindings
from transit_model.gtfs.train_cells import is_blank, plain
from transit_model.gtfs.train_columns import parse_columns, time_trains
from transit_model.gtfs.train_files import HEADINGS, STATION_HEADINGS, read_train_rows
from transit_model.store.notice import Notice
from transit_model.units import S_PER_HOUR

_LETTERS = re.compile(r"^([A-Z]*)")
_KINDS = {
    "G": "高速",
    "D": "动车",
    "C": "城际",
    "Z": "直达",
    "T": "特快",
    "K": "快速",
    "": "普客",
    "Y": "旅游",
    "S": "市郊",
}
_MAX_ISSUES = 50


def parse_valid(text: str) -> tuple[date, date]:
    """Return first and last day of ``YYYY-MM-DD:YYYY-MM-DD``.

    Raises
    ------
    InputError
        ``bad_date``.
    """
    try:
        first, last = (date.fromisoformat(part.strip()) for part in text.split(":"))
        if last < first:
            raise ValueError(text)
    except ValueError as error:
        hint = "write --valid 2025-01-05:2025-07-10"
        message = "the days on which the timetable holds are missing or wrong"
        raise InputError(Issue("bad_date", "error", message, field="valid", value=text, hint=hint)) from error
    return first, last


def read_train_table(
    table: Path,
    stations: Path | None,
    *,
    valid: tuple[date, date],
    agency: str = "中国铁路",
    timezone: str = "Asia/Shanghai",
    datum: str = "",
) -> tuple[Feed, list[Issue]]:
    """Return the feed of a train table, and warnings.

    Every train runs daily from the first to the last day of `valid`. Without a `day`, a clock time before the one above
    it is of the next day (told) where the ride takes at most `MAX_LEG_S`. `datum` holds for stations whose row
    names none; empty is WGS84. Without a table of `stations` those of the trains have no place.

    Raises
    ------
    InputError
        ``missing_file``, ``missing_column``, ``unknown_station``, ``bad_time``, ``bad_day``, ``bad_order``,
        ``duplicate_order``, ``time_order``, ``one_stop``, ``duplicate_stop``, ``two_timetables``, ``bad_coordinates``,
        all at once.
    """
    rows, lines = read_train_rows(table, HEADINGS, ("train", "station", "arrive", "depart"))
    if stations is None:
        stops, issues = _list_unplaced(rows), list[Issue]()
    else:
        places, place_lines = read_train_rows(stations, STATION_HEADINGS, ("station", "lon", "lat"))
        if datum:
            own = places["datum"] if "datum" in places.columns else pd.Series("", index=places.index)
            places = places.assign(datum=own.where(~own.map(is_blank), datum))
        stops, issues = _read_stops(places, place_lines, stations.name)
    ids = {plain(name): stop for name, stop in zip(stops["stop_name"], stops["stop_id"], strict=True)}
    columns, findings = parse_columns(rows, lines), TrainFindings()
    times, more = time_trains(columns, ids, table.name, findings)
    issues += more
    if has_errors(issues):
        raise InputError(_shorten(issues))
    feed = _build_feed(times, stops, valid, agency, timezone)
    return feed, [*issues, *_tell(findings, columns.first_day, table.name), *check_speeds(feed, f"{table.name}: ")]


def _tell(findings: TrainFindings, first_day: int, file: str) -> list[Issue]:
    """Return warnings about what was passed over or taken for granted."""
    hours = MAX_LEG_S // S_PER_HOUR
    kinds = (
        ("repeated_row", "train", "the row repeats an earlier one and is passed over", "", findings.repeated),
        ("duplicate_stop", "station", "the train calls here a second time", "", findings.calls_twice),
        ("one_time_only", "train", "arrival or departure alone is taken for both", "", findings.one_time),
        (
            "next_day_assumed",
            "train",
            "the clock runs back and is taken to be past midnight, as no day is said",
            f"rides over midnight of more than {hours} h are refused; a column 天数 (day) says it",
            findings.next_day,
        ),
        (
            "long_ride",
            "train",
            f"the ride from the station above takes more than {hours} h",
            "check the order of the rows, or say the day",
            findings.long_ride,
        ),
        (
            "day_of_departure",
            "train",
            "the day is taken for that of the departure, since the next station comes before it otherwise",
            "the day is that of the arrival",
            findings.day_of_departure,
        ),
    )
    issues = []
    for code, field, message, hint, found in kinds:
        issues += Notice(code, "warning", file, field, message, hint).list_lines(found)
    if first_day == 0:
        message = "days are counted from 0, as a 0 is among them"
        issues.append(Issue("days_from_zero", "warning", message, file, None, "day"))
    return issues


def _shorten(issues: list[Issue]) -> list[Issue]:
    if len(issues) <= _MAX_ISSUES:
        return issues
    more = Issue("more_issues", "error", f"and {len(issues) - _MAX_ISSUES} more")
    return [*issues[:_MAX_ISSUES], more]


def _read_stops(places: pd.DataFrame, lines: list[int], file: str) -> tuple[pd.DataFrame, list[Issue]]:
    issues: list[Issue] = []
    lon, lat = (pd.to_numeric(places[c], errors="coerce").to_numpy(dtype=np.float64).copy() for c in ("lon", "lat"))
    for row in np.flatnonzero(~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)) | ((lon == 0) & (lat == 0))):
        at = f"{places.at[row, 'lon']},{places.at[row, 'lat']}"
        hint = "degrees; lon and lat swapped?"
        issues.append(Issue("bad_coordinates", "error", "not a place", file, lines[row], "lon", at, hint))
    if "datum" in places.columns:
        for datum in sorted({d for d in places["datum"] if not is_blank(d)}):
            rows = (places["datum"] == datum).to_numpy()
            lon[rows], lat[rows] = to_wgs84(lon[rows], lat[rows], datum)
    names = places["station"].map(plain).astype("str").str.removesuffix("站")
    for row in np.flatnonzero(names.duplicated()):
        message = "the station stands twice"
        issues.append(Issue("duplicate_id", "error", message, file, lines[row], "station", str(names.iloc[row])))
    ids = places["stop_id"] if "stop_id" in places.columns else names
    ids = ids.where(ids != "", names)
    return pd.DataFrame({"stop_id": ids, "stop_name": names, "stop_lat": lat, "stop_lon": lon}), issues


def _list_unplaced(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the stations of the trains themselves, without coordinates."""
    names = list(
        dict.fromkeys(plain(name).removesuffix("站") for name in rows["station"].unique() if not is_blank(name))
    )
    return pd.DataFrame({"stop_id": names, "stop_name": names, "stop_lat": np.nan, "stop_lon": np.nan})


def _build_feed(
    times: pd.DataFrame,
    stops: pd.DataFrame,
    valid: tuple[date, date],
    agency: str,
    timezone: str,
) -> Feed:
    code, names_of = pd.factorize(times["trip_id"])
    trains = names_of.tolist()
    kinds = [_LETTERS.match(t.upper()).group(1)[:1] for t in trains]  # type: ignore[union-attr]
    used = sorted(set(kinds))
    at_last = np.zeros(len(trains), dtype=np.int64)
    at_last[code] = np.arange(len(code))  # of several values for one place the last stays
    last = dict(zip(trains, times["stop_id"].take(at_last).tolist(), strict=True))
    names = dict(zip(stops["stop_id"].tolist(), stops["stop_name"].tolist(), strict=True))
    tables = {name: pd.DataFrame(columns=spec.schema.names()) for name, spec in FEED_TABLES.items()}
    for name, spec in FEED_TABLES.items():
        for column, seconds in spec.clocks:
            tables[name] = tables[name].rename(columns={column: seconds})
    tables["agency"] = pd.DataFrame(
        [{"agency_id": "rail", "agency_name": agency, "agency_url": "", "agency_timezone": timezone}]
    )
    tables["stops"] = stops.assign(location_type=0, parent_station="")
    tables["routes"] = pd.DataFrame(
        {
            "route_id": [f"rail-{k.lower() or 'p'}" for k in used],
            "agency_id": "rail",
            "route_short_name": [k or "普" for k in used],
            "route_long_name": [_KINDS.get(k, "其他") for k in used],
            "route_type": 2,
        }
    )
    tables["trips"] = pd.DataFrame(
        {
            "route_id": [f"rail-{k.lower() or 'p'}" for k in kinds],
            "service_id": "daily",
            "trip_id": trains,
            "trip_headsign": [names[last[t]] for t in trains],
            "trip_short_name": trains,
        }
    )
    tables["stop_times"] = times.assign(pickup_type=0, drop_off_type=0)
    span = {"start_date": valid[0].strftime("%Y%m%d"), "end_date": valid[1].strftime("%Y%m%d")}
    tables["calendar"] = pd.DataFrame([{"service_id": "daily", **dict.fromkeys(DAYS, 1), **span}])
    return Feed(**tables)
