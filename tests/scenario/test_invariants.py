"""What must hold for every project: the base is untouched, twice is equal, nothing is nothing."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.scenario.town import build_town, free_road_time_s, list_free_times_s
from tests.scenario.yaml_text import BODIES, make
from transit_model.network.model import Network
from transit_model.scenario.apply import apply_projects
from transit_model.scenario.base_schema import Project
from transit_model.scenario.kinds.registry import PROJECT_KINDS
from transit_model.scenario.rail_service_edit import scale_runs
from transit_model.scenario.services import spread_departures_s

TOWN = build_town()


def apply(*projects: Project) -> Network:
    return apply_projects(TOWN, projects, road_time_s=free_road_time_s)


def test_empty_scenario_is_the_base() -> None:
    assert apply() is TOWN
    assert apply().fingerprint() == TOWN.fingerprint()


@pytest.mark.parametrize("kind", PROJECT_KINDS)
def test_base_is_untouched_and_twice_is_equal(kind: str) -> None:
    before = TOWN.fingerprint()
    project = make(kind)
    first, second = apply(project), apply(project)
    assert TOWN.fingerprint() == before
    assert first.fingerprint() == second.fingerprint()
    assert first.fingerprint() != before
    assert [p.project_id for p in first.projects] == ["p"]
    assert TOWN.projects == ()


@pytest.mark.parametrize("kind", PROJECT_KINDS)
def test_column_types_stay(kind: str) -> None:
    network = apply(make(kind))
    for name in ("nodes", "links", "stations", "station_links", "places"):
        old, new = getattr(TOWN, name), getattr(network, name)
        assert {c: new[c].dtype for c in old.columns} == old.dtypes.to_dict(), name
    for name in vars(TOWN.feed):
        old, new = getattr(TOWN.feed, name), getattr(network.feed, name)
        if len(old):
            assert {c: new[c].dtype for c in old.columns} == old.dtypes.to_dict(), name
    assert not network.links["link_id"].duplicated().any()
    assert not network.feed.trips["trip_id"].duplicated().any()
    assert not network.feed.stops["stop_id"].duplicated().any()


ADDITIVE = {
    "a": make("road_link", project_id="a"),
    "b": make("road_upgrade", project_id="b"),
    "c": make("road_link", BODIES["road_link"].replace("n1", "n2").replace("111.1", "111.05"), project_id="c"),
}


@settings(max_examples=examples(6), deadline=None)
@given(chosen=st.permutations(sorted(ADDITIVE)), count=st.integers(0, 3))
def test_added_roads_never_slow_anyone_and_order_does_not_matter(chosen: list[str], count: int) -> None:
    picked = [ADDITIVE[k] for k in chosen[:count]]
    network = apply(*picked)
    other = apply(*random.Random(1).sample(picked, len(picked)))
    for origin in ("a", "b", "c"):
        before, after = list_free_times_s(origin, TOWN), list_free_times_s(origin, network)
        assert all(after[node] <= seconds for node, seconds in before.items())
        assert after == list_free_times_s(origin, other)


@given(
    gaps=st.lists(st.tuples(st.integers(60, 7200), st.integers(0, 600)), min_size=1, max_size=6),
    factor=st.floats(0.3, 2.0),
    data=st.data(),
)
def test_scaled_runs(gaps: list[tuple[int, int]], factor: float, data: st.DataObject) -> None:
    """Dwell is kept, runs inside are scaled to the second, those outside stay, time never runs backwards."""
    import numpy as np

    arrive, depart = [0.0], [0.0]
    for run, dwell in gaps:
        arrive.append(depart[-1] + run)
        depart.append(arrive[-1] + dwell)
    first = data.draw(st.integers(0, len(gaps) - 1))
    last = data.draw(st.integers(first + 1, len(gaps)))
    new_arrive, new_depart = scale_runs(np.array(arrive), np.array(depart), first, last, factor)
    assert (new_depart - new_arrive == np.array(depart) - np.array(arrive)).all()
    for i, (run, _) in enumerate(gaps):
        new_run = new_arrive[i + 1] - new_depart[i]
        # rounded to the second; the product itself is exact to the last bits of a float
        assert abs(new_run - run * (factor if first <= i < last else 1)) <= 0.5 + 1e-9
    assert new_depart[0] == 0


@given(count=st.integers(1, 200), first=st.integers(0, 40_000), span=st.integers(1, 60_000))
def test_departures_are_spread_from_first_to_last(count: int, first: int, span: int) -> None:
    times = spread_departures_s(count, first, first + span)
    assert len(times) == count
    assert times[0] == first
    assert times == sorted(times)
    if count > 1:
        assert times[-1] == first + span
        gaps = [b - a for a, b in pairwise(times)]
        assert max(gaps) - min(gaps) <= 1
