"""Compiled code is kept in the user's cache, named by all sources it comes from, and a missing cache is no error."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import REPO
from transit_model.store import jit
from transit_model.store.code_files import open_code_folder
from transit_model.store.jit import CACHED_VERSIONS, CompileWatch, find_code_dir, find_code_root, hash_sources

SEARCH = """
import logging, sys
logging.basicConfig(level=logging.INFO, stream=sys.stderr)
import numpy as np
from transit_model.timetable.frequency import draw_share
from transit_model.store.jit import WATCH, find_code_root
print(draw_share(7, -1) / 2**32, len(WATCH.compiled), find_code_root())
"""


def run(folder: Path, **environment: str) -> tuple[list[str], str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("NUMBA_CACHE_DIR", "TRANSIT_MODEL_CACHE")}
    home = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), "LOCALAPPDATA": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", SEARCH],
        env={**clean, **home, "PYTHONPATH": str(REPO), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.split(), done.stderr


def test_compiled_once_then_read(tmp_path: Path) -> None:
    first, result = run(tmp_path)
    assert float(first[0]) == 0.5  # 300 s of an even wait of up to 600 s
    assert int(first[1]) > 0
    assert result.count("compiling the search code") == 1
    assert str(tmp_path) in result
    again, result = run(tmp_path)
    assert again[:2] == [first[0], "0"]
    assert "compiling" not in result


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def flip(path: Path) -> None:
    # One bit in the middle: a pickle that may still load, into code that may do anything.
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [cut, flip, empty, make_folder])
def test_damaged_code_is_dropped_and_compiled_anew(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    first, _ = run(tmp_path)
    files = [p for p in tmp_path.rglob("*.nb[ic]") if p.name.startswith("frequency.")]
    assert files
    for path in files:
        damage(path)
    result, log = run(tmp_path)
    assert result[0] == first[0] == "0.5"
    assert int(result[1]) > 0
    assert "damaged" in log
    again, log = run(tmp_path)
    assert again[:2] == ["0.5", "0"]
    assert "damaged" not in log


@pytest.mark.skipif(os.name == "nt", reason="rights of folders are those of the user's profile")
def test_code_is_kept_where_nobody_else_may_write(tmp_path: Path) -> None:
    result, _ = run(tmp_path)
    folder = Path(result[2])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(p.stat().st_mode & 0o077 == 0 for p in folder.iterdir() if p.is_dir())


@pytest.mark.skipif(os.name == "nt", reason="rights of folders are those of the user's profile")
def test_a_folder_that_others_could_write_to_is_emptied(tmp_path: Path) -> None:
    folder = tmp_path / "compiled"
    (folder / "kernel-0").mkdir(parents=True)
    (folder / "kernel-0" / "planted.nbi").write_bytes(b"code of somebody")
    folder.chmod(0o777)
    assert open_code_folder(folder)
    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "theirs" / "transit-model"
    theirs.mkdir(parents=True)
    os.chown(theirs, 12345, 12345)
    assert not open_code_folder(theirs)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(theirs.parent))
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "mine"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    find_code_root.cache_clear()
    try:
        assert find_code_root() not in (None, theirs)
    finally:
        find_code_root.cache_clear()


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    assert not open_code_folder(tmp_path / "link")


def test_the_user_may_name_the_folder(tmp_path: Path) -> None:
    result, _ = run(tmp_path, NUMBA_CACHE_DIR=str(tmp_path / "named"))
    assert result[2] == str(tmp_path / "named" / "transit-model")


def test_without_a_place_to_write_it_compiles_anew(tmp_path: Path) -> None:
    # A file where the folders should be: nothing can be made there, whoever runs this.
    wall = tmp_path / "wall"
    wall.write_text("", encoding="utf-8")
    result, log = run(wall, TRANSIT_MODEL_CACHE=str(wall))
    assert result[0] == "0.5"
    assert result[2] == "None"
    assert "every run does this" in log


def test_the_hash_knows_the_sources_that_are_called(tmp_path: Path) -> None:
    for room in ("streets", "surface"):
        (tmp_path / room).mkdir()
    (tmp_path / "surface" / "caller.py").write_text("from transit_model.streets.near import f\n", encoding="utf-8")
    (tmp_path / "streets" / "near.py").write_text("from transit_model.streets import far\n", encoding="utf-8")
    far = tmp_path / "streets" / "far.py"
    far.write_text("A = 1\n", encoding="utf-8")
    (tmp_path / "streets" / "other.py").write_text("B = 1\n", encoding="utf-8")
    before = {name: hash_sources(name, tmp_path) for name in ("surface.caller", "streets.near", "streets.other")}
    far.write_text("A = 2\n", encoding="utf-8")
    hash_sources.cache_clear()
    after = {name: hash_sources(name, tmp_path) for name in before}
    assert [name for name in before if before[name] != after[name]] == ["surface.caller", "streets.near"]


def test_old_folders_go_and_those_of_other_modules_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "find_code_root", lambda: tmp_path)
    other = tmp_path / f"timetable.kernel_more-{'0' * 16}"
    other.mkdir()
    for k in range(6):
        folder = tmp_path / f"timetable.kernel-{k:016x}"
        folder.mkdir()
        os.utime(folder, (k, k))
    made = find_code_dir("timetable.kernel")
    assert made is not None
    left = {p.name for p in tmp_path.iterdir()}
    assert {made.name, other.name, f"timetable.kernel-{5:016x}"} <= left
    assert len(left) == CACHED_VERSIONS + 1


def test_only_own_functions_are_told(caplog: pytest.LogCaptureFixture) -> None:
    watch = CompileWatch()
    caplog.set_level("INFO", "transit_model.compile")
    watch.note(os.path.join)
    assert watch.compiled == []
    for _ in range(2):
        watch.note(find_code_root)
    assert watch.compiled == ["jit.find_code_root"] * 2
    assert len(caplog.records) == 1
