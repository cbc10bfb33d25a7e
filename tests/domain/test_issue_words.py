"""Issues in Chinese: templates stand in the code, values stay as they are, what nobody translated stays English."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from tests.tools.list_untranslated import PACKAGE, list_spoken, list_templates, list_untranslated
from transit_model.domain.issue_words import describe_issue, read_pairs, translate_text, write_issue
from transit_model.errors import Issue
from transit_model.store import system_errors
from transit_model.store.claim import settle

HOLE = re.compile(r"\{(\w+)\}")
LEAST_TRANSLATED = 600
"""Texts that have a translation; it may grow."""


def test_every_template_stands_in_the_code() -> None:
    texts = {t for file in PACKAGE.rglob("*.py") for t in list_templates(file.read_text(encoding="utf-8"))}
    stale = [en for en, _ in read_pairs() if HOLE.sub("{}", en) not in texts]
    # A message that was reworded is English until somebody translates it anew; a few may be at any time.
    assert len(stale) <= 10, "no such text in the code any more:\n" + "\n".join(stale)


def test_translations_have_the_values_of_their_templates() -> None:
    for en, zh in read_pairs():
        assert sorted(HOLE.findall(en)) == sorted(HOLE.findall(zh)), en
        assert any("\u4e00" <= c <= "\u9fff" for c in zh) or "是否" in zh
    english = [en for en, _ in read_pairs()]
    assert len(english) == len(set(english))


def test_what_is_translated_does_not_shrink() -> None:
    assert list_untranslated()[1] >= LEAST_TRANSLATED


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("no place called 'qqq'", "没有名为'qqq'的地点"),
        ("did you mean hohhot or baotou?", "是否指 hohhot 或 baotou？"),
        (
            "did you mean a?; `transit-model find ab` searches, `transit-model data list nodes` lists all",
            "是否指 a？用 `transit-model find ab` 查找，用 `transit-model data list nodes` 列出全部",
        ),
        ("nobody has translated this", "nobody has translated this"),
        # not half in one language and half in the other
        ("no place called 'qqq'; nobody has translated this", "no place called 'qqq'; nobody has translated this"),
        (
            "my_rail_1: 5 min for 123.7 km is faster than 400 km/h all the way",
            "my_rail_1：123.7 公里用 5 分钟，比全程 400 公里/小时还快",
        ),
        ("my_rail_1: at least 18.6 min", "my_rail_1：至少 18.6 分钟"),
        ("my_rail_1: nobody has translated this", "my_rail_1: nobody has translated this"),
        ("", ""),
    ],
)
def test_sentences(en: str, zh: str) -> None:
    assert translate_text(en) == zh


def test_an_issue_in_both_languages() -> None:
    issue = Issue("unknown_place", "error", "no place called 'x'", "a.yaml", 3, "to", "x", "use ab, cd")
    assert write_issue(issue, "en") == issue.as_text()
    assert write_issue(issue, "zh") == "a.yaml:3 [to]: 错误 unknown_place: 没有名为'x'的地点（值：x） -> 可用：ab, cd"
    assert describe_issue(issue, "en") == issue.as_dict()
    more = {"message_zh": "没有名为'x'的地点", "hint_zh": "可用：ab, cd"}
    assert describe_issue(issue, "zh") == {**issue.as_dict(), **more}


SPOKEN = [
    "not a clock time (HH:MM or HH:MM:SS): '25h'",
    "no trip of the timetable tt2025 runs on 2019-01-01",
    "dates with service: 2025-01-05 to 2025-12-14; other timetables: --timetable tt2023 or tt2024",
    "the day must begin before it ends",
    "no index.html in this folder",
    "write the maps first: transit-model run",
    "say which plan is meant: the projects of a scenario come by their opening dates",
    "the batch that stands there was made from something else",
    "name another folder, or give the same inputs and options",
    "two different regions are joined, no more and no fewer",
    "this is asked for twice",
    "no usable roads (links without nodes: [])",
    "cannot tell the format of the isochrone",
    "use .geojson, .gpkg, .tif or .html",
    "it is used by any mode but road, over the departure minutes; leave it out here",
    "it is used by timetables: roads have no departure times; for works at night --mode road,rail; leave it out here",
    "it is used by the indicators span, mean_time; leave it out here",
    "off the network one gets 300 m far, and cells are 5000 m: rings have gaps",
    "use --cell 150 or less, or a longer off_network_max_min",
    "another process is writing here: process 7 on a: transit-model run",
    "wait for it, or name another folder",
    "the folder holds other files, which would be lost",
    "the studio was started without a folder of one's own",
    "the result cannot be written: a link that leads nowhere",
]


@pytest.mark.parametrize("text", SPOKEN)
def test_nothing_is_said_in_two_languages_at_once(text: str) -> None:
    """No two English words stand side by side in the Chinese, commands, file names and ids aside."""
    said = translate_text(text)
    assert re.search(r"[\u4e00-\u9fff]", said)
    assert not re.search(r"\b[a-z]{2,} [a-z]{2,}\b", re.sub(r"--?[a-z]+( [\w,]+)?|transit-model run", "", said)), said


@pytest.mark.parametrize("number", sorted(system_errors._REASONS))
def test_what_the_system_says_is_told_in_one_language(number: int) -> None:
    issue = system_errors.describe_write_error("a.csv", OSError(number, os.strerror(number)))
    assert not re.search(r"[\u4e00-\u9fff]", issue.as_text())
    for text in (issue.message, issue.hint):
        assert not re.search(r"[a-z]{2,}", translate_text(text)), translate_text(text)


def test_no_issue_is_made_in_both_languages() -> None:
    for file in PACKAGE.rglob("*.py"):
        for text in list_spoken(file.read_text(encoding="utf-8")):
            assert not re.search(r"[\u4e00-\u9fff]\S*$|(  |/ )[\u4e00-\u9fff]", text), (file.name, text)


def test_what_we_raise_ourselves_is_said_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError) as caught:
        settle(tmp_path / "link")
    assert system_errors.explain(caught.value) == "a link that leads nowhere"
    assert system_errors.explain(OSError(errno.ENOENT, os.strerror(errno.ENOENT))) == "no such file or folder"
