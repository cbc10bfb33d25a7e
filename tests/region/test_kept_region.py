"""A pack that is opened again comes from the cache as it was read; every change and every damage is seen."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.conftest import REPO
from tests.minipack import LINKS, make_minipack_files, write_pack
from transit_model.domain.region import Feed, Region
from transit_model.errors import InputError
from transit_model.region import kept_region, pack
from transit_model.region.pack import inspect_region, read_region
from transit_model.store import cache as store_cache
from transit_model.store.cache import VERSION


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(kept_region, "LEAST_BYTES", 1)
    return tmp_path / "cache"


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "pack", make_minipack_files())


def list_entries(cache: Path) -> list[Path]:
    return [p.parent for p in (cache / VERSION).glob("??/*/about.json")]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the folders that were read file by file."""
    found: list[Path] = []
    real = pack.inspect_region

    def count(path: Path, **options: bool) -> Any:
        found.append(path)
        return real(path, **options)

    monkeypatch.setattr(pack, "inspect_region", count)
    return found


def assert_same(first: Region, second: Region) -> None:
    for field in fields(Region):
        one, other = getattr(first, field.name), getattr(second, field.name)
        if field.name == "feed":
            assert_same_feed(one, other)
        elif field.name == "feeds":
            assert list(one) == list(other)
            for name in one:
                assert_same_feed(one[name], other[name])
        elif field.name == "extra":
            assert list(one) == list(other)
            for name in one:
                pd.testing.assert_frame_equal(one[name], other[name])
        elif field.name == "ground":
            assert (one is None) == (other is None)
            for part in fields(one) if one is not None else ():
                assert_equal(getattr(one, part.name), getattr(other, part.name))
        else:
            assert_equal(one, other)


def assert_equal(one: object, other: object) -> None:
    if isinstance(one, pd.DataFrame):
        assert isinstance(other, pd.DataFrame)
        pd.testing.assert_frame_equal(one, other)
    else:
        assert one == other


def assert_same_feed(one: Feed, other: Feed) -> None:
    for field in fields(Feed):
        pd.testing.assert_frame_equal(getattr(one, field.name), getattr(other, field.name))


@pytest.mark.parametrize("name", ["hubaoewu", "taixin"])
def test_a_shipped_pack_comes_back_as_it_was_read(name: str, cache_folder: Path, reads: list[Path]) -> None:
    folder = REPO / "data" / name
    first, issues = inspect_region(folder)
    assert first is not None
    assert not [i for i in issues if i.severity == "error"]
    assert_same(first, read_region(folder))
    again = read_region(folder)
    assert_same(first, again)
    assert again.feed is again.feeds[again.info.timetable_id]
    assert reads == [folder]
    assert len(list_entries(cache_folder)) == 1


def test_tables_of_the_cache_may_be_changed(mini: Path) -> None:
    read_region(mini)
    region = read_region(mini)
    region.links.loc[0, "length_m"] = 1.0
    assert read_region(mini).links.loc[0, "length_m"] == 5000


