"""A typed point is joined to the roads as a cell of a circle is: the least over all points of all roads near it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tests.examples import examples
from tests.network.town import (
    AS_OF,
    NODES,
    PLACES,
    ROUND,
    STATIONS,
    make_feed,
    make_links,
    make_region,
    make_town,
)
from transit_model.batches.point_graph import build_point_graph
from transit_model.domain.geo import LonLat
from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.measure import surfaces
from transit_model.measure.explain import explain_journey
from transit_model.measure.od import compute_od
from transit_model.measure.road_times import compute_road_od_s
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.network.build import build_network
from transit_model.network.snap import build_courses
from transit_model.streets import free_points
from transit_model.units import TICKS_PER_S

PROMOTER, TYPICAL, DOOR = Reading.PROMOTER, Reading.TYPICAL, Reading.DOOR_TO_DOOR
WIDE = ROUND.with_changes(snap_max_m=30_000)
OFF_MS, REACH_M = 10.0, 18_000.0
"""Of `ROUND`: 36 km/h for half an hour."""


def make_session(links: tuple[str, ...], shapes: tuple[str, ...] = (), **changes: Any) -> Session:
    how = {"assumptions": WIDE, "main_stations": {}, **changes}
    return Session("town", make_town(links=links, shapes=shapes, **how))


def point(lon: float, lat: float) -> Place:
    name = f"{lon:.7f},{lat:.7f}"
    return Place(name, "point", name, name, LonLat(lon=lon, lat=lat))


def test_the_road_farther_off_is_sooner() -> None:
    # a--b, 40 km at 80, passes 1279 m west of the point half way, in 900 s; i1--i2 passes 426 m east of it and is
    # joined to b alone, 1800 + 120 s away. Off the road it takes 0.1 s a metre, on it 1800 s for the 33,316 m that are
    # drawn: 900 s and 1279 x sqrt(0.1^2 - 0.05403^2) s, left at an angle, 1279 / sqrt(1 - 0.5403^2) = 1520 m.
    links = ("a--b a b 0 trunk 40000 80 0 rural - -", "b--i2 b i2 0 secondary 2000 60 0 rural - -")
    near = "i1--i2 i1 i2 0 secondary 32000 60 0 rural - -"
    session = make_session((*links, near))
    here, there = session.places.get_place("pa"), session.places.get_place("111.015,40.15")
    assert session.measure_off_network([there])[there.place_id] == pytest.approx(426, abs=2)
    for ends in ((here, there), (there, here)):
        (row,) = compute_od(session, [ends[0]], [ends[1]], [Mode.ROAD], [PROMOTER]).to_dict("records")
        assert row["minutes"] == pytest.approx((900 + 1279 * 0.08414) / 60, abs=0.02)
        assert row["note"] == "off the network 111.01500,40.15000: 1.5 km and 3 min"
        legs = explain_journey(session, *ends, Mode.ROAD, PROMOTER).legs
        drive, off = legs if ends[0] is here else legs[::-1]
        assert (drive.kind, off.kind) == ("drive", "off_network")
        assert off.km == pytest.approx(1.520, abs=0.005)
        assert off.minutes == pytest.approx(152.0 / 60, abs=0.01)
        assert drive.minutes + off.minutes == pytest.approx(row["minutes"])
    # by its nearest road, as a place of the region is joined: a--b, b--i2 and half of i1--i2
    named_s = compute_road_od_s(session, [here], [replace(there, kind="facility")], PROMOTER)[0, 0]
    assert named_s == pytest.approx(1800 + 120 + 0.537 * 1920 + 42.6, abs=5)


def test_what_is_near_is_gone_to_straight() -> None:
    # pc stands on c; the point 0.02 degrees beside it, 1698 m, is 169.8 s across country: no road leads as straight
    session = make_session(("b--c b c 0 trunk 30000 100 0 rural - -",))
    here, there = session.places.get_place("pc"), session.places.get_place("111.02,40.5")
    for ends in ((here, there), (there, here)):
        (row,) = compute_od(session, [ends[0]], [ends[1]], [Mode.ROAD], [PROMOTER]).to_dict("records")
        assert row["minutes"] == pytest.approx(169.8 / 60, abs=0.005)
        assert (row["km"], row["note"]) == (0.0, "off the network 111.02000,40.50000: 1.7 km and 3 min")
        (leg,) = explain_journey(session, *ends, Mode.ROAD, PROMOTER).legs
        assert (leg.kind, round(leg.km, 2)) == ("off_network", 1.7)


def test_a_named_place_keeps_its_one_join() -> None:
    links = ("a--b a b 0 trunk 40000 80 0 rural - -", "b--i2 b i2 0 secondary 2000 60 0 rural - -")
    session = make_session(links)
    streets, ends = session.roads(PROMOTER), [session.places.get_place(p) for p in ("pa", "halfway")]
    assert session.connectors(ends, streets).n_ways == 2
    assert session.connectors([*ends, point(111.01, 40.29)], streets).n_ways > 2
    alone, beside = (session.connectors(e, streets).take([1]) for e in (ends, [*ends, point(111.01, 40.29)]))
    for name in ("leave_node", "leave_ticks", "reach_node", "reach_ticks", "link_idx", "pos_ticks", "off_ticks"):
        assert getattr(alone, name)[0].tolist() == getattr(beside, name)[0, :2].tolist()


KINDS = ("trunk", "primary", "secondary", "tertiary", "motorway")
ENDS = list(combinations(sorted(NODES), 2))
ROAD = st.tuples(
    st.sampled_from(ENDS),
    st.booleans(),
    st.sampled_from(KINDS),
    st.integers(2, 60),
    st.integers(15, 120),
    st.one_of(st.none(), st.tuples(st.floats(110.85, 111.15), st.floats(39.95, 40.55))),
)
POINTS = st.lists(st.tuples(st.floats(110.8, 111.2), st.floats(39.9, 40.6)), min_size=2, max_size=3)


def draw_roads(roads: list[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return links and their bends; the first road goes from a, where `pa` stands."""
    links, shapes = [], []
    for n, ((tail, head), oneway, kind, km, kmh, bend) in enumerate(roads):
        links.append(f"r{n} {tail} {head} {int(oneway)} {kind} {km}000 {kmh} 0 rural - -")
        if bend is not None:
            shapes.append(f"r{n} 0 {bend[0]:.6f} {bend[1]:.6f}")
    return tuple(links), tuple(shapes)


