"""The GTFS tables we read, as data: columns, keys and references.

Words and rules are those of the GTFS Schedule reference (https://gtfs.org/documentation/schedule/reference/).
Columns we do not name are kept as strings. Clock columns are parsed in `gtfs_clock`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transit_model.domain.schema import Column, TableSchema

Presence = Literal["required", "optional"]


@dataclass(frozen=True)
class FeedTable:
    """One file of a feed.

    Attributes
    ----------
    integers : mapping as pairs
        Optional integer columns and what an empty cell stands for.
    clocks : tuple of pairs
        Column of the file and the column of seconds that replaces it.
    dates : tuple
        Columns of YYYYMMDD dates, kept as text.
    codes : tuple of pairs
        Columns of closed lists of numbers (the bounds of the schema), and what an unknown one is read as; None leaves
        its row out.
    """

    schema: TableSchema
    presence: Presence = "optional"
    integers: tuple[tuple[str, int], ...] = ()
    clocks: tuple[tuple[str, str], ...] = ()
    dates: tuple[str, ...] = ()
    codes: tuple[tuple[str, str | None], ...] = ()

    @property
    def file(self) -> str:
        """Name of the file in the feed."""
        return f"{self.schema.name}.txt"


def _opt(name: str, values: tuple[str, ...] = ()) -> Column:
    return Column(name, nullable=True, required=False, values=values)


def _flag(name: str, high: int = 3) -> Column:
    return Column(name, "int", nullable=True, required=False, low=0, high=high)


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

FEED_TABLES: dict[str, FeedTable] = {
    "agency": FeedTable(
        TableSchema(
            "agency",
            (_opt("agency_id"), Column("agency_name"), _opt("agency_url"), Column("agency_timezone")),
        ),
    ),
    "stops": FeedTable(
        TableSchema(
            "stops",
            (
                Column("stop_id"),
                _opt("stop_name"),
                Column("stop_lat", "float", "degree", nullable=True, low=-90, high=90),
                Column("stop_lon", "float", "degree", nullable=True, low=-180, high=180),
                _flag("location_type", 4),
                _opt("parent_station"),
            ),
            key=("stop_id",),
        ),
        "required",
        integers=(("location_type", 0),),
        codes=(("location_type", ""),),
    ),
    "routes": FeedTable(
        TableSchema(
            "routes",
            (
                Column("route_id"),
                _opt("agency_id"),
                _opt("route_short_name"),
                _opt("route_long_name"),
                Column("route_type", "int", low=0, high=1702, meaning="basic 0-12 or extended 100-1702"),
            ),
            key=("route_id",),
        ),
        "required",
        codes=(("route_type", "3"),),
    ),
    "trips": FeedTable(
        TableSchema(
            "trips",
            (
                Column("route_id"),
                Column("service_id"),
                Column("trip_id"),
                _opt("trip_headsign"),
                _opt("trip_short_name"),
                _opt("direction_id", ("0", "1")),
                _opt("shape_id"),
            ),
            key=("trip_id",),
        ),
        "required",
    ),
    "stop_times": FeedTable(
        TableSchema(
            "stop_times",
            (
                Column("trip_id"),
                Column("stop_id"),
                Column("stop_sequence", "int", low=0),
                Column("arrival_time", nullable=True),
                Column("departure_time", nullable=True),
                _flag("pickup_type"),
                _flag("drop_off_type"),
                Column("shape_dist_traveled", "float", nullable=True, required=False, low=0),
            ),
            key=("trip_id", "stop_sequence"),
        ),
        "required",
        integers=(("pickup_type", 0), ("drop_off_type", 0)),
        codes=(("pickup_type", ""), ("drop_off_type", "")),
        clocks=(("arrival_time", "arrival_clock_s"), ("departure_time", "departure_clock_s")),
    ),
    "calendar": FeedTable(
        TableSchema(
            "calendar",
            (
                Column("service_id"),
                *(Column(day, "int", low=0, high=1) for day in DAYS),
                Column("start_date"),
                Column("end_date"),
            ),
            key=("service_id",),
        ),
        codes=tuple((day, "0") for day in DAYS),
        dates=("start_date", "end_date"),
    ),
    "calendar_dates": FeedTable(
        TableSchema(
            "calendar_dates",
            (Column("service_id"), Column("date"), Column("exception_type", "int", low=1, high=2)),
            key=("service_id", "date"),
        ),
        codes=(("exception_type", None),),
        dates=("date",),
    ),
    "frequencies": FeedTable(
        TableSchema(
            "frequencies",
            (
                Column("trip_id"),
                Column("start_time"),
                Column("end_time"),
                Column("headway_secs", "int", "s", low=1, high=2**28),
                _flag("exact_times", 1),
            ),
            key=("trip_id", "start_time"),
        ),
        integers=(("exact_times", 0),),
        codes=(("exact_times", ""),),
        clocks=(("start_time", "start_clock_s"), ("end_time", "end_clock_s")),
    ),
    "transfers": FeedTable(
        TableSchema(
            "transfers",
            (
                _opt("from_stop_id"),
                _opt("to_stop_id"),
                _flag("transfer_type", 5),
                Column("min_transfer_time", "float", "s", nullable=True, required=False, low=0),
            ),
        ),
        integers=(("transfer_type", 0),),
        codes=(("transfer_type", ""),),
    ),
    "shapes": FeedTable(
        TableSchema(
            "shapes",
            (
                Column("shape_id"),
                Column("shape_pt_lat", "float", "degree", low=-90, high=90),
                Column("shape_pt_lon", "float", "degree", low=-180, high=180),
                Column("shape_pt_sequence", "int", low=0),
                Column("shape_dist_traveled", "float", nullable=True, required=False, low=0),
            ),
            key=("shape_id", "shape_pt_sequence"),
        ),
    ),
    "feed_info": FeedTable(
        TableSchema(
            "feed_info",
            (
                _opt("feed_publisher_name"),
                _opt("feed_publisher_url"),
                _opt("feed_lang"),
                _opt("feed_start_date"),
                _opt("feed_end_date"),
                _opt("feed_version"),
            ),
        ),
    ),
}
"""In the order of the fields of `Feed`."""

FOREIGN_KEYS: tuple[tuple[str, str, str, str], ...] = (
    ("routes", "agency_id", "agency", "agency_id"),
    ("trips", "route_id", "routes", "route_id"),
    ("trips", "shape_id", "shapes", "shape_id"),
    ("stop_times", "trip_id", "trips", "trip_id"),
    ("stop_times", "stop_id", "stops", "stop_id"),
    ("stops", "parent_station", "stops", "stop_id"),
    ("frequencies", "trip_id", "trips", "trip_id"),
    ("transfers", "from_stop_id", "stops", "stop_id"),
    ("transfers", "to_stop_id", "stops", "stop_id"),
)
"""Child table and column, parent table and column. The service of a trip has two parents and is checked apart."""

CANONICAL_CODES = {
    "missing_column": "missing_required_column",
    "empty_value": "missing_required_field",
    "unknown_value": "unexpected_enum_value",
    "out_of_range": "number_out_of_range",
    "duplicate_id": "duplicate_key",
}
"""Codes of `check_table` and the notice of the canonical validator that says the same."""
