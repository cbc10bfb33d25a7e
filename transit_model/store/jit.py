"""How kernels are compiled, where the compiled code is kept, and the one sentinel they use.

Compiled code lies in the user's cache folder, so an installation that cannot be written to starts as quickly as any
other. Each module has a folder named by the hash of its source and of the sources it calls: numba itself notices a
change of a kernel's own file only, and would go on calling the old code of another file.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numpy as np

from transit_model.store.code_files import check_files_of, open_code_folder

INF_S: Final = 2**30
"""Unreachable inside kernels: far beyond any clock, and two of them still fit an int32. Public results use `inf`."""
NUMBA_ENVIRONMENT: Final = "NUMBA_CACHE_DIR"
CACHED_VERSIONS: Final = 4
"""Folders of compiled code kept for each module: two checkouts or releases need not throw out each other's."""

# numpy's type as a function to int: mixed with signed numbers, unsigned ones would become floats in a kernel.
signed: Final = cast("Callable[[object], int]", np.int64)

Function = TypeVar("Function", bound=Callable[..., object])

_log = logging.getLogger("transit_model.compile")
_PACKAGE = Path(__file__).parent.parent
KERNEL_ROOMS: Final = ("streets", "timetable", "surface")
"""The rooms whose files hold kernels; a kernel calls kernels of these rooms only, and this file compiles them."""
_IMPORTED = re.compile(rf"^from transit_model\.({'|'.join(KERNEL_ROOMS)})(?:\.(\w+) import| import (\w+))", re.M)
_lock = threading.Lock()


def jit(function: Function) -> Function:
    """Compile a kernel with numba: cached on disk, without the interpreter lock, no fast-math (bit-equal results)."""
    from numba import njit
    from numba.core import config as numba_config

    config = cast("Any", numba_config)
    _watch_compiler()
    folder = find_code_dir(function.__module__.partition(".")[2])
    if folder is None:
        return cast("Function", njit(nogil=True)(function))
    with _lock:  # numba asks for the folder while it wraps the function; what the user set comes back afterwards
        before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
        try:
            compiled = njit(cache=True, nogil=True)(function)
            check_files_of(compiled)
            return cast("Function", compiled)
        finally:
            config.CACHE_DIR = before


def helper(function: Function) -> Function:
    """Compile a function that only kernels call: without the door for Python, which takes longer than the rest."""
    from numba import njit

    options = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", njit(**options)(function))  # type: ignore[call-overload]


@cache
def find_code_root() -> Path | None:
    """Return the folder of compiled code, None when none can be written to (then every process compiles anew).

    What lies in it is run: a folder that belongs to another user, or that others may write to, is passed over.
    ``NUMBA_CACHE_DIR``, else the user's cache folder, else the folder in ``TRANSIT_MODEL_CACHE``.
    """
    from platformdirs import user_cache_dir

    from transit_model.store.cache import find_cache_dir

    named = os.environ.get(NUMBA_ENVIRONMENT)
    places = [Path(user_cache_dir("transit-model", appauthor=False)) / "compiled", find_cache_dir() / "compiled"]
    for place in [Path(named) / "transit-model", *places] if named else places:
        with suppress(OSError):
            if not open_code_folder(place):
                continue
            tempfile.TemporaryFile(dir=place).close()
            return place
    return None


def find_code_dir(module: str) -> Path | None:
    """Return the folder for the compiled code of a module (``streets.sweep``) as its sources are now."""
    root = find_code_root()
    if root is None:
        return None
    folder = root / f"{module}-{hash_sources(module)}"
    if not folder.is_dir():
        with suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            _drop_old(root, module)
    return folder if folder.is_dir() else None


@cache
def hash_sources(module: str, package: Path = _PACKAGE) -> str:
    """Return a hash of a module's source, of all sources of kernel rooms it imports, near or far, and of this file."""
    texts: dict[str, str] = {}
    waiting = [module, "store.jit"]
    while waiting:
        name = waiting.pop()
        path = package.joinpath(*name.split(".")).with_suffix(".py")
        if name not in texts and path.is_file():
            texts[name] = path.read_text(encoding="utf-8")
            waiting += [f"{room}.{a or b}" for room, a, b in _IMPORTED.findall(texts[name])]
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(f"{name}\0{texts[name]}\0".encode())
    return digest.hexdigest()[:16]


def drop_compiled() -> None:
    """Remove all compiled code that is kept; what this process has loaded stays in use."""
    root = find_code_root()
    for path in root.glob("*-" + "[0-9a-f]" * 16) if root else ():
        shutil.rmtree(path, ignore_errors=True)


def _drop_old(root: Path, module: str) -> None:
    """Remove the oldest folders of a module; another process that uses one compiles anew, no worse."""
    own = [p for p in root.glob(f"{module}-*") if len(p.name) == len(module) + 17]
    for path in sorted(own, key=lambda p: p.stat().st_mtime, reverse=True)[CACHED_VERSIONS:]:
        shutil.rmtree(path, ignore_errors=True)


class CompileWatch:
    """What was compiled in this process (not what was read from the cache); says so once."""

    def __init__(self) -> None:
        self.compiled: list[str] = []

    def note(self, function: Callable[..., object]) -> None:
        """Note that a function is compiled now."""
        if not function.__module__.startswith("transit_model."):
            return
        if not self.compiled:
            root = find_code_root()
            kept = f"kept in {root}" if root else "no cache folder can be written to, so every run does this"
            _log.info("compiling the search code for this computer, once: some seconds  首次编译，约需数秒 (%s)", kept)
        self.compiled.append(f"{function.__module__.rpartition('.')[2]}.{function.__name__}")


WATCH: Final = CompileWatch()


@cache
def _watch_compiler() -> None:
    from numba.core import event

    class Listener(event.Listener):
        def on_start(self, event: Any) -> None:  # noqa: ANN401 - numba's own type
            WATCH.note(event.data["dispatcher"].py_func)

        def on_end(self, event: Any) -> None:  # noqa: ANN401
            pass

    register: Callable[[str, object], None] = event.register
    register("numba:compile", Listener())
