"""The command that tells a journey leg by leg, in one scenario or before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from transit_model.cli.data_notice import tell_data
from transit_model.cli.measure_options import leg_headings, open_session
from transit_model.cli.option_groups import Driving, Pack, Shown, grouped
from transit_model.cli.options import (
    DEFAULT_SCENARIO,
    DateOption,
    ScenarioOption,
)
from transit_model.cli.output import Format, find_language, reporting, say, write_csv, write_json, write_table
from transit_model.cli.rests_on import collect_beside, say_beside
from transit_model.cli.unused_options import list_mode_rules, refuse_unused
from transit_model.domain.named_words import read_one


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(grouped(explain))


@dataclass(frozen=True, kw_only=True)
class JourneyQuestion:
    """Which journey is told."""

    mode: Annotated[str, typer.Option("--mode", help="road, rail, bus, transit or best.")] = "best"
    reading: Annotated[str, typer.Option("--reading", help="promoter, typical or door_to_door.")] = "door_to_door"
    depart: Annotated[str | None, typer.Option("--depart", help="Clock time HH:MM; default the median departure.")] = (
        None
    )
    arrive: Annotated[
        str | None, typer.Option("--arrive", help="Clock time HH:MM to be there by: the last departure in time.")
    ] = None
    driving: Driving
    base: Annotated[
        str | None, typer.Option("--base", help="Scenario to tell the same journey in first: before and after.")
    ] = None
    scenario: ScenarioOption = DEFAULT_SCENARIO


def explain(
    context: typer.Context,
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Place id, name, or lon,lat.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="As FROM.")],
    question: JourneyQuestion,
    pack: Pack,
    date: DateOption = None,
    *,
    shown: Shown,
) -> None:
    """Tell one journey leg by leg: minutes, project, assumption and source. 行程说明"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.domain.modes import Mode, Reading
        from transit_model.measure.explain import explain_change, explain_journey
        from transit_model.measure.workspace import Workspace

        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        more = tell_data(workspace, shown.form)
        kind, how = read_one(question.mode, Mode, "mode"), read_one(question.reading, Reading, "reading")
        refuse_unused(
            context,
            {
                **list_mode_rules([kind], [how]),
                "depart": (
                    kind is not Mode.ROAD,
                    (
                        "by timetables: a drive takes as long at any hour, works with hours aside; "
                        "ask `od --mode road,rail --window` about these"
                    ),
                ),
            },
        )
        session = open_session(workspace, question.scenario, question.driving.vehicle, question.driving.speeds, date)
        ids = [session.scenario_id] if question.base is None else [question.base, session.scenario_id]
        language = find_language(shown.lang)
        if question.base is not None:
            earlier = open_session(workspace, question.base, question.driving.vehicle, question.driving.speeds, date)
            change = explain_change(
                earlier, session, (origin, destination), kind, how, depart=question.depart, arrive=question.arrive
            )
            if shown.form is Format.JSON:
                write_json({**change.as_dict(), **collect_beside(workspace, ids, more)})
                return
            journeys = [change.before, change.after]
        else:
            start, end = session.places.get_place(origin), session.places.get_place(destination)
            journeys = [explain_journey(session, start, end, kind, how, depart=question.depart, arrive=question.arrive)]
            if shown.form is Format.JSON:
                write_json({**journeys[0].as_dict(), **collect_beside(workspace, ids, more)})
                return
        if shown.form is Format.CSV:
            write_csv(
                [
                    {"scenario": t.scenario, "timetable": t.timetable, **leg.as_row(language)}
                    for t in journeys
                    for leg in t.legs
                ]
            )
            return
        for one in journeys:
            rows = [leg.as_row(language) for leg in one.legs]
            write_table(rows, leg_headings(language), title=one.headline(language))
            for note in one.notes:
                say(note[language])
        if question.base is not None:
            say(change.headline(language))
        say_beside(workspace, ids, language)
