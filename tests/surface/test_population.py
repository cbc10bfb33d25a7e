from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial import cKDTree

from tests.examples import examples
from tests.surface.towns import CRS, flat_grid
from transit_model.errors import InputError
from transit_model.surface.disaggregation import (
    County,
    DisaggregationRule,
    Pulls,
    apportion,
    assign_counties,
    find_road_distance,
    spread_census,
)
from transit_model.surface.grid import build_grid
from transit_model.surface.population import (
    PopulationPoints,
    build_points,
    compare_population_models,
    compute_population_within,
    sum_on_grid,
    sum_within,
)

RULE = DisaggregationRule(
    urban_share=0.6,
    seat_weight=1.0,
    town_weight=0.2,
    station_weight=0.1,
    urban_scale_m=2000.0,
    urban_reach_m=10_000.0,
    road_scale_m=3000.0,
    rural_floor=0.1,
)
NONE = np.empty((0, 2))
PULLS = Pulls(
    towns=np.array([[4500.0, 24_500.0]]),
    stations=np.array([[12_500.0, 3500.0]]),
    roads=np.array([[x * 1000.0, 15_500.0] for x in range(40)]),
)
WEST = County("w", 1_000_003, shapely.box(0, 0, 20_000, 30_000), 8500.0, 15_500.0)
EAST = County("e", 7, shapely.box(20_000, 0, 40_000, 30_000), 30_500.0, 15_500.0, urban_share=0.25)
SPECK = County("s", 1234, shapely.box(100, 100, 200, 200), 150.0, 150.0)
ZONE = County("z", 50, None, 39_500.0, 500.0)


def test_county_totals_are_kept_to_the_person() -> None:
    grid = flat_grid()
    for method in ("model", "seat", "even"):
        found = spread_census(grid, [WEST, EAST, SPECK, ZONE], method, rule=RULE, pulls=PULLS)
        assert found.population.sum() == 1_000_003 + 7 + 1234 + 50
        assert found.population.min() >= 0
        assert found.at_seat == (() if method == "seat" else ("s", "z"))
        people = found.population.copy()
        if method != "seat":
            people[0, 0] -= 1234  # the seats of s and z lie in cells of the others
            people[0, 39] -= 50
            assert people[found.county_index == 0].sum() == 1_000_003
            assert people[found.county_index == 1].sum() == 7


def test_the_model_draws_people_to_seat_town_station_and_road() -> None:
    people = spread_census(flat_grid(), [WEST, EAST], "model", rule=RULE, pulls=PULLS).population
    assert people[15, 8] == people.max()
    assert people[24, 4] > people[24, 6] > people[24, 9]
    assert people[3, 12] > people[3, 15]
    assert people[15, 0] > people[25, 0]  # on the road, far from every centre
    # six of ten urban: the urban part lies within 10 km of the centres; the rest has at least the rural floor
    assert people[29, 19] > 0


def test_the_urban_share_of_the_county_wins_over_the_rule() -> None:
    town = County("t", 100_000, shapely.box(0, 0, 40_000, 30_000), 20_500.0, 15_500.0, urban_share=1.0)
    far = spread_census(flat_grid(), [town], "model", rule=RULE, pulls=Pulls(NONE, NONE, NONE)).population
    assert far[0, 0] == 0  # farther than the reach of the only centre
    rural = County("t", 120_000, town.outline, 20_500.0, 15_500.0, urban_share=0.0)
    even = spread_census(flat_grid(), [rural], "model", rule=RULE, pulls=Pulls(NONE, NONE, NONE)).population
    assert even.min() == even.max() == 100  # no road at all: the floor alone, alike everywhere


def test_people_of_seat_towns_and_villages_are_placed_apart() -> None:
    outline = shapely.box(0, 0, 40_000, 30_000)
    county = County("t", 100_000, outline, 8500.0, 15_500.0, settled=(70_000, 20_000, 10_000))
    only_town = Pulls(towns=np.array([[28_500.0, 15_500.0]]), stations=NONE, roads=NONE)
    people = spread_census(flat_grid(), [county], "model", rule=RULE, pulls=only_town).population
    # The reaches of 10 km do not meet: 10,000 villagers alike on 1200 cells, the others within their own reach.
    # Persons are whole, so a cell may be one off.
    rural = 10_000 / 1200
    x, y = flat_grid().centres()
    xs, ys = np.meshgrid(x, y)
    in_seat, in_town = (np.hypot(xs - cx, ys - 15_500.0) <= 10_000 for cx in (8500.0, 28_500.0))
    assert people.sum() == 100_000
    assert people[in_seat].sum() == pytest.approx(70_000 + rural * in_seat.sum(), abs=int(in_seat.sum()))
    assert people[in_town].sum() == pytest.approx(20_000 + rural * in_town.sum(), abs=int(in_town.sum()))


