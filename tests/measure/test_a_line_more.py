"""A line more, with stations of its own or at stops that others serve, makes no pair later on any reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.network.town import NODES, ROUND, STATIONS, TRAINS, make_feed, make_town
from transit_model.assumptions import Assumptions
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.memo import Memo
from transit_model.measure.od import compute_od
from transit_model.measure.place_stops import find_place_stops
from transit_model.measure.session import Session
from transit_model.network.model import Network
from transit_model.units import format_clock, min_to_s

Stops = dict[str, tuple[Any, ...]]
PLACES = ("pa", "pb", "pc", "halfway")
WITH_STOP = (*PLACES, "station:s0")


def build(lines: Sequence[str], stops: Stops, numbers: Assumptions = ROUND, **changes: Any) -> Network:
    """The town with these vehicles; those whose names begin with N are of a project."""
    feed = make_feed(lines, stops=stops)
    brought = ["p" if trip.startswith("N") else "" for trip in feed.trips["trip_id"]]
    feed = replace(feed, trips=feed.trips.assign(project_id=brought))
    stations = {stop: row for stop, row in stops.items() if row[2] != "-"}
    return make_town(feed=feed, stations=stations, assumptions=numbers, **changes)


def measure(network: Network, modes: Sequence[Mode], places: Sequence[str] = PLACES) -> pd.DataFrame:
    session = Session("town", network, memo=Memo())
    ends = [session.places.get_place(p) for p in places]
    od = compute_od(session, ends, ends, modes, list(Reading), with_km=False)
    return od.set_index(["mode", "reading", "from", "to"]).sort_index()


KM = st.sampled_from([0.001, 0.01, 0.03, 0.1])
SIGN = st.floats(-1, 1, allow_nan=False).map(lambda x: round(x, 3))


@st.composite
def towns(draw: st.DrawFn, more: str) -> tuple[Stops, list[str], list[str]]:
    """Stops near the nodes of the town, vehicles of all kinds, and those of a line more."""
    stops: Stops = {}
    n_old, n_new = draw(st.integers(2, 5)), draw(st.integers(0, 3))
    for i in range(n_old + n_new):
        node, far = draw(st.sampled_from(sorted(NODES))), draw(KM)
        lon, lat = NODES[node]
        name = f"s{i}" if i < n_old else f"n{i}"
        stops[name] = (lon + far * draw(SIGN), lat + far * draw(SIGN), node, f"站{i}", f"S{i}")
    names = list(stops)

    def draw_line(name: str, kind: str, among: list[str]) -> str:
        clock = draw(st.integers(6 * 60, 11 * 60))
        calls = draw(st.lists(st.sampled_from(among), min_size=2, unique=True))
        runs = [draw(st.integers(3, 40)) for _ in calls]
        clocks = np.cumsum([clock, *runs[1:]]).tolist()
        told = [f"{s} {format_clock(round(min_to_s(m)))}" for s, m in zip(calls, clocks, strict=True)]
        return " | ".join([f"{name} {kind} daily", *told])

    kinds = st.sampled_from(["rail", "rail", "metro", "bus", "coach"])
    lines = [draw_line(f"T{i}", draw(kinds), names[:n_old]) for i in range(draw(st.integers(1, 6)))]
    return stops, lines, [draw_line(f"N{i}", more, names) for i in range(draw(st.integers(1, 3)))]


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([1, 2, 20]), st.sampled_from([10, 20, 60]), st.sampled_from([1, 5, 15]))
@pytest.mark.parametrize("kind", ["rail", "coach", "bus"])
def test_a_line_more_makes_no_pair_later(
    kind: str, data: st.DataObject, most: int, access_min: int, reach_km: int
) -> None:
    stops, lines, more = data.draw(towns(kind))
    numbers = ROUND.with_changes(station_reach_stops=most, access_max_min=access_min, station_reach_km=reach_km)
    how: dict[str, Any] = {"numbers": numbers, "window": "07:00-09:00", "main_stations": {}}
    modes = (Mode.RAIL if kind == "rail" else Mode.BUS, Mode.TRANSIT, Mode.BEST)
    before, after = (measure(build(some, stops, **how), modes, WITH_STOP) for some in (lines, [*lines, *more]))
    for name in ("p10", "minutes", "p90"):
        first, second = before[name].to_numpy(dtype=float), after[name].to_numpy(dtype=float)
        known = ~np.isnan(first) & ~np.isnan(second)
        assert (second[known] <= first[known] + 1e-6).all(), name
        assert not (np.isnan(second) & np.isfinite(first)).any() or name != "minutes"


def test_a_nearer_station_of_a_project_takes_no_other_ones_place() -> None:
    # The nearest station alone counts. sn lies between pc and sc, and only a train to b calls there.
    stops = {**STATIONS, "sn": (111.0, 40.501, "c", "丙南", "Gamma South")}
    numbers = ROUND.with_changes(station_reach_stops=1)
    own, minutes = [], []
    for lines in (
        TRAINS,
        (*TRAINS, "N1 rail daily | sn 09:00 | sb 09:20"),
        (*TRAINS, "T9 rail daily | sn 09:00 | sb 09:20"),
    ):
        network = build(lines, stops, numbers, main_stations={})
        session = Session("town", network)
        own.append(find_place_stops(session, session.places.get_place("pc"), Mode.RAIL))
        minutes.append(measure(network, [Mode.RAIL]).loc[("rail", "promoter", "pa", "pc"), "minutes"])
    # R2 sa - sc in 30 min. In a timetable of its own the nearest station is another.
    assert own == [["sc"], ["sn", "sc"], ["sn"]]
    assert minutes[:2] == [30, 30]


@pytest.mark.parametrize("mode", [Mode.RAIL, Mode.TRANSIT])
def test_a_first_train_at_a_metro_stop_leaves_the_metro_as_it_was(mode: Mode) -> None:
    metro = {"m1": (111.0, 40.001, "-", "一", "One"), "m2": (111.0, 40.2985, "-", "二", "Two")}
    rides = tuple(f"M{h} metro daily | m1 {h:02}:00 | m2 {h:02}:08" for h in range(7, 13))
    lines = (*TRAINS, *rides)
    more = (*lines, "N1 rail daily | m1 15:00 | m2 15:20")
    numbers = ROUND.with_changes(access_max_min=20)
    before, after = (measure(build(some, {**STATIONS, **metro}, numbers), [mode]) for some in (lines, more))
    for name in ("p10", "minutes", "p90"):
        first, second = before[name].to_numpy(dtype=float), after[name].to_numpy(dtype=float)
        known = ~np.isnan(first) & ~np.isnan(second)
        assert (second[known] <= first[known]).all(), name
    # 112 s on foot and 3 min into the metro, not 15 into a train: after 07:00, so 08:00 to 08:08, out in 2 min.
    session = Session("town", build(more, {**STATIONS, **metro}, numbers))
    compiled, _ = session.timetable(mode)
    entry = {stop: int(compiled.arrays.entry_s[i]) for stop, i in compiled.stop_idx.items()}
    assert (entry["m1"], entry["m1|2"]) == (15 * 60, 3 * 60)
    assert "m1|2" not in session.list_stations(Mode.RAIL)


def test_a_first_train_at_a_station_takes_no_way_away() -> None:
    # sq stands idle at i1, 3 km from sa: from it one takes a taxi to sa and R2 to sc. Then one train calls there.
    stops = {**STATIONS, "sq": (111.02, 40.0201, "i1", "甲东", "Alpha East")}
    found = []
    for lines in (TRAINS[:4], (*TRAINS[:4], "N1 rail daily | sq 15:00 | sb 15:20")):
        network = build(lines, stops, main_stations={})
        od = measure(network, [Mode.RAIL], ("station:sq", "pc"))
        found.append([od.loc[("rail", reading.value, "sq", "pc"), "minutes"] for reading in Reading])
    assert np.isfinite(found[0]).all()
    assert (np.array(found[1]) <= np.array(found[0])).all()
