"""One bad network a check, made from literal rows; the good one has no finding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.minipack import write_minipack
from transit_model.assumptions import read_default_assumptions
from transit_model.domain.geo import compute_great_circle_m
from transit_model.errors import Issue
from transit_model.network import checks
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.region.pack import read_region


def make_nodes(*rows: tuple[str, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["node_id", "lon", "lat"])
    return table.assign(name_zh="")


def make_links(*pairs: str, length_m: float = 200_000.0, **columns: Any) -> pd.DataFrame:
    """Directed links from words like ``a>b`` or ``a=b`` (both ways)."""
    rows = []
    for pair in pairs:
        two_way = "=" in pair
        tail, head = pair.replace("=", ">").split(">")
        rows.append((pair, pair, tail, head))
        if two_way:
            rows.append((f"{pair}~", pair, head, tail))
    table = pd.DataFrame(rows, columns=["link_id", "road_id", "from_node_id", "to_node_id"])
    defaults = {"length_m": length_m, "highway": "trunk", "maxspeed_kmh": 80.0}
    return table.assign(**{**defaults, **columns})


NODES = make_nodes(("a", 111.0, 40.0), ("b", 112.0, 40.0), ("c", 113.0, 40.0))
GOOD = make_links("a=b", "b=c")


def codes(issues: list[Issue]) -> list[tuple[str, str | None]]:
    return [(i.code, i.value) for i in issues]


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Network:
    region = read_region(write_minipack(tmp_path_factory.mktemp("mini")))
    return build_network(region, region.info.built_as_of, read_default_assumptions())


def test_the_good_network_has_no_finding(mini: Network) -> None:
    found = [i for i in checks.check_network(mini) if i.severity != "info"]
    assert found == []
    assert checks.check_lengths(NODES, GOOD) == []
    assert checks.check_connectivity(NODES, GOOD) == []


def test_ids() -> None:
    twice = pd.concat([NODES, NODES.iloc[:1]], ignore_index=True)
    assert codes(checks.check_ids(twice, GOOD)) == [("duplicate_id", "a")]
    assert codes(checks.check_ids(NODES, pd.concat([GOOD, GOOD.iloc[:1]]))) == [("duplicate_id", "a=b")]
    assert codes(checks.check_ids(NODES, make_links("a=b", "b>x"))) == [("unknown_node", "b>x: x")]


def test_lengths() -> None:
    """One degree of longitude at 40 N is 85.2 km on the mean sphere: 111.195 x cos 40."""
    assert checks.check_lengths(NODES, make_links("a=b", length_m=85_000.0)) == []  # within 1 %
    found = checks.check_lengths(NODES, make_links("a=b", "b=c", length_m=80_000.0))
    assert [i.code for i in found] == ["link_too_short"] * 2  # each road once, not each direction
    assert found[0].value == "a=b: 80000 m of 85180 m"
    assert codes(checks.check_lengths(NODES, make_links("a>b", length_m=0.0))) == [("zero_length", "a>b")]


@pytest.mark.parametrize(
    ("speed", "highway", "code"),
    [
        (130.0, "motorway", "speed_above_legal_maximum"),
        (110.0, "primary", "speed_too_high_for_class"),
        (3.0, "residential", "speed_too_low"),
        (120.0, "motorway", None),
        (100.0, "trunk", None),
        (5.0, "track", None),
    ],
)
def test_speeds(speed: float, highway: str, code: str | None) -> None:
    found = checks.check_speeds(make_links("a=b", maxspeed_kmh=speed, highway=highway), legal_max_kmh=120)
    assert [i.code for i in found] == ([] if code is None else [code])


def test_islands_are_listed_with_names_and_sizes() -> None:
    nodes = make_nodes(("a", 1, 1), ("b", 2, 1), ("c", 3, 1), ("d", 4, 1), ("e", 5, 1), ("f", 6, 1))
    nodes.loc[3, "name_zh"] = "丁"
    found = checks.check_connectivity(nodes, make_links("a=b", "b=c", "d=e"))
    assert codes(found) == [("network_island", "2 nodes: d 丁, e"), ("isolated_node", "f")]


def test_parts_joined_in_one_direction() -> None:
    nodes = make_nodes(("a", 1, 1), ("b", 2, 1), ("c", 3, 1), ("d", 4, 1))
    found = checks.check_connectivity(nodes, make_links("a=b", "b>c", "c=d"))
    assert codes(found) == [("one_way_part", "2 nodes: c, d")]


def test_no_nodes() -> None:
    assert [i.code for i in checks.check_connectivity(NODES.iloc[:0], GOOD.iloc[:0])] == ["empty_network"]


def test_one_way_dead_ends() -> None:
    found = checks.check_dead_ends(NODES, make_links("a>b", "b=c"))
    assert codes(found) == [("one_way_dead_end", "a")]
    found = checks.check_dead_ends(NODES, make_links("b>a", "b=c"))
    assert codes(found) == [("one_way_dead_end", "a")]
    assert "in, but not out" in found[0].message


def test_places_far_from_roads() -> None:
    places = pd.DataFrame(
        {
            "place_id": ["at b", "north of b", "named far", "nowhere"],
            "lon": [112.0, 112.0, 112.0, np.nan],
            "lat": [40.0, 40.4, 40.0, np.nan],
            "road_node_id": ["", "", "c", ""],
        }
    )
    found = checks.check_places(places, NODES, snap_max_m=30_000.0)
    # 0.4 degree of latitude = 44.5 km; b to c is 85.2 km
    assert [i.value for i in found] == ["north of b: 44.5 km", "named far: 85.2 km", "nowhere: inf km"]
    assert {i.code for i in found} == {"place_far_from_roads"}
    assert checks.check_places(places, NODES, snap_max_m=1e9)[0].value == "nowhere: inf km"


def test_stations(mini: Network) -> None:
    cut = mini.station_links[mini.station_links["stop_id"] != "mid-station"]
    found = checks.check_stations(mini.stations, cut, mini.feed.stop_times)
    assert codes(found) == [("station_without_road", "mid-station"), ("station_without_trains", "no-place")]


def test_whole_network_lists_errors_first(mini: Network) -> None:
    links = mini.links.copy()
    links.loc[0, "to_node_id"] = "nowhere"
    links.loc[4, "maxspeed_kmh"] = 400.0
    found = checks.check_network(replace(mini, links=links), files={**checks.FILES, "links": "my.csv"})
    assert found[0].code == "unknown_node"
    assert found[0].file == "my.csv"
    severities = [("error", "warning", "info").index(i.severity) for i in found]
    assert severities == sorted(severities)


def test_long_lists_are_counted() -> None:
    nodes = make_nodes(*((f"n{i}", 1.0 + i, 1.0) for i in range(20)))
    found = [i for i in checks.check_connectivity(nodes, make_links("n0=n1")) if i.code == "isolated_node"]
    assert len(found) == 5
    assert "13 more" in found[-1].message


def test_the_bundled_network_is_clean(repo: Path) -> None:
    region = read_region(repo / "data" / "hubaoewu")
    network = build_network(region, region.info.built_as_of, read_default_assumptions())
    found = [i for i in checks.check_network(network) if i.severity != "info"]
    # Trains of 2023 stop at thirteen halts that no corridor road comes near; anything else is a mistake in the pack.
    assert {i.code for i in found} == {"station_without_road"}
    assert [i.value for i in found] == ["jiangui", "halt-03", "halt-04", "halt-07", "halt-08"]
    assert "9 more" in found[-1].message


PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=16)


@settings(deadline=None, max_examples=60)
@given(PAIRS, st.booleans())
def test_parts_agree_with_networkx(pairs: list[tuple[int, int]], strong: bool) -> None:
    nodes = make_nodes(*((str(i), float(i), 0.0) for i in range(8)))
    links = make_links(*(f"{a}>{b}" for a, b in pairs))
    parts, _, _ = checks.find_parts(nodes, links, strong=strong)
    graph: nx.DiGraph[int] = nx.DiGraph(pairs)
    graph.add_nodes_from(range(8))
    oracle = nx.strongly_connected_components(graph) if strong else nx.weakly_connected_components(graph)
    assert sorted(parts) == sorted(sorted(part) for part in oracle)
    sizes = [len(part) for part in parts]
    assert sizes == sorted(sizes, reverse=True)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-89, 89)), min_size=1, max_size=6),
    st.floats(-180, 180),
    st.floats(-89, 89),
)
def test_nearest_node_agrees_with_all_pairs(points: list[tuple[float, float]], lon: float, lat: float) -> None:
    nodes = make_nodes(*((str(i), x, y) for i, (x, y) in enumerate(points)))
    found = checks.find_nearest_m(np.array([lon]), np.array([lat]), nodes)[0]
    expected = compute_great_circle_m(lon, lat, nodes["lon"], nodes["lat"]).min()
    assert found == pytest.approx(expected, rel=1e-6, abs=0.5)
