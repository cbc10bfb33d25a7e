"""The gallery: made from the data, scenarios and version of this checkout, small, written whole and not committed."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import REPO
from tests.tools import refresh_pictures
from tests.tools.open_pages import find_chromium
from tests.tools.refresh_gallery import (
    BUDGET_BYTES,
    FOLDER,
    MANIFEST,
    PAGES,
    describe_inputs,
    hash_scenarios,
    hash_text,
    main,
    point_outside,
    refresh,
)


def _write_maps(folder: Path) -> Path:
    folder.mkdir()
    for name in PAGES:
        (folder / name).write_text(f'<a href="timeline.html">{name}</a><a href="goals.html#x">', encoding="utf-8")
    return folder


@pytest.mark.parametrize("to", [None, "elsewhere"])
def test_the_gallery_says_which_data_and_code_it_is_from(tmp_path: Path, to: str | None) -> None:
    maps = _write_maps(tmp_path / "maps")
    assert main([str(maps), *([] if to is None else ["--to", str(tmp_path / to)])]) == 0
    gallery = maps / FOLDER if to is None else tmp_path / to
    manifest = json.loads((gallery / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["inputs"] == describe_inputs()
    assert set(manifest["inputs"]) == {"version", "region_sha256", "assumptions_sha256", "scenarios_sha256"}
    assert manifest["files"] == {name: hash_text(gallery / name) for name in PAGES}
    assert sum(path.stat().st_size for path in gallery.iterdir()) <= BUDGET_BYTES


def test_a_gallery_of_no_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "write the default study there first" in capsys.readouterr().err


def test_no_generated_page_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files", "maps"], cwd=REPO, capture_output=True, text=True, check=False)
    committed = {line for line in listed.stdout.split() if (REPO / line).exists()}
    kept = {line.removeprefix("!/").rstrip("/") for line in _read_ignored() if line.startswith("!/maps/")}
    assert kept == {"maps/README.md", "maps/pictures"}
    assert "/maps/*" in _read_ignored()
    assert {name for name in committed if not name.startswith(tuple(kept))} == set()


def _read_ignored() -> list[str]:
    return (REPO / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_refresh_takes_the_pages_and_says_from_what(tmp_path: Path) -> None:
    files = refresh(_write_maps(tmp_path / "maps"), tmp_path / "gallery", {"version": "1"})
    assert [f.name for f in files] == [*PAGES, MANIFEST]
    manifest = json.loads((tmp_path / "gallery" / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["inputs"] == {"version": "1"}
    assert 'href="../goals.html#x"' in (tmp_path / "gallery" / "index.html").read_text(encoding="utf-8")


def test_refresh_leaves_a_good_gallery_alone_when_it_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maps = _write_maps(tmp_path / "maps")
    refresh(maps, tmp_path / "gallery", {"version": "1"})
    monkeypatch.setattr("tests.tools.refresh_gallery.BUDGET_BYTES", 10)
    with pytest.raises(RuntimeError, match="weigh"):
        refresh(maps, tmp_path / "gallery", {"version": "2"})
    (maps / "timeline.html").unlink()
    with pytest.raises(RuntimeError, match="timeline"):
        refresh(maps, tmp_path / "gallery", {"version": "2"})
    assert '"version": "1"' in (tmp_path / "gallery" / MANIFEST).read_text(encoding="utf-8")


def test_links_beyond_the_gallery_lead_to_the_folder_above() -> None:
    page = '<a href="index.html"><a href="data/od.csv"><a href="https://example.org/a.html"><a href="#top">'
    wanted = '<a href="index.html"><a href="../data/od.csv"><a href="https://example.org/a.html"><a href="#top">'
    assert point_outside(page) == wanted


def test_the_hash_of_scenarios_sees_names_and_texts_and_no_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"id: a\n")
    first = hash_scenarios(tmp_path)
    (tmp_path / "a.yaml").write_bytes(b"id: a\r\n")
    assert hash_scenarios(tmp_path) == first
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    assert hash_scenarios(tmp_path) != first


def test_the_readme_shows_the_pictures_and_they_are_small() -> None:
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    for shot in refresh_pictures.SHOTS:
        picture = refresh_pictures.PICTURES / f"{shot.name}.png"
        assert f"](maps/pictures/{picture.name})" in readme
        assert 0 < picture.stat().st_size <= refresh_pictures.BUDGET_BYTES
    assert {"zh", "en"} <= {shot.lang for shot in refresh_pictures.SHOTS}


def test_pictures_need_their_pages(tmp_path: Path) -> None:
    assert refresh_pictures.main([str(tmp_path), "--to", str(tmp_path / "pictures")]) == 1


@pytest.mark.browser
def test_pictures_are_taken_and_weighed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_chromium() is None:
        pytest.skip("no Chromium (Debian: apt-get install chromium)")
    (tmp_path / "index.html").write_text("<h2 id='h'>x</h2>", encoding="utf-8")
    shot = refresh_pictures.Shot("one", "index.html", "zh", script="document.getElementById('h').scrollIntoView()")
    monkeypatch.setattr(refresh_pictures, "SHOTS", (shot,))
    with ThreadPoolExecutor(1) as pool:  # this thread may hold the browser of other tests, and one thread holds one
        (picture,) = pool.submit(refresh_pictures.take_pictures, tmp_path, tmp_path / "pictures").result()
        assert picture.read_bytes().startswith(b"\x89PNG")
        monkeypatch.setattr(refresh_pictures, "BUDGET_BYTES", 10)
        with pytest.raises(RuntimeError, match="heavier"):
            pool.submit(refresh_pictures.take_pictures, tmp_path, tmp_path / "pictures").result()
