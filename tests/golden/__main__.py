"""Write the tables of each shipped region anew and print what moved: ``python -m tests.golden``.

All pairs of the centres by road and rail on the three readings, as built at the end of 2025, straight from the
measuring code (no command line): minutes to 0.01. Beside it what the model says against what was seen
(``residuals.csv``), to 0.1. The diff is reviewed like code.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from transit_model.domain.modes import Mode, Reading
from transit_model.measure.calibration import measure_residuals
from transit_model.measure.od import compute_od, od_records
from transit_model.measure.workspace import Workspace
from transit_model.store.resources import DEFAULT_REGION, list_regions

SCENARIO = "built-2025"
NAME, RESIDUALS = "od_centres.csv", "residuals.csv"
PATH = Path(__file__).parent / NAME
KEYS = ["from", "to", "mode", "reading"]
COLUMNS = [*KEYS, "minutes", "p10", "p90", "km", "via"]


def find_table(region: str, name: str = NAME) -> Path:
    """Return a committed table of a region."""
    return (PATH.parent if region == DEFAULT_REGION else PATH.parent / region) / name


def compute_residuals(region: str) -> str:
    """Return the residuals of road and rail as CSV text, with the summary rows at the end."""
    rows = measure_residuals(Workspace.open(region).session(SCENARIO)).drop(columns="source")
    return str(rows.to_csv(index=False, lineterminator="\n", float_format="%.1f"))


def compute_table(region: str = DEFAULT_REGION) -> str:
    """Return the table as CSV text, computed now."""
    session = Workspace.open(region).session(SCENARIO)
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
    """Write the tables, print the differences."""
    for region in list_regions():
        made = {NAME: compute_table(region), RESIDUALS: compute_residuals(region)}
        for name, after in made.items():
            path = find_table(region, name)
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            moved = list_differences(before, after)
            path.parent.mkdir(exist_ok=True)
            path.write_text(after, encoding="utf-8", newline="\n")
            sys.stdout.write("\n".join([*moved, f"{region}, {name}: {len(moved)} rows moved"]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
