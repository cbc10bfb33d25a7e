"""Everything that has a name and can be asked for: places, stations, nodes, roads, scenarios, projects, goals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transit_model.assumptions import read_default_assumptions
from transit_model.goals.schema import load_goals
from transit_model.measure.opportunities import TABLE, list_layers
from transit_model.measure.places import PlaceIndex
from transit_model.measure.workspace import Workspace
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.region.pack import read_region
from transit_model.scenario.load import list_scenarios, load_projects
from transit_model.store.library import Library
from transit_model.store.resources import find_inputs
from transit_model.units import m_to_km


@dataclass(frozen=True)
class Thing:
    """Something with a name.

    Attributes
    ----------
    what : str
        Its kind of thing, a key of `WHAT_NAMES`.
    thing_id : str
        What is typed or written for it.
    kind : str
        Its kind among those: county_seat, interchange, motorway, rail_line.
    aliases : tuple of str
        Other names under which it is found.
    ref : str
        Number of a road, ``;`` between several.
    stop_id : str
        What files of projects call a station.
    use : str
        Where the id is typed or written.
    lon, lat : float or None
    """

    what: str
    thing_id: str
    name_zh: str
    name_en: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    ref: str = ""
    stop_id: str = ""
    use: str = ""
    lon: float | None = None
    lat: float | None = None
    length_km: float | None = None

    def as_row(self) -> dict[str, Any]:
        """Return the row of ``find`` and ``data list``; None where it has nothing to say."""
        return {
            "what": self.what,
            "id": self.thing_id,
            "name_zh": self.name_zh,
            "name_en": self.name_en,
            "kind": self.kind,
            "ref": self.ref,
            "stop_id": self.stop_id,
            "lon": None if self.lon is None else round(self.lon, 5),
            "lat": None if self.lat is None else round(self.lat, 5),
            "km": None if self.length_km is None else round(self.length_km, 3),
            "use": self.use,
        }


@dataclass(frozen=True)
class Inventory:
    """Where things are looked up: a network, and a library of scenarios where the region has one."""

    network: Network
    library: Library | None

    @classmethod
    def open(cls, region: str | None = None, scenarios: Path | None = None, scenario: str | None = None) -> Inventory:
        """Open what a scenario has; a region that has no scenarios yet is read as it was built.

        Raises
        ------
        InputError
            When the pack or the scenario cannot be read.
        """
        where, folders = find_inputs(region, scenarios, needed=scenario is not None)
        if folders:
            workspace = Workspace.open(region, scenarios)
            return cls(workspace.network(workspace.choose(scenario)), workspace.library)
        pack = read_region(where)
        assumptions = read_default_assumptions().with_changes(**pack.info.assumptions)
        return cls(build_network(pack, pack.info.built_as_of, assumptions), None)

    def list_things(self, whats: Sequence[str] = ()) -> list[Thing]:
        """Return the things of some kinds (default: all), in the order of `WHAT_NAMES` and of their tables."""
        return [t for what, listing in _LISTINGS.items() if not whats or what in whats for t in listing(self)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _split(aliases: object) -> tuple[str, ...]:
    return tuple(part.strip() for part in _text(aliases).split(";") if part.strip())


def _list_places(has: Inventory) -> list[Thing]:
    aliases = {str(r["place_id"]): _split(r.get("aliases")) for r in has.network.places.to_dict("records")}
    return [
        Thing(
            "place", p.place_id, p.name_zh, p.name_en, p.kind, (*aliases.get(p.place_id, ()), p.adcode),
            use="--from, --to, goals", lon=p.at.lon, lat=p.at.lat,
        )
        for p in PlaceIndex(has.network).places
        if not p.stop_id
    ]  # fmt: skip


def _list_stations(has: Inventory) -> list[Thing]:
    described = {str(r["stop_id"]): r for r in has.network.stations.to_dict("records")}
    out = []
    for p in PlaceIndex(has.network).places:
        if not p.stop_id:
            continue
        row = described.get(p.stop_id, {})
        names = (p.name_zh.removesuffix("站"), p.name_en.removesuffix(" station"), _text(row.get("telecode")))
        out.append(
            Thing(
                "station",
                p.place_id,
                p.name_zh,
                p.name_en,
                p.kind,
                (*names, *_split(row.get("aliases"))),
                stop_id=p.stop_id,
                use="--from, --to; stop_id",
                lon=p.at.lon,
                lat=p.at.lat,
            )
        )
    return out


def _list_nodes(has: Inventory) -> list[Thing]:
    nodes = has.network.nodes
    return [
        Thing(
            "node", str(r["node_id"]), _text(r.get("name_zh")), _text(r.get("name_en")), _text(r.get("kind")),
            use="from, to, node", lon=float(r["lon"]), lat=float(r["lat"]),
        )
        for r in nodes.to_dict("records")
    ]  # fmt: skip


def _list_roads(has: Inventory) -> list[Thing]:
    nodes = has.network.nodes
    zh, en = (
        {str(i): _text(n) or str(i) for i, n in zip(nodes["node_id"], nodes[c], strict=True)}
        if c in nodes.columns
        else {}
        for c in ("name_zh", "name_en")
    )
    out = []
    for r in has.network.links.drop_duplicates("road_id").to_dict("records"):
        ends = [str(r["from_node_id"]), str(r["to_node_id"])]
        ref, name = _text(r.get("ref")), _text(r.get("name_zh"))
        between = (" – ".join(zh.get(e, e) for e in ends), " – ".join(en.get(e, e) for e in ends))
        out.append(
            Thing(
                "road",
                str(r["road_id"]),
                f"{name} {between[0]}".strip(),
                f"{ref} {between[1]}".strip(),
                _text(r.get("highway")),
                (name, *ref.replace("/", ";").split(";")),
                ref=ref,
                use="roads",
                length_km=m_to_km(float(r["length_m"])),
            )
        )
    return out


def _list_scenarios(has: Inventory) -> list[Thing]:
    return [
        Thing(
            "scenario", e.scenario_id, e.title.zh, e.title.en, "base case" if e.is_base_case else "", use="--scenario"
        )
        for e in (list_scenarios(has.library) if has.library is not None else ())
    ]


def _list_projects(has: Inventory) -> list[Thing]:
    return [
        Thing("project", p.id, p.title.zh, p.title.en, str(p.kind), use="projects")
        for p in (load_projects(has.library) if has.library is not None else ())
    ]


def _list_goals(has: Inventory) -> list[Thing]:
    if has.library is None or not has.library.list_files("goals"):
        return []
    return [Thing("goal", g.id, g.title.zh, g.title.en, g.kind, use="--goal") for g in load_goals(has.library)]


def _list_layers(has: Inventory) -> list[Thing]:
    table = has.network.pack_tables.get(TABLE)
    counts = {} if table is None else table["layer"].value_counts().to_dict() if "layer" in table.columns else {}
    return [
        Thing("layer", name, name, name, f"{counts[name]} points", use="--opportunities")
        for name in list_layers(has.network)
    ]


_LISTINGS: Final[Mapping[str, Callable[[Inventory], list[Thing]]]] = {
    "place": _list_places,
    "station": _list_stations,
    "node": _list_nodes,
    "road": _list_roads,
    "scenario": _list_scenarios,
    "project": _list_projects,
    "goal": _list_goals,
    "layer": _list_layers,
}
WHAT_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "place": {"zh": "地点", "en": "place"},
    "station": {"zh": "车站", "en": "station"},
    "node": {"zh": "道路节点", "en": "road node"},
    "road": {"zh": "路段", "en": "road"},
    "scenario": {"zh": "方案", "en": "scenario"},
    "project": {"zh": "项目", "en": "project"},
    "goal": {"zh": "目标", "en": "goal"},
    "layer": {"zh": "机会点图层", "en": "layer of opportunities"},
    "indicator": {"zh": "指标", "en": "indicator"},
}
"""Kinds of things, in the order they are listed; indicators are added by who knows them."""
