"""What a surface is made of: positions and roads that may be left, and walks; and which block of cells they reach."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from transit_model.measure.walk_round import Walks
from transit_model.surface.grid import Grid
from transit_model.surface.reach_cells import Extent, find_part
from transit_model.surface.segment_index import Part
from transit_model.surface.surface import Exits, Surface, TimedRoads, compute_surface, find_boxes
from transit_model.threads import count_threads, do_side_by_side


class SurfaceSources(NamedTuple):
    """The sources of a surface of one mode.

    Attributes
    ----------
    exits : Exits
    roads : sequence of TimedRoads
    walks : Walks
    rule : (m/s, s)
        Off-network speed and longest time.
    """

    exits: Exits
    roads: Sequence[TimedRoads]
    walks: Walks
    rule: tuple[float, float]

    def compute(self, grid: Grid, limit_s: float | Extent | Part) -> Surface:
        """Return the surface, see `compute_surface`."""
        speed_ms, max_s = self.rule
        surface = compute_surface(
            grid,
            self.exits,
            off_network_speed_ms=speed_ms,
            off_network_max_s=max_s,
            edges=self.roads,
            limit_s=limit_s,
        )
        self.walks.add_to(surface)
        return surface


def compute_block(grid: Grid, sources: Sequence[SurfaceSources], limit_s: float) -> list[Surface]:
    """Return the surfaces of some modes on the block that any of them reaches within a limit, side by side."""
    block = find_block(grid, sources, limit_s)
    jobs = [partial(one.compute, grid, block) for one in sources]
    return do_side_by_side(jobs) if count_threads() > 1 else [job() for job in jobs]


def find_block(grid: Grid, sources: Sequence[SurfaceSources], limit_s: float) -> Part | float:
    """Return the block that holds all cells reached within a limit and two cells more on each side.

    No limit (`inf`) where the block is empty, and where its cells would have other centres in their last bit than on
    the whole grid (a cell of an odd size): then the whole grid is wanted.
    """
    boxes = [box for s in sources for box in find_boxes(s.exits, s.roads, limit_s)]
    reach_m = max((speed_ms * max_s for *_, (speed_ms, max_s) in sources), default=0.0) + 2 * grid.cell_m
    walks = [box for s in sources for box in s.walks.list_boxes(limit_s, grid.cell_m)]
    parts = [find_part(grid, boxes, reach_m), find_part(grid, walks, grid.cell_m)]
    low, high, west, east = (pick(part[k] for part in parts) for k, pick in enumerate((min, max, min, max)))
    if low >= high or west >= east:
        return math.inf
    rows, columns = slice(low, high), slice(west, east)
    (x, y), (own_x, own_y) = grid.centres(), grid.cut(rows, columns).centres()
    is_same = np.array_equal(own_x, x[columns]) and np.array_equal(own_y, y[rows])
    return (low, high, west, east) if is_same else math.inf
