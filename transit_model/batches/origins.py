"""Where a batch starts from: groups of places, cells of a grid, or the points of a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from transit_model.domain.geo import LonLat
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.measure.session import Session
from transit_model.region.point_table import read_point_table
from transit_model.surface.grid import build_grid

SEATS, GRID, PLACES, NODES = "seats", "grid", "places", "nodes"
GRID_CELL_M = 10_000.0
GRID_MAX_CELLS = 1_000_000
"""Most cells that one batch starts from: each takes 600 bytes or so before anything is measured."""


def list_origins(text: str, sessions: Sequence[Session], grid_cell_m: float = GRID_CELL_M) -> list[Place]:
    """Return the origins that a person means.

    Parameters
    ----------
    text : str
        ``seats`` (county seats), ``places`` (all places of the region that are no stations), ``grid`` (centres of
        cells near enough to a road in any of the scenarios), ``nodes`` (all nodes of the roads
        at which one can stop, in any of the scenarios), a file ``.csv`` with the columns ``id, lon, lat`` (and
        ``name``), or a group, a place or several as for ``od``.
    sessions : sequence of Session
        One for each scenario.
    grid_cell_m : float
        Cell of ``grid`` in metres.

    Raises
    ------
    InputError
        With all issues.
    """
    session = sessions[0]
    if text.strip().lower().endswith(".csv"):
        return read_points(Path(text.strip()), session)
    if text == NODES:
        return _list_nodes(sessions)
    if text == GRID:
        return _list_cells(sessions, grid_cell_m)
    if text == SEATS:
        return session.places.list_group("county_seats")
    if text == PLACES:
        return _require([p for p in session.places.places if not p.stop_id], text)
    unique = {p.place_id: p for p in session.places.list_group(text)}
    return list(unique.values())


def _require(places: list[Place], text: str) -> list[Place]:
    """Return places, an InputError when there is none."""
    if not places:
        message = f"the region has no {text} to measure from or to"
        raise InputError(Issue("empty_group", "error", message, field="origins", value=text, hint="name other places"))
    return places


def _list_nodes(sessions: Sequence[Session]) -> list[Place]:
    found: dict[str, Place] = {}
    for session in sessions:
        roads, nodes = session.taxi_roads(), session.network.nodes
        for i, zh, en, lon, lat in zip(
            *(nodes[c] for c in ("node_id", "name_zh", "name_en", "lon", "lat")), strict=True
        ):
            if i not in found and roads.may_stop_at(str(i)):
                at = LonLat(lon=float(lon), lat=float(lat))
                found[i] = Place(str(i), "point", str(zh) or str(i), str(en) or str(i), at, road_node_id=str(i))
    return _require(list(found.values()), NODES)


def _list_cells(sessions: Sequence[Session], cell_m: float) -> list[Place]:
    info = sessions[0].network.info
    grid = build_grid(info.bbox, info.crs, cell_m)
    if grid.nx * grid.ny > GRID_MAX_CELLS:
        least_m = math.ceil(cell_m * math.sqrt(grid.nx * grid.ny / GRID_MAX_CELLS) / 10) * 10
        raise InputError(
            Issue(
                "too_many_cells",
                "error",
                f"{grid.nx} x {grid.ny} cells are more origins than the {GRID_MAX_CELLS:,} that one batch takes",
                field="grid_cell",
                value=f"{cell_m:g}",
                hint=f"use --grid-cell {least_m} or more, or --origins FILE.csv with the points you want",
            )
        )
    x, y = np.meshgrid(*grid.centres())
    lon, lat = (np.round(v, 6).ravel() for v in grid.unproject(x.ravel(), y.ravel()))
    row, column = (i.ravel() for i in np.indices(grid.shape))
    west, south, east, north = info.bbox
    cells = []
    for i in np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).tolist():
        name = f"cell-{row[i]}-{column[i]}"
        cells.append(Place(name, "point", name, name, LonLat(lon=float(lon[i]), lat=float(lat[i]))))
    lost = cells
    for session in sessions:  # a new road may bring a cell within reach
        off = session.find_off_network(lost)
        lost = [c for c in lost if c.place_id in off]
    gone = {c.place_id for c in lost}
    kept = [c for c in cells if c.place_id not in gone]
    if not kept:
        raise InputError(
            Issue(
                "empty_grid",
                "error",
                "no cell of the grid lies near a road",
                field="origins",
                value=f"{cell_m:g} m",
                hint="use a smaller --grid-cell",
            )
        )
    return kept


def read_points(path: Path, session: Session) -> list[Place]:
    """Return the points of a CSV file with the columns ``id, lon, lat`` and, if it likes, ``name``.

    Raises
    ------
    InputError
        With all issues: no such file, missing columns, ids that are empty or stand twice, coordinates that are no
        degrees or lie outside the study area; lines count from 1 with the header.
    """
    points = read_point_table(path, with_id=True, bbox=session.network.info.bbox)
    table = points.table
    names = table["name"] if "name" in table.columns else table["id"]
    return [
        Place(i, "point", name or i, name or i, LonLat(lon=float(lon), lat=float(lat)))
        for i, name, lon, lat in zip(table["id"], names, points.lon, points.lat, strict=True)
    ]
