from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.surface.towns import CAP_S, SPEED_MS, brute_force, build_edge_times, flat_grid, join, road, surface_of
from transit_model.errors import InputError
from transit_model.surface import segment_index as reach_module
from transit_model.surface.isochrone import compute_rings
from transit_model.surface.reach_cells import Extent
from transit_model.surface.surface import (
    Courses,
    EdgeTimes,
    Exits,
    RoadSegments,
    combine_surfaces,
    compute_surface,
    sample_surface,
)

COORD = st.floats(-5, 25, allow_nan=False, width=32)
TIME = st.floats(0, 5000, allow_nan=False, width=32)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(COORD, COORD, TIME), max_size=8), st.sampled_from([0.0, 100.0, 600.0, 3000.0]))
def test_positions_agree_with_brute_force(points: list[tuple[float, float, float]], cap_s: float) -> None:
    grid = flat_grid(20, 15)
    table = np.array(points, dtype=np.float64).reshape(-1, 3)
    expected = brute_force(grid, table[:, 0] * 1000, table[:, 1] * 1000, table[:, 2], speed_ms=SPEED_MS, cap_s=cap_s)
    got = surface_of(grid, points=points, cap_s=cap_s).time_s
    assert (np.isinf(got) == np.isinf(expected)).all()
    finite = np.isfinite(expected)
    np.testing.assert_allclose(got[finite], expected[finite], rtol=0, atol=1e-8)


@settings(max_examples=examples(40), deadline=None)
@given(st.tuples(COORD, COORD, COORD, COORD), TIME, st.sampled_from([0.2, 3.0, 4.999, 5.0, 20.0, -20.0, 1e4]))
def test_a_link_agrees_with_many_positions_along_it(
    ends_km: tuple[float, float, float, float], start_s: float, road_ms: float
) -> None:
    # Brute force over 4,001 positions can only be later than the exact answer, by at most a step: half of one in the
    # open, a whole one where the cap ends between two positions.
    grid = flat_grid(20, 15)
    x0, y0, x1, y1 = (v * 1000 for v in ends_km)
    length = math.hypot(x1 - x0, y1 - y0)
    end_s = start_s + length / abs(road_ms)
    t0, t1 = (end_s, start_s) if road_ms < 0 else (start_s, end_s)
    link = EdgeTimes(*(np.array([v]) for v in (x0, y0, x1, y1, t0, t1)))
    exact = surface_of(grid, edges=link)
    share = np.linspace(0, 1, 4001)
    columns, rows = grid.centres()
    px, py = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
    leg = np.hypot(columns[None, :, None] - px, rows[:, None, None] - py)
    sampled = np.where(leg <= SPEED_MS * CAP_S, t0 + share * (t1 - t0) + leg / SPEED_MS, np.inf).min(axis=2)
    step = length / 4000 * (1 / SPEED_MS + 1 / abs(road_ms))
    both = np.isfinite(sampled)
    assert (exact.time_s[both] <= sampled[both] + 1e-6).all()
    # on the very edge of the cap a tiny shift along the link changes the leg a lot, so compare inside it
    deep = both & (leg.min(axis=2) <= SPEED_MS * CAP_S - 50)
    assert (sampled[deep] - exact.time_s[deep] <= step + 20).all()
    assert (leg.min(axis=2)[np.isfinite(exact.time_s)] <= SPEED_MS * CAP_S + length / 4000).all()


PLACE = st.tuples(COORD, COORD)


