"""Every command takes the second region by its name."""

from __future__ import annotations

import pytest

from tests.tools.command import run_command
from transit_model.store.resources import list_regions

COMMANDS = (
    "data status", "data verify", "data list roads", "timetable list", "timetable diff TT2020Q4 TT20231215",
    "scenario list", "scenario show xiongxin", "scenario check", "find 太忻", "od --from taiyuan --to datong",
    "trains taiyuan datong", "explain taiyuan datong", "isochrone --from taiyuan --mode road --cutoffs 30",
    "goals --goal 3223-prefectures-2h", "compare built-2023 built-2025", "phases --scenario everything-2030",
    "indicators daily", "attribute od:taiyuan:xinzhou:rail --projects xiongxin_hsr,xiongxin_through --base built-2025",
    "require taiyuan-xinzhou-rail-30", "sureness --goal taiyuan-xinzhou-rail-30 --draws 2",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("words", COMMANDS)
def test_the_command_answers(words: str) -> None:
    done = run_command(*words.split(), "--region", "taixin")
    assert done.returncode == 0, done.printed


def test_the_help_offers_every_shipped_region() -> None:
    text = " ".join(run_command("od", "--help").stdout.split())
    assert list_regions() == ["hubaoewu", "taixin"]
    assert all(name in text for name in list_regions())
