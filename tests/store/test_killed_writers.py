"""Whoever is killed before whichever change: the place holds all of the old or all of the new."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.killing import each_kill, read_all, run_killed
from transit_model.store import claim as claim_module
from transit_model.store.claim import restore_all
from transit_model.store.shared_folder import open_shared_folder
from transit_model.store.write import replace_file, replace_folder

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]
MANIFEST = "data/manifest.json"
FOREIGN = {"README.md": b"mine", "gallery/a/one.png": b"png", "data/mine.csv": b"1", ".hidden": b"h"}


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushing protects from power cuts, which no test can make; a busy disk takes seconds for it."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that cannot exchange two folders in one step."""
    monkeypatch.setattr(claim_module, "exchange", lambda *_: False)


def _write_two(folder: Path, text: str) -> None:
    (folder / "deep").mkdir()
    (folder / "a.csv").write_text(text)
    (folder / "deep" / "b.csv").write_text(text)


def _fresh(root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()


def test_a_file_is_the_old_or_the_new(tmp_path: Path) -> None:
    root, target = tmp_path / "root", tmp_path / "root" / "out.csv"

    def prepare() -> None:
        _fresh(root)
        target.write_text("old")

    def action() -> None:
        replace_file(target, lambda new: new.write_text("new"))

    kills = 0
    for _ in each_kill(action, root, prepare):
        assert target.read_text() in ("old", "new")
        action()
        assert read_all(root) == {"out.csv": b"new"}  # and nothing beside it
        kills += 1
    assert kills >= 6  # lock, its text, folder, file, place, and the three go again


def test_a_folder_is_the_old_or_the_new(tmp_path: Path) -> None:
    root, target = tmp_path / "root", tmp_path / "root" / "roads"

    def prepare() -> None:
        _fresh(root)
        replace_folder(target, lambda folder: _write_two(folder, "old"))

    kills = 0
    for _ in each_kill(lambda: replace_folder(target, lambda f: _write_two(f, "new")), root, prepare):
        assert read_all(target) in (dict.fromkeys(("a.csv", "deep/b.csv"), t) for t in (b"old", b"new"))
        replace_folder(target, lambda folder: _write_two(folder, "last"))
        assert read_all(root) == {"roads/a.csv": b"last", "roads/deep/b.csv": b"last"}
        kills += 1
    assert kills >= 12


@pytest.mark.usefixtures("no_exchange")
def test_a_folder_that_is_gone_comes_back_to_whoever_reads(tmp_path: Path) -> None:
    root, target = tmp_path / "root", tmp_path / "root" / "roads"

    def prepare() -> None:
        _fresh(root)
        replace_folder(target, lambda folder: _write_two(folder, "old"))

    gone = 0
    for at in each_kill(lambda: replace_folder(target, lambda f: _write_two(f, "new")), root, prepare):
        gone += not target.exists()
        if at % 2:
            restore_all(root)
            assert read_all(target) in (dict.fromkeys(("a.csv", "deep/b.csv"), t) for t in (b"old", b"new"))
        replace_folder(target, lambda folder: _write_two(folder, "last"))
        assert read_all(root) == {"roads/a.csv": b"last", "roads/deep/b.csv": b"last"}
    assert gone == 1  # between the two renames


def test_readers_do_not_touch_what_somebody_writes(tmp_path: Path) -> None:
    target = tmp_path / "roads"

    def look(folder: Path) -> None:
        restore_all(tmp_path)
        assert folder.is_dir()
        _write_two(folder, "new")

    replace_folder(target, look)
    assert read_all(target) == {"a.csv": b"new", "deep/b.csv": b"new"}


def _write_pages(pages: dict[str, str]) -> Callable[[Path], list[str]]:
    def write(folder: Path) -> list[str]:
        (folder / "data").mkdir()
        for name, text in pages.items():
            (folder / name).write_text(text)
        sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in pages.items()}
        (folder / MANIFEST).write_text(json.dumps({"files": sums}))
        return [*pages, MANIFEST]

    return write


OLD = {"index.html": "old front", "gone.html": "old page", "data/od.csv": "old table"}
NEW = {"index.html": "new front", "fresh.html": "new page", "data/od.csv": "new table"}


def _publish(target: Path, pages: dict[str, str]) -> None:
    with open_shared_folder(target, MANIFEST) as folder:
        folder.replace(_write_pages(pages))


