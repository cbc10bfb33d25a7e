"""The edges of the process: closed or broken streams, arguments in another encoding, a full disk behind ``>``.

Loaded by every call before anything else, so it imports nothing heavy.

- A closed stdout or stderr is as good as ``/dev/null``; the exit code is that of the command.
- Who reads from a pipe and goes away (``| head``) has seen enough: exit code 0, not a word.
- Whatever else the system says about files is an issue with exit code 2.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:  # known to type checkers by its name: loading `typing` takes a quarter of a bare call
    from typing import TextIO

EXIT_SYSTEM = 2


def prepare_streams() -> None:
    """Give the process the three streams that libraries take for granted, those of text in UTF-8."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # closed: the next file opened would take its number, and what is printed would go there
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, _open_nowhere())
        elif hasattr(stream, "reconfigure"):
            # A planner's Windows console may not be UTF-8; a lost character is better than a crash.
            stream.reconfigure(encoding="utf-8", errors="replace")


def mend_arguments(argv: list[str]) -> None:
    """Make words of arguments that Python could not decode.

    In a locale that knows no Chinese the process begins again in Python's UTF-8 mode, files and all; bytes of GBK,
    as older terminals send them, are decoded unless a file has just that name.
    """
    if "".join(argv).isascii() or all(map(_is_text, argv)):
        return
    count = len(argv) - 1
    if os.name == "posix" and sys.getfilesystemencoding() != "utf-8" and sys.orig_argv[-count:] == argv[-count:]:
        words = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, words, {**os.environ, "PYTHONUTF8": "1"})
    argv[1:] = [word if _is_text(word) or os.path.lexists(word) else _decode(word) for word in argv[1:]]


def run_to_the_end(run: Callable[[], object]) -> None:
    """Run the program and flush what it printed; end with its exit code, never with a traceback of a stream."""
    code: str | int | None = 0
    out = sys.stdout
    try:
        run()
    except SystemExit as end:
        code = end.code
        if sys.stdout is not out:  # how the parser says that the pipe is broken
            sys.stdout, code = out, 0
    except OSError as error:
        code = _judge(error)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            _silence(stream)
            code = _judge(error) or code
        except ValueError:  # closed by somebody
            pass
    if code not in (0, None):
        raise SystemExit(code)


def cannot_flush(stream: TextIO) -> bool:
    """Return whether a stream is what cannot be written to; then what it holds goes nowhere.

    It is tried with an empty line: what could not be written before is lost already.
    """
    try:
        stream.write("\n")
        stream.flush()
    except OSError:
        _silence(stream)
        return True
    except ValueError:
        return False
    return False


def _judge(error: OSError) -> int:
    """Return the exit code for an error of the system, after saying what it is."""
    if isinstance(error, BrokenPipeError):
        return 0
    from transit_model.store.system_errors import describe_system_error, describe_write_error

    unnamed = error.filename is None and error.errno is not None
    issue = describe_write_error("<stdout>", error) if unnamed else describe_system_error(error)
    with suppress(OSError, ValueError):
        sys.stderr.write(issue.as_text() + "\n")
    return EXIT_SYSTEM


def _silence(stream: TextIO) -> None:
    """Let what is still in a stream go nowhere: Python would complain once more when it closes it."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _open_nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - open to the end of the process


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _decode(word: str) -> str:
    data = os.fsencode(word)
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return data.decode("utf-8", "replace")
