"""Text from data leaves the program by two doors: `escape_cell` for spreadsheets, `say` and its like for terminals."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "transit_model"
WRITES_CELLS = re.compile(
    r"\.to_csv\(|\.to_excel\(|csv\.writer\(|csv\.DictWriter\(|arrow_csv\.write_csv\(|\.Workbook\("
)
ESCAPES = re.compile(r"\bescape_(cell|frame)\(")
FOR_PROGRAMS = {
    "gtfs/write.py",  # a feed: every name as it is
    "network/table_texts.py",  # a hash
    "store/joined_tables.py",  # a pack: every name as it is
}
PRINTS = re.compile(r"\btyper\.s?echo\(|\bprint\(|\bclick\.s?echo\(")
OWN_WORDS = {
    "cli/output.py",  # the door itself
    "cli/app.py",  # version, greeting, interruption
    "cli/batch_commands.py",  # interruption
}


def list_files() -> dict[str, str]:
    return {p.relative_to(PACKAGE).as_posix(): p.read_text(encoding="utf-8") for p in sorted(PACKAGE.rglob("*.py"))}


def test_every_writer_of_cells_escapes_them() -> None:
    files = {name: text for name, text in list_files().items() if WRITES_CELLS.search(text)}
    assert len(files) > 4
    bare = {name for name, text in files.items() if not ESCAPES.search(text)}
    assert bare == FOR_PROGRAMS


def test_nothing_from_data_is_printed_past_the_door() -> None:
    files = {name for name, text in list_files().items() if name.startswith("cli/") and PRINTS.search(text)}
    assert files - OWN_WORDS == set()
