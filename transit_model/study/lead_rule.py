"""The rule that chooses the circle a comparison is opened with.

Of all circles (origin, mode, reading, cutoff) that both scenarios are measured on, without the promoter's reading, on
which nobody travels:

1. A circle that shows nothing comes last: nobody more or fewer within it, and no cell that changes by the least step.
2. A circle without the city that it starts from comes last but for these: its base must hold at least `HOME_SHARE` of
   the people at home, whom the quickest mode reaches in the shortest cutoff. Trains and coaches alone hold a few blocks
   round their stations wherever there is no timetable of city buses, and what they gain there is no circle of a city.
3. The best mode leads, or the one mode of all that the scenario builds, where that changes the circles of as many
   people at least: a road is told by road. Other modes come behind them.
4. A circle that no cell of the map enters or leaves comes behind those that one does: its edge would stand still.
5. Then the largest change of people, up or down; then of the number of cells; then the order of the modes, the readings
   (door to door before typical), the cutoffs (the longest first) and the centres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transit_model.domain.modes import Mode, Reading
from transit_model.study.cell_minutes import CellMinutes, compare_minutes
from transit_model.surface.lattice import NOT_REACHED, Minutes

if TYPE_CHECKING:
    import pandas as pd

HOME_SHARE: Final = 0.9
"""Share of the people at home that a circle must hold in the base to be opened with: a tenth may live at the edge."""
READINGS: Final = (Reading.DOOR_TO_DOOR, Reading.TYPICAL)
_HOME_MODES: Final = (Mode.BEST.value, Mode.ROAD.value)
_KEYS: Final = ["origin", "mode", "reading", "cutoff_min"]
Circle = dict[str, Any]


@dataclass(frozen=True)
class _Found:
    """A circle that changes, with all that it is ranked by."""

    row: Circle
    has_home: bool
    n_cells: int
    shows: bool
    moves: bool
    place: int

    @property
    def size(self) -> float:
        return abs(float(self.row["change_people"]))


def rank_circles(
    base: str, scenario: str, rings: pd.DataFrame, cells: CellMinutes, step_min: float, own_mode: str = ""
) -> list[Circle]:
    """Return the circles that change, the one that leads first: origin, mode, reading, cutoff_min, people.

    Parameters
    ----------
    rings : DataFrame
        scenario, origin, mode, reading, cutoff_min, population.
    step_min : float
        Least change of a cell that counts, minutes.
    own_mode : str
        The mode of all projects that the scenario adds; empty where they are of several modes or of none.
    """
    found = _list_changed(base, scenario, rings, cells, step_min)
    fit = [f for f in found if f.shows and f.has_home]
    most = {m: max((f.size for f in fit if f.row["mode"] == m), default=-1.0) for m in (own_mode, Mode.BEST.value)}
    first = own_mode if most[own_mode] >= max(most[Mode.BEST.value], 0.0) else Mode.BEST.value
    modes, readings = [m.value for m in Mode], [r.value for r in READINGS]

    def order(f: _Found) -> tuple[Any, ...]:
        mode = str(f.row["mode"])
        ties = modes.index(mode), readings.index(f.row["reading"]), -float(f.row["cutoff_min"]), f.place
        behind = (mode != first) + (mode not in (first, Mode.BEST.value))
        return not f.shows, not f.has_home, behind, not f.moves, -f.size, -f.n_cells, *ties

    return [f.row for f in sorted(found, key=order)]


def _list_changed(base: str, scenario: str, rings: pd.DataFrame, cells: CellMinutes, step_min: float) -> list[_Found]:
    after = rings[(rings["scenario"] == scenario) & rings["reading"].isin([r.value for r in READINGS])]
    before = rings[rings["scenario"] == base]
    both = after[[*_KEYS, "population"]].merge(
        before[[*_KEYS, "population"]], on=_KEYS, how="left", suffixes=("", "_base")
    )
    home = _count_home(before)
    counted: dict[tuple[str, str, str], tuple[int, bool]] = {}
    found: list[_Found] = []
    for place, row in enumerate(both.to_dict("records")):
        kind = (str(row["origin"]), str(row["mode"]), str(row["reading"]))
        if (scenario, *kind) not in cells.minutes:
            continue
        if kind not in counted:
            counted[kind] = _count_cells(base, scenario, kind, cells, step_min)
        n_cells, has_step = counted[kind]
        people, people_base = float(row["population"]), float(row["population_base"])
        people_base = 0.0 if np.isnan(people_base) else people_base
        if people == people_base and not n_cells:
            continue
        result = {**dict(zip(_KEYS, (*kind, float(row["cutoff_min"])), strict=True))}
        result |= {"base_people": people_base, "scenario_people": people, "change_people": people - people_base}
        has_home = people_base >= HOME_SHARE * home.get((kind[0], kind[2]), 0.0)
        moves = _moves(*cells.get_pair(base, scenario, kind), float(row["cutoff_min"]))
        found.append(_Found(result, has_home, n_cells, people != people_base or has_step, moves, place))
    return found


def _moves(before: Minutes, after: Minutes, cutoff_min: float) -> bool:
    """Return whether a cell comes within the minutes, or falls out of them."""
    was, now = ((layer != NOT_REACHED) & (layer <= cutoff_min + 1) for layer in (before, after))
    return bool((was != now).any())


def _count_home(before: pd.DataFrame) -> Mapping[tuple[str, str], float]:
    """Return the people at home by origin and reading: within the shortest cutoff by the best mode, else by road."""
    home: dict[tuple[str, str], float] = {}
    for mode in _HOME_MODES:
        rows = before[before["mode"] == mode].sort_values("cutoff_min", kind="stable")
        for row in rows.drop_duplicates(["origin", "reading"]).to_dict("records"):
            home.setdefault((str(row["origin"]), str(row["reading"])), float(row["population"]))
    return home


def _count_cells(
    base: str, scenario: str, kind: tuple[str, str, str], cells: CellMinutes, step_min: float
) -> tuple[int, bool]:
    """Return how many cells change at all, and whether one does by the step."""
    before, after = cells.get_pair(base, scenario, kind)
    saved, lost = compare_minutes(before, after, step_min)
    return int(np.count_nonzero(before != after)), bool(saved.any() or lost.any())
