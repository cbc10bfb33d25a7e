"""Chinese texts of the shipped YAML files have full-width marks; ids, names and verbatim quotes are as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.architecture.test_chinese_punctuation import find_half_width
from transit_model.pages.text import widen_punctuation

REPO = Path(__file__).parents[2]
FILES = sorted([*(REPO / "scenarios").rglob("*.yaml"), *(REPO / "data").glob("*/region.yaml")])


def list_chinese(value: Any, key: str = "", named: bool = False) -> Iterator[str]:
    """Yield the Chinese texts of a file but names, by which tables know stations, and verbatim quotes."""
    if isinstance(value, dict):
        for k, v in value.items():
            yield from list_chinese(v, str(k), named or k in ("name", "quote"))
    elif isinstance(value, list):
        for v in value:
            yield from list_chinese(v, key, named)
    elif isinstance(value, str) and not named and (key == "zh" or key.endswith("_zh")):
        yield value


def test_the_files_are_found() -> None:
    texts = [text for path in FILES for text in list_chinese(YAML(typ="safe").load(path))]
    assert len(FILES) > 150
    assert len(texts) > 600


@pytest.mark.parametrize("folder", ["scenarios", "data"])
def test_chinese_texts_of_shipped_files_have_full_width_marks(folder: str) -> None:
    wrong = [
        f"{path.relative_to(REPO)}: {text}"
        for path in FILES
        if path.is_relative_to(REPO / folder)
        for text in list_chinese(YAML(typ="safe").load(path))
        if widen_punctuation(text) != text or find_half_width(text) is not None
    ]
    assert wrong == []
