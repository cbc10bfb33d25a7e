"""Archives are read in place; a name that leaves its folder and a bomb are refused."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from transit_model.errors import InputError
from transit_model.store import archive
from transit_model.store.archive import check_workbook, open_files


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files.items():
            out.writestr(name, data)
    return path


def find_code(path: Path) -> str:
    with pytest.raises(InputError) as error:
        open_files(path, marker="stops.txt")
    return error.value.issues[0].code


@pytest.mark.parametrize("prefix", ["", "feed/", "a/b/feed/"])
def test_folder_and_zip_alike(tmp_path: Path, prefix: str) -> None:
    content = {f"{prefix}stops.txt": b"1", f"{prefix}trips.txt": b"2", "__MACOSX/feed/._stops.txt": b"x"}
    packed = open_files(make_zip(tmp_path / "feed.zip", content), marker="stops.txt")
    for name, data in content.items():
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    plain = open_files(tmp_path / "folder", marker="stops.txt")
    for files in (packed, plain):
        assert sorted(files.names) == ["stops.txt", "trips.txt"]
        assert files.read("trips.txt") == b"2"
    assert not list(tmp_path.glob("*.txt"))  # nothing was unpacked


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "..\\evil.txt", "C:\\evil.txt"])
def test_unsafe_names(tmp_path: Path, name: str) -> None:
    assert find_code(make_zip(tmp_path / "f.zip", {"stops.txt": b"1", name: b"2"})) == "unsafe_archive_name"


def test_links_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as out:
        link = zipfile.ZipInfo("stops.txt")
        link.external_attr = 0o120777 << 16
        out.writestr(link, "/etc/passwd")
    assert find_code(path) == "unsafe_archive_name"


def test_a_bomb_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RATIO_FREE_BYTES", 100_000)
    path = make_zip(tmp_path / "f.zip", {"stops.txt": b"0" * 1_000_000})  # packs about 1000 to 1
    assert find_code(path) == "archive_too_large"


def test_a_huge_archive_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 10)
    assert find_code(make_zip(tmp_path / "f.zip", {"stops.txt": b"0123456789a"})) == "archive_too_large"


def test_truncated_archive(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "f.zip", {"stops.txt": bytes(range(256)) * 40}).read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    assert find_code(cut) == "unreadable_archive"


def test_damaged_member(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "f.zip", {"stops.txt": bytes(range(256)) * 40})
    data = bytearray(path.read_bytes())
    data[60:80] = b"\xff" * 20
    path.write_bytes(bytes(data))
    files = open_files(path, marker="stops.txt")
    with pytest.raises(InputError) as error:
        files.read("stops.txt")
    assert error.value.issues[0].code == "unreadable_archive"


def test_encrypted_member(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "f.zip", {"stops.txt": b"1"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(bytes(data))
    assert find_code(path) == "unreadable_archive"


def test_two_feeds_in_one_archive(tmp_path: Path) -> None:
    assert find_code(make_zip(tmp_path / "f.zip", {"a/stops.txt": b"1", "b/stops.txt": b"2"})) == "ambiguous_folder"


def test_nothing_there(tmp_path: Path) -> None:
    assert find_code(tmp_path / "none.zip") == "missing_input"


METHODS = {"deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}


def pack(path: Path, method: int, data: bytes, *, declared: int | None = None, damage: bool = False) -> Path:
    """Write an archive of one file, with another size in both headers or with bytes in its middle spoilt."""
    with zipfile.ZipFile(path, "w", method) as out:
        out.writestr("stops.txt", data)
        packed = out.getinfo("stops.txt").compress_size
    raw = bytearray(path.read_bytes())
    if declared is not None:
        for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            at = raw.index(mark) + offset
            raw[at : at + 4] = declared.to_bytes(4, "little")
    if damage:
        start = raw.index(b"stops.txt") + len(b"stops.txt") + packed // 2
        raw[start : start + 30] = b"\xff" * 30
    path.write_bytes(bytes(raw))
    return path


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_method_is_read_and_its_damage_told(tmp_path: Path, method: int) -> None:
    data = b"".join(b"%d,%d\n" % (n, n * n) for n in range(5000))
    good = open_files(pack(tmp_path / "good.zip", method, data), marker="stops.txt")
    assert good.read("stops.txt") == data
    bad = open_files(pack(tmp_path / "bad.zip", method, data, damage=True), marker="stops.txt")
    with pytest.raises(InputError) as error:
        bad.read("stops.txt")
    assert error.value.issues[0].code == "unreadable_archive"


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("declared", [100, 10**9], ids=["too small", "too large"])
def test_a_file_that_lies_about_its_size_costs_little(tmp_path: Path, method: int, declared: int) -> None:
    """100 MB of zeros, said to be 100 bytes, and 1 kB said to be 1 GB: neither stands in memory as a whole."""
    size = 100_000_000 if declared == 100 else 1_000
    path = pack(tmp_path / "f.zip", method, bytes(size), declared=declared)
    with zipfile.ZipFile(path) as archive_file:
        member = archive_file.getinfo("stops.txt")
        tracemalloc.start()
        with pytest.raises(zipfile.BadZipFile):
            archive._read_member(archive_file, member)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 80_000_000


def test_a_workbook_that_lies_is_refused_before_a_library_opens_it(tmp_path: Path) -> None:
    path = pack(tmp_path / "f.xlsx", zipfile.ZIP_DEFLATED, bytes(10_000_000), declared=100)
    with pytest.raises(InputError) as error:
        check_workbook(path)
    assert [i.code for i in error.value.issues] == ["unreadable_archive"]


def test_names_of_windows_and_in_capitals(tmp_path: Path) -> None:
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name in ("STOPS.TXT", "trips.txt"):
            member = zipfile.ZipInfo("x")
            member.filename = f"feed\\{name}"
            out.writestr(member, name)
    files = open_files(path, marker="stops.txt")
    assert sorted(files.names) == ["STOPS.TXT", "trips.txt"]
    assert files.read("STOPS.TXT") == b"STOPS.TXT"
