"""The committed gallery: made from the data, scenarios and version of this checkout, small, and refreshed whole."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import REPO
from tests.tools import refresh_pictures
from tests.tools.open_pages import find_chromium
from tests.tools.refresh_gallery import (
    BUDGET_BYTES,
    GALLERY,
    MANIFEST,
    PAGES,
    describe_inputs,
    hash_scenarios,
    hash_text,
    point_outside,
    refresh,
)


def test_the_committed_gallery_matches_data_and_code() -> None:
    assert (GALLERY / MANIFEST).is_file(), "no gallery: make gallery"
    manifest = json.loads((GALLERY / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["inputs"] == describe_inputs(), "the gallery is out of date: make gallery"
    assert manifest["files"] == {name: hash_text(GALLERY / name) for name in PAGES}
    assert sum(path.stat().st_size for path in GALLERY.iterdir()) <= BUDGET_BYTES


def _write_maps(folder: Path) -> Path:
    folder.mkdir()
    for name in PAGES:
        (folder / name).write_text(f'<a href="timeline.html">{name}</a><a href="goals.html#x">', encoding="utf-8")
    return folder


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
