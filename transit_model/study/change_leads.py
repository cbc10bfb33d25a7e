"""What a comparison is opened with: the circle of `lead_rule`, where it changes, and the numbers of the sentence.

There are two extents: of the cells that save or lose at least the least step (newly reached and no longer reached are
among them), for the map of minutes saved; and of the cells that change their band up to the cutoff, for the rings. Each
takes the other's cells where it has none of its own, and the origin where the cells still cover `LEAST_SHARE` of the
map (`LEAST_RINGS_SHARE` of the rings'). A twentieth is added on each side, and what is less than `LEAST_DEGREE` wide is
widened.

The place of the sentence is the centre whose minutes change most, where that is the least step or more; else the
county seat whose minutes change most. A place newly reached, or no longer, counts most; minutes beyond `FAR_MIN` count
as that, since a journey of a day that is hours shorter is still one of a day. Its minutes are those of the OD table;
by the best mode on the typical reading those of the map, see `index_minutes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import Mode, Reading
from transit_model.study.cell_minutes import CellMinutes, compare_minutes
from transit_model.study.lead_rule import Circle, rank_circles
from transit_model.surface.lattice import NOT_REACHED, Lattice, Minutes, mercator_y

if TYPE_CHECKING:
    from transit_model.scenario.scenario_schema import StudyChoices

KM_PER_DEGREE: Final = 111.195
"""Mean length of a degree on a sphere of 6,371 km."""
FAR_MIN: Final = 300
"""Minutes beyond which nobody asks for a circle."""
LEAST_DEGREE: Final = 0.6
_CLOSE_DEGREE: Final = 0.45
LEAST_SHARE: Final = 0.025
LEAST_RINGS_SHARE: Final = 0.035
MAP_ASPECT: Final = 1.2
"""Width of the map beside the panel, by its height: 1,072 by 900 pixels on a screen of 1,440."""
_PAD: Final = 0.05
_EDGE_SHARES: Final = (0.005, 0.05, 0.1, 0.2, 0.3)
"""Share of the changed cells that may lie outside the extent on each side: a lone cell does not widen it. The next is
taken where the cells cover less than `LEAST_SHARE` of what the one before leaves, and then the densest square: a change
in many small spots is shown where most of it is."""
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
    known = index_minutes(od, cells, places)
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
    changed = saved | lost
    at = places[kind[0]].at if kind[0] in places else None
    box, share = _choose_box(cells.lattice, changed if changed.any() else bands, at)
    rings_box, rings_share = _choose_box(cells.lattice, bands if bands.any() else changed, at, LEAST_RINGS_SHARE)
    return {
        **best,
        **describe_change(pair, kind, (saved, lost), measure_km2(cells.lattice), known, places, step),
        **dict(zip(("west_lon", "south_lat", "east_lon", "north_lat"), box, strict=True)),
        "changed_share": share,
        **dict(zip(("rings_west", "rings_south", "rings_east", "rings_north"), rings_box, strict=True)),
        "rings_share": rings_share,
        "split_lon": _find_middle(cells.lattice, bands if bands.any() else changed),
        "rings_cells": int(np.count_nonzero(bands)),
    }


def _find_bands(minutes: Minutes, cutoffs_min: Sequence[float]) -> npt.NDArray[np.int64]:
    """Return the band of the cutoffs that each cell lies in; beyond the last and not reached are one band."""
    beyond = np.iinfo(np.uint16).max
    result = np.where(minutes == NOT_REACHED, beyond, minutes - 1)
    return np.searchsorted(np.asarray(sorted(cutoffs_min)), result, side="left").astype(np.int64)


def _locate(lattice: Lattice) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return lon and Web Mercator degrees of the cells inside."""
    rows, columns = np.nonzero(lattice.inside)
    lon, y = (np.asarray(v, dtype=np.float64) + 0.5 for v in (columns, rows))
    return lattice.west_lon + lon * lattice.step, lattice.north_y - y * lattice.step


def _to_lat(y: npt.ArrayLike) -> npt.NDArray[np.float64]:
    lat: npt.NDArray[np.float64] = np.degrees(2 * np.arctan(np.exp(np.radians(y))) - np.pi / 2)
    return lat


def measure_km2(lattice: Lattice) -> npt.NDArray[np.float64]:
    """Return the area of each cell inside: the squared edge, shortened by the cosine of its latitude both ways."""
    _, y = _locate(lattice)
    km2: npt.NDArray[np.float64] = (lattice.step * KM_PER_DEGREE * np.cos(np.radians(_to_lat(y)))) ** 2
    return km2


