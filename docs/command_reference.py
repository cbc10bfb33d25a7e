"""The reference of all commands, written from the parser of the program itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer.main

from transit_model.cli.app import app

_WORDS = {
    "en": ("Commands", "Written from the help of the program itself.", "option", "meaning", "default"),
    "zh": ("命令", "由程序自己的帮助生成。每条命令加 `--lang zh` 输出中文。", "选项", "含义", "默认"),
}
_NOTHING = "–"


def describe_commands(language: str) -> str:
    """Return the reference as a page of Markdown: a heading for each command, a table of its options."""
    title, said, *heads = _WORDS[language]
    lines = [f"# {title}", "", said, "", *_describe_group(typer.main.get_command(app), "transit-model", 2, heads)]
    return "\n".join(lines) + "\n"


def _describe_group(group: Any, name: str, level: int, heads: list[str]) -> Iterator[str]:  # noqa: ANN401 - of Click
    for word, command in sorted(group.commands.items()):
        if command.hidden:
            continue
        yield from (f"{'#' * level} {name} {word}", "", (command.help or "").split("\f")[0].strip(), "")
        if hasattr(command, "commands"):
            yield from _describe_group(command, f"{name} {word}", level + 1, heads)
        else:
            yield from _describe_options(command, heads)


def _describe_options(command: Any, heads: list[str]) -> Iterator[str]:  # noqa: ANN401 - of Click
    params = [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]
    if not params:
        return
    option, meaning, default = heads
    yield from ("```{list-table}", ":header-rows: 1", "", f"* - {option}", f"  - {meaning}", f"  - {default}")
    for param in params:
        if param.param_type_name == "argument":
            words = f"`{param.metavar or (param.name or '').upper()}`"
        else:
            words = ", ".join(f"`{word}`" for word in (*param.opts, *param.secondary_opts))
        plain = isinstance(param.default, str | int | float) and param.default not in ("", False)
        said = " ".join((getattr(param, "help", None) or _NOTHING).split())
        yield from (f"* - {words}", f"  - {said}", f"  - {f'`{param.default}`' if plain else _NOTHING}")
    yield from ("```", "")
