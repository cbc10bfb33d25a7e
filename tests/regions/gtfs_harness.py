"""A feed of text tables through import, network and search, as a region's timetable goes.

A case is a JSON file in `gtfs_cases`: ``trips`` as ``trip route service [block] | stop arrive [depart] | ...``,
``routes`` as route to route_type, ``transfers`` and ``parents`` as text tables, ``queries`` as from, clock, to and the
right arrival (H:MM of the day, ``none`` for no journey). Stops A to H lie a tenth of a degree apart, ``B2`` lies beside
``B``: 0.001 degree of longitude at 40.1 degrees is 85.2 m, 91 s on foot by the default assumptions.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tests.network.town import SERVICE_DATE, make_region
from tests.timetable.arrivals import compute_arrivals
from tests.timetable.csa import build_connections, compute_arrivals_csa
from transit_model.assumptions import read_default_assumptions
from transit_model.domain.region import Feed
from transit_model.gtfs.feed_import import import_feeds
from transit_model.network.build import build_network
from transit_model.network.timetable_arrays import compile_timetable
from transit_model.timetable.index import build_index
from transit_model.timetable.raptor import build_access
from transit_model.units import S_PER_HOUR, S_PER_MIN, parse_clock_s

CASES = Path(__file__).parent / "gtfs_cases"
_DAYS = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"


def read_case(path: Path) -> dict[str, Any]:
    """The case of a file."""
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return case


def write_case(case: dict[str, Any], folder: Path) -> Path:
    """The tables of a case as a folder of GTFS files."""
    parents = case.get("parents", {})
    stops = {name: (40.0 + n / 10, 111.0) for n, name in enumerate("ABCDEFGH")} | {"B2": (40.1, 111.001)}
    stations = {p: stops[s] for s, p in parents.items()}
    trips, times = (
        ["route_id,service_id,trip_id,block_id"],
        ["trip_id,stop_id,stop_sequence,arrival_time,departure_time"],
    )
    for line in case["trips"]:
        head, *calls = (part.split() for part in line.split("|"))
        trips.append(",".join([head[1], head[2], head[0], *head[3:], *([""] if len(head) < 4 else [])]))
        times += [f"{head[0]},{stop},{n},{clocks[0]}:00,{clocks[-1]}:00" for n, (stop, *clocks) in enumerate(calls)]
    calendar = case.get("calendar", ["d 1,1,1,1,1,1,1 20240101 20251231"])
    tables = {
        "agency": [
            "agency_name,agency_url,agency_timezone",
            f"X,https://example.org,{case.get('zone', 'Asia/Shanghai')}",
        ],
        "stops": [
            "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station",
            *(f"{s},{s},{lat},{lon},0,{parents.get(s, '')}" for s, (lat, lon) in stops.items()),
            *(f"{s},{s},{lat},{lon},1," for s, (lat, lon) in stations.items()),
        ],
        "routes": ["route_id,route_short_name,route_type", *(f"{r},{r},{kind}" for r, kind in case["routes"].items())],
        "calendar": [f"service_id,{_DAYS},start_date,end_date", *(row.replace(" ", ",") for row in calendar)],
        "trips": trips,
        "stop_times": times,
        "transfers": case.get("transfers", ["from_stop_id,to_stop_id,transfer_type,min_transfer_time"]),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def import_case(case: dict[str, Any], folder: Path) -> Feed:
    """The case imported as `import gtfs` does, with ``--join-blocks`` where it says so."""
    feed, _ = import_feeds([write_case(case, folder)], blocks=bool(case.get("join_blocks")))
    return feed


def measure_arrivals(feed: Feed, day: date, start: str, clock: str) -> dict[str, str]:
    """The earliest arrivals by stop as H:MM of the day, ``none`` without a journey; both engines must agree."""
    region = make_region(feed=feed, stations={}, main_stations={})
    network = build_network(region, SERVICE_DATE, read_default_assumptions())
    timetable = compile_timetable(network, day)
    index = build_index(timetable.arrays)
    access = build_access([timetable.stop_idx[start]], [0.0])
    arrival_s = compute_arrivals(index, access, [parse_clock_s(clock)], max_rides=8)[0]
    other_s = compute_arrivals_csa(index, build_connections(index), access, parse_clock_s(clock))
    np.testing.assert_array_equal(arrival_s, other_s)
    return dict(zip(timetable.stop_ids, map(_write_clock, arrival_s.tolist()), strict=True))


def _write_clock(seconds: float) -> str:
    if not np.isfinite(seconds):
        return "none"
    return f"{int(seconds) // S_PER_HOUR}:{int(seconds) % S_PER_HOUR // S_PER_MIN:02d}"
