"""Porto Alegre (EPTC buses and Trensurb) as timetable arrays, for measuring: weekday, walks up to 400 m at 4 km/h."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from tests.timetable.timetables import Call, Town
from transit_model.network.arrays import F64, TimetableArrays
from transit_model.units import parse_clock_s


def load(folder: Path) -> tuple[TimetableArrays, F64]:
    """Return the arrays and the stops' places in metres, (n, 2)."""
    stop_of: dict[str, int] = {}
    places: list[tuple[float, float]] = []
    trips: list[list[Call]] = []
    for name in ("poa_eptc.zip", "poa_trensurb.zip"):
        with zipfile.ZipFile(folder / name) as feed:
            for row in table(feed, "stops.txt"):
                stop_of[name + row["stop_id"]] = len(places)
                places.append((float(row["stop_lon"]), float(row["stop_lat"])))
            weekday = {row["service_id"] for row in table(feed, "calendar.txt") if row["wednesday"] == "1"}
            runs = {row["trip_id"] for row in table(feed, "trips.txt") if row["service_id"] in weekday}
            calls: dict[str, list[tuple[int, int, str, str]]] = {}
            for row in table(feed, "stop_times.txt"):
                if row["trip_id"] in runs:
                    stop = stop_of[name + row["stop_id"]]
                    at = (int(row["stop_sequence"]), stop, row["arrival_time"], row["departure_time"])
                    calls.setdefault(row["trip_id"], []).append(at)
        trips += [fill(sorted(one)) for one in calls.values() if len(one) > 1]
    degrees = np.radians(np.array(places))
    metres = 6_371_000 * degrees * np.array([np.cos(degrees[:, 1].mean()), 1.0])
    walks = [
        (a, b, int(np.ceil(np.linalg.norm(metres[a] - metres[b]) / (4 / 3.6))))
        for pair in cKDTree(metres).query_pairs(400, output_type="ndarray").tolist()
        for a, b in (pair, pair[::-1])
    ]
    town = Town(len(places), trips, walks=walks, change=dict.fromkeys(range(len(places)), 30))
    return town.arrays(), metres


def table(feed: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    with feed.open(name) as raw:
        return list(csv.DictReader(io.TextIOWrapper(raw, "utf-8-sig")))


def fill(calls: list[tuple[int, int, str, str]]) -> list[Call]:
    """Fill blank times evenly between the known ones."""
    known = [i for i, call in enumerate(calls) if call[2]]
    arrive = np.interp(range(len(calls)), known, [parse_clock_s(calls[i][2]) for i in known]).round().astype(int)
    depart = np.interp(range(len(calls)), known, [parse_clock_s(calls[i][3]) for i in known]).round().astype(int)
    return [(call[1], a, d, True, True) for call, a, d in zip(calls, arrive.tolist(), depart.tolist(), strict=True)]


def access_pairs(metres: F64, origin: int, reach_m: float = 800) -> tuple[list[int], list[float]]:
    """Return stops within reach of a stop's place on foot at 4 km/h, and the times."""
    away = np.linalg.norm(metres - metres[origin], axis=1)
    near = np.flatnonzero(away <= reach_m)
    return near.tolist(), (away[near] / (4 / 3.6)).tolist()
