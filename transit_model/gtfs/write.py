"""A `Feed` to the text files of GTFS."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.region import Feed
from transit_model.gtfs.tables import FEED_TABLES, FeedTable
from transit_model.units import S_PER_HOUR, S_PER_MIN

_ALWAYS = ("stops", "routes", "trips", "stop_times", "agency")


def write_gtfs(feed: Feed, folder: Path) -> None:
    """Write a feed as a folder of GTFS files: UTF-8, LF, rows in the order of the tables; empty tables are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, spec in FEED_TABLES.items():
        table: pd.DataFrame = getattr(feed, name)
        if len(table) or name in _ALWAYS:
            text = _restore_clocks(table, spec).to_csv(index=False, lineterminator="\n", float_format="%.7g")
            if name in ("stops", "shapes"):  # seven figures are too few for degrees
                text = table.to_csv(index=False, lineterminator="\n", float_format="%.7f")
            (folder / spec.file).write_text(text, encoding="utf-8", newline="\n")


def _restore_clocks(table: pd.DataFrame, spec: FeedTable) -> pd.DataFrame:
    restored = table.copy()
    for column, seconds in spec.clocks:
        restored[seconds] = format_clocks(restored[seconds].to_numpy(dtype=np.int64))
        restored = restored.rename(columns={seconds: column})
    # The order of the reference, then what else the feed had.
    known = [c for c in spec.schema.names() if c in restored.columns]
    return restored[[*known, *(c for c in restored.columns if c not in known)]]


def format_clocks(clock_s: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Return clock times in seconds as ``HH:MM:SS``; hours may exceed 24. Each value is formatted once."""
    values, number = np.unique(clock_s, return_inverse=True)
    texts = [f"{v // S_PER_HOUR:02d}:{v % S_PER_HOUR // S_PER_MIN:02d}:{v % S_PER_MIN:02d}" for v in values.tolist()]
    return np.array(texts, dtype=object)[number]