@settings(max_examples=examples(60), deadline=None)
@example(points=[], links=[((0.0, 21.4), (0.0, 21.4), 1.0, 1.0)], cap_s=0.0, barrier=False)  # all too far for any cell
@given(
    st.lists(st.tuples(COORD, COORD, TIME), max_size=6),
    st.lists(st.tuples(PLACE, PLACE, TIME, st.sampled_from([1.0, 20.0, 1e4])), max_size=6),
    st.sampled_from([0.0, 90.0, 600.0, 3000.0]),
    st.booleans(),
)
def test_looking_from_cells_equals_looking_from_links_to_the_bit(
    points: list[tuple[float, float, float]],
    links: list[tuple[tuple[float, float], tuple[float, float], float, float]],
    cap_s: float,
    barrier: bool,
) -> None:
    grid = flat_grid(20, 15)
    edges = join(*(road([a, b], start, speed) for a, b, start, speed in links)) if links else None
    zones = None
    if barrier:
        zones = np.zeros(grid.shape, dtype=np.int32)
        zones[:, 9] = -1
        zones[:, 10:] = 3
    found = []
    for most in (math.inf, -1.0):  # always one way, then always the other
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reach_module, "_MOST_LOOKS", most)
            found.append(surface_of(grid, points=points, edges=edges, cap_s=cap_s, zones=zones))
    one, two = found
    assert (one.time_s == two.time_s).all()
    assert (one.edge_s == two.edge_s).all()
    unreached = np.isinf(one.time_s)
    assert (one.beyond_s[unreached] == two.beyond_s[unreached]).all()


@settings(max_examples=examples(40), deadline=None)
@given(
    st.lists(st.tuples(COORD, COORD, TIME), max_size=6),
    st.lists(st.tuples(PLACE, PLACE, TIME, st.sampled_from([1.0, 20.0, 1e4])), max_size=6),
    st.sampled_from([90.0, 600.0, 3000.0]),
    st.sampled_from([600.0, 2400.0]),
)
def test_a_limit_leaves_out_late_cells_and_moves_no_ring(
    points: list[tuple[float, float, float]],
    links: list[tuple[tuple[float, float], tuple[float, float], float, float]],
    cap_s: float,
    cutoff_s: float,
) -> None:
    grid = flat_grid(20, 15)
    edges = join(*(road([a, b], start, speed) for a, b, start, speed in links)) if links else None
    limit_s = cutoff_s + 2 * grid.cell_m / SPEED_MS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach_module, "_MOST_LOOKS", -1.0)
        whole = surface_of(grid, points=points, edges=edges, cap_s=cap_s)
        cropped = surface_of(grid, points=points, edges=edges, cap_s=cap_s, limit_s=limit_s)
    early = whole.time_s <= limit_s
    assert (cropped.time_s[early] == whole.time_s[early]).all()
    assert (cropped.time_s[~early] > limit_s).all()
    pair = [compute_rings(s, [cutoff_s])[0] for s in (whole, cropped)]
    assert shapely.to_wkb(pair[0].polygon) == shapely.to_wkb(pair[1].polygon)


@settings(max_examples=examples(40), deadline=None)
@given(
    st.lists(st.tuples(COORD, COORD, TIME), max_size=6),
    st.lists(st.tuples(PLACE, PLACE, TIME, st.sampled_from([1.0, 20.0, 1e4])), min_size=1, max_size=6),
    st.sampled_from([90.0, 600.0, 3000.0]),
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 19)), max_size=8),
    st.sampled_from([-1.0, math.inf]),
)
@example([], [((0.0, 0.0), (0.0, 0.0), 1001.0, 1.0)], 90.0, [], -1.0)
def test_cells_of_an_extent_have_their_times_whatever_the_limit(
    points: list[tuple[float, float, float]],
    links: list[tuple[tuple[float, float], tuple[float, float], float, float]],
    cap_s: float,
    cells: list[tuple[int, int]],
    most: float,
) -> None:
    grid = flat_grid(20, 15)
    edges = join(*(road([a, b], start, speed) for a, b, start, speed in links))
    wanted = np.zeros(grid.shape, dtype=bool)
    wanted[tuple(np.array(cells, dtype=np.int64).reshape(-1, 2).T)] = True
    limit_s = 600.0 + 2 * grid.cell_m / SPEED_MS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach_module, "_MOST_LOOKS", most)
        whole = surface_of(grid, points=points, edges=edges, cap_s=cap_s)
        some = surface_of(grid, points=points, edges=edges, cap_s=cap_s, limit_s=Extent(limit_s, wanted))
    same = wanted | (whole.time_s <= limit_s)
    assert (some.time_s[same] == whole.time_s[same]).all()
    assert (some.edge_s[same] == whole.edge_s[same]).all()
    assert (some.time_s[~same] > limit_s).all()
    pair = [compute_rings(s, [600.0])[0] for s in (whole, some)]
    assert shapely.to_wkb(pair[0].polygon) == shapely.to_wkb(pair[1].polygon)


