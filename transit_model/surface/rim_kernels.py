"""Kernels of the rims of rings: which cells are within a cutoff, and the numbers a rim is drawn through."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from transit_model.store.jit import jit

F64 = npt.NDArray[np.float64]


@jit
def box_within(
    time: F64, cutoff: float, part: tuple[int, int, int, int]
) -> tuple[int, int, int, int, int]:  # pragma: no cover - compiled
    """Return the number of cells within a cutoff, and their first and last row, first and last column.

    Looked for in `part`: first and last row, first and last column, the ends excluded.
    """
    count, south, north, west, east = 0, part[1], part[0] - 1, part[3], part[2] - 1
    for row in range(part[0], part[1]):
        line = time[row, part[2] : part[3]]
        found = 0
        for k in range(line.shape[0]):  # no branches: many cells at once
            found += 1 if line[k] <= cutoff else 0
        if found == 0:
            continue
        first, last = 0, line.shape[0] - 1
        while line[first] > cutoff:
            first += 1
        while line[last] > cutoff:
            last -= 1
        count += found
        south, north = min(south, row), row
        west, east = min(west, part[2] + first), max(east, part[2] + last)
    return count, south, north, west, east


@jit
def fill_rim(
    time: F64,
    edge: F64,
    beyond: F64,
    part: tuple[int, int, int, int],
    seconds: tuple[float, float, float],
    field: F64,
    at: tuple[int, int],
) -> None:  # pragma: no cover - compiled
    """Fill `field` from row and column `at` on with F of the docstring of `isochrone`, all in seconds.

    `part` of the grid: first and last row, first and last column, the ends excluded. `seconds` are the cutoff, the
    time across one cell at which F is clipped, and the least that it stays away from 0: rounding of the distance must
    not drop a reached cell, and the rim keeps clear of the cell centres.
    """
    cutoff, span, least = seconds
    for row in range(part[0], part[1]):
        for col in range(part[2], part[3]):
            current = time[row, col]
            reached = current < math.inf
            value = max((current if reached else beyond[row, col]) - cutoff, edge[row, col])
            value = min(max(value, -span), span)
            if not reached and value <= 0.0:
                value = span
            value = min(value, -least) if current <= cutoff else max(value, least)
            field[row - part[0] + at[0], col - part[2] + at[1]] = value
