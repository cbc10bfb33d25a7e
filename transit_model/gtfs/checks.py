"""Rules over a whole feed, one small function each; `check_gtfs` runs them all.

Rows are named by their ids, since a feed may also come from a scenario and then has no file lines.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.region import Feed
from transit_model.domain.transfer_rows import MAX_RULES, SELECTORS, count_unused_rules
from transit_model.errors import Issue, Severity
from transit_model.gtfs import notices
from transit_model.gtfs.tables import DAYS, FEED_TABLES, FOREIGN_KEYS
from transit_model.store.notice import Notice
from transit_model.units import KMH_PER_MS, S_PER_MIN

_STOP, _STATION, _ENTRANCE, _NODE = 0, 1, 2, 3  # location_type
_NEAR_DEGREES = 1.0  # of 0, 0 and of the poles, as the canonical validator
_FASTEST_KMH = {0: 100, 1: 150, 2: 500, 3: 150, 4: 80, 5: 30, 6: 50, 7: 50, 11: 150, 12: 150}
"""Ceiling by route_type of the canonical validator (StopTimeTravelSpeedValidator), km/h; 200 for any other."""
_FASTEST_OTHER_KMH = 200
_SWAP_GAIN = 10  # a swapped stop lies ten times nearer to the others once exchanged
_SWAP_MIN_DEGREES = 2.0

Rule = Callable[[Feed, str], list[Issue]]


def check_gtfs(feed: Feed, file: str = "") -> list[Issue]:
    """Return the findings about a feed, errors first.

    Parameters
    ----------
    feed : Feed
    file : str
        Put before the names of the tables, e.g. ``"feed.zip/"``.
    """
    issues = [issue for rule in RULES for issue in rule(feed, file)]
    return sorted(issues, key=lambda issue: ("error", "warning", "info").index(issue.severity))


def check_empty_tables(feed: Feed, file: str) -> list[Issue]:
    """``empty_file``: a required table without rows."""
    hint = "the feed was cut off or exported without data"
    return [
        Issue("empty_file", "error", f"{spec.file} has no rows", f"{file}{spec.file}", hint=hint)
        for name, spec in FEED_TABLES.items()
        if spec.presence == "required" and not len(getattr(feed, name))
    ]


def check_references(feed: Feed, file: str) -> list[Issue]:
    """``foreign_key_violation``: an id that no row of the other table has."""
    issues: list[Issue] = []
    for child, column, parent, key in FOREIGN_KEYS:
        table: pd.DataFrame = getattr(feed, child)
        other: pd.DataFrame = getattr(feed, parent)
        if child == "routes" and len(other) <= 1:
            continue  # with one agency routes need not name it
        lost = _find_lost(table[column], set(other[key]))
        # A lost shape only loses a drawing.
        severity: Severity = "warning" if parent in ("shapes", "agency") else "error"
        message = f"{child}.{column} is not in {parent}.txt"
        issues += Notice("foreign_key_violation", severity, f"{child}.txt", column, message).list_values(lost, file)
    services = set(feed.calendar["service_id"]) | set(feed.calendar_dates["service_id"])
    lost = _find_lost(feed.trips["service_id"], services)
    return issues + notices.UNKNOWN_SERVICE.list_values(lost, file)


def check_transfer_rules(feed: Feed, file: str) -> list[Issue]:
    """``foreign_key_violation`` of routes and trips in transfers.txt, ``transfer_rules_left_out``."""
    issues: list[Issue] = []
    for column in SELECTORS:
        if column in feed.transfers.columns:
            table, key = (feed.trips, "trip_id") if column.endswith("trip_id") else (feed.routes, "route_id")
            lost = _find_lost(feed.transfers[column].fillna(""), set(table[key]))
            message = f"transfers.{column} is not in {key.removesuffix('_id')}s.txt; the row holds for nobody"
            notice = Notice("foreign_key_violation", "warning", "transfers.txt", column, message)
            issues += notice.list_values(lost, file)
    unused = count_unused_rules(feed.transfers)
    if unused:
        message = f"{unused} rows of certain routes or trips are left out: more than {MAX_RULES} between two stops"
        hint = "there everybody changes by the general rows and the assumptions"
        issues.append(
            Issue(
                "transfer_rules_left_out", "warning", message, f"{file}transfers.txt", field="from_stop_id", hint=hint
            )
        )
    return issues


def _find_lost(ids: pd.Series[str], known: set[str]) -> list[str]:
    """Return the ids that are not known, each once, in order."""
    return [i for i in ids.unique() if i != "" and i not in known]


def check_time_zones(feed: Feed, file: str) -> list[Issue]:
    """``invalid_timezone``: an agency's clock that is in no list of time zones."""
    wrong = [str(zone) for zone in feed.agency["agency_timezone"].unique() if zone and not is_time_zone(str(zone))]
    return notices.NO_TIME_ZONE.list_values(wrong, file)


