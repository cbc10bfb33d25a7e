"""Small GTFS feeds for tests: the feed of the tiny pack, with edits, as folder or zip."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.minipack import GTFS
from transit_model.domain.region import Feed
from transit_model.errors import Issue
from transit_model.gtfs.feed import inspect_gtfs


def write_feed(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files of a feed into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def zip_feed(path: Path, files: Mapping[str, str | bytes], *, prefix: str = "") -> Path:
    """Write the files of a feed into an archive and return it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(prefix + name, content)
    return path


def inspect_edited(tmp_path: Path, **edits: tuple[str, str] | str | None) -> tuple[Feed | None, list[Issue]]:
    """Inspect the mini feed with edits: table=(old, new) replaces, table=text sets, table=None removes."""
    files: dict[str, str | bytes] = dict(GTFS)
    for table, edit in edits.items():
        name = f"{table}.txt"
        if edit is None:
            del files[name]
        elif isinstance(edit, str):
            files[name] = edit
        else:
            text = str(files[name])
            assert edit[0] in text, f"{edit[0]!r} is not in {name}"
            files[name] = text.replace(*edit)
    return inspect_gtfs(write_feed(tmp_path / "feed", files), prefix="")
