"""Draw the rooms into CONTRIBUTING.md anew, from the import contract: ``python -m tests.tools.refresh_rooms``.

The order is that of the layers contract in ``pyproject.toml``; what a room is for is the start of its docstring.
So neither can go stale: a test draws the picture and compares.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import REPO

PAGE = REPO / "CONTRIBUTING.md"
PACKAGE = REPO / "transit_model"
START, END = "<!-- rooms:start -->", "<!-- rooms:end -->"
WIDTH = 118
"""Characters of a line of the picture, the frame included."""
PARTIES = re.compile(r"\s*[|:]\s*")


def read_layers(pyproject: str) -> list[list[str]]:
    """Return the rooms of each layer, the highest first, as the import contract names them."""
    contracts = tomllib.loads(pyproject)["tool"]["importlinter"]["contracts"]
    (layers,) = [c["layers"] for c in contracts if c["type"] == "layers"]
    # import-linter: `|` parts rooms that do not know each other, `:` such as may; brackets mark what may be absent.
    return [[name.strip("() ") for name in PARTIES.split(layer)] for layer in layers]


def describe_room(package: Path, name: str) -> str:
    """Return what a room is for: the first paragraph of its docstring as one line.

    Raises
    ------
    FileNotFoundError
        When the contract names a room that is not there.
    ValueError
        When it has no docstring.
    """
    folder = package / name
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    page = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not page:
        raise ValueError(f"{path.name} of {name} has no docstring")
    return " ".join(page.split("\n\n", 1)[0].split())


def draw_rooms(layers: Sequence[Sequence[str]], descriptions: dict[str, str]) -> str:
    """Return the picture as text: one box a layer, arrows downwards, a line or more a room."""
    name_width = max(len(name) for layer in layers for name in layer)
    inner = WIDTH - 4
    rule = "─" * (inner + 2)
    arrow = " " * (2 + name_width // 2) + "▼"
    lines: list[str] = []
    for number, layer in enumerate(layers):
        lines += [arrow] if number else []
        lines.append(f"┌{rule}┐")
        for name in layer:
            first, *rest = textwrap.wrap(descriptions[name], inner - name_width - 2) or [""]
            texts = [f"{name:<{name_width}}  {first}", *(" " * (name_width + 2) + more for more in rest)]
            lines += [f"│ {text:<{inner}} │" for text in texts]
        lines.append(f"└{rule}┘")
    return "\n".join(lines)


def draw(pyproject: str | None = None, package: Path = PACKAGE) -> str:
    """Return the picture of the house as it is now."""
    layers = read_layers((REPO / "pyproject.toml").read_text(encoding="utf-8") if pyproject is None else pyproject)
    return draw_rooms(layers, {name: describe_room(package, name) for layer in layers for name in layer})


def replace_picture(text: str, picture: str) -> str:
    """Return the page with the picture between the markers replaced.

    Raises
    ------
    ValueError
        When the markers are missing or repeated.
    """
    if text.count(START) != 1 or text.count(END) != 1:
        raise ValueError(f"the page needs {START} and {END} once each")
    head, rest = text.split(START)
    _, tail = rest.split(END)
    return f"{head}{START}\n```text\n{picture}\n```\n{END}{tail}"


def main() -> int:
    """Rewrite CONTRIBUTING.md."""
    before = PAGE.read_text(encoding="utf-8")
    after = replace_picture(before, draw())
    PAGE.write_text(after, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{'same' if after == before else 'changed'}  {PAGE.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
