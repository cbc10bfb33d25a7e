"""Commands on the whole study: run, goals, compare."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transit_model.cli.compare_table import RowsOf, print_comparison
from transit_model.cli.data_notice import tell_data
from transit_model.cli.option_groups import Pack, Shown, grouped
from transit_model.cli.options import (
    BasemapOption,
    DebugOption,
    FormatOption,
    LangOption,
    OutOption,
    PopulationOption,
)
from transit_model.cli.output import (
    END_SECTION,
    EXIT_INTERNAL,
    EXIT_MISSED,
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
from transit_model.cli.rests_on import collect_beside, list_rests, say_beside
from transit_model.cli.row_files import check_row_file, start_paper, write_records
from transit_model.cli.stations_used import say_stations
from transit_model.cli.timetable_notice import add_timetable
from transit_model.cli.unused_options import refuse_unused
from transit_model.domain.named_words import read_one
from transit_model.domain.words import VERDICT_NAMES, VERDICT_SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transit_model.errors import Issue
    from transit_model.goals.judge import Verdict
    from transit_model.goals.schema import Goal
    from transit_model.measure.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the study commands to the application."""
    app.command()(grouped(run))
    app.command()(grouped(goals))
    app.command()(grouped(compare))


@dataclass(frozen=True)
class PagesTarget:
    """Where the pages go, and what they show."""

    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder for pages and tables; default maps, of taixin maps-taixin."),
    ] = None
    basemap: BasemapOption = None
    population: PopulationOption = "model"


@dataclass(frozen=True)
class RunWork:
    """How the work is done."""

    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes that measure. Default: 2 where there are 2 cores.")
    ] = None
    sureness: Annotated[
        int, typer.Option("--sureness", min=0, help="Draws of all uncertain numbers, for the cards of the goals.")
    ] = 0
    verbose: Annotated[bool, typer.Option("--verbose", help="Show how long each stage took.")] = False


def run(
    study: Annotated[str | None, typer.Argument(help="Study file or name; default scenarios/study.yaml.")] = None,
    *,
    pages: PagesTarget,
    pack: Pack,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    work: RunWork,
    debug: DebugOption = False,
) -> None:
    """Do the main job: measure all scenarios, judge the goals, draw the maps and the report. 完整研究"""
    from transit_model.pages.workload import StudyWorkers

    with reporting(form, debug=debug), StudyWorkers(work.workers or min(2, os.cpu_count() or 1)) as pool:
        from transit_model.measure.workspace import Workspace
        from transit_model.pages.other_regions import name_pages_folder
        from transit_model.pages.run import count_steps, run_study
        from transit_model.study.by_name import find_study

        own = Path(study) if study is not None else None
        scenarios = pack.scenarios
        if scenarios is None and own is not None and own.is_file():
            scenarios = own.parent  # a study file brings its own folder of scenarios and goals
        with progress("读取数据 reading the region", None) as tick:
            workspace = Workspace.open(pack.region, scenarios, pages.population, timetable=pack.timetable)
            tick.stage("检查情景 checking the scenarios")
            plan = workspace.study(find_study(workspace, study))
        more = tell_data(workspace, form, size=(plan.choices.cell_m, len(plan.scenarios), pool.workers))
        steps = count_steps(plan, len(workspace.region.info.groups["centres"])) + 2  # questions and pages
        with progress("建立路网与时刻表 building networks and timetables", steps) as tick:
            result, paths = run_study(
                workspace,
                study,
                pages.out or Path(name_pages_folder(pack.region)),
                basemap=pages.basemap,
                uncertainty_draws=work.sureness,
                workers=pool,
                tick=tick,
                log=_logger(work.verbose),
            )
        language = find_language(lang)
        shown = result.goals if form is not Format.TABLE else [g for g in result.goals if g.headline] or result.goals
        _print_verdicts(workspace, shown, result.verdicts, form, language, more)
        if form is Format.TABLE:
            rest = len(result.goals) - len(shown)
            if rest:
                say(
                    f"另有{rest}个目标见 goals.html"
                    if language == "zh"
                    else f"{rest} more goals and claims in goals.html"
                )
            say("")
            for path in sorted(paths, key=lambda p: (p.suffix != ".html", str(p))):
                if path.suffix == ".html":
                    say(str(path))
        _tell_failures([issue for comparison in result.comparisons for issue in comparison.failures])


