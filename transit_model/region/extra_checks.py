"""Rules between the extra tables of a region pack and its core tables: who is named must be there, sums must agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from transit_model.errors import Issue
from transit_model.store.csv_text import StringTable
from transit_model.store.notice import Notice

Tables = Mapping[str, StringTable]
REFERENCES: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    ("facilities", "place_id", "places", "place_id", "unknown_place"),
    ("facilities", "county", "counties", "adcode", "unknown_county"),
    ("settlements", "adcode", "counties", "adcode", "unknown_county"),
    ("road_pairs", "centre", "places", "place_id", "unknown_place"),
    ("road_pairs", "seat", "places", "place_id", "unknown_place"),
)
"""Extra table and column, core table and column, code. An empty cell refers to nothing."""


def check_extra_tables(core: Tables, extra: Tables, files: Mapping[str, str]) -> list[Issue]:
    """Return ``unknown_place``, ``unknown_county`` and ``settlements_sum``, with the lines of the files.

    Parameters
    ----------
    core, extra : mapping
        Tables by name; what is not there is not checked.
    files : mapping
        Path inside the pack of each extra table.
    """
    issues: list[Issue] = []
    for child, column, parent, key, code in REFERENCES:
        if child not in extra or parent not in core or column not in extra[child].table:
            continue
        if core[parent].table.empty:  # a pack may do without counties
            continue
        known = {"", *core[parent].table[key].astype(str)}
        lost = np.array([str(v) not in known for v in extra[child].table[column]], dtype=bool)
        message = f"{column} is not in the table of {parent}"
        issues += Notice(code, "error", files[child], column, message, "").list_rows(lost, extra[child])
    if "settlements" in extra and "counties" in core:
        issues += _check_settlements(core["counties"], extra["settlements"], files["settlements"])
    return issues


def _check_settlements(counties: StringTable, settlements: StringTable, file: str) -> list[Issue]:
    census = dict(zip(counties.table["adcode"], counties.table["population_2020"].astype(np.int64), strict=True))
    people = settlements.table.groupby("adcode")["persons"].sum()
    wrong = {adcode for adcode, persons in people.items() if adcode in census and persons != census[adcode]}
    # told once a county, at its first row
    first = ~settlements.table["adcode"].duplicated()
    lost: npt.NDArray[np.bool_] = (settlements.table["adcode"].isin(wrong) & first).to_numpy(dtype=bool)
    message = "seat, towns and villages of this county do not add up to its census"
    hint = "counties.csv has the census: population_2020"
    return Notice("settlements_sum", "error", file, "persons", message, hint).list_rows(lost, settlements)
