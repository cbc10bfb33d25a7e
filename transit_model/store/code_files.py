"""Files of compiled code, each with its checksum: a damaged one is dropped and compiled anew.

numba reads its files as pickles and links what they hold into the process; cut short or damaged ones end the command
with whatever error, or the process. So each is written with a checksum behind it (numba's reader stops before that)
and read only when that is right.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, cast

from transit_model.store.private_folder import is_safe_for_code
from transit_model.store.write import replace_file

_SUM_BYTES: Final = 32
_log = logging.getLogger("transit_model.compile")


def check_files_of(dispatcher: object) -> None:
    """Have numba read and write the files of a function by way of their checksums."""
    from numba.core import caching

    plain = cast("Any", caching.IndexDataCacheFile)  # numba has no types

    class CheckedFiles(plain):  # type: ignore[misc, valid-type]
        def load(self, key: object) -> object:
            try:
                name = self._read_index().get(key)
                if name is None:
                    return None
                _check(Path(self._data_path(name)))
                return self._load_data(name)
            except Exception as error:  # whatever a damaged pickle may raise
                self._drop(error)
                return None

        def save(self, key: object, data: object) -> None:
            with suppress(Exception):  # a full disk costs the next process time, never this one its result
                try:
                    self._read_index()
                except Exception as error:
                    self._drop(error)
                super().save(key, data)

        def _read_index(self) -> dict[object, str]:
            _check(Path(self._index_path))
            return cast("dict[object, str]", self._load_index())

        def _drop(self, error: Exception) -> None:
            _log.info("compiled code is damaged and made anew  已编译代码损坏，重新编译 (%s)", error)
            begin = self._index_name.removesuffix("nbi")
            for path in Path(self._cache_path).glob("*.nb[ic]"):
                if path.name.startswith(begin):
                    _remove(path)

        @contextmanager
        def _open_for_write(self, filepath: str) -> Iterator[io.BytesIO]:
            content = io.BytesIO()
            yield content
            data = content.getvalue()
            whole = data + hashlib.sha256(data).digest()
            replace_file(Path(filepath), lambda new: new.write_bytes(whole), durable=False, wait=False)

    cache: Any = getattr(dispatcher, "_cache", None)
    files: Any = getattr(cache, "_cache_file", None)
    if type(files) is plain:
        files.__class__ = CheckedFiles


def open_code_folder(folder: Path) -> bool:
    """Make a folder for compiled code that only its owner may read and write; return whether it may be used.

    Not where another user owns it or could have written to it: code in it would run with our rights. Our own folders
    that others could write to are emptied first.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name != "posix":
        return True
    found = folder.lstat()
    if found.st_uid != os.geteuid() or folder.is_symlink():
        return False
    if not is_safe_for_code(folder):
        for path in folder.iterdir():
            _remove(path)
    folder.chmod(0o700)
    return True


def _check(path: Path) -> None:
    """Raise `ValueError` when a file is there and its checksum is not right."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    if hashlib.sha256(data[:-_SUM_BYTES]).digest() != data[-_SUM_BYTES:]:
        message = f"{path.name}: the checksum does not fit"
        raise ValueError(message)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
