"""Whether files behind a studio have changed since they were read."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from transit_model.store.resources import COURSE_KINDS

LOOK_EVERY_S: Final = 1.0
"""Looking at some hundred files takes a millisecond or two: not for every position of a slider."""
Stamp = tuple[tuple[str, int, int], ...]


class Watch:
    """Watches folders: names, sizes and times of change of all that lies in them, what studios write left out.

    Parameters
    ----------
    folders : sequence of Path
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._seen = take_stamp(self._folders)
        self._looked_s = time.monotonic()
        self._changed = False

    def has_changed(self) -> bool:
        """Return whether anything differs from when it was read."""
        if not self._changed and time.monotonic() - self._looked_s >= LOOK_EVERY_S:
            self._changed = take_stamp(self._folders) != self._seen
            self._looked_s = time.monotonic()
        return self._changed

    def look(self) -> Stamp:
        """Return things as they are now, to be settled on when they have been read."""
        return take_stamp(self._folders)

    def settle(self, now: Stamp | None = None) -> bool:
        """Take things as they are now, or as they were at a look before they were read; return whether they differ."""
        before, self._seen = self._seen, self.look() if now is None else now
        self._changed = False
        return before != self._seen


def take_stamp(folders: Sequence[Path]) -> Stamp:
    """Return path, size and time of change of every table and document in folders."""
    found = []
    for folder in folders:
        for at, below, names in os.walk(folder):
            below[:] = [name for name in below if name not in ("maps", "exports", "studies") and name[:1] != "."]
            for name in names:
                if name.endswith((".yaml", ".csv", ".txt", *COURSE_KINDS)) and name[:1] != ".":
                    try:
                        stat = Path(at, name).stat()
                    except OSError:
                        continue
                    found.append((f"{at}/{name}", stat.st_size, stat.st_mtime_ns))
    return tuple(sorted(found))