def frame_cells(
    lattice: Lattice,
    which: npt.NDArray[np.bool_],
    also: tuple[float, float] | None = None,
    edge_share: float = _EDGE_SHARES[0],
) -> tuple[float, float, float, float]:
    """Return west_lon, south_lat, east_lon, north_lat round the marked cells (all cells when none is marked).

    `also` is the longitude and latitude of a point that must be inside, `edge_share` the share of cells that may lie
    outside on each side.
    """
    lon, y = _locate(lattice)
    chosen = which if which.any() else np.ones_like(which)
    half = lattice.step / 2
    ends = []
    for i, values in enumerate((lon[chosen], y[chosen])):
        low, high = (float(v) for v in np.quantile(values, [edge_share, 1 - edge_share]))
        if also is not None:
            point = mercator_y(also[1]) if i else also[0]
            low, high = min(low, point), max(high, point)
        low, high = low - half, high + half
        room = max((high - low) * _PAD, (LEAST_DEGREE - (high - low)) / 2)
        ends.append((low - room, high + room))
    (west, east), (south, north) = ends
    lats = _to_lat([south, north])
    return round(west, 4), round(float(lats[0]), 4), round(east, 4), round(float(lats[1]), 4)


def _choose_box(
    lattice: Lattice,
    which: npt.NDArray[np.bool_],
    origin: tuple[float, float] | None,
    least: float = LEAST_SHARE,
) -> tuple[tuple[float, float, float, float], float]:
    """Return the extent of marked cells, with the origin where that leaves them large enough, and their share of it."""
    wide = frame_cells(lattice, which, origin)
    if _share_of_box(lattice, which, wide) >= least:
        return wide, _share_of_box(lattice, which, wide)
    boxes = [frame_cells(lattice, which, edge_share=edge) for edge in _EDGE_SHARES]
    boxes.append(_find_densest(lattice, which))
    shares = [_share_of_box(lattice, which, box) for box in boxes]
    chosen = next((i for i, share in enumerate(shares) if share >= least), int(np.argmax(shares)))
    return boxes[chosen], shares[chosen]


def _find_middle(lattice: Lattice, which: npt.NDArray[np.bool_]) -> float:
    """Return the longitude that has as many of the marked cells to the west as to the east."""
    lon, _ = _locate(lattice)
    return round(float(np.median(lon[which] if which.any() else lon)), 4)


def _find_densest(lattice: Lattice, which: npt.NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """Return the square of `_CLOSE_DEGREE` round a marked cell that holds most of them: changes of towns far apart."""
    lon, y = _locate(lattice)
    if not which.any():
        return frame_cells(lattice, which)
    at = np.stack([lon[which], y[which]], axis=1)
    half = _CLOSE_DEGREE / 2
    counts = [int(np.all(np.abs(at - cell) <= half, axis=1).sum()) for cell in at]
    centre = at[int(np.argmax(counts))]
    lats = _to_lat([centre[1] - half, centre[1] + half])
    west, east = float(centre[0] - half), float(centre[0] + half)
    return round(west, 4), round(float(lats[0]), 4), round(east, 4), round(float(lats[1]), 4)


def _share_of_box(lattice: Lattice, which: npt.NDArray[np.bool_], box: tuple[float, float, float, float]) -> float:
    """Return the share of a web map that the marked cells cover when it is fitted to a box (`MAP_ASPECT`)."""
    lon, y = _locate(lattice)
    west, south, east, north = box[0], mercator_y(box[1]), box[2], mercator_y(box[3])
    wider = max(0.0, (north - south) * MAP_ASPECT - (east - west)) / 2
    higher = max(0.0, (east - west) / MAP_ASPECT - (north - south)) / 2
    west, south, east, north = west - wider, south - higher, east + wider, north + higher
    inside = which & (lon >= west) & (lon <= east) & (y >= south) & (y <= north)
    return round(float(np.count_nonzero(inside)) * lattice.step**2 / ((east - west) * (north - south)), 4)


_READ_OFF_THE_MAP: Final = (Mode.BEST.value, Reading.TYPICAL.value)
PlaceMinutes = Mapping[tuple[str, str, str], Mapping[tuple[str, str], float]]
"""Origin, mode and reading to scenario and place to minutes."""


def index_minutes(od: pd.DataFrame, cells: CellMinutes, places: Mapping[str, LeadPlace]) -> PlaceMinutes:
    """Return the minutes of an OD table by origin, mode and reading, then by scenario and destination.

    By the best mode on the typical reading it is the minutes of the cells that hold the places: the table sets a train
    from platform to platform against a drive from door to door there, and the map counts the way to the station and on.
    """
    found: dict[tuple[str, str, str], dict[tuple[str, str], float]] = {}
    columns = [od[c].tolist() for c in ("from", "mode", "reading", "scenario", "to", "minutes")]
    for start, mode, reading, scenario, end, minutes in zip(*columns, strict=True):
        if (mode, reading) != _READ_OFF_THE_MAP:
            found.setdefault((start, mode, reading), {})[scenario, end] = float(minutes)
    at = {name: cell for name, place in places.items() if (cell := cells.lattice.find(*place.at)) is not None}
    for (scenario, *kind), layer in cells.minutes.items():
        if tuple(kind[1:]) == _READ_OFF_THE_MAP:
            rows = found.setdefault((kind[0], kind[1], kind[2]), {})
            for name, cell in at.items():
                rows[scenario, name] = np.inf if layer[cell] == NOT_REACHED else float(layer[cell]) - 1.0
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
