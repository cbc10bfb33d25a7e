"""Folders that only their owner may read and write, and whether the process that made something still runs."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def make_private(folder: Path) -> None:
    """Make a folder with rights for its owner only; one that exists stays as it is.

    Raises
    ------
    OSError
        It cannot be made.
    """
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)


def is_safe_for_code(folder: Path) -> bool:
    """Return whether code may be loaded from a folder: it is ours, and nobody else can have written there.

    Who may write to the folder that holds it could put another in its place, but not one of ours. On systems without
    owners (Windows) the rights of the user's profile decide.
    """
    if os.name != "posix":
        return True
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_MAY_WRITE


def is_gone(number: str) -> bool:
    """Return whether the process of a number is certainly not running on this machine."""
    if os.name != "posix" or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
