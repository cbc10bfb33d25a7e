"""Railways of a map as the files of a region folder's ``rail/``, and the stops of its timetable to match them with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from transit_model.domain.modes import Ride, classify_route_type
from transit_model.domain.safe_text import escape_frame
from transit_model.errors import Issue
from transit_model.readers.csv_table import read_csv_table
from transit_model.readers.csv_text import read_csv_text
from transit_model.readers.gtfs import inspect_gtfs
from transit_model.readers.osm_rail import LINE_COLUMNS, OsmRail
from transit_model.readers.station_match import REVIEW_COLUMNS, Match, match_stations

LINES_FILE, STATIONS_FILE, REVIEW_FILE, REPORT_FILE = (
    "lines.geojson",
    "stations.csv",
    "station_review.csv",
    "import.json",
)


def read_timetable_stops(region: Path) -> pd.DataFrame | None:
    """Return the stops that trains call at, of a region folder, to be matched; None when it has no timetable.

    Columns ``stop_id, stop_name, lon, lat, names``; a parent station stands for its platforms; `names` are the names
    and aliases of ``stations.csv``.
    """
    if not (region / "gtfs").is_dir():
        return None
    feed, _ = inspect_gtfs(region / "gtfs")
    if feed is None:
        return None
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
        told = [n for c in columns for n in str(row[c]).split(";") if n]
        names[str(row["stop_id"])] = tuple(dict.fromkeys(told))
    return names


def check_stops_against_map(region: Path, stops: pd.DataFrame, file: str) -> list[Issue]:
    """Return an issue ``datum_mixed_up`` when stops lie off the stations of a folder's ``rail/`` as a datum does.

    No issue without ``rail/stations.csv``.

    Raises
    ------
    InputError
        Those of `read_csv_table`.
    """
    path = region / "rail" / STATIONS_FILE
    if not path.is_file():
        return []
    stations = read_csv_table(path)
    table = pd.DataFrame(
        {
            "stop_id": stops["stop_id"],
            "stop_name": stops["stop_name"],
            "lon": stops["stop_lon"].astype("float64"),
            "lat": stops["stop_lat"].astype("float64"),
        }
    )
    return match_stations(table, stations, file=file).issues


def write_rail(rail: OsmRail, match: Match | None, folder: Path, source: str) -> None:
    """Write ``lines.geojson``, ``stations.csv``, ``import.json`` and, with a match, ``station_review.csv``."""
    features = []
    for row in rail.lines.to_dict("records"):
        told = {c: _plain(row[c]) for c in (*LINE_COLUMNS, "length_m")}
        shape = {"type": "LineString", "coordinates": np.round(row["line"], 6).tolist()}
        features.append(json.dumps({"type": "Feature", "properties": told, "geometry": shape}, ensure_ascii=False))
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"
    (folder / LINES_FILE).write_text(text, encoding="utf-8")
    escape_frame(rail.stations).to_csv(folder / STATIONS_FILE, index=False, lineterminator="\n", encoding="utf-8")
    if match is not None:
        review = match.review[list(REVIEW_COLUMNS)]
        escape_frame(review).to_csv(folder / REVIEW_FILE, index=False, lineterminator="\n", encoding="utf-8")
    report = json.dumps(describe_rail(rail, match, source), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / REPORT_FILE).write_text(report + "\n", encoding="utf-8")


def describe_rail(rail: OsmRail, match: Match | None, source: str) -> dict[str, Any]:
    """Return what was kept, dropped and matched as plain data."""
    km = rail.lines.groupby("kind")["length_m"].sum() / 1000
    return {
        "source": source,
        "km_by_kind": {str(k): round(float(v), 3) for k, v in km.items()},
        "stations": {str(k): int(v) for k, v in rail.stations["kind"].value_counts().sort_index().items()},
        "dropped": dict(rail.dropped),
        "matched": None if match is None else match.tally(),
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell
    if isinstance(value, float) and np.isnan(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
