"""Truth to test the model against: road times, observed commercial speeds of rail."""

from __future__ import annotations

import re

from choices import Choices
from provenance import Sources, cite
from tables import Row

ROAD_COLUMNS = (
    "from_node_id", "to_node_id", "km", "minutes", "mode", "year", "use", "how", "confidence", "independence", "source",
)  # fmt: skip
RAIL_COLUMNS = ("from_zh", "to_zh", "km", "fastest_min", "design_kmh", "ratio", "use", "note", "source")
LEVEL_COLUMNS = (
    "from", "to", "trains_per_day", "fastest_min", "typical_min", "first", "last", "train_class", "valid_from",
    "counted", "source",
)  # fmt: skip
STATUS_COLUMNS = ("project_id", "name_zh", "status", "as_of", "what", "effect", "confidence", "source")
YEAR = re.compile(r"\b(20[0-2]\d)\b")


def build_road_truth(facts: list[Row], nodes: dict[str, Row], sources: Sources, choices: Choices) -> list[Row]:
    """Build ``calibration/road_time_truth.csv``; ``use`` is 1 for figures the links were not built from.

    ``truth_unfit`` of the choices names pairs, or pairs with a mode (``a--b coach``), that test nothing, and why.
    """
    unfit, wrong_km = choices.table("truth_unfit"), choices.rows("truth_wrong_km")
    rows = []
    for fact in facts:
        pair = (fact["from"], fact["to"])
        unknown = [node for node in pair if node not in nodes]
        if unknown:
            raise ValueError(f"road_time_truth: no road node {unknown}")
        independent = fact["independence"] == "independent of road_links"
        mode = "coach" if "coach" in fact["how"] and "guide" not in fact["how"] else "car"
        name = "--".join(pair)
        reason = unfit.get(name, unfit.get(f"{name} {mode}", ""))
        years = YEAR.findall(fact["source"]) or YEAR.findall(fact["how"])
        km = "" if any(text in fact["how"] for text in wrong_km) else fact["km"]
        rows.append({
            "from_node_id": pair[0], "to_node_id": pair[1], "km": km, "minutes": fact["minutes"],
            "mode": mode, "year": years[0] if years else "", "use": "1" if independent and not reason else "0",
            "how": fact["how"], "confidence": fact["quality"],
            "independence": reason or fact["independence"],
            "source": cite(fact["source"], sources),
        })  # fmt: skip
    return rows


def build_rail_observed(facts: list[Row]) -> list[Row]:
    """Build ``calibration/rail_observed.csv``: commercial over design speed, worked out from km and minutes."""
    return [
        {**row, "ratio": f"{float(row['km']) / float(row['fastest_min']) * 60 / int(row['design_kmh']):.3f}"}
        for row in facts
    ]


def build_reported(facts: list[Row], updates: list[Row], sources: Sources, choices: Choices) -> list[Row]:
    """Build ``rail_reported_times.csv``: the facts, then what was published or listed since."""
    rows = [{**row, "source": cite(row["source"], sources)} for row in facts]
    names = choices.table("reported_names")
    for row in updates:
        known = {(r["as_of"], r["from_zh"], r["to_zh"], r["minutes"]) for r in rows}
        if row["mode"] != "rail" or (row["as_of"], row["from"], row["to"], row["minutes"]) in known:
            continue
        listed = row["kind"].startswith("12306")
        said = (row["how"], row["notes"], "counted from the stop lists" if listed else "")
        rows.append({
            "as_of": row["as_of"], "kind": "time", "from_zh": names.get(row["from"], row["from"]),
            "to_zh": names.get(row["to"], row["to"]),
            "minutes": row["minutes"], "count": "", "unit": "",
            "statement": "; ".join(filter(None, said)),
            "source": _keys(row["source_key"]),
        })  # fmt: skip
    return rows


def build_service_levels(facts: list[Row], choices: Choices) -> list[Row]:
    """Build ``checks/rail_service_levels.csv``: trains a day and minutes by pair, with ``counted`` for stop lists.

    Pairs with a station beyond the region (``levels_beyond``) were counted from lists that are not here.
    """
    beyond = set(choices.rows("levels_beyond"))
    return [
        {
            **{key: row[key] for key in LEVEL_COLUMNS[:9]},
            "counted": str(int(row["source_key"] == "tt2023" and not {row["from"], row["to"]} & beyond)),
            "source": f"{_keys(row['source_key'])} {row['quote_paraphrase']}",
        }
        for row in facts
    ]  # fmt: skip


def _keys(text: str) -> str:
    return "".join(f"[{key.strip()}]" for key in text.split(";") if key.strip())


def build_project_status(facts: list[Row]) -> list[Row]:
    """Build ``project_status.csv``: the state of each project and the day as of which it is known."""
    return [
        {
            "project_id": row["project_id"], "name_zh": row["name_zh"], "status": row["status_now"],
            "as_of": row["as_of"], "what": row["what_changed"], "effect": row["effect_in_model"],
            "confidence": {"A": "high", "B": "medium"}.get(row["grade"], "low"),
            "source": _keys(row["source_key"]) or "[judged] nothing newer was found",
        }
        for row in facts
    ]  # fmt: skip