WORLD = st.tuples(
    st.lists(st.tuples(COORD, COORD, TIME), max_size=3),
    st.lists(st.tuples(PLACE, PLACE, TIME, st.sampled_from([1.0, 20.0, 1e4])), min_size=1, max_size=6),
    st.sampled_from([0.0, 90.0, 600.0, 3000.0]),
)


@settings(max_examples=examples(60), deadline=None)
@given(WORLD, st.lists(st.booleans(), min_size=6, max_size=6), st.sampled_from([math.inf, 900.0]), st.booleans())
def test_laid_roads_give_what_single_pieces_give_to_the_bit(
    world: tuple[
        list[tuple[float, float, float]], list[tuple[tuple[float, float], tuple[float, float], float, float]], float
    ],
    closed: list[bool],
    limit_s: float,
    barrier: bool,
) -> None:
    points, links, cap_s = world
    grid = flat_grid(20, 15)
    parts = [road([a, ((a[0] + b[0]) / 2, b[1]), b], start, speed) for a, b, start, speed in links]
    ends = [(p.t0_s[0], math.inf if shut else p.t1_s[-1]) for p, shut in zip(parts, closed, strict=False)]
    t0_s, t1_s = np.array(ends).T
    x = np.concatenate([np.append(p.x0, p.x1[-1]) for p in parts])
    y = np.concatenate([np.append(p.y0, p.y1[-1]) for p in parts])
    courses = Courses(3 * np.arange(len(parts) + 1), x, y)
    zones = np.where(np.arange(20) < 9, 0, 3)[None, :].repeat(15, axis=0).astype(np.int32) if barrier else None
    px, py, pt = np.array(points).reshape(-1, 3).T
    found = []
    for most, listed in ((math.inf, 1), (-1.0, 1), (-1.0, 2), (-1.0, 24)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reach_module, "_MOST_LOOKS", most)
            patch.setattr(reach_module, "_LISTED", listed)
            laid = RoadSegments(courses, grid, SPEED_MS, cap_s)
            if listed > 1:
                laid.expect_many()
            for edges in (courses.build(t0_s, t1_s), laid.time(t0_s, t1_s)):
                surface = compute_surface(
                    grid, Exits(px * 1000, py * 1000, pt), off_network_speed_ms=SPEED_MS, off_network_max_s=cap_s,
                    edges=edges, origin=(7000.0, 8000.0), zones=zones, limit_s=limit_s,
                )  # fmt: skip
                found.append(surface)
    for other in found[1:]:
        early = found[0].time_s <= limit_s
        assert (other.time_s[early] == found[0].time_s[early]).all()
        assert (other.edge_s[early] == found[0].edge_s[early]).all()
        assert ((other.time_s <= limit_s) == early).all()
        if limit_s == math.inf:
            assert (other.edge_s == found[0].edge_s).all()
            unreached = np.isinf(other.time_s)
            assert (other.beyond_s[unreached] == found[0].beyond_s[unreached]).all()


def test_laid_roads_must_fit() -> None:
    courses = Courses([0, 2], [0.0, 1000.0], [0.0, 0.0])
    laid = RoadSegments(courses, flat_grid(), SPEED_MS, 600.0)
    for times in (([0.0, 1.0], [1.0, 2.0]), ([-1.0], [2.0])):
        with pytest.raises(InputError):
            laid.time(*times)
    for grid, cap_s in ((flat_grid(cell_m=500.0), 600.0), (flat_grid(), 60.0)):
        with pytest.raises(InputError) as caught:
            compute_surface(
                grid, Exits([], [], []), off_network_speed_ms=SPEED_MS, off_network_max_s=cap_s,
                edges=laid.time([0.0], [60.0]),
            )  # fmt: skip
        assert [issue.code for issue in caught.value.issues] == ["other_grid"]


