"""The committed pack is exactly what its builder makes of the fact tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_rebuild_is_byte_identical(
    repo: Path, pack: Path, shared_facts: Path, shared_data: Path, tmp_path: Path
) -> None:
    command = [
        sys.executable, "-B", str(repo / "data/build_hubaoewu"), "--facts", str(shared_facts), "--boundaries",
        str(shared_data / "boundaries"), "--roads", str(shared_data / "roads"), "--out", str(tmp_path / "pack"),
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=120)
    built, committed = _files(tmp_path / "pack"), _files(pack)
    assert sorted(built) == sorted(committed)
    assert [name for name in built if built[name] != committed[name]] == []
