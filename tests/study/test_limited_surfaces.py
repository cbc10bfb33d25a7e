"""On dense streets surfaces end a little after the last ring: all that is shown is the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from tests.network.town import make_town
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.study.compare import Comparison, compare_sessions, keep_cells
from transit_model.study.scenario_tables import measure_od
from transit_model.surface.gained import list_saved_areas
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
    for few, all_ in zip(limited.cells, whole.cells, strict=True):
        shown = np.minimum(all_.base_s, all_.scenario_s) <= shown_s
        assert np.isinf(few.base_s[~shown]).all()
        for mine, theirs in ((few.base_s, all_.base_s), (few.scenario_s, all_.scenario_s)):
            sure = shown & (theirs <= known_s)
            assert (mine[sure] == theirs[sure]).all()
        # what is out of the limit in the base saves more than the largest step
        saved = [list_saved_areas([c], STEPS) for c in (few, keep_shown(all_, shown))]
        assert areas(saved[0]) == areas(saved[1])
    result, full = limited.certificate, whole.certificate
    assert result["untouched_identical"]
    assert result["null_edit_max_s"] == 0
    assert sum(k["cells"] for k in result["by_kind"]) < sum(k["cells"] for k in full["by_kind"])


def keep_shown(cells: Any, shown: np.ndarray) -> Any:
    from dataclasses import replace

    first, second = (np.where(shown, t, np.inf) for t in (cells.base_s, cells.scenario_s))
    return replace(cells, base_s=first, scenario_s=second)


def areas(frame: Any) -> list[tuple[object, ...]]:
    return [tuple(row) for row in frame.drop(columns="geometry").itertuples(index=False)]


def test_only_what_is_surely_known_is_kept() -> None:
    known = np.array([True, True, False])
    kept = keep_cells(np.array([1.0, 9.0, 1.0]), known, 5.0)
    assert kept.tolist() == [1.0, np.inf, np.inf]
