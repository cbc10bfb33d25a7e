"""Dirty inputs at the command line: exit code 2 with the file and line, and the folder as it was."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.gtfs.feeds import zip_feed
from tests.minipack import GTFS
from transit_model.cli.import_commands import app
from transit_model.gtfs.feed import read_gtfs

STATIONS = "站名,经度,纬度\n甲,111.6,40.8\n乙,110.9,40.7\n"
HEAD = "车次,站序,站名,到时,发时\n"


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(w) for w in words])


def import_trains(folder: Path, body: str) -> Result:
    (folder / "t.csv").write_text(HEAD + body, encoding="utf-8")
    (folder / "s.csv").write_text(STATIONS, encoding="utf-8")
    valid = ("--valid", "2025-01-05:2025-07-10")
    return run("trains", folder / "t.csv", "--stations", folder / "s.csv", *valid, "-o", folder / "region")


def test_trains_in_order_with_their_warnings(tmp_path: Path) -> None:
    done = import_trains(tmp_path, "K7,2,乙,00:20,\nK7,1,甲,始发,23:30\nK7,1,甲,始发,23:30\n")
    assert done.exit_code == 0
    assert "t.csv:4 [train]: warning repeated_row" in done.output
    assert "t.csv:2 [train]: warning next_day_assumed" in done.output
    feed = read_gtfs(tmp_path / "region" / "gtfs")
    assert feed.stop_times["stop_id"].tolist() == ["甲", "乙"]
    assert feed.stop_times["arrival_clock_s"].tolist() == [84_600, 87_600]  # 23:30, and 00:20 as 24:20


def test_two_timetables_leave_the_folder_alone(tmp_path: Path) -> None:
    import_trains(tmp_path, "D1,1,甲,,07:30\nD1,2,乙,09:30,\n")
    before = (tmp_path / "region" / "gtfs" / "stop_times.txt").read_bytes()
    done = import_trains(tmp_path, "D1,1,甲,,07:30\nD1,2,乙,09:30,\nD1,1,甲,,08:30\nD1,2,乙,10:30,\n")
    assert done.exit_code == 2
    assert "t.csv:4 [order]: error duplicate_order" in done.output
    assert (tmp_path / "region" / "gtfs" / "stop_times.txt").read_bytes() == before


def test_stations_of_the_map_that_are_damaged(tmp_path: Path) -> None:
    (tmp_path / "region" / "rail").mkdir(parents=True)
    (tmp_path / "region" / "rail" / "stations.csv").write_text("name,lon,lat\n甲,east,40.8\n", encoding="utf-8")
    done = import_trains(tmp_path, "D1,1,甲,,07:30\nD1,2,乙,09:30,\n")
    assert done.exit_code == 2
    assert "stations.csv:2 [lon]: error not_a_number" in done.output


def test_a_feed_with_semicolons(tmp_path: Path) -> None:
    files = {**GTFS, "transfers.txt": GTFS["transfers.txt"].replace(",", ";")}
    done = run("gtfs", zip_feed(tmp_path / "f.zip", files), "-o", tmp_path / "region")
    assert done.exit_code == 2
    assert "f.zip/transfers.txt:1: error wrong_delimiter" in done.output
    assert "separated by semicolons" in done.output
    assert not (tmp_path / "region").exists()


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member(tmp_path: Path, method: int) -> None:
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w", method) as out:
        for name, text in GTFS.items():
            out.writestr(name, text)
        member = out.getinfo("stop_times.txt")
    data = bytearray(path.read_bytes())
    middle = member.header_offset + 30 + len("stop_times.txt") + member.compress_size // 2
    data[middle : middle + 20] = b"\xff" * 20
    path.write_bytes(bytes(data))
    done = run("gtfs", path, "-o", tmp_path / "region")
    assert done.exit_code == 2
    assert "f.zip/stop_times.txt: error unreadable_archive" in done.output
