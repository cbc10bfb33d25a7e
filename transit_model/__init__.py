"""Honest travel-time and transport-circle accessibility modelling for regional planners.

The front door. Everything below is loaded on first use, so ``import transit_model`` costs nothing::

    import transit_model as tm

    ws = tm.open()                                   # the shipped region, its scenarios and goals
    session = ws.session("built-2025", window="07:00-21:00")
    od = tm.travel_times(session, "centres", "county_seats", mode="rail", reading="typical")
    rings = tm.isochrones(session, "hohhot", [60, 120])
    planned = tm.what_if(ws, "built-2025", projects=["hubao_hsr"])

The plain functions are those of `transit_model.api`; the homes they call stand beside them.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, whose import would be a good part of the time of ``--help``
if TYPE_CHECKING:
    from typing import Any

    from transit_model.api import (
        attribute,
        compare,
        explain,
        indicator,
        isochrones,
        judge,
        open,
        travel_times,
        what_if,
    )
    from transit_model.assumptions import Assumptions, read_default_assumptions
    from transit_model.domain.geo import LonLat
    from transit_model.domain.modes import Mode, Reading
    from transit_model.domain.place import Place
    from transit_model.errors import InputError, Issue, TransitModelError
    from transit_model.gtfs.feed import read_gtfs
    from transit_model.measure.explain import explain_journey
    from transit_model.measure.od import compute_od
    from transit_model.measure.rings import compute_isochrone
    from transit_model.measure.session import Session
    from transit_model.measure.surfaces import SurfaceBuilder
    from transit_model.measure.workspace import Workspace
    from transit_model.pages.run import run_study
    from transit_model.region.pack import read_region
    from transit_model.study.compare import compare_od

__all__ = [
    "Assumptions",
    "InputError",
    "Issue",
    "LonLat",
    "Mode",
    "Place",
    "Reading",
    "Session",
    "SurfaceBuilder",
    "TransitModelError",
    "Workspace",
    "attribute",
    "compare",
    "compare_od",
    "compute_isochrone",
    "compute_od",
    "explain",
    "explain_journey",
    "indicator",
    "isochrones",
    "judge",
    "open",
    "read_default_assumptions",
    "read_gtfs",
    "read_region",
    "run_study",
    "travel_times",
    "what_if",
]

_HOMES = {
    "api": (
        "attribute",
        "compare",
        "explain",
        "indicator",
        "isochrones",
        "judge",
        "open",
        "travel_times",
        "what_if",
    ),
    "assumptions": ("Assumptions", "read_default_assumptions"),
    "domain.geo": ("LonLat",),
    "domain.modes": ("Mode", "Reading"),
    "domain.place": ("Place",),
    "errors": ("InputError", "Issue", "TransitModelError"),
    "gtfs.feed": ("read_gtfs",),
    "region.pack": ("read_region",),
    "study.compare": ("compare_od",),
    "measure.explain": ("explain_journey",),
    "measure.od": ("compute_od",),
    "pages.run": ("run_study",),
    "measure.session": ("Session",),
    "measure.rings": ("compute_isochrone",),
    "measure.surfaces": ("SurfaceBuilder",),
    "measure.workspace": ("Workspace",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name not in _HOME_OF:
        msg = f"module 'transit_model' has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    value = getattr(import_module(f"transit_model.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
