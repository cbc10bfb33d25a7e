"""Three lines to a table: what analysts hand in, what they get, and that it is what the other doors give."""

from __future__ import annotations

import doctest
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box
from typer.testing import CliRunner

import transit_model as tm
from tests.study.mini_workspace import open_mini_workspace
from transit_model.cli.app import app
from transit_model.errors import TransitModelError

ROAD = ("west", "east", "road", "promoter")
"""5 km at 60 + 80 km at 120 + 5 km at 60 = 300 + 2400 + 300 s = 50 min, see `tests.minipack`."""


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> tm.Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="module")
def session(ws: tm.Workspace) -> tm.Session:
    return ws.session("built")


@pytest.mark.parametrize(
    ("origin", "destination"),
    [
        ("west", "east"),
        ("西城", "东市"),
        (tm.LonLat(lon=111.0, lat=40.8), "east"),
        ((111.0, 40.8), (112.0, 40.8)),
        ("111.0,40.8", ["east"]),
        (["west"], pd.DataFrame({"id": ["e"], "lon": [112.0], "lat": [40.8]})),
        ("west", gpd.GeoDataFrame({"id": ["e"]}, geometry=gpd.points_from_xy([112.0], [40.8]), crs="EPSG:4326")),
        (
            gpd.GeoDataFrame({"id": ["w"]}, geometry=gpd.points_from_xy([111.0], [40.8]), crs=4326).to_crs(3857),
            "east",
        ),
    ],
)
def test_places_in_every_form(session: tm.Session, origin: Any, destination: Any) -> None:
    table = tm.travel_times(session, origin, destination, "road", "promoter")
    assert len(table) == 1
    assert table["minutes"][0] == pytest.approx(50.0, abs=0.1)  # a point joins the road where it lies


def test_a_place_object_and_a_group(session: tm.Session) -> None:
    west = session.places.get_place("west")
    assert tm.travel_times(session, west, "east", tm.Mode.ROAD, tm.Reading.PROMOTER)["minutes"].tolist() == [50.0]
    square = tm.travel_times(session, "centres", mode="road", reading="promoter")
    assert list(zip(square["from"], square["to"], strict=True)) == [
        ("west", "west"),
        ("west", "east"),
        ("east", "west"),
        ("east", "east"),
    ]


@pytest.mark.parametrize("mode", ["road,rail", ["road", "rail"], (tm.Mode.ROAD, "RAIL")])
def test_modes_and_readings_one_or_many(session: tm.Session, mode: Any) -> None:
    table = tm.travel_times(session, "west", "east", mode, "all")
    # D1, D3 07:30-08:20 and 12:00-12:50: 50 min aboard
    assert table.set_index(["mode", "reading"])["minutes"]["rail", "promoter"] == 50.0
    assert len(table) == 2 * 3


