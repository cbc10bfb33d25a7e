"""Each language keeps to itself: no Latin words in Chinese beyond names and units, no Chinese in English."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.pages.sample_view import EMOJI_NAME
from tests.pages.test_pages import PAGES
from transit_model.pages.map_data import spell_pinyin
from transit_model.pages.names import Names
from transit_model.pages.phrases import tell_note, tell_way
from transit_model.pages.text import widen_punctuation
from transit_model.pages.view import StudyView
from transit_model.pages.words import WORDS

CJK = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z][A-Za-z-]+")
NAMES = frozenset(
    [
        "OpenStreetMap",
        "ODbL",
        "GeoNames",
        "GTFS",
        "Shapley",
        "km",
        "CSV",
        "PNG",
        "SVG",
        "GeoJSON",
        "TT",
        "transit-model",
    ]
)
DEVELOPER = re.compile(
    r"null edit|bit[- ]by[- ]bit|bit-identical|\bcells?\b|shapes\.txt|\boptions?\b|逐位|逐字节|空改动", re.IGNORECASE
)
VOID = frozenset(["br", "meta", "link", "input", "img", "path", "rect", "circle", "use", "hr", "wbr"])


class Reader(HTMLParser):
    """Collects visible text with the language it is marked with; code and titles of other things are left out."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        kinds = (values.get("class") or "").split()
        lang = "zh" if "zh" in kinds else "en" if "en" in kinds else ""
        if tag not in VOID:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self._open}
        if data.strip() and not tags & {"script", "style", "title", "code", "cite"}:
            self.found.append((next((lang for _, lang in reversed(self._open) if lang), ""), data.strip()))


def _read(path: Path) -> list[tuple[str, str]]:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.found


def test_the_words_keep_to_their_language() -> None:
    for key, (zh, en) in WORDS.items():
        bare = re.sub(r"\{\w+\}|transit-model [a-z -]+|checks/road_changes.csv", "", zh)
        assert not set(LATIN.findall(bare)) - NAMES, f"{key}: {zh}"
        assert not CJK.search(en), f"{key}: {en}"


def test_the_words_hold_no_developer_s_words() -> None:
    assert [key for key, pair in WORDS.items() if any(DEVELOPER.search(words) for words in pair)] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_keep_to_their_language(maps: Path, view: StudyView, page: str) -> None:
    own = {p["name_zh"] for p in view.places.to_dict("records")} | {EMOJI_NAME}
    for lang, words in _read(maps / page):
        if lang == "en":
            rest = re.sub(r"[(\[（][^)\]）]*[)\]）]", "", words)
            assert not CJK.search(rest), words
        if lang == "zh" and not any(name in words for name in own):
            assert not re.search(r"[\u3400-\u9fff][,;:!?]|[,;:!?][\u3400-\u9fff]", words), words
            assert not re.search(r"[\u3400-\u9fff]\(|\)[\u3400-\u9fff]", words), words


@pytest.mark.parametrize(
    ("words", "wide"),
    [
        ("时刻表:2020年末,只列出18个车站;未知", "时刻表：2020年末，只列出18个车站；未知"),
        ("线路(假定)建成", "线路（假定）建成"),
        ("GHSL(CC BY 4.0);时刻", "GHSL(CC BY 4.0)；时刻"),
        ("07:00–21:00 出门", "07:00–21:00 出门"),
        ("共 1,234 人", "共 1,234 人"),
        ("only Latin, with (brackets): kept", "only Latin, with (brackets): kept"),
    ],
)
def test_chinese_has_full_width_marks(words: str, wide: str) -> None:
    assert widen_punctuation(words) == wide


def test_ways_and_notes_are_told_in_both_languages(view: StudyView) -> None:
    way = tell_way("transit: 甲东 - 乙南", Names(view))
    assert way["zh"] == "公共交通：甲东 – 乙南"
    assert way["en"].startswith("Public transport: ")
    assert tell_way("road", Names(view)) == {"zh": "公路", "en": "Road"}
    note = "no bus service in this scenario; the timetable T1 does not list the trains of Qinghe"
    assert tell_note(note) == {"zh": "本情景没有城际公交班次；时刻表T1没有列出Qinghe的列车", "en": note}
    assert tell_note("something new") == {"zh": "something new", "en": "something new"}


def test_pinyin_of_places() -> None:
    assert spell_pinyin("呼和浩特") == ("huhehaote", "hhht")
    assert spell_pinyin("土默特右旗") == ("tumoteyouqi", "tmtyq")
    assert spell_pinyin("鄂尔多斯")[0] == "eerduosi"
