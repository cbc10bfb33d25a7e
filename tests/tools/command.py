"""Run `transit-model` as its users do, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import REPO

_START = "from transit_model.cli import main; main()"


def run_command(*arguments: str, cwd: Path = REPO) -> subprocess.CompletedProcess[str]:
    """Run the command line and return what it printed; any exit code is fine."""
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(REPO), "COLUMNS": "120"}
    return subprocess.run(
        [sys.executable, "-c", _START, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def read_json(*arguments: str) -> dict[str, Any]:
    """Run the command line with ``--format json`` and return the answer.

    Raises
    ------
    RuntimeError
        When the exit code is not 0; the message holds what was printed.
    """
    done = run_command(*arguments, "--format", "json")
    if done.returncode != 0:
        printed = done.stdout[-2000:] + done.stderr[-2000:]
        msg = f"transit-model {' '.join(arguments)} ended with {done.returncode}:\n{printed}"
        raise RuntimeError(msg)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
