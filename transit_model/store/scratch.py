"""Temporary folders that go with their process, killed or not: the next one that makes such a folder sweeps."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from transit_model.store.private_folder import is_gone


def make_scratch(kind: str) -> Path:
    """Return a new folder among the temporary files, which is removed when this process ends.

    Raises
    ------
    OSError
        It cannot be made.
    """
    begin = f"transit-model-{kind}-"
    for left in Path(tempfile.gettempdir()).glob(f"{begin}*-*"):
        with suppress(OSError):  # of another user, perhaps
            if is_gone(left.name.removeprefix(begin).partition("-")[0]) and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{begin}{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def scratch(kind: str) -> Iterator[Path]:
    """Yield a new folder among the temporary files for as long as the block runs."""
    folder = make_scratch(kind)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
