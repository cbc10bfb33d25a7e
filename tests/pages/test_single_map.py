"""One isochrone as one page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from transit_model.domain.geo import LonLat
from transit_model.domain.place import Place
from transit_model.domain.region import RegionInfo
from transit_model.pages.single_map import RingsShown, write_single_map
from transit_model.pages.view import StudyView


def test_single_map(view: StudyView, tmp_path: Path) -> None:
    info = RegionInfo(
        region_id="sample",
        title={"zh": "甲乙丙", "en": "Jia-Yi-Bing"},
        crs="EPSG:6933",
        bbox=(109.0, 39.0, 112.0, 41.0),
        built_as_of=date(2025, 12, 31),
        service_date=date(2020, 12, 16),
        window=(25200, 75600),
        timetable_vintage={"zh": "2020", "en": "2020"},
        groups={},
        main_stations={},
        attribution={"zh": "来源", "en": "source"},
    )
    rings = view.rings[(view.rings["scenario"] == "built") & (view.rings["origin"] == "jia")]
    rings = rings[(rings["mode"] == "road") & (rings["reading"] == "typical")]
    out = tmp_path / "jia.html"
    place = Place("jia", "centre", "甲市", "Jia", LonLat(lon=110.0, lat=40.5))
    write_single_map(out, rings, place, view.basemap, info, RingsShown((8 * 3600, 9 * 3600)))
    content = out.read_text(encoding="utf-8")
    assert "08:00–09:00" in content  # the window of this question, not of the region
    assert "07:00" not in content
    assert "甲市 · built" in content
    assert 'href="index.html"' not in content  # there is no front page beside it
    assert [p.name for p in tmp_path.iterdir()] == ["jia.html"]
