"""The words of verdicts in both languages: the same on the command line, on pages and in notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

VERDICT_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "met": {"zh": "达到", "en": "met"},
    "missed": {"zh": "未达到", "en": "missed"},
    "borderline": {"zh": "临界", "en": "borderline"},
    "cannot_tell": {"zh": "无法判定", "en": "cannot tell"},
}
VERDICT_SYMBOLS: Final[Mapping[str, str]] = {"met": "✔", "missed": "✘", "borderline": "≈", "cannot_tell": "?"}


def explain_symbols() -> str:
    """Return what the symbols of verdicts mean, in one line and both languages."""
    texts = [f"{VERDICT_SYMBOLS[k]} {name['zh']} {name['en']}" for k, name in VERDICT_NAMES.items()]
    return " · ".join([*texts, "( ) 不用于判定 not judged"])
