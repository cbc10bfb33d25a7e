"""Services that run already, changed."""

from __future__ import annotations

from collections.abc import Iterator

from transit_model.assumptions import Assumptions
from transit_model.scenario.change_edit import apply_service_change
from transit_model.scenario.change_schema import Change, ServiceChange
from transit_model.scenario.kinds.row import ProjectKind, Template, TrainReading, read_between
from transit_model.scenario.kinds.words import describe_days, describe_periods

_RUN_TIME_MODEL = ("rail_acceleration_ms2", "rail_braking_ms2", "rail_utilisation", "rail_recovery_share")
_TEMPLATE = Template(
    "改变既有车次 services that run already, changed",
    """\
changes:                        # 按顺序 / in this order
  - trains:                     # 哪些车次，不写则全部 / which; all when absent
      classes: [D, C]           # 车次字头 / first letters of the numbers
      between: [hohhot-east, baotou]
    shift_min: 10               # 全部推迟10分钟 / all 10 min later
#   drop_stops: [baotou-east]   # 不再停靠 / they run through
#   add_stops: [{stop: salaqi, dwell_min: 2}]  # 增加停站 / a stop more
#   extend: {beyond: baotou, to: [ordos], run_times_min: [75]}  # 延长 / go on to
#   line_speed_kmh: 200         # 按此速度算起停附加时分 / for what a stop costs
#   trains_per_day: 40          # 每日对数之和 / so many a day, both ways together
#   days: [mon, tue, wed, thu, fri]            # 只在这些日子 / only on these days
# - trains: {projects: [hubao_hsr]}            # 按间隔开行的 / services by headway
#   periods:                    # 高峰与平峰 / peak and off-peak
#     - {from: "06:30", to: "09:00", headway_min: 10}
#     - {from: "09:00", to: "21:30", headway_min: 30}
""",
    "changes",
    "changes.0.shift_min",
    "[5, 15]",
)


def _describe_trains(change: Change, zh: bool) -> str:
    t = change.choice
    parts = [", ".join(names) for names in (t.classes, t.numbers, t.routes, t.projects) if names]
    if t.between:
        parts.append(f"{t.between[0]} {'→' if t.one_way else '–'} {t.between[1]}")
    if t.first_departure or t.last_departure:
        parts.append(f"{t.first_departure or ''}-{t.last_departure or ''}")
    return " · ".join(parts) or ("全部车次" if zh else "all services")


def _describe(p: ServiceChange, zh: bool, _: Assumptions) -> list[str]:
    lines = []
    for change in p.changes:
        done = []
        if change.drop_stops:
            done.append(("不停 " if zh else "no stop at ") + ", ".join(change.drop_stops))
        if change.add_stops:
            done.append(("增停 " if zh else "a stop at ") + ", ".join(s.stop for s in change.add_stops))
        if change.extend:
            way = " - ".join((change.extend.beyond, *change.extend.to))
            done.append(f"延长 {way}" if zh else f"on beyond {way}")
        if change.line_speed_kmh and (change.drop_stops or change.add_stops or change.extend):
            speed = f"{change.line_speed_kmh:g}"
            done.append(
                f"起停附加时分按运行时间模型、{speed}公里/小时推算（假定）"
                if zh
                else f"braking and starting by the run-time model at {speed} km/h (assumed)"
            )
        if change.shift_min:
            done.append(f"推迟 {change.shift_min:g} 分钟" if zh else f"{change.shift_min:g} min later")
        if change.headway_min:
            done.append(f"每{change.headway_min:g}分钟一班" if zh else f"every {change.headway_min:g} min")
        if change.periods:
            done.append(describe_periods(change.periods, zh))
        if change.trains_per_day is not None:
            done.append(f"每日{change.trains_per_day}列" if zh else f"{change.trains_per_day} a day")
        if change.days:
            done.append(describe_days(change.days, zh).lstrip("，, "))
        text = ("；" if zh else "; ").join(done)
        lines.append(f"{_describe_trains(change, zh)}：{text}" if zh else f"{_describe_trains(change, zh)}: {text}")
    return lines


def _list_read(p: ServiceChange) -> tuple[str, ...]:
    stops = [s for c in p.changes for s in c.add_stops]
    dwell = any(s.dwell_min is None for s in stops) or any(c.extend and c.extend.dwell_min is None for c in p.changes)
    model = any(c.line_speed_kmh is not None for c in p.changes)
    return (*(("rail_dwell_min",) * dwell), *(_RUN_TIME_MODEL * model))


def _list_used(p: ServiceChange) -> dict[str, set[str]]:
    stops = {s.stop for c in p.changes for s in c.add_stops}
    for c in p.changes:
        stops |= {c.extend.beyond, *c.extend.to} if c.extend else set()
        stops |= set(c.choice.between or ()) | set(c.drop_stops)
    return {
        "stops": stops,
        "routes": {r for c in p.changes for r in c.choice.routes},
        "trips": {n for c in p.changes for n in c.choice.numbers},
    }


def _list_trains_read(p: ServiceChange) -> Iterator[TrainReading]:
    for i, change in enumerate(p.changes):
        if change.choice.between is not None and not change.choice.projects:
            yield read_between(
                ("changes", i), change.choice.between, "changes trains between {a} and {b}, where {c} adds some"
            )


KIND = ProjectKind(
    schema=ServiceChange,
    apply=apply_service_change,
    describe=_describe,
    template=_TEMPLATE,
    family="rail",
    style="rail",
    draws="services",
    on_existing_track=True,
    reads=_list_read,
    uses=_list_used,
    reads_trains=_list_trains_read,
)
