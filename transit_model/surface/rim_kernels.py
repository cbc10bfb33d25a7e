"""Kernels of the rims of rings: cells within a cutoff or near marked ones, and the numbers a rim is drawn through."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from transit_model.store.jit import jit

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Cells = npt.NDArray[np.bool_]


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


@jit
def mark_within(marked: Cells, widths: I64, near: Cells) -> None:  # pragma: no cover - compiled
    """Mark in `near` (ny, nx) the cells near marked ones: ``widths[k]`` columns aside in a row `k` rows away.

    First the rows to the nearest marked cell of each column, then for each row the runs of columns that these reach.
    """
    n_rows, n_columns = marked.shape
    far = widths.shape[0]
    away = np.empty((n_rows, n_columns), np.int32)
    for row in range(n_rows):
        for col in range(n_columns):
            before = away[row - 1, col] + 1 if row > 0 else far
            away[row, col] = 0 if marked[row, col] else min(before, far)
    for row in range(n_rows - 2, -1, -1):
        for col in range(n_columns):
            away[row, col] = min(away[row, col], away[row + 1, col] + 1)
    opened = np.empty(n_columns + 1, np.int32)
    for row in range(n_rows):
        opened[:] = 0
        for col in range(n_columns):
            if away[row, col] < far:
                width = widths[away[row, col]]
                opened[max(col - width, 0)] += 1
                opened[min(col + width + 1, n_columns)] -= 1
        runs = 0
        for col in range(n_columns):
            runs += opened[col]
            near[row, col] = runs > 0
