"""Cell times that are kept for later: a bit a cell, and a number only for cells that are reached in time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class KeptTimes:
    """Times of one surface up to a limit, exact: of a region most cells lie beyond it, and cost a bit each.

    Attributes
    ----------
    shape : (int, int)
        Rows and columns of the grid.
    reached : (n,) uint8
        Bits of the cells that have a time, row by row, eight in a byte.
    time_s : (m,) float64
        Their seconds in the same order.
    """

    shape: tuple[int, int]
    reached: npt.NDArray[np.uint8]
    time_s: F64

    def fill(self) -> F64:
        """Return the times of all cells, (ny, nx) seconds, `inf` for the others."""
        out = np.full(self.shape, math.inf)
        which = np.unpackbits(self.reached, count=out.size).view(np.bool_)
        out.ravel()[which] = self.time_s
        return out


def keep_times(time_s: F64, limit_s: float = math.inf) -> KeptTimes:
    """Keep the times (ny, nx) in seconds of the cells that are reached and no later than a limit."""
    which = (time_s <= limit_s) & (time_s < math.inf)
    return KeptTimes((time_s.shape[0], time_s.shape[1]), np.packbits(which), time_s[which])
