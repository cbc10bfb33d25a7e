"""Minutes at the cells of the made-up study, and what its comparison is opened with."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.study.cell_minutes import CellMinutes, Key
from transit_model.study.change_facts import list_change_facts, list_people_by_minutes, rank_gains
from transit_model.study.change_leads import COLUMNS, LeadPlace
from transit_model.surface.lattice import Lattice, Minutes, mercator_y

STEP = 0.05
KM_PER_DEGREE = 111.0
BOX = (109.2, 39.0, 112.5, 41.4)
FAR_WEST = 109.5
"""West of this meridian no train gets anywhere."""


def build_sample_lattice() -> Lattice:
    """The box of the study without its westernmost column and northernmost row."""
    west, south, east, north = BOX
    nx, ny = round((east - west) / STEP), int((mercator_y(north) - mercator_y(south)) / STEP)
    inside = np.ones((ny, nx), dtype=bool)
    inside[:, 0] = inside[0] = False
    rows, columns = np.nonzero(inside)
    return Lattice(west, mercator_y(north), STEP, nx, ny, inside, rows, columns)


def locate_cells(lattice: Lattice) -> tuple[np.ndarray, np.ndarray]:
    """Return lon and lat of the cells inside."""
    rows, columns = np.nonzero(lattice.inside)
    y = lattice.north_y - (rows + 0.5) * lattice.step
    return lattice.west_lon + (columns + 0.5) * lattice.step, np.degrees(2 * np.arctan(np.exp(np.radians(y)))) - 90


def build_sample_cells(
    centres: dict[str, tuple[float, float]], speed: dict[str, float], pace: dict[str, float], gain: dict[str, float]
) -> CellMinutes:
    """Straight lines at the speeds of the sample; a plan gains east of 110.9 only, and a train reaches no far west."""
    lattice = build_sample_lattice()
    lon, lat = locate_cells(lattice)
    minutes: dict[Key, Minutes] = {}
    for scenario, more in gain.items():
        for mode, kmh in speed.items():
            for reading, factor in pace.items():
                if reading == "promoter" and mode != "road":
                    continue
                for origin, at in centres.items():
                    km = np.hypot((lon - at[0]) * 0.77, lat - at[1]) * KM_PER_DEGREE
                    result = km / (100 * kmh * factor * np.where(lon > 110.9, more, 1.0)) * 60
                    cells = (np.floor(result + 0.5) + 1).astype(np.uint16)
                    cells[(lon < FAR_WEST) & (mode == "rail")] = 0
                    minutes[scenario, origin, mode, reading] = cells
    return CellMinutes(lattice, minutes, people=np.round(50 + 40 * np.sin(lon * 3) * np.cos(lat * 3), 1))


def sample_changes(cells: CellMinutes, od: pd.DataFrame, places: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return what the maps of the comparison tell in numbers, as fields of the view."""
    pairs, choices = [("built", "everything")], StudyChoices()
    rows = places[places["kind"].isin(["centre", "county_seat"])].to_dict("records")
    named = {str(r["place_id"]): LeadPlace((r["lon"], r["lat"]), r["kind"] == "centre") for r in rows}
    return {
        "change_facts": list_change_facts(pairs, od, cells, choices, named),
        "people_by_minutes": list_people_by_minutes(pairs, cells),
        "ranked_gains": rank_gains(pairs, cells, choices),
    }


def sample_leads() -> pd.DataFrame:
    """The comparison opens on the hour of Jia by the best mode: 1,200 people more, Yi 20 minutes nearer."""
    row = ("built", "everything", "jia", "best", "door_to_door", 60.0, 5000.0, 6200.0, 1200.0, 5.0, 4000.0, 0.0)
    place = ("yi", 70.0, 50.0)
    boxes = (110.9, 39.4, 112.4, 41.2, 0.5, 110.8, 40.2, 111.6, 40.9, 0.2, 111.2, 40)
    return pd.DataFrame([(*row, *place, *boxes)], columns=list(COLUMNS))
