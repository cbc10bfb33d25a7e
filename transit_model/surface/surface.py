"""Time to every cell of the grid: network time where the network may be left, then straight across country."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError, Issue
from transit_model.surface.grid import Grid
from transit_model.surface.line_shares import share_out
from transit_model.surface.reach_cells import Extent, TimedPieces, cut_pieces, reach_cells
from transit_model.surface.segment_index import Box, Part, SegmentIndex, describe_shapes
from transit_model.surface.source_checks import check_sources

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
_CHUNK = 200_000  # pieces at once


@dataclass(frozen=True, eq=False)
class EdgeTimes:
    """Straight pieces of links that may be left anywhere along them, with the time growing linearly.

    Attributes
    ----------
    x0, y0, x1, y1 : (n,) float64, metres in the CRS of the grid
    t0_s, t1_s : (n,) float64, seconds at the two ends
        Forward (from the origin): `t0_s` the time at the tail, `t1_s` = `t0_s` + the time of this piece, even
        where the head is reached sooner another way. Reverse (to the origin): `t1_s` the time from the head,
        `t0_s` = `t1_s` + the time of this piece. A two-way link is two rows.
    """

    x0: F64
    y0: F64
    x1: F64
    y1: F64
    t0_s: F64
    t1_s: F64

    def __len__(self) -> int:
        return len(self.x0)


@dataclass(frozen=True, eq=False)
class Surface:
    """Time from one origin (or to it) for every cell centre; row 0 is the south.

    Attributes
    ----------
    grid : Grid
    time_s : (ny, nx) float64
        Seconds, `inf` where unreached.
    edge_s : (ny, nx) float64
        Off-network seconds to the nearest position that may be left, minus the cap: at most 0 where reached, above
        0 beyond the cap. It places the rim of the reached area; `inf` far away and behind a barrier.
    beyond_s : (ny, nx) float64
        Time as if the cap did not bind, within two cells outside it; `inf` elsewhere. Used on the rim only.
    off_network_speed_ms, off_network_max_s : float
    origin : (x, y) in metres or None
        Where the trip starts, when that is one point.
    """

    grid: Grid
    time_s: F64
    edge_s: F64
    beyond_s: F64
    off_network_speed_ms: float
    off_network_max_s: float
    origin: tuple[float, float] | None = None


class Courses:
    """Polylines that links follow; cut into straight pieces once, timed as often as wanted.

    Parameters
    ----------
    ptr : (n + 1,) int
        Polyline ``i`` has the points ``ptr[i]:ptr[i + 1]`` (at least two).
    x, y : (ptr[-1],) float, metres
    share : (ptr[-1],) float64, optional
        The attribute, where it is known already.

    Attributes
    ----------
    share : (ptr[-1],) float64
        Of the length of its polyline that lies before each point.

    Raises
    ------
    InputError
        When the arrays do not fit together.
    """

    def __init__(self, ptr: npt.ArrayLike, x: npt.ArrayLike, y: npt.ArrayLike, *, share: F64 | None = None) -> None:
        starts = np.asarray(ptr, dtype=np.int64)
        self.x, self.y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        counts = np.diff(starts)
        if len(starts) == 0 or starts[0] != 0 or starts[-1] != len(self.x) or len(self.x) != len(self.y):
            raise InputError("the pointer of the polylines must run from 0 to the number of points")
        if np.any(counts < 2):
            raise InputError("polylines need at least two points")
        self.ptr, self.n = starts, len(counts)
        if share is None:
            share = share_out(starts, self.x, self.y, np.repeat(np.arange(self.n), counts))
        self.share = share
        # The pieces are not laid out: one whole number each instead of six floats, on millions of pieces.
        self._line = np.repeat(np.arange(self.n, dtype=np.int32), counts - 1)

    def take(self, lines: I64) -> Courses:
        """Return some of the polylines."""
        counts = self.ptr[lines + 1] - self.ptr[lines]
        ptr = np.concatenate([[0], np.cumsum(counts)])
        at = np.repeat(self.ptr[lines] - ptr[:-1], counts) + np.arange(ptr[-1])
        return Courses(ptr, self.x[at], self.y[at], share=self.share[at])

    def join(self, other: Courses) -> Courses:
        """Return these polylines and behind them others."""
        ptr = np.concatenate([self.ptr, self.ptr[-1] + other.ptr[1:]])
        columns = ((self.x, other.x), (self.y, other.y), (self.share, other.share))
        x, y, share = (np.concatenate(pair) for pair in columns)
        return Courses(ptr, x, y, share=share)

    def _find_first(self, pieces: I64) -> I64:
        """Return the point that each of some pieces begins at: every polyline before has one more point than pieces."""
        first: I64 = pieces + self._line[pieces]
        return first

    def _cut_out(self, first: I64) -> tuple[F64, F64, F64, F64]:
        """Return x0, y0, x1 and y1 in metres of the pieces that begin at some points."""
        return self.x[first], self.y[first], self.x[first + 1], self.y[first + 1]

    def _cut_chunks(self) -> Iterator[tuple[slice, tuple[F64, F64, F64, F64]]]:
        """Yield all pieces, some at once: which they are, and their ends."""
        for part in range(0, len(self._line), _CHUNK):
            pieces = np.arange(part, min(part + _CHUNK, len(self._line)))
            yield slice(part, part + _CHUNK), self._cut_out(self._find_first(pieces))

    def build(self, t0_s: npt.ArrayLike, t1_s: npt.ArrayLike) -> EdgeTimes:
        """Return the pieces, the time shared out by length.

        Parameters
        ----------
        t0_s, t1_s : (n,) float, seconds at the first and last point
            Polylines with a time that is not finite are left out.
        """
        first, last = np.asarray(t0_s, dtype=np.float64), np.asarray(t1_s, dtype=np.float64)
        if not len(first) == len(last) == self.n:
            raise InputError("polylines need one start and end time each")
        pieces = np.flatnonzero((np.isfinite(first) & np.isfinite(last))[self._line])
        line, points = self._line[pieces], self._find_first(pieces)
        start, growth = first[line], (last[line] - first[line])
        low, high = self.share[points], self.share[points + 1]
        return EdgeTimes(*self._cut_out(points), start + low * growth, start + high * growth)

    def list_pieces(self, lines: Bool) -> tuple[F64, F64, F64, F64]:
        """Return x0, y0, x1 and y1 in metres of the pieces of some polylines, marked in an array (n,)."""
        return self._cut_out(self._find_first(np.flatnonzero(lines[self._line])))

    def list_between(self, step_m: float) -> F64:
        """Return the points that cut pieces longer than `step_m` into equal parts no longer than that, (n, 2)."""
        out = [np.zeros((0, 2))]
        for _, (x0, y0, x1, y1) in self._cut_chunks():
            n = np.ceil(np.hypot(x1 - x0, y1 - y0) / step_m).astype(np.int64)
            between = np.maximum(n - 1, 0)
            piece = np.repeat(np.arange(len(n)), between)
            nth = np.arange(len(piece)) - np.repeat(np.cumsum(between) - between, between) + 1
            share = nth / n[piece]
            out.append(np.column_stack([a[piece] + (b - a)[piece] * share for a, b in ((x0, x1), (y0, y1))]))
        return np.concatenate(out)

    def lay(self, grid: Grid, off_network: tuple[float, float], *, few: bool = False) -> SegmentIndex:
        """Return the pieces laid on a grid; see `RoadSegments`."""
        shapes = np.empty((len(self._line), 5))
        for at, ends in self._cut_chunks():
            shapes[at] = describe_shapes(*ends)
        return SegmentIndex(grid, shapes, off_network, self._line, self.share, few=few)


class RoadSegments:
    """Polylines laid on a grid, for many surfaces by one rule: what does not hang on times is worked out once.

    Parameters
    ----------
    courses : Courses
    grid : Grid
    off_network_speed_ms, off_network_max_s : float
        As of `compute_surface`.
    beside : bool
        They are a few more roads beside dense ones, and count as if they were among these.
    """

    def __init__(
        self,
        courses: Courses,
        grid: Grid,
        off_network_speed_ms: float,
        off_network_max_s: float,
        *,
        beside: bool = False,
    ) -> None:
        self.courses, self.grid, self.beside = courses, grid, beside
        self.rule = (float(off_network_speed_ms), float(off_network_max_s))
        self.pieces = courses.lay(grid, self.rule, few=beside)

    def expect_many(self) -> None:
        """Prepare for many surfaces: they take less each. Without this the roads find out by themselves."""
        self.pieces.list_nearest()

    def time(self, t0_s: npt.ArrayLike, t1_s: npt.ArrayLike) -> TimedRoads:
        """Return the roads with times, as `Courses.build` shares them out.

        Raises
        ------
        InputError
            When there is not one start and end time for each polyline, or one is below 0.
        """
        first, last = np.asarray(t0_s, dtype=np.float64), np.asarray(t1_s, dtype=np.float64)
        if not len(first) == len(last) == self.courses.n:
            raise InputError("polylines need one start and end time each")
        if (first < 0).any() or (last < 0).any():
            raise InputError("polylines need times of 0 s or more, inf for unreached")
        return TimedRoads(self, first, last)


@dataclass(frozen=True, eq=False)
class TimedRoads:
    """Laid roads with seconds at the first and last point of each polyline; not finite where it is left out."""

    roads: RoadSegments
    t0_s: F64
    t1_s: F64


class Exits(NamedTuple):
    """Positions that may be left: ordinary nodes, interchanges, stations; the caller drops the others.

    Attributes
    ----------
    x, y : (n,) float, metres in the CRS of the grid
    time_s : (n,) float
        Network time there in seconds; positions with `inf` are ignored.
    """

    x: npt.ArrayLike
    y: npt.ArrayLike
    time_s: npt.ArrayLike


def compute_surface(
    grid: Grid,
    exits: Exits,
    *,
    off_network_speed_ms: float,
    off_network_max_s: float,
    edges: EdgeTimes | TimedRoads | Sequence[TimedRoads] | None = None,
    origin: tuple[float, float] | None = None,
    zones: npt.NDArray[np.int32] | None = None,
    limit_s: float | Extent | Part = math.inf,
) -> Surface:
    """Compute the time to every cell centre in seconds.

    The time of a cell is the least, over positions that may be left within the cap, of network time + straight
    distance / off-network speed. Exact for positions and for link pieces (see `offnetwork`); it does not depend on
    the cutoffs drawn later, nor on the order of the positions.

    Parameters
    ----------
    grid : Grid
    exits : Exits
    off_network_speed_ms : float
        Speed away from the network in metres per second.
    off_network_max_s : float
        Longest off-network leg in seconds.
    edges : EdgeTimes, TimedRoads or sequence of TimedRoads, optional
        Link pieces that may be left anywhere along them (no motorways, no railways); of several laid roads at most one
        dense.
    origin : (x, y), optional
        Start of the trip; it is itself left at 0 s, so that one can go across country without any network.
    zones : (ny, nx) int32, optional
        Sides of barriers for the off-network leg (rivers without a bridge): a position serves only cells with the
        number of its own cell; -1 is ground nobody crosses.
    limit_s : float, Extent or Part
        Cells later than this may be left out (`inf`), which spares work on a large network. Rings up to the limit
        less the time across one cell are the same to the bit, and so are the times of the cells of an `Extent`. To a
        `Part` (first and last row and column, the last excluded) the grid of the surface is cut, however late its cells
        are; its sources are not dense.

    Returns
    -------
    Surface

    Raises
    ------
    InputError
        With all issues: shapes that do not fit, values that are no numbers, negative times, a speed not above 0,
        roads laid on another grid or by another rule.
    """
    xs, ys, ts = (np.asarray(v, dtype=np.float64).ravel() for v in exits)
    rule = (float(off_network_speed_ms), float(off_network_max_s))
    roads = [edges] if isinstance(edges, TimedRoads) else [] if edges is None or isinstance(edges, EdgeTimes) else edges
    pieces = edges if isinstance(edges, EdgeTimes) else EdgeTimes(*(np.empty(0) for _ in range(6)))
    arrays = (pieces.x0, pieces.y0, pieces.x1, pieces.y1, pieces.t0_s, pieces.t1_s)
    issues = check_sources((xs, ys, ts), arrays, rule)
    if zones is not None and zones.shape != grid.shape:
        issues.append(Issue("bad_zones", "error", f"zones must have the shape {grid.shape}", field="zones"))
    if any((r.roads.grid, r.roads.rule) != (grid, rule) for r in roads):
        issues.append(Issue("other_grid", "error", "roads are laid on another grid or by another rule", field="edges"))
    if issues:
        raise InputError(issues)
    if origin is not None:
        xs, ys, ts = np.append(xs, origin[0]), np.append(ys, origin[1]), np.append(ts, 0.0)
    use = np.isfinite(ts)
    xs, ys, ts = xs[use], ys[use], ts[use]
    if roads and zones is not None:
        built = [r.roads.courses.build(r.t0_s, r.t1_s) for r in roads]
        parts = [[getattr(one, field.name) for one in built] for field in fields(EdgeTimes)]
        pieces, roads = EdgeTimes(*(np.concatenate(part) for part in parts)), []
    if roads:
        sources = [
            TimedPieces(SegmentIndex(grid, describe_shapes(xs, ys, xs, ys), rule, few=True), ts, ts),
            *(TimedPieces(r.roads.pieces, r.t0_s, r.t1_s, beside=r.roads.beside) for r in roads),
        ]
    else:
        ends = ((xs, pieces.x0), (ys, pieces.y0), (xs, pieces.x1), (ys, pieces.y1))
        columns = [np.concatenate(pair) for pair in (*ends, (ts, pieces.t0_s), (ts, pieces.t1_s))]
        if zones is not None:  # each piece must lie in the zone of one cell
            columns = cut_pieces(columns, grid.cell_m / 2)
        sources = [TimedPieces(SegmentIndex(grid, describe_shapes(*columns[:4]), rule), columns[4], columns[5])]
    time, near, beyond = reach_cells(grid, sources, limit=limit_s, zones=zones)
    near /= rule[0]
    near -= rule[1]
    own = grid.cut(slice(*limit_s[:2]), slice(*limit_s[2:])) if isinstance(limit_s, tuple) else grid
    return Surface(own, time, near, beyond, *rule, origin)


def find_boxes(exits: Exits, roads: Sequence[TimedRoads], limit_s: float) -> list[Box]:
    """Return boxes that hold all that may be left up to a limit: west, east, south and north end in metres."""
    x, y, time_s = (np.asarray(v, dtype=np.float64).ravel() for v in exits)
    soon = time_s <= limit_s
    boxes = [r.roads.pieces.time(r.t0_s, r.t1_s, limit_s)[2] for r in roads]
    if soon.any():
        x, y = x[soon], y[soon]
        boxes.append((float(x.min()), float(x.max()), float(y.min()), float(y.max())))
    return [box for box in boxes if box is not None]


def combine_surfaces(surfaces: Sequence[Surface], *, latest: bool = False, onto: Surface | None = None) -> Surface:
    """Return the faster of several surfaces of one grid cell by cell (mode `best`, or the union of origins).

    With `latest` the slower one (the intersection of origins). The result takes the arrays of `onto`, one of the
    surfaces that nobody needs afterwards, in place of new ones.

    Raises
    ------
    InputError
        When there is none, or grids or off-network rules differ.
    """
    if not surfaces:
        raise InputError("no surface to combine")
    first = surfaces[0]
    rule = (first.grid, first.off_network_speed_ms, first.off_network_max_s)
    if any((s.grid, s.off_network_speed_ms, s.off_network_max_s) != rule for s in surfaces[1:]):
        raise InputError("surfaces of different grids or off-network rules cannot be combined")
    same_origin = all(s.origin == first.origin for s in surfaces)
    take = np.maximum if latest else np.minimum
    # beyond one cap and within another, the time there is the one that counts
    beyond = [np.where(np.isfinite(s.time_s), s.time_s, s.beyond_s) if latest else s.beyond_s for s in surfaces]
    layers = ([s.time_s for s in surfaces], [s.edge_s for s in surfaces], beyond)
    if onto is None:
        time_s, edge_s, beyond_s = (functools.reduce(take, some) for some in layers)
    else:
        # its own arrays come first, so that none is written to before it is read
        at = next(i for i, s in enumerate(surfaces) if s is onto)
        time_s, edge_s, beyond_s = onto.time_s, onto.edge_s, onto.beyond_s
        for out, some in zip((time_s, edge_s, beyond_s), layers, strict=True):
            functools.reduce(functools.partial(take, out=out), [some[at], *some[:at], *some[at + 1 :]])
    return replace(first, time_s=time_s, edge_s=edge_s, beyond_s=beyond_s, origin=first.origin if same_origin else None)


def sample_surface(surface: Surface, x: npt.ArrayLike, y: npt.ArrayLike) -> F64:
    """Return the time in seconds of the cell under each point (metres); `inf` outside the grid.

    The centre of the cell stands for the point: off by at most half a cell diagonal over the off-network speed.
    """
    row, column, inside = surface.grid.locate(x, y)
    return np.where(inside, surface.time_s[row, column], math.inf)
