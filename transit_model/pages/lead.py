"""The sentence that a scenario or comparison page leads with, its three numbers, and the view it opens on."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from transit_model.pages import text
from transit_model.pages.names import Names
from transit_model.pages.view import ScenarioView, StudyView
from transit_model.scenario.range_notes import join_other_ends

Row = dict[str, Any]
_FROM: Final = re.compile(r"^From ")


def find_lead(view: StudyView, base: str | None, scenario: str) -> Row | None:
    """Return the row of the leads of a pair, None where nothing changes or nothing was compared."""
    if view.leads is None or base is None:
        return None
    rows = view.leads[(view.leads["base"] == base) & (view.leads["scenario"] == scenario)]
    return {str(k): v for k, v in rows.iloc[0].items()} if len(rows) else None


def describe_lead(view: StudyView, row: Row) -> dict[str, Any]:
    """Return the `sentence` of a circle in both languages and its `facts`: number, word, and what it was before.

    ``map_facts.js`` says the same of every other circle of the page; a test holds the two together.
    """
    names = Names(view)
    before, after, change = (row[k] for k in ("base_people", "scenario_people", "change_people"))
    origin = names(str(row["origin"]))
    who = {
        "origin": origin,
        "mode": text.name_inside(str(row["mode"])),
        "reading": text.name_inside(str(row["reading"])),
        "cutoff": text.format_minutes(row["cutoff_min"]),
    }
    numbers = {
        "before": text.format_people(before),
        "after": text.format_people(after),
        "change": text.format_people(abs(change)),
    }
    parts = [text.fill("lead_more" if change > 0 else "lead_fewer" if change else "lead_same", **who, **numbers)]
    facts = [
        {
            "value": _sign(numbers["change"], change) if change else numbers["after"],
            "word": text.fill("lead_people", **who),
            "was": text.fill("lead_was" if change else "lead_unchanged", **numbers),
        }
    ]
    km2 = ("lost", row["lost_km2"]) if row["lost_km2"] > row["saved_km2"] else ("saved", row["saved_km2"])
    if km2[1] >= 0.5:
        values = {"area": text.format_count(km2[1]), "step": text.format_minutes(row["step_min"])}
        parts.append(text.fill(f"lead_km2_{km2[0]}", **values))
        facts.append({"value": text.plain(f"{values['area']} km²"), "word": text.fill(f"lead_{km2[0]}", **values)})
    if row["to"]:
        part, fact = _tell_place(names, row, origin, text.name_inside(str(row["mode"])))
        parts.append(part)
        facts.append(fact)
    if not change:  # what changes comes first
        parts, facts = [*parts[1:], parts[0]], [*facts[1:], facts[0]]
    sentence = {lang: _join([p[lang] for p in parts], lang) for lang in ("zh", "en")}
    return {"sentence": sentence, "facts": facts}


def tell_other_ends(view: StudyView, row: Row | None, key: str = "lead_other_ends") -> dict[str, str] | None:
    """Return what the leading circle gains with the numbers at the other ends of their ranges; None without any.

    By `key` as the sentence of a page, or as the line of a card.
    """
    ends = view.other_ends.get((str(row["base"]), str(row["scenario"]))) if row else None
    if row is None or ends is None:
        return None
    change = ends.people - row["base_people"]
    named = key == "lead_other_ends"
    values = {lang: join_other_ends(ends.notes, lang, named=named) for lang in ("zh", "en")}
    return text.fill(
        key,
        values=values,
        origin=Names(view)(str(row["origin"])),
        mode=text.name_inside(str(row["mode"])),
        reading=text.name_inside(str(row["reading"])),
        cutoff=text.format_minutes(row["cutoff_min"]),
        change=_sign(text.format_people(abs(change)), change),
        stated=_sign(text.format_people(abs(row["change_people"])), row["change_people"]),
    )


def _tell_place(
    names: Names, row: Row, origin: dict[str, str], mode: dict[str, str]
) -> tuple[dict[str, str], dict[str, Any]]:
    was, now, result = text.format_change_of(row["to_base_min"], row["to_scenario_min"])
    place = names(str(row["to"]))
    known = not math.isinf(row["to_base_min"]) and not math.isinf(row["to_scenario_min"])
    key = "lead_place" if known else "lead_place_new" if math.isinf(row["to_base_min"]) else "lead_place_gone"
    fact = {
        "value": text.fill("lead_minutes", minutes=result if known else now if now != "∞" else was),
        "word": text.fill("lead_to", origin=origin, place=place, mode=mode),
        "was": text.plain(f"{was} → {now}") if known else text.word(f"{key}_short"),
    }
    return text.fill(key, place=place, before=was, after=now), fact


def _sign(number: dict[str, str], change: float) -> dict[str, str]:
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return {lang: f"{sign}{value}" for lang, value in number.items()}


def _join(parts: list[str], lang: str) -> str:
    if lang == "zh":
        return "；".join(parts) + "。"
    return "; ".join([parts[0], *(_FROM.sub("from ", p) for p in parts[1:])]) + "."


def describe_state(view: StudyView, scenario: ScenarioView) -> dict[str, Any] | None:
    """Return the sentence of a scenario that is compared with none: people within the cutoffs of the first centre."""
    mode, reading = view.small_map
    rings = view.rings
    rows = rings[(rings["scenario"] == scenario.id) & (rings["mode"] == mode) & (rings["reading"] == reading)]
    rows = rows[rows["origin"] == view.region.centres[0]].sort_values("cutoff_min")
    if rows.empty:
        return None
    names = Names(view)
    origin = names(view.region.centres[0])
    facts = [
        {
            "value": text.format_people(row["population"]),
            "word": text.fill("ring_within", origin=origin, minutes=text.format_minutes(row["cutoff_min"])),
        }
        for row in rows.to_dict("records")[-3:]
    ]
    who = {"origin": origin, "mode": text.name_inside(mode), "reading": text.name_inside(reading)}
    last = rows.to_dict("records")[-1]
    values = {"cutoff": text.format_minutes(last["cutoff_min"]), "people": text.format_people(last["population"])}
    return {"sentence": text.fill("lead_state", **who, **values), "facts": facts}
