"""What a page of a comparison carries so that its sentence, its table of people and its charts follow the controls."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from transit_model.pages.newly import list_anchors
from transit_model.pages.text import plain_data
from transit_model.pages.view import StudyView

if TYPE_CHECKING:
    import pandas as pd

_Tree = dict[str, Any]


def list_facts(view: StudyView, base: str, scenario: str) -> _Tree:
    """Return what each map of a comparison tells, by reading, mode, origin; see `study.change_facts`.

    ``facts`` are ``[step, saved km2, lost km2, place, minutes before, after]`` (null where not reached; without a place
    they end before it), ``people`` lists of ``[change, from minute, people]``, ``newly`` those of `list_anchors`.
    """
    facts: _Tree = {}
    for row in _choose(view.change_facts, base, scenario):
        values = [row["step_min"], round(float(row["saved_km2"]), 3), round(float(row["lost_km2"]), 3)]
        if row["to"]:
            minutes = [float(row[k]) for k in ("to_base_min", "to_scenario_min")]
            values += [row["to"], *(m if math.isfinite(m) else None for m in minutes)]
        _put(facts, row, values)
    people: _Tree = {}
    for row in _choose(view.people_by_minutes, base, scenario):
        found = _put(people, row, None)
        found.append([row["change"], int(row["from_min"]), round(float(row["people"]))])
    newly: _Tree = {}
    for (origin, mode, reading), anchors in list_anchors(view, (base, scenario)).items():
        newly.setdefault(reading, {}).setdefault(mode, {})[origin] = anchors
    result: _Tree = plain_data({"facts": facts, "people": people, "newly": newly})
    return result


def _choose(table: pd.DataFrame | None, base: str, scenario: str) -> list[dict[str, Any]]:
    if table is None:
        return []
    rows = table[(table["base"] == base) & (table["scenario"] == scenario)]
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


def _put(tree: _Tree, row: dict[str, Any], value: list[Any] | None) -> list[Any]:
    """Put a value at reading, mode, origin of a row, an empty list where none is yet; return what stands there."""
    by_origin = tree.setdefault(str(row["reading"]), {}).setdefault(str(row["mode"]), {})
    found: list[Any] = by_origin.setdefault(str(row["origin"]), value if value is not None else [])
    return found
