"""The report tells which road minutes an audit moved, largest first, and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from transit_model.measure.workspace import Workspace
from transit_model.pages.road_audit import count_road_changes, list_moved_pairs, list_road_pairs, tell_moved_pairs
from transit_model.pages.view import StudyView
from transit_model.pages.write import write_pages

PAIRS = pd.DataFrame(
    [
        ("hohhot", "baotou", 100.4, 90.0, -10.4, 180.0, 170.0, "G6", "G6"),
        ("baotou", "hohhot", 50.0, 53.0, 3.0, 80.0, 82.0, "S1, 乡道", "S1, A–B"),
        ("hohhot", "hohhot", 50.0, 50.4, 0.4, 80.0, 82.0, "", ""),
    ],
    columns=[
        "centre",
        "seat",
        "before_min",
        "after_min",
        "difference_min",
        "before_km",
        "after_km",
        "roads_zh",
        "roads_en",
    ],
)


def test_pairs_and_their_reason_stand_in_the_report(view: StudyView, tmp_path: Path) -> None:
    result = replace(view, road_pairs=PAIRS, road_changes={"nodes": 7, "roads": 3, "lengths": 11})
    # 100.4 shows as 100, so the difference shown is 90 - 100
    assert [r["difference"] for r in list_moved_pairs(result)] == ["−10", "+3", "+0.4"]
    words = tell_moved_pairs(result)
    assert "2 of 3 pairs" in words["en"]
    assert "(1 quicker, 1 slower)" in words["en"]
    assert "100 → 90 min" in words["en"]
    assert "补入 3 条缺失道路" in words["zh"]
    write_pages(result, tmp_path / "maps")
    page = (tmp_path / "maps/report.html").read_text(encoding="utf-8")
    assert page.index("−10") < page.index("S1, A–B")
    assert (tmp_path / "maps/data/road_pairs.csv").is_file()


def test_a_region_without_an_audit_says_nothing_of_one(view: StudyView, maps: Path) -> None:
    assert list_moved_pairs(view) == []
    assert 'id="road-minutes"' not in (maps / "report.html").read_text(encoding="utf-8")


def test_the_shipped_table_is_that_of_the_pack(shipped: Workspace) -> None:
    pairs = list_road_pairs(shipped.region)
    assert pairs is not None
    assert len(pairs) == 4 * 38 - 1  # Kangbashi is centre of Ordos and seat
    sizes = pairs["difference_min"].abs().tolist()
    assert sizes == sorted(sizes, reverse=True)
    first = pairs.iloc[0]
    assert (first["centre"], first["seat"], first["before_min"], first["after_min"]) == (
        "ordos",
        "chahar_right_middle",
        283.7,
        227.8,
    )
    assert "G65" in first["roads_en"]
    assert not pairs["roads_en"].str.contains("[一-鿿]").any()
    assert count_road_changes(shipped.region)["nodes"] == 47
    assert count_road_changes(shipped.region)["roads"] == 23
