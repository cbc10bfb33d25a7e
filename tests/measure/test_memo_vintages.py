"""One memo for several timetables: what was searched on one is never the answer of another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from tests.minipack import NEW_TIMETABLE, OLD_TIMETABLE, make_two_timetables_files, write_pack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.domain.modes import DeparturePolicy, Mode, Reading
from transit_model.measure.memo import Memo
from transit_model.measure.od import compute_od
from transit_model.measure.pair_times import compute_pair_minutes
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace

SHIPPED = ("built-2020", "built-2025")
PAIRS = [("hohhot", "ulanqab"), ("hohhot", "baotou"), ("baotou", "ordos")]


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A pack of two timetables, and its scenarios."""
    folder = tmp_path_factory.mktemp("vintages")
    return write_pack(folder / "mini", make_two_timetables_files()), write_mini_scenarios(folder / "scenarios")


def _tabulate(session: Session, places: Sequence[str], policies: Sequence[DeparturePolicy]) -> pd.DataFrame:
    ends = [session.places.get_place(p) for p in places]
    tables = [compute_od(session, ends, ends, list(Mode), list(Reading), policy=policy) for policy in policies]
    return pd.concat(tables, keys=policies)


def _compare(open_session: dict[str, Session], places: Sequence[str], policies: Sequence[DeparturePolicy]) -> None:
    """Measure sessions from scratch, then there and back with one memo: each must say what it says alone."""
    alone = {name: _tabulate(session, places, policies) for name, session in open_session.items()}
    first, second = alone.values()
    rail = (first["mode"] == "rail").to_numpy()
    assert not first.loc[rail, "minutes"].equals(second.loc[rail, "minutes"]), "both timetables say the same"
    memo = Memo()
    for name in (*alone, *reversed(alone)):
        old = open_session[name]
        day, window = old.service_date, old.window
        session = Session(old.scenario_id, old.network, service_date=day, window=window, memo=memo)
        assert_frame_equal(_tabulate(session, places, policies), alone[name], check_exact=True)


# the traveller who knows the timetable is followed on 60 days where headway lines run, as they do in `planned`
@pytest.mark.parametrize(
    ("scenario", "policies"), [("built", tuple(DeparturePolicy)), ("planned", (DeparturePolicy.SPONTANEOUS,))]
)
def test_two_timetables_of_one_date(
    mini: tuple[Path, Path], scenario: str, policies: tuple[DeparturePolicy, ...]
) -> None:
    """Roads, places and service day are the same: the trains alone tell the networks apart."""
    sessions = {}
    for timetable in (OLD_TIMETABLE, NEW_TIMETABLE):
        session = Workspace.open(str(mini[0]), mini[1], timetable=timetable).session(scenario)
        assert session.timetable_id == timetable
        sessions[timetable] = session
    day = sessions[NEW_TIMETABLE].service_date
    sessions = {n: Session(s.scenario_id, s.network, service_date=day) for n, s in sessions.items()}
    _compare(sessions, ("west", "east", "mid"), policies)


def test_shipped_bases_of_two_timetables(built_2020: Session, built_2025: Session) -> None:
    assert built_2020.timetable_id != built_2025.timetable_id
    _compare(
        dict(zip(SHIPPED, (built_2020, built_2025), strict=True)),
        ("hohhot", "ulanqab", "baotou"),
        (DeparturePolicy.SPONTANEOUS,),
    )


def test_pairs_of_shipped_bases(built_2020: Session, built_2025: Session) -> None:
    """Single pairs through one memo, as the years of a plan are measured, are those of the tables from scratch."""
    memo = Memo()
    modes = (Mode.RAIL, Mode.BEST)
    pairs = [(a, b, m, r) for a, b in PAIRS for m in modes for r in Reading]
    found = []
    for alone in (built_2020, built_2025):
        result = compute_pair_minutes(Session(alone.scenario_id, alone.network, memo=memo), pairs)
        ends = [alone.places.get_place(p) for p in sorted({p for pair in PAIRS for p in pair})]
        table = compute_od(alone, ends, ends, modes, list(Reading)).set_index(["from", "to", "mode", "reading"])
        assert result == {pair: table.loc[pair, "minutes"] for pair in pairs}
        found.append(result)
    assert found[0] != found[1]
