"""Where a plan brings people within reach: patches by hand, the largest by people, an anchor that lies in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.pages.sample_cells import build_sample_lattice, locate_cells
from transit_model.pages.brief_page import find_ground
from transit_model.pages.front_map import Sheet, draw_circle_map
from transit_model.pages.newly import index_rings, list_anchors, locate_gain
from transit_model.pages.view import StudyView
from transit_model.study.cell_minutes import CellMinutes, compare_minutes
from transit_model.study.newly import find_anchor, find_largest_patch, find_newly


def mark(cells: list[tuple[int, int]]) -> np.ndarray:
    """Return which of the cells inside are these, by row and column."""
    lattice = build_sample_lattice()
    grid = np.zeros((lattice.ny, lattice.nx), dtype=bool)
    for row, column in cells:
        grid[row, column] = True
    return grid[lattice.inside]


def test_newly_within_counts_whole_minutes_and_what_was_not_reached() -> None:
    before = np.array([0, 91, 92, 100, 61, 0], dtype=np.uint16)  # minutes plus one, 0 not reached
    after = np.array([91, 91, 91, 92, 61, 0], dtype=np.uint16)
    assert find_newly(before, after, 90.0).tolist() == [True, False, True, False, False, False]


def test_the_patch_with_most_people_bears_the_number() -> None:
    lattice, wide, town = build_sample_lattice(), [(5, c) for c in range(5, 12)], [(20, 30), (21, 31)]
    newly = mark([*wide, *town])
    lon, lat = locate_cells(lattice)
    people = np.ones(len(lon))
    at = find_anchor(lattice, newly, people)
    middle = mark([(5, 8)])
    assert at == pytest.approx((lon[middle][0], lat[middle][0]), abs=1e-4)
    people[mark([(21, 31)])] = 5000.0
    assert find_largest_patch(lattice, newly, people).tolist() == mark(town).tolist()  # corners touch
    at, town_cell = find_anchor(lattice, newly, people), mark([(21, 31)])
    assert at == pytest.approx((lon[town_cell][0], lat[town_cell][0]), abs=1e-4)
    assert find_anchor(lattice, newly & False, people) is None


@settings(max_examples=examples(30))
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.6))
def test_an_anchor_lies_on_a_cell_that_is_newly_within(seed: int, share: float) -> None:
    lattice, random = build_sample_lattice(), np.random.default_rng(seed)
    lon, lat = locate_cells(lattice)
    newly = random.random(len(lon)) < share
    people = random.integers(0, 3, len(lon)).astype(float)
    at = find_anchor(lattice, newly, people)
    assert (at is None) == (not newly.any())
    if at is not None:
        nearest = int(np.argmin(np.hypot(lon - at[0], lat - at[1])))
        assert newly[nearest]
        patch = find_largest_patch(lattice, newly, people)
        assert patch[nearest]
        assert not (patch & ~newly).any()


def test_only_circles_that_grow_have_an_anchor(view: StudyView) -> None:
    assert view.cells is not None
    kind = ("jia", "road", "typical")
    rings = index_rings(view)
    people = {k[-1]: [rings["built", *k[1:]][0], rings[k][0]] for k in rings if k[:4] == ("everything", *kind)}
    grown = sorted(c for c, (before, after) in people.items() if after > before)
    assert grown
    assert [entry[0] for entry in list_anchors(view, ("built", "everything"))[kind]] == grown
    assert list_anchors(view, ("built", "built")) == {}
    assert list_anchors(replace(view, cells=None), ("built", "everything")) == {}


def test_ground_narrower_than_a_cell_is_found_on_the_rings() -> None:
    lattice, kind = build_sample_lattice(), ("jia", "bus", "typical")
    same = np.full(int(lattice.inside.sum()), 31, dtype=np.uint16)
    cells = CellMinutes(lattice, {(s, *kind): same for s in ("a", "b")})
    was, now = shapely.box(110.0, 40.0, 111.0, 41.0), shapely.box(110.0, 40.0, 111.01, 41.0)
    rings = {("a", *kind, 30.0): (100.0, was), ("b", *kind, 30.0): (150.0, now)}
    at = locate_gain(cells, rings, ("a", "b"), kind, 30.0)
    assert at is not None
    assert 111.0 <= at[0] <= 111.01
    assert 40.0 <= at[1] <= 41.0
    assert locate_gain(cells, {**rings, ("b", *kind, 30.0): (100.0, now)}, ("a", "b"), kind, 30.0) is None
    assert locate_gain(cells, {("b", *kind, 30.0): (150.0, now)}, ("a", "b"), kind, 30.0) is not None


def test_the_map_of_a_brief_holds_all_that_its_sentence_names(view: StudyView) -> None:
    assert view.leads is not None
    assert view.cells is not None
    lead = {str(k): v for k, v in view.leads.iloc[0].items()}
    far = {**lead, "to": "yi", "rings_east": 110.9, "east_lon": 111.0, "rings_west": 110.8, "west_lon": 110.85}
    west, south, east, north = find_ground(view, far, [])
    places = view.places.set_index("place_id")
    for place in (lead["origin"], "yi"):
        assert west < places.at[place, "lon"] < east
        assert south < places.at[place, "lat"] < north
    assert south <= min(lead["south_lat"], lead["rings_south"])
    assert north >= max(lead["north_lat"], lead["rings_north"])
    wide = find_ground(view, far, [shapely.box(100.0, 30.0, 101.0, 31.0), shapely.box(119.0, 50.0, 120.0, 51.0)])
    assert wide == (100.0, 30.0, 120.0, 51.0)
    nowhere = find_ground(view, {**far, "to": ""}, [])
    assert nowhere[2] < east or nowhere[0] > west  # without the place there is less to hold


def test_a_brief_paints_who_saves_and_points_at_who_is_newly_within(view: StudyView) -> None:
    assert view.cells is not None
    circle = ("jia", "best", "door_to_door", 60.0)
    base, plan = view.get_scenario("built"), view.get_scenario("everything")
    before, after = view.cells.get_pair("built", "everything", circle[:3])
    drawn = draw_circle_map(view, base, plan, circle, Sheet(720.0, saves=True, named=("yi",)))
    assert drawn is not None
    steps = sorted(view.saved_steps_min)
    saved = [compare_minutes(before, after, s)[0].sum() for s in steps]
    classes = [a > b for a, b in zip(saved, [*saved[1:], 0], strict=True)]
    assert len(drawn["saved"]) == sum(classes)
    rings = index_rings(view)
    gain = rings["everything", *circle][0] - rings["built", *circle][0]
    marked = [label for label in drawn["labels"]["zh"] if label["callout"]]
    assert len(marked) == int(gain > 0) == 1
    assert all(label["leader"] is not None for label in marked)
    plain = draw_circle_map(view, base, plan, circle, Sheet(720.0))
    assert plain is not None
    assert plain["saved"] == []
    assert not [label for label in plain["labels"]["zh"] if label["callout"]]


def test_no_number_where_nobody_is_gained(view: StudyView) -> None:
    rings = view.rings.assign(population=1000.0)
    base, plan = view.get_scenario("built"), view.get_scenario("everything")
    drawn = draw_circle_map(
        replace(view, rings=rings), base, plan, ("jia", "best", "door_to_door", 60.0), Sheet(720.0, saves=True)
    )
    assert drawn is not None
    assert not [label for label in drawn["labels"]["en"] if label["callout"]]
