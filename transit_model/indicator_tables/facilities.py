"""Nearest facility, catchments and supply per head: of the centres, or of facilities in a file of one's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from transit_model.domain.geo import LonLat
from transit_model.domain.place import Place
from transit_model.errors import Issue
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.indicators.decay import build_stepped_decay
from transit_model.indicators.floating_catchment import compute_floating_catchment
from transit_model.indicators.nearest_facility import compute_catchments, find_nearest_facilities
from transit_model.measure.od import compute_od
from transit_model.region.point_table import read_point_table
from transit_model.units import min_to_s, s_to_min

_OWN = "facility:"
"""Put before the ids of a file while times are measured, so that none is taken for a place of the region."""
STEPS_MIN, WEIGHTS = (10.0, 20.0, 30.0), (1.0, 0.68, 0.22)
"""Zones and slow-decay weights of Luo and Qi (2009), Health & Place 15(4)."""


@dataclass(frozen=True, eq=False)
class Facilities:
    """The facilities of a file.

    Attributes
    ----------
    places : list of Place
    supply : DataFrame or None
        Columns ``id``, ``supply``; None where the file has no such column.
    notices : tuple of Issue
        What does not stop the reading.
    """

    places: list[Place]
    supply: pd.DataFrame | None
    notices: tuple[Issue, ...]


def read_facilities(path: Path, bbox: tuple[float, float, float, float] | None = None) -> Facilities:
    """Return the facilities of a CSV.

    Parameters
    ----------
    path : Path
        Columns ``id, lon, lat`` and, for supply per head, ``supply`` (beds, doctors, vehicles); ``name`` if wanted.
    bbox : tuple, optional
        Study area; facilities beyond it are told.

    Raises
    ------
    InputError
        With all issues and their lines, see `read_point_table`.
    """
    points = read_point_table(path, optional=["supply"], with_id=True, bbox=bbox, outside="warning")
    ids = points.table["id"].tolist()
    names = points.table["name"].tolist() if "name" in points.table else ids
    places = [
        Place(i, "facility", name or i, name or i, LonLat(lon=float(x), lat=float(y)))
        for i, name, x, y in zip(ids, names, points.lon, points.lat, strict=True)
    ]
    supply = points.numbers.get("supply")
    return Facilities(places, None if supply is None else pd.DataFrame({"id": ids, "supply": supply}), points.notices)


def tabulate_nearest(m: Measured, facilities: list[Place] | None = None) -> pd.DataFrame:
    """Return the nearest facility of every county seat with the minutes, and the people in each catchment."""
    rows = Rows(m, "nearest", ("最近设施与服务范围", "nearest facility and catchments"), "Thiessen catchments by time")
    travel, names = _measure(m, facilities or m.centres)
    for r in find_nearest_facilities(travel).to_dict("records"):
        told = names.get(r["facility"], ("不可达", "out of reach"))
        rows.add(r["from"], "nearest", s_to_min(r["time_s"]), "min", kind=(r["mode"], r["reading"]), note=told)
    table = compute_catchments(travel, m.masses, key="id", value="mass")
    for r in table.to_dict("records"):
        kind, subject = (r["mode"], r["reading"]), f"catchment of {r['facility'] or 'none'}"
        rows.add("", "population", r["mass"], "persons", kind=kind, subject=subject)
        rows.add("", "county_seats", r["places"], "seats", kind=kind, subject=subject)
        rows.add("", "mean_time", s_to_min(r["mean_time_s"]), "min", kind=kind, subject=subject)
    return rows.table()


def tabulate_supply(m: Measured, facilities: list[Place], supply: pd.DataFrame) -> pd.DataFrame:
    """Return the supply per thousand people of every county seat where demand competes for it (E2SFCA)."""
    source = "enhanced two-step floating catchment, Luo and Qi 2009: 10, 20, 30 min with weights 1, 0.68, 0.22"
    rows = Rows(m, "supply", ("两步移动搜索法", "supply per head (E2SFCA)"), source)
    decay = build_stepped_decay([min_to_s(s) for s in STEPS_MIN], WEIGHTS)
    travel, _ = _measure(m, facilities)
    table = compute_floating_catchment(travel, m.masses, supply, decay, demand_value="mass")
    for r in table.to_dict("records"):
        rows.add(r["from"], "supply_per_1000", 1000 * r["access"], "per 1000", kind=(r["mode"], r["reading"]))
    return rows.table()


def _measure(m: Measured, facilities: list[Place]) -> tuple[pd.DataFrame, dict[str, tuple[str, str]]]:
    """Return the times from the county seats to facilities, and the names of these."""
    ends = [replace(p, place_id=_OWN + p.place_id) for p in facilities]
    table = compute_od(m.session, m.seats, ends, m.modes, m.readings, with_km=False)
    table = table.assign(to=table["to"].str.removeprefix(_OWN))
    kinds = {(mode.value, reading.value) for mode, reading in m.kinds}
    kept = table[[k in kinds for k in zip(table["mode"], table["reading"], strict=True)]]
    names = {p.place_id: (p.name_zh, p.name_en) for p in facilities}
    return kept[["from", "to", "mode", "reading", "scenario", "minutes"]].reset_index(drop=True), names
