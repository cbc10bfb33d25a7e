"""Stop events of one trip, or of several that one vehicle runs while passengers stay seated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from transit_model.domain.service_clock import ServiceClock
from transit_model.network.arrays import I32


@dataclass(frozen=True, eq=False)
class TripEvents:
    """Events of one trip: (L,) arrays, arrivals and departures as rows of one (2, L) array.

    Attributes
    ----------
    reach_idx, leave_idx : (L,) int32 or None
        Trip by which one arrives and leaves at each position, where the vehicle runs several; None: one trip.
    """

    stops: I32
    times_s: I32
    board: npt.NDArray[np.bool_]
    alight: npt.NDArray[np.bool_]
    reach_idx: I32 | None = None
    leave_idx: I32 | None = None

    @property
    def arrive_s(self) -> I32:
        """Arrivals, seconds."""
        first: I32 = self.times_s[0]
        return first

    @property
    def depart_s(self) -> I32:
        """Departures, seconds."""
        second: I32 = self.times_s[1]
        return second

    def from_zero(self) -> TripEvents:
        """Return the trip with its first departure at 0."""
        return TripEvents(self.stops, (self.times_s - self.depart_s[0]).astype(np.int32), self.board, self.alight)


class TripCopy(NamedTuple):
    """A trip on one service day: row of the trips, where its clock stands on the day's, events, days later."""

    trip_idx: int
    shift_s: int
    trip: TripEvents
    days: int = 0


Band: TypeAlias = tuple[int, TripEvents, int, int, int]
"""Trip index, events from zero, start and end on the day's clock, headway: a line without a timetable."""


def read_walls(copy: TripCopy, clock: ServiceClock) -> TripCopy:
    """Return a trip by the clocks on the walls: another one only where it runs before they change."""
    if not clock.forward_s or int(copy.trip.arrive_s[0]) + copy.shift_s >= clock.change_clock_s:
        return copy
    walls = clock.read_walls((copy.trip.times_s + copy.shift_s).astype(np.int32))
    return copy._replace(shift_s=0, trip=replace(copy.trip, times_s=walls))
