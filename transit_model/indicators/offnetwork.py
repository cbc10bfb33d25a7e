"""Kernels of the off-network leg: the least time from positions and link pieces to every cell, exactly.

A link piece is a straight segment along which the time grows linearly. From a point at distance ``h`` beside the
segment, ``a`` along it, the time of leaving at ``s`` is ``f(s) = t0 + g s + sqrt((s - a)^2 + h^2) / v``. It is
convex, so its minimum over the positions that may be used is the free minimum ``s* = a - h k / sqrt(1 - k^2)``,
``k = g v``, clipped to them (for ``|k| >= 1`` the nearer-in-time end). No sampling along links is needed.

Two ways lead to the same numbers, to the bit, in any order of the pieces, since both take the minimum of one function
over all pieces that matter: `spread` goes from each piece to the cells round it, good for a corridor network; `gather`
goes from each cell to the pieces round it, nearest bins first, and skips bins that cannot be sooner or nearer, good for
a dense street network.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., object])


def _jit(function: Function) -> Function:
    return cast("Function", njit(cache=True, nogil=True)(function))


def describe_pieces(x0: F64, y0: F64, x1: F64, y1: F64, t0: F64, t1: F64, *, speed: float) -> F64:
    """Return what the kernels need of straight pieces, (n, 8).

    Columns: x0, y0, unit vector ux, uy, length in metres, t0 in seconds, growth in seconds a metre, and the lean
    ``k / sqrt(1 - k^2)`` of the way off the piece (`inf` with the sign of k for ``|k| >= 1``). A position has length 0.
    """
    length = np.hypot(x1 - x0, y1 - y0)
    some = length > 0
    over = np.where(some, length, 1.0)
    ux, uy = np.where(some, (x1 - x0) / over, 1.0), (y1 - y0) / over
    slope = np.where(some, (t1 - t0) / over, 0.0)
    k = slope * speed
    steep = np.abs(k) >= 1
    lean = np.where(steep, np.copysign(np.inf, k), k / np.sqrt(np.where(steep, 1.0, 1 - k * k)))
    return np.column_stack([x0, y0, ux, uy, length, t0, slope, lean])


@_jit
def row_span(
    x0: float, y0: float, ux: float, uy: float, length: float, y: float, radius: float
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Return the part of the line at height `y` within `radius` of a segment as low and high x (empty: low > high)."""
    low, high = math.inf, -math.inf
    for end in range(2):
        cx, cy = x0 + end * length * ux, y0 + end * length * uy
        rest = radius * radius - (y - cy) * (y - cy)
        if rest >= 0.0:
            half = math.sqrt(rest)
            low, high = min(low, cx - half), max(high, cx + half)
    # between the two end discs: 0 <= along <= length and |across| <= radius, both linear in x
    left, right = -math.inf, math.inf
    along = (y - y0) * uy
    if ux != 0.0:
        first, last = (0.0 - along) / ux, (length - along) / ux
        left, right = min(first, last), max(first, last)
    elif along < 0.0 or along > length:
        return low, high
    across = (y - y0) * ux
    if uy != 0.0:
        first, last = (across - radius) / uy, (across + radius) / uy
        left, right = max(left, min(first, last)), min(right, max(first, last))
    elif abs(across) > radius:
        return low, high
    if left <= right:
        low, high = min(low, x0 + left), max(high, x0 + right)
    return low, high


