"""Kernels of the off-network leg: the least time from positions and link pieces to every cell, exactly.

A link piece is a straight segment along which the time grows linearly. From a point at distance ``h`` beside the
segment, ``a`` along it, the time of leaving at ``s`` is ``f(s) = t0 + g s + sqrt((s - a)^2 + h^2) / v``. It is
convex, so its minimum over the positions that may be used is the free minimum ``s* = a - h k / sqrt(1 - k^2)``,
``k = g v``, clipped to them (for ``|k| >= 1`` the nearer-in-time end). No sampling along links is needed.

Two ways lead to the same numbers, to the bit, in any order of the pieces, since both take the minimum of one function
over all pieces that matter: `spread` goes from each piece to the cells round it, several cells at once, good for a
corridor network; `gather` goes from each cell to the pieces round it, nearest bins first, and skips bins and pieces
that cannot be sooner or nearer, good for a dense street network.

Pieces are told by two arrays: `shapes` (n, 5), x0, y0, the unit vector ux, uy and the length in metres, which never
change, and `timed` (n, 4), t0 in seconds, growth in seconds a metre, the lean ``k / sqrt(1 - k^2)`` of the way off the
piece (`inf` with the sign of k for ``|k| >= 1``), and the sooner of its two ends in seconds. A position has length 0; a
piece with t0 of `inf` is not there.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from transit_model.indicators.jit import jit

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]

LANES = 8
"""Cells that are looked at together; a few more than needed cost nothing."""


@jit
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


@jit
def place_beside(
    shape: tuple[float, float, float, float, float], at: tuple[float, float]
) -> tuple[float, float, float, float]:  # pragma: no cover - compiled
    """Return how far along a piece a point lies and how far beside it, the nearest metre of it, and the distance."""
    x0, y0, ux, uy, length = shape
    qx, qy = at[0] - x0, at[1] - y0
    a, h = qx * ux + qy * uy, abs(qy * ux - qx * uy)
    foot = min(max(a, 0.0), length)
    aside = math.sqrt(h * h + (foot - a) * (foot - a))
    return a, h, foot, h if foot == a else aside


@jit
def leave_piece(
    shape: tuple[float, float, float, float, float],
    timed: tuple[float, float, float],
    at: tuple[float, float],
    pace: float,
    radius: float,
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Return the distance in metres to a piece and the least time of leaving it for a point, in seconds.

    Within `radius` of the piece only places within `radius` count; beyond it all do. `pace` is seconds a metre. There
    are no branches, so that a loop over cells can do several at once.
    """
    length = shape[4]
    t0, slope, lean = timed
    a, h, foot, distance = place_beside(shape, at)
    # a steep piece (lean of inf) is left at its sooner end
    steep_s = 0.0 if lean > 0.0 else length
    s = min(max(a - h * lean, 0.0), length) if abs(lean) < math.inf else steep_s
    slant = math.sqrt(h * h + (s - a) * (s - a))
    leg = distance if s == foot else slant
    # where the best place to leave is too far and the foot is not: leave as near the best as the cap allows
    half = math.sqrt(max(radius * radius - h * h, 0.0))
    nearer = max(s, min(a - half, foot)) if s < foot else min(s, max(a + half, foot))
    capped = math.sqrt(h * h + (nearer - a) * (nearer - a))
    too_far = (distance <= radius) & (radius < leg)
    s = nearer if too_far else s
    leg = capped if too_far else leg
    return distance, t0 + slope * s + leg * pace


@jit
def _fill_row(
    shape: tuple[float, float, float, float, float],
    timed: tuple[float, float, float],
    first: tuple[float, int, float],
    rule: tuple[float, float, float],
    time: F64,
    near: F64,
    beyond: F64,
) -> None:  # pragma: no cover - compiled
    """Lower a run of cells of one row; `first` is x of column 0, the first column, and y."""
    cell, speed, radius = rule
    reach, pace = radius + 2.0 * cell, 1.0 / speed
    for k in range(time.shape[0]):
        distance, value = leave_piece(shape, timed, (first[0] + (first[1] + k) * cell, first[2]), pace, radius)
        near[k] = min(near[k], distance if distance <= reach else math.inf)
        time[k] = min(time[k], value if distance <= radius else math.inf)
        beyond[k] = min(beyond[k], value if (radius < distance) & (distance <= reach) else math.inf)


