"""A `Feed` to the text files of GTFS."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.region import Feed
from transit_model.gtfs.tables import FEED_TABLES, FeedTable
from transit_model.units import S_PER_HOUR, S_PER_MIN

_LONG = 1000
_ALWAYS = ("stops", "routes", "trips", "stop_times", "agency")


def write_gtfs(feed: Feed, folder: Path) -> None:
    """Write a feed as a folder of GTFS files: UTF-8, LF, rows in the order of the tables; empty tables are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, spec in FEED_TABLES.items():
        table: pd.DataFrame = getattr(feed, name)
        if len(table) or name in _ALWAYS:
            if name in ("stops", "shapes"):  # seven figures are too few for degrees
                text = table.to_csv(index=False, lineterminator="\n", float_format="%.7f")
            else:
                text = format_rows(_restore_clocks(table, spec), "%.7g")
            (folder / spec.file).write_text(text, encoding="utf-8", newline="\n")


def format_rows(table: pd.DataFrame, float_format: str) -> str:
    """Return a table as CSV with LF. Long ones of texts and whole numbers are joined by columns."""
    joined = _join_columns(table) if len(table) > _LONG else None
    return table.to_csv(index=False, lineterminator="\n", float_format=float_format) if joined is None else joined


def _join_columns(table: pd.DataFrame) -> str | None:
    """Return the rows joined in Arrow; None where a cell is missing, needs quotation marks, or is another number."""
    import pyarrow as pa
    from pyarrow import compute as pc

    columns = []
    for name in table.columns:
        column = pa.array(table[name], from_pandas=True)
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        if column.null_count or not (is_text or pa.types.is_integer(column.type)):
            return None
        columns.append(column.cast(pa.large_string()))
    rows = pc.binary_join_element_wise(*columns, pa.scalar(",", pa.large_string())).to_pylist()
    text = "\n".join([",".join(map(str, table.columns)), *rows, ""])
    commas, lines = text.count(","), text.count("\n")
    plain = commas == (len(columns) - 1) * lines and lines == len(rows) + 1 and '"' not in text and "\r" not in text
    return text if plain and len(columns) > 1 else None  # a lone empty cell would be quoted


def _restore_clocks(table: pd.DataFrame, spec: FeedTable) -> pd.DataFrame:
    restored = table.copy()
    for column, seconds in spec.clocks:
        restored[seconds] = format_clocks(restored[seconds].to_numpy(dtype=np.int64))
        restored = restored.rename(columns={seconds: column})
    # The order of the reference, then what else the feed had.
    known = [c for c in spec.schema.names() if c in restored.columns]
    return restored[[*known, *(c for c in restored.columns if c not in known)]]


def format_clocks(clock_s: npt.NDArray[np.int64]) -> pd.api.extensions.ExtensionArray:
    """Return clock times in seconds as ``HH:MM:SS``; hours may exceed 24. Each value is formatted once."""
    import pyarrow as pa

    number, values = pd.factorize(clock_s)
    texts = [f"{v // S_PER_HOUR:02d}:{v % S_PER_HOUR // S_PER_MIN:02d}:{v % S_PER_MIN:02d}" for v in values.tolist()]
    return pd.array(pa.array(texts, pa.large_string()).take(pa.array(number)), dtype="str")
