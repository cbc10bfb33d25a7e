"""One group of commands asked on the mini pack, without the rest of the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner, Result

from tests.minipack import write_minipack
from tests.study.mini_workspace import write_mini_scenarios


def write_mini(folder: Path) -> Path:
    """Write the mini pack and its scenarios into a folder."""
    write_minipack(folder / "mini")
    write_mini_scenarios(folder / "scenarios")
    return folder


def ask(register: Callable[[typer.Typer], None], folder: Path, *arguments: str) -> Result:
    """Run one command; any exit code is fine."""
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)
    register(app)
    where = ["--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios")]
    return CliRunner().invoke(app, [*arguments, *where])


def ask_json(register: Callable[[typer.Typer], None], folder: Path, *arguments: str) -> dict[str, Any]:
    """Run one command that succeeds and return its JSON."""
    done = ask(register, folder, *arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    result: dict[str, Any] = json.loads(done.stdout)
    assert result["schema"] == 1
    return result
