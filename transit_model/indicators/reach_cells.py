"""From pieces of network to the cells round them: which part of the grid matters, and by which of the two kernels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transit_model.indicators.grid import Grid

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]

_MOST_LOOKS = 60.0  # pieces a cell, on average, above which cells look for pieces instead of pieces for cells


def reach_cells(
    grid: Grid, columns: list[F64], off_network: tuple[float, float], zones: I32 | None, limit_s: float
) -> tuple[F64, F64, F64]:
    """Return time in seconds, distance in metres to the nearest position, and time beyond the cap, each (ny, nx).

    Parameters
    ----------
    columns : list of (n,) float64
        x0, y0, x1, y1 in metres and t0, t1 in seconds of straight pieces; a position has no length.
    off_network : (m/s, s)
        Speed and longest time of the leg.
    zones, limit_s
        As of `surface.compute_surface`.
    """
    from transit_model.indicators.offnetwork import describe_pieces

    part = (0, grid.ny, 0, grid.nx)
    if limit_s < math.inf:
        columns, part = _crop(grid, columns, off_network[0] * off_network[1] + 2 * grid.cell_m, limit_s)
    if zones is not None:
        # with barriers each piece must lie in the zone of one cell
        columns = _cut_pieces(columns, grid.cell_m / 2)
    return _reach(grid, describe_pieces(*columns, speed=off_network[0]), zones, off_network, (limit_s, part))


def _cut_pieces(columns: list[F64], longest_m: float) -> list[F64]:
    """Cut pieces longer than `longest_m` into equal parts; time stays linear, so no value changes."""
    x0, y0, x1, y1, t0, t1 = columns
    parts = np.maximum(1, np.ceil(np.hypot(x1 - x0, y1 - y0) / longest_m)).astype(np.int64)
    if len(parts) == 0 or parts.max() == 1:
        return columns
    row = np.repeat(np.arange(len(parts)), parts)
    step = np.arange(len(row)) - np.repeat(np.cumsum(parts) - parts, parts)
    low, high = step / parts[row], (step + 1) / parts[row]
    starts = [a[row] + low * (b - a)[row] for a, b in ((x0, x1), (y0, y1), (t0, t1))]
    ends = [a[row] + high * (b - a)[row] for a, b in ((x0, x1), (y0, y1), (t0, t1))]
    return [starts[0], starts[1], ends[0], ends[1], starts[2], ends[2]]


def _reach(
    grid: Grid,
    pieces: F64,
    zones: npt.NDArray[np.int32] | None,
    off_network: tuple[float, float],
    crop: tuple[float, tuple[int, int, int, int]],
) -> tuple[F64, F64, F64]:
    """Time, distance to the nearest position, and time beyond the cap, (ny, nx); `pieces` as of `describe_pieces`."""
    from transit_model.indicators.offnetwork import gather, spread

    time, near, beyond = (np.full(grid.shape, math.inf) for _ in range(3))
    speed_ms, (limit_s, part) = off_network[0], crop
    cell, radius = grid.cell_m, float(speed_ms * off_network[1])
    x, y = grid.centres()
    first, rule = (float(x[0]), float(y[0])), (cell, float(speed_ms), radius)
    reach = radius + 2 * cell
    if len(pieces) == 0:
        return time, near, beyond
    zone_of_piece, zone = _find_zones(grid, pieces, zones)
    looks = float((math.pi * reach * reach + 2 * reach * pieces[:, 4]).sum()) / grid.cell_area_m2
    if looks <= _MOST_LOOKS * grid.nx * grid.ny:
        spread(pieces, zone_of_piece, first, rule, zone, time, near, beyond)
    else:
        bins = _bin_pieces(grid, pieces, part, math.ceil(reach / cell) + 2)
        sorted_pieces, sorted_zones = pieces[bins.items], zone_of_piece[bins.items]
        where = (bins.start, bins.soonest, bins.first_ring, bins.windows, bins.window_s, part, limit_s)
        gather(sorted_pieces, sorted_zones, *where, first, rule, zone, time, near, beyond)
    return time, near, beyond


def _crop(grid: Grid, columns: list[F64], reach: float, limit_s: float) -> tuple[list[F64], tuple[int, int, int, int]]:
    """Return the pieces that matter to what the limit may reach, and the first and last row and column of that."""
    x0, y0, x1, y1, t0, t1 = columns
    early = np.minimum(t0, t1) <= limit_s
    if not early.any():
        return [c[:0] for c in columns], (0, 0, 0, 0)
    keep = np.ones(len(x0), dtype=bool)
    part = []
    for a, b, corner, size in ((y0, y1, grid.origin_y, grid.ny), (x0, x1, grid.origin_x, grid.nx)):
        low, high = np.minimum(a, b), np.maximum(a, b)
        first = math.floor((float(low[early].min()) - reach - corner) / grid.cell_m) - 1
        last = math.ceil((float(high[early].max()) + reach - corner) / grid.cell_m) + 1
        first, last = min(max(first, 0), size), min(max(last, 0), size)
        far = reach + 2 * grid.cell_m
        keep &= (high >= corner + first * grid.cell_m - far) & (low <= corner + last * grid.cell_m + far)
        part += [first, last]
    return [c[keep] for c in columns], (part[0], part[1], part[2], part[3])


@dataclass(frozen=True, eq=False)
class _Bins:
    """Pieces by cell, and how soon anything near each cell is; see `offnetwork.gather`."""

    start: npt.NDArray[np.int64]
    items: I32
    soonest: F64
    first_ring: I32
    windows: npt.NDArray[np.int64]
    window_s: F64


def _bin_pieces(grid: Grid, pieces: F64, part: tuple[int, int, int, int], margin: int) -> _Bins:
    from scipy.ndimage import distance_transform_cdt, minimum_filter

    from transit_model.indicators.offnetwork import fill_bins

    x, y = grid.centres()
    shape = (part[1] - part[0] + 2 * margin, part[3] - part[2] + 2 * margin)
    corner = (
        float(x[0]) + (part[2] - margin) * grid.cell_m,
        float(y[0]) + (part[0] - margin) * grid.cell_m,
    )
    start = np.zeros(shape[0] * shape[1] + 1, dtype=np.int64)
    soonest = np.full(shape[0] * shape[1], math.inf)
    total = fill_bins(pieces, corner, grid.cell_m, shape, start, np.empty(0, dtype=np.int32), soonest)
    np.cumsum(start, out=start)
    items = np.zeros(max(total, 1), dtype=np.int32)  # never empty: that would mean counting to `fill_bins`
    if total:
        fill_bins(pieces, corner, grid.cell_m, shape, start, items, soonest)
        start = np.concatenate([[0], start[:-1]])  # filling moved every start to the next
    field = soonest.reshape(shape)
    empty = np.isinf(field)
    ring = np.full(shape, margin + 1, dtype=np.int32)
    if not empty.all():
        ring = distance_transform_cdt(empty, metric="chessboard").astype(np.int32)
    inner = (slice(margin, shape[0] - margin), slice(margin, shape[1] - margin))
    windows = np.unique([math.ceil(margin / 4), math.ceil(margin / 2), margin])
    least = [minimum_filter(field, 2 * int(w) + 1, mode="constant", cval=math.inf)[inner] for w in windows]
    return _Bins(start, items, soonest, np.ascontiguousarray(ring[inner]), windows, np.stack(least))


def _find_zones(grid: Grid, pieces: F64, zones: npt.NDArray[np.int32] | None) -> tuple[I32, I32]:
    if zones is None:
        return np.zeros(len(pieces), dtype=np.int32), np.empty((grid.ny, 0), dtype=np.int32)
    row, column, inside = grid.locate(*(pieces[:, :2] + pieces[:, 2:4] * pieces[:, 4:5] / 2).T)
    zone = np.ascontiguousarray(zones, dtype=np.int32)
    found = np.where(inside, zone[row, column], -1)
    # a position on closed ground (a bridge) serves nobody: -2 equals no cell
    return np.where(found < 0, -2, found).astype(np.int32), zone
