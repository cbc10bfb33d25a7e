"""Why a journey takes its minutes: legs that add up, each with the project, assumption and source behind it."""

from __future__ import annotations

import contextlib
import math
from dataclasses import replace
from math import floor

from transit_model.domain.modes import PARTS, RIDDEN, Mode, Reading
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.errors import InputError, Issue, TransitModelError
from transit_model.measure.access import compute_station_trips
from transit_model.measure.explain_stations import explain_between_stations
from transit_model.measure.explanation import ExplainedChange, ExplainedLeg, Explanation
from transit_model.measure.leg_words import (
    get_road_key,
    tell_access,
    tell_fixed,
    tell_inside,
    tell_station,
    tell_stretch,
)
from transit_model.measure.place_joins import is_free
from transit_model.measure.road_times import compute_terminal_s
from transit_model.measure.session import Session
from transit_model.measure.trains import describe_no_journey, find_latest_departure_s, prepare_ends
from transit_model.streets.places_search import find_street_path
from transit_model.timetable.journeys import find_journey
from transit_model.timetable.phases import Phase
from transit_model.timetable.raptor import Access, Destinations, build_destinations
from transit_model.units import format_clock, kmh_to_ms, m_to_km, min_to_s, parse_clock_s, s_to_min, ticks_to_seconds


def explain_journey(
    session: Session,
    origin: Place,
    destination: Place,
    mode: Mode,
    reading: Reading,
    *,
    depart: str | None = None,
    arrive: str | None = None,
) -> Explanation:
    """Return one journey in words; for rail and bus door to door at a clock time or the median departure.

    On the other readings it is the journey that has their minutes, by rail and bus at no clock of one's own choice.
    With `arrive` it is the journey of the last departure that arrives by then, by road as well.

    `best` tells the quicker of road and public transport.

    Raises
    ------
    InputError
        When there is no journey, a clock time is none, or both `depart` and `arrive` are given.
    """
    if depart is not None and arrive is not None:
        issue = Issue("two_clocks", "error", "give a time to leave or a time to arrive", field="arrive", value=arrive)
        raise InputError(issue)
    between_stations = mode is not Mode.ROAD and not READING_RULES[reading].door_to_door
    if between_stations and (depart is not None or arrive is not None):
        message = f"a clock time is of door to door: {mode.value} on the {reading} reading has its own departure"
        hint = "leave out --depart and --arrive, or ask with --reading door_to_door"
        raise InputError(Issue("clock_unused", "error", message, field="reading", value=reading.value, hint=hint))
    clock_s, arrive_s = _read_clock("depart", depart), _read_clock("arrive", arrive)
    if origin.place_id == destination.place_id and (mode in (Mode.ROAD, Mode.BEST) or session.has_service(mode)):
        return _explain_no_way(session, origin, mode, reading)
    if arrive_s is not None:
        return _explain_arrival(session, origin, destination, mode, reading, arrive_s)
    if mode is Mode.ROAD:
        return explain_road(session, origin, destination, reading)
    modes = [m for m in PARTS[mode] if m in RIDDEN and (m is mode or session.has_service(m))]
    explanations: list[Explanation] = []
    if mode is Mode.BEST:
        with contextlib.suppress(TransitModelError):
            explanations.append(explain_road(session, origin, destination, reading))
    for one in modes:
        try:
            if between_stations:
                explanations.append(explain_between_stations(session, origin, destination, one, reading))
                continue
            at = find_median_departure(session, origin, destination, one) if clock_s is None else (clock_s, None)
            explanations.append(explain_transit(session, origin, destination, one, *at))
        except InputError:
            if mode is not Mode.BEST:
                raise
    if not explanations:
        raise InputError(describe_no_journey(session, origin, destination, mode))
    return min(explanations, key=lambda t: t.minutes)


def explain_change(
    base: Session,
    scenario: Session,
    ends: tuple[str, str],
    mode: Mode,
    reading: Reading,
    *,
    depart: str | None = None,
    arrive: str | None = None,
) -> ExplainedChange:
    """Explain one journey in two scenarios; `ends` as people name the two places, the rest as `explain_journey`."""
    explanations = []
    for session in (base, scenario):
        origin, destination = (session.places.get_place(end) for end in ends)
        explanations.append(explain_journey(session, origin, destination, mode, reading, depart=depart, arrive=arrive))
    return ExplainedChange(*explanations)


