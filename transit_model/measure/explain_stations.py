"""Journeys by rail or bus on the readings between stations, told leg by leg: typical and promoter.

The journey told is the one whose minutes `od` has: between the two places' own stations, platform to platform, or by
way of any other stations with the way there counted, whichever is shorter (`pair_ways`).
"""

from __future__ import annotations

from dataclasses import dataclass

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.errors import InputError
from transit_model.measure.access import compute_station_trips
from transit_model.measure.explanation import ExplainedLeg, Explanation
from transit_model.measure.leg_words import tell_bare_access, tell_inside
from transit_model.measure.pair_ways import PairWays
from transit_model.measure.session import Session
from transit_model.measure.trains import describe_no_journey
from transit_model.measure.transit_rows import StationRides, choose_own_pair, find_fastest_way
from transit_model.timetable.journeys import Journey, Leg, find_journey
from transit_model.timetable.raptor import (
    Access,
    build_access,
    build_destinations,
    find_median_phase,
    search_window,
    window_departures,
)
from transit_model.units import format_clock, s_to_min

_MEANS = {
    False: {
        "zh": "{clock}到站（或从家出发），用时为时段{window}内的中位数；不计出租车候车和进出站",
        "en": "at the station, or from home, at {clock}: the median of {window}; no taxi wait, station entry or exit",
    },
    True: {
        "zh": "当天最快的一次，{clock}开；不计候车、出租车候车和进出站",
        "en": "the fastest of the day, departing {clock}; no wait, taxi wait, station entry or exit",
    },
}
"""What the minutes are, by `ReadingRule.fastest`."""


@dataclass(frozen=True)
class _TimedJourney:
    """A journey with its ways to and from stations; seconds."""

    total_s: float
    journey: Journey
    clock_s: int


def explain_between_stations(
    session: Session, origin: Place, destination: Place, mode: Mode, reading: Reading
) -> Explanation:
    """Return the journey by rail or bus behind the minutes of `typical` or `promoter`.

    Raises
    ------
    InputError
        ``no_journey`` when `od` has none.
    """
    if origin.place_id == destination.place_id or not session.has_service(mode):
        raise InputError(describe_no_journey(session, origin, destination, mode))
    ways = PairWays(session, [origin], [destination], mode)
    fastest = READING_RULES[reading].fastest
    find = _find_fastest if fastest else _find_typical
    found = [way for way in find(ways) if way is not None]
    if not found:
        raise InputError(describe_no_journey(session, origin, destination, mode))
    best = min(found, key=lambda way: way.total_s)  # of equals the own stations, which come first
    clock, window = format_clock(best.clock_s), "-".join(format_clock(s) for s in session.window)
    note = {lang: words.format(clock=clock, window=window) for lang, words in _MEANS[fastest].items()}
    return Explanation(
        origin.place_id,
        destination.place_id,
        mode.value,
        reading.value,
        session.scenario_id,
        s_to_min(best.total_s),
        tuple(_tell(ways, leg) for leg in best.journey.legs),
        (note,),
        speeds=session.speeds.value,
    )


def _tell(ways: PairWays, leg: Leg) -> ExplainedLeg:
    if leg.kind not in ("access", "egress"):
        return tell_inside(ways.session, leg, ways.mode)
    to = leg.kind == "access"
    trips = compute_station_trips(
        ways.session, [(ways.origins if to else ways.destinations)[0]], ways.mode, to_place=not to
    )
    foot = bool(trips.on_foot[0, leg.to_stop_idx if to else leg.from_stop_idx])
    return tell_bare_access(ways.session, leg, foot=foot, mode=ways.mode)


def _at(ways: PairWays, stop: str) -> Access:
    return build_access([ways.session.timetable(ways.mode)[0].stop_idx[stop]], [0.0])


def _find_typical(ways: PairWays) -> list[_TimedJourney | None]:
    """Return the median journey of the best pair of own stations, and the one by way of any station."""
    _, best, _ = choose_own_pair(ways, 0, 0, StationRides(ways.session, ways.mode, Reading.TYPICAL))
    found = [_find_median(ways, _at(ways, best[0]), _at(ways, best[1]))] if best else []
    kept = ways.list_kept(0)[0].bare
    if len(kept.stop_idx) and ways.find_ridden(0)[0]:
        found.append(_find_median(ways, ways.starts[0].bare, kept))
    return found


def _find_median(ways: PairWays, access: Access, egress: Access) -> _TimedJourney | None:
    """Return the first journey whose time is the median over the departure minutes and the phases."""
    _, index = ways.session.timetable(ways.mode)
    clocks, rides = window_departures(*ways.session.window), ways.session.network.assumptions.max_rides
    ends = build_destinations([egress])
    travel_s, _ = search_window(index, access, clocks, ends, max_rides=rides)
    median = find_median_phase(travel_s[:, 0], clocks)
    journey = median and find_journey(index, access, median[0], ends, max_rides=rides, phase=median[1])
    return _TimedJourney(journey.total_s, journey, median[0]) if median and journey else None


def _find_fastest(ways: PairWays) -> list[_TimedJourney | None]:
    """Return the fastest ride of the day between own stations, and the one by way of any two stations."""
    rides = StationRides(ways.session, ways.mode, Reading.PROMOTER)
    _, best, clock_s = choose_own_pair(ways, 0, 0, rides)
    found: list[_TimedJourney | None] = []
    if best is not None:
        found.append(_ride(ways, _at(ways, best[0]), _at(ways, best[1]), clock_s))
    way = find_fastest_way(ways, 0, 0, rides)
    if way is not None:
        start = build_access([way.from_stop_idx], [0.0])
        ride = _ride(ways, start, build_access([way.to_stop_idx], [0.0]), way.depart_clock_s)
        if ride is not None:
            legs = _add_ends(ride.journey, round(way.before_s), round(way.after_s))
            found.append(_TimedJourney(way.total_s, Journey(legs), legs[0].start_clock_s))
    return found


def _ride(ways: PairWays, access: Access, egress: Access, clock_s: float) -> _TimedJourney | None:
    _, index = ways.session.timetable(ways.mode)
    rides = ways.session.network.assumptions.max_rides
    ends = build_destinations([egress])
    journey = find_journey(index, access, int(clock_s), ends, max_rides=rides, best_case=True)
    return None if journey is None else _TimedJourney(journey.total_s, journey, int(clock_s))


def _add_ends(journey: Journey, before_s: int, after_s: int) -> tuple[Leg, ...]:
    """Return the legs of a ride with the ways to its first and from its last station."""
    first, last = journey.legs[0], journey.legs[-1]
    start, end = first.start_clock_s, last.end_clock_s
    before = [Leg("access", start - before_s, start, -1, first.from_stop_idx)] if before_s else []
    after = [Leg("egress", end, end + after_s, last.to_stop_idx, -1)] if after_s else []
    return (*before, *journey.legs, *after)
