"""One still map of a circle before and after a plan: for the front page and for paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from transit_model.pages import text
from transit_model.pages.basemap_layers import stands
from transit_model.pages.cell_rings import RingKey, draw_cell_rings, find_ragged_rings
from transit_model.pages.label_layout import Wish, place_labels
from transit_model.pages.names import Names
from transit_model.pages.shapes import Frame
from transit_model.pages.still_change import CALLOUT, Circle, draw_saved, wish_callout
from transit_model.pages.view import ScenarioView, StudyView

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Box = tuple[float, float, float, float]
STOP: Final = "bus_stop"
TOLERANCE_DEGREE: Final = 0.008
_RIVER_RANKS: Final = (1, 2)
_ROADS: Final = ("motorway",)
_SCALES_KM: Final = (10, 20, 25, 50, 100, 200)
_KM_PER_DEGREE: Final = 111.195
_PAD_DEGREE: Final = 0.12
_WIDTH: Final = 620.0
"""Width up to which names have their size; on a wider picture they grow with it."""
_RING: Final = 9.0
_STOP_ROOM: Final = 60.0
"""A new stop nearer to a centre than this, in units of the picture, is named by the centre: names would crowd it."""


@dataclass(frozen=True)
class Sheet:
    """How a still map lies on its sheet.

    Attributes
    ----------
    width : float
        Of the picture, in its own units.
    box : (west, south, east, north) or None
        What must be in view; the circles and the centres when absent.
    ratio : float or None
        Height over width; the box is widened to it.
    saves : bool
        Whether the cells that save or lose are drawn under the circle, and the number of people on a leader.
    named : tuple of str
        Places that are named before others, after the origin and the centres.
    """

    width: float
    box: Box | None = None
    ratio: float | None = None
    saves: bool = False
    named: tuple[str, ...] = ()


def find_circle(
    view: StudyView, scenario: str, circle: Circle, ragged: frozenset[RingKey] = frozenset()
) -> BaseGeometry | None:
    """Return the geometry of a circle of a scenario, None when it was not measured; `ragged` ones are whole cells."""
    origin, mode, reading, cutoff = circle
    rings = view.rings
    if view.cells is not None and (reading, mode, origin) in ragged:
        minutes = view.cells.minutes.get((scenario, origin, mode, reading))
        if minutes is not None:
            return draw_cell_rings(view.cells.lattice, minutes, [cutoff])[0]
    rows = rings[
        (rings["scenario"] == scenario)
        & (rings["origin"] == origin)
        & (rings["mode"] == mode)
        & (rings["reading"] == reading)
        & (rings["cutoff_min"] == cutoff)
    ]
    return rows.geometry.iloc[0] if len(rows) else None


def draw_circle_map(
    view: StudyView,
    base: ScenarioView,
    scenario: ScenarioView | None,
    circle: Circle,
    sheet: Sheet,
) -> dict[str, Any] | None:
    """Return the paths, labels and scale of a still map; None where the base has no such circle."""
    import shapely

    ragged = find_ragged_rings(view)
    before = find_circle(view, base.id, circle, ragged)
    after = find_circle(view, scenario.id, circle, ragged) if scenario is not None else None
    if before is None and after is None:
        return None
    empty = shapely.Polygon()
    before, after = before if before is not None else empty, after if after is not None else empty
    frame = Frame(_widen(sheet.box or _find_box(view, before, after), sheet.ratio), sheet.width)
    thin = [shapely.simplify(g, TOLERANCE_DEGREE) for g in (before, after)]
    added = shapely.difference(shapely.buffer(thin[1], 0), shapely.buffer(thin[0], 0))
    lines = _draw_lines(view, base, scenario, frame)
    pair = (base.id, scenario.id) if scenario is not None and sheet.saves else None
    callouts = wish_callout(view, frame, pair, circle) if pair else {}
    labels = _draw_labels(view, frame, (circle[0], *sheet.named), _list_new_stops(view, scenario), callouts)
    return {
        "width": sheet.width,
        "height": frame.height,
        "ground": _draw_counties(view, frame),
        "saved": draw_saved(view, frame, pair, circle) if pair else [],
        "before": frame.path(thin[0]),
        "after": frame.path(thin[1]),
        "added": frame.path(added),
        **lines,
        "dots": labels["dots"],
        "labels": labels["labels"],
        "scale": _choose_scale(frame),
        "locator": _locate(view, frame),
    }


def _find_box(view: StudyView, *shapes: BaseGeometry) -> Box:
    centres = view.places[view.places["place_id"].isin(view.region.centres)]
    bounds = [s.bounds for s in shapes if not s.is_empty]
    west = min([float(centres["lon"].min()), *(b[0] for b in bounds)]) - _PAD_DEGREE
    south = min([float(centres["lat"].min()), *(b[1] for b in bounds)]) - _PAD_DEGREE
    east = max([float(centres["lon"].max()), *(b[2] for b in bounds)]) + _PAD_DEGREE
    north = max([float(centres["lat"].max()), *(b[3] for b in bounds)]) + _PAD_DEGREE
    return west, south, east, north


def _widen(box: Box, ratio: float | None) -> Box:
    """Return a box of at least the same ground whose picture is `ratio` times as high as wide."""
    if ratio is None:
        return box
    west, south, east, north = box
    height = Frame(box, 1.0).height / 1.0
    if height < ratio:
        more = (north - south) * (ratio / height - 1) / 2
        return west, south - more, east, north + more
    more = (east - west) * (height / ratio - 1) / 2
    return west - more, south, east + more, north


def _draw_counties(view: StudyView, frame: Frame) -> list[str]:
    import shapely
    from shapely.geometry import shape

    if view.basemap.counties is None:
        return []
    shapes = [shape(f["geometry"]) for f in view.basemap.counties["features"]]
    return [d for s in shapely.coverage_simplify(shapes, 0.015) if (d := frame.path(s))]


def _draw_lines(view: StudyView, base: ScenarioView, scenario: ScenarioView | None, frame: Frame) -> dict[str, Any]:
    """Return rivers, main roads, railways, and what the scenario adds, as paths."""
    from shapely.geometry import shape

    ground, new = view.basemap.ground, {p.id for p in view.list_new_projects(scenario)} if scenario else set()
    shown = scenario or base
    rivers = [] if ground is None or ground.rivers is None else ground.rivers["features"]
    water = [shape(f["geometry"]) for f in rivers if int(f["properties"].get("rank", 9)) in _RIVER_RANKS]
    out: dict[str, list[str]] = {"roads": [], "rail": [], "projects": [], "bus": []}
    for kind, table in (("roads", view.basemap.roads), ("rail", view.basemap.rail)):
        for row in [] if table is None else table.to_dict("records"):
            if not stands(row, shown):
                continue
            is_new = not text.is_missing(row.get("project_id")) and str(row["project_id"]) in new
            if is_new or kind == "rail" or row["highway"] in _ROADS:
                out["projects" if is_new else kind].append(frame.path(row["geometry"].simplify(0.004)))
    for row in [] if view.basemap.bus is None else view.basemap.bus.to_dict("records"):
        if stands(row, shown) and str(row["project_id"]) in new:
            out["bus"].append(frame.path(row["geometry"].simplify(0.004)))
    return {
        "rivers": "".join(frame.path(g.simplify(0.004)) for g in water),
        **{kind: "".join(paths) for kind, paths in out.items()},
    }


def _list_new_stops(view: StudyView, scenario: ScenarioView | None) -> list[dict[str, Any]]:
    """Return the stops of bus lines that a scenario adds, as rows of places, but those called like a place."""
    if scenario is None or view.basemap.bus_stops is None:
        return []
    new = {p.id for p in view.list_new_projects(scenario)}
    known = set(view.places["name_zh"])
    return [
        {"place_id": row["stop_id"], "kind": STOP, **{k: row[k] for k in ("name_zh", "name_en", "lon", "lat")}}
        for row in view.basemap.bus_stops.to_dict("records")
        if stands(row, scenario) and str(row["project_id"]) in new and row["name_zh"] not in known
    ]


def _draw_labels(
    view: StudyView,
    frame: Frame,
    first: tuple[str, ...],
    stops: list[dict[str, Any]],
    callouts: dict[str, Wish],
) -> dict[str, Any]:
    """Return dots and the placed names in each language: the first, the centres, county seats, then new stops."""
    known, origin = Names(view), first[0]
    order = {c: i for i, c in enumerate(dict.fromkeys((origin, *view.region.centres, *first)))}
    by_stop = {str(r["place_id"]): {k: str(r[f"name_{k}"]) for k in ("zh", "en")} for r in stops}
    by_stop = {i: {**n, "zh": text.widen_punctuation(n["zh"])} for i, n in by_stop.items()}
    centres = [p for p in view.places.to_dict("records") if str(p["place_id"]) in view.region.centres]
    spots = [frame.point(p["lon"], p["lat"]) for p in centres if not text.is_missing(p["lon"])]

    def names(place: str) -> dict[str, str]:
        return by_stop.get(place) or dict(known(place))

    rows = [r for r in view.places.to_dict("records") if r["kind"] in ("centre", "county_seat")]
    rows = [r for r in [*rows, *stops] if not text.is_missing(r["lon"])]
    rows.sort(key=lambda r: (order.get(str(r["place_id"]), 99), r["kind"] == STOP, str(r["place_id"])))
    sheet_scale = max(1.0, frame.width / _WIDTH)
    inside: Any = [(r, *frame.point(r["lon"], r["lat"])) for r in rows]
    inside = [(r, x, y) for r, x, y in inside if 4 < x < frame.width - 4 and 4 < y < frame.height - 4]
    labels: dict[str, Any] = {}
    for lang in ("zh", "en"):
        wishes = [
            Wish(
                str(r["place_id"]),
                names(str(r["place_id"]))[lang],
                x,
                y,
                (10.5 if r["kind"] != "centre" and r["place_id"] != origin else 15.0) * sheet_scale,
                5.0 if str(r["place_id"]) in order else 2.5,
            )
            for r, x, y in inside
            if r["kind"] != STOP or all(math.hypot(x - cx, y - cy) > _STOP_ROOM for cx, cy in spots)
        ]
        if lang in callouts:
            wishes.insert(1, callouts[lang])  # the origin alone is named before
        taken = [(0.0, frame.height - 34.0, 130.0, frame.height), (frame.width - 30.0, 0.0, frame.width, 44.0)]
        placed = place_labels(wishes, (2.0, 2.0, frame.width - 2.0, frame.height - 2.0), taken)
        labels[lang] = [
            {
                "text": p.wish.text,
                "x": round(p.x, 1),
                "y": round(p.y, 1),
                "size": p.wish.size,
                "strong": p.wish.size > 12 * sheet_scale,
                "callout": p.wish.key == CALLOUT,
                "box": [round(v, 1) for v in p.box],
                "leader": None if p.leader is None else _lead(p.wish, p.leader),
            }
            for p in placed
        ]
    dots = [
        {
            "x": x,
            "y": y,
            "main": str(r["place_id"]) in order and r["kind"] != STOP,
            "origin": r["place_id"] == origin,
            "stop": r["kind"] == STOP,
        }
        for r, x, y in inside
    ]
    return {"dots": dots, "labels": labels}


def _lead(wish: Wish, end: tuple[float, float]) -> list[float]:
    """Return the point of a name, the end of its leader, and where that leaves a ring round the point."""
    dx, dy = end[0] - wish.x, end[1] - wish.y
    share = _RING / max(_RING, math.hypot(dx, dy))
    return [wish.x, wish.y, *(round(v, 1) for v in (*end, wish.x + share * dx, wish.y + share * dy))]


def _choose_scale(frame: Frame) -> dict[str, Any]:
    """Return a round length of at most a fourth of the picture, in km and in units of the picture."""
    per_km = frame.scale_y / _KM_PER_DEGREE
    km = max((k for k in _SCALES_KM if k * per_km <= frame.width / 4), default=_SCALES_KM[0])
    return {"km": km, "length": round(km * per_km, 1)}


def _locate(view: StudyView, frame: Frame) -> dict[str, Any]:
    """Return a small picture of the whole area with the box of the map in it."""
    west, south, east, north = view.region.bbox
    small = Frame((west, south, east, north), 64.0)
    right, bottom = frame.west + frame.width / frame.scale_x, frame.north - frame.height / frame.scale_y
    (x0, y0), (x1, y1) = small.point(frame.west, frame.north), small.point(right, bottom)
    inside = x0 > 0 or y0 > 0 or x1 < small.width or y1 < small.height
    return {
        "width": small.width,
        "height": small.height,
        "box": [x0, y0, round(x1 - x0, 1), round(y1 - y0, 1)],
        "show": inside,
    }
