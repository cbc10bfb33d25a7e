"""How much memory a question takes, told before the work begins where the computer does not have it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from transit_model.domain.region import Region
from transit_model.errors import Issue
from transit_model.measure.surfaces import REGION_CELL_M
from transit_model.surface.grid import Grid, build_grid

BASE_MB: Final = 300.0
"""Python and the libraries, of each process."""
BYTES_PER_LINK: Final = 1400.0
BYTES_PER_LINK_MORE: Final = 500.0
"""Of the first scenario of a process, and of each one more: most tables are shared, street graphs are not."""
BYTES_PER_SHAPE_POINT: Final = 260.0
"""Tables of courses, courses on the grid and their bins: of one scenario, since those of others are let go."""
BYTES_PER_CELL: Final = 260.0
"""Surfaces, people and times that are kept. All measured on 203,000 nodes and 779,000 cells."""
CGROUP_FILE: Final = Path("/sys/fs/cgroup/memory.max")
_MB: Final = 1e6


def estimate_memory_mb(region: Region, grid: Grid, n_scenarios: int = 1, n_processes: int = 1) -> float:
    """Return about how many megabytes it takes to measure scenarios of a region on a grid.

    A straight sum of directed links, points of their courses and cells, by factors measured on one region: a bound to
    warn by. Each of several processes reads the region and holds its share of the scenarios.
    """
    links = 2 * len(region.links) - int(region.links["oneway"].sum())
    first = links * BYTES_PER_LINK + len(region.shapes) * BYTES_PER_SHAPE_POINT + grid.nx * grid.ny * BYTES_PER_CELL
    more = max(n_scenarios - n_processes, 0) * links * BYTES_PER_LINK_MORE
    return n_processes * BASE_MB + (n_processes * first + more) / _MB


def find_memory_mb(cgroup: Path = CGROUP_FILE) -> float | None:
    """Return the memory that this process may use in megabytes, None where the system does not tell.

    That of the computer, or of the container that it runs in where that is less.
    """
    found = []
    with suppress(AttributeError, ValueError, OSError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _MB)
    with suppress(ValueError, OSError):  # "max" is no number: no limit
        found.append(int(cgroup.read_text(encoding="ascii")) / _MB)
    return min(found, default=None)


def check_size(
    region: Region,
    cell_m: float = REGION_CELL_M,
    n_scenarios: int = 1,
    n_processes: int = 1,
    *,
    memory_mb: float | None = None,
) -> list[Issue]:
    """Return ``needs_more_memory`` (warning) where a question takes more memory than there is, with what makes it fit.

    Parameters
    ----------
    region : Region
    cell_m : float
        Edge of a cell.
    n_scenarios : int
        How many are held at once, in all processes.
    n_processes : int
        How many read the region.
    memory_mb : float, optional
        What there is; that of the computer or container when absent.
    """
    have_mb = memory_mb if memory_mb is not None else find_memory_mb()
    if have_mb is None:
        return []
    grid = build_grid(region.info.bbox, region.info.crs, cell_m)
    need_mb = estimate_memory_mb(region, grid, n_scenarios, n_processes)
    if need_mb <= have_mb:
        return []
    hints = []
    if n_processes > 1:
        alone_mb = estimate_memory_mb(region, grid, n_scenarios)
        hints.append(f"--workers 1 needs {alone_mb / 1000:.1f} GB")
    if n_scenarios > 1:
        hints.append("ask fewer scenarios at once")
    wide = build_grid(region.info.bbox, region.info.crs, 2 * cell_m)
    wide_mb = estimate_memory_mb(region, wide, n_scenarios, n_processes)
    hints.append(f"cells of {2 * cell_m:g} m need {wide_mb / 1000:.1f} GB")
    hints.append("a smaller bbox in region.yaml, or roads without service roads and tracks")
    message = (
        f"about {need_mb / 1000:.1f} GB are needed for {grid.nx * grid.ny:,} cells, {len(region.links):,} roads and "
        f"{n_scenarios} scenarios in {n_processes} processes, and there are {have_mb / 1000:.1f} GB"
    )
    hint = "; ".join(hints)
    return [Issue("needs_more_memory", "warning", message, field="cell", value=f"{cell_m:g}", hint=hint)]
