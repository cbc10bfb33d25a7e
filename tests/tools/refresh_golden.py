"""Write the golden numbers of the default study of each shipped region anew (`make golden`).

The diff is reviewed like code. Those of the default region stand in `tests/golden`, of another in a folder of its id.

Golden files hold what a reader of the maps sees: verdicts, and the times between the centres. Minutes have one
decimal, so that a change below three seconds is no change.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.conftest import REPO
from tests.tools.command import read_json
from transit_model.store.resources import DEFAULT_REGION, list_regions

FOLDER = REPO / "tests" / "golden"
MODES = ("road", "rail")
VERDICT_COLUMNS = ("goal", "scenario", "reading", "verdict", "threshold_min", "value_min", "margin_min", "share")
OD_COLUMNS = ("from", "to", "mode", "reading", "scenario", "minutes", "p10", "p90", "km")


def _text(value: object, column: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}" if column == "share" else f"{value:.1f}"
    return str(value)


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as CSV text; missing minutes are empty."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_text(row[c], c) for c in columns])
    return buffer.getvalue()


def find_folder(region: str, folder: Path = FOLDER) -> Path:
    """Return the folder of a region's golden files."""
    return folder if region == DEFAULT_REGION else folder / region


def compute_golden(region: str = DEFAULT_REGION) -> dict[str, str]:
    """Return the golden files of a region by name, computed now."""
    here = ("--region", region)
    files = {"verdicts.csv": write_csv(read_json("goals", *here)["verdicts"], VERDICT_COLUMNS)}
    for mode in MODES:
        rows = read_json("od", *here, "--from", "centres", "--to", "centres", "--mode", mode)["rows"]
        files[f"od_centres_{mode}.csv"] = write_csv(rows, OD_COLUMNS)
    return files


def main(folder: Path = FOLDER) -> int:
    """Write the golden files of every shipped region."""
    for region in list_regions():
        find_folder(region, folder).mkdir(parents=True, exist_ok=True)
        for name, text in compute_golden(region).items():
            path = find_folder(region, folder) / name
            changed = not path.exists() or path.read_text(encoding="utf-8") != text
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{'changed' if changed else 'same   '} {path.relative_to(folder).as_posix()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
