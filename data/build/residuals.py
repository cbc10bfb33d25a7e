"""Run times that were reported beside the fastest train of the timetable that was the newest on that day.

A reported time stands for the fastest train unless its statement says otherwise; a time from before the first
timetable is held against the first. Pairs that no train of the timetable joins directly have no row.
"""

from __future__ import annotations

from collections import defaultdict

from rail import Feed
from tables import Row

COLUMNS = (
    "as_of", "from_zh", "to_zh", "reported_min", "timetable", "trains_per_day", "fastest_min", "residual_min",
    "statement", "source",
)  # fmt: skip


def build_residuals(reported: list[Row], feeds: list[tuple[str, str, Feed]]) -> list[Row]:
    """Build ``checks/rail_residuals.csv``; ``feeds`` are (valid_from, id, feed), oldest first."""
    rides = {name: _rides(feed) for _, name, feed in feeds}
    rows = []
    for row in reported:
        if row["kind"] != "time" or not row["minutes"]:
            continue
        name = next((n for start, n, _ in reversed(feeds) if start[: len(row["as_of"])] <= row["as_of"]), feeds[0][1])
        found = rides[name].get((row["from_zh"], row["to_zh"]))
        if not found:
            continue
        rows.append({
            "as_of": row["as_of"], "from_zh": row["from_zh"], "to_zh": row["to_zh"], "reported_min": row["minutes"],
            "timetable": name, "trains_per_day": str(len(found)), "fastest_min": str(min(found)),
            "residual_min": f"{min(found) - float(row['minutes']):.0f}", "statement": row["statement"],
            "source": row["source"],
        })  # fmt: skip
    return rows


def _rides(feed: Feed) -> dict[tuple[str, str], list[int]]:
    """Return whole minutes of every direct ride of a train, by the names of its ends."""
    names = {row["stop_id"]: row["stop_name"] for row in feed.stops}
    trips: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for row in feed.stop_times:
        if row["timepoint"] == "1":
            trips[row["trip_id"]].append(
                (names[row["stop_id"]], _minutes(row["arrival_time"]), _minutes(row["departure_time"]))
            )
    rides: dict[tuple[str, str], list[int]] = defaultdict(list)
    for calls in trips.values():
        for i, start in enumerate(calls):
            for end in calls[i + 1 :]:
                rides[start[0], end[0]].append(end[1] - start[2])
    return rides


def _minutes(clock: str) -> int:
    hours, minutes, _ = clock.split(":")
    return int(hours) * 60 + int(minutes)
