"""The small picture of the whole study area in which a map shows where it lies."""

from __future__ import annotations

from typing import Any, Final

from transit_model.pages.shapes import Frame
from transit_model.pages.view import StudyView

WIDTH: Final = 92.0
_PAD_DEGREE: Final = 0.1
_COARSE_DEGREE: Final = 0.06


def draw_locator(view: StudyView) -> dict[str, Any]:
    """Return the outline of the area and its centres, and how degrees become units of the picture.

    Returns
    -------
    dict
        width, height; ``area``, the path of all counties as one, coarse, or of the box where there are none; ``dots``,
        x, y of the centres; west, north (degree) of its corner; per_lon, per_lat (units a degree).
    """
    import shapely
    from shapely.geometry import shape

    outlines = [shape(f["geometry"]) for f in (view.basemap.counties or {"features": []})["features"]]
    area = shapely.union_all(outlines) if outlines else shapely.box(*view.region.bbox)
    west, south, east, north = area.bounds
    frame = Frame((west - _PAD_DEGREE, south - _PAD_DEGREE, east + _PAD_DEGREE, north + _PAD_DEGREE), WIDTH)
    centres = view.places[view.places["place_id"].isin(view.region.centres)]
    return {
        "width": frame.width,
        "height": frame.height,
        "area": frame.path(shapely.simplify(shapely.buffer(area, 0), _COARSE_DEGREE)),
        "dots": [frame.point(lon, lat) for lon, lat in zip(centres["lon"], centres["lat"], strict=True)],
        "west": round(frame.west, 4),
        "north": round(frame.north, 4),
        "per_lon": round(frame.scale_x, 4),
        "per_lat": round(frame.scale_y, 4),
    }
