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
from transit_model.measure.access import (
    StationEnds,
    build_ends,
    drop_detours,
    find_least_ways_s,
    find_walked_stops,
    make_trips_key,
)
from transit_model.measure.place_stops import find_place_stops
from transit_model.measure.road_times import compute_road_od_s
from transit_model.measure.searches import find_ridden
from transit_model.measure.session import Session

F64 = npt.NDArray[np.float64]


class PairWays:
    """Ways between places and stations of a mode; each is measured when first asked for.

    `wanted` names for each origin the numbers of the destinations that are asked for, all of them when absent.
    """

    def __init__(
        self,
        session: Session,
        origins: Sequence[Place],
        destinations: Sequence[Place],
        mode: Mode,
        wanted: Sequence[Sequence[int]] | None = None,
    ) -> None:
        self.session = session
        self.origins = origins
        self.destinations = destinations
        self.mode = mode
        self._wanted = wanted
        self._kept: dict[int, list[StationEnds]] = {}
        self._ridden: dict[int, npt.NDArray[np.bool_]] = {}

    @cached_property
    def starts(self) -> list[StationEnds]:
        """The ways from each origin into vehicles."""
        return self._build_ends(self.origins, to_place=False)

    @cached_property
    def ends(self) -> list[StationEnds]:
        """The ways out of vehicles to each destination, before detours are dropped (see `list_kept`)."""
        return self._build_ends(self.destinations, to_place=True)

    @cached_property
    def direct_s(self) -> F64:
        """Door to door by car, (n_origins, n_destinations) seconds."""
        return compute_road_od_s(self.session, self.origins, self.destinations, Reading.DOOR_TO_DOOR, Vehicle.CAR)

    @cached_property
    def _walked(self) -> npt.NDArray[np.bool_]:
        return find_walked_stops(self.session, self.mode)

    @cached_property
    def stops(self) -> dict[str, list[str]]:
        """The stations of each place, origin or destination, by its id (`find_place_stops`)."""
        places = {p.place_id: p for p in (*self.origins, *self.destinations)}
        return {place_id: find_place_stops(self.session, p, self.mode) for place_id, p in places.items()}

    def list_wanted(self, i: int) -> Sequence[int]:
        """Return the numbers of the destinations asked for from origin `i`."""
        return range(len(self.destinations)) if self._wanted is None else self._wanted[i]

    def list_kept(self, i: int) -> list[StationEnds]:
        """Return for origin `i` the ways out at each destination asked for that spare a drive (`drop_detours`)."""
        if i not in self._kept:
            session, mode, walked = self.session, self.mode, self._walked
            entry_s = session.timetable(mode)[0].arrays.entry_s
            least_s = find_least_ways_s(session, mode, self.starts[i].door, entry_s)
            pairs = [(self.ends[j], float(self.direct_s[i, j])) for j in self.list_wanted(i)]
            self._kept[i] = [drop_detours(end, least_s, direct_s, walked) for end, direct_s in pairs]
        return self._kept[i]

    def find_ridden(self, i: int, median_s: F64 | None = None) -> npt.NDArray[np.bool_]:
        """Return to which destinations the door-to-door traveller of origin `i` rides the mode itself, (n_wanted,)."""
        if i not in self._ridden:
            kept = [e.door for e in self.list_kept(i)]
            self._ridden[i] = find_ridden(self.session, self.mode, self.starts[i].door, kept, median_s)
        return self._ridden[i]

    def _build_ends(self, places: Sequence[Place], *, to_place: bool) -> list[StationEnds]:
        session, mode = self.session, self.mode
        return session.keep(
            "station_ends",
            lambda _: make_trips_key(session, places, mode, to_place=to_place),
            lambda: build_ends(session, places, mode, to_place=to_place),
        )
