"""Kernels that find how far each cell lies from the nearest of many points, looking only where one may be."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from transit_model.store.jit import jit, signed

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
Bool = npt.NDArray[np.bool_]


@jit
def sort_points(
    points: F64, corner: tuple[float, float], cell: float, size: tuple[int, int], start: I32, out: F64
) -> None:  # pragma: no cover - compiled
    """Put points (n, 2) in the order of their bins; those outside all bins are left out.

    ``start`` (bins + 1,) of zeros becomes the first place of each bin in `out` (n, 2). `corner` is the outer corner of
    the first bin, `size` rows and columns.
    """
    rows, columns = size
    for i in range(points.shape[0]):
        row = math.floor((points[i, 1] - corner[1]) / cell)
        col = math.floor((points[i, 0] - corner[0]) / cell)
        if 0 <= row < rows and 0 <= col < columns:
            start[row * columns + col + 1] += 1
    for k in range(rows * columns):
        start[k + 1] += start[k]
    for i in range(points.shape[0]):
        row = math.floor((points[i, 1] - corner[1]) / cell)
        col = math.floor((points[i, 0] - corner[0]) / cell)
        if 0 <= row < rows and 0 <= col < columns:
            at = start[row * columns + col]
            out[at, 0], out[at, 1] = points[i, 0], points[i, 1]
            start[row * columns + col] += 1
    for k in range(rows * columns, 0, -1):  # filling moved every start to the next
        start[k] = start[k - 1]
    start[0] = 0


@jit
def find_far(start: I32, size: tuple[int, int], far: I32) -> None:  # pragma: no cover - compiled
    """Fill `far` (rows, columns) with how many bins away, also aslant, the nearest bin with a point is."""
    rows, columns = size
    most = np.int32(rows + columns)
    for row in range(rows):
        for col in range(columns):
            place = row * columns + col
            least = np.int32(0) if start[place + 1] > start[place] else most
            for dc in range(-1, 2):
                if row > 0 and 0 <= col + dc < columns:
                    least = min(least, far[row - 1, col + dc] + np.int32(1))
            if col > 0:
                least = min(least, far[row, col - 1] + np.int32(1))
            far[row, col] = least
    for row in range(rows - 1, -1, -1):
        for col in range(columns - 1, -1, -1):
            least = far[row, col]
            for dc in range(-1, 2):
                if row + 1 < rows and 0 <= col + dc < columns:
                    least = min(least, far[row + 1, col + dc] + np.int32(1))
            if col + 1 < columns:
                least = min(least, far[row, col + 1] + np.int32(1))
            far[row, col] = least


@jit
def _look_into(
    points: F64, first: int, last: int, at: tuple[float, float], best: float
) -> float:  # pragma: no cover - compiled
    for i in range(first, last):
        dx, dy = at[0] - points[i, 0], at[1] - points[i, 1]
        best = min(best, dx * dx + dy * dy)
    return best


@jit
def gather_squares(
    points: F64,
    start: I32,
    far: I32,
    which: tuple[int, Bool],
    centres: tuple[F64, F64],
    cell: float,
    reach: float,
    squares: F64,
) -> None:  # pragma: no cover - compiled
    """Lower `squares` (ny, nx) to the square of the distance in metres to the nearest point within reach, or beyond.

    `points`, `start` and `far` of `sort_points` and `find_far`, with a margin of bins on each side that covers the
    reach; `which` are the margin and the cells that are looked at; `centres` are x of the columns and y of the rows,
    `cell` metres apart. Squares of bins one by one further away are looked through until none can hold a nearer point.
    """
    x, y = centres
    ny, nx = squares.shape
    margin, wanted = which
    rows, columns = ny + 2 * margin, nx + 2 * margin
    slack = 1e-6 * cell
    for row in range(ny):
        for col in range(nx):
            if not wanted[row, col]:
                continue
            at, best = (x[col], y[row]), squares[row, col]
            k = signed(far[row + margin, col + margin])
            while k <= margin:
                least = max((k - 0.5) * cell - slack, 0.0)
                if least > reach or least * least >= best:
                    break
                middle = row + margin
                west, east = max(col + margin - k, 0), min(col + margin + k, columns - 1)
                for r in range(max(middle - k, 0), min(middle + k, rows - 1) + 1):
                    if abs(r - middle) == k:  # bins of one row lie one after another
                        best = _look_into(points, start[r * columns + west], start[r * columns + east + 1], at, best)
                        continue
                    for c in (col + margin - k, col + margin + k):
                        if 0 <= c < columns:
                            place = r * columns + c
                            best = _look_into(points, start[place], start[place + 1], at, best)
                k += 1
            squares[row, col] = best
