"""Commands that bring data of others in: import roads, gtfs, trains (osm, rail, outlines beside); the cache."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transit_model.cli.import_osm_commands import register as register_osm
from transit_model.cli.import_source import (
    CacheOption,
    CacheOptions,
    Download,
    FolderOption,
    SourceArgument,
    list_download_rules,
    open_source,
)
from transit_model.cli.option_groups import Shown, grouped
from transit_model.cli.options import DebugOption, FormatOption
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
from transit_model.cli.unused_options import refuse_unused

if TYPE_CHECKING:
    from transit_model.errors import Issue
    from transit_model.roads.osm_road_report import RoadReport
    from transit_model.store.cache import CacheStatus

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
cache_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
register_osm(app)


@dataclass(frozen=True)
class LayerOptions:
    """How a layer of lines is read."""

    columns: Annotated[
        Path | None, typer.Option("--columns", help="YAML of the columns, classes and datum of a layer.")
    ] = None
    datum: Annotated[str | None, typer.Option("--datum", help="Datum of a layer: wgs84, cgcs2000, gcj02 or bd09.")] = (
        None
    )
    reference: Annotated[
        Path | None,
        typer.Option("--reference", help="OSM file or region folder to check the datum of a layer against."),
    ] = None


@dataclass(frozen=True)
class MapOptions:
    """Which roads of OpenStreetMap are taken, and a file beside them."""

    speeds: Annotated[str, typer.Option("--speeds", help="Default speeds: cn, br, or a CSV file.")] = "cn"
    winter: Annotated[bool, typer.Option("--winter", help="Also roads over snow and ice.")] = False
    service: Annotated[bool, typer.Option("--service", help="Also service roads.")] = False
    tracks: Annotated[bool, typer.Option("--tracks", help="Also tracks.")] = False
    ferries: Annotated[bool, typer.Option("--ferries/--no-ferries", help="Car ferries.")] = True
    keep_all: Annotated[bool, typer.Option("--keep-all", help="Keep parts that are not connected.")] = False
    geoparquet: Annotated[
        Path | None, typer.Option("--geoparquet", help="Also write the roads as GeoParquet.", metavar="FILE")
    ] = None


@app.command()
@grouped
def roads(
    context: typer.Context,
    source: SourceArgument = None,
    out: FolderOption = Path("region"),
    *,
    download: Download,
    layer: LayerOptions,
    osm: MapOptions,
    caching: CacheOptions,
    shown: Shown,
) -> None:
    """Write the roads of OpenStreetMap or of a survey as roads/ of a region folder. 导入道路"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.roads.osm_files import is_osm_name
        from transit_model.roads.osm_roads import READ_STEPS, RoadOptions
        from transit_model.roads.road_files import import_roads, write_geoparquet, write_road_tables
        from transit_model.store.cache import Cache
        from transit_model.store.write import replace_file, replace_folder

        is_layer = source is not None and not is_osm_name(source)
        of_osm, of_layer = (not is_layer, "with a map of OpenStreetMap"), (is_layer, "with a layer of lines")
        refuse_unused(
            context,
            {
                **list_download_rules(download),
                **dict.fromkeys(("columns", "datum", "reference"), of_layer),
                **dict.fromkeys(("speeds", "winter", "service", "tracks", "ferries", "keep_all", "geoparquet"), of_osm),
            },
        )
        store = None if caching.no_cache else Cache(caching.cache)
        options = RoadOptions(osm.speeds, osm.service, osm.tracks, osm.ferries, osm.keep_all, winter=osm.winter)
        target = out / "roads"
        path, messages = open_source(
            source, download, store or Cache(caching.cache), options.list_classes(), ("roads",)
        )
        if is_layer and source is not None:
            _import_layer(source, target, (layer.columns, layer.datum, layer.reference), shown.form)
            return
        with progress("读取地图 reading the map", READ_STEPS + 1 + (osm.geoparquet is not None)) as tick:
            found = import_roads(path, options, store, tick)
            tick.stage("写入道路表 writing the roads")
            replace_folder(target, lambda folder: write_road_tables(found, folder, messages))
            tick("GeoParquet" if osm.geoparquet is not None else "")
            if osm.geoparquet is not None:
                replace_file(osm.geoparquet, lambda file: write_geoparquet(found.tables, file))
                tick()
        _tell_roads(found.report, found.tables.issues, messages, target, shown.form, find_language(shown.lang))


