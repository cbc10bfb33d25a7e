"""Commented templates for `scenario new`: each is a correct file as it stands, to be edited."""

from __future__ import annotations

from collections.abc import Mapping

from transit_model.errors import Issue, ScenarioError
from transit_model.scenario.base_schema import ID_PATTERN

_HEAD = """\
# {what}
# 保存为 scenarios/projects/{project_id}.yaml / save as scenarios/projects/{project_id}.yaml
# yaml-language-server: $schema=../project.schema.json
# 检查 / check:  transit-model scenario check
id: {project_id}                # 与文件名相同 / same as the file name
kind: {kind}
title: {{zh: 项目名称, en: name of the project}}
status: planned                 # open | under_construction | preliminary | planned | study
opens: unknown                  # 2030 | 2030-06 | 2030-06-30 | [2028, 2030] | unknown
source: [pol2023]               # sources.csv 的键,至少一个 / keys of sources.csv, at least one
confidence: low                 # high | medium | low
"""
_TAIL = """\
# 资料没有给出的数,逐条写明理由;地图和报告会照印。
# Every number no source gives needs a line here; the maps and the report repeat it.
assumed:
  - field: {field}
    zh: 理由
    en: the reason
# ranges:                       # 不确定的数 / uncertain numbers: [low, high]
#   {number}: {example}
# requires: [other_project]     # 必须先有 / must stand first
# conflicts: [other_project]    # 不能并存 / cannot stand beside it
# existing:                     # 基准变了就报错 / fails when the base has moved
#   roads_present: [hohhot--bikeqi]
"""

_BODIES: Mapping[str, tuple[str, str, str, str, str]] = {
    "rail_line": (
        "新铁路 a new railway",
        """\
stations:                       # 现有车站用 stop_id;新站用 id、name、lon、lat
  - {stop_id: hohhot, chainage_km: 0}
  - id: new-station             # a new station
    name: {zh: 新站, en: New station}
    lon: 110.9
    lat: 40.65
    chainage_km: 75             # 沿线里程 / distance along the line
    # road_node_id: g6_chasuqi  # 不写则接最近公路节点 / the nearest node when absent
  - {stop_id: baotou, chainage_km: 180}
# 三选一 / exactly one of: run_times_min, commercial_speed_kmh, design_speed_kmh
design_speed_kmh: 250           # 由运行时间模型计算 / run times come from the run-time model
# commercial_speed_kmh: 180     # 旅行速度,含停站 / end to end, stops included
# run_times_min: [28, 38]       # 区间运行时分 / start to stop between stations
dwell_min: 2                    # 中间站停站 / at intermediate stations
service:                        # 各站停 / trains that call everywhere
  kind: headway                 # headway 或 timetable
  headway_min: 60
  first_departure: "06:30"
  last_departure: "21:30"
# patterns:                     # 大站快车 / trains that skip stations
#   - id: fast
#     stops: [hohhot, baotou]
#     service: {kind: timetable, trains_per_day: 4, first_departure: "08:00", last_departure: "20:00"}
""",
        "design_speed_kmh",
        "design_speed_kmh",
        "[200, 250]",
    ),
    "rail_service": (
        "既有线增开或提速 more or faster trains on existing track",
        """\
line_speed_kmh: 200             # 线路最高速度,只作校核 / top speed of the track, for checks
add:
  - id: more
    stops: [hohhot, baotou-east, baotou]
    as_fastest: 1.0             # 现有最快列车时间的倍数 / times the fastest existing train
    # run_times_min: [52, 12]   # 或直接给出 / or give them
    service:
      kind: timetable
      departures: ["09:00", "15:00"]
      departures_back: ["11:00", "17:00"]
# retime:                       # 现有列车提速 / make existing trains faster
#   - {between: [hohhot, baotou], factor: 0.9}
""",
        "add",
        "line_speed_kmh",
        "[160, 250]",
    ),
    "road_link": (
        "新公路,只在具名节点相接 a new road, joined only at named nodes",
        """\
highway: motorway               # motorway | trunk | primary | secondary | tertiary
design_speed_kmh: 100
toll: true
ref: S99
nodes:                          # 新互通,可不写 / new interchanges, optional
  - {id: new_interchange, name: {zh: 新互通, en: New interchange}, lon: 111.45, lat: 40.45}
roads:
  - {from: g59_shengle, to: new_interchange, length_km: 32}
  - {from: new_interchange, to: togtoh, detour_factor: 1.2, highway: primary, design_speed_kmh: 80, toll: false}
""",
        "roads",
        "design_speed_kmh",
        "[80, 100]",
    ),
    "road_upgrade": (
        "公路改建 a better road",
        """\
along: {ref: G110, from: bikeqi, to: tumed_left}   # 或 roads: [路段id] / or roads: [road_id]
highway: trunk
design_speed_kmh: 80
""",
        "design_speed_kmh",
        "design_speed_kmh",
        "[60, 100]",
    ),
    "bus_line": (
        "公交,沿本情景的公路运行 a bus on the roads of its own scenario",
        """\
stops:                          # 公路节点 / road nodes
  - {node: hohhot}
  - {node: tumed_left}
  - {node: baotou}
service: {kind: headway, headway_min: 60, first_departure: "07:00", last_departure: "19:00"}
""",
        "service.headway_min",
        "service.headway_min",
        "[30, 120]",
    ),
    "closure": (
        "停用公路、车次或车站 roads, trains or stops taken away",
        """\
roads: [g6_bikeqi--g6_taigemu]  # 双向 / both directions
# trips: []
# routes: []
# stops: []
""",
        "roads",
        "opens",
        "[2028, 2030]",
    ),
    "policy": (
        "规则 a rule",
        """\
assumptions:                    # 名称见 transit_model/assumptions.yaml
  rail_change_min: 10
# flags: {ambulance_cross_border: true}
# places_opened: [airport_hohhot_shengle]
# places_closed: [airport_hohhot_baita]
""",
        "assumptions.rail_change_min",
        "assumptions.rail_change_min",
        "[5, 15]",
    ),
}

