"""The files of a train import, CSV or Excel, to columns of text with our names, whatever they are headed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from transit_model.errors import InputError, Issue
from transit_model.gtfs.train_cells import plain
from transit_model.store.archive import check_workbook
from transit_model.store.csv_table import load_csv_text
from transit_model.units import S_PER_MIN

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "train": ("train", "train_number", "train_no", "train_code", "trip_id", "车次", "列车车次"),
    "station": (
        "station",
        "station_name",
        "station_name_zh",
        "stop_name",
        "stop",
        "站名",
        "车站",
        "车站名称",
        "停靠站",
        "站点",
    ),
    "arrive": (
        "arrive",
        "arrival",
        "arrive_time",
        "arrival_time",
        "arr",
        "arr_time",
        "到时",
        "到点",
        "到达",
        "到达时间",
        "到站时间",
        "到达时刻",
    ),
    "depart": (
        "depart",
        "departure",
        "depart_time",
        "departure_time",
        "dep",
        "dep_time",
        "start_time",
        "发时",
        "开点",
        "发点",
        "出发时间",
        "发车时间",
        "开车时间",
        "发车时刻",
        "出发时刻",
        "离站时间",
    ),
    "day": ("day", "days", "day_number", "天数", "运行天数", "日期", "天", "日数", "第几天", "到达日"),
    "days_after": ("day_offset", "days_after", "跨天", "跨天数", "跨日", "跨日数"),
    "order": (
        "order",
        "stop_sequence",
        "station_no",
        "stop_no",
        "sequence",
        "seq",
        "站序",
        "站次",
        "停站序号",
        "车站序号",
        "站点序号",
        "到站序号",
        "顺序",
        "次序",
        "序号",
    ),
}
"""Column and its headings, the surest first: a table with 站序 and 序号 is put in the order of 站序.

`days_after` counts midnights passed.
"""
STATION_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "station": ("station", "station_name", "name", "name_zh", "站名", "车站"),
    "lon": ("lon", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "stop_id": ("stop_id", "id", "telecode", "电报码"),
    "datum": ("datum", "坐标系"),
}


def read_train_rows(
    path: Path, headings: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]
) -> tuple[pd.DataFrame, list[int]]:
    """Return the known columns of a table as stripped text, by our names, and the line of each row.

    Parameters
    ----------
    path : Path
        CSV, or .xlsx.
    headings : mapping
        Our name of a column to its headings, the surest first.
    needed : tuple of str
        Columns the table must have.

    Raises
    ------
    InputError
        ``missing_file``, ``missing_column``, ``empty_table``, ``missing_library``, ``unreadable_file`` and those of
        `read_csv_text` and `check_workbook`.
    """
    if not path.is_file():
        raise InputError(Issue("missing_file", "error", "no such file", file=str(path)))
    is_workbook = path.suffix.lower() == ".xlsx"
    if is_workbook:
        table, lines = _read_excel(path)
    else:
        raw = load_csv_text(path.read_bytes(), file=path.name)
        table, lines = raw.table, raw.lines.tolist()
    table = _name_columns(table, headings)
    lacking = [n for n in needed if n not in table.columns]
    if lacking:
        hint = "; ".join(f"{n}: {' or '.join(headings[n])}" for n in lacking)
        message = f"the table lacks {', '.join(lacking)}"
        raise InputError(Issue("missing_column", "error", message, path.name, 1, hint=f"headings: {hint}"))
    if not len(table):
        raise InputError(Issue("empty_table", "error", "the table has no rows", path.name))
    if is_workbook:  # of a CSV all cells are stripped text
        table = table.apply(lambda column: column.astype(str).str.strip())
    return table.reset_index(drop=True), lines


def _name_columns(table: pd.DataFrame, headings: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Return the columns that are known, by our names; of several for one the surest."""
    given: dict[str, int] = {}
    for number, heading in enumerate(table.columns):
        given.setdefault(_bare(plain(heading)), number)
    chosen = {}
    for name, aliases in headings.items():
        numbers = [given[_bare(alias)] for alias in aliases if _bare(alias) in given]
        if numbers:
            chosen[name] = table.iloc[:, numbers[0]]
    return pd.DataFrame(chosen, index=table.index)


def _bare(heading: str) -> str:
    """Return a heading without case, blanks and underscores."""
    return "".join(heading.lower().replace("_", " ").split())


def _read_excel(path: Path) -> tuple[pd.DataFrame, list[int]]:
    check_workbook(path)
    try:
        table = pd.read_excel(path, dtype=object)
    except ImportError as error:
        hint = "install openpyxl, or save the sheet as CSV (UTF-8)"
        raise InputError(Issue("missing_library", "error", "cannot read .xlsx", path.name, hint=hint)) from error
    except Exception as error:  # zip, XML and openpyxl raise their own
        hint = "save the sheet again as .xlsx or as CSV (UTF-8)"
        message = f"the workbook cannot be read: {str(error)[:120]}"
        raise InputError(Issue("unreadable_file", "error", message, path.name, hint=hint)) from error
    table = table.dropna(how="all")
    lines = [int(i) + 2 for i in table.index]
    return table.map(_cell_text), lines


def _cell_text(value: object) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, timedelta):  # hours beyond 24 in Excel
        minutes, seconds = divmod(round(value.total_seconds()), S_PER_MIN)
        return f"{minutes // S_PER_MIN:02d}:{minutes % S_PER_MIN:02d}:{seconds:02d}"
    if hasattr(value, "strftime"):
        return str(value.strftime("%H:%M:%S"))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
