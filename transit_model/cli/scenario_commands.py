"""Commands on scenarios and projects: list, show, check, new."""

from __future__ import annotations

from typing import Annotated

import typer

from transit_model.cli.options import DebugOption, FormatOption, LangOption, OutOption, RegionOption, ScenariosOption
from transit_model.cli.output import (
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
def list_all(
    scenarios: ScenariosOption = None,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """List scenarios and projects. 方案与项目清单"""
    with reporting(form, debug=debug):
        from transit_model.study.scenario_tables import list_library

        language = find_language(lang)
        rows = list_library(scenarios)
        if form is Format.JSON:
            write_json({"rows": rows})
        elif form is Format.CSV:
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
def show(
    name: Annotated[str, typer.Argument(help="Scenario or project id.")],
    scenarios: ScenariosOption = None,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """Tell a scenario or project in plain words, with every assumption. 方案说明"""
    with reporting(form, debug=debug):
        from transit_model.study.scenario_tables import describe

        told = describe(scenarios, name, find_language(lang))
        if form is Format.JSON:
            write_json({"id": name, "text": told})
        else:
            say(told)


@app.command()
def check(
    names: Annotated[list[str] | None, typer.Argument(help="Scenario ids; default all.")] = None,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """Check scenarios, projects and goals: files, references, and applying them. Exit 2 on errors. 方案校验"""
    with reporting(form, debug=debug):
        from transit_model.errors import has_errors
        from transit_model.study.scenario_tables import check_library

        checked, issues = check_library(region, scenarios, names)
        if form is Format.JSON:
            write_json({"checked": checked, "issues": [i.as_dict() for i in issues]})
        elif form is Format.CSV:
            write_csv([i.as_dict() for i in issues])
        else:
            print_issues(issues, form)
            counts = {s: sum(i.severity == s for i in issues) for s in ("error", "warning")}
            done = (
                f"检查了 {len(checked)} 个方案" if find_language(lang) == "zh" else f"{len(checked)} scenarios checked"
            )
            say(f"{done}: {counts['error']} errors, {counts['warning']} warnings")
        if has_errors(issues):
            raise typer.Exit(EXIT_INPUT)


@app.command()
def new(
    kind: Annotated[
        str,
        typer.Argument(
            help="rail_line, rail_service, road_link, road_upgrade, bus_line, closure, policy, or scenario."
        ),
    ],
    out: OutOption = None,
    debug: DebugOption = False,
) -> None:
    """Write a commented template to start from. 新建模板"""
    with reporting(debug=debug):
        from transit_model.study.scenario_tables import write_template

        text, path = write_template(kind, out)
        say(text if path is None else str(path))
