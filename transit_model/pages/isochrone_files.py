"""Isochrones to files: polygons, surface, map; and the rows that describe them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.scenario.base_schema import Project
from transit_model.store.write import make_parents, replace_file
from transit_model.surface import export
from transit_model.surface.export import RASTER_SUFFIXES, RING_WRITERS, add_gpkg_layer, write_rings, write_surface
from transit_model.surface.grid import Grid
from transit_model.surface.reachable_edges import collect_reachable_edges
from transit_model.surface.surface import Surface
from transit_model.surface.surface_change import SurfaceChange
from transit_model.units import min_to_s

if TYPE_CHECKING:
    import geopandas as gpd

VECTOR = frozenset(RING_WRITERS)
_KNOWN = ", ".join(suffix for suffix in RING_WRITERS if suffix != ".json")
EDGE_LAYER = "reachable_edges"
_JOINS = {"union": "并集", "intersection": "交集", "difference": "差集"}


def describe_rings(rings: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Return one row a ring without its geometry; numbers rounded to 0.1, shares to 0.0001."""
    rows = []
    for row in rings.drop(columns="geometry").to_dict("records"):
        plain: dict[str, object] = {}
        for name, value in row.items():
            if isinstance(value, float):
                plain[str(name)] = None if not math.isfinite(value) else round(value, 4 if name == "gap_share" else 1)
            else:
                plain[str(name)] = value
        rows.append(plain)
    return rows


def describe_kind(rings: gpd.GeoDataFrame) -> dict[str, str]:
    """Return what the rings are, for the title of a page, where they are not times from a place; empty otherwise."""
    if "hours_there" in rings:
        first = rings.iloc[0]
        day = f"{first['after']}-{first['home_by']}"
        hours = [(f"{m:g}", f"{h:g}") for m, h in zip(rings["cutoff_min"], rings["hours_there"], strict=True)]
        zh = "、".join(f"往返与候车共 {m} 分钟以内即可停留 {h} 小时" for m, h in hours)
        en = "; ".join(f"{m} min for both ways leave {h} h there" for m, h in hours)
        return {"zh": f"当日往返 {day}：{zh}", "en": f"day return {day}: {en}"}
    if "join" in rings:
        word = str(rings["join"].iloc[0])
        return {"zh": _JOINS[word], "en": word}
    return {"zh": "到达圈", "en": "rings to the place"} if "direction" in rings else {}


def name_origins(rings: gpd.GeoDataFrame, places: Sequence[Place]) -> gpd.GeoDataFrame:
    """Return rings with the names of their origins in both languages, `origin_zh` and `origin_en`, after `origin`.

    Rings of several places joined have the names of all.
    """
    named = {place.place_id: (place.name_zh, place.name_en) for place in places}
    of_all = tuple(" + ".join(names) for names in zip(*named.values(), strict=True))
    found = [named.get(origin, of_all) for origin in rings["origin"]]
    columns = [c for c in rings.columns if c not in ("origin_zh", "origin_en")]
    at = columns.index("origin") + 1
    with_names = rings.assign(origin_zh=[zh for zh, _ in found], origin_en=[en for _, en in found])
    return with_names[[*columns[:at], "origin_zh", "origin_en", *columns[at:]]]


def collect_edges(
    builder: SurfaceBuilder,
    place: Place,
    mode: Mode,
    reading: Reading,
    cutoff_min: float,
    *,
    quantile: float = 0.5,
    reverse: bool = False,
) -> gpd.GeoDataFrame:
    """Return the roads reached within a cutoff as WGS84 lines, cut where the time runs out.

    Columns ``origin, mode, reading, scenario, timetable, cutoff_min, motorway, from_min, to_min``: minutes at the
    two ends in the direction of the line, so any smaller cutoff can be read from the same lines. A road open both ways
    is two lines.
    """
    import geopandas as gpd
    import pandas as pd

    labels = {"origin": place.place_id, "reading": reading.value, "scenario": builder.session.scenario_id}
    labels["timetable"] = builder.session.timetable_id
    parts = []
    for part, motorway, edges in builder.list_edges(place, mode, reading, quantile=quantile, reverse=reverse):
        lines = collect_reachable_edges(edges, builder.grid, min_to_s(cutoff_min))
        parts.append(lines.assign(**labels, mode=part.value, cutoff_min=cutoff_min, motorway=motorway))
    names = ["origin", "mode", "reading", "scenario", "timetable", "cutoff_min", "motorway", "from_min", "to_min"]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True)[[*names, "geometry"]], crs="EPSG:4326")


