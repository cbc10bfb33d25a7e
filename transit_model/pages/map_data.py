"""What a map page carries as data: rings, minutes, places and the base map, as small as can be read back exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from transit_model.domain.pinyin import list_readings
from transit_model.pages.basemap_layers import find_line_kinds, list_ground
from transit_model.pages.cell_layers import deflate, encode_layers, encode_raster
from transit_model.pages.cell_rings import (
    MOST_RAGGED,
    RingKey,
    draw_cell_rings,
    find_ragged_rings,
    measure_cell_km,
)
from transit_model.pages.change_data import list_facts
from transit_model.pages.land_layers import list_land
from transit_model.pages.locator import draw_locator
from transit_model.pages.names import Names
from transit_model.pages.shapes import encode_polygons, simplify_rings
from transit_model.pages.text import fill, format_count, is_missing, json_for_script, json_of_plain
from transit_model.pages.view import READINGS, StudyView

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from transit_model.surface.lattice import Lattice, Minutes

_Tree = dict[str, Any]
_Kept = TypeVar("_Kept")


class PageStore:
    """What the pages of one study share, each piece made once and kept as JSON text, however many pages show it.

    Rings are prepared once for a tolerance and a geometry: what a project leaves alone is the same text in every
    scenario.
    """

    def __init__(self, view: StudyView) -> None:
        self._view = view
        self._kept: dict[tuple[Any, ...], Any] = {}
        self._groups: dict[str, list[tuple[Any, pd.DataFrame]]] = {}
        rings = view.rings.sort_values("cutoff_min", kind="stable")
        for (scenario, *key), group in rings.groupby(["scenario", "reading", "mode", "origin"], sort=True):
            self._groups.setdefault(str(scenario), []).append((key, group))

    def keep(self, key: tuple[Any, ...], make: Callable[[], _Kept]) -> _Kept:
        """Return what was made under a key, made now when it is asked for first."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: _Kept = self._kept[key]
        return kept

    def get_raster(self) -> Markup:
        """Return `encode_raster`: the same on every map."""
        return self.keep(("raster",), lambda: json_for_script(encode_raster(self._view)))

    def get_cells(self, scenario: str, base: str | None = None) -> Markup:
        """Return `encode_layers` of a scenario, as differences to a base that is on the page too."""
        return self.keep(("cells", scenario, base), lambda: json_for_script(encode_layers(self._view, scenario, base)))

    def get_rings(self, scenario: str, tolerance_m: float) -> Markup:
        """Return ``[cutoff, polygons]``, nearest first, by reading, mode, origin."""

        def make() -> Markup:
            out: _Tree = {}
            for key, group in self._groups.get(scenario, []):
                _put(out, key, self._draw(scenario, key, group, tolerance_m))
            return pack(json_for_script(out))

        return self.keep(("rings", scenario, tolerance_m), make)

    def find_ragged_rings(self) -> frozenset[RingKey]:
        """Return `find_ragged_rings` of the study."""
        return self.keep(("ragged rings",), lambda: find_ragged_rings(self._view))

    def describe_drawing(self, tolerance_m: float) -> dict[str, str]:
        """Return how rings are drawn: the tolerance, and the rule of those drawn as squares if there are any."""
        said = fill("simplified", tolerance=format_count(tolerance_m))
        if self._view.cells is None or not self.find_ragged_rings():
            return said
        km = f"{measure_cell_km(self._view.cells.lattice):.1f}"
        more = fill("drawn_as_squares", ragged=f"{MOST_RAGGED:g}", km=km)
        return {"zh": said["zh"] + more["zh"], "en": f"{said['en']} {more['en']}"}

    def _draw(self, scenario: str, key: Sequence[object], group: pd.DataFrame, tolerance_m: float) -> Markup:
        cutoffs = [int(c) if float(c).is_integer() else float(c) for c in group["cutoff_min"]]
        shapes = list(group["geometry"])
        reading, mode, origin = (str(k) for k in key)
        cells = self._view.cells
        if (reading, mode, origin) in self.find_ragged_rings() and cells is not None:
            minutes = cells.minutes.get((scenario, origin, mode, reading))
            if minutes is not None:
                return self._draw_cells(cells.lattice, minutes, cutoffs)

        def make() -> Markup:
            simple = simplify_rings(shapes, tolerance_m)
            return json_of_plain([[c, encode_polygons(s)] for c, s in zip(cutoffs, simple, strict=True)])

        return self.keep(("ring", *cutoffs, tolerance_m, *(s.wkb for s in shapes)), make)

    def _draw_cells(self, lattice: Lattice, minutes: Minutes, cutoffs: Sequence[float]) -> Markup:
        def make() -> Markup:
            drawn = draw_cell_rings(lattice, minutes, cutoffs)
            return json_of_plain([[c, encode_polygons(s)] for c, s in zip(cutoffs, drawn, strict=True)])

        return self.keep(("cell ring", *cutoffs, minutes.tobytes()), make)

    def get_rows(self, scenario: str) -> Markup:
        """Return ``[cutoff, area_km2, population, raster_area_km2]`` by reading, mode, origin: the table's numbers."""
        return self.keep(("rows", scenario), lambda: json_for_script(self._list_rows(scenario)))

    def _list_rows(self, scenario: str) -> _Tree:
        out: _Tree = {}
        for key, group in self._groups.get(scenario, []):
            columns = [
                group[c].tolist() if c in group.columns else [None] * len(group)
                for c in ("cutoff_min", "area_km2", "population", "raster_area_km2")
            ]
            _put(out, key, [list(row) for row in zip(*columns, strict=True)])
        return out

    def get_minutes(self, scenario: str, origins: Sequence[str]) -> Markup:
        """Return `list_minutes` of one scenario."""
        key = ("minutes", scenario, *origins)
        return self.keep(key, lambda: pack(json_of_plain(list_minutes(self._view, scenario, origins))))

    def get_change(self, base: str, scenario: str) -> Markup:
        """Return `change_data.list_facts` of a comparison."""
        key = ("change", base, scenario)
        return self.keep(key, lambda: pack(json_of_plain(list_facts(self._view, base, scenario))))

    def get_services(self, scenario: str) -> Markup:
        """Return ``[service, zh, en, minutes, rank, of]`` by seat."""

        def make() -> Markup:
            out: _Tree = {}
            table = self._view.services
            for row in [] if table is None else table[table["scenario"] == scenario].to_dict("records"):
                minutes = float(row["minutes"])
                rank = None if is_missing(row["rank"]) else int(row["rank"])
                shown = round(minutes, 2) if math.isfinite(minutes) else None
                entry = [row["service"], row["name_zh"], row["name_en"], shown, rank, int(row["of"])]
                out.setdefault(str(row["place"]), []).append(entry)
            return pack(json_for_script(out))

        return self.keep(("services", scenario), make)

    def get_routes(self, scenario: str) -> Markup:
        """Return `list_routes` of one scenario."""
        return self.keep(("routes", scenario), lambda: pack(json_for_script(list_routes(self._view, scenario))))

    def get_places(self) -> Markup:
        """Return `list_places`."""
        return self.keep(("places",), lambda: json_for_script(list_places(self._view)))

    def get_locator(self) -> Markup:
        """Return `draw_locator`: the same on every map."""
        return self.keep(("locator",), lambda: json_for_script(draw_locator(self._view)))

    def get_land(self) -> Markup:
        """Return `list_land`: the same on every map."""
        return self.keep(("land",), lambda: json_for_script(list_land(self._view.basemap.ground)))

    def get_ground(self, scenario: str, others: Sequence[str] = ()) -> Markup:
        """Return `list_ground` of a scenario."""
        key = ("ground", scenario, *others)
        return self.keep(key, lambda: pack(json_for_script(self._list_ground(scenario, others))))

    def get_line_kinds(self, scenario: str, others: Sequence[str] = ()) -> list[str]:
        """Return `find_line_kinds` of the ground of a scenario, sorted."""
        return sorted(find_line_kinds(self._list_ground(scenario, others)))

    def _list_ground(self, scenario: str, others: Sequence[str]) -> _Tree:
        key = ("list of ground", scenario, *others)
        return self.keep(key, lambda: list_ground(self._view, scenario, others, self.keep))


