"""The reference of all commands, written from the parser of the program itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import typer.main

from transit_model.cli.app import app
from transit_model.cli.help_zh import read_words

_WORDS = {
    "en": ("Commands", "Written from the help of the program itself.", "option", "meaning", "default"),
    "zh": ("命令", "由程序自己的帮助生成。", "选项", "含义", "默认"),
}
_NOTHING = "–"


def describe_commands(language: str) -> str:
    """Return the reference as a page of Markdown: a heading for each command, a table of its options."""
    title, said, *heads = _WORDS[language]
    speech = _Speech(heads, read_words() if language == "zh" else {})
    lines = [f"# {title}", "", said, "", *_describe_group(typer.main.get_command(app), "transit-model", 2, speech)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Speech:
    """The heads of the tables in one language, and help texts with their translations."""

    heads: list[str]
    translations: Mapping[str, str]

    def translate(self, text: str | None) -> str:
        plain = (text or "").split("\f")[0].strip()
        return self.translations.get(plain, plain)


def _describe_group(group: Any, name: str, level: int, speech: _Speech) -> Iterator[str]:  # noqa: ANN401 - of Click
    for word, command in sorted(group.commands.items()):
        if command.hidden:
            continue
        yield from (f"{'#' * level} {name} {word}", "", speech.translate(command.help), "")
        if hasattr(command, "commands"):
            yield from _describe_group(command, f"{name} {word}", level + 1, speech)
        else:
            yield from _describe_options(command, speech)


def _describe_options(command: Any, speech: _Speech) -> Iterator[str]:  # noqa: ANN401 - of Click
    params = [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]
    if not params:
        return
    option, meaning, default = speech.heads
    yield from ("```{list-table}", ":header-rows: 1", "", f"* - {option}", f"  - {meaning}", f"  - {default}")
    for param in params:
        if param.param_type_name == "argument":
            words = f"`{param.metavar or (param.name or '').upper()}`"
        else:
            words = ", ".join(f"`{word}`" for word in (*param.opts, *param.secondary_opts))
        plain = isinstance(param.default, str | int | float) and param.default not in ("", False)
        said = " ".join(speech.translate(getattr(param, "help", None)).split()) or _NOTHING
        yield from (f"* - {words}", f"  - {said}", f"  - {f'`{param.default}`' if plain else _NOTHING}")
    yield from ("```", "")
