"""REGION.md is followed to the letter: its files are written, its commands run, its sum holds."""

from __future__ import annotations

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from transit_model.cli.app import app
from transit_model.cli.import_commands import app as import_app

_BLOCK = re.compile(r"(?:File `(?P<file>[^`]+)`:\n\n)?```(?P<kind>\w*)\n(?P<text>.*?)```", re.DOTALL)


def call(line: str) -> str:
    words = shlex.split(line)[1:]
    which, rest = (import_app, words[1:]) if words[0] == "import" else (app, words)
    result = CliRunner().invoke(which, rest)
    assert result.exit_code == 0, f"{line}\n{result.output}"
    return result.stdout


def test_the_tutorial_works(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))
    commands: list[str] = []
    for block in _BLOCK.finditer((repo / "REGION.md").read_text(encoding="utf-8")):
        if block["file"]:
            path = tmp_path / block["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
        elif block["kind"] == "sh":
            commands += block["text"].strip().splitlines()
            for line in block["text"].strip().splitlines():
                call(line)
    assert len(commands) == 6
    rows = list(csv.DictReader(call(f"{commands[3]} --format csv").splitlines()))
    result = {(r["from"], r["to"], r["mode"], r["reading"]): r["minutes"] for r in rows}
    assert float(result["jia", "yi", "road", "promoter"]) == pytest.approx(25.4, abs=0.1)
    assert float(result["jia", "yi", "rail", "promoter"]) == 25  # 07:30 to 07:55
    rings = json.loads((tmp_path / "jia.geojson").read_text(encoding="utf-8"))["features"]
    assert [r["properties"]["cutoff_min"] for r in rings] == [15, 30]
    assert (tmp_path / "maps-mytown" / "index.html").is_file()