def test_people_of_towns_follow_the_seat_where_there_is_no_town() -> None:
    outline = shapely.box(0, 0, 40_000, 30_000)
    no_towns = Pulls(NONE, NONE, NONE)
    apart = County("t", 1000, outline, 20_500.0, 15_500.0, settled=(600, 400, 0))
    whole = County("t", 1000, outline, 20_500.0, 15_500.0, urban_share=1.0)
    first, second = (
        spread_census(flat_grid(), [c], "model", rule=RULE, pulls=no_towns).population for c in (apart, whole)
    )
    assert (first == second).all()


@given(seat=st.integers(0, 5000), towns=st.integers(0, 5000), villages=st.integers(0, 5000))
@settings(max_examples=examples(30))
def test_parts_of_a_county_add_up_whatever_they_are(seat: int, towns: int, villages: int) -> None:
    county = County("w", seat + towns + villages, WEST.outline, 8500.0, 15_500.0, settled=(seat, towns, villages))
    people = spread_census(flat_grid(), [county], "model", rule=RULE, pulls=PULLS).population
    assert people.sum() == seat + towns + villages
    assert people.min() >= 0


def test_parts_that_do_not_add_up_are_an_issue() -> None:
    county = County("w", 10, WEST.outline, 8500.0, 15_500.0, settled=(5, 3, 1))
    with pytest.raises(InputError) as caught:
        spread_census(flat_grid(), [county], "model", rule=RULE, pulls=PULLS)
    assert [i.code for i in caught.value.issues] == ["bad_settlement"]


def test_a_county_that_no_centre_reaches_is_rural() -> None:
    odd = County("o", 600, shapely.box(0, 0, 10_000, 10_000), 39_500.0, 29_500.0)
    people = spread_census(flat_grid(), [odd], "model", rule=RULE, pulls=Pulls(NONE, NONE, NONE)).population
    assert people[:10, :10].sum() == 600


def test_runs_are_equal() -> None:
    first = spread_census(flat_grid(), [WEST, EAST], "model", rule=RULE, pulls=PULLS).population
    assert (spread_census(flat_grid(), [WEST, EAST], "model", rule=RULE, pulls=PULLS).population == first).all()


def test_cells_belong_to_the_outline_their_centre_lies_in() -> None:
    hole = shapely.box(0, 0, 10_000, 10_000) - shapely.box(3000, 3000, 6000, 6000)
    index = assign_counties(flat_grid(), [hole, None, shapely.box(0, 0, 40_000, 30_000)])
    assert (index == 0).sum() == 91
    assert (index[3:6, 3:6] == 2).all()
    assert (assign_counties(flat_grid(), [shapely.Polygon()]) == -1).all()