def collect_edges_of_all(
    builder: SurfaceBuilder,
    places: Sequence[Place],
    kind: tuple[Mode, Reading],
    cutoff_min: float,
    *,
    quantile: float = 0.5,
    reverse: bool = False,
) -> gpd.GeoDataFrame:
    """Return the roads reached from each of several places, one place after the other; see `collect_edges`."""
    import geopandas as gpd
    import pandas as pd

    lines = [collect_edges(builder, p, *kind, cutoff_min, quantile=quantile, reverse=reverse) for p in places]
    return gpd.GeoDataFrame(pd.concat(lines, ignore_index=True), crs="EPSG:4326")


def _list_tags(table: gpd.GeoDataFrame) -> dict[str, str]:
    """Return what a raster is of, as its tags: what stands alike in all rows of the rings or areas beside it."""
    wanted = ("origin", "mode", "reading", "base", "base_timetable", "scenario", "timetable")
    first = table.iloc[0] if len(table) else {}
    return {name: str(first[name]) for name in wanted if name in table.columns and table[name].nunique() == 1}


def check_isochrone_file(out: Path | None, *, is_change: bool = False) -> None:
    """Refuse a file whose suffix says no format, before the work whose result it is to take.

    Raises
    ------
    InputError
        ``unknown_format``; a comparison (`is_change`) has no page of its own.
    """
    known = (*RING_WRITERS, *RASTER_SUFFIXES) if is_change else (*RING_WRITERS, *RASTER_SUFFIXES, ".html")
    if out is None or out.suffix.lower() in known:
        return
    message, hint = "cannot tell the format of the isochrone", f"use {_KNOWN}, .tif or .html"
    if is_change:
        message = "cannot tell the format of the comparison"
        hint = f"use {_KNOWN} or .tif; pages of comparisons are written by `transit-model run`"
    raise InputError(Issue("unknown_format", "error", message, field="out", value=str(out), hint=hint))


def write_change(areas: gpd.GeoDataFrame, change: SurfaceChange, grid: Grid, out: Path) -> Path:
    """Write a comparison: areas (.geojson, .gpkg, .parquet) or the difference surface (.tif), and return the path.

    Raises
    ------
    InputError
        When the suffix is not known.
    """
    check_isochrone_file(out, is_change=True)
    make_parents(out)
    if out.suffix.lower() in RASTER_SUFFIXES:
        return export.write_change(change.change_s, grid, out, _list_tags(areas))
    return write_rings(areas, out)


@dataclass(frozen=True)
class PageChoices:
    """What a page of rings is to look like: language, online tiles (osm, amap or tianditu:KEY), projects to tell."""

    lang: str
    basemap: str | None = None
    projects: Sequence[Project] = ()


def write_isochrone(
    builder: SurfaceBuilder,
    place: Place,
    rings: gpd.GeoDataFrame,
    surface: Surface | None,
    out: Path,
    page: PageChoices,
    *,
    edges: gpd.GeoDataFrame | None = None,
) -> list[Path]:
    """Write rings or surface in the format of the suffix and return the paths written.

    With `edges` (of `collect_edges`) a .gpkg gets them as the layer ``reachable_edges``, a .geojson or .parquet as a
    sibling file ``<name>-edges``. A .html follows the choices for a `page`.

    Raises
    ------
    InputError
        When the suffix is not known, or rings without a surface of their own are wanted as a raster.
    """
    check_isochrone_file(out)
    suffix = out.suffix.lower()
    make_parents(out)
    if suffix == ".gpkg" and edges is not None:
        replace_file(out, lambda part: add_gpkg_layer(edges, write_rings(rings, part), EDGE_LAYER))
        return [out]
    if suffix in VECTOR:
        if edges is None:
            return [write_rings(rings, out)]
        beside = out.with_name(f"{out.stem}-edges{out.suffix}")
        # The edges take their place when the rings are made: what stands in the way of either is met before.
        replace_file(out, lambda part: (write_rings(rings, part), write_rings(edges, beside)))
        return [out, beside]
    if suffix in RASTER_SUFFIXES:
        if surface is None:
            hint = f"use {_KNOWN}, or ask for one place"
            raise InputError(Issue("no_surface", "error", "these rings have no one surface", field="out", hint=hint))
        return [write_surface(surface, out, _list_tags(rings))]
    from transit_model.pages.basemap_tiles import parse_basemap
    from transit_model.pages.page import Site
    from transit_model.pages.single_map import RingsShown, write_single_map
    from transit_model.pages.view_build import build_basemap, build_project_view

    network, tiles = builder.session.network, parse_basemap(page.basemap)
    views = tuple(build_project_view(p) for p in page.projects)
    kind, ground = describe_kind(rings), build_basemap(network)
    question = RingsShown(builder.session.window, kind, views)
    write_single_map(
        out, rings, place, ground, network.info, question, Site(lang=page.lang, tiles=tiles, follows=False)
    )
    return [out]
