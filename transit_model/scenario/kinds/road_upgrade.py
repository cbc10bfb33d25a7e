"""Existing roads with another class, speed, toll or length."""

from __future__ import annotations

from typing import Any

from transit_model.assumptions import Assumptions
from transit_model.scenario.kinds.row import Field, ProjectKind, Template
from transit_model.scenario.kinds.words import HIGHWAY_NAMES
from transit_model.scenario.road_edit import apply_road_upgrade
from transit_model.scenario.road_schema import RoadUpgrade

_TEMPLATE = Template(
    "公路改建 a better road",
    """\
along: {ref: G110, from: bikeqi, to: tumed_left}   # 或 roads: [路段id] / or roads: [road_id]
highway: trunk
design_speed_kmh: 80
""",
    "design_speed_kmh",
    "design_speed_kmh",
    "[60, 100]",
)


def _describe(p: RoadUpgrade, zh: bool, _: Assumptions) -> list[str]:
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
    return [f"改建 {which}：{'、'.join(to)}" if zh else f"upgrade of {which}: {', '.join(to)}"]


def _list_settings(p: RoadUpgrade) -> dict[str, tuple[Field, Any]]:
    fields = ("highway", "design_speed_kmh", "toll", "ref")  # factors of length multiply in any order
    which = p.roads or (() if p.along is None else (_name_path(p),))
    return {
        f"{name} of {road}": ((name,), getattr(p, name))
        for road in which
        for name in fields
        if getattr(p, name) is not None
    }


def _name_path(p: RoadUpgrade) -> str:
    assert p.along is not None
    ends = sorted((p.along.from_node, p.along.to_node))
    return f"{p.along.ref} between {ends[0]} and {ends[1]}"


def _list_used(p: RoadUpgrade) -> dict[str, set[str]]:
    return {"roads": set(p.roads)}


KIND = ProjectKind(
    schema=RoadUpgrade,
    apply=apply_road_upgrade,
    describe=_describe,
    template=_TEMPLATE,
    family="road",
    style="upgrade",
    draws="links",
    sets=_list_settings,
    uses=_list_used,
)
