"""What the operating system says about files, as issues: ``cannot_write`` or ``cannot_read``, always with the path."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from transit_model.errors import Issue

_REASONS: Final = {
    errno.ENOSPC: "no space left on the disk",
    errno.EDQUOT: "the quota is used up",
    errno.EFBIG: "the file would be larger than the system allows",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "not permitted",
    errno.ENOTDIR: "a file stands where a folder is wanted",
    errno.EISDIR: "a folder stands where a file is wanted",
    errno.EEXIST: "something else stands there",
    errno.ENOENT: "no such file or folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "links that lead in a circle",
    errno.EIO: "the disk reports an error",
    errno.ENXIO: "no such device",
    errno.EMFILE: "too many open files",
}
_ONLY_WRITING: Final = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EEXIST,
    errno.ENOTEMPTY,
    errno.EXDEV,
    errno.EBUSY,
}
_LIBRARIES: Final = ("pyogrio", "rasterio", "pyarrow", "sqlite3", "fiona", "_sqlite3")


def describe_write_error(target: Path | str, error: BaseException) -> Issue:
    """Return the issue ``cannot_write`` of what the system, or a library that wrote, said about a file or folder."""
    hint = "check free space and rights; what stood there before is unchanged"
    message = f"the result cannot be written: {explain(error)}"
    return Issue("cannot_write", "error", message, file=show_path(target), hint=hint)


def describe_system_error(error: OSError) -> Issue:
    """Return the issue of an error of the system that nobody nearer to the file has named."""
    path = error.filename2 or error.filename
    if error.errno in _ONLY_WRITING:
        return describe_write_error(path or tempfile.gettempdir(), error)
    if path is None and _has_lost_its_folder():
        return describe_lost_folder()
    hint = "check path and rights"
    return Issue("cannot_read", "error", f"cannot be read: {explain(error)}", file=show_path(path or "?"), hint=hint)


def describe_lost_folder() -> Issue:
    """Return the issue of a working folder that somebody has removed."""
    hint = "change to a folder that exists"
    message = "the working folder does not exist any more"
    return Issue("cannot_read", "error", message, file=os.curdir, hint=hint)


def check_working_folder() -> Issue | None:
    """Return an issue when the working folder is gone, else None."""
    return describe_lost_folder() if _has_lost_its_folder() else None


def explain(error: BaseException) -> str:
    """Return the reason in our own words, which have a translation, else in those of the system.

    What the package itself raised, e.g. ``OSError(2, "a link that leads nowhere")``, says more than its number.
    """
    if not isinstance(error, OSError):
        return str(error) or type(error).__name__
    number, said = error.errno or 0, error.strerror
    is_ours = bool(said) and said != os.strerror(number) and getattr(error, "winerror", None) is None
    return (None if is_ours else _REASONS.get(number)) or said or str(error) or type(error).__name__


def comes_from_a_writer(error: Exception) -> bool:
    """Return whether an error is of a library that writes files: those hide what the system told them."""
    return type(error).__module__.partition(".")[0] in _LIBRARIES


def show_path(path: Path | str | bytes | int) -> str:
    """Return a path as text that can be printed anywhere, bytes that are no UTF-8 replaced."""
    text = os.fsdecode(path) if isinstance(path, bytes) else str(path)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _has_lost_its_folder() -> bool:
    try:
        return not Path.cwd().is_dir()
    except OSError:
        return True
