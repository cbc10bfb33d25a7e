"""Works on roads at certain hours: what of them a departure window sees.

A road has one time for the whole window, and readings with waits are medians over its departure minutes. So works that
last for more than half of the window are in the median, and others are not.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from transit_model.network.model import Network, RoadWorks
from transit_model.units import S_PER_DAY


def share_of_window(works: RoadWorks, window: tuple[int, int]) -> float:
    """Return the share of a departure window (clock seconds, the end excluded) within the hours of works.

    Hours that end before they begin go over midnight, and every day has them again.
    """
    start, end = works.hours
    end += S_PER_DAY if end <= start else 0
    days = range(-1, window[1] // S_PER_DAY + 1)
    shared = sum(max(0, min(window[1], end + d * S_PER_DAY) - max(window[0], start + d * S_PER_DAY)) for d in days)
    return shared / (window[1] - window[0])


def apply_works(network: Network, window: tuple[int, int]) -> Network:
    """Return the network as the departures of a window find it; the same when no works are on for most of it."""
    due = [w for w in network.works if share_of_window(w, window) > 0.5]
    links = network.links
    for works in due:
        links = change_links(links, works.closed, works.slowed_kmh)
    return network.with_tables(links=links) if due else network


def change_links(links: pd.DataFrame, closed: frozenset[str], slowed_kmh: Mapping[str, float]) -> pd.DataFrame:
    """Return links without the closed ones, others no faster than during works."""
    if slowed_kmh:
        posted = links["maxspeed_kmh"].to_numpy(dtype=np.float64)
        limit = links["link_id"].map(dict(slowed_kmh)).to_numpy(dtype=np.float64)
        links = links.assign(maxspeed_kmh=np.fmin(posted, limit))
    return links[~links["link_id"].isin(closed)].reset_index(drop=True) if closed else links
