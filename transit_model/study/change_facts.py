"""What each map of a comparison says in numbers: the facts of the sentence, and people by the minutes they save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import Mode, Reading
from transit_model.study.cell_minutes import CellMinutes, compare_minutes
from transit_model.study.change_leads import LeadPlace, describe_change, index_minutes
from transit_model.study.opening_box import measure_km2
from transit_model.surface.lattice import NOT_REACHED, Minutes

if TYPE_CHECKING:
    from transit_model.scenario.scenario_schema import StudyChoices

CLASS_MIN: Final = 5
"""Width of a class of minutes saved or lost."""
LAST_CLASS_MIN: Final = 60
"""The last class holds this many minutes and more."""
CHANGES: Final = ("saved", "lost", "new", "gone", "still")
"""Saves or loses `CLASS_MIN` or more; reached for the first time, or no longer; the rest that both reach."""
FACT_COLUMNS: Final = (
    *("base", "scenario", "origin", "mode", "reading", "step_min"),
    *("saved_km2", "lost_km2", "to", "to_base_min", "to_scenario_min"),
)
PEOPLE_COLUMNS: Final = ("base", "scenario", "origin", "mode", "reading", "change", "from_min", "people")
RANKED_COLUMNS: Final = ("base", "scenario", "mode", "reading", "change", "from_min", "people")
_LEAST_PERSONS: Final = 0.5


def list_change_facts(
    pairs: Sequence[tuple[str, str]],
    od: pd.DataFrame,
    cells: CellMinutes,
    choices: StudyChoices,
    places: Mapping[str, LeadPlace],
) -> pd.DataFrame:
    """Return one row a comparison, origin, mode and reading that has a map: what the sentence under it tells.

    ``saved_km2`` and ``lost_km2`` are the cells that save or lose the least step; ``to`` is the place whose minutes
    change most, see `change_leads`.
    """
    step, km2 = min(choices.saved_steps_min), measure_km2(cells.lattice)
    known = index_minutes(od)
    rows: list[dict[str, Any]] = []
    for base, scenario in pairs:
        for kind in cells.list_kinds(base, scenario):
            moved = compare_minutes(*cells.get_pair(base, scenario, kind), step)
            rows.append(describe_change((base, scenario), kind, moved, km2, known, places, step))
    return pd.DataFrame(rows, columns=list(FACT_COLUMNS))


def list_people_by_minutes(pairs: Sequence[tuple[str, str]], cells: CellMinutes) -> pd.DataFrame:
    """Return the people of a comparison, origin, mode and reading by the minutes they save or lose.

    Columns `PEOPLE_COLUMNS`, one row a class with people in it; ``from_min`` is where the class begins, 0 where the
    change has none. The people of a cell count with the minutes at its centre.
    """
    rows: list[tuple[Any, ...]] = []
    for base, scenario in pairs if cells.people is not None else ():
        for kind in cells.list_kinds(base, scenario):
            before, after = cells.get_pair(base, scenario, kind)
            rows += [(base, scenario, *kind, *row) for row in count_people(before, after, cells.people)]
    return pd.DataFrame(rows, columns=list(PEOPLE_COLUMNS))


def count_people(
    before: Minutes, after: Minutes, people: npt.NDArray[np.float64] | None
) -> list[tuple[str, int, float]]:
    """Return change, first minute of the class and people, saved first; see `CHANGES`."""
    persons = np.zeros(len(before)) if people is None else people
    had, has = before != NOT_REACHED, after != NOT_REACHED
    saved = before.astype(np.int64) - after.astype(np.int64)
    n_classes = LAST_CLASS_MIN // CLASS_MIN + 1
    at = np.minimum(np.abs(saved) // CLASS_MIN, n_classes - 1)
    out: list[tuple[str, int, float]] = []
    for change, which in (("saved", had & has & (saved > 0)), ("lost", had & has & (saved < 0))):
        sums = np.bincount(at[which], weights=persons[which], minlength=n_classes)
        out += [(change, i * CLASS_MIN, float(n)) for i, n in enumerate(sums.tolist()) if i]
    still = had & has & (np.abs(saved) < CLASS_MIN)
    for change, which in (("new", has & ~had), ("gone", had & ~has), ("still", still)):
        out.append((change, 0, float(persons[which].sum())))
    return [row for row in out if row[2] >= _LEAST_PERSONS]


def rank_gains(pairs: Sequence[tuple[str, str]], cells: CellMinutes, choices: StudyChoices) -> pd.DataFrame:
    """Return the people who reach at least one centre sooner, by comparison and minutes saved: one scale for all.

    Columns `RANKED_COLUMNS`, as in `list_people_by_minutes`; a cell counts once, with its largest saving from any
    origin, and as lost only where it saves from none. Of the best mode door to door, or the first kind that is
    compared where that is not.
    """
    kinds = [(k.mode.value, k.reading.value) for k in choices.compared]
    wanted = (Mode.BEST.value, Reading.DOOR_TO_DOOR.value)
    mode, reading = wanted if wanted in kinds or not kinds else kinds[0]
    rows: list[tuple[Any, ...]] = []
    for base, scenario in pairs if cells.people is not None else ():
        chosen = [k for k in cells.list_kinds(base, scenario) if k[1:] == (mode, reading)]
        if not chosen:
            continue
        before, after = _take_largest([cells.get_pair(base, scenario, k) for k in chosen])
        rows += [(base, scenario, mode, reading, *row) for row in count_people(before, after, cells.people)]
    return pd.DataFrame(rows, columns=list(RANKED_COLUMNS))


def _take_largest(layers: Sequence[tuple[Minutes, Minutes]]) -> tuple[Minutes, Minutes]:
    """Return before and after, cell by cell, of the pair of layers that saves most; newly reached is more than any."""
    scores = []
    for before, after in layers:
        had, has = before != NOT_REACHED, after != NOT_REACHED
        saved = before.astype(np.int64) - after.astype(np.int64)
        far = np.iinfo(np.int32).max
        scores.append(np.where(had & has, saved, np.where(has, far, np.where(had, -far, -far - 1))))
    chosen = np.argmax(np.stack(scores), axis=0)
    columns = np.arange(len(chosen))
    before, after = (np.stack([pair[i] for pair in layers])[chosen, columns] for i in (0, 1))
    return before, after
