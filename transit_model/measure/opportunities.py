"""Opportunities (jobs, schools, hospitals, sights): layers of weighted points, by name from the pack or from a CSV.

A pack holds its layers in one table, ``opportunities.csv``, with the columns ``layer, id, name_zh, name_en, lon, lat,
place_id, weight``. A row lies at ``lon, lat`` or at the place of ``place_id``; without a weight it counts 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.geo import LonLat
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.measure.session import Session
from transit_model.measure.snap_words import name_snap_limit
from transit_model.near_names import hint_near
from transit_model.network.model import Network
from transit_model.region.point_table import read_point_table
from transit_model.store.notice import Notice
from transit_model.surface.grid import Grid
from transit_model.surface.population import build_points, sum_on_grid

F64 = npt.NDArray[np.float64]
TABLE: Final = "opportunities"
"""Name of the table of a pack."""
FILE: Final = f"{TABLE}.csv"
WEIGHT: Final = "weight"
PREFIX: Final = "opportunity:"
"""Put before ids, which may be those of places: what is counted is another thing than who starts there."""
_PLAIN: Final = ("id", "lon", "lat", "name")


@dataclass(frozen=True, eq=False)
class Layer:
    """Points that are counted.

    Attributes
    ----------
    name : str
        Also the unit of what is counted: jobs, beds.
    points : tuple of Place
        Ids begin with `PREFIX`.
    weights : (n,) float64
        0 or more.
    source : str
        Where it comes from.
    notices : tuple of Issue
        What does not stop the reading.
    """

    name: str
    points: tuple[Place, ...]
    weights: F64
    source: str
    notices: tuple[Issue, ...] = ()

    def place_on(self, grid: Grid) -> F64:
        """Return the weights by cell of a grid, (ny, nx)."""
        at = [p.at for p in self.points]
        table = pd.DataFrame({"lon": [p.lon for p in at], "lat": [p.lat for p in at], "population": self.weights})
        return sum_on_grid(build_points(table, grid), grid).population

    @property
    def masses(self) -> pd.DataFrame:
        """Columns ``id``, ``mass``."""
        table = pd.DataFrame({"id": [p.place_id for p in self.points], "mass": self.weights})
        return table.astype({"id": "str", "mass": "float64"})


def list_layers(network: Network) -> list[str]:
    """Return the names of the layers of the pack, in the order of its table."""
    table = network.pack_tables.get(TABLE)
    return [] if table is None or "layer" not in table.columns else [str(n) for n in dict.fromkeys(table["layer"]) if n]


def read_layer(session: Session, text: str) -> Layer:
    """Return the layer of ``NAME`` (of the pack), ``FILE.csv`` or ``FILE.csv:COLUMN``.

    Of a file the column ``weight`` counts, or its one column of numbers; a file without any counts its points.

    Raises
    ------
    InputError
        ``unknown_layer`` with the near names; ``which_column``; all issues of the table or the file.
    """
    head, _, column = text.partition(".csv:")
    if column or text.lower().endswith(".csv"):
        return _read_file_layer(session, Path(f"{head}.csv" if column else text), column)
    known = list_layers(session.network)
    if text not in known:
        absent = f"the pack has no {FILE}; name a FILE.csv of id, lon, lat and a column of numbers"
        hint = hint_near(text, known, f"layers: {', '.join(known)}; or name a FILE.csv") if known else absent
        message = f"no layer of opportunities called {text!r}"
        raise InputError(Issue("unknown_layer", "error", message, field=TABLE, value=text, hint=hint))
    return _read_pack_layer(session, text)


def read_points(
    session: Session, path: Path, *, reserved: Sequence[str] = (), whole: bool = False
) -> tuple[list[Place], dict[str, F64], list[Issue]]:
    """Return the points of a CSV ``id, lon, lat``, every further column as numbers, and what to tell.

    Parameters
    ----------
    reserved : sequence of str
        Names that no column may have.
    whole : bool
        Numbers must be whole, so that sums are exact in any order.

    Raises
    ------
    InputError
        With all issues and their lines.
    """
    bbox = session.network.info.bbox
    columns = [c for c in read_point_table(path, with_id=True).table.columns if c not in _PLAIN]
    taken = [c for c in columns if c in reserved]
    if taken:
        message = "a column of the results has this name"
        raise InputError(
            [Issue("reserved_column", "error", message, str(path), 1, c, hint="give it another name") for c in taken]
        )
    table = read_point_table(path, numbers=columns, with_id=True, bbox=bbox, outside="warning")
    broken = [
        issue
        for name in (columns if whole else ())
        for issue in Notice(
            "not_whole", "error", str(path), name, f"{name} must be a whole number: sums are exact in any order"
        ).list_values([f"{v:g}" for v in table.numbers[name] if v != round(v)])
    ]
    if broken:
        raise InputError(broken)
    names = table.table["name"] if "name" in table.table else table.table["id"]
    points = [
        Place(f"{PREFIX}{i}", "point", name or i, name or i, LonLat(lon=float(lon), lat=float(lat)))
        for i, name, lon, lat in zip(table.table["id"], names, table.lon, table.lat, strict=True)
    ]
    return points, table.numbers, [*table.notices, *_tell_far(session, points, str(path))]


def _tell_far(session: Session, points: Sequence[Place], file: str) -> list[Issue]:
    far = session.find_off_network(points)
    if not far:
        return []
    limit = name_snap_limit(session.snap_limit_m, session.network.assumptions)
    message = f"{len(far)} of {len(points)} points lie too far from a road and are counted nowhere"
    return [
        Issue(
            "place_off_network",
            "warning",
            message,
            file,
            hint=f"the limit is {limit}",
        )
    ]


def _read_file_layer(session: Session, path: Path, column: str) -> Layer:
    points, numbers, notices = read_points(session, path)
    chosen = column or (WEIGHT if WEIGHT in numbers else next(iter(numbers), "") if len(numbers) == 1 else "")
    if (column and column not in numbers) or (not chosen and numbers):
        message = f"the file has no column {column}" if column else "the file has several columns of numbers"
        hint = f"name one: {', '.join(f'{path.name}:{n}' for n in numbers)}" if numbers else "leave the column out"
        raise InputError(Issue("which_column", "error", message, str(path), 1, column or None, hint=hint))
    name = chosen if chosen and chosen != WEIGHT else path.stem
    weights = numbers[chosen] if chosen else np.ones(len(points))
    return Layer(name, tuple(points), weights, path.name, tuple(notices))


def _read_pack_layer(session: Session, name: str) -> Layer:
    table = session.network.pack_tables[TABLE]
    lines = table.index.to_numpy() + 2
    rows = table[table["layer"] == name]
    lines = lines[(table["layer"] == name).to_numpy()]
    places = {p.place_id: p for p in session.places.places}
    points, weights, issues = [], [], []
    for line, row in zip(lines.tolist(), rows.to_dict("records"), strict=True):
        place = places.get(_text(row, "place_id"))
        lon, lat, weight = (_number(row, c) for c in ("lon", "lat", WEIGHT))
        if _text(row, "place_id") and place is None:
            hint = hint_near(_text(row, "place_id"), places, "`transit-model data list places` lists all")
            value = _text(row, "place_id")
            issues.append(Issue("unknown_place", "error", "no such place", FILE, line, "place_id", value, hint))
            continue
        if place is None and not (abs(lon) <= 180 and abs(lat) <= 90):
            message = "a row needs lon and lat in degrees, or a place_id"
            issues.append(Issue("bad_coordinate", "error", message, FILE, line, "lon"))
            continue
        if not _text(row, WEIGHT):
            weight = 1.0
        if not (np.isfinite(weight) and weight >= 0):
            message = f"{WEIGHT} must be a number of 0 or more"
            issues.append(Issue("bad_value", "error", message, FILE, line, WEIGHT, _text(row, WEIGHT)))
            continue
        at = place.at if place is not None else LonLat(lon=lon, lat=lat)
        thing = _text(row, "id") or (place.place_id if place is not None else f"{name}-{line}")
        zh, en = _text(row, "name_zh") or thing, _text(row, "name_en") or thing
        node = place.road_node_id if place is not None else ""
        # a place of the region keeps its join with the roads
        kind = place.kind if place is not None else "point"
        points.append(Place(f"{PREFIX}{thing}", kind, zh, en, at, road_node_id=node))
        weights.append(weight)
    ids = [p.place_id for p in points]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    issues += [
        Issue("duplicate_id", "error", "the id stands twice", FILE, None, "id", i.removeprefix(PREFIX)) for i in twice
    ]
    if issues:
        raise InputError(issues)
    return Layer(name, tuple(points), np.array(weights), FILE, tuple(_tell_far(session, points, FILE)))


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None or value is pd.NA or isinstance(value, float) else str(value).strip()


def _number(row: Mapping[str, object], name: str) -> float:
    try:
        return float(_text(row, name))
    except ValueError:
        return float("nan")
