"""Whole or not at all, the same bytes again, nothing of anybody else's touched."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

import transit_model.pages.write as write_module
from tests.pages.sample_view import build_sample_view
from transit_model.errors import InputError
from transit_model.pages.view import StudyView
from transit_model.pages.write import FOLDER_BUDGET_BYTES, PAGE_BUDGET_BYTES, write_pages


def _read_all(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_same_view_same_bytes(maps: Path, tmp_path: Path) -> None:
    write_pages(build_sample_view(), tmp_path / "again")
    assert _read_all(tmp_path / "again") == _read_all(maps)


def test_sizes_keep_within_the_budget(maps: Path) -> None:
    sizes = {p.name: p.stat().st_size for p in maps.rglob("*") if p.is_file()}
    assert max(sizes.values()) <= PAGE_BUDGET_BYTES
    assert sum(sizes.values()) <= FOLDER_BUDGET_BYTES


def test_a_small_budget_simplifies_more_and_says_so(
    view: StudyView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maps: Path
) -> None:
    size = (maps / "everything.html").stat().st_size
    monkeypatch.setattr(write_module, "PAGE_BUDGET_BYTES", size - 20_000)
    write_pages(view, tmp_path / "maps")
    tolerance = json.loads((tmp_path / "maps/data/manifest.json").read_text())["simplification_tolerance_m"]
    assert tolerance["everything.html"] > 250
    page = (tmp_path / "maps/everything.html").read_text(encoding="utf-8")
    assert len(page.encode()) <= size - 20_000
    assert f"容差 {tolerance['everything.html']:.0f} 米" in page.replace(",", "")


def test_manifest_names_every_file_with_its_hash(maps: Path) -> None:
    manifest = json.loads((maps / "data/manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 1
    files = {n: b for n, b in _read_all(maps).items() if n != "data/manifest.json"}
    assert set(manifest["files"]) == set(files)
    for name, content in files.items():
        assert manifest["files"][name] == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_returned_paths_exist_and_begin_with_the_front_page(view: StudyView, tmp_path: Path) -> None:
    paths = write_pages(view, tmp_path / "maps")
    assert paths[0] == tmp_path / "maps" / "index.html"
    assert all(p.is_file() for p in paths)
    assert len(paths) == len(_read_all(tmp_path / "maps"))


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_run_leaves_the_maps_before_as_they_were(
    view: StudyView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    out = tmp_path / "maps"
    write_pages(view, out)
    before = _read_all(out)

    def stop(*_: object) -> str:
        raise interruption

    monkeypatch.setattr(write_module, "render_report", stop)
    with pytest.raises(interruption):
        write_pages(replace(view, manifest={"other": True}), out)
    assert _read_all(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["maps"]  # nothing half-made is left beside


def test_pages_of_the_run_before_go_and_foreign_files_stay(view: StudyView, tmp_path: Path) -> None:
    out = tmp_path / "maps"
    write_pages(view, out)
    (out / "README.md").write_text("mine")
    (out / "data" / "mine.csv").write_text("1")
    fewer = replace(view, scenarios=view.scenarios[:2], comparisons=(), timeline=())
    write_pages(fewer, out)
    assert not (out / "everything.html").exists()
    assert not (out / "timeline.html").exists()
    assert (out / "bridge.html").exists()
    assert (out / "README.md").read_text() == "mine"
    assert (out / "data" / "mine.csv").exists()


def test_an_old_manifest_cannot_delete_outside_the_folder(view: StudyView, tmp_path: Path) -> None:
    out = tmp_path / "maps"
    (out / "data").mkdir(parents=True)
    precious = tmp_path / "precious.txt"
    precious.write_text("keep")
    (out / "data/manifest.json").write_text(json.dumps({"files": {"../precious.txt": {}, str(precious): {}}}))
    write_pages(view, out)
    assert precious.read_text() == "keep"


def test_ids_that_take_a_page_s_name_are_refused(view: StudyView, tmp_path: Path) -> None:
    bad = tuple(replace(s, id=i) for s, i in zip(view.scenarios, ("index", "report", "report"), strict=True))
    with pytest.raises(InputError) as caught:
        write_pages(replace(view, scenarios=bad), tmp_path / "maps")
    assert sorted(i.value or "" for i in caught.value.issues) == ["index", "report"]
    assert not (tmp_path / "maps").exists()


def test_a_file_in_the_way_is_an_issue(view: StudyView, tmp_path: Path) -> None:
    (tmp_path / "maps").write_text("a file")
    with pytest.raises(InputError, match="is a file, not a folder"):
        write_pages(view, tmp_path / "maps")
    assert (tmp_path / "maps").read_text() == "a file"
