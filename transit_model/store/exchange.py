"""Two folders change places in one step, where the system can do that: nobody ever finds neither."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any, Final

_AT_FDCWD: Final = -100
_EXCHANGE: Final = 2
"""``RENAME_EXCHANGE`` of Linux (renameat2) and ``RENAME_SWAP`` of macOS (renamex_np) are the same number."""
_UNABLE: Final = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


def exchange(one: Path, other: Path) -> bool:
    """Exchange two names of one disk and return True; False, and nothing done, where system or disk cannot.

    Raises
    ------
    OSError
        As for `os.rename`.
    """
    import ctypes

    call = _find_call()
    if call is None:
        return False
    sys.audit("transit_model.exchange", str(one), str(other))
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNABLE:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


def _find_call() -> Any:  # noqa: ANN401 - a function of the C library
    import ctypes
    import platform

    try:
        library = ctypes.CDLL(None, use_errno=True)
        if platform.system() == "Linux":
            rename = library.renameat2
            return lambda one, other: rename(_AT_FDCWD, one, _AT_FDCWD, other, _EXCHANGE)
        if platform.system() == "Darwin":
            swap = library.renamex_np
            return lambda one, other: swap(one, other, _EXCHANGE)
    except (AttributeError, OSError, TypeError):  # an older C library; Windows has no CDLL(None)
        return None
    return None
