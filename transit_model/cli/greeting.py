"""What needs no parser: the greeting, and the help of the whole command line as a kept text.

Loading the parser takes ten times as long as printing a text. ``help.txt`` is what the parser prints on a terminal of
80 columns or more; a test compares the two.
"""

from __future__ import annotations

import os
import sys

PROGRAM = "transit-model"
HELP_FILE = "help.txt"
HELP_COLUMNS = 80
"""Click fills no more columns than these, so on wider terminals the text is the same."""
QUESTIONS = frozenset({"od", "trains", "explain", "goals"})
"""Commands that read nothing but a region pack and a folder of scenarios."""

GREETING = """transit-model: honest travel times and transport circles  诚实的交通圈可达性模型

Start with:
  transit-model run                      the whole default study: verdicts, maps, report in maps/
  transit-model goals                    which circle goals hold, on three readings

More: od, isochrone, explain, compare, attribute, require, sureness, phases, batch, scenario, data, warmup.
See transit-model --help.
从 transit-model run(完整研究)或 transit-model goals(目标判定)开始;--lang zh 切换中文。"""


def is_question(argv: list[str]) -> bool:
    """Return whether a call is one of the questions whose answers are kept (see `answer_cache`)."""
    return argv[1:2] != [] and argv[1] in QUESTIONS


def find_cached_answer(argv: list[str]) -> str | None:
    """Return the answer to a bare call or a call for the whole help, None when the parser must answer."""
    if os.path.basename(argv[0]).removesuffix(".exe") != PROGRAM:  # noqa: PTH119 - pathlib would double the time
        return None
    if argv[1:] == []:
        return GREETING
    if argv[1:] != ["--help"] or _count_columns() < HELP_COLUMNS:
        return None
    try:
        with open(f"{os.path.dirname(__file__)}/{HELP_FILE}", encoding="utf-8") as file:  # noqa: PTH120, PTH123
            return file.read().rstrip("\n")
    except OSError:
        return None


def _count_columns() -> int:
    """Return the width of the terminal, as `shutil.get_terminal_size` does."""
    try:
        columns = int(os.environ.get("COLUMNS", "0"))
    except ValueError:
        columns = 0
    if columns > 0:
        return columns
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or HELP_COLUMNS  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return HELP_COLUMNS
