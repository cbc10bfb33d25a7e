"""Walks straight across country: round the origin of a surface, and round the stops that no taxi serves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from transit_model.assumptions import Assumptions
from transit_model.surface.surface import Surface
from transit_model.surface.walk_kernels import walk_round
from transit_model.units import kmh_to_ms

F64 = npt.NDArray[np.float64]
_RIM_CELLS = 2


def walk_from(points: tuple[F64, F64, F64], most_m: float, surface: Surface, assumptions: Assumptions) -> None:
    """Add the walks round some points to a fresh surface, which is changed.

    Straight distance times ``walk_detour`` at ``walk_speed_kmh``.

    Parameters
    ----------
    points : x, y and start_s, (n,) float64 each
        In metres of the grid, and the seconds there, `inf` where nobody gets.
    most_m : float
        Longest walk.
    """
    a, grid = assumptions, surface.grid
    pace_s, rim_m = a.walk_detour / kmh_to_ms(a.walk_speed_kmh), _RIM_CELLS * grid.cell_m
    rule = (pace_s, float(most_m), float(rim_m), float(surface.off_network_speed_ms))
    walk_round(points, grid.centres(), rule, surface.time_s, surface.edge_s, surface.beyond_s)
