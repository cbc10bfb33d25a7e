"""A timetable made ready for searching: checked, lines per stop, and the timetable run backwards."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from transit_model.errors import Issue, NetworkError
from transit_model.network.arrays import I32, I64, Bool, Headways, Patterns, TimetableArrays
from transit_model.network.timetable_arrays import count_to_pointer

Array: TypeAlias = npt.NDArray[np.integer[Any]]

MAX_CLOCK_S: Final = 2**28


class TimetableIndex(NamedTuple):
    """What the kernels read. *Line* l is pattern l when ``l < n_patterns``, else headway row ``l - n_patterns``.

    Inside a pattern no trip overtakes another and all trips board and alight at the same positions, so the earliest
    trip is always the best one; `board` and `alight` lie beside `stops`. ``depart_s`` lies position by position
    (``event_ptr + i * T + t``) for the search of a trip, ``arrive_s`` trip by trip (``event_ptr + t * L + i``) for
    the ride. Transfers hold the change at each stop as a transfer to itself. Visits at which one may board a line that
    goes on are listed by stop, those of patterns (`board_ptr`: line, position, place of the position in `stops`, and
    the first of its departures there in `depart_s`) apart from those of headway rows (`h_board_ptr`: row, position,
    clocks between which vehicles pass). The bands of a trip follow each other, up to `h_board_end`; `h_board_at` are
    the stops with any. `h_seed` is what the phases of a row are drawn by.
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
    board_ptr: I32
    board_line: I32
    board_pos: I32
    board_at: I32
    board_column: I64
    h_board: Bool
    h_alight: Bool
    h_seed: I64
    h_board_ptr: I32
    h_board_row: I32
    h_board_pos: I32
    h_board_at: I32
    h_board_opens_s: I32
    h_board_closes_s: I32
    h_board_end: I32
    transfer_ptr: I32
    transfer_to: I32
    transfer_s: I32
    split_of: I32

    @property
    def n_whole_stops(self) -> int:
        """Number of stops without the parts of parted ones, which come after them (`TimetableArrays.split_of`)."""
        return self.n_stops - len(self.split_of)


