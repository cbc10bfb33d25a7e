"""Nearest facility, catchments and supply per head: of the centres, or of facilities in a file of one's own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from transit_model.domain.geo import LonLat
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.indicators.decay import build_stepped_decay
from transit_model.indicators.floating_catchment import compute_floating_catchment
from transit_model.indicators.nearest_facility import compute_catchments, find_nearest_facilities
from transit_model.study.indicator_tables.rows import Measured, Rows
from transit_model.study.od import compute_od
from transit_model.units import min_to_s, s_to_min

STEPS_MIN, WEIGHTS = (10.0, 20.0, 30.0), (1.0, 0.68, 0.22)
"""Zones and slow-decay weights of Luo and Qi (2009), Health & Place 15(4)."""


def read_facilities(path: Path) -> tuple[list[Place], pd.DataFrame]:
    """Return the facilities of a CSV as places, and their supply (columns ``id``, ``supply``).

    Parameters
    ----------
    path : Path
        Columns ``id, lon, lat`` and, for supply per head, ``supply`` (beds, doctors, vehicles); ``name`` if wanted.

    Raises
    ------
    InputError
        With all issues: columns that lack, ids that stand twice, numbers that are none.
    """
    try:
        table = pd.read_csv(path, dtype={"id": str, "name": str})
    except (OSError, ValueError) as error:
        hint = "a CSV in UTF-8: id,lon,lat,supply"
        raise InputError(Issue("bad_table", "error", str(error), file=str(path), hint=hint)) from error
    lacking = [c for c in ("id", "lon", "lat") if c not in table]
    if lacking:
        what = f"the table of facilities lacks {', '.join(lacking)}"
        raise InputError(Issue("missing_column", "error", what, file=str(path), hint="columns: id,lon,lat,supply"))
    supply = table["supply"] if "supply" in table else pd.Series(0.0, index=table.index)
    numbers = pd.DataFrame({"lon": table["lon"], "lat": table["lat"], "supply": supply})
    numbers = numbers.apply(pd.to_numeric, errors="coerce")
    wrong = numbers.isna().any(axis=1) | (numbers["lon"].abs() > 180) | (numbers["lat"].abs() > 90)
    wrong |= (numbers["supply"] < 0) | table["id"].isna() | table["id"].duplicated()
    issues = [
        Issue("bad_facility", "error", "an id twice or empty, or a number that is none", file=str(path), line=i + 2)
        for i in wrong.to_numpy().nonzero()[0].tolist()
    ]
    if issues or table.empty:
        raise InputError(issues or Issue("no_facility", "error", "the table of facilities is empty", file=str(path)))
    names = table["name"].fillna(table["id"]) if "name" in table else table["id"]
    at = [LonLat(lon=float(x), lat=float(y)) for x, y in zip(numbers["lon"], numbers["lat"], strict=True)]
    rows = zip(table["id"].astype(str), names.astype(str), at, strict=True)
    places = [Place(i, "facility", n, n, p) for i, n, p in rows]
    return places, pd.DataFrame({"id": table["id"].astype(str), "supply": numbers["supply"]})


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
    table = compute_od(m.session, m.seats, facilities, m.modes, m.readings, with_km=False)
    kinds = {(mode.value, reading.value) for mode, reading in m.kinds}
    kept = table[[k in kinds for k in zip(table["mode"], table["reading"], strict=True)]]
    names = {p.place_id: (p.name_zh, p.name_en) for p in facilities}
    return kept[["from", "to", "mode", "reading", "scenario", "minutes"]].reset_index(drop=True), names
