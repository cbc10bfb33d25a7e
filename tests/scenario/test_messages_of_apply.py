"""Every code that the resolve phase can report stands in a test, so that no message is untried."""

from __future__ import annotations

import re
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2] / "transit_model/scenario"
FILES = ("apply.py", "lookup.py", *(p.name for p in sorted(ROOM.glob("*_edit.py"))), "compose.py", "load.py")


def test_every_reported_code_is_tried() -> None:
    source = "\n".join((ROOM / name).read_text(encoding="utf-8") for name in FILES)
    codes = set(re.findall(r'report\.add\(\s*\w+,\s*"(\w+)"', source))
    codes |= set(re.findall(r'(?:self\._report|Issue)\(\s*"(\w+)"', source))
    tests = "\n".join(p.read_text(encoding="utf-8") for p in Path(__file__).parent.glob("test_*.py"))
    assert len(codes) >= 25
    assert {c for c in codes if f'"{c}"' not in tests} == set()
