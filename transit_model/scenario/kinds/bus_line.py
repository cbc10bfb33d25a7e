"""A bus on the roads of its own scenario."""

from __future__ import annotations

from transit_model.assumptions import Assumptions
from transit_model.scenario.bus_edit import apply_bus_line
from transit_model.scenario.kinds.row import ProjectKind, Template
from transit_model.scenario.kinds.words import describe_service
from transit_model.scenario.other_schema import BusLine

_TEMPLATE = Template(
    "公交，沿本情景的公路运行 a bus on the roads of its own scenario",
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
)


def _describe(p: BusLine, zh: bool, _: Assumptions) -> list[str]:
    way = " - ".join((s.name.zh if zh else s.name.en) if s.name else s.node for s in p.stops)
    timing = "运行时间按本情景公路网计算" if zh else "run times come from the roads of the scenario"
    return [
        f"公交 {way}" if zh else f"bus {way}",
        f"{describe_service(p.service, zh)}；{timing}" if zh else f"{describe_service(p.service, zh)}; {timing}",
    ]


def _list_calls(p: BusLine) -> list[tuple[str, ...]]:
    return [tuple(stop.key for stop in p.stops)]


def _list_brought(p: BusLine) -> set[str]:
    return {stop.key for stop in p.stops}


KIND = ProjectKind(
    schema=BusLine,
    apply=apply_bus_line,
    describe=_describe,
    template=_TEMPLATE,
    style="bus",
    draws="services",
    brings=_list_brought,
    calls=_list_calls,
)