FIRST = (("a", "b"), False, "trunk", 40, 80, None)


class Oracle:
    """Roads cut into steps of 25 m at most, all of whose ends are joined to the points: slow, and without a formula."""

    def __init__(self, session: Session, reading: Reading) -> None:
        network = session.network
        self.streets, self.locate = session.roads(reading), session._find_locator()
        self.steps = []
        for row, course in enumerate(build_courses(network)):
            if network.links["highway"].iloc[row] == "motorway":
                continue
            x, y = self.locate.project([LonLat(lon=lon, lat=lat) for lon, lat in course.tolist()])
            before = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
            at = np.linspace(0, before[-1], max(2, int(before[-1] / 25)))
            ticks = self.streets.link_ticks[row] * (at / before[-1] if before[-1] else at)
            self.steps.append((row, np.interp(at, before, x), np.interp(at, before, y), ticks))

    def find_off(self, place: Place) -> list[np.ndarray]:
        """Return the ticks between a point and the steps of each link, `inf` beyond the reach."""
        x, y = self.locate.project([place.at])
        far = [np.hypot(xs - x[0], ys - y[0]) for _, xs, ys, _ in self.steps]
        return [np.where(f <= REACH_M, f / OFF_MS * TICKS_PER_S, np.inf) for f in far]

    def find_ends(self, place: Place, *, leaves: bool) -> np.ndarray:
        """Return the ticks from a point to each node (or from it) by one link at most."""
        out = np.full(self.streets.arrays.n_nodes, np.inf)
        for (row, _, _, ticks), off in zip(self.steps, self.find_off(place), strict=True):
            node = self.streets.link_head[row] if leaves else self.streets.link_tail[row]
            spent = off + (ticks[-1] - ticks if leaves else ticks)
            out[node] = min(out[node], spent.min())
            end = self.streets.link_tail[row] if leaves else self.streets.link_head[row]
            out[end] = min(out[end], off[0] if leaves else off[-1])  # a junction where nothing else may begin
        return out

    def measure(self, origin: Place, destination: Place) -> tuple[float, float]:
        """Return the seconds between two points, without and with ways along one link of points that are far apart.

        These may cross a road only, on the way across country: nobody does who is farther off than the reach.
        """
        arrays = self.streets.arrays
        graph = csr_array((arrays.weight_ticks.astype(float), arrays.head, arrays.indptr), shape=(arrays.n_nodes,) * 2)
        nodes = dijkstra(graph)  # arcs side by side add up in scipy: the towns have none
        first, last = self.find_ends(origin, leaves=True), self.find_ends(destination, leaves=False)
        by_nodes = along = float((first[:, None] + nodes + last[None, :]).min())
        steps = zip(self.steps, self.find_off(origin), self.find_off(destination), strict=True)
        for (_, _, _, ticks), off, on in steps:  # along one link, from any step of it to any behind
            along = min(along, float((np.minimum.accumulate(off - ticks) + ticks + on).min()))
        x, y = self.locate.project([origin.at, destination.at])
        far_m = float(np.hypot(x[1] - x[0], y[1] - y[0]))
        if far_m <= REACH_M:
            by_nodes = along = min(along, far_m / OFF_MS * TICKS_PER_S)
        return by_nodes / TICKS_PER_S, along / TICKS_PER_S


