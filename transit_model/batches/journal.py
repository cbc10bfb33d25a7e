"""The journal of finished parts: one line each, added and flushed to the disk as soon as the file stands."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from transit_model.batches.part import SUFFIX, Part
from transit_model.store.write import put_bytes


@dataclass(frozen=True)
class Entry:
    """A finished part: its task, rows, bytes and SHA-256."""

    task_id: str
    rows: int
    size: int
    sha256: str

    @classmethod
    def of(cls, part: Part) -> Entry:
        """Return the entry of a part."""
        return cls(part.task_id, part.rows, len(part.data), part.sha256)

    @classmethod
    def parse(cls, row: Any) -> Entry | None:  # noqa: ANN401 - whatever JSON holds
        """Return the entry of a JSON object, None when it is none."""
        kinds = {"task_id": str, "rows": int, "size": int, "sha256": str}
        if not isinstance(row, dict) or any(not isinstance(row.get(k), kind) for k, kind in kinds.items()):
            return None
        return cls(**{name: row[name] for name in kinds})

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as plain values."""
        return asdict(self)

    def path(self, folder: Path) -> Path:
        """Return the file of the part."""
        return folder / f"{self.task_id}{SUFFIX}"


class Journal:
    """A file of lines that survives a kill: an unfinished last line is no entry."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Entry]:
        """Return the entries; what cannot be read is left out, so that its part is measured again."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                entry = Entry.parse(json.loads(line))
            except ValueError:
                continue
            if entry is not None:
                found.append(entry)
        return found

    def start(self, entries: list[Entry]) -> None:
        """Write the journal anew with the entries that were found whole: no torn line stays in its middle."""
        put_bytes(self.path, "".join(_line(entry) for entry in entries).encode())

    def add(self, entry: Entry) -> None:
        """Append one entry and flush it to the disk."""
        with self.path.open("ab") as file:
            file.write(_line(entry).encode())
            file.flush()
            os.fsync(file.fileno())


def _line(entry: Entry) -> str:
    return json.dumps(entry.as_dict(), ensure_ascii=False) + "\n"
