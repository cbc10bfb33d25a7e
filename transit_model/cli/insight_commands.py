"""Commands that go beyond the verdict: attribute, require, sureness, phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transit_model.cli.data_notice import tell_data
from transit_model.cli.insight_tables import (
    print_attribution,
    print_changes,
    print_phases,
    print_thresholds,
    print_uncertainty,
)
from transit_model.cli.option_groups import Pack, Shown, grouped
from transit_model.cli.options import (
    DEFAULT_SCENARIO,
    ScenarioOption,
)
from transit_model.cli.output import Format, find_language, progress, reporting, write_csv, write_json
from transit_model.cli.rests_on import collect_beside, say_beside
from transit_model.cli.timetable_notice import (
    add_timetable,
    collect_timetables,
    list_first_years,
    say_timetables,
    say_timetables_by_year,
)
from transit_model.cli.unused_options import refuse_unused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transit_model.analysis.evaluate import Evaluator
    from transit_model.domain.modes import Reading
    from transit_model.goals.schema import Goal
    from transit_model.measure.workspace import Workspace
    from transit_model.scenario.base_schema import Project


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(grouped(attribute))
    app.command()(grouped(require))
    app.command()(grouped(sureness))
    app.command()(grouped(phases))


@dataclass(frozen=True)
class SharesQuestion:
    """Whose shares of which gain."""

    projects: Annotated[str, typer.Option("--projects", "-p", help="Project ids, with commas.")]
    base: Annotated[
        str | None, typer.Option("--base", help="Scenario id of the base. Default: built-2025, or the latest base.")
    ] = None
    cap: Annotated[float | None, typer.Option("--cap", min=1, help="Minutes that an unreachable pair counts as.")] = (
        None
    )
    permutations: Annotated[int, typer.Option(min=4, help="Orders sampled above ten projects.")] = 200
    seed: Annotated[int, typer.Option(min=0, help="Of the sampled orders.")] = 1


def attribute(
    context: typer.Context,
    measure: Annotated[
        str,
        typer.Argument(
            help="goal:ID:READING, population:ORIGIN:MODE:MINUTES (on the grid), seats:ORIGIN:MODE:MINUTES (of county "
            "seats), watt:ORIGIN:MODE or od:FROM:TO:MODE; "
            "a reading may follow (default door_to_door)."
        ),
    ],
    shares: SharesQuestion,
    pack: Pack,
    shown: Shown,
) -> None:
    """Share the gain of several projects out among them (Shapley). 贡献分解"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.analysis.attribution import attribute as share_out
        from transit_model.analysis.evaluate import Evaluator
        from transit_model.analysis.measures import parse_measure
        from transit_model.analysis.shapley import EXACT_LIMIT
        from transit_model.measure.workspace import Workspace

        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        more = tell_data(workspace, shown.form)
        question = parse_measure(measure, workspace.goals(), workspace.region.info.groups["centres"])
        names = _split(shares.projects)
        sampled = (len(set(names)) > EXACT_LIMIT, f"with more than {EXACT_LIMIT} projects")
        refuse_unused(context, {"permutations": sampled, "seed": sampled})
        evaluator = Evaluator(workspace, workspace.choose(shares.base))
        with progress("transit-model attribute", 2 ** min(len(names), 10)) as tick:
            result = share_out(
                evaluator,
                [question],
                names,
                cap_min=shares.cap,
                permutations=shares.permutations,
                seed=shares.seed,
                tick=tick,
            )[0].as_dict()
        ids, added = [evaluator.base.scenario_id], _name_added(evaluator, names)
        if shown.form is Format.JSON:
            write_json({**result, **collect_beside(workspace, ids, more, added)})
        elif shown.form is Format.CSV:
            ran = workspace.find_timetable(ids[0]).timetable_id
            write_csv([{**row, "timetable": ran} for row in result["rows"]])
        else:
            say_timetables(workspace, ids, find_language(shown.lang))
            titles = {p.id: {"zh": p.title.zh, "en": p.title.en} for p in evaluator.library.values()}
            print_attribution(result, titles, find_language(shown.lang))
            say_beside(workspace, ids, find_language(shown.lang), added=added)


@dataclass(frozen=True)
class ThresholdQuestion:
    """What may change for a goal to be met."""

    vary: Annotated[
        str | None,
        typer.Option("--vary", help="PROJECT.FIELD or assumptions.NAME; without it the smallest single changes."),
    ] = None
    reading: Annotated[
        str | None, typer.Option("--reading", help="promoter, typical, door_to_door; default: those it is judged on.")
    ] = None
    scenario: ScenarioOption = DEFAULT_SCENARIO
    projects: Annotated[str, typer.Option("--projects", "-p", help="Projects beside those of the scenario.")] = ""
    between: Annotated[str | None, typer.Option("--between", help="Limits of the search: LOW,HIGH.")] = None


