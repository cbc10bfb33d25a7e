"""What a comparison draws: ground gained and minutes saved, or, where things only get slower, what is lost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transit_model.pages.study_view import list_areas_of
from transit_model.study.compare import Comparison
from transit_model.surface.gained import CellTimes
from transit_model.surface.grid import Grid, build_grid

CRS = "+proj=aea +lat_1=39 +lat_2=42 +lat_0=40.5 +lon_0=111.5 +datum=WGS84 +units=m +no_defs"


def compare(before_min: float, after_min: float) -> Comparison:
    grid: Grid = build_grid((111.0, 40.0, 111.1, 40.1), CRS, 2000.0)
    base, scenario = np.full(grid.shape, 600.0), np.full(grid.shape, 600.0)
    base[2, 2], scenario[2, 2] = before_min * 60, after_min * 60
    cells = CellTimes("jia", "road", "typical", grid, base, scenario, np.ones(grid.shape))
    return Comparison("a", "b", pd.DataFrame(), pd.DataFrame(), {}, [cells], (30.0, 60.0))


def test_a_closure_is_drawn_by_what_gets_slower() -> None:
    # One cell of 4 km2 and one person: 25 min become 45, so it leaves the circle of 30 and loses 5 and 15, not 30.
    lost, slower, worsens = list_areas_of(compare(25, 45), (5.0, 15.0, 30.0))
    assert worsens
    assert lost[["cutoff_min", "area_km2", "population"]].to_numpy().tolist() == [[30, 4, 1]]
    assert slower["saved_min"].tolist() == [5, 15]


def test_a_gain_is_drawn_as_ever() -> None:
    gained, saved, worsens = list_areas_of(compare(45, 25), (5.0, 15.0, 30.0))
    assert not worsens
    assert gained["cutoff_min"].tolist() == [30]
    assert saved["saved_min"].tolist() == [5, 15]
    assert not list_areas_of(compare(45, 45), (5.0,))[2]
