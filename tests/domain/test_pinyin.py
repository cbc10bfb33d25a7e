"""Chinese names by their pinyin: syllables, initials, unfinished words, characters with several readings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.domain.pinyin import Way, list_readings, match_pinyin, normalise_pinyin


@pytest.mark.parametrize(
    ("word", "name", "met"),
    [
        ("huhehaote", "呼和浩特", (Way.WHOLE, 0)),
        ("Hu He Hao Te", "呼和浩特", (Way.WHOLE, 0)),
        ("hhht", "呼和浩特", (Way.INITIALS, 0)),
        ("huhehao", "呼和浩特", (Way.BEGINS, 1)),  # three of four characters
        ("huheh", "呼和浩特东站", (Way.BEGINS, 3)),  # hu, he, and h of hao: three of six
        ("haote", "呼和浩特", (Way.INSIDE, 2)),
        ("hh", "呼和浩特", (Way.INITIALS_BEGIN, 2)),
        ("wlcb", "乌兰察布", (Way.INITIALS, 0)),  # ch of cha, typed c
        ("wlchb", "乌兰察布", (Way.INITIALS, 0)),  # or typed ch
        ("changzhi", "长治", (Way.WHOLE, 0)),
        ("zhangzhi", "长治", (Way.WHOLE, 0)),  # 长 has two readings
        ("lvliang", "吕梁", (Way.WHOLE, 0)),
        ("lüliang", "吕梁", (Way.WHOLE, 0)),
        ("luliang", "吕梁", (Way.WHOLE, 0)),
        ("xi'an", "西安", (Way.WHOLE, 0)),
        ("s27huexian", "S27呼鄂线", None),  # digits are looked up as they stand, not as pinyin
        ("baotou", "呼和浩特", None),
        ("h", "呼和浩特", None),  # one letter begins hundreds of names
        ("呼和", "呼和浩特", None),
        ("baotou", "Baotou", None),  # no Chinese name
    ],
)
def test_words_meet_names(word: str, name: str, met: tuple[Way, int] | None) -> None:
    assert match_pinyin(word, name) == met


def test_marks_between_syllables_are_nothing() -> None:
    assert normalise_pinyin("Xi’an-bei") == "xianbei"
    assert normalise_pinyin("g6") == ""


@given(st.text("呼和浩特包头鄂尔多斯乌兰察布长重单吕绿准格托克旗县东西站", min_size=1, max_size=7), st.data())
@settings(max_examples=examples(60))
def test_every_reading_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    # the oracle: put readings together one by one, as somebody who reads the name aloud would type it
    readings = list_readings(name)
    typed = "".join(data.draw(st.sampled_from(r)) for r in readings)
    # one letter is too little to look for, also where it is all of a name (鄂 is e)
    assert match_pinyin(typed, name) == ((Way.WHOLE, 0) if len(typed) > 1 else None)
    short = "".join(data.draw(st.sampled_from(r))[0] for r in readings)
    if len(short) > 1:
        met = match_pinyin(short, name)
        assert met is not None
        assert met <= (Way.INITIALS, 0)  # initials may spell a syllable as well
