"""The command as people type it: one line, killed and resumed, wrong words, both languages."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.batches.toys import read_folder
from tests.minipack import write_minipack
from tests.study.mini_workspace import write_mini_scenarios
from tests.tools.command import read_json, run_command
from transit_model.batches.store import JOURNAL, MANIFEST


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("mini")
    region, scenarios = write_minipack(folder / "mini"), write_mini_scenarios(folder / "scenarios")
    return ["--region", str(region), "--scenarios", str(scenarios), "-s", "built", "-s", "planned"]


def test_the_plain_command(pack: list[str], tmp_path: Path) -> None:
    result = read_json("batch", *pack, "--out", str(tmp_path / "out"))
    # 4 county seats to 4 county seats by road, door to door, in two scenarios.
    expected = {"measure": "times", "origins": 4, "partitions": 2, "measured": 2, "kept": 0, "rows": 32}
    assert {name: result[name] for name in expected} == expected
    assert result["layers"] == ["scenario=built", "scenario=planned"]
    assert len(pd.read_parquet(result["folder"])) == 32
    again = read_json("batch", *pack, "--out", str(tmp_path / "out"), "--resume")
    assert (again["measured"], again["kept"], again["rows"]) == (0, 2, 32)


def test_both_languages_and_the_path_last(pack: list[str], tmp_path: Path) -> None:
    line = ["batch", *pack, "--measure", "seats", "--cutoff", "30,60", "--mode", "road,best"]
    english = run_command(*line, "--lang", "en", "--out", str(tmp_path / "en"))
    assert english.returncode == 0, english.printed
    assert "4 origins x 2 scenarios or windows, 32 rows" in english.stdout
    assert english.stdout.splitlines()[-1] == str(tmp_path / "en")
    chinese = run_command(*line, "--lang", "zh", "--out", str(tmp_path / "zh"))
    assert "4 个起点 × 2 个情景或时窗，32 行" in chinese.stdout
    table = run_command(*line, "--format", "csv", "--out", str(tmp_path / "csv"))
    assert table.stdout.startswith(
        "measure,origins,partitions,measured,kept,rows,bytes,executor,seconds,folder,manifest\n"
    )


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (["--measure", "seat"], ["unknown_value"]),
        (["--cutoff", "0"], ["bad_cutoff"]),
        (["--origins", "nowhere.csv"], ["file_not_found"]),
        (["--origins", "nowhere"], ["unknown_place", "known_groups"]),
        (["--mode", "rail", "--reading", "promoter", "--measure", "population"], ["no_such_surface"]),
        (["-s", "built"], ["duplicate_layer"]),
        (["--window", "9-8"], ["bad_window"]),
        (["--window", "07:00-09:00"], ["option_unused"]),  # the roads have no departure times
    ],
)
def test_wrong_words_leave_no_folder(pack: list[str], tmp_path: Path, words: list[str], codes: list[str]) -> None:
    done = run_command("batch", *pack, "--out", str(tmp_path / "out"), "--format", "json", *words)
    assert done.returncode == 2
    assert [i["code"] for i in json.loads(done.stdout)["issues"]] == codes
    assert not (tmp_path / "out").exists()


def test_an_earlier_batch_is_safe(pack: list[str], tmp_path: Path) -> None:
    line = ["batch", *pack, "--out", str(tmp_path / "out"), "--format", "json"]
    assert run_command(*line).returncode == 0
    before = read_folder(tmp_path / "out")
    for more, code in ([], "batch_exists"), (["--resume", "--speeds", "winter"], "other_batch"):
        done = run_command(*line, *more)
        assert done.returncode == 2
        assert {i["code"] for i in json.loads(done.stdout)["issues"]} == {code}
    assert read_folder(tmp_path / "out") == before


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
@pytest.mark.parametrize(("workers", "signals"), [(0, ["SIGKILL", "SIGINT"]), (2, ["SIGKILL"])])
def test_stopped_again_and_again_the_bytes_are_those_of_one_run(
    pack: list[str], tmp_path: Path, workers: int, signals: list[str]
) -> None:
    # The cells of 6 km near a road, one a partition: more than a hundred files in two scenarios.
    line = ["batch", *pack, "--origins", "grid", "--grid-cell", "6000", "--chunk", "1", "--to", "centres"]
    whole, out = tmp_path / "whole", tmp_path / "out"
    assert run_command(*line, "--out", str(whole)).returncode == 0
    assert (whole / MANIFEST).exists()
    command = [sys.executable, "-c", "from transit_model.cli import main; main()", *line, "--workers", str(workers)]
    kept = 0
    for name in signals:
        with subprocess.Popen([*command, "--out", out, "--resume"], stderr=subprocess.PIPE, text=True) as process:
            kept = _wait_for_parts(process, out / JOURNAL, kept + 8)
            process.send_signal(signal.Signals[name])
            result = process.communicate(timeout=60)[1]
        assert ("--resume" in result) == (name == "SIGINT")  # Ctrl-C tells how to go on
        assert not (out / MANIFEST).exists()
        kept = len((out / JOURNAL).read_text(encoding="utf-8").splitlines())
    done = subprocess.run(
        [*command, "--out", out, "--resume", "--format", "json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["kept"] >= kept - 1 >= 8 * len(signals) - 1  # the line that was being written may be torn
    assert summary["kept"] + summary["measured"] == summary["partitions"] > 100
    assert read_folder(out) == read_folder(whole)


def _wait_for_parts(process: subprocess.Popen[str], journal: Path, parts: int) -> int:
    """Return how many parts the journal has as soon as they are at least `parts`."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert process.poll() is None, "it was over before it could be killed"
        found = journal.read_bytes().count(b"\n") if journal.exists() else 0
        if found >= parts:
            return found
        time.sleep(0.005)
    raise AssertionError("no progress")
