"""A pack beside a map: what agrees, what to trust, and planned roads that join at the map's interchanges."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.minipack import LINKS, make_minipack_files, write_pack
from tests.roads.test_osm_roads import draw
from transit_model.cli.app import app
from transit_model.domain.geo import compute_great_circle_m
from transit_model.map_join.report import JOIN_STEPS, RoadJoin, join_roads
from transit_model.map_join.road_lines import read_refs

SCENARIOS = {
    "scenarios/today.yaml": "id: today\ntitle: {zh: 现状, en: today}\nbase: {as_of: 2023-12-31}\n",
    "scenarios/with.yaml": "id: with\ntitle: {zh: 新路, en: with}\nbase: today\nprojects: [shortcut]\n",
    "scenarios/projects/shortcut.yaml": """\
id: shortcut
kind: road_link
title: {zh: 西城收费站至中县高速, en: West Gate to Mid}
status: planned
opens: 2030
source: [made]
confidence: low
highway: motorway
design_speed_kmh: 120
toll: true
ref: S9
nodes: [{id: halfway, name: {zh: 半路互通, en: Halfway}, lon: 111.28, lat: 40.75}]
roads:
  - {from: west_gate, to: halfway, length_km: 22.5}
  - {from: halfway, to: mid, length_km: 22.5}
