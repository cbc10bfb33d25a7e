"""Minutes that a timetable prints, and places that it does not list."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.minipack import make_two_timetables_files, write_pack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.domain.modes import Mode, Reading
from transit_model.goals.judge import Verdict
from transit_model.measure.printed_times import is_printed, tell_unlisted
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace
from transit_model.study.scenario_tables import judge_all, measure_goal_od


def find_verdict(workspace: Workspace, scenario: str, goal: str, reading: Reading = Reading.PROMOTER) -> Verdict:
    session = workspace.session(scenario)
    goals = [g for g in workspace.goals() if g.id == goal]
    verdicts = judge_all(session, goals, measure_goal_od(session, goals))
    return next(v for v in verdicts if v.reading == reading.value)


def open_two(folder: Path, stations: str = "") -> Workspace:
    """The mini region with both timetables; the older one lists all stations, or as told."""
    files = make_two_timetables_files()
    words = "    valid_from: 2020-10-01\n"
    assert words in files["region.yaml"]
    files["region.yaml"] = files["region.yaml"].replace(words, words + stations)
    return Workspace.open(str(write_pack(folder / "mini", files)), write_mini_scenarios(folder / "scenarios"))


def test_direct_trains_of_the_day_are_printed(tmp_path: Path) -> None:
    # TT2023 west to east: D1 40, D3 50, C5 44 minutes; only D2, 50, the other way
    session = open_two(tmp_path).session("built")
    assert session.timetable_id == "TT2023"
    west, east, mid = (session.places.get_place(p) for p in ("west", "east", "mid"))
    assert [m for m in (39.0, 40.0, 41.0, 44.0, 50.0) if is_printed(session, west, east, Mode.RAIL, m)] == [40, 44, 50]
    assert not is_printed(session, east, west, Mode.RAIL, 40)
    assert is_printed(session, east, west, Mode.BEST, 50)
    assert is_printed(session, west, mid, Mode.RAIL, 20)
    assert not is_printed(session, west, east, Mode.BUS, 40)
    assert not is_printed(session, west, east, Mode.ROAD, 40)


def test_a_station_without_a_train_is_not_told_by_boards_of_some_stations(tmp_path: Path) -> None:
    # The capital's station has no train in either timetable; only the older one does not list all stations.
    work = open_two(tmp_path, "    stations_listed: some\n")
    assert [t.lists_all for t in work.region.info.list_timetables()] == [False, True]
    new = work.session("built")
    old = Workspace.open(str(tmp_path / "mini"), tmp_path / "scenarios", timetable="TT2020").session("built")
    for session, result in ((old, "the timetable TT2020 does not list the trains of Capital"), (new, "")):
        at = session.places.get_place
        assert tell_unlisted(session, at("capital"), Mode.RAIL) == result
        assert tell_unlisted(session, at("capital"), Mode.BUS) == ""
        assert tell_unlisted(session, at("west"), Mode.RAIL) == ""
        assert tell_unlisted(session, at("farm"), Mode.RAIL) == ""  # no station at all


@pytest.fixture(scope="module")
def qinghe_2020(built_2020: Session) -> str:
    return tell_unlisted(built_2020, built_2020.places.get_place("qinghe"), Mode.RAIL)


def test_the_boards_of_2020_do_not_list_qinghe(qinghe_2020: str, built_2020: Session, built_2025: Session) -> None:
    assert "TT2020Q4" in qinghe_2020
    assert "Qinghe" in qinghe_2020
    listed = built_2020.places.get_place("hohhot")
    assert tell_unlisted(built_2020, listed, Mode.RAIL) == ""
    # the lists of 2023 have every station: one without a train has none
    assert tell_unlisted(built_2025, built_2025.places.get_place("qinghe"), Mode.RAIL) == ""
    assert built_2025.network.info.get_timetable("TT20231215").lists_all


def test_haidian_in_two_hours(shipped: Workspace) -> None:
    # Hohhot East-Qinghe 119 minutes, printed: met by a minute for the promoter, missed by travellers; unknown of 2020
    result = {r: find_verdict(shipped, "built-2025", "haidian-2h", r) for r in Reading}
    assert (result[Reading.PROMOTER].verdict, result[Reading.PROMOTER].value_min) == ("met", 119)
    assert result[Reading.PROMOTER].margin_min == 1
    assert {result[r].verdict for r in (Reading.TYPICAL, Reading.DOOR_TO_DOOR)} == {"missed"}
    of_2020 = find_verdict(shipped, "built-2020", "haidian-2h")
    assert (of_2020.verdict, of_2020.judged) == ("cannot_tell", True)
    assert "TT2020Q4" in of_2020.reason
