"""The default study against the numbers that were reviewed last; `make golden` writes them anew."""

from __future__ import annotations

import pytest

from tests.tools.refresh_golden import compute_golden, find_folder
from transit_model.store.resources import DEFAULT_REGION

NAMES = ("verdicts.csv", "od_centres_road.csv", "od_centres_rail.csv")


@pytest.fixture(scope="module", params=[DEFAULT_REGION, pytest.param("taixin", marks=pytest.mark.slow)])
def computed(request: pytest.FixtureRequest) -> tuple[str, dict[str, str]]:
    return request.param, compute_golden(request.param)


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_the_reviewed_ones(computed: tuple[str, dict[str, str]], name: str) -> None:
    region, files = computed
    reviewed = (find_folder(region) / name).read_text(encoding="utf-8").splitlines()
    now = files[name].splitlines()
    moved = [f"was {a}\nnow {b}" for a, b in zip(reviewed, now, strict=False) if a != b]
    assert now == reviewed, (
        f"{len(moved)} rows moved; if that is meant, say make golden and review the diff\n" + "\n".join(moved[:10])
    )
