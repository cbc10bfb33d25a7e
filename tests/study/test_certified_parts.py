"""Edits of towns with long roads, metro stops and city buses: the certificate of their surfaces never fails."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.network.town import ROUND, STATIONS, make_feed, make_town
from transit_model.measure.session import Session
from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.study.compare import compare_sessions
from transit_model.study.scenario_tables import measure_od

ROADS = (
    "a--i1 a i1 0 primary 3000 60 0 urban - -",
    "b--c b c 0 trunk 60000 100 0 rural - -",
    "a--b a b 0 trunk 70000 80 0 rural - -",
    "b--i2 b i2 0 secondary 2000 60 0 rural - -",
    "i3--c i3 c 0 primary 3000 60 0 urban - -",
    "c>b c b 1 tertiary 20000 40 0 rural - -",
    "i2--i3 i2 i3 0 motorway 24000 120 1 rural - -",
    "i1--i3 i1 i3 0 secondary 90000 60 0 rural - -",
)
METRO = {
    "m0": (111.0, 40.001, "", "一", "One"),
    "m1": (111.02, 40.305, "", "二", "Two"),
    "m2": (110.98, 40.31, "", "三", "Three"),
    "m3": (111.01, 40.5, "", "四", "Four"),
}
CHOICES = StudyChoices.model_validate(
    {
        "cell_m": 1000.0,
        "cutoffs_min": (20, 45, 75, 120),
        "saved_steps_min": (5,),
        "rings": [{"mode": m, "reading": "door_to_door"} for m in ("rail", "bus", "transit", "best")],
        "compared": [{"mode": m, "reading": "door_to_door"} for m in ("rail", "transit")],
    }
)
LINE = st.tuples(
    st.sampled_from(["rail", "coach", "metro", "bus"]),
    st.permutations(range(4)),
    st.integers(2, 3),
    st.integers(3, 40),
    st.sampled_from([600, 1800, 3600]),
)


def make(roads: set[int], lines: list[Any], access_max_min: float) -> Session:
    trips, bands = [], []
    for n, (kind, order, many, ride_min, headway_s) in enumerate(lines):
        names = list(METRO if kind in ("metro", "bus") else STATIONS)
        calls = " | ".join(
            f"{names[i]} {6 + k * ride_min // 60:02d}:{k * ride_min % 60:02d}" for k, i in enumerate(order[:many])
        )
        trips.append(f"L{n} {kind} daily | {calls}")
        bands.append(f"L{n} 06:00 22:00 {headway_s} 1")
    stops = {**STATIONS, **METRO}
    feed = make_feed(trips, stops=stops, frequencies=bands)
    # a short way off the roads: most cells lie far from any change
    assumptions = ROUND.with_changes(access_max_min=access_max_min, off_network_max_min=5, walk_max_m=1000)
    links = [ROADS[k] for k in sorted(roads | {0, 1, 2})]
    return Session("town", make_town(links=links, feed=feed, assumptions=assumptions))


@settings(max_examples=examples(8), deadline=None)
@given(
    roads=st.sets(st.integers(3, len(ROADS) - 1)),
    lines=st.lists(LINE, min_size=1, max_size=3),
    new=LINE,
    access_max_min=st.sampled_from([8, 25, 45, 60]),
    edit=st.sampled_from(["a line more", "a road more", "a closure", "a line less"]),
)
@example(  # a sooner train to b: times along the road from there change far from its ends
    roads=set(),
    lines=[("rail", (0, 2, 1, 3), 2, 20, 600)],
    new=("rail", (0, 2, 1, 3), 2, 10, 600),
    access_max_min=45,
    edit="a line more",
)
def test_surfaces_after_an_edit_are_certified(
    roads: set[int], lines: list[Any], new: Any, access_max_min: float, edit: str
) -> None:
    after_roads, after_lines = set(roads), list(lines)
    if edit == "a line more":
        after_lines.append(new)
    elif edit == "a line less":
        after_lines = after_lines[1:] or [new]
    elif edit == "a road more":
        after_roads |= set(range(3, len(ROADS))) - roads and {min(set(range(3, len(ROADS))) - roads)}
    else:
        after_roads -= {max(roads, default=0)}
    base, again = (make(roads, lines, access_max_min) for _ in range(2))
    plan = make(after_roads, after_lines, access_max_min)
    found = compare_sessions(
        base, again, plan, measure_od(base, [], CHOICES), measure_od(plan, [], CHOICES), choices=CHOICES
    ).certificate
    assert sum(kind["cells"] for kind in found["by_kind"]) > 0
    assert [f for f in found.get("failures", []) if f["field"] == "cells"] == []