def is_time_zone(name: str) -> bool:
    """Return whether a name is of the IANA list; True for any where a machine has no list at all."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return not available_timezones()
    return True


def check_stop_locations(feed: Feed, file: str) -> list[Issue]:
    """``stop_without_location``, ``point_near_origin``, ``point_near_pole``: coordinates that cannot be right."""
    stops = feed.stops
    lon, lat = stops["stop_lon"].astype("float64"), stops["stop_lat"].astype("float64")
    needs = stops["location_type"].isin((_STOP, _STATION, _ENTRANCE))
    lost = stops.loc[(lon.isna() | lat.isna()) & needs, "stop_id"]
    origin = stops.loc[(lon.abs() <= _NEAR_DEGREES) & (lat.abs() <= _NEAR_DEGREES), "stop_id"]
    pole = stops.loc[(lat.abs() >= 90 - _NEAR_DEGREES) & (lat.abs() <= 90), "stop_id"]
    return [
        *notices.NO_LOCATION.list_values(lost.tolist(), file),
        *notices.NEAR_ORIGIN.list_values(origin.tolist(), file),
        *notices.NEAR_POLE.list_values(pole.tolist(), file),
    ]


def check_swapped_axes(feed: Feed, file: str) -> list[Issue]:
    """``coordinates_swapped``: a stop that lies with the others only when its lon and lat change places."""
    stops = feed.stops.dropna(subset=["stop_lon", "stop_lat"])
    if len(stops) < 3:
        return []
    lon, lat = stops["stop_lon"].to_numpy(dtype=np.float64), stops["stop_lat"].to_numpy(dtype=np.float64)
    mid_lon, mid_lat = float(np.median(lon)), float(np.median(lat))
    as_given = np.hypot(lon - mid_lon, lat - mid_lat)
    swapped = np.hypot(lat - mid_lon, lon - mid_lat)
    spread = max(float(np.median(as_given)) * _SWAP_GAIN, _SWAP_MIN_DEGREES)
    odd = stops.loc[(as_given > spread) & (swapped < as_given / _SWAP_GAIN), "stop_id"]
    return notices.SWAPPED.list_values(odd.tolist(), file)


def check_parents(feed: Feed, file: str) -> list[Issue]:
    """``wrong_parent_location_type``, ``station_with_parent_station``, ``location_with_unexpected_stop_time``."""
    stops = feed.stops
    kind = dict(zip(stops["stop_id"], stops["location_type"], strict=True))
    has_parent = stops[stops["parent_station"] != ""]
    parent_kind = has_parent["parent_station"].map(kind)
    below = has_parent["location_type"].isin((_STOP, _ENTRANCE, _NODE))
    wrong = has_parent.loc[below & parent_kind.notna() & (parent_kind != _STATION), "stop_id"]
    nested = has_parent.loc[has_parent["location_type"] == _STATION, "stop_id"]
    called = [s for s in feed.stop_times["stop_id"].unique() if kind.get(s, _STOP) != _STOP]
    return [
        *notices.WRONG_PARENT.list_values(wrong.tolist(), file),
        *notices.NESTED_STATION.list_values(nested.tolist(), file),
        *notices.NOT_A_PLATFORM.list_values(called, file),
    ]


def check_trip_times(feed: Feed, file: str) -> list[Issue]:
    """``stop_time_with_departure_before_arrival_time``, ``stop_time_with_arrival_before_previous_departure_time``."""
    times = feed.stop_times
    arrive = times["arrival_clock_s"].to_numpy(dtype=np.float64)
    depart = times["departure_clock_s"].to_numpy(dtype=np.float64)
    back = np.zeros(len(times), dtype=bool)
    back[1:] = _same_trip(times) & (arrive[1:] < depart[:-1])
    return [
        *notices.DEPARTS_EARLY.list_values(_trips(times, depart < arrive), file),
        *notices.RUNS_BACKWARDS.list_values(_trips(times, back), file),
    ]


def _same_trip(times: pd.DataFrame) -> np.ndarray:
    trip = pd.factorize(times["trip_id"])[0]
    same: np.ndarray = trip[1:] == trip[:-1]
    return same


def _trips(times: pd.DataFrame, rows: np.ndarray) -> list[str]:
    return list(times.loc[rows, "trip_id"].unique())


def check_distances(feed: Feed, file: str) -> list[Issue]:
    """``decreasing_or_equal_stop_time_distance`` where shape_dist_traveled runs backwards."""
    times = feed.stop_times
    distance = times["shape_dist_traveled"].to_numpy(dtype=np.float64)
    back = np.zeros(len(times), dtype=bool)
    back[1:] = _same_trip(times) & (distance[1:] < distance[:-1])
    return notices.DISTANCE_BACKWARDS.list_values(_trips(times, back), file)


def check_trip_use(feed: Feed, file: str) -> list[Issue]:
    """``unusable_trip`` (one stop), ``unused_trip`` (none), ``stop_without_stop_time``."""
    number = feed.trips["trip_id"].map(feed.stop_times["trip_id"].value_counts()).fillna(0)
    single, unused = feed.trips.loc[number == 1, "trip_id"], feed.trips.loc[number == 0, "trip_id"]
    platforms = feed.stops.loc[feed.stops["location_type"] == _STOP, "stop_id"]
    idle = _find_lost(platforms, set(feed.stop_times["stop_id"].unique()))
    return [
        *notices.ONE_STOP.list_values(single.tolist(), file),
        *notices.NO_STOPS.list_values(unused.tolist(), file),
        *notices.IDLE_STOP.list_values(idle, file),
    ]


def check_speeds(feed: Feed, file: str) -> list[Issue]:
    """``fast_travel_between_consecutive_stops``: faster than the mode can go, a minute's rounding allowed."""
    times = feed.stop_times
    if len(times) < 2 or not len(feed.stops):
        return []
    stops = feed.stops.drop_duplicates("stop_id").set_index("stop_id")[["stop_lon", "stop_lat"]].astype("float64")
    stop_code, stop_ids = pd.factorize(times["stop_id"])
    at = stops.reindex(stop_ids).to_numpy()[stop_code]
    route_type = dict(zip(feed.routes["route_id"].tolist(), feed.routes["route_type"].tolist(), strict=True))
    route = dict(zip(feed.trips["trip_id"].tolist(), feed.trips["route_id"].tolist(), strict=True))
    trip_code, trip_ids = pd.factorize(times["trip_id"])
    caps = [_FASTEST_KMH.get(route_type.get(route.get(t, ""), -1), _FASTEST_OTHER_KMH) for t in trip_ids.tolist()]
    metres = compute_great_circle_m(at[:-1, 0], at[:-1, 1], at[1:, 0], at[1:, 1])
    clock = times[["arrival_clock_s", "departure_clock_s"]].to_numpy(dtype=np.float64)
    # Times written in whole minutes, or interpolated, may be almost a minute off.
    seconds = np.maximum(clock[1:, 0] - clock[:-1, 1] + S_PER_MIN, 1.0)
    cap = np.array(caps, dtype=np.float64)[trip_code[1:]]
    fast = np.zeros(len(times), dtype=bool)
    fast[1:] = (trip_code[1:] == trip_code[:-1]) & (metres / seconds * KMH_PER_MS > cap)
    return notices.TOO_FAST.list_values(_trips(times, fast), file)


