"""A file that was touched is read again, whatever its size and dates say; one that was not is not."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from transit_model.store import file_hashes
from transit_model.store.file_hashes import FileHash, hash_files, hash_text, make_stamp

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no date of change: every file is read")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(file_hashes, "SETTLED_NS", -(10**12))  # files of a test are all young


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "pack").mkdir()
    made = {name: tmp_path / "pack" / name for name in ("a.csv", "b.csv")}
    for name, path in made.items():
        path.write_bytes(f"x,y\n{name},1\n".encode())
    return made


def ask(files: dict[str, Path]) -> dict[str, FileHash]:
    return hash_files(next(iter(files.values())).parent, files)


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_was_not_touched_is_not_read(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(files)
    assert {name: h.raw for name, h in first.items()} == {name: sha(path) for name, path in files.items()}

    def never(self: Path) -> bytes:
        raise AssertionError(self)

    monkeypatch.setattr(Path, "read_bytes", lambda self: never(self) if self.suffix == ".csv" else READ(self))
    assert ask(files) == first


READ = Path.read_bytes


def test_equal_size_and_date_do_not_hide_a_change(files: dict[str, Path]) -> None:
    path = files["a.csv"]
    before, first = path.stat(), ask(files)
    path.write_bytes(path.read_bytes().replace(b"1", b"2"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    second = ask(files)
    assert second["a.csv"].raw == sha(path) != first["a.csv"].raw
    assert second["b.csv"] == first["b.csv"]


def test_another_file_of_equal_dates_in_its_place_is_seen(files: dict[str, Path], tmp_path: Path) -> None:
    path, other = files["a.csv"], tmp_path / "other.csv"
    before = path.stat()
    ask(files)
    other.write_bytes(path.read_bytes().replace(b"1", b"3"))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    assert ask(files)["a.csv"].raw == sha(path)


def test_a_young_file_is_not_trusted(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_hashes, "SETTLED_NS", 2 * 10**9)
    kept: list[str] = []
    monkeypatch.setattr(file_hashes._cache, "keep", lambda _, text: kept.append(text))
    ask(files)
    assert kept == []  # both were written a moment ago
    old_ns = time.time_ns() + 3 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: old_ns)
    ask(files)
    assert len(kept) == 1
    assert "a.csv" in kept[0]


def test_a_system_without_dates_of_change_reads_every_file(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(files)
    read: list[str] = []
    monkeypatch.setattr(file_hashes, "keeps_change_dates", lambda: False)

    def note(self: Path) -> bytes:
        read.append(self.name)
        return READ(self)

    monkeypatch.setattr(Path, "read_bytes", note)
    ask(files)
    assert {"a.csv", "b.csv"} <= set(read)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a.csv": 1}', '{"a.csv": [[1], ["x"]]}'])
def test_a_damaged_list_costs_nothing(files: dict[str, Path], text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_hashes._cache, "find", lambda _: text)
    assert ask(files)["a.csv"].raw == sha(files["a.csv"])


def test_line_ends_of_texts_do_not_count() -> None:
    assert hash_text(b"a\r\nb") == hash_text(b"a\nb") == hashlib.sha256(b"a\nb").hexdigest()
    assert hash_text(b"a\0\r\nb") != hash_text(b"a\0\nb")


def test_a_stamp_has_the_date_that_only_the_system_sets(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"1")
    first = make_stamp(path)
    os.utime(path, ns=(first[1], first[1]))
    assert make_stamp(path)[1] == first[1]
    assert make_stamp(path)[2] >= first[2]
