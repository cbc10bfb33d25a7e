"""The roads near points as straight pieces: where a point may be left for, or come from, across country."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import F64, I64


@dataclass(frozen=True, eq=False)
class NearRoads:
    """Pairs of a point and a road that passes within a distance, and the pieces of these roads, pair after pair.

    Attributes
    ----------
    point, link_row : (k,) int64
        Number of the point, and row of ``network.links`` (the drawing direction of the road).
    length_m : (k,) float64
        Of the whole road as it is drawn.
    pair : (p,) int64
        Of each piece.
    before_m : (p,) float64
        Length of its road before the piece.
    x_m, y_m, dx_m, dy_m : (p,) float64
        Beginning of the piece as seen from the point, and its way from there to its end.
    """

    point: I64
    link_row: I64
    length_m: F64
    pair: I64
    before_m: F64
    x_m: F64
    y_m: F64
    dx_m: F64
    dy_m: F64


def cut_near_roads(
    point: I64, link_row: I64, lines: npt.NDArray[np.object_], x_m: F64, y_m: F64, max_m: float
) -> NearRoads:
    """Return the pieces of the lines of some pairs that begin or pass within `max_m` of their points.

    Parameters
    ----------
    point, link_row : (k,) int64
    lines : (k,) array of LineString
    x_m, y_m : (n_points,) float64
    """
    from shapely import get_coordinates

    at, pair = get_coordinates(lines, return_index=True)
    first = np.flatnonzero(pair[1:] == pair[:-1])
    of_pair = pair[first].astype(np.int64)
    dx, dy = (at[first + 1] - at[first]).T
    length = np.hypot(dx, dy)
    total: F64 = np.bincount(of_pair, weights=length, minlength=len(point)).astype(np.float64)
    before = np.cumsum(length) - length
    begins = np.searchsorted(of_pair, np.arange(len(point)))  # a line has a piece
    before -= before[begins][of_pair]
    x, y = at[first, 0] - x_m[point[of_pair]], at[first, 1] - y_m[point[of_pair]]
    # no farther than the ends of a piece are from its middle
    near = np.hypot(x + dx / 2, y + dy / 2) <= max_m + length / 2
    columns = (before, x, y, dx, dy)
    return NearRoads(point, link_row, total, of_pair[near], *(column[near] for column in columns))
