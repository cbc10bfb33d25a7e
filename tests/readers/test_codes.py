"""Every issue code of the readers and of the network checks is triggered by a test."""

from __future__ import annotations

import re
from pathlib import Path

CODE = re.compile(r"""(?:Issue|Notice|_notice|_wrong|_list)\(\s*"([a-z0-9_]+)",""")


def test_every_code_is_named_in_a_test(repo: Path) -> None:
    sources = [*(repo / "transit_model" / "readers").glob("*.py"), repo / "transit_model" / "network" / "checks.py"]
    codes = {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(codes) > 60
    files = [path for room in ("readers", "network", "cli", "regions") for path in (repo / "tests" / room).glob("*.py")]
    tests = "".join(path.read_text(encoding="utf-8") for path in files)
    assert sorted(code for code in codes if f'"{code}"' not in tests) == []
