"""Which roads of a network the maps draw: all of a corridor network, of a street map those that can be seen.

A page that carries every street of a large town is tens of megabytes, and at the scale of a region most of them lie
within one dot of the screen. Nothing is measured on what is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from transit_model.domain.tables import HIGHWAY_CLASSES
from transit_model.network.model import Network
from transit_model.network.snap import build_course_arrays

if TYPE_CHECKING:
    import geopandas as gpd

MOST_ROADS: Final = 4_000
"""Roads on a map (judged): the shipped region has a tenth of it, and 4,000 make some half a megabyte a page."""
_COLUMNS = ["highway", "ref", "name_zh", "opened", "closed", "project_id", "toll", "maxspeed_kmh"]


def find_unseen_roads(network: Network, most: int = MOST_ROADS) -> frozenset[str]:
    """Return the ids of the roads that maps leave out: none while there are no more than `most`.

    The higher classes come first, and of one class the longer roads; equally long ones in the order of the table.
    """
    links = network.links
    first = np.flatnonzero(~links.duplicated("road_id").to_numpy())
    if len(first) <= most:
        return frozenset()
    roads = links.iloc[first]
    rank = {name: k for k, name in enumerate(HIGHWAY_CLASSES)}
    codes = roads["highway"].map(rank).fillna(len(rank)).to_numpy(dtype=np.int64)
    order = np.lexsort((-roads["length_m"].to_numpy(dtype=np.float64), codes))
    return frozenset(roads["road_id"].iloc[order[most:]])


def draw_roads(network: Network, unseen: frozenset[str]) -> gpd.GeoDataFrame:
    """Return the roads of a network as lines in WGS84, one row a road.

    The `unseen` ones are left out, but where a project has changed them. ``limited`` says that works slow a road or
    close one of its directions.
    """
    import geopandas as gpd
    import shapely

    links = network.links
    shown = ~links.duplicated("road_id").to_numpy()
    if unseen:
        seen = np.array([i not in unseen for i in links["road_id"].to_numpy(dtype=object).tolist()], dtype=bool)
        shown &= seen | (links["project_id"] != "").to_numpy(dtype=bool)
    rows: npt.NDArray[np.int64] = np.flatnonzero(shown)
    ptr, lon, lat = build_course_arrays(network, rows)
    lines = shapely.linestrings(lon, lat, indices=np.repeat(np.arange(len(rows)), np.diff(ptr)))
    works = {p.project_id for p in network.projects if p.kind == "closure"}
    table = links.iloc[rows][_COLUMNS].reset_index(drop=True)
    return gpd.GeoDataFrame(table.assign(limited=table["project_id"].isin(works)), geometry=lines, crs="EPSG:4326")
