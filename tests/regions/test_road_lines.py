from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from tests.examples import examples
from transit_model.domain.geo import compute_great_circle_m
from transit_model.map_join.road_lines import STEP_M, RoadLines, Ruler, draw_roads

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
PLACE = st.tuples(st.integers(0, 40), st.integers(0, 40))


@st.composite
def maps(draw: st.DrawFn) -> Tables:
    at = draw(st.lists(PLACE, min_size=2, max_size=6, unique=True))
    nodes = pd.DataFrame({"node_id": [f"n{i}" for i in range(len(at))]})
    nodes["lon"], nodes["lat"] = [110 + x / 1000 for x, _ in at], [40 + y / 1000 for _, y in at]
    pairs = draw(st.lists(st.tuples(*[st.integers(0, len(at) - 1)] * 2).filter(lambda p: p[0] != p[1]), max_size=6))
    links = pd.DataFrame(
        [(f"l{k}", f"n{a}", f"n{b}") for k, (a, b) in enumerate(pairs)],
        columns=["link_id", "from_node_id", "to_node_id"],
    )
    rows = []
    for link in range(len(pairs)):
        for seq, (x, y) in enumerate(draw(st.lists(PLACE, max_size=5))):
            rows.append((f"l{link}", seq, 110 + x / 1000, 40 + y / 1000))
    order = draw(st.permutations(rows))
    return nodes, links, pd.DataFrame(order, columns=["link_id", "seq", "lon", "lat"])


def draw_slowly(nodes: pd.DataFrame, links: pd.DataFrame, shapes: pd.DataFrame) -> tuple[list[object], list[object]]:
    """Return points with their road, and steps with theirs, road by road."""
    place = dict(zip(nodes["node_id"], zip(nodes["lon"], nodes["lat"], strict=True), strict=True))
    number = {node: k for k, node in enumerate(nodes["node_id"])}
    points: list[object] = [(*at, -1) for at in place.values()]
    steps: list[object] = []
    for row, (link, a, b) in enumerate(links.itertuples(index=False, name=None)):
        known = shapes[shapes["link_id"] == link].sort_values("seq")[["lon", "lat"]].to_numpy()[1:-1]
        line = np.vstack([place[a], known, place[b]])
        before = number[a]
        for k in range(len(line) - 1):
            (x0, y0), (x1, y1) = line[k], line[k + 1]
            n = max(1, int(np.ceil(float(compute_great_circle_m(x0, y0, x1, y1)) / STEP_M)))
            for j in range(n + (k == len(line) - 2)):
                if (k, j) == (0, 0):
                    continue
                here = number[b]
                if j < n:
                    here = len(points)
                    points.append((x0 + (x1 - x0) * (j / n), y0 + (y1 - y0) * (j / n), row))
                steps.append((before, here, row))
                before = here
    return points, steps


@settings(max_examples=examples(60), deadline=None)
@given(maps())
def test_points_along_roads_are_those_of_a_loop(tables: Tables) -> None:
    drawn = draw_roads(*tables)
    points, steps = draw_slowly(*tables)
    result = zip(drawn.lon.tolist(), drawn.lat.tolist(), drawn.link.tolist(), strict=True)
    assert list(result) == [pytest.approx(p, abs=1e-12) for p in points]
    assert list(zip(drawn.tail.tolist(), drawn.head.tolist(), drawn.step_link.tolist(), strict=True)) == steps


@settings(max_examples=examples(60), deadline=None)
@given(maps(), PLACE, PLACE)
def test_a_length_is_that_of_a_search_without_a_limit(
    tables: Tables, start: tuple[int, int], end: tuple[int, int]
) -> None:
    drawn = draw_roads(*tables)
    ruler = Ruler(drawn, np.ones(len(tables[1]), dtype=bool))
    ends = [(110 + x / 1000, 40 + y / 1000) for x, y in (start, end)]
    length, off_a, off_b, _ = ruler.measure_m(ends[0], ends[1])
    if not ruler.has_roads:
        assert np.isinf([length, off_a, off_b]).all()
        return
    assert length == measure_whole(ruler, drawn, ends)


def measure_whole(ruler: Ruler, drawn: RoadLines, ends: list[tuple[float, float]]) -> float:
    from transit_model.domain.geo import to_space
    from transit_model.map_join.road_lines import OTHER_SIDE_M

    space = drawn.space[ruler.points]
    near = []
    for lon, lat in ends:
        away = np.linalg.norm(space - to_space(np.array([lon]), np.array([lat])), axis=1)
        near.append(np.flatnonzero(away <= away.min() + OTHER_SIDE_M))
    far = dijkstra(ruler._graph, indices=near[0], min_only=True)
    return float(far[near[1]].min())
