"""The certificate of a comparison (design 7): the differences are those of the edit, and of nothing else.

1. *Null edit*: the base built a second time from its files has the same times, to the bit.
2. *Improvement only*: where every road, train and stop of the base is kept and none made slower, no cell and no pair
   is slower. Of rail and bus this is claimed while the roads stay as they are: a ride that a quicker road spares is no
   ride (`drop_detours`).
3. *Untouched*: a cell that no changed piece of road is near enough to reach has the same time, to the bit; likewise
   every cell and pair of a mode whose inputs are the same.

All modes, readings and percentiles that tables show are checked pair by pair, all that maps show cell by cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import (
    PARTS,
    Mode,
    Reading,
)
from transit_model.domain.place import Place
from transit_model.errors import Issue, NetworkError
from transit_model.indicators.change import settle_times
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.network.model import Network
from transit_model.surface.grid import Grid
from transit_model.surface.surface import EdgeTimes
from transit_model.units import S_PER_MIN, kmh_to_ms, min_to_s

F64 = npt.NDArray[np.float64]
Cells = npt.NDArray[np.bool_]
_MINUTES = ("p10", "minutes", "p90")
"""Columns of times in an OD table: tables show these percentiles."""
_NAMED = 5
_CELL_MARGIN = 1.5
"""Cells beside a piece of road: half a diagonal for the cell, and one cell for the raster of the piece."""


@dataclass
class Certificate:
    """What was checked and what failed; filled surface by surface.

    Attributes
    ----------
    improvement_only : bool or None
        None when the scenario itself was not at hand.
    improved : frozenset of Mode
        Modes that an edit which only improves must not slow, see `list_improved_modes`.
    worsened_cells, worsened_pairs : int
        Of these modes; those of the others stand in `kinds`.
    kinds : dict
        Mode and reading to what was checked of it: cells and pairs, and how many got slower or were untouched.
    untouched_cells, untouched_pairs : int
        How many cells and pairs could be seen to be untouched, and were compared to the bit.
    failures : list of Issue
        Empty when the comparison is sound.
    """

    grid: Grid
    improvement_only: bool | None = None
    improved: frozenset[Mode] = frozenset(Mode)
    null_edit_max_s: float = 0.0
    worsened_cells: int = 0
    worsened_pairs: int = 0
    untouched_identical: bool = True
    untouched_cells: int = 0
    untouched_pairs: int = 0
    kinds: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    failures: list[Issue] = field(default_factory=list)

    @property
    def measured_on(self) -> list[str]:
        """Modes and readings whose cells were compared."""
        return [f"{mode}/{reading}" for (mode, reading), entry in self.kinds.items() if entry["cells"]]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON contract form (design 8)."""
        names = ("null_edit_max_s", "worsened_cells", "untouched_identical", "improvement_only")
        more = ("untouched_cells", "untouched_pairs", "worsened_pairs", "measured_on")
        return {**{name: getattr(self, name) for name in (*names, *more)}, "by_kind": list(self.kinds.values())}

    def add_surface(
        self, what: str, kind: tuple[Mode, Reading], first: F64, again: F64, third: F64, touched: Cells | None = None
    ) -> None:
        """Check one surface: base, base built again, scenario, and the cells the edit may touch, all (ny, nx)."""
        entry = self._get_kind(kind[0].value, kind[1].value)
        entry["cells"] += first.size
        difference = find_largest_difference(first, again)
        self.null_edit_max_s = max(self.null_edit_max_s, difference)
        if difference > 0:
            self._fail("null_edit", f"{what}: the base built twice differs in", first != again)
        changed = first != third
        any_changed = bool(changed.any())
        if any_changed:
            worse = settle_times(first, third) > first
            self.worsened_cells += int(np.count_nonzero(worse)) if kind[0] in self.improved else 0
            entry["worsened_cells"] += int(np.count_nonzero(worse))
            if entry["improvement_only"] and worse.any():
                self._fail("improvement_worsens", f"{what}: an edit that only improves makes slower", worse)
        self.untouched_identical &= difference == 0
        if touched is not None:
            untouched = touched.size - int(np.count_nonzero(touched))
            self.untouched_cells += untouched
            entry["untouched_cells"] += untouched
            broken = changed & ~touched if any_changed else changed
            if broken.any():
                self.untouched_identical = False
                self._fail("untouched_changed", f"{what}: far from any change there are changes in", broken)

    def add_same_surface(self, kind: tuple[Mode, Reading]) -> None:
        """Count a surface whose inputs are the same to the bit in base, base built again and scenario."""
        entry = self._get_kind(kind[0].value, kind[1].value)
        n_cells = self.grid.nx * self.grid.ny
        entry["cells"] += n_cells
        entry["untouched_cells"] += n_cells
        self.untouched_cells += n_cells

    def add_pairs(
        self,
        base: pd.DataFrame,
        scenario: pd.DataFrame,
        same: Sequence[tuple[Mode, Reading]],
        again: pd.DataFrame | None = None,
    ) -> None:
        """Check the OD rows: p10, median and p90 of every mode and reading.

        `same` are the modes and readings whose inputs are the same in both, `again` the rows of the base built again.
        """
        names = [c for c in _MINUTES if c in base.columns and c in scenario.columns]
        both = _join_od(base, scenario, names)
        same_kinds = {(m.value, r.value) for m, r in same}
        if again is not None:
            repeated = _join_od(base, again, names)
            for name in names:
                difference = find_largest_difference(*_read_seconds(repeated, name))
                self.null_edit_max_s = max(self.null_edit_max_s, difference)
                if difference > 0:
                    self._fail_pairs("null_edit", "the base built twice differs", repeated[_differ(repeated, name)])
        for (mode, reading), rows in both.groupby(["mode", "reading"], sort=False):
            kind = str(mode), str(reading)
            entry = self._get_kind(*kind)
            entry["pairs"] += len(rows)
            if kind in same_kinds:
                self.untouched_pairs += len(rows)
                entry["untouched_pairs"] += len(rows)
                broken = rows[np.logical_or.reduce([_differ(rows, name) for name in names])]
                if len(broken):
                    self.untouched_identical = False
                    self._fail_pairs("untouched_changed", "changed although nothing they depend on did", broken)
            slower = np.zeros(len(rows), dtype=bool)
            for name in names:
                before_s, after_s = _read_seconds(rows, name)
                slower |= settle_times(before_s, after_s) > before_s
            entry["worsened_pairs"] += int(slower.sum())
            self.worsened_pairs += int(slower.sum()) if kind[0] in self.improved else 0
            # the least of several modes has the spread of the one it is, so only its median is ordered
            claimed = settle_times(*_read_seconds(rows, "minutes")) > _read_seconds(rows, "minutes")[0]
            claimed = claimed if kind[0] == Mode.BEST else slower
            if entry["improvement_only"] and claimed.any():
                self._fail_pairs("improvement_worsens", "an edit that only improves makes slower", rows[claimed])

    def check(self) -> None:
        """Raise when something failed.

        Raises
        ------
        NetworkError
            With one issue a failure, each naming cells by the lon,lat of their centres.
        """
        if self.failures:
            raise NetworkError(self.failures)

    def _get_kind(self, mode: str, reading: str) -> dict[str, Any]:
        """Return what is told of a mode and reading, begun when it is first seen."""
        if (mode, reading) not in self.kinds:
            claimed = self.improvement_only and Mode(mode) in self.improved
            counts = ("cells", "pairs", "worsened_cells", "worsened_pairs", "untouched_cells", "untouched_pairs")
            about = {"mode": mode, "reading": reading, "improvement_only": claimed}
            self.kinds[mode, reading] = {**about, **dict.fromkeys(counts, 0)}
        return self.kinds[mode, reading]

    def _fail_pairs(self, code: str, message: str, rows: pd.DataFrame) -> None:
        named = "; ".join(f"{r['from']} - {r['to']} {r['mode']}" for r in rows.head(_NAMED).to_dict("records"))
        hint = "this is a fault of the model, not of your files: please report it with the two scenarios"
        message = f"{len(rows)} pairs: {message}"
        self.failures.append(Issue(code, "error", message, field="od", value=named, hint=hint))

    def _fail(self, code: str, message: str, cells: Cells) -> None:
        rows, columns = np.nonzero(cells)
        x, y = self.grid.centres()
        lon, lat = self.grid.unproject(x[columns[:_NAMED]], y[rows[:_NAMED]])
        named = "; ".join(f"{a:.4f},{b:.4f}" for a, b in zip(lon, lat, strict=True))
        hint = "this is a fault of the model, not of your files: please report it with the two scenarios"
        self.failures.append(
            Issue(code, "error", f"{message} {len(rows)} cells", field="cells", value=named, hint=hint)
        )


