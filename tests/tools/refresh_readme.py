"""Write the README's verdict table anew from the results of today's code and data (`make golden`)."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tests.conftest import REPO
from tests.tools.command import read_json

START, END = "<!-- verdicts:start -->", "<!-- verdicts:end -->"
HEADLINES = ("rail-1h-circle", "road-2h-circle", "road-2h-claim", "rail-half-hour", "hohhot-baotou-1h-2027")
READINGS = ("promoter", "typical", "door_to_door")
SYMBOLS = {"met": "✓", "missed": "✗", "borderline": "≈", "cannot_tell": "?"}
SHOWN = ("built-2025", "hubao-hsr", "s27", "intercity-bus", "everything-planned")


def _cell(rows: Mapping[tuple[str, str, str], Mapping[str, Any]], goal: str, scenario: str) -> str:
    parts = []
    for reading in READINGS:
        row = rows.get((goal, scenario, reading))
        if row is None:
            parts.append("-")
            continue
        minutes = "" if row["value_min"] is None else f"{row['value_min']:.0f}"
        parts.append(SYMBOLS[row["verdict"]] + minutes if row["judged"] else f"({minutes or '-'})")
    return " · ".join(parts)


def build_table(
    verdicts: Sequence[Mapping[str, Any]], titles: Mapping[str, str], notes: Mapping[str, str] | None = None
) -> str:
    """Return the verdicts as a markdown table: a row a goal, a column a scenario, three readings in each cell.

    A reading is marked where the goal is judged on it (`Verdict.judged`), its minutes stand in brackets where not.
    Below it stands what the numbers of each scenario rest on (`notes`), where that is an end of a range.
    """
    rows = {(v["goal"], v["scenario"], v["reading"]): v for v in verdicts}
    goals = list(dict.fromkeys(v["goal"] for v in verdicts))
    scenarios = list(dict.fromkeys(v["scenario"] for v in verdicts))
    limits = {v["goal"]: v["threshold_min"] for v in verdicts}
    lines = [
        "Binding minutes on the readings `promoter` · `typical` · `door_to_door`: "
        "✓ met, ✗ missed, ≈ borderline, ? cannot tell; in brackets a reading that the wording of the goal cannot mean.",
        "",
        "| goal | limit | " + " | ".join(f"`{s}`" for s in scenarios) + " |",
        "|---|---:|" + "---|" * len(scenarios),
    ]
    for goal in goals:
        limit = "-" if limits[goal] is None else f"{limits[goal]:.0f} min"
        link = f"[{titles.get(goal, goal)}](scenarios/goals/{goal}.yaml)"
        lines.append(f"| {link} | {limit} | " + " | ".join(_cell(rows, goal, s) for s in scenarios) + " |")
    result = [f"`{s}`: {notes[s]}" for s in scenarios if notes is not None and notes.get(s)]
    return "\n".join([*lines, *(["", f"At an end of their range: {'. '.join(result)}."] if result else [])])


def replace_block(text: str, table: str) -> str:
    """Return the README with the block between the markers replaced.

    Raises
    ------
    ValueError
        When the markers are missing or repeated.
    """
    if text.count(START) != 1 or text.count(END) != 1:
        msg = f"the README needs {START} and {END} once each"
        raise ValueError(msg)
    head, rest = text.split(START)
    _, tail = rest.split(END)
    return f"{head}{START}\n{table}\n{END}{tail}"


def read_headlines() -> list[dict[str, Any]]:
    """Return the verdicts that the README shows, in the order of `HEADLINES`, as they are now."""
    options = [word for goal in HEADLINES for word in ("--goal", goal)]
    options += [word for scenario in SHOWN for word in ("--scenario", scenario)]
    verdicts: list[dict[str, Any]] = read_json("goals", *options)["verdicts"]
    return sorted(verdicts, key=lambda v: HEADLINES.index(v["goal"]))


def read_titles() -> dict[str, str]:
    """Return the English titles of the goals by id."""
    from transit_model.goals.schema import load_goals

    return {goal.id: goal.title.en for goal in load_goals(REPO / "scenarios" / "goals")}


def read_notes() -> dict[str, str]:
    """Return what the numbers of each scenario shown rest on, empty where no value is at an end of its range."""
    from transit_model.measure.workspace import Workspace
    from transit_model.scenario.range_notes import join_notes, list_range_notes

    work = Workspace.open()
    return {name: join_notes(list_range_notes(work.scenario(name).projects), "en") for name in SHOWN}


def main() -> int:
    """Rewrite README.md."""
    path = REPO / "README.md"
    table = build_table(read_headlines(), read_titles(), read_notes())
    path.write_text(replace_block(path.read_text(encoding="utf-8"), table), encoding="utf-8")
    sys.stdout.write(table + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
