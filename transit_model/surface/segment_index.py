"""Pieces of network laid on a grid once, and the cells round them reached as often as there are times for them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from transit_model.surface.grid import Grid
from transit_model.threads import count_threads

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]
Part = tuple[int, int, int, int]
Box = tuple[float, float, float, float]
Listed = tuple[I64, I32, F32, int]
Soon = tuple[F64, F64, I64]

_LISTED, _LISTED_CELLS = 24, 400_000  # the nearest pieces of each cell, at most 80 MB
_USES_BEFORE_LISTS = 8  # listing takes as long as some six surfaces without lists, and spares a third of each
_NO_LISTS: Listed = (np.zeros(1, np.int64), np.zeros(1, np.int32), np.zeros(1, np.float32), 0)
_CHUNK = 200_000  # pieces at once
_LEAST_AT_ONCE = 200_000  # with fewer pieces threads cost more than they spare
_MOST_LOOKS = 60.0  # pieces a cell, on average, above which cells look for pieces instead of pieces for cells


@dataclass(frozen=True, eq=False)
class _Bins:
    """Pieces by the cells they pass, with a margin round the grid, and in which order a cell looks round.

    Attributes
    ----------
    start, items
        See `bin_kernels.fill_bins`.
    columns : int
        Bins in a row.
    looks, far : (m, 2) int64 and (m,) float64
        Rows and columns away from a cell and the least distance in cells, nearest first, up to the reach.
    radii : (k,) int64
        Of the windows that tell how soon anything near a cell is; the last one is the margin.
    """

    start: I64
    items: I32
    columns: int
    looks: I64
    far: F64
    radii: I64


class SegmentIndex:
    """Straight pieces on a grid, with what depends on neither the origin nor the times.

    Parameters
    ----------
    grid : Grid
    shapes : (n, 5) float64
        See `describe_shapes`; this takes them over and may sort them.
    off_network : (m/s, s)
        Speed and longest time of the leg off the network.
    line : (n,) int, optional
        The polyline that each piece is of; default each is one.
    share : (points,) float64, optional
        Which share of the time of its polyline has passed at each point, polyline after polyline, each with a point
        more than pieces; default 0 and 1.
    few : bool
        Never take them for the dense ones.
    """

    def __init__(
        self,
        grid: Grid,
        shapes: F64,
        off_network: tuple[float, float],
        line: I32 | None = None,
        share: F64 | None = None,
        *,
        few: bool = False,
    ) -> None:
        self.grid, self.speed_ms, self.max_s = grid, *off_network
        self._uses = 0
        self._spare: list[tuple[F64, F64]] = []  # each is in one hand only, whichever threads ask
        self.shapes = shapes
        n = len(shapes)
        own = np.arange(n, dtype=np.int32)
        self.line = own if line is None else np.asarray(line, dtype=np.int32)
        self.share = np.tile([0.0, 1.0], n) if share is None else share
        self.point = own + self.line  # where each piece begins
        reach = self.reach_m
        self._looks = float((math.pi * reach * reach + 2 * reach * shapes[:, 4]).sum()) / grid.cell_area_m2
        self.is_dense = not few and self.are_many(grid.nx * grid.ny)
        if self.is_dense:
            # Neighbours lie side by side in memory. Sorted a column at a time: a copy of all is most of the memory.
            order = _sort_by_cell(grid, shapes)
            for column in range(shapes.shape[1]):
                shapes[:, column] = shapes[order, column]
            self.line, self.point = self.line[order], self.point[order]

    def are_many(self, n_cells: int) -> bool:
        """Return whether it takes less when so many cells look for the pieces than when these look for their cells."""
        return self._looks > _MOST_LOOKS * n_cells

    @property
    def reach_m(self) -> float:
        """How far from a piece a cell may lie that hears of it: the longest leg and two cells."""
        return self.speed_ms * self.max_s + 2 * self.grid.cell_m

    @cached_property
    def _bins(self) -> _Bins:
        from transit_model.surface.bin_kernels import fill_bins

        grid = self.grid
        margin = math.ceil(self.reach_m / grid.cell_m + 0.5)
        size = (grid.ny + 2 * margin, grid.nx + 2 * margin)
        corner = (grid.origin_x - margin * grid.cell_m, grid.origin_y - margin * grid.cell_m)
        start = np.zeros(size[0] * size[1] + 1, dtype=np.int64)
        where = (self.shapes, corner, grid.cell_m, size)
        total = fill_bins(*where, start, np.empty(0, dtype=np.int32))
        np.cumsum(start, out=start)
        items = np.zeros(max(total, 1), dtype=np.int32)
        if total:  # never empty: that would mean counting
            fill_bins(*where, start, items)
            start = np.concatenate([[0], start[:-1]])  # filling moved every start to the next
        looks, far = _list_looks(margin, self.reach_m / grid.cell_m)
        return _Bins(start, items, size[1], looks, far, _list_radii(margin))

    @cached_property
    def _lists(self) -> Listed:
        from transit_model.surface.offnetwork import list_nearest

        grid, bins = self.grid, self._bins
        x, y = grid.centres()
        n = grid.nx * grid.ny
        first = np.empty(n + 1, dtype=np.int64)
        piece, away = np.empty(n * _LISTED, dtype=np.int32), np.empty(n * _LISTED, dtype=np.float32)
        total = list_nearest(
            self.shapes,
            (bins.start, bins.items, bins.columns, int(bins.radii[-1])),
            (bins.looks, bins.far),
            grid.shape,
            (float(x[0]), float(y[0])),
            grid.cell_m,
            self.reach_m,
            _LISTED,
            (first, piece, away),
        )
        return first, piece[:total].copy(), away[:total].copy(), _LISTED

    def list_nearest(self) -> None:
        """List the nearest pieces of each cell now; else that is done when many surfaces have been made."""
        self._uses = max(self._uses, _USES_BEFORE_LISTS)

    def time(self, first_s: F64, last_s: F64, limit_s: float) -> tuple[F64, F64, Box | None]:
        """Return the times of the pieces as kernels want them, and the box of what begins within a limit.

        Parameters
        ----------
        first_s, last_s : (lines,) float64
            Seconds at the two ends of each polyline; one that is not finite is left out.
        limit_s : float

        Returns
        -------
        (n, 3) float64; (n,) float64; west, east, south, north in metres, None when there is nothing
        """
        from transit_model.surface.bin_kernels import time_pieces

        n = len(self.shapes)
        try:
            timed, earliest = self._spare.pop()
        except IndexError:
            timed, earliest = np.empty((n, 3)), np.empty(n)

        def do(some: slice) -> Box:
            course = (self.line[some], self.point[some], self.share)
            rule = (float(self.speed_ms), float(limit_s))
            return time_pieces(self.shapes[some], course, first_s, last_s, *rule, timed[some], earliest[some])

        threads = count_threads()
        if threads == 1 or n < _LEAST_AT_ONCE:
            boxes = [do(slice(n))]
        else:
            ends = np.linspace(0, n, threads + 1).astype(int).tolist()
            with ThreadPoolExecutor(threads) as pool:
                boxes = list(pool.map(do, [slice(*pair) for pair in pairwise(ends)]))
        picks = zip((min, max, min, max), zip(*boxes, strict=True), strict=True)
        west, east, south, north = (pick(column) for pick, column in picks)
        return timed, earliest, None if west > east else (west, east, south, north)

    def take_back(self, timed: F64, earliest: F64) -> None:
        """Take what `time` returned for the next surface: fresh memory costs more than to fill it."""
        if self.is_dense and not self._spare:
            self._spare.append((timed, earliest))

    def look_round(
        self, earliest: F64, part: Part, *, zoned: bool, beside: Sequence[tuple[SegmentIndex, F64]] = ()
    ) -> tuple[tuple[I64, I32, int, int], tuple[I64, F64], Listed, Soon]:
        """Return bins, looks, lists and soonest times of `offnetwork.gather`.

        `beside` are pieces of the same grid and rule with their earliest times: what is soonest near a cell may be one
        of them.
        """
        from transit_model.surface.bin_kernels import find_soonest

        bins = self._bins
        margin = int(bins.radii[-1])
        # The bins begin a margin before the grid, so those from a margin before the part are counted from its start.
        window = (part[0], part[1] + 2 * margin, part[2], part[3] + 2 * margin)
        soonest = np.empty((window[1] - window[0], window[3] - window[2]))
        find_soonest(earliest, bins.start, bins.items, bins.columns, window, soonest)
        for other, times in beside:
            own, others = other._bins, np.empty_like(soonest)
            find_soonest(times, own.start, own.items, own.columns, window, others)
            np.minimum(soonest, others, out=soonest)
        inner = (slice(margin, soonest.shape[0] - margin), slice(margin, soonest.shape[1] - margin))
        windows = np.stack([least[inner] for least in _find_least(soonest, bins.radii)])
        self._uses += 1
        small = not zoned and self.grid.nx * self.grid.ny <= _LISTED_CELLS  # lists know of no zones
        listed = self._lists if small and self._uses > _USES_BEFORE_LISTS else _NO_LISTS
        return (bins.start, bins.items, bins.columns, margin), (bins.looks, bins.far), listed, (
            soonest, windows, bins.radii,
        )  # fmt: skip


def describe_shapes(x0: F64, y0: F64, x1: F64, y1: F64) -> F64:
    """Return x0, y0, the unit vector and the length in metres of straight pieces, (n, 5); see `offnetwork`."""
    shapes = np.empty((len(x0), 5))
    shapes[:, 0], shapes[:, 1] = x0, y0
    ux, uy, length = shapes[:, 2], shapes[:, 3], shapes[:, 4]
    np.subtract(x1, x0, out=ux)
    np.subtract(y1, y0, out=uy)
    np.hypot(ux, uy, out=length)
    over = np.where(length > 0, length, 1.0)
    ux /= over
    uy /= over
    ux[~(length > 0)] = 1.0
    return shapes


def _sort_by_cell(grid: Grid, shapes: F64) -> I32:
    """Return the order of pieces by the cell of their middle."""
    cell = np.empty(len(shapes), dtype=np.int64 if grid.nx * grid.ny > np.iinfo(np.int32).max else np.int32)
    for part in range(0, len(shapes), _CHUNK):
        some = shapes[part : part + _CHUNK]
        row, column, _ = grid.locate(*(some[:, :2] + some[:, 2:4] * some[:, 4:] / 2).T)
        cell[part : part + _CHUNK] = row * grid.nx + column
    return np.argsort(cell, kind="stable").astype(np.int32)


def _list_looks(margin: int, reach_cells: float) -> tuple[I64, F64]:
    """Return the bins round a cell that are not beyond reach, nearest first: rows and columns on, least distance."""
    steps = np.arange(-margin, margin + 1)
    looks = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 2)
    far = np.hypot(*np.maximum(np.abs(looks) - 0.5, 0.0).T)
    order = np.argsort(far, kind="stable")
    order = order[far[order] <= reach_cells + 1e-5]
    return looks[order], far[order]


def _list_radii(margin: int) -> I64:
    """Return the radii of windows, each at most three times the one before and one more."""
    radii = [min(1, margin), min(2, margin)]
    while radii[-1] < margin:
        radii.append(min(3 * radii[-1] + 1, margin))
    return np.array(radii, dtype=np.int64)


def _find_least(field: F64, radii: I64) -> list[F64]:
    """Return the least of the square round each place, one array a radius; right a radius away from the outline."""
    out, had = [], 0
    for radius in radii.tolist():
        # squares of the last radius, side by side, make the next
        shifts = range(-radius, radius + 1) if had == 0 else (had - radius, 0, radius - had)
        for axis in (0, 1):
            field = _least_of_shifts(field, axis, [s for s in shifts if s])
        out.append(field)
        had = radius
    return out


def _least_of_shifts(field: F64, axis: int, shifts: list[int]) -> F64:
    out = field.copy()
    for shift in shifts:
        to = [slice(None), slice(None)]
        source = [slice(None), slice(None)]
        to[axis] = slice(max(-shift, 0), field.shape[axis] - max(shift, 0))
        source[axis] = slice(max(shift, 0), field.shape[axis] - max(-shift, 0))
        np.minimum(out[tuple(to)], field[tuple(source)], out=out[tuple(to)])
    return out
