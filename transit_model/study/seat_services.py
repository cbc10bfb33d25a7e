"""What each county seat has near: the nearest station of fast trains, airport and third-level hospital, by road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from transit_model.domain.geo import LonLat
from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.measure.od import compute_od
from transit_model.measure.session import Session

COLUMNS: Final = ("scenario", "place", "service", "name_zh", "name_en", "minutes", "rank", "of")
FAST_TRAINS: Final = ("G", "D", "C")
"""First letters of train numbers of high-speed, multiple-unit and intercity trains (国铁车次: 高、动、城)."""
_HOSPITAL_LEVEL: Final = "3"
_OWN: Final = "service:"


def list_seat_services(session: Session) -> pd.DataFrame:
    """Return one row a seat and service: the nearest by road on the typical reading, and its rank among the seats.

    Rank 1 has the shortest way; seats out of reach of a service have none. A service that the region does not have,
    or whose table it does not have, has no rows.
    """
    index = session.places
    seats = list(
        {p.place_id: p for p in (*index.list_members("centres"), *index.list_members("county_seats"))}.values()
    )
    found = []
    for service, ends in (
        ("fast_trains", _list_fast_stations(session)),
        ("airport", list(index.list_members("airports"))),
        ("hospital", _list_hospitals(session)),
    ):
        if ends and seats:
            found.append(_find_nearest(session, seats, ends, service))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(COLUMNS))


def _find_nearest(session: Session, seats: Sequence[Place], ends: Sequence[Place], service: str) -> pd.DataFrame:
    own = [replace(p, place_id=f"{_OWN}{i}") for i, p in enumerate(ends)]
    table = compute_od(session, list(seats), own, [Mode.ROAD], [Reading.TYPICAL], with_km=False)
    minutes = table.pivot(index="from", columns="to", values="minutes").reindex([p.place_id for p in seats])
    best = minutes.min(axis=1)
    rank = best.where(np.isfinite(best)).rank(method="min")
    rows = []
    for seat in seats:
        least = float(best[seat.place_id])
        reached = bool(np.isfinite(least))
        place = ends[int(str(minutes.loc[seat.place_id].idxmin()).removeprefix(_OWN))] if reached else None
        names = (place.name_zh, place.name_en) if place is not None else ("", "")
        order = float(rank[seat.place_id]) if reached else np.nan
        rows.append((session.scenario_id, seat.place_id, service, *names, least, order, len(seats)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _list_fast_stations(session: Session) -> list[Place]:
    """Return the stations where a fast train calls by the timetable of the scenario."""
    feed = session.network.feed
    if "trip_short_name" not in feed.trips.columns:
        return []
    numbers = feed.trips["trip_short_name"].fillna("").astype(str)
    fast = set(feed.trips.loc[numbers.str[:1].isin(FAST_TRAINS), "trip_id"])
    calls = set(feed.stop_times.loc[feed.stop_times["trip_id"].isin(fast), "stop_id"])
    return [p for p in session.places.places if p.stop_id and p.stop_id in calls]


def _list_hospitals(session: Session) -> list[Place]:
    """Return where the third-level hospitals of the table ``facilities`` stand, one place a spot."""
    table = session.network.pack_tables.get("facilities")
    if table is None:
        return []
    chosen = table[(table["kind"] == "hospital") & (table["level"].astype(str) == _HOSPITAL_LEVEL)]
    return [
        Place(
            str(group.iloc[0]["facility_id"]),
            "facility",
            str(group.iloc[0]["name_zh"]),
            str(group.iloc[0]["name_en"]),
            LonLat(lon=float(lon), lat=float(lat)),
        )
        for (lon, lat), group in chosen.groupby(["lon", "lat"], sort=False)
    ]
