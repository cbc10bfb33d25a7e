"""Run `transit-model` commands inside this process: the same words, without starting Python for each."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import REPO


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def printed(self) -> str:
        """The end of both streams, for messages."""
        return self.stdout[-2000:] + self.stderr[-2000:]


def run_command(*arguments: str, cwd: Path = REPO) -> Answer:
    """Run a command line in a folder; any exit code is fine."""
    from typer.testing import CliRunner

    from transit_model.cli.app import app

    with contextlib.chdir(cwd):
        result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "120"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def read_json(*arguments: str) -> dict[str, Any]:
    """Run a command with ``--format json`` and return the answer.

    Raises
    ------
    RuntimeError
        When the exit code is not 0; the message holds what was printed.
    """
    done = run_command(*arguments, "--format", "json")
    if done.returncode != 0:
        msg = f"transit-model {' '.join(arguments)} ended with {done.returncode}:\n{done.printed}"
        raise RuntimeError(msg)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