@settings(max_examples=examples(60), deadline=None)
@given(roads=st.lists(ROAD, min_size=1, max_size=6, unique_by=lambda r: r[0]), points=POINTS)
def test_every_point_of_every_road_near_counts(roads: list[Any], points: list[tuple[float, float]]) -> None:
    roads = [FIRST, *(r for r in roads if r[0] != ("a", "b"))]
    session = make_session(*draw_roads(roads))
    places = [point(*p) for p in points]
    ends = [p for p in places if p.place_id not in session.find_off_network(places)]
    oracle = Oracle(session, PROMOTER)
    found = compute_road_od_s(session, ends, ends, PROMOTER)
    for i, origin in enumerate(ends):
        for j, destination in enumerate(ends):
            if i == j:
                continue
            sure_s, least_s = oracle.measure(origin, destination)
            assert found[i, j] <= sure_s + 0.5  # the rounding of ticks
            assert found[i, j] >= least_s - 2.6  # 25 m between steps, 0.1 s a metre, at both ends


@settings(max_examples=examples(60), deadline=None)
@given(
    roads=st.lists(ROAD, min_size=1, max_size=6, unique_by=lambda r: r[0]),
    at=st.tuples(st.floats(110.8, 111.2), st.floats(39.9, 40.6)),
    reverse=st.booleans(),
    free=st.booleans(),
    picks=st.lists(st.integers(0, 10_000), min_size=12, max_size=12),
)
def test_a_point_has_the_minutes_of_its_cell(
    roads: list[Any], at: tuple[float, float], reverse: bool, free: bool, picks: list[int]
) -> None:
    roads = [FIRST, *(r for r in roads if r[0] != ("a", "b"))]
    session = make_session(*draw_roads(roads))
    here = point(*at) if free else session.places.get_place("pa")
    if session.find_off_network([here]):
        return
    builder = SurfaceBuilder(session, 2000.0)
    surface = builder.compute(here, Mode.ROAD, DOOR, reverse=reverse)
    x, y = builder.grid.centres()
    cells = [(pick // len(x) % len(y), pick % len(x)) for pick in picks]
    lon, lat = builder.grid.unproject(np.array([x[c] for _, c in cells]), np.array([y[r] for r, _ in cells]))
    drawn = [point(float(a), float(b)) for a, b in zip(lon, lat, strict=True)]
    off = session.find_off_network(drawn)  # a circle holds what lies near its own point, whatever the roads
    cells = [cell for cell, place in zip(cells, drawn, strict=True) if place.place_id not in off]
    places = [place for place in drawn if place.place_id not in off]
    if not places:
        return
    ways = (places, [here]) if reverse else ([here], places)
    found_s = compute_road_od_s(session, *ways, DOOR).ravel()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surfaces, "find_own_roads", lambda *_, **__: [])
        without = SurfaceBuilder(session, 2000.0).compute(here, Mode.ROAD, DOOR, reverse=reverse)
    least_s, most_s = (np.array([one.time_s[cell] for cell in cells]) for one in (surface, without))
    # a tick is many metres of a road that is drawn too long
    assert (found_s >= least_s - 1.5).all()
    assert (found_s <= most_s + 1.5).all()
    # From a point beside a road a circle goes on across it to who is farther off than the reach, `od` does not.
    (here_x,), (here_y,) = builder.project([here])
    near = np.array([np.hypot(x[c] - here_x, y[r] - here_y) <= REACH_M for r, c in cells]) | (least_s == most_s)
    assert (found_s[near] <= least_s[near] + 1.5).all()


@settings(max_examples=examples(60), deadline=None)
@given(roads=st.lists(ROAD, min_size=2, max_size=6, unique_by=lambda r: r[0]), points=POINTS)
def test_a_road_more_is_never_later(roads: list[Any], points: list[tuple[float, float]]) -> None:
    roads = [FIRST, *(r for r in roads if r[0] != ("a", "b") and r[2] != "motorway")]
    places = [point(*p) for p in points]
    before_s = np.full((len(places), len(places)), np.inf)
    for n in range(1, len(roads) + 1):
        session = make_session(*draw_roads(roads[:n]))
        found_s = compute_road_od_s(session, places, places, PROMOTER)
        assert (found_s <= before_s + 0.25).all()
        before_s = found_s


@settings(max_examples=examples(60), deadline=None)
@given(roads=st.lists(ROAD, min_size=2, max_size=7, unique_by=lambda r: r[0]), points=POINTS)
def test_ways_that_are_dropped_are_no_sooner(roads: list[Any], points: list[tuple[float, float]]) -> None:
    roads = [FIRST, *(r for r in roads if r[0] != ("a", "b"))]
    places = [*(point(*p) for p in points), *make_session(*draw_roads(roads)).places.list_group("pa;pc")]
    found = []
    for drop in (free_points._drop_later, lambda entries, links: entries):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(free_points, "_drop_later", drop)
            session = make_session(*draw_roads(roads))
            found.append((compute_road_od_s(session, places, places, TYPICAL), session))
    (few_s, few), (all_s, every) = found
    assert few_s.tolist() == all_s.tolist()
    loose = [p for p in places if p.place_id not in few.find_off_network(places)]
    n_ways = [s.connectors(loose, s.roads(TYPICAL)).n_ways for s in (few, every)]
    assert n_ways[0] <= n_ways[1]


def test_most_roads_of_a_town_are_dropped() -> None:
    # 10 x 10 streets 500 m apart at 60 km/h, across country at 12: one gets to all of them by the few round a point
    nodes = [(f"n{i}_{j}", 111 + j * 0.00586, 40 + i * 0.0045) for i in range(10) for j in range(10)]
    roads = [
        f"s{i}_{j}_{k} n{i}_{j} n{i + k}_{j + 1 - k} 0 tertiary 500 60 0 rural - -"
        for i in range(10)
        for j in range(10)
        for k in (0, 1)
        if i + k < 10 and j + 1 - k < 10
    ]
    region = make_region(places=PLACES[:1], stations={}, feed=make_feed((), stops={}), main_stations={})
    table = region.nodes.iloc[[0] * len(nodes)].reset_index(drop=True)
    names, lon, lat = (list(column) for column in zip(*nodes, strict=True))
    region = replace(
        region,
        nodes=table.assign(node_id=names, lon=lon, lat=lat),
        links=make_links(roads),
        places=region.places.assign(road_node_id="n0_0"),
        counties=region.counties.iloc[:0],
    )
    session = Session("grid", build_network(region, AS_OF, WIDE.with_changes(off_network_speed_kmh=12)))
    here, streets = point(111.0275, 40.0212), session.roads(PROMOTER)
    assert len(session.network.links) == 360
    assert session.connectors([here], streets).n_ways < 60
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(free_points, "_drop_later", lambda entries, links: entries)
        assert Session("grid", session.network).connectors([here], streets).n_ways == 4 * 180


LINKS_BY_RAIL = (
    "a--i1 a i1 0 primary 3000 60 0 urban - -",
    "b--c b c 0 trunk 80000 100 0 rural - -",
)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_taxi_turns_back_on_the_road_and_not_across_country(reverse: bool) -> None:
    # A taxi from the train at b turns back after 54 of the 60 minutes of the road to c, 200 m south of 40.48: from
    # there on one goes across country, to a cell and to a point.
    ride = ("sb", "sa") if reverse else ("sa", "sb")
    feed = make_feed((f"T1 rail daily | {ride[0]} 06:00 | {ride[1]} 06:20",), frequencies=("T1 06:00 22:00 600 1",))
    session = make_session(LINKS_BY_RAIL, feed=feed, stations=STATIONS)
    builder, here = SurfaceBuilder(session, 500.0), session.places.get_place("pa")
    surface = builder.compute(here, Mode.RAIL, DOOR, reverse=reverse)
    x, y = builder.grid.centres()
    rim_x, rim_y = builder.grid.project([111.0], [40.3 + 0.2 * 3240 / 3605])
    row, column = np.nonzero(np.hypot(x[None, :] - rim_x[0], y[:, None] - rim_y[0]) < 3000)
    lon, lat = builder.grid.unproject(x[column], y[row])
    places = [point(float(a), float(b)) for a, b in zip(lon, lat, strict=True)]
    assert len(places) > 100
    ways = (places, [here]) if reverse else ([here], places)
    found = compute_od(session, *ways, [Mode.RAIL], [DOOR], with_km=False)["minutes"].to_numpy()
    expected = surface.time_s[row, column] / 60
    assert np.isfinite(expected).sum() > 50
    assert np.isinf(found).tolist() == np.isinf(expected).tolist()
    known = np.isfinite(expected)
    # seconds are whole on the way to a station; backwards who is asked for leaves at whole minutes
    assert found[known] == pytest.approx(expected[known], abs=1.0 if reverse else 0.05)


@settings(max_examples=examples(40), deadline=None)
@given(roads=st.lists(ROAD, min_size=1, max_size=6, unique_by=lambda r: r[0]), points=POINTS)
def test_a_graph_with_points_has_their_times(roads: list[Any], points: list[tuple[float, float]]) -> None:
    roads = [FIRST, *(r for r in roads if r[0] != ("a", "b"))]
    session = make_session(*draw_roads(roads))
    origins = [*session.places.list_group("pa;pb;halfway"), *(point(*p) for p in points)]
    ends = [*(point(*p) for p in points), *session.places.list_group("pc;halfway")]
    graph = build_point_graph(session, origins, ends, TYPICAL)
    arrays, found_s = graph.streets, compute_road_od_s(session, origins, ends, TYPICAL)
    ticks = np.full((arrays.n_nodes, arrays.n_nodes), np.inf)
    tail = np.repeat(np.arange(arrays.n_nodes), np.diff(arrays.indptr))
    np.minimum.at(ticks, (tail, arrays.head), arrays.weight_ticks.astype(float))
    for middle in range(arrays.n_nodes):  # Floyd and Warshall: an arc of no time is one as well
        ticks = np.minimum(ticks, ticks[:, middle, None] + ticks[None, middle, :])
    for i, start in enumerate(graph.origin):
        for j, end in enumerate(graph.destination):
            expected = np.inf if start < 0 or end < 0 else ticks[start, end] / TICKS_PER_S
            assert found_s[i, j] == pytest.approx(expected, abs=1e-9) or origins[i].place_id == ends[j].place_id
