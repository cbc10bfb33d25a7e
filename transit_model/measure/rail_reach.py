"""From one station of a timetable to all others within some hours: the national 1-2-3 travel circle (123出行交通圈)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.assumptions import Assumptions, read_default_assumptions
from transit_model.domain.modes import MODE_RULES, Mode, classify_route_type
from transit_model.domain.pinyin import Way, match_pinyin
from transit_model.domain.region import Feed
from transit_model.domain.service_days import find_active_services, find_service_dates
from transit_model.domain.stop_calls import find_board, find_open
from transit_model.errors import InputError, Issue
from transit_model.near_names import find_near
from transit_model.network.model import Network
from transit_model.network.timetable_arrays import CompiledTimetable, compile_timetable
from transit_model.network.timetable_only import build_timetable_network
from transit_model.store.csv_text import read_csv_text
from transit_model.timetable.index import TimetableIndex, build_index
from transit_model.timetable.raptor import build_access, compute_window, stop_destinations, window_departures
from transit_model.units import S_PER_DAY, S_PER_MIN, parse_clock_s

F64 = npt.NDArray[np.float64]
WINDOW_S: Final = (parse_clock_s("07:00"), parse_clock_s("21:00"))
"""Departures of the typical reading, as in the shipped region."""
ANY_DAY: Final = date(2000, 1, 3)
"""The day of a table of trains that names none: every train of it runs."""
READINGS: Final = ("fastest", "typical")
_SIDE: Final = re.compile(r"^(.{2,})[东西南北]$")


@dataclass(frozen=True, eq=False)
class CityTable:
    """Which city a station is of, and how many people live there.

    Attributes
    ----------
    of_station : mapping
        Station name to city; empty where the table names no stations.
    people : mapping
        City to persons; empty where the table has none.
    """

    of_station: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Reach:
    """Times from a station to every other of its timetable.

    Attributes
    ----------
    origin : int
        Its row.
    stops : DataFrame
        ``stop_id, name, city, lon, lat`` of every station that is served, in the order of the feed.
    fastest_s : (n,) float64
        Fastest journey of the service day, boarding to alighting, changes included (宣传口径).
    typical_s : (n,) float64
        Median over the departure minutes of the window of waiting and riding (典型口径).
    day : date
    people : mapping
        City to persons, where a table says it.
    assumed_cities : bool
        Whether cities are guessed from the names of stations.
    links : (k, 2) int64
        Rows of stations that a train joins without a stop between.
    """

    origin: int
    stops: pd.DataFrame
    fastest_s: F64
    typical_s: F64
    day: date
    people: Mapping[str, float]
    assumed_cities: bool
    links: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), np.int64))

    def list_rows(self, cutoffs_min: Sequence[float]) -> list[dict[str, Any]]:
        """Return a row for each station that is reached at all, the nearest first; minutes None where not."""
        origin = str(self.stops["name"].iloc[self.origin])
        rows = []
        for at in np.lexsort((np.arange(len(self.stops)), self.typical_s, self.fastest_s)):
            if at == self.origin or not np.isfinite(self.fastest_s[at]):
                continue
            stop = self.stops.iloc[at]
            fastest = float(self.fastest_s[at]) / S_PER_MIN
            rows.append(
                {
                    "from": origin,
                    "to": str(stop["name"]),
                    "to_id": str(stop["stop_id"]),
                    "city": str(stop["city"]),
                    "fastest_min": round(fastest, 2),
                    "typical_min": _plain(float(self.typical_s[at]) / S_PER_MIN),
                    "cutoff_min": next((c for c in cutoffs_min if fastest <= c), None),
                    "lon": _plain(float(stop["lon"]), 5),
                    "lat": _plain(float(stop["lat"]), 5),
                }
            )
        return rows

    def list_rings(self, cutoffs_min: Sequence[float]) -> list[dict[str, Any]]:
        """Return stations, cities and people within each cutoff on both readings; people None where not known.

        The station itself and its city are not counted.
        """
        rows = []
        own = str(self.stops["city"].iloc[self.origin])
        for reading, times_s in zip(READINGS, (self.fastest_s, self.typical_s), strict=True):
            for cutoff in cutoffs_min:
                within = times_s <= cutoff * S_PER_MIN
                within[self.origin] = False
                cities = sorted(set(self.stops["city"][within]) - {own})
                known = [self.people[c] for c in cities if c in self.people]
                rows.append(
                    {
                        "reading": reading,
                        "cutoff_min": cutoff,
                        "stations": int(within.sum()),
                        "cities": len(cities),
                        "people": sum(known) if self.people else None,
                        "cities_without_people": len(cities) - len(known) if self.people else None,
                    }
                )
        return rows


class RailTimetable:
    """A timetable of trains, compiled once, asked from any of its stations.

    Parameters
    ----------
    feed : Feed
    day : date, optional
        Service date; default the busiest of the feed.
    window : tuple of int, optional
        Clock seconds of the typical reading.
    network : Network, optional
        That of a region, whose station minutes and transfers hold; by default those of the assumptions.
    """

    def __init__(
        self,
        feed: Feed,
        *,
        day: date | None = None,
        window: tuple[int, int] = WINDOW_S,
        assumptions: Assumptions | None = None,
        network: Network | None = None,
    ) -> None:
        self.feed = feed
        self.day = day or find_service_dates(feed).busiest or date(1970, 1, 1)
        self.window = window
        self.assumptions = assumptions or read_default_assumptions()
        if network is None:
            network = build_timetable_network(feed, self.day, window, self.assumptions)
        self.compiled: CompiledTimetable = compile_timetable(network, self.day, rides=MODE_RULES[Mode.RAIL].own)
        self.index: TimetableIndex = build_index(self.compiled.arrays)
        self._leave = self._list_departures()
        served = [s in self._calls for s in self.compiled.stop_ids]
        self.rows = np.flatnonzero(served)

    def _list_departures(self) -> dict[str, npt.NDArray[np.int64]]:
        """Return the clock seconds at which trains of the day leave each station; what calls at all stands beside."""
        rails = [
            r for r, t in zip(self.feed.routes["route_id"], self.feed.routes["route_type"], strict=True) if is_rail(t)
        ]
        trips = self.feed.trips[self.feed.trips["route_id"].isin(rails)]
        today = set(trips["trip_id"][trips["service_id"].isin(find_active_services(self.feed, self.day))])
        calls = self.feed.stop_times[self.feed.stop_times["trip_id"].isin(today)]
        self._calls = set(calls["stop_id"][find_open(calls)].astype(str))
        self._links = _list_links(calls)
        last = calls.groupby("trip_id")["stop_sequence"].transform("max")
        leaving = calls[(calls["stop_sequence"] < last) & calls["departure_clock_s"].notna() & find_board(calls)]
        clocks = leaving.groupby(leaving["stop_id"].astype(str))["departure_clock_s"]
        return {str(s): np.unique(c.to_numpy(dtype=np.int64) % S_PER_DAY) for s, c in clocks}

    def _row_links(self) -> npt.NDArray[np.int64]:
        row_of = {self.compiled.stop_ids[row]: at for at, row in enumerate(self.rows)}
        pairs = sorted(sorted((row_of[a], row_of[b])) for a, b in self._links if a in row_of and b in row_of)
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)

    @property
    def names(self) -> list[str]:
        """Names of the stations that are served."""
        stops = self.feed.stops
        return [str(stops["stop_name"].iloc[row]) for row in self.rows]

    def find_station(self, text: str) -> int:
        """Return the row of a station by id or name, with or without 站, or by pinyin where one alone is called so.

        Raises
        ------
        InputError
            ``unknown_station``; the hint offers the nearest, by pinyin too.
        """
        wanted = text.strip()
        ids = self.compiled.stop_ids
        by_name = {name.removesuffix("站").casefold(): row for name, row in zip(self.names, self.rows, strict=True)}
        by_id = {ids[row]: int(row) for row in self.rows}
        if wanted in by_id:
            return by_id[wanted]
        if wanted.removesuffix("站").casefold() in by_name:
            return int(by_name[wanted.removesuffix("站").casefold()])
        alike = [r for n, r in zip(self.names, self.rows, strict=True) if match_pinyin(wanted, n) == (Way.WHOLE, 0)]
        if len(alike) == 1:
            return int(alike[0])
        sounds = sorted((met, n) for n in self.names if (met := match_pinyin(wanted, n)) is not None)
        near = list(dict.fromkeys([*(n for _, n in sounds[:4]), *find_near(wanted, self.names)]))[:4]
        hint = f"did you mean {' or '.join(near)}?" if near else f"the timetable has {len(self.rows)} stations"
        message = f"no station called {text!r} has trains"
        raise InputError(Issue("unknown_station", "error", message, field="from", value=text, hint=hint))

    def compute_reach(self, station: int, cities: CityTable | None = None, limit_s: float = np.inf) -> Reach:
        """Return the times from a station (row of the feed's stops) to all that are served.

        What takes longer than `limit_s` counts as out of reach; a small limit makes the search faster.

        The fastest journey leaves with a train; so only clock times at which one leaves are searched. The typical one
        leaves at every minute of the window.
        """
        stop_id = self.compiled.stop_ids[station]
        access = build_access([station], [0.0])
        everywhere = stop_destinations(len(self.compiled.stop_ids))
        how: dict[str, Any] = {"max_rides": self.assumptions.max_rides, "quantiles": [0.5], "limit_s": limit_s}
        clocks = self._leave.get(stop_id, np.zeros(0, np.int64))
        fastest = np.full(len(self.compiled.stop_ids), np.inf)
        typical = fastest.copy()
        if len(clocks):
            day = compute_window(self.index, access, clocks, everywhere, **how)
            minutes = window_departures(*self.window)
            usual = compute_window(self.index, access, minutes, everywhere, **how)
            fastest, typical = day.min_s, usual.percentile_s[0]
        table = cities or CityTable()
        stops = self.feed.stops.iloc[self.rows]
        names = [str(n).removesuffix("站") for n in stops["stop_name"]]
        shown = pd.DataFrame(
            {
                "stop_id": stops["stop_id"].astype(str).to_numpy(),
                "name": names,
                "city": guess_cities(names) if not table.of_station else [table.of_station.get(n, n) for n in names],
                "lon": pd.to_numeric(stops["stop_lon"]).to_numpy(dtype=np.float64),
                "lat": pd.to_numeric(stops["stop_lat"]).to_numpy(dtype=np.float64),
            }
        )
        origin = int(np.flatnonzero(self.rows == station)[0])
        fastest, typical = fastest[self.rows].copy(), typical[self.rows].copy()
        fastest[origin] = typical[origin] = 0.0
        return Reach(origin, shown, fastest, typical, self.day, table.people, not table.of_station, self._row_links())


def _list_links(calls: pd.DataFrame) -> list[tuple[str, str]]:
    """Return pairs of stop ids that follow each other in a trip, each once whatever the direction."""
    ordered = calls.sort_values(["trip_id", "stop_sequence"], kind="stable")
    stops, trips = ordered["stop_id"].astype(str).to_numpy(), ordered["trip_id"].to_numpy()
    same = trips[1:] == trips[:-1]
    return sorted({(min(a, b), max(a, b)) for a, b in zip(stops[:-1][same], stops[1:][same], strict=True) if a != b})


def is_rail(route_type: int) -> bool:
    """Return whether a route is of the railway: no metro, tram or bus."""
    return classify_route_type(int(route_type)) in MODE_RULES[Mode.RAIL].own


def guess_cities(names: Sequence[str]) -> list[str]:
    """Return the city of each station by its name: 北京南 is of 北京 where a 北京 or another side of it has trains.

    Stations of other names (上海虹桥) count as cities of their own; a table of cities says better.
    """
    sides: dict[str, int] = {}
    for name in names:
        met = _SIDE.match(name)
        if met:
            sides[met[1]] = sides.get(met[1], 0) + 1
    known = set(names)
    out = []
    for name in names:
        met = _SIDE.match(name)
        out.append(met[1] if met and (met[1] in known or sides[met[1]] > 1) else name)
    return out


def read_cities(path: Path) -> CityTable:
    """Return the cities of a CSV: ``city`` with ``population``, with ``station``, or with both (a row a station).

    Raises
    ------
    InputError
        With all issues: no such file, columns that lack, people that are no numbers, a city of two numbers.
    """
    file = str(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(Issue("file_not_found", "error", "no such file", file=file)) from error
    raw, issues = read_csv_text(data, file=file)
    hint = "columns: city,population or station,city or station,city,population"
    if raw is None:
        raise InputError(issues)
    table = raw.table
    if "city" not in table.columns or not {"population", "station"} & set(table.columns):
        raise InputError(Issue("missing_column", "error", "the table lacks city", file, 1, "city", hint=hint))
    of_station: dict[str, str] = {}
    people: dict[str, float] = {}
    wrong = []
    for line, row in zip(raw.lines.tolist(), table.to_dict("records"), strict=True):
        city = str(row["city"]).removesuffix("市")
        if row.get("station"):
            of_station[str(row["station"]).removesuffix("站")] = city
        if not row.get("population"):
            continue
        number = pd.to_numeric(str(row["population"]), errors="coerce")
        if not (np.isfinite(number) and number >= 0):
            message = "population must be a number of 0 or more"
            wrong.append(Issue("bad_value", "error", message, file, line, "population", str(row["population"])))
        elif people.setdefault(city, float(number)) != float(number):
            message = f"{city} has two numbers of people"
            wrong.append(Issue("two_values", "error", message, file, line, "population", str(row["population"])))
    if wrong:
        raise InputError(wrong)
    return CityTable(of_station, people)


def _plain(value: float, decimals: int = 2) -> float | None:
    return round(value, decimals) if np.isfinite(value) else None
