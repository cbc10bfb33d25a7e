"""A timetable made ready for searching: exact patterns, lines per stop, and the timetable run backwards."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from transit_model.errors import Issue, NetworkError
from transit_model.network.arrays import I32, I64, Bool, Headways, Patterns, TimetableArrays

MAX_HEADWAY_S: Final = 32_767
"""Four headways share one 64-bit label (see `kernel.add_headway`); 9 hours is no headway any more."""
MAX_CLOCK_S: Final = 2**28


class TimetableIndex(NamedTuple):
    """What the kernels read. *Line* l is pattern l when ``l < n_patterns``, else headway row ``l - n_patterns``.

    Inside a pattern no trip overtakes another and all trips board and alight at the same positions, so the
    earliest trip is always the best one. ``depart_s`` lies position by position (``event_ptr + i * T + t``) for
    the search of a trip, ``arrive_s`` trip by trip (``event_ptr + t * L + i``) for the ride. Transfers hold the change
    at each stop as a transfer to itself.
    """

    n_stops: int
    n_patterns: int
    n_lines: int
    stop_ptr: I32
    stops: I32
    board: Bool
    alight: Bool
    trip_ptr: I32
    event_ptr: I64
    arrive_s: I32
    depart_s: I32
    trip_id_idx: I32
    h_stop_ptr: I32
    h_stops: I32
    h_arrive_s: I32
    h_depart_s: I32
    h_start_s: I32
    h_end_s: I32
    h_headway_s: I32
    h_trip_id_idx: I32
    visit_ptr: I32
    visit_line: I32
    visit_pos: I32
    transfer_ptr: I32
    transfer_to: I32
    transfer_s: I32


class _Part(NamedTuple):
    stops: I32
    board: Bool
    alight: Bool
    arrive: I32
    depart: I32
    trips: I32


def build_index(timetable: TimetableArrays) -> TimetableIndex:
    """Build the search index of a timetable; patterns that are not exact (overtaking, mixed flags) are split.

    Raises
    ------
    NetworkError
        When a trip runs backwards in time, a duration is negative, an index points nowhere, or a headway is not
        within 1 and 32,767 s. All findings at once.
    """
    issues = _check(timetable)
    parts = [
        part for p in range(len(timetable.patterns.stop_ptr) - 1) for part in _split(timetable.patterns, p, issues)
    ]
    if issues:
        raise NetworkError(issues)
    lengths = np.array([len(part.stops) for part in parts], dtype=np.int64)
    counts = np.array([len(part.trips) for part in parts], dtype=np.int64)
    stops = _join([part.stops for part in parts])
    h = timetable.headways
    line_stops = np.concatenate([stops, h.stops]).astype(np.int32)
    line_lengths = np.concatenate([lengths, np.diff(h.stop_ptr)]).astype(np.int64)
    visit_ptr, visit_line, visit_pos = _visits(timetable.n_stops, line_stops, line_lengths)
    return TimetableIndex(
        n_stops=int(timetable.n_stops),
        n_patterns=len(parts),
        n_lines=len(line_lengths),
        stop_ptr=_pointer(lengths).astype(np.int32),
        stops=stops,
        board=np.concatenate([np.zeros(0, np.bool_), *[part.board for part in parts]]),
        alight=np.concatenate([np.zeros(0, np.bool_), *[part.alight for part in parts]]),
        trip_ptr=_pointer(counts).astype(np.int32),
        event_ptr=_pointer(lengths * counts),
        arrive_s=_join([part.arrive.ravel() for part in parts]),
        depart_s=_join([part.depart.T.ravel() for part in parts]),
        trip_id_idx=_join([part.trips for part in parts]),
        h_stop_ptr=_i32(h.stop_ptr),
        h_stops=_i32(h.stops),
        h_arrive_s=_i32(h.arrive_offset_s),
        h_depart_s=_i32(h.depart_offset_s),
        h_start_s=_i32(h.start_s),
        h_end_s=_i32(h.end_s),
        h_headway_s=_i32(h.headway_s),
        h_trip_id_idx=_i32(h.trip_id_idx),
        visit_ptr=visit_ptr,
        visit_line=visit_line,
        visit_pos=visit_pos,
        transfer_ptr=_i32(timetable.transfer_ptr + np.arange(timetable.n_stops + 1)),
        transfer_to=_i32(np.insert(timetable.transfer_to, timetable.transfer_ptr[:-1], np.arange(timetable.n_stops))),
        transfer_s=_i32(np.insert(timetable.transfer_s, timetable.transfer_ptr[:-1], timetable.change_s)),
    )


def reverse_timetable(timetable: TimetableArrays) -> TimetableArrays:
    """Return the timetable run backwards in time: clocks negated, patterns and transfers turned round.

    A search on it that leaves at ``-t`` and arrives at ``-u`` is a journey that leaves at ``u`` and arrives by
    ``t``. Boarding and alighting change places, so do station entry and exit. A headway band, open at its end,
    becomes a band open at its start, hence the shift by one second (clocks are whole seconds).
    """
    p, h = timetable.patterns, timetable.headways
    stops, trips, arrive, depart = (list[I32]() for _ in range(4))
    board, alight = list[Bool](), list[Bool]()
    for i in range(len(p.stop_ptr) - 1):
        n_trips, n_stops = int(p.trip_ptr[i + 1] - p.trip_ptr[i]), int(p.stop_ptr[i + 1] - p.stop_ptr[i])
        events = slice(int(p.event_ptr[i]), int(p.event_ptr[i + 1]))
        stops.append(p.stops[p.stop_ptr[i] : p.stop_ptr[i + 1]][::-1])
        trips.append(p.trip_id_idx[p.trip_ptr[i] : p.trip_ptr[i + 1]][::-1])
        for source, target, sign in ((p.depart_s, arrive, -1), (p.arrive_s, depart, -1)):
            target.append(sign * source[events].reshape(n_trips, n_stops)[::-1, ::-1].ravel())
        for flags, flag_target in ((p.alight, board), (p.board, alight)):
            flag_target.append(flags[events].reshape(n_trips, n_stops)[::-1, ::-1].ravel())
    none = np.zeros(0, np.bool_)
    patterns = Patterns(
        stop_ptr=p.stop_ptr,
        stops=_join(stops),
        trip_ptr=p.trip_ptr,
        event_ptr=p.event_ptr,
        arrive_s=_join(arrive),
        depart_s=_join(depart),
        board=np.concatenate([none, *board]),
        alight=np.concatenate([none, *alight]),
        trip_id_idx=_join(trips),
    )
    rows = [slice(int(a), int(b)) for a, b in zip(h.stop_ptr[:-1], h.stop_ptr[1:], strict=True)]
    span_s = np.array([h.arrive_offset_s[row][-1] for row in rows], dtype=np.int32)
    headways = Headways(
        stop_ptr=h.stop_ptr,
        stops=_join([h.stops[row][::-1] for row in rows]),
        arrive_offset_s=_join([s - h.depart_offset_s[row][::-1] for s, row in zip(span_s, rows, strict=True)]),
        depart_offset_s=_join([s - h.arrive_offset_s[row][::-1] for s, row in zip(span_s, rows, strict=True)]),
        start_s=_i32(1 - h.end_s - span_s),
        end_s=_i32(1 - h.start_s - span_s),
        headway_s=h.headway_s,
        trip_id_idx=h.trip_id_idx,
    )
    tail = np.repeat(np.arange(timetable.n_stops, dtype=np.int32), np.diff(timetable.transfer_ptr))
    order = np.argsort(timetable.transfer_to, kind="stable")
    return TimetableArrays(
        n_stops=timetable.n_stops,
        patterns=patterns,
        headways=headways,
        change_s=timetable.change_s,
        transfer_ptr=_i32(_pointer(np.bincount(timetable.transfer_to, minlength=timetable.n_stops))),
        transfer_to=_i32(tail[order]),
        transfer_s=_i32(timetable.transfer_s[order]),
        entry_s=timetable.exit_s,
        exit_s=timetable.entry_s,
    )


def _split(p: Patterns, i: int, issues: list[Issue]) -> list[_Part]:
    """Cut one pattern into parts whose trips never overtake and share their boarding and alighting flags."""
    n_trips, n_stops = int(p.trip_ptr[i + 1] - p.trip_ptr[i]), int(p.stop_ptr[i + 1] - p.stop_ptr[i])
    events = slice(int(p.event_ptr[i]), int(p.event_ptr[i + 1]))
    arrive, depart, board, alight = (
        table[events].reshape(n_trips, n_stops) for table in (p.arrive_s, p.depart_s, p.board, p.alight)
    )
    if (depart < arrive).any() or (arrive[:, 1:] < depart[:, :-1]).any():
        issues.append(Issue("trip_runs_backwards", "error", f"pattern {i}: a trip leaves before it has arrived"))
    if n_trips == 0 or n_stops == 0:
        return []
    stops, trips = _i32(p.stops[p.stop_ptr[i] : p.stop_ptr[i + 1]]), p.trip_id_idx[p.trip_ptr[i] : p.trip_ptr[i + 1]]
    exact = (np.diff(arrive, axis=0) >= 0).all() and (np.diff(depart, axis=0) >= 0).all()
    groups = [list(range(n_trips))]
    if not (exact and (board == board[0]).all() and (alight == alight[0]).all()):
        groups = []
        for t in np.lexsort(np.concatenate([arrive, depart], axis=1).T[::-1]).tolist():
            for group in groups:
                last = group[-1]
                same = (board[t] == board[last]).all() and (alight[t] == alight[last]).all()
                if same and (arrive[t] >= arrive[last]).all() and (depart[t] >= depart[last]).all():
                    group.append(t)
                    break
            else:
                groups.append([t])
    return [
        _Part(stops, board[g[0]].copy(), alight[g[0]].copy(), _i32(arrive[g]), _i32(depart[g]), _i32(trips[g]))
        for g in groups
    ]


def _check(timetable: TimetableArrays) -> list[Issue]:
    """Return an issue for each kind of number that no search could survive."""
    p, h, n = timetable.patterns, timetable.headways, timetable.n_stops
    bad: list[tuple[str, bool, str]] = [
        ("clock_out_of_range", any((np.abs(a) > MAX_CLOCK_S).any() for a in (p.arrive_s, p.depart_s, h.end_s)),
         "a clock time is further than 2**28 s from the service day"),
        ("negative_duration", any((a < 0).any() for a in (timetable.change_s, timetable.transfer_s)),
         "a change or transfer time is negative"),
        ("stop_index_out_of_range", any(((a < 0) | (a >= n)).any() for a in (p.stops, h.stops, timetable.transfer_to)),
         f"a stop index is not within 0 and {n - 1}"),
        ("headway_out_of_range", bool(((h.headway_s < 1) | (h.headway_s > MAX_HEADWAY_S)).any()),
         f"a headway is not within 1 and {MAX_HEADWAY_S} s"),
        ("array_length", len(timetable.change_s) != n or len(timetable.transfer_ptr) != n + 1,
         "change_s or transfer_ptr do not have one entry per stop"),
    ]  # fmt: skip
    return [Issue(code, "error", message) for code, wrong, message in bad if wrong]


def _visits(n_stops: int, line_stops: I32, line_lengths: I64) -> tuple[I32, I32, I32]:
    """Return for each stop the lines that call there, with the position (CSR)."""
    line = np.repeat(np.arange(len(line_lengths)), line_lengths)
    pos = np.arange(len(line_stops)) - np.repeat(_pointer(line_lengths)[:-1], line_lengths)
    order = np.argsort(line_stops, kind="stable")
    return _i32(_pointer(np.bincount(line_stops, minlength=n_stops))), _i32(line[order]), _i32(pos[order])


def _pointer(lengths: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> I64:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _join(arrays: list[I32]) -> I32:
    return np.concatenate([np.zeros(0, np.int32), *arrays]).astype(np.int32)


def _i32(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> I32:
    return np.ascontiguousarray(array, dtype=np.int32)
