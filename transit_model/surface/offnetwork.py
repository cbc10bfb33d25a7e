"""Kernels of the off-network leg: the least time from positions and link pieces to every cell, exactly.

A link piece is a straight segment along which the time grows linearly. From a point at distance ``h`` beside the
segment, ``a`` along it, the time of leaving at ``s`` is ``f(s) = t0 + g s + sqrt((s - a)^2 + h^2) / v``. It is
convex, so its minimum over the positions that may be used is the free minimum ``s* = a - h k / sqrt(1 - k^2)``,
``k = g v``, clipped to them (for ``|k| >= 1`` the nearer-in-time end). No sampling along links is needed.

Two ways lead to the same numbers, to the bit, in any order of the pieces, since both take the minimum of one function
over all pieces that matter: `spread` goes from each piece to the cells round it, several cells at once, good for a
corridor network; `gather` goes from each cell to the pieces round it, nearest bins first, and skips bins and pieces
that cannot be sooner or nearer, good for a dense street network.

Pieces are told by three arrays: `shapes` (n, 5), x0, y0, the unit vector ux, uy and the length in metres, which never
change; `timed` (n, 3), t0 in seconds, growth in seconds a metre, and the lean ``k / sqrt(1 - k^2)`` of the way off the
piece (`inf` with the sign of k for ``|k| >= 1``); `earliest` (n,), the sooner of the two ends in seconds, `inf` for a
piece that is not there. A position has length 0.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from transit_model.store.jit import jit
from transit_model.surface.cell_bounds import find_apart, find_enough, find_listed, narrow

F64 = npt.NDArray[np.float64]
F32 = npt.NDArray[np.float32]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

LATEST_S = 1e300
"""Later than any time, and before `inf`."""
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
    earliest: F64,
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
        if earliest[i] == math.inf:
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
def list_nearest(
    shapes: F64,
    bins: tuple[I64, I32, int, int],
    looks: tuple[I64, F64],
    size: tuple[int, int],
    origin: tuple[float, float],
    cell: float,
    reach: float,
    most: int,
    listed: tuple[I64, I32, F32],
) -> int:  # pragma: no cover - compiled
    """List the nearest pieces of each cell within reach, up to `most`, the nearest first; return how many in all.

    `bins` are first entries, pieces, bins in a row, and the margin; `looks` rows and columns on and the least
    distance in cells. `listed` is the first entry of each cell, and for each entry the piece and a distance in metres
    that is a little less than the true one.
    """
    start, items, columns, margin = bins
    steps, far = looks
    first, piece, away = listed
    nearest, which = np.empty(most + 1), np.empty(most + 1, dtype=np.int32)
    slack = 1e-6 * cell + 1e-9 * reach
    total = 0
    for cell_idx in range(size[0] * size[1]):
        row, col = cell_idx // size[1], cell_idx % size[1]
        at = (origin[0] + col * cell, origin[1] + row * cell)
        n = 0
        for k in range(far.shape[0]):
            if n == most and nearest[n - 1] <= far[k] * cell - slack:
                break
            place = (row + margin + steps[k, 0]) * columns + col + margin + steps[k, 1]
            for e in range(start[place], start[place + 1]):
                i = items[e]
                shape = (shapes[i, 0], shapes[i, 1], shapes[i, 2], shapes[i, 3], shapes[i, 4])
                distance = place_beside(shape, at)[3]
                if distance > reach or (n == most and distance >= nearest[n - 1]):
                    continue
                j = n
                while j > 0 and nearest[j - 1] >= distance and which[j - 1] != i:
                    j -= 1
                if j > 0 and which[j - 1] == i and nearest[j - 1] == distance:
                    continue  # it passes several bins
                for m in range(min(n, most - 1), j, -1):
                    nearest[m], which[m] = nearest[m - 1], which[m - 1]
                nearest[j], which[j] = distance, i
                n = min(n + 1, most)
        first[cell_idx] = total
        for j in range(n):
            piece[total], away[total] = which[j], nearest[j] * (1.0 - 1e-6) - 1e-6 * cell
            total += 1
    first[size[0] * size[1]] = total
    return total


@jit
def gather(  # noqa: PLR0912, PLR0915 - a call would cost more than a branch
    shapes: F64,
    timed: F64,
    earliest: F64,
    zone_of_piece: I32,
    bins: tuple[I64, I32, int, int],
    looks: tuple[I64, F64],
    listed: tuple[I64, I32, F32, int],
    soon: tuple[F64, F64, I64],
    part: tuple[int, int, int, int],
    limit: tuple[float, Bool],
    origin: tuple[float, float],
    rule: tuple[float, float, float],
    zone: I32,
    time: F64,
    near: F64,
    beyond: F64,
    band: tuple[int, int],
) -> None:  # pragma: no cover - compiled
    """Lower `time`, `near` and `beyond` as `spread` does, cell by cell; `beyond` only where nothing is within reach.

    A cell first looks at the pieces listed for it, then, if one that is not listed may be sooner or nearer, into the
    bins round it. A cell with nothing within `limit_s` is left out, unless its `time` is within it already.

    Parameters
    ----------
    bins : start, items, columns, margin
        Of the whole grid with a margin of bins on each side.
    looks : (m, 2) and (m,)
        The bins to look into, nearest first: rows and columns on, and at least how far in cells.
    listed : first, piece, away, most
        See `list_nearest`; `most` of 0 when nothing is listed.
    soon : soonest, windows, radii
        The least time of the pieces in each bin of `part` with its margin; ``windows[k]`` is the least of that within
        ``radii[k]`` rows and columns of each cell of `part`.
    band : first and last row
        Of `part`, those to do now, the last excluded: no row hears of another.
    """
    start, items, columns, margin = bins
    steps, far = looks
    first, piece, away, most = listed
    soonest, windows, radii = soon
    cell, speed, radius = rule
    reach, pace = radius + 2.0 * cell, 1.0 / speed
    slack = 1e-6 * cell + 1e-9 * reach  # bounds are rounded: look once more rather than miss a piece
    more_s = slack * pace
    last = radii.shape[0] - 1
    limit_s, always = limit
    chosen = always.shape[1] > 0
    for row in range(band[0], band[1]):
        for col in range(part[2], part[3]):
            y, x = row - part[0], col - part[2]
            whole_s = windows[last, y, x]
            if whole_s == math.inf:
                continue
            inner_s, apart_s = windows[0, y, x], find_apart(windows, radii, y, x, (cell, slack, pace))
            sooner_s = (inner_s, apart_s, whole_s)
            if min(inner_s, apart_s) > limit_s and time[row, col] > limit_s and not (chosen and always[row, col]):
                continue
            at = (origin[0] + col * cell, origin[1] + row * cell)
            best, nearest, late = math.inf, math.inf, math.inf
            enough = math.inf  # farther than this, nothing is sooner than the best
            stop, bar = math.inf, LATEST_S
            begin, end = find_listed(first, most, row * time.shape[1] + col)
            done = end - begin < most
            for c in range(begin, end):
                least = float(away[c])
                if least >= stop:
                    done = True
                    break
                i = piece[c]
                if earliest[i] + least * pace > bar:
                    continue
                shape = (shapes[i, 0], shapes[i, 1], shapes[i, 2], shapes[i, 3], shapes[i, 4])
                when = (timed[i, 0], timed[i, 1], timed[i, 2])
                distance, value = leave_piece(shape, when, at, pace, radius)
                nearest = min(nearest, distance)
                if distance > radius:
                    late = min(late, value if distance <= reach else math.inf)
                elif value < best:
                    best = value
                    enough = find_enough(best, sooner_s, speed) + slack
                stop, bar = narrow((stop, bar), (best, late, enough), least > radius, (radius, whole_s, speed, slack))
            # What is not listed is no nearer than the last on the list.
            floor = float(away[end - 1]) if end > begin else 0.0
            for k in range(0 if done else far.shape[0]):
                least = max(far[k] * cell - slack, floor)
                if nearest <= least and (least >= enough or least > radius) and best < math.inf:
                    break
                y_bin, x_bin = row + margin + steps[k, 0], col + margin + steps[k, 1]
                sooner = soonest[y_bin - part[0], x_bin - part[2]]
                bar = LATEST_S
                if nearest <= least:
                    bar = (best if best < math.inf or least <= radius else late) + more_s
                if sooner + least * pace > bar:
                    continue
                for e in range(start[y_bin * columns + x_bin], start[y_bin * columns + x_bin + 1]):
                    i = items[e]
                    if earliest[i] + least * pace > bar or (zone.shape[1] > 0 and zone[row, col] != zone_of_piece[i]):
                        continue
                    shape = (shapes[i, 0], shapes[i, 1], shapes[i, 2], shapes[i, 3], shapes[i, 4])
                    distance = place_beside(shape, at)[3]
                    nearest = min(nearest, distance)
                    against = best if distance <= radius else (late if best == math.inf else -math.inf)
                    if distance > reach or earliest[i] + distance * pace > against + more_s:
                        continue
                    when = (timed[i, 0], timed[i, 1], timed[i, 2])
                    value = leave_piece(shape, when, at, pace, radius)[1]
                    if distance > radius:
                        late = min(late, value)
                    elif value < best:
                        best = value
                        enough = find_enough(best, sooner_s, speed) + slack
            time[row, col] = min(time[row, col], best)
            near[row, col] = min(near[row, col], nearest if nearest <= reach else math.inf)
            if best == math.inf:
                beyond[row, col] = min(beyond[row, col], late)