def test_exact_times_at_a_thousand_points_and_the_residual_of_the_grid() -> None:
    # Times straight to the points against the time of their cell: at most half a cell diagonal at 5 m/s, 141 s.
    rng = np.random.default_rng(11)
    grid = flat_grid()
    table = rng.uniform((0, 0, 0), (40, 30, 3000), (60, 3))
    surface = surface_of(grid, points=[(a, b, c) for a, b, c in table.tolist()], cap_s=1200.0)
    x, y = rng.uniform(0, 40_000, 1000), rng.uniform(0, 30_000, 1000)
    leg = np.hypot(x[:, None] - table[:, 0] * 1000, y[:, None] - table[:, 1] * 1000)
    exact = np.where(leg <= 6000, table[:, 2] + leg / 5, np.inf).min(axis=1)
    found = sample_surface(surface, x, y)
    deep = np.isfinite(exact) & np.isfinite(found) & (leg.min(axis=1) < 5000)
    residual = np.abs(found[deep] - exact[deep])
    assert deep.sum() > 800
    # 97 of 100 within the half diagonal: where a cap ends, the cell and the point may leave from different places
    assert np.quantile(residual, 0.97) <= math.hypot(500, 500) / 5
    assert residual.mean() < 60


def test_a_straight_road_by_hand() -> None:
    # Road along y = 0.5 km from x = 0.5 km, 20 m/s; cell [2, 10]: centre (10.5, 2.5) km is 10 km along, 2 km beside.
    # sin of the leaving angle = 5/20 -> lead 2000 * 0.25 / sqrt(1 - 0.0625) = 516.398 m before the foot.
    # (10000 - 516.398) / 20 + sqrt(2000^2 + 516.398^2) / 5 = 474.180 + 413.118 = 887.298 s; at the foot 900 s.
    surface = surface_of(flat_grid(), edges=road([(0.5, 0.5), (30.5, 0.5)], 0.0))
    assert surface.time_s[2, 10] == pytest.approx(887.298, abs=1e-3)
    assert surface.time_s[0, 10] == pytest.approx(500.0)
    assert math.isinf(surface.time_s[4, 10])  # 4 km beside, the cap is 3 km
    assert surface.edge_s[4, 10] == pytest.approx(4000 / 5 - 600)


def test_cutting_a_link_changes_nothing_but_rounding() -> None:
    grid = flat_grid()
    whole = surface_of(grid, edges=road([(1, 2), (35, 25)], 100.0))
    halves = surface_of(grid, edges=road([(1, 2), (18, 13.5), (35, 25)], 100.0))
    np.testing.assert_allclose(whole.time_s, halves.time_s, rtol=0, atol=1e-8)


def test_order_of_positions_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    points = [(float(a), float(b), float(c)) for a, b, c in rng.uniform((0, 0, 0), (40, 30, 4000), (200, 3))]
    grid = flat_grid()
    assert (surface_of(grid, points=points).time_s == surface_of(grid, points=points[::-1]).time_s).all()


def test_unreached_positions_and_zero_are_told_apart() -> None:
    grid = flat_grid()
    surface = surface_of(grid, points=[(5.5, 5.5, 0.0), (20.5, 20.5, math.inf)])
    assert surface.time_s[5, 5] == 0.0
    assert math.isinf(surface.time_s[20, 20])


def test_a_cap_of_nothing_reaches_only_cells_on_the_spot() -> None:
    surface = surface_of(flat_grid(), points=[(5.5, 5.5, 60.0)], cap_s=0.0)
    assert surface.time_s[5, 5] == 60.0
    assert np.isfinite(surface.time_s).sum() == 1


