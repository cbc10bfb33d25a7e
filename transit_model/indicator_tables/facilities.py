"""Facilities in a file of one's own, hospitals of the region, and the times to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from transit_model.domain.geo import LonLat
from transit_model.domain.place import Place
from transit_model.errors import Issue
from transit_model.indicator_tables.rows import Measured
from transit_model.measure.od import compute_od
from transit_model.region.point_table import read_point_table

_OWN = "facility:"
"""Put before the ids of a file while times are measured, so that none is taken for a place of the region."""
THIRD_LEVEL: Final = "3"
"""三级: the highest of the three levels of Chinese hospitals (医院分级管理办法, 1989)."""


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


@dataclass(frozen=True)
class HospitalTown:
    """Hospitals of the region pack that stand at one point, since their notice tells towns and no points.

    Attributes
    ----------
    place : Place
        The place of the region there, or a point of its own; with the names of the hospitals.
    prefecture : str
        Whose ambulances stand there; empty where the pack does not tell.
    counties : frozenset of str
        Codes of the counties whose hospitals stand there.
    """

    place: Place
    prefecture: str
    counties: frozenset[str]


def list_hospital_towns(m: Measured, level: str | None = None) -> list[HospitalTown]:
    """Return where the hospitals of the table ``facilities`` stand, in its order; of one level or of all.

    Parameters
    ----------
    level : str, optional
        ``3``, ``2``, or empty for those whose level is not told.
    """
    network = m.session.network
    table = network.pack_tables.get("facilities")
    if table is None:
        return []
    chosen = table[(table["kind"] == "hospital") & (True if level is None else table["level"] == level)]
    known = {p.place_id: p for p in m.session.places.places}
    prefecture_of = dict(zip(network.counties["adcode"], network.counties["prefecture"], strict=True))
    towns = []
    for (lon, lat), group in chosen.groupby(["lon", "lat"], sort=False):
        first = group.iloc[0]
        place = known.get(str(first["place_id"]))
        counties = frozenset(c for c in group["county"] if c in prefecture_of)
        prefecture = place.prefecture if place is not None and place.prefecture else ""
        prefecture = prefecture or next((prefecture_of[c] for c in group["county"] if c in prefecture_of), "")
        title_zh = "、".join(group["name_zh"])
        if place is None:
            at = LonLat(lon=float(lon), lat=float(lat))
            place = Place(
                str(first["facility_id"]), "facility", title_zh, str(first.get("name_en", "")) or title_zh, at
            )
        title_en = place.name_en if len(group) == 1 else f"{place.name_en}: {len(group)} hospitals"
        towns.append(HospitalTown(replace(place, name_zh=title_zh, name_en=title_en), prefecture, counties))
    return towns


def measure_facilities(m: Measured, facilities: Sequence[Place]) -> tuple[pd.DataFrame, dict[str, tuple[str, str]]]:
    """Return the times from the county seats to facilities, and the names of these."""
    ends = [replace(p, place_id=_OWN + p.place_id) for p in facilities]
    table = compute_od(m.session, m.counted, ends, m.modes, m.readings, with_km=False)
    table = table.assign(to=table["to"].str.removeprefix(_OWN))
    kinds = {(mode.value, reading.value) for mode, reading in m.kinds}
    kept = table[[k in kinds for k in zip(table["mode"], table["reading"], strict=True)]]
    names = {p.place_id: (p.name_zh, p.name_en) for p in facilities}
    return kept[["from", "to", "mode", "reading", "scenario", "minutes"]].reset_index(drop=True), names
