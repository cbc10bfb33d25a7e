"""A bus on the roads of its own scenario."""

from __future__ import annotations

from transit_model.assumptions import Assumptions
from transit_model.scenario.bus_edit import apply_bus_line
from transit_model.scenario.kinds.row import ProjectKind, Template
from transit_model.scenario.kinds.words import describe_service
from transit_model.scenario.other_schema import BusLine, BusStop

_TEMPLATE = Template(
    "公交，沿本情景的公路运行 a bus on the roads of its own scenario",
    """\
stops:                          # 公路节点 / road nodes
  - {node: hohhot}
  - {node: tumed_left}
  - {node: baotou}              # 只下不上 alighting only: pickup_type: 1; 只上不下 boarding only: drop_off_type: 1
service: {kind: headway, headway_min: 60, first_departure: "07:00", last_departure: "19:00"}
""",
    "service.headway_min",
    "service.headway_min",
    "[30, 120]",
)


def _name(stop: BusStop, zh: bool) -> str:
    return (stop.name.zh if zh else stop.name.en) if stop.name else stop.node


def _describe(p: BusLine, zh: bool, _: Assumptions) -> list[str]:
    way = " - ".join(_name(s, zh) for s in p.stops)
    timing = "运行时间按本情景公路网计算" if zh else "run times come from the roads of the scenario"
    return [
        f"公交 {way}" if zh else f"bus {way}",
        f"{describe_service(p.service, zh)}；{timing}" if zh else f"{describe_service(p.service, zh)}; {timing}",
        *_describe_riders(p, zh),
    ]


def _describe_riders(p: BusLine, zh: bool) -> list[str]:
    """Return which stops are for boarding or alighting only, on the way out; none where all are for both."""
    only = (
        ("只上不下" if zh else "boarding only", [s for s in p.stops if s.drop_off_type and not s.pickup_type]),
        ("只下不上" if zh else "alighting only", [s for s in p.stops if s.pickup_type and not s.drop_off_type]),
        ("不上不下" if zh else "neither", [s for s in p.stops if s.pickup_type and s.drop_off_type]),
    )
    texts = [(words, ("、" if zh else ", ").join(_name(s, zh) for s in stops)) for words, stops in only if stops]
    if not texts:
        return []
    both = p.service.both_directions
    if zh:
        return ["；".join(f"{names}{words}" for words, names in texts) + ("（返程相反）" if both else "")]
    return [
        "; ".join(f"{words} at {names}" for words, names in texts)
        + (" (the other way round on the way back)" if both else "")
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
