"""What lies under the circles of the made-up study."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely import LineString, box

from transit_model.pages.view import Basemap

SCRIPT_NAME = "<script>alert(1)</script>"


def build_sample_basemap() -> Basemap:
    """Return six counties, four roads, two railways and two stations; names are awkward."""
    features = []
    for i, x in enumerate((109.2, 110.3, 111.4)):
        for j, y in enumerate((39.0, 40.2)):
            cell = box(x, y, x + 1.1, y + 1.2)
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "adcode": f"{i}{j}",
                        "name_zh": f"县{i}{j}",
                        "name_en": f"County {i}{j}",
                        "prefecture": "x",
                    },
                    "geometry": cell.__geo_interface__,
                }
            )
    roads = [
        (
            "motorway",
            "G1",
            "一号高速",
            "2001",
            "",
            True,
            120.0,
            [(109.2, 40.3), (110.0, 40.5), (110.6, 40.45), (111.2, 40.7), (112.2, 40.8)],
        ),
        ("trunk", "G9", SCRIPT_NAME, "", "", False, 80.0, [(110.0, 40.5), (109.6, 40.1), (110.4, 39.6)]),
        ("secondary", "", "", "", "", False, 60.0, [(110.4, 39.6), (111.7, 39.5)]),
        ("motorway", "S1", "跨河大桥", "2028", "bridge", True, 120.0, [(110.4, 39.6), (111.2, 40.7)]),
    ]
    frame = pd.DataFrame(
        roads, columns=["highway", "ref", "name_zh", "opened", "project_id", "toll", "maxspeed_kmh", "line"]
    )
    rail = pd.DataFrame(
        {
            "name_zh": ["甲乙铁路", "新高铁"],
            "name_en": ["Jia-Yi railway", "New HSR"],
            "opened": ["1923", ""],
            "project_id": ["", "hsr"],
        }
    )
    lines = [
        LineString([(110.02, 40.55), (110.6, 40.6), (111.18, 40.66)]),
        LineString([(110.02, 40.55), (110.42, 39.65)]),
    ]
    return Basemap(
        counties={"type": "FeatureCollection", "features": features},
        roads=gpd.GeoDataFrame(
            frame.drop(columns="line"), geometry=[LineString(x) for x in frame["line"]], crs="EPSG:4326"
        ),
        rail=gpd.GeoDataFrame(rail, geometry=lines, crs="EPSG:4326"),
        stations=pd.DataFrame(
            {
                "stop_id": ["jia-east", "yi-south"],
                "name_zh": ["甲东", "乙南"],
                "name_en": ["Jia East", "Yi South"],
                "lon": [110.02, 111.18],
                "lat": [40.55, 40.66],
                "opened": ["", ""],
            }
        ),
    )
