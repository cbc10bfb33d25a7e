"""The application: shared options and the list of commands."""

from __future__ import annotations

import sys

import typer

from transit_model.cli.batch_commands import register as register_batches
from transit_model.cli.data_commands import app as data_app
from transit_model.cli.explain_command import register as register_explain
from transit_model.cli.import_commands import app as import_app
from transit_model.cli.import_commands import cache_app
from transit_model.cli.indicator_commands import register as register_indicators
from transit_model.cli.insight_commands import register as register_insights
from transit_model.cli.isochrone_command import register as register_isochrones
from transit_model.cli.measure_commands import register as register_measures
from transit_model.cli.scenario_commands import app as scenario_app
from transit_model.cli.serve_command import register as register_serve
from transit_model.cli.study_commands import register as register_studies

GREETING = """transit-model: honest travel times and transport circles  诚实的交通圈可达性模型

Start with:
  transit-model run                      the whole default study: verdicts, maps, report in maps/
  transit-model goals                    which circle goals hold, on three readings

More: od, isochrone, explain, compare, attribute, require, sureness, phases, batch, scenario, data.
See transit-model --help.
从 transit-model run(完整研究)或 transit-model goals(目标判定)开始;--lang zh 切换中文。"""

app = typer.Typer(
    name="transit-model",
    help="Travel times, isochrones and transport-circle goals for regional planners. 区域交通圈可达性模型",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def greet(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    """Travel times, isochrones and transport-circle goals for regional planners."""
    if version:
        from importlib.metadata import version as get_version

        typer.echo(get_version("transit-model"))
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(GREETING)


register_studies(app)
register_measures(app)
register_isochrones(app)
register_explain(app)
register_insights(app)
register_indicators(app)
register_batches(app)
register_serve(app)
app.add_typer(scenario_app, name="scenario", help="List, show, check and write scenarios and projects.")
app.add_typer(import_app, name="import", help="Bring your own roads, GTFS feeds and train tables into a region folder.")
app.add_typer(cache_app, name="cache", help="The cache of imports: size and clearing.")
app.add_typer(data_app, name="data", help="What the region pack holds, and whether it is whole.")


def main() -> None:
    """Run the command line; Ctrl-C ends with 130 and leaves earlier results as they were."""
    for stream in (sys.stdout, sys.stderr):
        # A planner's Windows console may not be UTF-8; a lost character is better than a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("stopped; earlier results were left as they were  已中断,原有结果未改动", err=True)
        raise SystemExit(130) from None
