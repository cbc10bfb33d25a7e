"""One isochrone as one page: the map of a scenario with a single centre and nothing to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transit_model.pages.map_data import PageStore
from transit_model.pages.map_page import fit_page, render_map
from transit_model.pages.page import Site
from transit_model.pages.view import Basemap, ProjectView, RegionView, ScenarioView, StudyView
from transit_model.store.write import write_text

if TYPE_CHECKING:
    import geopandas as gpd

    from transit_model.domain.place import Place
    from transit_model.domain.region import RegionInfo

_BUDGET_BYTES = 3_000_000


@dataclass(frozen=True)
class RingsShown:
    """What the page says of its rings.

    Attributes
    ----------
    window_s : (int, int)
        First and last departure, seconds after midnight of the service day.
    note : mapping
        What the rings are (zh, en) where they are not times from the place; follows the title.
    projects : tuple of ProjectView
        Those of the scenario: the page repeats what they assume and what they rest on.
    """

    window_s: tuple[int, int]
    note: Mapping[str, str] = field(default_factory=dict)
    projects: tuple[ProjectView, ...] = ()


def write_single_map(
    out: Path,
    rings: gpd.GeoDataFrame,
    place: Place,
    basemap: Basemap,
    info: RegionInfo,
    question: RingsShown,
    site: Site | None = None,
) -> None:
    """Write the rings of one place as a page that needs no network; the file appears whole or not at all.

    Parameters
    ----------
    rings : GeoDataFrame
        As in `StudyView.rings`, of one scenario.
    asked : RingsShown
        When they leave, what they are, and the projects behind them.
    site : Site, optional
        Language and online map; Chinese and none when absent.
    """
    view = _build_view(rings, place, basemap, info, question)
    make = partial(render_map, view, site or Site(), view.scenarios[0], PageStore(view))
    page, _ = fit_page(make, _BUDGET_BYTES)
    write_text(out, page)


def _build_view(
    rings: gpd.GeoDataFrame,
    place: Place,
    basemap: Basemap,
    info: RegionInfo,
    question: RingsShown,
) -> StudyView:
    import pandas as pd

    def empty(columns: str) -> Any:  # noqa: ANN401 - a DataFrame without rows
        return pd.DataFrame(columns=columns.split())

    row = {
        "place_id": place.place_id,
        "kind": place.kind,
        "name_zh": place.name("zh"),
        "name_en": place.name("en"),
        "lon": place.at.lon,
        "lat": place.at.lat,
    }
    scenario = str(rings["scenario"].iloc[0]) if len(rings) else ""
    title = {k: " · ".join(t for t in (place.name(k), scenario, question.note.get(k, "")) if t) for k in ("zh", "en")}
    # Circles that do not meet have an empty intersection, and an empty ring has no bounds.
    west, south, east, north = info.bbox if rings.geometry.is_empty.all() else rings.total_bounds
    return StudyView(
        region=RegionView(
            id=info.region_id,
            title=info.title,
            attribution=info.attribution,
            timetable_vintage=info.timetable_vintage,
            bbox=(float(west), float(south), float(east), float(north)),
            built_as_of=info.built_as_of.isoformat(),
            centres=(place.place_id,),
            known_gaps=info.known_gaps,
            limits=info.limits,
        ),
        scenarios=(
            ScenarioView(
                scenario,
                title,
                projects=question.projects,
                timetable_id=info.timetable_id,
                timetable=info.timetable_vintage,
            ),
        ),
        goals=(),
        verdicts=empty("goal scenario reading verdict threshold_min value_min margin_min share evidence"),
        od=empty("from to mode reading scenario minutes p10 p90 km via note"),
        rings=rings,
        basemap=basemap,
        places=pd.DataFrame([row]),
        assumptions=empty("name value unit basis source zh en"),
        sources=empty("key publisher date title url grade"),
        data_quality=empty("table confidence rows"),
        window_s=question.window_s,
    )
