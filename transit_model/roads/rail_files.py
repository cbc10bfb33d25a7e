"""Railways of a map as the files of a region folder's ``rail/``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from transit_model.domain.safe_text import escape_frame
from transit_model.errors import Issue
from transit_model.roads.osm_rail import LINE_COLUMNS, OsmRail
from transit_model.roads.station_match import REVIEW_COLUMNS, Match, match_stations
from transit_model.store.csv_table import read_csv_table

LINES_FILE, STATIONS_FILE, REVIEW_FILE, REPORT_FILE = (
    "lines.geojson",
    "stations.csv",
    "station_review.csv",
    "import.json",
)


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
        properties = {c: _plain(row[c]) for c in (*LINE_COLUMNS, "length_m")}
        shape = {"type": "LineString", "coordinates": np.round(row["line"], 6).tolist()}
        features.append(
            json.dumps({"type": "Feature", "properties": properties, "geometry": shape}, ensure_ascii=False)
        )
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