def _import_layer(
    source: Path, target: Path, options: tuple[Path | None, str | None, Path | None], form: Format
) -> None:
    from transit_model.roads.road_files import write_plain_tables
    from transit_model.roads.road_layer import import_layer, read_reference
    from transit_model.store.write import replace_folder

    columns, datum, reference = options
    points = None if reference is None else read_reference(reference)
    tables, check = import_layer(source, columns, datum=datum, reference=points)
    replace_folder(target, lambda folder: write_plain_tables(tables, folder))
    residual = {} if check is None else {k: round(v, 1) for k, v in check.residual_m.items()}
    if form is Format.JSON:
        issues = [i.as_dict() for i in tables.issues]
        write_json({"out": str(target), "links": len(tables.links), "residual_m": residual, "issues": issues})
        return
    print_issues(tables.issues, form)
    if residual:
        say("median distance to the reference: " + ", ".join(f"{k} {v:g} m" for k, v in residual.items()))
    say(f"{len(tables.nodes)} nodes, {len(tables.links)} links")
    say(str(target))


def _tell_roads(
    report: RoadReport, issues: list[Issue], messages: list[str], target: Path, form: Format, language: str
) -> None:
    if form is Format.JSON:
        found = [i.as_dict() for i in issues]
        write_json({"out": str(target), "report": report.as_dict(), "fetched": messages, "issues": found})
        return
    rows = [{"highway": name, "km": km} for name, km in report.km_by_class.items()]
    if form is Format.CSV:
        write_csv(rows)
        return
    print_issues(issues, form)
    zh = language == "zh"
    write_table(rows, {"highway": "道路等级" if zh else "class", "km": "公里" if zh else "km"})
    dropped = ", ".join(f"{why} {n}" for why, n in report.dropped_ways.items()) or "-"
    if zh:
        say(
            f"节点 {report.nodes}，路段 {report.links}，共 {report.km:.1f} 公里；"
            f"有限速标志的占 {report.posted_share:.0%}"
        )
        say(f"未连通而舍去 {report.lost_parts_total} 处共 {report.lost_km:.1f} 公里；按规则舍去的路：{dropped}")
    else:
        say(
            f"{report.nodes} nodes, {report.links} links, {report.km:.1f} km, "
            f"{report.posted_share:.0%} with a posted limit"
        )
        say(f"dropped: {report.lost_parts_total} unconnected parts, {report.lost_km:.1f} km; ways by rule: {dropped}")
    for line in messages:
        say(line)
    say(str(target))


@app.command()
def gtfs(
    feeds: Annotated[list[Path], typer.Argument(help="GTFS zips or folders; several are merged.", metavar="FEED...")],
    out: FolderOption = Path("region"),
    prefix: Annotated[
        list[str] | None, typer.Option("--prefix", help="Put before the ids of a feed, one for each feed in order.")
    ] = None,
    clock: Annotated[
        str | None, typer.Option("--clock", help="Time zone for all clock times, when feeds differ.", metavar="ZONE")
    ] = None,
    blocks: Annotated[
        bool, typer.Option("--join-blocks", help="Passengers stay seated where a vehicle goes on as another trip.")
    ] = False,
    form: FormatOption = Format.TABLE,
    debug: DebugOption = False,
) -> None:
    """Check GTFS feeds and write them as gtfs/ of a region folder. 导入GTFS时刻表"""
    with reporting(form, debug=debug):
        from transit_model.gtfs.feed_import import import_feeds
        from transit_model.gtfs.write import write_gtfs
        from transit_model.network.timetable_arrays import describe_service_span
        from transit_model.store.write import replace_folder

        feed, issues = import_feeds(feeds, prefix, zone=clock, blocks=blocks)
        target = out / "gtfs"
        replace_folder(target, lambda folder: write_gtfs(feed, folder))
        counts = {name: len(getattr(feed, name)) for name in ("stops", "routes", "trips", "stop_times")}
        if form is Format.JSON:
            span = describe_service_span(feed)
            write_json({"out": str(target), **counts, "service": span, "issues": [i.as_dict() for i in issues]})
            return
        print_issues(issues, form)
        say(", ".join(f"{n} {name}" for name, n in counts.items()))
        say(f"service: {describe_service_span(feed)}")
        say(str(target))


