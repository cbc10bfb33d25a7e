"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from transit_model.cli.output import Format, Lang

RegionOption = Annotated[
    str | None,
    typer.Option(
        "--region",
        help="Region: hubaoewu (the default), taixin, both as hubaoewu+taixin, or a folder.",
        metavar="NAME|PATH",
    ),
]
ScenariosOption = Annotated[
    Path | None,
    typer.Option("--scenarios", help="Your own projects, scenarios, goals; they build on the shipped.", metavar="DIR"),
]
FormatOption = Annotated[Format, typer.Option("--format", help="table for people, json or csv for programs.")]
LangOption = Annotated[Lang | None, typer.Option("--lang", help="Language of messages; default from the locale.")]
BomOption = Annotated[bool, typer.Option("--bom", help="CSV with a byte order mark, for Excel.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]
ScenarioOption = Annotated[
    str | None,
    typer.Option("--scenario", "-s", help="Scenario id, see `scenario list`. Default: built-2025, or the latest base."),
]
DateOption = Annotated[str | None, typer.Option("--date", help="Service date YYYY-MM-DD; default of the region.")]
TimetableOption = Annotated[
    str | None,
    typer.Option("--timetable", help="Timetable id, see `timetable list`. Default: the newest not after the base."),
]
WindowOption = Annotated[
    str | None, typer.Option("--window", help="Departure window HH:MM-HH:MM; default of the region.")
]
BasemapOption = Annotated[
    str | None,
    typer.Option("--basemap", help="Online map under ours: osm, amap or tianditu:KEY. Default: none."),
]
VehicleOption = Annotated[
    str, typer.Option("--vehicle", help="Who drives: car, coach (100 km/h by law) or ambulance. Taxis are cars.")
]
SpeedsOption = Annotated[
    str, typer.Option("--speeds", help="Road speeds: typical, peak or winter; the promoter's reading is free flow.")
]
PopulationOption = Annotated[
    str,
    typer.Option("--population", help="model, seat, even, or your own .tif (persons) or .csv (lon,lat,population)."),
]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", help="File or folder to write.")]
DEFAULT_SCENARIO: str | None = None
"""None named: see `Workspace.choose`."""
