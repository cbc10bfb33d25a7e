"""Feeds of a few rows with the right arrivals, each an example of a kind: what the GTFS reference means.

Each file of `gtfs_cases` holds the arithmetic as its note; the words are told in `gtfs_harness`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.regions.gtfs_harness import CASES, import_case, measure_arrivals, read_case


@pytest.mark.parametrize("path", sorted(CASES.glob("*.json")), ids=lambda p: p.stem)
def test_arrivals_are_right(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    feed = import_case(case, tmp_path / "feed")
    found = [
        [start, clock, end, measure_arrivals(feed, date.fromisoformat(case["day"]), start, clock)[end]]
        for start, clock, end, _ in case["queries"]
    ]
    assert found == case["queries"]
