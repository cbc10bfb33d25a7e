"""The manifest tells edited, missing and added files apart; line ends do not count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.minipack import make_minipack_files, write_minipack, write_pack
from tests.region.checking import check_region
from transit_model.errors import InputError
from transit_model.region.manifest import read_manifest
from transit_model.region.pack import read_region
from transit_model.store.file_hashes import hash_text


def test_an_untouched_pack_fits(tmp_path: Path) -> None:
    folder = write_minipack(tmp_path)
    assert check_region(folder) == []
    assert "places.csv" in read_manifest(folder)["files"]


def test_an_edited_file_is_a_warning(tmp_path: Path) -> None:
    folder = write_minipack(tmp_path)
    before = read_region(folder).fingerprint
    path = folder / "roads" / "links.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("80000,120", "79000,120"), encoding="utf-8")
    assert [(i.code, i.severity, i.file) for i in check_region(folder)] == [
        ("manifest_mismatch", "warning", "roads/links.csv")
    ]
    assert check_region(folder, verify=False) == []
    assert read_region(folder).fingerprint != before


def test_windows_line_ends_are_no_edit(tmp_path: Path) -> None:
    folder = write_minipack(tmp_path)
    before = read_region(folder).fingerprint
    for path in folder.rglob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_region(folder) == []
    assert read_region(folder).fingerprint == before
    assert hash_text(b"a\r\nb") == hash_text(b"a\nb")


def test_a_listed_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    folder = write_minipack(tmp_path)
    (folder / "calibration" / "road_time_truth.csv").unlink()
    assert [(i.code, i.severity) for i in check_region(folder)] == [("missing_file", "error")]
    with pytest.raises(InputError):
        read_region(folder)


def test_an_added_file_is_a_warning(tmp_path: Path) -> None:
    folder = write_minipack(tmp_path)
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    (folder / ".hidden").write_text("x", encoding="utf-8")
    assert [(i.code, i.severity, i.file) for i in check_region(folder)] == [("unlisted_file", "warning", "notes.txt")]


def test_no_manifest_is_a_warning(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, make_minipack_files(), manifest=False)
    assert [(i.code, i.severity) for i in check_region(folder)] == [("missing_manifest", "warning")]
    assert read_region(folder).info.region_id == "mini"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"schema": 2, "files": {}}', '{"schema": 1, "files": {"a": 1}}', '{"schema": 1}', "\ufffd"]
)
def test_a_damaged_manifest_is_an_error(tmp_path: Path, text: str) -> None:
    folder = write_minipack(tmp_path)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    assert [(i.code, i.severity) for i in check_region(folder)] == [("bad_manifest", "error")]


def test_the_bundled_pack_fits_its_manifest(repo: Path) -> None:
    folder = repo / "data" / "hubaoewu"
    listed = read_manifest(folder)["files"]
    for name, entry in listed.items():
        assert hash_text((folder / name).read_bytes()) == entry["sha256"], name
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["schema"] == 1