_SCENARIO = """\
# 情景 a scenario
# 保存为 scenarios/{scenario_id}.yaml / save as scenarios/{scenario_id}.yaml
id: {scenario_id}
title: {{zh: 情景名称, en: name of the scenario}}
base: built-2025                # built-2020 | built-2024 | built-2025, 或 {{as_of: 2025-12-31}}
# inherits: s27                 # 或在另一情景上追加 / or add to another scenario
projects: [hubao_hsr]           # 按此顺序 / in this order
overrides:                      # 项目.字段: 新值 / project.field: new value; null takes a key out
  hubao_hsr.service.headway_min: 20
# variants:                     # 变体 {scenario_id}@slow
#   slow:
#     title: {{zh: 按250公里, en: at 250 km/h}}
#     overrides: {{hubao_hsr.design_speed_kmh: 250}}
"""

TEMPLATE_KINDS = (*_BODIES, "scenario")


def get_template(kind: str, name: str | None = None) -> str:
    """Return a commented file to start from: a project of a kind, or ``scenario``; `name` becomes its id.

    Raises
    ------
    ScenarioError
        When the kind is unknown or the name is no id.
    """
    if name is None:
        name = "my-scenario" if kind == "scenario" else "my-project"
    if not ID_PATTERN.match(name):
        hint = "use small letters a-z, digits, - and _"
        raise ScenarioError(Issue("bad_id", "error", f"{name!r} is not an id", value=name, hint=hint))
    if kind == "scenario":
        return _SCENARIO.format(scenario_id=name)
    if kind not in _BODIES:
        hint = f"kinds: {', '.join(TEMPLATE_KINDS)}"
        raise ScenarioError(Issue("unknown_kind", "error", f"there is no kind {kind!r}", value=kind, hint=hint))
    what, body, field, number, example = _BODIES[kind]
    head = _HEAD.format(what=what, kind=kind, project_id=name)
    return head + body + _TAIL.format(field=field, number=number, example=example)
