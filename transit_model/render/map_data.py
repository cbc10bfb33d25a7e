"""What a map page carries as data: rings, minutes, places and the base map, as small as can be read back exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from transit_model.render.names import Names
from transit_model.render.shapes import encode_lines, encode_polygons, simplify_rings
from transit_model.render.text import is_missing
from transit_model.render.view import READINGS, ScenarioView, StudyView

if TYPE_CHECKING:
    import pandas as pd

ROAD_RANK: Final = {"motorway": 0, "trunk": 1, "primary": 2}
_LINE_TOLERANCE_DEGREE: Final = 0.001
_Tree = dict[str, Any]


class RingStore:
    """Rings of a study ready for pages, each scenario prepared once for a tolerance, however many pages show it."""

    def __init__(self, view: StudyView) -> None:
        self._view = view
        self._rings: dict[tuple[str, float], _Tree] = {}

    def get_rings(self, scenario: str, tolerance_m: float) -> _Tree:
        """Return ``[cutoff, polygons]``, nearest first, by reading, mode, origin."""
        if (scenario, tolerance_m) not in self._rings:
            out: _Tree = {}
            for key, group in self._groups(scenario):
                shapes = simplify_rings(list(group.geometry), tolerance_m)
                cutoffs = [float(c) for c in group["cutoff_min"]]
                _put(out, key, [[c, encode_polygons(s)] for c, s in zip(cutoffs, shapes, strict=True)])
            self._rings[scenario, tolerance_m] = out
        return self._rings[scenario, tolerance_m]

    def get_rows(self, scenario: str) -> _Tree:
        """Return ``[cutoff, area_km2, population, raster_area_km2]`` by reading, mode, origin: the table's numbers."""
        out: _Tree = {}
        for key, group in self._groups(scenario):
            columns = [
                group[c].tolist() if c in group.columns else [None] * len(group)
                for c in ("cutoff_min", "area_km2", "population", "raster_area_km2")
            ]
            _put(out, key, [list(row) for row in zip(*columns, strict=True)])
        return out

    def _groups(self, scenario: str) -> Iterator[tuple[Any, Any]]:
        rings = self._view.rings
        part = rings[rings["scenario"] == scenario].sort_values("cutoff_min", kind="stable")
        yield from part.groupby(["reading", "mode", "origin"], sort=True)


def _put(tree: _Tree, key: Any, value: object) -> None:  # noqa: ANN401 - the tuple of a groupby
    *path, last = (str(k) for k in key)
    for step in path:
        tree = tree.setdefault(step, {})
    tree[last] = value


def list_minutes(view: StudyView, scenarios: Sequence[str], origins: Sequence[str]) -> _Tree:
    """Return the OD table from the origins by scenario, reading, mode, from, to.

    A value is ``[minutes, p10, p90, km, via, note]``, its empty tail cut off; minutes are null when out of reach. A
    pair that was not measured is not there.
    """
    out: _Tree = {}
    table = view.od[view.od["scenario"].isin(scenarios) & view.od["from"].isin(origins)]
    for row in table.to_dict("records"):
        if is_missing(row["minutes"]):
            continue
        value: list[float | str | None] = [_round(row.get(k)) for k in ("minutes", "p10", "p90", "km")]
        value += [None if is_missing(row.get(k)) else str(row[k]) for k in ("via", "note")]
        while len(value) > 1 and value[-1] is None:
            value.pop()
        _put(out, (row["scenario"], row["reading"], row["mode"], row["from"], row["to"]), value)
    return out


def _round(value: float | None) -> float | None:
    if is_missing(value) or value is None or value in (float("inf"), float("-inf")):
        return None
    return round(float(value), 2)


def list_places(view: StudyView) -> list[_Tree]:
    """Return the places, centres first, then county seats and the rest: the order in which labels claim room."""
    order = {"centre": 0, "alternative_centre": 1, "county_seat": 2, "airport": 3, "station": 4}
    names = Names(view)
    out = []
    for row in view.places.to_dict("records"):
        if is_missing(row["lon"]) or is_missing(row["lat"]):
            continue
        name = names(str(row["place_id"]))
        place = {
            "id": str(row["place_id"]),
            "kind": str(row["kind"]),
            "zh": name["zh"],
            "en": name["en"],
            "lat": round(float(row["lat"]), 5),
            "lon": round(float(row["lon"]), 5),
        }
        aliases = row.get("aliases")
        if not is_missing(aliases):
            place["aliases"] = str(aliases)
        out.append(place)
    centres = {c: i for i, c in enumerate(view.region.centres)}
    return sorted(out, key=lambda p: (centres.get(p["id"], 99), order.get(p["kind"], 9), p["id"]))


