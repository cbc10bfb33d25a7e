"""Write the kept help text of the command line anew: ``python -m tests.tools.refresh_help``."""

from __future__ import annotations

import sys
from pathlib import Path

from typer.testing import CliRunner

import transit_model.cli
from transit_model.cli.app import app
from transit_model.cli.greeting import HELP_FILE, PROGRAM

TARGET = Path(transit_model.cli.__file__).with_name(HELP_FILE)


def ask_for_help(columns: int) -> str:
    """Return the help of the whole program as the parser prints it on a terminal of some width."""
    result = CliRunner().invoke(app, ["--help"], prog_name=PROGRAM, env={"COLUMNS": str(columns)})
    return result.stdout


if __name__ == "__main__":
    TARGET.write_text(ask_for_help(100), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")
