"""Feeds of several time zones on one clock.

A GTFS clock counts from "noon minus twelve hours" of the service day in the zone of the agency
(https://gtfs.org/documentation/schedule/reference/#agencytxt). Between two zones whose difference is the same on every
day of service, a clock time moves by that difference; a trip that would start before 00:00 belongs to the day before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from transit_model.domain.region import Feed
from transit_model.domain.service_days import WEEKDAYS, find_service_dates, parse_gtfs_date
from transit_model.errors import InputError, Issue
from transit_model.units import S_PER_DAY

_DAY_BEFORE = "~1"  # put behind the service_id of trips that moved to the day before


def read_zone(feed: Feed) -> str:
    """Return the time zone of a feed, "" when it names none.

    Raises
    ------
    InputError
        ``inconsistent_agency_timezone``: the reference allows one zone in a feed.
    """
    zones = sorted({str(z) for z in feed.agency["agency_timezone"] if z})
    if len(zones) > 1:
        hint = "one feed has one clock; split it by agency and import the parts together"
        message = f"the agencies of one feed are in different time zones: {', '.join(zones)}"
        code = "inconsistent_agency_timezone"
        raise InputError(Issue(code, "error", message, "agency.txt", None, "agency_timezone", hint=hint))
    return zones[0] if zones else ""


def convert_zone(feed: Feed, zone: str) -> tuple[Feed, list[Issue]]:
    """Return a feed with its clock times in another zone, and an issue that says by how much they moved.

    Raises
    ------
    InputError
        ``unknown_time_zone``; ``changing_time_difference`` when clocks are put forward in one of the zones only.
    """
    own = read_zone(feed)
    if not own or own == zone:
        return feed, []
    difference_s = _find_difference_s(feed, own, zone)
    moved = feed.stop_times.assign(
        arrival_clock_s=feed.stop_times["arrival_clock_s"] + difference_s,
        departure_clock_s=feed.stop_times["departure_clock_s"] + difference_s,
    )
    bands = feed.frequencies.assign(
        start_clock_s=feed.frequencies["start_clock_s"] + difference_s,
        end_clock_s=feed.frequencies["end_clock_s"] + difference_s,
    )
    starts = [moved.groupby("trip_id")["arrival_clock_s"].min(), bands.groupby("trip_id")["start_clock_s"].min()]
    earliest = pd.concat(starts)
    early = earliest[earliest < 0].index.unique()
    trips, calendar, dates = feed.trips.copy(), feed.calendar, feed.calendar_dates
    if len(early):
        rows = trips["trip_id"].isin(early)
        services = trips.loc[rows, "service_id"].unique()
        trips.loc[rows, "service_id"] = trips.loc[rows, "service_id"] + _DAY_BEFORE
        for table in (moved, bands):
            at = table["trip_id"].isin(early)
            clocks = [c for c in table.columns if c.endswith("_clock_s")]
            table.loc[at, clocks] = table.loc[at, clocks] + S_PER_DAY
        calendar = pd.concat([calendar, _shift_calendar(calendar, services)], ignore_index=True)
        dates = pd.concat([dates, _shift_dates(dates, services)], ignore_index=True)
    agency = feed.agency.assign(agency_timezone=zone)
    hours = difference_s / 3600
    message = f"clock times of {own} are written in {zone}: {hours:+g} h; {len(early)} trips count to the day before"
    issue = Issue("time_zone_converted", "warning", message, "agency.txt", None, "agency_timezone", own)
    return replace(
        feed, agency=agency, trips=trips, stop_times=moved, frequencies=bands, calendar=calendar, calendar_dates=dates
    ), [issue]


def _find_difference_s(feed: Feed, own: str, zone: str) -> int:
    span = find_service_dates(feed)
    first, last = span.first or date(2000, 1, 1), span.last or date(2000, 1, 1)
    try:
        own_zone, other_zone = ZoneInfo(own), ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        hint = "write a name of the IANA list, e.g. Asia/Shanghai"
        raise InputError(
            Issue("unknown_time_zone", "error", f"no such time zone: {error}", "agency.txt", hint=hint)
        ) from error
    found = set()
    for number in range((last - first).days + 2):
        noon = datetime.combine(first + timedelta(days=number), time(12))
        found.add(noon.replace(tzinfo=other_zone).utcoffset() - noon.replace(tzinfo=own_zone).utcoffset())  # type: ignore[operator]
    if len(found) > 1:
        hint = "cut the feed where the clocks change and import one part"
        message = f"{own} and {zone} are not the same hours apart on all days from {first} to {last}"
        raise InputError(Issue("changing_time_difference", "error", message, "agency.txt", hint=hint))
    return int(found.pop().total_seconds())


def _shift_calendar(calendar: pd.DataFrame, services: Sequence[str] | np.ndarray) -> pd.DataFrame:
    """Return the rows of these services one day earlier."""
    rows = calendar[calendar["service_id"].isin(services)].copy()
    days = rows[list(WEEKDAYS)].to_numpy()
    rows[list(WEEKDAYS)] = np.roll(days, -1, axis=1)  # what ran on Tuesday runs on Monday
    for column in ("start_date", "end_date"):
        rows[column] = [_day_before(d) for d in rows[column]]
    return rows.assign(service_id=rows["service_id"] + _DAY_BEFORE)


def _shift_dates(dates: pd.DataFrame, services: Sequence[str] | np.ndarray) -> pd.DataFrame:
    rows = dates[dates["service_id"].isin(services)].copy()
    return rows.assign(date=[_day_before(d) for d in rows["date"]], service_id=rows["service_id"] + _DAY_BEFORE)


def _day_before(text: str) -> str:
    return (parse_gtfs_date(text) - timedelta(days=1)).strftime("%Y%m%d")
