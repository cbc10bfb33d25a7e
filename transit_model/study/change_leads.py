"""What a comparison is opened with: the circle of `lead_rule`, where it changes, and the numbers of the sentence.

There are two extents (`opening_box`): of the cells that save or lose at least the least step or cross the cutoff (newly
reached and no longer reached are among them), for the map of minutes saved; and of the cells that change their band up
to the cutoff, for the rings. Each takes the other's cells where it has none of its own.

The place of the sentence is the centre whose minutes change most, where that is the least step or more; else the
county seat whose minutes change most. A place newly reached, or no longer, counts most; minutes beyond `FAR_MIN` count
as that, since a journey of a day that is hours shorter is still one of a day. Its minutes are those of the OD table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.study.cell_minutes import CellMinutes, compare_minutes
from transit_model.study.lead_rule import Circle, rank_circles
from transit_model.study.newly import find_anchor, find_newly
from transit_model.study.opening_box import LEAST_RINGS_SHARE, MapGround, choose_box, find_middle, measure_km2
from transit_model.surface.lattice import NOT_REACHED, Minutes

if TYPE_CHECKING:
    from transit_model.scenario.scenario_schema import StudyChoices

FAR_MIN: Final = 300
"""Minutes beyond which nobody asks for a circle."""
COLUMNS: Final = (
    "base",
    "scenario",
    "origin",
    "mode",
    "reading",
    "cutoff_min",
    "base_people",
    "scenario_people",
    "change_people",
    "step_min",
    "saved_km2",
    "lost_km2",
    "to",
    "to_base_min",
    "to_scenario_min",
    "west_lon",
    "south_lat",
    "east_lon",
    "north_lat",
    "changed_share",
    "rings_west",
    "rings_south",
    "rings_east",
    "rings_north",
    "rings_share",
    "split_lon",
    "rings_cells",
)


@dataclass(frozen=True)
class LeadPlace:
    """A place that a sentence may name: longitude and latitude, and whether it is a centre."""

    at: tuple[float, float]
    is_centre: bool


def list_leads(
    pairs: Sequence[tuple[str, str]],
    rings: pd.DataFrame,
    od: pd.DataFrame,
    cells: CellMinutes,
    choices: StudyChoices,
    places: Mapping[str, LeadPlace],
    own_modes: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return one row a comparison in which anything changes (columns `COLUMNS`).

    Parameters
    ----------
    pairs : sequence of (base, scenario)
    rings : DataFrame
        scenario, origin, mode, reading, cutoff_min, population.
    od : DataFrame
        scenario, from, to, mode, reading, minutes.
    places : mapping
        The centres and county seats, in the order in which equal ones are taken: those that a sentence may name.
    own_modes : mapping
        The mode of all that a scenario adds, see `lead_rule`; scenarios of several modes are not there.
    """
    rows = []
    known = index_minutes(od)
    for base, scenario in pairs:
        own = (own_modes or {}).get(scenario, "")
        ranked = rank_circles(base, scenario, rings, cells, min(choices.saved_steps_min), own)
        if ranked:
            rows.append(_describe((base, scenario), ranked[0], known, cells, choices, places))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _describe(
    pair: tuple[str, str],
    best: Circle,
    known: PlaceMinutes,
    cells: CellMinutes,
    choices: StudyChoices,
    places: Mapping[str, LeadPlace],
) -> dict[str, Any]:
    kind = (best["origin"], best["mode"], best["reading"])
    before, after = cells.get_pair(*pair, kind)
    step = min(choices.saved_steps_min)
    saved, lost = compare_minutes(before, after, step)
    shown_min = [c for c in choices.cutoffs_min if c <= best["cutoff_min"]]
    bands = _find_bands(before, shown_min) != _find_bands(after, shown_min)
    enters, leaves = (find_newly(*sides, best["cutoff_min"]) for sides in ((before, after), (after, before)))
    changed = saved | lost | enters | leaves
    at = places[kind[0]].at if kind[0] in places else None
    named = find_anchor(cells.lattice, enters, cells.people) if best["change_people"] > 0 else None
    ground = MapGround(cells.lattice, cells.people, at, named)
    box, share = choose_box(ground, changed if changed.any() else bands)
    rings_box, rings_share = choose_box(ground, bands if bands.any() else changed, LEAST_RINGS_SHARE)
    return {
        **best,
        **describe_change(pair, kind, (saved, lost), measure_km2(cells.lattice), known, places, step),
        **dict(zip(("west_lon", "south_lat", "east_lon", "north_lat"), box, strict=True)),
        "changed_share": share,
        **dict(zip(("rings_west", "rings_south", "rings_east", "rings_north"), rings_box, strict=True)),
        "rings_share": rings_share,
        "split_lon": find_middle(cells.lattice, bands if bands.any() else changed),
        "rings_cells": int(np.count_nonzero(bands)),
    }


