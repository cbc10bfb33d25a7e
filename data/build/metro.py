"""Metro lines by frequency.

- Order and positions: ``metro_stations.csv`` of the sources (GCJ-02, converted here).
- End to end: ``run_times_s`` of the choices, one set per service. Hohhot in 2020: 45 min 20 s (line 1) and 49 min
  (line 2), both until the speed-up of 2021-06-22 [m3]; since then 42 and 47 min [hhhtmetro].
- Run times between stops: those totals, shared out by the minutes between stops of the operator's own first
  trains of 2026, mean of both directions [hhhtmetro]. They are whole minutes, so single hops are good to about
  half a minute.
- Headways 6 min in the peak, 10 off-peak, 12 after 20:00, from 06:00 to 22:00 [m3]. The peak hours 07:00-09:00
  and 17:00-19:00 are judged (the worst hour of Hohhot's roads is 18:00 [gd2020]).
- Transfers: straight line x 1.3 at 1.2 m/s plus 2 min for levels and gates, at least 3 min, rounded up to half a
  minute; judged. Ticket hall and security of the railway station are not in it.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from geometry import gcj02_to_wgs84, great_circle_m
from rail import Feed, clock, seconds, translation
from tables import Row

COLUMNS = (
    "stop_id", "line", "seq", "name_zh", "name_en", "aliases", "lon", "lat", "coord_quality", "chainage_m",
    "run_time_s", "confidence", "source",
)  # fmt: skip
Metro = dict[str, Any]
WALK_DETOUR, WALK_M_PER_S, LEVELS_S, LEAST_S, STEP_S = 1.3, 1.2, 120, 180, 30


def build_stations(inputs: list[Row], metro: Metro, service: str) -> list[Row]:
    """Build ``metro_stations.csv``: WGS84 points, straight-line chainage and the run time from the first stop."""
    rows: list[Row] = []
    for line in metro["lines"]:
        stops = [row for row in inputs if row["line"] == line]
        points = [gcj02_to_wgs84(float(s["gcj_lon"]), float(s["gcj_lat"])) for s in stops]
        chainage = [0.0]
        for a, b in pairwise(points):
            chainage.append(chainage[-1] + great_circle_m(*a, *b))
        for stop, point, metres, run_s in zip(
            stops, points, chainage, _run_times(stops, int(metro["run_times_s"][service][line])), strict=True
        ):
            rows.append({
                "stop_id": stop["stop_id"], "line": line, "seq": stop["seq"], "name_zh": stop["name_zh"],
                "name_en": stop["name_en"], "aliases": stop["old_name_zh"], "lon": f"{point[0]:.6f}",
                "lat": f"{point[1]:.6f}", "coord_quality": "point", "chainage_m": str(round(metres)),
                "run_time_s": str(run_s), "confidence": "medium",
                "source": "[metroman] order and point, GCJ-02 converted to WGS84; [hhhtmetro] minutes between stops; "
                f"[m3] end-to-end time, {service}",
            })  # fmt: skip
    return rows


def _run_times(stops: list[Row], total_s: int) -> list[int]:
    """Return seconds from the first stop, the total shared out by the published minutes of 2026."""
    hops = []
    for a, b in pairwise(stops):
        seen = []
        if a["first_outbound"] and b["first_outbound"]:
            seen.append(seconds(b["first_outbound"]) - seconds(a["first_outbound"]))
        if a["first_inbound"] and b["first_inbound"]:
            seen.append(seconds(a["first_inbound"]) - seconds(b["first_inbound"]))
        hops.append(sum(seen) / len(seen))
    done, times = 0.0, [0]
    for hop in hops:
        done += hop
        times.append(round(total_s * done / sum(hops)))
    return times


def build_metro(feed: Feed, stations: list[Row], metro: Metro, service: str) -> None:
    """Add stops, two routes, one trip a direction, headways and transfers to the feed."""
    for station in stations:
        feed.stops.append({
            "stop_id": station["stop_id"], "stop_name": station["name_zh"], "stop_lat": station["lat"],
            "stop_lon": station["lon"],
        })  # fmt: skip
        feed.translations.append(translation("stops", "stop_name", station["stop_id"], station["name_en"]))
    for line, (route_id, short, zh, en, colour) in metro["lines"].items():
        feed.routes.append({
            "route_id": route_id, "agency_id": metro["agency"][0], "route_short_name": short, "route_long_name": zh,
            "route_type": "1", "route_color": colour, "route_text_color": "FFFFFF",
        })  # fmt: skip
        feed.translations.append(translation("routes", "route_long_name", route_id, en))
        stops = [row for row in stations if row["line"] == line]
        runs = [int(row["run_time_s"]) for row in stops]
        _direction(feed, (route_id, "0", service), stops, runs, metro["headways"])
        _direction(feed, (route_id, "1", service), stops[::-1], [runs[-1] - r for r in runs[::-1]], metro["headways"])
    where = {row["stop_id"]: (float(row["stop_lon"]), float(row["stop_lat"])) for row in feed.stops}
    for a, b in metro["transfers"]:
        walk_s = great_circle_m(*where[a], *where[b]) * WALK_DETOUR / WALK_M_PER_S + LEVELS_S
        least = str(max(LEAST_S, math.ceil(walk_s / STEP_S) * STEP_S))
        for x, y in ((a, b), (b, a)):
            feed.transfers.append(
                {"from_stop_id": x, "to_stop_id": y, "transfer_type": "2", "min_transfer_time": least}
            )


def _direction(
    feed: Feed, names: tuple[str, str, str], stops: list[Row], runs: list[int], headways: list[tuple[str, str, int]]
) -> None:
    route_id, direction, service = names
    trip_id = f"{route_id}-{direction}"
    feed.trips.append({
        "route_id": route_id, "service_id": service, "trip_id": trip_id, "trip_headsign": stops[-1]["name_zh"],
        "trip_short_name": "", "direction_id": direction,
    })  # fmt: skip
    start = seconds(headways[0][0])
    for number, (stop, run_s) in enumerate(zip(stops, runs, strict=True), start=1):
        feed.stop_times.append({
            "trip_id": trip_id, "arrival_time": clock(start + run_s), "departure_time": clock(start + run_s),
            "stop_id": stop["stop_id"], "stop_sequence": str(number), "timepoint": "0",
        })  # fmt: skip
    for begin, end, headway_s in headways:
        feed.frequencies.append({
            "trip_id": trip_id, "start_time": f"{begin}:00", "end_time": f"{end}:00", "headway_secs": str(headway_s),
            "exact_times": "0",
        })  # fmt: skip
