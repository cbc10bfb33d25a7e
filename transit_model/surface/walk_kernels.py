"""The walk round points of a surface, straight across country."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from transit_model.store.jit import jit

F64 = npt.NDArray[np.float64]


@jit
def walk_round(
    points: tuple[F64, F64, F64, F64],
    centres: tuple[F64, F64],
    rule: tuple[float, float, float],
    time_s: F64,
    edge_s: F64,
    beyond_s: F64,
) -> None:  # pragma: no cover - compiled
    """Add the walks round some points to the three fields of a surface, which are changed.

    Parameters
    ----------
    points : x, y in metres, seconds there, and the longest walk in metres, (n,) each
    centres : (nx,), (ny,) float64, metres, ascending
    rule : seconds per metre on foot, metres beyond the longest walk for the rim, off-network speed in m/s
    """
    pace_s, rim_m, speed_ms = rule
    x, y = centres
    cell_m = x[1] - x[0] if len(x) > 1 else 0.0
    for i in range(len(points[0])):
        at_x, at_y, start_s, most_m = points[0][i], points[1][i], points[2][i], points[3][i]
        if not math.isfinite(start_s):
            continue
        far_m = most_m + rim_m + cell_m
        columns = np.searchsorted(x, at_x - far_m), np.searchsorted(x, at_x + far_m)
        for row in range(np.searchsorted(y, at_y - far_m), np.searchsorted(y, at_y + far_m)):
            for column in range(columns[0], columns[1]):
                walk_m = math.hypot(x[column] - at_x, y[row] - at_y)
                there_s = start_s + walk_m * pace_s
                if walk_m <= most_m:
                    time_s[row, column] = min(time_s[row, column], there_s)
                edge_s[row, column] = min(edge_s[row, column], (walk_m - most_m) / speed_ms)
                if walk_m <= most_m + rim_m:
                    beyond_s[row, column] = min(beyond_s[row, column], there_s)
