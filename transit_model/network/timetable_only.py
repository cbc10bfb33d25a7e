"""A network of a timetable alone, without roads, places or people: for questions between stations."""

from __future__ import annotations

from datetime import date

import pandas as pd

from transit_model.assumptions import Assumptions
from transit_model.domain.region import Feed, RegionInfo
from transit_model.domain.tables import COUNTIES, PLACES, ROAD_LINKS, ROAD_NODES, ROAD_SHAPES, STATIONS
from transit_model.network.model import Network

_WHOLE_EARTH = (-180.0, -90.0, 180.0, 90.0)


def build_timetable_network(
    feed: Feed, service_date: date, window: tuple[int, int], assumptions: Assumptions, name: str = "timetable"
) -> Network:
    """Return a network of a feed; station minutes are those of the assumptions, walks join stations that have a place.

    Parameters
    ----------
    service_date : date
    window : tuple of int
        Departure clock window in seconds, the end excluded.
    name : str
        What messages call the timetable.
    """
    empty = {
        t.name: pd.DataFrame(columns=[c.name for c in t.columns])
        for t in (PLACES, COUNTIES, ROAD_NODES, ROAD_LINKS, ROAD_SHAPES, STATIONS)
    }
    info = RegionInfo(
        region_id=name,
        title={"zh": name, "en": name},
        crs="EPSG:4326",
        bbox=_WHOLE_EARTH,
        built_as_of=service_date,
        service_date=service_date,
        window=window,
        timetable_vintage={"zh": name, "en": name},
        groups={},
        main_stations={},
        timetable_id=name,
    )
    return Network(
        info=info,
        as_of=service_date,
        places=empty["places"],
        counties=empty["counties"],
        nodes=empty["nodes"],
        links=empty["links"],
        shapes=empty["shapes"],
        stations=empty["stations"],
        station_links=pd.DataFrame(columns=["stop_id", "node_id", "snap_m"]),
        feed=feed,
        assumptions=assumptions,
        base_fingerprint=name,
    )
