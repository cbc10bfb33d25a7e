"""The tidy OD table: one row for each pair, mode and reading of a scenario."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import PARTS, DeparturePolicy, Mode, Reading, Vehicle
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.domain.tables import OD_COLUMNS
from transit_model.errors import InputError, Issue
from transit_model.measure.pair_ways import PairWays
from transit_model.measure.place_joins import is_free
from transit_model.measure.road_times import (
    compute_road_km,
    compute_road_od_s,
    compute_road_off_s,
    compute_terminal_s,
)
from transit_model.measure.session import Session
from transit_model.measure.snap_words import name_snap_limit
from transit_model.measure.transit_times import TransitTime, compute_transit_od
from transit_model.network.street_arrays import CompiledStreets
from transit_model.units import kmh_to_ms, m_to_km, s_to_min

ALL_COLUMNS = (*OD_COLUMNS, "via", "note")


def compute_od(
    session: Session,
    origins: Sequence[Place],
    destinations: Sequence[Place],
    modes: Sequence[Mode],
    readings: Sequence[Reading],
    *,
    with_km: bool = True,
    policy: DeparturePolicy = DeparturePolicy.SPONTANEOUS,
) -> pd.DataFrame:
    """Return travel times in minutes between places.

    Parameters
    ----------
    session : Session
    origins, destinations : sequence of Place
    modes : sequence of Mode
        `best` is the least of road and transit on the same reading; its ``via`` names the mode.
    readings : sequence of Reading
    with_km : bool
        Also trace the road of each road row for its length (slower).
    policy : DeparturePolicy
        Of the door-to-door traveller by timetable: leaves at any minute, or knows the timetable.

    Returns
    -------
    DataFrame
        Columns ``from, to, mode, reading, scenario, minutes, p10, p90, km, via, note``; `minutes` is inf when
        unreachable, `p10` and `p90` are NaN where the reading has no distribution, `km` is NaN off the road.
    """
    if not origins or not destinations:
        raise InputError(Issue("empty_group", "error", "an OD table needs at least one origin and one destination"))
    parts = sorted({p for m in modes for p in PARTS[m]}, key=list(PARTS).index)
    ways = {p: PairWays(session, origins, destinations, p) for p in parts if p is not Mode.ROAD}
    cells = {
        (part, reading): compute_transit_od(session, origins, destinations, part, reading, policy, ways[part])
        if part in ways
        else _measure_road(session, origins, destinations, reading, with_km=with_km)
        for part in parts
        for reading in readings
    }
    km_of = _measure_km(session, origins, destinations, readings) if with_km and Mode.ROAD in parts else {}
    rows = []
    for i, origin in enumerate(origins):
        for j, destination in enumerate(destinations):
            for mode in modes:
                for reading in readings:
                    part, cell = min(
                        ((p, cells[p, reading][i][j]) for p in PARTS[mode]),
                        key=lambda c: c[1].p50_s,  # of equals the first: the road
                    )
                    km = math.nan
                    if part is Mode.ROAD and reading in km_of and math.isfinite(cell.p50_s):
                        km = round(float(km_of[reading][i, j]), 3)
                    via = cell.via if mode is not Mode.BEST else f"{part.value}: {cell.via}".rstrip(": ")
                    rows.append(
                        (
                            origin.place_id,
                            destination.place_id,
                            mode.value,
                            reading.value,
                            session.scenario_id,
                            s_to_min(cell.p50_s),
                            s_to_min(cell.p10_s),
                            s_to_min(cell.p90_s),
                            km,
                            via,
                            cell.note,
                        )
                    )
    return pd.DataFrame(rows, columns=list(ALL_COLUMNS))


def _measure_km(
    session: Session, origins: Sequence[Place], destinations: Sequence[Place], readings: Sequence[Reading]
) -> dict[Reading, npt.NDArray[np.float64]]:
    """Return the lengths of the roads on each reading; readings that drive on the same graph take the same roads."""
    km_on: dict[CompiledStreets, npt.NDArray[np.float64]] = {}
    for reading in readings:
        roads = session.roads(reading)
        if roads not in km_on:
            km_on[roads] = compute_road_km(session, origins, destinations, reading)
    return {reading: km_on[session.roads(reading)] for reading in readings}


def _measure_road(
    session: Session, origins: Sequence[Place], destinations: Sequence[Place], reading: Reading, *, with_km: bool
) -> list[list[TransitTime]]:
    seconds = compute_road_od_s(session, origins, destinations, reading, with_km=with_km)
    off = session.find_off_network([*origins, *destinations])
    beside = session.measure_off_network([*origins, *destinations])
    speed_ms = kmh_to_ms(session.network.assumptions.off_network_speed_kmh)
    free = {p.place_id for p in (*origins, *destinations) if is_free(p)}
    # which road a free point takes hangs on where it is bound: it is told where ways are traced
    ways_s = compute_road_off_s(session, origins, destinations, reading) if free and with_km else None
    at_ends_s = sum(compute_terminal_s(session, reading))

    def note(i: int, j: int, time_s: float) -> str:
        origin, destination = origins[i], destinations[j]
        ends = () if origin.place_id == destination.place_id else (origin.place_id, destination.place_id)
        if np.isfinite(time_s):
            # a way across country of a minute or more is told, since no road has it
            told_s = (0.0, 0.0) if ways_s is None else (ways_s[0][i, j], ways_s[1][i, j])
            if abs(time_s - at_ends_s - told_s[0]) < 1e-3:  # all of the way is across country: told once
                told_s = (told_s[0], 0.0) if origin.place_id in free else (0.0, told_s[1])
            spent_s = [
                float(way_s) if p in free else beside.get(p, 0.0) / speed_ms
                for p, way_s in zip(ends, told_s, strict=False)
            ]
            far = {p: s for p, s in zip(ends, spent_s, strict=True) if s_to_min(s) >= 1}
            texts = (f"{p}: {m_to_km(s * speed_ms):.1f} km and {s_to_min(s):.0f} min" for p, s in far.items())
            return f"off the network {'; '.join(texts)}" if far else ""
        lost = [p for p in ends if p in off]
        limit = f", the limit is {name_snap_limit(session.snap_limit_m, session.network.assumptions)}"
        return "; ".join(f"{p} lies {m_to_km(off[p]):.0f} km from the nearest road{limit}" for p in lost) or "no road"

    return [
        [TransitTime(float(s), note=note(i, j, float(s))) for j, s in enumerate(row)] for i, row in enumerate(seconds)
    ]


def od_records(
    od: pd.DataFrame, session: Session | None = None, policy: DeparturePolicy = DeparturePolicy.SPONTANEOUS
) -> list[dict[str, object]]:
    """Return OD rows for JSON and CSV: minutes rounded to 0.01, None when unreachable or not known.

    With a session each row also tells its ``timetable`` beside the scenario, the ``vehicle`` and ``speeds`` of its
    roads (of the taxi where one rides) and the ``policy`` of the traveller; None where a row has none of it.
    """
    records = []
    for row in od.to_dict("records"):
        record: dict[str, object] = {}
        for name, value in row.items():
            if isinstance(value, float):
                record[str(name)] = round(value, 2) if math.isfinite(value) else None
            else:
                record[str(name)] = value
            if name == "scenario" and session is not None:
                record["timetable"] = session.timetable_id
        record["reachable"] = record["minutes"] is not None
        if session is not None:
            record.update(_tell_options(session, Mode(str(row["mode"])), Reading(str(row["reading"])), policy))
        records.append(record)
    return records


def _tell_options(session: Session, mode: Mode, reading: Reading, policy: DeparturePolicy) -> dict[str, object]:
    whole = READING_RULES[reading].door_to_door
    by_road = mode in (Mode.ROAD, Mode.BEST)
    return {
        "vehicle": session.vehicle.value if by_road else Vehicle.CAR.value if whole else None,
        "speeds": session.speed_table(reading).value if by_road or whole else None,
        "policy": policy.value if whole and mode is not Mode.ROAD else None,
    }
