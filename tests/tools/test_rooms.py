"""The picture of the rooms is the import contract drawn, and the committed one is the present one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.refresh_rooms import (
    PAGE,
    WIDTH,
    describe_room,
    draw,
    draw_rooms,
    read_layers,
    replace_picture,
)

CONTRACT = """
[[tool.importlinter.contracts]]
type = "forbidden"
[[tool.importlinter.contracts]]
type = "layers"
layers = ["cli", "left | right : (near)", "errors"]
"""


def test_the_committed_picture_is_the_present_one() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert replace_picture(page, draw()) == page, "the house has changed: python -m tests.tools.refresh_rooms"


def test_layers_are_read_with_their_parties() -> None:
    assert read_layers(CONTRACT) == [["cli"], ["left", "right", "near"], ["errors"]]


def test_every_room_of_the_package_is_drawn() -> None:
    picture = draw()
    rooms = {p.parent.name for p in (PAGE.parent / "transit_model").glob("*/__init__.py")}
    drawn = {line.split()[1] for line in picture.splitlines() if line.startswith("│ ") and line[2] != " "}
    assert rooms <= drawn
    assert {len(line) for line in picture.splitlines() if "▼" not in line} == {WIDTH}


def test_boxes_stand_in_the_order_of_the_contract() -> None:
    words = {"cli": "typed words", "left": "one", "right": "a long text " * 12, "near": "two", "errors": "bad news"}
    lines = draw_rooms(read_layers(CONTRACT), words).splitlines()
    # 3 boxes of 2 rules, 2 arrows between them, 5 rooms of which one needs 144 characters: two lines
    assert len(lines) == 3 * 2 + 2 + 5 + 1
    assert [line.split()[1] for line in lines if line.startswith("│ ") and line[2] != " "] == [*words]
    assert sum("▼" in line for line in lines) == 2


def test_a_room_is_told_in_the_first_paragraph(tmp_path: Path) -> None:
    (tmp_path / "streets").mkdir()
    (tmp_path / "streets" / "__init__.py").write_text('"""Times on\nstreets.\n\nMore.\n"""\n', encoding="utf-8")
    (tmp_path / "errors.py").write_text("x = 1\n", encoding="utf-8")
    assert describe_room(tmp_path, "streets") == "Times on streets."
    with pytest.raises(ValueError, match="no docstring"):
        describe_room(tmp_path, "errors")
    with pytest.raises(FileNotFoundError):
        describe_room(tmp_path, "gone")


def test_a_page_without_markers_is_left_alone() -> None:
    with pytest.raises(ValueError, match="once each"):
        replace_picture("no markers", "x")
