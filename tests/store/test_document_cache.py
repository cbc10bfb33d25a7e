"""A kept document is what the parser would make of the file; what JSON cannot hold, and mistakes, are parsed again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import REPO
from transit_model.store import document_cache, yaml_lines
from transit_model.store.cache import Cache
from transit_model.store.document_cache import find_document, keep_document
from transit_model.store.entry_cache import EntryCache
from transit_model.store.yaml_lines import parse_document

TEXT = b"id: s27\nas_of: 2025-12-31\nparts:\n  - {km: 12.5, open: true, note: null}\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))
    yaml_lines._parse.cache_clear()


def parse_twice(data: bytes) -> list[Any]:
    """Return what two processes would make of a file, each without what the other has in memory."""
    result = []
    for _ in range(2):
        yaml_lines._parse.cache_clear()
        result.append(parse_document(data, file="x.yaml"))
    return result


def same(a: Any, b: Any) -> bool:
    """Return whether two values are equal down to the types of their parts and the order of their keys."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(x, b[k]) for k, x in a.items())
    if isinstance(a, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return repr(a) == repr(b)  # a number that is none does not equal itself


def count_parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    real = yaml_lines._parse_anew

    def parse(data: bytes | str, file: str) -> Any:
        asked.append(file)
        return real(data, file)

    monkeypatch.setattr(yaml_lines, "_parse_anew", parse)
    return asked


def test_the_second_time_nothing_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = count_parses(monkeypatch)
    (first, _), (second, issues) = parse_twice(TEXT)
    assert asked == ["x.yaml"]
    assert issues == []
    assert same(first.data, second.data)
    assert second.data["as_of"] == date(2025, 12, 31)
    assert dict(first.lines) == dict(second.lines)
    assert second.line_of("parts", 0, "open") == 4
    assert Cache().describe().entries == 1


def test_every_shipped_file_comes_back_as_it_is() -> None:
    files = [*(REPO / "scenarios").rglob("*.yaml"), *(REPO / "data").rglob("*.yaml")]
    assert len(files) > 50
    for file in files:
        data = file.read_bytes()
        (first, _), (second, _) = parse_twice(data)
        assert find_document(data) is not None, file
        assert same(first.data, second.data), file
        assert dict(first.lines) == dict(second.lines), file


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
VALUES = st.recursive(
    LEAVES, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(), v, max_size=3), max_leaves=8
)
PATHS = st.lists(st.text(max_size=3) | st.integers(0, 99), max_size=3).map(tuple)


@given(data=st.binary(max_size=20), content=VALUES, lines=st.dictionaries(PATHS, st.integers(1, 999), max_size=4))
def test_whatever_is_kept_comes_back(data: bytes, content: Any, lines: dict[Any, int]) -> None:
    Cache().clear()
    keep_document(data, content, lines)
    found = find_document(data)
    if found is not None:
        assert same(found[0], content)
        assert found[1] == lines
        assert list(found[1]) == list(lines)


@pytest.mark.parametrize(
    "text",
    ["years: {2030: 1}", "at: 2025-12-31 08:00:00", "when: {'!date': 2025-12-31}", "set: !!set {a, b}"],
)
def test_what_json_cannot_hold_is_parsed_again(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = count_parses(monkeypatch)
    (first, _), (second, _) = parse_twice(text.encode())
    assert asked == ["x.yaml"] * 2
    assert (first is None and second is None) or same(first.data, second.data)


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: [", "- a", "", "\ta: 1"])
def test_mistakes_are_told_by_the_parser_each_time(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = count_parses(monkeypatch)
    result = parse_twice(text.encode())
    assert asked == ["x.yaml"] * 2
    assert [i.as_dict() for i in result[0][1]] == [i.as_dict() for i in result[1][1]] != []


def test_another_recipe_is_another_document(monkeypatch: pytest.MonkeyPatch) -> None:
    parse_twice(TEXT)
    monkeypatch.setattr(document_cache, "RECIPE", 99)
    assert find_document(TEXT) is None


def test_a_damaged_document_is_parsed_again(tmp_path: Path) -> None:
    (whole, _), _ = parse_twice(TEXT)
    (kept,) = (p for p in (tmp_path / "cache").rglob("*") if p.is_file())
    for damaged in (b"", b"\xff\xfe", kept.read_bytes()[:-3], kept.read_bytes().replace(b"12.5", b"13.5")):
        kept.write_bytes(damaged)
        for document, issues in parse_twice(TEXT):
            assert issues == []
            assert same(document.data, whole.data)


def test_a_cache_that_cannot_be_written_to_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands here", encoding="utf-8")
    for document, issues in parse_twice(TEXT):
        assert issues == []
        assert document.data["id"] == "s27"
    assert EntryCache("documents").find("0" * 64) is None