def build_index(timetable: TimetableArrays) -> TimetableIndex:
    """Build the search index of a timetable.

    Raises
    ------
    NetworkError
        When a trip runs backwards in time or overtakes inside its pattern, boarding differs between the trips of a
        pattern, a duration is negative, an index points nowhere, or a headway is not within 1 and 2**28 s. All
        findings at once.
    """
    p, h, n = timetable.patterns, timetable.headways, int(timetable.n_stops)
    length, count = np.diff(p.stop_ptr).astype(np.int64), np.diff(p.trip_ptr).astype(np.int64)
    pattern = np.repeat(np.arange(len(length)), length * count)
    trip, pos = np.divmod(np.arange(len(pattern)) - p.event_ptr[pattern], length[pattern])
    issues = _check(timetable, pos > 0, np.flatnonzero(trip > 0), length[pattern[trip > 0]])
    if issues:
        raise NetworkError(issues)
    by_position = np.empty(len(pattern), np.int32)
    by_position[p.event_ptr[pattern] + pos * count[pattern] + trip] = p.depart_s
    line_stops = np.concatenate([p.stops, h.stops])
    line_length = np.concatenate([length, np.diff(h.stop_ptr)])
    line = np.repeat(np.arange(len(line_length)), line_length)
    line_pos = np.arange(len(line)) - np.repeat(count_to_pointer(line_length)[:-1], line_length)
    by_stop = np.argsort(line_stops, kind="stable")
    board = p.board[trip == 0]
    may_board = by_stop[(line_pos + 1 < line_length[line])[by_stop] & np.append(board, h.board)[by_stop]]
    boards, h_boards = (may_board[(line[may_board] < len(length)) == kind] for kind in (True, False))
    row, row_pos = line[h_boards] - len(length), line_pos[h_boards]
    in_time = np.lexsort((h.start_s[row], row_pos, h.trip_id_idx[row], line_stops[h_boards]))
    h_boards, row, row_pos = h_boards[in_time], row[in_time], row_pos[in_time]
    offset_s = h.depart_offset_s[h.stop_ptr[row] + row_pos]
    column = p.event_ptr[line[boards]] + line_pos[boards] * count[line[boards]]
    return TimetableIndex(
        n_stops=n,
        n_patterns=len(length),
        n_lines=len(line_length),
        stop_ptr=_i32(p.stop_ptr),
        stops=_i32(p.stops),
        board=board,
        alight=p.alight[trip == 0],
        trip_ptr=_i32(p.trip_ptr),
        event_ptr=np.ascontiguousarray(p.event_ptr, dtype=np.int64),
        arrive_s=_i32(p.arrive_s),
        depart_s=by_position,
        trip_id_idx=_i32(p.trip_id_idx),
        h_stop_ptr=_i32(h.stop_ptr),
        h_stops=_i32(h.stops),
        h_arrive_s=_i32(h.arrive_offset_s),
        h_depart_s=_i32(h.depart_offset_s),
        h_start_s=_i32(h.start_s),
        h_end_s=_i32(h.end_s),
        h_headway_s=_i32(h.headway_s),
        h_trip_id_idx=_i32(h.trip_id_idx),
        visit_ptr=_i32(count_to_pointer(np.bincount(line_stops, minlength=n))),
        visit_line=_i32(line[by_stop]),
        visit_pos=_i32(line_pos[by_stop]),
        board_ptr=_i32(count_to_pointer(np.bincount(line_stops[boards], minlength=n))),
        board_line=_i32(line[boards]),
        board_pos=_i32(line_pos[boards]),
        board_at=_i32(boards),
        board_column=np.ascontiguousarray(column, dtype=np.int64),
        h_board=h.board,
        h_alight=h.alight,
        h_seed=np.ascontiguousarray(h.seed, dtype=np.int64),
        h_board_ptr=_i32(count_to_pointer(np.bincount(line_stops[h_boards], minlength=n))),
        h_board_row=_i32(row),
        h_board_pos=_i32(row_pos),
        h_board_at=_i32(np.unique(line_stops[h_boards])),
        h_board_opens_s=_i32(h.start_s[row] + offset_s),
        h_board_closes_s=_i32(h.end_s[row] + offset_s),
        h_board_end=_i32(_find_group_ends(line_stops[h_boards], h.trip_id_idx[row], row_pos)),
        transfer_ptr=_i32(timetable.transfer_ptr + np.arange(n + 1)),
        transfer_to=_i32(np.insert(timetable.transfer_to, timetable.transfer_ptr[:-1], np.arange(n))),
        transfer_s=_i32(np.insert(timetable.transfer_s, timetable.transfer_ptr[:-1], timetable.change_s)),
        split_of=_i32(timetable.split_of),
    )


def reverse_timetable(timetable: TimetableArrays) -> TimetableArrays:
    """Return the timetable run backwards in time: clocks negated, patterns and transfers turned round.

    A search on it that leaves at ``-t`` and arrives at ``-u`` is a journey that leaves at ``u`` and arrives by
    ``t``. Boarding and alighting change places, so do station entry and exit. A headway band, open at its end,
    becomes a band open at its start, hence the shift by one second (clocks are whole seconds).
    """
    p, h = timetable.patterns, timetable.headways
    stops, trips, events = _turn(p.stop_ptr), _turn(p.trip_ptr), _turn(p.event_ptr)
    patterns = Patterns(
        stop_ptr=p.stop_ptr,
        stops=p.stops[stops],
        trip_ptr=p.trip_ptr,
        event_ptr=p.event_ptr,
        arrive_s=-p.depart_s[events],
        depart_s=-p.arrive_s[events],
        board=p.alight[events],
        alight=p.board[events],
        trip_id_idx=p.trip_id_idx[trips],
    )
    stops = _turn(h.stop_ptr)
    span_s = h.arrive_offset_s[h.stop_ptr[1:] - 1]
    span_at = np.repeat(span_s, np.diff(h.stop_ptr))
    headways = Headways(
        stop_ptr=h.stop_ptr,
        stops=h.stops[stops],
        arrive_offset_s=span_at - h.depart_offset_s[stops],
        depart_offset_s=span_at - h.arrive_offset_s[stops],
        start_s=1 - h.end_s - span_s,
        end_s=1 - h.start_s - span_s,
        headway_s=h.headway_s,
        trip_id_idx=h.trip_id_idx,
        board=h.alight[stops],
        alight=h.board[stops],
        seed=h.seed,
    )
    tail = np.repeat(np.arange(timetable.n_stops, dtype=np.int32), np.diff(timetable.transfer_ptr))
    order = np.argsort(timetable.transfer_to, kind="stable")
    return TimetableArrays(
        n_stops=timetable.n_stops,
        patterns=patterns,
        headways=headways,
        change_s=timetable.change_s,
        transfer_ptr=_i32(count_to_pointer(np.bincount(timetable.transfer_to, minlength=timetable.n_stops))),
        transfer_to=_i32(tail[order]),
        transfer_s=_i32(timetable.transfer_s[order]),
        entry_s=timetable.exit_s,
        exit_s=timetable.entry_s,
        split_of=timetable.split_of,
    )


