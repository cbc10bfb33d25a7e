"""What is left to the second step exists, and runs there."""

from __future__ import annotations

import ast

from tests.conftest import REPO
from tests.second_step import EVERY, postpone


def test_every_named_test_exists() -> None:
    for name in EVERY:
        file, function = name.split("::")
        tree = ast.parse((REPO / file).read_text(encoding="utf-8"))
        assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, name


class _Item:
    def __init__(self, nodeid: str) -> None:
        self.nodeid, self.marks = nodeid, list[str]()

    def add_marker(self, mark: object) -> None:
        self.marks.append(str(getattr(mark, "name", mark)))


def test_every_nth_variant_stays() -> None:
    # One in three is kept: the 1st and 4th of 6 stay; of a test with 0 none stays; others are not touched.
    name = "tests/region/test_region.py::test_mistakes"
    items = [_Item(f"{name}[{k}]") for k in range(6)]
    none = _Item("tests/regions/test_tutorial.py::test_the_tutorial_works")
    other = _Item("tests/test_second_step.py::test_every_named_test_exists")
    which = {name: 3, none.nodeid: 0}
    postpone([*items, none, other], which)  # type: ignore[list-item]
    assert [not item.marks for item in items] == [True, False, False, True, False, False]
    assert none.marks == ["slow"]
    assert not other.marks


def test_the_second_step_runs_all_that_is_slow() -> None:
    assert "make --no-print-directory test-slow" in (REPO / ".ci" / "run").read_text(encoding="utf-8")
    assert '-m "slow and not bench and not network"' in (REPO / "Makefile").read_text(encoding="utf-8")
