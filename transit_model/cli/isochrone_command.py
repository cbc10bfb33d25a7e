"""The command that draws rings: transit-model isochrone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transit_model.cli.data_notice import tell_data
from transit_model.cli.measure_options import (
    name_session,
    open_session,
    pick_end,
    read_clock,
    read_cutoffs,
    read_hours,
)
from transit_model.cli.option_groups import Driving, Moment, Pack, Shown, grouped
from transit_model.cli.options import (
    DEFAULT_SCENARIO,
    BasemapOption,
    OutOption,
    PopulationOption,
    ScenarioOption,
)
from transit_model.cli.output import (
    Format,
    find_language,
    print_issues,
    progress,
    reporting,
    say,
    write_csv,
    write_json,
    write_table,
)
from transit_model.cli.rests_on import collect_beside, say_beside
from transit_model.cli.unused_options import list_mode_rules, refuse_unused
from transit_model.domain.named_words import read_one
from transit_model.errors import InputError, Issue

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import numpy.typing as npt

    from transit_model.domain.modes import Mode, Reading
    from transit_model.domain.place import Place
    from transit_model.measure.surfaces import SurfaceBuilder
    from transit_model.scenario.base_schema import Project
    from transit_model.surface.surface import Surface


class Kind(StrEnum):
    """What the rings are of."""

    TIME = "time"
    DAY_RETURN = "day_return"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(grouped(isochrone))


@dataclass(frozen=True)
class _Question:  # what every kind of rings needs to know
    builder: SurfaceBuilder
    places: list[Place]
    mode: Mode
    reading: Reading
    quantile: float
    reverse: bool
    people: npt.NDArray[np.float64] | None
    projects: tuple[Project, ...]


@dataclass(frozen=True)
class RingsQuestion:
    """What the rings are of."""

    words: Annotated[list[str] | None, typer.Argument(metavar="[PLACE]", help="Short for --from PLACE.")] = None
    origin: Annotated[
        str | None, typer.Option("--from", help="Place id, name, or lon,lat; several with commas, or a group.")
    ] = None
    to: Annotated[str | None, typer.Option("--to", help="Instead of --from: from where the place is reached.")] = None
    mode: Annotated[str, typer.Option("--mode", help="road, rail, bus, transit or best.")] = "best"
    cutoffs: Annotated[str, typer.Option("--cutoffs", help="Minutes, with commas.")] = "30,60,90,120"
    kind: Annotated[
        str, typer.Option("--kind", help="time, or day-return: where one can be for --hours-there and back at home.")
    ] = "time"
    hours: Annotated[str, typer.Option("--hours-there", help="Day return: hours there, with commas.")] = "4"
    after: Annotated[str, typer.Option("--after", help="Day return: leave home from HH:MM on.")] = "06:00"
    home_by: Annotated[str, typer.Option("--home-by", help="Day return: be back by HH:MM.")] = "22:00"
    join: Annotated[
        str | None, typer.Option("--join", help="Rings of several places: union, intersection or difference.")
    ] = None
    base: Annotated[
        str | None, typer.Option("--base", help="Compare with this scenario: ground newly reached, improved, lost.")
    ] = None
    reading: Annotated[str, typer.Option("--reading", help="promoter (road only), typical or door_to_door.")] = (
        "door_to_door"
    )
    percentile: Annotated[float, typer.Option("--percentile", min=1, max=99, help="Of the departure minutes.")] = 50
    population: PopulationOption = "model"
    cell: Annotated[float, typer.Option("--cell", min=50, help="Cell size in metres.")] = 1000


@dataclass(frozen=True)
class RingsTarget:
    """The scenario they are measured in, and where they go."""

    scenario: ScenarioOption = DEFAULT_SCENARIO
    out: OutOption = None
    basemap: BasemapOption = None


def isochrone(
    context: typer.Context,
    question: RingsQuestion,
    driving: Driving,
    target: RingsTarget,
    pack: Pack,
    moment: Moment,
    shown: Shown,
) -> None:
    """Write the rings of a place (.geojson, .gpkg, .parquet, .tif, .html), or print their areas. 等时圈"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.domain.modes import Mode, Reading
        from transit_model.measure.people import place_people
        from transit_model.measure.rings import check_service
        from transit_model.measure.surfaces import SurfaceBuilder
        from transit_model.measure.workspace import Workspace
        from transit_model.pages.isochrone_files import check_isochrone_file
        from transit_model.surface.export import RASTER_SUFFIXES

        end = pick_end(question.origin, question.to, question.words or ())
        _check_together(question.kind, question.join, question.base, question.to)
        minutes = read_cutoffs(question.cutoffs)
        day = read_one(question.kind, Kind, "kind") is Kind.DAY_RETURN
        means, how = read_one(question.mode, Mode, "mode"), read_one(question.reading, Reading, "reading")
        rule = (day, "with --kind day-return")
        refuse_unused(
            context,
            {
                **list_mode_rules([means], [how]),
                **dict.fromkeys(("hours", "after", "home_by"), rule),
                "cutoffs": (not day, "without --kind day-return, whose rings are of --hours-there"),
                "percentile": (
                    not day and means is not Mode.ROAD,
                    "by any mode but road, over the departure minutes",
                ),
                "basemap": (target.out is not None and target.out.suffix.lower() == ".html", "with -o FILE.html"),
            },
        )
        check_isochrone_file(target.out, is_change=question.base is not None)
        with progress("读取数据 reading the region", None):
            workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        more = tell_data(workspace, shown.form, size=(question.cell, 1 if question.base is None else 2, 1))
        session = open_session(workspace, target.scenario, driving.vehicle, driving.speeds, moment.date, moment.window)
        with progress("道路与人口上网格 laying roads and people on the grid", None):
            builder = SurfaceBuilder(session, question.cell)
            people = place_people(builder, question.population)
        questions = _Question(
            builder,
            session.places.list_group(end),
            means,
            how,
            question.percentile / 100,
            question.to is not None,
            people if people.any() else None,  # that nobody is known to live here is not that nobody does
            workspace.scenario(session.scenario_id).projects,
        )
        language = find_language(shown.lang)
        title = f"{'、'.join(p.name(language) for p in questions.places)} · {name_session(session, language)}"
        if (warnings := [*builder.check(), *check_service(session, means)]) and shown.form is not Format.JSON:
            print_issues(warnings, shown.form)
        ids = [session.scenario_id] if question.base is None else [question.base, session.scenario_id]
        details = {**more, **({"issues": [w.as_dict() for w in warnings]} if warnings else {})}
        beside = collect_beside(workspace, ids, details, windows=moment.windows)
        if target.out is None and shown.form is not Format.JSON:
            say_beside(workspace, ids, language, shown.form, windows=moment.windows)
        if question.base is not None:
            first = SurfaceBuilder(
                open_session(workspace, question.base, driving.vehicle, driving.speeds, moment.date, moment.window),
                question.cell,
            )
            _compare(
                questions, first, minutes, target.out, (shown.form, language, f"{question.base} → {title}"), beside
            )
            return
        if day:
            rings, surface = _draw_day_return(
                questions, read_hours(question.hours), read_clock(question.after), read_clock(question.home_by)
            )
        elif question.join is not None:
            rings, surface = _draw_joined(questions, minutes, question.join)
        else:
            rings, surface = _draw(
                questions, minutes, full=target.out is not None and target.out.suffix.lower() in RASTER_SUFFIXES
            )
        _finish(questions, rings, surface, target.out, (shown.form, language, title), target.basemap, beside)


