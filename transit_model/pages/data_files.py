"""The tables behind the pages, as CSV and JSON. Every number on a page is in one of them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transit_model.domain.safe_text import escape_frame
from transit_model.pages.text import is_missing, plain_data
from transit_model.pages.view import StudyView

if TYPE_CHECKING:
    import pandas as pd


def write_tables(view: StudyView, folder: Path) -> list[str]:
    """Write all tables into a folder and return their file names.

    In CSV files unreachable is an empty cell and ``reachable`` is 0; a value that was not measured is empty with
    ``reachable`` empty too. In JSON both are null.
    """
    names = []
    for name, table in _list_tables(view):
        (folder / f"{name}.csv").write_text(_to_csv(_tell_timetable(table, view)), encoding="utf-8", newline="\n")
        names.append(f"{name}.csv")
    verdicts = {"schema": 1, "verdicts": plain_data(_tell_timetable(view.verdicts, view).to_dict("records"))}
    content = json.dumps(verdicts, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    (folder / "verdicts.json").write_text(content, encoding="utf-8", newline="\n")
    names.append("verdicts.json")
    return names


def _list_tables(view: StudyView) -> Iterator[tuple[str, pd.DataFrame]]:
    import pandas as pd

    yield "verdicts", view.verdicts.drop(columns=["evidence"], errors="ignore")
    yield "evidence", pd.DataFrame(list_evidence(view.verdicts))
    yield "od", view.od
    yield "rings", pd.DataFrame(view.rings.drop(columns="geometry"))
    yield "places", view.places
    yield "assumptions", view.assumptions
    yield "data_quality", view.data_quality
    yield "sources", view.sources
    if view.outlook is not None:
        runs = {s.id: s.timetable_id for s in view.scenarios}
        nearest = view.outlook["nearest_scenario"]
        yield "outlook", view.outlook.assign(nearest_timetable=[runs.get(str(s), "") for s in nearest])
    tables = {
        "calibration": view.calibration,
        "routes": view.routes,
        "takes": view.single_projects,
        "sureness": view.uncertainty,
        "population_models": view.population_models,
        "timetable_changes": view.timetable_changes,
        "road_pairs": view.road_pairs,
        "leads": view.leads,
        "change_facts": view.change_facts,
        "people_by_minutes": view.people_by_minutes,
        "ranked_gains": view.ranked_gains,
        "services": view.services,
    }
    for name, table in tables.items():
        if table is not None:
            yield name, table
    runs = {s.id: s.timetable_id for s in view.scenarios}
    for pair in view.comparisons:
        ran = {"base_timetable": runs[pair.base], "timetable": runs[pair.scenario]}
        for kind in ("od", "population", "attribution", "gained", "saved"):
            table = getattr(pair, kind)
            if table is not None:
                plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
                if "scenario" not in plain.columns:
                    plain = plain.assign(**ran)
                yield f"compare-{pair.base}-{pair.scenario}-{kind}", plain


def _tell_timetable(table: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Return a table with the ``timetable`` of each scenario beside it; one that has it, or no scenario, as it is."""
    runs = {s.id: s.timetable_id for s in view.scenarios if s.timetable_id}
    if "scenario" not in table.columns or "timetable" in table.columns or not runs:
        return table
    names = list(table.columns)
    names.insert(names.index("scenario") + 1, "timetable")
    return table.assign(timetable=[runs.get(str(s), "") for s in table["scenario"]])[names]


def list_evidence(verdicts: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row a verdict and measured pair."""
    rows: list[dict[str, Any]] = []
    if "evidence" not in verdicts.columns:
        return rows
    for verdict in verdicts.to_dict("records"):
        head = {key: verdict[key] for key in ("goal", "scenario", "reading")}
        rows += [{**head, **row} for row in verdict["evidence"] or ()]
    return rows


def _to_csv(table: pd.DataFrame) -> str:
    out = table.copy()
    if "minutes" in out.columns:
        minutes = out["minutes"]
        out["reachable"] = ["" if is_missing(m) else int(m != float("inf")) for m in minutes]
    for name in out.select_dtypes("float").columns:
        out[name] = [round(v, 4) if math.isfinite(v) else None for v in out[name].tolist()]
    content: str = escape_frame(out).to_csv(index=False, lineterminator="\n")
    return content
