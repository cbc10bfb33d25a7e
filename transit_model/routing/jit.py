"""How the kernels of this room are compiled, and the one sentinel they use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar, cast

from numba import njit

INF_S: Final = 2**30
"""Unreachable inside kernels: far beyond any clock, and two of them still fit an int32. Public results use `inf`."""

Function = TypeVar("Function", bound=Callable[..., object])


def jit(function: Function) -> Function:
    """Compile a kernel with numba: cached on disk, without the interpreter lock, no fast-math (bit-equal results)."""
    return cast("Function", njit(cache=True, nogil=True)(function))
