"""Small timetables written as text, and random ones for the property tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from transit_model.network.arrays import Headways, Patterns, TimetableArrays
from transit_model.timetable.raptor import Access, Destinations, build_access, build_destinations
from transit_model.units import parse_clock_s

Call = tuple[int, int, int, bool, bool]
"""stop, arrive, depart, may board, may alight"""


@dataclass
class Line:
    """A headway line: stops, offsets from the first departure, band and headway, all in seconds.

    `board` and `alight` lie beside `stops` (empty: everywhere); lines of one `seed` have one phase.
    """

    stops: Sequence[int]
    arrive: Sequence[int]
    depart: Sequence[int]
    start: int
    end: int
    headway: int
    board: Sequence[bool] = ()
    alight: Sequence[bool] = ()
    seed: int = 1

    def may_board(self, i: int) -> bool:
        return self.board[i] if self.board else True

    def may_alight(self, i: int) -> bool:
        return self.alight[i] if self.alight else True


@dataclass
class Town:
    """A timetable under construction. Stops are letters: A is stop 0."""

    n_stops: int
    trips: list[list[Call]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    change: Mapping[int, int] = field(default_factory=dict)
    walks: Sequence[tuple[int, int, int]] = ()

    def patterns(self) -> list[list[int]]:
        """Return the trips grouped by equal stops and flags, with nobody overtaking."""
        patterns: list[list[int]] = []
        for t in sorted(range(len(self.trips)), key=lambda t: [call[1:3] for call in self.trips[t]]):
            for pattern in patterns:
                pairs = list(zip(self.trips[pattern[-1]], self.trips[t], strict=False))
                same = [a[::3] + a[4:] for a in self.trips[pattern[-1]]] == [b[::3] + b[4:] for b in self.trips[t]]
                if same and all(a[1] <= b[1] and a[2] <= b[2] for a, b in pairs):
                    pattern.append(t)
                    break
            else:
                patterns.append([t])
        return patterns

    def arrays(self, shift: int = 0) -> TimetableArrays:
        """Return the arrays, all clocks moved by `shift` seconds."""
        patterns = self.patterns()
        order = [t for pattern in patterns for t in pattern]
        calls = [call for t in order for call in self.trips[t]]
        lengths = [len(self.trips[pattern[0]]) for pattern in patterns]
        counts = [len(pattern) for pattern in patterns]
        walks = sorted(self.walks)
        change = np.zeros(self.n_stops, np.int32)
        for stop, seconds in self.change.items():
            change[stop] = seconds
        zero = np.zeros(self.n_stops, np.int32)
        return TimetableArrays(
            n_stops=self.n_stops,
            patterns=Patterns(
                stop_ptr=pointer(lengths),
                stops=i32([call[0] for pattern in patterns for call in self.trips[pattern[0]]]),
                trip_ptr=pointer(counts),
                event_ptr=pointer([a * b for a, b in zip(lengths, counts, strict=True)]).astype(np.int64),
                arrive_s=i32([c[1] + shift for c in calls]),
                depart_s=i32([c[2] + shift for c in calls]),
                board=np.array([c[3] for c in calls], np.bool_),
                alight=np.array([c[4] for c in calls], np.bool_),
                trip_id_idx=i32(order),
            ),
            headways=Headways(
                stop_ptr=pointer([len(line.stops) for line in self.lines]),
                stops=i32([s for line in self.lines for s in line.stops]),
                arrive_offset_s=i32([s for line in self.lines for s in line.arrive]),
                depart_offset_s=i32([s for line in self.lines for s in line.depart]),
                start_s=i32([line.start + shift for line in self.lines]),
                end_s=i32([line.end + shift for line in self.lines]),
                headway_s=i32([line.headway for line in self.lines]),
                trip_id_idx=i32([len(self.trips) + n for n in range(len(self.lines))]),
                board=np.array([line.may_board(i) for line in self.lines for i in range(len(line.stops))], np.bool_),
                alight=np.array([line.may_alight(i) for line in self.lines for i in range(len(line.stops))], np.bool_),
                seed=np.array([line.seed for line in self.lines], np.int64),
            ),
            change_s=change,
            transfer_ptr=pointer(np.bincount([w[0] for w in walks], minlength=self.n_stops).tolist()),
            transfer_to=i32([w[1] for w in walks]),
            transfer_s=i32([w[2] for w in walks]),
            entry_s=zero,
            exit_s=zero,
        )


def i32(values: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(values, dtype=np.int32)


def pointer(lengths: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.concatenate([[0], np.cumsum(np.array(lengths, np.int64))]).astype(np.int32)


def stop(letter: str) -> int:
    return ord(letter) - ord("A")


def trip(text: str) -> list[Call]:
    """Read ``A 8:00 | B 8:10/8:12 | C 8:20``; a stop ``B+`` only lets board, ``B-`` only lets alight."""
    calls: list[Call] = []
    for part in text.split("|"):
        name, clock = part.split()
        arrive, _, depart = clock.partition("/")
        clocks = parse_clock_s(arrive), parse_clock_s(depart or arrive)
        calls.append((stop_of(name), *clocks, lets_board(name), lets_alight(name)))
    return calls


def headway(text: str, start: str, end: str, headway_min: float, seed: int = 1) -> Line:
    """Read ``A 0 | B 10 | C 20``: stops and minutes after the first departure; ``B+`` and ``B-`` as in `trip`."""
    parts = [part.split() for part in text.split("|")]
    offsets = [int(float(minute) * 60) for _, minute in parts]
    names = [name for name, _ in parts]
    stops, board, alight = (
        [stop_of(n) for n in names],
        [lets_board(n) for n in names],
        [lets_alight(n) for n in names],
    )
    times = parse_clock_s(start), parse_clock_s(end), int(headway_min * 60)
    return Line(stops, offsets, offsets, *times, board, alight, seed)


def stop_of(name: str) -> int:
    return stop(name[0])


def lets_board(name: str) -> bool:
    return "-" not in name


def lets_alight(name: str) -> bool:
    return "+" not in name


def access(**minutes: float) -> Access:
    """Return access (or egress) pairs: ``access(A=5, B=7.5)`` in minutes."""
    return build_access([stop(name) for name in minutes], [m * 60 for m in minutes.values()])


def to_stops(letters: str) -> Destinations:
    """Return one destination per letter, without egress."""
    return build_destinations([access(**{letter: 0}) for letter in letters])


def minutes(text: str) -> int:
    """Return ``8:05`` in seconds."""
    return parse_clock_s(text)


@st.composite
def towns(draw: st.DrawFn, *, headways: bool = True) -> Town:
    """Draw a small town: loops, overtaking, zero-length rides, walks that are not closed, midnight."""
    n = draw(st.integers(1, 6))
    stops, step = st.integers(0, n - 1), st.integers(0, 4)
    routes = draw(st.lists(st.lists(stops, min_size=2, max_size=5), max_size=4))
    trips: list[list[Call]] = []
    for route in routes:
        for _ in range(draw(st.integers(1, 4))):
            clock = draw(st.integers(-5, 30)) + draw(st.sampled_from([0, 86_400]))
            calls: list[Call] = []
            for s in route:
                arrive = clock + draw(step)
                clock = arrive + draw(st.integers(0, 2))
                calls.append((s, arrive, clock, draw(st.integers(0, 9)) > 0, draw(st.integers(0, 9)) > 0))
            trips.append(calls)
    lines = []
    for route in draw(st.lists(st.lists(stops, min_size=2, max_size=4), max_size=3 if headways else 0)):
        clock, arrives, departs = 0, [], []
        for i in range(len(route)):
            clock += draw(step) if i else 0
            arrives.append(clock)
            clock += draw(st.integers(0, 2)) if i else 0
            departs.append(clock)
        start = draw(st.integers(-5, 30))
        end, often = start + draw(st.integers(0, 40)), draw(st.integers(1, 9))
        board, alight = ([draw(st.integers(0, 9)) > 0 for _ in route] for _ in range(2))
        seed = draw(st.integers(0, 2**63 - 1))
        lines.append(Line(route, arrives, departs, start, end, often, board, alight, seed))
    walks = draw(st.lists(st.tuples(stops, stops, step), max_size=6))
    change = {s: draw(st.integers(0, 3)) for s in range(n)}
    return Town(n, trips, lines, change, walks)
