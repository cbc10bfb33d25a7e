"""Files are put into place by the room `store` alone, so that they are whole or not there."""

from __future__ import annotations

import ast

from tests.conftest import REPO

PACKAGE = REPO / "transit_model"
MOVES = {"os.replace", "os.rename", "os.renames", "shutil.move", "tempfile.mkdtemp", "tempfile.mkstemp",
         "tempfile.NamedTemporaryFile", "tempfile.TemporaryDirectory"}  # fmt: skip


def test_only_the_store_puts_files_into_place() -> None:
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in MOVES:
                found.add(name)
    strangers = {name for name in found if not name.startswith("store/")}
    assert not strangers
    assert {"store/claim.py", "store/recover.py", "store/scratch.py", "store/write.py"} <= found