def pack(content: Markup) -> Markup:
    """Return JSON that holds other JSON deflated: ``z`` the stream of `deflate`, ``n`` the bytes it gives."""
    data = content.encode("utf-8")
    return json_of_plain({"z": deflate(data), "n": len(data)})


def _put(tree: _Tree, key: Any, value: object) -> None:  # noqa: ANN401 - the tuple of a groupby
    *path, last = (str(k) for k in key)
    for step in path:
        tree = tree.setdefault(step, {})
    tree[last] = value


def list_minutes(view: StudyView, scenario: str, origins: Sequence[str]) -> _Tree:
    """Return the OD table of a scenario from the origins by reading, mode, from, to.

    A value is ``[minutes, p10, p90, km, via, note]``, its empty tail cut off; minutes are null when out of reach. A
    pair that was not measured is not there.
    """
    out: _Tree = {}
    table = view.od[(view.od["scenario"] == scenario) & view.od["from"].isin(origins)]
    numbers = [_round_all(table, k) for k in ("minutes", "p10", "p90", "km")]
    words = [_read_words(table, k) for k in ("via", "note")]
    known = table["minutes"].notna().tolist()
    keys = zip(*(table[k].astype(str).tolist() for k in ("reading", "mode", "from", "to")), strict=True)
    for key, measured, *cells in zip(keys, known, *numbers, *words, strict=True):
        if not measured:
            continue
        value: list[float | int | str | None] = cells
        while len(value) > 1 and value[-1] is None:
            value.pop()
        _put(out, key, value)
    return out