def _read_clock(name: str, text: str | None) -> int | None:
    try:
        return None if text is None else parse_clock_s(text)
    except ValueError as error:
        raise InputError(Issue("bad_clock", "error", str(error), field=name, value=text, hint="HH:MM")) from error


def _explain_no_way(session: Session, place: Place, mode: Mode, reading: Reading) -> Explanation:
    """Return the journey of a place to itself: no leg and no minute, as the OD table has it."""
    note = {"zh": "起点即终点", "en": "the origin is the destination"}
    ends = place.place_id, place.place_id
    return Explanation(
        *ends, mode.value, reading.value, session.scenario_id, 0.0, (), (note,), timetable=session.timetable_id
    )


def _explain_arrival(
    session: Session, origin: Place, destination: Place, mode: Mode, reading: Reading, arrive_s: int
) -> Explanation:
    """Return the journey of the last departure that arrives by a clock time."""
    choices: list[tuple[float, Explanation]] = []
    if mode in (Mode.ROAD, Mode.BEST):
        with contextlib.suppress(TransitModelError) if mode is Mode.BEST else contextlib.nullcontext():
            drive = explain_road(session, origin, destination, reading if mode is Mode.ROAD else Reading.DOOR_TO_DOOR)
            choices.append((arrive_s - min_to_s(drive.minutes), drive))
    for one in PARTS[mode]:
        if one not in RIDDEN or not session.has_service(one):
            continue
        clock_s = find_latest_departure_s(session, origin, destination, one, arrive_s)
        if clock_s is not None:
            choices.append((clock_s, explain_transit(session, origin, destination, one, clock_s)))
    if not choices:
        raise InputError(describe_no_journey(session, origin, destination, mode))
    clock, best = max(choices, key=lambda t: t[0])
    by, leave = format_clock(arrive_s), format_clock(floor(clock))
    note = {"zh": f"要在{by}前到达，最晚{leave}出发", "en": f"to arrive by {by} leave at {leave} at the latest"}
    return replace(best, notes=(note, *best.notes))


def explain_road(session: Session, origin: Place, destination: Place, reading: Reading) -> Explanation:
    """Return the quickest road between two places, one leg for each stretch of the same road.

    Raises
    ------
    InputError
        When there is no way.
    """
    streets = session.roads(reading)
    path = find_street_path(streets.arrays, *session.join_pairs([origin], [destination], streets))
    if path is None:
        raise InputError(describe_no_journey(session, origin, destination, Mode.ROAD))
    links = session.network.links
    names = session.network.nodes.set_index("node_id")
    before_s, after_s = compute_terminal_s(session, reading)
    legs: list[ExplainedLeg] = []
    if before_s:
        legs.append(
            tell_fixed("access", before_s, {"zh": "取车出发", "en": "reach the car and drive off"}, "car_start_min")
        )
    stretch: list[tuple[int, float]] = []

    def close() -> None:
        if stretch:
            legs.append(tell_stretch(session, stretch, names, streets))
            stretch.clear()

    off_speed_ms = kmh_to_ms(session.network.assumptions.off_network_speed_kmh)
    steps = list(zip(path.link_idx.tolist(), path.link_ticks.tolist(), strict=True))
    for number, (row, ticks) in enumerate(steps):
        seconds = float(ticks_to_seconds(ticks))
        if row < 0:
            close()
            gate = row == -1
            text = (
                {"zh": "收费站及匝道", "en": "toll gate and ramp"}
                if gate
                else {"zh": "路网以外路段", "en": "way off the network"}
            )
            rests = ("toll_gate_delay_s", "ramp_delay_s") if gate else ("off_network_speed_kmh",)
            # how far it is to the road that a free point takes no other number tells
            at = [*([origin] if number == 0 else []), *([destination] if number == len(steps) - 1 else [])]
            km = m_to_km(seconds * off_speed_ms) if not gate and any(map(is_free, at)) else math.nan
            legs.append(ExplainedLeg("gate" if gate else "off_network", s_to_min(seconds), text, km, rests_on=rests))
            continue
        if stretch and get_road_key(links, stretch[-1][0]) != get_road_key(links, row):
            close()
        stretch.append((row, seconds))
    close()
    if after_s:
        legs.append(
            tell_fixed("egress", after_s, {"zh": "停车步行", "en": "park and walk to the door"}, "car_park_min")
        )
    total_s = before_s + after_s + float(ticks_to_seconds(int(path.link_ticks.sum())))
    return Explanation(
        origin.place_id,
        destination.place_id,
        "road",
        reading.value,
        session.scenario_id,
        s_to_min(total_s),
        tuple(legs),
        vehicle=streets.vehicle.value,
        speeds=streets.table.value,
        timetable=session.timetable_id,
    )


