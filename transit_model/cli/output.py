"""Printing: tables for people, JSON and CSV for programs, issues as one line each, languages."""

from __future__ import annotations

import csv
import errno
import io
import json
import locale
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from transit_model.cli.greeting import read_locale
from transit_model.cli.streams import cannot_flush
from transit_model.domain.safe_text import clean_json, clean_text, escape_cell
from transit_model.errors import InputError, Issue, TransitModelError
from transit_model.store.system_errors import check_working_folder, describe_system_error, describe_write_error

if TYPE_CHECKING:
    from rich.table import Table

SCHEMA = 1
END_SECTION = "_end_section"
"""Key of a row after which a table draws a line."""
_TABLES, _MAPS = (".csv", ".json", ".parquet", ".xlsx", ".html"), (".geojson", ".gpkg", ".tif", ".tiff")
ANSWER_SUFFIXES = frozenset((*_TABLES, *_MAPS))
"""Of files that hold an answer in place of what would be printed; other names of ``-o`` are folders and feeds."""
BOM = "\ufeff"
"""Before a CSV it makes Excel read UTF-8."""
EXIT_MISSED, EXIT_INPUT, EXIT_INTERNAL = 1, 2, 3


_CHOSEN: ContextVar[Mapping[str, Any]] = ContextVar("chosen", default={})  # noqa: B039 - read only
"""What the command that runs was called with, by the names of its parameters; set while it runs (see `choosing`)."""


@contextmanager
def choosing(values: Mapping[str, Any]) -> Iterator[None]:
    """Let printing know what a command was called with, to its end: the language, and whether CSV has a mark."""
    token = _CHOSEN.set(values)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


class Format(StrEnum):
    """How a command prints."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Lang(StrEnum):
    """Languages of messages."""

    ZH = "zh"
    EN = "en"


def find_language(choice: Lang | None) -> str:
    """Return the language asked for, else that of the locale (Chinese for any zh locale)."""
    if choice is not None:
        return choice.value
    if any(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")):
        return read_locale()
    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def write_json(data: Mapping[str, Any]) -> None:
    """Print a JSON document with the schema version, Chinese as it is."""
    sys.stdout.write(clean_json(json.dumps({"schema": SCHEMA, **data}, ensure_ascii=False, indent=1)) + "\n")


def write_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as CSV with a header; None is an empty cell. With ``--bom`` a byte order mark comes first."""
    sys.stdout.write((BOM if asks_for_bom() else "") + format_csv(rows))


def asks_for_bom() -> bool:
    """Return whether the command that runs was called with ``--bom``."""
    return bool(_CHOSEN.get().get("bom"))


