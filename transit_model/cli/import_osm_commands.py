"""Commands that bring railways, stations and outlines of a map in: import osm, rail, outlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transit_model.cli.import_source import (
    CacheOption,
    Download,
    FolderOption,
    SourceArgument,
    list_download_rules,
    open_source,
)
from transit_model.cli.option_groups import Shown, grouped
from transit_model.cli.output import (
    Format,
    find_language,
    print_issues,
    progress,
    reporting,
    say,
    write_csv,
    write_json,
)
from transit_model.cli.unused_options import refuse_unused

if TYPE_CHECKING:
    from transit_model.errors import Issue
    from transit_model.roads.osm_outlines import OsmOutlines
    from transit_model.roads.osm_rail import OsmRail
    from transit_model.roads.station_match import Match

FileArgument = Annotated[Path, typer.Argument(help="FILE.osm.pbf, .osm, .osm.gz or .osm.bz2.", metavar="FILE")]
LevelOption = Annotated[
    list[int] | None,
    typer.Option(
        "--level", help="admin_level of outlines: 4 province, 5 prefecture, 6 county (default).", min=1, max=11
    ),
]
SimplifyOption = Annotated[float, typer.Option("--simplify", help="Metres by which outlines may be simplified.", min=0)]
TramsOption = Annotated[bool, typer.Option("--trams", help="Also trams.")]
FreightOption = Annotated[bool, typer.Option("--freight", help="Also lines of industry and the military.")]
PlannedOption = Annotated[bool, typer.Option("--planned", help="Also lines under construction or proposed.")]
SideOption = Annotated[bool, typer.Option("--side-tracks", help="Also yards, sidings and spurs.")]
SpeedsOption = Annotated[str, typer.Option("--speeds", help="Default speeds: cn, br, or a CSV file.")]
OUTLINES_FILE = "county_outlines.geojson"


def register(app: typer.Typer) -> None:
    """Add the commands to the import group."""
    app.command("osm")(grouped(osm))
    app.command("rail")(grouped(rail))
    app.command("outlines")(grouped(outlines))


@dataclass(frozen=True)
class Outlines:
    """Which outlines, and how coarse."""

    level: LevelOption = None
    simplify_m: SimplifyOption = 100.0


def osm(
    context: typer.Context,
    source: SourceArgument = None,
    out: FolderOption = Path("region"),
    *,
    download: Download,
    areas: Outlines,
    speeds: SpeedsOption = "cn",
    cache: CacheOption = None,
    shown: Shown,
) -> None:
    """Write roads/, rail/ and county outlines of one map into a region folder. 导入道路、铁路、车站与行政区界"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.roads.osm_roads import READ_STEPS, RoadOptions
        from transit_model.roads.road_files import import_roads, write_road_tables
        from transit_model.store.cache import Cache
        from transit_model.store.write import replace_folder

        refuse_unused(context, list_download_rules(download))
        options, store = RoadOptions(speeds), Cache(cache)
        path, messages = open_source(source, download, store, options.list_classes(), ("roads", "rail", "outlines"))
        with progress("读取地图 reading the map", READ_STEPS + 3) as tick:
            found = import_roads(path, options, store, tick)
            tick.stage("写入道路表 writing the roads")
            replace_folder(out / "roads", lambda folder: write_road_tables(found, folder, messages))
            tick("铁路 railways")
            content: dict[str, Any] = {"out": str(out), "fetched": messages, "roads": found.report.as_dict()}
            issues = list(found.tables.issues)
            # A map cut for roads has no railways and seldom whole borders: that is said and spoils nothing.
            content["rail"] = _keep(lambda: _import_rail(path, out, {}), issues)
            tick("行政区界 outlines")
            content["outlines"] = _keep(lambda: _import_outlines(path, out, areas.level, areas.simplify_m), issues)
            tick()
        _tell(content, issues, shown.form, find_language(shown.lang))


@dataclass(frozen=True)
class RailKinds:
    """Which railways beside those of passengers."""

    trams: TramsOption = False
    freight: FreightOption = False
    planned: PlannedOption = False
    side_tracks: SideOption = False


