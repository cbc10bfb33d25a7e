"""Everything that is wrong or odd about a region pack, for tests that care for the issues alone."""

from __future__ import annotations

from pathlib import Path

from transit_model.errors import Issue
from transit_model.region.pack import inspect_region


def check_region(path: Path | str, *, verify: bool = True) -> list[Issue]:
    """Return everything that is wrong or odd about a region pack."""
    return inspect_region(path, verify=verify)[1]