def _check(timetable: TimetableArrays, onward: Bool, later: Array, length: Array) -> list[Issue]:
    """Return an issue for each kind of number that no search could survive.

    `onward` (E,) marks events that follow another of the same trip; event ``later[i]`` is the same position of the
    next trip as event ``later[i] - length[i]``.
    """
    p, h, t, n = timetable.patterns, timetable.headways, timetable, timetable.n_stops
    onward_idx, before = np.flatnonzero(onward), later - length
    clocks, stops = np.concatenate([p.arrive_s, p.depart_s, h.end_s]), np.concatenate([p.stops, h.stops, t.transfer_to])
    found = {
        "array_length": (
            len(t.change_s) != n or len(t.transfer_ptr) != n + 1,
            "change_s or transfer_ptr is not per stop",
        ),
        "clock_out_of_range": ((np.abs(clocks) > MAX_CLOCK_S).any(), "a clock time is beyond 2**28 s"),
        "stop_index_out_of_range": (((stops < 0) | (stops >= n)).any(), f"a stop index is not within 0 and {n - 1}"),
        "negative_duration": ((t.change_s < 0).any() or (t.transfer_s < 0).any(), "a change or transfer is negative"),
        "headway_out_of_range": (
            ((h.headway_s < 1) | (h.headway_s > MAX_CLOCK_S)).any(),
            "a headway is not within 1 and 2**28 s",
        ),
        "trip_runs_backwards": (
            (p.depart_s < p.arrive_s).any() or (p.arrive_s[onward_idx] < p.depart_s[onward_idx - 1]).any(),
            "a trip leaves a stop before it has arrived, or arrives before it has left",
        ),
        "trips_overtake": (
            (p.arrive_s[later] < p.arrive_s[before]).any() or (p.depart_s[later] < p.depart_s[before]).any(),
            "trips of one pattern overtake each other",
        ),
        "mixed_boarding": (
            (p.board[later] != p.board[before]).any() or (p.alight[later] != p.alight[before]).any(),
            "trips of one pattern differ in where they let board or alight",
        ),
    }
    return [Issue(code, "error", message) for code, (wrong, message) in found.items() if wrong]


def _find_group_ends(*keys: Array) -> Array:
    """Return for each row the first row behind its neighbours with the same keys."""
    first = np.flatnonzero(np.any([np.diff(key, prepend=-1) != 0 for key in keys], axis=0))
    edges = np.append(first, len(keys[0]))
    return np.repeat(edges[1:], np.diff(edges))


def _turn(ptr: Array) -> Array:
    """Return the row numbers of a CSR table with the rows of each group in reverse order."""
    length = np.diff(ptr)
    return np.repeat(ptr[:-1] + ptr[1:] - 1, length) - np.arange(int(ptr[-1]))


def _i32(array: Array) -> I32:
    return np.ascontiguousarray(array, dtype=np.int32)
