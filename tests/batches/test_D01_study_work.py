"""Batches of a study: the numbers of `od` and `indicators`, on threads, processes and Dask alike."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.batches.toys import read_folder
from tests.study.mini_workspace import open_mini_workspace
from transit_model.batches import work as study_work
from transit_model.batches.job import Job, TravelConditions, build_job
from transit_model.batches.open_executor import open_executor
from transit_model.batches.origins import list_origins
from transit_model.batches.question import BatchMeasure, OriginQuestion
from transit_model.batches.run import run_batch
from transit_model.batches.store import MANIFEST, Store
from transit_model.batches.threads import ThreadExecutor
from transit_model.domain.modes import DeparturePolicy, Mode, Reading, SpeedTable, Vehicle
from transit_model.errors import InputError
from transit_model.indicator_tables.rows import Measured
from transit_model.indicator_tables.tables import tabulate_indicators
from transit_model.measure.od import compute_od, od_records
from transit_model.measure.workspace import Workspace
from transit_model.streets import street_search as engine

SCENARIOS = ("built", "planned")
ALL_TIMES = OriginQuestion(BatchMeasure.TIMES, (Mode.ROAD, Mode.RAIL), (Reading.TYPICAL, Reading.DOOR_TO_DOOR))


_KEYS = (BatchMeasure.POPULATION, (Mode.ROAD,), (Reading.TYPICAL,))


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("mini"))


def measure(job: Job, out: Path, executor: Any = None) -> pd.DataFrame:
    run_batch(Store(out, job.about), job.tasks, executor or ThreadExecutor(2), job.work.warm)
    table = pd.read_parquet(out)
    return table.astype({c: str for c in ("mode", "reading", "scenario") if c in table.columns})


@pytest.mark.parametrize("policy", list(DeparturePolicy))
def test_times_are_those_of_od(mini: Workspace, tmp_path: Path, policy: DeparturePolicy) -> None:
    question = OriginQuestion(BatchMeasure.TIMES, tuple(Mode), tuple(Reading), policy=policy)
    job = build_job(mini, SCENARIOS, question, "places", destinations="centres,airports", chunk=3)
    found = measure(job, tmp_path / "out").set_index(["scenario", "mode", "reading", "from", "to"])
    n = 0
    for scenario in SCENARIOS:
        session = mini.session(scenario)
        ends = session.places.list_group("centres,airports")
        starts = [p for p in session.places.places if not p.stop_id]
        for row in od_records(compute_od(session, starts, ends, list(Mode), list(Reading), policy=policy)):
            ours = found.loc[(scenario, row["mode"], row["reading"], row["from"], row["to"])]
            for name in ("minutes", "p10", "p90"):
                assert row[name] == (None if math.isnan(ours[name]) else ours[name])
            assert (row["reachable"], row["via"], row["note"]) == (ours["reachable"], ours["via"], ours["note"])
            n += 1
    # 8 places to 2 centres and 1 airport, all modes, 3 readings, 2 scenarios.
    assert n == len(found) == 8 * 3 * len(Mode) * 3 * 2


def test_seats_and_population_are_those_of_the_indicators(mini: Workspace, tmp_path: Path) -> None:
    for scenario in SCENARIOS:
        measured = Measured(mini.session(scenario), (45.0, 60.0, 120.0))
        table = tabulate_indicators(measured, ("daily", "within"))
        result = {
            (r["indicator"], r["place"], r["mode"], r["reading"], r["subject"], r["measure"]): r["value"]
            for r in table.to_dict("records")
        }
        modes, readings = (Mode.ROAD, Mode.BEST), (Reading.DOOR_TO_DOOR,)
        seats = OriginQuestion(BatchMeasure.SEATS, modes, readings, (60.0, 120.0))
        rows = measure(build_job(mini, [scenario], seats, "seats"), tmp_path / f"seats-{scenario}")
        assert len(rows) == 4 * 2 * 2
        for r in rows.to_dict("records"):
            about = ("daily", r["from"], r["mode"], r["reading"], f"{r['cutoff_min']:g} min")
            assert r["seat_population"] == result[*about, "seat_population"]
            assert r["county_seats"] == result[*about, "county_seats"]
        people = OriginQuestion(BatchMeasure.POPULATION, modes, readings, (45.0, 60.0))
        rows = measure(build_job(mini, [scenario], people, "centres"), tmp_path / f"people-{scenario}")
        assert len(rows) == 2 * 2 * 2
        for r in rows.to_dict("records"):
            about = ("within", r["from"], r["mode"], r["reading"], f"{r['cutoff_min']:g} min")
            assert r["population"] == result[*about, "population"]
            assert r["population_share"] == result[*about, "population_share"]


def test_west_and_east_by_hand(mini: Workspace, tmp_path: Path) -> None:
    # Free flow (tests/minipack.py): farm - mid 36 min; mid - west and mid - east 50 km at 80 km/h = 37.5 min. Within
    # 40 min of mid: farm (50,000 people), west (600,000) and east (250,000).
    question = OriginQuestion(BatchMeasure.SEATS, (Mode.ROAD,), (Reading.PROMOTER,), (40.0,))
    rows = measure(build_job(mini, ["built"], question, "mid"), tmp_path / "out")
    assert rows[["from", "county_seats", "seat_population"]].to_numpy().tolist() == [["mid", 3, 900_000.0]]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["processes", "cluster"])
def test_the_bytes_do_not_depend_on_the_executor(
    mini: Workspace, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    scheduler = request.getfixturevalue("cluster").scheduler_address if kind == "cluster" else None
    job = build_job(mini, SCENARIOS, ALL_TIMES, "places", on=TravelConditions(["07:00-09:00", "17:00-19:00"]), chunk=3)
    measure(job, tmp_path / "serial", ThreadExecutor(1))
    measure(job, tmp_path / "other", open_executor(2, scheduler))
    serial = read_folder(tmp_path / "serial")
    # 8 places in threes: 3 parts for each of two scenarios in two windows; description and manifest.
    assert len(serial) == 3 * 2 * 2 + 2
    assert "scenario=planned/window=1700-1900/part-00002.parquet" in serial
    assert read_folder(tmp_path / "other") == serial


def test_surfaces_do_not_depend_on_threads_or_partitions(mini: Workspace, tmp_path: Path) -> None:
    question = OriginQuestion(BatchMeasure.POPULATION, (Mode.BEST, Mode.ROAD), (Reading.DOOR_TO_DOOR,), (30.0, 60.0))
    one = measure(build_job(mini, ["planned"], question, "places", chunk=1), tmp_path / "a", ThreadExecutor(4))
    other = measure(build_job(mini, ["planned"], question, "places", chunk=50), tmp_path / "b", ThreadExecutor(1))
    pd.testing.assert_frame_equal(one, other)


def test_the_bytes_do_not_depend_on_the_street_engine(
    mini: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = OriginQuestion(BatchMeasure.TIMES, (Mode.ROAD, Mode.RAIL), (Reading.DOOR_TO_DOOR,))
    for method in ("scipy", "buckets"):
        for module in (engine, study_work):
            monkeypatch.setattr(module, "choose_method", lambda *_, found=method, **__: found)
        measure(build_job(mini, ["planned"], question, "places", chunk=3), tmp_path / method)
    assert read_folder(tmp_path / "scipy") == read_folder(tmp_path / "buckets")


def test_windows_and_dates_are_those_of_sessions(mini: Workspace, tmp_path: Path) -> None:
    question = OriginQuestion(BatchMeasure.TIMES, (Mode.RAIL,), (Reading.TYPICAL,))
    twice = TravelConditions(["07:00-07:30", "12:00-12:10"])
    job = build_job(mini, ["built"], question, "west", destinations="east", on=twice)
    rows = measure(job, tmp_path / "out")
    # D1 leaves at 07:30 and arrives 08:20: the median of 07:00 to 07:29 waits 15.5 min and rides 50. After 12:00 the
    # next but one train is K7 at 23:40, arriving 24:50: 770 minutes after 12:00, less the median of 0 to 9 minutes;
    # the departure at 12:00 itself takes D3 (50 min).
    early, noon = (rows[rows["window"].astype(str) == w]["minutes"].item() for w in ("0700-0730", "1200-1210"))
    session = mini.session("built", window="07:00-07:30")
    west, east = (session.places.get_place(p) for p in ("west", "east"))
    assert early == round(compute_od(session, [west], [east], [Mode.RAIL], [Reading.TYPICAL])["minutes"].item(), 2)
    assert 65 <= early <= 66
    assert 750 < noon < 770


def test_grid_cells_near_a_road_of_any_scenario(mini: Workspace) -> None:
    sessions = [mini.session(s) for s in SCENARIOS]
    cells = list_origins("grid", sessions, 20_000)
    every = list_origins("grid", sessions[:1], 20_000)
    assert {c.place_id for c in every} <= {c.place_id for c in cells}
    assert len({c.place_id for c in cells}) == len(cells)
    info = sessions[0].network.info
    assert all(info.bbox[0] <= c.at.lon <= info.bbox[2] and info.bbox[1] <= c.at.lat <= info.bbox[3] for c in cells)
    off = [s.find_off_network(cells) for s in sessions]
    assert not set(off[0]) & set(off[1])


def test_a_point_far_from_roads_is_a_row_with_the_reason(mini: Workspace, tmp_path: Path) -> None:
    (tmp_path / "far.csv").write_text("id,lon,lat,name\nfar,110.05,41.95,远\nnear,111.01,40.80,\n", encoding="utf-8")
    question = OriginQuestion(BatchMeasure.POPULATION, (Mode.ROAD,), (Reading.TYPICAL,), (60.0,))
    rows = measure(build_job(mini, ["built"], question, str(tmp_path / "far.csv")), tmp_path / "people")
    far, near = rows.set_index("from").loc["far"], rows.set_index("from").loc["near"]
    assert math.isnan(far["population"])
    assert far["note"].endswith("km from the nearest road")
    assert near["population"] > 600_000
    times = OriginQuestion(BatchMeasure.TIMES, (Mode.ROAD,), (Reading.TYPICAL,))
    rows = measure(build_job(mini, ["built"], times, str(tmp_path / "far.csv")), tmp_path / "times")
    assert rows.groupby("from")["reachable"].sum().to_dict() == {"far": 0, "near": 4}


def test_the_description_changes_with_every_input(mini: Workspace) -> None:
    def describe(**changes: Any) -> dict[str, Any]:
        options: dict[str, Any] = {"scenarios": ["built"], "question": ALL_TIMES, "origins": "seats", **changes}
        return dict(build_job(mini, **options).about)

    base = describe()
    assert describe() == base
    fields: Sequence[tuple[dict[str, Any], str]] = [
        ({"scenarios": ["planned"]}, "layers"),
        ({"origins": "centres"}, "origins"),
        ({"destinations": "centres"}, "inputs"),
        ({"on": TravelConditions(windows=["08:00-09:00"])}, "layers"),
        ({"on": TravelConditions(date="2020-12-17")}, "inputs"),
        ({"on": TravelConditions(vehicle=Vehicle.COACH)}, "vehicle"),
        ({"on": TravelConditions(speeds=SpeedTable.PEAK)}, "speeds"),
        ({"chunk": 2}, "chunk"),
        ({"question": OriginQuestion(BatchMeasure.TIMES, (Mode.ROAD,), (Reading.TYPICAL,))}, "modes"),
    ]
    for change, name in fields:
        assert describe(**change)[name] != base[name], change


def test_people_of_ones_own_file(mini: Workspace, tmp_path: Path) -> None:
    # 70 people at the centre of west and 8 at that of east; half an hour from west does not reach east.
    path = tmp_path / "people.csv"
    path.write_text("lon,lat,population\n111.0,40.8,70\n112.0,40.8,8\n", encoding="utf-8")
    question = OriginQuestion(
        BatchMeasure.POPULATION, (Mode.ROAD,), (Reading.TYPICAL,), (30.0, 120.0), population=str(path)
    )
    job = build_job(mini, ["built"], question, "west")
    assert job.about["population"] == "file"
    assert measure(job, tmp_path / "out")["population"].tolist() == [70.0, 78.0]
    path.write_text("lon,lat,population\n111.0,40.8,71\n", encoding="utf-8")
    assert build_job(mini, ["built"], question, "west").about["inputs"] != job.about["inputs"]
    with pytest.raises(InputError) as caught:
        build_job(mini, ["built"], OriginQuestion(*_KEYS, population="everyone"), "west")
    assert [i.code for i in caught.value.issues] == ["no_population"]


def test_the_manifest_tells_what_was_asked(mini: Workspace, tmp_path: Path) -> None:
    question = OriginQuestion(BatchMeasure.SEATS, (Mode.ROAD,), (Reading.TYPICAL,), (30.0, 60.0))
    measure(build_job(mini, SCENARIOS, question, "seats"), tmp_path / "out")
    result = json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))
    assert result["measure"] == "seats"
    assert result["cutoffs_min"] == [30.0, 60.0]
    assert result["layers"] == ["scenario=built", "scenario=planned"]
    assert set(result["inputs"]) == {
        "layer scenario=built",
        "layer scenario=planned",
        "origins",
        "destinations",
        "people",
    }


BAD_FILES = {
    "lon,lat\n111,40.8\n": [("missing_column", 1)],
    "id,lon,lat\n": [("empty_table", None)],
    "id,lon,lat\na,111,40.8\na,111,40.9\n ,111,40.9\n": [("empty_id", 4), ("duplicate_id", 3)],
    "id,lon,lat\na,40.8,111\nb,x,40.8\nc,10,10\n": [
        ("outside_study_area", 2),
        ("bad_coordinate", 3),
        ("outside_study_area", 4),
    ],
    'id,lon,lat\na,111,40.8\nb,"1\n': [("csv_parsing_failed", 3)],
}


@pytest.mark.parametrize("text", BAD_FILES)
def test_bad_files_are_told_line_by_line(mini: Workspace, tmp_path: Path, text: str) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list_origins(str(path), [mini.session("built")])
    assert [(i.code, i.line) for i in caught.value.issues] == BAD_FILES[text]


def test_other_wrong_questions(mini: Workspace, tmp_path: Path) -> None:
    session = mini.session("built")
    with pytest.raises(InputError) as caught:
        list_origins(str(tmp_path / "none.csv"), [session])
    assert [i.code for i in caught.value.issues] == ["file_not_found"]
    with pytest.raises(InputError) as caught:
        list_origins("grid", [session], 300_000)
    assert [i.code for i in caught.value.issues] == ["empty_grid"]
    with pytest.raises(InputError) as caught:
        OriginQuestion(BatchMeasure.POPULATION, (Mode.RAIL,), (Reading.PROMOTER,), policy=DeparturePolicy.TIMETABLED)
    assert [i.code for i in caught.value.issues] == ["no_such_surface"] * 2
    with pytest.raises(InputError) as caught:
        build_job(mini, ["built", "built"], ALL_TIMES, "seats")
    assert [i.code for i in caught.value.issues] == ["duplicate_layer"]
    with pytest.raises(InputError):
        build_job(mini, [], ALL_TIMES, "seats")
