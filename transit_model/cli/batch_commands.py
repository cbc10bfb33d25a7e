"""The command that measures many origins in many scenarios: transit-model batch."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transit_model.cli.data_notice import tell_data
from transit_model.cli.measure_options import read_cutoffs
from transit_model.cli.option_groups import Driving, Pack, Shown, grouped
from transit_model.cli.options import (
    DateOption,
)
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
from transit_model.cli.rests_on import collect_beside, say_beside
from transit_model.cli.unused_options import list_mode_rules, refuse_unused
from transit_model.domain.named_words import read_one, read_words

if TYPE_CHECKING:
    from transit_model.batches.journal import Entry
    from transit_model.batches.run import BatchResult

_STOPPED = {
    "zh": "已中断；已完成的分区保留，用 --resume 继续",
    "en": "stopped; finished partitions are kept, go on with --resume",
}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(grouped(batch))


@dataclass(frozen=True)
class BatchQuestion:
    """What is measured from where, and where it goes."""

    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the results: Parquet, a file a partition.")]
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", "-s", help="Scenario id; say it again for more.")
    ] = None
    origins: Annotated[
        str,
        typer.Option(
            "--origins",
            "--from",
            help="seats, places, grid, nodes (all of the roads), a FILE.csv (id,lon,lat), or groups and places as in "
            "od.",
        ),
    ] = "seats"
    destinations: Annotated[str, typer.Option("--to", help="Of --measure times: as --origins.")] = "seats"
    measure: Annotated[
        str,
        typer.Option(
            "--measure",
            help="times (to each destination), seats or population (county seats, people within a time), nodes (as "
            "seats by road, and opportunities, from any number of origins).",
        ),
    ] = "times"
    cutoffs: Annotated[str, typer.Option("--cutoff", "--cutoffs", help="Minutes, with commas.")] = "60"
    mode: Annotated[str, typer.Option("--mode", help="road, rail, bus, transit, best; several with commas.")] = "road"
    reading: Annotated[str, typer.Option("--reading", help="promoter, typical, door_to_door.")] = "door_to_door"
    policy: Annotated[str, typer.Option("--policy", help="As in od: spontaneous or timetabled.")] = "spontaneous"


@dataclass(frozen=True)
class Moments:
    """The service date, and each departure window."""

    window: Annotated[
        list[str] | None, typer.Option("--window", help="Departures HH:MM-HH:MM; say it again for more.")
    ] = None
    date: DateOption = None


@dataclass(frozen=True)
class BatchWork:
    """Who does the work, in which parts, on which cells."""

    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes; 0: threads of this one.")] = 0
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="A Dask cluster that runs already: tcp://HOST:PORT.")
    ] = None
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what stands in --out; verified first.")] = False
    chunk: Annotated[int | None, typer.Option("--chunk", min=1, help="Most origins in one partition.")] = None
    grid_cell: Annotated[float, typer.Option("--grid-cell", min=100, help="Cell of --origins grid, metres.")] = 1e4
    cell: Annotated[float, typer.Option("--cell", min=50, help="Cell of --measure population, metres.")] = 1000
    population: Annotated[
        str, typer.Option("--population", help="Of --measure population: model, seat, even, or your own .tif or .csv.")
    ] = "model"
    opportunities: Annotated[
        str,
        typer.Option(
            "--opportunities", help="Of --measure nodes: a layer of the pack, or CSV id,lon,lat and whole numbers."
        ),
    ] = ""


def batch(
    context: typer.Context,
    questions: BatchQuestion,
    driving: Driving,
    moments: Moments,
    how: BatchWork,
    pack: Pack,
    shown: Shown,
) -> None:
    """Measure many origins in many scenarios, on all cores or a cluster; resumable. 批量计算"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.batches.job import TravelConditions, build_job
        from transit_model.batches.open_executor import open_executor
        from transit_model.batches.question import MEASURE_NAMES, BatchMeasure, OriginQuestion
        from transit_model.batches.run import run_batch
        from transit_model.batches.store import Store
        from transit_model.domain.modes import DeparturePolicy, Mode, Reading, SpeedTable, Vehicle
        from transit_model.measure.workspace import Workspace, parse_window

        question = OriginQuestion(
            measure=read_one(questions.measure, BatchMeasure, "measure"),
            modes=tuple(read_words(questions.mode, Mode, "mode")),
            readings=tuple(Reading)
            if questions.reading == "all"
            else tuple(read_words(questions.reading, Reading, "reading")),
            cutoffs_min=tuple(read_cutoffs(questions.cutoffs)),
            policy=read_one(questions.policy, DeparturePolicy, "policy"),
            cell_m=how.cell,
            population=how.population,
            opportunities=how.opportunities,
        )
        for span in moments.window or ():
            parse_window(span)  # what is no window is told before that it is of no use
        on_grid, grid = (
            question.measure is BatchMeasure.POPULATION,
            (questions.origins == "grid", "with --origins grid"),
        )
        refuse_unused(
            context,
            {
                **list_mode_rules(question.modes, question.readings),
                "destinations": (question.measure is BatchMeasure.TIMES, "with --measure times"),
                "cutoffs": (question.measure is not BatchMeasure.TIMES, "with --measure seats, population or nodes"),
                "cell": (on_grid, "with --measure population"),
                "population": (on_grid, "with --measure population"),
                "grid_cell": grid,
                "opportunities": (question.measure is BatchMeasure.NODES, "with --measure nodes"),
                "workers": (how.scheduler is None, "without --scheduler, whose cluster has its own workers"),
            },
        )
        began = time.perf_counter()
        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        ids = questions.scenario or [workspace.choose()]
        processes = max(how.workers, 1)  # each holds all scenarios that its parts are of
        more = tell_data(workspace, shown.form, size=(how.cell, processes * len(ids), processes))
        job = build_job(
            workspace,
            ids,
            question,
            questions.origins,
            destinations=questions.destinations,
            on=TravelConditions(
                windows=moments.window or (),
                date=moments.date,
                vehicle=read_one(driving.vehicle, Vehicle, "vehicle"),
                speeds=read_one(
                    driving.speeds, SpeedTable, "speeds", of=(SpeedTable.TYPICAL, SpeedTable.PEAK, SpeedTable.WINTER)
                ),
            ),
            grid_cell_m=how.grid_cell,
            chunk=how.chunk,
        )
        if shown.form is not Format.JSON:
            print_issues(job.notices, shown.form)
        executor = open_executor(how.workers, how.scheduler)
        language = find_language(shown.lang)
        title = MEASURE_NAMES[question.measure][language]
        with progress(title, len(job.tasks)) as step:

            def on_part(entry: Entry, *, kept: bool) -> None:
                del kept
                step(entry.task_id)

            try:
                result = run_batch(
                    Store(questions.out, job.about),
                    job.tasks,
                    executor,
                    job.work.warm,
                    resume=how.resume,
                    on_part=on_part,
                )
            except KeyboardInterrupt:
                typer.echo(_STOPPED[language], err=True)
                raise
        summary = _summarise(result, job.about, executor.name, time.perf_counter() - began)
        if shown.form is Format.JSON:
            beside = {**more, "issues": [i.as_dict() for i in job.notices]}
            write_json({**summary, **collect_beside(workspace, ids, beside, windows=moments.window or ())})
        elif shown.form is Format.CSV:
            write_csv([{k: v for k, v in summary.items() if not isinstance(v, list)}])
        else:
            say_beside(workspace, ids, language, windows=moments.window or ())
            for line in _tell(summary, title, language):
                say(line)