@given(st.integers(0, 10**7), st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_apportion_is_whole_exact_and_near(total: int, shares: list[float]) -> None:
    if sum(shares) <= 1e-300:
        return
    given = apportion(total, shares)
    quota = np.array(shares) * (total / sum(shares))
    assert given.sum() == total
    assert (np.abs(given - quota) < 1 + 1e-6).all()
    assert (given >= 0).all()


def test_equal_remainders_go_to_the_first() -> None:
    assert apportion(2, [1, 1, 1]).tolist() == [1, 1, 0]
    assert apportion(0, [0, 0]).tolist() == [0, 0]
    for total, shares in ((1, [0.0]), (-1, [1.0]), (1, [-1.0, 2.0]), (1, [math.nan])):
        with pytest.raises(InputError):
            apportion(total, shares)


def test_bad_counties_and_rules_are_all_told() -> None:
    bad = [
        County("a", -1, WEST.outline, 8500.0, 15_500.0),
        County("a", 5, WEST.outline, -8500.0, 15_500.0, urban_share=1.5),
    ]
    with pytest.raises(InputError) as caught:
        spread_census(flat_grid(), bad, "model")
    assert sorted(issue.code for issue in caught.value.issues) == [
        "bad_population", "bad_share", "duplicate_id", "duplicate_id", "missing_rule", "seat_outside",
    ]  # fmt: skip
    with pytest.raises(InputError, match="unknown_method"):
        spread_census(flat_grid(), [], "magic")  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        DisaggregationRule(1.5, -1, 0, 0, 0, math.inf, 1, 1)
    assert [i.field for i in caught.value.issues] == ["urban_share", "seat_weight", "urban_scale_m", "urban_reach_m"]


def test_points_of_seats_and_of_a_user() -> None:
    grid = build_grid((110.0, 40.0, 112.0, 41.0), CRS, 1000.0)
    table = pd.DataFrame({"lon": [111.0, 111.001, 120.0], "lat": [40.5, 40.5, 40.5], "population": [100, 50, 7]})
    points = build_points(table, grid)
    found = sum_on_grid(points, grid)
    row, column, _ = grid.locate(*grid.project(111.0, 40.5))
    assert found.population[row, column] in (100, 150)
    assert found.population.sum() == 150
    assert found.outside == 7
    # a finer raster of the user, given as its cell centres
    x, y = np.meshgrid(np.arange(250.0, 4000, 500), np.arange(250.0, 4000, 500))
    fine = sum_on_grid(PopulationPoints(x, y, np.ones(x.shape)), flat_grid())
    assert (fine.population[:4, :4] == 4).all()


def test_bad_points_are_issues() -> None:
    grid = flat_grid()
    with pytest.raises(InputError) as caught:
        build_points(pd.DataFrame({"lon": [200.0], "lat": [40.0], "population": ["many"]}), grid)
    assert [issue.code for issue in caught.value.issues] == ["bad_coordinate", "bad_value"]
    with pytest.raises(InputError, match="missing_column"):
        build_points(pd.DataFrame({"lon": [110.0]}), grid)
    with pytest.raises(InputError):
        sum_on_grid(PopulationPoints(np.zeros(2), np.zeros(2), np.array([1.0, math.nan])), grid)
    with pytest.raises(InputError):
        sum_on_grid(PopulationPoints(np.zeros(2), np.zeros(1), np.ones(2)), grid)


def test_people_within_by_hand() -> None:
    found = compute_population_within([0.0, 1800.0, 1800.1, math.inf], [1, 2, 4, 3], [7200, 1800])
    assert found["cutoff_s"].tolist() == [1800, 7200]
    assert found["population"].tolist() == [3, 7]
    assert found["share"].tolist() == pytest.approx([0.3, 0.7])
    assert math.isnan(compute_population_within([0.0], [0.0], [60])["share"][0])
    for time, people in (([0.0], [1, 2]), ([-1.0], [1]), ([math.nan], [1]), ([1.0], [-1])):
        with pytest.raises(InputError):
            compute_population_within(time, people, [60])


def test_how_far_the_population_models_lie_apart() -> None:
    grid = flat_grid()
    models = {
        m: spread_census(grid, [WEST, EAST], m, rule=RULE, pulls=PULLS).population for m in ("model", "seat", "even")
    }
    x, y = np.meshgrid(*grid.centres())
    time = np.hypot(x - 8500, y - 15_500) / 10  # 36 km/h straight to the western seat
    found = compare_population_models(time, models, [300, 1000]).set_index(["cutoff_s", "model"])
    seat, model, even = (found.loc[(300, m), "share"] for m in ("seat", "model", "even"))
    assert seat > model > even
    assert found.loc[(300, "model"), "difference_share"] == 0
    assert found.loc[(300, "seat"), "difference_share"] == pytest.approx(seat - model)
    with pytest.raises(InputError):
        compare_population_models(time, {}, [300])


CELL_TIME = st.one_of(st.floats(0, 4000, width=32), st.just(math.inf))


@given(
    arrays(np.float64, (7, 9), elements=CELL_TIME),
    arrays(np.float64, (2, 7, 9), elements=st.floats(0, 1e6)),
    st.lists(st.floats(1, 5000), max_size=4),
)
def test_sums_are_those_of_the_whole_grid_to_the_bit(
    time_s: npt.NDArray[np.float64], persons: npt.NDArray[np.float64], cutoffs: list[float]
) -> None:
    plain = [[float(people[time_s <= cutoff].sum()) for cutoff in cutoffs] for people in persons]
    assert sum_within(time_s, list(persons), cutoffs) == plain


@settings(max_examples=examples(40), deadline=None)
@given(
    arrays(np.float64, st.tuples(st.integers(1, 12), st.just(2)), elements=st.floats(-20_000, 60_000, width=32)),
    st.sampled_from([300.0, 1000.0]),
    st.sampled_from([500.0, 5000.0, 36_000.0]),
)
def test_distances_to_roads_are_those_of_a_tree_to_the_bit(
    roads: npt.NDArray[np.float64], cell_m: float, limit_m: float
) -> None:
    grid = flat_grid(30, 20, cell_m)
    found = find_road_distance(grid, Pulls(NONE, NONE, roads), limit_m)
    x, y = np.meshgrid(*grid.centres())
    cells = np.column_stack([x.ravel(), y.ravel()])
    plain = cKDTree(roads).query(cells, distance_upper_bound=limit_m)[0]
    assert (found == plain.reshape(grid.shape)).all()
    some = np.indices(grid.shape).sum(axis=0) % 3 == 0
    assert (find_road_distance(grid, Pulls(NONE, NONE, roads), limit_m, some) == np.where(some, found, np.inf)).all()
