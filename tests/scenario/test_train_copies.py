"""More trains copied from those of the base: how many each line gets, when they leave, what they keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.minipack import make_two_timetables_files, write_pack
from transit_model.assumptions import read_default_assumptions
from transit_model.errors import ScenarioError
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.region.pack import read_region
from transit_model.scenario.apply import apply_projects
from transit_model.scenario.base_schema import Project
from transit_model.scenario.schema import parse_project
from transit_model.scenario.train_copies import share_trains
from transit_model.store.yaml_lines import parse_yaml

PROJECT = """\
id: more
kind: rail_service
title: {zh: 增开, en: more}
status: open
opens: 2025
source: [made]
confidence: low
line_speed_kmh: 250
scale:
  - {id: emu, routes: [D, C], factor: 1.5}
"""


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """Return the mini pack on TT2023: west to east D1 07:30, D3 12:00, C5 15:00 by mid; east to west D2 09:00."""
    region = read_region(write_pack(tmp_path, make_two_timetables_files()))
    return build_network(region, region.info.built_as_of, read_default_assumptions())


def _read(text: str) -> Project:
    document = parse_yaml(text.encode(), file="more.yaml")
    project, issues = parse_project(document)
    assert project is not None, issues
    return project


def _apply(network: Network, text: str) -> Network:
    return apply_projects(network, [_read(text)], road_time_s=lambda _a, _b, _n: 0.0)


def _new_calls(network: Network) -> dict[str, list[tuple[str, int, int]]]:
    trips = network.feed.trips
    new = trips.loc[trips["project_id"] == "more", "trip_id"]
    times = network.feed.stop_times
    columns = ["stop_id", "arrival_clock_s", "departure_clock_s"]
    rows = {trip: times.loc[times["trip_id"] == trip, columns].to_numpy() for trip in new}
    return {trip: [(str(s), int(a), int(d)) for s, a, d in calls] for trip, calls in rows.items()}


def test_copies_by_hand(network: Network) -> None:
    # 4 trains x 1.5 = 6, two more on the one line; the way with fewer trains first: east to west (1), again (2 < 3)
    calls = _new_calls(_apply(network, PROJECT))
    assert {c[0][0] for c in calls.values()} == {"east-station"}
    starts = sorted(c[0][2] for c in calls.values())
    # 09:00 alone: gaps 06:00-09:00 and 09:00-22:00, the middle of the wider is 15:30; then 09:00-15:30 is as wide as
    # 15:30-22:00 and comes first: 12:15
    assert starts == [12 * 3600 + 15 * 60, 15 * 3600 + 30 * 60]
    for stops in calls.values():  # the 50 minutes of D2 are kept
        assert [s for s, _, _ in stops] == ["east-station", "west-station"]
        assert stops[-1][1] - stops[0][2] == 3000


def test_stops_and_dwell_of_the_copied_train_are_kept(network: Network) -> None:
    one_way = PROJECT.replace("routes: [D, C], factor: 1.5", "routes: [C], factor: 2")
    (stops,) = _new_calls(_apply(network, one_way)).values()
    # C5 alone, 15:00: the wider gap is 06:00-15:00, its middle 10:30; 20 min to mid, 2 min there, 22 min on
    start = 10 * 3600 + 1800
    assert stops == [
        ("west-station", start, start),
        ("mid-station", start + 1200, start + 1320),
        ("east-station", start + 2640, start + 2640),
    ]


def test_the_base_keeps_every_train(network: Network) -> None:
    after = _apply(network, PROJECT)
    before = network.feed.stop_times.set_index(["trip_id", "stop_sequence"])["departure_clock_s"]
    kept = after.feed.stop_times.set_index(["trip_id", "stop_sequence"])["departure_clock_s"]
    assert kept.loc[before.index].equals(before)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("routes: [D, C]", "routes: [X]", "no_train_to_scale"),
        ("factor: 1.5", "factor: 1.5, termini: [mid-station]", "no_train_to_scale"),
        ("factor: 1.5", "factor: 1.1", "changed_nothing"),  # 4 x 0.1 is no train
    ],
)
def test_what_cannot_be_scaled_is_told(network: Network, old: str, new: str, code: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        _apply(network, PROJECT.replace(old, new))
    assert [i.code for i in caught.value.issues] == [code]
    assert caught.value.issues[0].line is not None


def test_a_factor_of_one_or_less_is_refused() -> None:
    document = parse_yaml(PROJECT.replace("factor: 1.5", "factor: 1").encode(), file="more.yaml")
    assert [(i.code, i.field) for i in parse_project(document)[1]] == [("out_of_range", "scale.0.factor")]


STOPS = st.sampled_from("abcd")
LINES = st.dictionaries(
    st.tuples(STOPS, STOPS).filter(lambda line: line[0] != line[1]), st.integers(1, 20), min_size=1, max_size=8
)


@given(LINES, st.integers(1, 40))
def test_shares_sum_to_the_whole_and_stay_near_proportion(counts: dict[tuple[str, str], int], more: int) -> None:
    shares = share_trains(counts, more)
    assert sum(shares.values()) == more
    assert set(shares) <= set(counts)
    total = sum(counts.values())
    for line in counts:
        pair = {line, line[::-1]} & set(counts)
        quota = more * sum(counts[w] for w in pair) / total
        assert abs(sum(shares.get(w, 0) for w in pair) - quota) < 1
    assert share_trains(dict(reversed(counts.items())), more) == shares  # the order of the rows does not count
