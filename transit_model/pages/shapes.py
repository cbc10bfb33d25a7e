"""Geometry for the screen: nested rings simplified together, compact integer coordinates, SVG paths.

Nothing here is measured: areas and populations come from the tables, which are made from unsimplified geometry.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DEGREE_UNITS: Final = 10_000
"""Coordinates on the page are whole ten-thousandths of a degree (about 10 m)."""
M_PER_DEGREE: Final = 111_195.0
"""Mean length of a degree of latitude on a sphere of 6,371 km; good to 0.5 %, enough to state a tolerance."""

_SAME_AREA: Final = 1e-12
"""Relative difference of areas that rounding explains."""


def simplify_rings(rings: Sequence[BaseGeometry], tolerance_m: float) -> list[BaseGeometry]:
    """Return cumulative rings, nearest first, simplified so that they still nest exactly.

    The differenced bands form a polygonal coverage whose shared edges are simplified once (Visvalingam-Whyatt on a
    coverage, GEOS CoverageSimplifier); united again, each ring contains the one before it by construction. Specks
    and holes smaller than the tolerance squared are left out: of a later ring a hole of an earlier one is no larger.
    """
    import shapely

    flat = [shapely.transform(r, _to_metres(rings)) for r in rings]
    bands: list[BaseGeometry] = []
    before: BaseGeometry = shapely.Polygon()
    for ring in flat:
        bands.append(_polygons_only(shapely.difference(ring, before)))
        before = ring
    simple = [_polygons_only(shapely.make_valid(b)) for b in shapely.coverage_simplify(bands, tolerance_m)]
    out: list[BaseGeometry] = []
    run: BaseGeometry = shapely.Polygon()
    for band in simple:
        run = _unite(run, band)
        out.append(_drop_specks(run, tolerance_m))
    return [shapely.transform(r, _to_degrees(rings)) for r in out]


def _unite(inner: BaseGeometry, band: BaseGeometry) -> BaseGeometry:
    """Return the union of two neighbours that share their edges; a fifth of the time of a union of any two."""
    import shapely

    try:
        both = shapely.coverage_union(inner, band)
    except shapely.GEOSException:
        both = shapely.Polygon()
    area = inner.area + band.area
    # where edges are not shared to the bit, areas do not add up or rings cross
    is_fine = abs(both.area - area) <= _SAME_AREA * area and both.is_valid
    return both if is_fine else shapely.union(inner, band)


def _middle_lat(rings: Sequence[BaseGeometry]) -> float:
    bounds = [r.bounds for r in rings if not r.is_empty]
    return (min(b[1] for b in bounds) + max(b[3] for b in bounds)) / 2 if bounds else 0.0


def _to_metres(rings: Sequence[BaseGeometry]) -> Any:  # noqa: ANN401 - a coordinate function of shapely
    east = M_PER_DEGREE * math.cos(math.radians(_middle_lat(rings)))
    return lambda xy: xy * [east, M_PER_DEGREE]


def _to_degrees(rings: Sequence[BaseGeometry]) -> Any:  # noqa: ANN401 - a coordinate function of shapely
    east = M_PER_DEGREE * math.cos(math.radians(_middle_lat(rings)))
    return lambda xy: xy / [east, M_PER_DEGREE]


def _polygons_only(geometry: BaseGeometry) -> BaseGeometry:
    import shapely

    parts = [p for p in shapely.get_parts(geometry, return_index=False) if p.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.multipolygons([q for p in parts for q in shapely.get_parts(p)]) if parts else shapely.Polygon()


def _drop_specks(geometry: BaseGeometry, tolerance_m: float) -> BaseGeometry:
    import shapely

    least = tolerance_m**2
    kept = []
    for polygon in shapely.get_parts(geometry):
        if polygon.geom_type != "Polygon" or polygon.area < least:
            continue
        holes = [h for h in polygon.interiors if shapely.Polygon(h).area >= least]
        kept.append(shapely.Polygon(polygon.exterior, holes))
    return shapely.multipolygons(kept) if kept else shapely.Polygon()


def encode_polygons(geometry: BaseGeometry) -> list[list[list[int]]]:
    """Return polygons as lists of rings; a ring is lon, lat, then steps, all in `DEGREE_UNITS`, not closed."""
    import shapely

    out = []
    for polygon in shapely.get_parts(geometry):
        if polygon.geom_type != "Polygon" or polygon.is_empty:
            continue
        rings = [encode_line(r.coords[:-1]) for r in (polygon.exterior, *polygon.interiors)]
        if len(rings[0]) >= 6:
            out.append([r for r in rings if len(r) >= 6])
    return out


def encode_lines(geometry: BaseGeometry) -> list[list[int]]:
    """Return the lines of a geometry, each as lon, lat, then steps, in `DEGREE_UNITS`."""
    import shapely

    return [encode_line(part.coords) for part in shapely.get_parts(geometry) if len(part.coords) > 1]


def encode_line(coords: Iterable[Sequence[float]]) -> list[int]:
    """Return a flat list: first lon and lat, then the step to each next point; repeated points are left out."""
    out: list[int] = []
    last: tuple[int, int] | None = None
    for lon, lat, *_ in coords:
        point = (round(lon * DEGREE_UNITS), round(lat * DEGREE_UNITS))
        if last is None:
            out += point
        elif point != last:
            out += (point[0] - last[0], point[1] - last[1])
        last = point
    return out


class Frame:
    """An equirectangular picture of a bounding box: degrees to SVG units, `width` wide."""

    def __init__(self, bbox: tuple[float, float, float, float], width: float) -> None:
        west, south, east, north = bbox
        self.west, self.north = west, north
        self.scale_x = width / (east - west)
        self.scale_y = self.scale_x / math.cos(math.radians((south + north) / 2))
        self.width = width
        self.height = round((north - south) * self.scale_y, 1)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Return x, y of a position."""
        return round((lon - self.west) * self.scale_x, 1), round((self.north - lat) * self.scale_y, 1)

    def path(self, geometry: BaseGeometry) -> str:
        """Return the SVG path data of polygons or lines (fill-rule evenodd keeps holes)."""
        import shapely

        parts = []
        for part in shapely.get_parts(geometry):
            if part.geom_type == "Polygon":
                parts += [self._line(r.coords[:-1]) + "Z" for r in (part.exterior, *part.interiors) if len(r.coords)]
            elif part.geom_type == "LineString":
                parts.append(self._line(part.coords))
        return "".join(parts)

    def _line(self, coords: Iterable[Sequence[float]]) -> str:
        points: list[tuple[float, float]] = []
        for lon, lat, *_ in coords:
            point = self.point(lon, lat)
            if not points or point != points[-1]:
                points.append(point)
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
