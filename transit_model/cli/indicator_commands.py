"""The command that prints indicators: transit-model indicators [NAME ...]."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transit_model.cli.data_notice import tell_data
from transit_model.cli.measure_options import name_session, open_session, read_cutoffs
from transit_model.cli.option_groups import Driving, Moment, Pack, Shown, grouped
from transit_model.cli.options import (
    DEFAULT_SCENARIO,
    OutOption,
    PopulationOption,
    ScenarioOption,
)
from transit_model.cli.output import (
    Format,
    find_language,
    print_issues,
    reporting,
    say,
    write_csv,
    write_json,
    write_table,
)
from transit_model.cli.rests_on import collect_beside, list_rests, say_beside
from transit_model.cli.row_files import check_row_file, start_paper, write_records
from transit_model.cli.timetable_notice import add_timetable
from transit_model.cli.unused_options import list_mode_rules, refuse_unused
from transit_model.domain.named_words import read_words

if TYPE_CHECKING:
    import pandas as pd

    from transit_model.errors import Issue


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(grouped(indicators))


@dataclass(frozen=True)
class IndicatorQuestion:
    """What indicators are measured on."""

    scenario: ScenarioOption = DEFAULT_SCENARIO
    base: Annotated[str | None, typer.Option("--base", help="Scenario to compare with: winners and losers.")] = None
    mode: Annotated[str, typer.Option("--mode", help="road, rail, bus, transit, best; several with commas.")] = (
        "road,best"
    )
    reading: Annotated[
        str, typer.Option("--reading", help="typical, door_to_door, promoter (road only), several, or all.")
    ] = "door_to_door"
    cutoffs: Annotated[str, typer.Option("--cutoffs", help="Minutes, with commas.")] = "30,60,90,120"
    population: PopulationOption = "model"
    opportunities: Annotated[
        str | None,
        typer.Option(
            "--opportunities", help="Count these in place of people: a layer of the pack, FILE.csv or FILE.csv:COLUMN."
        ),
    ] = None
    cell: Annotated[float, typer.Option("--cell", min=50, help="Cell size in metres.")] = 1000
    stay: Annotated[float | None, typer.Option("--stay-hours", min=0, help="Hours that a day return needs.")] = None
    facilities: Annotated[
        Path | None, typer.Option("--facilities", help="CSV id,lon,lat,supply: for nearest and supply per head.")
    ] = None


def indicators(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME ...]", help="Indicators; all when none is named.")
    ] = None,
    *,
    question: IndicatorQuestion,
    driving: Driving,
    out: OutOption = None,
    pack: Pack,
    moment: Moment,
    shown: Shown,
) -> None:
    """Print planners' indicators of a scenario: people within a time, mean time, day return, airports. 可达性指标"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.domain.modes import MODE_NAMES, Mode, Reading
        from transit_model.domain.readings import READING_NAMES
        from transit_model.indicator_tables.rows import Measured
        from transit_model.indicator_tables.tables import shorten_rows, tabulate_indicators
        from transit_model.measure.opportunities import read_layer
        from transit_model.measure.workspace import Workspace
        from transit_model.scenario.load import load_projects

        modes = tuple(read_words(question.mode, Mode, "mode"))
        readings = (
            tuple(Reading) if question.reading == "all" else tuple(read_words(question.reading, Reading, "reading"))
        )
        minutes = tuple(read_cutoffs(question.cutoffs))
        rules = _list_rules(set(names or ()), counts_people=question.opportunities is None)
        refuse_unused(context, {**list_mode_rules(modes, readings), **rules})
        check_row_file(out)
        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        more = tell_data(workspace, shown.form)
        projects = load_projects(workspace.library)
        future = frozenset(a for p in projects for a in getattr(p, "places_opened", ()))

        def measure(name: str | None) -> Measured:
            session = open_session(workspace, name, driving.vehicle, driving.speeds, moment.date, moment.window)
            layer = None if question.opportunities is None else read_layer(session, question.opportunities)
            return Measured(session, minutes, future, question.cell, readings, modes, question.population, layer)

        measured = measure(question.scenario)
        # The headline goals, or every goal where the service span is asked for by name.
        goals = [g for g in workspace.goals() if g.headline or "span" in (names or ())]
        other = None if question.base is None else measure(question.base)
        issues: list[Issue] = []
        table = tabulate_indicators(
            measured,
            names or (),
            base=other,
            goals=goals,
            stay_h=question.stay,
            facilities=question.facilities,
            tell=issues.append,
        )
        warnings = [*(measured.layer.notices if measured.layer else ()), *measured.builder.check(), *issues]
        if shown.form is not Format.JSON:
            print_issues(warnings, shown.form)
        rows = add_timetable(workspace, _list_rows(table))
        ids = [m.session.scenario_id for m in (other, measured) if m is not None]
        language = find_language(shown.lang)
        if out is not None:
            # One sheet an indicator.
            rests = list_rests(workspace, ids, language, moment.windows)
            paper = start_paper(shown.lang, "指标", "indicators", by=f"title_{language}", more=rests)
            write_records(out, rows, paper)
            say(str(out))
        elif shown.form is Format.JSON:
            beside = {**more, "issues": [w.as_dict() for w in warnings]}
            write_json({"rows": rows, **collect_beside(workspace, ids, beside, windows=moment.windows)})
        elif shown.form is Format.CSV:
            write_csv(rows)
        else:
            headings = {
                f"title_{language}": "指标" if language == "zh" else "indicator",
                "mode": "方式" if language == "zh" else "mode",
                "reading": "口径" if language == "zh" else "reading",
                f"place_{language}": "地点" if language == "zh" else "place",
                "subject": "对象" if language == "zh" else "subject",
                "measure": "量" if language == "zh" else "measure",
                "value": "值" if language == "zh" else "value",
                "unit": "单位" if language == "zh" else "unit",
                f"note_{language}": "说明" if language == "zh" else "note",
            }
            words = {m.value: t[language] for m, t in (*MODE_NAMES.items(), *READING_NAMES.items())}
            rows_shown = [
                {
                    **r,
                    "mode": words.get(r["mode"], r["mode"]),
                    "reading": words.get(r["reading"], r["reading"]),
                    "value": _tell(r["value"], r["unit"]),
                }
                for r in shorten_rows(rows)
            ]
            fold = (f"title_{language}", "mode", "reading")
            write_table(rows_shown, headings, title=name_session(measured.session, language), fold=fold)
            say_beside(workspace, ids, language, windows=moment.windows)


