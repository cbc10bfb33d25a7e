"""Commands that measure: od, isochrone, explain, trains."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from transit_model.cli.measure_options import (
    headings,
    leg_headings,
    pick,
    pick_end,
    pick_one,
    read_cutoffs,
    write_records,
)
from transit_model.cli.options import (
    DEFAULT_SCENARIO,
    BasemapOption,
    DateOption,
    DebugOption,
    FormatOption,
    LangOption,
    OutOption,
    RegionOption,
    ScenarioOption,
    ScenariosOption,
    WindowOption,
)
from transit_model.cli.output import (
    Format,
    find_language,
    reporting,
    say,
    write_csv,
    write_json,
    write_table,
)

if TYPE_CHECKING:
    from transit_model.study.session import Session
    from transit_model.study.workspace import Workspace


_K = TypeVar("_K", bound=StrEnum)
VehicleOption = Annotated[
    str, typer.Option("--vehicle", help="Who drives: car, coach (100 km/h by law) or ambulance. Taxis are cars.")
]
SpeedsOption = Annotated[
    str, typer.Option("--speeds", help="Road speeds: typical, peak or winter; the promoter's reading is free flow.")
]


def register(app: typer.Typer) -> None:
    """Add the measuring commands to the application."""
    app.command()(od)
    app.command()(isochrone)
    app.command()(explain)
    app.command()(trains)


def od(
    origins: Annotated[
        str,
        typer.Option(
            "--from", help="A group (centres, county_seats, stations, airports), a place, or several with commas."
        ),
    ],
    destinations: Annotated[str, typer.Option("--to", help="As --from.")],
    mode: Annotated[str, typer.Option("--mode", help="road, rail, bus, best; several with commas.")] = "road,rail",
    reading: Annotated[str, typer.Option("--reading", help="promoter, typical, door_to_door, or all.")] = "all",
    vehicle: VehicleOption = "car",
    speeds: SpeedsOption = "typical",
    policy: Annotated[
        str,
        typer.Option(
            "--policy", help="Door to door by rail or bus: spontaneous (leaves at any minute) or timetabled (in time)."
        ),
    ] = "spontaneous",
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    out: OutOption = None,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    date: DateOption = None,
    window: WindowOption = None,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """Print or write the tidy table of travel times between places. 出行时间表"""
    with reporting(form, debug=debug):
        from transit_model.domain.modes import MODE_NAMES, POLICY_NAMES, READING_NAMES, Mode, Policy, Reading
        from transit_model.study.od import compute_od, od_records
        from transit_model.study.workspace import Workspace

        modes = pick(mode, Mode, "mode")
        readings = list(Reading) if reading == "all" else pick(reading, Reading, "reading")
        traveller = pick_one(policy, Policy, "policy")
        session = _open_session(Workspace.open(region, scenarios), scenario, vehicle, speeds, date, window)
        here, there = session.places.list_group(origins), session.places.list_group(destinations)
        table = compute_od(session, here, there, modes, readings, policy=traveller)
        records = od_records(table, session, traveller)
        if out is not None:
            write_records(out, records)
            say(str(out))
            return
        if form is Format.JSON:
            write_json({"rows": records})
        elif form is Format.CSV:
            write_csv(records)
        else:
            language = find_language(lang)
            names = {p.place_id: p.name(language) for p in session.places.places}
            shown = [
                {
                    **r,
                    "from": names.get(str(r["from"]), r["from"]),
                    "to": names.get(str(r["to"]), r["to"]),
                    "mode": MODE_NAMES[Mode(str(r["mode"]))][language],
                    "reading": READING_NAMES[Reading(str(r["reading"]))][language],
                }
                for r in records
                if r["from"] != r["to"]
            ]
            title = f"{_title(session, language)} · {session.network.info.timetable_vintage[language]}"
            if modes != [Mode.ROAD]:
                title += f" · {POLICY_NAMES[traveller][language]}"
            write_table(shown, headings(language), title=title)


def isochrone(
    origin: Annotated[str | None, typer.Option("--from", help="Place id, Chinese or English name, or lon,lat.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Instead of --from: from where the place is reached.")] = None,
    mode: Annotated[str, typer.Option("--mode", help="road, rail, bus or best.")] = "best",
    cutoffs: Annotated[str, typer.Option("--cutoffs", help="Minutes, with commas.")] = "30,60,90,120",
    reading: Annotated[
        str, typer.Option("--reading", help="promoter (road only), typical or door_to_door.")
    ] = "door_to_door",
    percentile: Annotated[float, typer.Option("--percentile", min=1, max=99, help="Of the departure minutes.")] = 50,
    population: Annotated[
        str,
        typer.Option(
            "--population", help="model, seat, even, or your own .tif (persons) or .csv (lon,lat,population)."
        ),
    ] = "model",
    cell: Annotated[float, typer.Option("--cell", min=50, help="Cell size in metres.")] = 1000,
    vehicle: VehicleOption = "car",
    speeds: SpeedsOption = "typical",
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    out: OutOption = None,
    basemap: BasemapOption = None,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    date: DateOption = None,
    window: WindowOption = None,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """Write the rings of a place (.geojson, .gpkg, .parquet, .tif, .html), or print their areas. 等时圈"""
    with reporting(form, debug=debug):
        from transit_model.domain.modes import Mode, Reading
        from transit_model.study.isochrone_files import VECTOR, collect_edges, describe_rings, write_isochrone
        from transit_model.study.people import METHODS, build_population, read_population
        from transit_model.study.snap_report import describe_snaps, report_snaps
        from transit_model.study.surfaces import SurfaceMaker, compute_isochrone
        from transit_model.study.workspace import Workspace

        minutes = read_cutoffs(cutoffs)
        session = _open_session(Workspace.open(region, scenarios), scenario, vehicle, speeds, date, window)
        place = session.places.get_place(pick_end(origin, to))
        kind, asked = pick_one(mode, Mode, "mode"), pick_one(reading, Reading, "reading")
        maker = SurfaceMaker(session, cell)
        people = (
            build_population(maker, population) if population in METHODS else read_population(maker, Path(population))
        )
        rings, surface = compute_isochrone(
            maker,
            place,
            kind,
            asked,
            minutes,
            share=percentile / 100,
            population=people,
            reverse=to is not None,
        )
        rings = rings.assign(vehicle=session.vehicle.value, speeds=session.speed_table(asked).value)
        snaps = report_snaps(session, [place])
        rings = rings.assign(snap_m=float(snaps["snap_m"].iloc[0]))
        language = find_language(lang)
        if out is not None:
            share, reverse = percentile / 100, to is not None
            edges = (
                collect_edges(maker, place, kind, asked, max(minutes), share=share, reverse=reverse)
                if out.suffix.lower() in VECTOR
                else None
            )
            for path in write_isochrone(maker, place, rings, surface, out, language, basemap=basemap, edges=edges):
                say(str(path))
            return
        rows = describe_rings(rings)
        if form is Format.JSON:
            write_json({"rows": rows})
        elif form is Format.CSV:
            write_csv(rows)
        else:
            title = f"{place.name(language)} · {_title(session, language)}"
            write_table(rows, {k: k for k in rows[0]}, title=title)
            for line in describe_snaps(snaps, language):
                say(line)


def explain(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Place id, name, or lon,lat.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="As FROM.")],
    mode: Annotated[str, typer.Option("--mode", help="road, rail, bus or best.")] = "best",
    reading: Annotated[
        str, typer.Option("--reading", help="For road: promoter, typical or door_to_door.")
    ] = "door_to_door",
    depart: Annotated[
        str | None, typer.Option("--depart", help="Clock time HH:MM; default the median departure.")
    ] = None,
    arrive: Annotated[
        str | None, typer.Option("--arrive", help="Clock time HH:MM to be there by: the last departure in time.")
    ] = None,
    vehicle: VehicleOption = "car",
    speeds: SpeedsOption = "typical",
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    date: DateOption = None,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """Tell one journey leg by leg: minutes, project, assumption and source. 行程说明"""
    with reporting(form, debug=debug):
        from transit_model.domain.modes import Mode, Reading
        from transit_model.study.explain import explain_journey
        from transit_model.study.workspace import Workspace

        session = _open_session(Workspace.open(region, scenarios), scenario, vehicle, speeds, date)
        told = explain_journey(
            session,
            session.places.get_place(origin),
            session.places.get_place(destination),
            pick_one(mode, Mode, "mode"),
            pick_one(reading, Reading, "reading"),
            depart=depart,
            arrive=arrive,
        )
        if form is Format.JSON:
            write_json(told.as_dict())
            return
        language = find_language(lang)
        rows = [leg.as_row(language) for leg in told.legs]
        if form is Format.CSV:
            write_csv(rows)
            return
        write_table(rows, leg_headings(language), title=told.headline(language))
        for note in told.notes:
            say(note)


def trains(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Place id, name, or lon,lat.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="As FROM.")],
    mode: Annotated[str, typer.Option("--mode", help="rail or bus.")] = "rail",
    every: Annotated[bool, typer.Option("--all", help="Every useful departure, not only first and last.")] = False,
    speeds: SpeedsOption = "typical",
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    date: DateOption = None,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """Tell the first and the last useful departure of a day, door to door. 首末班"""
    with reporting(form, debug=debug):
        from transit_model.domain.modes import MODE_NAMES, Mode
        from transit_model.study.trains import get_day_journeys
        from transit_model.study.workspace import Workspace

        session = _open_session(Workspace.open(region, scenarios), scenario, "car", speeds, date)
        kind = pick_one(mode, Mode, "mode", of=(Mode.RAIL, Mode.BUS))
        start, end = session.places.get_place(origin), session.places.get_place(destination)
        journeys = get_day_journeys(session, start, end, kind)
        head = {"from": start.place_id, "to": end.place_id, "mode": kind.value, "scenario": scenario}
        rows = [{**head, **j.as_row()} for j in journeys if every or j.is_first or j.is_last]
        if form is Format.JSON:
            write_json({"service_date": session.service_date.isoformat(), "journeys": len(journeys), "rows": rows})
        elif form is Format.CSV:
            write_csv(rows)
        else:
            language = find_language(lang)
            count = f"{len(journeys)} 班" if language == "zh" else f"{len(journeys)} departures"
            names = f"{start.name(language)} → {end.name(language)} · {MODE_NAMES[kind][language]}"
            title = f"{names} · {_title(session, language)} · {session.service_date.isoformat()} · {count}"
            headings = leg_headings(language)
            write_table(rows, {k: headings[k] for k in ("depart", "arrive", "minutes")}, title=title)


def _open_session(
    workspace: Workspace, scenario: str, vehicle: str, speeds: str, date: str | None = None, window: str | None = None
) -> Session:
    from transit_model.domain.modes import SpeedTable, Vehicle

    chosen = pick_one(speeds, SpeedTable, "speeds", of=(SpeedTable.TYPICAL, SpeedTable.PEAK, SpeedTable.WINTER))
    who = pick_one(vehicle, Vehicle, "vehicle")
    return workspace.session(scenario, date=date, window=window, vehicle=who, speeds=chosen)


def _title(session: Session, language: str) -> str:
    """Return the scenario with the vehicle and the speeds of its roads."""
    from transit_model.domain.modes import SPEED_NAMES, VEHICLE_NAMES

    parts = session.scenario_id, VEHICLE_NAMES[session.vehicle][language], SPEED_NAMES[session.speeds][language]
    return " · ".join(parts)
