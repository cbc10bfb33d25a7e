"""Hospitals with their level, and airports.

The notices of January 2020 name hospitals with address and, some, level, no points. Each stands at the seat of the
county that its name or address tells, at the town that the address names, or at the centre of its city where it
tells neither (column ``place`` of ``hospitals_2020.csv``, a place or a road node, judged). So times to a hospital are
times to a town.
"""

from __future__ import annotations

from tables import Row

COLUMNS = (
    "facility_id", "kind", "level", "name_zh", "name_en", "lon", "lat", "place_id", "county", "source",
)  # fmt: skip
LEVELS = {"三": "3", "二": "2"}
SOURCE = "[fever2020] hospitals with a fever clinic, notice of {date}: {level}; stands at {place} for its address"


def build_facilities(
    hospitals: list[Row], places: list[Row], nodes: dict[str, Row], open_airports: list[str]
) -> list[Row]:
    """Build ``facilities.csv``: hospitals in the order of the notice, then the airports that are open.

    Raises
    ------
    KeyError
        When a hospital stands at neither a place of ``places.csv`` nor a road node.
    """
    by_id = {key: {**node, "place_id": ""} for key, node in nodes.items()} | {row["place_id"]: row for row in places}
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for hospital in hospitals:
        place = by_id[hospital["place"]]
        seen[hospital["place"]] = number = seen.get(hospital["place"], 0) + 1
        level = LEVELS.get(hospital["level"].strip()[:1], "")
        rows.append({
            "facility_id": f"hospital-{hospital['place']}-{number}", "kind": "hospital", "level": level,
            "name_zh": hospital["name"].strip(), "name_en": f"{place['name_en']}, hospital {number}",
            "lon": place["lon"], "lat": place["lat"], "place_id": place["place_id"], "county": hospital["adcode"],
            "source": SOURCE.format(
                date=hospital["date"], level=hospital["level"].strip() or "no level given", place=place["name_en"]
            ),
        })  # fmt: skip
    for airport in open_airports:
        place = by_id[airport]
        rows.append({
            "facility_id": airport, "kind": "airport", "level": "", "name_zh": place["name_zh"],
            "name_en": place["name_en"], "lon": place["lon"], "lat": place["lat"], "place_id": airport, "county": "",
            "source": place["source"],
        })  # fmt: skip
    return rows
