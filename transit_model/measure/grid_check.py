"""Whether the cells of a grid are small enough for what is drawn on it."""

from __future__ import annotations

from transit_model.assumptions import Assumptions
from transit_model.errors import Issue
from transit_model.units import kmh_to_ms, min_to_s

LEAST_REACH_CELLS = 0.7
"""With a shorter off-network leg a road may pass between cell centres unseen: half a diagonal is 0.707 cells."""


def check_reach(a: Assumptions, cell_m: float) -> list[Issue]:
    """Return a warning when rings would have gaps: the leg off the network is too short for the distance of centres."""
    reach_m = kmh_to_ms(a.off_network_speed_kmh) * min_to_s(a.off_network_max_min)
    if reach_m >= LEAST_REACH_CELLS * cell_m:
        return []
    return [
        Issue(
            "reach_below_cell",
            "warning",
            f"off the network one gets {reach_m:.0f} m far, and cells are {cell_m:g} m: rings have gaps",
            field="cell",
            value=f"{cell_m:g}",
            hint=f"use --cell {max(50, reach_m / LEAST_REACH_CELLS // 50 * 50):g} or less, or a longer "
            "off_network_max_min",
        )
    ]
