"""The command that prints indicators: transit-model indicators [NAME ...]."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transit_model.cli.options import (
    DEFAULT_SCENARIO,
    DebugOption,
    FormatOption,
    LangOption,
    RegionOption,
    ScenarioOption,
    ScenariosOption,
)
from transit_model.cli.output import Format, find_language, reporting, write_csv, write_json, write_table

if TYPE_CHECKING:
    import pandas as pd


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(indicators)


def indicators(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME ...]", help="Indicators; all when none is named.")
    ] = None,
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    base: Annotated[str | None, typer.Option("--base", help="Scenario to compare with, for winners.")] = None,
    cutoffs: Annotated[str, typer.Option("--cutoffs", help="Minutes, with commas.")] = "30,60,90,120",
    stay: Annotated[float | None, typer.Option("--stay-hours", min=0, help="Hours that a day return needs.")] = None,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """Print planners' indicators of a scenario: people within a time, mean time, day return, airports. 可达性指标"""
    with reporting(form, debug=debug):
        from transit_model.cli.measure_options import read_cutoffs
        from transit_model.scenario.load import load_projects
        from transit_model.study.indicator_tables.rows import Measured
        from transit_model.study.indicator_tables.tables import tabulate_indicators
        from transit_model.study.workspace import Workspace

        workspace = Workspace.open(region, scenarios)
        minutes = tuple(read_cutoffs(cutoffs))
        folder = workspace.scenarios_dir / "projects"
        projects = load_projects(folder.parent) if folder.is_dir() else ()
        future = frozenset(a for p in projects for a in getattr(p, "places_opened", ()))
        measured = Measured(workspace.session(scenario), minutes, future)
        other = None if base is None else Measured(workspace.session(base), minutes, future)
        # The headline goals, or every goal where the service span is asked for by name.
        goals = [g for g in workspace.goals() if g.headline or "span" in (names or ())]
        table = tabulate_indicators(measured, names or (), base=other, goals=goals, stay_h=stay)
        rows = _list_rows(table)
        if form is Format.JSON:
            write_json({"rows": rows})
        elif form is Format.CSV:
            write_csv(rows)
        else:
            language = find_language(lang)
            headings = {
                f"title_{language}": "指标" if language == "zh" else "indicator",
                "mode": "方式" if language == "zh" else "mode",
                f"place_{language}": "地点" if language == "zh" else "place",
                "subject": "对象" if language == "zh" else "subject",
                "measure": "量" if language == "zh" else "measure",
                "value": "值" if language == "zh" else "value",
                "unit": "单位" if language == "zh" else "unit",
                f"note_{language}": "说明" if language == "zh" else "note",
            }
            write_table(rows, headings, title=measured.session.scenario_id)


def _list_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return plain rows; values rounded to 0.0001, None where there is no finite number."""
    rows = [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]
    for row in rows:
        row["value"] = round(float(row["value"]), 4) if math.isfinite(row["value"]) else None
    return rows
