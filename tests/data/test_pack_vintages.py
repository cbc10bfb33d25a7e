"""What the shipped pack says by timetable: published rides, base cases by date, dated projects."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from transit_model.catalogue.timetable_diff import diff_timetables
from transit_model.cli.app import app
from transit_model.measure.places import PlaceIndex
from transit_model.measure.workspace import Workspace

EMU = ("G", "D", "C")


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace.open()


@pytest.mark.parametrize(
    ("start", "end", "routes", "trains", "fastest", "median"),
    [
        # from the stop lists of Friday 15 December 2023, station to station (issue 15 and rail_service_levels.csv)
        ("hohhot-east", "station:ulanqab", EMU, 25, 36, 39),
        ("station:hohhot", "station:ulanqab", EMU, 11, 40, 49),
        ("station:hohhot", "station:baotou", EMU, 21, 59, 66),
        ("station:hohhot", "station:ordos", EMU, 7, 113, 119),
        ("station:baotou", "station:ordos", EMU, 1, 84, 84),
        ("station:baotou", "station:ulanqab", EMU, 11, 104, 120),
        ("togtoh-east", "station:hohhot", EMU, 4, 40, 41),
        ("station:jungar", "station:hohhot", EMU, 4, 45, 54),
        ("hohhot-east", "qinghe", EMU, 22, 119, 155),
        ("station:ordos", "jining-south", EMU, 2, 198, 202.5),
        ("station:baotou", "station:ordos", (), None, 81, None),  # K7929; 84 is the one EMU
        ("station:ordos", "station:baotou", (), None, 74, None),  # Z268
    ],
)
def test_published_rides_of_2023(
    workspace: Workspace,
    start: str,
    end: str,
    routes: tuple[str, ...],
    trains: int | None,
    fastest: float,
    median: float | None,
) -> None:
    index = PlaceIndex(workspace.network("built-2025"))
    ends = [index.get_place(start)], [index.get_place(end)]
    result = diff_timetables(workspace.region, "TT2020Q4", "TT20231215", *ends, route_names=routes)
    ((_, after),) = result.pairs.values()
    assert after.fastest_s == fastest * 60
    assert trains is None or after.trains == trains
    assert median is None or after.median_s == median * 60


@pytest.mark.parametrize(
    ("start", "end", "fastest", "emu"),
    [
        ("hohhot-east", "station:ulanqab", 36, (36, 39)),
        ("station:hohhot", "station:baotou", 59, (59, 66)),
        ("station:hohhot", "station:ordos", 113, (113, 119)),
        ("station:baotou", "station:ordos", 81, (84, 84)),
        ("station:ordos", "station:baotou", 74, None),
        ("togtoh-east", "station:hohhot", 40, (40, 41)),
        ("hohhot-east", "qinghe", 119, (119, 155)),
    ],
)
def test_the_new_facts_as_typed(start: str, end: str, fastest: float, emu: tuple[float, float] | None) -> None:
    """The facts of issue 15 by `od` and `timetable diff`: fastest of all trains; fastest and median by EMU."""
    words = f"od --from {start} --to {end} --mode rail --reading promoter --scenario built-2025 --format json"
    (row,) = json.loads(CliRunner().invoke(app, words.split()).stdout)["rows"]
    assert (row["minutes"], row["timetable"]) == (fastest, "TT20231215")
    words = f"timetable diff TT2020Q4 TT20231215 --from {start} --to {end} --format json"
    (row,) = json.loads(CliRunner().invoke(app, words.split()).stdout)["rows"]
    assert row["fastest_after_min"] == fastest
    assert all(row[f"{side}_after"] < "24:00" for side in ("first", "last"))
    if emu is not None:
        (row,) = json.loads(CliRunner().invoke(app, [*words.split(), "--routes", "G,D,C"]).stdout)["rows"]
        assert (row["fastest_after_min"], row["median_after_min"]) == emu


@pytest.mark.parametrize(
    ("scenario", "timetable"),
    [("built-2020", "TT2020Q4"), ("built-2024", "TT20231215"), ("built-2025", "TT20231215")],
)
def test_base_cases_take_the_timetable_of_their_date(workspace: Workspace, scenario: str, timetable: str) -> None:
    network = workspace.network(scenario)
    assert network.info.timetable_id == timetable
    trains = network.feed.trips
    own = trains if "project_id" not in trains.columns else trains[trains["project_id"] == ""]
    assert own["trip_id"].str.startswith(timetable).sum() == {"TT2020Q4": 186, "TT20231215": 212}[timetable]


def _ride_min(workspace: Workspace, project: str, stops: tuple[str, str]) -> list[float]:
    """Return the minutes of the trains of a project between two stops, out and back."""
    feed = workspace.network("built-2025").feed
    own = feed.trips.loc[feed.trips["project_id"] == project, "trip_id"]
    times = feed.stop_times[feed.stop_times["trip_id"].isin(own)]
    rides = []
    for _, calls in times.groupby("trip_id"):
        at = calls.set_index("stop_id")
        if set(stops) <= set(at.index):
            here, there = sorted(stops, key=lambda s: at.loc[s, "stop_sequence"])
            rides.append((at.loc[there, "arrival_clock_s"] - at.loc[here, "departure_clock_s"]) / 60)
    return rides


@pytest.mark.parametrize(
    ("project", "stops", "fastest", "trains"),
    [
        ("jidayuan_hsr", ("ulanqab", "datong-south"), 40, 12),  # 3 + 3 pairs
        ("jidayuan_hsr", ("hohhot-east", "taiyuan-south"), 192, 6),
        ("baoyin_hsr", ("baotou", "yinchuan"), 158, 12),  # 12 trains at opening
        ("baoyin_hsr", ("hohhot", "yinchuan"), 243, 6),
    ],
)
def test_dated_lines_have_their_published_minutes(
    workspace: Workspace, project: str, stops: tuple[str, str], fastest: float, trains: int
) -> None:
    rides = _ride_min(workspace, project, stops)
    assert len(rides) == trains
    assert min(rides) == pytest.approx(fastest, abs=0.1)


def test_in_region_emu_go_from_18_5_to_22_pairs(workspace: Workspace) -> None:
    feed = workspace.network("built-2025").feed
    new = feed.trips[feed.trips["project_id"] == "emu_regular"]
    assert len(new) == 7  # 2 x (22 - 18.5)
    runs = {}
    for trip, calls in feed.stop_times.groupby("trip_id"):
        ordered = calls.sort_values("stop_sequence")
        start = ordered["departure_clock_s"].iloc[0]
        offsets = [tuple((ordered[c] - start).tolist()) for c in ("arrival_clock_s", "departure_clock_s")]
        runs[trip] = (tuple(ordered["stop_id"]), *offsets)
    copied = {runs[t] for t in feed.trips.loc[feed.trips["project_id"] == "", "trip_id"]}
    # every new train runs as one of the base does: the arrival at the first stop aside, nothing is invented
    for trip in new["trip_id"]:
        assert runs[trip] in copied


def test_the_beijing_goal_is_met_by_one_minute_on_the_promoters_reading() -> None:
    words = "goals --goal haidian-2h --scenario built-2025 --format json"
    result = json.loads(CliRunner().invoke(app, words.split()).stdout)
    found = {v["reading"]: v for v in result["verdicts"]}
    assert found["promoter"]["value_min"] == 119
    assert found["promoter"]["margin_min"] == 1
    assert {v["timetable"] for v in result["verdicts"]} == {"TT20231215"}
    assert found["typical"]["margin_min"] < 0


def test_minor_stations_are_places_of_questions() -> None:
    """Rings, `od` and search know the stations that have trains since 2023."""
    minor = [
        "togtoh-east",
        "jungar",
        "chasuqi",
        "salaqi",
        "dongsheng-west",
        "dongsheng-east",
        "dalad-west",
        "zhuozi-east",
    ]
    minor.append("xinghe-north")
    stations = ",".join(f"station:{s}" for s in minor)
    words = f"od --from {stations} --to station:hohhot,hohhot-east --mode rail --reading promoter --scenario built-2025"
    rows = json.loads(CliRunner().invoke(app, [*words.split(), "--format", "json"]).stdout)["rows"]
    reached = {row["from"].removesuffix("-station") for row in rows if row["reachable"]}
    assert reached == set(minor)
    for name, stop_id in (("托克托东", "togtoh-east"), ("Salaqi", "salaqi"), ("兴和北", "xinghe-north")):
        found = json.loads(CliRunner().invoke(app, ["find", name, "--format", "json"]).stdout)["rows"]
        assert stop_id in {row["stop_id"] for row in found}, name
    words = "isochrone --from togtoh-east --mode rail --cutoffs 60 --cell 4000 --scenario built-2025 --format json"
    (ring,) = json.loads(CliRunner().invoke(app, words.split()).stdout)["rows"]
    assert ring["area_km2"] > 0
