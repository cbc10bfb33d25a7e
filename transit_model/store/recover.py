"""What a killed process left beside a place: put back, finished or removed.

Everything unfinished lies in one hidden folder, so that a later start knows what it finds::

    .NAME.tmp-RANDOM/   one attempt
      new               what is being written; after an exchange, what stood there before
      old               what stood there before, where the system cannot exchange two folders in one step
      journal.json      of a folder that is shared with other files (see `shared_folder`): what is to be done
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

NEW, OLD, JOURNAL = "new", "old", "journal.json"
OLDER_VERSION = "-old"
"""So ended the names of folders that version 0.1.0 had set aside when it was killed."""


def recover(left: Path, target: Path) -> None:
    """Deal with what a killed process left: put back the old, finish what was begun, remove the rest."""
    journal = read_object(left / JOURNAL)
    if not os.path.lexists(target) and left.name.endswith(OLDER_VERSION):
        os.rename(left, target)  # noqa: PTH104
        return
    if not os.path.lexists(target) and os.path.lexists(left / OLD):
        os.rename(left / OLD, target)  # noqa: PTH104
    elif "merge" in journal and (left / NEW).is_dir():
        merge(left / NEW, target, journal)
    elif "swap" in journal and target.exists() and target.stat().st_ino == journal["swap"]:
        finish_swap(left, target, set(journal["ours"]))
        return
    shutil.rmtree(left, ignore_errors=True)


def finish_swap(work: Path, place: Path, ours: set[str]) -> None:
    """Remove the folder that was replaced; what others have put there meanwhile moves over."""
    for before in (work / NEW, work / OLD):
        for name in list_files(before):
            old, now = before / name, place / name
            if name in ours or _is_newer(now, old):
                continue
            now.parent.mkdir(parents=True, exist_ok=True)
            os.replace(old, now)  # noqa: PTH105
    shutil.rmtree(work, ignore_errors=True)


def merge(new: Path, place: Path, todo: dict[str, Any]) -> None:
    """Move files one by one; what was moved before is no longer there."""
    place.mkdir(parents=True, exist_ok=True)
    names = [name for name in todo["merge"] if (new / name).is_file()]
    if any(name != todo["manifest"] for name in names):
        (place / todo["manifest"]).unlink(missing_ok=True)
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        if name == todo["manifest"]:
            for gone in todo["stale"]:
                (place / gone).unlink(missing_ok=True)
        os.replace(new / name, place / name)  # noqa: PTH105


def list_files(folder: Path, *, folders: bool = False) -> list[str]:
    """Return all files and links in a folder, with `folders` also the folders, those that hold them first."""
    found: list[str] = []

    def fail(error: OSError) -> None:
        raise error

    for at, inside, names in os.walk(folder, onerror=fail if folder.is_dir() else None):
        linked = [n for n in inside if (Path(at) / n).is_symlink()]
        shown = [*names, *(inside if folders else linked)]
        found += [(Path(at) / n).relative_to(folder).as_posix() for n in shown]
    return found


def _is_newer(now: Path, old: Path) -> bool:
    """Return whether what stands in the new folder is to stay: the same file, or one that was written later."""
    return os.path.lexists(now) and now.lstat().st_mtime_ns >= old.lstat().st_mtime_ns


def read_object(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file; an empty one where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
