"""On dense streets surfaces end a little after the last ring: all that is shown is the same."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from tests.network.town import make_town
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.study.compare import Comparison, compare_sessions, keep_cells
from transit_model.study.scenario_tables import RingCache, measure_od, measure_rings
from transit_model.surface import segment_index
from transit_model.surface.gained import CellTimes, list_saved_areas
from transit_model.surface.grid import Grid
from transit_model.units import min_to_s

CUTOFFS, STEPS = (10.0, 25.0, 40.0), (5.0, 15.0)


def compare() -> Comparison:
    base, again = Session("base", make_town()), Session("base", make_town())
    better = Session("better", make_town(as_of=date(2030, 12, 31)))
    choices = StudyChoices(cutoffs_min=CUTOFFS, saved_steps_min=STEPS)
    return compare_sessions(base, again, better, measure_od(base, []), measure_od(better, []), choices=choices)


def test_what_is_shown_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compare()
    monkeypatch.setattr(SurfaceBuilder, "is_dense", True)
    limited = compare()
    assert limited.population.equals(whole.population)
    assert limited.od.equals(whole.od)
    assert areas(limited.gained) == areas(whole.gained)
    shown_s, known_s = min_to_s(max(CUTOFFS)), min_to_s(max(CUTOFFS) + max(STEPS))
    blocks = zip(limited.cells, whole.cells, strict=True)
    for few, all_ in ((spread_out(few, all_.grid), all_) for few, all_ in blocks):
        shown = np.minimum(all_.base_s, all_.scenario_s) <= shown_s
        assert np.isinf(few.base_s[~shown]).all()
        inside = np.isfinite(few.people)  # nothing that is shown changes outside the block
        assert (all_.base_s[shown & ~inside] == all_.scenario_s[shown & ~inside]).all()
        for mine, theirs in ((few.base_s, all_.base_s), (few.scenario_s, all_.scenario_s)):
            sure = inside & shown & (theirs <= known_s)
            assert (mine[sure] == theirs[sure]).all()
        # what is out of the limit in the base saves more than the largest step
        saved = [list_saved_areas([c], STEPS) for c in (few, keep_shown(all_, shown))]
        assert areas(saved[0]) == areas(saved[1])
    result, full = limited.certificate, whole.certificate
    assert result["untouched_identical"]
    assert result["null_edit_max_s"] == 0
    assert sum(k["cells"] for k in result["by_kind"]) < sum(k["cells"] for k in full["by_kind"])


@pytest.mark.parametrize("cutoffs_min", [(10.0,), CUTOFFS])
def test_rings_and_minutes_of_the_maps_are_the_same(
    cutoffs_min: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(most: float) -> tuple[Any, dict[Any, Any], int]:
        monkeypatch.setattr(segment_index, "_MOST_LOOKS", most)
        cache = RingCache(StudyChoices(cutoffs_min=cutoffs_min, saved_steps_min=(5.0,)))
        rings = measure_rings(Session("base", make_town()), cache, lambda _: None)
        return rings, cache.list_minutes("base"), sum(len(kept.time_s) for kept in cache.times.values())

    rings, minutes, _ = measure(math.inf)
    few_rings, few_minutes, n_kept = measure(-1.0)
    assert few_rings.equals(rings)
    assert list(few_minutes) == list(minutes)
    assert all((few_minutes[key] == layer).all() for key, layer in minutes.items())
    latest = max(int(layer.max()) for layer in few_minutes.values())
    assert latest - 1 > max(cutoffs_min) + 5 or len(cutoffs_min) > 1  # maps tell what is beyond the last ring
    assert n_kept > 0


def spread_out(cells: CellTimes, grid: Grid) -> CellTimes:
    """The block of changes laid on a larger grid, unreached round it."""
    row, column = (
        round(v / grid.cell_m) for v in (cells.grid.origin_y - grid.origin_y, cells.grid.origin_x - grid.origin_x)
    )
    out = np.full((3, *grid.shape), np.inf)
    for layer, values in zip(out, (cells.base_s, cells.scenario_s, cells.people), strict=True):
        layer[row : row + cells.grid.ny, column : column + cells.grid.nx] = values
    return replace(cells, grid=grid, base_s=out[0], scenario_s=out[1], people=out[2])


def keep_shown(cells: Any, shown: np.ndarray) -> Any:
    first, second = (np.where(shown, t, np.inf) for t in (cells.base_s, cells.scenario_s))
    return replace(cells, base_s=first, scenario_s=second)


def areas(frame: Any) -> list[tuple[object, ...]]:
    return [tuple(row) for row in frame.drop(columns="geometry").itertuples(index=False)]


def test_only_what_is_surely_known_is_kept() -> None:
    known = np.array([True, True, False])
    kept = keep_cells(np.array([1.0, 9.0, 1.0]), known, 5.0)
    assert kept.tolist() == [1.0, np.inf, np.inf]
