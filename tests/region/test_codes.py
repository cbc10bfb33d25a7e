"""Every issue code of the readers and of the network checks is triggered by a test."""

from __future__ import annotations

import re
from pathlib import Path

CODE = re.compile(r"""(?:Issue|Notice|_notice|_wrong|_list)\(\s*"([a-z0-9_]+)",""")
ROOMS = ("store", "domain", "scenario", "gtfs", "roads", "region", "network", "cli", "regions")


def test_every_code_is_named_in_a_test(repo: Path) -> None:
    readers = [
        path for room in ("store", "gtfs", "roads", "region") for path in (repo / "transit_model" / room).glob("*.py")
    ]
    sources = [*readers, repo / "transit_model" / "network" / "checks.py"]
    codes = {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(codes) > 60
    files = [path for room in ROOMS for path in (repo / "tests" / room).glob("*.py")]
    tests = "".join(path.read_text(encoding="utf-8") for path in files)
    assert sorted(code for code in codes if f'"{code}"' not in tests) == []
