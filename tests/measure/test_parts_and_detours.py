"""Along a road told in parts nobody rides where driving all the way is sooner: as `od` has it, point by point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.measure.test_road_parts import make_session
from tests.network.town import STATIONS
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.od import compute_od
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.units import kmh_to_ms, min_to_s

DOOR = Reading.DOOR_TO_DOOR
LATS = [40.31, 40.33, 40.35, 40.37, 40.39, 40.41, 40.43, 40.45, 40.47, 40.48]


def read_ring(builder: SurfaceBuilder, lat: float, *, reverse: bool) -> float:
    """Return the minutes by rail from `pc` (or to it) at a point of the road north of b."""
    (x,), (y,) = builder.grid.project([111.0], [lat])
    found = [np.inf]
    for _, _, e in builder.list_edges(builder.session.places.get_place("pc"), Mode.RAIL, DOOR, reverse=reverse):
        dx, dy = e.x1 - e.x0, e.y1 - e.y0
        share = np.clip(((x - e.x0) * dx + (y - e.y0) * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0, 1)
        near = np.hypot(e.x0 + share * dx - x, e.y0 + share * dy - y) < 2
        found += (e.t0_s + share * (e.t1_s - e.t0_s))[near].tolist()
    return min(found) / 60


def read_od(session: Session, lats: list[float], mode: Mode, *, reverse: bool) -> list[float]:
    ends = [session.places.get_place(f"111.0,{lat}") for lat in lats]
    here = [session.places.get_place("pc")]
    rows = compute_od(session, *((ends, here) if reverse else (here, ends)), [mode], [DOOR], with_km=False)
    return [float(m) for m in rows["minutes"]]


def read_across(builder: SurfaceBuilder, lats: Sequence[float], *, reverse: bool) -> npt.NDArray[np.float64]:
    """Return the minutes at points straight from the junctions: who gets so far by taxi may go on across country."""
    session = builder.session
    a, arrays = session.network.assumptions, session.taxi_roads().arrays
    node_s = builder.get_node_s(session.places.get_place("pc"), Mode.RAIL, DOOR, 0.5, reverse=reverse)
    node_x, node_y = builder.grid.project(arrays.lon, arrays.lat)
    x, y = builder.grid.project([111.0] * len(lats), list(lats))
    far_m = np.hypot(node_x[:, None] - x, node_y[:, None] - y)
    far_s = far_m / kmh_to_ms(a.off_network_speed_kmh)
    far_s[far_s > min_to_s(a.off_network_max_min)] = np.inf
    least: npt.NDArray[np.float64] = (node_s[:, None] + far_s).min(axis=0) / 60
    return least


@settings(max_examples=examples(8), deadline=None)
@given(
    km=st.integers(30, 110),
    ride=st.integers(2, 40),
    reverse=st.booleans(),
    one_way=st.booleans(),
    second=st.booleans(),
)
def test_who_had_better_driven_is_in_no_ring(km: int, ride: int, reverse: bool, one_way: bool, second: bool) -> None:
    # from c, at the north end of the road, by train to b at its south end, and by taxi back towards c
    ends = ("sb", "sc") if reverse else ("sc", "sb")
    lines = [f"T1 rail daily | {ends[0]} 06:00 | {ends[1]} 06:{ride:02d}"]
    stops, every = dict(STATIONS), ["T1 06:00 22:00 600 1"]
    if second:  # a station farther off, with trains of its own
        stops["sx"] = (111.02, 40.301, "i2", "乙东", "Beta East")
        pair = ("sx", "sc") if reverse else ("sc", "sx")
        lines.append(f"T2 rail daily | {pair[0]} 06:00 | {pair[1]} 06:{ride + 10:02d}")
        every.append("T2 06:00 22:00 600 1")
    roads = (f"b--c b c {int(one_way)} trunk {km}000 100 0 rural - -", "b--i2 b i2 0 secondary 2000 60 0 rural - -")
    session = make_session(roads, tuple(lines), tuple(every), stops=stops)
    builder = SurfaceBuilder(session, 1000.0)
    od = read_od(session, LATS, Mode.RAIL, reverse=reverse)
    rings = np.array([read_ring(builder, lat, reverse=reverse) for lat in LATS])
    least = np.minimum(rings, read_across(builder, LATS, reverse=reverse))
    parts = builder._transit.get_places(Mode.RAIL, reverse).parts
    if not parts.in_parts.any():  # a road told whole is drawn where both its ends make sense
        assert np.isinf(rings[np.isinf(od)]).all()
        return
    # a road of 0.2 degrees: its points are told to 0.5 % of it, and both may end between two of them
    near_end = np.diff(np.isinf(od), prepend=np.isinf(od[0])) | np.diff(np.isinf(od), append=np.isinf(od[-1]))
    sure = ~near_end
    # `od` asks of a point whether the ride makes sense, a circle of the road: from c one drives across country as well,
    # 18 km far
    by_road = np.array(LATS) < 40.5 - 18 / 111
    assert np.isfinite(od)[sure & by_road & np.isfinite(rings)].all(), (rings, od)
    assert np.isfinite(least)[sure & np.isfinite(od)].all(), (least, od)
    # who goes there leaves at whole minutes, rings to a place count from whole minutes of arrival
    within_min, both = 1.0 if reverse else 0.1, np.isfinite(rings) & np.isfinite(od)
    assert (np.array(od)[both] <= rings[both] + within_min).all(), (rings, od)
    reached = np.isfinite(od) & np.isfinite(least)
    assert (np.array(od)[reached] >= least[reached] - within_min).all(), (least, od)


def test_a_ring_ends_where_driving_all_the_way_is_sooner() -> None:
    # 80 km at 80 km/h and 5 s at the junction: 3605 s. In at c by taxi, 6 min, and 15 into the station; out of it 5 at
    # b and 6 for the taxi: x s along the road it takes 360 + 900 + 300 + 360 + x, and by car 420 + 3605 - x
    session = make_session(
        ("b--c b c 0 trunk 80000 100 0 rural - -",), ("T1 rail daily | sc 06:00 | sb 06:05",), ("T1 06:00 22:00 600 1",)
    )
    builder = SurfaceBuilder(session, 1000.0)
    place = session.places.get_place("pc")
    times_s = builder._get_times_s(place, Mode.RAIL, DOOR, 0.5)
    places = builder._transit.get_places(Mode.RAIL, False)
    turns_s = places.split(times_s).turn_s[places.parts.low_s == 0.0]
    assert turns_s.max() == (420 + 3605 - 360 - 900 - 300 - 360) / 2
    edges = builder.list_part_edges(place, Mode.RAIL, DOOR)
    fastest = builder.grid.project([111.0], [40.3 + 0.2 * turns_s.max() / 3605])[1][0]
    assert max(edges.y0.max(), edges.y1.max()) == pytest.approx(fastest, abs=20)


def test_a_train_more_slows_no_point_of_a_road() -> None:
    # To b every hour, to b east (175 s off) every 10 min: as far as driving back from c is no sooner, 1052 and 965 s
    # along the road, the soonest of both counts. A taxi from the new station, 2247 s from b, turns back in between,
    # 3240 - 2247 = 993 s along the road: who it is that turns back there must not matter to the others.
    stops = {
        **STATIONS,
        "sx": (111.02, 40.301, "i2", "乙东", "Beta East"),
        "s3": (111.02, 40.48, "i3", "丁", "Delta"),
    }
    roads = (
        "b--c b c 0 trunk 80000 100 0 rural - -",
        "b--i2 b i2 0 secondary 2000 60 0 rural - -",
        "b--i3 b i3 0 secondary 27900 60 0 rural - -",
    )
    lines = (
        "T1 rail daily | sc 06:00 | sb 06:05",
        "T2 rail daily | sc 06:03 | sx 06:08",
        "T3 rail daily | sc 06:00 | s3 06:50",
    )
    every = ("T1 06:00 22:00 3600 1", "T2 06:03 22:00 600 1", "T3 06:00 22:00 3600 1")
    found = []
    for n in (2, 3):
        builder = SurfaceBuilder(make_session(roads, lines[:n], every[:n], stops=stops), 500.0)
        place = builder.session.places.get_place("pc")
        lats = 40.3 + 0.2 * np.arange(20.0, 1052.0, 8.0) / 3605
        rings = [read_ring(builder, float(lat), reverse=False) for lat in lats]
        found.append((rings, builder.compute(place, Mode.RAIL, DOOR).time_s))
    (before, cells_before), (after, cells_after) = found
    assert np.isfinite(before).all()
    assert (np.array(after) <= np.array(before) + 1e-6).all()
    assert (cells_after <= cells_before + 1e-6).all()
