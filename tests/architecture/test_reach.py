"""Every module has a door: imports lead to it from the command line or from the front door of the package."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.conftest import REPO

PACKAGE = "transit_model"
DOORS = ("transit_model", "transit_model.__main__", "transit_model.cli")
"""The front door names its homes as text (`_HOMES`); the command line is entered at `transit_model.cli:main`."""


def _name(path: Path) -> str:
    parts = path.relative_to(REPO).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _list_imports(path: Path) -> set[str]:
    """Return all that a file imports, inside functions too; an import for the type checker alone is not run."""
    found: set[str] = set()
    nodes: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            nodes += node.orelse
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        nodes += ast.iter_child_nodes(node)
    return found


def _reach() -> tuple[set[str], set[str]]:
    files = {_name(p): p for p in sorted((REPO / PACKAGE).rglob("*.py"))}
    import transit_model

    homes = {f"{PACKAGE}.{home}" for home in transit_model._HOMES}
    reached: set[str] = set()
    todo = {*DOORS, *homes}
    while todo:
        module = todo.pop()
        if module in files and module not in reached:
            reached.add(module)
            todo |= {".".join(module.split(".")[:k]) for k in range(1, module.count(".") + 1)}
            todo |= _list_imports(files[module])
    return set(files), reached


def test_every_module_is_reached() -> None:
    modules, reached = _reach()
    assert modules - reached == set()