def _find_bands(minutes: Minutes, cutoffs_min: Sequence[float]) -> npt.NDArray[np.int64]:
    """Return the band of the cutoffs that each cell lies in; beyond the last and not reached are one band."""
    beyond = np.iinfo(np.uint16).max
    result = np.where(minutes == NOT_REACHED, beyond, minutes - 1)
    return np.searchsorted(np.asarray(sorted(cutoffs_min)), result, side="left").astype(np.int64)


PlaceMinutes = Mapping[tuple[str, str, str], Mapping[tuple[str, str], float]]
"""Origin, mode and reading to scenario and place to minutes."""


def index_minutes(od: pd.DataFrame) -> PlaceMinutes:
    """Return the minutes of an OD table by origin, mode and reading, then by scenario and destination."""
    found: dict[tuple[str, str, str], dict[tuple[str, str], float]] = {}
    columns = [od[c].tolist() for c in ("from", "mode", "reading", "scenario", "to", "minutes")]
    for start, mode, reading, scenario, end, minutes in zip(*columns, strict=True):
        found.setdefault((start, mode, reading), {})[scenario, end] = float(minutes)
    return found


def describe_change(
    pair: tuple[str, str],
    kind: tuple[str, str, str],
    moved: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
    km2: npt.NDArray[np.float64],
    known: PlaceMinutes,
    places: Mapping[str, LeadPlace],
    step_min: float,
) -> dict[str, Any]:
    """Return what a map of a comparison tells: the ground that saves or loses a step, and the place of `find_place`.

    Parameters
    ----------
    moved : (saved, lost)
        Of `compare_minutes`.
    km2 : (n,) float64
        Of `measure_km2`.
    """
    saved, lost = moved
    return {
        **dict(zip(("base", "scenario", "origin", "mode", "reading"), (*pair, *kind), strict=True)),
        "step_min": step_min,
        "saved_km2": float(km2[saved].sum()),
        "lost_km2": float(km2[lost].sum()),
        **find_place(pair, kind, known, places, step_min),
    }


def find_place(
    pair: tuple[str, str],
    kind: tuple[str, str, str],
    known: PlaceMinutes,
    places: Mapping[str, LeadPlace],
    step_min: float,
) -> dict[str, Any]:
    """Return the place that the sentence names, with its minutes from the origin before and after.

    Parameters
    ----------
    pair : (base, scenario)
    kind : (origin, mode, reading)
    known : mapping
        See `index_minutes`.
    step_min : float
        A centre is named before a county seat only where its minutes change by as much.
    """
    minutes = known.get(kind, {})
    found: list[tuple[bool, float, int, str]] = []
    for order, (name, place) in enumerate(places.items()):
        before, after = (minutes.get((scenario, name), np.inf) for scenario in pair)
        if name == kind[0] or np.isnan(before) or np.isnan(after) or before == after:
            continue
        near = [min(v, float(FAR_MIN)) for v in (before, after)]
        change = np.inf if np.isinf(before) or np.isinf(after) else abs(near[0] - near[1])
        found.append((not (place.is_centre and change >= step_min), -change, order, name))
    if not found:
        return {"to": "", "to_base_min": np.nan, "to_scenario_min": np.nan}
    name = min(found)[-1]
    before, after = (minutes.get((scenario, name), np.inf) for scenario in pair)
    return {"to": name, "to_base_min": before, "to_scenario_min": after}
