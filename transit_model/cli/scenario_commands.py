"""Commands on scenarios and projects: list, show, diff, check, new, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from transit_model.cli.option_groups import Shown, grouped
from transit_model.cli.options import (
    DebugOption,
    OutOption,
    RegionOption,
    ScenariosOption,
    TimetableOption,
)
from transit_model.cli.output import (
    END_SECTION,
    EXIT_INPUT,
    Format,
    find_language,
    print_issues,
    reporting,
    say,
    write_csv,
    write_json,
    write_table,
)

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.command("list")
@grouped
def list_all(
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    *,
    shown: Shown,
) -> None:
    """List scenarios and projects. 方案与项目清单"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.catalogue.tables import list_library
        from transit_model.store.library import Library
        from transit_model.store.resources import find_inputs

        language = find_language(shown.lang)
        rows = list_library(Library(find_inputs(region, scenarios)[1]))
        if shown.form is Format.JSON:
            write_json({"rows": rows})
        elif shown.form is Format.CSV:
            write_csv(rows)
        else:
            zh = language == "zh"
            headings = {
                "kind": "类别" if zh else "kind",
                "id": "id",
                f"title_{language}": "名称" if zh else "title",
                "status": "状态" if zh else "status",
                "opens": "开通" if zh else "opens",
            }
            write_table(rows, headings)


@app.command()
@grouped
def show(
    name: Annotated[str, typer.Argument(help="Scenario or project id.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also draw a small map into this .svg file.", metavar="SVG")
    ] = None,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    *,
    shown: Shown,
) -> None:
    """Tell a scenario or project in plain words, with every assumption; draw it with -o. 方案说明与示意图"""
    with reporting(shown.form, debug=shown.debug, prints_beside=True):
        from transit_model.catalogue.tables import describe
        from transit_model.measure.workspace import Workspace

        workspace = Workspace.open(region, scenarios)
        text = describe(workspace, name, find_language(shown.lang))
        if out is not None:
            from transit_model.pages.project_preview import write_preview

            write_preview(workspace, name, out)
        if shown.form is Format.JSON:
            write_json({"id": name, "text": text, **({} if out is None else {"file": str(out)})})
        elif shown.form is Format.CSV:
            write_csv([{"id": name, "text": text}])
        else:
            say(text)
            if out is not None:
                say(str(out))


@app.command()
@grouped
def diff(
    first: Annotated[str, typer.Argument(help="Scenario id.")],
    second: Annotated[str, typer.Argument(help="Scenario id.")],
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    *,
    shown: Shown,
) -> None:
    """Say what differs between the inputs of two scenarios. 两个方案的输入差别"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.catalogue.diff import CHANGES, SECTIONS, diff_scenarios
        from transit_model.measure.workspace import Workspace

        found = diff_scenarios(Workspace.open(region, scenarios), first, second)
        rows = [d.as_dict() for d in found]
        if shown.form is Format.JSON:
            write_json({"first": first, "second": second, "differences": rows})
        elif shown.form is Format.CSV:
            write_csv(rows)
        else:
            language = find_language(shown.lang)
            zh = language == "zh"
            if not rows:
                say(f"{first} 与 {second} 的输入相同" if zh else f"{first} and {second} have the same inputs")
                return
            listed = [
                {
                    "section": SECTIONS[d.section][language],
                    "change": CHANGES[d.change][language],
                    "what": getattr(d, language),
                    END_SECTION: after is None or after.section != d.section,
                }
                for d, after in zip(found, [*found[1:], None], strict=True)
            ]
            names = ("类别", "变化", "内容") if zh else ("what", "change", "in words")
            title = f"{first} -> {second}"
            write_table(listed, dict(zip(("section", "change", "what"), names, strict=True)), title=title)


@app.command()
@grouped
def export(
    name: Annotated[str, typer.Argument(help="Scenario id.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write; an earlier export in it is replaced.")],
    packed: Annotated[bool, typer.Option("--zip", help="Write the timetable as gtfs.zip instead of a folder.")] = False,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    timetable: TimetableOption = None,
    *,
    shown: Shown,
) -> None:
    """Write a scenario as GTFS and GeoPackage for other tools. 导出GTFS与GeoPackage"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.catalogue.export import export_scenario
        from transit_model.measure.workspace import Workspace

        files = export_scenario(Workspace.open(region, scenarios, timetable=timetable), name, out, as_zip=packed)
        rows = [{"file": str(f), "bytes": f.stat().st_size} for f in files]
        if shown.form is Format.JSON:
            write_json({"scenario": name, "files": rows})
        elif shown.form is Format.CSV:
            write_csv(rows)
        else:
            for file in files:
                say(str(file))


@app.command()
@grouped
def check(
    names: Annotated[list[str] | None, typer.Argument(help="Scenario ids; default all.")] = None,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    *,
    shown: Shown,
) -> None:
    """Check scenarios, projects and goals: files, references, and applying them. Exit 2 on errors. 方案校验"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.catalogue.check import check_library
        from transit_model.errors import has_errors

        found = check_library(region, scenarios, names)
        issues = found.issues
        if shown.form is Format.JSON:
            lists = {"checked": found.scenarios, "projects": found.projects, "goals": found.goals}
            write_json({**lists, "issues": [i.as_dict() for i in issues]})
        elif shown.form is Format.CSV:
            write_csv([i.as_dict() for i in issues])
        else:
            print_issues(issues, shown.form)
            counts = {s: sum(i.severity == s for i in issues) for s in ("error", "warning")}
            n = (len(found.scenarios), len(found.projects), len(found.goals), counts["error"], counts["warning"])
            if find_language(shown.lang) == "zh":
                say("检查了 {} 个方案（含变体）、{} 个项目、{} 个目标：{} 个错误，{} 个警告".format(*n))
            else:
                say("{} scenarios (variants included), {} projects, {} goals: {} errors, {} warnings".format(*n))
        if has_errors(issues):
            raise typer.Exit(EXIT_INPUT)


@app.command()
def new(
    kind: Annotated[
        str,
        typer.Argument(
            help="A kind of project, e.g. road_link, rail_line, bus_line, policy; scenario or goal; any other word "
            "lists all"
        ),
    ],
    out: OutOption = None,
    debug: DebugOption = False,
) -> None:
    """Write a commented template to start from. 新建模板"""
    with reporting(debug=debug):
        from transit_model.catalogue.tables import write_template

        text, path = write_template(kind, out)
        say(text if path is None else str(path))
