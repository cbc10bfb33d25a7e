"""Blocks: trips that one vehicle runs after another, where passengers may stay in their seats.

Reference: trips.txt, block_id (https://gtfs.org/documentation/schedule/reference/#tripstxt). On request such trips are
joined to one, so that staying seated costs no change; otherwise passengers change at the stop where they meet.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from transit_model.domain.region import Feed
from transit_model.errors import Issue

_MAX_TRIPS = 4
"""At most so many trips are joined: a bus that circles all day would be one trip of hundreds of stops (judged)."""
_NO_SEAT = 5  # transfer_type: in-seat transfers are not allowed


class Joined(NamedTuple):
    """A feed with joined trips, how many trips were joined to an earlier one, issues."""

    feed: Feed
    n_joined: int
    issues: list[Issue]


def find_block_pairs(feed: Feed) -> list[tuple[str, str]]:
    """Return pairs of trips (first, next) of one block and service between which a passenger may stay seated.

    The next trip starts at the stop where the first ends, not before it arrives, in a vehicle of the same kind; of
    several trips the earliest follows. Trips by headway have no clock and are left out, and so are pairs that
    transfers.txt forbids (transfer_type 5).
    """
    trips = feed.trips
    if "block_id" not in trips.columns or not (trips["block_id"] != "").any():
        return []
    times = feed.stop_times.sort_values(["trip_id", "stop_sequence"], kind="stable")
    first, last = times.groupby("trip_id").first(), times.groupby("trip_id").last()
    kind = dict(zip(feed.routes["route_id"], feed.routes["route_type"], strict=True))
    blocked = trips[(trips["block_id"] != "") & trips["trip_id"].isin(first.index)]
    blocked = blocked[~blocked["trip_id"].isin(feed.frequencies["trip_id"])]
    blocked = blocked.assign(
        start=blocked["trip_id"].map(first["departure_clock_s"]),
        end=blocked["trip_id"].map(last["arrival_clock_s"]),
        origin=blocked["trip_id"].map(first["stop_id"]),
        target=blocked["trip_id"].map(last["stop_id"]),
        kind=blocked["route_id"].map(kind),
    )
    forbidden = _list_forbidden(feed.transfers)
    pairs = []
    for _, block in blocked.groupby(["block_id", "service_id"], sort=True):
        rows = block.sort_values(["start", "end", "trip_id"], kind="stable").to_dict("records")
        for one, two in pairwise(rows):
            fits = one["target"] == two["origin"] and one["end"] <= two["start"] and one["kind"] == two["kind"]
            if fits and (one["trip_id"], two["trip_id"]) not in forbidden:
                pairs.append((str(one["trip_id"]), str(two["trip_id"])))
    return pairs


def _list_forbidden(transfers: pd.DataFrame) -> set[tuple[str, str]]:
    if not {"from_trip_id", "to_trip_id"} <= set(transfers.columns):
        return set()
    rows = transfers[transfers["transfer_type"] == _NO_SEAT]
    return set(zip(rows["from_trip_id"], rows["to_trip_id"], strict=True))


def join_blocks(feed: Feed) -> Joined:
    """Return the feed with trips of a block joined where passengers may stay seated, `_MAX_TRIPS` at most.

    The joined trip keeps the id, route and headsign of its first; at the stop where two met the vehicle arrives as the
    one and leaves as the other.
    """
    pairs = find_block_pairs(feed)
    follower = dict(pairs)
    heads = [a for a, _ in pairs if a not in {b for _, b in pairs}]
    chains: list[list[str]] = []
    for head in heads:
        chain = [head]
        while chain[-1] in follower:
            chain.append(follower[chain[-1]])
        chains += [chain[i : i + _MAX_TRIPS] for i in range(0, len(chain), _MAX_TRIPS)]
    chains = [c for c in chains if len(c) > 1]
    if not chains:
        return Joined(feed, 0, [])
    by_trip = {str(t): rows for t, rows in feed.stop_times.groupby("trip_id", sort=False)}
    gone = {t for chain in chains for t in chain}
    parts = [feed.stop_times[~feed.stop_times["trip_id"].isin(gone)]]
    for chain in chains:
        whole = by_trip[chain[0]].sort_values("stop_sequence")
        for trip in chain[1:]:
            after = by_trip[trip].sort_values("stop_sequence")
            last = whole.index[-1]
            for column in ("departure_clock_s", "pickup_type"):
                whole.loc[last, column] = after[column].iloc[0]
            whole = pd.concat([whole, after.iloc[1:]], ignore_index=True)
        whole = whole.assign(trip_id=chain[0], stop_sequence=range(len(whole)))
        if "shape_dist_traveled" in whole.columns:
            whole["shape_dist_traveled"] = float("nan")  # each trip counted from its own start
        parts.append(whole)
    times = pd.concat([p for p in parts if len(p)], ignore_index=True)
    swallowed = {t for chain in chains for t in chain[1:]}
    trips = feed.trips[~feed.trips["trip_id"].isin(swallowed)].reset_index(drop=True)
    message = f"{len(swallowed)} trips were joined to the one before them in their block"
    issue = Issue("blocks_joined", "info", message, "trips.txt", None, "block_id")
    return Joined(replace(feed, trips=trips, stop_times=times), len(swallowed), [issue])


def note_blocks(feed: Feed) -> list[Issue]:
    """Return an issue when passengers could stay seated and the feed is not joined."""
    pairs = find_block_pairs(feed)
    if not pairs:
        return []
    message = f"between {len(pairs)} pairs of trips passengers may stay seated; here they change at the stop"
    hint = "import with --join-blocks to keep them seated"
    return [Issue("blocks_not_joined", "info", message, "trips.txt", None, "block_id", hint=hint)]
