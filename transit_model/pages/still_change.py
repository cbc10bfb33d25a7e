"""What a still map of a plan shows beside its circle: the cells that save or lose, and the number of people gained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transit_model.pages import text
from transit_model.pages.cell_rings import outline_cells
from transit_model.pages.label_layout import Wish
from transit_model.pages.newly import index_rings, locate_gain
from transit_model.pages.palette import lost_colours, saved_colours
from transit_model.study.cell_minutes import compare_minutes

if TYPE_CHECKING:
    from transit_model.pages.shapes import Frame
    from transit_model.pages.view import StudyView

Pair = tuple[str, str]
"""Base and scenario."""
Circle = tuple[str, str, str, float]
"""Origin, mode, reading, cutoff in minutes."""
CALLOUT: Final = "callout"
_SIZE: Final = 14.0
_OFF: Final = 26.0


def draw_saved(view: StudyView, frame: Frame, pair: Pair, circle: Circle) -> list[dict[str, Any]]:
    """Return path, colour and words of each class of minutes saved or lost that has a cell, as the maps colour them.

    What is reached for the first time counts with the longest saving, what is no longer reached with the longest loss,
    as in the sentence (`compare_minutes`).
    """
    if view.cells is None:
        return []
    before, after = view.cells.get_pair(*pair, circle[:3])
    steps = sorted(view.saved_steps_min)
    if not steps:
        return []
    by_step = [compare_minutes(before, after, step) for step in steps]
    out: list[dict[str, Any]] = []
    for side, colours in enumerate((saved_colours(len(steps)), lost_colours(len(steps)))):
        for i, step in enumerate(steps):
            chosen = by_step[i][side] & ~(by_step[i + 1][side] if i + 1 < len(steps) else np.False_)
            if chosen.any():
                word = text.fill(("still_saved", "still_lost")[side], minutes=text.format_minutes(step))
                out.append(
                    {"d": frame.path(outline_cells(view.cells.lattice, chosen)), "fill": colours[i], "word": word}
                )
    return out


def wish_callout(view: StudyView, frame: Frame, pair: Pair, circle: Circle) -> dict[str, Wish]:
    """Return by language the number of people that a circle gains, as a label of the place where most of them live."""
    if view.cells is None:
        return {}
    rings, kind, cutoff = index_rings(view), circle[:3], circle[3]
    anchor = locate_gain(view.cells, rings, pair, kind, cutoff)
    if anchor is None:
        return {}
    before, after = (float(rings.get((s, *kind, cutoff), (0.0, None))[0]) for s in pair)
    words = text.fill("newly_people", people=text.format_people(after - before))
    spot = frame.point(*anchor)
    return {lang: Wish(CALLOUT, word, *spot, _SIZE, dot=0.0, off=_OFF) for lang, word in words.items()}
