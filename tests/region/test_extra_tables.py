"""The newer tables of a pack: `data verify` names each mistake with its line, `data status` counts them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.minipack import make_minipack_files, write_pack
from tests.region.checking import check_region
from transit_model.region.pack import read_region
from transit_model.region.status import describe_region, list_data_quality

GOOD = {
    "settlements.csv": "adcode,part,persons,source\n100101,seat,500000,[made]\n100101,villages,100000,[made]\n",
    "facilities.csv": (
        "facility_id,kind,level,name_zh,lon,lat,place_id,county,source\n"
        "h1,hospital,3,医院,111.0,40.8,west,100101,[made]\nh2,hospital,,院,111.5,40.9,,,[made]\n"
    ),
    "project_status.csv": "project_id,status,as_of,confidence,source\nhsr,planned,2025-12-31,high,[made]\n",
    "checks/rail_service_levels.csv": (
        "from,to,trains_per_day,fastest_min,typical_min,counted,source\n西城站,东城站,3,50,50,1,[made]\n"
    ),
    "checks/road_changes.csv": "item,id,before_km,after_km,decision,reason\nlink,west--mid,51,50,taken,measured\n",
    "checks/road_pairs.csv": (
        "centre,seat,before_min,after_min,difference_min,before_km,after_km,changed_links,source\n"
        "west,mid,38,37.5,-0.5,51,50,west--mid,[made]\n"
    ),
    "checks/rail_residuals.csv": (
        "from_zh,to_zh,reported_min,fastest_min,residual_min,source\n西城站,东城站,48,50,2,[made]\n"
    ),
}


def find(folder: Path, files: dict[str, str]) -> list[tuple[str, str | None, int | None]]:
    path = write_pack(folder, make_minipack_files() | files)
    return [(i.code, i.file, i.line) for i in check_region(path) if i.severity == "error"]


def test_good_tables_are_read_and_counted(tmp_path: Path) -> None:
    assert find(tmp_path / "mini", GOOD) == []
    region = read_region(tmp_path / "mini")
    rows = {row["table"]: (row["rows"], row["none"]) for row in describe_region(region).rows}
    stems = {Path(name).stem for name in GOOD}
    assert stems <= set(rows)
    assert rows["settlements"] == (2, 2)  # no grade a row
    assert rows["project_status"] == (1, 0)
    graded = set(list_data_quality(region)["table"])
    assert "project_status" in graded
    assert "settlements" not in graded


@pytest.mark.parametrize(("name", "old", "new", "code", "line"), [
    ("settlements.csv", "500000", "half", "not_a_number", 2),
    ("settlements.csv", "500000", "499999", "settlements_sum", 2),
    ("settlements.csv", "100101,villages", "999999,villages", "unknown_county", 3),
    ("facilities.csv", "111.0,40.8", "east,40.8", "not_a_number", 2),
    ("facilities.csv", "west,100101", "wets,100101", "unknown_place", 2),
    ("facilities.csv", "west,100101", "west,100191", "unknown_county", 2),
    ("project_status.csv", "hsr,planned", "hsr,", "empty_value", 2),
    ("checks/rail_service_levels.csv", ",3,50,", ",three,50,", "not_a_number", 2),
    ("checks/road_changes.csv", "51,50", "51,short", "not_a_number", 2),
    ("checks/road_pairs.csv", "38,37.5", "38,-1", "out_of_range", 2),
    ("checks/road_pairs.csv", "west,mid", "west,midd", "unknown_place", 2),
    ("checks/rail_residuals.csv", "48,50", "48,", "empty_value", 2),
])  # fmt: skip
def test_mistakes_have_their_line(tmp_path: Path, name: str, old: str, new: str, code: str, line: int) -> None:
    assert old in GOOD[name]
    found = find(tmp_path, GOOD | {name: GOOD[name].replace(old, new, 1)})
    assert (code, name, line) in found
