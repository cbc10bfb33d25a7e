"""What the scenarios of a run share: an edit of any input of a kept result is never answered from before the edit."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.measure.test_transit import town
from tests.network.town import LINKS, ROUND, STATIONS, TRAINS
from tests.study.mini_workspace import open_mini_workspace
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.access import compute_station_trips
from transit_model.measure.memo import TIMES, Memo
from transit_model.measure.od import compute_od
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.network.model import Network
from transit_model.network.table_texts import TableTexts
from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.study.scenario_tables import RingCache, measure_rings

METRO = "M1 metro daily | sa 00:00 | m1 00:04 | sx 00:06"
COACH = "C1 coach daily | sa 07:30 | sb 08:10 | sc 08:40"
LINES = (*TRAINS, METRO, COACH)
READINGS = (Reading.TYPICAL, Reading.DOOR_TO_DOOR)
Found = dict[str, np.ndarray]


def make(lines: tuple[str, ...] = LINES, band: str = "M1 07:00 11:00 600 0", **changes: Any) -> Network:
    return town(lines, (band,), **changes)


def assume(**numbers: Any) -> Callable[[], Network]:
    return lambda: make(assumptions=ROUND.with_changes(**numbers))


def measure(network: Network, memo: Memo | None) -> Found:
    """Return what is kept for a run: times and lengths of pairs, trips to stations, times at nodes."""
    session = Session("town", network, memo=memo)
    ends = [session.places.get_place(p) for p in ("pa", "pb", "pc", "halfway")]
    modes = [Mode.ROAD, Mode.RAIL, Mode.BUS, Mode.TRANSIT]
    od = compute_od(session, ends, ends, modes, list(Reading)).set_index(["mode", "reading"])
    found = {
        f"{name} {mode} {reading}": od.loc[(mode.value, reading.value), name].to_numpy(dtype=np.float64)
        for name in ("minutes", "p10", "p90", "km")
        for mode in modes
        for reading in Reading
    }
    builder = SurfaceBuilder(session)
    for mode in modes:
        for reading in READINGS:
            found[f"nodes {mode} {reading}"] = builder.get_node_s(ends[0], mode, reading, 0.5)
        if mode is not Mode.ROAD:
            found[f"trips {mode}"] = compute_station_trips(session, ends, mode).time_s
    return found


def list_moved(before: Found, after: Found) -> Iterator[str]:
    for name, values in before.items():
        if values.shape != after[name].shape or not np.array_equal(values, after[name], equal_nan=True):
            yield name


COACH_LATER = tuple(line.replace("07:30", "07:36") if "coach" in line else line for line in LINES)
LATER = tuple(line.replace("10:00", "10:07") for line in LINES)
LONGER = tuple(row.replace("40000", "40800") for row in LINKS)
MOVED = {**STATIONS, "sb": (*STATIONS["sb"][:2], "i2", *STATIONS["sb"][3:])}
EDITS: dict[str, tuple[Callable[[], Network], tuple[str, ...]]] = {
    # the edit, and what it moves among other things
    "a train": (lambda: make(LATER), ("minutes rail typical", "nodes rail door_to_door")),
    "a coach": (lambda: make(COACH_LATER), ("minutes bus typical", "p10 bus typical")),
    "no coach": (lambda: make((*TRAINS, METRO)), ("minutes bus typical", "nodes bus typical")),
    "a headway": (lambda: make(band="M1 07:00 11:00 1200 0"), ("minutes transit typical", "nodes rail door_to_door")),
    "a road": (lambda: make(links=LONGER), ("km road promoter", "minutes road typical")),
    "rides": (assume(max_rides=1), ()),
    "taxi": (assume(taxi_wait_min=9), ("trips rail", "nodes rail door_to_door", "minutes rail door_to_door")),
    "walks": (assume(walk_speed_kmh=3.0), ("trips rail",)),
    "entry": (assume(rail_entry_min=25), ("minutes rail door_to_door", "nodes rail door_to_door")),
    "off the roads": (assume(off_network_speed_kmh=30), ("minutes road typical",)),
    "a station": (lambda: make(stations=MOVED), ("trips rail", "nodes rail door_to_door", "minutes bus typical")),
    "window": (lambda: make(window="07:00-10:00"), ("minutes rail typical", "nodes rail typical")),
}


@pytest.mark.parametrize("name", list(EDITS))
def test_an_edit_of_an_input_is_seen_through_the_memo(name: str) -> None:
    edit, moves = EDITS[name]
    memo = Memo()
    before, after = measure(make(), memo), measure(edit(), memo)
    moved = set(list_moved(before, after))
    assert moved.issuperset(moves), sorted(set(moves) - moved)
    assert not list(list_moved(measure(edit(), None), after))
    assert not list(list_moved(measure(make(), memo), before))  # and the edit is not the answer afterwards


def test_trains_at_other_times_leave_the_timetable_of_buses() -> None:
    memo = Memo()
    before, after = (Session("town", network, memo=memo) for network in (make(), make(LATER)))
    assert before.timetable(Mode.BUS) is after.timetable(Mode.BUS)
    assert before.timetable(Mode.RAIL) is not after.timetable(Mode.RAIL)
    later = Session("town", make(COACH_LATER), memo=memo)
    assert later.timetable(Mode.BUS) is not before.timetable(Mode.BUS)


def test_what_an_edit_leaves_alone_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, int] = {}
    get = Memo.get

    def count(self: Memo, kind: str, key: Any, make: Callable[[], Any]) -> Any:
        if kind != TIMES:  # digests are made of each table that comes, searches are not
            made[kind] = made.get(kind, 0) + (not self.has(kind, key))
        return get(self, kind, key, make)

    monkeypatch.setattr(Memo, "get", count)
    memo = Memo()
    measure(make(), memo)
    first = dict(made)
    kinds = ("windows", "fastest", "station_leads", "station_trips", "station_drives", "ways")
    assert min(first[kind] for kind in kinds) > 0
    measure(make(), memo)
    assert made == first


def test_scenarios_of_a_run_share_their_searches_and_say_the_same(tmp_path: Path) -> None:
    alone = open_mini_workspace(tmp_path)
    shared = alone.with_memo()
    assert alone.memo is None
    assert shared.memo is not None
    assert shared.afresh().memo is not shared.memo  # a base built again measures again
    sent = pickle.loads(pickle.dumps(shared))  # as the share of another process goes there
    assert sent.memo is not None
    assert not sent.memo.has("stop_points", ())
    choices = StudyChoices()
    tables = []
    for workspace in (alone, sent):
        cache = RingCache(choices)
        for name in ("built", "planned"):
            tables.append(measure_rings(workspace.session(name), cache, lambda _text: None))
    for own, kept in zip(tables[:2], tables[2:], strict=True):
        assert own.to_wkb().equals(kept.to_wkb())


def test_rings_of_equal_surfaces_keep_their_own_labels() -> None:
    # Without a bus and a metro `transit` is `rail`: drawn once, told as each.
    choices = StudyChoices.model_validate(
        {
            "rings": [{"mode": m, "reading": r} for m in ("rail", "transit") for r in ("typical", "door_to_door")],
            "compared": [{"mode": "transit", "reading": "door_to_door"}],
        }
    )
    session = Session("town", town(TRAINS))
    cache = RingCache(choices)
    rings = measure_rings(session, cache, lambda _text: None)
    numbers = ["cutoff_min", "area_km2", "population"]
    for reading in READINGS:
        rail, transit = (rings[(rings["mode"] == m) & (rings["reading"] == reading.value)] for m in ("rail", "transit"))
        assert len(rail) > 0
        assert (rail[numbers].to_numpy() == transit[numbers].to_numpy()).all()
    # of two readings and one timetable: two surfaces a centre
    assert len(cache.frames) == 2 * rings["origin"].nunique()
    times = cache.get_times("town", str(rings["origin"].iloc[0]), (Mode.TRANSIT, Reading.DOOR_TO_DOOR))
    assert np.isfinite(times).any()


def test_networks_that_share_the_text_of_tables_have_their_own_fingerprints() -> None:
    networks = [make(), make(LATER), make(links=LONGER), make()]
    known = TableTexts()
    shared = [network.fingerprint(known) for network in networks]
    assert shared == [network.fingerprint() for network in networks]
    assert len(set(shared)) == 3


def test_times_are_forgotten_when_no_comparison_waits_for_them() -> None:
    session = Session("town", make())
    cache = RingCache()
    measure_rings(session, cache, lambda _text: None)
    kept = len(cache.times)
    assert kept > len(cache.choices.compared_kinds)  # a small grid keeps all kinds
    cache.forget_others({"town"})
    assert len(cache.times) == kept
    cache.forget_others(set())
    assert not cache.times
