"""Which points lie nearest to others: all distances where the points are few, a KD-tree where they are many.

A timetable of a region has some dozens of stations: comparing them all takes less time than loading the tree's library.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

FEW: Final = 200_000
"""Up to so many pairs all distances are computed."""

F64 = npt.NDArray[np.float64]


def find_nearest(points: F64, candidates: F64) -> npt.NDArray[np.int64]:
    """Return for each of (n, 3) points in space the row of the nearest of (m, 3) candidates; m must not be 0."""
    if len(points) * len(candidates) <= FEW:
        return np.asarray(_square_distances(points, candidates).argmin(axis=1), dtype=np.int64)
    from scipy.spatial import cKDTree

    _, rows = cKDTree(candidates).query(points)
    return np.asarray(rows, dtype=np.int64)


def list_pairs_within(points: F64, reach: float) -> npt.NDArray[np.int64]:
    """Return the pairs of (n, 3) points in space not further apart than `reach`, (k, 2) with the lower row first."""
    if len(points) ** 2 <= FEW:
        near = np.triu(_square_distances(points, points) <= reach * reach, k=1)
        return np.argwhere(near)
    from scipy.spatial import cKDTree

    return np.asarray(cKDTree(points).query_pairs(reach, output_type="ndarray"), dtype=np.int64)


def _square_distances(points: F64, others: F64) -> F64:
    distances: F64 = np.square(points[:, None, :] - others[None, :, :]).sum(axis=2)
    return distances
