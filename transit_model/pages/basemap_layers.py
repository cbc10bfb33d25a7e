"""The base map of a page: counties, and the roads, lines, stations and stops that stand in its scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from transit_model.pages.closed_lines import find_closed
from transit_model.pages.land_layers import list_shields
from transit_model.pages.palette import LINES
from transit_model.pages.shapes import encode_lines, encode_polygons
from transit_model.pages.text import is_missing, widen_punctuation
from transit_model.pages.view import ScenarioView, StudyView

if TYPE_CHECKING:
    import pandas as pd

ROAD_RANK: Final = {"motorway": 0, "trunk": 1, "primary": 2}
_LINE_TOLERANCE_DEGREE: Final = 0.001
_Item = dict[str, Any]
_Keep = Callable[[tuple[Any, ...], Callable[[], Any]], Any]
_Drawn = list[tuple[Any, _Item]]


def _make(_key: tuple[Any, ...], make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is made
    return make()


def list_ground(view: StudyView, scenario: str, others: Sequence[str] = (), keep: _Keep = _make) -> _Item:
    """Return counties, roads, rail and bus lines, stations, stops and road shields as they stand in a scenario.

    Parameters
    ----------
    others : sequence of str
        Further scenarios that the page shows, in time before the scenario. Their roads, lines and stations are there
        too, and what does not stand in all of the page's scenarios says in which it does (``in``). What stands in an
        earlier one and not in a later one is there once more for the later one, as ``closed``.
    keep : callable
        Keeps what does not depend on the scenario, so that a study draws it once; see `PageStore.keep`.
    """
    base = view.basemap
    main = view.get_scenario(scenario)
    shown = [main, *(view.get_scenario(i) for i in dict.fromkeys(others) if i != scenario)]
    # Only what the scenario adds stands out; projects that its base case has already are drawn like all else.
    new = set() if main.is_base and not main.base else {p.id for p in view.list_new_projects(main)}
    order = [*shown[1:], main]
    roads = keep(("roads",), lambda: _draw(base.roads, _draw_road))
    rail = keep(("rail",), lambda: _draw(base.rail, _draw_rail))
    bus = keep(("bus",), lambda: _draw(base.bus, _draw_rail))
    stops = keep(("bus_stops",), lambda: _draw(base.bus_stops, _draw_station))
    closed = {name: _list_closed(drawn, order) for name, drawn in (("roads", roads), ("rail", rail), ("bus", bus))}
    return {
        "lines": LINES,
        "counties": keep(("counties",), lambda: _list_counties(base.counties)),
        "roads": [*sorted(_choose(roads, shown, new), key=lambda r: -r["rank"]), *closed["roads"]],
        "rail": [*_choose(rail, shown, new), *closed["rail"]],
        "bus": [*_choose(bus, shown, new), *closed["bus"]],
        "stations": list(_choose(keep(("stations",), lambda: _draw(base.stations, _draw_station)), shown, new)),
        "stops": list(_choose(stops, shown, new)),
        "shields": list_shields(base.ground, _list_numbered(base.roads, shown)),
    }


def find_line_kinds(ground: _Item) -> set[str]:
    """Return which marks a legend needs beyond those of the base map: project, bus, closed, limited."""
    lines = [*ground["roads"], *ground["rail"], *ground["bus"]]
    kinds = {kind for kind in ("closed", "limited") if any(kind in one for one in lines)}
    if any("project" in one and not {"closed", "limited"} & set(one) for one in [*ground["roads"], *ground["rail"]]):
        kinds.add("project")
    return kinds | ({"bus"} if any("closed" not in one for one in ground["bus"]) else set())


def _list_closed(drawn: _Drawn, order: Sequence[ScenarioView]) -> list[_Item]:
    """Return what an earlier scenario has and a later one has not, with the later ones in ``in``."""
    standing = [[stands(row, s) for s in order] for row, _ in drawn]
    lines = [row["geometry"] for row, _ in drawn]
    out: dict[tuple[int, str], _Item] = {}
    for at, scenario in enumerate(order):
        for i, line in find_closed(lines, [own[: at + 1] for own in standing]):
            item = {k: v for k, v in drawn[i][1].items() if k not in ("project", "limited", "opened")}
            shape = encode_lines(line.simplify(_LINE_TOLERANCE_DEGREE))
            entry = out.setdefault((i, str(shape)), {**item, "g": shape, "closed": 1, "in": []})
            entry["in"].append(scenario.id)
    return list(out.values())


def _list_numbered(roads: Any, shown: Sequence[ScenarioView]) -> list[tuple[str, Any, bool]]:  # noqa: ANN401 - a table
    """Return number, line and whether a project adds it, of the roads that stand in all scenarios."""
    if roads is None:
        return []
    rows = roads[roads["ref"].notna() & (roads["ref"] != "")].to_dict("records")
    return [
        (str(row["ref"]), row["geometry"], not is_missing(row.get("project_id")))
        for row in rows
        if all(stands(row, s) for s in shown)
    ]


def _choose(drawn: _Drawn, shown: Sequence[ScenarioView], new: set[str]) -> Iterator[_Item]:
    for row, item in drawn:
        standing = [s.id for s in shown if stands(row, s)]
        if not standing:
            continue
        is_new = item.get("project") in new
        out = {k: v for k, v in item.items() if k not in ("project", "limited") or is_new}
        if len(standing) < len(shown):
            out["in"] = standing
        yield out


def stands(row: Any, scenario: ScenarioView) -> bool:  # noqa: ANN401 - a table row
    """Return True when a road, line or station is there in a scenario: its project is included, or it is open.

    Where the table says which scenarios have it, it stands in no other. Dates are compared as ISO text, so a bare
    year stands for its first day.
    """
    owners = row.get("scenarios")
    if isinstance(owners, tuple) and scenario.id not in owners:
        return False
    project = row.get("project_id")
    if not is_missing(project):
        return isinstance(owners, tuple) or str(project) in {p.id for p in scenario.projects}
    opened, closed = row.get("opened"), row.get("closed")
    if not scenario.as_of:
        return True
    started = is_missing(opened) or str(opened) <= scenario.as_of
    ended = not is_missing(closed) and str(closed) <= scenario.as_of
    return started and not ended


def _list_counties(counties: Any) -> list[_Item]:  # noqa: ANN401 - GeoJSON mapping or None
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


def _draw(table: pd.DataFrame | None, draw: Callable[[Any], _Item | None]) -> _Drawn:
    if table is None:
        return []
    rows = table.to_dict("records")
    return [(row, item) for row in rows if (item := draw(row)) is not None]


def _draw_road(row: Any) -> _Item:  # noqa: ANN401 - a table row
    item: _Item = {
        "rank": ROAD_RANK.get(str(row["highway"]), 3),
        "g": encode_lines(row["geometry"].simplify(_LINE_TOLERANCE_DEGREE)),
    }
    _copy(row, item, {"ref": "ref", "zh": "name_zh", "en": "name_en", "opened": "opened", "project": "project_id"})
    speed = row.get("maxspeed_kmh")
    if not is_missing(speed):
        item["v"] = float(speed)
    if not is_missing(row.get("toll")) and bool(row["toll"]):
        item["toll"] = 1
    if row.get("limited"):
        item["limited"] = 1
    return item


def _draw_rail(row: Any) -> _Item:  # noqa: ANN401 - a table row
    item: _Item = {"g": encode_lines(row["geometry"])}
    _copy(row, item, {"zh": "name_zh", "en": "name_en", "opened": "opened", "project": "project_id"})
    return item


def _draw_station(row: Any) -> _Item | None:  # noqa: ANN401 - a table row
    if is_missing(row["lon"]) or is_missing(row["lat"]):
        return None
    item: _Item = {"lat": round(float(row["lat"]), 5), "lon": round(float(row["lon"]), 5)}
    _copy(row, item, {"zh": "name_zh", "en": "name_en", "project": "project_id"})
    item = {k: v for k, v in item.items() if k != "project" or v}
    item.setdefault("en", item.get("zh", ""))
    return item


def _copy(row: Any, item: _Item, keys: dict[str, str]) -> None:  # noqa: ANN401 - a table row
    for short, name in keys.items():
        if not is_missing(row.get(name)):
            value = str(row[name])
            item[short] = widen_punctuation(value) if short == "zh" else value
