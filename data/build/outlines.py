"""Coarse county outlines for the basemap: our own simplification of published polygons, for display only.

``python data/build/outlines.py POLYGONS.geojson data/sources/REGION "[key] name of the polygons"`` writes
``county_outlines.geojson`` there from polygons in WGS84. The polygons have no open licence and are not in this
repository, so a build copies the coarse file and this runs only when borders change.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import shapely
from shapely.affinity import scale
from shapely.geometry import shape
from tables import Row, read_table, write_text

TOLERANCE_M = 1_000.0
DECIMALS = 3
_METRES_PER_DEGREE = 111_195.0  # of latitude on the mean sphere
_MID_LATITUDE = 40.0


def outlines_text(collection: dict[str, object]) -> str:
    """Return the collection as GeoJSON text, one feature a line."""
    features = collection["features"]
    assert isinstance(features, list)
    head = json.dumps({k: v for k, v in collection.items() if k != "features"}, ensure_ascii=False)
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    return f'{head[:-1]}, "features": [\n{lines}\n]}}\n'


def build_outlines(polygons: Path, counties: list[Row], source: str) -> dict[str, object]:
    """Return a FeatureCollection of the counties, simplified as one coverage so that borders stay shared.

    The polygons are first made a valid coverage (the source's prefectures do not meet exactly), then simplified
    with Visvalingam-Whyatt at ``TOLERANCE_M`` in a plane with equal metres both ways at 40 N, then rounded to
    three decimals (about 100 m).
    """
    features = json.loads(polygons.read_text(encoding="utf-8"))["features"]
    features.sort(key=lambda f: str(f["properties"]["adcode"]))
    squeeze = math.cos(math.radians(_MID_LATITUDE))
    plane = [_rescale(shape(f["geometry"]), _METRES_PER_DEGREE * squeeze, _METRES_PER_DEGREE) for f in features]
    valid = shapely.make_valid(plane, method="structure", keep_collapsed=False)
    # Shapely 2.2 or newer; its stubs do not know the function yet.
    clean = shapely.coverage_clean(  # type: ignore[attr-defined]
        valid, snapping_distance=200.0, gap_width=600.0
    )
    simple = shapely.coverage_simplify(clean, tolerance=TOLERANCE_M)
    by_code = {row["adcode"]: row for row in counties}
    out = []
    for feature, geometry in zip(features, simple, strict=True):
        row = by_code[str(feature["properties"]["adcode"])]
        degrees = _rescale(geometry, 1 / (_METRES_PER_DEGREE * squeeze), 1 / _METRES_PER_DEGREE)
        degrees = shapely.set_precision(degrees, 10.0**-DECIMALS)
        out.append({
            "type": "Feature",
            "properties": {key: row[key] for key in ("adcode", "name_zh", "name_en", "prefecture")},
            "geometry": _rounded(json.loads(shapely.to_geojson(shapely.orient_polygons(degrees)))),
        })  # fmt: skip
    return {
        "type": "FeatureCollection",
        "metadata": {
            "source": f"{source}, simplified by us",
            "tolerance_m": TOLERANCE_M,
            "method": "coverage_clean (snap 200 m, gaps to 600 m), coverage_simplify, rounded to 0.001 degree",
            "use": "display only; not an authority on borders; do not publish as a map of China",
        },
        "features": out,
    }


def _rescale(geometry: shapely.Geometry, x: float, y: float) -> shapely.Geometry:
    return scale(geometry, xfact=x, yfact=y, origin=(0, 0))


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return round(value, DECIMALS) if isinstance(value, float) else value


def main() -> int:
    """Write the outlines beside the counties of a region's sources; return the exit code."""
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(sys.argv[2])
    counties = [row for row in read_table(folder / "counties.csv") if row["kind"] == "county"]
    text = outlines_text(build_outlines(Path(sys.argv[1]), counties, sys.argv[3]))
    write_text(folder / "county_outlines.geojson", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
