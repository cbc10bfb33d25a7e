"""The front door for analysts: three lines to a table. Words or enums, one or many, tables and GeoDataFrames go in.

Nothing is computed here: each function reads what it was given and calls the one home of the answer, so the numbers are
those of the command line and of the pages. All of these names stand in ``transit_model`` too::

    import transit_model as tm

    ws = tm.open()
    session = ws.session("built-2025", window="07:00-21:00")
    tm.travel_times(session, "centres", "county_seats", mode="rail", reading="typical")
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from transit_model.domain.modes import DeparturePolicy, Mode, Reading
from transit_model.domain.named_words import read_names, read_numbers, read_one, read_text, read_words
from transit_model.errors import InputError, Issue
from transit_model.measure.named_inputs import check_workspace, read_place, read_places

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from transit_model.analysis.attribution import Attribution
    from transit_model.analysis.what_if import ProjectInput
    from transit_model.measure.explanation import Explanation
    from transit_model.measure.open_parts import Parts
    from transit_model.measure.session import Session
    from transit_model.measure.workspace import Workspace
    from transit_model.study.compare import Comparison


def open(
    region: str | Path | None = None,
    *,
    scenarios: str | Path | None = None,
    population: str = "model",
    timetable: str | None = None,
    **parts: Unpack[Parts],
) -> Workspace:
    """Open a region with its scenarios and goals, or make one of what is at hand.

    Parameters
    ----------
    region : str or path, optional
        Name of a shipped region or the folder of one's own; the shipped default when absent.
    scenarios : path, optional
        Folder of one's own scenarios; it builds on those of the region.
    population : str
        How people are placed: ``model``, ``seat``, ``even``, or a file of persons.
    timetable : str, optional
        Id of the timetable that everything runs on; by default each scenario takes the one of its date.
    **parts
        ``osm=`` an extract or ``roads=`` a graph of osmnx, ``gtfs=`` feeds, ``places=`` a table: see `Parts`. What is
        odd about them is a `UserWarning`.

    Raises
    ------
    InputError
        What is wrong with the folder or the parts, all at once.

    Examples
    --------
    >>> import transit_model as tm
    >>> tm.open().region.info.region_id
    'hubaoewu'
    """
    from transit_model.measure.open_parts import open_parts
    from transit_model.measure.workspace import Workspace

    read_text(region, "region", "'hubaoewu', or a folder", path=True)
    read_text(scenarios, "scenarios", "'my-plans', a folder", path=True)
    read_text(timetable, "timetable", "'TT20231215'")
    if parts:
        return open_parts(region, parts, population, unused={"scenarios": scenarios, "timetable": timetable})
    return Workspace.open(region, None if scenarios is None else Path(scenarios), population, timetable=timetable)


def travel_times(
    session: Session,
    origins: Any,  # noqa: ANN401 - see `read_places`
    destinations: Any = None,  # noqa: ANN401 - see `read_places`
    mode: str | Mode | Iterable[str | Mode] = "best",
    reading: str | Reading | Iterable[str | Reading] = "door_to_door",
    *,
    policy: str | DeparturePolicy = "spontaneous",
    with_km: bool = False,
) -> pd.DataFrame:
    """Return the OD matrix as a tidy table, one row for each pair, mode and reading.

    Parameters
    ----------
    session : Session
    origins, destinations : text, Place, LonLat, table or GeoDataFrame with an id column, or several
        Destinations are the origins when absent.
    mode, reading : str, enum, or several
        ``"all"`` for all.
    policy : str
        Of the door-to-door traveller by public transport: ``spontaneous`` or ``timetabled``.
    with_km : bool
        Also the length of the road of each row by road, in km (slower).

    Returns
    -------
    DataFrame
        ``from, to, mode, reading, scenario, minutes, p10, p90, km, via, note``; `minutes` is inf when unreachable,
        `p10` and `p90` are NaN where the reading has no distribution.

    Raises
    ------
    InputError
        With a hint of what is accepted, for whatever is not.

    Examples
    --------
    >>> import transit_model as tm
    >>> session = tm.open().session("built-2025")
    >>> tm.travel_times(session, "hohhot", "baotou", "rail", "promoter")["minutes"].round().tolist()
    [51.0]
    """
    from transit_model.measure.od import compute_od

    starts = read_places(session, origins, "origins")
    ends = starts if destinations is None else read_places(session, destinations, "destinations")
    modes, readings = read_words(mode, Mode, "mode"), read_words(reading, Reading, "reading")
    how = read_one(policy, DeparturePolicy, "policy")
    return compute_od(session, starts, ends, modes, readings, with_km=with_km, policy=how)


def isochrones(
    session: Session,
    origins: Any,  # noqa: ANN401 - see `read_places`
    cutoffs_min: float | str | Sequence[float] = (30, 60, 90, 120),
    mode: str | Mode = "best",
    reading: str | Reading = "door_to_door",
    *,
    population: str | Path | None = "model",
    reverse: bool = False,
) -> gpd.GeoDataFrame:
    """Return the rings of places: one row for each place and cutoff, WGS84.

    Parameters
    ----------
    cutoffs_min : float or several, minutes
    population : str or path or None
        How people are placed, None to count none.
    reverse : bool
        Rings of who gets *to* the place.

    Returns
    -------
    GeoDataFrame
        ``origin, mode, reading, scenario, cutoff_min, area_km2, raster_area_km2, population, ..., geometry``;
        ``.plot("cutoff_min")`` and ``.explore("cutoff_min")`` draw it (extra ``notebook``).
    """
    import geopandas as gpd
    import pandas as pd

    from transit_model.measure.people import place_people
    from transit_model.measure.rings import compute_rings_alone
    from transit_model.measure.surfaces import SurfaceBuilder

    read_text(population, "population", "'model', 'seat', 'even', or a file of persons", path=True)
    builder = SurfaceBuilder(session)
    people = None if population is None else place_people(builder, population)
    cutoffs = read_numbers(cutoffs_min, "cutoffs_min")
    kind = read_one(mode, Mode, "mode"), read_one(reading, Reading, "reading")
    rings = [
        compute_rings_alone(builder, place, *kind, cutoffs, population=people, reverse=reverse)[0]
        for place in read_places(session, origins, "origins")
    ]
    return gpd.GeoDataFrame(pd.concat(rings, ignore_index=True), crs=rings[0].crs)


def explain(
    session: Session,
    origin: Any,  # noqa: ANN401 - see `read_places`
    destination: Any,  # noqa: ANN401 - see `read_places`
    mode: str | Mode = "best",
    reading: str | Reading = "door_to_door",
    *,
    depart: str | None = None,
    arrive: str | None = None,
) -> Explanation:
    """Return one journey in words: its legs, waits and their sources; `depart` and `arrive` are ``HH:MM``."""
    from transit_model.measure.explain import explain_journey

    for field, clock in (("depart", depart), ("arrive", arrive)):
        read_text(clock, field, "'07:30'")
    start, end = read_place(session, origin, "origin"), read_place(session, destination, "destination")
    kind = read_one(mode, Mode, "mode"), read_one(reading, Reading, "reading")
    return explain_journey(session, start, end, *kind, depart=depart, arrive=arrive)


def judge(ws: Workspace, scenarios: str | Sequence[str], goals: str | Sequence[str] | None = None) -> pd.DataFrame:
    """Return the verdicts of goals (default: all) in scenarios, one row for each goal, scenario and reading."""
    import pandas as pd

    from transit_model.study.by_name import judge_scenarios

    check_workspace(ws)
    names = read_names(scenarios, "scenarios", "'built-2025'")
    wanted = None if goals is None else read_names(goals, "goals", "'rail-1h-circle'")
    return pd.DataFrame([v.as_dict() for v in judge_scenarios(ws, names, wanted)[1]])


def compare(ws: Workspace, base: str, scenario: str) -> Comparison:
    """Return what changes between two scenarios, with the certificate that the comparison is sound.

    What fails of it, a fault of the model, is a `UserWarning`; `Comparison.failures` has it too.
    """
    from transit_model.study.by_name import compare_scenarios

    check_workspace(ws)
    result = compare_scenarios(ws, *read_names([base, scenario], "scenario", "'built-2025'"))
    for issue in result.failures:
        warnings.warn(issue.as_text(), stacklevel=2)
    return result


def attribute(
    ws: Workspace, measure: str, projects: str | Sequence[str], base: str | None = None, *, cap_min: float | None = None
) -> Attribution:
    """Return the gain of projects in one measure (``goal:ID:READING``, ``od:FROM:TO:MODE`` ...) by Shapley shares."""
    from transit_model.analysis.attribution import attribute as share_out
    from transit_model.analysis.evaluate import Evaluator
    from transit_model.analysis.measures import parse_measure

    check_workspace(ws)
    read_names([measure], "measure", "'goal:rail-1h-circle:typical'")
    given = projects.replace("，", ",").split(",") if isinstance(projects, str) else projects
    names = read_names(given, "projects", "['hubao_hsr', 'hue_hsr']")
    wanted = parse_measure(measure, ws.goals(), ws.region.info.groups["centres"])
    return share_out(Evaluator(ws, ws.choose(base)), [wanted], [n.strip() for n in names], cap_min=cap_min)[0]


def indicator(
    session: Session,
    name: str | Sequence[str],
    mode: str | Mode | Iterable[str | Mode] = ("road", "best"),
    reading: str | Reading | Iterable[str | Reading] = "door_to_door",
    *,
    cutoffs_min: Sequence[float] = (30, 60, 90, 120),
) -> pd.DataFrame:
    """Return planners' indicators of a session, as the command ``indicators`` prints them."""
    from transit_model.indicator_tables.rows import Measured
    from transit_model.indicator_tables.tables import tabulate_indicators

    modes, readings = tuple(read_words(mode, Mode, "mode")), tuple(read_words(reading, Reading, "reading"))
    measured = Measured(session, tuple(read_numbers(cutoffs_min, "cutoffs_min")), readings=readings, modes=modes)
    return tabulate_indicators(measured, read_names(name, "name", "'within'"))


def what_if(
    ws: Workspace,
    base: str | None = None,
    projects: ProjectInput | Iterable[ProjectInput] = (),
    overrides: Mapping[str, float] | None = None,
) -> Session:
    """Return a session of a scenario with projects (ids, files or dicts) added and numbers replaced."""
    from transit_model.analysis.what_if import ask_what_if

    check_workspace(ws)
    numbers: Any = overrides
    if not isinstance(numbers, Mapping | None):
        message, hint = f"{type(numbers).__name__} holds no numbers", "e.g. {'hubao_hsr.design_speed_kmh': 300}"
        raise InputError(Issue("bad_override", "error", message, field="overrides", hint=hint))
    one = isinstance(projects, str | Path | Mapping) or not isinstance(projects, Iterable)
    return ask_what_if(ws, ws.choose(base), [projects] if one else projects, overrides)  # type: ignore[list-item]
