"""The legs of a journey in words: ways to stations, rides, waits and drives, each with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from transit_model.domain.modes import Mode, SpeedTable, Vehicle
from transit_model.errors import InputError
from transit_model.measure.explanation import ExplainedLeg
from transit_model.measure.session import Session
from transit_model.network.model import Network
from transit_model.network.street_arrays import CompiledStreets
from transit_model.timetable.journeys import Leg
from transit_model.units import S_PER_MIN, format_clock, m_to_km, s_to_min, ticks_to_seconds

if TYPE_CHECKING:
    import pandas as pd


def tell_fixed(kind: str, seconds: float, text: Mapping[str, str], assumption: str) -> ExplainedLeg:
    """Return a leg of fixed length that rests on one assumption."""
    return ExplainedLeg(kind, s_to_min(seconds), text, rests_on=(assumption,))


def tell_station(kind: str, start_s: int, end_s: int) -> ExplainedLeg:
    """Return the way into or out of a station."""
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
    stop_id = session.seen(mode).find_stop(compiled.stop_ids[index])
    try:
        place = session.places.get_place(f"station:{stop_id}")
    except InputError:
        return stop_id, stop_id
    return place.name_zh, place.name_en


def tell_access(session: Session, leg: Leg, seconds: int, *, foot: bool, mode: Mode) -> ExplainedLeg:
    """Return the way to the first station or from the last."""
    to = leg.kind == "access"
    zh, en = _stop_name(session, leg.to_stop_idx if to else leg.from_stop_idx, mode)
    how = ("步行", "walk") if foot else ("出租车（含候车）", "taxi with waiting")
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


def tell_bare_access(session: Session, leg: Leg, *, foot: bool, mode: Mode) -> ExplainedLeg:
    """Return the drive or walk alone to the first station or from the last, as readings between stations count it."""
    to = leg.kind == "access"
    zh, en = _stop_name(session, leg.to_stop_idx if to else leg.from_stop_idx, mode)
    how = ("步行", "walk") if foot else ("乘车（不含候车）", "drive, no wait for a taxi,")
    text = {"zh": f"{how[0]}{'至' if to else '离开'}{zh}", "en": f"{how[1]} {'to' if to else 'from'} {en}"}
    rests = ("walk_speed_kmh", "walk_detour") if foot else (f"speed_factor_{session.speeds.value}",)
    depart, arrive = format_clock(leg.start_clock_s), format_clock(leg.end_clock_s)
    minutes = s_to_min(leg.duration_s)
    return ExplainedLeg(leg.kind, minutes, text, depart=depart, arrive=arrive, rests_on=rests)


def tell_inside(session: Session, leg: Leg, mode: Mode) -> ExplainedLeg:
    """Return a ride, a transfer or a wait."""
    compiled, _ = session.timetable(mode)
    from_zh, from_en = _stop_name(session, leg.from_stop_idx, mode)
    to_zh, to_en = _stop_name(session, leg.to_stop_idx, mode)
    depart, arrive = format_clock(leg.start_clock_s), format_clock(leg.end_clock_s)
    minutes = leg.duration_s / S_PER_MIN
    if leg.kind == "ride":
        trip_id = compiled.trip_ids[leg.trip_id_idx]
        trips = session.network.feed.trips
        trip = trips[trips["trip_id"] == trip_id].iloc[0]
        project = str(trip.get("project_id", "") or "")
        name_zh, name_en = _name_service(session, trip)
        every = f" (every {leg.headway_s / S_PER_MIN:g} min)" if leg.headway_s else ""
        every_zh = f"（每{leg.headway_s / S_PER_MIN:g}分钟一班）" if leg.headway_s else ""
        text = {"zh": f"{name_zh} {from_zh}→{to_zh}{every_zh}", "en": f"{name_en} {from_en} to {to_en}{every}"}
        rests = (f"trip {trip_id}", *list_assumed(session.network, project))
        return ExplainedLeg("ride", minutes, text, project=project, rests_on=rests, depart=depart, arrive=arrive)
    if leg.kind == "transfer":
        text = {"zh": f"换乘 {from_zh}→{to_zh}", "en": f"transfer {from_en} to {to_en}"}
        return ExplainedLeg("transfer", minutes, text, rests_on=("transfers",), depart=depart, arrive=arrive)
    text = {"zh": f"在{from_zh}等候", "en": f"wait at {from_en}"}
    return ExplainedLeg("wait", minutes, text, depart=depart, arrive=arrive)


def _name_service(session: Session, trip: pd.Series[Any]) -> tuple[str, str]:
    """Return what people call a train or bus: its number, else its line in both languages."""
    number = str(trip.get("trip_short_name", "") or "")
    if number:
        return f"{number}次", number
    routes = session.network.feed.routes
    route = routes[routes["route_id"] == trip["route_id"]].iloc[0]
    names = (str(route.get("route_long_name", "") or ""), str(route.get("route_short_name", "") or ""))
    known = [n for n in names if n]
    return (names[0] or known[0], names[1] or known[0]) if known else (str(trip["trip_id"]), str(trip["trip_id"]))


def list_assumed(network: Network, project_id: str) -> tuple[str, ...]:
    """Return the fields of a project that are assumed, as ``project.field (assumed)``."""
    fields = [field for p in network.projects if p.project_id == project_id for field in p.assumed_fields]
    return tuple(f"{project_id}.{field} (assumed)" for field in fields)


def get_road_key(links: object, row: int) -> tuple[str, str, str]:
    """Return what makes two links the same road: number, name and project."""
    at = links.iloc[row]  # type: ignore[attr-defined]
    return str(at["ref"]), str(at["name_zh"]), str(at["project_id"])


def tell_stretch(
    session: Session, stretch: list[tuple[int, float]], names: object, streets: CompiledStreets
) -> ExplainedLeg:
    """Return the drive along one road; `stretch` has link rows with their seconds."""
    links = session.network.links
    first, last = links.iloc[stretch[0][0]], links.iloc[stretch[-1][0]]
    seconds = sum(s for _, s in stretch)
    rows = [r for r, _ in stretch]
    # A journey may begin or end in the middle of a link: its share of the time is its share of the length.
    whole_s = ticks_to_seconds(streets.link_ticks[rows])
    shares = np.minimum(np.array([s for _, s in stretch]) / whole_s, 1.0)
    km = m_to_km(float((links["length_m"].to_numpy(dtype=float)[rows] * shares).sum()))
    ref, name, project = get_road_key(links, stretch[0][0])
    label = " ".join(p for p in (ref, name) if p) or str(first["highway"])
    zh = [str(names.at[n, "name_zh"]) or n for n in (first["from_node_id"], last["to_node_id"])]  # type: ignore[attr-defined]
    en = [str(names.at[n, "name_en"]) or n for n in (first["from_node_id"], last["to_node_id"])]  # type: ignore[attr-defined]
    confidence = sorted({str(links["confidence"].iat[r]) for r, _ in stretch})
    text = {"zh": f"{label}：{zh[0]}→{zh[1]}", "en": f"{ref or name or first['highway']}: {en[0]} to {en[1]}"}
    rests: tuple[str, ...] = (f"links.csv confidence {'/'.join(c for c in confidence if c)}",)
    if streets.table is not SpeedTable.FREE:
        rests = (*rests, f"speed_factor_{streets.table.value}", "junction_delay_s")
    rests = (*rests, *list_assumed(session.network, project))
    if streets.vehicle is not Vehicle.CAR:
        rests = (*rests, f"vehicle_cap_kmh.{streets.vehicle.value}")
    return ExplainedLeg("drive", s_to_min(seconds), text, km=km, project=project, rests_on=rests)
