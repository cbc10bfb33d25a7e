"""Which services of a feed run on which days, by calendar.txt and calendar_dates.txt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from transit_model.domain.region import Feed
from transit_model.domain.stop_calls import find_board
from transit_model.units import S_PER_HOUR, S_PER_MIN

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDED, _REMOVED = 1, 2  # GTFS exception_type


@dataclass(frozen=True)
class ServiceDates:
    """The days a feed covers.

    Attributes
    ----------
    first, last : date or None
        First and last day with at least one trip; None for a feed without service.
    busiest : date or None
        The day with most departures, the earliest of equals.
    departures : tuple of int
        Departures of each day from `first` to `last`; a headway band counts each of its vehicles.
    """

    first: date | None
    last: date | None
    busiest: date | None
    departures: tuple[int, ...]

    def count(self, day: date) -> int:
        """Return the departures of a day, 0 outside the span."""
        if self.first is None or self.last is None or not self.first <= day <= self.last:
            return 0
        return self.departures[(day - self.first).days]


def find_active_services(feed: Feed, day: date) -> set[str]:
    """Return the service_ids that run on a day."""
    active: set[str] = set()
    stamp = day.strftime("%Y%m%d")
    calendar, dates = feed.calendar, feed.calendar_dates
    # Columns as arrays: a timetable asks for several days, and a calendar has a few rows or a few thousand.
    if len(calendar):
        columns = ("service_id", "start_date", "end_date", WEEKDAYS[day.weekday()])
        service, start, end, runs = (calendar[c].to_numpy(dtype=object) for c in columns)
        active |= set(service[(start <= stamp) & (end >= stamp) & (runs == 1)])
    if len(dates):
        today = (dates["date"] == stamp).to_numpy(dtype=bool)
        service, kind = (dates[c].to_numpy(dtype=object)[today] for c in ("service_id", "exception_type"))
        active |= set(service[kind == _ADDED])
        active -= set(service[kind == _REMOVED])
    return active


def find_service_dates(feed: Feed) -> ServiceDates:
    """Return first, last and busiest day of a feed."""
    span = _find_span(feed)
    if span is None:
        return ServiceDates(None, None, None, ())
    start, end = span
    count = np.zeros((end - start).days + 1, dtype=np.int64)
    departures = _count_departures(feed)
    for service, days in find_running_days(feed).items():
        count += days * departures.get(service, 0)
    served = np.flatnonzero(count)
    if not len(served):
        return ServiceDates(None, None, None, ())
    low, high = int(served[0]), int(served[-1])
    return ServiceDates(
        first=start + timedelta(days=low),
        last=start + timedelta(days=high),
        busiest=start + timedelta(days=int(np.argmax(count))),
        departures=tuple(int(n) for n in count[low : high + 1]),
    )


def _find_span(feed: Feed) -> tuple[date, date] | None:
    stamps = sorted({*feed.calendar["start_date"], *feed.calendar["end_date"], *feed.calendar_dates["date"]} - {""})
    return (parse_gtfs_date(stamps[0]), parse_gtfs_date(stamps[-1])) if stamps else None


def find_running_days(feed: Feed) -> dict[str, np.ndarray]:
    """Return for each service_id whether it runs, (n_days,) bool, on each day that the calendars of a feed name."""
    calendar, dates = feed.calendar, feed.calendar_dates
    span = _find_span(feed)
    if span is None:
        return {}
    start, end = span
    n_days = (end - start).days + 1
    weekday = (np.arange(n_days) + start.weekday()) % 7
    running: dict[str, np.ndarray] = {}
    for row in calendar.itertuples(index=False):
        first, last = parse_gtfs_date(str(row.start_date)), parse_gtfs_date(str(row.end_date))
        days = np.array([getattr(row, name) == 1 for name in WEEKDAYS])[weekday]
        days[: (first - start).days] = False
        days[(last - start).days + 1 :] = False
        running[str(row.service_id)] = running.get(str(row.service_id), False) | days
    for row in dates.itertuples(index=False):
        days = running.setdefault(str(row.service_id), np.zeros(n_days, dtype=bool))
        days[(parse_gtfs_date(str(row.date)) - start).days] = row.exception_type == _ADDED
    return running


def parse_gtfs_date(text: str) -> date:
    """Return the day of a YYYYMMDD text.

    Raises
    ------
    ValueError
        When the text is not such a date.
    """
    return datetime.strptime(text, "%Y%m%d").date()


def _count_departures(feed: Feed) -> dict[str, int]:
    """Return departures a day of each service."""
    bands = feed.frequencies
    vehicles = np.ceil((bands["end_clock_s"] - bands["start_clock_s"]) / bands["headway_secs"])
    by_band = pd.Series(vehicles.to_numpy(dtype=np.float64), index=bands["trip_id"].to_numpy()).groupby(level=0).sum()
    number = feed.trips["trip_id"].map(by_band).fillna(1.0).astype("int64")
    return {str(k): int(v) for k, v in number.groupby(feed.trips["service_id"]).sum().items()}


def find_service_share(feed: Feed, day: date, window: tuple[int, int]) -> float:
    """Return the share of a departure window from whose minutes some vehicle leaves within the hour, 0 to 1.

    A feed of school days or of peak hours alone has a share below 1: medians over the whole window then hold long waits
    or no journey at all. Trips by headway serve every minute of their bands.

    Parameters
    ----------
    day : date
        Service date.
    window : tuple of int
        Clock seconds, the end excluded.
    """
    trips = feed.trips
    running = set(trips["trip_id"][trips["service_id"].isin(find_active_services(feed, day))])
    start_s, end_s = window
    minutes = np.arange(start_s, end_s, S_PER_MIN)
    if not running or not len(minutes):
        return 0.0
    bands = feed.frequencies
    by_headway = set(bands["trip_id"])
    calls = feed.stop_times[feed.stop_times["trip_id"].isin(running - by_headway)]
    # Nobody leaves from the last call of a trip, nor from one without pickup.
    leaves = calls["stop_sequence"] < calls.groupby("trip_id")["stop_sequence"].transform("max")
    calls = calls[leaves & find_board(calls)]
    clocks_s = np.unique(calls["departure_clock_s"].dropna().to_numpy(dtype=np.float64))
    at = np.searchsorted(clocks_s, minutes)
    served = np.zeros(len(minutes), dtype=bool)
    known = at < len(clocks_s)
    served[known] = clocks_s[at[known]] - minutes[known] <= S_PER_HOUR
    for row in bands[bands["trip_id"].isin(running)].itertuples():
        served |= (minutes >= float(row.start_clock_s) - S_PER_HOUR) & (minutes < float(row.end_clock_s))
    return float(served.mean())
