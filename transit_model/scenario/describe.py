"""Plain-language summaries of projects and scenarios, in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from transit_model.assumptions import Assumptions, read_default_assumptions
from transit_model.scenario.base_schema import CONFIDENCE_NAMES, STATUS_NAMES, Project, Service
from transit_model.scenario.compose import Scenario
from transit_model.scenario.other_schema import FLAGS, BusLine, Policy
from transit_model.scenario.rail_schema import RailLine, RailService, Station
from transit_model.scenario.road_schema import Closure, RoadLink, RoadUpgrade
from transit_model.scenario.run_time import compute_bounds, compute_constant_speed_s
from transit_model.units import km_to_m, s_to_min

HIGHWAY_NAMES: Mapping[str, Mapping[str, str]] = {
    "motorway": {"zh": "高速公路", "en": "expressway"},
    "trunk": {"zh": "一级公路", "en": "class I road"},
    "primary": {"zh": "二级公路", "en": "class II road"},
    "secondary": {"zh": "三级公路", "en": "class III road"},
    "tertiary": {"zh": "四级公路", "en": "class IV road"},
    "unclassified": {"zh": "等外公路", "en": "minor road"},
    "residential": {"zh": "街道", "en": "street"},
}


def describe_project(project: Project, lang: str = "zh", assumptions: Assumptions | None = None) -> str:
    """Return what a project is, what it changes, where it comes from and what was assumed.

    Parameters
    ----------
    project : Project
    lang : {"zh", "en"}
    assumptions : Assumptions, optional
        For the modelled run time of a planned line; the defaults when absent.
    """
    zh = lang == "zh"
    head = f"{project.title.zh}({project.id})" if zh else f"{project.title.en} ({project.id})"
    status = STATUS_NAMES[project.status][lang]
    known = "" if project.as_of is None else f"({project.as_of})" if lang == "zh" else f" (as of {project.as_of})"
    sure = CONFIDENCE_NAMES[project.confidence][lang]
    opens = project.opens.as_text(lang)
    lines = [head]
    if project.summary is not None:
        lines.append(f"  {project.summary.zh if zh else project.summary.en}")
    lines.append(
        f"  状态:{status}{known};开通:{opens};可信度:{sure}"
        if zh
        else f"  {status}{known}; opens: {opens}; confidence: {sure}"
    )
    body = _BODIES[type(project)](project, zh, assumptions or read_default_assumptions())
    lines += [f"  {line}" for line in body]
    lines.append(("  来源:" if zh else "  sources: ") + " ".join(f"[{s}]" for s in project.source))
    lines += [f"  假定 {a.field}:{a.zh}" if zh else f"  assumed {a.field}: {a.en}" for a in project.assumed]
    for name, (low, high) in project.ranges.items():
        lines.append(f"  范围 {name}:{low:g} 至 {high:g}" if zh else f"  range {name}: {low:g} to {high:g}")
    return "\n".join(lines)


def describe_scenario(scenario: Scenario, lang: str = "zh", assumptions: Assumptions | None = None) -> str:
    """Return the base, the overrides and every project of a scenario."""
    zh = lang == "zh"
    title = scenario.title.zh if zh else scenario.title.en
    lines = [f"{title}({scenario.scenario_id})" if zh else f"{title} ({scenario.scenario_id})"]
    if scenario.summary is not None:
        lines.append(scenario.summary.zh if zh else scenario.summary.en)
    day = scenario.as_of.isoformat()
    if scenario.base_id is not None:
        lines.append(f"基准:{scenario.base_id},公路截至 {day}" if zh else f"base: {scenario.base_id}, roads of {day}")
    else:
        lines.append(f"基准年:公路截至 {day}" if zh else f"a base case: roads of {day}")
    for key, value in scenario.overrides.items():
        old = scenario.old_values.get(key)
        before = ("无" if zh else "none") if old is None else old
        lines.append(f"改动 {key}:{before} -> {value}" if zh else f"override {key}: {before} -> {value}")
    lines.append(f"项目 {len(scenario.projects)} 个" if zh else f"{len(scenario.projects)} projects")
    for project in scenario.projects:
        lines += ["", describe_project(project, lang, assumptions)]
    return "\n".join(lines)


def _describe_service(service: Service, zh: bool) -> str:
    span = f"{service.first_departure}-{service.last_departure}"
    if service.headway_min is not None:
        text = f"每{service.headway_min:g}分钟一班,{span}" if zh else f"every {service.headway_min:g} min, {span}"
    elif service.trains_per_day is not None:
        count = service.trains_per_day
        text = f"每日{count}班,{span} 均匀分布" if zh else f"{count} a day, evenly from {span}"
    else:
        times = ", ".join(service.departures or ())
        text = f"发车时刻 {times}" if zh else f"departures {times}"
    if not service.both_directions:
        text += "(单向)" if zh else " (one way)"
    return text


def _name_station(station: Station, zh: bool) -> str:
    if station.name is None:
        return station.key
    return f"{station.name.zh}(新)" if zh else f"{station.name.en} (new)"


def _rail_line(p: RailLine, zh: bool, assumptions: Assumptions) -> list[str]:
    way = " - ".join(_name_station(s, zh) for s in p.stations)
    length = p.stations[-1].chainage_km
    lines = [f"新铁路:{way},{length:g} 公里" if zh else f"new railway: {way}, {length:g} km"]
    if p.design_speed_kmh is not None:
        chainage = [km_to_m(s.chainage_km) for s in p.stations]
        b = compute_bounds(chainage, p.design_speed_kmh, assumptions)
        constant, modelled, good, low = (
            s_to_min(s) for s in (b.constant_s, b.modelled_s, b.ratio_079_s, b.ratio_069_s)
        )
        lines.append(
            f"设计速度 {p.design_speed_kmh:g} 公里/小时:全程匀速 {constant:.1f} 分钟,模型 {modelled:.1f} 分钟,"
            f"按已开通线路旅速比 0.79 至 0.69 为 {good:.1f} 至 {low:.1f} 分钟"
            if zh
            else f"design speed {p.design_speed_kmh:g} km/h: {constant:.1f} min at constant speed, {modelled:.1f} min"
            f" modelled, {good:.1f} to {low:.1f} min at the ratios 0.79 and 0.69 of lines in service"
        )
    elif p.commercial_speed_kmh is not None:
        minutes = s_to_min(compute_constant_speed_s(km_to_m(length), p.commercial_speed_kmh))
        lines.append(
            f"旅行速度 {p.commercial_speed_kmh:g} 公里/小时:全程 {minutes:.1f} 分钟"
            if zh
            else f"commercial speed {p.commercial_speed_kmh:g} km/h: {minutes:.1f} min end to end"
        )
    else:
        times = " + ".join(f"{t:g}" for t in p.run_times_min or ())
        lines.append(f"区间运行 {times} 分钟" if zh else f"run times {times} min")
    if p.service is not None:
        lines.append(("各站停:" if zh else "all stations: ") + _describe_service(p.service, zh))
    for pattern in p.patterns:
        lines.append(f"{pattern.id} ({' - '.join(pattern.stops)}): {_describe_service(pattern.service, zh)}")
    return lines


def _rail_service(p: RailService, zh: bool, _: Assumptions) -> list[str]:
    lines = []
    for group in p.add:
        way = " - ".join(group.stops)
        lines.append((f"增开 {way}:" if zh else f"more trains {way}: ") + _describe_service(group.service, zh))
    for retime in p.retime:
        a, b = retime.between
        factor = f"{retime.factor:g}"
        lines.append(f"{a} 与 {b} 之间运行时间乘以 {factor}" if zh else f"run times between {a} and {b} times {factor}")
    return lines


def _road_link(p: RoadLink, zh: bool, _: Assumptions) -> list[str]:
    kind = HIGHWAY_NAMES[p.highway]["zh" if zh else "en"]
    toll = ("收费" if p.toll else "不收费") if zh else ("toll" if p.toll else "no toll")
    lines = [
        f"新公路 {p.ref}:{kind},{p.design_speed_kmh:g} 公里/小时,{toll}"
        if zh
        else f"new road {p.ref}: {kind}, {p.design_speed_kmh:g} km/h, {toll}"
    ]
    for road in p.roads:
        if road.length_km is not None:
            length = f"{road.length_km:g} 公里" if zh else f"{road.length_km:g} km"
        else:
            length = f"直线 x {road.detour_factor:g}" if zh else f"straight line x {road.detour_factor:g}"
        lines.append(f"{road.from_node} - {road.to_node}: {length}")
    if p.replaces:
        lines.append(("取代 " if zh else "replaces ") + ", ".join(p.replaces))
    return lines


def _road_upgrade(p: RoadUpgrade, zh: bool, _: Assumptions) -> list[str]:
    which = ", ".join(p.roads)
    if p.along is not None:
        a, b = p.along.from_node, p.along.to_node
        which = f"{p.along.ref} {a} - {b}"
    to = []
    if p.highway is not None:
        to.append(HIGHWAY_NAMES[p.highway]["zh" if zh else "en"])
    if p.design_speed_kmh is not None:
        to.append(f"{p.design_speed_kmh:g} 公里/小时" if zh else f"{p.design_speed_kmh:g} km/h")
    if p.toll is not None:
        to.append(("收费" if p.toll else "不收费") if zh else ("toll" if p.toll else "no toll"))
    if p.ref is not None:
        to.append(p.ref)
    if p.length_factor is not None:
        to.append(f"长度 x {p.length_factor:g}" if zh else f"length x {p.length_factor:g}")
    return [f"改建 {which}:{'、'.join(to)}" if zh else f"upgrade of {which}: {', '.join(to)}"]


def _bus_line(p: BusLine, zh: bool, _: Assumptions) -> list[str]:
    way = " - ".join((s.name.zh if zh else s.name.en) if s.name else s.node for s in p.stops)
    timing = "运行时间按本情景公路网计算" if zh else "run times come from the roads of the scenario"
    return [
        f"公交 {way}" if zh else f"bus {way}",
        f"{_describe_service(p.service, zh)};{timing}" if zh else f"{_describe_service(p.service, zh)}; {timing}",
    ]


def _closure(p: Closure, zh: bool, _: Assumptions) -> list[str]:
    names = {"roads": "公路", "trips": "车次", "routes": "线路", "stops": "车站"}
    return [
        (f"停用{names[key]}:" if zh else f"closed {key}: ") + ", ".join(getattr(p, key))
        for key in names
        if getattr(p, key)
    ]


def _policy(p: Policy, zh: bool, _: Assumptions) -> list[str]:
    lines = [f"{'参数' if zh else 'assumption'} {k} = {v:g}" for k, v in p.assumptions.items()]
    lines += [FLAGS[k]["zh" if zh else "en"] + ("" if v else (":否" if zh else ": no")) for k, v in p.flags.items()]
    for key, word in (("places_opened", ("启用 ", "opens ")), ("places_closed", ("关闭 ", "closes "))):
        if getattr(p, key):
            lines.append(word[0 if zh else 1] + ", ".join(getattr(p, key)))
    return lines


_BODIES: Mapping[type[Project], Callable[[Any, bool, Assumptions], Sequence[str]]] = {
    RailLine: _rail_line,
    RailService: _rail_service,
    RoadLink: _road_link,
    RoadUpgrade: _road_upgrade,
    BusLine: _bus_line,
    Closure: _closure,
    Policy: _policy,
}
