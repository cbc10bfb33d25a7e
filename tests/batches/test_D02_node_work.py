"""`batch --measure nodes`: by hand, and the same numbers as every other door where they answer the same question."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.study.mini_commands import ask as ask_command
from tests.study.mini_commands import ask_json, write_mini
from tests.study.mini_workspace import open_mini_workspace
from transit_model.batches import street_sums
from transit_model.batches.executor import Executor
from transit_model.batches.job import build_job
from transit_model.batches.open_executor import open_executor
from transit_model.batches.origins import read_points
from transit_model.batches.question import BatchMeasure, OriginQuestion
from transit_model.batches.run import run_batch
from transit_model.batches.store import Store
from transit_model.batches.threads import ThreadExecutor
from transit_model.cli.batch_commands import register
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError
from transit_model.indicator_tables.rows import Measured
from transit_model.indicator_tables.tables import tabulate_indicators
from transit_model.measure.od import compute_od
from transit_model.measure.workspace import Workspace

CUTOFFS = (4.0, 20.0, 45.0, 60.0, 120.0)  # 4 min is less than it takes to get to the car and to park it
ROAD = (Mode.ROAD,)
KEYS = ["from", "reading", "cutoff_min"]


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("nodes"))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))


def ask(
    mini: Workspace,
    question: OriginQuestion,
    origins: str,
    out: Path,
    executor: Executor | None = None,
    chunk: int | None = None,
) -> pd.DataFrame:
    job = build_job(mini, ["built", "planned"], question, origins, chunk=chunk)
    run_batch(Store(out, job.about), job.tasks, executor or ThreadExecutor(2), job.work.warm)
    return pd.read_parquet(out).astype({"mode": str, "reading": str, "scenario": str})


def nodes_question(opportunities: Path | None = None) -> OriginQuestion:
    return OriginQuestion(BatchMeasure.NODES, ROAD, tuple(Reading), CUTOFFS, opportunities=str(opportunities or ""))


@pytest.mark.parametrize("method", ["buckets", "hierarchy"])
@pytest.mark.parametrize("origins", ["seats", "places", "nodes", "points"])
def test_the_numbers_of_the_seats(
    mini: Workspace, tmp_path: Path, method: str, origins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(street_sums, "choose_sum_method", lambda *_: method)
    if origins == "points":  # one beside each road, one on the same road, one far away from every road
        path = tmp_path / "points.csv"
        path.write_text("id,lon,lat\na,111.03,40.81\nb,111.05,40.8\nc,111.95,40.805\nd,111.5,40.2\n", encoding="utf-8")
        origins = str(path)
    found = ask(mini, nodes_question(), origins, tmp_path / "nodes", chunk=3)
    result = ask(mini, OriginQuestion(BatchMeasure.SEATS, ROAD, tuple(Reading), CUTOFFS), origins, tmp_path / "seats")
    pd.testing.assert_frame_equal(
        found.sort_values(["scenario", *KEYS], ignore_index=True)[result.columns],
        result.sort_values(["scenario", *KEYS], ignore_index=True),
    )
    assert result["seat_population"].sum() > 0
    assert list((tmp_path / "cache").glob("*")) or method == "buckets"  # hierarchies are kept


@pytest.mark.parametrize("method", ["buckets", "hierarchy"])
def test_opportunities_are_those_within_the_minutes_of_od(
    mini: Workspace, tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(street_sums, "choose_sum_method", lambda *_: method)
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(110.95, 112.05, 40).round(4), rng.uniform(40.77, 40.83, 40).round(4)
    path, file = tmp_path / "points.csv", tmp_path / "jobs.csv"
    ends = pd.DataFrame({"id": [f"e{i}" for i in range(25)], "lon": lon[:25], "lat": lat[:25], "jobs": range(25)})
    pd.DataFrame({"id": [f"s{i}" for i in range(15)], "lon": lon[25:], "lat": lat[25:]}).to_csv(path, index=False)
    ends.to_csv(file, index=False)
    found = ask(mini, nodes_question(file), str(path), tmp_path / "out").set_index(["scenario", *KEYS])
    for scenario in ("built", "planned"):
        session = mini.session(scenario)
        starts, stops = read_points(path, session), read_points(file, session)
        od = compute_od(session, starts, stops, ROAD, list(Reading), with_km=False)
        od = od.merge(ends[["id", "jobs"]], left_on="to", right_on="id")
        for start in starts:
            for reading in Reading:
                for cutoff in CUTOFFS:
                    here = od[(od["from"] == start.place_id) & (od["reading"] == reading) & (od["minutes"] <= cutoff)]
                    row = found.loc[scenario, start.place_id, reading.value, cutoff]
                    assert (row["opportunities"], row["jobs"]) == (len(here), here["jobs"].sum())
    assert found["jobs"].max() > 50


def test_the_numbers_of_the_indicator(mini: Workspace, tmp_path: Path) -> None:
    rows = ask(mini, nodes_question(), "places", tmp_path / "nodes").set_index(["scenario", *KEYS])
    measured = Measured(mini.session("planned"), readings=tuple(Reading), modes=ROAD)
    table = tabulate_indicators(measured, ("daily",))
    table = table[table["measure"] == "seat_population"]
    assert len(table)
    for place, reading, subject, value in table[["place", "reading", "subject", "value"]].itertuples(index=False):
        if float(subject.removesuffix(" min")) in CUTOFFS:
            assert rows.loc["planned", place, reading, float(subject.removesuffix(" min"))]["seat_population"] == value


def test_workers_and_chunks_change_nothing(mini: Workspace, tmp_path: Path) -> None:
    one = ask(mini, nodes_question(), "nodes", tmp_path / "one", ThreadExecutor(1), chunk=2)
    two = ask(mini, nodes_question(), "nodes", tmp_path / "two", open_executor(2, None), chunk=50)
    order = ["scenario", *KEYS]
    pd.testing.assert_frame_equal(one.sort_values(order, ignore_index=True), two.sort_values(order, ignore_index=True))


def test_wrong_input_is_told(mini: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="road_only"):
        OriginQuestion(BatchMeasure.NODES, (Mode.RAIL,), tuple(Reading))
    for body, code in (
        ("id,lon,lat,beds\na,111.0,40.8,1.5\n", "not_whole"),
        ("id,lon,lat,beds\na,111.0,40.8,many\n", "bad_value"),
        ("id,lon,lat,county_seats\na,111.0,40.8,1\n", "reserved_column"),
        ("id,lon,lat\na,111.0,40.8\na,111.1,40.8\n", "duplicate_id"),
    ):
        path = tmp_path / "wrong.csv"
        path.write_text(body, encoding="utf-8")
        with pytest.raises(InputError, match=code):
            build_job(mini, ["built"], nodes_question(path), "seats")
    path.write_text("id,lon,lat,beds\nfar,111.5,40.1,3\n", encoding="utf-8")
    (notice,) = build_job(mini, ["built"], nodes_question(path), "seats").notices
    assert notice.code in ("place_off_network", "outside_study_area")


def test_the_command(tmp_path: Path) -> None:
    # Two points at the centre of west; from the node there both lie within a minute by free flow.
    folder, out, jobs = write_mini(tmp_path), tmp_path / "out", tmp_path / "jobs.csv"
    jobs.write_text("id,lon,lat,jobs\na,111.0,40.8,3\nb,111.0,40.8,4\n", encoding="utf-8")
    asked = ("-o", str(out), "-s", "built", "--measure", "nodes", "--origins", "nodes")
    result = ask_json(register, folder, *asked, "--reading", "promoter", "--cutoff", "1", "--opportunities", str(jobs))
    table = pd.read_parquet(out)
    assert result["rows"] == result["origins"] == len(table) > 3
    assert table["jobs"].max() == 7
    assert set(table.columns) >= {"county_seats", "seat_population", "opportunities"}
    done = ask_command(register, folder, "-o", str(tmp_path / "b"), "--measure", "nodes", "--mode", "rail")
    assert done.exit_code == 2
    assert "road_only" in done.output