def goals(
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", "-s", help="Scenario id; may be repeated. Default: the study's.")
    ] = None,
    goal: Annotated[
        list[str] | None, typer.Option("--goal", "-g", help="Goal id; may be repeated. Default: all.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when a judged goal is missed.")] = False,
    out: OutOption = None,
    *,
    pack: Pack,
    shown: Shown,
) -> None:
    """Judge the goals and claims on all three readings, with evidence. 目标判定"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.measure.workspace import Workspace
        from transit_model.study.by_name import judge_scenarios

        check_row_file(out)
        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        more = tell_data(workspace, shown.form)
        with progress("transit-model goals", len(scenario) if scenario else 7) as tick:
            chosen, verdicts = judge_scenarios(workspace, scenario, goal, tick=tick)
        if out is not None:
            _write_verdicts(out, workspace, chosen, verdicts, shown)
        else:
            _print_verdicts(workspace, chosen, verdicts, shown.form, find_language(shown.lang), more)
        if strict and any(v.judged and v.verdict == "missed" for v in verdicts):
            raise typer.Exit(EXIT_MISSED)


def compare(
    context: typer.Context,
    base: Annotated[str, typer.Argument(help="Scenario id of the base.")],
    scenario: Annotated[str, typer.Argument(help="Scenario id to compare with it.")],
    population: PopulationOption = "model",
    rows: Annotated[
        str,
        typer.Option("--rows", help="What CSV and files hold: od (minutes) or people (people and km2 within minutes)."),
    ] = "od",
    out: OutOption = None,
    *,
    pack: Pack,
    shown: Shown,
) -> None:
    """Say what changes between two scenarios, with the certificate that the comparison is sound. 方案比较"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.measure.workspace import Workspace
        from transit_model.study.by_name import compare_scenarios, count_compare_steps

        kept = read_one(rows, RowsOf, "rows")
        in_rows = out is not None or shown.form is Format.CSV
        refuse_unused(context, {"rows": (in_rows, "with --format csv or -o FILE; tables and JSON hold both")})
        check_row_file(out)
        with progress("读取数据 reading the region", None):
            workspace = Workspace.open(pack.region, pack.scenarios, population, timetable=pack.timetable)
        more = tell_data(workspace, shown.form, size=(workspace.choices().cell_m, 3, 1))  # the base is built twice
        with progress("建立路网与时刻表 building networks and timetables", count_compare_steps(workspace)) as tick:
            result = compare_scenarios(workspace, base, scenario, tick=tick)
        print_comparison(workspace, result, (out, kept), shown, more)
        _tell_failures(result.failures)


def _tell_failures(failures: Sequence[Issue]) -> None:
    """Say what failed of certificates after all is written, and end with the exit code of a fault of ours."""
    if failures:
        print_issues(failures, Format.TABLE)  # beside the answer, not in it
        raise typer.Exit(EXIT_INTERNAL)


def _logger(verbose: bool) -> Any:  # noqa: ANN401 - a function of one text
    return (lambda text: say(text, err=True)) if verbose else (lambda _text: None)


def _write_verdicts(
    out: Path, workspace: Workspace, goals: Sequence[Goal], verdicts: Sequence[Verdict], shown: Shown
) -> None:
    """Write verdicts as rows of a file; a workbook has the evidence on a sheet of its own."""
    language = find_language(shown.lang)
    titles = {g.id: getattr(g.title, language) for g in goals}
    rows, evidence = [], []
    for verdict in verdicts:
        data = verdict.as_dict()
        head = {"goal_name": titles[verdict.goal], "goal": verdict.goal, "scenario": verdict.scenario}
        head["reading"] = verdict.reading
        evidence += [{**head, **e} for e in data["evidence"]]
        rows.append({**head, **{k: v for k, v in data.items() if k != "evidence"}})
    ids = list(dict.fromkeys(v.scenario for v in verdicts))
    known = {p.place_id: p.name(language) for p in (workspace.session(ids[0]).places.places if ids else ())}
    sheets = {("证据" if language == "zh" else "evidence"): evidence, **list_rests(workspace, ids, language)}
    paper = start_paper(shown.lang, "判定", "verdicts", names=known, more=sheets)
    write_records(out, add_timetable(workspace, rows), paper)
    say(str(out))