@pytest.mark.parametrize(
    ("call", "code", "hint"),
    [
        (lambda s: tm.travel_times(s, 5, "east"), "not_a_place", "GeoDataFrame"),
        (lambda s: tm.travel_times(s, None, "east"), "not_a_place", "LonLat"),
        (lambda s: tm.travel_times(s, "weest", "east"), "unknown_place", "west"),
        (lambda s: tm.travel_times(s, (40.8, 111.0), "east"), "outside_study_area", "swapped"),
        (lambda s: tm.travel_times(s, "west", "east", "rial"), "unknown_value", "rail"),
        (lambda s: tm.travel_times(s, "west", "east", 7), "unknown_value", "road"),  # type: ignore[arg-type]
        (lambda s: tm.travel_times(s, "west", "east", []), "missing_value", "road"),
        (lambda s: tm.travel_times(s, "west", "east", reading="honest"), "unknown_value", "promoter"),
        (lambda s: tm.travel_times(s, "west", "east", policy="wise"), "unknown_value", "timetabled"),
        (lambda s: tm.travel_times(s, pd.DataFrame({"name": ["x"]}), "east"), "missing_column", "id"),
        (lambda s: tm.travel_times(s, pd.DataFrame({"id": ["x"], "lon": [111]}), "east"), "missing_column", "lat"),
        (lambda s: tm.travel_times(s, _points(ids=["x", "x"]), "east"), "duplicate_id", None),
        (lambda s: tm.travel_times(s, _points(crs=None), "east"), "no_crs", "set_crs"),
        (lambda s: tm.travel_times(s, _points(shape=True), "east"), "not_points", "repres"),
        (
            lambda s: tm.travel_times(s, pd.DataFrame({"id": ["x"], "lon": ["?"], "lat": 1}), "east"),
            "bad_value",
            None,
        ),
        (lambda s: tm.isochrones(s, "west", [60], mode="road,rail"), "one_only", "road"),
        (lambda s: tm.isochrones(s, "west", "sixty"), "bad_value", "30,60"),
        (lambda s: tm.isochrones(s, "west", [None]), "bad_value", "30,60"),  # type: ignore[list-item]
        (lambda s: tm.isochrones(s, "west", []), "bad_value", "30,60"),
        (lambda _: tm.travel_times(None, "west", "east"), "not_a_session", "ws.session"),  # type: ignore[arg-type]
        (lambda _: tm.open(osm="map.osm", places="x.csv"), "not_a_table", "GeoDataFrame"),
        (lambda _: tm.open(osm=5, places=_points()), "bad_value", None),  # type: ignore[arg-type]
        (lambda _: tm.open(osm="map.osm", places=_points(), timetable="x"), "option_unused", "folder"),
        (lambda s: tm.explain(s, "centres", "east"), "one_only", None),
        (lambda s: tm.indicator(s, "wthin"), "unknown_indicator", "within"),
    ],
)
def test_anything_else_is_told_what_is_accepted(session: tm.Session, call: Any, code: str, hint: str | None) -> None:
    with pytest.raises(tm.InputError) as caught:
        call(session)
    assert code in [issue.code for issue in caught.value.issues]
    assert hint is None or any(hint in (issue.hint or "") for issue in caught.value.issues)


def _points(ids: list[str] | None = None, crs: str | None = "EPSG:4326", *, shape: bool = False) -> gpd.GeoDataFrame:
    names = ids or ["a", "b"]
    points = [box(110.9, 40.7, 111.0, 40.8) if shape else Point(111.0, 40.8) for _ in names]
    return gpd.GeoDataFrame({"id": names}, geometry=points, crs=crs)


def test_the_command_line_says_the_same(ws: tm.Workspace, session: tm.Session) -> None:
    line = "od --from centres --to centres --mode road,rail,best --reading promoter,typical,door_to_door --format json"
    where = [
        "--region",
        str(ws.scenarios_dir.parent / "mini"),
        "--scenarios",
        str(ws.scenarios_dir),
        "--scenario",
        "built",
    ]
    done = CliRunner().invoke(app, [*line.split(), *where])
    assert done.exit_code == 0, done.output
    table = tm.travel_times(session, "centres", mode="road,rail,best", reading="all")
    minutes = [round(m, 2) if np.isfinite(m) else None for m in table["minutes"]]
    assert [r["minutes"] for r in json.loads(done.stdout)["rows"]] == minutes


def test_rings_carry_people_and_area(session: tm.Session) -> None:
    rings = tm.isochrones(session, ["west", "east"], [30, 60], "road", "typical")
    assert rings[["origin", "cutoff_min"]].to_numpy().tolist() == [
        ["west", 30],
        ["west", 60],
        ["east", 30],
        ["east", 60],
    ]
    assert (rings["area_km2"] > 0).all()
    assert (rings["population"] >= 0).all()
    assert rings.crs == "EPSG:4326"
    assert tm.isochrones(session, "west", 30, "road", "typical")["area_km2"].tolist() == rings["area_km2"].tolist()[:1]


def test_a_journey_in_words(session: tm.Session) -> None:
    assert tm.explain(session, *ROAD).minutes == 50.0


def test_verdicts_and_comparison(ws: tm.Workspace) -> None:
    table = tm.judge(ws, "built", "rail-40")
    # 50 min against 40 on the promoter's reading
    row = table.set_index("reading").loc["promoter"]
    assert (row["verdict"], row["margin_min"]) == ("missed", -10)
    assert tm.compare(ws, "built", "planned").certificate["worsened_cells"] == 0


def test_shares(ws: tm.Workspace) -> None:
    # 50 -> 30 min with either of two lines: 20 in all, 10 each (tests/analysis/test_attribution.py)
    result = tm.attribute(ws, "goal:rail-40:promoter", "hsr, twin", "built")
    assert result.shares.shapley.tolist() == [10, 10]


