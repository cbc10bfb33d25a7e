"""A user's CSV of points (people, facilities, origins): every mistake at once, with file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.errors import InputError, Issue, Severity, has_errors
from transit_model.store.csv_text import StringTable, read_csv_text
from transit_model.store.notice import MAX_LISTED, Notice

F64 = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class PointTable:
    """Points of a file.

    Attributes
    ----------
    table : DataFrame
        All columns as stripped text, "" for empty.
    lon, lat : (n,) float64, degrees, WGS84
    numbers : dict of str to (n,) float64
        The columns of numbers that the file has, each finite and 0 or more.
    notices : tuple of Issue
        What does not stop the reading: another encoding, points outside the study area.
    """

    table: pd.DataFrame
    lon: F64
    lat: F64
    numbers: dict[str, F64]
    notices: tuple[Issue, ...]


def read_point_table(
    path: Path,
    *,
    numbers: Sequence[str] = (),
    optional: Sequence[str] = (),
    with_id: bool = False,
    bbox: Box | None = None,
    outside: Severity = "error",
) -> PointTable:
    """Read a CSV with ``lon``, ``lat`` and other columns.

    Parameters
    ----------
    numbers, optional : sequence of str
        Columns of numbers of 0 or more that must be there, or may be.
    with_id : bool
        There must be a column ``id``, filled and unique.
    bbox : tuple, optional
        west_lon, south_lat, east_lon, north_lat of the study area; points beyond it are an issue of the severity
        `outside`, exchanged coordinates always an error.

    Raises
    ------
    InputError
        With all issues: no such file, no text, no row, columns that lack, ids empty or twice, numbers that are none.
    """
    file = str(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(Issue("file_not_found", "error", "no such file", file=file)) from error
    except OSError as error:
        raise InputError(Issue("cannot_read", "error", error.strerror or "cannot be read", file=file)) from error
    raw, issues = read_csv_text(data, file=file)
    wanted = ["id"] if with_id else []
    wanted += ["lon", "lat", *numbers]
    hint = f"columns: {','.join((*wanted, *optional))}"
    if raw is None or has_errors(issues):
        raise InputError([replace(i, hint=i.hint or hint) for i in issues])
    lacking = [c for c in wanted if c not in raw.table.columns]
    issues += [Issue("missing_column", "error", f"the table lacks {c}", file, 1, c, hint=hint) for c in lacking]
    if not lacking and not len(raw.table):
        issues.append(Issue("empty_table", "error", "the table has no row", file, hint=hint))
    if has_errors(issues):
        raise InputError(issues)
    lon, lat = (_to_number(raw.table[c]) for c in ("lon", "lat"))
    values = {c: _to_number(raw.table[c]) for c in (*numbers, *optional) if c in raw.table.columns}
    issues += _check_ids(raw, file) if with_id else []
    issues += _check_coordinates(raw, lon, lat, file, bbox, outside)
    for name, column in values.items():
        notice = Notice("bad_value", "error", file, name, f"{name} must be a number of 0 or more")
        issues += notice.list_rows(~(np.isfinite(column) & (column >= 0)), raw)
    if has_errors(issues):
        raise InputError(issues)
    return PointTable(raw.table, lon, lat, values, tuple(issues))


def _to_number(texts: pd.Series[str]) -> F64:
    return np.asarray(pd.to_numeric(texts, errors="coerce"), dtype=np.float64)


def _check_ids(raw: StringTable, file: str) -> list[Issue]:
    ids = raw.table["id"]
    empty, twice = (ids == "").to_numpy(), (ids.duplicated() & (ids != "")).to_numpy()
    return [
        *Notice("empty_id", "error", file, "id", "a point needs an id").list_rows(empty, raw),
        *Notice("duplicate_id", "error", file, "id", "the id stands twice").list_rows(twice, raw),
    ]


def _check_coordinates(
    raw: StringTable, lon: F64, lat: F64, file: str, bbox: Box | None, outside: Severity
) -> list[Issue]:
    degrees = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)  # False for NaN
    swapped = beyond = np.zeros(len(lon), dtype=bool)
    hint = ""
    if bbox is not None:
        west, south, east, north = bbox
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        swapped = ~inside & (lat >= west) & (lat <= east) & (lon >= south) & (lon <= north)
        beyond = degrees & ~inside & ~swapped
        hint = f"the study area is lon {west:g} to {east:g}, lat {south:g} to {north:g}"
    kinds: list[tuple[npt.NDArray[np.bool_], str, Severity, str, str]] = [
        (~degrees & ~swapped, "bad_coordinate", "error", "lon and lat must be degrees", ""),
        (swapped, "outside_study_area", "error", "the point is not in the region", _SWAPPED),
        (beyond, "outside_study_area", outside, "the point is not in the region", hint),
    ]
    issues = []
    for wrong, code, severity, message, advice in kinds:
        rows = np.flatnonzero(wrong)
        for count, row in enumerate(rows[:MAX_LISTED].tolist()):
            more = len(rows) - MAX_LISTED
            tail = f" (and {more} more)" if more > 0 and count == MAX_LISTED - 1 else ""
            value = f"{raw.table['lon'].iloc[row]},{raw.table['lat'].iloc[row]}"
            issues.append(Issue(code, severity, message + tail, file, int(raw.lines[row]), "lon", value, advice))
    return sorted(issues, key=lambda issue: issue.line or 0)


_SWAPPED = "longitude first: these look swapped"
