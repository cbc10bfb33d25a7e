"""The ways of pairs of places into and out of trains or buses, the same on all readings.

Every reading looks at the same stations. `typical` and `promoter` start on the platform of a place's own stations, or
go by way of any station that the door-to-door traveller may use and count the way there, without waiting for the taxi
and without entry or exit. So whoever leaves home at a minute is never there sooner than the same reading without these
minutes: door to door >= typical >= promoter.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode, Reading, Vehicle
from transit_model.domain.place import Place
from transit_model.indicators.change import CHANGE_TOLERANCE_S
from transit_model.measure.access import StationEnds, build_ends, drop_detours
from transit_model.measure.road_times import compute_road_od_s
from transit_model.measure.session import Session
from transit_model.timetable.index import TimetableIndex
from transit_model.timetable.raptor import Access, build_destinations, compute_window, window_departures

F64 = npt.NDArray[np.float64]
_MEDIAN = (0.5,)


class PairWays:
    """Ways between places and stations of a mode; each is measured when first asked for."""

    def __init__(self, session: Session, origins: Sequence[Place], destinations: Sequence[Place], mode: Mode) -> None:
        self.session = session
        self.origins = origins
        self.destinations = destinations
        self.mode = mode
        self._ridden: dict[int, npt.NDArray[np.bool_]] = {}

    @cached_property
    def starts(self) -> list[StationEnds]:
        """The ways from each origin into vehicles."""
        return build_ends(self.session, self.origins, self.mode)

    @cached_property
    def ends(self) -> list[StationEnds]:
        """The ways out of vehicles to each destination, before detours are dropped (see `list_kept`)."""
        return build_ends(self.session, self.destinations, self.mode, to_place=True)

    @cached_property
    def direct_s(self) -> F64:
        """Door to door by car, (n_origins, n_destinations) seconds."""
        return compute_road_od_s(self.session, self.origins, self.destinations, Reading.DOOR_TO_DOOR, Vehicle.CAR)

    def list_kept(self, i: int) -> list[StationEnds]:
        """Return for origin `i` the ways out at each destination that spare a drive (`drop_detours`)."""
        access = self.starts[i].door
        return [
            end.keep(drop_detours(access, end.door, float(d)))
            for end, d in zip(self.ends, self.direct_s[i], strict=True)
        ]

    def find_ridden(self, i: int) -> npt.NDArray[np.bool_]:
        """Return to which destinations the door-to-door traveller of origin `i` rides the mode itself, (n_dest,)."""
        if i not in self._ridden:
            kept = [e.door for e in self.list_kept(i)]
            median_s = compute_percentiles(self.session, self.mode, self.starts[i].door, kept, _MEDIAN)[0]
            self._ridden[i] = find_ridden(self.session, self.mode, self.starts[i].door, kept, median_s)
        return self._ridden[i]


def compute_percentiles(
    session: Session, mode: Mode, access: Access, egresses: Sequence[Access], shares: Sequence[float]
) -> F64:
    """Return percentiles of travel time over the departure minutes to each destination, (n_shares, n_dest) seconds."""
    _, index = session.timetable(mode)
    clocks, rides = window_departures(*session.window), session.network.assumptions.max_rides
    window = compute_window(index, access, clocks, build_destinations(egresses), max_rides=rides, shares=shares)
    return window.percentile_s


def find_ridden(
    session: Session, mode: Mode, access: Access, egresses: Sequence[Access], median_s: F64
) -> npt.NDArray[np.bool_]:
    """Return where the mode itself is ridden, (n_dest,): its feeders alone are slower at the median (`is_ridden`)."""
    feeders = get_feeders(session, mode, access)
    if feeders is None:
        return np.ones(len(egresses), dtype=bool)
    clocks, rides = window_departures(*session.window), session.network.assumptions.max_rides
    alone = compute_window(feeders, access, clocks, build_destinations(egresses), max_rides=rides, shares=_MEDIAN)
    return is_ridden(median_s, alone.percentile_s[0])


def get_feeders(session: Session, mode: Mode, access: Access, *, reverse: bool = False) -> TimetableIndex | None:
    """Return the timetable of the vehicles that feed a mode where one of them may be boarded first; else None."""
    feeders = session.feeder_index(mode, reverse=reverse)
    if feeders is None or not (np.diff(feeders.visit_ptr)[access.stop_idx] > 0).any():
        return None
    return feeders


def is_ridden(time_s: F64, alone_s: F64) -> npt.NDArray[np.bool_]:
    """Return where a journey by a mode and its feeders rides the mode: the feeders alone take longer, or never arrive.

    A metro that takes one all the way is no journey by rail.
    """
    ridden: npt.NDArray[np.bool_] = (time_s < alone_s - CHANGE_TOLERANCE_S) | np.isinf(alone_s)
    return ridden
