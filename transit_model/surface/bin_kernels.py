"""Kernels that put pieces of road into the bins they pass, and give them the times of one origin."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from transit_model.store.jit import jit
from transit_model.units import TICKS_PER_S

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
ROUNDING_S = 1e-6
"""Far below a tick, and far above what adding times loses."""
LATEST_S = 1e300
"""Later than any time, and before `inf`."""


@jit
def _cut(
    at: float, step: float, length: float, low: float, high: float
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Return the part of 0..`length` where ``at + s * step`` lies between `low` and `high`; empty: first > last."""
    if abs(step) * length < 0.5 * (high - low) * 1e-9:
        middle = at + 0.5 * step * length
        return (0.0, length) if low <= middle <= high else (1.0, 0.0)
    first, last = (low - at) / step, (high - at) / step
    return max(min(first, last), 0.0), min(max(first, last), length)


@jit
def fill_bins(
    shapes: F64,
    corner: tuple[float, float],
    cell: float,
    size: tuple[int, int],
    start: I64,
    items: I32,
) -> int:  # pragma: no cover - compiled
    """Put pieces into the bins they pass; return the number of entries.

    Called twice: with empty `items` it counts into ``start[bin + 1]``, then it fills `items` and moves `start` on. Bins
    are taken a little larger than they are, so that rounding leaves no place of a piece without a bin. `shapes` as in
    `offnetwork`; `corner` is the outer corner of the first bin.
    """
    rows, columns = size
    more = 1e-7 * cell
    total = 0
    for i in range(shapes.shape[0]):
        x0, y0, ux, uy, length = shapes[i]
        y1 = y0 + length * uy
        first_row = max(math.floor((min(y0, y1) - more - corner[1]) / cell), 0)
        last_row = min(math.floor((max(y0, y1) + more - corner[1]) / cell), rows - 1)
        for row in range(first_row, last_row + 1):
            south = corner[1] + row * cell
            low, high = _cut(y0, uy, length, south - more, south + cell + more)
            if low > high:
                continue
            xa, xb = x0 + low * ux, x0 + high * ux
            first_col = max(math.floor((min(xa, xb) - more - corner[0]) / cell), 0)
            last_col = min(math.floor((max(xa, xb) + more - corner[0]) / cell), columns - 1)
            for col in range(first_col, last_col + 1):
                west = corner[0] + col * cell
                begin, end = _cut(x0, ux, length, west - more, west + cell + more)
                begin, end = max(begin, low), min(end, high)
                if begin > end:
                    continue
                place = row * columns + col
                total += 1
                if items.shape[0] == 0:
                    start[place + 1] += 1
                else:
                    items[start[place]] = i
                    start[place] += 1
    return total


@jit
def time_pieces(
    shapes: F64,
    course: tuple[I32, I32, F64],
    first_s: F64,
    last_s: F64,
    speed: float,
    limit_s: float,
    timed: F64,
    earliest: F64,
) -> tuple[float, float, float, float]:  # pragma: no cover - compiled
    """Fill `timed` and `earliest` (see `offnetwork`); return the box of what begins within a limit.

    Parameters
    ----------
    course : (n,), (n,) and (points,)
        The polyline of each piece, the point it begins at, and the share of the polyline's time that has passed there.
    first_s, last_s
        Seconds at the first and last point of each polyline; not finite: left out.
    limit_s : float
        Only pieces with a time up to this one are in the box.

    Returns
    -------
    west, east, south, north
        In metres.
    """
    line, point, share = course
    west, east, south, north = math.inf, -math.inf, math.inf, -math.inf
    for i in range(shapes.shape[0]):
        begin, end = first_s[line[i]], last_s[line[i]]
        if not (begin < math.inf and end < math.inf):
            earliest[i] = math.inf
            continue
        x0, y0, ux, uy, length = shapes[i]
        growth = end - begin
        t0, t1 = begin + share[point[i]] * growth, begin + share[point[i] + 1] * growth
        slope = (t1 - t0) / length if length > 0.0 else 0.0
        k = slope * speed
        lean = math.copysign(math.inf, k) if abs(k) >= 1.0 else k / math.sqrt(1.0 - k * k)
        timed[i, 0], timed[i, 1], timed[i, 2] = t0, slope, lean
        earliest[i] = t0 + slope * (0.0 if slope > 0.0 else length)
        if min(t0, t1) <= limit_s:
            x1, y1 = x0 + length * ux, y0 + length * uy
            west, east = min(west, x0, x1), max(east, x0, x1)
            south, north = min(south, y0, y1), max(north, y0, y1)
    return west, east, south, north


@jit
def find_soonest(
    earliest: F64, start: I64, items: I32, columns: int, window: tuple[int, int, int, int], soonest: F64
) -> None:  # pragma: no cover - compiled
    """Fill `soonest` with the earliest of the pieces of each bin of a window: first and last row and column."""
    for row in range(window[0], window[1]):
        for col in range(window[2], window[3]):
            place = row * columns + col
            least = math.inf
            for e in range(start[place], start[place + 1]):
                least = min(least, earliest[items[e]])
            soonest[row - window[0], col - window[2]] = least


@jit
def time_links(
    node_s: F64,
    links: tuple[I32, I32, I32],
    rows: I64,
    back: I64,
    reverse: bool,
    open_ended: bool,
    first_s: F64,
    last_s: F64,
) -> None:  # pragma: no cover - compiled
    """Fill the seconds at the first and last point of links (see `surface.EdgeTimes`), `inf` for one left out.

    Left out are links with an end that is not reached, and the way back along a road whose far end is reached no
    later: every time on it is no sooner than every time on the way there. Half of all links are such.

    Parameters
    ----------
    node_s : (nodes,) float64
        Seconds from the origin, or to it if `reverse`.
    links : tail, head, ticks
        Nodes, and the time from one to the other.
    rows, back : (n,) int64
        Which of them are wanted, and for each its place in `rows` of the way back along the same road, -1 for none.
    open_ended : bool
        The search ended at a limit: the end that comes later may lie beyond it.
    """
    tail, head, ticks = links
    farthest = math.inf if open_ended else LATEST_S
    for a in range(rows.shape[0]):
        row = rows[a]
        tail_s, head_s = node_s[tail[row]], node_s[head[row]]
        back_s = ticks[rows[max(back[a], 0)]] / TICKS_PER_S if back[a] >= 0 else math.inf
        soon_s, late_s = (head_s, tail_s) if reverse else (tail_s, head_s)
        within = (soon_s < math.inf) & (late_s <= farthest) & (soon_s < late_s + back_s - ROUNDING_S)
        end_s = soon_s + ticks[row] / TICKS_PER_S
        first_s[a] = (end_s if reverse else soon_s) if within else math.inf
        last_s[a] = (soon_s if reverse else end_s) if within else math.inf
