"""goals.html: one card a goal with its quote, how it is measured, its verdicts and their evidence."""

from __future__ import annotations

from transit_model.pages import text
from transit_model.pages.evidence import arrange_goals
from transit_model.pages.names import Names
from transit_model.pages.page import Site, render_page
from transit_model.pages.view import READINGS, StudyView


def render_goals(view: StudyView, site: Site) -> str:
    """Return the page of all goals."""
    return render_page(
        "goals.html.j2",
        view,
        site,
        title=text.word("goals_title"),
        file="goals.html",
        entries=arrange_goals(view),
        readings=READINGS,
        names=Names(view),
    )