@jit
def spread(
    shapes: F64,
    timed: F64,
    zone_of_piece: I32,
    part: tuple[int, int, int, int],
    origin: tuple[float, float],
    rule: tuple[float, float, float],
    zone: I32,
    time: F64,
    near: F64,
    beyond: F64,
) -> None:  # pragma: no cover - compiled
    """Lower `time`, `near` and `beyond`, (ny, nx) of `inf` at first, piece by piece, in `part` of the grid.

    `time` in seconds counts positions within the radius only; `near` is the distance in metres to the nearest
    position, up to two cells beyond the radius; `beyond` in seconds is the time from positions out there. `rule` is
    cell, speed, radius; `origin` the centre of the first cell; `part` the first and last row, first and last column,
    the ends excluded. With a zone array (ny, nx) a piece serves only cells of its own zone; an array of shape (ny, 0)
    means no zones.
    """
    low, high, west, east = part
    cell, _, radius = rule
    reach = radius + 2.0 * cell
    for i in range(shapes.shape[0]):
        x0, y0, ux, uy, length = shapes[i]
        if timed[i, 0] == math.inf:
            continue
        low_row = max(low, math.ceil((min(y0, y0 + length * uy) - reach - origin[1]) / cell) - 1)
        high_row = min(high - 1, math.floor((max(y0, y0 + length * uy) + reach - origin[1]) / cell) + 1)
        shape, when = (x0, y0, ux, uy, length), (timed[i, 0], timed[i, 1], timed[i, 2])
        for row in range(low_row, high_row + 1):
            py = origin[1] + row * cell
            left, right = row_span(x0, y0, ux, uy, length, py, reach)
            if left > right:
                continue
            # one cell more on each side: rounding of the span must not lose a cell that `gather` finds
            low_col = max(west, math.ceil((left - origin[0]) / cell) - 1)
            cells = math.floor((right - origin[0]) / cell) + 2 - low_col
            if zone.shape[1] == 0:
                end = min(east, low_col + (cells + LANES - 1) // LANES * LANES)
                if low_col < end:
                    run = (time[row, low_col:end], near[row, low_col:end], beyond[row, low_col:end])
                    _fill_row(shape, when, (origin[0], low_col, py), rule, *run)
                continue
            for col in range(low_col, min(east, low_col + cells)):
                if zone[row, col] == zone_of_piece[i]:
                    one = (time[row, col : col + 1], near[row, col : col + 1], beyond[row, col : col + 1])
                    _fill_row(shape, when, (origin[0], col, py), rule, *one)


@jit
def gather(  # noqa: PLR0912, PLR0915 - a call would cost more than a branch
    shapes: F64,
    timed: F64,
    zone_of_piece: I32,
    bins: tuple[I64, I32, F64, F64],
    looks: tuple[I64, F64, I32],
    windows: tuple[F64, I64],
    part: tuple[int, int, int, int],
    limit_s: float,
    origin: tuple[float, float],
    rule: tuple[float, float, float],
    zone: I32,
    time: F64,
    near: F64,
    beyond: F64,
) -> None:  # pragma: no cover - compiled
    """Lower `time`, `near` and `beyond` as `spread` does, cell by cell; `beyond` only where nothing is within reach.

    The bins are the cells of `part` with a margin of ``radii[-1]`` more on each side, row by row: `bins` is their
    first entry, the piece of each entry, and the least time on what lies in a bin and on any piece that enters it
    (`inf` in an empty bin). `looks` are the bins to look into, nearest first: how many bins on, at least how far in
    cells, and the first window that holds this one and all later ones. ``windows`` are the least time of a bin within
    ``radii[k]`` rows and columns of each cell: when no bin left can be sooner or nearer, the cell is done. A cell
    with nothing within `limit_s` is left out, unless its `time` is within it already.
    """
    start, items, soonest, soonest_piece = bins
    steps, far, since = looks
    window_s, radii = windows
    low_row, high_row, low_col, high_col = part
    margin = radii[-1]
    width = high_col - low_col + 2 * margin
    cell, speed, radius = rule
    reach, pace = radius + 2.0 * cell, 1.0 / speed
    slack = 1e-6 * cell + 1e-9 * reach  # bounds are rounded: look once more rather than miss a piece
    for row in range(low_row, high_row):
        for col in range(low_col, high_col):
            y, x = row - low_row, col - low_col
            soon = window_s[-1, y, x]
            if soon == math.inf or (soon > limit_s and time[row, col] > limit_s):
                continue
            px, py = origin[0] + col * cell, origin[1] + row * cell
            best, nearest, late = math.inf, math.inf, math.inf
            here = (y + margin) * width + x + margin
            for k in range(steps.shape[0]):
                least = far[k] * cell - slack
                if nearest <= least:
                    # what is left lies in the windows from the `since`-th on, the larger ones beyond the smaller
                    bound, way = math.inf, least
                    for w in range(since[k], radii.shape[0]):
                        bound = min(bound, window_s[w, y, x] + way * pace)
                        way = max(way, (radii[w] + 0.5) * cell - slack)
                    if best <= bound:
                        break
                place = here + steps[k]
                if soonest_piece[place] == math.inf:
                    continue
                if nearest <= least:
                    if best < math.inf:
                        if best <= soonest[place] + least * pace:
                            continue
                    elif least > radius and late <= soonest_piece[place] + least * pace:
                        continue
                for e in range(start[place], start[place + 1]):
                    i = items[e]
                    if zone.shape[1] > 0 and zone[row, col] != zone_of_piece[i]:
                        continue
                    shape = (shapes[i, 0], shapes[i, 1], shapes[i, 2], shapes[i, 3], shapes[i, 4])
                    distance = place_beside(shape, (px, py))[3]
                    nearest = min(nearest, distance)
                    against = best if distance <= radius else (late if best == math.inf else -math.inf)
                    if distance > reach or timed[i, 3] + distance * pace > against + slack * pace:
                        continue
                    when = (timed[i, 0], timed[i, 1], timed[i, 2])
                    value = leave_piece(shape, when, (px, py), pace, radius)[1]
                    if distance <= radius:
                        best = min(best, value)
                    else:
                        late = min(late, value)
            time[row, col] = min(time[row, col], best)
            near[row, col] = min(near[row, col], nearest if nearest <= reach else math.inf)
            if best == math.inf:
                beyond[row, col] = min(beyond[row, col], late)
