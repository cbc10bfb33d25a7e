"""Why a journey takes its minutes: legs that add up, each with the project, assumption and source behind it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from math import floor

import numpy as np

from transit_model.domain.modes import (
    Mode,
    Reading,
    SpeedTable,
    Vehicle,
)
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue, TransitModelError
from transit_model.network.street_arrays import CompiledStreets
from transit_model.routing.journeys import Leg, find_journey
from transit_model.routing.raptor import Access, Destinations, build_destinations
from transit_model.routing.streets import find_street_path
from transit_model.study.access import compute_station_trips
from transit_model.study.explanation import ExplainedLeg, Explanation
from transit_model.study.road_times import compute_terminal_s
from transit_model.study.session import Session
from transit_model.study.trains import describe_no_journey, find_latest_departure_s, prepare_ends
from transit_model.units import S_PER_MIN, format_clock, m_to_km, min_to_s, parse_clock_s, s_to_min, ticks_to_seconds


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
    """Return one journey in words; for rail and bus door to door, at a clock time or the median departure.

    With `arrive` it is the journey of the last departure that arrives by then, by road as well.

    `best` tells the quicker of road and public transport on the door-to-door reading.

    Raises
    ------
    InputError
        When there is no journey, a clock time is none, or both `depart` and `arrive` are given.
    """
    if depart is not None and arrive is not None:
        issue = Issue("two_clocks", "error", "give a time to leave or a time to arrive", field="arrive", value=arrive)
        raise InputError(issue)
    clock_s, arrive_s = _read_clock("depart", depart), _read_clock("arrive", arrive)
    if arrive_s is not None:
        return _explain_arrival(session, origin, destination, mode, reading, arrive_s)
    if mode is Mode.ROAD:
        return explain_road(session, origin, destination, reading)
    modes = [mode] if mode is not Mode.BEST else [m for m in (Mode.RAIL, Mode.BUS) if session.has_service(m)]
    told: list[Explanation] = []
    if mode is Mode.BEST:
        with contextlib.suppress(TransitModelError):
            told.append(explain_road(session, origin, destination, Reading.DOOR_TO_DOOR))
    for one in modes:
        try:
            at_s = find_median_departure_s(session, origin, destination, one) if clock_s is None else clock_s
            told.append(explain_transit(session, origin, destination, one, at_s))
        except InputError:
            if mode is not Mode.BEST:
                raise
    if not told:
        raise InputError(describe_no_journey(session, origin, destination, mode))
    return min(told, key=lambda t: t.minutes)


def _read_clock(name: str, text: str | None) -> int | None:
    try:
        return None if text is None else parse_clock_s(text)
    except ValueError as error:
        raise InputError(Issue("bad_clock", "error", str(error), field=name, value=text, hint="HH:MM")) from error


def _explain_arrival(
    session: Session, origin: Place, destination: Place, mode: Mode, reading: Reading, arrive_s: int
) -> Explanation:
    """Return the journey of the last departure that arrives by a clock time."""
    told: list[tuple[float, Explanation]] = []
    if mode in (Mode.ROAD, Mode.BEST):
        with contextlib.suppress(TransitModelError) if mode is Mode.BEST else contextlib.nullcontext():
            drive = explain_road(session, origin, destination, reading if mode is Mode.ROAD else Reading.DOOR_TO_DOOR)
            told.append((arrive_s - min_to_s(drive.minutes), drive))
    modes = [mode] if mode in (Mode.RAIL, Mode.BUS) else [Mode.RAIL, Mode.BUS] if mode is Mode.BEST else []
    for one in modes:
        if not session.has_service(one):
            continue
        clock_s = find_latest_departure_s(session, origin, destination, one, arrive_s)
        if clock_s is not None:
            told.append((clock_s, explain_transit(session, origin, destination, one, clock_s)))
    if not told:
        raise InputError(describe_no_journey(session, origin, destination, mode))
    clock, best = max(told, key=lambda t: t[0])
    note = f"to arrive by {format_clock(arrive_s)} leave at {format_clock(floor(clock))} at the latest"
    return replace(best, notes=(note, *best.notes))


def explain_road(session: Session, origin: Place, destination: Place, reading: Reading) -> Explanation:
    """Return the quickest road between two places, one leg for each stretch of the same road.

    Raises
    ------
    InputError
        When there is no way.
    """
    streets = session.roads(reading)
    start, end = session.terminals([origin], streets), session.terminals([destination], streets)
    path = find_street_path(streets.arrays, start, end)
    if path is None:
        raise InputError(describe_no_journey(session, origin, destination, Mode.ROAD))
    links = session.network.links
    names = session.network.nodes.set_index("node_id")
    before_s, after_s = compute_terminal_s(session, reading)
    legs: list[ExplainedLeg] = []
    if before_s:
        legs.append(
            _fixed("access", before_s, {"zh": "取车出发", "en": "reach the car and drive off"}, "car_start_min")
        )
    stretch: list[tuple[int, float]] = []

    def close() -> None:
        if stretch:
            legs.append(_tell_stretch(session, stretch, names, streets))
            stretch.clear()

    for row, ticks in zip(path.link_idx.tolist(), path.link_ticks.tolist(), strict=True):
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
            legs.append(ExplainedLeg("gate" if gate else "off_network", s_to_min(seconds), text, rests_on=rests))
            continue
        if stretch and _road_key(links, stretch[-1][0]) != _road_key(links, row):
            close()
        stretch.append((row, seconds))
    close()
    if after_s:
        legs.append(_fixed("egress", after_s, {"zh": "停车步行", "en": "park and walk to the door"}, "car_park_min"))
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
    )


def explain_transit(
    session: Session, origin: Place, destination: Place, mode: Mode, depart_clock_s: int
) -> Explanation:
    """Return the best door-to-door journey by rail or bus that leaves home at a clock time.

    Raises
    ------
    InputError
        When no journey leaves then.
    """
    compiled, index = session.timetable(mode)
    access, ends = _build_ends(session, origin, destination, mode)
    journey = find_journey(index, access, depart_clock_s, ends, max_rides=session.network.assumptions.max_rides)
    if journey is None:
        raise InputError(describe_no_journey(session, origin, destination, mode))
    foot_there = compute_station_trips(session, [origin], mode)
    foot_back = compute_station_trips(session, [destination], mode, to_place=True)
    legs: list[ExplainedLeg] = []
    for leg in journey.legs:
        if leg.kind == "access":
            entry_s = int(compiled.arrays.entry_s[leg.to_stop_idx])
            foot = bool(foot_there.on_foot[0, leg.to_stop_idx])
            legs.append(_tell_access(session, leg, leg.duration_s - entry_s, foot=foot, mode=mode))
            legs.append(_station("entry", leg.end_clock_s - entry_s, leg.end_clock_s))
        elif leg.kind == "egress":
            exit_s = int(compiled.arrays.exit_s[leg.from_stop_idx])
            foot = bool(foot_back.on_foot[0, leg.from_stop_idx])
            legs.append(_station("exit", leg.start_clock_s, leg.start_clock_s + exit_s))
            legs.append(_tell_access(session, leg, leg.duration_s - exit_s, foot=foot, mode=mode))
        else:
            legs.append(_tell_inside(session, leg, mode))
    return Explanation(
        origin.place_id,
        destination.place_id,
        mode.value,
        Reading.DOOR_TO_DOOR.value,
        session.scenario_id,
        s_to_min(journey.total_s),
        tuple(legs),
        (f"departure {format_clock(depart_clock_s)}, service date {session.service_date.isoformat()}",),
        speeds=session.speeds.value,
    )


def find_median_departure_s(session: Session, origin: Place, destination: Place, mode: Mode) -> int:
    """Return the first departure minute of the window whose travel time is the median of the window.

    Raises
    ------
    InputError
        When half of the departure minutes have no journey.
    """
    from transit_model.routing.raptor import compute_window, window_departures

    _, index = session.timetable(mode)
    clocks = window_departures(*session.window)
    access, ends = _build_ends(session, origin, destination, mode)
    window = compute_window(
        index, access, clocks, ends, max_rides=session.network.assumptions.max_rides, shares=(0.5,), keep_all=True
    )
    assert window.mean_s is not None
    times = window.mean_s[0]
    middle = np.sort(times)[(len(times) - 1) // 2]
    if not np.isfinite(middle):
        raise InputError(describe_no_journey(session, origin, destination, mode))
    return int(clocks[int(np.flatnonzero(times == middle)[0])])


def _build_ends(session: Session, origin: Place, destination: Place, mode: Mode) -> tuple[Access, Destinations]:
    """Return access and egress as `compute_transit_od` has them."""
    access, egress = prepare_ends(session, origin, destination, mode)
    return access, build_destinations([egress])


def _fixed(kind: str, seconds: float, text: Mapping[str, str], assumption: str) -> ExplainedLeg:
    return ExplainedLeg(kind, s_to_min(seconds), text, rests_on=(assumption,))


def _station(kind: str, start_s: int, end_s: int) -> ExplainedLeg:
    text = (
        {"zh": "进站、安检、候车检票", "en": "station entry"}
        if kind == "entry"
        else {"zh": "出站", "en": "station exit"}
    )
    return ExplainedLeg(
        kind, s_to_min(end_s - start_s), text, depart=format_clock(start_s), arrive=format_clock(end_s),
        rests_on=(f"rail_{kind}_min / metro_{kind}_min / bus_{kind}_min",),
    )  # fmt: skip


def _stop_name(session: Session, index: int, mode: Mode) -> tuple[str, str]:
    compiled, _ = session.timetable(mode)
    stop_id = compiled.stop_ids[index]
    try:
        place = session.places.get_place(f"station:{stop_id}")
    except InputError:
        return stop_id, stop_id
    return place.name_zh, place.name_en


def _tell_access(session: Session, leg: Leg, seconds: int, *, foot: bool, mode: Mode) -> ExplainedLeg:
    to = leg.kind == "access"
    zh, en = _stop_name(session, leg.to_stop_idx if to else leg.from_stop_idx, mode)
    how = ("步行", "walk") if foot else ("出租车(含候车)", "taxi with waiting")
    text = {
        "zh": f"{how[0]}{'至' if to else '离开'}{zh}",
        "en": f"{how[1]} {'to' if to else 'from'} {en}",
    }
    by_taxi = ("taxi_wait_min", f"speed_factor_{session.speeds.value}", "taxi_alight_min")
    rests = ("walk_speed_kmh", "walk_detour") if foot else by_taxi
    start = leg.start_clock_s if to else leg.end_clock_s - seconds
    return ExplainedLeg(
        leg.kind,
        s_to_min(seconds),
        text,
        depart=format_clock(start),
        arrive=format_clock(start + seconds),
        rests_on=rests,
    )


def _tell_inside(session: Session, leg: Leg, mode: Mode) -> ExplainedLeg:
    compiled, _ = session.timetable(mode)
    from_zh, from_en = _stop_name(session, leg.from_stop_idx, mode)
    to_zh, to_en = _stop_name(session, leg.to_stop_idx, mode)
    depart, arrive = format_clock(leg.start_clock_s), format_clock(leg.end_clock_s)
    minutes = leg.duration_s / S_PER_MIN
    if leg.kind == "ride":
        trip_id = compiled.trip_ids[leg.trip_id_idx]
        trips = session.network.feed.trips
        trip = trips[trips["trip_id"] == trip_id].iloc[0]
        name = str(trip.get("trip_short_name", "") or trip_id)
        project = str(trip.get("project_id", "") or "")
        every = f" (every {leg.headway_s / S_PER_MIN:g} min)" if leg.headway_s else ""
        every_zh = f"(每{leg.headway_s / S_PER_MIN:g}分钟一班)" if leg.headway_s else ""
        text = {"zh": f"{name}次 {from_zh}→{to_zh}{every_zh}", "en": f"{name} {from_en} to {to_en}{every}"}
        return ExplainedLeg(
            "ride", minutes, text, project=project, rests_on=(f"trip {trip_id}",), depart=depart, arrive=arrive
        )
    if leg.kind == "transfer":
        text = {"zh": f"换乘 {from_zh}→{to_zh}", "en": f"transfer {from_en} to {to_en}"}
        return ExplainedLeg("transfer", minutes, text, rests_on=("transfers",), depart=depart, arrive=arrive)
    text = {"zh": f"在{from_zh}等候", "en": f"wait at {from_en}"}
    return ExplainedLeg("wait", minutes, text, depart=depart, arrive=arrive)


def _road_key(links: object, row: int) -> tuple[str, str, str]:
    at = links.iloc[row]  # type: ignore[attr-defined]
    return str(at["ref"]), str(at["name_zh"]), str(at["project_id"])


def _tell_stretch(
    session: Session, stretch: list[tuple[int, float]], names: object, streets: CompiledStreets
) -> ExplainedLeg:
    links = session.network.links
    first, last = links.iloc[stretch[0][0]], links.iloc[stretch[-1][0]]
    seconds = sum(s for _, s in stretch)
    rows = [r for r, _ in stretch]
    # A journey may begin or end in the middle of a link: its share of the time is its share of the length.
    whole_s = ticks_to_seconds(streets.link_ticks[rows])
    shares = np.minimum(np.array([s for _, s in stretch]) / whole_s, 1.0)
    km = m_to_km(float((links["length_m"].to_numpy(dtype=float)[rows] * shares).sum()))
    ref, name, project = _road_key(links, stretch[0][0])
    label = " ".join(p for p in (ref, name) if p) or str(first["highway"])
    zh = [str(names.at[n, "name_zh"]) or n for n in (first["from_node_id"], last["to_node_id"])]  # type: ignore[attr-defined]
    en = [str(names.at[n, "name_en"]) or n for n in (first["from_node_id"], last["to_node_id"])]  # type: ignore[attr-defined]
    confidence = sorted({str(links["confidence"].iat[r]) for r, _ in stretch})
    text = {"zh": f"{label}:{zh[0]}→{zh[1]}", "en": f"{ref or name or first['highway']}: {en[0]} to {en[1]}"}
    rests: tuple[str, ...] = (f"links.csv confidence {'/'.join(c for c in confidence if c)}",)
    if streets.table is not SpeedTable.FREE:
        rests = (*rests, f"speed_factor_{streets.table.value}", "junction_delay_s")
    if streets.vehicle is not Vehicle.CAR:
        rests = (*rests, f"vehicle_cap_kmh.{streets.vehicle.value}")
    return ExplainedLeg("drive", s_to_min(seconds), text, km=km, project=project, rests_on=rests)
