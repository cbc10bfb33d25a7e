"""Works on roads at certain hours: what of them a departure window sees.

A road has one time for the whole window, and readings with waits are medians over its departure minutes. So works that
last for more than half of the window are in the median, and others are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from transit_model.network.model import Network, RoadWorks
from transit_model.units import S_PER_DAY

_COUNTED_FROM: Final = 0.5
"""Works count where they fill more than this share of the departure window."""


def share_of_window(works: RoadWorks, window: tuple[int, int]) -> float:
    """Return the share of a departure window (clock seconds, the end excluded) within the hours of works.

    Hours that end before they begin go over midnight, and every day has them again.
    """
    start, end = works.hours
    end += S_PER_DAY if end <= start else 0
    days = range(-1, window[1] // S_PER_DAY + 1)
    shared = sum(max(0, min(window[1], end + d * S_PER_DAY) - max(window[0], start + d * S_PER_DAY)) for d in days)
    return shared / (window[1] - window[0])


def count_works(works: RoadWorks, window: tuple[int, int]) -> bool:
    """Return whether works are on for more than half of a departure window: then they are in its medians."""
    return share_of_window(works, window) > _COUNTED_FROM


def apply_works(network: Network, window: tuple[int, int]) -> Network:
    """Return the network as the departures of a window find it; the same when no works are on for most of it."""
    for works in (w for w in network.works if count_works(w, window)):
        network = change_links(network, works.closed, works.slowed_kmh)
    return network


def change_links(network: Network, closed: frozenset[str], slowed_kmh: Mapping[str, float]) -> Network:
    """Return the network without the closed links, others no faster than during works."""
    links = network.links
    if slowed_kmh:
        slowed = links["link_id"].isin(list(slowed_kmh)).to_numpy(dtype=bool)
        posted = links["maxspeed_kmh"].to_numpy(dtype=np.float64).copy()
        limit = links.loc[slowed, "link_id"].map(dict(slowed_kmh)).to_numpy(dtype=np.float64)
        posted[slowed] = np.fmin(posted[slowed], limit)
        links = links.assign(maxspeed_kmh=posted)
        network = network.with_roads(links, changed=np.flatnonzero(slowed))
    if closed:
        gone = links["link_id"].isin(list(closed)).to_numpy(dtype=bool)
        network = network.with_roads(links[~gone].reset_index(drop=True), gone=np.flatnonzero(gone))
    return network
