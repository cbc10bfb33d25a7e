"""Commented templates for `scenario new`: each is a correct file as it stands, to be edited."""

from __future__ import annotations

from transit_model.errors import Issue, ScenarioError
from transit_model.scenario.kinds.registry import PROJECT_KINDS
from transit_model.scenario.values import ID_PATTERN

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
source: [pol2023]               # sources.csv 的键，至少一个 / keys of sources.csv, at least one
confidence: low                 # high | medium | low
"""
_TAIL = """\
# 资料没有给出的数，逐条写明理由；地图和报告会照印。
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

GOAL = "goal"
"""The template that another room has, see `goals.template`."""
TEMPLATE_KINDS = (*PROJECT_KINDS, "scenario", GOAL)


def get_template(kind: str, name: str | None = None) -> str:
    """Return a commented file to start from: a project of a kind, or ``scenario``; `name` becomes its id.

    Raises
    ------
    ScenarioError
        When the kind is unknown or the name is no id.
    """
    if name is None:
        name = "my-scenario" if kind == "scenario" else "my-project"
    if not ID_PATTERN.fullmatch(name):
        hint = "use small letters a-z, digits, - and _"
        raise ScenarioError(Issue("bad_id", "error", f"{name!r} is not an id", value=name, hint=hint))
    if kind == "scenario":
        return _SCENARIO.format(scenario_id=name)
    if kind not in PROJECT_KINDS:
        hint = f"kinds: {', '.join(TEMPLATE_KINDS)}"
        raise ScenarioError(Issue("unknown_kind", "error", f"there is no kind {kind!r}", value=kind, hint=hint))
    row = PROJECT_KINDS[kind].template
    head = _HEAD.format(what=row.what, kind=kind, project_id=name)
    return head + row.body + _TAIL.format(field=row.field, number=row.number, example=row.example)
