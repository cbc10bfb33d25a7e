"""Locks, links, devices, leavings and temporary folders."""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from transit_model.errors import InputError
from transit_model.store import claim as claim_module
from transit_model.store import shared_folder
from transit_model.store.claim import mark, restore_all
from transit_model.store.exchange import exchange
from transit_model.store.lock import hold
from transit_model.store.private_folder import is_gone
from transit_model.store.scratch import make_scratch, scratch
from transit_model.store.shared_folder import open_shared_folder
from transit_model.store.write import replace_file, replace_folder, write_text

MANIFEST = "manifest.json"
HOLDER = """
import sys, time
from pathlib import Path
from transit_model.store.shared_folder import open_shared_folder
with open_shared_folder(Path(sys.argv[2]), "manifest.json"):
    print("held", flush=True)
    time.sleep(60)
"""


def _code(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.issues[0].code


def test_a_second_writer_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    maps = tmp_path / "maps"
    line = [sys.executable, "-c", HOLDER, "run", str(maps)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(InputError) as caught, open_shared_folder(maps, MANIFEST):
            pass
        other.kill()
    assert _code(caught) == "folder_busy"
    assert caught.value.issues[0].file == str(maps)
    assert f"process {other.pid} on " in caught.value.issues[0].message
    assert " run" in caught.value.issues[0].message
    with open_shared_folder(maps, MANIFEST):  # a killed holder holds nothing
        pass
    assert list(tmp_path.iterdir()) == []


def test_writers_of_one_file_wait_for_each_other(tmp_path: Path) -> None:
    target, at_once = tmp_path / "od.csv", []

    def write(new: Path) -> None:
        at_once.append(len([p for p in tmp_path.iterdir() if ".tmp-" in p.name]))
        time.sleep(0.05)
        new.write_text("x" * 1000)

    threads = [threading.Thread(target=replace_file, args=(target, write)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert at_once == [1] * 5
    assert [p.name for p in tmp_path.iterdir()] == ["od.csv"]
    with hold(tmp_path / ".od.csv.lock"), pytest.raises(InputError) as caught:
        replace_file(target, write, wait=False)
    assert _code(caught) == "file_busy"


def test_a_disk_without_locks_is_written_to_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("transit_model.store.lock._take", refuse)
    leaving = tmp_path / ".out.tmp-other"
    leaving.mkdir()
    write_text(tmp_path / "out", "x")
    assert leaving.exists()  # perhaps of a process that runs: without a lock nobody knows


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "out.csv").write_text("old")
    (tmp_path / "out.csv").symlink_to(tmp_path / "there" / "out.csv")
    write_text(tmp_path / "out.csv", "new")
    assert (tmp_path / "out.csv").is_symlink()
    assert (tmp_path / "there" / "out.csv").read_text() == "new"
    (tmp_path / "maps").symlink_to(tmp_path / "there")
    replace_folder(tmp_path / "maps", lambda folder: (folder / "a").write_text("a"))
    assert (tmp_path / "maps").is_symlink()
    assert [p.name for p in (tmp_path / "there").iterdir()] == ["a"]


@pytest.mark.skipif(os.name == "nt", reason="no devices in the file system")
def test_a_device_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for target in (pipe, Path(os.devnull)):
        with pytest.raises(InputError) as caught:
            write_text(target, "x")
        assert _code(caught) == "cannot_write"
    assert pipe.is_fifo()
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("name", ["n" * 240, "名" * 80])
def test_the_longest_names_the_system_takes(name: str, tmp_path: Path) -> None:
    (tmp_path / mark(name)).with_suffix(".x")
    write_text(tmp_path / name, "x")
    replace_folder(tmp_path / "folder" / name, lambda folder: (folder / "a").write_text("a"))
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["folder", name])
    assert [p.name for p in (tmp_path / "folder").iterdir()] == [name]


def test_exchange(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    (one / "1").touch()
    ctypes.set_errno(0)
    if not exchange(one, other):
        assert (one / "1").exists()  # nothing done
        unable = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
        assert os.name == "nt" or ctypes.get_errno() in unable, "the system was not asked"
        pytest.skip("this system or disk cannot exchange folders")
    assert (other / "1").exists()
    with pytest.raises(OSError, match="No such file"):
        exchange(one, tmp_path / "nothing")


@pytest.mark.parametrize("swaps", [True, False])
def test_what_others_save_meanwhile_stays(swaps: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the links and the exchange an editor saves one file anew and somebody adds another."""
    maps = tmp_path / "maps"
    maps.mkdir()
    (maps / "notes.txt").write_text("first")
    if not swaps:
        monkeypatch.setattr(claim_module, "exchange", lambda *_: False)
    put = claim_module.put_folder

    def save_and_put(new: Path, target: Path, old: Path) -> None:
        (target / "notes.new").write_text("second")
        (target / "notes.new").replace(target / "notes.txt")
        (target / "added.txt").write_text("added")
        put(new, target, old)

    monkeypatch.setattr(shared_folder, "put_folder", save_and_put)

    def write(folder: Path) -> list[str]:
        (folder / "index.html").write_text("page")
        (folder / MANIFEST).write_text('{"files": {"index.html": ""}}')
        return ["index.html", MANIFEST]

    with open_shared_folder(maps, MANIFEST) as folder:
        folder.replace(write)
    found = {p.name: p.read_text() for p in maps.iterdir() if p.name != MANIFEST}
    assert found == {"index.html": "page", "notes.txt": "second", "added.txt": "added"}
    assert [p.name for p in tmp_path.iterdir()] == ["maps"]


def test_an_edit_after_a_kill_is_newer_than_what_was_replaced(tmp_path: Path) -> None:
    maps, left = tmp_path / "maps", tmp_path / ".maps.tmp-dead"
    (left / "new").mkdir(parents=True)
    maps.mkdir()
    (left / "new" / "notes.txt").write_text("before the kill")
    os.utime(left / "new" / "notes.txt", (1, 1))
    (left / "journal.json").write_text(f'{{"swap": {maps.stat().st_ino}, "ours": []}}')
    (maps / "notes.txt").write_text("after the kill")
    with open_shared_folder(maps, MANIFEST):
        pass
    assert (maps / "notes.txt").read_text() == "after the kill"
    assert [p.name for p in tmp_path.iterdir()] == ["maps"]


def test_readers_put_back_only_what_is_gone(tmp_path: Path) -> None:
    (tmp_path / ".roads.tmp-1" / "old").mkdir(parents=True)
    (tmp_path / ".gtfs.tmp-1" / "old").mkdir(parents=True)
    (tmp_path / ".gtfs.tmp-1" / "old" / "stops.txt").touch()
    (tmp_path / "roads").mkdir()
    (tmp_path / ".mine.tmp-x").mkdir()
    (tmp_path / ".rail.tmp-abc-old").mkdir()  # as an earlier version left it
    (tmp_path / ".rail.tmp-abc-old" / "lines.geojson").touch()
    restore_all(tmp_path)
    assert (tmp_path / "gtfs" / "stops.txt").exists()
    assert (tmp_path / "rail" / "lines.geojson").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == [".mine.tmp-x", ".roads.tmp-1", "gtfs", "rail", "roads"]
    restore_all(tmp_path / "nowhere")


@pytest.mark.skipif(os.name != "posix", reason="whether a process runs is not asked elsewhere")
def test_temporary_folders_go_with_their_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code = f"""
import os, tempfile
tempfile.tempdir = {str(tmp_path)!r}
from transit_model.store.scratch import make_scratch
print(make_scratch("batch"))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not Path(result.stdout.strip()).exists()  # its end was a good one
    killed = subprocess.run([sys.executable, "-c", f"{code}\nos.kill(os.getpid(), 9)"], check=False)
    assert killed.returncode == -9
    left = list(tmp_path.iterdir())
    assert len(left) == 1
    mine = make_scratch("batch")
    assert list(tmp_path.iterdir()) == [mine]
    with scratch("batch") as another:
        assert mine.exists()
    assert not another.exists()
    assert not is_gone(str(os.getpid()))
    assert not is_gone("word")
