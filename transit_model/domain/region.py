"""A region as read from its pack: names, groups and tables. Immutable by convention: edits make copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from transit_model.domain.ground import Ground
from transit_model.errors import InputError, Issue

Text = Mapping[str, str]
"""A text in both languages: keys ``zh`` and ``en``."""


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

    `notices` is what was odd about them but did not stop the reading.
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
