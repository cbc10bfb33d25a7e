"""A folder or a zip archive as one flat set of named files, read without unpacking.

Names are checked before anything is read: no absolute path, no ``..``, no link, no bomb. Nothing is written.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from transit_model.errors import InputError, Issue

MAX_TOTAL_BYTES = 2_000_000_000
"""Largest uncompressed size of an archive; national feeds stay below."""
MAX_RATIO = 250
"""Largest ratio of uncompressed to compressed size once an archive exceeds `RATIO_FREE_BYTES`."""
RATIO_FREE_BYTES = 50_000_000
_UNSAFE = "make the archive anew with plain relative names"


@dataclass(frozen=True)
class FileSet:
    """Named files of a folder or archive; `names` are base names, `read` returns the bytes of one."""

    label: str
    names: tuple[str, ...]
    read: Callable[[str], bytes]


def open_files(path: Path, *, marker: str) -> FileSet:
    """Return the files of a folder or zip that lie beside the file `marker` (any depth, one such folder only).

    Parameters
    ----------
    path : Path
        Folder or zip archive.
    marker : str
        Base name of a file that tells the right folder, e.g. ``"stops.txt"``.

    Raises
    ------
    InputError
        ``missing_input``, ``unreadable_archive``, ``unsafe_archive_name``, ``archive_too_large``,
        ``ambiguous_folder``.
    """
    label = path.name
    if path.is_dir():
        paths = {p.relative_to(path).as_posix(): p for p in sorted(path.rglob("*")) if p.is_file()}
        chosen = _choose_folder(paths, marker, label)
        return FileSet(label, tuple(chosen), lambda name: paths[chosen[name]].read_bytes())
    if not path.is_file():
        hint = "give a folder or a .zip file that exists"
        raise InputError(Issue("missing_input", "error", "no such file or folder", file=str(path), hint=hint))
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(_unreadable(label, error)) from error
    issues = _check_members(members, label)
    if issues:
        raise InputError(issues)
    chosen = _choose_folder([m.filename for m in members if not m.is_dir()], marker, label)

    def read_member(name: str) -> bytes:
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.read(chosen[name])
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise InputError(_unreadable(f"{label}/{name}", error)) from error

    return FileSet(label, tuple(chosen), read_member)


def check_workbook(path: Path) -> None:
    """Refuse a workbook (.xlsx, a zip archive) that would unpack to too much or holds names that leave it.

    Raises
    ------
    InputError
        ``unreadable_archive``, ``unsafe_archive_name``, ``archive_too_large``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            issues = _check_members(archive.infolist(), path.name)
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(_unreadable(path.name, error)) from error
    if issues:
        raise InputError(issues)


def _unreadable(file: str, error: Exception) -> Issue:
    return Issue(
        "unreadable_archive",
        "error",
        f"the archive cannot be read: {error}",
        file=file,
        hint="it may be cut off, damaged or not a zip; download it again",
    )


def _check_members(members: list[zipfile.ZipInfo], label: str) -> list[Issue]:
    issues: list[Issue] = []
    for member in members:
        name = member.filename
        parts = PurePosixPath(name.replace("\\", "/")).parts
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        if name.startswith(("/", "\\")) or ".." in parts or ":" in (parts[0] if parts else "") or is_link:
            issue = Issue("unsafe_archive_name", "error", "a name in the archive leaves its folder", file=label)
            issues.append(Issue(**{**issue.as_dict(), "value": name, "hint": _UNSAFE}))
        elif member.flag_bits & 0x1:
            issues.append(Issue("unreadable_archive", "error", "a file is encrypted", file=label, value=name))
    total = sum(m.file_size for m in members)
    packed = max(sum(m.compress_size for m in members), 1)
    if total > MAX_TOTAL_BYTES or (total > RATIO_FREE_BYTES and total / packed > MAX_RATIO):
        issues.append(
            Issue(
                "archive_too_large",
                "error",
                f"the archive would unpack to {total} bytes from {packed}",
                file=label,
                hint=f"at most {MAX_TOTAL_BYTES} bytes and {MAX_RATIO} times its packed size are read",
            )
        )
    return issues


def _choose_folder(names: Iterable[str] | Mapping[str, Path], marker: str, label: str) -> dict[str, str]:
    """Return base name to full name for the files of the one folder that holds the marker (else the top folder)."""
    by_folder: dict[str, dict[str, str]] = {}
    for name in names:
        pure = PurePosixPath(name)
        if not any(part.startswith((".", "__MACOSX")) for part in pure.parts):
            by_folder.setdefault(pure.parent.as_posix(), {})[pure.name] = name
    holders = [folder for folder, files in by_folder.items() if marker in files]
    if "." in holders or not holders:
        return by_folder.get(".", {})
    if len(holders) > 1:
        hint = f"keep one feed in the archive: {', '.join(sorted(holders)[:5])}"
        message = f"several folders hold {marker}"
        raise InputError(Issue("ambiguous_folder", "error", message, file=label, hint=hint))
    return by_folder[holders[0]]
