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


def walk_from(x: F64, y: F64, start_s: F64, surface: Surface, assumptions: Assumptions) -> None:
    """Add the walks round some points to a fresh surface, which is changed.

    Straight distance times ``walk_detour`` at ``walk_speed_kmh``, up to ``walk_max_m``.

    Parameters
    ----------
    x, y : (n,) float64
        In metres of the grid.
    start_s : (n,) float64
        Seconds there, `inf` where nobody gets.
    """
    a, grid = assumptions, surface.grid
    rule = (
        a.walk_detour / kmh_to_ms(a.walk_speed_kmh),
        float(a.walk_max_m),
        float(_RIM_CELLS * grid.cell_m),
        float(surface.off_network_speed_ms),
    )
    walk_round((x, y, start_s), grid.centres(), rule, surface.time_s, surface.edge_s, surface.beyond_s)
