"""How much memory a question takes, told before the work begins where the computer does not have it."""

from __future__ import annotations

import os
from typing import Final

from transit_model.domain.region import Region
from transit_model.errors import Issue
from transit_model.measure.surfaces import REGION_CELL_M
from transit_model.surface.grid import Grid, build_grid

BASE_MB: Final = 300.0
"""Python and the libraries."""
BYTES_PER_LINK: Final = 1400.0
BYTES_PER_CELL: Final = 260.0
BYTES_PER_SHAPE_POINT: Final = 260.0
"""Of one scenario: tables, street graphs, courses and their bins; measured on 203,000 nodes and 779,000 cells."""
_MB: Final = 1e6


def estimate_memory_mb(region: Region, grid: Grid, n_scenarios: int = 1) -> float:
    """Return about how many megabytes it takes to measure scenarios of a region on a grid.

    A straight sum of directed links, points of their courses and cells, by factors measured on one region: a bound to
    warn by.
    """
    links = 2 * len(region.links) - int(region.links["oneway"].sum())
    each = links * BYTES_PER_LINK + len(region.shapes) * BYTES_PER_SHAPE_POINT
    return BASE_MB + (n_scenarios * each + grid.nx * grid.ny * BYTES_PER_CELL) / _MB


def find_memory_mb() -> float | None:
    """Return the memory of the computer in megabytes, None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _MB
    except (AttributeError, ValueError, OSError):
        return None


def check_size(
    region: Region, cell_m: float = REGION_CELL_M, n_scenarios: int = 1, *, memory_mb: float | None = None
) -> list[Issue]:
    """Return ``needs_more_memory`` (warning) where a question takes more memory than there is, with what makes it fit.

    Parameters
    ----------
    region : Region
    cell_m : float
        Edge of a cell.
    n_scenarios : int
        How many are held at once.
    memory_mb : float, optional
        What there is; that of the computer when absent.
    """
    have_mb = memory_mb if memory_mb is not None else find_memory_mb()
    if have_mb is None:
        return []
    grid = build_grid(region.info.bbox, region.info.crs, cell_m)
    need_mb = estimate_memory_mb(region, grid, n_scenarios)
    if need_mb <= have_mb:
        return []
    what = f"{grid.nx * grid.ny:,} cells, {len(region.links):,} roads and {n_scenarios} scenarios"
    hint = (
        f"--cell {2 * cell_m:g} of `isochrone` makes a quarter of the cells; a smaller bbox in region.yaml, fewer "
        "classes (import roads without service roads and tracks), fewer scenarios at once, --workers 1"
    )
    message = f"about {need_mb / 1000:.1f} GB are needed for {what}, and this computer has {have_mb / 1000:.1f} GB"
    return [Issue("needs_more_memory", "warning", message, field="cell", value=f"{cell_m:g}", hint=hint)]
