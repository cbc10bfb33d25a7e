"""Railway lines and stations of a map: what is kept, what is dropped, what is one station."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.roads.test_osm_roads import draw
from transit_model.errors import InputError
from transit_model.roads.osm_rail import RailOptions, read_osm_rail

NODES = {i: (float(i), 0.0) for i in range(1, 10)}
RAIL = {"railway": "rail", "usage": "main", "name": "京包线", "name:en": "Beijing-Baotou railway", "maxspeed": "160"}
WAYS = [
    ([1, 2, 3], RAIL),
    ([3, 4], {"railway": "rail", "service": "yard"}),
    ([3, 4], {"railway": "rail", "service": "siding"}),
    ([4, 5], {"railway": "rail", "usage": "industrial"}),
    ([5, 6], {"railway": "subway", "name": "1号线"}),
    ([6, 7], {"railway": "light_rail"}),
    ([6, 7], {"railway": "tram"}),
    ([7, 8], {"railway": "construction", "construction": "rail", "name": "呼包高铁"}),
    ([7, 8], {"railway": "abandoned"}),
    ([8, 9], {"highway": "primary"}),
]
STATIONS = {
    1: {"railway": "station", "name": "呼和浩特站", "name:en": "Hohhot", "uic_ref": "123"},
    2: {"public_transport": "station", "train": "yes", "name": "呼和浩特火车站", "name:zh_pinyin": "Hūhéhàotè"},
    5: {"railway": "station", "station": "subway", "name": "呼和浩特站"},
    6: {"railway": "halt", "name": "旗下营"},
    7: {"railway": "tram_stop", "name": "人民路"},
    8: {"public_transport": "station", "bus": "yes", "name": "长途汽车站"},
    9: {"railway": "station"},
}


def near(nodes: dict[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    return {**nodes, 2: (1.3, 0.0)}  # 0.3 x 0.01 degree = 256 m from node 1


def test_lines_by_usage_and_service(tmp_path: Path) -> None:
    path = draw(tmp_path, NODES, WAYS)
    rail = read_osm_rail(path)
    assert rail.lines["kind"].tolist() == ["rail", "subway", "light_rail"]
    assert dict(rail.dropped) == {"no_passengers": 1, "not_built": 1, "side_track": 2}
    first = rail.lines.iloc[0]
    assert (first["name"], first["name_en"], first["maxspeed_kmh"], first["usage"]) == (
        "京包线",
        "Beijing-Baotou railway",
        160.0,
        "main",
    )
    # two steps of 0.01 degree at 40 N: 111.32 km x cos(40) x 0.02 = 1.7056 km; the ellipsoid gives 1.708
    assert first["length_m"] == pytest.approx(1708, abs=1)
    every = read_osm_rail(path, RailOptions(trams=True, side_tracks=True, freight=True, planned=True))
    assert len(every.lines) == 8
    assert every.lines.set_index("name").at["呼包高铁", "state"] == "construction"
    assert dict(every.dropped) == {}


def test_objects_of_one_station_are_one(tmp_path: Path) -> None:
    rail = read_osm_rail(draw(tmp_path, near(NODES), WAYS, tagged=STATIONS))
    rows = {(r["name"], r["kind"]): r for r in rail.stations.to_dict("records")}
    assert set(rows) == {("呼和浩特站", "station"), ("呼和浩特站", "subway"), ("旗下营", "halt")}
    main = rows["呼和浩特站", "station"]
    assert (main["osm_id"], main["objects"], main["name_pinyin"], main["ref"]) == ("n1", 2, "Hūhéhàotè", "123")
    assert dict(rail.dropped)["station_without_name"] == 1
    assert [i.code for i in rail.issues] == ["station_without_name"]


def test_a_station_drawn_as_a_building(tmp_path: Path) -> None:
    nodes = {1: (0.0, 0.0), 2: (0.2, 0.0), 3: (0.2, 0.1), 4: (0.1, 0.11), 5: (0.0, 0.1)}
    ways = [([1, 2, 3, 4, 5, 1], {"railway": "station", "name": "Estação Luz", "building": "train_station"})]
    (station,) = read_osm_rail(draw(tmp_path, nodes, ways)).stations.to_dict("records")
    assert (station["osm_id"], station["lon"], station["lat"]) == ("w1", 111.001, 40.00055)


def test_a_line_out_of_the_extract(tmp_path: Path) -> None:
    rail = read_osm_rail(draw(tmp_path, {1: (0, 0), 2: (1, 0)}, [([1, 2, 77], RAIL), ([88, 99], RAIL)]))
    assert len(rail.lines) == 1
    assert [i.code for i in rail.issues] == ["unknown_node"]


def test_bad_files(tmp_path: Path) -> None:
    for name, content, code in (
        ("a.osm", "<osm version='0.6'></osm>", "no_railways"),
        ("a.osm", "<osm version='0.6'><node", "bad_osm"),
        ("a.osm.pbf", "no map", "bad_osm"),
        ("a.txt", "", "unknown_format"),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            read_osm_rail(tmp_path / name)
        assert [i.code for i in caught.value.issues] == [code]
    with pytest.raises(InputError) as caught:
        read_osm_rail(tmp_path / "none.osm")
    assert [i.code for i in caught.value.issues] == ["missing_file"]


def test_real_railways(shared_data: Path) -> None:
    paulo = read_osm_rail(shared_data / "osm" / "sao_paulo" / "spo_osm.pbf")
    km = paulo.lines.groupby("kind")["length_m"].sum() / 1000
    # Drawn track by track: 12.2 km square with two metro lines of two tracks and five suburban lines.
    assert 20 < km["subway"] < 100
    assert 20 < km["rail"] < 200
    assert np.isfinite(paulo.lines["length_m"]).all()
    alegre = read_osm_rail(shared_data / "osm" / "porto_alegre" / "poa_osm.pbf")
    assert set(alegre.stations["name"]) == {"Mercado", "Rodoviária", "São Pedro"}
