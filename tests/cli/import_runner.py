"""The commands of `import`, run in the tests' own process."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from transit_model.cli.import_commands import app


def run(*words: str | Path, code: int = 0) -> str:
    """Return what a command prints, after it ended with a code."""
    result = CliRunner().invoke(app, [str(w) for w in words])
    assert result.exit_code == code, result.output
    return result.output
