"""Small multiples: one picture a scenario and centre, as inline SVG made from the ring geometries."""

from __future__ import annotations

from typing import Any, Final

from transit_model.pages.map_data import PageStore
from transit_model.pages.names import Names
from transit_model.pages.palette import ring_colours
from transit_model.pages.shapes import Frame, simplify_rings
from transit_model.pages.view import StudyView

WIDTH: Final = 260.0
TOLERANCE_M: Final = 1500.0


def draw_small_maps(view: StudyView, store: PageStore) -> dict[str, Any]:
    """Return ``rows`` (one a scenario, one cell a centre), the shared ``ground`` and the frame's size."""
    import geopandas as gpd

    rings = view.rings
    if len(rings) == 0:
        return {"rows": [], "width": WIDTH, "height": 0, "ground": [], "cutoffs": []}
    mode, reading = choose_mode_and_reading(view)
    chosen: gpd.GeoDataFrame = rings[(rings["mode"] == mode) & (rings["reading"] == reading)]
    frame = Frame(_find_extent(view, chosen), WIDTH)
    cutoffs = sorted({float(c) for c in chosen["cutoff_min"]})
    colours = dict(zip(cutoffs, ring_colours(len(cutoffs)), strict=True))
    names, captions = Names(view), choose_captions(cutoffs)
    rows: list[dict[str, Any]] = []
    for scenario in view.scenarios:
        cells = []
        for origin in view.region.centres:
            group = chosen[(chosen["scenario"] == scenario.id) & (chosen["origin"] == origin)].sort_values("cutoff_min")
            if len(group) == 0:
                continue
            paths = _draw_paths(list(group.geometry), frame, store)
            layers = [
                {"d": d, "fill": colours[float(cutoff)]} for d, cutoff in zip(paths, group["cutoff_min"], strict=True)
            ]
            cells.append(
                {
                    "origin": origin,
                    "name": names(origin),
                    "layers": [layer for layer in reversed(layers) if layer["d"]],
                    "captions": [
                        {"cutoff": float(r["cutoff_min"]), "people": r.get("population"), "area": r.get("area_km2")}
                        for r in group[group["cutoff_min"].isin(captions)].to_dict("records")
                    ],
                }
            )
        same = next((row for row in rows if row["cells"] == cells), None)
        if same is not None:
            same["scenarios"].append(scenario)
        elif cells:
            projects = view.list_new_projects(scenario)
            rows.append({"scenario": scenario, "scenarios": [scenario], "projects": projects, "cells": cells})
    return {
        "rows": rows,
        "width": WIDTH,
        "height": frame.height,
        "ground": _draw_ground(view, frame),
        "dots": [
            {"id": p["place_id"], "at": frame.point(p["lon"], p["lat"])}
            for p in view.places.to_dict("records")
            if p["place_id"] in view.region.centres
        ],
        "cutoffs": [{"minutes": c, "fill": colours[c]} for c in cutoffs],
        "mode": mode,
        "reading": reading,
        "tolerance_m": TOLERANCE_M,
    }


def _draw_paths(rings: list[Any], frame: Frame, store: PageStore) -> list[str]:
    """Return the SVG path of each ring; what scenarios share is drawn once."""
    key = ("small", *(r.wkb for r in rings))
    paths: list[str] = store.keep(key, lambda: [frame.path(s) for s in simplify_rings(rings, TOLERANCE_M)])
    return paths


def choose_captions(cutoffs: list[float]) -> list[float]:
    """Return the cutoffs that a small map tells in words: the widest, and the one nearest to half of it."""
    widest = max(cutoffs)
    return sorted({min(cutoffs, key=lambda c: abs(c - widest / 2)), widest})


def choose_mode_and_reading(view: StudyView) -> tuple[str, str]:
    """Return the mode and reading of the small maps: the wished ones, or the first that there are."""
    have = view.rings[["mode", "reading"]].drop_duplicates().itertuples(index=False, name=None)
    pairs = [(str(m), str(r)) for m, r in have]
    if view.small_map in pairs:
        return view.small_map
    same_reading = [p for p in pairs if p[1] == view.small_map[1]]
    return (same_reading or pairs)[0]


def _find_extent(view: StudyView, rings: Any) -> tuple[float, float, float, float]:  # noqa: ANN401 - GeoDataFrame
    west, south, east, north = (float(v) for v in rings.total_bounds)
    box = view.region.bbox
    pad = 0.15
    return max(west - pad, box[0]), max(south - pad, box[1]), min(east + pad, box[2]), min(north + pad, box[3])


def _draw_ground(view: StudyView, frame: Frame) -> list[str]:
    """Return the paths of the counties' outlines, coarse."""
    import shapely
    from shapely.geometry import shape

    if view.basemap.counties is None:
        return []
    shapes = [shape(f["geometry"]) for f in view.basemap.counties["features"]]
    simple = shapely.coverage_simplify(shapes, 0.02)
    return [d for s in simple if (d := frame.path(s))]
