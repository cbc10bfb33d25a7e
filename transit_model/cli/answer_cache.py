"""Answers that were given before, kept in the user's cache under all that they hang on.

A planner's script asks the same small questions again and again; to answer one anew takes seconds, most of them for
loading libraries. The key of an answer holds the words of the call, the hash of every file of the region pack and of
the scenarios (`file_hashes`: what nobody touched is not read), the program and its libraries as they are installed,
and what the form of the text hangs on. Whatever of it changes, the question is new. Nothing is kept of a call that
failed, warned, or wrote a file.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, Final, TextIO

from transit_model.cli.greeting import is_question
from transit_model.errors import InputError
from transit_model.store.cache import make_key
from transit_model.store.entry_cache import EntryCache
from transit_model.store.file_hashes import hash_files
from transit_model.store.resources import COURSE_KINDS, find_inputs

LARGEST: Final = 1_000_000
"""Longer answers, in characters, are not kept."""
_cache: Final = EntryCache("answers")
_UNCACHED = ("-o", "--out", "--debug", "--verbose", "--help")
_LIBRARIES = ("numpy", "pandas", "pyarrow", "pyproj", "rich", "scipy", "shapely", "typer")
_TERMINAL = ("COLORTERM", "COLUMNS", "FORCE_COLOR", "LANG", "LANGUAGE", "NO_COLOR", "PYTHONIOENCODING", "TERM")


def answer_question(argv: list[str], run: Callable[[], object]) -> None:
    """Print the answer to a call: the one kept, else that of running it, which is kept from now on."""
    key = make_question_key(argv)
    kept = None if key is None else _cache.find(key)
    if kept is not None:
        sys.stdout.write(kept)
    elif key is not None:
        with _keeping(argv, key):
            run()
    else:
        run()


def make_question_key(argv: list[str]) -> str | None:
    """Return the key of the answer to a call; None for calls whose answers are not kept, or that cannot be right."""
    words = argv[1:]
    if not is_question(argv) or any(w.startswith(_UNCACHED) for w in words):
        return None
    on_terminal = sys.stdout.isatty()
    if on_terminal and sys.platform == "win32":
        return None  # older consoles are not written to as text
    named = [_find_option(words, "--region"), _find_option(words, "--scenarios")]
    folders = {word for value in named for word in (value, f"--region={value}", f"--scenarios={value}")}
    if any(("/" in w or "\\" in w) and w not in folders for w in words):
        return None  # the path of a file that may lie anywhere
    with suppress(InputError, OSError):
        region, plans = find_inputs(*named)
        return make_key(
            "answer",
            words=words,
            inputs=[_digest(region, _list_pack(region)), *(_digest(at, _list_plans(at)) for at in plans)],
            program=_stamp_program(),
            terminal=[on_terminal, _count_columns() if on_terminal else 0],
            environment={n: v for n, v in os.environ.items() if n in _TERMINAL or n.startswith("LC_")},
        )
    return None


@contextmanager
def _keeping(argv: list[str], key: str) -> Iterator[None]:
    """Keep what is printed until the end, when the end is a good one; it is printed all the same."""
    out, errors = _Copy(sys.stdout), _Copy(sys.stderr)
    good = False
    try:
        with redirect_stdout(out), redirect_stderr(errors):
            yield
        good = True
    except SystemExit as end:
        good = end.code in (0, None)
        raise
    finally:
        answer = out.getvalue()
        fits = out.is_whole and not errors.getvalue() and 0 < len(answer) <= LARGEST
        # Files may have been edited meanwhile: whose answer is it then?
        if good and fits and make_question_key(argv) == key:
            _cache.keep(key, answer)


class _Copy(io.StringIO):
    """What is written goes on to a stream and stays here as well."""

    encoding = "utf-8"

    def __init__(self, stream: TextIO) -> None:
        super().__init__(newline="")
        self._stream = stream
        self.is_whole = True

    def write(self, text: str) -> int:
        self.is_whole = False
        self._stream.write(text)
        self.is_whole = True
        return super().write(text)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()


def _find_option(words: list[str], name: str) -> str | None:
    """Return the value of an option, the last one when it is given twice, as the parser does."""
    value = None
    for at, word in enumerate(words):
        if word == name and at + 1 < len(words):
            value = words[at + 1]
        elif word.startswith(f"{name}="):
            value = word.partition("=")[2]
    return value


def _list_pack(folder: Path) -> list[Path]:
    """Return all files of a region pack; its reader passes hidden folders over as well."""
    files: list[Path] = []
    for at, inside, names in os.walk(folder, followlinks=True):
        inside[:] = [name for name in inside if not name.startswith(".")]
        files += [Path(at) / name for name in names]
    return files


def _list_plans(folder: Path) -> list[Path]:
    """Return the files that a folder of scenarios can be read from."""
    found = [file for at in (folder, folder / "projects", folder / "goals") for file in at.glob("*.yaml")]
    return [*found, *(file for kind in COURSE_KINDS for file in (folder / "projects").rglob(f"*{kind}"))]


def _digest(folder: Path, files: list[Path]) -> list[Any]:
    """Return where a folder is and the hash of each of its files."""
    hashes = hash_files(folder, {file.relative_to(folder).as_posix(): file for file in sorted(files)})
    return [str(folder.resolve()), *((name, found.raw) for name, found in hashes.items())]


def _stamp_program() -> list[Any]:
    """Return size and date of every file of the program, and which Python and libraries it runs with."""
    from importlib.util import find_spec

    package = Path(__file__).parents[1]
    files = [Path(at) / n for at, _, names in os.walk(package) for n in names if not at.endswith("__pycache__")]
    places = (getattr(find_spec(name), "origin", None) for name in _LIBRARIES)
    files += [Path(place) for place in places if place]
    return [sys.version, *((str(f), f.stat().st_size, f.stat().st_mtime_ns) for f in sorted(files))]


def _count_columns() -> int:
    from shutil import get_terminal_size

    return get_terminal_size().columns
