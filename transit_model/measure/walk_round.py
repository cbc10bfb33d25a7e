"""Walks straight across country, part of every surface: round its place, and from where one gets out of a vehicle.

Straight distance times ``walk_detour`` at ``walk_speed_kmh``, up to ``walk_max_m`` from a place or a stop, from a stop
no longer than ``access_max_min`` as well. Nodes of the roads that one walked to serve their own cells, as far as that
walk may still go on: there several stops count together, the soonest at each departure.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.assumptions import Assumptions
from transit_model.surface.grid import Grid
from transit_model.surface.reach_cells import Extent
from transit_model.surface.segment_index import Box
from transit_model.surface.surface import Surface
from transit_model.surface.walk_kernels import walk_round
from transit_model.units import kmh_to_ms, min_to_s

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
    place : Points
        The place itself.
    stops : Points
    nodes : Points
        Nodes that one walked to.
    walked_m : (n_nodes,) float64
        Metres on foot to each of them from the nearest of their stops.
    """

    assumptions: Assumptions
    place: Points
    stops: Points = _NOWHERE
    nodes: Points = _NOWHERE
    walked_m: F64 = _NOWHERE[0]

    def add_to(self, surface: Surface) -> None:
        """Add the walks to a fresh surface, which is changed."""
        a, grid = self.assumptions, surface.grid
        rule = (
            a.walk_detour / kmh_to_ms(a.walk_speed_kmh),
            float(_RIM_CELLS * grid.cell_m),
            float(surface.off_network_speed_ms),
        )
        x, y, start_s, most_m = self._list_starts(grid.cell_m)
        walk_round((x, y, start_s, most_m), grid.centres(), rule, surface.time_s, surface.edge_s, surface.beyond_s)

    def find_extent(self, limit_s: float | Extent, grid: Grid, *, is_dense: bool) -> float | Extent:
        """Return up to what time a surface is computed, and which cells besides; a limit spares work among streets.

        Where a walk ends, the time of the next cell says where a ring lies, however late it is. So the cells in and
        just beyond the walks from what is reached in time are wanted.
        """
        until_s = limit_s.limit_s if isinstance(limit_s, Extent) else limit_s
        if math.isinf(until_s) or not is_dense:
            return math.inf
        # a node that several stops lead to may be reached in time where none of them is, at half of the departures
        x, y, start_s, most_m = self._list_starts(grid.cell_m)
        soon = start_s <= until_s
        near, unused = np.full(grid.shape, np.inf), np.full(grid.shape, np.inf)
        points = (x[soon], y[soon], start_s[soon], most_m[soon] + _RIM_CELLS * grid.cell_m)
        walk_round(points, grid.centres(), (0.0, 0.0, 1.0), near, unused, unused)
        cells = np.isfinite(near)
        return Extent(until_s, cells | limit_s.cells if isinstance(limit_s, Extent) else cells)

    def list_boxes(self, limit_s: float, cell_m: float) -> list[Box]:
        """Return boxes round all that is walked up to a limit and the cells beside: west, east, south and north end."""
        x, y, start_s, most_m = self._list_starts(cell_m)
        soon = start_s <= limit_s
        if not soon.any():
            return []
        x, y, far_m = x[soon], y[soon], most_m[soon] + _RIM_CELLS * cell_m
        west, east, south, north = (x - far_m).min(), (x + far_m).max(), (y - far_m).min(), (y + far_m).max()
        return [(float(west), float(east), float(south), float(north))]

    def _list_starts(self, cell_m: float) -> tuple[F64, F64, F64, F64]:
        """Return x, y, seconds and the longest walk in metres of all that is walked from."""
        egress_m = compute_longest_egress_m(self.assumptions)
        most_m = (
            np.full(len(self.place[0]), float(self.assumptions.walk_max_m)),
            np.full(len(self.stops[0]), egress_m),
            np.clip(egress_m - self.walked_m, 0.0, cell_m * math.sqrt(0.5)),
        )
        columns = zip(self.place, self.stops, self.nodes, strict=True)
        x, y, start_s = (np.concatenate(column) for column in columns)
        return x, y, start_s, np.concatenate(most_m)


def compute_longest_egress_m(a: Assumptions) -> float:
    """Return how far one walks straight from a stop, in metres: ``walk_max_m``, within ``access_max_min``."""
    return min(float(a.walk_max_m), min_to_s(a.access_max_min) * kmh_to_ms(a.walk_speed_kmh) / a.walk_detour)
