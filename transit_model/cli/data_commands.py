"""Commands on the region pack: data list, status, verify, join, unite."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from transit_model.cli.find_command import register_list
from transit_model.cli.option_groups import Shown, grouped
from transit_model.cli.options import RegionOption, ScenariosOption
from transit_model.cli.output import (
    EXIT_INPUT,
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

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
register_list(app)


@app.command()
@grouped
def status(
    region: RegionOption = None,
    *,
    shown: Shown,
) -> None:
    """Show how sure the pack is: rows by confidence, timetable vintage, known gaps. 数据状况"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.measure.workspace import Workspace
        from transit_model.region.status import describe_region

        description = describe_region(Workspace.open(region).region)
        if shown.form is Format.JSON:
            write_json(description.as_dict())
            return
        if shown.form is Format.CSV:
            write_csv(description.rows)
            return
        language = find_language(shown.lang)
        titles = {"table": "表" if language == "zh" else "table", "rows": "行数" if language == "zh" else "rows"}
        levels = {"high": "高", "medium": "中", "low": "低", "none": "未标"} if language == "zh" else {
            "high": "high", "medium": "medium", "low": "low", "none": "not graded"
        }  # fmt: skip
        write_table(description.rows, titles | levels, title=description.title[language])
        for line in description.lines(language):
            say(line)


@app.command()
@grouped
def verify(
    region: RegionOption = None,
    *,
    shown: Shown,
) -> None:
    """Check every file of the pack: hashes, tables, references, network. Exit 2 on errors. 数据校验"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.errors import has_errors
        from transit_model.region.status import verify_region

        checked, issues = verify_region(region)
        if shown.form is Format.JSON:
            write_json({"files": checked, "issues": [i.as_dict() for i in issues]})
        elif shown.form is Format.CSV:
            write_csv([i.as_dict() for i in issues])
        else:
            print_issues(issues, shown.form)
            done = f"检查了 {checked} 个文件" if find_language(shown.lang) == "zh" else f"{checked} files checked"
            counts = {s: sum(i.severity == s for i in issues) for s in ("error", "warning")}
            say(f"{done}: {counts['error']} errors, {counts['warning']} warnings")
        if has_errors(issues):
            raise typer.Exit(EXIT_INPUT)


@dataclass(frozen=True)
class MapJoin:
    """How the map is read, and what is written."""

    columns: Annotated[
        Path | None, typer.Option("--columns", help="YAML of the columns, classes and datum of a layer.")
    ] = None
    max_km: Annotated[float, typer.Option("--max-km", help="How far a node may lie from its interchange.", min=0)] = 5.0
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for roads.csv, nodes.csv, summary.json.")] = (
        None
    )
    write: Annotated[
        Path | None, typer.Option("--write", help="Region folder to write: the pack on the map's roads.", metavar="DIR")
    ] = None


@app.command()
@grouped
def join(
    roads: Annotated[
        Path, typer.Argument(help="OSM file, region folder with roads/, or a layer of lines (WGS84).", metavar="MAP")
    ],
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    *,
    with_map: MapJoin,
    shown: Shown,
) -> None:
    """Compare the pack's roads with a map: which exist, lengths, speeds, where planned roads join. 与地图道路对照"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.map_join.report import JOIN_STEPS, REPORT_FILES, join_roads
        from transit_model.map_join.write import JOINS_FILE
        from transit_model.store.write import replace_folder

        steps = JOIN_STEPS + (with_map.out is not None) + (with_map.write is not None)
        with progress("读取数据 reading the region", steps) as tick:
            result = join_roads(
                region, roads, columns=with_map.columns, scenarios=scenarios, max_km=with_map.max_km, tick=tick
            )
            if with_map.out is not None:
                tick.stage("写入对照表 writing the report")
                replace_folder(
                    with_map.out, result.write_tables, is_ours=lambda at: {p.name for p in at.iterdir()} <= REPORT_FILES
                )
                tick()
            if with_map.write is not None:
                tick.stage("写入数据包 writing the region")
                replace_folder(
                    with_map.write, result.write_region, is_ours=lambda at: (at / "roads" / JOINS_FILE).is_file()
                )
                tick()
        if shown.form is Format.JSON:
            write_json(result.as_dict())
            return
        if shown.form is Format.CSV:
            write_csv(result.rows())
            return
        language = find_language(shown.lang)
        write_table(result.summary_rows(language), result.headings(language), title=result.title(language))
        for line in result.lines(language):
            say(line)
        for path in (with_map.out, with_map.write):
            if path is not None:
                say(str(path))


@app.command()
@grouped
def unite(
    regions: Annotated[
        str, typer.Argument(help="Two regions with a + between, e.g. hubaoewu+taixin.", metavar="FIRST+SECOND")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for the joined pack; without it only the rows are shown.")
    ] = None,
    *,
    shown: Shown,
) -> None:
    """Join two regions and show what was matched, and what is a conflict to look at. 两区域合并"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.store.joined_pack import REVIEW, join_packs, open_joined
        from transit_model.store.joined_tables import REVIEW_COLUMNS, read_rows
        from transit_model.store.resources import find_pair
        from transit_model.store.write import replace_folder

        pair = find_pair(regions)
        place = open_joined(pair)
        if out is not None:
            replace_folder(out, lambda folder: join_packs(pair, folder), is_ours=lambda at: (at / REVIEW).is_file())
        _, rows = read_rows(place / REVIEW)
        if shown.form is Format.JSON:
            write_json({"schema": 1, "region": pair.region_id, "rows": rows})
            return
        if shown.form is Format.CSV:
            write_csv([{c: row[c] for c in REVIEW_COLUMNS} for row in rows])
            return
        zh = find_language(shown.lang) == "zh"
        columns = ("item", "first_id", "second_id", "apart", "unit", "taken", "status")
        names = ("类别", "编号一", "编号二", "相差", "单位", "取", "结果") if zh else columns
        review = [row for row in rows if row["status"] != "same"]
        write_table([{c: row[c] for c in columns} for row in review], dict(zip(columns, names, strict=True)))
        same = len(rows) - len(review)
        say(f"{same}项相同，{len(review)}项待核" if zh else f"{same} same, {len(review)} to review")
        if out is not None:
            say(str(out))