def _summarise(result: BatchResult, about: Any, executor: str, spent_s: float) -> dict[str, Any]:  # noqa: ANN401
    return {
        "measure": about["measure"],
        "layers": list(about["layers"]),
        "origins": about["origins"],
        "partitions": result.measured + result.kept,
        "measured": result.measured,
        "kept": result.kept,
        "rows": result.rows,
        "bytes": result.size,
        "executor": executor,
        "seconds": round(spent_s, 1),
        "folder": str(result.manifest.parent),
        "manifest": str(result.manifest),
    }


def _tell(summary: dict[str, Any], title: str, language: str) -> list[str]:
    n, size_kb = summary["origins"], summary["bytes"] / 1000
    if language == "zh":
        what = f"{title}：{n} 个起点 × {len(summary['layers'])} 个情景或时窗，{summary['rows']} 行，{size_kb:,.0f} kB"
        how = f"{summary['partitions']} 个分区，本次计算 {summary['measured']}，沿用 {summary['kept']}（已校验）"
        tail = f"{summary['executor']}，{summary['seconds']:g} 秒；用 pandas.read_parquet(文件夹) 读成一张表"
    else:
        what = f"{title}: {n} origins x {len(summary['layers'])} scenarios or windows, {summary['rows']} rows, "
        what += f"{size_kb:,.0f} kB"
        how = f"{summary['partitions']} partitions, {summary['measured']} measured, {summary['kept']} kept (verified)"
        tail = f"{summary['executor']}, {summary['seconds']:g} s; pandas.read_parquet(FOLDER) reads one table"
    return [what, how, tail, summary["folder"]]
