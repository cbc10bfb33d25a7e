"""The default study against the numbers that were reviewed last; `make golden` writes them anew."""

from __future__ import annotations

import pytest

from tests.tools.refresh_golden import FOLDER, compute_golden


@pytest.fixture(scope="module")
def computed() -> dict[str, str]:
    return compute_golden()


@pytest.mark.parametrize("name", ["verdicts.csv", "od_centres_road.csv", "od_centres_rail.csv"])
def test_numbers_are_the_reviewed_ones(computed: dict[str, str], name: str) -> None:
    reviewed = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    now = computed[name].splitlines()
    moved = [f"was {a}\nnow {b}" for a, b in zip(reviewed, now, strict=False) if a != b]
    assert now == reviewed, (
        f"{len(moved)} rows moved; if that is meant, say make golden and review the diff\n" + "\n".join(moved[:10])
    )