def _draw(question: _Question, minutes: Sequence[float], *, full: bool) -> tuple[gpd.GeoDataFrame, Surface | None]:
    """Return the rings of each place, and the surface when there is one place."""
    import geopandas as gpd
    import pandas as pd

    from transit_model.measure.rings import compute_isochrone, compute_rings_alone

    compute = compute_isochrone if full else compute_rings_alone
    drawn = [
        compute(
            question.builder,
            place,
            question.mode,
            question.reading,
            minutes,
            quantile=question.quantile,
            population=question.people,
            reverse=question.reverse,
        )
        for place in question.places
    ]
    if len(drawn) == 1:
        return drawn[0]
    return gpd.GeoDataFrame(pd.concat([rings for rings, _ in drawn], ignore_index=True), crs="EPSG:4326"), None


def _draw_joined(question: _Question, minutes: Sequence[float], join: str) -> tuple[gpd.GeoDataFrame, Surface | None]:
    from transit_model.measure.isochrone_sets import Join, JoinedPlaces, join_isochrones

    return join_isochrones(
        question.builder,
        JoinedPlaces(question.places, read_one(join, Join, "join")),
        question.mode,
        question.reading,
        minutes,
        quantile=question.quantile,
        population=question.people,
        reverse=question.reverse,
    )


def _draw_day_return(
    question: _Question, hours: Sequence[float], after_clock_s: int, home_by_clock_s: int
) -> tuple[gpd.GeoDataFrame, Surface | None]:
    from transit_model.measure.day_return_circle import Day, compute_day_return_circle

    day = Day(after_clock_s, home_by_clock_s)
    place = _only(question.places)
    return compute_day_return_circle(
        question.builder, place, question.mode, question.reading, hours, day, population=question.people
    )


