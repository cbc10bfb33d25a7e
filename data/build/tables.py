"""Plain tables in and out: read the fact tables, write the pack's CSV files and its manifest.

Everything the builder writes goes through :func:`write_table`, so that the bytes depend on nothing but the
rows: UTF-8, LF, the columns in the given order, no timestamps.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = dict[str, str]


def read_table(path: Path) -> list[Row]:
    """Read a CSV file into a list of rows of strings; empty cells stay empty strings."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [dict(row) for row in csv.DictReader(handle)]


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as CSV with exactly ``columns``.

    Raises
    ------
    ValueError
        When a row has a column that is not listed, or lacks one that is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            if set(row) != set(columns):
                raise ValueError(f"{path.name}: row has {sorted(row)}, wanted {sorted(columns)}")
            writer.writerow([row[column] for column in columns])


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8 with LF ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def write_json(path: Path, value: object) -> None:
    """Write JSON with sorted keys, Chinese left readable, and one newline at the end."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def write_manifest(folder: Path, region: str, built_by: str) -> None:
    """Write ``manifest.json``: SHA-256, row count and confidence counts of every other file of the pack."""
    files: dict[str, object] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json"):
        entry: dict[str, object] = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        if path.suffix in {".csv", ".txt"}:
            rows = read_table(path)
            entry["rows"] = len(rows)
            if rows and "confidence" in rows[0]:
                entry["confidence"] = {
                    grade: sum(row["confidence"] == grade for row in rows) for grade in ("high", "medium", "low")
                }
        files[path.relative_to(folder).as_posix()] = entry
    write_json(folder / "manifest.json", {"schema": 1, "region": region, "built_by": built_by, "files": files})
