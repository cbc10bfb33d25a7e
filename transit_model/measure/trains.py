"""Journeys by the clock: the last departure that arrives in time, and the first and last train of a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transit_model.domain.modes import RIDDEN, Mode
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.measure.access import compute_station_trips, tell_no_station
from transit_model.measure.pair_ways import PairWays
from transit_model.measure.session import Session
from transit_model.measure.transit_times import compute_day_profiles
from transit_model.timetable.raptor import Access, build_access, build_destinations, compute_window
from transit_model.units import S_PER_DAY, format_clock, s_to_min


@dataclass(frozen=True)
class DayJourney:
    """A journey door to door whose traveller leaves just in time; clock times in seconds of the service day."""

    depart_clock_s: int
    arrive_clock_s: int
    is_first: bool
    is_last: bool

    def as_row(self) -> dict[str, object]:
        """Return plain data for tables and JSON."""
        return {
            "depart": format_clock(self.depart_clock_s),
            "arrive": format_clock(self.arrive_clock_s),
            "minutes": round(s_to_min(self.arrive_clock_s - self.depart_clock_s), 2),
            "first": self.is_first,
            "last": self.is_last,
        }


def prepare_ends(session: Session, origin: Place, destination: Place, mode: Mode) -> tuple[Access, Access]:
    """Return the ways into and out of trains of a pair, as `compute_transit_od` has them; none out where none rides."""
    ways = PairWays(session, [origin], [destination], mode)
    access, egress = ways.starts[0].door, ways.list_kept(0)[0].door
    return access, egress if ways.find_ridden(0)[0] else build_access([], [])


def list_day_journeys(session: Session, origin: Place, destination: Place, mode: Mode) -> list[DayJourney]:
    """Return every useful journey that leaves home on the service day (00:00-24:00), in order.

    Useful is a journey that no other beats by leaving later and arriving no later. Empty when there is none. Headway
    lines have no clock times: here each leaves half a headway after its band begins.
    """
    access, egress = prepare_ends(session, origin, destination, mode)
    profile = compute_day_profiles(session, mode, access, [egress], 0, S_PER_DAY)[0]
    last = len(profile.depart_clock_s) - 1
    clocks = zip(profile.depart_clock_s.tolist(), profile.arrive_clock_s.tolist(), strict=True)
    return [DayJourney(int(d), int(a), i == 0, i == last) for i, (d, a) in enumerate(clocks)]


def get_day_journeys(session: Session, origin: Place, destination: Place, mode: Mode) -> list[DayJourney]:
    """Return `list_day_journeys`.

    Raises
    ------
    InputError
        ``no_journey`` when there is none.
    """
    if session.has_service(mode):
        found = list_day_journeys(session, origin, destination, mode)
        if found:
            return found
    raise InputError(describe_no_journey(session, origin, destination, mode))


def describe_no_journey(session: Session, origin: Place, destination: Place, mode: Mode) -> Issue:
    """Return the issue of a pair without a journey: which end has no way to a station and why, as far as known."""
    hint = "try another mode or departure, or see `transit-model data status` for the known gaps"
    if mode in RIDDEN:
        if not session.has_service(mode):
            hint = f"the scenario has no {mode.value} service"
        else:
            for place, to_place in ((destination, True), (origin, False)):
                trips = compute_station_trips(session, [place], mode, to_place=to_place)
                if not np.isfinite(trips.time_s).any():
                    hint = tell_no_station(session, place, mode)
    message = f"no journey by {mode.value} from {origin.place_id} to {destination.place_id}"
    return Issue("no_journey", "error", message, hint=hint)


def find_latest_departure_s(
    session: Session, origin: Place, destination: Place, mode: Mode, arrive_clock_s: int
) -> int | None:
    """Return the last clock second at which one may leave home and arrive by a clock time; None when never.

    One search of the timetable run backwards from the destination. Where lines run by headway it is the median over
    their phases, in both directions: the departure is moved back until the journey told forwards is in time.
    """
    access, egress = prepare_ends(session, origin, destination, mode)
    if not len(access.stop_idx) or not len(egress.stop_idx):
        return None
    max_rides = session.network.assumptions.max_rides
    home = build_destinations([access])
    back = compute_window(
        session.reverse_index(mode), egress, [-arrive_clock_s], home, max_rides=max_rides, quantiles=[0.5]
    )
    if back.percentile_s[0, 0] >= 2 * S_PER_DAY:
        return None
    clock_s = arrive_clock_s - int(back.percentile_s[0, 0])
    _, index = session.timetable(mode)
    away = build_destinations([egress])
    while arrive_clock_s - clock_s < 2 * S_PER_DAY:
        outward = compute_window(index, access, [clock_s], away, max_rides=max_rides, quantiles=[0.5])
        late_s = clock_s + float(outward.percentile_s[0, 0]) - arrive_clock_s
        if late_s <= 0:
            return clock_s
        clock_s -= max(1, int(late_s)) if np.isfinite(late_s) else 1
    return None
