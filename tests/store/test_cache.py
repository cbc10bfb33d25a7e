"""The cache: whole entries or none, whoever writes and whenever someone is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from transit_model.errors import InputError
from transit_model.store.cache import CACHE_ENVIRONMENT, VERSION, Cache, find_cache_dir, make_key
from transit_model.store.write import replace_folder

KEY = make_key("test", part=1)


def write_two(folder: Path) -> None:
    (folder / "a.bin").write_bytes(b"a" * 1000)
    (folder / "b.txt").write_text("b", encoding="utf-8")


def test_an_entry_is_found_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.find(KEY) is None
    place = cache.fetch(KEY, write_two)
    assert place is not None
    assert (place / "b.txt").read_text() == "b"
    assert cache.find(KEY) == place

    def never(folder: Path) -> None:
        raise AssertionError(folder)

    assert cache.fetch(KEY, never) == place


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "list", "entry"])
def test_a_damaged_entry_is_made_again(tmp_path: Path, damage: str) -> None:
    cache = Cache(tmp_path)
    place = cache.fetch(KEY, write_two)
    assert place is not None
    if damage == "flip":
        (place / "a.bin").write_bytes(b"a" * 999 + b"b")
    elif damage == "cut":
        (place / "a.bin").write_bytes(b"a" * 10)
    elif damage == "gone":
        (place / "a.bin").unlink()
    elif damage == "list":
        (place / "entry.json").write_text("{", encoding="utf-8")
    else:
        (place / "entry.json").unlink()
    assert cache.find(KEY) is None
    assert not place.exists()
    again = cache.fetch(KEY, write_two)
    assert again is not None
    assert (again / "a.bin").read_bytes() == b"a" * 1000


def test_status_and_clear(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.fetch(KEY, write_two)
    (tmp_path / "mine.txt").write_text("not of the cache", encoding="utf-8")
    (tmp_path / "v0").mkdir()
    (tmp_path / "v0" / "old").write_bytes(b"1234")
    result = cache.describe()
    assert result.entries == 1
    assert result.size_bytes > 1001
    assert result.leftover_bytes == 4
    assert cache.clear().entries == 1
    assert cache.describe().entries == 0
    assert (tmp_path / "mine.txt").exists()
    assert not (tmp_path / "v0").exists()


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_ENVIRONMENT, str(tmp_path / "named"))
    assert find_cache_dir() == tmp_path / "named"
    assert find_cache_dir(tmp_path / "asked") == tmp_path / "asked"
    monkeypatch.delenv(CACHE_ENVIRONMENT)
    assert "transit-model" in str(find_cache_dir())


def test_a_cache_that_cannot_be_written_costs_no_result(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way", encoding="utf-8")
    cache = Cache(blocker / "cache")
    assert cache.fetch(KEY, write_two) is None
    assert cache.describe().entries == 0


def test_a_disk_that_fills_leaves_no_half_entry(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        write_two(folder)
        raise OSError(28, "No space left on device")

    cache = Cache(tmp_path)
    assert cache.fetch(KEY, fill) is None
    assert cache.find(KEY) is None
    assert cache.describe().leftover_bytes == 0


_WORKER = """
import sys, time
from pathlib import Path
from transit_model.store.cache import Cache
def write(folder):
    for number in range(20):
        (folder / f"{number}.bin").write_bytes(b"x" * 50_000)
        print(number, flush=True)
        time.sleep(float(sys.argv[3]))
print(Cache(sys.argv[1]).fetch(sys.argv[2], write), flush=True)
"""


def start(folder: Path, pause_s: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WORKER, str(folder), KEY, str(pause_s)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_at_once_make_one_entry(tmp_path: Path) -> None:
    workers = [start(tmp_path, 0.01) for _ in range(2)]
    ends = [w.communicate(timeout=60)[0].strip().splitlines()[-1] for w in workers]
    assert ends[0] == ends[1] == str(Cache(tmp_path).find(KEY))
    assert Cache(tmp_path).describe().leftover_bytes == 0


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on Windows")
def test_a_killed_writer_leaves_nothing_that_is_read(tmp_path: Path) -> None:
    worker = start(tmp_path, 0.05)
    assert worker.stdout is not None
    while worker.stdout.readline().strip() != "7":
        pass
    worker.send_signal(signal.SIGKILL)
    worker.communicate(timeout=60)
    cache = Cache(tmp_path)
    assert cache.find(KEY) is None
    assert cache.describe().leftover_bytes > 0
    place = cache.fetch(KEY, write_two)
    assert place is not None
    assert cache.describe().leftover_bytes == 0  # whoever writes next sweeps: the process is gone
    assert cache.find(KEY) == place
    live, old = (tmp_path / VERSION / f".tmp-{os.getpid()}-x", tmp_path / VERSION / ".tmp-strange-x")
    for left in (live, old):
        left.mkdir()
    os.utime(old, (time.time() - 2 * 86400,) * 2)
    cache.sweep()
    assert (live.exists(), old.exists()) == (True, False)


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "roads"
    replace_folder(target, write_two)
    before = (target / "a.bin").read_bytes()

    def fail(folder: Path) -> None:
        (folder / "a.bin").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError) as caught:
        replace_folder(target, fail)
    assert caught.value.issues[0].code == "cannot_write"
    assert "no space left" in caught.value.issues[0].message
    assert (target / "a.bin").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["roads"]
    replace_folder(target, lambda folder: (folder / "c.txt").write_text("c"))
    assert [p.name for p in target.iterdir()] == ["c.txt"]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for target in (tmp_path / "file", tmp_path / "file" / "roads"):
        with pytest.raises(InputError) as caught:
            replace_folder(target, write_two)
        assert caught.value.issues[0].code == "cannot_write"


def test_what_cannot_be_removed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    cache.fetch(KEY, write_two)
    monkeypatch.setattr(Cache, "_remove", lambda _self, _path: None)
    with pytest.raises(InputError) as caught:
        cache.clear()
    assert [i.code for i in caught.value.issues] == ["cache_busy"]
