"""Publishers and titles of sources as readers of either language know them, without the notes of who compiled them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from transit_model.pages.text import is_missing, widen_punctuation

_LIST: Final = Path(__file__).with_name("publishers_en.txt")
_NOTE: Final = re.compile(
    r"\s*[(（](?:outlet not stated[^)]*|interviews, [^)]*|find_string [^)]*|seed [^)]*|full text[^)]*|stored [^)]*"
    r"|(?:[\w.]+ )?copy(?:;[^)]*)?|press extracts|machine-[^)]*|year inferred|inferred[^)]*|转载|网易转载?"
    r"|数字[^)]*丢失)[)）]"
    r"|\s+copy(?=\s*[(（]|$)"
)
"""What a compiler noted for himself: how a copy was found and kept."""
_NAMELESS: Final = re.compile(r"^outlet not stated.*")
_SEED: Final = re.compile(r"^\s*(?:seed document \d+|\([^)]*stored without address\))\s*$")
_CJK: Final = re.compile(r"[\u3400-\u9fff]")


@cache
def read_publishers() -> Mapping[str, str]:
    """Return the English names of Chinese publishers, by the publisher as the tables of sources have it."""
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line)


def strip_notes(words: object) -> str:
    """Return a publisher, title or address without the notes of its compiler."""
    if is_missing(words) or _SEED.match(str(words)):
        return ""
    return _NOTE.sub("", str(words)).strip()


def name_publisher(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return the publisher of a source in both languages; without an English name the one it has stands in both.

    A table of sources may have a column ``publisher_en``; the list beside this module has those that are shipped.
    """
    raw = "" if is_missing(row.get("publisher")) else str(row["publisher"])
    if _NAMELESS.match(raw):
        return {"zh": "报道（未注明媒体）", "en": "press report, outlet not named"}
    given = row.get("publisher_en")
    zh = widen_punctuation(strip_notes(raw))
    en = str(given) if not is_missing(given) else read_publishers().get(raw, strip_notes(raw))
    return {"zh": zh or en, "en": en}


def name_title(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return the title of a source in both languages; a Chinese title stands in brackets in an English text."""
    title = strip_notes(row.get("title"))
    return {"zh": widen_punctuation(title), "en": f"({title})" if _CJK.search(title) else title}


def read_year(row: Mapping[Any, Any]) -> str:
    """Return the year of a source, empty where its date is not known."""
    return "" if is_missing(row.get("date")) else str(row["date"])[:4]
