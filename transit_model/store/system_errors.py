"""What the operating system says about files, as issues: ``cannot_write`` or ``cannot_read``, always with the path."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from transit_model.errors import Issue

_REASONS: Final = {
    errno.ENOSPC: ("no space left on the disk", "磁盘已满"),
    errno.EDQUOT: ("the quota is used up", "磁盘配额已用完"),
    errno.EFBIG: ("the file would be larger than the system allows", "文件超过系统允许的大小"),
    errno.EROFS: ("the disk is read-only", "磁盘只读"),
    errno.EACCES: ("permission denied", "没有权限"),
    errno.EPERM: ("not permitted", "不允许"),
    errno.ENOTDIR: ("a file stands where a folder is wanted", "应为文件夹的位置上是文件"),
    errno.EISDIR: ("a folder stands where a file is wanted", "应为文件的位置上是文件夹"),
    errno.EEXIST: ("something else stands there", "该位置已有其他文件"),
    errno.ENOENT: ("no such file or folder", "文件或文件夹不存在"),
    errno.ENAMETOOLONG: ("the name is too long", "名称过长"),
    errno.ELOOP: ("links that lead in a circle", "链接成环"),
    errno.EIO: ("the disk reports an error", "磁盘出错"),
    errno.ENXIO: ("no such device", "设备不存在"),
    errno.EMFILE: ("too many open files", "打开的文件过多"),
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
    hint = "check free space and rights; what stood there before is unchanged  请检查空间与权限，原有内容未改动"
    message = f"the result cannot be written: {explain(error)}"
    return Issue("cannot_write", "error", message, file=show_path(target), hint=hint)


def describe_system_error(error: OSError) -> Issue:
    """Return the issue of an error of the system that nobody nearer to the file has named."""
    path = error.filename2 or error.filename
    if error.errno in _ONLY_WRITING:
        return describe_write_error(path or tempfile.gettempdir(), error)
    if path is None and _has_lost_its_folder():
        return describe_lost_folder()
    hint = "check path and rights  请检查路径与权限"
    return Issue("cannot_read", "error", f"cannot be read: {explain(error)}", file=show_path(path or "?"), hint=hint)


def describe_lost_folder() -> Issue:
    """Return the issue of a working folder that somebody has removed."""
    hint = "change to a folder that exists  请切换到存在的文件夹"
    message = "the working folder does not exist any more  当前文件夹已被删除"
    return Issue("cannot_read", "error", message, file=os.curdir, hint=hint)


def check_working_folder() -> Issue | None:
    """Return an issue when the working folder is gone, else None."""
    return describe_lost_folder() if _has_lost_its_folder() else None


def explain(error: BaseException) -> str:
    """Return the reason in both languages."""
    known = _REASONS.get(error.errno or 0) if isinstance(error, OSError) else None
    said = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return f"{said} ({known[0]}  {known[1]})" if known else said


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
