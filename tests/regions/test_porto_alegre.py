"""The whole path on real files: roads from PBF, two feeds, hexagons with people, tables, rings and pages."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.regions.porto_alegre import build
from transit_model.cli.app import app

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    return build(tmp_path_factory.mktemp("region") / "porto_alegre", shared_data / "osm" / "porto_alegre")


def call(*words: str | Path) -> str:
    result = CliRunner().invoke(app, [str(w) for w in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_verify(region: Path) -> None:
    assert ": 0 errors" in call("data", "verify", "--region", region, "--lang", "en")


def test_od_by_road_and_bus(region: Path) -> None:
    text = call(
        "od", "--region", region, "--from", "centres", "--to", "points", "--mode", "road,bus", "--format", "csv"
    )
    rows = list(csv.DictReader(text.splitlines()))
    times = {(r["from"], r["to"], r["mode"], r["reading"]): r for r in rows}
    # From the market to the university hospital quarter and the shopping centre in the east.
    road = times["public_market", "iguatemi_shopping_center", "road", "typical"]
    # The straight line is 6.4 km: no car is faster than 60 km/h (6.4 min), and a jam-free crossing ends within half
    # an hour.
    assert 6.4 < float(road["minutes"]) < 30
    assert 6.4 < float(road["km"]) < 15
    bus = times["public_market", "iguatemi_shopping_center", "bus", "door_to_door"]
    # With 5 km/h on foot it takes 77 minutes; the bus has to be quicker and slower than the car.
    assert float(road["minutes"]) < float(bus["minutes"]) < 77
    assert all(r["reachable"] == "True" for r in rows if r["mode"] == "road")


def test_rings_hold_people(region: Path, tmp_path: Path) -> None:
    out = tmp_path / "rings.geojson"
    words = ("--mode", "road", "--cutoffs", "5,10,20", "--cell", "250", "--population", region / "population.csv")
    call("isochrone", "--region", region, "--from", "public_market", *words, "-o", out)
    people = [f["properties"]["population"] for f in json.loads(out.read_text(encoding="utf-8"))["features"]]
    with (region / "population.csv").open(encoding="utf-8") as file:
        everyone = sum(float(r["population"]) for r in csv.DictReader(file))
    assert 0 < people[0] < people[1] < people[2] <= everyone


def test_rings_by_bus_are_larger_than_a_walk(region: Path, tmp_path: Path) -> None:
    out = tmp_path / "bus.geojson"
    words = ("--mode", "bus", "--cutoffs", "15,30,45", "--cell", "250", "--population", region / "population.csv")
    call("isochrone", "--region", region, "--from", "public_market", *words, "-o", out)
    rings = [f["properties"] for f in json.loads(out.read_text(encoding="utf-8"))["features"]]
    assert 0 < rings[0]["population"] < rings[1]["population"] < rings[2]["population"]
    # Who walks 45 minutes at 5 km/h is within 3.75 km: a disc of 44 km2 at most, half of it water here. In 15 minutes
    # a bus at 30 km/h without any wait gets 7.5 km far, over land on half of that disc: 88 km2.
    assert rings[2]["area_km2"] > 44 / 2
    assert rings[0]["area_km2"] < 88 / 4


def test_the_main_job(region: Path, tmp_path: Path) -> None:
    """`transit-model run` on the folder: verdicts, comparison, maps of both scenarios, tables, report."""
    out = tmp_path / "maps"
    call("run", "--region", region, "--out", out, "--lang", "en")
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert {"index.html", "today.html", "brisk.html", "compare-today-brisk.html", "report.html"} <= names
    assert "data/manifest.json" in names
    assert any(n.startswith("data/") and n.endswith(".csv") for n in names)
    page = (out / "today.html").read_text(encoding="utf-8")
    assert "OpenStreetMap" in page
    assert "Trensurb" in page