def list_routes(view: StudyView, scenario: str) -> _Tree:
    """Return the roads of the quickest ways by from and to: ``[ref, km]`` in order, then the km on all others.

    A third entry, 1, marks a road of a project that the scenario adds to its base.
    """
    out: _Tree = {}
    if view.routes is None:
        return out
    new = {p.id for p in view.list_new_projects(view.get_scenario(scenario))}
    table = view.routes[view.routes["scenario"] == scenario]
    for key, ref, project, km in zip(
        zip(table["from"], table["to"], strict=True), table["ref"], table["project"], table["km"], strict=True
    ):
        steps = out.setdefault(str(key[0]), {}).setdefault(str(key[1]), [])
        steps.append([ref, km, 1] if project in new else [ref, km] if ref else km)
    return out


def _round_all(table: pd.DataFrame, column: str) -> list[float | int | None]:
    """Return a column to two decimals as JSON writes it: whole numbers without a point, None where there is none."""
    if column not in table.columns:
        return [None] * len(table)
    values = [round(float(v), 2) if math.isfinite(v) else None for v in table[column].astype(float).tolist()]
    return [int(v) if v is not None and v.is_integer() else v for v in values]


def _read_words(table: pd.DataFrame, column: str) -> list[str | None]:
    if column not in table.columns:
        return [None] * len(table)
    return [None if is_missing(v) else str(v) for v in table[column].tolist()]


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
        place["py"] = " ".join(spell_pinyin(name["zh"]))
        aliases = row.get("aliases")
        if not is_missing(aliases):
            place["aliases"] = str(aliases)
        out.append(place)
    centres = {c: i for i, c in enumerate(view.region.centres)}
    return sorted(out, key=lambda p: (centres.get(p["id"], 99), order.get(p["kind"], 9), p["id"]))


def spell_pinyin(name: str) -> tuple[str, str]:
    """Return a Chinese name in pinyin without tones and spaces, and its initials: 包头 is (`baotou`, `bt`)."""
    sounds = [readings[0] for readings in list_readings(name) if readings]
    return "".join(sounds), "".join(s[0] for s in sounds)


def list_choices(view: StudyView, scenarios: Sequence[str]) -> _Tree:
    """Return the modes, readings, cutoffs and origins that have rings in these scenarios, in display order."""
    from transit_model.pages.view import MODES

    table = view.rings[view.rings["scenario"].isin(scenarios)]
    have = {k: set(table[k]) for k in ("mode", "reading", "origin")}
    origins = [c for c in view.region.centres if c in have["origin"]]
    return {
        "modes": [m for m in MODES if m in have["mode"]],
        "readings": [r for r in READINGS if r in have["reading"]],
        "origins": origins + sorted(have["origin"] - set(origins)),
        "cutoffs": sorted({float(c) for c in table["cutoff_min"]}),
    }
