"""Messages and hints of issues in Chinese: the English sentence with its values is the key.

An issue is made once, in English, where the mistake is found; who shows it to a Chinese reader looks its sentences up
here. ``issue_words_zh.txt`` holds pairs of lines, a template in English and its translation, with ``{a}`` where a value
stands (``{names}`` for names in a row, ``{rest}`` for a sentence within). Every template stands in the code word for
word (tested); a sentence without a translation stays English.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from transit_model.errors import Issue

FILE: Final = Path(__file__).with_name("issue_words_zh.txt")
SEVERITIES: Final = {"error": "错误", "warning": "警告", "info": "提示"}
_VALUE: Final = re.compile(r"\{(\w+)\}")
_OWNER: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")
_BREAK: Final = re.compile(r"; |(?<=\?) ")


def _join_names(text: str) -> str:
    return text.replace(" or ", " 或 ")


@lru_cache(maxsize=1)
def read_pairs() -> tuple[tuple[str, str], ...]:
    """Return the templates in English with their translations."""
    blocks = FILE.read_text(encoding="utf-8").strip().split("\n\n")
    return tuple((en, zh) for en, zh in (block.split("\n") for block in blocks))


@lru_cache(maxsize=1)
def _compile() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return patterns and translations, those with the most words of their own first: the narrowest fits."""
    found = []
    for en, zh in read_pairs():
        parts = _VALUE.split(en)
        pattern = "".join(re.escape(p) if n % 2 == 0 else f"(?P<{p}>.*?)" for n, p in enumerate(parts))
        found.append((sum(map(len, parts[::2])), re.compile(pattern, re.DOTALL), zh))
    return tuple((pattern, zh) for _, pattern, zh in sorted(found, key=lambda row: -row[0]))


def translate_sentence(text: str) -> str | None:
    """Return a sentence in Chinese, None where nobody has translated it."""
    for pattern, zh in _compile():
        met = pattern.fullmatch(text)
        # a value that holds a break is a sentence of its own, which the template does not translate
        if met is not None and not any(_BREAK.search(v) for k, v in met.groupdict().items() if k != "rest"):
            values = {k: _SAID.get(k, str)(v) for k, v in met.groupdict().items()}
            return _VALUE.sub(lambda m: values.get(m[1], m[0]), zh)  # noqa: B023 - called at once
    return None


def translate_text(text: str) -> str:
    """Return a text in Chinese, sentence by sentence; it stays English where one has no translation."""
    if not text:
        return text
    owner, mark, rest = text.partition(": ")
    if mark and _OWNER.fullmatch(owner) and (zh := translate_text(rest)) != rest:  # an issue of a project
        return f"{owner}：{zh}"
    whole = translate_sentence(text)
    if whole is not None:
        return whole
    parts = _BREAK.split(text)
    if len(parts) == 1:
        return text
    sentences = [translate_sentence(p) for p in parts]
    return text if None in sentences else "；".join(s for s in sentences if s).replace("？；", "？")


_SAID: Final = {"names": _join_names, "rest": translate_text}
"""Values with words of their own: names in a row, and a sentence within a sentence."""


def translate_issue(issue: Issue, language: str) -> Issue:
    """Return an issue with message and hint in a language, ``en`` as it is."""
    if language != "zh":
        return issue
    return replace(issue, message=translate_text(issue.message), hint=translate_text(issue.hint))


def write_issue(issue: Issue, language: str) -> str:
    """Return an issue as one line in a language: place, severity, code, message, hint."""
    if language != "zh":
        return issue.as_text()
    return translate_issue(issue, language).as_text(SEVERITIES[issue.severity], "（值：{}）")


def describe_issue(issue: Issue, language: str) -> dict[str, Any]:
    """Return the JSON form of an issue; for Chinese with ``message_zh`` and ``hint_zh`` beside the English."""
    if language != "zh":
        return issue.as_dict()
    spoken = translate_issue(issue, language)
    return {**issue.as_dict(), "message_zh": spoken.message, "hint_zh": spoken.hint}
