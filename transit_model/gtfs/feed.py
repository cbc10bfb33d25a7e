"""GTFS feeds (folder or zip) to a `Feed`: names verbatim, clock times in seconds, every finding an issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from transit_model.domain.region import Feed
from transit_model.domain.schema import check_table
from transit_model.domain.service_days import find_active_services, find_service_dates
from transit_model.errors import InputError, Issue, has_errors
from transit_model.gtfs.checks import check_gtfs
from transit_model.gtfs.clock import fill_stop_times, find_bad_dates, parse_clock_column
from transit_model.gtfs.dialect import (
    drop_trips,
    leave_out_flexible,
    match_names,
    name_columns,
    replace_unknown_codes,
)
from transit_model.gtfs.tables import CANONICAL_CODES, FEED_TABLES, FeedTable
from transit_model.store.archive import FileSet, open_files
from transit_model.store.csv_text import StringTable, read_csv_text
from transit_model.store.notice import MAX_LISTED, Notice

__all__ = ["check_gtfs", "find_active_services", "find_service_dates", "inspect_gtfs", "merge_feeds", "read_gtfs"]

_MARKER = "stop_times.txt"


def read_gtfs(path: Path | str) -> Feed:
    """Read a GTFS feed from a folder or zip archive.

    Optional files that are missing give empty tables with the right columns. Blank times between timed stops are
    interpolated. Dates stay YYYYMMDD text; flags are int64.

    Raises
    ------
    InputError
        With all errors of the feed; warnings alone do not raise (see `inspect_gtfs`).
    """
    feed, issues = inspect_gtfs(path)
    if feed is None or has_errors(issues):
        raise InputError(issues)
    return feed


def inspect_gtfs(path: Path | str, *, prefix: str | None = None) -> tuple[Feed | None, list[Issue]]:
    """Read a feed and return it with everything found, errors and warnings.

    Parameters
    ----------
    path : Path or str
    prefix : str, optional
        Put before the file names in the issues; default ``<name of the feed>/``.

    Returns
    -------
    Feed or None
        None when a required table cannot be read. A feed that comes with error issues must not be used.
    list of Issue
    """
    path = Path(path)
    prefix = f"{path.name}/" if prefix is None else prefix
    try:
        files = open_files(path, marker=_MARKER)
    except InputError as error:
        return None, error.issues
    tables: dict[str, pd.DataFrame] = {}
    issues: list[Issue] = []
    unreadable = False
    flexible: list[str] = []
    for name, spec in FEED_TABLES.items():
        table, found = _read_feed_table(files, spec, prefix, flexible)
        issues += found
        unreadable |= table is None
        tables[name] = _empty_table(spec) if table is None else table
    tables = drop_trips(tables, flexible) if flexible else tables
    if not unreadable and not {"calendar.txt", "calendar_dates.txt"} & {n.lower() for n in files.names}:
        issues.append(
            Issue(
                "missing_calendar_and_calendar_date_files",
                "error",
                "the feed has neither calendar.txt nor calendar_dates.txt",
                file=prefix.rstrip("/"),
                hint="one of them must say on which days trips run",
            )
        )
    if unreadable:
        return None, issues
    if "pathways.txt" in files.names:
        hint = "ways inside stations are taken from transfers.txt and the assumptions"
        message = "pathways.txt is not used"
        issues.append(Issue("pathways_not_used", "info", message, prefix + "pathways.txt", hint=hint))
    feed = Feed(**tables)
    return feed, issues + check_gtfs(feed, prefix)


def _read_feed_table(
    files: FileSet, spec: FeedTable, prefix: str, flexible: list[str]
) -> tuple[pd.DataFrame | None, list[Issue]]:
    """Read one table; None when it cannot be used, an empty one when it is optional and absent.

    Trips that have flexible stops only are added to `flexible`.
    """
    name = match_names(files.names, spec)
    file = prefix + (name or spec.file)
    required = spec.presence == "required"
    if name is None:
        if not required:
            return _empty_table(spec), []
        hint = f"found: {', '.join(files.names[:12]) or 'nothing'}"
        return None, [Issue("missing_required_file", "error", f"the feed lacks {spec.file}", file=file, hint=hint)]
    try:
        raw, issues = read_csv_text(files.read(name), file=file)
    except InputError as error:
        return None, error.issues
    if raw is None:
        if required or any(issue.code != "empty_file" for issue in issues):
            return None, issues
        return _empty_table(spec), [replace(issue, severity="warning") for issue in issues]
    return _understand_table(raw, spec, file, issues, flexible)


def _understand_table(
    raw: StringTable, spec: FeedTable, file: str, issues: list[Issue], flexible: list[str]
) -> tuple[pd.DataFrame | None, list[Issue]]:
    raw, found = name_columns(raw, spec, file)
    issues = issues + found
    known = set(spec.schema.names()) & set(raw.table.columns)
    if not known and not any(column.required for column in spec.schema.columns):
        message = "no column of the reference is in the file, which is passed over"
        hint = f"expected columns: {', '.join(spec.schema.names())}"
        return _empty_table(spec), [*issues, Issue("unknown_columns", "warning", message, file, 1, hint=hint)]
    if spec.schema.name == "stop_times":
        raw, gone, found = leave_out_flexible(raw, file)
        issues += found
        flexible += gone
    raw, found = replace_unknown_codes(raw, spec, file)
    return _convert_table(raw, spec, file, issues + found)


def _convert_table(
    raw: StringTable, spec: FeedTable, file: str, issues: list[Issue]
) -> tuple[pd.DataFrame | None, list[Issue]]:
    raw, twice = _drop_repeated_rows(raw, spec, file)
    table, found = check_table(raw.table, spec.schema, file=file, max_rows=MAX_LISTED)
    issues = issues + twice + _name_canonically(raw.locate(found), spec)
    if any(issue.code == "missing_required_column" for issue in issues):
        return None, issues
    for column, default in spec.integers:
        table[column] = table[column].fillna(default).astype("int64")
    for column in spec.dates:
        bad = find_bad_dates(table[column])
        issues += _wrong("invalid_date", file, column).list_rows(bad, raw)
    table, clock_issues = _read_clocks(table, spec, raw, file)
    return table, issues + clock_issues


def _drop_repeated_rows(raw: StringTable, spec: FeedTable, file: str) -> tuple[StringTable, list[Issue]]:
    """Keep one of rows that are equal in every field; rows with equal keys that differ stay, as an error to come."""
    if spec.schema.key and not set(spec.schema.key) <= set(raw.table.columns):
        return raw, []
    key = list(spec.schema.key) or list(raw.table.columns)
    if not raw.table.duplicated(key).any():
        return raw, []
    twice = raw.table.duplicated()
    if not twice.any():
        return raw, []
    keep = ~twice.to_numpy()
    message = f"{int(twice.sum())} rows repeat an earlier row in full and are passed over"
    issue = Issue("duplicate_key", "warning", message, file=file, line=int(raw.lines[np.argmax(~keep)]))
    return StringTable(raw.table[keep].reset_index(drop=True), raw.lines[keep]), [issue]


def _name_canonically(issues: list[Issue], spec: FeedTable) -> list[Issue]:
    """Give findings of the schema check the names and severities of the canonical validator."""
    kinds = {column.name: column.kind for column in spec.schema.columns}
    named = []
    for issue in issues:
        code = CANONICAL_CODES.get(issue.code, issue.code)
        if code == "not_a_number":
            code = "invalid_integer" if kinds.get(issue.field or "") == "int" else "invalid_float"
        hint = issue.hint
        if code == "number_out_of_range" and issue.field == "stop_lat":
            hint = "lon and lat swapped?"
        severity = "warning" if code == "unexpected_enum_value" else issue.severity
        named.append(replace(issue, code=code, severity=severity, hint=hint))
    return named


_WRONG = {
    "invalid_date": ("is not a date", "write YYYYMMDD"),
    "invalid_time": ("is not a clock time", "write HH:MM:SS; hours may exceed 24, nothing is before 00:00:00"),
}


def _wrong(code: str, file: str, column: str) -> Notice:
    what, hint = _WRONG[code]
    return Notice(code, "error", file, column, f"{column} {what}", hint)


def _read_clocks(table: pd.DataFrame, spec: FeedTable, raw: StringTable, file: str) -> tuple[pd.DataFrame, list[Issue]]:
    """Replace clock columns by seconds; complete the blank ones of stop_times."""
    issues: list[Issue] = []
    if not spec.clocks:
        return table, issues
    for column, target in spec.clocks:
        seconds, wrong = parse_clock_column(table[column])
        issues += _wrong("invalid_time", file, column).list_rows(wrong, raw)
        table[target] = seconds
    table = table.drop(columns=[column for column, _ in spec.clocks])
    if spec.schema.name == "stop_times":
        table, found = _complete_stop_times(table, raw, file, has_wrong_times=bool(issues))
        issues += found
    clocks = [target for _, target in spec.clocks]
    if not has_errors(issues) and not table[clocks].isna().any(axis=None):  # an empty one is told by the schema check
        table[clocks] = table[clocks].astype("int64")
    return table, issues


def _complete_stop_times(
    table: pd.DataFrame, raw: StringTable, file: str, *, has_wrong_times: bool
) -> tuple[pd.DataFrame, list[Issue]]:
    trip, trip_ids = pd.factorize(table["trip_id"])
    order = np.lexsort((table["stop_sequence"].to_numpy(dtype=np.float64), trip))
    table = table.iloc[order].reset_index(drop=True)
    trip, lines = trip[order].astype(np.int64), raw.lines[order]
    arrival, departure = table["arrival_clock_s"].to_numpy(), table["departure_clock_s"].to_numpy()
    lone = np.isnan(arrival) ^ np.isnan(departure)
    new_arrival, new_departure, filled = fill_stop_times(
        trip, arrival, departure, table["shape_dist_traveled"].to_numpy(dtype=np.float64)
    )
    table["arrival_clock_s"], table["departure_clock_s"] = new_arrival, new_departure
    issues: list[Issue] = []
    if lone.any() and not has_wrong_times:
        issues.append(
            Issue(
                "stop_time_with_only_arrival_or_departure_time",
                "warning",
                f"{int(lone.sum())} stop times have an arrival or a departure only; it is taken for both",
                file=file,
                line=int(lines[np.argmax(lone)]),
            )
        )
    if filled.any():
        issues.append(
            Issue(
                "stop_times_interpolated",
                "warning",
                f"{int(filled.sum())} of {len(table)} stop times are blank and were interpolated between timed stops",
                file=file,
                line=int(lines[np.argmax(filled)]),
                field="arrival_time",
            )
        )
    blank = np.isnan(new_arrival)
    edges = np.flatnonzero(blank) if not has_wrong_times else np.zeros(0, dtype=np.int64)
    for trip_number in list(dict.fromkeys(trip[edges]))[:MAX_LISTED]:
        row = int(edges[np.argmax(trip[edges] == trip_number)])
        issues.append(
            Issue(
                "missing_trip_edge",
                "error",
                "the first or last stop of a trip has no time",
                file=file,
                line=int(lines[row]),
                field="arrival_time",
                value=str(trip_ids[trip_number]),
            )
        )
    return table, issues


def make_empty_feed() -> Feed:
    """Return a feed without a stop or a trip, of a region whose roads alone are known."""
    return Feed(**{name: _empty_table(spec) for name, spec in FEED_TABLES.items()})


def _empty_table(spec: FeedTable) -> pd.DataFrame:
    """Return a table without rows, columns and dtypes as after reading."""
    target = dict(spec.clocks)
    integers = {name for name, _ in spec.integers}
    columns: dict[str, pd.Series] = {}
    for column in spec.schema.columns:
        name = target.get(column.name, column.name)
        is_int = column.name in target or column.name in integers or column.kind == "int"
        columns[name] = pd.Series(dtype="int64" if is_int else "float64" if column.kind == "float" else "str")
    return pd.DataFrame(columns)


def merge_feeds(feeds: Sequence[Feed], prefixes: Sequence[str]) -> Feed:
    """Return one feed of several, every id with the prefix of its feed (``rail:``, ``bus:``; "" keeps them).

    Raises
    ------
    InputError
        ``duplicate_key`` when ids of two feeds would fall together.
    """
    parts = [_with_prefix(feed, prefix) for feed, prefix in zip(feeds, prefixes, strict=True)]
    merged: dict[str, pd.DataFrame] = {}
    issues: list[Issue] = []
    for name, spec in FEED_TABLES.items():
        tables = [getattr(part, name) for part in parts]
        filled = [t for t in tables if len(t)]
        merged[name] = pd.concat(filled, ignore_index=True) if filled else tables[0]
        texts = merged[name].select_dtypes(include="str").columns
        merged[name] = merged[name].fillna(dict.fromkeys(texts, ""))
        if len(spec.schema.key) == 1 and merged[name].duplicated(spec.schema.key[0]).any():
            key = spec.schema.key[0]
            twice = merged[name][key][merged[name].duplicated(key)]
            hint = "give each feed a prefix of its own"
            message = f"{len(twice)} ids stand in more than one feed"
            issues.append(Issue("duplicate_key", "error", message, spec.file, None, key, str(twice.iloc[0]), hint))
    if issues:
        raise InputError(issues)
    return Feed(**merged)


_ID_COLUMNS = (
    "agency_id",
    "stop_id",
    "parent_station",
    "route_id",
    "trip_id",
    "service_id",
    "shape_id",
    "from_stop_id",
    "to_stop_id",
    "block_id",
    "from_route_id",
    "to_route_id",
    "from_trip_id",
    "to_trip_id",
)


def _with_prefix(feed: Feed, prefix: str) -> Feed:
    if not prefix:
        return feed
    tables = {}
    for name in FEED_TABLES:
        table: pd.DataFrame = getattr(feed, name).copy()
        for column in table.columns.intersection(_ID_COLUMNS):
            ids = table[column].astype("str")
            table[column] = ids.where(ids == "", prefix + ids)
        tables[name] = table
    return Feed(**tables)