def format_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV text with a header; None is an empty cell, formulas become text (`escape_cell`)."""
    text = io.StringIO()
    names = list(rows[0]) if rows else []
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([escape_cell(n) for n in names])
    for row in rows:
        writer.writerow(["" if row[n] is None else _plain(row[n]) for n in names])
    return text.getvalue()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any cell
    return escape_cell(json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | tuple) else value)


def write_table(
    rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], *, title: str = "", fold: Sequence[str] = ()
) -> None:
    """Print rows as a table for people; `titles` picks and names the columns, numbers stand to the right.

    Parameters
    ----------
    fold : sequence of str
        Columns by which the table is folded where it is wider than the terminal: a narrower table under each of
        their values, without them.
    """
    from rich.console import Console

    width = None if sys.stdout.isatty() else 160

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            """Leave a broken pipe to the end of the program (see `streams`), which rich would end with 1."""
            raise BrokenPipeError(errno.EPIPE, "the reader is gone")

    console = Quiet(file=sys.stdout, width=width, highlight=False)
    table = _build_table(rows, titles, title)
    fold = [name for name in fold if name in titles]
    if not fold or _measure(table) <= console.width:
        console.print(table)
        return
    for part, heading in _fold(rows, fold, title):
        console.print(_build_table(part, {n: t for n, t in titles.items() if n not in fold}, heading))


def _build_table(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], title: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    # Text, not markup: a name from data may hold brackets.
    head = Text(clean_text(title), style="table.title") if title else None
    table = Table(title=head, title_justify="left", header_style="bold", pad_edge=False)
    for name, heading in titles.items():
        numeric = all(isinstance(r.get(name), int | float) or r.get(name) is None for r in rows)
        table.add_column(Text(clean_text(heading)), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*[Text(_show(row.get(n))) for n in titles], end_section=bool(row.get(END_SECTION)))
    return table


def _measure(table: Table) -> int:
    """Return the width of a table that nothing is folded in."""
    from rich.console import Console

    wide = Console(file=io.StringIO(), width=10_000)
    return wide.measure(table).maximum


def _fold(
    rows: Sequence[Mapping[str, Any]], fold: Sequence[str], title: str
) -> list[tuple[list[Mapping[str, Any]], str]]:
    """Return the rows under each value of the folded columns, with what stands above them."""
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        parts.setdefault(" · ".join(_show(row.get(n)) for n in fold if row.get(n) not in (None, "")), []).append(row)
    return [
        (part, heading if n or not title else f"{title} · {heading}") for n, (heading, part) in enumerate(parts.items())
    ]


def _show(value: Any) -> str:  # noqa: ANN401 - any cell
    if value is None:
        return "-"
    if isinstance(value, float):
        from transit_model.domain.rounding import round_shown

        return f"{round_shown(value, 1):.1f}"  # as pages and `explain` round: 390.95 is 391.0 everywhere
    return clean_text(str(value))


def say(text: str, *, err: bool = False) -> None:
    """Print one line for people, on stderr with `err`; control characters in it are shown, not sent."""
    typer.echo(clean_text(text, lines=True), err=err)


def print_issues(issues: Sequence[Issue], form: Format) -> None:
    """Print issues: JSON on stdout when JSON was asked for, else one line each on stderr, errors in red."""
    from transit_model.domain.issue_words import describe_issue, write_issue

    if form is Format.JSON:
        # Programs do not hang on the locale: only --lang zh adds Chinese.
        write_json({"issues": [describe_issue(issue, str(_CHOSEN.get().get("lang") or "en")) for issue in issues]})
        return
    language = find_language(_CHOSEN.get().get("lang"))
    colours = {"error": typer.colors.RED, "warning": typer.colors.YELLOW, "info": None}
    for issue in issues:
        typer.secho(clean_text(write_issue(issue, language)), fg=colours[issue.severity], err=True)


@contextmanager
def reporting(form: Format = Format.TABLE, *, debug: bool = False, prints_beside: bool = False) -> Iterator[None]:
    """Turn errors into issues and exit codes: 2 for wrong input, 3 for a fault of ours; tracebacks with --debug.

    Errors of the file system are no faults of ours: ``cannot_write`` or ``cannot_read``, exit code 2. Where a command
    prints its answer beside the file of ``-o`` (`prints_beside`), ``--format`` is of what it prints.
    """
    try:
        _refuse_bom(form)
        if not prints_beside:
            _refuse_format(form)
        lost = check_working_folder()
        if lost is not None:
            raise InputError(lost)
        yield
    except TransitModelError as error:
        if debug:
            raise
        print_issues(error.issues, form)
        raise typer.Exit(EXIT_INPUT) from error
    except (typer.Exit, typer.Abort, KeyboardInterrupt):
        raise
    except BrokenPipeError:
        raise typer.Exit(0) from None
    except OSError as error:
        if debug:
            raise
        stdout = error.filename is None and cannot_flush(sys.stdout)
        issue = describe_write_error("<stdout>", error) if stdout else describe_system_error(error)
        print_issues([issue], Format.TABLE if stdout else form)
        raise typer.Exit(EXIT_INPUT) from error
    except Exception as error:
        if debug:
            raise
        issue = Issue(
            "internal", "error", f"{type(error).__name__}: {error}", hint="run again with --debug and report it"
        )
        print_issues([issue], form)
        raise typer.Exit(EXIT_INTERNAL) from error


def _refuse_format(form: Format) -> None:
    suffix = Path(str(_CHOSEN.get().get("out") or "")).suffix.lower()
    if form is Format.TABLE or suffix not in ANSWER_SUFFIXES or suffix == f".{form.value}":
        return
    hint = "the suffix of -o says what kind of file is written; leave out one of the two"
    message = "--format changes nothing in this question"
    raise InputError(Issue("option_unused", "error", message, field="format", value=form.value, hint=hint))


def _refuse_bom(form: Format) -> None:
    chosen = _CHOSEN.get()
    suffix = Path(str(chosen.get("out") or "")).suffix.lower()
    if not chosen.get("bom") or suffix == ".csv" or (form is Format.CSV and not suffix):
        return
    hint = "it is used with --format csv, or -o FILE.csv; leave it out here"
    raise InputError(Issue("option_unused", "error", "--bom changes nothing in this question", field="bom", hint=hint))


class Ticker:
    """Says on a terminal what long work is doing, how much of it is done and what is left; else nothing."""

    def __init__(self, bar: Any = None, task: Any = None) -> None:  # noqa: ANN401 - of rich
        self._bar, self._task = bar, task

    def __call__(self, text: str = "") -> None:
        """One step more is done."""
        if self._bar is not None:
            self._bar.update(self._task, advance=1, **({"description": clean_text(text)} if text else {}))

    def stage(self, text: str) -> None:
        """Say what is done now, which is no step."""
        if self._bar is not None:
            self._bar.update(self._task, description=clean_text(text))


@contextmanager
def progress(title: str, total: int | None) -> Iterator[Ticker]:
    """Yield what is called after each step; shows a bar on a terminal from the start and nothing when piped.

    A `total` of None is not known.
    """
    if not sys.stderr.isatty() or (total is not None and total <= 0):
        yield Ticker()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    text = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), text, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Ticker(bar, bar.add_task(clean_text(title), total=total))
