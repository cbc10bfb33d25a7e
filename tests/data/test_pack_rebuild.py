"""The committed pack is exactly what its builder makes of the tables in the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from transit_model.store.resources import list_regions


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _build(repo: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", str(repo / "data/build"), *words]
    return subprocess.run(command, check=False, timeout=120, capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("region", list_regions())
def test_a_rebuild_from_the_repository_alone_is_byte_identical(repo: Path, region: str, tmp_path: Path) -> None:
    done = _build(repo, region, "--out", str(tmp_path / "pack"))
    assert (done.returncode, done.stderr) == (0, "")
    built, committed = _files(tmp_path / "pack"), _files(repo / "data" / region)
    assert sorted(built) == sorted(committed)
    assert [name for name in built if built[name] != committed[name]] == []
    assert [p.name for p in tmp_path.iterdir()] == ["pack"]


def test_a_region_without_choices_or_sources_is_told(repo: Path, tmp_path: Path) -> None:
    unknown = _build(repo, "atlantis", "--out", str(tmp_path / "pack"))
    assert unknown.returncode == 2
    assert unknown.stderr.startswith("data/build: no region 'atlantis'; there are: hubaoewu")
    nowhere = _build(repo, "hubaoewu", "--sources", str(tmp_path / "no"), "--out", str(tmp_path / "pack"))
    assert nowhere.returncode == 2
    assert "no folder of sources" in nowhere.stderr
    assert list(tmp_path.iterdir()) == []
