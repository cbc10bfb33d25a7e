"""Source keys: every row of the pack says where it comes from, starting with a key of ``sources.csv``."""

from __future__ import annotations

import re

from tables import Row

URL = re.compile(r"https?://[^\s;|)]+")
NAMED = re.compile(r"[\[(]([^\])]*)[\])]")
"""Where a free text names a key itself: ``(key tyrc)``, ``(keys tx1, tx2)``, ``(xf)``, ``[jdy]``."""


class Sources(list[Row]):
    """The rows of ``sources.csv``, with the phrases of free text that stand for a key (first match wins)."""

    def __init__(self, rows: list[Row], phrases: list[Row]) -> None:
        super().__init__(rows)
        self.phrases = phrases


def key_for(text: str, sources: Sources) -> str:
    """Return the key of the source that a free text names: by its address, by the key itself, by a phrase.

    Raises
    ------
    ValueError
        When neither a known phrase nor a known address is found: add the publisher to
        ``sources_added.csv`` and a phrase to ``source_phrases.csv``.
    """
    addresses = URL.findall(text)
    for row in sources:
        if row["url"].startswith("http") and any(address in row["url"].split(" ; ") for address in addresses):
            return row["key"]
    keys = {row["key"] for row in sources}
    named = [word for result in NAMED.findall(text) for word in re.findall(r"[a-z][a-z0-9-]*", result) if word in keys]
    if named:
        return str(named[0])
    for row in sources.phrases:
        if row["phrase"] in text:
            return row["key"]
    if addresses:
        return "railnews"
    raise ValueError(f"no source key for {text!r}")


def cite(text: str, sources: Sources) -> str:
    """Return the text with its source key in front, ``[key] text``; texts that have one are left alone."""
    return text if text.startswith("[") else f"[{key_for(text, sources)}] {text}"
