"""The quick and the long profile of properties, and that every property is in both."""

from __future__ import annotations

import re

import pytest

from tests.conftest import REPO
from tests.examples import examples


@pytest.mark.parametrize(("declared", "quick"), [(6, 6), (10, 10), (20, 10), (60, 12), (100, 20), (300, 60)])
def test_the_quick_profile_tries_a_fifth_and_at_least_ten(declared: int, quick: int) -> None:
    assert examples(declared, "quick") == quick
    assert examples(declared, "long") == declared


def test_a_mistyped_profile_is_no_quick_run() -> None:
    with pytest.raises(ValueError, match="quick or long"):
        examples(10, "lnog")


def test_every_number_of_examples_goes_through_the_profile() -> None:
    for path in sorted((REPO / "tests").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"max_examples=(?!examples\()\w+", text) == [], path.name


def test_the_second_step_of_ci_runs_all_properties_long() -> None:
    script = (REPO / ".ci" / "run").read_text(encoding="utf-8")
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    assert "make --no-print-directory test-long" in script
    block = re.search(r"^test-long: .*\n((?:\t.*\n)+)", makefile, flags=re.MULTILINE)
    assert block is not None
    assert "HYPOTHESIS_PROFILE=long" in block[1]
    # Hypothesis marks each of its tests by itself: none can be forgotten.
    assert '-m "hypothesis and not bench and not network"' in block[1]
