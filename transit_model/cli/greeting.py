"""What needs no parser: the greeting, and the help of the whole command line as a kept text.

Loading the parser takes ten times as long as printing a text. ``help.txt`` (``help_zh.txt`` in Chinese) is what
the parser prints on a terminal of 80 columns or more; a test compares the two.
"""

from __future__ import annotations

import os
import sys

PROGRAM = "transit-model"
HELP_FILES = {"en": "help.txt", "zh": "help_zh.txt"}
HELP_COLUMNS = 80
"""Click fills no more columns than these, so on wider terminals the text is the same."""
QUESTIONS = frozenset({"od", "trains", "explain", "goals"})
"""Commands that read nothing but a region pack and a folder of scenarios."""

GREETING = """transit-model: honest travel times and transport circles  诚实的交通圈可达性模型

Start with:
  transit-model run                      the whole default study: verdicts, maps, report in maps/
  transit-model goals                    which circle goals hold, on three readings

More: studio, od, isochrone, explain, find, reach, compare, attribute, require, sureness, phases, batch, scenario,
data, warmup.
See transit-model --help.
从 transit-model run（完整研究）或 transit-model goals（目标判定）开始；--lang zh 切换中文。"""


def is_question(argv: list[str]) -> bool:
    """Return whether a call is one of the questions whose answers are kept (see `answer_cache`)."""
    return argv[1:2] != [] and argv[1] in QUESTIONS


def find_cached_answer(argv: list[str]) -> str | None:
    """Return the answer to a bare call or a call for the whole help, None when the parser must answer."""
    if os.path.basename(argv[0]).removesuffix(".exe") != PROGRAM:  # noqa: PTH119 - pathlib would double the time
        return None
    if argv[1:] == []:
        return GREETING
    language, words = split_language(argv[1:])
    language = language or read_locale()
    if words != ["--help"] or language not in HELP_FILES or _count_columns() < HELP_COLUMNS:
        return None
    try:
        with open(f"{os.path.dirname(__file__)}/{HELP_FILES[language]}", encoding="utf-8") as file:  # noqa: PTH120, PTH123
            return file.read().rstrip("\n")
    except OSError:
        return None


def split_language(arguments: list[str]) -> tuple[str, list[str]]:
    """Return the language that ``--lang`` asks for, empty when it is not there, and the other arguments."""
    for at, word in enumerate(arguments):
        if word.startswith("--lang="):
            return word.partition("=")[2], arguments[:at] + arguments[at + 1 :]
        if word == "--lang" and at + 1 < len(arguments):
            return arguments[at + 1], arguments[:at] + arguments[at + 2 :]
    return "", arguments


def read_locale() -> str:
    """Return the language of the locale as the environment tells it, ``zh`` or ``en``; empty when it does not."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh" if os.environ[name].lower().startswith("zh") else "en"
    return "" if sys.platform == "win32" else "en"


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
