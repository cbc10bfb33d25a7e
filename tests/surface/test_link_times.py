from __future__ import annotations

import math
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.surface.bin_kernels import ROUNDING_S, time_links

NODES = 5
NODE_S = st.lists(st.one_of(st.integers(0, 900).map(float), st.just(math.inf)), min_size=NODES, max_size=NODES)
ROAD = st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.integers(1, 400), st.integers(1, 400))


@settings(max_examples=examples(200), deadline=None)
@given(NODE_S, st.lists(ROAD, max_size=8), st.booleans(), st.booleans(), st.randoms(use_true_random=False))
def test_links_have_the_times_of_their_ends_unless_the_way_back_is_beaten(
    node_s: list[float], roads: list[tuple[int, int, int, int]], reverse: bool, open_ended: bool, random: Random
) -> None:
    # every road is two links, there and back; the last one is one-way
    tail = np.array([v for a, b, *_ in roads for v in (a, b)], dtype=np.int32)
    head = np.array([v for a, b, *_ in roads for v in (b, a)], dtype=np.int32)
    along = np.array([s for *_, there, back in roads for s in (there, back)], dtype=np.int32)
    way_back = np.arange(len(tail)).reshape(-1, 2)[:, ::-1].ravel().copy()
    if roads:
        way_back[-2:] = -1
    table = list(range(len(tail) + 2))
    random.shuffle(table)
    rows = np.array(table)  # where the links stand in their table
    links = [np.zeros(len(rows), dtype=np.int32) for _ in range(3)]
    for column, known in zip(links, (tail, head, along * 10), strict=True):
        column[rows[: len(tail)]] = known
    first, last = np.empty(len(tail)), np.empty(len(tail))
    time_links(
        np.array(node_s),
        (links[0], links[1], links[2]),
        rows[: len(tail)].copy(),
        way_back,
        reverse,
        open_ended,
        first,
        last,
    )
    back = np.where(way_back >= 0, along[way_back], math.inf) if roads else np.zeros(0)
    for i in range(len(tail)):
        begin, end = node_s[tail[i]], node_s[head[i]]
        soon, late = (end, begin) if reverse else (begin, end)
        reached = soon < math.inf and (late < math.inf or open_ended)
        if not reached or soon >= late + back[i] - ROUNDING_S:
            assert first[i] == last[i] == math.inf
        elif reverse:
            assert (first[i], last[i]) == (soon + along[i], soon)
        else:
            assert (first[i], last[i]) == (soon, soon + along[i])


def test_the_way_back_by_hand() -> None:
    # From node 0 at 0 s a road of 60 s leads to node 1: the way there is left anywhere from 0 to 60 s. Whoever comes
    # back sets out at 60 s and is nowhere sooner. Node 1 at 50 s by another way: both waves run and meet on the road.
    tail, head, ticks = (np.array(column, dtype=np.int32) for column in ([0, 1], [1, 0], [600, 600]))
    rows, back = np.array([0, 1]), np.array([1, 0])
    for at_one, wanted in ((60.0, [(0.0, 60.0), (math.inf, math.inf)]), (50.0, [(0.0, 60.0), (50.0, 110.0)])):
        first, last = np.empty(2), np.empty(2)
        time_links(np.array([0.0, at_one]), (tail, head, ticks), rows, back, False, False, first, last)
        assert list(zip(first.tolist(), last.tolist(), strict=True)) == wanted