def _finish(
    question: _Question,
    rings: gpd.GeoDataFrame,
    surface: Surface | None,
    out: Path | None,
    shown: tuple[Format, str, str],
    basemap: str | None,
    beside: dict[str, Any],
) -> None:
    """Add what describes the roads and the snapping, and write a file or print the rows."""
    from transit_model.measure.snap_report import describe_snaps, report_snaps
    from transit_model.pages.isochrone_files import (
        VECTOR,
        PageChoices,
        collect_edges_of_all,
        describe_rings,
        name_origins,
        write_isochrone,
    )

    form, language, title = shown
    session = question.builder.session
    rings = rings.assign(vehicle=session.vehicle.value, speeds=session.speed_table(question.reading).value)
    snaps = report_snaps(session, question.places)
    far_m = dict(zip(snaps["place"], snaps["snap_m"].astype(float), strict=True))
    rings = rings.assign(snap_m=[far_m.get(o, max(far_m.values())) for o in rings["origin"]])
    if out is not None:
        if out.suffix.lower() == ".html" and "join" not in rings:
            _only(question.places)
        edges = None
        if out.suffix.lower() in VECTOR and "kind" not in rings and "join" not in rings:
            last, kind = float(rings["cutoff_min"].max()), (question.mode, question.reading)
            quantile, reverse = question.quantile, question.reverse
            edges = collect_edges_of_all(
                question.builder, question.places, kind, last, quantile=quantile, reverse=reverse
            )
        if out.suffix.lower() in VECTOR and "kind" not in rings:
            rings = name_origins(rings, question.places)
        page = PageChoices(language, basemap, question.projects)
        for path in write_isochrone(question.builder, question.places[0], rings, surface, out, page, edges=edges):
            say(str(path))
        return
    _print(describe_rings(rings), form, language, title, beside)
    if form is Format.TABLE:
        for line in describe_snaps(snaps, language):
            say(line)


def _compare(
    question: _Question,
    base: SurfaceBuilder,
    minutes: Sequence[float],
    out: Path | None,
    shown: tuple[Format, str, str],
    beside: dict[str, Any],
) -> None:
    from transit_model.measure.isochrone_sets import compare_isochrones
    from transit_model.pages.isochrone_files import describe_rings, write_change

    areas, change = compare_isochrones(
        (base, question.builder),
        _only(question.places),
        question.mode,
        question.reading,
        minutes,
        quantile=question.quantile,
        population=question.people,
        reverse=question.reverse,
    )
    if out is not None:
        say(str(write_change(areas, change, question.builder.grid, out)))
        return
    _print(describe_rings(areas), *shown, beside)


_HEADINGS = {
    "origin": ("地点", "place"),
    "mode": ("方式", "mode"),
    "reading": ("口径", "reading"),
    "hours_there": ("停留小时", "hours there"),
    "cutoff_min": ("分钟", "min"),
    "change": ("变化", "change"),
    "area_km2": ("面积 km²", "area km²"),
    "raster_area_km2": ("栅格面积 km²", "raster km²"),
    "gap_share": ("两者之差", "gap"),
    "population": ("人口", "people"),
    "cut_by_grid": ("被图框截断", "cut by the frame"),
}
_CHANGES = {"gained": "新可达", "lost": "不再可达", "improved": "缩短", "worsened": "变长"}


def _print(rows: list[dict[str, Any]], form: Format, language: str, title: str, more: dict[str, Any]) -> None:
    if form is Format.JSON:
        write_json({"rows": rows, **more})
    elif form is Format.CSV:
        write_csv(rows)
    else:
        from transit_model.domain.modes import MODE_NAMES, Mode, Reading
        from transit_model.domain.readings import READING_NAMES

        zh = language == "zh"
        shown = [
            {
                **r,
                "mode": MODE_NAMES[Mode(r["mode"])][language],
                "reading": READING_NAMES[Reading(r["reading"])][language],
                "change": _CHANGES.get(r.get("change", ""), "") if zh else r.get("change"),
                "gap_share": None if r.get("gap_share") is None else f"{r['gap_share']:+.2%}",
                "population": None if r["population"] is None else round(r["population"]),
                "cut_by_grid": ("是" if zh else "yes") if r.get("cut_by_grid") else "",
            }
            for r in rows
        ]
        write_table(shown, {k: v[0 if zh else 1] for k, v in _HEADINGS.items() if k in rows[0]}, title=title)


def _check_together(kind: str, join: str | None, base: str | None, to: str | None) -> None:
    """Refuse options that do not go together, all at once."""
    day = read_one(kind, Kind, "kind") is Kind.DAY_RETURN
    clashes = {
        "--join and --base": join is not None and base is not None,
        "--kind day-return and --join": day and join is not None,
        "--kind day-return and --base": day and base is not None,
        "--kind day-return and --to": day and to is not None,
    }
    issues = [
        Issue("options_clash", "error", f"{what} cannot be asked for at once", field=what, hint="ask one after another")
        for what, wrong in clashes.items()
        if wrong
    ]
    if issues:
        raise InputError(issues)


def _only(places: list[Place]) -> Place:
    if len(places) > 1:
        names = ", ".join(p.place_id for p in places)
        raise InputError(Issue("one_place", "error", "give one place here", field="from", value=names))
    return places[0]