def check_frequencies(feed: Feed, file: str) -> list[Issue]:
    """``start_and_end_range_out_of_order``, ``overlapping_frequency``, ``start_and_end_range_equal``."""
    bands = feed.frequencies
    start, end = bands["start_clock_s"], bands["end_clock_s"]
    ordered = bands.sort_values(["trip_id", "start_clock_s"], kind="stable")
    before = ordered.groupby("trip_id")["end_clock_s"].shift()
    overlap = ordered.loc[before > ordered["start_clock_s"], "trip_id"].unique()
    return [
        *notices.BAND_BACKWARDS.list_values(bands.loc[end < start, "trip_id"].tolist(), file),
        *notices.BAND_EMPTY.list_values(bands.loc[end == start, "trip_id"].tolist(), file),
        *notices.BAND_OVERLAP.list_values(list(overlap), file),
    ]


def check_calendar(feed: Feed, file: str) -> list[Issue]:
    """``start_and_end_range_out_of_order`` of a service, ``service_without_days``."""
    calendar, dates = feed.calendar, feed.calendar_dates
    wrong = calendar.loc[calendar["end_date"] < calendar["start_date"], "service_id"]
    added = set(dates.loc[dates["exception_type"] == 1, "service_id"])
    idle = calendar[list(DAYS)].sum(axis=1) == 0
    never = [s for s in calendar.loc[idle, "service_id"] if s not in added]
    return [
        *notices.SERVICE_BACKWARDS.list_values(wrong.tolist(), file),
        *notices.NO_DAYS.list_values(never, file),
    ]


RULES: tuple[Rule, ...] = (
    check_empty_tables,
    check_references,
    check_transfer_rules,
    check_time_zones,
    check_stop_locations,
    check_swapped_axes,
    check_parents,
    check_trip_times,
    check_distances,
    check_trip_use,
    check_speeds,
    check_frequencies,
    check_calendar,
)
