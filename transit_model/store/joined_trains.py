"""Timetables of two region packs to one: a train that both list is one train with the stops of both."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from transit_model.store.joined_tables import Review, Row, join_plain, read_rows, write_rows

DAY_S: Final = 86_400
_KEYS: Final = {
    "agency": "agency_id", "routes": "route_id", "calendar": "service_id", "trips": "trip_id", "frequencies": "",
    "transfers": "", "translations": "", "shapes": "", "calendar_dates": "",
}  # fmt: skip


def join_feeds(folders: tuple[Path, Path], points: Mapping[str, Row], review: Review, out: Path) -> None:
    """Write the feed of both folders into `out`.

    `points` are the joined stations by stop_id: a stop that both feeds have stands where the pack has it.
    """
    tables: dict[str, tuple[list[str], list[Row]]] = {}
    for file in sorted({p.name for folder in folders for p in folder.glob("*.txt")}):
        (columns, first), (more, second) = (read_rows(folder / file) for folder in folders)
        stem = Path(file).stem
        columns += [c for c in more if c not in columns]
        if stem == "stop_times":
            tables[file] = columns, _join_calls(first, second, review)
        elif stem == "feed_info":
            tables[file] = columns, first[:1] or second[:1]
        elif stem == "stops":
            tables[file] = columns, [_place(row, points) for row in join_plain(first, second, "stop_id")]
        else:
            tables[file] = columns, join_plain(first, second, _KEYS.get(stem, ""))
    for file, (columns, rows) in tables.items():
        write_rows(out / file, columns, rows)


def _place(stop: Row, points: Mapping[str, Row]) -> Row:
    station = points.get(stop["stop_id"], {})
    if not station.get("lon"):
        return stop
    return {**stop, "stop_lon": station["lon"], "stop_lat": station["lat"]}


def _join_calls(first: list[Row], second: list[Row], review: Review) -> list[Row]:
    """Return the stops of all trips; those of a trip that both have in order of time."""
    trips = tuple(_group(rows) for rows in (first, second))
    out: list[Row] = []
    for name in [*trips[0], *(n for n in trips[1] if n not in trips[0])]:
        ours, others = trips[0].get(name, []), trips[1].get(name, [])
        joined = merge_trip(ours, others) if ours and others else ours or others
        if joined is None:
            taken = int(len(others) > len(ours))
            review.tell("train", name, f"{len(ours)} stops", f"{len(others)} stops", taken)
            joined = others if taken else ours
        out.extend(joined)
    return out


def merge_trip(ours: list[Row], others: list[Row]) -> list[Row] | None:
    """Return the stops of one train from two lists; None when they cannot be of one train.

    Each list begins on its own day 0, so at a stop of both the times may differ by whole days, and by nothing else.
    """
    at = {row["stop_id"]: row for row in ours}
    shared = [row for row in others if row["stop_id"] in at]
    shifts = {seconds(at[row["stop_id"]]["departure_time"]) - seconds(row["departure_time"]) for row in shared}
    if len(shifts) != 1 or min(shifts) % DAY_S:
        return None
    shift = shifts.pop()
    moved = [_shift(row, shift) for row in others if row["stop_id"] not in at]
    calls = sorted([*ours, *moved], key=lambda row: seconds(row["arrival_time"]))
    early = min(seconds(row["departure_time"]) for row in calls) // DAY_S * DAY_S
    ordered = [{**_shift(row, -early), "stop_sequence": str(n)} for n, row in enumerate(calls, start=1)]
    times = [seconds(row[c]) for row in ordered for c in ("arrival_time", "departure_time")]
    return ordered if times == sorted(times) else None


def _group(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["trip_id"], []).append(row)
    return found


def _shift(row: Row, by_s: int) -> Row:
    return {**row, **{c: _clock(seconds(row[c]) + by_s) for c in ("arrival_time", "departure_time")}} if by_s else row


def seconds(text: str) -> int:
    """Return the seconds of ``HH:MM:SS``; hours may pass 24."""
    hours, minutes, rest = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def _clock(total_s: int) -> str:
    return f"{total_s // 3600:02d}:{total_s // 60 % 60:02d}:{total_s % 60:02d}"