@_jit
def leave_piece(
    piece: F64, px: float, py: float, pace: float, radius: float
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Return the distance in metres to a piece (see `describe_pieces`) and the least time of leaving it, seconds.

    Within `radius` of the piece only places within `radius` count; beyond it all do. `pace` is seconds a metre.
    """
    x0, y0, ux, uy, length, t0, slope, lean = piece
    qx, qy = px - x0, py - y0
    a, h = qx * ux + qy * uy, abs(qy * ux - qx * uy)
    foot = min(max(a, 0.0), length)
    distance = h if foot == a else math.sqrt(h * h + (foot - a) * (foot - a))
    # a steep piece (lean of inf) is left at its sooner end
    steep_s = 0.0 if lean > 0.0 else length
    s = min(max(a - h * lean, 0.0), length) if abs(lean) < math.inf else steep_s
    leg = distance if s == foot else math.sqrt(h * h + (s - a) * (s - a))
    if distance <= radius < leg:
        # the best place to leave is too far, the foot is not: leave as near the best as the cap allows
        half = math.sqrt(max(radius * radius - h * h, 0.0))
        s = max(s, min(a - half, foot)) if s < foot else min(s, max(a + half, foot))
        leg = math.sqrt(h * h + (s - a) * (s - a))
    return distance, t0 + slope * s + leg * pace


@_jit
def spread(
    pieces: F64,
    zone_of_piece: I32,
    origin: tuple[float, float],
    rule: tuple[float, float, float],
    zone: I32,
    time: F64,
    near: F64,
    beyond: F64,
) -> None:  # pragma: no cover - compiled
    """Fill `time`, `near` and `beyond`, (ny, nx) of `inf` before, piece by piece.

    `time` in seconds counts positions within the radius only; `near` is the distance in metres to the nearest
    position, up to two cells beyond the radius; `beyond` in seconds is the time from positions out there. `pieces`
    are those of `describe_pieces`; `rule` is cell, speed, radius; `origin` the centre of the first cell. With a
    zone array (ny, nx) a piece serves only cells of its own zone; an array of shape (ny, 0) means no zones.
    """
    ny, nx = time.shape
    cell, speed, radius = rule
    reach, pace = radius + 2.0 * cell, 1.0 / speed
    for i in range(pieces.shape[0]):
        x0, y0, ux, uy, length, _, _, _ = pieces[i]
        low_row = max(0, math.ceil((min(y0, y0 + length * uy) - reach - origin[1]) / cell) - 1)
        high_row = min(ny - 1, math.floor((max(y0, y0 + length * uy) + reach - origin[1]) / cell) + 1)
        for row in range(low_row, high_row + 1):
            py = origin[1] + row * cell
            left, right = row_span(x0, y0, ux, uy, length, py, reach)
            if left > right:
                continue
            # one cell more on each side: rounding of the span must not lose a cell that `gather` finds
            low_col = max(0, math.ceil((left - origin[0]) / cell) - 1)
            high_col = min(nx - 1, math.floor((right - origin[0]) / cell) + 1)
            for col in range(low_col, high_col + 1):
                if zone.shape[1] > 0 and zone[row, col] != zone_of_piece[i]:
                    continue
                distance, value = leave_piece(pieces[i], origin[0] + col * cell, py, pace, radius)
                if distance > reach:
                    continue
                near[row, col] = min(near[row, col], distance)
                if distance <= radius:
                    time[row, col] = min(time[row, col], value)
                else:
                    beyond[row, col] = min(beyond[row, col], value)


@_jit
def fill_bins(
    pieces: F64,
    corner: tuple[float, float],
    cell: float,
    shape: tuple[int, int],
    start: I64,
    items: I32,
    soonest: F64,
) -> int:  # pragma: no cover - compiled
    """Put pieces into the bins they pass; return the number of entries.

    Called twice: with empty `items` it counts into ``start[bin + 1]``, then it fills `items`, moves `start` on, and
    lowers `soonest` of each bin. A piece is cut in parts of at most one cell; each part is entered where its middle
    lies, so it is within half a cell of that bin, with the least time on it.
    """
    ny, nx = shape
    total = 0
    for i in range(pieces.shape[0]):
        x0, y0, ux, uy, length, t0, slope, _ = pieces[i]
        parts = max(1, math.ceil(length / cell))
        for part in range(parts):
            middle = (part + 0.5) / parts
            column = math.floor((x0 + middle * length * ux - corner[0]) / cell + 0.5)
            row = math.floor((y0 + middle * length * uy - corner[1]) / cell + 0.5)
            if not (0 <= row < ny and 0 <= column < nx):
                continue
            place = row * nx + column
            total += 1
            if items.shape[0] == 0:
                start[place + 1] += 1
            else:
                items[start[place]] = i
                start[place] += 1
                least = t0 + slope * length * (part if slope > 0.0 else part + 1) / parts
                soonest[place] = min(soonest[place], least)
    return total


@_jit
def bound_rings(
    windows: I64, window_s: F64, ring: int, cell: float, slack: float, pace: float
) -> float:  # pragma: no cover - compiled
    """Return a time in seconds that no piece in this ring of bins or in a farther one can beat."""
    bound, since = math.inf, ring
    for k in range(windows.shape[0]):
        if since <= windows[k]:
            way = max(since - 1, 0) * cell - slack
            bound = min(bound, window_s[k] + way * pace)
            since = windows[k] + 1
    return bound


@_jit
def gather(
    pieces: F64,
    zone_of_piece: I32,
    start: I64,
    soonest: F64,
    first_ring: I32,
    windows: I64,
    window_s: F64,
    part: tuple[int, int, int, int],
    limit_s: float,
    origin: tuple[float, float],
    rule: tuple[float, float, float],
    zone: I32,
    time: F64,
    near: F64,
    beyond: F64,
) -> None:  # pragma: no cover - compiled
    """Fill `time`, `near` and `beyond` as `spread` does, cell by cell; `beyond` only where nothing is within reach.

    The pieces stand in the order of their bins, ``start[bin]:start[bin + 1]``; `soonest` is `inf` in an empty bin. The
    bins are the cells of `part` (first and last row, first and last column, the ends excluded) with a margin of
    ``windows[-1]`` more on each side; `first_ring` is the nearest ring with a piece. ``window_s[k]`` is the least
    `soonest` within ``windows[k]`` rings: when no ring left can be sooner or nearer, the cell is done, and a cell with
    nothing within `limit_s` is left out.
    """
    low_row, high_row, low_col, high_col = part
    margin = windows[-1]
    width = high_col - low_col + 2 * margin
    cell, speed, radius = rule
    reach, pace = radius + 2.0 * cell, 1.0 / speed
    slack = 1e-6 * cell + 1e-9 * reach  # bounds are rounded: look once more rather than miss a piece
    for row in range(low_row, high_row):
        for col in range(low_col, high_col):
            y, x = row - low_row, col - low_col
            if window_s[-1, y, x] > limit_s:
                continue
            px, py = origin[0] + col * cell, origin[1] + row * cell
            best, nearest, late = math.inf, math.inf, math.inf
            for ring in range(first_ring[y, x], margin + 1):
                is_near = nearest <= (ring - 1) * cell - slack
                if is_near and best <= bound_rings(windows, window_s[:, y, x], ring, cell, slack, pace):
                    break
                for down in range(-ring, ring + 1):
                    step = 1 if abs(down) == ring else 2 * ring
                    for right in range(-ring, ring + 1, step):
                        place = (y + margin + down) * width + x + margin + right
                        side, rise = max(abs(right) - 1, 0), max(abs(down) - 1, 0)
                        if soonest[place] == math.inf:
                            continue
                        least = math.sqrt(float(side * side + rise * rise)) * cell - slack
                        if least > reach or (nearest <= least and best <= soonest[place] + least * pace):
                            continue
                        for i in range(start[place], start[place + 1]):
                            if zone.shape[1] > 0 and zone[row, col] != zone_of_piece[i]:
                                continue
                            distance, value = leave_piece(pieces[i], px, py, pace, radius)
                            nearest = min(nearest, distance)
                            best = min(best, value if distance <= radius else math.inf)
                            late = min(late, value if radius < distance <= reach else math.inf)
            time[row, col] = best
            near[row, col] = nearest if nearest <= reach else math.inf
            if best == math.inf:
                beyond[row, col] = late


@_jit
def box_within(
    time: F64, cutoff: float, part: tuple[int, int, int, int]
) -> tuple[int, int, int, int, int]:  # pragma: no cover - compiled
    """Return the number of cells within a cutoff, and their first and last row, first and last column.

    Looked for in `part`: first and last row, first and last column, the ends excluded.
    """
    count, south, north, west, east = 0, part[1], part[0] - 1, part[3], part[2] - 1
    for row in range(part[0], part[1]):
        found, first, last = 0, -1, -1
        for col in range(part[2], part[3]):
            if time[row, col] <= cutoff:
                if found == 0:
                    first = col
                last = col
                found += 1
        if found > 0:
            count += found
            south, north = min(south, row), row
            west, east = min(west, first), max(east, last)
    return count, south, north, west, east


@_jit
def fill_rim(
    time: F64, edge: F64, beyond: F64, cutoff: float, span: float, least: float, field: F64
) -> None:  # pragma: no cover - compiled
    """Fill `field` with F of the docstring of `isochrone`, all in seconds.

    It is clipped at `span`, the time across one cell, and stays `least` away from 0: rounding of the distance must not
    drop a reached cell, and the rim keeps clear of the cell centres.
    """
    for row in range(time.shape[0]):
        for col in range(time.shape[1]):
            at = time[row, col]
            reached = at < math.inf
            value = max((at if reached else beyond[row, col]) - cutoff, edge[row, col])
            value = min(max(value, -span), span)
            if not reached and value <= 0.0:
                value = span
            field[row, col] = min(value, -least) if at <= cutoff else max(value, least)
