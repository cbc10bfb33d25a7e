"""What a study hands over to be drawn: frozen, plain data, no network objects.

Minutes are minutes here (the study converts once): `inf` is unreachable, NaN was not measured. Geometries are WGS84.
A *text* is a mapping with the keys ``zh`` and ``en``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from transit_model.units import format_clock

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from transit_model.analysis.other_ends import OtherEnds
    from transit_model.domain.ground import Ground
    from transit_model.study.cell_minutes import CellMinutes

Text = Mapping[str, str]
MODES: Final = ("road", "rail", "bus", "transit", "best")
READINGS: Final = ("promoter", "typical", "door_to_door")
MAIN_ROADS: Final = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})


@dataclass(frozen=True)
class RegionView:
    """The study area.

    Attributes
    ----------
    bbox : tuple
        west_lon, south_lat, east_lon, north_lat; the first view of every map.
    centres : tuple of str
        Place ids in display order: the rows of the click card and the columns of the small maps.
    """

    id: str
    title: Text
    attribution: Text
    timetable_vintage: Text
    bbox: tuple[float, float, float, float]
    built_as_of: str
    centres: tuple[str, ...]
    known_gaps: tuple[Text, ...] = ()
    limits: tuple[Text, ...] = ()


@dataclass(frozen=True)
class ProjectView:
    """One planned project of a scenario.

    `assumed` repeats every number that the sources leave open, `rests_on` those that lie at an end of their range.
    """

    id: str
    title: Text
    status: str = ""
    opens: str = ""
    source: str = ""
    confidence: str = ""
    assumed: tuple[Text, ...] = ()
    rests_on: tuple[Text, ...] = ()
    as_of: str = ""


@dataclass(frozen=True)
class ScenarioView:
    """One scenario. `base` is the id of the scenario it is compared with, None for a base case.

    `timetable` tells of when the trains behind its minutes are.
    """

    id: str
    title: Text
    base: str | None = None
    as_of: str = ""
    projects: tuple[ProjectView, ...] = ()
    is_base: bool = False
    note: Text = field(default_factory=dict)
    timetable_id: str = ""
    timetable: Text = field(default_factory=dict)


@dataclass(frozen=True)
class GoalView:
    """One official goal or claim; `unmeasurable` is the reason when it cannot be measured."""

    id: str
    title: Text
    quote: Text
    source: str
    kind: str = "goal"
    mode: str | None = None
    threshold_min: float | None = None
    target_year: int | None = None
    judged_on: tuple[str, ...] = ()
    required_share: float = 1.0
    unmeasurable: Text | None = None
    ambiguity: Text | None = None
    assumed: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    headline: bool = False


@dataclass(frozen=True, eq=False)
class Basemap:
    """What lies under the rings.

    Attributes
    ----------
    counties : mapping or None
        GeoJSON FeatureCollection; properties name_zh, name_en, prefecture, adcode.
    roads : GeoDataFrame or None
        highway, ref, name_zh, opened, closed, project_id, toll, maxspeed_kmh, geometry (lines); `limited` (bool) where
        works slow a road or close one direction.
    rail : GeoDataFrame or None
        name_zh, name_en, opened, project_id, geometry: the course, straight between stations where none is known.
    stations : DataFrame or None
        stop_id, name_zh, name_en, lon, lat, opened; `project_id` of those that a project brings.
    bus, bus_stops : DataFrame or None
        Lines of bus projects along the roads they are timed on, and where they call; see `bus_layers`.
    ground : Ground or None
        Relief, waters, borders, neighbours and shields.
    """

    counties: Mapping[str, Any] | None = None
    roads: gpd.GeoDataFrame | None = None
    rail: gpd.GeoDataFrame | None = None
    stations: pd.DataFrame | None = None
    ground: Ground | None = None
    bus: gpd.GeoDataFrame | None = None
    bus_stops: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class ComparisonView:
    """Two scenarios side by side.

    Attributes
    ----------
    certificate : mapping
        null_edit_max_s, worsened_cells, untouched_identical, and whatever else was proved.
    kinds : tuple of mapping
        The certificate of each mode and reading: mode, reading, cells, pairs, worsened_cells, worsened_pairs,
        untouched_cells, untouched_pairs, improvement_only.
    cell_m : float or None
        Side of the cells compared; None when none were.
    saved_from_min : float or None
        The least minutes that `saved` tells.
    od : DataFrame
        from, to, mode, reading, base_min, scenario_min, change_min.
    population : DataFrame
        origin, mode, reading, cutoff_min, base, scenario, change (people); *_km2 columns if there are any.
    attribution : DataFrame or None
        measure, project, shapley, stderr, add_one, leave_one_out; measure_zh, measure_en, unit, before, after,
        project_zh, project_en and n_projects if there are any. None when the two differ in more than projects.
    gained : GeoDataFrame or None
        origin, mode, reading, cutoff_min, area_km2, population, geometry: newly reached.
    saved : GeoDataFrame or None
        origin, mode, reading, saved_min, area_km2, population, geometry: where at least so many minutes are saved.
    """

    base: str
    scenario: str
    certificate: Mapping[str, Any] = field(default_factory=dict)
    kinds: tuple[Mapping[str, Any], ...] = ()
    cell_m: float | None = None
    saved_from_min: float | None = None
    od: pd.DataFrame | None = None
    population: pd.DataFrame | None = None
    attribution: pd.DataFrame | None = None
    gained: gpd.GeoDataFrame | None = None
    saved: gpd.GeoDataFrame | None = None


@dataclass(frozen=True)
class TimelineStep:
    """One year of the plan: the scenario that stands for it, and what opens."""

    year: int
    scenario: str
    opens: tuple[Text, ...] = ()
    note: Text = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class StudyView:
    """Everything the pages show.

    Attributes
    ----------
    verdicts : DataFrame
        goal, scenario, reading, verdict, threshold_min, value_min, margin_min, share, evidence (list of dict: from,
        to, minutes, margin_min, via, note); `judged` (bool) and `reason` if there are any.
    od : DataFrame
        from, to, mode, reading, scenario, minutes, p10, p90, km; `via` and `note` if there are any. Those that start
        at a centre are shown on the map.
    rings : GeoDataFrame
        scenario, origin, mode, reading, cutoff_min, area_km2, raster_area_km2, population, geometry: cumulative.
    places : DataFrame
        place_id, kind, name_zh, name_en, lon, lat; `aliases` (';' between) and `prefecture` if there are any.
    assumptions : DataFrame
        name, value, unit, basis, source, zh, en.
    sources : DataFrame
        key, publisher, date, title, url, grade.
    data_quality : DataFrame
        table, confidence, rows.
    window_s : (int, int)
        First and last departure, seconds after midnight of the service day: readings with waits are medians over it.
    warnings : tuple of mapping
        What is odd about the data and may have moved minutes: code, message, file, line, hint.
    calibration : DataFrame or None
        what, from, to, observed_min, model_min, residual_min, source; any further columns are ignored.
    routes : DataFrame or None
        scenario, from, to, step, ref, project, km: the numbered roads of the quickest way in order, the last step
        without a number being all others together.
    outlook : DataFrame or None
        goal, reading, first_met (year or NA), nearest_scenario, nearest_value_min, nearest_margin_min,
        nearest_verdict.
    single_projects : DataFrame or None
        goal, reading, scenario, project, project_zh, project_en, with, now_min, value_min, margin_min, meets: the
        single projects that bring a missed goal nearest, the best first.
    population_models : DataFrame or None
        scenario, origin, mode, reading, cutoff_min, model (model, seat, even), population, difference,
        relative_difference: how the people within each ring move with the way of placing them.
    uncertainty : DataFrame or None
        scenario, goal, reading, draws, seed, probability, stderr, p10, p50, p90, word, depends_on, depends_zh,
        depends_en; None when no draws were asked for.
    timetable_changes : DataFrame or None
        from, to, before, after (timetables), then trains, fastest, median, first and last of both: what changed from
        each timetable to the next; None where the region has one.
    road_pairs : DataFrame or None
        centre, seat, before_min, after_min, difference_min, before_km, after_km, roads_zh, roads_en (the changed ones
        on the way): what an audit of the roads moved, at free flow.
    road_changes : mapping
        How many junctions (``nodes``), ``roads`` and ``lengths`` it changed.
    leads : DataFrame or None
        What each comparison is opened with, see `study.change_leads`.
    other_ends : mapping of (base, scenario) to OtherEnds
        People of that circle at the other ends of ranges, see `analysis.other_ends`.
    change_facts, people_by_minutes, ranked_gains : DataFrame or None
        What each map of a comparison tells in numbers, see `study.change_facts`.
    seat_people : mapping
        People of the county of each county seat, by place id.
    cells : CellMinutes or None
        Minutes at the cells of the maps.
    services : DataFrame or None
        The nearest station of fast trains, airport and hospital of each seat, see `study.seat_services`.
    manifest : mapping
        Input hashes, versions, seed; written to data/manifest.json with the page list.
    saved_steps_min : tuple of float
        Classes of the map of minutes saved, ascending.
    small_map : tuple of str
        Mode and reading of the small maps on the front page.
    """

    region: RegionView
    scenarios: tuple[ScenarioView, ...]
    goals: tuple[GoalView, ...]
    verdicts: pd.DataFrame
    od: pd.DataFrame
    rings: gpd.GeoDataFrame
    basemap: Basemap
    places: pd.DataFrame
    assumptions: pd.DataFrame
    sources: pd.DataFrame
    data_quality: pd.DataFrame
    window_s: tuple[int, int]
    warnings: tuple[Mapping[str, Any], ...] = ()
    calibration: pd.DataFrame | None = None
    routes: pd.DataFrame | None = None
    outlook: pd.DataFrame | None = None
    single_projects: pd.DataFrame | None = None
    population_models: pd.DataFrame | None = None
    uncertainty: pd.DataFrame | None = None
    timetable_changes: pd.DataFrame | None = None
    road_pairs: pd.DataFrame | None = None
    road_changes: Mapping[str, int] = field(default_factory=dict)
    leads: pd.DataFrame | None = None
    other_ends: Mapping[tuple[str, str], OtherEnds] = field(default_factory=dict)
    change_facts: pd.DataFrame | None = None
    people_by_minutes: pd.DataFrame | None = None
    ranked_gains: pd.DataFrame | None = None
    seat_people: Mapping[str, int] = field(default_factory=dict)
    cells: CellMinutes | None = None
    services: pd.DataFrame | None = None
    manifest: Mapping[str, Any] = field(default_factory=dict)
    question: Text | None = None
    headline: Text | None = None
    comparisons: tuple[ComparisonView, ...] = ()
    timeline: tuple[TimelineStep, ...] = ()
    method_notes: tuple[Text, ...] = ()
    speeds: Text = field(default_factory=dict)
    small_map: tuple[str, str] = ("best", "door_to_door")
    saved_steps_min: tuple[float, ...] = (5.0, 15.0, 30.0)

    @property
    def window(self) -> str:
        """The departure window as it is written: 07:00–21:00."""
        return "–".join(format_clock(s) for s in self.window_s)

    @property
    def has_main_roads_only(self) -> bool:
        """Whether no street or village road is in the network of any scenario."""
        roads = self.basemap.roads
        return roads is not None and {str(h).removesuffix("_link") for h in roads["highway"]} <= MAIN_ROADS

    def get_scenario(self, scenario_id: str) -> ScenarioView:
        """Return a scenario by id; KeyError when there is none."""
        for scenario in self.scenarios:
            if scenario.id == scenario_id:
                return scenario
        raise KeyError(scenario_id)

    def list_new_projects(self, scenario: ScenarioView) -> tuple[ProjectView, ...]:
        """Return the projects that a scenario adds to its base case.

        Of a scenario without one all that it has, but of a base case none: what it has stands on the ground.
        """
        if scenario.base is None:
            return () if scenario.is_base else scenario.projects
        known = {p.id for p in self.get_scenario(scenario.base).projects}
        return tuple(p for p in scenario.projects if p.id not in known)

    def get_today(self) -> ScenarioView:
        """Return the latest base case, the one called today; the first scenario when none is a base case."""
        bases = [s for s in self.scenarios if s.is_base]
        return max(bases, key=lambda s: s.as_of) if bases else self.scenarios[0]

    def list_timetables(self) -> list[Text]:
        """Return of when the trains are, each timetable of the scenarios once."""
        by_id = {s.timetable_id: s.timetable for s in self.scenarios if s.timetable}
        return list(by_id.values()) or [self.region.timetable_vintage]
