"""Write the kept help text of the command line anew: ``python -m tests.tools.refresh_help``."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

import transit_model.cli
from transit_model.cli.app import app
from transit_model.cli.greeting import HELP_FILES, PROGRAM
from transit_model.cli.help_zh import speak_chinese

TARGETS = {lang: Path(transit_model.cli.__file__).with_name(name) for lang, name in HELP_FILES.items()}


def ask_for_help(columns: int, language: str = "en", *words: str) -> str:
    """Return the help of the program, or of a command, as the parser prints it on a terminal of some width."""
    if language == "zh":
        out = io.StringIO()
        with redirect_stdout(out):
            speak_chinese(get_command(app)).main([*words, "--help"], prog_name=PROGRAM, standalone_mode=False)
        return out.getvalue()
    result = CliRunner().invoke(app, [*words, "--help"], prog_name=PROGRAM, env={"COLUMNS": str(columns)})
    return result.stdout


if __name__ == "__main__":
    for spoken, target in TARGETS.items():
        target.write_text(ask_for_help(100, spoken), encoding="utf-8")
        sys.stdout.write(f"{target}\n")
