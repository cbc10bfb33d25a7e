"""Rules of routes and trips and in-seat transfers against a search that asks the rules of every pair of trips."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from tests.network.town import SERVICE_DATE, make_feed, make_town, table
from tests.timetable.arrivals import compute_arrivals
from tests.timetable.csa import build_connections, compute_arrivals_csa
from transit_model.domain.region import Feed
from transit_model.domain.transfer_rows import count_unused_rules
from transit_model.network.timetable_arrays import compile_timetable
from transit_model.timetable.index import build_index, reverse_timetable
from transit_model.timetable.journeys import find_journey
from transit_model.timetable.raptor import Access, build_access, build_destinations

COLUMNS = "from_stop_id to_stop_id transfer_type min_transfer_time from_route_id to_route_id from_trip_id to_trip_id"
STOPS = {name: (111.0 + n / 2, 40.0) for n, name in enumerate("abcde")}
CLOCK_S = 8 * 3600


@dataclass
class Puzzle:
    """Trips of a morning and rows of transfers.txt; buses change in no time."""

    trips: dict[str, tuple[str, list[tuple[str, int]]]]
    rows: list[list[str]] = field(default_factory=list)

    def make(self) -> Feed:
        def clock(minute: int) -> str:
            return f"{8 + minute // 60:02d}:{minute % 60:02d}"

        lines = [
            f"{name} {route} daily | " + " | ".join(f"{stop} {clock(minute)}" for stop, minute in calls)
            for name, (route, calls) in self.trips.items()
        ]
        feed = make_feed(lines, stops=STOPS)
        rows = [" ".join(cell or "-" for cell in row) for row in self.rows]
        transfers = table(COLUMNS, rows, transfer_type="int64", min_transfer_time="float64")
        routes = table(
            "route_id agency_id route_short_name route_type", [f"{r} x {r} 3" for r in "pqr"], route_type="int64"
        )
        for name in ("transfers", "routes"):
            object.__setattr__(feed, name, {"transfers": transfers, "routes": routes}[name])
        return feed

    def find_change_s(self, one: str, two: str, stop: str) -> int | None:
        """The reference's ranking, word by word; None when forbidden."""
        best: tuple[int, int, list[str]] | None = None
        for number, row in enumerate(self.rows):
            start, end, kind, _, from_route, to_route, from_trip, to_trip = row
            if start != stop or end != stop or kind in "45":
                continue
            said = (from_trip or from_route, to_trip or to_route)
            mine = (one if from_trip else self.trips[one][0], two if to_trip else self.trips[two][0])
            if any(s and s != m for s, m in zip(said, mine, strict=True)):
                continue
            trips = bool(from_trip) + bool(to_trip)
            routes = bool(from_route and not from_trip) + bool(to_route and not to_trip)
            rank = {(2, 0): 1, (1, 1): 2, (1, 0): 3, (0, 2): 4, (0, 1): 5, (0, 0): 6}[trips, routes]
            if best is None or (rank, -number) < best[:2]:
                best = (rank, -number, row)
        if best is None:
            return 0
        kind, seconds = best[2][2], best[2][3]
        return None if kind == "3" else int(seconds or 0)

    def search(self, start: str, clock_s: int) -> dict[str, float]:
        """Earliest arrivals by trying every ride after every ride, a day and its morrow."""
        calls = {
            (name, day): [(stop, CLOCK_S + minute * 60 + day * 86_400) for stop, minute in trip]
            for name, (_, trip) in self.trips.items()
            for day in (0, 1)
        }
        best: dict[str, float] = dict.fromkeys(STOPS, np.inf)
        seats = {(row[6], row[7]) for row in self.rows if row[2] == "4"}
        seen: set[tuple[str, int, int]] = set()
        todo: list[tuple[str, int, int]] = []

        def sit(name: str, day: int, position: int) -> None:
            if (name, day, position) not in seen:
                seen.add((name, day, position))
                todo.append((name, day, position))

        for (name, day), stops in calls.items():
            for position, (stop, at_s) in enumerate(stops[:-1]):
                if stop == start and at_s >= clock_s:
                    sit(name, day, position)
        while todo:
            name, day, position = todo.pop()
            last_s = calls[name, day][-1][1]
            for one, two in seats:
                later = next((d for d in (day, day + 1) if (two, d) in calls and calls[two, d][0][1] >= last_s), None)
                if one == name and later is not None:
                    sit(two, later, 0)
            for stop, at_s in calls[name, day][position + 1 :]:
                best[stop] = min(best[stop], at_s)
                for (other, other_day), stops in calls.items():
                    change_s = self.find_change_s(name, other, stop)
                    for there, (place, leave_s) in enumerate(stops[:-1]):
                        if place == stop and change_s is not None and leave_s >= at_s + change_s:
                            sit(other, other_day, there)
        return best