def test_an_indicator(session: tm.Session) -> None:
    table = tm.indicator(session, "within", "road", cutoffs_min=[60])
    assert set(table["indicator"]) == {"within"}


def test_what_if_by_id_file_and_document(ws: tm.Workspace, tmp_path: Path) -> None:
    rail = ("west", "east", "rail", "promoter")
    assert tm.travel_times(tm.what_if(ws, "built"), *rail)["minutes"].tolist() == [50.0]
    assert tm.travel_times(tm.what_if(ws, "built", "hsr"), *rail)["minutes"].tolist() == [30.0]
    file = ws.library.list_files("projects")["hsr"]
    assert tm.travel_times(tm.what_if(ws, "built", [file]), *rail)["minutes"].tolist() == [30.0]
    upgrade = {
        "id": "faster",
        "kind": "road_upgrade",
        "title": {"zh": "提速", "en": "faster"},
        "status": "study",
        "source": "[made] by hand",
        "confidence": "low",
        "links": ["gates"],
        "set": {"speed_kmh": 100},
    }
    with pytest.raises(tm.TransitModelError) as caught:
        tm.what_if(ws, "built", [upgrade | {"speed": 3}, 7, "hrs"])  # type: ignore[list-item]
    assert {"unknown_key", "not_a_project"} <= {i.code for i in caught.value.issues}


@pytest.mark.parametrize(
    ("projects", "overrides", "code"),
    [
        (["hsr"], {"hrs.commercial_speed_kmh": 100}, "unknown_project"),
        ([], {"hsr.commercial_speed_kmh": 100}, "override_unused"),
        (["hsr"], {"hsr.commercial_speed_kmh": "fast"}, "bad_override"),
        (["hsr"], {".": 1}, "unknown_project"),
        (["hsr", "hsr"], {}, "duplicate_id"),
    ],
)
def test_what_if_never_passes_over_a_slip(ws: tm.Workspace, projects: Any, overrides: Any, code: str) -> None:
    with pytest.raises(tm.TransitModelError) as caught:
        tm.what_if(ws, "built", projects, overrides)
    assert [i.code for i in caught.value.issues] == [code]


ODD: list[Any] = [5, 5.5, [5], b"x", {"a": 1}, [None], True, ("a", 5)]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize(
    "ask",
    [
        tm.judge,
        lambda ws, x: tm.judge(ws, "built", x),
        lambda ws, x: tm.judge(x, "built"),
        tm.what_if,
        lambda ws, x: tm.what_if(ws, "built", x),
        lambda ws, x: tm.what_if(ws, "built", "hsr", x),
        lambda ws, x: tm.what_if(x, "built"),
        lambda ws, x: tm.compare(ws, x, "planned"),
        lambda ws, x: tm.attribute(ws, x, ["hsr"]),
        lambda ws, x: tm.attribute(ws, "od:west:east:rail", x),
        lambda ws, x: ws.session("built", window=x),
        lambda ws, x: ws.session("built", date=x),
        lambda ws, x: ws.session(x),
        lambda ws, x: ws.session("built", vehicle=x),
        lambda ws, x: ws.session("built", speeds=x),
        lambda ws, x: tm.explain(ws.session("built"), "west", "east", "road", depart=x),
        lambda ws, x: tm.isochrones(ws.session("built"), "west", 30, "road", "typical", population=x),
        lambda ws, x: tm.open(x),
        lambda ws, x: tm.open(scenarios=x),
        lambda ws, x: tm.open(timetable=x),
    ],
)
def test_what_is_no_argument_is_told_as_an_issue(ws: tm.Workspace, ask: Any, odd: Any) -> None:
    with pytest.raises(TransitModelError) as told:
        ask(ws, odd)
    assert all(issue.message for issue in told.value.issues)


def test_what_if_numbers(ws: tm.Workspace) -> None:
    # 250 km/h over 100 km instead of what the file says is slower or faster, never the same minutes
    fast = tm.travel_times(tm.what_if(ws, "built", "hsr"), "west", "east", "rail", "door_to_door")["minutes"][0]
    late = tm.what_if(ws, "built", "hsr", {"assumptions.rail_entry_min": 60})
    assert tm.travel_times(late, "west", "east", "rail", "door_to_door")["minutes"][0] > fast


def test_the_examples_of_the_docstrings() -> None:
    from transit_model import api

    tried = doctest.testmod(api)
    assert (tried.failed, tried.attempted > 4) == (0, True)
