"""Administrative outlines: rings put together, holes kept, common borders kept, broken ones named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from transit_model.errors import InputError
from transit_model.roads.osm_outlines import read_osm_outlines, write_outlines


def town(folder: Path, *, broken: bool = False) -> Path:
    """Two counties side by side with a common border (way 3), the west one with a hole that is a county of its own."""
    nodes: dict[int, tuple[float, float]] = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (2, 1), 5: (1, 1), 6: (0, 1)}
    nodes |= {7: (0.2, 0.2), 8: (0.4, 0.2), 9: (0.4, 0.4), 10: (0.2, 0.4)}
    ways = {1: [2, 1, 6, 5], 2: [2, 3, 4, 5], 3: [2, 5], 4: [7, 8, 9, 10, 7]}
    county = {"type": "boundary", "boundary": "administrative", "admin_level": "6"}
    relations = {
        1: ([(1, "outer"), (3, "outer"), (4, "inner")], county | {"name": "西县", "name:en": "West", "ref": "150101"}),
        2: ([(2, "outer"), (3, "outer")], county | {"name": "东县"}),
        3: ([(4, "outer")], county | {"name": "中县"}),
        4: ([(1, "outer"), (2, "outer")], county | {"admin_level": "5", "name": "市"}),
    }
    lines = [f'<node id="{i}" lon="{110 + x}" lat="{40 + y}"/>' for i, (x, y) in nodes.items()]
    if broken:
        ways[2] = ways[2][:-1]
    for i, refs in ways.items():
        points = "".join(f'<nd ref="{r}"/>' for r in refs)
        lines.append(f'<way id="{i}">{points}</way>')
    for i, (members, tags) in relations.items():
        result = "".join(f'<member type="way" ref="{w}" role="{role}"/>' for w, role in members)
        result += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        lines.append(f'<relation id="{i}">{result}</relation>')
    path = folder / "map.osm"
    path.write_text(f'<osm version="0.6">{"".join(lines)}</osm>', encoding="utf-8")
    return path


def test_areas_holes_and_names(tmp_path: Path) -> None:
    found = read_osm_outlines(town(tmp_path))
    assert [r["name_zh"] for r in found.rows] == ["西县", "东县", "中县"]
    assert found.rows[0] == {
        "adcode": "150101",
        "name_zh": "西县",
        "name_en": "West",
        "admin_level": 6,
        "osm_relation": 1,
    }
    # West: a square degree less a hole of 0.2 x 0.2.
    assert [round(a.area, 6) for a in found.areas] == [0.96, 1.0, 0.04]
    assert found.issues == []
    both = read_osm_outlines(town(tmp_path), (5, 6))
    assert [r["admin_level"] for r in both.rows] == [5, 6, 6, 6]
    assert both.areas[0].area == pytest.approx(2)


def test_neighbours_keep_their_border_when_simplified(tmp_path: Path) -> None:
    found = read_osm_outlines(town(tmp_path), simplify_m=500)
    assert all(a.is_valid for a in found.areas)
    assert found.areas[0].intersection(found.areas[1]).area < 1e-12
    assert shapely.union_all(found.areas).area == pytest.approx(2, rel=1e-3)


def test_a_border_that_is_not_whole_is_named(tmp_path: Path) -> None:
    found = read_osm_outlines(town(tmp_path, broken=True))
    assert [r["name_zh"] for r in found.rows] == ["西县", "中县"]
    assert [(i.code, i.value) for i in found.issues] == [("incomplete_outline", "2 东县")]


def test_no_outline_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_osm_outlines(town(tmp_path), (9,))
    assert [i.code for i in caught.value.issues] == ["no_outlines"]


def test_written_as_geojson(tmp_path: Path) -> None:
    write_outlines(read_osm_outlines(town(tmp_path)), tmp_path / "out.geojson")
    content = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    assert content["features"][0]["properties"]["adcode"] == "150101"
    assert shapely.from_geojson(json.dumps(content["features"][0]["geometry"])).area == pytest.approx(0.96)
    assert "OpenStreetMap" in content["metadata"]["source"]


def test_the_parishes_of_andorra(shared_data: Path) -> None:
    found = read_osm_outlines(shared_data / "osm" / "andorra" / "andorra.osm.pbf", (7,), simplify_m=50)
    names = {r["name_zh"] for r in found.rows}
    assert {"Andorra la Vella", "Encamp", "La Massana", "Ordino", "Sant Julià de Lòria"} <= names
    assert any("Canillo" in str(i.value) for i in found.issues)  # its eastern border is cut off
    # Published: Encamp 74, Ordino 85 km2; a square degree at 42.55 N is 111.2 x 82.0 km.
    km2 = {r["name_zh"]: a.area * 111.2 * 82.0 for r, a in zip(found.rows, found.areas, strict=True)}
    assert km2["Ordino"] == pytest.approx(85, rel=0.06)
    assert km2["Encamp"] == pytest.approx(74, rel=0.12)
