"""Every command that prints minutes prints of when its trains are, in every form; and every file that it writes."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import rasterio
import typer
from typer.testing import CliRunner, Result

from tests.minipack import make_two_timetables_files, write_pack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.cli.app import app

WALK = {
    "od": "od --from west --to east --mode rail --scenario built",
    "reach": "reach --from west-station --scenario built",
    "trains": "trains west east --scenario built",
    "explain": "explain west east --mode rail --scenario built",
    "isochrone": "isochrone --from west --mode rail --cell 4000 --scenario built",
    "isochrone base": "isochrone --from west --mode rail --cell 4000 --scenario planned --base built",
    "isochrone day return": "isochrone --from west --mode rail --cell 4000 --kind day-return --scenario built",
    "goals": "goals --scenario built",
    "indicators": "indicators mean_time --cell 4000 --scenario built",
    "compare": "compare built planned",
    "attribute": "attribute od:west:east:rail -p hsr --base built",
    "require": "require rail-40 --vary hsr.commercial_speed_kmh -p hsr --scenario built",
    "require changes": "require rail-40 --scenario built --reading promoter",
    "sureness": "sureness --scenario planned --draws 2 --workers 1",
    "phases": "phases --scenario planned --goal rail-40 --from 2022 --to 2024",
}
"""The first word is the command. `built` is of the end of 2023, so it runs on TT2023."""
OTHERS = {
    "run": "writes folders, below",
    "batch": "writes folders, below",
    "timetable": "is about timetables",
    "find": "tells places by name, no minutes",
    "studio": "answers over HTTP with the rows of the commands",
    "serve": "shows what was written",
    "warmup": "measures nothing",
    "import": "measures nothing",
    "cache": "measures nothing",
    "data": "lengths and speeds of roads only",
    "scenario": "lists and writes projects",
}


STUDY = """\
id: mini
title: {zh: 小研究, en: mini}
scenarios: [built, planned]
comparisons: [{base: built, scenario: planned}]
timeline: [{year: 2023, scenario: built}, {year: 2030, scenario: planned}]
goals: all
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vintage")
    write_pack(path / "mini", make_two_timetables_files())
    (write_mini_scenarios(path / "scenarios") / "study.yaml").write_text(STUDY, encoding="utf-8")
    return path


def ask(folder: Path, line: str) -> Result:
    where = ["--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios")]
    done = CliRunner().invoke(app, [*line.split(), *where])
    assert done.exit_code == 0, done.output
    return done


def test_no_command_is_forgotten() -> None:
    command = typer.main.get_command(app)
    names = set(getattr(command, "commands", {}))
    assert names == {line.split()[0] for line in WALK.values()} | set(OTHERS)


@pytest.mark.parametrize("name", WALK)
def test_each_form_tells_the_timetable(folder: Path, name: str) -> None:
    line = WALK[name]
    assert "TT2023" in json.dumps(json.loads(ask(folder, f"{line} --format json").stdout))
    header, *rows = ask(folder, f"{line} --format csv").stdout.splitlines()
    assert "timetable" in header
    assert rows
    assert all("TT2023" in row for row in rows)
    shown = ask(folder, f"{line} --lang en")
    assert "TT2023" in shown.stdout + shown.stderr
    assert "second half of 2023" in shown.stdout + shown.stderr


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_rings_in_files_tell_it(folder: Path, suffix: str) -> None:
    out = folder / f"rings.{suffix}"
    ask(folder, f"{WALK['isochrone']} -o {out}")
    layer = {"layer": "isochrones"} if suffix == "gpkg" else {}
    rings = gpd.read_parquet(out) if suffix == "parquet" else gpd.read_file(out, **layer)
    assert set(rings["timetable"]) == {"TT2023"}


@pytest.mark.parametrize(("name", "tags"), [
    ("isochrone", {"timetable": "TT2023"}), ("isochrone base", {"base_timetable": "TT2023", "timetable": "TT2023"}),
])  # fmt: skip
def test_rasters_tell_it_in_their_tags(folder: Path, name: str, tags: dict[str, str]) -> None:
    out = folder / "surface.tif"
    ask(folder, f"{WALK[name]} --cutoffs 60 -o {out}")
    with rasterio.open(out) as file:
        assert tags.items() <= file.tags().items()


def test_the_page_of_rings_tells_it(folder: Path) -> None:
    ask(folder, f"{WALK['isochrone']} -o {folder / 'rings.html'}")
    assert "second half of 2023" in (folder / "rings.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("measure", ["times", "seats", "population", "nodes"])
def test_parts_of_a_batch_tell_it(folder: Path, measure: str) -> None:
    out = folder / f"batch-{measure}"
    mode = "road" if measure == "nodes" else "rail"
    more = "--cell 4000" if measure == "population" else ""
    ask(folder, f"batch -o {out} --scenario built --origins west,mid --measure {measure} --mode {mode} {more}")
    table = pd.concat([pd.read_parquet(p) for p in sorted(out.rglob("*.parquet"))])
    assert set(table["timetable"]) == {"TT2023"}
    about = json.loads((out / "_manifest.json").read_text(encoding="utf-8"))
    assert "TT2023" in json.dumps(about)


def test_tables_and_pages_of_a_run_tell_it(folder: Path) -> None:
    out = folder / "maps"
    ask(folder, f"run --out {out}")
    for path in sorted((out / "data").glob("*.csv")):
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        if {"minutes", "value_min", "change_min", "saved_min", "cutoff_min", "shapley"} & set(header):
            assert any(c.endswith("timetable") for c in header), path.name
    for path in sorted(out.glob("*.html")):
        assert "second half of 2023" in path.read_text(encoding="utf-8"), path.name
