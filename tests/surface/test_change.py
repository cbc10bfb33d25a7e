from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.surface.towns import flat_grid, surface_of
from transit_model.errors import InputError
from transit_model.indicators.change import compute_change, name_changes, settle_times
from transit_model.surface.overlap import compute_overlap
from transit_model.surface.surface_change import compute_surface_change

INF = math.inf


def travel(times: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame({"from": list(times), "to": "x", "time_s": list(times.values()), "scenario": "s"})


BASE = travel({"a": 600, "b": INF, "c": 900, "d": 300, "e": INF, "f": 100})
AFTER = travel({"a": 480, "b": 1200, "c": INF, "d": 301, "e": INF, "f": 100})


def test_every_kind_of_change() -> None:
    found = compute_change(BASE, AFTER).set_index("from")
    assert found["change_s"].to_dict() == {"a": -120, "b": -INF, "c": INF, "d": 1, "e": 0, "f": 0}
    assert found["kind"].tolist() == ["faster", "newly_reached", "lost", "slower", "same", "same"]
    assert compute_change(BASE, AFTER, tolerance_s=1).set_index("from").loc["d", "kind"] == "same"


def test_a_null_edit_is_exactly_nothing() -> None:
    found = compute_change(BASE, BASE.sample(frac=1, random_state=2))
    assert (found["change_s"] == 0).all()
    assert (found["kind"] == "same").all()


def test_different_pairs_are_an_issue() -> None:
    with pytest.raises(InputError, match="different_pairs"):
        compute_change(BASE, AFTER.iloc[1:])
    with pytest.raises(InputError):
        compute_change(BASE, AFTER, tolerance_s=-1)


def test_difference_of_two_surfaces() -> None:
    # A station opens at (30.5, 15.5) at 300 s; 5 m/s, cap 600 s = 3 km.
    grid = flat_grid()
    base = surface_of(grid, points=[(10.5, 15.5, 0.0)])
    after = surface_of(grid, points=[(10.5, 15.5, 0.0), (30.5, 15.5, 300.0)])
    people = np.ones(grid.shape)
    found = compute_surface_change(base, after, [400.0, 900.0], population=people)
    row = found.summary.set_index("cutoff_s")
    # within 100 s of the station: its own cell; within the cap: 29 cells whose centre is within 3 km
    assert row.loc[400.0, "gained_km2"] == 1.0
    assert row.loc[900.0, ["gained_km2", "gained_population"]].tolist() == [29.0, 29.0]
    assert row.loc[900.0, ["lost_km2", "improved_km2", "worsened_km2"]].tolist() == [0, 0, 0]
    assert found.change_s[15, 30] == -INF
    assert np.isnan(found.change_s[0, 0])  # neither gets there
    back = compute_surface_change(after, base, [900.0]).summary.iloc[0]
    assert (back["lost_km2"], back["gained_km2"]) == (29.0, 0.0)
    faster = compute_surface_change(base, surface_of(grid, points=[(11.5, 15.5, 0.0)]), [900.0]).summary.iloc[0]
    assert faster["improved_km2"] > 0
    assert faster["worsened_km2"] > 0
    same = compute_surface_change(base, base, [900.0])
    assert (same.change_s[np.isfinite(base.time_s)] == 0).all()
    assert same.summary.iloc[0]["gained_km2"] == 0.0
    with pytest.raises(InputError):
        compute_surface_change(base, surface_of(flat_grid(cell_m=500)), [900.0])
    with pytest.raises(InputError):
        compute_surface_change(base, base, [900.0], population=np.ones(3))


def test_circles_overlap() -> None:
    grid = flat_grid()
    circles = {
        "hohhot": surface_of(grid, points=[(10.5, 15.5, 0.0)]),
        "baotou": surface_of(grid, points=[(13.5, 15.5, 0.0)]),
        "ordos": surface_of(grid, points=[(35.5, 5.5, 0.0)]),
    }
    people = np.full(grid.shape, 2.0)
    found = compute_overlap(circles, 600, population=people).set_index("centres")
    # two discs of 29 cells whose centres are 3 apart share the 3 x 3 cells that lie within 3 of both, less corners:
    # columns 11..12 are 1 and 2 from the ends; counted by brute force below
    both = int(((circles["hohhot"].time_s <= 600) & (circles["baotou"].time_s <= 600)).sum())
    assert found.loc["hohhot+baotou", ["count", "area_km2", "population"]].tolist() == [2, both, 2 * both]
    assert found.loc["hohhot", "area_km2"] == 29 - both
    assert found.loc["ordos", "area_km2"] == 29
    assert found["area_km2"].sum() == grid.nx * grid.ny
    assert found.loc["", "count"] == 0
    assert np.isnan(compute_overlap(circles, 600)["population"]).all()
    for bad in ({}, {"a": circles["ordos"], "b": surface_of(flat_grid(cell_m=500))}):
        with pytest.raises(InputError):
            compute_overlap(bad, 600)
    with pytest.raises(InputError):
        compute_overlap(circles, 600, population=np.ones(2))


def test_a_change_too_small_to_be_found_is_none() -> None:
    # A percentile is found to a millionth of a second: 1e-6 s is no change, 1e-3 s is one (`CHANGE_TOLERANCE_S`).
    grid = flat_grid()
    base = surface_of(grid, points=[(10.5, 15.5, 0.0)])
    cutoff_s = float(base.time_s[15, 12])  # 2 km at 5 m/s: a cell that stands at the very cutoff
    for later_s, slower in ((1e-6, False), (1e-3, True)):
        after = replace(base, time_s=base.time_s + later_s)
        found = compute_surface_change(base, after, [cutoff_s, 900.0]).summary.set_index("cutoff_s")
        assert (found.loc[900.0, "worsened_km2"] > 0) == slower
        assert (found.loc[cutoff_s, "lost_km2"] > 0) == slower
    before_s, after_s = np.array([1.0, 1.0, INF, 1.0]), np.array([1.000001, 1.1, 1.0, INF])
    assert settle_times(before_s, after_s).tolist() == [1, 1.1, 1, INF]
    assert name_changes(np.array([1e-6, -1e-6, 1e-3, -1e-3])).tolist() == ["same", "same", "slower", "faster"]