def test_an_edit_of_equal_size_and_date_is_seen_and_replaces_the_entry(
    mini: Path, cache_folder: Path, reads: list[Path]
) -> None:
    read_region(mini)
    path = mini / "roads" / "links.csv"
    before = path.stat()
    path.write_text(LINKS.replace("80000,120", "80000,100"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read_region(mini).links.set_index("link_id").at["west_gate--east_gate", "maxspeed_kmh"] == 100
    assert len(reads) == 2
    assert len(list_entries(cache_folder)) == 1


def test_files_more_or_fewer_and_the_manifest_are_seen(mini: Path, reads: list[Path]) -> None:
    read_region(mini)
    (mini / "more.csv").write_text("a\n1\n", encoding="utf-8")
    assert "more" in read_region(mini).extra
    (mini / "more.csv").unlink()
    assert "more" not in read_region(mini).extra
    (mini / "manifest.json").write_text('{"schema": 1, "files": {}}', encoding="utf-8")
    assert "unlisted_file" in {i.code for i in read_region(mini).notices}
    assert len(reads) == 4


def test_a_pack_with_errors_is_never_kept(mini: Path, cache_folder: Path) -> None:
    (mini / "roads" / "links.csv").write_text(LINKS.replace("24000,40", "24000,slow"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InputError):
            read_region(mini)
    assert list_entries(cache_folder) == []


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "flip": flip,
    "cut": cut,
    "empty": lambda path: path.write_bytes(b""),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", ["columns.bin", "columns.json", "about.json", "documents.json", "entry.json"])
def test_damage_is_thrown_away(mini: Path, cache_folder: Path, reads: list[Path], file: str, damage: str) -> None:
    first = read_region(mini)
    DAMAGES[damage](list_entries(cache_folder)[0] / file)
    assert_same(first, read_region(mini))
    assert len(reads) == 2
    assert_same(first, read_region(mini))
    assert len(reads) == 2  # made again, and whole


def test_an_entry_whose_sums_fit_and_that_says_nonsense_is_thrown_away(
    mini: Path, cache_folder: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_region(mini)
    monkeypatch.setattr(store_cache, "hash_file", lambda path: "any")
    entry = list_entries(cache_folder)[0]
    names = [p.name for p in entry.iterdir() if p.name != "entry.json"]
    listed = ", ".join(f'"{name}": "any"' for name in names)
    (entry / "entry.json").write_text(f'{{"files": {{{listed}}}}}', encoding="utf-8")
    for text in ("{", "[]", '{"info": {"!": "Stranger", "of": {}}}'):
        (entry / "about.json").write_text(text, encoding="utf-8")
        assert_same(first, read_region(mini))
    assert len(reads) == 4


@pytest.mark.parametrize("what", ["recipe", "program", "library"])
def test_another_version_is_not_read(
    mini: Path, cache_folder: Path, reads: list[Path], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_region(mini)
    if what == "recipe":
        monkeypatch.setattr(kept_region, "RECIPE", kept_region.RECIPE + 1)
    elif what == "program":
        monkeypatch.setattr(kept_region, "make_stamp", lambda path: (1, 2))
    else:
        monkeypatch.setattr(pd, "__version__", "0.0")
    read_region(mini)
    assert len(reads) == 2
    assert len(list_entries(cache_folder)) == 1  # that of the other version is gone


def test_a_folder_that_cannot_be_written_to_costs_time_only(
    mini: Path, tmp_path: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "file"))
    assert_same(read_region(mini), read_region(mini))
    assert len(reads) == 2


def test_a_cache_that_can_only_be_read_is_read(mini: Path, cache_folder: Path, reads: list[Path]) -> None:
    first = read_region(mini)
    folders = [cache_folder, *(p for p in cache_folder.rglob("*") if p.is_dir())]
    try:
        for folder in folders:
            folder.chmod(0o500)
        assert_same(first, read_region(mini))
    finally:
        for folder in folders:
            folder.chmod(0o700)
    assert len(reads) == 1


def test_a_full_disk_leaves_no_entry(mini: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(tables: object, folder: Path) -> None:
        (folder / "columns.bin").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_region, "write_column_file", fill)
    first = read_region(mini)
    assert list_entries(cache_folder) == []
    monkeypatch.undo()
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(cache_folder))
    monkeypatch.setattr(kept_region, "LEAST_BYTES", 1)
    assert_same(first, read_region(mini))
    assert len(list_entries(cache_folder)) == 1


def test_a_region_that_would_not_come_back_is_not_kept(mini: Path, cache_folder: Path) -> None:
    region, _ = inspect_region(mini)
    assert region is not None
    odd = replace(region, info=replace(region.info, assumptions={"walk": {1: 2}}))
    kept_region.keep_region("a" * 64, odd, mini)
    assert list_entries(cache_folder) == []


_WORKER = """
import sys, time
from pathlib import Path
from transit_model.region import kept_region
from transit_model.region.pack import read_region
kept_region.LEAST_BYTES = 1
real = kept_region.write_column_file
def slow(tables, folder):
    real(tables, folder)
    print("written", flush=True)
    time.sleep(60)
kept_region.write_column_file = slow
read_region(Path(sys.argv[1]))
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on Windows")
def test_a_killed_writer_leaves_nothing_that_is_read(mini: Path, cache_folder: Path, reads: list[Path]) -> None:
    worker = subprocess.Popen([sys.executable, "-c", _WORKER, str(mini)], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == "written"
    worker.send_signal(signal.SIGKILL)
    worker.communicate(timeout=60)
    assert list_entries(cache_folder) == []
    read_region(mini)
    read_region(mini)
    assert len(reads) == 1
    assert not list((cache_folder / VERSION).glob(".tmp-*"))


def test_a_pack_that_was_moved_is_read_from_the_same_entry(mini: Path, tmp_path: Path, reads: list[Path]) -> None:
    first = read_region(mini)
    shutil.copytree(mini, tmp_path / "copy")
    assert_same(first, read_region(tmp_path / "copy"))
    assert len(reads) == 1


def test_small_packs_are_read_from_their_files(mini: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_region, "LEAST_BYTES", 10**6)
    read_region(mini)
    assert list_entries(cache_folder) == []
