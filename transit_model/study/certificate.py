"""The certificate of a comparison (design 7): the differences are those of the edit, and of nothing else.

1. *Null edit*: the base built a second time from its files has the same times, to the bit. Pairs are measured a second
   time, by every mode and reading; of cells it is enough where the second base has the same inputs to the bit: roads,
   where they lie, timetable, places and assumptions.
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

from transit_model.domain.modes import Mode, Reading
from transit_model.errors import Issue
from transit_model.indicators.change import settle_times
from transit_model.surface.grid import Grid
from transit_model.units import S_PER_MIN

F64 = npt.NDArray[np.float64]
Cells = npt.NDArray[np.bool_]
_MINUTES = ("p10", "minutes", "p90")
"""Columns of times in an OD table: tables show these percentiles."""
_NAMED = 5


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
        """Return the JSON contract form (design 8); ``failures`` is there when something failed."""
        names = ("null_edit_max_s", "worsened_cells", "untouched_identical", "improvement_only")
        more = ("untouched_cells", "untouched_pairs", "worsened_pairs", "measured_on")
        failed = {"failures": [issue.as_dict() for issue in self.failures]} if self.failures else {}
        return {
            **{name: getattr(self, name) for name in (*names, *more)},
            "by_kind": list(self.kinds.values()),
            **failed,
        }

    def add_surface(
        self,
        what: str,
        kind: tuple[Mode, Reading],
        times: tuple[F64, F64, F64],
        touched: Cells | None = None,
        known: Cells | None = None,
    ) -> None:
        """Check one surface: times in base, base built again and scenario, and the cells the edit may touch.

        All (ny, nx). With `known` only these cells are counted: the others are `inf` in all three.
        """
        first, again, third = times
        entry = self._get_kind(kind[0].value, kind[1].value)
        entry["cells"] += first.size if known is None else int(np.count_nonzero(known))
        difference = find_largest_difference(first, again)
        self.null_edit_max_s = max(self.null_edit_max_s, difference)
        if difference > 0:
            other = first != again
            n = np.count_nonzero(other)
            self._fail("null_edit", f"{what}: the base built twice differs in {n} cells", other)
        changed = np.zeros(first.shape, dtype=bool) if first is third else first != third
        any_changed = bool(changed.any())
        if any_changed:
            worse = settle_times(first, third) > first
            self.worsened_cells += int(np.count_nonzero(worse)) if kind[0] in self.improved else 0
            entry["worsened_cells"] += int(np.count_nonzero(worse))
            if entry["improvement_only"] and worse.any():
                n = np.count_nonzero(worse)
                self._fail("improvement_worsens", f"{what}: an edit that only improves makes slower {n} cells", worse)
        self.untouched_identical &= difference == 0
        if touched is not None:
            left = ~touched if known is None else known & ~touched
            untouched = int(np.count_nonzero(left))
            self.untouched_cells += untouched
            entry["untouched_cells"] += untouched
            broken = changed & ~touched if any_changed else changed
            if broken.any():
                self.untouched_identical = False
                n = np.count_nonzero(broken)
                self._fail("untouched_changed", f"{what}: far from any change there are changes in {n} cells", broken)

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
                    other = repeated[_differ(repeated, name)]
                    self._fail_pairs("null_edit", f"{len(other)} pairs: the base built twice differs", other)
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
                    self._fail_pairs(
                        "untouched_changed", f"{len(broken)} pairs: changed although nothing they depend on did", broken
                    )
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
                n = np.count_nonzero(claimed)
                self._fail_pairs(
                    "improvement_worsens", f"{n} pairs: an edit that only improves makes slower", rows[claimed]
                )

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
        self.failures.append(Issue(code, "error", message, field="od", value=named, hint=hint))

    def _fail(self, code: str, message: str, cells: Cells) -> None:
        rows, columns = np.nonzero(cells)
        x, y = self.grid.centres()
        lon, lat = self.grid.unproject(x[columns[:_NAMED]], y[rows[:_NAMED]])
        named = "; ".join(f"{a:.4f},{b:.4f}" for a, b in zip(lon, lat, strict=True))
        hint = "this is a fault of the model, not of your files: please report it with the two scenarios"
        self.failures.append(Issue(code, "error", message, field="cells", value=named, hint=hint))


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
    if first is second or np.array_equal(first, second):
        return 0.0
    both = np.isfinite(first) & np.isfinite(second)
    if not np.array_equal(np.isfinite(first), np.isfinite(second)):
        return float("inf")
    return float(np.abs(first[both] - second[both]).max(initial=0.0))
