"""What ``--measure nodes`` counts: county seats with their people, and the points of a file with their numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from transit_model.batches.node_work import OPPORTUNITIES, SEAT_POPULATION, SEATS, Counted
from transit_model.domain.geo import LonLat
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.measure.session import Session, tell_snap_limit
from transit_model.region.point_table import read_point_table
from transit_model.store.notice import Notice

_PLAIN = ("id", "lon", "lat", "name")
_RESERVED = ("from", "mode", "reading", "cutoff_min", SEATS, SEAT_POPULATION, OPPORTUNITIES, "scenario", "window")


def list_counted(
    session: Session, seats: tuple[Place, ...], masses: pd.DataFrame, path: Path | None
) -> tuple[Counted, tuple[Issue, ...]]:
    """Return county seats (columns ``county_seats``, ``seat_population``) and the points of a file with its numbers.

    Parameters
    ----------
    seats, masses
        County seats of the census, and a table whose ``mass`` is their people.
    path : Path, optional
        A CSV ``id, lon, lat`` with any columns of whole numbers (people, jobs, beds): each is summed by its name,
        beside ``opportunities``, the number of points.

    Returns
    -------
    Counted, notices

    Raises
    ------
    InputError
        With all issues of the file; when there is nothing to count at all.
    """
    blocks, places, names = [], [*seats], []
    notices: list[Issue] = []
    if seats:
        names += [SEATS, SEAT_POPULATION]
        blocks.append(np.column_stack([np.ones(len(seats)), masses["mass"].to_numpy(dtype=np.float64)]))
    if path is not None:
        points, columns, notices = _read(session, path)
        places += points
        names += [OPPORTUNITIES, *columns]
        blocks.append(np.column_stack([np.ones(len(points)), *columns.values()]))
    if not places:
        hint = "give the region counties.csv, or --opportunities FILE.csv"
        raise InputError(Issue("no_census", "error", "no county seat of the region has people", hint=hint))
    weights = np.zeros((len(places), len(names)))
    row = column = 0
    for block in blocks:
        weights[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]
    return Counted(tuple(places), len(seats), weights, tuple(names)), tuple(notices)


def _read(session: Session, path: Path) -> tuple[list[Place], dict[str, np.ndarray], list[Issue]]:
    bbox = session.network.info.bbox
    columns = [c for c in read_point_table(path, with_id=True).table.columns if c not in _PLAIN]
    taken = [c for c in columns if c in _RESERVED]
    if taken:
        message = "a column of the results has this name"
        raise InputError(
            [Issue("reserved_column", "error", message, str(path), 1, c, hint="give it another name") for c in taken]
        )
    table = read_point_table(path, numbers=columns, with_id=True, bbox=bbox, outside="warning")
    broken = [
        issue
        for name in columns
        for issue in Notice(
            "not_whole", "error", str(path), name, f"{name} must be a whole number: sums are exact in any order"
        ).list_values([f"{v:g}" for v in table.numbers[name] if v != round(v)])
    ]
    if broken:
        raise InputError(broken)
    points = [
        # Ids of a file may be those of places; what is counted is another thing than who starts there.
        Place(f"opportunity:{i}", "point", i, i, LonLat(lon=float(lon), lat=float(lat)))
        for i, lon, lat in zip(table.table["id"], table.lon, table.lat, strict=True)
    ]
    notices = list(table.notices)
    far = session.find_off_network(points)
    if far:
        message = f"{len(far)} of {len(points)} points lie too far from a road and are counted nowhere"
        hint = f"the limit is {tell_snap_limit(session)}"
        notices.append(Issue("place_off_network", "warning", message, str(path), hint=hint))
    return points, table.numbers, notices