def _print_verdicts(
    workspace: Workspace,
    goals: Sequence[Goal],
    verdicts: Sequence[Verdict],
    form: Format,
    lang: str,
    more: Mapping[str, Any],
) -> None:
    ids = list(dict.fromkeys(v.scenario for v in verdicts))
    kept = {g.id for g in goals}
    verdicts = [v for v in verdicts if v.goal in kept]
    if form is Format.JSON:
        write_json(
            {
                "verdicts": add_timetable(workspace, [v.as_dict() for v in verdicts]),
                **collect_beside(workspace, ids, more),
            }
        )
        return
    if form is Format.CSV:
        flat = [{k: v for k, v in verdict.as_dict().items() if k != "evidence"} for verdict in verdicts]
        write_csv(add_timetable(workspace, flat))
        return
    rows: list[dict[str, Any]] = []
    for goal in goals:
        if goal.unmeasurable is not None:
            continue
        scenarios = list(dict.fromkeys(v.scenario for v in verdicts))
        for i, scenario in enumerate(scenarios):
            found = {v.reading: v for v in verdicts if v.goal == goal.id and v.scenario == scenario}
            cells = {reading: _cell(v) for reading, v in found.items()}
            first = {"goal": getattr(goal.title, lang), "limit": _limit(goal)} if i == 0 else {"goal": "", "limit": ""}
            rows.append({**first, "scenario": scenario, **cells, END_SECTION: i == len(scenarios) - 1})
    zh = lang == "zh"
    headings = {
        "goal": "目标" if zh else "goal",
        "limit": "分钟" if zh else "min",
        "scenario": "方案" if zh else "scenario",
        "promoter": "宣传口径" if zh else "promoter",
        "typical": "典型口径" if zh else "typical",
        "door_to_door": "门到门" if zh else "door to door",
    }
    write_table(rows, headings, fold=("goal",))
    for goal in goals:
        if goal.unmeasurable is not None:
            say(f"? {getattr(goal.title, lang)}: {getattr(goal.unmeasurable, lang)}")
    legend = "  ".join(f"{VERDICT_SYMBOLS[w]} {t[lang]}" for w, t in VERDICT_NAMES.items())
    note = "( ) 该口径不用于判定" if zh else "( ) the goal's wording does not mean this reading"
    say(f"{legend}  {note}")
    say_stations(workspace, goals, [v.as_dict() for v in verdicts], lang)
    say_beside(workspace, ids, lang)


def _limit(goal: Goal) -> str:
    if goal.frequency is None:
        return f"{goal.threshold_min:g}"
    from transit_model.goals.judge_counts import tell_number

    return tell_number(goal.frequency.unit, goal.frequency.limit)


def _cell(verdict: Verdict) -> str:
    data = verdict.as_dict()
    if verdict.verdict == "cannot_tell":
        text = VERDICT_SYMBOLS["cannot_tell"]
    elif verdict.counted is not None:
        from transit_model.goals.judge_counts import tell_number

        text = f"{VERDICT_SYMBOLS[verdict.verdict]} {tell_number(verdict.counted.unit, verdict.counted.value)}"
    else:
        from transit_model.domain.rounding import format_minutes, format_share

        minutes = format_minutes(verdict.value_min, near=verdict.threshold_min)
        share = "" if data["share"] in (None, 0.0, 1.0) else f" {format_share(data['share'])}"
        text = f"{VERDICT_SYMBOLS[verdict.verdict]} {minutes}{share}"
    return text if verdict.judged else f"({text})"
