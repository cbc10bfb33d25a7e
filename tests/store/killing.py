"""Kill a process just before its n-th change of a folder, for every n.

The child is forked from the test, so it is warm; Python's audit hooks tell it of each operation before it is done.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

KILLED = 77
FAILED = 78
_CHANGES = {
    "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.truncate", "os.utime",
    "transit_model.exchange",
}  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def run_killed(action: Callable[[], object], at: int, root: Path) -> bool:
    """Run an action in a forked child that dies before its `at`-th change (from 1) below a folder.

    Returns whether it was killed; False when it came to its end before.
    """
    child = os.fork()
    if child == 0:
        code = FAILED
        try:
            _die_at(at, str(root))
            with open(os.devnull, "w") as nowhere:  # noqa: PTH123
                os.dup2(nowhere.fileno(), 1)
            action()
            code = 0
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED), f"the child ended with {code}"
    return code == KILLED


def count_changes(action: Callable[[], object], root: Path) -> int:
    """Return how many changes below a folder an action makes; it is done in a forked child."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        seen = _die_at(0, str(root))
        try:
            action()
        finally:
            os.write(write, str(len(seen)).encode())
            os._exit(0)
    os.close(write)
    with open(read) as file:  # noqa: PTH123 - a pipe
        count = int(file.read())
    os.waitpid(child, 0)
    return count


def each_kill(action: Callable[[], object], root: Path, prepare: Callable[[], object], step: int = 1) -> Iterator[int]:
    """Yield n after the action, begun afresh, was killed before its n-th change; ends when it comes to its end."""
    at = 1
    while True:
        prepare()
        if not run_killed(action, at, root):
            return
        yield at
        at += step


def read_all(folder: Path) -> dict[str, bytes]:
    """Return the content of all files of a folder by their names."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _die_at(at: int, root: str) -> list[str]:
    seen: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            writes = isinstance(arguments[2], int) and arguments[2] & _WRITING
            if not writes:
                return
        elif event not in _CHANGES:
            return
        if not any(root in _show(a) for a in arguments[:2]):
            return
        seen.append(event)
        if len(seen) == at:
            os._exit(KILLED)

    sys.addaudithook(hook)
    return seen


def _show(argument: object) -> str:
    return os.fsdecode(argument) if isinstance(argument, str | bytes | os.PathLike) else ""
