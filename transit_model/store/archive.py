"""A folder or a zip archive as one flat set of named files, read without unpacking.

Names are checked before anything is read: no absolute path, no ``..``, no link, no bomb. A file is unpacked in pieces,
never beyond the size that the archive declares for it. Nothing is written.
"""

from __future__ import annotations

import bz2
import lzma
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
_PIECE_BYTES = 1_000_000
_LZMA_PIECE_BYTES = 4096
"""The decoder of LZMA in a zip has no bound of its own: 4 KB of it may hold 30 MB."""
_LOCAL_HEADER_BYTES = 30
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
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
    except _DAMAGED as error:
        raise InputError(_unreadable(label, error)) from error
    issues = _check_members(members, label)
    if issues:
        raise InputError(issues)
    chosen = _choose_folder([m.filename for m in members if not m.is_dir()], marker, label)

    def read_member(name: str) -> bytes:
        try:
            with zipfile.ZipFile(path) as archive:
                return _read_member(archive, archive.getinfo(chosen[name]))
        except _DAMAGED as error:
            raise InputError(_unreadable(f"{label}/{name}", error)) from error

    return FileSet(label, tuple(chosen), read_member)


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a file in an archive; at most as many as the archive declares are unpacked."""
    if member.compress_type == zipfile.ZIP_BZIP2:
        return _read_bzip2(archive, member)
    size = _LZMA_PIECE_BYTES if member.compress_type == zipfile.ZIP_LZMA else _PIECE_BYTES
    pieces: list[bytes] = []
    total = 0
    with archive.open(member) as packed:
        while total <= member.file_size and (piece := packed.read(size)):
            pieces.append(piece)
            total += len(piece)
    if total != member.file_size:
        msg = f"a file holds {total} bytes or more and declares {member.file_size}"
        raise zipfile.BadZipFile(msg)
    return b"".join(pieces)


def _read_bzip2(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return a file packed by bzip2, whose 200 bytes may hold 300 MB; `zipfile` would unpack them all at once."""
    file = archive.fp
    if file is None:
        msg = "the archive is closed"
        raise zipfile.BadZipFile(msg)
    file.seek(member.header_offset)
    header = file.read(_LOCAL_HEADER_BYTES)
    file.seek(sum(int.from_bytes(header[at : at + 2], "little") for at in (26, 28)), 1)  # its name and extra field
    data = bz2.BZ2Decompressor().decompress(file.read(member.compress_size), max_length=member.file_size + 1)
    if len(data) != member.file_size or zlib.crc32(data) != member.CRC:
        msg = "a file is not what the archive declares"
        raise zipfile.BadZipFile(msg)
    return data


def check_workbook(path: Path) -> None:
    """Refuse a workbook (.xlsx, a zip archive) that would unpack to too much, is damaged, or holds names that leave it.

    Raises
    ------
    InputError
        ``unreadable_archive``, ``unsafe_archive_name``, ``archive_too_large``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            issues = _check_members(archive.infolist(), path.name)
            if not issues:  # a library unpacks it next, without these bounds
                for member in archive.infolist():
                    _read_member(archive, member)
    except _DAMAGED as error:
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
        pure = PurePosixPath(name.replace("\\", "/"))
        if not any(part.startswith((".", "__MACOSX")) for part in pure.parts):
            by_folder.setdefault(pure.parent.as_posix(), {})[pure.name] = name
    holders = [folder for folder, files in by_folder.items() if marker in (name.lower() for name in files)]
    if "." in holders or not holders:
        return by_folder.get(".", {})
    if len(holders) > 1:
        hint = f"keep one feed in the archive: {', '.join(sorted(holders)[:5])}"
        message = f"several folders hold {marker}"
        raise InputError(Issue("ambiguous_folder", "error", message, file=label, hint=hint))
    return by_folder[holders[0]]
