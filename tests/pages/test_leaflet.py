"""Folium without foreign hosts and without random names."""

from __future__ import annotations

import re

import folium

from transit_model.pages.leaflet import build_offline_map, read_leaflet_css, read_leaflet_js, render_parts


def test_leaflet_is_whole_and_self_contained() -> None:
    script, style = read_leaflet_js(), read_leaflet_css()
    assert 'version="1.9' in script.replace("'", '"') or ".version=" in script
    assert "sourceMappingURL" not in script
    assert "</script" not in script
    for address in re.findall(r"url\(([^)]*)\)", style):
        assert address.startswith("data:image/png;base64,")


def test_folium_layers_work_and_nothing_foreign_comes_in() -> None:
    offline = build_offline_map(location=(40.5, 111.0), zoom=8)
    folium.GeoJson({"type": "Point", "coordinates": [111.0, 40.5]}).add_to(offline)
    parts = render_parts(offline)
    assert "L.geoJson" in parts["script"]
    assert "http" not in parts["html"] + parts["script"]
    assert "tileLayer" not in parts["script"]


def test_names_repeat() -> None:
    def make() -> dict[str, str]:
        offline = build_offline_map(location=(40.5, 111.0), zoom=8)
        folium.FeatureGroup(name="a").add_to(offline)
        return render_parts(offline)

    assert make() == make()
    assert f"var {make()['name']} = L.map(" in make()["script"]
