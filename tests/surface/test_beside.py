"""A few pieces beside dense ones give each cell what they give among them, to the bit, limited or not."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.surface import reach_cells, segment_index
from transit_model.surface.grid import Grid
from transit_model.surface.reach_cells import Extent
from transit_model.surface.surface import Courses, Exits, RoadSegments, TimedRoads, compute_surface

SPEED_MS, CAP_S = 10.0, 250.0
GRID = Grid("+proj=aea +lat_1=39 +lat_2=42 +lon_0=111 +units=m +no_defs", 0.0, 0.0, 1000.0, 14, 9)
POINT = st.tuples(st.integers(-10, 150), st.integers(-10, 100)).map(lambda p: (100.0 * p[0], 100.0 * p[1]))
TIME = st.one_of(st.integers(0, 900).map(float), st.just(math.inf))
LINE = st.tuples(st.lists(POINT, min_size=2, max_size=4), TIME, st.integers(0, 300))
"""Points in metres, seconds at the first, seconds more at the last."""


def lay(lines: list[tuple[list[tuple[float, float]], float, int]], *, beside: bool = False) -> RoadSegments:
    ptr = np.cumsum([0, *(len(points) for points, _, _ in lines)])
    x, y = np.array([p for points, _, _ in lines for p in points]).T
    return RoadSegments(Courses(ptr, x, y), GRID, SPEED_MS, CAP_S, beside=beside)


@settings(max_examples=examples(120), deadline=None)
@given(
    st.lists(LINE, min_size=1, max_size=8),
    st.lists(LINE, min_size=1, max_size=3),
    st.lists(st.tuples(POINT, TIME), max_size=3),
    st.sampled_from([math.inf, 1000.0, 400.0, 120.0]),
    st.booleans(),
    st.booleans(),
)
def test_beside_is_among(
    dense: list[tuple[list[tuple[float, float]], float, int]],
    few: list[tuple[list[tuple[float, float]], float, int]],
    positions: list[tuple[tuple[float, float], float]],
    limit_s: float,
    chosen: bool,
    looked_for: bool,
) -> None:
    exits = Exits([p[0] for p, _ in positions], [p[1] for p, _ in positions], [t for _, t in positions])
    cells = np.zeros(GRID.shape, dtype=bool)
    cells[2:4, 3:6] = True
    limit = Extent(limit_s, cells) if chosen else limit_s
    compute = partial(compute_surface, GRID, exits, off_network_speed_ms=SPEED_MS, off_network_max_s=CAP_S)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment_index, "_MOST_LOOKS", 0.0)
        parts = [(lay(dense), dense), (lay(few, beside=True), few)]
        whole = lay([*dense, *few])

    def time(roads: RoadSegments, lines: list[tuple[list[tuple[float, float]], float, int]]) -> TimedRoads:
        return roads.time([t for _, t, _ in lines], [t + more for _, t, more in lines])

    one = compute(edges=time(whole, [*dense, *few]), limit_s=limit)
    with pytest.MonkeyPatch.context() as patch:
        if looked_for:
            patch.setattr(segment_index, "_MOST_LOOKS", 0.0)
            patch.setattr(reach_cells, "_LEAST_CELLS", 0)  # rows side by side
            patch.setattr(segment_index, "_LEAST_AT_ONCE", 0)
            for module in (reach_cells, segment_index):
                patch.setattr(module, "count_threads", lambda: 3)
        # another surface of the same roads first: nothing of it is left
        compute(edges=[time(roads, [(line, 7.0, 0) for line, _, _ in lines]) for roads, lines in parts])
        two = compute(edges=[time(*part) for part in parts], limit_s=limit)
    np.testing.assert_array_equal(two.time_s, one.time_s)
    np.testing.assert_array_equal(two.edge_s, one.edge_s)
    np.testing.assert_array_equal(two.beyond_s, one.beyond_s)
