"""Day return (当日往返停留时间)."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from transit_model.domain.modes import RIDDEN, Reading
from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.indicators.day_return import compute_day_return
from transit_model.measure.trains import list_day_journeys
from transit_model.units import S_PER_HOUR, format_clock

LEAVE_AFTER_H, HOME_BY_H = 6, 22
_DOOR = Reading.DOOR_TO_DOOR.value


def _tell_clock(clock_s: float) -> str:
    return "-" if not math.isfinite(clock_s) else format_clock(clock_s)


def _fill(rows: Rows, question: Question) -> None:
    """Add the hours at the other centre between a rail or bus trip after 06:00 and home by 22:00."""
    m = rows.measured
    stay_h = question.stay_h
    for mode in RIDDEN:
        if not m.session.has_service(mode):
            continue
        pairs = [(a, b) for a in m.centres for b in m.centres if a.place_id != b.place_id]
        names = ["from", "to", "depart_clock_s", "arrive_clock_s"]
        found = [
            (a.place_id, b.place_id, j.depart_clock_s, j.arrive_clock_s)
            for a, b in pairs
            for j in list_day_journeys(m.session, a, b, mode)
        ]
        journeys = pd.DataFrame(found, columns=names)
        hours = compute_day_return(
            journeys,
            journeys,
            leave_after_clock_s=LEAVE_AFTER_H * S_PER_HOUR,
            home_by_clock_s=HOME_BY_H * S_PER_HOUR,
            least_stay_s=0.0 if stay_h is None else stay_h * S_PER_HOUR,
        )
        known = set(zip(hours["from"], hours["to"], strict=True))
        for a, b in pairs:
            if (a.place_id, b.place_id) not in known:
                nothing: dict[str, Any] = {"subject": f"at {b.place_id}", "kind": (mode.value, _DOOR)}
                rows.add(a.place_id, "stay", 0.0, "h", **nothing, note=("没有可用班次", "no useful train"))
        for r in hours.to_dict("records"):
            arrive, leave = _tell_clock(r["arrive_clock_s"]), _tell_clock(r["depart_back_clock_s"])
            note = (f"{arrive} 到，{leave} 返", f"there {arrive}, back from {leave}")
            about: dict[str, Any] = {"subject": f"at {r['to']}", "kind": (mode.value, _DOOR), "note": note}
            rows.add(r["from"], "stay", r["stay_s"] / S_PER_HOUR, "h", **about)
            if stay_h is not None:
                about["subject"] = f"at {r['to']} for {stay_h:g} h"
                rows.add(r["from"], "feasible", float(r["feasible"]), "yes=1", **about)


def _needs_two_centres(m: Measured, _: Question) -> Lack:
    if len(m.centres) > 1:
        return None
    return "no_centres", "the region has no two centres", "name them in region.yaml: groups: centres"


def _needs_service(m: Measured, _: Question) -> Lack:
    if any(m.session.has_service(mode) for mode in RIDDEN):
        return None
    return "no_service", "neither trains nor buses run in this scenario", "ask another scenario"


ROW = Indicator(
    name="day_return",
    zh="当日往返停留时间",
    en="day return",
    what="hours at the other centre, out after 06:00 and home by 22:00",
    formula="latest way home in time − earliest arrival; Törnqvist 1970",
    source="latest way home in time - earliest arrival; Tornqvist 1970; out after 06:00, home by 22:00",
    needs=(
        _needs_two_centres,
        _needs_service,
    ),
    options=frozenset({"stay"}),
    fill=_fill,
)
