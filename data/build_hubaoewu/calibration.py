"""Truth to test the model against: road times, observed commercial speeds of rail."""

from __future__ import annotations

import re

from provenance import cite
from tables import Row

ROAD_COLUMNS = (
    "from_node_id", "to_node_id", "km", "minutes", "mode", "year", "use", "how", "confidence", "independence", "source",
)  # fmt: skip
RAIL_COLUMNS = ("from_zh", "to_zh", "km", "fastest_min", "design_kmh", "ratio", "use", "note", "source")
# Independent of the links, yet not a test: the row itself says why.
# Kilometres that the row itself calls wrong (below the great circle) are left out; its text keeps them.
WRONG_KM = ("do not use it", "too short against geometry")
UNFIT = {
    ("wuchuan", "guyang"): "not used: the statement cannot hold seat to seat",
}
YEAR = re.compile(r"\b(20[0-2]\d)\b")
# Section of speeds.md -> names in Chinese, use, note. Used: fastest trains on 250 km/h lines over 120-520 km.
RAIL = {
    "Baotou-Yinchuan": ("包头", "银川", "1", "250 km/h line, fastest train at opening"),
    "Ulanqab-Hohhot East": ("乌兰察布", "呼和浩特东", "1", "250 km/h line, fastest train at opening"),
    "Ulanqab-Yuanping West": ("乌兰察布", "原平西", "1", "250 km/h line, fastest train at opening"),
    "Yinchuan-Huinong South": ("银川", "惠农南", "0", "short section with stops, before the rest opened"),
    "Beijing South-Tianjin": ("北京南", "天津", "0", "350 km/h line, source of grade C"),
    "Hohhot-Baotou fastest EMU": (
        "呼和浩特",
        "包头",
        "0",
        "older line; distance and time from different sources",
    ),
    "Hohhot-Baotou typical EMU": ("呼和浩特", "包头", "0", "older line, typical and not fastest train"),
    "Hohhot-Ordos EMU": ("呼和浩特", "鄂尔多斯", "0", "older line; design speed given as 160-200, 200 taken"),
}


def build_road_truth(facts: list[Row], nodes: dict[str, Row], sources: list[Row]) -> list[Row]:
    """Build ``calibration/road_time_truth.csv``; ``use`` is 1 for figures the links were not built from."""
    rows = []
    for fact in facts:
        pair = (fact["from"], fact["to"])
        unknown = [node for node in pair if node not in nodes]
        if unknown:
            raise ValueError(f"road_time_truth: no road node {unknown}")
        independent = fact["independence"] == "independent of road_links"
        years = YEAR.findall(fact["source"]) or YEAR.findall(fact["how"])
        km = "" if any(text in fact["how"] for text in WRONG_KM) else fact["km"]
        rows.append({
            "from_node_id": pair[0], "to_node_id": pair[1], "km": km, "minutes": fact["minutes"],
            "mode": "coach" if "coach" in fact["how"] and "guide" not in fact["how"] else "car",
            "year": years[0] if years else "", "use": "1" if independent and pair not in UNFIT else "0",
            "how": fact["how"], "confidence": fact["quality"],
            "independence": UNFIT.get(pair, fact["independence"]),
            "source": cite(fact["source"], sources),
        })  # fmt: skip
    return rows


def build_rail_observed(speeds_md: str) -> list[Row]:
    """Build ``calibration/rail_observed.csv`` from the table of section 2 of ``speeds.md``.

    The ratio is worked out anew from distance, minutes and design speed.
    """
    table = speeds_md.split("## 2. Rail", 1)[1].split("Reading:", 1)[0]
    rows = []
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = next((n for n in RAIL if cells[0].startswith(n)), None)
        if name is None:
            continue
        km, minutes = float(cells[1]), float(cells[2])
        design = int(re.findall(r"\d+", cells[4])[-1 if "-" in cells[4] else 0])
        from_zh, to_zh, use, note = RAIL[name]
        keys = re.findall(r"\[(\w+)\]", cells[6] if len(cells) > 6 else "")
        rows.append({
            "from_zh": from_zh, "to_zh": to_zh, "km": cells[1], "fastest_min": cells[2], "design_kmh": str(design),
            "ratio": f"{km / minutes * 60 / design:.3f}", "use": use, "note": note,
            "source": f"{''.join(f'[{key}]' for key in keys) or '[hsr2020c]'} speeds.md section 2: {cells[0]}",
        })  # fmt: skip
    if len(rows) != len(RAIL):
        raise ValueError(f"speeds.md section 2: found {len(rows)} of {len(RAIL)} sections")
    return rows
