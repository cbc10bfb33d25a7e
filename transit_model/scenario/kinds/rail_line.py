"""A new railway with its own trains."""

from __future__ import annotations

from transit_model.assumptions import Assumptions
from transit_model.scenario.kinds.row import ProjectKind, Template
from transit_model.scenario.kinds.words import describe_service
from transit_model.scenario.rail_line_edit import apply_rail_line
from transit_model.scenario.rail_schema import RailLine, Station
from transit_model.scenario.run_time import compute_bounds, compute_constant_speed_s
from transit_model.units import km_to_m, s_to_min

RUN_TIME_MODEL = ("rail_acceleration_ms2", "rail_braking_ms2", "rail_utilisation", "rail_recovery_share")

_TEMPLATE = Template(
    "新铁路 a new railway",
    """\
stations:                       # 现有车站用 stop_id；新站用 id、name、lon、lat
  - {stop_id: hohhot, chainage_km: 0}
  - id: new-station             # a new station
    name: {zh: 新站, en: New station}
    lon: 110.9
    lat: 40.65
    chainage_km: 75             # 沿线里程 / distance along the line
    # road_node_id: g6_chasuqi  # 不写则接最近公路节点 / the nearest node when absent
  - {stop_id: baotou, chainage_km: 180}
# course: {file: my-line.geojson, datum: wgs84}   # 线位文件；里程可不写 / its line; chainages may be left out
# 三选一 / exactly one of: run_times_min, commercial_speed_kmh, design_speed_kmh
design_speed_kmh: 250           # 由运行时间模型计算 / run times come from the run-time model
# commercial_speed_kmh: 180     # 旅行速度，含停站 / end to end, stops included
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
)


def _name_station(station: Station, zh: bool) -> str:
    if station.name is None:
        return station.key
    return f"{station.name.zh}（新）" if zh else f"{station.name.en} (new)"


def _describe(p: RailLine, zh: bool, assumptions: Assumptions) -> list[str]:
    way = " - ".join(_name_station(s, zh) for s in p.stations)
    length = p.stations[-1].along_km
    if not length:  # a course that is read with the network
        assert p.course is not None
        far = ("里程取自", "chainages from ")[not zh] + p.course.file
    else:
        far = f"{length:g} 公里" if zh else f"{length:g} km"
    lines = [f"新铁路：{way}，{far}" if zh else f"new railway: {way}, {far}"]
    if p.design_speed_kmh is not None and not length:
        speed = f"{p.design_speed_kmh:g}"
        lines.append(f"设计速度 {speed} 公里/小时" if zh else f"design speed {speed} km/h")
    elif p.design_speed_kmh is not None:
        chainage = [km_to_m(s.along_km) for s in p.stations]
        b = compute_bounds(chainage, p.design_speed_kmh, assumptions)
        constant, modelled, good, low = (
            s_to_min(s) for s in (b.constant_s, b.modelled_s, b.ratio_079_s, b.ratio_069_s)
        )
        lines.append(
            f"设计速度 {p.design_speed_kmh:g} 公里/小时：全程匀速 {constant:.1f} 分钟，模型 {modelled:.1f} 分钟，"
            f"按已开通线路旅速比 0.79 至 0.69 为 {good:.1f} 至 {low:.1f} 分钟"
            if zh
            else f"design speed {p.design_speed_kmh:g} km/h: {constant:.1f} min at constant speed, {modelled:.1f} min"
            f" modelled, {good:.1f} to {low:.1f} min at the ratios 0.79 and 0.69 of lines in service"
        )
    elif p.commercial_speed_kmh is not None and not length:
        speed = f"{p.commercial_speed_kmh:g}"
        lines.append(f"旅行速度 {speed} 公里/小时" if zh else f"commercial speed {speed} km/h")
    elif p.commercial_speed_kmh is not None:
        minutes = s_to_min(compute_constant_speed_s(km_to_m(length), p.commercial_speed_kmh))
        lines.append(
            f"旅行速度 {p.commercial_speed_kmh:g} 公里/小时：全程 {minutes:.1f} 分钟"
            if zh
            else f"commercial speed {p.commercial_speed_kmh:g} km/h: {minutes:.1f} min end to end"
        )
    else:
        times = " + ".join(f"{t:g}" for t in p.run_times_min or ())
        lines.append(f"区间运行 {times} 分钟" if zh else f"run times {times} min")
    if p.service is not None:
        lines.append(("各站停：" if zh else "all stations: ") + describe_service(p.service, zh))
    for pattern in p.patterns:
        lines.append(f"{pattern.id} ({' - '.join(pattern.stops)}): {describe_service(pattern.service, zh)}")
    return lines


def _list_read(p: RailLine) -> tuple[str, ...]:
    dwell = ("rail_dwell_min",) if p.dwell_min is None else ()
    return (*dwell, *RUN_TIME_MODEL) if p.design_speed_kmh is not None else dwell


def _list_calls(p: RailLine) -> list[tuple[str, ...]]:
    whole = [tuple(s.key for s in p.stations)] if p.service is not None else []
    return [*whole, *(pattern.stops for pattern in p.patterns)]


def _list_brought(p: RailLine) -> set[str]:
    return {s.id for s in p.stations if s.id is not None}


KIND = ProjectKind(
    schema=RailLine,
    apply=apply_rail_line,
    describe=_describe,
    template=_TEMPLATE,
    family="rail",
    style="rail",
    draws="services",
    brings=_list_brought,
    reads=_list_read,
    calls=_list_calls,
)
