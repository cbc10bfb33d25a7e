"""What an edit touches: link by link as fast as row by row is slow, and never less."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import distance_transform_edt

from tests.network.town import LINKS, make_town
from tests.study.touched_oracle import find_touched_slowly
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.network.model import Network
from transit_model.study.touched import Edit, compute_reach_m, mark_near, spread_marks
from transit_model.surface.grid import Grid, build_grid

READING = Reading.DOOR_TO_DOOR


@pytest.fixture
def grid() -> Grid:
    return build_grid((111.0, 40.0, 111.5, 40.5), "EPSG:32649", 1000.0)


def test_cells_near_a_changed_piece_are_touched(grid: Grid) -> None:
    x, y = grid.centres()
    nothing = (np.zeros(0), np.zeros(0))
    assert not mark_near(grid, [], nothing, 2000.0).any()
    piece = [np.array([v]) for v in (x[30], y[30], x[30] + 3000.0, y[30])]
    touched = mark_near(grid, [(piece[0], piece[1], piece[2], piece[3])], nothing, 2000.0)
    # 3 km of road and 3.5 km around it
    assert touched[30, 30:34].all()
    assert touched[33, 31]
    assert not touched[35, 31]
    with_point = mark_near(grid, [], (x[[5]], y[[5]]), 2000.0)
    assert with_point[5, 5]
    assert with_point.sum() == 37  # a disc of 3.5 cells


@given(
    arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.booleans()),
    st.sampled_from([0.0, 0.9, 1.0, 1.5, 2.0, 2.9, 5.1, 13.0]),
)
def test_marks_spread_as_a_distance_transform_has_it(marked: np.ndarray, far: float) -> None:
    slow = distance_transform_edt(~marked) <= far if marked.any() else marked
    assert (spread_marks(marked, far) == slow).all()


def change(network: Network, roads: list[str], **columns: object) -> Network:
    links = network.links.copy()
    links.loc[links["road_id"].isin(roads), list(columns)] = list(columns.values())
    return network.with_tables(links=links)


ROADS = sorted(set(make_town().links["road_id"]))
EDITS = {
    "nothing": lambda roads: make_town(),
    "quicker": lambda roads: change(make_town(), roads, maxspeed_kmh=110.0),
    "motorway": lambda roads: change(make_town(), roads, highway="motorway"),
    "free": lambda roads: change(make_town(), roads, toll=False),
    "closed": lambda roads: make_town(links=[r for r in LINKS if not r.startswith(tuple(roads[:1]))]),
    "opened": lambda roads: make_town(as_of=date(2030, 12, 31)),
    "no trains": lambda roads: make_town(feed=None),
}


@pytest.mark.parametrize("name", list(EDITS))
@pytest.mark.parametrize("mode", [Mode.ROAD, Mode.RAIL, Mode.BEST])
def test_touched_cells_are_those_of_the_slow_way(name: str, mode: Mode) -> None:
    base = SurfaceBuilder(Session("base", make_town()), 2000.0)
    for roads in (ROADS[:1], ROADS[1:3], ROADS[-2:]):
        other = SurfaceBuilder(Session("other", EDITS[name](roads)), 2000.0)
        edit = Edit(base, other)
        for place_id in ("pa", "pc"):
            place = base.session.places.get_place(place_id)
            found = edit.find_touched(place, mode, READING)
            assert (found == find_touched_slowly(base, other, place, mode, READING)).all()
            if mode is Mode.ROAD and name in ("nothing", "quicker"):
                assert found.any() == (name == "quicker")


def test_the_reach_is_that_of_the_leg_off_the_network() -> None:
    assert compute_reach_m(make_town()) == 36 / 3.6 * 1800  # 36 km/h for half an hour
