"""How far from the roads a place may lie, in words."""

from __future__ import annotations

from transit_model.assumptions import Assumptions
from transit_model.domain.place import Place
from transit_model.errors import Issue
from transit_model.units import m_to_km


def name_snap_limit(limit_m: float, assumptions: Assumptions) -> str:
    """Return the limit in kilometres and the assumption that sets it."""
    a = assumptions
    if limit_m < a.snap_max_m:
        return f"{m_to_km(limit_m):g} km (assumption off_network_max_min: {a.off_network_max_min:g} min across country)"
    return f"{m_to_km(limit_m):g} km (assumption snap_max_m)"


def describe_off_network(place: Place, distance_m: float, limit: str) -> Issue:
    """Return the issue of a place that no road is near enough to."""
    return Issue(
        "place_off_network",
        "error",
        f"{place.place_id} ({place.name_zh}) lies {m_to_km(distance_m):.1f} km from the nearest road",
        field="place",
        value=place.place_id,
        hint=f"the limit is {limit}; move the point or add the road",
    )
