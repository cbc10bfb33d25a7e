"""The other shipped regions on a front page: by name always, by link where their pages stand beside these."""

from __future__ import annotations

import json
from pathlib import Path

from tests.pages.sample_view import build_sample_view
from transit_model.pages.index_page import render_index
from transit_model.pages.map_data import PageStore
from transit_model.pages.other_regions import list_other_regions, name_pages_folder
from transit_model.pages.page import Site


def _write_front(folder: Path, region: str) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "index.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    (folder / "data/manifest.json").write_text(json.dumps({"region": region}), encoding="utf-8")


def test_each_region_has_a_folder_of_its_own() -> None:
    assert name_pages_folder(None) == name_pages_folder("hubaoewu") == "maps"
    assert name_pages_folder("taixin") == "maps-taixin"
    assert name_pages_folder("hubaoewu+taixin") == "maps-hubaoewu+taixin"
    assert name_pages_folder("some/folder") == "maps"


def test_pages_beside_are_linked_and_others_told_with_the_command(tmp_path: Path) -> None:
    (other,) = list_other_regions("hubaoewu", tmp_path / "maps")
    assert (other.region_id, other.href) == ("taixin", None)
    _write_front(tmp_path / "maps-taixin", "taixin")
    (other,) = list_other_regions("hubaoewu", tmp_path / "maps")
    assert other.href == "../maps-taixin/index.html"
    _write_front(tmp_path / "maps", "elsewhere")  # pages of another region under that name
    (other,) = list_other_regions("taixin", tmp_path / "maps-taixin")
    assert (other.region_id, other.href) == ("hubaoewu", None)
    assert list_other_regions("mytown", tmp_path / "maps") == ()


def test_the_front_page_names_the_other_region(tmp_path: Path) -> None:
    view, out = build_sample_view(), tmp_path / "maps-taixin"
    page = render_index(view, Site(others=list_other_regions("taixin", out)), PageStore(view))
    assert "<code>transit-model run --region hubaoewu</code>" in page
    _write_front(tmp_path / "maps", "hubaoewu")
    page = render_index(view, Site(others=list_other_regions("taixin", out)), PageStore(view))
    assert '<a href="../maps/index.html">' in page
    assert "呼包鄂乌" in page
    assert "transit-model run --region" not in page
