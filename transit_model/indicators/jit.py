"""How the kernels of this room are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def jit(function: Function) -> Function:
    """Compile a kernel with numba: kept on disk, without the interpreter lock, no fast-math (bit-equal results)."""
    return cast("Function", njit(cache=True, nogil=True)(function))
