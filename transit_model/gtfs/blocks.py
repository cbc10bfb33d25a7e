"""Trips that one vehicle runs after another, where passengers may stay in their seats.

Reference: trips.txt, block_id, and transfers.txt, linked trips (https://gtfs.org/documentation/schedule/reference/
#linked-trips). On request blocks are written as rows of ``transfer_type`` 4, which the timetable of a day joins
(`network.seats`); otherwise such rows are taken out, and passengers change at the stop where the trips meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from transit_model.domain.region import Feed
from transit_model.domain.service_days import find_running_days
from transit_model.domain.transfer_rows import IN_SEAT, RE_BOARD
from transit_model.errors import Issue

_Trip = dict[str, Any]


class Joined(NamedTuple):
    """A feed in which passengers stay seated (or do not), between how many pairs of trips, issues."""

    feed: Feed
    n_joined: int
    issues: list[Issue]


def find_block_pairs(feed: Feed) -> list[tuple[str, str]]:
    """Return pairs of trips (first, next) of one block between which a passenger may stay seated on some day.

    Of the trips of a block that run on the same day, whatever their service_id, the next in time follows when it
    starts at the stop (or the station) where the first ends, not before it arrives, in a vehicle of the same kind.
    Where two that overlap could follow, or one could follow two, none does: which the vehicle runs is not known. Trips
    by headway have no clock and are left out. Rows of transfers.txt of type 4 and 5 are stronger than blocks.
    """
    trips = feed.trips
    if "block_id" not in trips.columns or not (trips["block_id"] != "").any():
        return []
    blocked = _describe_trips(feed, trips[trips["block_id"] != ""])
    linked = _list_linked(feed.transfers, IN_SEAT)
    starts, ends = {a for a, _ in linked}, {b for _, b in linked}
    forbidden = set(_list_linked(feed.transfers, RE_BOARD))
    days = find_running_days(feed)
    pairs: dict[tuple[str, str], None] = {}
    for _, block in blocked.groupby("block_id", sort=True):
        rows = block.sort_values(["start", "end", "trip_id"], kind="stable").to_dict("records")
        for services in _list_days(rows, days):
            for pair in _list_sure([row for row in rows if row["service_id"] in services]):
                if pair not in forbidden and pair[0] not in starts and pair[1] not in ends:
                    pairs[pair] = None
    return list(pairs)


def _describe_trips(feed: Feed, trips: pd.DataFrame) -> pd.DataFrame:
    times = feed.stop_times.sort_values(["trip_id", "stop_sequence"], kind="stable")
    first, last = times.groupby("trip_id").first(), times.groupby("trip_id").last()
    trips = trips[trips["trip_id"].isin(first.index) & ~trips["trip_id"].isin(feed.frequencies["trip_id"])]
    station = dict(zip(feed.stops["stop_id"], feed.stops["stop_id"], strict=True))
    if "parent_station" in feed.stops.columns:
        parents = zip(feed.stops["stop_id"], feed.stops["parent_station"], strict=True)
        station |= {stop: parent for stop, parent in parents if parent}
    return trips.assign(
        start=trips["trip_id"].map(first["departure_clock_s"]),
        end=trips["trip_id"].map(last["arrival_clock_s"]),
        origin=trips["trip_id"].map(first["stop_id"]).map(station),
        place=trips["trip_id"].map(last["stop_id"]).map(station),
        kind=trips["route_id"].map(dict(zip(feed.routes["route_id"], feed.routes["route_type"], strict=True))),
    )


def _list_days(rows: Sequence[_Trip], days: Mapping[str, np.ndarray]) -> Iterator[set[str]]:
    """Yield the services of a block that run together, once for each kind of day."""
    services = sorted({row["service_id"] for row in rows})
    known = [s for s in services if s in days and days[s].any()]
    yield from ({s} for s in services if s not in known)
    if known:
        table = np.unique(np.stack([days[s] for s in known]), axis=1)
        yield from ({s for s, runs in zip(known, column, strict=True) if runs} for column in table.T)


def _list_sure(rows: Sequence[_Trip]) -> list[tuple[str, str]]:
    """Return the pairs of trips of one day, in order of time, that leave no doubt."""
    found: list[tuple[str, str]] = []
    for n, one in enumerate(rows):
        later = [row for row in rows[n + 1 :] if row["start"] >= one["end"]]
        rivals = [row for row in later if row["start"] < later[0]["end"] or row is later[0]]
        fits = [row for row in rivals if row["origin"] == one["place"] and row["kind"] == one["kind"]]
        if len(fits) == 1 and fits[0] is rivals[0]:
            found.append((str(one["trip_id"]), str(fits[0]["trip_id"])))
    times = Counter(two for _, two in found)
    return [pair for pair in found if times[pair[1]] == 1]


def _list_linked(transfers: pd.DataFrame, kind: int) -> list[tuple[str, str]]:
    if not {"from_trip_id", "to_trip_id"} <= set(transfers.columns):
        return []
    rows = transfers[pd.to_numeric(transfers["transfer_type"]) == kind]
    pairs = zip(rows["from_trip_id"], rows["to_trip_id"], strict=True)
    return [(str(a), str(b)) for a, b in pairs if a and b]


def join_blocks(feed: Feed) -> Joined:
    """Return the feed with a row of ``transfer_type`` 4 for each pair of `find_block_pairs`."""
    pairs = find_block_pairs(feed)
    n_joined = len(pairs) + len(_list_linked(feed.transfers, IN_SEAT))
    if not n_joined:
        return Joined(feed, 0, [])
    message = f"between {n_joined} pairs of trips passengers stay seated"
    issues = [Issue("blocks_joined", "info", message, "trips.txt", None, "block_id")]
    if not pairs:
        return Joined(feed, n_joined, issues)
    rows = pd.DataFrame(pairs, columns=["from_trip_id", "to_trip_id"]).assign(transfer_type=IN_SEAT)
    transfers = pd.concat([feed.transfers, rows], ignore_index=True) if len(feed.transfers) else rows
    for column in {*feed.transfers.columns, "min_transfer_time"} - set(transfers.columns):
        transfers[column] = np.nan if column == "min_transfer_time" else ""
    texts = [c for c in transfers.columns if c not in ("transfer_type", "min_transfer_time")]
    transfers[texts] = transfers[texts].fillna("").astype("str")
    transfers["min_transfer_time"] = transfers["min_transfer_time"].astype("float64")
    return Joined(replace(feed, transfers=transfers), n_joined, issues)


def part_blocks(feed: Feed) -> Joined:
    """Return the feed without in-seat transfers, and an issue when passengers could stay seated."""
    n_pairs = len(find_block_pairs(feed))
    linked = pd.to_numeric(feed.transfers["transfer_type"]) == IN_SEAT
    n_pairs += len(_list_linked(feed.transfers, IN_SEAT))
    if linked.any():
        feed = replace(feed, transfers=feed.transfers[~linked].reset_index(drop=True))
    if not n_pairs:
        return Joined(feed, 0, [])
    message = f"between {n_pairs} pairs of trips passengers may stay seated; here they change at the stop"
    hint = "import with --join-blocks to keep them seated"
    return Joined(feed, 0, [Issue("blocks_not_joined", "info", message, "trips.txt", None, "block_id", hint=hint)])
