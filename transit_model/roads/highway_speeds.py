"""Speeds of roads without a sign: by class, by country, by surface, each number with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from transit_model.domain.tables import HIGHWAY_CLASSES
from transit_model.errors import InputError, Issue
from transit_model.store.csv_table import load_csv_text

ROAD, RAMP = "road", "ramp"
ZONE, SURFACE = "zone", "surface"
DEFAULT_COUNTRY = "cn"
_COUNTRIES = MappingProxyType({"cn": "highway_speeds.csv", "br": "highway_speeds_br.csv"})
_COLUMNS = ("highway", "kind", "maxspeed_kmh", "basis", "source")
_KINDS = (ROAD, RAMP, ZONE, SURFACE)


class DefaultSpeed(NamedTuple):
    """Speed taken for a class without a posted limit, with its source."""

    kmh: float
    basis: str
    source: str


@dataclass(frozen=True)
class SpeedRules:
    """Default speeds of a country.

    Attributes
    ----------
    classes : mapping
        (class, ``road`` or ``ramp``) to its default.
    zones : mapping
        Value of ``maxspeed`` that names a law, e.g. ``CN:urban``, to km/h.
    unpaved_kmh : float
        Most that is driven without a sign on an unpaved road.
    """

    classes: Mapping[tuple[str, str], DefaultSpeed]
    zones: Mapping[str, float] = field(default_factory=dict)
    unpaved_kmh: float = float("inf")

    def find_kmh(self, highway: str, kind: str = ROAD) -> float | None:
        """Return the default speed of a class in km/h, None for a class without one."""
        entry = self.classes.get((highway, kind)) or self.classes.get((highway, ROAD))
        return None if entry is None else entry.kmh


def find_default_kmh(highway: str, kind: str = ROAD) -> float | None:
    """Return the default speed of a class in China in km/h, None for a class without one."""
    return read_speed_rules().find_kmh(highway, kind)


def read_speed_rules(country: str = DEFAULT_COUNTRY) -> SpeedRules:
    """Return the speeds of a shipped country (``cn``, ``br``) or of a CSV file of the same columns.

    Raises
    ------
    InputError
        ``unknown_country``, ``missing_column``, ``bad_speed``, ``missing_class`` and those of `read_csv_text`.
    """
    if country in _COUNTRIES:
        return _read_shipped(_COUNTRIES[country])
    path = Path(country)
    if not path.is_file():
        hint = f"one of {', '.join(_COUNTRIES)}, or a CSV file with the columns {', '.join(_COLUMNS)}"
        raise InputError(Issue("unknown_country", "error", "no such speed table", None, None, "speeds", country, hint))
    return _parse(path.read_bytes(), path.name)


@cache
def _read_shipped(name: str) -> SpeedRules:
    return _parse(files("transit_model.roads").joinpath(name).read_bytes(), name)


def _parse(data: bytes, file: str) -> SpeedRules:
    raw = load_csv_text(data, file=file)
    lacking = [c for c in _COLUMNS if c not in raw.table.columns]
    if lacking:
        hint = f"expected columns: {', '.join(_COLUMNS)}"
        message = f"the speed table lacks {', '.join(lacking)}"
        raise InputError(Issue("missing_column", "error", message, file, 1, hint=hint))
    classes: dict[tuple[str, str], DefaultSpeed] = {}
    zones: dict[str, float] = {}
    unpaved = float("inf")
    issues: list[Issue] = []
    for line, row in zip(raw.lines.tolist(), raw.table.to_dict("records"), strict=True):
        kmh = _parse_kmh(row["maxspeed_kmh"])
        if kmh is None or row["kind"] not in _KINDS or not row["source"]:
            hint = f"1 to 200 km/h; kind one of {', '.join(_KINDS)}; every number needs a source"
            issues.append(Issue("bad_speed", "error", "not a usable speed", file, line, value=str(row), hint=hint))
        elif row["kind"] == ZONE:
            zones[row["highway"]] = kmh
        elif row["kind"] == SURFACE:
            unpaved = kmh
        else:
            classes[row["highway"], row["kind"]] = DefaultSpeed(kmh, row["basis"], row["source"])
    missing = [c for c in HIGHWAY_CLASSES if (c, ROAD) not in classes]
    if missing and not issues:
        issues.append(Issue("missing_class", "error", f"no speed for {', '.join(missing)}", file))
    if issues:
        raise InputError(issues)
    return SpeedRules(MappingProxyType(classes), MappingProxyType(zones), unpaved)


def _parse_kmh(text: str | None) -> float | None:
    try:
        kmh = float(text or "")
    except ValueError:
        return None
    return kmh if 1 <= kmh <= 200 else None
