"""How far taxis get along a road that no junction divides: rings by rail hold what `od` to a point holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.network.town import ROUND, STATIONS, make_feed, make_town
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.od import compute_od
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.surface.cut_courses import cut_courses
from transit_model.surface.surface import Courses

DOOR = Reading.DOOR_TO_DOOR
APART = "a--i1 a i1 0 primary 3000 60 0 urban - -"
"""No road leads from `a` to the rest: whoever is there came by train."""
TRAIN = "T1 rail daily | sa 06:00 | sb 06:20"
EVERY_10 = "T1 06:00 22:00 600 1"
ON_ROADS = ROUND.with_changes(off_network_max_min=0.01)
"""Nobody leaves a road where its taxis turn back, to go on across country."""


def make_session(links: tuple[str, ...], lines: tuple[str, ...], every: tuple[str, ...], **changes: Any) -> Session:
    stops = changes.pop("stops", STATIONS)
    changes.setdefault("stations", {name: row for name, row in stops.items() if row[2]})
    return Session("town", make_town(links=links, feed=make_feed(lines, stops=stops, frequencies=every), **changes))


def read_ring(builder: SurfaceBuilder, lat: float, lon: float = 111.0, mode: Mode = Mode.RAIL) -> float:
    """Return the minutes at a point on a road: the least of the pieces that pass within 2 m of it."""
    (x,), (y,) = builder.grid.project([lon], [lat])
    found = [np.inf]
    for _, _, e in builder.list_edges(builder.session.places.get_place("pa"), mode, DOOR):
        dx, dy = e.x1 - e.x0, e.y1 - e.y0
        share = np.clip(((x - e.x0) * dx + (y - e.y0) * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0, 1)
        near = np.hypot(e.x0 + share * dx - x, e.y0 + share * dy - y) < 2
        found += (e.t0_s + share * (e.t1_s - e.t0_s))[near].tolist()
    return min(found) / 60


def read_od(session: Session, *points: str, mode: Mode = Mode.RAIL) -> list[float]:
    ends = [session.places.get_place(p) for p in points]
    rows = compute_od(session, [session.places.get_place("pa")], ends, [mode], [DOOR], with_km=False)
    return [float(m) for m in rows["minutes"]]


def test_a_taxi_turns_back_within_a_road() -> None:
    # 80 km at 80 km/h and 5 s at the junction: 3605 s. The taxi is waited for 5 min and paid in 1: 54 min are left of
    # the 60 of `access_max_min`, which end at 3240 / 3605 of the road.
    roads = (APART, "b--c b c 0 trunk 80000 100 0 rural - -")
    session = make_session(roads, (TRAIN,), (EVERY_10,), assumptions=ON_ROADS)
    builder = SurfaceBuilder(session, 1000.0)
    parts = builder._transit.get_places(Mode.RAIL, False).parts
    assert (parts.low_s.tolist(), parts.high_s.tolist(), parts.along_s.tolist()) == ([0.0], [3240.0], [3605.0])
    # on foot and in 20 min to the platform (at `a`, 1112 m away: 18:32 on foot), ride 20, out 5, taxi 6 and 0.5 x 60:05
    half_way = read_ring(builder, 40.4)
    assert half_way == pytest.approx(read_od(session, "111.0,40.4")[0], abs=0.05)
    # the road goes on, with nobody on it
    ends_at_deg = 40.3 + 0.2 * 3240 / 3605
    before, behind = read_od(session, f"111.0,{ends_at_deg - 0.002:.4f}", f"111.0,{ends_at_deg + 0.002:.4f}")
    assert read_ring(builder, ends_at_deg - 0.002) == pytest.approx(before, abs=0.05)
    assert np.isinf([read_ring(builder, ends_at_deg + 0.002), behind]).all()
    # from half way to the end of the part: 3240 - 1802.5 s
    assert read_ring(builder, ends_at_deg - 1e-6) - half_way == pytest.approx((3240 - 1802.5) / 60, abs=0.05)


def test_rings_to_a_place_come_from_the_other_end() -> None:
    back = "T2 rail daily | sb 06:00 | sa 06:20"
    links = (APART, "b--c b c 0 trunk 80000 100 0 rural - -")
    session = make_session(links, (back,), ("T2 06:00 22:00 600 1",))
    builder = SurfaceBuilder(session, 1000.0)
    place, n = session.places.get_place("pa"), session.taxi_roads().arrays.n_nodes
    parts = builder._transit.get_places(Mode.RAIL, True).parts
    to_b = [str(session.network.links["link_id"].iloc[row]) for row in parts.link]
    assert (to_b, parts.low_s.tolist(), parts.high_s.tolist()) == (["b--c~"], [0.0], [3240.0])
    edges = builder.list_part_edges(place, Mode.RAIL, DOOR, reverse=True)
    node_s = builder.get_node_s(place, Mode.RAIL, DOOR, 0.5, reverse=True)
    at_b = float(node_s[session.taxi_roads().graph_node["b"]])
    assert n == len(node_s)
    # the last point of the way back is at b; the first 3240 s before it
    assert (float(edges.t0_s.max()), float(edges.t1_s.min())) == (at_b + 3240, at_b)


# shares: farther from the stations than a walk
@settings(max_examples=examples(25), deadline=None)
@given(
    km=st.tuples(*[st.integers(8, 130)] * 2),
    rides=st.tuples(*[st.integers(10, 90)] * 3),
    every=st.tuples(*[st.sampled_from([600, 1800, 3600, 7200])] * 3),
    shares=st.lists(st.floats(0.1, 0.9), min_size=3, max_size=3),
    one_way=st.booleans(),
)
def test_a_point_on_a_road_has_the_minutes_of_od(
    km: tuple[int, int], rides: tuple[int, ...], every: tuple[int, ...], shares: list[float], one_way: bool
) -> None:
    links = (
        APART,
        f"b--c b c {int(one_way)} trunk {km[0]}000 100 0 rural - -",
        f"b--i2 b i2 0 secondary {km[1]}000 60 0 rural - -",
    )
    stops = {**STATIONS, "sx": (111.02, 40.301, "i2", "甲北", "North")}
    ends = ("sb", "sx", "sc")
    lines = tuple(
        f"T{n} rail daily | sa 06:00 | {stop} {6 + ride // 60:02d}:{ride % 60:02d}"
        for n, (stop, ride) in enumerate(zip(ends, rides, strict=True))
    )
    bands = tuple(f"T{n} 06:00 22:00 {headway} 1" for n, headway in enumerate(every))
    session = make_session(links, lines, bands, stops=stops, assumptions=ON_ROADS)
    builder = SurfaceBuilder(session, 1000.0)
    breaks = builder._transit.get_places(Mode.RAIL, False).parts
    on_road = session.network.links["link_id"].iloc[breaks.link].str.startswith("b--c").to_numpy()
    ends_at = np.concatenate([(breaks.high_s / breaks.along_s)[on_road], (1 - breaks.high_s / breaks.along_s)[on_road]])
    shares = [s for s in shares if (np.abs(ends_at - s) > 0.002).all()]
    lats = [40.3 + 0.2 * s for s in shares]
    od = read_od(session, *[f"111.0,{lat:.7f}" for lat in lats]) if lats else []
    for share, lat, minutes in zip(shares, lats, od, strict=True):
        ring = read_ring(builder, round(lat, 7))
        if one_way:  # all come by the same end
            assert ring == pytest.approx(minutes, abs=0.05), share
        else:  # the better of two medians is never less than the median of the better
            assert ring >= minutes - 0.05, share
            assert np.isinf(ring) == np.isinf(minutes), share


METRO = {"m1": (111.0, 40.001, "", "一", "One"), "m2": (111.0, 40.305, "", "二", "Two")}
RIDE = "M1 metro daily | m1 06:00 | m2 06:20"


def make_metro() -> Session:
    links = (APART, "b--c b c 0 trunk 80000 100 0 rural - -")
    return make_session(links, (RIDE,), ("M1 06:00 22:00 600 1",), stops={**STATIONS, **METRO})


def test_who_walked_to_a_junction_does_not_drive_on() -> None:
    session = make_metro()
    builder = SurfaceBuilder(session, 1000.0)
    # 111 m to m1 at 1 s a metre, 3 min in, every 10 min, ride 20, out 2, 556 m from m2 to the junction b
    on_road = [read_ring(builder, lat, mode=Mode.TRANSIT) for lat in (40.35, 40.4)]
    assert np.isinf(on_road).all()
    assert np.isinf(read_od(session, "111.0,40.35", "111.0,40.4", mode=Mode.TRANSIT)).all()


def test_a_cell_beside_a_metro_stop_is_walked_to() -> None:
    session = make_metro()
    builder = SurfaceBuilder(session, 500.0)
    place = session.places.get_place("pa")
    surface = builder.compute(place, Mode.TRANSIT, DOOR)
    x, y = builder.grid.centres()
    (stop_x,), (stop_y,) = builder.grid.project([METRO["m2"][0]], [METRO["m2"][1]])
    far_m = np.hypot(x[None, :] - stop_x, y[:, None] - stop_y)
    nearest = np.unravel_index(far_m.argmin(), far_m.shape)
    at_stop_s = surface.time_s[nearest] - far_m[nearest]
    # 112 s to m1 at 1 s a metre, 180 in; of the ten waits of whole departure minutes, 8, 68 ... 548, the fifth is 248
    assert at_stop_s == pytest.approx(112 + 180 + 248 + 1200 + 120)
    walked = far_m <= 2000
    assert surface.time_s[walked] == pytest.approx((at_stop_s + far_m)[walked], abs=1e-6)
    from_place = np.hypot(x[None, :] - builder.project([place])[0], y[:, None] - builder.project([place])[1]) <= 2000
    assert np.isinf(surface.time_s[~walked & ~from_place]).all()


def test_a_ride_on_foot_at_both_ends_is_no_taxi_trip() -> None:
    # From pa 111 m to m1; m2 and the road are the quicker way by far: 2 km of road beside 20 min of metro. Walks and
    # the drive say nothing of each other.
    links = ("a--b a b 0 trunk 4000 100 0 rural - -", "b--c b c 0 trunk 30000 100 0 rural - -", APART)
    session = make_session(links, (RIDE,), ("M1 06:00 22:00 600 1",), stops={**STATIONS, **METRO})
    (by_metro,) = read_od(session, "pb", mode=Mode.TRANSIT)
    assert np.isfinite(by_metro)


def test_a_bus_stop_at_the_door_makes_no_detour_a_ride() -> None:
    # From pa to pb it is 24 km by road: 1080 s, 5 s, and 7 min for the car: 25:05. Into the train a taxi and 15 min,
    # 21; out of it 5 and 1:52 on foot: no shorter. A coach from the door to c and nowhere else, entered in 6 min,
    # moves nothing of that.
    links = ("a--b a b 0 trunk 24000 100 0 rural - -", "b--c b c 0 trunk 30000 100 0 rural - -", APART)
    coach = ("C1 coach daily | k1 06:00 | k2 06:30",)
    stops = {**STATIONS, "k1": (111.0, 40.0, "a", "门", "Door"), "k2": (111.0, 40.5, "c", "丙", "Far")}
    found = []
    for lines, every in (((TRAIN,), (EVERY_10,)), ((TRAIN, *coach), (EVERY_10, "C1 06:00 22:00 600 1"))):
        session = make_session(links, lines, every, stops=stops, stations=stops)
        found.append(read_od(session, "pb", mode=Mode.TRANSIT)[0])
        builder = SurfaceBuilder(session, 1000.0)
        found.append(
            float(
                builder.get_node_s(session.places.get_place("pa"), Mode.TRANSIT, DOOR, 0.5)[
                    session.taxi_roads().graph_node["b"]
                ]
            )
        )
    assert np.isinf(found).all()


def test_courses_are_cut_by_length() -> None:
    # 3-4-5: 5 m and 10 m; half of 15 m is 2.5 m up the second piece
    courses = Courses([0, 3, 5], [0, 3, 3, 0, 10], [0, 4, 14, 0, 0])
    cut = cut_courses(courses, np.array([0, 0, 1, 0]), np.array([0, 0.5, 0.25, 0.2]), np.array([0.5, 1, 0.75, 0.3]))
    assert cut.ptr.tolist() == [0, 3, 5, 7, 9]
    assert cut.x.tolist() == pytest.approx([0, 3, 3, 3, 3, 2.5, 7.5, 1.8, 2.7])
    assert cut.y.tolist() == pytest.approx([0, 4, 6.5, 6.5, 14, 0, 0, 2.4, 3.6])
