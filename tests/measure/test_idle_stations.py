"""Stations at which nothing calls: named, grouped, measured by road, and told apart from places of the same id."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.minipack import make_minipack_files, write_pack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import PlaceError
from transit_model.measure.od import compute_od
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace

# A halt on the node mid at which nothing calls, one beyond any road, and a station with the id of the centre west.
IDLE = (
    "halt,无车站,Idle Station,,静站,111.500,40.700,judged,West,中县,in,,mid,low,[made] by hand\n"
    "far-halt,远站,Far Station,,,112.900,41.900,judged,East,,in,,,low,[made] by hand\n"
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("idle")
    files = make_minipack_files()
    files["stations.csv"] += IDLE
    files = {n: t.replace("west-station", "west") if n == "stations.csv" else t for n, t in files.items()}
    files = {n: t.replace("west-station", "west") if n.startswith("gtfs/") else t for n, t in files.items()}
    files["region.yaml"] = files["region.yaml"].replace("west: [west-station]", "west: [west]")
    work = Workspace.open(str(write_pack(folder / "mini", files)), write_mini_scenarios(folder / "scenarios"))
    return work.session("built")


@pytest.mark.parametrize("text", ["halt", "station:halt", "无车站", "Idle Station", "静站", "无车"])
def test_a_station_without_trains_has_a_name(session: Session, text: str) -> None:
    place = session.places.get_place(text)
    assert (place.place_id, place.kind, place.stop_id, place.road_node_id) == ("halt", "station", "halt", "mid")


def test_a_group_of_stations_holds_stations(session: Session) -> None:
    # The centre west is no station, though its station bears the same id.
    group = session.places.list_group("stations")
    assert [p.place_id for p in group] == ["west-station", "mid-station", "east-station", "halt", "far-halt"]
    assert {p.kind for p in group} == {"station"}
    assert [p.place_id for p in session.places.list_group("centres")] == ["west", "east"]
    assert session.places.get_place("west").kind == "centre"


def test_times_from_stations_without_trains(session: Session) -> None:
    stations, east = session.places.list_group("stations"), session.places.list_group("east")
    table = compute_od(session, stations, east, [Mode.ROAD, Mode.RAIL], [Reading.PROMOTER])
    result = table.set_index(["from", "mode"])[["minutes", "note"]]
    assert result.loc[("halt", "road"), "minutes"] == pytest.approx(37.5)  # 50 km at 80
    assert result.loc[("west-station", "rail"), "minutes"] == pytest.approx(50)  # D1 07:30-08:20
    # no train calls at the halt, which lies beside the station of mid: K7 leaves that at 24:15 and arrives at 24:50
    assert result.loc[("halt", "rail"), "minutes"] == pytest.approx(35)
    assert "by way of a station elsewhere" in result.loc[("halt", "rail"), "note"]
    for lost in (("far-halt", "road"), ("far-halt", "rail")):
        assert result.loc[lost, "minutes"] == float("inf")
        assert result.loc[lost, "note"] != ""


@pytest.mark.parametrize("text", ["no-place", "未名站", "未名", "station:no-place"])
def test_a_station_that_lies_nowhere_is_told_so(session: Session, text: str) -> None:
    with pytest.raises(PlaceError, match=r"nobody knows where the station no-place \(未名站\) lies") as caught:
        session.places.get_place(text)
    assert "stations.csv" in caught.value.issues[0].hint


def test_a_group_without_places_is_told(session: Session, tmp_path: Path) -> None:
    files = make_minipack_files()
    places = "\n".join(line for line in files["places.csv"].splitlines() if not line.startswith("airport")) + "\n"
    pack = write_pack(tmp_path / "mini", {**files, "places.csv": places})
    bare = Workspace.open(str(pack), write_mini_scenarios(tmp_path / "scenarios")).session("built")
    for text in ("airports", "centres,airports"):
        with pytest.raises(PlaceError) as caught:
            bare.places.list_group(text)
        assert [(i.code, i.value) for i in caught.value.issues if i.severity == "error"] == [
            ("empty_group", "airports")
        ]
        assert "airports" not in caught.value.issues[-1].message  # the groups that have places
    assert bare.places.list_members("airports") == []
    assert [p.place_id for p in session.places.list_members("airports")] == ["airport_west"]
