"""Courses of a scenario put together from those of its base are those laid anew, to the bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.network.test_street_edit import ROAD, build_roads, change
from transit_model.measure import kept_roads
from transit_model.measure.edited_courses import EditedCourses
from transit_model.measure.road_courses import RoadCourses
from transit_model.measure.session import Session
from transit_model.scenario.tables import append_rows
from transit_model.surface import segment_index
from transit_model.surface.grid import Grid, build_grid


@pytest.fixture(autouse=True, scope="module")
def always() -> Any:
    """A few roads count as dense streets of a large network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_roads, "LEAST_LINKS", 0)
        patch.setattr(segment_index, "_MOST_LOOKS", 0.0)
        yield


def make_grid(session: Session) -> Grid:
    return build_grid((110.8, 39.9, 111.4, 40.4), session.network.info.crs, 1000.0)


@settings(max_examples=examples(60), deadline=None)
@given(roads=st.lists(ROAD, min_size=2, max_size=7), data=st.data())
def test_courses_after_edits_are_those_laid_anew(roads: list[Any], data: st.DataObject) -> None:
    base = build_roads(roads, drawn=False)
    bends = [{"link_id": "r0", "seq": n, "lon": 111.03 + n / 100, "lat": 40.05} for n in range(2)]
    base = base.with_tables(shapes=append_rows(base.shapes, bends)).as_road_base()
    grid = make_grid(Session("base", base))
    before, network = RoadCourses(base, grid), base
    for n in range(data.draw(st.integers(1, 3))):
        network = change(network, data, n)
    found = kept_roads.keep_roads(Session("plan", network), grid, [before])
    anew = RoadCourses(network.with_tables(road_change=None), grid)
    for name in ("rows", "back", "back_row"):
        np.testing.assert_array_equal(getattr(found, name), getattr(anew, name), err_msg=name)
    for name in ("ptr", "x", "y", "share"):
        np.testing.assert_array_equal(getattr(found.courses, name), getattr(anew.courses, name), err_msg=name)
    some = data.draw(st.lists(st.integers(0, len(anew.rows) - 1), max_size=6)) if len(anew.rows) else []
    places = np.array(some, dtype=np.int64)
    for name in ("ptr", "x", "y", "share"):
        own, laid = (getattr(courses.take(places), name) for courses in (found, anew))
        np.testing.assert_array_equal(own, laid, err_msg=name)
    assert found.digest == anew.digest
    if isinstance(found, EditedCourses):
        assert found.rests_on(before)
        assert not found.rests_on(anew)


def test_a_new_road_is_laid_beside_those_of_the_base_without_a_memo() -> None:
    base = build_roads([(0, 1, "trunk", False, False, 3), (1, 2, "motorway", False, False, 3)], drawn=False)
    grid = make_grid(Session("base", base))
    before = RoadCourses(base, grid)
    new = base.with_roads(append_rows(base.links, [{**base.links.iloc[0], "link_id": "new", "road_id": "new"}]))
    found = kept_roads.keep_roads(Session("plan", new), grid, [before])
    assert isinstance(found, EditedCourses)
    assert found.rests_on(before)
    n_pieces = before.segments.pieces
    found.release()
    assert before.segments.pieces is not n_pieces  # made again
    # of courses of other tables, or on another grid, nothing is taken
    other = RoadCourses(build_roads([(0, 1, "trunk", False, False, 3)], drawn=False), grid)
    assert not isinstance(kept_roads.keep_roads(Session("plan", new), grid, [other]), EditedCourses)
    coarse = build_grid((110.8, 39.9, 111.4, 40.4), base.info.crs, 2000.0)
    assert not isinstance(kept_roads.keep_roads(Session("plan", new), coarse, [before]), EditedCourses)
