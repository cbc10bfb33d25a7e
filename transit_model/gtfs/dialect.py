"""What feeds write otherwise than plain GTFS and is understood: case of headings, unknown codes, flexible stops.

Everything here is told as an issue, and nothing changes what a feed of the plain kind says.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from transit_model.errors import Issue
from transit_model.gtfs.tables import FeedTable
from transit_model.store.csv_text import StringTable
from transit_model.store.notice import Notice

_WINDOWS = (
    "start_pickup_drop_off_window",
    "end_pickup_drop_off_window",
    "start_pickup_dropoff_window",  # as drafts of GTFS-Flex spelt it
    "end_pickup_dropoff_window",
)
_AREAS = ("location_id", "location_group_id")
_CLOCKS = ("arrival_time", "departure_time")


def match_names(names: tuple[str, ...], spec: FeedTable) -> str | None:
    """Return the name under which a feed holds a table: exact, else the only one that differs in case, else None."""
    if spec.file in names:
        return spec.file
    alike = [name for name in names if name.lower() == spec.file]
    return alike[0] if len(alike) == 1 else None


def name_columns(raw: StringTable, spec: FeedTable, file: str) -> tuple[StringTable, list[Issue]]:
    """Return the table with headings that differ from the reference in case only named as there (a warning)."""
    known = {*spec.schema.names(), *_WINDOWS, *_AREAS, "block_id"}
    present = set(raw.table.columns)
    lower = [str(c).lower() for c in raw.table.columns]
    renamed = {
        c: low
        for c, low in zip(raw.table.columns, lower, strict=True)
        if low in known and c not in known and low not in present and lower.count(low) == 1
    }
    if not renamed:
        return raw, []
    text = ", ".join(str(c) for c in renamed)
    message = f"{len(renamed)} headings differ from the reference in case and are read all the same"
    issue = Issue(
        "heading_in_other_case", "warning", message, file, 1, value=text, hint="GTFS writes them in lower case"
    )
    return StringTable(raw.table.rename(columns=renamed), raw.lines), [issue]


def replace_unknown_codes(raw: StringTable, spec: FeedTable, file: str) -> tuple[StringTable, list[Issue]]:
    """Return the table with codes that the reference does not list read as `spec.codes` says (a warning).

    Texts that are no whole number stay, as an error to come.
    """
    bounds: Mapping[str, tuple[float, float]] = {
        c.name: (0 if c.low is None else c.low, np.inf if c.high is None else c.high) for c in spec.schema.columns
    }
    issues: list[Issue] = []
    for column, meant in spec.codes:
        if column not in raw.table.columns:
            continue
        number = pd.to_numeric(raw.table[column], errors="coerce")
        low, high = bounds[column]
        unknown = (number % 1 == 0) & ~number.between(low, high)
        if not unknown.any():
            continue
        word = {None: "the row is left out", "": "read as if empty"}.get(meant, f"read as {meant}")
        message = f"{column} has a value that the reference does not know: {word}"
        notice = Notice("unexpected_enum_value", "warning", file, column, message, f"{low:g} to {high:g}")
        issues += notice.list_rows(unknown.to_numpy(), raw)
        if meant is None:
            raw = StringTable(raw.table[~unknown].reset_index(drop=True), raw.lines[~unknown.to_numpy()])
        else:
            raw = StringTable(raw.table.assign(**{column: raw.table[column].where(~unknown, meant)}), raw.lines)
    return raw, issues


def leave_out_flexible(raw: StringTable, file: str) -> tuple[StringTable, list[str], list[Issue]]:
    """Return stop times without flexible ones (GTFS-Flex: a zone, a group of stops or a window in place of a time).

    Returns
    -------
    StringTable
    list of str
        Trips that have no stop time left.
    list of Issue
        ``flexible_stops_left_out`` (warning) with the numbers of stop times and trips.
    """
    table = raw.table
    marks = [c for c in (*_AREAS, *_WINDOWS) if c in table.columns]
    if not marks or "trip_id" not in table.columns:
        return raw, [], []
    if "stop_id" not in table.columns:  # every stop is an area
        table = table.assign(stop_id="")
    timed = np.zeros(len(table), dtype=bool)
    for column in _CLOCKS:
        if column in table.columns:
            timed |= (table[column] != "").to_numpy()
    flexible = (table[marks] != "").any(axis=1).to_numpy() & ~(timed & (table["stop_id"] != "").to_numpy())
    if not flexible.any():
        return StringTable(table, raw.lines), [], []
    kept = table[~flexible].reset_index(drop=True)
    left = set(kept["trip_id"])
    gone = [trip for trip in dict.fromkeys(table.loc[flexible, "trip_id"]) if trip not in left]
    partly = table.loc[flexible, "trip_id"].nunique() - len(gone)
    message = (
        f"{int(flexible.sum())} of {len(table)} stop times are flexible (zones, groups or windows instead of a stop "
        f"with a time) and left out: {len(gone)} trips as a whole, {partly} in part"
    )
    hint = "on-demand service is not modelled; fixed routes are kept"
    line = int(raw.lines[int(np.argmax(flexible))])
    issue = Issue("flexible_stops_left_out", "warning", message, file, line, "location_id", hint=hint)
    issues = [issue]
    if not len(kept):
        hint = "nothing is left that runs by a timetable"
        issues.append(Issue("only_flexible_service", "error", "all stop times are flexible", file, hint=hint))
    return StringTable(kept, raw.lines[~flexible]), gone, issues


def drop_trips(tables: Mapping[str, pd.DataFrame], trips: list[str]) -> dict[str, pd.DataFrame]:
    """Return the tables of a feed without these trips, their headways and the transfers that name them."""
    out = dict(tables)
    gone = set(trips)
    for name in ("trips", "frequencies", "transfers"):
        table = out[name]
        for column in ("trip_id", "from_trip_id", "to_trip_id"):
            if column in table.columns:
                table = table[~table[column].isin(gone)]
        out[name] = table.reset_index(drop=True)
    return out
