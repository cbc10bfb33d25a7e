"""The stations of a place, between which the readings without a way from door to door are measured."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.modes import MODE_RULES, Mode, classify_route_type
from transit_model.domain.place import Place
from transit_model.measure.session import Session
from transit_model.units import km_to_m


def find_place_stops(session: Session, place: Place, mode: Mode) -> list[str]:
    """Return the stop_ids counted as the stations of a place for station-to-station readings.

    A station is itself. Otherwise the served stations within ``station_reach_km``, of each kind the nearest
    ``station_reach_stops`` (a dense feed has thousands, and a search for each). What only projects serve takes no other
    station's place: it counts where it is as near as the last of these. For rail those of the place's own
    county as well, however far; where the region declares main stations, these alone. A mode that chains others has
    the stations of each of them; a metro is no station of a place, one walks to it (by way, see `pair_ways`).
    """
    a = session.network.assumptions
    return session.keep(
        "place_stops",
        # the stops of a place hang on which stops are served on the day, not on when
        lambda keys: (
            *(mode, place, keys.stations, keys.served, session.service_date),
            *(a.station_reach_km, a.station_reach_stops),
        ),
        lambda: _find_place_stops(session, place, mode),
    )


def _find_place_stops(session: Session, place: Place, mode: Mode) -> list[str]:
    if MODE_RULES[mode].chains:
        found = (
            session.find_chained(mode, one, stop)
            for one in MODE_RULES[mode].chains
            for stop in find_place_stops(session, place, one)
        )
        return list(dict.fromkeys(found))
    today, seen = session.list_stations(mode), session.seen(mode)
    if place.stop_id:
        return [stop for stop in today if seen.find_stop(stop) == place.stop_id]
    info = session.network.info
    if mode is Mode.RAIL and place.place_id in info.main_stations:
        return [s for s in info.main_stations[place.place_id] if s in today]
    own: list[str] = []
    if mode is Mode.RAIL and place.adcode:
        county = session.county_names.get(place.adcode, "")
        own = [s for s in today if county and session.station_counties.get(s) == county]
    at = [session.stop_points[seen.find_stop(s)] for s in today]
    if not at:
        return []
    far_m = compute_great_circle_m(place.at.lon, place.at.lat, [p.lon for p in at], [p.lat for p in at])
    a, kinds = session.network.assumptions, session.stop_kinds(mode)
    near = [s for far, s in sorted(zip(far_m.tolist(), today, strict=True)) if far <= km_to_m(a.station_reach_km)]
    by_kind: dict[str, list[str]] = {}
    for stop in near:
        by_kind.setdefault(kinds.get(stop, ""), []).append(stop)
    brought = list_brought(session, mode) if len(near) > a.station_reach_stops else frozenset()
    kept = {*own, *(s for stops in by_kind.values() for s in _keep_nearest(stops, a.station_reach_stops, brought))}
    return [s for _, s in sorted(zip(far_m.tolist(), today, strict=True)) if s in kept]


def _keep_nearest(stops: Sequence[str], most: int, brought: Collection[str]) -> list[str]:
    """Return the nearest of stops, in order of distance: `most` that are not brought, and what lies among them."""
    counted = np.cumsum([stop not in brought for stop in stops])
    return [stop for stop, before in zip(stops, [0, *counted.tolist()], strict=False) if before < most]


def list_brought(session: Session, mode: Mode) -> frozenset[str]:
    """Return those of the stations of a mode at which its own vehicles call on the day by projects alone."""
    trips = session.network.feed.trips
    if "project_id" not in trips.columns:
        return frozenset()

    def find() -> frozenset[str]:
        routes, own = session.network.feed.routes, MODE_RULES[mode].own
        rides = [classify_route_type(int(kind)) in own for kind in routes["route_type"]]
        is_standing = (trips["project_id"] == "") & trips["route_id"].isin(routes.loc[rides, "route_id"])
        standing = frozenset(trips.loc[is_standing, "trip_id"].astype(str))
        return frozenset(session.list_stations(mode)) - set(session.timetable(mode)[0].list_calls(standing))

    return session.keep_row(("brought", mode), find)


def list_named_stations(session: Session, mode: Mode) -> list[str]:
    """Return the stops that may be a station of some place by a mode, in feed order."""
    chained = MODE_RULES[mode].chains
    if not chained:
        return list(session.list_stations(mode))
    stop_idx = session.timetable(mode)[0].stop_idx
    found = {session.find_chained(mode, one, s) for one in chained for s in session.list_stations(one)}
    return sorted(found, key=stop_idx.__getitem__)
