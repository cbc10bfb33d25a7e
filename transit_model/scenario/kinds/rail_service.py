"""More trains, or faster ones, on existing track."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from transit_model.assumptions import Assumptions
from transit_model.scenario.kinds.row import PLACES, ProjectKind, Template, TrainReading, read_between
from transit_model.scenario.kinds.words import describe_service
from transit_model.scenario.rail_schema import RailService
from transit_model.scenario.rail_service_edit import apply_rail_service

_TEMPLATE = Template(
    "既有线增开或提速 more or faster trains on existing track",
    """\
line_speed_kmh: 200             # 线路最高速度，只作校核 / top speed of the track, for checks
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
# calls:                        # 现有列车增停或减停 / existing trains call at one stop more or fewer
#   - {stop: chasuqi, between: [hohhot, baotou-east], minutes: 4}
#   - {stop: baotou-east, minutes: 3}
""",
    "add",
    "line_speed_kmh",
    "[160, 250]",
)


def _describe(p: RailService, zh: bool, _: Assumptions) -> list[str]:
    lines = []
    for group in p.add:
        way = " - ".join(group.stops)
        lines.append((f"增开 {way}：" if zh else f"more trains {way}: ") + describe_service(group.service, zh))
    for retime in p.retime:
        a, b = retime.between
        factor = f"{retime.factor:g}"
        lines.append(f"{a} 与 {b} 之间运行时间乘以 {factor}" if zh else f"run times between {a} and {b} times {factor}")
    for change in p.calls:
        ends = " – ".join(change.between or ())
        added = f"{ends} 间列车增停 {change.stop}" if zh else f"trains between {ends} also call at {change.stop}"
        dropped = f"列车不再停靠 {change.stop}" if zh else f"trains no longer call at {change.stop}"
        cost = f"{change.minutes:g} 分钟" if zh else f"{change.minutes:g} min"
        lines.append(f"{added if change.between else dropped}, {'+' if change.between else '-'}{cost}")
    for scale in p.scale:
        routes, factor = ", ".join(scale.routes), f"{scale.factor:g}"
        lines.append(f"每日 {routes} 列车数乘以 {factor}" if zh else f"trains a day of {routes} times {factor}")
    return lines


def _list_read(p: RailService) -> tuple[str, ...]:
    dwells = [*(g.dwell_min for g in p.add), *(c.dwell_min for c in p.calls if c.between is not None)]
    return ("rail_dwell_min",) if None in dwells else ()


def _list_used(p: RailService) -> dict[str, set[str]]:
    return {"routes": {r for retime in p.retime for r in retime.routes} | {r for c in p.calls for r in c.routes}}


def _list_calls(p: RailService) -> list[tuple[str, ...]]:
    return [group.stops for group in p.add]


def _list_trains_read(p: RailService) -> Iterator[TrainReading]:
    for i, group in enumerate(p.add):
        if group.as_fastest is not None:  # those that come after it are not existing
            begin = f"{group.id} runs as the fastest existing train where trains are added by "
            yield TrainReading(
                ("add", i, "as_fastest"),
                tuple(pairwise(group.stops)),
                True,
                lambda other, place, begin=begin: f"{begin}{other}; {PLACES[place]}",  # type: ignore[misc]
            )
    for i, retime in enumerate(p.retime):
        yield read_between(("retime", i), retime.between, "retimes trains between {a} and {b}, where {c} adds some")
    for i, change in enumerate(p.calls):
        if change.between is not None:
            yield read_between(
                ("calls", i), change.between, "adds a call of trains between {a} and {b}, where {c} adds some"
            )


KIND = ProjectKind(
    schema=RailService,
    apply=apply_rail_service,
    describe=_describe,
    template=_TEMPLATE,
    family="rail",
    style="rail",
    draws="services",
    on_existing_track=True,
    reads=_list_read,
    uses=_list_used,
    calls=_list_calls,
    reads_trains=_list_trains_read,
)