@dataclass(frozen=True)
class TrainTable:
    """What the table does not say itself."""

    valid: Annotated[
        str, typer.Option("--valid", help="First and last day of the timetable: YYYY-MM-DD:YYYY-MM-DD.")
    ] = ""
    agency: Annotated[str, typer.Option("--agency", help="Name of the operator.")] = "中国铁路"
    timezone: Annotated[str, typer.Option("--timezone", help="Time zone of the clock times.")] = "Asia/Shanghai"
    datum: Annotated[str, typer.Option("--datum", help="Datum of the stations: wgs84, cgcs2000, gcj02 or bd09.")] = ""


@app.command()
@grouped
def trains(
    table: Annotated[Path, typer.Argument(help="Train table, .csv or .xlsx.", metavar="TABLE")],
    stations: Annotated[
        Path, typer.Option("--stations", help="Station table: name, lon, lat (stop_id, datum).", metavar="FILE")
    ],
    out: FolderOption = Path("region"),
    *,
    about: TrainTable,
    form: FormatOption = Format.TABLE,
    debug: DebugOption = False,
) -> None:
    """Turn a table of trains (12306 style) into gtfs/ of a region folder. 导入列车时刻表"""
    with reporting(form, debug=debug):
        from transit_model.gtfs.train_table import parse_valid, read_train_table
        from transit_model.gtfs.write import write_gtfs
        from transit_model.roads.rail_files import check_stops_against_map
        from transit_model.store.write import replace_folder

        days = parse_valid(about.valid)
        feed, issues = read_train_table(
            table, stations, valid=days, agency=about.agency, timezone=about.timezone, datum=about.datum
        )
        issues += check_stops_against_map(out, feed.stops, stations.name)
        target = out / "gtfs"
        replace_folder(target, lambda folder: write_gtfs(feed, folder))
        counts = {"trains": len(feed.trips), "stops": len(feed.stops), "stop_times": len(feed.stop_times)}
        if form is Format.JSON:
            write_json({"out": str(target), **counts, "issues": [i.as_dict() for i in issues]})
            return
        print_issues(issues, form)
        say(", ".join(f"{n} {name}" for name, n in counts.items()))
        say(str(target))


@cache_app.command()
def status(cache: CacheOption = None, form: FormatOption = Format.TABLE, debug: DebugOption = False) -> None:
    """Show where the cache is and how large. 缓存状况"""
    with reporting(form, debug=debug):
        from transit_model.store.cache import Cache

        _tell_cache(Cache(cache).describe(), form, cleared=False)


@cache_app.command()
def clear(cache: CacheOption = None, form: FormatOption = Format.TABLE, debug: DebugOption = False) -> None:
    """Remove everything from the cache; nothing is lost but time. 清空缓存"""
    with reporting(form, debug=debug):
        from transit_model.store.cache import Cache

        _tell_cache(Cache(cache).clear(), form, cleared=True)


def _tell_cache(status: CacheStatus, form: Format, *, cleared: bool) -> None:
    row = {
        "folder": str(status.folder),
        "entries": status.entries,
        "size_bytes": status.size_bytes,
        "leftover_bytes": status.leftover_bytes,
        "cleared": cleared,
    }
    if form is Format.JSON:
        write_json(row)
    elif form is Format.CSV:
        write_csv([row])
    else:
        verb = "removed" if cleared else "holds"
        size = (status.size_bytes + status.leftover_bytes) / 1_000_000
        say(f"{status.folder}: {verb} {status.entries} entries, {size:.1f} MB")
