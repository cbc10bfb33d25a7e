"""The catalogue of what `gtfs_checks` can find: code, severity, where, what, hint.

Codes and severities are those of the canonical GTFS validator (https://gtfs-validator.mobilitydata.org/rules.html),
except the ones marked "ours". The severity differs in one point: a lost shape or agency is a warning, since it changes
no travel time.
"""

from __future__ import annotations

from transit_model.store.notice import Notice

_SWAPPED = "lon and lat swapped?"
_MIDNIGHT = "after midnight hours count on: 24:10:00, not 00:10:00"

UNKNOWN_SERVICE = Notice(
    "foreign_key_violation",
    "error",
    "trips.txt",
    "service_id",
    "trips.service_id is neither in calendar.txt nor in calendar_dates.txt",
)
NO_TIME_ZONE = Notice(
    "invalid_timezone",
    "error",
    "agency.txt",
    "agency_timezone",
    "there is no such time zone",
    "write a name of the IANA list, e.g. Asia/Shanghai",
)
NO_LOCATION = Notice("stop_without_location", "error", "stops.txt", "stop_lat", "the stop has no coordinates")
NEAR_ORIGIN = Notice(
    "point_near_origin", "error", "stops.txt", "stop_lat", "the stop lies at 0, 0", "fill in stop_lat and stop_lon"
)
NEAR_POLE = Notice("point_near_pole", "error", "stops.txt", "stop_lat", "the stop lies at a pole", _SWAPPED)
SWAPPED = Notice(
    "coordinates_swapped",  # ours
    "error",
    "stops.txt",
    "stop_lat",
    "the stop lies far from all others as written, near them with lon and lat exchanged",
    _SWAPPED,
)
WRONG_PARENT = Notice(
    "wrong_parent_location_type",
    "error",
    "stops.txt",
    "parent_station",
    "the parent_station is not a station",
)
NESTED_STATION = Notice(
    "station_with_parent_station", "error", "stops.txt", "parent_station", "a station has a parent_station"
)
NOT_A_PLATFORM = Notice(
    "location_with_unexpected_stop_time",
    "error",
    "stop_times.txt",
    "stop_id",
    "a trip calls at a station or entrance instead of a platform",
    "location_type of the stop must be 0 or empty",
)
DEPARTS_EARLY = Notice(
    "stop_time_with_departure_before_arrival_time",
    "error",
    "stop_times.txt",
    "departure_time",
    "a trip departs before it arrives",
    _MIDNIGHT,
)
RUNS_BACKWARDS = Notice(
    "stop_time_with_arrival_before_previous_departure_time",
    "error",
    "stop_times.txt",
    "arrival_time",
    "a trip arrives before it left the stop before",
    _MIDNIGHT,
)
DISTANCE_BACKWARDS = Notice(
    "decreasing_or_equal_stop_time_distance",
    "warning",
    "stop_times.txt",
    "shape_dist_traveled",
    "shape_dist_traveled runs backwards and is not used to interpolate there",
)
ONE_STOP = Notice("unusable_trip", "warning", "trips.txt", "trip_id", "the trip has one stop only")
NO_STOPS = Notice("unused_trip", "warning", "trips.txt", "trip_id", "the trip has no stop times")
IDLE_STOP = Notice("stop_without_stop_time", "info", "stops.txt", "stop_id", "no trip calls at the stop")
TOO_FAST = Notice(
    "fast_travel_between_consecutive_stops",
    "warning",
    "stop_times.txt",
    "arrival_time",
    "a trip is faster between two stops than its mode can be",
    "check its times and the coordinates of its stops",
)
BAND_BACKWARDS = Notice(
    "start_and_end_range_out_of_order", "error", "frequencies.txt", "end_time", "a headway band ends before it starts"
)
BAND_EMPTY = Notice("start_and_end_range_equal", "error", "frequencies.txt", "end_time", "a headway band has no length")
BAND_OVERLAP = Notice(
    "overlapping_frequency", "error", "frequencies.txt", "start_time", "two headway bands of a trip overlap"
)
SERVICE_BACKWARDS = Notice(
    "start_and_end_range_out_of_order", "error", "calendar.txt", "end_date", "a service ends before it starts"
)
NO_DAYS = Notice(
    "service_without_days",  # ours
    "warning",
    "calendar.txt",
    "service_id",
    "the service runs on no day of the week and no date adds it",
)
