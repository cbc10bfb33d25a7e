"""Memory that large builds leave behind goes back to the system; that of many arrays of one size stays at hand."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def return_freed_memory() -> None:
    """Give freed memory back to the system where the C library (glibc) or pyarrow keeps it; elsewhere do nothing.

    A contraction frees in pieces what it had taken in pieces, and glibc would keep most of it for this process: 70 MB
    after the 231 thousand nodes of the largest peer measurement, a third of all it uses. So does reading tables and
    laying roads on a grid: 240 MB of 610 at 200 thousand nodes, and what is asked for next finds no room in the gaps.
    It takes some milliseconds.
    """
    arrow = sys.modules.get("pyarrow")  # not loaded for this
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)


_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1
_LARGEST_KEPT, _MOST_KEPT = 64 << 20, 256 << 20


def keep_freed_memory() -> None:
    """Have the C library keep freed arrays of up to 64 MB for the next ones (glibc, 256 MB); elsewhere do nothing.

    It gives each back to the system at once, and a run that makes thousands of surfaces of 6 MB spends half of the
    time of making one on pages that the system must clear again: 3.0 ms for three of them and a mask, 1.2 ms with this.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            allocator = ctypes.CDLL(None)
            allocator.mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT)
            allocator.mallopt(_TRIM_THRESHOLD, _MOST_KEPT)
