"""Commands about the searches themselves: compiling them ahead, and saying which engine was chosen."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from transit_model.cli.options import DebugOption, FormatOption, LangOption
from transit_model.cli.output import Format, find_language, reporting, say, write_json


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(warmup)


def warmup(
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    again: Annotated[bool, typer.Option("--again", help="Throw the compiled code away first.")] = False,
    debug: DebugOption = False,
) -> None:
    """Compile all searches now, so that no later run waits for it; once per computer and version. 预编译"""
    with reporting(form, debug=debug):
        from transit_model.measure.warmup import compile_all
        from transit_model.store.jit import drop_compiled, find_code_root
        from transit_model.surface.warmup import draw_once

        if again:
            drop_compiled()
        zh = find_language(lang) == "zh"
        rows: list[dict[str, object]] = []
        total = 0.0
        for name, seconds, compiled in compile_all(rings=draw_once):
            total += seconds
            rows.append({"group": name, "seconds": round(seconds, 2), "compiled": compiled})
            if form is Format.TABLE:
                state = (f"编译 {compiled} 个函数" if zh else f"{compiled} functions compiled") if compiled else ""
                say(f"{name:<12} {seconds:6.1f} s  {state or ('已就绪' if zh else 'ready before')}")
        root = find_code_root()
        if form is Format.JSON:
            write_json({"schema": 1, "groups": rows, "seconds": round(total, 2), "folder": str(root) if root else None})
        elif root is None:
            say(
                "没有可写的缓存文件夹，每次运行都要重新编译"
                if zh
                else "no cache folder can be written to: set NUMBA_CACHE_DIR"
            )
        else:
            say(f"{'共' if zh else 'in all'} {total:.1f} s; {'保存于' if zh else 'kept in'} {root}")


def show_engine_messages(*, verbose: bool) -> None:
    """Print the engines' messages to standard error: all with `verbose`, else only that code is being compiled.

    The latter only on a terminal; piped output stays silent.
    """
    if verbose:
        logger = logging.getLogger("transit_model")
    elif sys.stderr.isatty():
        logger = logging.getLogger("transit_model.compile")
    else:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def place_verbose(arguments: list[str]) -> list[str]:
    """Return the arguments with ``--verbose`` where it is understood: a person may write it anywhere.

    It belongs to the program; only `run` has one of its own, which shows the stages as well.
    """
    if "--verbose" not in arguments:
        return arguments
    rest = [argument for argument in arguments if argument != "--verbose"]
    return [*rest, "--verbose"] if rest[:1] == ["run"] else ["--verbose", *rest]
