"""A scenario written as GTFS and GeoPackage, and read back to the same times."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.catalogue.reimport import read_export
from transit_model.catalogue import export
from transit_model.catalogue.export import export_scenario, read_manifest
from transit_model.cli.app import app
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError
from transit_model.gtfs.feed import inspect_gtfs
from transit_model.measure.od import compute_od
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace
from transit_model.network.model import Network


def measure(scenario_id: str, network: Network) -> pd.DataFrame:
    """Minutes between the four centres, all modes and readings."""
    session = Session(scenario_id, network)
    centres = [session.places.get_place(p) for p in network.info.groups["centres"]]
    return compute_od(session, centres, centres, list(Mode), list(Reading), with_km=False)


@pytest.fixture(scope="module")
def folder(shipped: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "s27"
    export_scenario(shipped, "s27", out)
    return out


@pytest.mark.parametrize(("scenario", "packed"), [("s27", False), ("everything-planned", True)])
def test_the_same_minutes_after_a_round_trip(shipped: Workspace, tmp_path: Path, scenario: str, packed: bool) -> None:
    network = shipped.network(scenario)
    export_scenario(shipped, scenario, tmp_path / "out", as_zip=packed)
    again = read_export(tmp_path / "out")
    before, after = measure(scenario, network), measure(scenario, again)
    assert before["minutes"].notna().all()
    # bit by bit, percentiles and the names of the stations too
    pd.testing.assert_frame_equal(before, after, check_exact=True)
    for rule in ("one_card", "ambulance_cross_border"):
        assert again.rules[rule] == network.rules.get(rule, False)
    assert (again.places_opened, again.places_closed) == (network.places_opened, network.places_closed)


def test_every_table_comes_back_as_it_was(shipped: Workspace, folder: Path) -> None:
    network, again = shipped.network("s27"), read_export(folder)
    for name in ("places", "counties", "nodes", "links", "shapes", "stations", "station_links"):
        pd.testing.assert_frame_equal(getattr(network, name).reset_index(drop=True), getattr(again, name))
    # only the version of the feed tells the copy from the original
    assert again.feed.feed_info["feed_version"].str.contains(r"\+s27@[0-9a-f]{12}$").all()
    for name in vars(network.feed):
        if name != "feed_info":  # columns may come back in another order
            pd.testing.assert_frame_equal(getattr(network.feed, name), getattr(again.feed, name), check_like=True)
    # an export has one timetable, that of the scenario
    assert (again.info, again.projects) == (replace(network.info, timetables=()), network.projects)
    assert again.assumptions.fingerprint() == network.assumptions.fingerprint()


def test_other_tools_find_what_they_need(folder: Path, shipped: Workspace) -> None:
    feed, issues = inspect_gtfs(folder / "gtfs")
    assert feed is not None
    assert [i for i in issues if i.severity == "error"] == []
    with sqlite3.connect(folder / "roads.gpkg") as base:
        layers = dict(base.execute("select table_name, data_type from gpkg_contents").fetchall())
        assert layers["links"] == layers["nodes"] == layers["stations"] == "features"
        rows = base.execute("select link_id, length_m, maxspeed_kmh, toll from links where ref = 'S27'").fetchall()
        count = base.execute("select count(*) from links").fetchone()[0]
        assert base.execute("pragma application_id").fetchone()[0] == int.from_bytes(b"GPKG")
    base.close()
    # three sections, both directions: 2 x (54.2 + 21.6 + 128.6) km
    assert len(rows) == 6
    assert sum(r[1] for r in rows) == pytest.approx(2 * 204_400, abs=100)
    assert {r[2:] for r in rows} == {(120.0, 1)}
    assert count == len(shipped.network("s27").links)


def test_the_manifest_names_projects_assumptions_and_hashes(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [p["project_id"] for p in manifest["projects"]] == [
        "jidayuan_hsr",
        "emu_regular",
        "baoyin_hsr",
        "s27_hohhot",
        "s27_ordos",
    ]
    assert all(p["source"] for p in manifest["projects"])
    assert manifest["assumptions"]["toll_gate_delay_s"] > 0
    named = {*manifest["files"], "manifest.json"}
    assert named == {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert "S27" in (folder / "README.txt").read_text(encoding="utf-8")


def test_the_command_writes_equal_bytes_for_equal_scenarios(
    shipped: Workspace, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "open", classmethod(lambda *_, **__: shipped))
    result = CliRunner().invoke(app, ["scenario", "export", "s27", "-o", str(tmp_path / "x")])
    assert result.exit_code == 0
    files = [Path(line).relative_to(tmp_path / "x") for line in result.output.splitlines()]
    assert files == sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    assert [n for n in files if (folder / n).read_bytes() != (tmp_path / "x" / n).read_bytes()] == []
    assert CliRunner().invoke(app, ["scenario", "export", "built-2020"]).exit_code == 2


def test_an_earlier_export_is_replaced_whole_or_left_alone(
    shipped: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "deep" / "out"
    export_scenario(shipped, "s27@hohhot-only", out, as_zip=True)
    assert "s27_yellow_river" in set(read_export(out).nodes["node_id"])
    files = export_scenario(shipped, "built-2020", out)
    assert not (out / "gtfs.zip").exists()
    assert out / "gtfs" / "stops.txt" in files
    assert "s27_yellow_river" not in set(read_export(out).nodes["node_id"])

    def fail(*_: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(export, "write_roads", fail)
    before = (out / "manifest.json").read_bytes()
    with pytest.raises(InputError, match=r"cannot_write: .*no space"):
        export_scenario(shipped, "s27", out)
    assert (out / "manifest.json").read_bytes() == before
    assert [p.name for p in out.parent.iterdir()] == ["out"]


def test_a_folder_with_other_files_is_left_alone(shipped: Workspace, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine", encoding="utf-8")
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="folder_in_use"):
        export_scenario(shipped, "s27", tmp_path)
    with pytest.raises(InputError, match="cannot_write"):
        export_scenario(shipped, "s27", tmp_path / "thesis.docx")
    with pytest.raises(InputError, match="cannot_write"):
        export_scenario(shipped, "s27", tmp_path / "thesis.docx" / "below")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["manifest.json", "thesis.docx"]


def test_what_is_no_export_is_refused(folder: Path, tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    with pytest.raises(InputError, match="not_an_export"):
        read_export(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "schema": 99}), encoding="utf-8")
    with pytest.raises(InputError, match="unknown_schema"):
        read_export(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / "gtfs").mkdir()
    for path in (folder / "gtfs").iterdir():
        (tmp_path / "gtfs" / path.name).write_bytes(path.read_bytes())
    with pytest.raises(InputError, match="missing_file"):
        read_export(tmp_path)
    (tmp_path / "roads.gpkg").write_bytes(b"not a database")
    with pytest.raises(InputError, match="unreadable_file"):
        read_export(tmp_path)
