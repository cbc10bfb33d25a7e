"""Imports when the disk is full, nothing may be written, or the input lies: a clear word, and nothing lost."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.cli.test_import import SMALL, zip_feed
from tests.roads.test_osm_outlines import town
from tests.roads.test_osm_rail import NODES, STATIONS, WAYS
from tests.roads.test_osm_roads import draw
from tests.roads.test_overpass import good, serve
from transit_model.cli.import_commands import app
from transit_model.store import archive

TRAINS = "车次,站名,到时,发时\n" + "".join(f"D{i},甲,,08:00\nD{i},乙,09:00,\n" for i in range(200))
FULL = """
import resource, signal, sys
from transit_model.cli.import_commands import app
import transit_model.roads.osm_roads, transit_model.gtfs.feed_import  # compiled files are written before
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
app(sys.argv[2:])
"""


def write_inputs(folder: Path) -> dict[str, tuple[str | Path, ...]]:
    """Inputs of each command, and the file that it leaves."""
    (folder / "trains.csv").write_text(TRAINS, encoding="utf-8")
    (folder / "stations.csv").write_text("站名,经度,纬度\n甲,111.6,40.8\n乙,110.9,40.7\n", encoding="utf-8")
    layer = {"type": "FeatureCollection", "features": []}
    for i in range(50):
        shape = {"type": "LineString", "coordinates": [[111 + i / 100, 40], [111 + (i + 1) / 100, 40]]}
        layer["features"].append({"type": "Feature", "properties": {"highway": "primary"}, "geometry": shape})  # type: ignore[attr-defined]
    (folder / "layer.geojson").write_text(json.dumps(layer), encoding="utf-8")
    rails = draw(folder, NODES, WAYS, tagged=STATIONS, name="rails.osm")
    return {
        "roads": ("roads", SMALL),
        "layer": ("roads", folder / "layer.geojson"),
        "osm": ("osm", rails),
        "rail": ("rail", rails),
        "outlines": ("outlines", town(folder)),
        "gtfs": ("gtfs", zip_feed(folder / "f.zip")),
        "trains": (
            "trains",
            folder / "trains.csv",
            "--stations",
            folder / "stations.csv",
            "--valid",
            "2025-01-05:2025-07-10",
        ),
    }


COMMANDS = ("roads", "layer", "osm", "rail", "outlines", "gtfs", "trains")
ALIKE = ("layer", "osm", "rail", "outlines")
"""They write by the same functions as the others."""


def read_all(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.skipif(os.name == "nt", reason="no file size limit on Windows")
@pytest.mark.parametrize("command", [pytest.param(c, marks=pytest.mark.slow) if c in ALIKE else c for c in COMMANDS])
def test_a_disk_that_fills(tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system refuses to write on, as on a full disk; what stood in the folder stays, byte for byte."""
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))
    words = [str(w) for w in write_inputs(tmp_path)[command]]
    out = tmp_path / "region"
    CliRunner().invoke(app, [*words, "-o", str(out)])
    before = read_all(out)
    assert before
    full = [sys.executable, "-c", FULL, "200", *words, "-o", str(out), "--format", "json"]
    done = subprocess.run(full, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2, done.stderr
    assert [i["code"] for i in json.loads(done.stdout)["issues"]] == ["cannot_write"]
    assert read_all(out) == before
    assert not [p for p in tmp_path.rglob(".*tmp*") if p.parent != tmp_path / "cache"]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_right_to_write(tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))
    words = [str(w) for w in write_inputs(tmp_path)[command]]

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("transit_model.store.cache.tempfile.mkdtemp", refuse)  # tests may run as root
    result = CliRunner().invoke(app, [*words, "-o", str(tmp_path / "region")])
    assert result.exit_code == 2
    assert "cannot_write" in result.output
    assert "permission denied" in result.output


def test_a_full_disk_during_a_download(tmp_path: Path) -> None:
    with serve(lambda query, _: good(query)) as (address, _):
        words = ["roads", "--overpass", "111,40,112,40.5", "--mirror", address, "-o", str(tmp_path / "region")]
        environment = {**os.environ, "TRANSIT_MODEL_CACHE": str(tmp_path / "cache")}
        full = [sys.executable, "-c", FULL, "100", *words]
        done = subprocess.run(full, capture_output=True, text=True, timeout=120, check=False, env=environment)
    assert done.returncode == 2, done.stderr
    assert "cannot_write" in done.stdout + done.stderr
    assert not (tmp_path / "region" / "roads").exists()


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["roads", str(tmp_path), "-o", str(tmp_path / "region")])
    assert result.exit_code == 2  # a folder is no map


def test_entities_in_a_packed_map(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><osm version="0.6">&b;</osm>'
    path = tmp_path / "map.osm.gz"
    path.write_bytes(gzip.compress(bomb.encode()))
    for command in ("roads", "rail", "outlines", "osm"):
        result = CliRunner().invoke(app, [command, str(path), "-o", str(tmp_path / "region")])
        assert result.exit_code == 2
        assert "bad_osm" in result.output


def test_a_cut_map_in_every_packing(tmp_path: Path) -> None:
    whole = SMALL.read_bytes()
    for name, data in (("cut.osm", whole), ("cut.osm.gz", gzip.compress(whole))):
        path = tmp_path / name
        path.write_bytes(data[: len(data) * 2 // 3])
        result = CliRunner().invoke(app, ["roads", str(path), "-o", str(tmp_path / "region")])
        assert result.exit_code == 2
        assert "bad_osm" in result.output
    assert not (tmp_path / "region").exists()


def test_a_feed_that_is_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RATIO_FREE_BYTES", 100_000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("stop_times.txt", b"0" * 1_000_000)
    result = CliRunner().invoke(app, ["gtfs", str(path), "-o", str(tmp_path / "region")])
    assert result.exit_code == 2
    assert "archive_too_large" in result.output
