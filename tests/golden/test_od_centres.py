"""Minutes between the four centres against those that were reviewed last (`python -m tests.golden` writes anew)."""

from __future__ import annotations

import pytest

from tests.golden.__main__ import RESIDUALS, compute_residuals, compute_table, find_table, list_differences
from transit_model.store.resources import list_regions


@pytest.mark.parametrize("region", list_regions())
def test_minutes_between_the_centres_are_the_reviewed_ones(region: str) -> None:
    reviewed, now = find_table(region).read_text(encoding="utf-8"), compute_table(region)
    moved = list_differences(reviewed, now)
    assert not moved, "if that is meant, say python -m tests.golden and review the diff\n" + "\n".join(moved)
    assert now == reviewed
    assert len(now.splitlines()) == 1 + 4 * 3 * 2 * 3  # ordered pairs of four centres x modes x readings


@pytest.mark.parametrize("region", list_regions())
def test_residuals_of_the_calibration_are_the_reviewed_ones(region: str) -> None:
    assert compute_residuals(region) == find_table(region, RESIDUALS).read_text(encoding="utf-8")


def test_differences_name_the_row() -> None:
    before = "from,to,mode,reading,minutes\na,b,road,typical,1.00\na,c,road,typical,2.00\n"
    after = "from,to,mode,reading,minutes\na,b,road,typical,1.50\na,d,road,typical,2.00\n"
    assert list_differences(before, before) == []
    assert list_differences(before, after) == [
        "a b road typical: was 1.00; now 1.50",
        "a c road typical: was 2.00; now absent",
        "a d road typical: was absent; now 2.00",
    ]
