"""Numbers and escaping, by hand."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import REPO
from transit_model.domain.tables import PLACE_KINDS
from transit_model.pages import text
from transit_model.pages.map_page import PAGE_WORDS
from transit_model.pages.view import MODES, READINGS
from transit_model.pages.words import WORDS


@pytest.mark.parametrize(
    ("minutes", "near", "shown"),
    [
        (59.5, None, "60"),  # half up, not to even
        (60.5, None, "61"),
        (0.0, None, "0"),  # zero is a real time
        (60.4, 60.0, "60.4"),  # would read 60 against a goal of 60
        (59.96, 60.0, "59.96"),  # one decimal would still read 60.0
        (62.0, 60.0, "62"),
        (60.0, 60.0, "60"),
        (math.inf, 60.0, "∞"),
        (math.nan, None, "—"),
        (None, None, "—"),
    ],
)
def test_minutes(minutes: float | None, near: float | None, shown: str) -> None:
    assert text.format_minutes(minutes, near=near) == shown


@pytest.mark.parametrize(
    ("margin", "shown"),
    [(12.0, "+12"), (-12.4, "−12"), (-0.3, "−0.3"), (0.0, "0"), (-math.inf, "−∞"), (math.nan, "—")],
)
def test_margin(margin: float, shown: str) -> None:
    assert text.format_margin(margin) == shown


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (183.6, 127.4, ("184", "127", "−57")),
        (60.4, 59.6, ("60.4", "59.6", "−0.8")),  # a change below a minute would vanish in whole minutes
        (30.0, 30.0, ("30", "30", "0")),
        (math.inf, 44.2, ("∞", "44", "−∞")),
        (44.2, math.inf, ("44", "∞", "∞")),
        (None, 3.0, ("—", "3", "—")),
    ],
)
def test_a_change_is_that_of_the_minutes_beside_it(
    before: float | None, after: float | None, shown: tuple[str, str, str]
) -> None:
    assert text.format_change_of(before, after) == shown


@pytest.mark.parametrize(
    ("value", "threshold", "shown"),
    [(58.5, 60, "+1"), (184.4, 120, "−64"), (60.4, 60, "−0.4"), (60.0, 60, "0"), (math.inf, 60, "−∞"), (None, 60, "—")],
)
def test_a_margin_is_that_of_the_minutes_shown(value: float | None, threshold: float, shown: str) -> None:
    assert text.format_margin_of(value, threshold) == shown


def test_people_and_shares() -> None:
    assert text.format_people(4_235_000) == {"zh": "424万", "en": "4.24 M"}  # 423.5 万, half to even is 424
    assert text.format_people(123_400) == {"zh": "12.3万", "en": "123 k"}
    assert text.format_people(420) == {"zh": "420", "en": "420"}
    assert text.format_share(2 / 3) == "67%"
    assert text.format_share(0.996) == "99%"  # never "all" when it is not
    assert text.format_share(1.0) == "100%"
    assert text.format_share(0.29) == "29%"


def test_both_languages_are_escaped_and_equal_texts_are_not_doubled() -> None:
    made = str(text.both({"zh": "<b>甲</b>", "en": "a & b"}))
    assert made == (
        '<span class="zh" lang="zh-CN">&lt;b&gt;甲&lt;/b&gt;</span><span class="en" lang="en">a &amp; b</span>'
    )
    assert str(text.both({"zh": "G6", "en": "G6"})) == "G6"
    assert str(text.both({"zh": "只有中文"})) == "只有中文"
    assert str(text.both("<i>")) == "&lt;i&gt;"


def test_values_filled_into_words_are_escaped() -> None:
    made = str(text.say("opens", year="<script>"))
    assert "<script>" not in made
    assert "&lt;script&gt;" in made


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_json_cannot_leave_its_script_element(value: object) -> None:
    made = str(text.json_for_script(value))
    for char in "<>&\u2028\u2029":
        assert char not in made
    assert "NaN" not in made or "NaN" in str(value)
    assert json.loads(made) == text.plain_data(value)


def test_json_made_before_is_taken_over() -> None:
    ready = text.json_for_script([1.0, "<b>"])
    assert str(text.json_for_script({"a": {"b": ready, "c": 2.0}, "d": None})) == (
        '{"a":{"b":[1,"\\u003cb\\u003e"],"c":2},"d":null}'
    )


def test_plain_data() -> None:
    assert text.plain_data({"a": [1.0, 2.5, math.nan, math.inf], 3: (True, None)}) == {
        "a": [1, 2.5, None, None],
        "3": [True, None],
    }


def test_every_word_has_both_languages_and_the_same_gaps() -> None:
    import re

    for key, (zh, en) in WORDS.items():
        assert zh, key
        assert en, key
        assert set(re.findall(r"\{(\w+)\}", zh)) == set(re.findall(r"\{(\w+)\}", en)), key


def test_a_title_that_stands_alone_begins_with_a_capital() -> None:
    assert str(text.heading({"zh": "现状", "en": "end of 2025"})) == str(text.both({"zh": "现状", "en": "End of 2025"}))
    assert str(text.heading({"zh": "现状"})) == "现状"
    assert "2035, if" in str(text.heading({"zh": "2035年", "en": "2035, if what is planned were built"}))


def list_unsaid(keys: Iterable[str], code: str) -> list[str]:
    """Return the words that code neither names nor puts together, as `"nav_" ~ kind` and `f"{key}_short"`."""
    named = set(re.findall(r"[\"'](\w+)[\"']", code))
    heads = tuple({*re.findall(r"[\"']([a-z]\w*_)[\"'] ?[~+]", code), *re.findall(r"f[\"']([a-z]\w*_)\{", code)})
    tails = tuple({*re.findall(r"[~+] ?[\"'](_[a-z]\w*)[\"']", code), *re.findall(r"\}(_[a-z]\w*)[\"']", code)})
    return [k for k in keys if k not in named and not k.startswith(heads) and not k.endswith(tails)]


def test_no_word_is_left_that_nobody_says() -> None:
    files = [f for f in (REPO / "transit_model").rglob("*") if f.suffix in {".py", ".js", ".j2"}]
    code = "\n".join(f.read_text(encoding="utf-8") for f in files if not f.name.startswith("words"))
    assert list_unsaid(WORDS, code) == []
    scripts = "\n".join(f.read_text(encoding="utf-8") for f in files if f.suffix == ".js")
    told_by_data = {*PLACE_KINDS, "hospital", *MODES, *READINGS}  # said by the value that a row has
    assert set(list_unsaid(PAGE_WORDS, scripts)) <= told_by_data


def test_a_word_is_said_where_it_is_named_or_put_together() -> None:
    code = """{{ say("plain") }} {{ say("nav_" ~ kind) }} T.say("lead_" + way) word(f"class_{k}") word(f"{k}_short")"""
    keys = ["plain", "nav_map", "lead_saved", "class_new", "lead_place_short", "plainly", "gone"]
    assert list_unsaid(keys, code) == ["plainly", "gone"]
