"""The walk round the origin of a surface: who rides no vehicle gets as far as ``walk_max_m`` on foot."""

from __future__ import annotations

import numpy as np

from transit_model.assumptions import Assumptions
from transit_model.domain.place import Place
from transit_model.surface.surface import Surface
from transit_model.units import kmh_to_ms


def walk_from(place: Place, surface: Surface, assumptions: Assumptions) -> None:
    """Add the walk round the origin to a fresh surface, which is changed.

    Straight distance times ``walk_detour`` at ``walk_speed_kmh``.
    """
    a, grid = assumptions, surface.grid
    x, y = grid.centres()
    place_x, place_y = grid.project([place.at.lon], [place.at.lat])
    reach_m = a.walk_max_m + 3 * grid.cell_m
    rows = slice(*np.searchsorted(y, [place_y[0] - reach_m, place_y[0] + reach_m]).tolist())
    columns = slice(*np.searchsorted(x, [place_x[0] - reach_m, place_x[0] + reach_m]).tolist())
    far_m = np.hypot(x[None, columns] - place_x[0], y[rows, None] - place_y[0])
    walk_s = far_m * a.walk_detour / kmh_to_ms(a.walk_speed_kmh)
    time_s, edge_s, beyond_s = surface.time_s, surface.edge_s, surface.beyond_s
    at = (rows, columns)
    time_s[at] = np.where(far_m <= a.walk_max_m, np.minimum(time_s[at], walk_s), time_s[at])
    edge_s[at] = np.minimum(edge_s[at], (far_m - a.walk_max_m) / surface.off_network_speed_ms)
    near = far_m <= a.walk_max_m + 2 * grid.cell_m
    beyond_s[at] = np.minimum(beyond_s[at], np.where(near, walk_s, np.inf))
