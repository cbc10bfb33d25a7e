"""The certificate of a comparison: what it sees, what it refuses, and that it names cells."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.network.town import LINKS, STATIONS, TRAINS, make_feed, make_town
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.input_cache import is_improvement_only, list_same_inputs
from transit_model.measure.session import Session
from transit_model.study.certificate import (
    Certificate,
    find_largest_difference,
)
from transit_model.study.compare import compare_sessions
from transit_model.study.scenario_tables import measure_od
from transit_model.surface.grid import Grid, build_grid

ROAD = (Mode.ROAD, Reading.DOOR_TO_DOOR)


@pytest.fixture
def grid() -> Grid:
    return build_grid((111.0, 40.0, 111.5, 40.5), "EPSG:32649", 1000.0)


def times(grid: Grid) -> np.ndarray:
    return np.arange(grid.nx * grid.ny, dtype=np.float64).reshape(grid.shape)


def test_a_sound_comparison_passes(grid: Grid) -> None:
    result, same = Certificate(grid, improvement_only=True), times(grid)
    result.add_surface("a road", ROAD, (same, same.copy(), same - 1.0))
    assert not result.failures
    assert "failures" not in result.as_dict()
    assert result.as_dict()["null_edit_max_s"] == 0
    assert result.as_dict()["worsened_cells"] == 0
    assert result.as_dict()["untouched_identical"]


def test_a_base_that_is_not_rebuilt_alike_fails(grid: Grid) -> None:
    result, first = Certificate(grid), times(grid)
    again = first.copy()
    again[2, 3] += 7
    result.add_surface("a road", ROAD, (first, again, first))
    assert result.null_edit_max_s == 7
    (issue,) = result.failures
    assert issue.code == "null_edit"
    assert "1 cells" in issue.message
    lon, lat = (float(v) for v in str(issue.value).split(","))
    x, y = grid.project([lon], [lat])
    rows, columns, _ = grid.locate(x, y)
    assert (rows[0], columns[0]) == (2, 3)


def test_an_improvement_that_worsens_fails_and_another_edit_does_not(grid: Grid) -> None:
    first = times(grid)
    worse = first.copy()
    worse[:2, :5] += 60
    worse[4, 4] += 1e-6  # within the resolution of percentiles
    for only, fails in ((True, True), (False, False), (None, False)):
        result = Certificate(grid, improvement_only=only)
        result.add_surface("a road", ROAD, (first, first, worse))
        assert result.worsened_cells == 10
        assert bool(result.failures) == fails
    assert result.untouched_identical


def test_a_change_far_from_any_edit_fails(grid: Grid) -> None:
    first = times(grid)
    changed = first.copy()
    changed[0, 0] -= 5
    changed[9, 9] -= 5
    touched = np.zeros(grid.shape, dtype=bool)
    touched[9, 9] = True
    result = Certificate(grid, improvement_only=True)
    result.add_surface("a road", ROAD, (first, first, changed), touched)
    assert not result.untouched_identical
    assert result.untouched_cells == first.size - 1
    assert [i.code for i in result.failures] == ["untouched_changed"]


def test_pairs_whose_inputs_are_the_same_may_not_change(grid: Grid) -> None:
    rows = {"from": ["a", "a"], "to": ["b", "b"], "mode": ["road", "rail"], "reading": "typical"}
    base = pd.DataFrame({**rows, "minutes": [10.0, 20.0]})
    scenario = pd.DataFrame({**rows, "minutes": [10.0, 19.0]})
    result = Certificate(grid)
    result.add_pairs(base, scenario, [(Mode.ROAD, Reading.TYPICAL)])
    assert (result.untouched_pairs, result.failures) == (1, [])
    result.add_pairs(base, scenario, [(Mode.RAIL, Reading.TYPICAL)])
    assert result.failures[0].value == "a - b rail"


@pytest.mark.parametrize("column", ["p10", "minutes", "p90"])
def test_every_percentile_of_a_pair_is_looked_at(grid: Grid, column: str) -> None:
    rows = {"from": ["a"], "to": ["b"], "mode": ["rail"], "reading": "typical"}
    base = pd.DataFrame({**rows, "p10": 9.0, "minutes": 10.0, "p90": 11.0})
    for minutes_more, fails in ((1e-8, 0), (0.5, 1)):  # 0.6 microseconds are no change
        result = Certificate(grid, improvement_only=True)
        result.add_pairs(base, base.assign(**{column: base[column] + minutes_more}), [], base)
        assert [i.code for i in result.failures] == ["improvement_worsens"] * fails
        assert (result.worsened_pairs, result.null_edit_max_s) == (fails, 0)
    result = Certificate(grid)
    result.add_pairs(base, base, [], base.assign(**{column: base[column] + 1e-8}))
    assert [i.code for i in result.failures] == ["null_edit"]  # built twice it is the same to the bit


def test_what_only_improves() -> None:
    base = Session("base", make_town())
    assert is_improvement_only(base, Session("same", make_town()))
    assert is_improvement_only(base, Session("road", make_town(as_of=date(2030, 12, 31))))
    for order in (LINKS[::-1], [*LINKS[1:], LINKS[0]]):  # rows of roads in another order are looked for
        other = Session("other", make_town(links=order))
        assert is_improvement_only(base, other)
        assert is_improvement_only(other, base)
    assert not is_improvement_only(Session("road", make_town(as_of=date(2030, 12, 31))), base)
    closed = Session("closed", make_town(links=[row for row in LINKS if not row.startswith("a--b")]))
    assert not is_improvement_only(base, closed)
    slower = base.network.assumptions.with_changes(rail_entry_min=40)
    assert not is_improvement_only(base, Session("slow", base.network.with_tables(assumptions=slower)))


def test_modes_whose_inputs_are_the_same() -> None:
    base = Session("base", make_town())
    everything = {(m, r) for m in Mode for r in Reading}
    assert set(list_same_inputs(base, Session("same", make_town()))) == everything
    road = set(list_same_inputs(base, Session("road", make_town(as_of=date(2030, 12, 31)))))
    # a new road is one that taxis to stations may take, on all readings
    assert road == set()
    # a bus is not seen by rail, a stop of its own neither
    stops = {**STATIONS, "bs": (111.0, 40.001, "a", "站", "Stop")}
    lines = (*TRAINS, "B1 bus daily | bs 08:00 | sc 08:50")
    bus = Session("bus", make_town(feed=make_feed(lines, stops=stops)))
    kept = {(m, r) for m in (Mode.ROAD, Mode.RAIL) for r in Reading}
    assert set(list_same_inputs(base, bus)) == kept


def test_a_new_road_leaves_cells_untouched_and_they_are_checked() -> None:
    base, again = Session("base", make_town()), Session("base", make_town())
    better = Session("better", make_town(as_of=date(2030, 12, 31)))
    result = compare_sessions(base, again, better, measure_od(base, []), measure_od(better, [])).certificate
    assert result["improvement_only"]
    assert result["untouched_identical"]
    assert result["untouched_cells"] > 0
    assert result["untouched_pairs"] == 0  # taxis to trains may take the new road
    # rail is seen on all readings and in the rings; what a quicker road spares of it is told and not held against it
    by_kind = {(k["mode"], k["reading"]): k for k in result["by_kind"]}
    every = {(m, r.value) for m in ("road", "rail", "transit", "best") for r in Reading}
    assert {k for k in by_kind if by_kind[k]["pairs"]} == every
    rings = [f"{m}/{r}" for m in ("road", "rail", "transit", "best") for r in ("typical", "door_to_door")]
    assert result["measured_on"] == ["road/promoter", *rings]
    assert not by_kind["rail", "door_to_door"]["improvement_only"]
    assert by_kind["road", "typical"]["improvement_only"]


def test_the_largest_difference() -> None:
    inf = np.inf
    assert find_largest_difference(np.array([1.0, inf]), np.array([3.0, inf])) == 2
    assert find_largest_difference(np.array([1.0, 2.0]), np.array([1.0, inf])) == inf
    assert find_largest_difference(np.array([inf]), np.array([inf])) == 0
