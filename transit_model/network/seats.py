"""In-seat transfers: trips of one vehicle become one, so that passengers who stay seated neither change nor wait.

Reference: transfers.txt, transfer_type 4, "linked trips" (https://gtfs.org/documentation/schedule/reference/
#linked-trips). Vehicles may be coupled and uncoupled, hence a trip may go on as several and several as one; a trip
that leaves before the other arrives belongs to the next service day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.transfer_rows import IN_SEAT
from transit_model.network.arrays import I32
from transit_model.network.trip_events import TripCopy, TripEvents
from transit_model.units import S_PER_DAY

MAX_PATHS = 64
"""Ways on from one trip at most, a bound against feeds that couple everything with everything: six trains that are
parted in two, one after another. Who would sit in a further one changes."""

Links = Mapping[int, Sequence[int]]


def list_links(transfers: pd.DataFrame, row_of: Mapping[str, int]) -> dict[int, list[int]]:
    """Return the trips in which one may stay seated, by the trip they follow (rows of the trips)."""
    if not {"from_trip_id", "to_trip_id"} <= set(transfers.columns):
        return {}
    rows = transfers[pd.to_numeric(transfers["transfer_type"]) == IN_SEAT]
    links: dict[int, list[int]] = {}
    for start, end in zip(rows["from_trip_id"].astype(str), rows["to_trip_id"].astype(str), strict=True):
        if start in row_of and end in row_of and start != end:
            links.setdefault(row_of[start], []).append(row_of[end])
    return links


def join_seats(copies: Sequence[TripCopy], links: Links) -> list[TripCopy]:
    """Return the copies with linked ones joined; one that goes on as several stands once for each way on."""
    linked = {*links, *(trip for ends in links.values() for trip in ends)}
    at = {(c.trip_idx, c.days): n for n, c in enumerate(copies) if c.trip_idx in linked}
    onward: dict[int, list[int]] = {}
    for (index, days), n in at.items():
        for end in links.get(index, ()):
            for later in (days, days + 1):
                other = at.get((end, later))
                if other is not None and 0 <= _leaves(copies[other]) - _arrives(copies[n]) < S_PER_DAY:
                    onward.setdefault(n, []).append(other)
                    break
    if not onward:
        return list(copies)
    followers = {n for ends in onward.values() for n in ends}
    heads = [n for n in onward if n not in followers]
    paths = [path for head in heads for path in _list_paths(head, onward)]
    joined = {n for path in paths for n in path}
    apart = [c for n, c in enumerate(copies) if n not in joined]
    return apart + [_concatenate([copies[n] for n in path]) for path in paths]


def _arrives(copy: TripCopy) -> int:
    return int(copy.trip.arrive_s[-1]) + copy.shift_s


def _leaves(copy: TripCopy) -> int:
    return int(copy.trip.depart_s[0]) + copy.shift_s


def _list_paths(head: int, onward: Mapping[int, Sequence[int]]) -> list[list[int]]:
    done: list[list[int]] = []
    open_paths = [[head]]
    while open_paths and len(done) < MAX_PATHS:
        path = open_paths.pop()
        ends = [n for n in onward.get(path[-1], ()) if n not in path]
        if not ends:
            done.append(path)
        open_paths += [[*path, n] for n in reversed(ends)]
    return done


def _concatenate(parts: Sequence[TripCopy]) -> TripCopy:
    """Return one copy; where two trips meet at one stop, the vehicle arrives as the one and leaves as the other."""
    stops: list[I32] = []
    times: list[I32] = []
    board: list[npt.NDArray[np.bool_]] = []
    alight: list[npt.NDArray[np.bool_]] = []
    reach: list[I32] = []
    leave: list[I32] = []
    for n, part in enumerate(parts):
        trip = part.trip
        clocks = trip.times_s + np.int32(part.shift_s)
        by = np.full(len(trip.stops), part.trip_idx, dtype=np.int32)
        same = n > 0 and int(stops[-1][-1]) == int(trip.stops[0])
        if same:
            times[-1] = times[-1].copy()
            board[-1], leave[-1] = board[-1].copy(), leave[-1].copy()
            times[-1][1, -1], board[-1][-1], leave[-1][-1] = clocks[1, 0], trip.board[0], part.trip_idx
        first = int(same)
        stops.append(trip.stops[first:])
        times.append(clocks[:, first:])
        board.append(trip.board[first:])
        alight.append(trip.alight[first:])
        reach.append(by[first:])
        leave.append(by[first:].copy())
    whole = TripEvents(
        np.concatenate(stops),
        np.concatenate(times, axis=1),
        np.concatenate(board),
        np.concatenate(alight),
        np.concatenate(reach),
        np.concatenate(leave),
    )
    return TripCopy(parts[0].trip_idx, 0, whole, parts[0].days)
