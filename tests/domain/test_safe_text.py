"""Text from data in spreadsheets and on terminals: formulas become text, figures stay, controls are shown."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transit_model.domain.safe_text import clean_json, clean_text, escape_cell, escape_frame


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "=1+1",
        "@SUM(A1:A9)",
        '+HYPERLINK("http://x")',
        "-cmd|x",
        "-A1",
        "+1+cmd|'x'!A0",
        " =1+1",
        "\t=1+1",
        "\n=1+1",
        "＝cmd",
        "＋SUM(A1)",
        "－A1",
        "＠SUM(1)",
        "=",
    ],
)
def test_a_formula_becomes_text(text: str) -> None:
    assert escape_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "value",
    [
        "-5", "+5.25", "-1.5e3", "-inf", "-nan", "-5%", "-43.2,-22.9", "+86 471 6930 000", "-12:30", "-", "--", "----",
        "", " ", "呼和浩特", "S27", "a=b", "1-2", "包头-呼和浩特", "-3/4", -5, 0, 2.5, None, True, float("-inf"),
    ],
)  # fmt: skip
def test_what_is_no_formula_stays(value: object) -> None:
    assert escape_cell(value) == value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\x9b2Jb", "a\\x9b2Jb"),
        ("back\x08\x7f", "back\\x08\\x7f"),
        ("one\r\ntwo", "one\\r\\ntwo"),
        ("tab\there", "tab\\there"),
        ("abc\u202egnp.exe", "abc\\u202egnp.exe"),
        ("呼和浩特 [red]é", "呼和浩特 [red]é"),
    ],
)
def test_controls_are_shown(text: str, shown: str) -> None:
    assert clean_text(text) == shown


def test_lines_may_stay() -> None:
    assert clean_text("one\n\ttwo\r\x1b", lines=True) == "one\n\ttwo\\r\\x1b"


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    kept = [c for c in clean_text(text) if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0]
    assert kept == []


@given(st.text())
def test_json_says_the_same(text: str) -> None:
    content = clean_json(json.dumps({"a": text}, ensure_ascii=False))
    assert json.loads(content) == {"a": text}
    assert not any(0x7F <= ord(c) < 0xA0 for c in content)


def test_a_frame_is_escaped_without_changing_it() -> None:
    table = pd.DataFrame({"name": ["=1+1", "甲"], "margin": [-5.0, None], "=x": [["@a"], None], "n": ["-5", "-5 min"]})
    safe = escape_frame(table)
    assert safe.columns.tolist() == ["name", "margin", "'=x", "n"]
    assert safe["name"].tolist() == ["'=1+1", "甲"]
    assert safe["n"].tolist() == ["-5", "'-5 min"]
    assert safe["margin"].iloc[0] == -5.0
    assert table["name"].tolist() == ["=1+1", "甲"]
    assert escape_frame(table, ["n"])["name"].tolist() == ["=1+1", "甲"]
