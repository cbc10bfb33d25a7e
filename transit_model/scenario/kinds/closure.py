"""Roads, trains or stops taken away."""

from __future__ import annotations

from collections.abc import Iterator

from transit_model.assumptions import Assumptions
from transit_model.scenario.closure_edit import apply_closure
from transit_model.scenario.kinds.row import Field, ProjectKind, Template
from transit_model.scenario.road_schema import Closure

_TEMPLATE = Template(
    "停用公路、车次或车站 roads, trains or stops taken away",
    """\
roads: [g6_bikeqi--g6_taigemu]  # 双向 / both directions
# along: {from: g6_bikeqi, to: g6_taigemu, ref: G6}    # 代替roads / in place of roads
# direction: along              # 只封这一方向 / only this way
# speed_kmh: 60                 # 不封闭，只限速 / open, but no faster
# hours: {from: "22:00", to: "05:00"}                  # 每日时段 / hours of the day
# ends: 2027-06-30              # 最后一天；开始写在opens / last day; it begins with opens
# 车流不重新分配（没有拥堵模型） / traffic is not re-assigned (no congestion model)
# trips: []
# routes: []
# stops: []
""",
    "roads",
    "opens",
    "[2028, 2030]",
)


_NO_CONGESTION = {
    "zh": "车流不重新分配（没有拥堵模型）",
    "en": "traffic is not re-assigned to other roads: there is no congestion model",
}


def _describe(p: Closure, zh: bool, _: Assumptions) -> list[str]:
    names = {"roads": "公路", "trips": "车次", "routes": "线路", "stops": "车站"}
    lines = [
        (f"停用{names[key]}：" if zh else f"closed {key}: ") + ", ".join(getattr(p, key))
        for key in names
        if getattr(p, key) and (key != "roads" or p.speed_kmh is None)
    ]
    return [*lines, *_describe_works(p, zh)]


def _describe_works(p: Closure, zh: bool) -> list[str]:
    if not (p.roads or p.along):
        return []
    lines = []
    which = ", ".join(p.roads) or (f"{p.along.ref} {p.along.from_node} - {p.along.to_node}" if p.along else "")
    if p.speed_kmh is not None:
        lines.append(f"{which}：限速{p.speed_kmh:g}公里/小时" if zh else f"{which}: at most {p.speed_kmh:g} km/h")
    elif p.along:
        lines.append(f"停用公路：{which}" if zh else f"closed roads: {which}")
    if p.direction != "both":
        way = ("只限去向", "only this way") if p.direction == "along" else ("只限回向", "only the way back")
        lines.append(way[0] if zh else way[1])
    if p.hours:
        when = "every day; counts where it fills over half the window"
        span = f"{p.hours.from_clock}-{p.hours.to_clock}"
        lines.append(f"每日{span}；占出发时段一半以上才计入" if zh else f"{span} {when}")
    if p.ends:
        lines.append(f"至{p.ends.as_text('zh')}" if zh else f"until {p.ends.as_text()}")
    lines.append(_NO_CONGESTION["zh" if zh else "en"])
    return lines


def _list_closed(p: Closure) -> Iterator[tuple[str, str, Field]]:
    slowed = p.speed_kmh is not None
    for what in ("trips", "routes", "stops") if slowed else ("roads", "trips", "routes", "stops"):
        yield from ((what, name, (what, i)) for i, name in enumerate(getattr(p, what)))


KIND = ProjectKind(
    schema=Closure,
    apply=apply_closure,
    describe=_describe,
    template=_TEMPLATE,
    closes=_list_closed,
    says=lambda p: (_NO_CONGESTION,) if p.roads or p.along else (),
)
