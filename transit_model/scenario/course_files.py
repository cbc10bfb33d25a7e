"""Courses from files of a GIS: read, brought to WGS84, laid between the ends they are for, and measured."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.domain.datum import to_wgs84
from transit_model.domain.geo import compute_great_circle_m
from transit_model.errors import InputError, Issue
from transit_model.scenario.base_schema import Project
from transit_model.scenario.course_schema import CourseFile
from transit_model.scenario.lookup import Report
from transit_model.store.resources import COURSE_KINDS
from transit_model.units import m_to_km

F64 = npt.NDArray[np.float64]
LonLatPair = tuple[float, float]
NEAR_M = 1000.0
"""A course belongs to a node or station at most so far from it (judged: interchanges are drawn that loosely)."""
LENGTH_SLACK = 0.05
"""A stated length may differ by this share from that of the course (judged: rounding and a coarse drawing)."""
MAX_BYTES = 64 * 1024 * 1024


class Line(NamedTuple):
    """Points of a course in WGS84 degrees, (n,)."""

    lon: F64
    lat: F64

    @property
    def along_m(self) -> F64:
        """Metres from the first point, (n,)."""
        steps = compute_great_circle_m(self.lon[:-1], self.lat[:-1], self.lon[1:], self.lat[1:])
        return np.concatenate([[0.0], np.cumsum(np.asarray(steps, dtype=np.float64))])

    @property
    def length_m(self) -> float:
        """Length in metres, great circle from point to point."""
        return float(self.along_m[-1])

    def turned(self) -> Line:
        """Return the course from its other end."""
        return Line(self.lon[::-1], self.lat[::-1])

    def led_past(self, first: LonLatPair, last: LonLatPair) -> Line:
        """Return the course in the direction in which it passes one place before another."""
        return self if self.locate(*first)[0] <= self.locate(*last)[0] else self.turned()

    def locate(self, lon: float, lat: float) -> tuple[float, float]:
        """Return how far along a point lies, and how far from the course, in metres.

        On a plane about the point: exact to a part in 10,000 over the kilometre that counts.
        """
        scale = np.array([np.cos(np.radians(lat)), 1.0]) * np.pi / 180 * 6_371_008.8
        xy = (np.column_stack([self.lon, self.lat]) - [lon, lat]) * scale
        first, step = xy[:-1], np.diff(xy, axis=0)
        square = np.maximum((step**2).sum(axis=1), 1e-12)
        part = np.clip(-(first * step).sum(axis=1) / square, 0.0, 1.0)
        far = np.hypot(*(first + part[:, None] * step).T)
        i = int(np.argmin(far))
        along = self.along_m
        return float(along[i] + part[i] * (along[i + 1] - along[i])), float(far[i])


def read_course(project: Project, course: CourseFile, report: Report, *where: str | int) -> Line | None:
    """Return the line of a course in WGS84; None when something was reported.

    Issues
    ------
    ``course_unreadable``, ``course_unclear``, ``course_broken``
    """
    folder = project._document.folder if project._document is not None else None
    name = Path(course.file)
    if folder is None:
        message, hint = "a course needs a project file that it lies beside", "save the project as a file"
        report.add(project, "course_unreadable", message, *where, "file", value=course.file, hint=hint)
        return None
    if name.is_absolute() or ".." in name.parts or name.suffix.lower() not in COURSE_KINDS:
        hint = f"a file beside the project file or below it, one of {', '.join(COURSE_KINDS)}"
        message = f"{course.file} cannot be a course"
        report.add(project, "course_unreadable", message, *where, "file", value=course.file, hint=hint)
        return None
    path = folder / name
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(Issue("course_unreadable", "error", f"{course.file} has more than 64 MB", field="file"))
        lon, lat = _read(path, path.stat().st_mtime_ns, course.layer, course.feature)
    except OSError as error:
        message = f"{course.file} cannot be read: {error.strerror or error}"
        report.add(project, "course_unreadable", message, *where, "file", value=course.file)
        return None
    except InputError as error:
        for issue in error.issues:
            field = (issue.field,) if issue.field else ()
            report.add(project, issue.code, issue.message, *where, *field, value=issue.value, hint=issue.hint)
        return None
    return Line(*to_wgs84(np.array(lon), np.array(lat), course.datum))


@lru_cache(maxsize=64)
def _read(
    path: Path, _changed_ns: int, layer: str | None, feature: str | None
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    features = _read_package(path, layer) if path.suffix.lower() == ".gpkg" else _read_geojson(path)
    if feature is not None:
        features = [f for f in features if feature in f[0]]
    if len(features) != 1:
        names = sorted({name for ids, _ in features for name in ids})[:8]
        message = f"{path.name}: there are {len(features)} features"
        if feature:
            message = f"{path.name}: {feature!r} is the name of {len(features)} features"
        hint = f"name one under feature: {', '.join(names)}" if names else "see the ids and names in the file"
        raise InputError(Issue("course_unclear", "error", message, field="feature", value=feature, hint=hint))
    return _join(features[0][1], path.name)


def _join(geometry: Any, name: str) -> tuple[tuple[float, ...], tuple[float, ...]]:  # noqa: ANN401 - shapely
    """Return the points of one line; several are joined where they meet end to end."""
    import shapely

    in_parts = geometry is not None and geometry.geom_type == "MultiLineString"
    merged = shapely.line_merge(geometry) if in_parts else geometry
    if merged is None or merged.geom_type != "LineString" or merged.is_empty:
        message = f"{name}: the course is {merged.geom_type if merged is not None else None}, not one line"
        raise InputError(Issue("course_broken", "error", message, hint="join its parts end to end in the GIS"))
    points = shapely.get_coordinates(merged)
    if not np.isfinite(points).all() or (np.abs(points) > [180, 90]).any():
        message = f"{name}: its coordinates are no longitudes and latitudes"
        raise InputError(Issue("course_broken", "error", message, hint="save it in degrees, EPSG:4326 or 4490"))
    return tuple(points[:, 0].tolist()), tuple(points[:, 1].tolist())


_Feature = tuple[set[str], Any]
"""Ids and names, and the geometry."""


def _read_geojson(path: Path) -> list[_Feature]:
    import shapely

    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        message = f"{path.name} is no GeoJSON: {error}"
        raise InputError(Issue("course_unreadable", "error", message, field="file", value=path.name)) from error
    whole = content if isinstance(content, dict) else {}
    listed = whole.get("features") if whole.get("type") == "FeatureCollection" else [whole] if whole else []
    found: list[_Feature] = []
    for one in listed if isinstance(listed, list) else []:
        plain = one if isinstance(one, dict) else {}
        is_feature = plain.get("type") == "Feature"
        about = (plain.get("properties") or {}) if is_feature else {}
        about = about if isinstance(about, dict) else {}
        ids = {str(v) for v in (plain.get("id"), *(about.get(k) for k in ("id", "name"))) if v is not None}
        try:
            geometry = shapely.from_geojson(json.dumps(plain.get("geometry") if is_feature else plain))
        except (shapely.errors.GEOSException, ValueError) as error:
            message = f"{path.name} has a geometry that is none: {error}"
            raise InputError(Issue("course_broken", "error", message)) from error
        found.append((ids, geometry))
    return found


def _read_package(path: Path, layer: str | None) -> list[_Feature]:
    import pyogrio

    try:
        layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        if (layer is None and len(layers) != 1) or (layer is not None and layer not in layers):
            message = f"{path.name}: it has {len(layers)} layers"
            if layer:
                message = f"{path.name}: there is no layer {layer}"
            hint = f"name one under layer: {', '.join(layers)}"
            raise InputError(Issue("course_unclear", "error", message, field="layer", value=layer, hint=hint))
        table = pyogrio.read_dataframe(path, layer=layer or layers[0], fid_as_index=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        message = f"{path.name} is no GeoPackage: {error}"
        raise InputError(Issue("course_unreadable", "error", message, field="file", value=path.name)) from error
    if table.crs is not None and not table.crs.is_geographic:
        table = table.to_crs("EPSG:4326")
    columns = [c for c in ("id", "name") if c in table.columns]
    return [
        ({str(fid), *(str(row[c]) for c in columns if row[c] is not None)}, row.geometry)
        for fid, row in table.iterrows()
    ]


def lay_between(
    project: Project,
    line: Line,
    ends: tuple[LonLatPair, LonLatPair],
    report: Report,
    *where: str | int,
) -> Line | None:
    """Return the course from the first place to the second, turned where it was drawn the other way.

    Issues
    ------
    ``course_far``
    """

    def apart_m(way: Line) -> tuple[float, float]:
        (a, b), (c, d) = ends
        first = float(compute_great_circle_m(way.lon[0], way.lat[0], a, b))
        return first, float(compute_great_circle_m(way.lon[-1], way.lat[-1], c, d))

    best = min((line, line.turned()), key=lambda way: sum(apart_m(way)))
    for is_end, far_m in enumerate(apart_m(best)):
        if far_m > NEAR_M:
            message = f"the course begins {m_to_km(far_m):.1f} km from the place it leads to"
            if is_end:
                message = f"the course ends {m_to_km(far_m):.1f} km from the place it leads to"
            hint = "draw it to the place, check the datum, or correct the place"
            report.add(project, "course_far", message, *where, hint=hint)
            return None
    return best


def check_length(project: Project, line: Line, stated_m: float | None, report: Report, *where: str | int) -> float:
    """Return the length in metres: the stated one, checked against the course, else that of the course.

    Issues
    ------
    ``course_length``
    """
    if stated_m is None:
        return line.length_m
    if abs(line.length_m - stated_m) > LENGTH_SLACK * stated_m:
        message = f"{m_to_km(stated_m):.1f} km are stated, but the course is {m_to_km(line.length_m):.1f} km long"
        hint = "correct one of them, or leave out the stated length: it is taken from the course then"
        report.add(project, "course_length", message, *where, hint=hint)
    return stated_m