def require(
    context: typer.Context,
    goal: Annotated[str, typer.Argument(help="Goal id.")],
    wanted: ThresholdQuestion,
    pack: Pack,
    shown: Shown,
) -> None:
    """Say what it would take to meet a goal: by one number, or by the smallest single changes. 达标条件"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.analysis.evaluate import Evaluator
        from transit_model.analysis.single_changes import rank_single_changes
        from transit_model.analysis.threshold_search import search_threshold
        from transit_model.measure.workspace import Workspace

        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        more = tell_data(workspace, shown.form)
        chosen_goal = _find_goal(workspace, goal)
        readings = _pick_readings(chosen_goal, wanted.reading)
        refuse_unused(context, {"between": (wanted.vary is not None, "with --vary")})
        evaluator = Evaluator(workspace, workspace.choose(wanted.scenario))
        also, limits, language = _split(wanted.projects), _read_limits(wanted.between), find_language(shown.lang)
        ids = [evaluator.base.scenario_id]
        more |= collect_timetables(workspace, ids)
        if shown.form is Format.TABLE:
            say_timetables(workspace, ids, language)
        if wanted.vary is not None:
            found = [
                search_threshold(evaluator, chosen_goal, r, wanted.vary, projects=also, between=limits).as_dict()
                for r in readings
            ]
            found, added = add_timetable(workspace, found), _name_added(evaluator, also)
            print_thresholds(
                found, shown.form, language, collect_beside(workspace, ids, more, added, varied=wanted.vary)
            )
            say_beside(workspace, ids, language, shown.form, added, varied=wanted.vary)
            return
        rows: list[dict[str, Any]] = []
        for r in readings:
            with progress(f"transit-model require {r.value}", len(evaluator.library) * 2) as tick:
                changes = rank_single_changes(evaluator, chosen_goal, r, projects=also, tick=tick)
            ran = workspace.find_timetable(ids[0]).timetable_id
            rows += [{"reading": r.value, **c.as_dict(), "timetable": ran} for c in changes]
        whole = [str(r["project"]) for r in rows if r["kind"] == "project"]
        added = _name_added(evaluator, [*also, *whole])
        print_changes(chosen_goal.id, ids[0], rows, shown.form, language, collect_beside(workspace, ids, more, added))
        say_beside(workspace, ids, language, shown.form, added)


@dataclass(frozen=True)
class UncertaintyQuestion:
    """What is drawn, and how often."""

    scenario: ScenarioOption = DEFAULT_SCENARIO
    goal: Annotated[list[str] | None, typer.Option("--goal", "-g", help="Goal id; may be repeated. Default: all.")] = (
        None
    )
    draws: Annotated[int, typer.Option(min=2, help="Draws of all uncertain numbers; a power of two is best.")] = 256
    seed: Annotated[int, typer.Option(min=0, help="Of the draws.")] = 1
    base: Annotated[str | None, typer.Option("--base", help="A scenario measured with the same draws.")] = None
    by_year: Annotated[
        int | None,
        typer.Option("--by-year", min=1990, max=2100, help="Draw opening years too; only what is open by then stands."),
    ] = None
    tornado: Annotated[int, typer.Option(min=0, help="Numbers named for each goal.")] = 0
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 takes one a core, at most four.")] = 0


def sureness(
    drawn: UncertaintyQuestion,
    pack: Pack,
    shown: Shown,
) -> None:
    """Say how sure each verdict is when speeds, headways and buffers vary within their ranges. 稳健性"""
    with reporting(shown.form, debug=shown.debug):
        import os

        from transit_model.analysis.uncertainty import Sample, compute_uncertainty
        from transit_model.measure.workspace import Workspace

        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        more = tell_data(workspace, shown.form)
        goals = [_find_goal(workspace, g) for g in drawn.goal] if drawn.goal else workspace.goals()
        hands = drawn.workers or min(os.cpu_count() or 1, 4)
        with progress("transit-model sureness", drawn.draws * (1 if drawn.base is None else 2)) as tick:
            found = compute_uncertainty(
                workspace,
                workspace.choose(drawn.scenario),
                goals,
                Sample(drawn.draws, drawn.seed, drawn.by_year),
                base=drawn.base,
                workers=hands,
                tick=tick,
            )
        result = found.as_dict()
        ids = [i for i in (found.base, found.scenario) if i is not None]
        if shown.form is Format.JSON:
            write_json({**result, **collect_timetables(workspace, ids), **more})
        elif shown.form is Format.CSV:
            ran = {"timetable": workspace.find_timetable(found.scenario).timetable_id}
            write_csv([{k: v for k, v in row.items() if k != "tornado"} | ran for row in result["rows"]])
        else:
            say_timetables(workspace, ids, find_language(shown.lang))
            titles = {g.id: {"zh": g.title.zh, "en": g.title.en} for g in goals}
            print_uncertainty(result, titles, drawn.tornado, find_language(shown.lang))


def phases(
    scenario: Annotated[
        str | None, typer.Option("--scenario", "-s", help="The plan: its projects count, by their opening. Needed.")
    ] = None,
    goal: Annotated[
        list[str] | None, typer.Option("--goal", "-g", help="Goal id; may be repeated. Default: all.")
    ] = None,
    first: Annotated[
        int | None, typer.Option("--from", help="First year; default: first_year of the study, else 2020.")
    ] = None,
    last: Annotated[
        int | None, typer.Option("--to", help="Last year; default: last_year of the study, else 2035.")
    ] = None,
    *,
    pack: Pack,
    shown: Shown,
) -> None:
    """Say in which year each goal is first met along the dated plan. 首次达标年份"""
    with reporting(shown.form, debug=shown.debug):
        from datetime import date

        from transit_model.analysis.phasing import find_first_years
        from transit_model.measure.workspace import Workspace

        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        more = tell_data(workspace, shown.form)
        plan = _need_plan(workspace, scenario)
        goals = [_find_goal(workspace, g) for g in goal] if goal else workspace.goals()
        choices = workspace.choices()
        begin = choices.first_year if first is None else first
        end = choices.last_year if last is None else last
        with progress("transit-model phases", end - begin + 1) as tick:
            result = find_first_years(workspace, plan, goals, first=begin, last=end, tick=tick).as_dict()
        ran = {str(y): workspace.find_timetable_of(date(y, 12, 31)).timetable_id for y in result["years"]}
        if shown.form is Format.JSON:
            write_json({**result, "timetables": ran, **more})
        elif shown.form is Format.CSV:
            ran_text = "; ".join(f"{year} {name}" for year, name in list_first_years(ran))
            write_csv(
                [{k: v for k, v in row.items() if k != "years"} | {"timetables": ran_text} for row in result["rows"]]
            )
        else:
            say_timetables_by_year(workspace, ran, find_language(shown.lang))
            titles = {g.id: {"zh": g.title.zh, "en": g.title.en} for g in goals}
            print_phases(result, titles, find_language(shown.lang))


def _need_plan(workspace: Workspace, scenario: str | None) -> str:
    """Return the scenario whose projects are the plan; which of the library's are meant nobody else can say."""
    from transit_model.errors import InputError, Issue
    from transit_model.scenario.load import list_scenarios

    if scenario is not None:
        return scenario
    known = ", ".join(e.scenario_id for e in reversed(list_scenarios(workspace.library)) if not e.is_base_case)
    message = "say which plan is meant: the projects of a scenario come by their opening dates"
    raise InputError(Issue("no_plan", "error", message, field="scenario", hint=f"add --scenario, one of {known}"))


def _name_added(evaluator: Evaluator, names: Sequence[str]) -> dict[str, list[Project]]:
    """Return the projects that stand beside those of the scenario, each under its id."""
    return {name: [evaluator.library[name]] for name in dict.fromkeys(names) if name in evaluator.library}


def _find_goal(workspace: Workspace, goal_id: str) -> Goal:
    from transit_model.analysis.measures import find_goal

    return find_goal(goal_id, workspace.goals())


def _pick_readings(goal: Goal, text: str | None) -> list[Reading]:
    from transit_model.domain.modes import Reading
    from transit_model.domain.named_words import read_one

    if text is not None:
        return [read_one(text, Reading, "reading")]
    return list(goal.judged_on) or list(Reading)


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]


def _read_limits(text: str | None) -> tuple[float, float] | None:
    from transit_model.errors import InputError, Issue

    if text is None:
        return None
    try:
        low, high = (float(part) for part in _split(text))
    except ValueError as error:
        hint = "write two numbers, e.g. --between 100,350"
        raise InputError(
            Issue("bad_limits", "error", f"{text!r} is no range", field="between", value=text, hint=hint)
        ) from error
    return low, high
