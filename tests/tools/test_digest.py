"""The digest of a run sees every byte of every file, names what moved, and does not see the versions."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.tools.refresh_digest import MANIFEST, TARGET, check, digest_run, list_moved, main, write_text

VERSIONS = {"transit-model": "0.1.0", "shapely": "2.1"}


def _write_run(folder: Path, files: dict[str, str], **manifest: Any) -> Path:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    named = {name: {"bytes": len(t), "sha256": hashlib.sha256(t.encode()).hexdigest()} for name, t in files.items()}
    whole = {"study": "default", "versions": VERSIONS, "python": "3.11.1", **manifest, "files": named}
    (folder / MANIFEST).write_text(json.dumps(whole), encoding="utf-8")
    return folder


def test_each_file_and_the_manifest_have_a_digest(tmp_path: Path) -> None:
    found = digest_run(_write_run(tmp_path, {"index.html": "a", "data/od.csv": "b"}))
    assert list(found) == ["data/manifest.json", "data/od.csv", "index.html"]
    assert found["index.html"] == hashlib.sha256(b"a").hexdigest()


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        ({"python": "3.13.0"}, []),
        ({"versions": {**VERSIONS, "transit-model": "0.2.0"}}, []),
        ({"study": "other"}, ["data/manifest.json"]),
    ],
)
def test_the_manifest_counts_without_its_versions(tmp_path: Path, change: dict[str, Any], moves: list[str]) -> None:
    one, other = (_write_run(tmp_path / n, {"index.html": "a"}, **c) for n, c in (("one", {}), ("other", change)))
    assert list_moved(write_text(digest_run(one), "x"), write_text(digest_run(other), "x")) == moves


def test_what_moved_came_or_went_is_named(tmp_path: Path) -> None:
    before = write_text({"a": "0" * 64, "b": "1" * 64, "c": "2" * 64}, "x")
    after = write_text({"a": "0" * 64, "b": "9" * 64, "d": "2" * 64}, "x")
    assert list_moved(before, after) == ["b", "c", "d"]
    assert check(before, before)[0]
    assert before.splitlines()[1] != after.splitlines()[1]
    fine, words = check(before, after)
    assert not fine
    assert words.splitlines()[1:] == ["b", "c", "d"]


def test_other_libraries_are_said_and_not_compared(tmp_path: Path) -> None:
    fine, words = check(write_text({"a": "0" * 64}, "GEOS 3.12"), write_text({"a": "1" * 64}, "GEOS 3.13"))
    assert fine
    assert words.startswith("!!! NOT COMPARED: 1 files differ")
    assert "GEOS 3.12" in words
    assert "GEOS 3.13" in words


def test_a_run_is_checked_against_the_file_and_the_file_renewed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    maps, target = _write_run(tmp_path / "maps", {"index.html": "a"}), tmp_path / "run.sha256"
    assert main([str(maps)], target) == 0
    assert "2 files of the run moved" in capsys.readouterr().out
    assert main([str(maps), "--check"], target) == 0
    _write_run(maps, {"index.html": "b"})
    assert main([str(maps), "--check"], target) == 1
    assert "1 files moved" in capsys.readouterr().out


def test_a_half_run_has_no_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)], tmp_path / "x") == 1
    maps = _write_run(tmp_path / "maps", {"index.html": "a"})
    (maps / "index.html").write_text("changed afterwards", encoding="utf-8")
    assert main([str(maps)], tmp_path / "x") == 1
    (maps / "index.html").unlink()
    assert main([str(maps)], tmp_path / "x") == 1
    assert capsys.readouterr().err.count("is not the file that") == 2
    assert not (tmp_path / "x").exists()


def test_the_committed_digest_is_whole() -> None:
    made, whole, *lines = TARGET.read_text(encoding="utf-8").splitlines()
    assert made.startswith("# ")
    assert whole == hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest() + "  (the whole run)"
    names = [line[66:] for line in lines]
    assert names == sorted(names)
    assert {"index.html", "report.html", "data/verdicts.csv", MANIFEST} <= set(names)
