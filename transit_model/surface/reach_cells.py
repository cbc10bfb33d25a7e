"""From pieces of network to the cells round them: which part of the grid matters, and by which of the two kernels."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from transit_model.surface.grid import Grid
from transit_model.surface.segment_index import Box, Part, SegmentIndex, Soon
from transit_model.threads import count_threads

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]

_LEAST_CELLS: Final = 20_000
"""With fewer cells threads cost more than they spare."""
_BANDS: Final = 4


@dataclass(frozen=True, eq=False)
class Extent:
    """Up to what time cells are wanted, and which cells are wanted whatever their time.

    Attributes
    ----------
    limit_s : float
    cells : (ny, nx) bool
        For example those that a map carries.
    """

    limit_s: float
    cells: npt.NDArray[np.bool_]

    @cached_property
    def part(self) -> Part:
        """First and last row and column (excluded) that hold the marked cells; empty when there are none."""
        rows, columns = np.flatnonzero(self.cells.any(axis=1)), np.flatnonzero(self.cells.any(axis=0))
        if not len(rows):
            return (self.cells.shape[0], 0, self.cells.shape[1], 0)
        return (int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)


@dataclass(frozen=True, eq=False)
class TimedPieces:
    """Pieces with the times of one origin: seconds at both ends of each polyline, not finite where it is left out.

    Pieces `beside` are a few more of the dense ones: they count as if they were among them.
    """

    pieces: SegmentIndex
    first_s: F64
    last_s: F64
    beside: bool = False


def reach_cells(
    grid: Grid, sources: Sequence[TimedPieces], *, limit: float | Extent | Part = math.inf, zones: I32 | None = None
) -> tuple[F64, F64, F64]:
    """Return time in seconds, distance in metres to the nearest piece, and time beyond the cap, each (ny, nx).

    Parameters
    ----------
    sources : sequence of TimedPieces
        All of one rule; at most one of them dense.
    limit : float, Extent or Part
        As of `surface.compute_surface`. With a `Part` what is returned has its shape, and there are no zones.
    zones : (ny, nx) int32, optional
        Each piece must then lie in the zone of one cell; see `cut_pieces`.
    """
    if isinstance(limit, tuple):
        return _reach_block(grid, sources, limit)
    from transit_model.surface.offnetwork import gather, spread

    time, near, beyond = (np.full(grid.shape, math.inf) for _ in range(3))
    limit_s = limit.limit_s if isinstance(limit, Extent) else float(limit)
    always = limit.cells if isinstance(limit, Extent) else np.zeros((grid.ny, 0), dtype=np.bool_)
    used = [s for s in sources if len(s.pieces.shapes)]
    timed = [(s.pieces, *s.pieces.time(s.first_s, s.last_s, limit_s)) for s in used]
    boxes = [box for *_, box in timed if box is not None]
    if not boxes and not (isinstance(limit, Extent) and timed):
        return time, near, beyond
    part = find_part(grid, boxes, timed[0][0].reach_m) if limit_s < math.inf else (0, grid.ny, 0, grid.nx)
    if isinstance(limit, Extent):
        part = join_parts(part, limit.part)
    if part[0] >= part[1] or part[2] >= part[3]:  # nothing within the limit, and no cell is wanted whatever its time
        return time, near, beyond
    x, y = grid.centres()
    first = (float(x[0]), float(y[0]))
    few = [t for t, source in zip(timed, used, strict=True) if source.beside]
    rest = [t for t, source in zip(timed, used, strict=True) if not source.beside]
    # The dense ones come last: a cell that others reach in time is not left out.
    for pieces, times, earliest, _ in sorted(rest, key=lambda t: t[0].is_dense):
        rule = (grid.cell_m, float(pieces.speed_ms), float(pieces.speed_ms * pieces.max_s))
        zone_of_piece, zone = _find_zones(grid, pieces.shapes, zones)
        out = (first, rule, zone, time, near, beyond)
        if pieces.is_dense:
            beside = [(other, first_s) for other, _, first_s, _ in few]
            bins, looks, listed, soon = pieces.look_round(earliest, part, zoned=zones is not None, beside=beside)
            kinds = (earliest, zone_of_piece, bins, looks, listed, soon)
            how = (part, (limit_s, always), first, rule)
            add = _Beside(grid, few, soon, how, (time, near, beyond)) if few else None
            _do_rows(partial(gather, pieces.shapes, times, *kinds, part, (limit_s, always), *out), part)
            if add is not None:
                add.to_cells(time, near, beyond)
        else:
            spread(pieces.shapes, times, earliest, zone_of_piece, part, *out)
    for pieces, times, earliest, _ in timed:
        pieces.take_back(times, earliest)
    return time, near, beyond


def _reach_block(grid: Grid, sources: Sequence[TimedPieces], block: Part) -> tuple[F64, F64, F64]:
    """Return the fields of `reach_cells` in a block of cells."""
    from transit_model.surface.offnetwork import spread

    rows, columns = block[1] - block[0], block[3] - block[2]
    time, near, beyond = (np.full((rows, columns), math.inf) for _ in range(3))
    if not rows or not columns:
        return time, near, beyond
    x, y = grid.centres()
    for source in sources:
        pieces = source.pieces
        if pieces.is_dense:
            raise ValueError("cells look for dense pieces, and not in a block")
        if not len(pieces.shapes):
            continue
        times, earliest, _ = pieces.time(source.first_s, source.last_s, math.inf)
        rule = (grid.cell_m, float(pieces.speed_ms), float(pieces.speed_ms * pieces.max_s))
        zone_of_piece, zone = np.zeros(1, dtype=np.int32), np.empty((rows, 0), dtype=np.int32)
        first = (float(x[block[2]]), float(y[block[0]]))
        spread(
            pieces.shapes, times, earliest, zone_of_piece, (0, rows, 0, columns), first, rule, zone, time, near, beyond
        )
    return time, near, beyond


def _do_rows(do: Callable[[tuple[int, int]], None], part: Part) -> None:
    """Do the rows of a part, some at a time, on as many threads as there are cores: no cell hears of another."""
    threads = count_threads()
    if threads == 1 or (part[1] - part[0]) * (part[3] - part[2]) < _LEAST_CELLS:
        do((part[0], part[1]))
        return
    # more bands than threads: some are soon done
    ends = np.linspace(part[0], part[1], 1 + _BANDS * threads).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(do, band) for band in pairwise(ends)]:
            done.result()


class _Beside:
    """What a few pieces beside the dense ones bring to the cells that these do not leave out, in a block round them.

    Made before the dense pieces are spread, when ``cells`` (time, near, beyond) are those of all others; `near` is put
    aside in the block, so that afterwards it tells of the dense pieces alone.
    """

    def __init__(
        self,
        grid: Grid,
        few: Sequence[tuple[SegmentIndex, F64, F64, object]],
        soon: Soon,
        how: tuple[Part, tuple[float, npt.NDArray[np.bool_]], tuple[float, float], tuple[float, float, float]],
        cells: tuple[F64, F64, F64],
    ) -> None:
        from transit_model.surface.cell_bounds import find_wanted
        from transit_model.surface.offnetwork import gather, spread

        part, limit, first, (cell, speed, radius) = how
        reach = radius + 2.0 * cell
        around = find_part(grid, [_find_box(pieces.shapes) for pieces, *_ in few], reach)
        rows, columns = (
            (max(part[0], around[0]), min(part[1], around[1])),
            (max(part[2], around[2]), min(part[3], around[3])),
        )
        self._block = slice(rows[0], max(rows)), slice(columns[0], max(columns))
        block = (rows[0], max(rows), columns[0], max(columns))
        wanted = np.zeros(grid.shape, dtype=np.bool_)
        rule = (cell, 1e-6 * cell + 1e-9 * reach, 1.0 / speed)
        find_wanted(soon[1], soon[2], (part, block), limit, rule, cells[0], wanted)
        time_s, near_m, beyond_s = (np.full(grid.shape, math.inf) for _ in range(3))
        n_cells = (block[1] - block[0]) * (block[3] - block[2])
        zone_of_piece, zone = _find_zones(grid, few[0][0].shapes, None)
        for pieces, times, earliest, _ in few:
            out = (first, (cell, speed, radius), zone, time_s, near_m, beyond_s)
            if n_cells and pieces.are_many(n_cells):  # they too are looked for, by the cells that are not left out
                bins, looks, listed, own_soon = pieces.look_round(earliest, block, zoned=False)
                kinds = (earliest, zone_of_piece, bins, looks, listed, own_soon)
                _do_rows(partial(gather, pieces.shapes, times, *kinds, block, (-math.inf, wanted), *out), block)
            else:
                spread(pieces.shapes, times, earliest, zone_of_piece, block, *out)
        self._found = [np.where(wanted[self._block], one[self._block], math.inf) for one in (time_s, near_m, beyond_s)]
        self._radius_m, self._near, self._beyond = radius, cells[1][self._block].copy(), cells[2][self._block].copy()
        cells[1][self._block] = math.inf

    def to_cells(self, time: F64, near: F64, beyond: F64) -> None:
        """Add to what the dense pieces brought."""
        time_s, near_m, beyond_s = self._found
        time, near, beyond = time[self._block], near[self._block], beyond[self._block]
        # beyond the cap counts only where nothing is within reach
        dense = near <= self._radius_m
        beyond[:] = np.where(time_s < math.inf, self._beyond, np.where(dense, beyond, np.minimum(beyond, beyond_s)))
        np.minimum(time, time_s, out=time)
        near[:] = np.minimum(np.minimum(near, near_m), self._near)


def _find_box(shapes: F64) -> tuple[float, float, float, float]:
    """Return the west, east, south and north end of pieces."""
    x, y = shapes[:, 0], shapes[:, 1]
    ends = np.concatenate([x, x + shapes[:, 2] * shapes[:, 4]]), np.concatenate([y, y + shapes[:, 3] * shapes[:, 4]])
    return float(ends[0].min()), float(ends[0].max()), float(ends[1].min()), float(ends[1].max())


def cut_pieces(columns: list[F64], longest_m: float) -> list[F64]:
    """Cut pieces longer than `longest_m` into equal parts; time stays linear, so no value changes.

    `columns` are x0, y0, x1, y1 in metres and the seconds at both ends.
    """
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


def find_part(grid: Grid, boxes: Sequence[Box], reach_m: float) -> Part:
    """Return the first and last row and column (excluded) that lie within reach of boxes; empty without any.

    Boxes are their west, east, south and north end in metres.
    """
    if not boxes:
        return (grid.ny, 0, grid.nx, 0)
    west, east, south, north = (pick(b[k] for b in boxes) for k, pick in enumerate((min, max, min, max)))
    part = []
    for low, high, corner, size in ((south, north, grid.origin_y, grid.ny), (west, east, grid.origin_x, grid.nx)):
        first = math.floor((low - reach_m - corner) / grid.cell_m) - 1
        last = math.ceil((high + reach_m - corner) / grid.cell_m) + 1
        part += [min(max(first, 0), size), min(max(last, 0), size)]
    return (part[0], part[1], part[2], part[3])


def join_parts(one: Part, other: Part) -> Part:
    """Return the least part that holds both."""
    return (min(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), max(one[3], other[3]))


def _find_zones(grid: Grid, shapes: F64, zones: npt.NDArray[np.int32] | None) -> tuple[I32, I32]:
    if zones is None:
        return np.zeros(1, dtype=np.int32), np.empty((grid.ny, 0), dtype=np.int32)
    row, column, inside = grid.locate(*(shapes[:, :2] + shapes[:, 2:4] * shapes[:, 4:5] / 2).T)
    zone = np.ascontiguousarray(zones, dtype=np.int32)
    found = np.where(inside, zone[row, column], -1)
    # a position on closed ground (a bridge) serves nobody: -2 equals no cell
    return np.where(found < 0, -2, found).astype(np.int32), zone