""",
}
# Points in 0.01 degree from 111 E, 40 N: towns 1 and 3, ramp ends 2 and 4 on the town streets, the motorway's two sides
# 10-12 and 13-15, the trunk road by mid (20), a lane there (23), a lane to the north of the west (30).
NODES = {1: (0, 80), 2: (5.2, 80), 3: (100, 80), 4: (94.8, 80), 10: (5.3, 80.2), 11: (50, 80.6), 12: (94.7, 80.2)}
NODES |= {13: (94.7, 80.3), 14: (50, 80.7), 15: (5.3, 80.3), 21: (25, 75), 20: (50, 70), 22: (75, 75), 23: (50, 69)}
NODES |= {30: (-2, 93)}
MOTORWAY = {"highway": "motorway", "ref": "G1;G7", "maxspeed": "120", "toll": "yes"}
RAMP = {"highway": "motorway_link", "oneway": "yes"}
STREET, TRUNK = {"highway": "primary", "maxspeed": "60"}, {"highway": "trunk", "ref": "G2", "maxspeed": "60"}
WAYS = [
    ([10, 11, 12], MOTORWAY),
    ([13, 14, 15], MOTORWAY),
    ([2, 10], RAMP),
    ([12, 4], RAMP),
    ([4, 13], RAMP),
    ([15, 2], RAMP),
    ([1, 2], STREET),
    ([4, 3], STREET),
    ([1, 21, 20, 22, 3], TRUNK),
    ([20, 23], {"highway": "tertiary"}),
    ([1, 30], {"highway": "tertiary"}),
]


@pytest.fixture
def map_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))
    return draw(tmp_path, {i: (float(x), float(y)) for i, (x, y) in NODES.items()}, WAYS)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    links = LINKS.replace(",80000,120,", ",75800,120,")  # the motorway as long as the map draws it
    return write_pack(tmp_path / "pack", {**make_minipack_files(), "roads/links.csv": links, **SCENARIOS})


@pytest.fixture
def joined(pack: Path, map_file: Path) -> RoadJoin:
    return join_roads(pack, map_file)


def test_every_step_is_told_whether_the_map_is_read_or_kept(pack: Path, map_file: Path) -> None:
    told: list[list[str]] = [[], []]
    for steps in told:
        join_roads(pack, map_file, tick=steps.append)
    assert [len(steps) for steps in told] == [JOIN_STEPS, JOIN_STEPS]
    assert {"读取地图 reading the map", "化简路网 joining pieces into roads"} <= set(told[0])
    assert "化简路网 joining pieces into roads" not in told[1]  # it comes from the cache


def along_m(*nodes: int) -> float:
    at = [(111 + NODES[i][0] / 100, 40 + NODES[i][1] / 100) for i in nodes]
    return sum(float(compute_great_circle_m(*a, *b)) for a, b in pairwise(at))


def test_numbers_of_roads() -> None:
    assert read_refs("G6/G7") == read_refs("g6;G7") == {"G6", "G7"}
    assert read_refs("G6 (G6/G7 west of Hohhot)") == {"G6", "G7"}
    assert read_refs("") == frozenset()


def test_roads_beside_the_map(joined: RoadJoin) -> None:
    rows = joined.roads.rows.set_index("link_id")
    assert rows["status"].to_dict() == {
        "west--west_gate": "in_map",
        "west_gate--east_gate": "in_map",
        "east_gate--east": "in_map",
        "west--mid": "in_map",
        "mid--east": "in_map",
        "mid--farm": "not_in_map",  # the map has a lane at mid and nothing towards the farm
        "farm--east": "not_in_map",
    }
    fast = rows.loc["west_gate--east_gate"]
    assert (fast["found_by"], fast["trust"], fast["map_maxspeed_kmh"]) == ("ref", "both", 120)
    # The gates lie 0.002 degree = 222 m south of the motorway and 253 m off its end: 337 m.
    assert fast["map_length_km"] * 1000 == pytest.approx(along_m(10, 11, 12), rel=0.001)
    assert fast["start_off_m"] == pytest.approx(337, abs=2)
    slow = rows.loc["west--mid"]
    # 50 km in the pack with high confidence; on the map 1-21-20, some 43.6 km, and 60 instead of 80 km/h
    assert slow["map_length_km"] * 1000 == pytest.approx(along_m(1, 21, 20), rel=0.001)
    assert slow["length_ratio"] == pytest.approx(along_m(1, 21, 20) / 50_000, abs=0.001)
    assert slow["trust"] == "check_length"
    assert rows.at["mid--farm", "trust"] == "pack"
    summary = joined.summary()
    assert summary["roads"] == {"in_map": 5, "not_in_map": 2}
    assert summary["km"]["not_in_map"] == 24 + 45


def test_nodes_at_interchanges_and_junctions(joined: RoadJoin) -> None:
    rows = joined.nodes.set_index("node_id")
    assert rows["status"].to_dict() == {
        "west": "attached",
        "west_gate": "attached",
        "mid": "attached",
        "farm": "too_far",
        "east_gate": "attached",
        "east": "attached",
        "halfway": "new",
    }
    assert (rows.at["west_gate", "map_node_id"], rows.at["west_gate", "map_kind"]) == ("n2", "interchange")
    # 0.002 degree of longitude at 40.8 N: 111.195 km x cos(40.8) x 0.002 = 168 m
    assert rows.at["west_gate", "distance_m"] == pytest.approx(168, abs=1)
    assert rows.at["west_gate", "used_by"] == "shortcut"
    assert rows.at["mid", "map_node_id"] == "n20"
    near = join_roads(joined.pack, joined.pack.parent / "drawn.osm", max_km=0.1)
    assert near.nodes.set_index("node_id").at["west_gate", "status"] == "too_far"


def call(*words: str | Path) -> str:
    result = CliRunner().invoke(app, [str(w) for w in words])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_planned_road_joins_the_streets_of_the_map(pack: Path, map_file: Path, tmp_path: Path) -> None:
    joined = tmp_path / "joined"
    text = call("data", "join", map_file, "--region", pack, "--write", joined, "-o", tmp_path / "out", "--lang", "en")
    assert "west_gate 西城收费站 [shortcut]: joins at n2 (0.2 km)" in text
    assert (tmp_path / "out" / "roads.csv").is_file()
    assert json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["max_km"] == 5
    with (joined / "places.csv").open(encoding="utf-8") as file:
        node = {r["place_id"]: r["road_node_id"] for r in csv.DictReader(file)}
    assert (node["west"], node["farm"]) == ("west", "")  # the farm is not on the map: it is snapped by its place
    assert ": 0 errors" in call("data", "verify", "--region", joined, "--lang", "en")
    minutes = {}
    for scenario in ("today", "with"):
        words = ("--from", "west", "--to", "mid", "--mode", "road", "--scenario", scenario, "--format", "csv")
        rows = csv.DictReader(call("od", "--region", joined, *words).splitlines())
        minutes[scenario] = {r["reading"]: float(r["minutes"]) for r in rows}["promoter"]
    # Today by the trunk road at 60; with the project 4.4 km of street at 60 to the ramp, then 45 km at 120.
    assert minutes["today"] == pytest.approx(along_m(1, 21, 20) / 1000, abs=0.1)
    assert minutes["with"] == pytest.approx(along_m(1, 2) / 1000 + 22.5, abs=0.1)


def test_the_same_in_chinese_and_for_programs(pack: Path, map_file: Path) -> None:
    assert "地图上没有" in call("data", "join", map_file, "--region", pack, "--lang", "zh")
    content = json.loads(call("data", "join", map_file, "--region", pack, "--format", "json"))
    assert content["schema"] == 1
    assert {r["trust"] for r in content["roads"]} == {"both", "check_length", "pack"}
    assert call("data", "join", map_file, "--region", pack, "--format", "csv").startswith("link_id,ref")


def test_a_map_of_one_motorway_against_the_shipped_pack(shared_data: Path, tmp_path: Path, repo: Path) -> None:
    """The G6 of OpenStreetMap: the pack's lengths were measured on it, with 0.5 % added for thinning."""
    columns = tmp_path / "columns.yaml"
    columns.write_text("constants: {highway: motorway}\n", encoding="utf-8")
    layer = shared_data / "roads" / "g6_osm_baotou_zhangjiakou.geojson"
    joined = join_roads(repo / "data" / "hubaoewu", layer, columns=columns)
    rows = joined.roads.rows
    g6 = rows[(rows["status"] == "in_map") & rows["ref"].str.contains("G6")]
    assert g6["length_km"].sum() > 450
    assert g6["map_length_km"].sum() / g6["length_km"].sum() == pytest.approx(1 / 1.005, abs=0.002)
    # lengths are given to 0.1 km: half of that, or 1.2 % where it is more
    off_km = (g6["length_km"] - g6["map_length_km"]).abs()
    assert (off_km <= np.maximum(0.012 * g6["map_length_km"], 0.055)).all()
    # One line has no ramps: nothing can join it, and that is said.
    assert set(joined.nodes["status"]) == {"no_candidate", "new"}
