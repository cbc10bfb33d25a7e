"""An interactive map of areas for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import folium
    import geopandas as gpd


def explore_areas(areas: gpd.GeoDataFrame, **options: Any) -> folium.Map:  # noqa: ANN401 - options of geopandas
    """Return an interactive map of areas, without tiles unless `options` ask for them.

    geopandas draws it; where matplotlib and mapclassify, which it wants, are not installed, a plain map without
    options does.

    Raises
    ------
    ImportError
        When options were given and geopandas cannot draw.
    """
    import folium

    try:
        made: folium.Map = areas.explore(**{"tiles": None, **options})
    except ImportError:
        if options:
            raise
        made = folium.Map(tiles=None)
        if len(areas):
            shown = folium.GeoJsonTooltip([c for c in areas.columns if c != "geometry"])
            folium.GeoJson(areas.to_json(), tooltip=shown).add_to(made)
            west, south, east, north = (float(v) for v in areas.total_bounds)
            made.fit_bounds([[south, west], [north, east]])
    return made
