"""Walks straight across country, part of every surface: round its place, and from where one gets out of a vehicle.

Straight distance times ``walk_detour`` at ``walk_speed_kmh``, up to ``walk_max_m`` from a place or a stop. Nodes of the
roads that one walked to serve their own cells: there several stops count together, the soonest at each departure.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.assumptions import Assumptions
from transit_model.surface.grid import Grid
from transit_model.surface.reach_cells import Extent
from transit_model.surface.surface import Surface
from transit_model.surface.walk_kernels import walk_round
from transit_model.units import kmh_to_ms

F64 = npt.NDArray[np.float64]
Points = tuple[F64, F64, F64]
"""x and y in metres of the grid, and the seconds there, `inf` where nobody gets; (n,) each."""
_RIM_CELLS = 2
_NOWHERE: Points = (np.zeros(0), np.zeros(0), np.zeros(0))


class Walks(NamedTuple):
    """The walks of a surface.

    Attributes
    ----------
    assumptions : Assumptions
    starts : Points
        The place itself, and stops.
    nodes : Points
        Nodes that one walked to.
    """

    assumptions: Assumptions
    starts: Points
    nodes: Points = _NOWHERE

    def add_to(self, surface: Surface) -> None:
        """Add the walks to a fresh surface, which is changed."""
        a, grid = self.assumptions, surface.grid
        to_corner_m = grid.cell_m * math.sqrt(0.5)
        for points, most_m in ((self.starts, a.walk_max_m), (self.nodes, to_corner_m)):
            rule = (
                a.walk_detour / kmh_to_ms(a.walk_speed_kmh),
                float(most_m),
                float(_RIM_CELLS * grid.cell_m),
                float(surface.off_network_speed_ms),
            )
            walk_round(points, grid.centres(), rule, surface.time_s, surface.edge_s, surface.beyond_s)

    def find_extent(self, limit_s: float | Extent, grid: Grid, *, is_dense: bool) -> float | Extent:
        """Return up to what time a surface is computed, and which cells besides; a limit spares work among streets.

        Where a walk ends, the time of the next cell says where a ring lies, however late it is. So the cells in and
        just beyond the walks from what is reached in time are wanted.
        """
        until_s = limit_s.limit_s if isinstance(limit_s, Extent) else limit_s
        if math.isinf(until_s) or not is_dense:
            return math.inf
        x, y, start_s = self.starts
        soon = start_s <= until_s
        near, unused = np.full(grid.shape, np.inf), np.full(grid.shape, np.inf)
        rule = (0.0, float(self.assumptions.walk_max_m + _RIM_CELLS * grid.cell_m), 0.0, 1.0)
        walk_round((x[soon], y[soon], start_s[soon]), grid.centres(), rule, near, unused, unused)
        cells = np.isfinite(near)
        return Extent(until_s, cells | limit_s.cells if isinstance(limit_s, Extent) else cells)
