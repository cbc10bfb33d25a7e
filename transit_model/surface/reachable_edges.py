"""The links within a cutoff as lines, cut where the time runs out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from transit_model import units
from transit_model.errors import InputError
from transit_model.surface.grid import Grid
from transit_model.surface.surface import EdgeTimes

if TYPE_CHECKING:
    import geopandas as gpd


def collect_reachable_edges(edges: EdgeTimes, grid: Grid, cutoff_s: float) -> gpd.GeoDataFrame:
    """Return link pieces reached within the cutoff as WGS84 lines, with columns `from_min` and `to_min`.

    A piece that is reached in part is cut where its time equals the cutoff. Pieces of no length are left out.

    Raises
    ------
    InputError
        When the cutoff is not above 0.
    """
    import geopandas as gpd

    if not cutoff_s > 0:
        raise InputError(f"a cutoff must be above 0 s, not {cutoff_s}")
    growth = edges.t1_s - edges.t0_s
    share = np.divide(cutoff_s - edges.t0_s, growth, out=np.zeros(len(edges)), where=growth != 0)
    low = np.where((edges.t0_s > cutoff_s) & (growth < 0), share, 0.0)
    high = np.where((edges.t1_s > cutoff_s) & (growth > 0), share, 1.0)
    reached = np.minimum(edges.t0_s, edges.t1_s) <= cutoff_s
    keep = reached & (high > low) & ((edges.x0 != edges.x1) | (edges.y0 != edges.y1))
    dx, dy = edges.x1 - edges.x0, edges.y1 - edges.y0
    x = np.stack([edges.x0 + low * dx, edges.x0 + high * dx], axis=1)[keep]
    y = np.stack([edges.y0 + low * dy, edges.y0 + high * dy], axis=1)[keep]
    lon, lat = grid.unproject(x, y)
    rows = {
        "from_min": units.s_to_min(1.0) * (edges.t0_s + low * growth)[keep],
        "to_min": units.s_to_min(1.0) * (edges.t0_s + high * growth)[keep],
    }
    lines = [shapely.LineString(line) for line in np.stack([lon, lat], axis=-1)]
    return gpd.GeoDataFrame(rows, geometry=lines, crs="EPSG:4326")
