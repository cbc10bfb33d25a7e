"""What lies under the maps of a region, for display only: nothing here is ever measured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from transit_model.domain.schema import Column, TableSchema

SHIELD_KINDS = ("national_expressway", "provincial_expressway", "national_highway", "provincial_highway")

_NUMBERS = (
    (re.compile(r"G(\d{1,2}|\d{4})"), "national_expressway"),
    (re.compile(r"S\d{1,2}"), "provincial_expressway"),
    (re.compile(r"G\d{3}"), "national_highway"),
    (re.compile(r"S\d{3}"), "provincial_highway"),
)

_LON = Column("lon", "float", "degree", low=-180, high=180, meaning="WGS84 longitude")
_LAT = Column("lat", "float", "degree", low=-90, high=90, meaning="WGS84 latitude")

NEIGHBOURS = TableSchema(
    "neighbours",
    (Column("name_zh"), Column("name_en"), _LON, _LAT, Column("importance", "int", low=1, high=9)),
    key=("name_zh",),
    meaning="cities beyond the region, the most important with importance 1",
)
SHIELDS = TableSchema(
    "shields",
    (Column("ref"), _LON, _LAT, Column("kind", values=SHIELD_KINDS)),
    meaning="where the number of a road is shown",
)
RAIL_SHAPES = TableSchema(
    "rail_shapes",
    (Column("from_stop_id"), Column("to_stop_id"), Column("seq", "int", low=0), _LON, _LAT),
    key=("from_stop_id", "to_stop_id", "seq"),
    meaning="course of a railway between two neighbouring stations; from_stop_id comes first in the alphabet",
)


def classify_road_number(ref: str) -> str | None:
    """Return the shield kind of a Chinese road number, None for anything else.

    GB/T 917: three digits are a national or provincial highway, one, two or four an expressway.
    """
    return next((kind for pattern, kind in _NUMBERS if pattern.fullmatch(ref)), None)


@dataclass(frozen=True)
class Relief:
    """A picture of the relief: transparent where the ground is flat or lit, grey in the shade.

    Attributes
    ----------
    png : bytes
        Rows even in Web Mercator (EPSG:3857), as web maps lay pictures out.
    bounds : tuple
        west_lon, south_lat, east_lon, north_lat of its edges, WGS84.
    """

    png: bytes
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Ground:
    """The folder ``ground`` of a region pack; any part may be missing.

    Attributes
    ----------
    rivers, lakes, borders : mapping or None
        GeoJSON FeatureCollections: rivers with name_zh, name_en, rank (1 the main river); lakes with name_zh, name_en,
        shore_year; borders with between_zh, between_en.
    neighbours, shields, rail_shapes : DataFrame
        As `NEIGHBOURS`, `SHIELDS`, `RAIL_SHAPES`.
    """

    rivers: Mapping[str, Any] | None = None
    lakes: Mapping[str, Any] | None = None
    borders: Mapping[str, Any] | None = None
    neighbours: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=NEIGHBOURS.names()))
    shields: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SHIELDS.names()))
    rail_shapes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=RAIL_SHAPES.names()))
    relief: Relief | None = None

    def list_rail_courses(self) -> dict[tuple[str, str], list[tuple[float, float]]]:
        """Return the points (lon, lat) of each course by its two stations, the first in the alphabet first."""
        out: dict[tuple[str, str], list[tuple[float, float]]] = {}
        table = self.rail_shapes.sort_values(["from_stop_id", "to_stop_id", "seq"])
        for a, b, lon, lat in zip(*(table[c] for c in ("from_stop_id", "to_stop_id", "lon", "lat")), strict=True):
            out.setdefault((str(a), str(b)), []).append((float(lon), float(lat)))
        return out
