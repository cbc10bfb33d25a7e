"""The catalogue of what `gtfs_checks` can find: code, severity, where, what, hint.

Codes and severities are those of the canonical GTFS validator (https://gtfs-validator.mobilitydata.org/rules.html),
except the ones marked "ours". The severity differs in one point: a lost shape or agency is a warning, since it changes
no travel time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transit_model.errors import Issue, Severity

MAX_LISTED = 5


@dataclass(frozen=True)
class Notice:
    """One kind of finding in one table."""

    code: str
    severity: Severity
    table: str
    field: str
    message: str
    hint: str = ""

    def list_issues(self, values: Sequence[object], file: str) -> list[Issue]:
        """Return one issue a value, at most `MAX_LISTED`, the last counting the rest."""
        shown = list(values[:MAX_LISTED])
        issues = [
            Issue(
                self.code,
                self.severity,
                self.message,
                file=f"{file}{self.table}.txt",
                field=self.field,
                value=str(value),
                hint=self.hint,
            )
            for value in shown
        ]
        more = len(values) - len(shown)
        if more > 0:
            issues[-1] = replace(issues[-1], message=f"{self.message} (and {more} more)")
        return issues


_SWAPPED = "lon and lat swapped?"
_MIDNIGHT = "after midnight hours count on: 24:10:00, not 00:10:00"

EMPTY_FILE = Notice("empty_file", "error", "", "", "the table has no rows", "the feed was cut off or has no data")
UNKNOWN_SERVICE = Notice(
    "foreign_key_violation",
    "error",
    "trips",
    "service_id",
    "trips.service_id is neither in calendar.txt nor in calendar_dates.txt",
)
NO_LOCATION = Notice("stop_without_location", "error", "stops", "stop_lat", "the stop has no coordinates")
NEAR_ORIGIN = Notice(
    "point_near_origin", "error", "stops", "stop_lat", "the stop lies at 0, 0", "fill in stop_lat and stop_lon"
)
NEAR_POLE = Notice("point_near_pole", "error", "stops", "stop_lat", "the stop lies at a pole", _SWAPPED)
SWAPPED = Notice(
    "coordinates_swapped",  # ours
    "error",
    "stops",
    "stop_lat",
    "the stop lies far from all others as written, near them with lon and lat exchanged",
    _SWAPPED,
)
WRONG_PARENT = Notice(
    "wrong_parent_location_type", "error", "stops", "parent_station", "the parent_station of the stop is not a station"
)
NESTED_STATION = Notice(
    "station_with_parent_station", "error", "stops", "parent_station", "a station has a parent_station"
)
NOT_A_PLATFORM = Notice(
    "location_with_unexpected_stop_time",
    "error",
    "stop_times",
    "stop_id",
    "a trip calls at a station or entrance instead of a platform",
    "location_type of the stop must be 0 or empty",
)
DEPARTS_EARLY = Notice(
    "stop_time_with_departure_before_arrival_time",
    "error",
    "stop_times",
    "departure_time",
    "a trip departs before it arrives",
    _MIDNIGHT,
)
RUNS_BACKWARDS = Notice(
    "stop_time_with_arrival_before_previous_departure_time",
    "error",
    "stop_times",
    "arrival_time",
    "a trip arrives before it left the stop before",
    _MIDNIGHT,
)
DISTANCE_BACKWARDS = Notice(
    "decreasing_or_equal_stop_time_distance",
    "warning",
    "stop_times",
    "shape_dist_traveled",
    "shape_dist_traveled runs backwards and is not used to interpolate there",
)
ONE_STOP = Notice("unusable_trip", "warning", "trips", "trip_id", "the trip has one stop only")
NO_STOPS = Notice("unused_trip", "warning", "trips", "trip_id", "the trip has no stop times")
IDLE_STOP = Notice("stop_without_stop_time", "info", "stops", "stop_id", "no trip calls at the stop")
TOO_FAST = Notice(
    "fast_travel_between_consecutive_stops",
    "warning",
    "stop_times",
    "arrival_time",
    "a trip is faster between two stops than its mode can be",
    "check its times and the coordinates of its stops",
)
BAND_BACKWARDS = Notice(
    "start_and_end_range_out_of_order", "error", "frequencies", "end_time", "a headway band ends before it starts"
)
BAND_EMPTY = Notice("start_and_end_range_equal", "error", "frequencies", "end_time", "a headway band has no length")
BAND_OVERLAP = Notice(
    "overlapping_frequency", "error", "frequencies", "start_time", "two headway bands of a trip overlap"
)
SERVICE_BACKWARDS = Notice(
    "start_and_end_range_out_of_order", "error", "calendar", "end_date", "a service ends before it starts"
)
NO_DAYS = Notice(
    "service_without_days",  # ours
    "warning",
    "calendar",
    "service_id",
    "the service runs on no day of the week and no date adds it",
)
