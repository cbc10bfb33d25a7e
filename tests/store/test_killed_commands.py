"""`run`, `import`, `batch`, `export` killed before each change of their folder, and at random moments.

By default some kills spread over each command; with ``-m slow`` all of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.minipack import write_minipack
from tests.pages.sample_view import build_sample_view
from tests.pages.test_run import STUDY
from tests.store.killing import count_changes, read_all, run_killed
from tests.study.mini_workspace import open_mini_workspace, write_mini_scenarios
from tests.tools.command import run_command
from transit_model.catalogue.export import export_scenario
from transit_model.pages.write import write_pages
from transit_model.store.claim import restore_all

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]
SMALL = Path(__file__).parent.parent / "roads" / "fixtures" / "small.osm"
SAMPLE = 4
"""Kills of each command in the default run."""


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(os, "fsync", lambda _: None)


@dataclass(frozen=True)
class Command:
    """What is killed: `old` and `new` write one folder, `target` of it is looked at.

    `resumes` says that the command may leave unfinished work that it goes on with.
    """

    old: Callable[[Path], object]
    new: Callable[[Path], object]
    target: str
    resumes: bool = False


def _succeed(*words: str) -> None:
    done = run_command(*words)
    assert done.returncode == 0, done.printed


def _make_command(name: str, folder: Path) -> Command:
    if name == "run":
        view = build_sample_view()
        less = replace(view, manifest={"other": 1}, scenarios=view.scenarios[:2], comparisons=(), timeline=())
        return Command(
            lambda root: write_pages(view, root / "maps"), lambda root: write_pages(less, root / "maps"), "maps"
        )
    if name == "import gtfs":
        # the same town, in the new feed without its metro
        feed = write_minipack(folder / "mini") / "gtfs"
        other = shutil.copytree(feed, folder / "other")
        (other / "frequencies.txt").unlink()
        return Command(
            lambda root: _succeed("import", "gtfs", str(feed), "-o", str(root / "region")),
            lambda root: _succeed("import", "gtfs", str(other), "-o", str(root / "region")),
            "region/gtfs",
        )
    if name == "import roads":
        return Command(
            lambda root: _succeed("import", "roads", str(SMALL), "-o", str(root / "region")),
            lambda root: _succeed("import", "roads", str(SMALL), "--service", "-o", str(root / "region")),
            "region/roads",
        )
    workspace = open_mini_workspace(folder)
    if name == "export":
        return Command(
            lambda root: export_scenario(workspace, "built", root / "out"),
            lambda root: export_scenario(workspace, "rail-only", root / "out"),
            "out",
        )
    words = ["--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios"), "-s", "built", "--chunk", "2"]
    return Command(
        lambda root: (root / "out").mkdir(),
        lambda root: _succeed("batch", *words, "--resume", "--out", str(root / "out")),
        "out",
        resumes=True,
    )


NAMES = ["run", "import gtfs", "import roads", "export", "batch"]


@pytest.mark.parametrize("name", NAMES)
def test_killed_here_and_there(name: str, tmp_path: Path) -> None:
    _kill(name, tmp_path, lambda count: sorted({1 + count * k // SAMPLE for k in range(SAMPLE)} | {count}))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_killed_everywhere(name: str, tmp_path: Path) -> None:
    _kill(name, tmp_path, lambda count: range(1, count + 1))


def _kill(name: str, tmp_path: Path, choose: Callable[[int], Iterable[int]]) -> None:
    root = tmp_path / "root"
    command = _make_command(name, tmp_path / "inputs")

    def begin() -> None:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(tmp_path / "start", root)

    root.mkdir()
    command.old(root)
    before = read_all(root / command.target)
    shutil.copytree(root, tmp_path / "start")
    command.new(root)
    after, everything = read_all(root / command.target), sorted(read_all(root))
    assert before != after
    begin()
    count = count_changes(lambda: command.new(root), root)
    assert count > 10
    for at in choose(count):
        begin()
        assert run_killed(lambda: command.new(root), at, root), f"{name}: change {at} of {count} was not made"
        if not command.resumes:
            found = read_all(root / command.target)
            assert found in (before, after), f"{name} was killed before change {at} of {count}"
        command.new(root)
        assert read_all(root / command.target) == after
        assert sorted(read_all(root)) == everything, "and nothing beside it"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on Windows")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_main_job_killed_at_random_moments(tmp_path: Path, workers: str) -> None:
    region, scenarios = write_minipack(tmp_path / "mini"), write_mini_scenarios(tmp_path / "scenarios")
    (scenarios / "study.yaml").write_text(STUDY, encoding="utf-8")
    words = ["run", "--region", str(region), "--scenarios", str(scenarios), "--workers", workers]
    code = "from transit_model.cli import main; main()"
    line = [sys.executable, "-c", code, *words, "-o", str(tmp_path / "root" / "maps")]
    began = time.monotonic()
    subprocess.run(line, check=True, capture_output=True)
    took_s = time.monotonic() - began
    (tmp_path / "root" / "maps" / "mine.txt").write_text("mine")
    before = read_all(tmp_path / "root" / "maps")
    chance = random.Random(13)
    for _ in range(6):
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, took_s))
        process.kill()
        process.wait()
        restore_all(tmp_path / "root")
        found = read_all(tmp_path / "root" / "maps")
        sums = json.loads(found["data/manifest.json"])["files"]
        assert {n: hashlib.sha256(found[n]).hexdigest() for n in sums} == {n: f["sha256"] for n, f in sums.items()}
        assert set(found) == set(before)
    subprocess.run(line, check=True, capture_output=True)
    assert read_all(tmp_path / "root" / "maps") == before
    assert [p.name for p in (tmp_path / "root").iterdir()] == ["maps"]
