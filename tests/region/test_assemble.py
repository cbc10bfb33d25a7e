"""A region folder of roads, feeds and places at hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from transit_model.errors import InputError
from transit_model.region.assemble import assemble_region
from transit_model.region.pack import read_region
from transit_model.roads.road_tables import RoadTables

NODES = pd.DataFrame({"node_id": ["a", "b"], "name_zh": "", "name_en": "", "lon": [111.0, 111.1], "lat": [40.0, 40.1]})
LINKS = pd.DataFrame(
    {
        "link_id": ["a>b"],
        "from_node_id": ["a"],
        "to_node_id": ["b"],
        "oneway": [False],
        "highway": ["primary"],
        "ref": [""],
        "name_zh": [""],
        "length_m": [14_500.0],
        "maxspeed_kmh": [60.0],
        "toll": [False],
        "area": ["rural"],
        "opened": [""],
        "closed": [""],
        "confidence": ["high"],
        "source": ["[made] by hand"],
    }
)
ROADS = RoadTables(
    NODES.assign(kind="junction", confidence="high", source="[made] by hand"),
    LINKS,
    pd.DataFrame({"link_id": [], "seq": [], "lon": [], "lat": []}),
    [],
)
PLACES = pd.DataFrame({"id": ["x"], "lon": [111.0], "lat": [40.0]})


def test_roads_and_places_are_a_region(tmp_path: Path) -> None:
    assemble_region(tmp_path / "my town", ROADS, PLACES)
    region = read_region(tmp_path / "my town")
    assert region.info.region_id == "my-town"
    assert region.info.roads_only
    # the box of roads and places and 0.05 degrees around it
    assert region.info.bbox == pytest.approx((110.95, 39.95, 111.15, 40.15))
    assert region.sources["key"].tolist() == ["made"]


def test_a_region_has_places_and_is_no_other_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        assemble_region(tmp_path / "none", ROADS, PLACES[:0])
    assert [i.code for i in caught.value.issues] == ["no_places"]
    assert not (tmp_path / "none").exists()
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        assemble_region(tmp_path / "letters", ROADS, PLACES)
    assert [i.code for i in caught.value.issues] == ["folder_in_use"]
    assert (tmp_path / "letters" / "dear.txt").read_text(encoding="utf-8") == "dear"


def test_a_region_with_somebody_s_work_in_it_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    assemble_region(folder, ROADS, PLACES)
    assemble_region(folder, ROADS, PLACES)  # as it was written: anew
    (folder / "scenarios" / "own.yaml").write_text("id: own", encoding="utf-8")
    for attempt in range(2):
        with pytest.raises(InputError) as caught:
            assemble_region(folder, ROADS, PLACES)
        assert [i.code for i in caught.value.issues] == ["folder_in_use"], attempt
    assert (folder / "scenarios" / "own.yaml").is_file()
    (folder / "scenarios" / "own.yaml").unlink()
    (folder / "places.csv").write_text((folder / "places.csv").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(InputError):
        assemble_region(folder, ROADS, PLACES)