def _join_od(base: pd.DataFrame, other: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    keys = ["from", "to", "mode", "reading"]
    return base[[*keys, *names]].merge(other[[*keys, *names]], on=keys, suffixes=("", "_other"))


def _read_seconds(rows: pd.DataFrame, name: str) -> tuple[F64, F64]:
    """Return a percentile before and after in seconds; 0 in both where one has none (no distribution)."""
    before, after = (rows[n].to_numpy(dtype=np.float64) * S_PER_MIN for n in (name, f"{name}_other"))
    none = np.isnan(before) | np.isnan(after)
    return np.where(none, 0.0, before), np.where(none, 0.0, after)


def _differ(rows: pd.DataFrame, name: str) -> Cells:
    before_s, after_s = _read_seconds(rows, name)
    differ: Cells = before_s != after_s
    return differ


def find_largest_difference(first: F64, second: F64) -> float:
    """Return the largest difference in seconds, inf when different cells are reached."""
    if np.array_equal(first, second):
        return 0.0
    both = np.isfinite(first) & np.isfinite(second)
    if not np.array_equal(np.isfinite(first), np.isfinite(second)):
        return float("inf")
    return float(np.abs(first[both] - second[both]).max(initial=0.0))


def find_touched_cells(
    grid: Grid,
    base: F64,
    scenario: F64,
    reach_m: float,
    points: tuple[F64, F64] = (np.zeros(0), np.zeros(0)),
) -> Cells:
    """Return the cells within reach of a piece of road that is new, gone, or reached at another time, (ny, nx).

    Parameters
    ----------
    base, scenario : (n, 7) float64
        From `stack_edges`.
    reach_m : float
        How far one travels off the network at most.
    points : (x, y), optional
        Nodes and stations that are reached at another time, or may be.
    """
    _, x0, y0, x1, y1, _, _ = find_rows_of_one(base, scenario).T
    marked = np.zeros(grid.shape, dtype=bool)
    steps = np.maximum(np.ceil(np.hypot(x1 - x0, y1 - y0) / grid.cell_m), 1).astype(np.int64)
    piece = np.repeat(np.arange(len(steps)), steps + 1)
    nth = np.arange(len(piece)) - np.repeat(np.cumsum(steps + 1) - (steps + 1), steps + 1)
    share = nth / steps[piece]
    rows, columns, inside = grid.locate(x0[piece] + share * (x1 - x0)[piece], y0[piece] + share * (y1 - y0)[piece])
    marked[rows[inside], columns[inside]] = True
    rows, columns, inside = grid.locate(*points)
    marked[rows[inside], columns[inside]] = True
    if not marked.any():
        return marked
    return spread_marks(marked, reach_m / grid.cell_m + _CELL_MARGIN)


def spread_marks(marked: Cells, far: float) -> Cells:
    """Return the cells (ny, nx) whose centre is at most `far` cells from that of a marked one."""
    from transit_model.surface.bin_kernels import spread_squares

    n_rows, n_columns = marked.shape
    centres = np.argwhere(marked)[:, ::-1].astype(np.float64)
    squares = np.full(marked.shape, np.inf)
    x, y = np.arange(n_columns, dtype=np.float64), np.arange(n_rows, dtype=np.float64)
    spread_squares(np.ascontiguousarray(centres), x, y, 1.0, float(far), squares)
    near: Cells = squares <= far * far
    return near


def find_changed_points(
    base: SurfaceBuilder, scenario: SurfaceBuilder, place: Place, mode: Mode, reading: Reading
) -> tuple[F64, F64]:
    """Return grid x and y of the road nodes reached at another time, and of all stops when one rides.

    A node may be reached by train where no road of the network is, so the pieces of road do not hold all nodes.
    """
    lon_lat: set[tuple[float, float]] = set()
    for part in PARTS[mode]:
        before, after = (_read_node_times(m, place, part, reading) for m in (base, scenario))
        lon_lat |= {at for at, _ in before.items() ^ after.items()}
    if mode is not Mode.ROAD:
        for builder in (base, scenario):
            stops = builder.session.network.feed.stops[["stop_lon", "stop_lat"]].astype("float64").dropna()
            lon_lat |= set(stops.itertuples(index=False, name=None))
    if base.reach_on_foot(place) != scenario.reach_on_foot(place):
        lon_lat.add((place.at.lon, place.at.lat))  # walkers round the place itself
    points = np.array(sorted(lon_lat), dtype=np.float64).reshape(-1, 2)
    x, y = base.grid.project(points[:, 0], points[:, 1])
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def _read_node_times(
    builder: SurfaceBuilder, place: Place, part: Mode, reading: Reading
) -> dict[tuple[float, float], float]:
    """Return the least time at each point that holds a node one may leave, the reached ones only."""
    if part is not Mode.ROAD and not builder.session.has_service(part):
        return {}
    arrays = builder.session.roads(reading).arrays
    node_s = builder.get_node_s(place, part, reading, 0.5)
    ok = arrays.may_leave & np.isfinite(node_s)
    out: dict[tuple[float, float], float] = {}
    for lon, lat, time_s in zip(arrays.lon[ok].tolist(), arrays.lat[ok].tolist(), node_s[ok].tolist(), strict=True):
        out[lon, lat] = min(time_s, out.get((lon, lat), np.inf))
    return out


def compute_reach_m(network: Network) -> float:
    """Return how far one travels off the network at most, on wheels or on foot, in metres."""
    a = network.assumptions
    return max(kmh_to_ms(a.off_network_speed_kmh) * min_to_s(a.off_network_max_min), a.walk_max_m)


def stack_edges(edges: Sequence[tuple[Mode, bool, EdgeTimes]]) -> F64:
    """Return pieces of road as rows of kind, x0, y0, x1, y1, t0_s and t1_s, (n, 7)."""
    parts = []
    for mode, motorway, e in edges:
        kind = np.full(len(e), float(list(Mode).index(mode) * 2 + motorway))
        parts.append(np.column_stack([kind, e.x0, e.y0, e.x1, e.y1, e.t0_s, e.t1_s]))
    return np.concatenate(parts) if parts else np.zeros((0, 7))


def find_rows_of_one(first: F64, second: F64) -> F64:
    """Return the rows, equal to the bit or not at all, that only one of two tables has; (n, columns)."""
    kinds = [np.ascontiguousarray(t + 0.0).view(f"V{t.shape[1] * 8}").ravel() for t in (first, second)]
    alone = [t[~np.isin(own, other)] for t, own, other in ((first, *kinds), (second, *kinds[::-1]))]
    return np.concatenate(alone)
