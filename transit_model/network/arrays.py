"""Array forms of a network: what the routing room sees.

No ids, no tables: dense integer indices and numbers. Street weights are integer ticks (0.1 s), timetable clocks
are integer seconds after the service-day origin (negative for the previous day's trips).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

I32: TypeAlias = npt.NDArray[np.int32]
I64: TypeAlias = npt.NDArray[np.int64]
F64: TypeAlias = npt.NDArray[np.float64]
Bool: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class StreetArrays:
    """A directed road graph in CSR form for one vehicle and one speed table.

    Attributes
    ----------
    indptr : (n + 1,) int32
    head : (m,) int32
        Graph node at the end of each arc.
    weight_ticks : (m,) int32
        Time of each arc, at least 1.
    link_idx : (m,) int32
        Row of the (directed) links table, -1 for an arc of a toll gate and ramp.
    node_idx : (n,) int32
        Row of the nodes table; a node where motorways meet other roads is split in two graph nodes.
    lon, lat : (n,) float64, WGS84 degrees
    may_leave : (n,) bool
        False on the motorway side: one cannot step off there.
    """

    indptr: I32
    head: I32
    weight_ticks: I32
    link_idx: I32
    node_idx: I32
    lon: F64
    lat: F64
    may_leave: Bool

    @property
    def n_nodes(self) -> int:
        """Number of graph nodes."""
        return len(self.node_idx)


@dataclass(frozen=True, eq=False)
class EditedStreets(StreetArrays):
    """A road graph made from another, and what changed: arrays as they would be without knowing of it.

    Attributes
    ----------
    before : StreetArrays
    arc_tail, arc_head, arc_ticks : (k,) int64
        Arcs that differ: nodes as of `engine_node`, and the quickest time from one to the other now, -1 for none. Each
        new node has a loop among them.
    engine_node : (n,) int32 or None
        For each graph node its number before, those that were not there after all that were; None for the same numbers.
    """

    before: StreetArrays
    arc_tail: I64
    arc_head: I64
    arc_ticks: I64
    engine_node: I32 | None


@dataclass(frozen=True, eq=False)
class Patterns:
    """Scheduled trips grouped by equal stop sequence; inside a pattern no trip overtakes another.

    Pattern ``p`` has stops ``stops[stop_ptr[p]:stop_ptr[p + 1]]`` (L of them) and trips
    ``trip_ptr[p]:trip_ptr[p + 1]`` (T) in order of departure; the event of its trip t at position i is
    ``event_ptr[p] + t * L + i``.
    """

    stop_ptr: I32
    stops: I32
    trip_ptr: I32
    event_ptr: I64
    arrive_s: I32
    depart_s: I32
    board: Bool
    alight: Bool
    trip_id_idx: I32


@dataclass(frozen=True, eq=False)
class Headways:
    """Frequency-based service (GTFS ``exact_times=0``), one row per pattern and band.

    Vehicles leave their first stop during ``[start_s, end_s)``, one in every `headway_s` and the first at an unknown
    time; where the band is shorter than its headway, one. `board` and `alight` lie beside `stops`. Rows of one
    `seed` (of one trip_id) have one phase, rows of another seed another, whatever else runs.
    """

    stop_ptr: I32
    stops: I32
    arrive_offset_s: I32
    depart_offset_s: I32
    start_s: I32
    end_s: I32
    headway_s: I32
    trip_id_idx: I32
    board: Bool
    alight: Bool
    seed: I64


@dataclass(frozen=True, eq=False)
class TimetableArrays:
    """A timetable of one service day (with copies of its neighbours) for the routing room.

    Attributes
    ----------
    change_s : (S,) int32
        Least time between two rides at the same stop.
    transfer_ptr, transfer_to, transfer_s : CSR, int32
        Transfers on foot or by car between stops; not transitively closed.
    entry_s, exit_s : (S - P,) int32
        Station entry (security, gate closing) and exit; used at the two ends of a door-to-door journey.
    split_of : (P,) int32
        The last P of the S stops are parts of others, see `network.transfer_rules`: who comes to that stop on foot
        may board at all its parts, and who leaves a vehicle at a part is at the stop. Most timetables have none.
    """

    n_stops: int
    patterns: Patterns
    headways: Headways
    change_s: I32
    transfer_ptr: I32
    transfer_to: I32
    transfer_s: I32
    entry_s: I32
    exit_s: I32
    split_of: I32 = field(default_factory=lambda: np.zeros(0, np.int32))

    @property
    def whole_stop(self) -> I32:
        """The stop itself by stop index, (S,): a part stands for the stop it is a part of."""
        whole = np.arange(self.n_stops - len(self.split_of), dtype=np.int32)
        return np.concatenate([whole, self.split_of])
