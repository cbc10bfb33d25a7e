"""What the timetable itself prints: whether minutes are those of a train in it, and which places it does not list."""

from __future__ import annotations

import numpy as np

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.modes import MODE_RULES, PARTS, RIDDEN, Mode, classify_route_type
from transit_model.domain.place import Place
from transit_model.domain.service_days import find_active_services
from transit_model.domain.stop_calls import find_alight, find_board
from transit_model.measure.place_stops import find_place_stops
from transit_model.measure.session import Session
from transit_model.units import km_to_m, min_to_s

SAME_S = 0.01
"""Minutes of a table are seconds over 60; printed clocks are whole seconds."""


def is_printed(session: Session, origin: Place, destination: Place, mode: Mode, minutes: float) -> bool:
    """Return whether a direct ride of just so many minutes is printed between own stations of two places.

    Only vehicles of the timetable that run on the service day count: those of projects have times of a model, and lines
    by headway have no clock.
    """
    for part in (p for p in PARTS[mode] if p in RIDDEN):
        rides = _list_printed_rides_s(session, origin, destination, part)
        if (np.abs(rides - min_to_s(minutes)) < SAME_S).any():
            return True
    return False


def _list_printed_rides_s(session: Session, origin: Place, destination: Place, part: Mode) -> np.ndarray:
    seen = session.seen(part)
    starts, ends = ([seen.find_stop(s) for s in find_place_stops(session, p, part)] for p in (origin, destination))
    feed = session.network.feed
    own = [classify_route_type(int(kind)) in MODE_RULES[part].own for kind in feed.routes["route_type"]]
    trips = feed.trips[feed.trips["route_id"].isin(feed.routes.loc[own, "route_id"])]
    trips = trips[trips["service_id"].isin(find_active_services(feed, session.service_date))]
    if "project_id" in trips.columns:
        trips = trips[trips["project_id"] == ""]
    by_headway = set(feed.frequencies["trip_id"]) if len(feed.frequencies) else set()
    times = feed.stop_times[feed.stop_times["trip_id"].isin(set(trips["trip_id"]) - by_headway)]
    out = times[times["stop_id"].isin(starts) & find_board(times)][["trip_id", "stop_sequence", "departure_clock_s"]]
    back = times[times["stop_id"].isin(ends) & find_alight(times)][["trip_id", "stop_sequence", "arrival_clock_s"]]
    both = out.merge(back, on="trip_id", suffixes=("", "_to"))
    both = both[both["stop_sequence_to"] > both["stop_sequence"]]
    rides: np.ndarray = (both["arrival_clock_s"] - both["departure_clock_s"]).to_numpy(dtype=np.float64)
    return rides


def tell_unlisted(session: Session, place: Place, mode: Mode) -> str:
    """Return why the timetable says nothing of a place by rail; empty where it does, or where no station was open.

    Only a timetable that lists some of the stations (``stations_listed: some``) leaves a place open. One that lists all
    says of a station without a train that it has none.
    """
    info = session.network.info
    timetable = info.get_timetable(info.timetable_id)
    if timetable.lists_all or Mode.RAIL not in PARTS[mode] or find_place_stops(session, place, Mode.RAIL):
        return ""
    stations = _list_open_stations(session, place)
    if not stations:
        return ""
    return f"the timetable {timetable.timetable_id} does not list the trains of {', '.join(stations)}"


def _list_open_stations(session: Session, place: Place) -> list[str]:
    """Return the names of the railway stations of a place that were open on the date of the network."""
    network = session.network
    table = network.stations
    was_open = (table["opened"] == "") | (table["opened"] <= network.as_of.isoformat())
    table = table[was_open & table["lon"].notna() & table["lat"].notna()]
    if place.stop_id:
        own = table["stop_id"] == place.stop_id
    elif place.place_id in network.info.main_stations:
        own = table["stop_id"].isin(network.info.main_stations[place.place_id])
    else:
        lon, lat = table["lon"].to_numpy(dtype=np.float64), table["lat"].to_numpy(dtype=np.float64)
        far_m = compute_great_circle_m(place.at.lon, place.at.lat, lon, lat)
        county = session.county_names.get(place.adcode, "")
        near = far_m <= km_to_m(network.assumptions.station_reach_km)
        own = near | ((table["county"] == county) & (county != ""))
    return [str(name) for name in table.loc[own, "name_en"].where(table["name_en"] != "", table["name_zh"])]
