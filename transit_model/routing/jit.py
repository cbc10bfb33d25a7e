"""How the kernels of this room are compiled, and the one sentinel they use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar, cast

from numba import njit

INF_S: Final = 2**30
"""Unreachable inside kernels: far beyond any clock, and two of them still fit an int32. Public results use `inf`."""

Function = TypeVar("Function", bound=Callable[..., object])


def jit(function: Function) -> Function:
    """Compile a kernel with numba: cached on disk, without the interpreter lock, no fast-math (bit-equal results).

    The cache notices a change of the kernel's own file only. Who edits a kernel that another file calls deletes the
    `__pycache__` of this folder.
    """
    return cast("Function", njit(cache=True, nogil=True)(function))


def helper(function: Function) -> Function:
    """Compile a function that only kernels call: without the door for Python, which takes longer than the rest."""
    options = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", njit(**options)(function))  # type: ignore[call-overload]