def _prepare(root: Path, target: Path) -> None:
    _fresh(root)
    _publish(target, OLD)
    for name, content in FOREIGN.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
    (target / "link").symlink_to("index.html")


def _is_whole(target: Path, pages: dict[str, str]) -> bool:
    """Return whether a folder holds just these pages, under a manifest that says so."""
    found = read_all(target)
    for name in (*FOREIGN, "link"):
        found.pop(name, None)
    sums = json.loads(found.pop(MANIFEST, b'{"files": {}}'))["files"]
    whole = {name: hashlib.sha256(content).hexdigest() for name, content in found.items()} == sums
    return whole and found == {name: text.encode() for name, text in pages.items()}


def _check_foreign(target: Path) -> None:
    found = read_all(target)
    assert {name: found.get(name) for name in FOREIGN} == FOREIGN
    assert (target / "link").readlink() == Path("index.html")


def test_pages_are_all_old_or_all_new_at_every_moment(tmp_path: Path) -> None:
    root, target = tmp_path / "root", tmp_path / "root" / "maps"
    kills = []
    for at in each_kill(lambda: _publish(target, NEW), root, lambda: _prepare(root, target)):
        old, new = _is_whole(target, OLD), _is_whole(target, NEW)
        assert old != new, at
        _check_foreign(target)
        kills.append(new)
        _publish(target, {**NEW, "index.html": "last"})
        assert _is_whole(target, {**NEW, "index.html": "last"})
        _check_foreign(target)
        assert [p.name for p in root.iterdir()] == ["maps"]
    assert len(kills) > 25
    assert sorted(kills) == kills  # old up to one moment, new from then on


@pytest.mark.usefixtures("no_exchange")
def test_pages_without_exchange_are_back_at_the_next_start(tmp_path: Path) -> None:
    root, target = tmp_path / "root", tmp_path / "root" / "maps"
    gone = 0
    for at in each_kill(lambda: _publish(target, NEW), root, lambda: _prepare(root, target)):
        gone += not target.exists()
        restore_all(root)
        assert _is_whole(target, OLD) != _is_whole(target, NEW), at
        _check_foreign(target)
        _publish(target, NEW)
        assert _is_whole(target, NEW)
        _check_foreign(target)
        assert [p.name for p in root.iterdir()] == ["maps"]
    assert gone == 1


def test_a_folder_that_cannot_change_its_place_is_finished_by_the_next_start(tmp_path: Path) -> None:
    # The working folder: a swap would pull it from under the shell, so files are moved one by one under a journal.
    root, target = tmp_path / "root", tmp_path / "root" / "maps"

    def action() -> None:
        with contextlib.chdir(target):
            _publish(Path(), NEW)

    unfinished = 0
    for at in each_kill(action, root, lambda: _prepare(root, target)):
        _check_foreign(target)
        if (target / MANIFEST).exists():
            assert _is_whole(target, OLD) or (target / "index.html").read_text() == "new front", at
        else:
            unfinished += 1
        with contextlib.suppress(RuntimeError), open_shared_folder(target, MANIFEST):
            raise RuntimeError  # a start that writes nothing: it finishes what was begun, or leaves the old
        assert _is_whole(target, OLD) != _is_whole(target, NEW), at
        assert [p.name for p in root.iterdir()] == ["maps"]
        inode = target.stat().st_ino
        action()
        assert _is_whole(target, NEW)
        assert target.stat().st_ino == inode
        assert [p.name for p in root.iterdir()] == ["maps"]
    assert unfinished >= 3


def test_the_next_start_may_be_killed_too(tmp_path: Path) -> None:
    root, target = tmp_path / "root", tmp_path / "root" / "maps"

    def begin() -> None:
        for at in range(20, 60):  # up to the middle of the moves: the manifest went first
            _prepare(root, target)
            with contextlib.chdir(target):
                assert run_killed(lambda: _publish(Path(), NEW), at, root)
            if (target / "index.html").read_text() == "new front" and not (target / MANIFEST).exists():
                return
        pytest.fail("no kill met the middle of the moves")

    def start() -> None:
        with open_shared_folder(target, MANIFEST):
            pass

    kills = 0
    for at in each_kill(start, root, begin):
        _check_foreign(target)
        start()
        assert _is_whole(target, NEW), at
        assert [p.name for p in root.iterdir()] == ["maps"]
        kills += 1
    assert kills >= 5