def list_basemap(view: StudyView, scenario: ScenarioView) -> _Tree:
    """Return counties, roads, rail lines and stations as they stand in a scenario."""
    base = view.basemap
    ground = {
        "counties": _list_counties(base.counties),
        "roads": _list_roads(base.roads, scenario),
        "rail": _list_rail(base.rail, scenario),
        "stations": _list_stations(base.stations, scenario),
    }
    # Only what the scenario adds stands out; projects that its base case has already are drawn like all else.
    new = set() if scenario.is_base and not scenario.base else {p.id for p in view.list_new_projects(scenario)}
    for item in (*ground["roads"], *ground["rail"], *ground["stations"]):
        if item.get("project") not in new:
            item.pop("project", None)
    return ground


def _list_counties(counties: Any) -> list[_Tree]:  # noqa: ANN401 - GeoJSON mapping or None
    from shapely.geometry import shape

    if counties is None:
        return []
    return [
        {
            "zh": f["properties"].get("name_zh", ""),
            "en": f["properties"].get("name_en", ""),
            "g": encode_polygons(shape(f["geometry"])),
        }
        for f in counties["features"]
    ]


def stands(row: Any, scenario: ScenarioView) -> bool:  # noqa: ANN401 - a table row
    """Return True when a road, line or station is there in a scenario: its project is included, or it is open.

    Dates are compared as ISO text, so a bare year stands for its first day.
    """
    project = row.get("project_id")
    if not is_missing(project):
        return str(project) in {p.id for p in scenario.projects}
    opened, closed = row.get("opened"), row.get("closed")
    if not scenario.as_of:
        return True
    started = is_missing(opened) or str(opened) <= scenario.as_of
    ended = not is_missing(closed) and str(closed) <= scenario.as_of
    return started and not ended


def _list_roads(roads: pd.DataFrame | None, scenario: ScenarioView) -> list[_Tree]:
    if roads is None:
        return []
    out = []
    for row in roads.to_dict("records"):
        if not stands(row, scenario):
            continue
        item: _Tree = {
            "rank": ROAD_RANK.get(str(row["highway"]), 3),
            "g": encode_lines(row["geometry"].simplify(_LINE_TOLERANCE_DEGREE)),
        }
        _copy(row, item, {"ref": "ref", "zh": "name_zh", "en": "name_en", "opened": "opened", "project": "project_id"})
        speed = row.get("maxspeed_kmh")
        if not is_missing(speed):
            item["v"] = float(speed)
        if not is_missing(row.get("toll")) and bool(row["toll"]):
            item["toll"] = 1
        out.append(item)
    return sorted(out, key=lambda r: -r["rank"])


def _list_rail(rail: pd.DataFrame | None, scenario: ScenarioView) -> list[_Tree]:
    if rail is None:
        return []
    out = []
    for row in rail.to_dict("records"):
        if stands(row, scenario):
            item: _Tree = {"g": encode_lines(row["geometry"])}
            _copy(row, item, {"zh": "name_zh", "en": "name_en", "opened": "opened", "project": "project_id"})
            out.append(item)
    return out


def _list_stations(stations: pd.DataFrame | None, scenario: ScenarioView) -> list[_Tree]:
    if stations is None:
        return []
    out = []
    for row in stations.to_dict("records"):
        if is_missing(row["lon"]) or is_missing(row["lat"]) or not stands(row, scenario):
            continue
        item: _Tree = {"lat": round(float(row["lat"]), 5), "lon": round(float(row["lon"]), 5)}
        _copy(row, item, {"zh": "name_zh", "en": "name_en", "project": "project_id"})
        item.setdefault("en", item.get("zh", ""))
        out.append(item)
    return out


def _copy(row: Any, item: _Tree, keys: dict[str, str]) -> None:  # noqa: ANN401 - a table row
    for short, name in keys.items():
        if not is_missing(row.get(name)):
            item[short] = str(row[name])


def list_choices(view: StudyView, scenarios: Sequence[str]) -> _Tree:
    """Return the modes, readings, cutoffs and origins that have rings in these scenarios, in display order."""
    from transit_model.render.view import MODES

    table = view.rings[view.rings["scenario"].isin(scenarios)]
    have = {k: set(table[k]) for k in ("mode", "reading", "origin")}
    origins = [c for c in view.region.centres if c in have["origin"]]
    return {
        "modes": [m for m in MODES if m in have["mode"]],
        "readings": [r for r in READINGS if r in have["reading"]],
        "origins": origins + sorted(have["origin"] - set(origins)),
        "cutoffs": sorted({float(c) for c in table["cutoff_min"]}),
    }
