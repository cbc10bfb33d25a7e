"""What ``--measure nodes`` counts: county seats with their people, and the points of a file with their numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from transit_model.batches.node_work import OPPORTUNITIES, SEAT_POPULATION, SEATS, CountedPlaces
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.measure.opportunities import read_layer, read_points
from transit_model.measure.session import Session

_RESERVED = ("from", "mode", "reading", "cutoff_min", SEATS, SEAT_POPULATION, OPPORTUNITIES, "scenario", "window")


def list_counted(
    session: Session, seats: tuple[Place, ...], masses: pd.DataFrame, what: str
) -> tuple[CountedPlaces, tuple[Issue, ...]]:
    """Return county seats (columns ``county_seats``, ``seat_population``) and the points of a file with its numbers.

    Parameters
    ----------
    seats, masses
        County seats of the census, and a table whose ``mass`` is their people.
    what : str
        A layer of the pack by its name, or a CSV ``id, lon, lat`` with any columns of whole numbers (people, jobs,
        beds): each is summed by its name, beside ``opportunities``, the number of points. Empty for none.

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
    if what:
        points, columns, notices = _read(session, what)
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
    return CountedPlaces(tuple(places), len(seats), weights, tuple(names)), tuple(notices)


def _read(session: Session, what: str) -> tuple[list[Place], dict[str, np.ndarray], list[Issue]]:
    if what.lower().endswith(".csv") or Path(what).is_file():
        return read_points(session, Path(what), reserved=_RESERVED, whole=True)
    layer = read_layer(session, what)
    if (layer.weights != np.round(layer.weights)).any():
        message = f"{layer.name} must be a whole number: sums are exact in any order"
        raise InputError(Issue("not_whole", "error", message, layer.source, field=layer.name))
    if layer.name in _RESERVED:
        message, hint = "a column of the results has this name", "give it another name"
        raise InputError(Issue("reserved_column", "error", message, layer.source, field=layer.name, hint=hint))
    return list(layer.points), {layer.name: layer.weights}, list(layer.notices)
