"""Sources as readers of either language know them: publisher and year, no notes of the compiler, no keys."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from transit_model.measure.workspace import Workspace
from transit_model.pages.brief_page import list_sources
from transit_model.pages.citations import Citations
from transit_model.pages.publishers import name_publisher, name_title, strip_notes
from transit_model.pages.view import StudyView

CJK = re.compile(r"[\u3400-\u9fff]")
NOTES = re.compile(r"\(seed|find_string|not stated|copy\b(?! of)|stored|inferred|machine-")


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("呼包鄂乌一体化综述 (seed 002_9d84316999cf297d)", "呼包鄂乌一体化综述"),
        ("关于推动若干举措的通知 (full text, two stored copies)", "关于推动若干举措的通知"),
        ("public airport lists (find_string ids 69490636141, 62020380480)", "public airport lists"),
        ("Xinhua (copy)", "Xinhua"),
        ("山西日报 copy", "山西日报"),
        ("seed document 3", ""),
        ("(people.com.cn copy; stored without address)", ""),
        ("OurAirports (public domain)", "OurAirports (public domain)"),
        ("https://a.example/x ; http://b.example", "https://a.example/x ; http://b.example"),
    ],
)
def test_notes_of_the_compiler_are_left_out(given: str, left: str) -> None:
    assert strip_notes(given) == left


def test_every_publisher_of_the_shipped_packs_has_an_english_name() -> None:
    for region in ("hubaoewu", "taixin"):
        for row in Workspace.open(region).region.sources.to_dict("records"):
            named, title = name_publisher(row), name_title(row)
            assert named["en"], row["key"]
            assert not CJK.search(named["en"]), row["key"]
            assert not NOTES.search(" ".join([*named.values(), *title.values()])), row["key"]
            assert not CJK.search(title["en"]) or re.fullmatch(r"\(.*\)", title["en"]), row["key"]


def test_a_citation_names_its_publisher_in_the_language_of_the_page(view: StudyView) -> None:
    rows = [
        {"key": "a", "publisher": "山西日报 copy", "date": "2021-02", "title": "标题", "url": ""},
        {
            "key": "b",
            "publisher": "某报",
            "publisher_en": "Some Paper",
            "date": "",
            "title": "题",
            "url": "https://b.cn",
        },
        {"key": "c", "publisher": "outlet not stated (interviews)", "date": "2024", "title": "题", "url": ""},
    ]
    with_rows = replace(view, sources=pd.DataFrame(rows))
    cite = Citations(with_rows)
    assert cite("[a]", "en") == '<cite title="标题">[Shanxi Daily, 2021]</cite>'
    assert cite("[a]", "zh") == '<cite title="标题">[山西日报, 2021]</cite>'
    assert "[Some Paper]" in cite("[b]")
    assert "[某报]" in cite("[b]")
    assert "press report, outlet not named" in cite("[c]")
    both = str(cite.both({"zh": "见 [a]", "en": "see [a]"}))
    assert (both.count("山西日报"), both.count("Shanxi Daily")) == (1, 1)
    (listed,) = list_sources(with_rows, ["x [a]"])
    assert (listed["publisher"]["en"], listed["year"], listed["title"]["en"]) == ("Shanxi Daily", "2021", "(标题)")
