"""Commands that measure: od, trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from transit_model.cli.data_notice import tell_data
from transit_model.cli.measure_options import (
    headings,
    leg_headings,
    name_places,
    name_session,
    open_session,
    pick_ends,
)
from transit_model.cli.option_groups import Driving, Moment, Pack, Shown, grouped
from transit_model.cli.options import (
    DEFAULT_SCENARIO,
    DateOption,
    OutOption,
    ScenarioOption,
    SpeedsOption,
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
from transit_model.cli.rests_on import collect_beside, list_rests, say_beside
from transit_model.cli.row_files import check_row_file, start_paper, write_records
from transit_model.cli.stations_used import name_way
from transit_model.cli.unused_options import list_mode_rules, refuse_unused
from transit_model.domain.named_words import read_one, read_words


def register(app: typer.Typer) -> None:
    """Add the measuring commands to the application."""
    app.command()(grouped(od))
    app.command()(grouped(trains))


@dataclass(frozen=True, kw_only=True)
class TableQuestion:
    """What a table of travel times is of, and where it goes."""

    mode: Annotated[str, typer.Option("--mode", help="road, rail, bus, transit, best; several with commas.")] = (
        "road,rail"
    )
    reading: Annotated[str, typer.Option("--reading", help="promoter, typical, door_to_door, or all.")] = "all"
    driving: Driving
    policy: Annotated[
        str,
        typer.Option(
            "--policy",
            help="Door to door by rail, bus or transit: spontaneous (leaves at any minute) or timetabled (in time).",
        ),
    ] = "spontaneous"
    scenario: ScenarioOption = DEFAULT_SCENARIO
    out: OutOption = None


def od(
    context: typer.Context,
    ends: Annotated[
        list[str] | None, typer.Argument(metavar="[FROM TO]", help="Short for --from FROM --to TO.")
    ] = None,
    origins: Annotated[
        str | None,
        typer.Option(
            "--from", help="A group (centres, county_seats, stations, airports), a place, or several with commas."
        ),
    ] = None,
    destinations: Annotated[str | None, typer.Option("--to", help="As --from.")] = None,
    *,
    question: TableQuestion,
    pack: Pack,
    moment: Moment,
    shown: Shown,
) -> None:
    """Print or write the tidy table of travel times between places. 出行时间表"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.domain.modes import MODE_NAMES, POLICY_NAMES, DeparturePolicy, Mode, Reading
        from transit_model.domain.readings import READING_NAMES
        from transit_model.measure.od import compute_od, od_records
        from transit_model.measure.workspace import Workspace

        start, end = pick_ends(ends or (), origins, destinations)
        modes = read_words(question.mode, Mode, "mode")
        readings = list(Reading) if question.reading == "all" else read_words(question.reading, Reading, "reading")
        traveller = read_one(question.policy, DeparturePolicy, "policy")
        refuse_unused(context, list_mode_rules(modes, readings))
        check_row_file(question.out)
        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        more = tell_data(workspace, shown.form)
        session = open_session(
            workspace, question.scenario, question.driving.vehicle, question.driving.speeds, moment.date, moment.window
        )
        from_places, to_places = session.places.list_group(start), session.places.list_group(end)
        table = compute_od(session, from_places, to_places, modes, readings, policy=traveller)
        records = od_records(table, session, traveller)
        if question.out is not None:
            names = name_places(session, records, find_language(shown.lang))
            beside = list_rests(workspace, [session.scenario_id], find_language(shown.lang), moment.windows)
            paper = start_paper(shown.lang, "出行时间", "travel times", names=names, more=beside)
            write_records(question.out, records, paper)
            say(str(question.out))
            return
        if shown.form is Format.JSON:
            write_json(
                {"rows": records, **collect_beside(workspace, [session.scenario_id], more, windows=moment.windows)}
            )
        elif shown.form is Format.CSV:
            write_csv(records)
        else:
            language = find_language(shown.lang)
            names, stops = name_places(session, records, language), session.network.stations
            english = dict(zip(stops["name_zh"], stops["name_en"], strict=True))
            rows_shown = [
                {
                    **r,
                    "from": names.get(str(r["from"]), r["from"]),
                    "to": names.get(str(r["to"]), r["to"]),
                    "mode": MODE_NAMES[Mode(str(r["mode"]))][language],
                    "reading": READING_NAMES[Reading(str(r["reading"]))][language],
                    "via": name_way(r.get("via"), english, language),
                }
                for r in records
                if r["from"] != r["to"]
            ]
            title = f"{name_session(session, language)} · {session.network.info.timetable_vintage[language]}"
            if modes != [Mode.ROAD]:
                title += f" · {POLICY_NAMES[traveller][language]}"
            write_table(rows_shown, headings(language), title=title, fold=("mode", "reading"))
            say_beside(workspace, [session.scenario_id], language, windows=moment.windows)


@dataclass(frozen=True)
class DepartureChoice:
    """Which departures are told."""

    mode: Annotated[str, typer.Option("--mode", help="rail, bus or transit.")] = "rail"
    every: Annotated[bool, typer.Option("--all", help="Every useful departure, not only first and last.")] = False
    speeds: SpeedsOption = "typical"
    scenario: ScenarioOption = DEFAULT_SCENARIO
    out: OutOption = None


def trains(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Place id, name, or lon,lat.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="As FROM.")],
    question: DepartureChoice,
    pack: Pack,
    date: DateOption = None,
    *,
    shown: Shown,
) -> None:
    """Tell the first and the last useful departure of a day, door to door. 首末班"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.domain.modes import MODE_NAMES, RIDDEN, Mode
        from transit_model.measure.trains import get_day_journeys
        from transit_model.measure.workspace import Workspace

        check_row_file(question.out)
        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        more = tell_data(workspace, shown.form)
        session = open_session(workspace, question.scenario, "car", question.speeds, date)
        kind = read_one(question.mode, Mode, "mode", of=RIDDEN)
        start, end = session.places.get_place(origin), session.places.get_place(destination)
        journeys = get_day_journeys(session, start, end, kind)
        head = {"from": start.place_id, "to": end.place_id, "mode": kind.value, "scenario": session.scenario_id}
        head["timetable"] = session.timetable_id
        rows = [{**head, **j.as_row()} for j in journeys if question.every or j.is_first or j.is_last]
        language = find_language(shown.lang)
        if question.out is not None:
            known = name_places(session, rows, language)
            beside = list_rests(workspace, [session.scenario_id], language)
            write_records(question.out, rows, start_paper(shown.lang, "班次", "departures", names=known, more=beside))
            say(str(question.out))
        elif shown.form is Format.JSON:
            about = {"service_date": session.service_date.isoformat(), "journeys": len(journeys)}
            write_json({**about, "rows": rows, **collect_beside(workspace, [session.scenario_id], more)})
        elif shown.form is Format.CSV:
            write_csv(rows)
        else:
            count = f"{len(journeys)} 班" if language == "zh" else f"{len(journeys)} departures"
            names = f"{start.name(language)} → {end.name(language)} · {MODE_NAMES[kind][language]}"
            title = f"{names} · {name_session(session, language)} · {session.service_date.isoformat()} · {count}"
            headings = leg_headings(language)
            write_table(rows, {k: headings[k] for k in ("depart", "arrive", "minutes")}, title=title)
            say_beside(workspace, [session.scenario_id], language)
