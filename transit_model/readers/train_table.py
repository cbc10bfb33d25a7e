"""A table of trains as 12306 shows it to a GTFS feed.

One row a stop: train number, station, arrival, departure, day (1 on the day of departure, 2 the day after). Headings
may be Chinese or English. A second table gives the stations with their places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from transit_model.domain.region import Feed
from transit_model.errors import InputError, Issue, has_errors
from transit_model.readers.archive import check_workbook
from transit_model.readers.csv_text import read_csv_text
from transit_model.readers.datum import to_wgs84
from transit_model.readers.gtfs_tables import DAYS, FEED_TABLES
from transit_model.units import S_PER_DAY, parse_clock_s

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "train": ("train", "train_number", "车次"),
    "station": ("station", "station_name", "站名", "车站"),
    "arrive": ("arrive", "arrival", "到时", "到达时间", "到站时间"),
    "depart": ("depart", "departure", "发时", "出发时间", "开点", "发车时间"),
    "day": ("day", "天数", "运行天数", "日期"),
}
STATION_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "station": ("station", "station_name", "name", "name_zh", "站名", "车站"),
    "lon": ("lon", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "stop_id": ("stop_id", "id", "telecode", "电报码"),
    "datum": ("datum", "坐标系"),
}
_BLANK = {"", "-", "--", "----", "—", "——", "始发站", "终点站", "nan", "None"}
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
    stations: Path,
    *,
    valid: tuple[date, date],
    agency: str = "中国铁路",
    timezone: str = "Asia/Shanghai",
    datum: str = "",
) -> tuple[Feed, list[Issue]]:
    """Return the feed of a train table, and warnings.

    Every train runs daily from the first to the last day of `valid`. Without a `day` column, a clock time before
    the one above it is of the next day. `datum` holds for stations whose row names none; empty is WGS84.

    Raises
    ------
    InputError
        ``missing_file``, ``missing_column``, ``unknown_station``, ``bad_time``, ``time_order``, ``one_stop``,
        ``duplicate_stop``, ``bad_coordinates``, all at once.
    """
    rows, lines = _read_rows(table, HEADINGS, ("train", "station", "arrive", "depart"))
    places, place_lines = _read_rows(stations, STATION_HEADINGS, ("station", "lon", "lat"))
    if datum:
        own = places["datum"] if "datum" in places.columns else pd.Series("", index=places.index)
        places = places.assign(datum=own.where(~own.isin(_BLANK), datum))
    stops, issues = _read_stops(places, place_lines, stations.name)
    ids = dict(zip(stops["stop_name"], stops["stop_id"], strict=True))
    calls: list[tuple[str, str, int, int, int]] = []
    for train, part in rows.groupby("train", sort=False):
        found, more = _read_train(str(train), part, lines, ids, table.name)
        calls += found
        issues += more
    if has_errors(issues):
        raise InputError(_shorten(issues))
    return _build_feed(calls, stops, valid, agency, timezone), issues


def _shorten(issues: list[Issue]) -> list[Issue]:
    if len(issues) <= _MAX_ISSUES:
        return issues
    more = Issue("more_issues", "error", f"and {len(issues) - _MAX_ISSUES} more")
    return [*issues[:_MAX_ISSUES], more]


def _read_rows(
    path: Path, headings: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]
) -> tuple[pd.DataFrame, list[int]]:
    if not path.is_file():
        raise InputError(Issue("missing_file", "error", "no such file", file=str(path)))
    if path.suffix.lower() == ".xlsx":
        table, lines = _read_excel(path)
    else:
        raw, issues = read_csv_text(path.read_bytes(), file=path.name)
        if raw is None or has_errors(issues):
            raise InputError(issues)
        table, lines = raw.table, [int(n) for n in raw.lines]
    known = {alias.lower(): name for name, aliases in headings.items() for alias in aliases}
    names = {c: known[str(c).strip().lower()] for c in table.columns if str(c).strip().lower() in known}
    table = table.rename(columns=names)
    table = table.loc[:, ~table.columns.duplicated()]
    lacking = [n for n in needed if n not in table.columns]
    if lacking:
        hint = "; ".join(f"{n}: {' or '.join(headings[n])}" for n in lacking)
        message = f"the table lacks {', '.join(lacking)}"
        raise InputError(Issue("missing_column", "error", message, path.name, 1, hint=f"headings: {hint}"))
    if not len(table):
        raise InputError(Issue("empty_table", "error", "the table has no rows", path.name))
    return table.apply(lambda column: column.astype(str).str.strip()).reset_index(drop=True), lines


def _read_excel(path: Path) -> tuple[pd.DataFrame, list[int]]:
    check_workbook(path)
    try:
        table = pd.read_excel(path, dtype=object)
    except ImportError as error:
        hint = "install openpyxl, or save the sheet as CSV (UTF-8)"
        raise InputError(Issue("missing_library", "error", "cannot read .xlsx", path.name, hint=hint)) from error
    except Exception as error:  # zip, XML and openpyxl raise their own
        hint = "save the sheet again as .xlsx or as CSV (UTF-8)"
        message = f"the workbook cannot be read: {str(error)[:120]}"
        raise InputError(Issue("unreadable_file", "error", message, path.name, hint=hint)) from error
    table = table.dropna(how="all")
    lines = [int(i) + 2 for i in table.index]
    return table.map(_cell_text), lines


def _cell_text(value: object) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if hasattr(value, "strftime"):
        return str(value.strftime("%H:%M:%S"))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _read_stops(places: pd.DataFrame, lines: list[int], file: str) -> tuple[pd.DataFrame, list[Issue]]:
    issues: list[Issue] = []
    lon, lat = (pd.to_numeric(places[c], errors="coerce").to_numpy(dtype=np.float64).copy() for c in ("lon", "lat"))
    for row in np.flatnonzero(~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)) | ((lon == 0) & (lat == 0))):
        at = f"{places.at[row, 'lon']},{places.at[row, 'lat']}"
        hint = "degrees; lon and lat swapped?"
        issues.append(Issue("bad_coordinates", "error", "not a place", file, lines[row], "lon", at, hint))
    if "datum" in places.columns:
        for datum in sorted(set(places["datum"]) - _BLANK):
            rows = (places["datum"] == datum).to_numpy()
            lon[rows], lat[rows] = to_wgs84(lon[rows], lat[rows], datum)
    names = places["station"].str.removesuffix("站")
    for row in np.flatnonzero(names.duplicated()):
        message = "the station stands twice"
        issues.append(Issue("duplicate_id", "error", message, file, lines[row], "station", str(names.iloc[row])))
    ids = places["stop_id"] if "stop_id" in places.columns else names
    ids = ids.where(ids != "", names)
    return pd.DataFrame({"stop_id": ids, "stop_name": names, "stop_lat": lat, "stop_lon": lon}), issues


def _read_train(
    train: str, part: pd.DataFrame, lines: list[int], ids: Mapping[str, str], file: str
) -> tuple[list[tuple[str, str, int, int, int]], list[Issue]]:
    """Return the calls of a train: train, stop_id, sequence, arrival and departure in seconds."""
    issues: list[Issue] = []
    calls: list[tuple[str, str, int, int, int]] = []
    before, seen = 0, set()
    if not train:
        return [], [
            Issue("empty_value", "error", "a row has no train number", file, lines[int(part.index[0])], "train")
        ]
    for sequence, (row, call) in enumerate(part.iterrows(), start=1):
        line = lines[int(str(row))]
        name = str(call["station"]).removesuffix("站")
        if name not in ids:
            hint = "add it to the station table"
            issues.append(Issue("unknown_station", "error", "no such station", file, line, "station", name, hint))
            continue
        if name in seen:
            issues.append(Issue("duplicate_stop", "warning", f"{train} calls twice here", file, line, "station", name))
        seen.add(name)
        texts = {c: "" if str(call[c]) in _BLANK else str(call[c]) for c in ("arrive", "depart")}
        try:
            clocks = {c: parse_clock_s(t) for c, t in texts.items() if t}
        except ValueError:
            value = f"{call['arrive']} / {call['depart']}"
            hint = "HH:MM; leave the first arrival and the last departure empty"
            issues.append(Issue("bad_time", "error", "not a clock time", file, line, "arrive", value, hint))
            continue
        if not clocks:
            issues.append(Issue("bad_time", "error", "neither arrival nor departure", file, line, "arrive"))
            continue
        arrive = clocks.get("arrive", clocks.get("depart", 0))
        depart = clocks.get("depart", arrive)
        day = str(call.get("day", ""))
        if day.isdigit() and int(day) >= 1:
            arrive += (int(day) - 1) * S_PER_DAY
        else:
            while arrive < before:
                arrive += S_PER_DAY
        while depart < arrive:
            depart += S_PER_DAY  # the day column is that of the arrival
        if arrive < before:
            message = f"{train} arrives before it left the station above"
            issues.append(Issue("time_order", "error", message, file, line, "arrive", texts["arrive"], "check the day"))
        before = depart
        calls.append((train, ids[name], sequence, arrive, depart))
    if len(part) < 2:
        line = lines[int(part.index[0])]
        issues.append(Issue("one_stop", "error", f"{train} has one stop only", file, line, "train", train))
    return calls, issues


def _build_feed(
    calls: list[tuple[str, str, int, int, int]],
    stops: pd.DataFrame,
    valid: tuple[date, date],
    agency: str,
    timezone: str,
) -> Feed:
    times = pd.DataFrame(calls, columns=["trip_id", "stop_id", "stop_sequence", "arrival_clock_s", "departure_clock_s"])
    trains = list(dict.fromkeys(times["trip_id"]))
    kinds = [_LETTERS.match(t.upper()).group(1)[:1] for t in trains]  # type: ignore[union-attr]
    used = sorted(set(kinds))
    last = times.groupby("trip_id", sort=False)["stop_id"].last()
    names = dict(zip(stops["stop_id"], stops["stop_name"], strict=True))
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
