"""Rows of transfers.txt that hold for certain routes or trips only, applied exactly.

A stop that such rows name is parted: trips to which the same rows apply share one part of it, so that a rule between
trips becomes a transfer between parts and the search needs no rule of its own. Trips without rules keep the stop
itself; travellers come to and leave from all parts alike. A feed without such rows is left as it is.

Reference: transfers.txt, "Specificity of a transfer" (https://gtfs.org/documentation/schedule/reference/#transferstxt).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from transit_model.domain.transfer_rows import FORBIDDEN, TIMED, list_usable_rules
from transit_model.network.arrays import I32
from transit_model.network.station_times import NEVER_S, Transfers, list_children
from transit_model.network.trip_events import Band, TripCopy, TripEvents

Key: TypeAlias = tuple[str, int]
"""A trip (``"trip"``, row of the trips) or a route (``"route"``, number of the route)."""
Side: TypeAlias = frozenset[Key]
Part: TypeAlias = tuple[Side, Side]
"""Keys that matter where one gets out, and where one gets in."""
_WHOLE: Part = (frozenset(), frozenset())


class Rule(NamedTuple):
    """One row at one pair of stops; `rank` orders by specificity, a missing key stands for every trip."""

    rank: tuple[int, int, int]
    from_key: Key | None
    to_key: Key | None
    kind: int
    named_s: float


class PartedStops(NamedTuple):
    """Stops beyond those of the feed: the stop of each part, transfers and changes of all, trips that call at parts."""

    split_of: I32
    ptr: I32
    to: I32
    seconds: I32
    change_s: I32
    copies: list[TripCopy]
    bands: list[Band]


def part_stops(
    rows: pd.DataFrame,
    stops: pd.DataFrame,
    trips: pd.DataFrame,
    transfers: Transfers,
    change_s: I32,
    copies: Sequence[TripCopy],
    bands: Sequence[Band],
) -> PartedStops:
    """Return the stops parted where rows of ``transfers.txt`` name routes or trips.

    Parameters
    ----------
    rows, stops, trips : DataFrame
        ``transfers.txt``, all stops of the feed (their order is their index) and the trips of the timetable.
    transfers : Transfers
        What holds for everybody.
    change_s : (S,) int32
        Change at a stop where no row says otherwise.
    copies, bands
        Trips of the service days; each calls at the parts of its own.
    """
    general_s = transfers.same_stop(change_s)
    rules = _list_rules(rows, stops, trips)
    if not rules:
        none = np.zeros(0, dtype=np.int32)
        return PartedStops(none, transfers.ptr, transfers.to, transfers.seconds, general_s, list(copies), list(bands))
    routes, _ = pd.factorize(trips["route_id"].astype(str))
    parts = _Parts(rules, routes.tolist(), len(stops))
    copies = [copy._replace(trip=parts.assign(copy.trip, copy.trip_idx)) for copy in copies]
    bands = [(b[0], parts.assign(b[1], b[0]), *b[2:]) for b in bands]
    split_of = np.array(parts.split_of, dtype=np.int32)
    changes = np.concatenate([general_s, general_s[split_of]]).astype(np.int32)
    tails = np.repeat(np.arange(len(stops), dtype=np.int32), np.diff(transfers.ptr))
    touched = np.isin(tails, parts.named) | np.isin(transfers.to, parts.named)
    normal_s = {(stop, stop): int(general_s[stop]) for stop in parts.named}
    normal_s |= {
        (a, b): seconds
        for a, b, seconds in zip(*(c[touched].tolist() for c in (tails, transfers.to, transfers.seconds)), strict=True)
    }
    edges: dict[tuple[int, int], int] = {}
    for pair in {**normal_s, **rules}:
        a, b = pair
        usual_s = normal_s.get(pair, -1)
        table = np.full((len(parts.of(a)), len(parts.of(b))), -1 if usual_s >= NEVER_S else usual_s, dtype=np.int32)
        for rule in sorted(rules.get(pair, ()), key=lambda r: r.rank):
            is_named = not np.isnan(rule.named_s) or rule.kind == TIMED
            blank_s = 0 if a != b or is_named else int(change_s[a])
            least_s = 0 if a == b else transfers.least_s(a, b, is_named)
            seconds = max(least_s, blank_s if np.isnan(rule.named_s) else int(rule.named_s))
            from_parts = [n for n, part in enumerate(parts.of(a)) if rule.from_key is None or rule.from_key in part[0]]
            to_parts = [n for n, part in enumerate(parts.of(b)) if rule.to_key is None or rule.to_key in part[1]]
            table[np.ix_(from_parts, to_parts)] = -1 if rule.kind == FORBIDDEN else seconds
        for i, row in zip(parts.of(a).values(), table.tolist(), strict=True):
            for j, seconds in zip(parts.of(b).values(), row, strict=True):
                if i == j:
                    changes[i] = NEVER_S if seconds < 0 else seconds
                elif seconds >= 0:
                    edges[i, j] = seconds
    tail = np.concatenate([tails[~touched], np.array([p[0] for p in edges], dtype=np.int32)])
    to = np.concatenate([transfers.to[~touched], np.array([p[1] for p in edges], dtype=np.int32)])
    seconds_all = np.concatenate([transfers.seconds[~touched], np.array(list(edges.values()), dtype=np.int32)])
    order = np.lexsort((to, tail))
    ptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=len(changes)))]).astype(np.int32)
    return PartedStops(split_of, ptr, to[order], seconds_all[order], changes, copies, bands)


class _Parts:
    """Parts of the stops that rules name, found trip by trip; part 0 is the stop itself."""

    def __init__(self, rules: Mapping[tuple[int, int], Sequence[Rule]], route_of: Sequence[int], n_stops: int) -> None:
        self.route_of = route_of
        self.n_stops = n_stops
        self.split_of: list[int] = []
        self.named = sorted({stop for pair in rules for stop in pair})
        self.at: dict[int, dict[Part, int]] = {stop: {_WHOLE: stop} for stop in self.named}
        self._from: dict[int, set[Key]] = {stop: set() for stop in self.named}
        self._to: dict[int, set[Key]] = {stop: set() for stop in self.named}
        for (a, b), found in rules.items():
            self._from[a] |= {rule.from_key for rule in found if rule.from_key is not None}
            self._to[b] |= {rule.to_key for rule in found if rule.to_key is not None}

    def of(self, stop: int) -> Mapping[Part, int]:
        """Return the parts of a stop with their indices; one that no rule names is whole."""
        return self.at.get(stop) or {_WHOLE: stop}

    def assign(self, trip: TripEvents, index: int) -> TripEvents:
        """Return the trip calling at parts."""
        stops = trip.stops
        for position, stop in enumerate(trip.stops.tolist()):
            if stop not in self.at:
                continue
            by = index if trip.reach_idx is None else int(trip.reach_idx[position])
            on = index if trip.leave_idx is None else int(trip.leave_idx[position])
            part = (
                self._from[stop] & {("trip", by), ("route", self.route_of[by])},
                self._to[stop] & {("trip", on), ("route", self.route_of[on])},
            )
            number = self._number(stop, (frozenset(part[0]), frozenset(part[1])))
            if number != stop:
                stops = stops.copy() if stops is trip.stops else stops
                stops[position] = number
        return trip if stops is trip.stops else replace(trip, stops=stops)

    def _number(self, stop: int, part: Part) -> int:
        known = self.at[stop]
        if part not in known:
            known[part] = self.n_stops + len(self.split_of)
            self.split_of.append(stop)
        return known[part]


def _list_rules(rows: pd.DataFrame, stops: pd.DataFrame, trips: pd.DataFrame) -> dict[tuple[int, int], list[Rule]]:
    """Return the rules by pair of stops; a row of a station is one of all its stops."""
    usable = list_usable_rules(rows)
    if not len(usable):
        return {}
    idx = {s: n for n, s in enumerate(stops["stop_id"].astype(str))}
    children = list_children(stops, idx)
    row_of = {t: n for n, t in enumerate(trips["trip_id"].astype(str))}
    route_of = {str(name): n for n, name in enumerate(pd.factorize(trips["route_id"].astype(str))[1])}
    rules: dict[tuple[int, int], list[Rule]] = {}
    for order, row in enumerate(usable.to_dict("records")):
        keys: list[Key | None] = []
        for side in ("from", "to"):
            trip, route = str(row[f"{side}_trip_id"]), str(row[f"{side}_route_id"])
            if trip:
                keys.append(("trip", row_of[trip]) if trip in row_of else ("trip", -1))
            else:
                keys.append(("route", route_of.get(route, -1)) if route else None)
        if any(key is not None and key[1] < 0 for key in keys):
            continue  # of another mode, or of no trip at all
        ends = [str(row["from_stop_id"]), str(row["to_stop_id"])]
        named = [children[s] if s in children else [idx[s]] if s in idx else [] for s in ends]
        rank = (int(row["specificity"]), sum(s not in children for s in ends), order)
        rule = Rule(rank, keys[0], keys[1], int(row["transfer_type"]), float(row["min_transfer_time"]))
        for pair in [(a, b) for a in named[0] for b in named[1]]:
            rules.setdefault(pair, []).append(rule)
    return rules
