"""How far from the roads a place may lie, in words."""

from __future__ import annotations

from transit_model.assumptions import Assumptions
from transit_model.units import m_to_km


def tell_snap_limit(limit_m: float, a: Assumptions) -> str:
    """Return how far from the roads a place may lie, and the assumption that says so."""
    if limit_m < a.snap_max_m:
        return f"{m_to_km(limit_m):g} km (assumption off_network_max_min: {a.off_network_max_min:g} min across country)"
    return f"{m_to_km(limit_m):g} km (assumption snap_max_m)"