def rail(
    source: FileArgument,
    out: FolderOption = Path("region"),
    *,
    kinds: RailKinds,
    shown: Shown,
) -> None:
    """Write railway lines and stations as rail/ of a region folder, matched with its timetable. 导入铁路与车站"""
    with reporting(shown.form, debug=shown.debug):
        wanted = {
            "trams": kinds.trams,
            "freight": kinds.freight,
            "planned": kinds.planned,
            "side_tracks": kinds.side_tracks,
        }
        summary, issues = _import_rail(source, out, wanted)
        if shown.form is Format.CSV:
            write_csv(summary["review"])
            return
        _tell({"out": str(out / "rail"), "rail": summary}, issues, shown.form, find_language(shown.lang))


def outlines(
    source: FileArgument,
    out: FolderOption = Path("region"),
    *,
    areas: Outlines,
    shown: Shown,
) -> None:
    """Write administrative outlines as county_outlines.geojson of a region folder. 导入行政区界"""
    with reporting(shown.form, debug=shown.debug):
        summary, issues = _import_outlines(source, out, areas.level, areas.simplify_m)
        _tell({"out": str(out / OUTLINES_FILE), "outlines": summary}, issues, shown.form, find_language(shown.lang))


def _keep(work: Any, issues: list[Issue]) -> dict[str, Any] | None:  # noqa: ANN401 - a function without arguments
    """Do one part of an import; what it lacks becomes a warning."""
    from dataclasses import replace

    from transit_model.errors import InputError

    try:
        summary, found = work()
    except InputError as error:
        if any(issue.code not in ("no_railways", "no_outlines", "incomplete_outline") for issue in error.issues):
            raise
        issues += [replace(issue, severity="warning") for issue in error.issues]
        return None
    issues += found
    content: dict[str, Any] = summary
    return content


def _import_rail(path: Path, out: Path, wanted: Mapping[str, bool]) -> tuple[dict[str, Any], list[Issue]]:
    from transit_model.region.timetable_stops import read_timetable_stops
    from transit_model.roads.osm_rail import RailOptions, read_osm_rail
    from transit_model.roads.rail_files import describe_rail, write_rail
    from transit_model.roads.station_match import match_stations
    from transit_model.store.write import replace_folder

    found: OsmRail = read_osm_rail(path, RailOptions(**wanted))
    stops = read_timetable_stops(out)
    match: Match | None = None if stops is None else match_stations(stops, found.stations, file="gtfs/stops.txt")
    replace_folder(out / "rail", lambda folder: write_rail(found, match, folder, path.name))
    rows = [] if match is None else match.review.astype(object).where(match.review.notna(), None).to_dict("records")
    summary = {**describe_rail(found, match, path.name), "review": rows}
    return summary, [*found.issues, *([] if match is None else match.issues)]


def _import_outlines(
    path: Path, out: Path, levels: list[int] | None, simplify_m: float
) -> tuple[dict[str, Any], list[Issue]]:
    from transit_model.roads.osm_outlines import COUNTY_LEVEL, read_osm_outlines, write_outlines
    from transit_model.store.write import replace_file

    found: OsmOutlines = read_osm_outlines(path, levels or (COUNTY_LEVEL,), simplify_m=simplify_m)
    replace_file(out / OUTLINES_FILE, lambda file: write_outlines(found, file))
    return {"areas": found.rows}, found.issues


def _tell(content: dict[str, Any], issues: list[Issue], form: Format, language: str) -> None:
    if form is not Format.TABLE:
        write_json({**content, "issues": [i.as_dict() for i in issues]})
        return
    zh = language == "zh"
    print_issues(issues, form)
    for line in content.get("fetched", ()):
        say(line)
    if content.get("roads"):
        part = content["roads"]
        say(f"道路 {part['links']} 段 {part['km']:.1f} 公里" if zh else f"{part['links']} roads, {part['km']:.1f} km")
    if content.get("rail"):
        part = content["rail"]
        km, stations = sum(part["km_by_kind"].values()), sum(part["stations"].values())
        say(f"铁路 {km:.1f} 公里，车站 {stations} 座" if zh else f"{km:.1f} km of railway, {stations} stations")
        if part["matched"]:
            m = part["matched"]
            words = ("认可", "待核", "未匹配") if zh else ("accepted", "to review", "unmatched")
            say(", ".join(f"{word} {m[k]}" for word, k in zip(words, m, strict=True)) + " (rail/station_review.csv)")
    if content.get("outlines"):
        names = [a["name_zh"] for a in content["outlines"]["areas"]]
        say(f"行政区 {len(names)} 个" if zh else f"{len(names)} outlines")
    say(content["out"])
