from __future__ import annotations

from tests.network.town import make_region
from transit_model.measure.size_check import (
    BASE_MB,
    BYTES_PER_CELL,
    BYTES_PER_LINK,
    BYTES_PER_SHAPE_POINT,
    check_size,
    estimate_memory_mb,
)
from transit_model.surface.grid import build_grid


def test_what_a_region_takes_by_hand() -> None:
    region = make_region()
    grid = build_grid(region.info.bbox, region.info.crs, 1000.0)
    links = 2 * len(region.links) - int(region.links["oneway"].sum())
    one = links * BYTES_PER_LINK + len(region.shapes) * BYTES_PER_SHAPE_POINT
    result = estimate_memory_mb(region, grid, 3)
    assert result == BASE_MB + (3 * one + grid.nx * grid.ny * BYTES_PER_CELL) / 1e6


def test_a_question_that_does_not_fit_is_told_with_what_makes_it_fit() -> None:
    region = make_region()
    assert check_size(region, memory_mb=100_000.0) == []
    (issue,) = check_size(region, 500.0, memory_mb=100.0)
    assert (issue.code, issue.severity) == ("needs_more_memory", "warning")
    assert "--cell 1000" in issue.hint
    assert "0.1 GB" in issue.message