def make_puzzle(seed: int, *, seats: bool) -> Puzzle:
    rng = random.Random(seed)
    trips = {}
    for number in range(9):
        stops, minute = rng.sample("abcde", rng.choice([2, 3, 3, 4])), rng.randrange(0, 60, 5)
        calls = []
        for stop in stops:
            calls.append((stop, minute))
            minute += rng.choice([5, 10])
        trips[f"t{number}"] = (rng.choice("pqr"), calls)
    puzzle = Puzzle(trips)
    for _ in range(rng.choice([1, 3, 8])):
        stop = rng.choice("abcde")
        kind = rng.choice("0223")
        row = [stop, stop, kind, str(rng.choice([0, 300, 600])) if kind == "2" else "", "", "", "", ""]
        for side in (4, 5):
            said = rng.random()
            if said < 0.4:
                row[side] = rng.choice("pqr")
            elif said < 0.8:
                row[side + 2] = f"t{rng.randrange(9)}"
        # two rows of one rank for the same trips would leave the choice open
        if row[4:] not in [r[4:] for r in puzzle.rows if r[0] == stop]:
            puzzle.rows.append(row)
    if seats:
        names = list(trips)
        for _ in range(4):
            one, two = rng.sample(names, 2)
            if trips[one][1][-1][0] == trips[two][1][0][0] and trips[one][1][-1][1] <= trips[two][1][0][1]:
                puzzle.rows.append(["", "", "4", "", "", "", one, two])
    return puzzle


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("seats", [False, True])
def test_random_rules(seed: int, seats: bool) -> None:
    puzzle = make_puzzle(seed, seats=seats)
    timetable = compile_timetable(make_town(feed=puzzle.make(), stations={}, main_stations={}), SERVICE_DATE)
    index = build_index(timetable.arrays)
    connections = build_connections(index)
    for start in "abcde":
        access = build_access([timetable.stop_idx[start]], [0.0])
        clocks = [CLOCK_S, CLOCK_S + 1200, CLOCK_S + 2400]
        found = compute_arrivals(index, access, clocks, max_rides=12)
        for clock_s, arrivals in zip(clocks, found, strict=True):
            right = puzzle.search(start, clock_s)
            assert dict(zip(timetable.stop_ids, arrivals.tolist(), strict=True)) == right
            np.testing.assert_array_equal(compute_arrivals_csa(index, connections, access, clock_s), arrivals)


def test_a_feed_without_rules_has_no_parts() -> None:
    timetable = compile_timetable(
        make_town(feed=make_feed(stops=STOPS, lines=["T bus daily | a 08:00 | b 08:30"])), SERVICE_DATE
    )
    assert timetable.arrays.n_stops == len(STOPS)
    assert not len(timetable.arrays.split_of)


HOURLY = Puzzle(
    {
        "t0": ("p", [("a", 0), ("b", 10)]),
        "t1": ("q", [("b", 12), ("c", 30)]),
        "t2": ("q", [("b", 40), ("c", 60)]),
    },
    [["b", "b", "2", "600", "p", "q", "", ""]],
)


def test_journeys_name_stops_and_not_their_parts() -> None:
    timetable = compile_timetable(make_town(feed=HOURLY.make(), stations={}, main_stations={}), SERVICE_DATE)
    index = build_index(timetable.arrays)
    a, b, c = (timetable.stop_idx[s] for s in "abc")
    ends = build_destinations([Access(np.array([c], np.int32), np.zeros(1, np.int32))])
    journey = find_journey(index, build_access([a], [0.0]), CLOCK_S, ends)
    assert journey is not None
    # 8:00 to 8:10, 30 minutes at b (10 of them to change), 8:40 to 9:00
    assert [(leg.kind, leg.from_stop_idx, leg.to_stop_idx, leg.duration_s // 60) for leg in journey.legs] == [
        ("ride", a, b, 10), ("wait", b, b, 30), ("ride", b, c, 20),
    ]  # fmt: skip
    assert journey.total_s == 3600


def test_rules_hold_backwards_too() -> None:
    timetable = compile_timetable(make_town(feed=HOURLY.make(), stations={}, main_stations={}), SERVICE_DATE)
    back = build_index(reverse_timetable(timetable.arrays))
    c = timetable.stop_idx["c"]
    # To be at c by 8:59 one would take t1 (8:30), for which t0 is too late: nothing of today leads from a.
    found = compute_arrivals(back, build_access([c], [0.0]), [-(CLOCK_S + 60 * 60), -(CLOCK_S + 59 * 60)])
    assert -found[0, timetable.stop_idx["a"]] == CLOCK_S
    assert np.isinf(found[1, timetable.stop_idx["a"]])


def test_too_many_rules_at_two_stops_are_left_out_and_counted() -> None:
    rows = pd.DataFrame(
        {
            "from_stop_id": "b", "to_stop_id": "b", "transfer_type": 3, "min_transfer_time": np.nan,
            "from_trip_id": [f"x{n}" for n in range(1001)], "to_trip_id": "t1",
        }
    )  # fmt: skip
    assert count_unused_rules(rows) == 1001
    assert count_unused_rules(rows[:1000]) == 0
