"""Tests that cost seconds run in CI's second step (`make test-slow`): no assertion is lost, and `make test` is short.

A test with many variants keeps some of them here, so that what it guards is looked at by every run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

LIST: Final = Path(__file__).with_suffix(".txt")
"""Tab separated: a test, and every which of its variants stays."""


def _read(text: str) -> dict[str, int]:
    return {test: int(every) for test, every in (line.split("\t") for line in text.splitlines() if line)}


EVERY: Final = _read(LIST.read_text(encoding="utf-8"))
"""Every n-th variant of these runs by default, none where it says 0; the others are `slow`."""


def postpone(items: list[pytest.Item], which: Mapping[str, int] = EVERY) -> None:
    """Mark as `slow` what is left to the second step."""
    seen: defaultdict[str, int] = defaultdict(int)
    for item in items:
        test = item.nodeid.split("[", 1)[0]
        if (every := which.get(test)) is None:
            continue
        if not every or seen[test] % every > 0:
            item.add_marker(pytest.mark.slow)
        seen[test] += 1
