"""The shipped region pack, read with nothing but the standard library."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def pack(repo: Path) -> Path:
    """Folder of the shipped pack."""
    return repo / "data/hubaoewu"


@pytest.fixture(scope="session")
def rows(pack: Path) -> Callable[[str], Rows]:
    """Read a table of the pack by its path inside the pack."""

    def read(name: str) -> Rows:
        with (pack / name).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    return read
