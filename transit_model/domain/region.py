"""A region as read from its pack: names, groups and tables. Immutable by convention: edits make copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from transit_model.domain.ground import Ground
from transit_model.errors import InputError, Issue
from transit_model.near_names import hint_near

IMPLIED_TIMETABLE = "gtfs"
"""Id of the one timetable of a pack that declares none."""

Text = Mapping[str, str]
"""A text in both languages: keys ``zh`` and ``en``."""


@dataclass(frozen=True)
class TimetableInfo:
    """One timetable of a region pack.

    Attributes
    ----------
    folder : str
        Of its GTFS tables, relative to the pack.
    valid_from : date or None
        First day from which it is the newest; None for the one timetable of a pack that declares none: it serves
        every date.
    vintage : Text
        What is printed beside minutes.
    service_date : date
        Service day that is measured when none is asked for.
    source : tuple of str
        Keys of ``sources.csv``.
    notes : Text or None
        Its limits, e.g. that it is one Friday.
    lists_all : bool
        Whether it has the trains of every station; of one that has some stations only, a station without a train is
        not known to have none.
    """

    timetable_id: str
    folder: str
    valid_from: date | None
    vintage: Text
    service_date: date
    source: tuple[str, ...] = ()
    notes: Text | None = None
    lists_all: bool = True


@dataclass(frozen=True)
class RegionInfo:
    """What `region.yaml` says.

    Attributes
    ----------
    crs : str
        Equal-area projected CRS (PROJ string or authority code), metres.
    bbox : tuple
        west_lon, south_lat, east_lon, north_lat of the study area.
    service_date : date
        Default service day of the timetable.
    window : tuple of int
        First and last departure clock in seconds, the last excluded.
    groups : mapping
        Group name to place ids.
    main_stations : mapping
        Place id to the stop_ids counted as its main stations.
    timetable_id : str
        The timetable that `timetable_vintage` and `service_date` are of: in a network the one it runs on, in a
        region the newest.
    timetables : tuple of TimetableInfo
        All of them, oldest first.
    roads_only : bool
        There is no timetable, and that is meant: only journeys by road can be measured.
    """

    region_id: str
    title: Text
    crs: str
    bbox: tuple[float, float, float, float]
    built_as_of: date
    service_date: date
    window: tuple[int, int]
    timetable_vintage: Text
    groups: Mapping[str, tuple[str, ...]]
    main_stations: Mapping[str, tuple[str, ...]]
    alternative_centres: Mapping[str, str] = field(default_factory=dict)
    known_gaps: tuple[Text, ...] = ()
    limits: tuple[Text, ...] = ()
    attribution: Text = field(default_factory=dict)
    assumptions: Mapping[str, Any] = field(default_factory=dict)
    timetable_id: str = IMPLIED_TIMETABLE
    timetables: tuple[TimetableInfo, ...] = ()
    roads_only: bool = False

    def list_timetables(self) -> tuple[TimetableInfo, ...]:
        """Return the timetables, oldest first; the implied one when none was declared."""
        implied = TimetableInfo(self.timetable_id, IMPLIED_TIMETABLE, None, self.timetable_vintage, self.service_date)
        return self.timetables or (implied,)

    def get_timetable(self, timetable_id: str) -> TimetableInfo:
        """Return a timetable by id.

        Raises
        ------
        InputError
            ``unknown_timetable``, with the nearest ids.
        """
        known = {t.timetable_id: t for t in self.list_timetables()}
        if timetable_id in known:
            return known[timetable_id]
        message = f"the region has no timetable {timetable_id!r}"
        hint = hint_near(timetable_id, known, f"it has {', '.join(known)}")
        raise InputError(Issue("unknown_timetable", "error", message, field="timetable", value=timetable_id, hint=hint))

    def choose_timetable(self, day: date) -> TimetableInfo:
        """Return the newest timetable that is not after a day.

        Raises
        ------
        InputError
            ``base_before_timetables``.
        """
        tables = self.list_timetables()
        begun = [t for t in tables if t.valid_from is None or t.valid_from <= day]
        if begun:
            return begun[-1]
        first = tables[0]
        message = f"no timetable of the region is valid on {day.isoformat()}: the first begins on {first.valid_from}"
        hint = f"take a base of {first.valid_from} or later, or ask for it with --timetable {first.timetable_id}"
        raise InputError(
            Issue("base_before_timetables", "error", message, field="as_of", value=day.isoformat(), hint=hint)
        )

    def on_timetable(self, timetable: TimetableInfo) -> RegionInfo:
        """Return the same region with a timetable chosen."""
        return replace(
            self,
            timetable_id=timetable.timetable_id,
            timetable_vintage=timetable.vintage,
            service_date=timetable.service_date,
        )

    def require_centres(self) -> None:
        """Refuse what is drawn and compared round centres where the region has none.

        Raises
        ------
        InputError
            ``no_centres``.
        """
        if not self.groups.get("centres"):
            hint = "name them in region.yaml: groups: centres: [...]"
            raise InputError(Issue("no_centres", "error", "the region has no centres", field="groups", hint=hint))


@dataclass(frozen=True, eq=False)
class Feed:
    """A GTFS feed: tables with GTFS column names; clock times as integer seconds in ``*_clock_s`` columns.

    Attributes
    ----------
    stop_times : DataFrame
        trip_id, stop_id, stop_sequence, arrival_clock_s, departure_clock_s (int64), pickup_type, drop_off_type.
    frequencies : DataFrame
        trip_id, start_clock_s, end_clock_s, headway_secs, exact_times (int64).
    """

    agency: pd.DataFrame
    stops: pd.DataFrame
    routes: pd.DataFrame
    trips: pd.DataFrame
    stop_times: pd.DataFrame
    calendar: pd.DataFrame
    calendar_dates: pd.DataFrame
    frequencies: pd.DataFrame
    transfers: pd.DataFrame
    shapes: pd.DataFrame
    feed_info: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Region:
    """All tables of a region pack.

    `feed` is the newest timetable, `feeds` has all of them by id (empty: there is only `feed`). `notices` is what was
    odd about the tables but did not stop the reading.
    """

    info: RegionInfo
    places: pd.DataFrame
    counties: pd.DataFrame
    nodes: pd.DataFrame
    links: pd.DataFrame
    shapes: pd.DataFrame
    stations: pd.DataFrame
    feed: Feed
    sources: pd.DataFrame
    fingerprint: str
    outlines: Mapping[str, Any] | None = None
    ground: Ground | None = None
    extra: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notices: tuple[Issue, ...] = ()
    feeds: Mapping[str, Feed] = field(default_factory=dict)

    def get_feed(self, timetable_id: str) -> Feed:
        """Return the feed of a timetable.

        Raises
        ------
        InputError
            ``unknown_timetable``, with the nearest ids.
        """
        found = self.info.get_timetable(timetable_id)
        return self.feeds.get(found.timetable_id, self.feed)
