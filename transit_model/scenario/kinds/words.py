"""Words that the descriptions of several kinds of projects share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from transit_model.scenario.service_schema import Day, Period, Service

HIGHWAY_NAMES: Mapping[str, Mapping[str, str]] = {
    "motorway": {"zh": "高速公路", "en": "expressway"},
    "trunk": {"zh": "一级公路", "en": "class I road"},
    "primary": {"zh": "二级公路", "en": "class II road"},
    "secondary": {"zh": "三级公路", "en": "class III road"},
    "tertiary": {"zh": "四级公路", "en": "class IV road"},
    "unclassified": {"zh": "等外公路", "en": "minor road"},
    "residential": {"zh": "街道", "en": "street"},
}


def describe_service(service: Service, zh: bool) -> str:
    """Return how often and when a service runs."""
    span = f"{service.first_departure}-{service.last_departure}"
    if service.periods:
        text = describe_periods(service.periods, zh)
    elif service.headway_min is not None:
        text = f"每{service.headway_min:g}分钟一班，{span}" if zh else f"every {service.headway_min:g} min, {span}"
    elif service.trains_per_day is not None:
        count = service.trains_per_day
        text = f"每日{count}班，{span} 均匀分布" if zh else f"{count} a day, evenly from {span}"
    else:
        times = ", ".join(service.departures or ())
        text = f"发车时刻 {times}" if zh else f"departures {times}"
    if not service.both_directions:
        text += "（单向）" if zh else " (one way)"
    return text + describe_days(service.days, zh)


def describe_periods(periods: Sequence[Period], zh: bool) -> str:
    """Return the headways of the parts of the day."""
    each = "{a}-{b} 每{h:g}分钟一班" if zh else "every {h:g} min {a}-{b}"
    return ("，" if zh else ", ").join(each.format(a=p.from_clock, b=p.to_clock, h=p.headway_min) for p in periods)


def describe_days(days: Sequence[str], zh: bool) -> str:
    """Return on which days of the week something runs, with a sign before; empty when daily."""
    if not days:
        return ""
    names = dict(zip(get_args(Day), "一二三四五六日", strict=True))
    return f"，周{''.join(names[d] for d in days)}" if zh else f", {', '.join(days)}"
