"""Help in Chinese: the parser's commands and options with the sentences of ``help_words_zh.txt``, laid out by width.

The English help text is the key; one without a translation is shown in English. The layout is ours, since the
parser's counts letters and a Chinese letter is two columns wide.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("help_words_zh.txt")
COLUMNS: Final = 80
_NAMES: Final = 26
_PIECES: Final = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]...", "[ARGS]...": "[参数]..."}
_CLOSING: Final = "、,。;:)!?”》,.;:)"
_OPENING: Final = "(“《("
_EXTRAS: Final = (("[default: ", "[默认："), ("[required]", "[必填]"), ("; required]", "；必填]"))


@lru_cache(maxsize=1)
def read_words() -> dict[str, str]:
    """Return the English help texts with their translations."""
    blocks = FILE.read_text(encoding="utf-8").strip().split("\n\n")
    return dict(block.split("\n", 1) for block in blocks)


def speak_chinese(command: Any) -> Any:  # noqa: ANN401 - a command of whichever click the parser brings
    """Make a command, and all below it, answer ``--help`` in Chinese; return it."""
    command.get_help = partial(write_help, command)
    for below in getattr(command, "commands", {}).values():
        speak_chinese(below)
    return command


def write_help(command: Any, context: Any) -> str:  # noqa: ANN401 - as above
    """Return the help of a command in Chinese."""
    pieces = [_PIECES.get(p, p) for p in command.collect_usage_pieces(context)]
    lines = [f"用法：{context.command_path} {' '.join(pieces)}", ""]
    lines += _wrap(_translate(command.help or ""), COLUMNS - 2, 2)
    rows: dict[str, list[tuple[str, str]]] = {"参数": [], "选项": [], "命令": []}
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            title = "参数" if parameter.param_type_name == "argument" else "选项"
            rows[title].append((record[0], _translate_option(parameter, record[1])))
    for name, below in getattr(command, "commands", {}).items():
        if not below.hidden:
            rows["命令"].append((name, _translate(below.help or "")))
    for title, found in rows.items():
        if found:
            lines += ["", f"{title}：", *(line for names, text in found for line in _lay_out(names, text))]
    return "\n".join(lines)


def _translate(text: str) -> str:
    plain = text.strip()
    return read_words().get(plain, plain)


def _translate_option(parameter: Any, text: str) -> str:  # noqa: ANN401 - as above
    """Return the help of an option, with what the parser adds to it: default and required."""
    english = (getattr(parameter, "help", None) or "").strip()
    extra = text.removeprefix(english).strip() if english and text.startswith(english) else ""
    for word, zh in _EXTRAS:
        extra = extra.replace(word, zh)
    return f"{_translate(english or text)} {extra}".strip()


def _lay_out(names: str, text: str) -> list[str]:
    """Return names on the left and the text beside them, or below where the names are long."""
    body = _wrap(text, COLUMNS - _NAMES - 2, 0)
    if _measure(names) > _NAMES - 2:
        return [f"  {names}", *(" " * (_NAMES + 2) + line for line in body)]
    first = f"  {names}{' ' * (_NAMES - _measure(names))}{body[0] if body else ''}".rstrip()
    return [first, *(" " * (_NAMES + 2) + line for line in body[1:])]


def _wrap(text: str, columns: int, indent: int) -> list[str]:
    """Return lines of a text no wider than some columns; a line breaks at a space or after a Chinese sign."""
    lines, line = [], ""
    for piece in _split(text):
        if line and _measure(line + piece.rstrip()) > columns:
            lines.append(" " * indent + line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, " " * indent + line.rstrip()] if line else lines


def _split(text: str) -> list[str]:
    """Return the pieces between which a line may break: words with their spaces, single Chinese signs with marks."""
    pieces: list[str] = []
    for sign in text:
        before = pieces[-1][-1] if pieces else " "
        stays = sign in _CLOSING or sign == " " or (before != " " and not _is_wide(sign) and not _is_wide(before))
        if pieces and (stays or before in _OPENING):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _measure(text: str) -> int:
    return sum(2 if _is_wide(c) else 1 for c in text)