def explain_transit(
    session: Session,
    origin: Place,
    destination: Place,
    mode: Mode,
    depart_clock_s: int,
    phase: Phase | None = None,
) -> Explanation:
    """Return the best door-to-door journey by rail or bus that leaves home at a clock time.

    Where lines run by headway: in a phase, else the journey whose time is the median over the phases.

    Raises
    ------
    InputError
        When no journey leaves then.
    """
    compiled, index = session.timetable(mode)
    access, ends = _build_ends(session, origin, destination, mode)
    max_rides = session.network.assumptions.max_rides
    journey = find_journey(index, access, depart_clock_s, ends, max_rides=max_rides, phase=phase)
    if journey is None:
        raise InputError(describe_no_journey(session, origin, destination, mode))
    trips_out = compute_station_trips(session, [origin], mode)
    foot_back = compute_station_trips(session, [destination], mode, to_place=True)
    legs: list[ExplainedLeg] = []
    for leg in journey.legs:
        if leg.kind == "access":
            entry_s = int(compiled.arrays.entry_s[leg.to_stop_idx])
            foot = bool(trips_out.on_foot[0, leg.to_stop_idx])
            legs.append(tell_access(session, leg, leg.duration_s - entry_s, foot=foot, mode=mode))
            legs.append(tell_station("entry", leg.end_clock_s - entry_s, leg.end_clock_s))
        elif leg.kind == "egress":
            exit_s = int(compiled.arrays.exit_s[leg.from_stop_idx])
            foot = bool(foot_back.on_foot[0, leg.from_stop_idx])
            legs.append(tell_station("exit", leg.start_clock_s, leg.start_clock_s + exit_s))
            legs.append(tell_access(session, leg, leg.duration_s - exit_s, foot=foot, mode=mode))
        else:
            legs.append(tell_inside(session, leg, mode))
    return Explanation(
        origin.place_id,
        destination.place_id,
        mode.value,
        Reading.DOOR_TO_DOOR.value,
        session.scenario_id,
        s_to_min(journey.total_s),
        tuple(legs),
        (_tell_departure(session, depart_clock_s), *([_BY_HEADWAY] if any(x.headway_s for x in journey.legs) else [])),
        speeds=session.speeds.value,
        timetable=session.timetable_id,
    )


_BY_HEADWAY = {
    "zh": "按间隔开行的车次没有时刻：这里说的是各种可能时刻中用时居中的一次",
    "en": "services by headway have no clock times: told is the journey of median time among all that can happen",
}


def _tell_departure(session: Session, depart_clock_s: int) -> dict[str, str]:
    clock, day = format_clock(depart_clock_s), session.service_date.isoformat()
    return {"zh": f"{clock}出发，运行日{day}", "en": f"departure {clock}, service date {day}"}


def find_median_departure(session: Session, origin: Place, destination: Place, mode: Mode) -> tuple[int, Phase]:
    """Return the first departure clock of the window, and the phase, whose travel time is the median of the window.

    Raises
    ------
    InputError
        When half of the departure minutes have no journey.
    """
    from transit_model.timetable.raptor import find_median_phase, search_window, window_departures

    _, index = session.timetable(mode)
    clocks = window_departures(*session.window)
    access, ends = _build_ends(session, origin, destination, mode)
    travel_s, _ = search_window(index, access, clocks, ends, max_rides=session.network.assumptions.max_rides)
    found = find_median_phase(travel_s[:, 0], clocks)
    if found is None:
        raise InputError(describe_no_journey(session, origin, destination, mode))
    return found


def _build_ends(session: Session, origin: Place, destination: Place, mode: Mode) -> tuple[Access, Destinations]:
    """Return access and egress as `compute_transit_od` has them."""
    access, egress = prepare_ends(session, origin, destination, mode)
    return access, build_destinations([egress])
