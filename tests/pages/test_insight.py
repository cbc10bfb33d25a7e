"""Who earns a gain, what it would take and how sure it is: what the pages say of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from transit_model.pages.compare_page import list_attribution
from transit_model.pages.evidence import arrange_goals
from transit_model.pages.view import StudyView
from transit_model.pages.write import write_pages

pytestmark = pytest.mark.smoke


def test_shares_are_ordered_and_idle_parts_stand_apart(view: StudyView) -> None:
    """5 + 5 + 0 - 1 = 9 minutes; bridge and line earn only together; the longest bar is 1, the loss -1/5."""
    (entry,) = list_attribution(view.comparisons[0].attribution)
    assert (entry["before"], entry["after"], entry["lost"]) == (100.0, 91.0, True)
    assert [(p["title"]["en"], p["bar"], p["together"]) for p in entry["parts"]] == [
        ("bridge", 1.0, True),
        ("hsr", 1.0, True),
        ("toll", -0.2, False),
    ]
    assert [p["title"]["zh"] for p in entry["idle"]] == ["公交"]
    assert list_attribution(None) == []


def test_the_comparison_page_says_who_earns_and_what_is_saved(maps: Path) -> None:
    page = (maps / "compare-built-everything.html").read_text(encoding="utf-8")
    for phrase in (
        "收益归于哪个项目",
        "单独建没有收益",
        "甲市到各旗县",
        "100.0 → 91.0",
        "节省的分钟",
        "逐格比较的内容",
    ):
        assert phrase in page, phrase
    names = {p.name for p in (maps / "data").glob("compare-*.csv")}
    assert {f"compare-built-everything-{k}.csv" for k in ("attribution", "gained", "saved", "od")} <= names
    assert "geometry" not in (maps / "data" / "compare-built-everything-saved.csv").read_text(encoding="utf-8")


def test_a_card_says_what_it_would_take_and_how_sure(view: StudyView, maps: Path) -> None:
    entries = {e["goal"].id: e["outlook"] for e in arrange_goals(view)}
    promoter, typical = entries["one-hour-rail"]
    assert (promoter["first_met"], promoter["nearest"], promoter["takes"]) == (None, None, [])
    assert (typical["first_met"], typical["nearest"]["minutes"]) == (2030, "55")
    take = typical["takes"][0]
    assert (take["project"]["zh"], take["with"], take["minutes"], take["meets"]) == ("甲丙高铁", ["bridge"], "55", True)
    sure = typical["sure"][0]
    assert (sure["share"], sure["stderr"], sure["word"], sure["p90"]) == ("75%", "5%", "depends", "66")
    assert entries["vague"] == []
    page = (maps / "goals.html").read_text(encoding="utf-8")
    for phrase in ("怎样才能成立", "按计划首次成立", "只加一个项目", "取决于", "高铁的旅行速度", "2030"):
        assert phrase in page, phrase
    for name in ("outlook", "takes", "sureness"):
        assert (maps / "data" / f"{name}.csv").is_file()


def test_without_draws_the_page_says_how_to_get_them(view: StudyView, tmp_path: Path) -> None:
    write_pages(replace(view, uncertainty=None, single_projects=None, outlook=None), tmp_path / "maps")
    page = (tmp_path / "maps" / "goals.html").read_text(encoding="utf-8")
    assert "transit-model run --sureness" in page
    assert not (tmp_path / "maps" / "data" / "sureness.csv").exists()