def _list_rules(wanted: set[str], *, counts_people: bool = True) -> dict[str, tuple[bool, str]]:
    """Return which options the named indicators use; all of them when none is named, or one that is not known."""
    from transit_model.indicator_tables.registry import INDICATORS, list_users

    users = {
        option: list_users(option)
        for option in ("base", "stay", "facilities", "cutoffs", "population", "opportunities")
    }
    every = not wanted <= set(INDICATORS) or not wanted
    rules = {
        option: (every or bool(wanted & by), f"by the indicators {', '.join(n for n in INDICATORS if n in by)}")
        for option, by in users.items()
    }
    before = "`transit-model compare BASE SCENARIO` tells people and km2 within minutes before and after"
    rules["base"] = (rules["base"][0], f"{rules['base'][1]}; {before}")
    return rules | (
        {} if counts_people else {"population": (False, "without --opportunities, which lie where they lie")}
    )


def _list_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return plain rows; values rounded to 0.0001, None where there is no finite number."""
    rows = [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]
    for row in rows:
        row["value"] = round(float(row["value"]), 4) if math.isfinite(row["value"]) else None
    return rows


def _tell(value: float | None, unit: str) -> str:
    """Return a value for people: shares as per cent, persons whole, indices to three places."""
    if value is None:
        return "-"
    if unit == "share":
        from transit_model.domain.rounding import format_share

        return format_share(value, 1) if value >= 0 else f"{value:.1%}"
    if unit in ("persons", "seats", "yes=1"):
        return f"{value:,.0f}"
    return f"{value:.3f}" if unit == "index" else f"{value:,.1f}"
