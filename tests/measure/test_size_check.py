from __future__ import annotations

from pathlib import Path

import pytest

from tests.network.town import make_region
from transit_model.measure.size_check import (
    BASE_MB,
    BYTES_PER_CELL,
    BYTES_PER_LINK,
    BYTES_PER_LINK_MORE,
    BYTES_PER_SHAPE_POINT,
    check_size,
    estimate_memory_mb,
    find_memory_mb,
)
from transit_model.surface.grid import build_grid


def test_what_a_region_takes_by_hand() -> None:
    region = make_region()
    grid = build_grid(region.info.bbox, region.info.crs, 1000.0)
    links = 2 * len(region.links) - int(region.links["oneway"].sum())
    cells = grid.nx * grid.ny * BYTES_PER_CELL
    first = links * BYTES_PER_LINK + len(region.shapes) * BYTES_PER_SHAPE_POINT + cells
    one = BASE_MB + first / 1e6
    more = links * BYTES_PER_LINK_MORE / 1e6
    assert estimate_memory_mb(region, grid) == one
    assert estimate_memory_mb(region, grid, 3) == pytest.approx(one + 2 * more)
    # two processes: both hold one, and one of them two more
    assert estimate_memory_mb(region, grid, 4, 2) == pytest.approx(2 * one + 2 * more)


def test_a_question_that_does_not_fit_is_told_with_what_makes_it_fit() -> None:
    region = make_region()
    assert check_size(region, memory_mb=100_000.0) == []
    (issue,) = check_size(region, 500.0, memory_mb=100.0)
    assert (issue.code, issue.severity) == ("needs_more_memory", "warning")
    assert "0.1 GB" in issue.message
    assert "cells of 1000 m need" in issue.hint
    assert "--workers" not in issue.hint
    (issue,) = check_size(region, 500.0, 5, 2, memory_mb=100.0)
    assert issue.hint.startswith("--workers 1 needs 0.3 GB; ask fewer scenarios at once; ")
    assert "5 scenarios in 2 processes" in issue.message


def test_what_the_hint_promises_is_what_is_then_asked_for() -> None:
    region = make_region()
    grid = build_grid(region.info.bbox, region.info.crs, 1000.0)
    alone = estimate_memory_mb(region, grid, 5)
    assert alone < estimate_memory_mb(region, grid, 5, 2)
    assert check_size(region, 1000.0, 5, memory_mb=alone) == []


def test_a_container_may_have_less_than_the_computer(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    whole = find_memory_mb(tmp_path / "none")
    limit.write_text("max\n")
    assert find_memory_mb(limit) == whole
    limit.write_text("50000000\n")
    assert find_memory_mb(limit) == 50.0
