"""A new road, joined only at named nodes."""

from __future__ import annotations

from collections.abc import Iterator

from transit_model.assumptions import Assumptions
from transit_model.scenario.kinds.row import Field, ProjectKind, Template
from transit_model.scenario.kinds.words import HIGHWAY_NAMES
from transit_model.scenario.road_edit import apply_road_link
from transit_model.scenario.road_schema import NewRoad, RoadLink

_TEMPLATE = Template(
    "新公路，只在具名节点相接 a new road, joined only at named nodes",
    """\
highway: motorway               # motorway | trunk | primary | secondary | tertiary
design_speed_kmh: 100
toll: true
ref: S99
nodes:                          # 新互通，可不写 / new interchanges, optional
  - {id: new_interchange, name: {zh: 新互通, en: New interchange}, lon: 111.45, lat: 40.45}
roads:
  - {from: g59_shengle, to: new_interchange, length_km: 32}
  # - {from: a, to: b, course: {file: my-road.geojson, datum: gcj02}}   # 线位文件，长度取自它 / its line and length
  - {from: new_interchange, to: togtoh, detour_factor: 1.2, highway: primary, design_speed_kmh: 80, toll: false}
""",
    "roads",
    "design_speed_kmh",
    "[80, 100]",
)


def _describe(p: RoadLink, zh: bool, _: Assumptions) -> list[str]:
    kind = HIGHWAY_NAMES[p.highway]["zh" if zh else "en"]
    toll = ("收费" if p.toll else "不收费") if zh else ("toll" if p.toll else "no toll")
    ref = f" {p.ref}" if p.ref else ""
    lines = [
        f"新公路{ref}：{kind}，{p.design_speed_kmh:g} 公里/小时，{toll}"
        if zh
        else f"new road{ref}: {kind}, {p.design_speed_kmh:g} km/h, {toll}"
    ]
    lines += [f"{road.from_node} - {road.to_node}: {_tell_length(road, zh)}" for road in p.roads]
    if p.replaces:
        lines.append(("取代 " if zh else "replaces ") + ", ".join(p.replaces))
    return lines


def _tell_length(road: NewRoad, zh: bool) -> str:
    """Return a length, or what it is that of: a line in a file, its bends, the great circle; and the factor on it."""
    if road.length_km is not None:
        return f"{road.length_km:g} 公里" if zh else f"{road.length_km:g} km"
    if road.course is not None:
        return f"{road.course.file} 中线形的长度" if zh else f"that of the course in {road.course.file}"
    n = len(road.via)
    if zh:
        line = f"经 {n} 个折点的线长" if n else "直线"
    else:
        line = f"that of the line by {n} bend{'s' if n > 1 else ''}" if n else "straight line"
    return line if road.detour_factor is None else f"{line} x {road.detour_factor:g}"


def _list_closed(p: RoadLink) -> Iterator[tuple[str, str, Field]]:
    yield from (("roads", name, ("replaces", i)) for i, name in enumerate(p.replaces))


def _list_brought(p: RoadLink) -> set[str]:
    return {node.id for node in p.nodes}


KIND = ProjectKind(
    schema=RoadLink,
    apply=apply_road_link,
    describe=_describe,
    template=_TEMPLATE,
    family="road",
    style="road",
    draws="links",
    brings=_list_brought,
    closes=_list_closed,
)
