"""Kernels of the off-network leg: spread times from positions and link pieces over a grid, exactly.

A link piece is a straight segment along which the time grows linearly. From a point at distance ``h`` beside the
segment, ``a`` along it, the time of leaving at ``s`` is ``f(s) = t0 + g s + sqrt((s - a)^2 + h^2) / v``. It is
convex, so its minimum over the positions that may be used is the free minimum ``s* = a - h k / sqrt(1 - k^2)``,
``k = g v``, clipped to them (for ``|k| >= 1`` the nearer-in-time end). No sampling along links is needed, and the
result does not depend on the order of the pieces, since a minimum does not.
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
Function = TypeVar("Function", bound=Callable[..., object])


def _jit(function: Function) -> Function:
    return cast("Function", njit(cache=True, nogil=True)(function))


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
def spread_point_row(
    t: float, dx: float, dy: float, step: float, pace: float, radius: float, time: F64, near: F64, beyond: F64
) -> None:  # pragma: no cover - compiled
    """Lower one run of cells from a position `dx`, `dy` before its first cell; free of branches, so it vectorises."""
    for col in range(time.shape[0]):
        across = dx + col * step
        distance = math.sqrt(across * across + dy * dy)
        value = t + distance * pace
        within = value if distance <= radius else math.inf
        outside = math.inf if distance <= radius else value
        time[col] = within if within < time[col] else time[col]
        beyond[col] = outside if outside < beyond[col] else beyond[col]
        near[col] = distance if distance < near[col] else near[col]


@_jit
def spread_piece_row(
    piece: tuple[float, float, float, float, float, float, float],
    dx: float,
    dy: float,
    step: float,
    pace: float,
    radius: float,
    zone_of_piece: int,
    zone: I32,
    time: F64,
    near: F64,
    beyond: F64,
) -> None:  # pragma: no cover - compiled
    """Lower one run of cells from a link piece (ux, uy, length, t0, slope, k, lean) of any length, 0 too."""
    ux, uy, length, t0, slope, k, lean = piece
    for col in range(time.shape[0]):
        if zone.shape[0] > 0 and zone[col] != zone_of_piece:
            continue
        px = dx + col * step
        a, h = px * ux + dy * uy, abs(dy * ux - px * uy)
        foot = min(max(a, 0.0), length)
        distance = h if foot == a else math.sqrt(h * h + (foot - a) * (foot - a))
        s = min(max(a - h * lean, 0.0), length)
        if abs(k) >= 1.0:
            s = 0.0 if k > 0.0 else length
        leg = distance if s == foot else math.sqrt(h * h + (s - a) * (s - a))
        if distance <= radius < leg:
            # the best place to leave is too far, the foot is not: leave as near the best as the cap allows
            half = math.sqrt(max(radius * radius - h * h, 0.0))
            s = max(s, min(a - half, foot)) if s < foot else min(s, max(a + half, foot))
            leg = math.sqrt(h * h + (s - a) * (s - a))
        value = t0 + slope * s + leg * pace
        near[col] = min(near[col], distance)
        if distance <= radius:
            time[col] = min(time[col], value)
        else:
            beyond[col] = min(beyond[col], value)


@_jit
def spread(
    x0: F64,
    y0: F64,
    x1: F64,
    y1: F64,
    t0: F64,
    t1: F64,
    zone_of_piece: I32,
    first_x: float,
    first_y: float,
    cell: float,
    speed: float,
    radius: float,
    zone: I32,
    time: F64,
    near: F64,
    beyond: F64,
) -> None:  # pragma: no cover - compiled
    """Lower `time`, `near` and `beyond` in place, (ny, nx), by all pieces; a position is a piece of no length.

    `time` in seconds counts positions within `radius` only; `near` is the distance in metres to the nearest
    position; `beyond` in seconds is the time from positions farther than `radius`, by at most two cells. With
    a zone array (ny, nx) a piece serves only cells of its own zone; an array of shape (ny, 0) means no zones.
    """
    ny, nx = time.shape
    zoned = zone.shape[1] > 0
    reach = radius + 2.0 * cell
    pace = 1.0 / speed
    for i in range(x0.shape[0]):
        dx, dy = x1[i] - x0[i], y1[i] - y0[i]
        length = math.sqrt(dx * dx + dy * dy)
        ux, uy, slope = 1.0, 0.0, 0.0
        if length > 0.0:
            ux, uy, slope = dx / length, dy / length, (t1[i] - t0[i]) / length
        k = slope * speed
        lean = k / math.sqrt(1.0 - k * k) if abs(k) < 1.0 else 0.0
        low_row = max(0, math.ceil((min(y0[i], y1[i]) - reach - first_y) / cell))
        high_row = min(ny - 1, math.floor((max(y0[i], y1[i]) + reach - first_y) / cell))
        for row in range(low_row, high_row + 1):
            y = first_y + row * cell
            left, right = row_span(x0[i], y0[i], ux, uy, length, y, reach)
            if left > right:
                continue
            low_col = max(0, math.ceil((left - first_x) / cell))
            high_col = min(nx - 1, math.floor((right - first_x) / cell))
            if low_col > high_col:
                continue
            run = slice(low_col, high_col + 1)
            px, py = first_x + low_col * cell - x0[i], y - y0[i]
            if length == 0.0 and not zoned:
                spread_point_row(t0[i], px, py, cell, pace, radius, time[row, run], near[row, run], beyond[row, run])
            else:
                spread_piece_row(
                    (ux, uy, length, t0[i], slope, k, lean),
                    px,
                    py,
                    cell,
                    pace,
                    radius,
                    zone_of_piece[i],
                    zone[row, run] if zoned else zone[row],
                    time[row, run],
                    near[row, run],
                    beyond[row, run],
                )
