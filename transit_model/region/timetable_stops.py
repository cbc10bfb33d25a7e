"""The stops of a region folder's timetable that trains call at, to be matched with the stations of a map."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from transit_model.domain.modes import Ride, classify_route_type
from transit_model.domain.region import Feed
from transit_model.gtfs.feed import inspect_gtfs
from transit_model.region.tables import FEED_FOLDER
from transit_model.store.csv_text import read_csv_text


def read_timetable_stops(region: Path) -> pd.DataFrame | None:
    """Return the stops that trains call at, of a region folder, to be matched; None when it has no timetable.

    Columns ``stop_id, stop_name, lon, lat, names``; a parent station stands for its platforms; `names` are the names
    and aliases of ``stations.csv``. Stops of all timetables, those in ``timetables/`` too.
    """
    folders = [region / FEED_FOLDER, *sorted((region / "timetables").glob("*"))]
    feeds = [inspect_gtfs(folder)[0] for folder in folders if folder.is_dir()]
    found = [_list_stops(region, feed) for feed in feeds if feed is not None]
    return pd.concat(found, ignore_index=True).drop_duplicates("stop_id", ignore_index=True) if found else None


def _list_stops(region: Path, feed: Feed) -> pd.DataFrame:
    rail = [classify_route_type(int(t)) in (Ride.RAIL, Ride.METRO) for t in feed.routes["route_type"]]
    trips = feed.trips.loc[feed.trips["route_id"].isin(feed.routes.loc[rail, "route_id"]), "trip_id"]
    called = set(feed.stop_times.loc[feed.stop_times["trip_id"].isin(trips), "stop_id"])
    stops = feed.stops.set_index("stop_id")
    parents = {stops.at[s, "parent_station"] or s for s in called if s in stops.index}
    chosen = stops.loc[[s for s in stops.index if s in parents]].reset_index()
    more = _read_other_names(region)
    return pd.DataFrame(
        {
            "stop_id": chosen["stop_id"],
            "stop_name": chosen["stop_name"],
            "lon": chosen["stop_lon"].astype("float64"),
            "lat": chosen["stop_lat"].astype("float64"),
            "names": [more.get(s, ()) for s in chosen["stop_id"]],
        }
    )


def _read_other_names(region: Path) -> dict[str, tuple[str, ...]]:
    path = region / "stations.csv"
    if not path.is_file():
        return {}
    raw, _ = read_csv_text(path.read_bytes(), file="stations.csv")
    if raw is None or "stop_id" not in raw.table.columns:
        return {}
    columns = [c for c in ("name_zh", "name_en", "aliases") if c in raw.table.columns]
    names = {}
    for row in raw.table.to_dict("records"):
        other_names = [n for c in columns for n in str(row[c]).split(";") if n]
        names[str(row["stop_id"])] = tuple(dict.fromkeys(other_names))
    return names
