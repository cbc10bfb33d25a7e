"""What differs between the inputs of two scenarios, before anything is measured, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pandas as pd

from transit_model.catalogue.route_summary import count_retimed, describe_route, summarise_routes
from transit_model.domain.region import Text
from transit_model.measure.workspace import Workspace
from transit_model.network.model import Network
from transit_model.scenario.base_schema import Project
from transit_model.scenario.compose import Scenario
from transit_model.scenario.kinds.words import HIGHWAY_NAMES
from transit_model.scenario.other_schema import FLAGS
from transit_model.scenario.policy_edit import PLACES_CLOSED, PLACES_OPENED
from transit_model.units import m_to_km

Change = Literal["added", "removed", "changed"]
SECTIONS: Mapping[str, Text] = {
    "base": {"zh": "基准", "en": "base"},
    "project": {"zh": "项目", "en": "project"},
    "override": {"zh": "改动", "en": "override"},
    "road": {"zh": "公路", "en": "road"},
    "stop": {"zh": "车站", "en": "stop"},
    "route": {"zh": "班次", "en": "service"},
    "assumption": {"zh": "参数", "en": "assumption"},
    "rule": {"zh": "规则", "en": "rule"},
}
CHANGES: Mapping[str, Text] = {
    "added": {"zh": "增加", "en": "added"},
    "removed": {"zh": "减少", "en": "removed"},
    "changed": {"zh": "改变", "en": "changed"},
}
_ROAD_FIELDS = ("from_node_id", "to_node_id", "oneway", "highway", "ref", "length_m", "maxspeed_kmh", "toll", "area")
_FIELD_NAMES: Mapping[str, Text] = {
    "as_of": {"zh": "公路截至", "en": "roads of"},
    "base": {"zh": "基准方案", "en": "base case"},
    "order": {"zh": "项目次序", "en": "order of the projects"},
    "from_node_id": {"zh": "起点", "en": "from"},
    "to_node_id": {"zh": "终点", "en": "to"},
    "oneway": {"zh": "单行", "en": "one way"},
    "highway": {"zh": "等级", "en": "class"},
    "ref": {"zh": "编号", "en": "number"},
    "length_km": {"zh": "长度（公里）", "en": "length (km)"},
    "maxspeed_kmh": {"zh": "速度（公里/小时）", "en": "speed (km/h)"},
    "toll": {"zh": "收费", "en": "toll"},
    "area": {"zh": "地段", "en": "area"},
    "departures": {"zh": "全日班次（两方向）", "en": "departures a day (both directions)"},
    "headway_min": {"zh": "最小间隔（分钟）", "en": "shortest headway (min)"},
    "first_departure": {"zh": "首班", "en": "first departure"},
    "last_departure": {"zh": "末班", "en": "last departure"},
    "fastest_min": {"zh": "全程最快（分钟）", "en": "fastest end to end (min)"},
    "retimed": {"zh": "改点的车次", "en": "trips with other times"},
    PLACES_OPENED: {"zh": "启用的地点", "en": "places opened"},
    PLACES_CLOSED: {"zh": "停用的地点", "en": "places closed"},
}


@dataclass(frozen=True)
class Difference:
    """One input that differs: what it was in the first scenario, what it is in the second, in words."""

    section: str
    item: str
    change: Change
    field: str
    before: Any
    after: Any
    zh: str
    en: str

    def as_dict(self) -> dict[str, Any]:
        """Return the difference as plain data."""
        return asdict(self)


def diff_scenarios(workspace: Workspace, first: str, second: str) -> list[Difference]:
    """Return what differs in the inputs of two scenarios of a workspace; an empty list means the same inputs.

    Base date, projects, overrides; then the tables they lead to: roads with length (km), speed (km/h), class and
    toll, stops, departures and headways by route, assumptions, rules.

    Raises
    ------
    ScenarioError
        When one of them is not known or cannot be applied.
    """
    a, b = workspace.scenario(first), workspace.scenario(second)
    return [*diff_files(a, b), *diff_networks(workspace.network(first), workspace.network(second))]


def diff_files(a: Scenario, b: Scenario) -> list[Difference]:
    """Return what differs in the files: base, projects, overrides."""
    out = [
        *_compare("base", "", {"as_of": a.as_of.isoformat()}, {"as_of": b.as_of.isoformat()}),
        *_compare("base", "", {"base": a.base_id or a.scenario_id}, {"base": b.base_id or b.scenario_id}),
    ]
    in_a, in_b = ({p.id: p for p in s.projects} for s in (a, b))
    out += [_project(p, "removed") for i, p in in_a.items() if i not in in_b]
    out += [_project(p, "added") for i, p in in_b.items() if i not in in_a]
    orders = [", ".join(i for i in x if i in y) for x, y in ((in_a, in_b), (in_b, in_a))]
    out += _compare("project", "", {"order": orders[0]}, {"order": orders[1]})
    for key in dict.fromkeys([*a.overrides, *b.overrides]):
        written = a.old_values[key] if key in a.overrides else b.old_values[key]
        values = [s.overrides.get(key, written) for s in (a, b)]
        item, _, field = key.partition(".")
        out += _compare("override", item, {field: values[0]}, {field: values[1]})
    return out


def diff_networks(a: Network, b: Network) -> list[Difference]:
    """Return what differs in the tables of two networks: roads, stops, services, assumptions, rules."""
    return [*_diff_roads(a, b), *_diff_stops(a, b), *_diff_routes(a, b), *_diff_assumptions(a, b), *_diff_rules(a, b)]


def list_roads_by_id(network: Network) -> dict[str, dict[str, Any]]:
    """Return one record a road, both directions in one: the columns of `ROAD_LINKS` that matter for a time."""
    links = network.links
    both_ways = set(links.loc[links["link_id"] != links["road_id"], "road_id"])
    first = links[~links.duplicated("road_id")]
    records = first.assign(oneway=~first["road_id"].isin(both_ways))[["road_id", *_ROAD_FIELDS]].to_dict("records")
    return {str(r.pop("road_id")): {str(k): v for k, v in r.items()} for r in records}


def _diff_roads(a: Network, b: Network) -> Iterator[Difference]:
    before, after = list_roads_by_id(a), list_roads_by_id(b)
    names = {**_name_nodes(a), **_name_nodes(b)}
    for road_id in sorted({*before, *after}):
        old, new = before.get(road_id), after.get(road_id)
        if old == new:
            continue
        text = {lang: _tell_road(new or old or {}, names, lang) for lang in ("zh", "en")}
        if old is not None and new is not None:
            about = {lang: _name_road(new, names, lang) for lang in ("zh", "en")}
            yield from _compare("road", road_id, _humane(old), _humane(new), about)
        elif new is not None:
            yield Difference("road", road_id, "added", "", None, _humane(new), text["zh"], text["en"])
        else:
            yield Difference("road", road_id, "removed", "", _humane(old or {}), None, text["zh"], text["en"])


def _humane(road: Mapping[str, Any]) -> dict[str, Any]:
    out = {k: v for k, v in road.items() if k != "length_m"}
    return {**out, "length_km": round(m_to_km(road["length_m"]), 3)}


def _name_nodes(network: Network) -> dict[str, Text]:
    nodes = network.nodes
    return {
        str(n): {"zh": str(zh or n), "en": str(en or n)}
        for n, zh, en in zip(nodes["node_id"], nodes["name_zh"], nodes["name_en"], strict=True)
    }


def _name_road(road: Mapping[str, Any], names: Mapping[str, Text], lang: str) -> str:
    way = " - ".join(names[str(road[end])][lang] for end in ("from_node_id", "to_node_id"))
    return f"{road['ref']} {way}".strip()


def _tell_road(road: Mapping[str, Any], names: Mapping[str, Text], lang: str) -> str:
    name = _name_road(road, names, lang)
    kind = HIGHWAY_NAMES.get(str(road["highway"]), {}).get(lang, str(road["highway"]))
    km, kmh = m_to_km(road["length_m"]), road["maxspeed_kmh"]
    if lang == "zh":
        return f"{name}：{km:.1f} 公里，{kind}，{kmh:g} 公里/小时，{'收费' if road['toll'] else '不收费'}"
    return f"{name}: {km:.1f} km, {kind}, {kmh:g} km/h, {'toll' if road['toll'] else 'no toll'}"


def _diff_stops(a: Network, b: Network) -> Iterator[Difference]:
    before, after = (_name_stops(n) for n in (a, b))
    for stop in sorted({*before} ^ {*after}):
        name = (after if stop in after else before)[stop]
        change: Change = "added" if stop in after else "removed"
        old, new = (None, name["zh"]) if stop in after else (name["zh"], None)
        yield Difference("stop", stop, change, "", old, new, name["zh"], name["en"])


def _name_stops(network: Network) -> dict[str, Text]:
    stations = network.stations
    named = {
        str(s): {"zh": str(zh or s), "en": str(en or zh or s)}
        for s, zh, en in zip(stations["stop_id"], stations["name_zh"], stations["name_en"], strict=True)
    }
    stops = network.feed.stops
    plain = {str(s): str(n) for s, n in zip(stops["stop_id"], stops["stop_name"], strict=True)}
    return {s: named.get(s, {"zh": n or s, "en": n or s}) for s, n in plain.items()}


def _diff_routes(a: Network, b: Network) -> Iterator[Difference]:
    before, after = summarise_routes(a), summarise_routes(b)
    retimed = count_retimed(a, b)
    for route in sorted({*before, *after}):
        old, new = before.get(route), after.get(route)
        if old is not None and new is not None:
            yield from _compare("route", route, old.fields(), new.fields(), new.title)
            if retimed.get(route):
                yield from _compare("route", route, {"retimed": 0}, {"retimed": retimed[route]}, new.title)
            continue
        if new is not None:
            words = describe_route(new, "zh"), describe_route(new, "en")
            yield Difference("route", route, "added", "", None, new.fields(), words[0], words[1])
        elif old is not None:
            words = describe_route(old, "zh"), describe_route(old, "en")
            yield Difference("route", route, "removed", "", old.fields(), None, words[0], words[1])


def _diff_assumptions(a: Network, b: Network) -> Iterator[Difference]:
    before, after = ({r["name"]: r for r in n.assumptions.as_rows()} for n in (a, b))
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, {}), after.get(name, {})
        if old.get("value") == new.get("value"):
            continue
        row = new or old
        unit = f" {row['unit']}" if row.get("unit") else ""
        values = [str(r.get("value", "-")) for r in (old, new)]
        words = {"zh": f"{name}：{values[0]} -> {values[1]}{unit}", "en": f"{name}: {values[0]} -> {values[1]}{unit}"}
        yield Difference("assumption", name, "changed", "value", old.get("value"), new.get("value"), **words)


def _diff_rules(a: Network, b: Network) -> Iterator[Difference]:
    for flag, text in FLAGS.items():
        old, new = (n.rules.get(flag, False) for n in (a, b))
        if old != new:
            yield Difference("rule", flag, "added" if new else "removed", "", old, new, text["zh"], text["en"])
    for key in (PLACES_OPENED, PLACES_CLOSED):
        before, after = (sorted(getattr(n, key)) for n in (a, b))
        yield from _compare("rule", "", {key: ", ".join(before)}, {key: ", ".join(after)})


def _project(project: Project, change: Change) -> Difference:
    old, new = (None, project.id) if change == "added" else (project.id, None)
    return Difference("project", project.id, change, "", old, new, project.title.zh, project.title.en)


def _compare(
    section: str, item: str, before: Mapping[str, Any], after: Mapping[str, Any], about: Text | None = None
) -> Iterator[Difference]:
    """Yield one difference for each field whose values are not equal."""
    for field in dict.fromkeys([*before, *after]):
        old, new = before.get(field), after.get(field)
        if old == new or (pd.api.types.is_float(old) and pd.isna(old) and pd.isna(new)):
            continue
        text = {}
        for lang in ("zh", "en"):
            name = _FIELD_NAMES.get(field, {}).get(lang, field)
            head = about[lang] if about is not None else item
            shown = [_tell_value(field, v, lang) for v in (old, new)]
            colon = "：" if lang == "zh" else ": "
            text[lang] = f"{head} {name}{colon}{shown[0]} -> {shown[1]}".strip()
        yield Difference(section, item, "changed", field, old, new, text["zh"], text["en"])


def _tell_value(field: str, value: Any, lang: str) -> str:  # noqa: ANN401 - any YAML value or cell
    if value is None or value == "":
        return "无" if lang == "zh" else "none"
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if field == "highway":
        return HIGHWAY_NAMES.get(str(value), {}).get(lang, str(value))
    if field == "fastest_min":
        return f"{value:.1f}"
    return f"{value:g}" if isinstance(value, float) else str(value)
