"""People by the minutes they save, as bars; and all plans of a study ranked on one scale of people.

Nothing is measured here: bars are drawn from the tables of `study.change_facts`. Every bar has its number beside it,
and classes of the ranking differ in lightness in their order, so that both read in grey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from transit_model.pages import text
from transit_model.pages.charts import Kind, name_kind
from transit_model.pages.view import ScenarioView, StudyView
from transit_model.study.change_facts import CLASS_MIN, LAST_CLASS_MIN

if TYPE_CHECKING:
    import pandas as pd

WIDTH: Final = 520.0
HEIGHT: Final = 132.0
_LEFT: Final = 8.0
_TOP: Final = 30.0
_ROW: Final = 40.0
_NAME: Final = 8.0
_RIGHT: Final = 84.0
STEPS_MIN: Final = (5, 15, 30)
"""Least minutes of the classes of the ranking; newly reached counts with the last."""
FILLS: Final = {5: "#c6dbe4", 15: "#5f9cb3", 30: "#14465a", "lost": "#b35806"}


def list_classes(rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return the bars of a histogram from the longest loss to the longest saving, every class between the ends once.

    Parameters
    ----------
    rows : sequence of (change, from_min, people)

    Returns
    -------
    list of dict
        ``kind`` (gone, lost, saved, new), ``from_min``, ``people``.
    """
    known = {(str(change), int(start)): float(people) for change, start, people in rows}
    out: list[dict[str, Any]] = []
    if ("gone", 0) in known:
        out.append({"kind": "gone", "from_min": 0, "people": known["gone", 0]})
    lost = [start for change, start in known if change == "lost"]
    saved = [start for change, start in known if change == "saved"]
    for start in range(max(lost, default=0), 0, -CLASS_MIN):
        out.append({"kind": "lost", "from_min": start, "people": known.get(("lost", start), 0.0)})
    for start in range(CLASS_MIN, max(saved, default=0) + 1, CLASS_MIN):
        out.append({"kind": "saved", "from_min": start, "people": known.get(("saved", start), 0.0)})
    if ("new", 0) in known:
        out.append({"kind": "new", "from_min": 0, "people": known["new", 0]})
    return out


def chart_minutes(view: StudyView, base: str, scenario: str, kind: Kind) -> dict[str, Any] | None:
    """Return the histogram of the people by minutes saved or lost; None where nobody saves or loses a class."""
    table = view.people_by_minutes
    if table is None:
        return None
    chosen = table[(table["base"] == base) & (table["scenario"] == scenario) & (table["origin"] == kind[0])]
    chosen = chosen[(chosen["mode"] == kind[1]) & (chosen["reading"] == kind[2])]
    rows = list(zip(chosen["change"], chosen["from_min"], chosen["people"], strict=True))
    classes = list_classes(rows)
    if not classes:
        return None
    most = max(c["people"] for c in classes)
    step = (WIDTH - 2 * _LEFT) / max(len(classes), 6)
    bars = [
        {
            **c,
            "x": round(_LEFT + i * step + 1.5, 1),
            "width": round(step - 3.0, 1),
            "middle": round(_LEFT + (i + 0.5) * step, 1),
            "height": round(HEIGHT * c["people"] / most, 1),
            "y": round(_TOP + HEIGHT * (1 - c["people"] / most), 1),
            "label": _name_class(c["kind"], c["from_min"]),
            "shown": text.format_people(c["people"]) if c["people"] else text.plain(""),
        }
        for i, c in enumerate(classes)
    ]
    still = sum(n for change, _, n in rows if change == "still")
    return {
        "bars": bars,
        "of": name_kind(view, kind),
        "width": WIDTH,
        "height": _TOP + HEIGHT + 22,
        "base": _TOP + HEIGHT,
        "still": text.format_people(still),
        "narrow": len(classes) > 9,
        "has_lost": any(c["kind"] == "lost" for c in classes),
    }


def _name_class(kind: str, start: int) -> dict[str, str]:
    if kind in ("new", "gone"):
        return text.word(f"class_{kind}")
    sign = "−" if kind == "lost" else ""
    last = start >= LAST_CLASS_MIN
    return text.plain(f"{sign}{start}+" if last else f"{sign}{start}–{start + CLASS_MIN}")


def rank_plans(view: StudyView) -> list[tuple[ScenarioView, ScenarioView, dict[Any, float]]]:
    """Return base, plan and people by class of every plan that is compared, most people that save first."""
    table = view.ranked_gains
    if table is None:
        return []
    found = []
    for pair in view.comparisons:
        scenario = view.get_scenario(pair.scenario)
        rows = table[(table["base"] == pair.base) & (table["scenario"] == pair.scenario)]
        if not scenario.is_base:
            found.append((view.get_scenario(pair.base), scenario, _sum_classes(rows)))
    return sorted(found, key=lambda f: -sum(f[2][step] for step in STEPS_MIN))


def _sum_classes(rows: pd.DataFrame) -> dict[Any, float]:
    out: dict[Any, float] = dict.fromkeys((*STEPS_MIN, "lost"), 0.0)
    for change, start, people in zip(rows["change"], rows["from_min"], rows["people"], strict=True):
        if change in ("lost", "gone"):
            out["lost"] += float(people)
        elif change == "new":
            out[STEPS_MIN[-1]] += float(people)
        elif change == "saved":
            out[max(s for s in STEPS_MIN if s <= start)] += float(people)
    return out


def chart_ranked(view: StudyView, marked: str = "") -> dict[str, Any] | None:
    """Return a bar a plan: the people who reach at least one centre sooner, by how much; None without a plan that does.

    Parameters
    ----------
    marked : str
        The scenario whose row stands out.
    """
    ranked = rank_plans(view)
    most = max((max(sum(c[s] for s in STEPS_MIN), c["lost"]) for _, _, c in ranked), default=0.0)
    if not most:
        return None
    assert view.ranked_gains is not None
    first = view.ranked_gains.iloc[0]
    scale = (WIDTH - _NAME - _RIGHT) / most
    rows = [
        {
            "y": 18.0 + i * _ROW,
            "title": {**scenario.title, "zh": text.widen_punctuation(scenario.title["zh"])},
            "marked": scenario.id == marked,
            "parts": _lay_parts(classes, scale),
            "end": round(_NAME + sum(classes[s] for s in STEPS_MIN) * scale, 1),
            "people": text.format_people(sum(classes[s] for s in STEPS_MIN)),
            "lost": text.format_people(classes["lost"]) if classes["lost"] else None,
        }
        for i, (_, scenario, classes) in enumerate(ranked)
    ]
    return {
        "rows": rows,
        "left": _NAME,
        "width": WIDTH,
        "height": 18.0 + len(rows) * _ROW,
        "steps": [{"minutes": s, "fill": FILLS[s]} for s in STEPS_MIN],
        "mode": text.word(str(first["mode"])),
        "reading": text.word(str(first["reading"])),
    }


def _lay_parts(classes: Mapping[Any, float], scale: float) -> list[dict[str, Any]]:
    """Return the parts of a bar, the longest saving first."""
    parts, at = [], _NAME
    for step in reversed(STEPS_MIN):
        width = round(classes[step] * scale, 1)
        if width:
            parts.append({"x": round(at, 1), "width": width, "fill": FILLS[step], "minutes": step})
        at += classes[step] * scale
    return parts