def test_the_sea_of_nothing() -> None:
    surface = surface_of(flat_grid())
    assert np.isinf(surface.time_s).all()


def test_a_river_without_a_bridge_stops_the_off_network_leg() -> None:
    grid = flat_grid()
    zones = np.zeros(grid.shape, dtype=np.int32)
    zones[:, 20] = -1  # the river
    zones[:, 21:] = 1
    bank = surface_of(grid, edges=road([(19.5, 0.5), (19.5, 29.5)], 0.0), zones=zones)
    assert np.isfinite(bank.time_s[:, 17:20]).all()
    assert np.isinf(bank.time_s[:, 20:]).all()
    # a bridge brings the road to the other side, where it may be left
    bridge = join(road([(19.5, 0.5), (19.5, 29.5)], 0.0), road([(19.5, 10.5), (25.5, 10.5)], 500.0))
    crossed = surface_of(grid, edges=bridge, zones=zones)
    assert np.isfinite(crossed.time_s[10, 21:26]).all()
    assert np.isinf(crossed.time_s[:, 20]).all()


def test_polylines_share_time_by_length_and_skip_what_is_not_reached() -> None:
    # 3 km + 1 km in 400 s: the bend at 300 s.
    edges = build_edge_times([0, 3, 5], [0, 3000, 3000, 0, 1], [0, 0, 1000, 0, 0], [0, math.inf], [400, math.inf])
    assert edges.t0_s.tolist() == [0, 300]
    assert edges.t1_s.tolist() == [300, 400]
    assert len(build_edge_times([0], [], [], [], [])) == 0


def test_the_better_of_two_surfaces() -> None:
    grid = flat_grid()
    one, two = surface_of(grid, points=[(5.5, 5.5, 0.0)]), surface_of(grid, points=[(9.5, 5.5, 60.0)])
    best = combine_surfaces([one, two])
    both = surface_of(grid, points=[(5.5, 5.5, 0.0), (9.5, 5.5, 60.0)])
    assert (best.time_s == both.time_s).all()
    assert (best.edge_s == both.edge_s).all()
    third = surface_of(grid, points=[(2.5, 5.5, 30.0)])
    wanted = combine_surfaces([one, two, third])
    spare = surface_of(grid, points=[(9.5, 5.5, 60.0)])
    reused = combine_surfaces([one, spare, third], onto=spare)
    assert reused.time_s is spare.time_s
    for name in ("time_s", "edge_s", "beyond_s"):
        assert np.array_equal(getattr(reused, name), getattr(wanted, name))
    assert (combine_surfaces([one, two]).time_s == both.time_s).all()  # those handed in besides stay as they were
    with pytest.raises(InputError):
        combine_surfaces([])
    with pytest.raises(InputError):
        combine_surfaces([one, surface_of(flat_grid(cell_m=500), points=[(1, 1, 0)])])


def test_a_point_takes_the_time_of_its_cell() -> None:
    surface = surface_of(flat_grid(), points=[(5.5, 5.5, 30.0)])
    assert sample_surface(surface, [5900, 90_000], [5100, 0]).tolist() == [30.0, math.inf]


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        compute_surface(flat_grid(), Exits([1.0], [1.0, 2.0], [0.0]), off_network_speed_ms=0, off_network_max_s=-1)
    assert [issue.code for issue in caught.value.issues] == ["length_mismatch", "bad_speed", "bad_cap"]
    for bad in ([(1.0, 1.0, -5.0)], [(1.0, 1.0, math.nan)], [(math.nan, 1.0, 5.0)]):
        with pytest.raises(InputError):
            surface_of(flat_grid(), points=bad)
    with pytest.raises(InputError, match="zones"):
        surface_of(flat_grid(), zones=np.zeros((2, 2), dtype=np.int32))
    with pytest.raises(InputError):
        build_edge_times([0, 1], [0], [0], [0], [1])
