"""People of the circle that a comparison opens with, had the numbers at an end of their range taken the other end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transit_model.analysis.evaluate import Evaluator
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import TransitModelError
from transit_model.measure.memo import Memo
from transit_model.measure.ring_rows import list_rings_alone
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.workspace import Workspace
from transit_model.scenario.range_notes import RangeNote, list_range_notes

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class OtherEnds:
    """What a circle holds with some numbers at the other ends of their ranges, all of them at once.

    Attributes
    ----------
    notes : tuple of RangeNote
        The numbers, as they are stated.
    people : float
        Within the circle.
    """

    notes: tuple[RangeNote, ...]
    people: float


def measure_other_ends(workspace: Workspace, leads: pd.DataFrame) -> dict[tuple[str, str], OtherEnds]:
    """Return by base and scenario what the leading circle holds at the other ends; without such numbers nothing.

    Only numbers of what the scenario adds to its base are moved. A scenario that cannot be built with them is left out.

    Parameters
    ----------
    leads : DataFrame
        Of `study.change_leads.list_leads`.
    """
    memo, found = Memo(), {}
    for lead in leads.to_dict("records"):
        pair = (str(lead["base"]), str(lead["scenario"]))
        known = {p.id for p in workspace.scenario(pair[0]).projects}
        notes = list_range_notes(p for p in workspace.scenario(pair[1]).projects if p.id not in known)
        if notes:
            evaluator = Evaluator(workspace, pair[1], memo=memo)
            try:
                found[pair] = OtherEnds(tuple(notes), _count_people(evaluator, notes, lead))
            except TransitModelError:
                continue
    return found


def _count_people(evaluator: Evaluator, notes: Sequence[RangeNote], circle: Mapping[Any, Any]) -> float:
    moved = {f"{n.project_id}.{n.field}": n.other for n in notes}
    session = evaluator.evaluate((), moved).session
    place = session.places.get_place(str(circle["origin"]))
    kind = Mode(circle["mode"]), Reading(circle["reading"])
    cutoffs_min = [float(circle["cutoff_min"])]
    rows, _ = list_rings_alone(SurfaceBuilder(session), place, kind, cutoffs_min, evaluator.place_people())
    return float(rows[0]["population"])
