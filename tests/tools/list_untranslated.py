"""List messages and hints that have no Chinese yet: ``python -m tests.tools.list_untranslated [ROOM ...]``."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import transit_model
from transit_model.domain.issue_words import read_pairs

PACKAGE = Path(transit_model.__file__).parent
_HOLE = re.compile(r"\{[^{}]*\}")
_MAKERS = {"Issue", "issue", "add", "problem", "Notice"}


def read_template(node: ast.AST) -> str | None:
    """Return a string or f-string with ``{}`` for its values, None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _HOLE.sub("{}", node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return None


def list_templates(source: str) -> set[str]:
    """Return every text of a module, values as ``{}``; a joined text counts as it would be printed."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        text = read_template(node)
        if text is not None:
            found |= {text, *re.split(r"; |(?<=\?) ", text)}
    return found


def list_spoken(source: str) -> Iterator[str]:
    """Yield the messages and hints that stand in calls that make issues, or in variables called message or hint."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            nodes = [*node.args, *(k.value for k in node.keywords)] if name in _MAKERS else []
            texts = [read_template(n) for n in nodes]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {"message", "msg", "what", "hint"}:
            texts = [read_template(node.value)]
        else:
            continue
        yield from (t for t in texts if t is not None and " " in t)


def list_untranslated() -> tuple[dict[str, str], int]:
    """Return texts without a translation with the file of each, and how many have one."""
    known = {_HOLE.sub("{}", en) for en, _ in read_pairs()}
    lacking: dict[str, str] = {}
    done = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        for text in list_spoken(file.read_text(encoding="utf-8")):
            if text in known or all(part in known for part in re.split(r"; |(?<=\?) ", text)):
                done.add(text)
            elif not any("\u4e00" <= c <= "\u9fff" for c in text):
                lacking.setdefault(text, file.relative_to(PACKAGE).as_posix())
    return lacking, len(done)


if __name__ == "__main__":
    lacking, done = list_untranslated()
    for text, file in lacking.items():
        if not sys.argv[1:] or file.split("/")[0] in sys.argv[1:]:
            sys.stdout.write(f"{file}\t{text}\n")
    sys.stdout.write(f"{done} of {done + len(lacking)} texts have a translation\n")
