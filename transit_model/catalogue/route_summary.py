"""The services of a scenario in a few numbers a route: departures, headway, first and last, fastest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from transit_model.domain.region import Feed, Text
from transit_model.domain.service_days import find_active_services
from transit_model.network.model import Network
from transit_model.units import format_clock, s_to_min


@dataclass(frozen=True)
class RouteSummary:
    """One route on the service day.

    Attributes
    ----------
    departures : int
        Of all directions together; a headway band counts each of its vehicles.
    headway_s : int or None
        The shortest of its headway bands, None when it runs by the clock only.
    first_clock_s, last_clock_s : int or None
        First and last departure of a first stop; None when nothing runs on the service day.
    fastest_s : int or None
        Shortest time of a trip from its first to its last stop.
    """

    route_id: str
    title: Text
    departures: int
    headway_s: int | None
    first_clock_s: int | None
    last_clock_s: int | None
    fastest_s: int | None

    def fields(self) -> dict[str, Any]:
        """Return the numbers as people read them: minutes and clock times."""
        return {
            "departures": self.departures,
            "headway_min": None if self.headway_s is None else round(s_to_min(self.headway_s), 2),
            "first_departure": None if self.first_clock_s is None else format_clock(self.first_clock_s),
            "last_departure": None if self.last_clock_s is None else format_clock(self.last_clock_s),
            "fastest_min": None if self.fastest_s is None else round(s_to_min(self.fastest_s), 2),
        }


def summarise_routes(network: Network) -> dict[str, RouteSummary]:
    """Return a summary of each route that has trips, by route_id, on the region's service day."""
    feed = network.feed
    spans = _measure_trips(feed)
    active = find_active_services(feed, network.info.service_date)
    titles = _name_routes(network)
    bands = {str(t): rows for t, rows in feed.frequencies.groupby("trip_id")} if len(feed.frequencies) else {}
    out = {}
    for route, trips in feed.trips.groupby("route_id", sort=True):
        departures, firsts, lasts, headways, runs = 0, [], [], [], []
        for trip, service in zip(trips["trip_id"].astype(str), trips["service_id"], strict=True):
            if service not in active or trip not in spans.index:
                continue
            start, run_s = int(spans.at[trip, "start"]), int(spans.at[trip, "run_s"])
            runs.append(run_s)
            if trip not in bands:
                departures += 1
                firsts.append(start)
                lasts.append(start)
                continue
            for row in bands[trip].itertuples(index=False):
                headway = int(row.headway_secs)
                departures += -(-(int(row.end_clock_s) - int(row.start_clock_s)) // headway)
                headways.append(headway)
                firsts.append(int(row.start_clock_s))
                lasts.append(int(row.end_clock_s))
        out[str(route)] = RouteSummary(
            str(route),
            titles[str(route)],
            departures,
            min(headways, default=None),
            min(firsts, default=None),
            max(lasts, default=None),
            min(runs, default=None),
        )
    return out


def count_retimed(a: Network, b: Network) -> dict[str, int]:
    """Return for each route how many trips stand in both networks with other stops or times."""
    before, after = (_collect_calls(n.feed) for n in (a, b))
    both = before.index.intersection(after.index)
    moved = both[(before.loc[both] != after.loc[both]).to_numpy()]
    route_of = b.feed.trips.set_index("trip_id")["route_id"]
    return {str(r): int(n) for r, n in route_of.loc[moved].value_counts().items()}


def describe_route(route: RouteSummary, lang: str) -> str:
    """Return a route in words."""
    zh = lang == "zh"
    fields = route.fields()
    if route.first_clock_s is None:
        return f"{route.title[lang]}：当天无班次" if zh else f"{route.title[lang]}: nothing runs on the service day"
    span = f"{fields['first_departure']}-{fields['last_departure']}"
    often = ""
    if route.headway_s is not None:
        headway = f"{fields['headway_min']:g}"
        often = f"最小间隔 {headway} 分钟，" if zh else f"every {headway} min at best, "
    if zh:
        fastest = f"全程最快 {fields['fastest_min']:.1f} 分钟"
        return f"{route.title['zh']}：全日 {route.departures} 班（两方向），{often}{span}，{fastest}"
    fastest = f"{fields['fastest_min']:.1f} min end to end at best"
    return f"{route.title['en']}: {route.departures} a day (both directions), {often}{span}, {fastest}"


def _measure_trips(feed: Feed) -> pd.DataFrame:
    ordered = feed.stop_times.sort_values(["trip_id", "stop_sequence"], kind="stable")
    ends = ordered.groupby("trip_id").agg(start=("departure_clock_s", "first"), end=("arrival_clock_s", "last"))
    return ends.assign(run_s=ends["end"] - ends["start"])


def _collect_calls(feed: Feed) -> pd.Series[Any]:
    """Return the stops and times of each trip as one comparable text."""
    ordered = feed.stop_times.sort_values(["trip_id", "stop_sequence"], kind="stable")
    clocks = [ordered[c].astype(str) for c in ("arrival_clock_s", "departure_clock_s")]
    call = ordered["stop_id"] + "@" + clocks[0] + "-" + clocks[1]
    return call.groupby(ordered["trip_id"]).agg("|".join)


def _name_routes(network: Network) -> dict[str, Text]:
    titles = {f"project:{p.project_id}": p.title for p in network.projects}
    routes = network.feed.routes
    out: dict[str, Text] = {}
    for row in routes.to_dict("records"):
        route = str(row["route_id"])
        short, long = (str(row.get(k) or "") for k in ("route_short_name", "route_long_name"))
        english = next((name for name in (short, long, route) if name and name.isascii()), route)
        out[route] = titles.get(route, {"zh": long or short or route, "en": english})
    return out
