"""Write ``od_centres.csv`` anew and print what moved: ``python -m tests.golden``.

All pairs of the four centres by road and rail on the three readings, as built at the end of 2025, straight from the
measuring code (no command line): minutes to 0.01. The diff is reviewed like code.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from transit_model.domain.modes import Mode, Reading
from transit_model.measure.od import compute_od, od_records
from transit_model.measure.workspace import Workspace

SCENARIO = "built-2025"
PATH = Path(__file__).parent / "od_centres.csv"
KEYS = ["from", "to", "mode", "reading"]
COLUMNS = [*KEYS, "minutes", "p10", "p90", "km", "via"]


def compute_table() -> str:
    """Return the table as CSV text, computed now."""
    session = Workspace.open().session(SCENARIO)
    centres = session.places.list_group("centres")
    od = compute_od(session, centres, centres, [Mode.ROAD, Mode.RAIL], list(Reading))
    rows = [{c: r[c] for c in COLUMNS} for r in od_records(od) if r["from"] != r["to"]]
    for row in rows:
        for name in ("minutes", "p10", "p90", "km"):
            row[name] = "" if row[name] is None else f"{row[name]:.2f}"
    return str(pd.DataFrame(rows, columns=COLUMNS).to_csv(index=False, lineterminator="\n"))


def list_differences(before: str, after: str) -> list[str]:
    """Return one line for each row that moved, came or went."""
    old, new = ({tuple(line.split(",")[:4]): line for line in t.splitlines()} for t in (before, after))
    out = []
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            out.append(f"{' '.join(key)}: was {_rest(old.get(key))}; now {_rest(new.get(key))}")
    return out


def _rest(line: str | None) -> str:
    return "absent" if line is None else ",".join(line.split(",")[4:])


def main() -> int:
    """Write the table, print the differences."""
    before = PATH.read_text(encoding="utf-8") if PATH.exists() else ""
    after = compute_table()
    moved = list_differences(before, after)
    PATH.write_text(after, encoding="utf-8", newline="\n")
    sys.stdout.write("\n".join([*moved, f"{len(moved)} rows moved"]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
