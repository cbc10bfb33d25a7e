"""The application: shared options and the list of commands."""

from __future__ import annotations

import sys

import typer
from typer.main import get_command

from transit_model.cli.batch_commands import register as register_batches
from transit_model.cli.data_commands import app as data_app
from transit_model.cli.engine_commands import place_verbose, show_engine_messages
from transit_model.cli.engine_commands import register as register_engines
from transit_model.cli.explain_command import register as register_explain
from transit_model.cli.find_command import register as register_find
from transit_model.cli.greeting import GREETING, split_language
from transit_model.cli.help_zh import speak_chinese
from transit_model.cli.import_commands import app as import_app
from transit_model.cli.import_commands import cache_app
from transit_model.cli.indicator_commands import register as register_indicators
from transit_model.cli.insight_commands import register as register_insights
from transit_model.cli.isochrone_command import register as register_isochrones
from transit_model.cli.measure_commands import register as register_measures
from transit_model.cli.output import Lang, find_language
from transit_model.cli.reach_command import register as register_reach
from transit_model.cli.scenario_commands import app as scenario_app
from transit_model.cli.serve_command import register as register_serve
from transit_model.cli.studio_command import register as register_studio
from transit_model.cli.study_commands import register as register_studies
from transit_model.cli.timetable_commands import app as timetable_app

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
    verbose: bool = typer.Option(
        False, "--verbose", help="Show which search engine is used and when code is compiled; also after a command."
    ),
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
register_reach(app)
register_explain(app)
register_find(app)
register_insights(app)
register_indicators(app)
register_batches(app)
register_serve(app)
register_studio(app)
register_engines(app)
app.add_typer(scenario_app, name="scenario", help="List, show, check and write scenarios and projects.")
app.add_typer(import_app, name="import", help="Bring your own roads, GTFS feeds and train tables into a region folder.")
app.add_typer(cache_app, name="cache", help="The cache of imports and answers: size and clearing.")
app.add_typer(data_app, name="data", help="What the region pack holds, and whether it is whole.")
app.add_typer(timetable_app, name="timetable", help="Timetables of the region, and what changed between two.")


def place_language(arguments: list[str]) -> tuple[list[str], str]:
    """Return the arguments with ``--lang`` where it is understood, after the command, and the language to speak."""
    chosen, rest = split_language(arguments)
    language = chosen if chosen in list(Lang) else find_language(None)
    if not chosen or not rest or arguments[:1] == rest[:1]:
        return arguments, language
    # It was written before the command; the whole help has no other use for it.
    asks_all = rest[:1] == ["--help"]
    return (rest if asks_all else [*rest, "--lang", chosen]), language


def main() -> None:
    """Run the command line; Ctrl-C ends with 130 and leaves earlier results as they were."""
    show_engine_messages(verbose="--verbose" in sys.argv)
    sys.argv[1:], language = place_language(place_verbose(sys.argv[1:]))
    try:
        (speak_chinese(get_command(app)) if language == "zh" else app)()
    except KeyboardInterrupt:
        typer.echo("stopped; earlier results were left as they were  已中断，原有结果未改动", err=True)
        raise SystemExit(130) from None
