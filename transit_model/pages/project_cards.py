"""Projects of the front page as cards, those that change most first."""

from __future__ import annotations

from typing import Any

from transit_model.pages.chart_minutes import rank_plans
from transit_model.pages.lead import describe_lead, find_lead, tell_other_ends
from transit_model.pages.project_state import tell_state
from transit_model.pages.view import StudyView


def list_cards(view: StudyView) -> list[dict[str, Any]]:
    """Return one card a comparison with a plan: its sentence, its projects with status and opening, its pages.

    Sorted as the ranking is, by the people who reach at least one centre sooner; where that was not counted, by the
    people of the circle that leads.
    """
    cards = []
    ranked = [(base.id, scenario.id) for base, scenario, _ in rank_plans(view)]
    for pair in view.comparisons:
        scenario = view.get_scenario(pair.scenario)
        if scenario.is_base:
            continue
        row = find_lead(view, pair.base, pair.scenario)
        projects = view.list_new_projects(scenario)
        cards.append(
            {
                "scenario": scenario,
                "base": view.get_scenario(pair.base),
                "lead": describe_lead(view, row) if row else None,
                "other_ends": tell_other_ends(view, row, "card_other_ends"),
                "people": abs(float(row["change_people"])) if row else 0.0,
                "place": ranked.index((pair.base, pair.scenario)) if ranked else 0,
                "projects": projects,
                "state": tell_state(projects),
                "map": f"{scenario.id}.html",
                "compare": f"compare-{pair.base}-{pair.scenario}.html",
                "brief": f"brief-{scenario.id}.html",
            }
        )
    return sorted(cards, key=lambda card: (int(card["place"]), -float(card["people"])))
