"""Print what each test file costs, as lines for `tests/spread.py`: ``python -m tests.tools.list_costs REPORT.xml``.

The report is that of ``make test ARGS=--junitxml=REPORT.xml`` on an idle machine, or of CI.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

from tests.spread import BROWSER, BROWSER_FILES

LEAST_S = 3.0
"""Quicker files need no line."""


def sum_costs(report: str) -> dict[str, float]:
    """Return the seconds of each file in a JUnit report, the files of the browser together, the costliest first."""
    costs: defaultdict[str, float] = defaultdict(float)
    for case in ElementTree.fromstring(report).iter("testcase"):
        file = case.attrib["classname"].replace(".", "/") + ".py"
        costs[BROWSER if file in BROWSER_FILES else file] += float(case.attrib["time"])
    return dict(sorted(costs.items(), key=lambda item: -item[1]))


def write_lines(costs: dict[str, float]) -> str:
    """Return the costly files as lines of `COST_S`."""
    names = {file: "BROWSER" if file == BROWSER else f'"{file}"' for file in costs}
    return "".join(f"    {names[file]}: {cost:.1f},\n" for file, cost in costs.items() if cost >= LEAST_S)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    words = sys.argv[1:] if arguments is None else arguments
    if len(words) != 1 or not Path(words[0]).is_file():
        sys.stderr.write("name the report that pytest --junitxml=REPORT.xml wrote\n")
        return 1
    costs = sum_costs(Path(words[0]).read_text(encoding="utf-8"))
    sys.stdout.write(f"{write_lines(costs)}# all {len(costs)} files: {sum(costs.values()):.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
