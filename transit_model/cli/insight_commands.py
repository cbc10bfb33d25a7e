"""Commands that go beyond the verdict: attribute, require, sureness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from transit_model.cli.options import (
    DEFAULT_SCENARIO,
    DebugOption,
    FormatOption,
    LangOption,
    RegionOption,
    ScenarioOption,
    ScenariosOption,
)
from transit_model.cli.output import (
    Format,
    find_language,
    progress,
    reporting,
    say,
    write_csv,
    write_json,
    write_table,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transit_model.domain.modes import Reading
    from transit_model.goals.schema import Goal
    from transit_model.study.workspace import Workspace

_BAR = 24
_UNITS = {"min": {"zh": "分钟", "en": "min"}, "persons": {"zh": "人", "en": "persons"}, "share": {"zh": "", "en": ""}}
_OUTCOMES = {
    "met_already": {"zh": "已经达到", "en": "met already"},
    "always_met": {"zh": "在搜索范围内都达到", "en": "met at every value searched"},
    "crossing": {"zh": "可以达到", "en": "can be met"},
    "cannot_be_met": {"zh": "仅改这一项达不到", "en": "cannot be met by this number"},
}
_KINDS = {
    "none": {"zh": "已经达到", "en": "met already"},
    "number": {"zh": "改一项参数", "en": "change a number"},
    "project": {"zh": "增加一个项目", "en": "one more project"},
    "project_number": {"zh": "增加项目并改参数", "en": "one more project, number changed"},
}


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(attribute)
    app.command()(require)


def attribute(
    measure: Annotated[
        str,
        typer.Argument(
            help="goal:ID:READING, population:ORIGIN:MODE:MINUTES, watt:ORIGIN:MODE or od:FROM:TO:MODE; "
            "a reading may follow (default door_to_door)."
        ),
    ],
    projects: Annotated[str, typer.Option("--projects", "-p", help="Project ids, with commas.")],
    base: Annotated[str, typer.Option("--base", help="Scenario id of the base.")] = DEFAULT_SCENARIO,
    cap: Annotated[
        float | None, typer.Option("--cap", min=1, help="Minutes that an unreachable pair counts as.")
    ] = None,
    permutations: Annotated[int, typer.Option(min=4, help="Orders sampled above ten projects.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Of the sampled orders.")] = 1,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """Share the gain of several projects out among them (Shapley). 贡献分解"""
    with reporting(form, debug=debug):
        from transit_model.study.attribution import attribute as share_out
        from transit_model.study.evaluate import Evaluator
        from transit_model.study.measures import parse_measure
        from transit_model.study.workspace import Workspace

        workspace = Workspace.open(region, scenarios)
        asked = parse_measure(measure, workspace.goals(), workspace.region.info.groups["centres"])
        names = _split(projects)
        evaluator = Evaluator(workspace, base)
        with progress("transit-model attribute", 2 ** min(len(names), 10)) as tick:
            told = share_out(evaluator, [asked], names, cap_min=cap, permutations=permutations, seed=seed, tick=tick)[
                0
            ].as_dict()
        if form is Format.JSON:
            write_json(told)
        elif form is Format.CSV:
            write_csv(told["rows"])
        else:
            titles = {p.id: {"zh": p.title.zh, "en": p.title.en} for p in evaluator.library.values()}
            _print_attribution(told, titles, find_language(lang))


def require(
    goal: Annotated[str, typer.Argument(help="Goal id.")],
    vary: Annotated[
        str | None,
        typer.Option("--vary", help="PROJECT.FIELD or assumptions.NAME; without it the smallest single changes."),
    ] = None,
    reading: Annotated[
        str | None, typer.Option("--reading", help="promoter, typical, door_to_door; default: those it is judged on.")
    ] = None,
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    projects: Annotated[str, typer.Option("--projects", "-p", help="Projects beside those of the scenario.")] = "",
    between: Annotated[str | None, typer.Option("--between", help="Limits of the search: LOW,HIGH.")] = None,
    region: RegionOption = None,
    scenarios: ScenariosOption = None,
    form: FormatOption = Format.TABLE,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """Say what it would take to meet a goal: by one number, or by the smallest single changes. 达标条件"""
    with reporting(form, debug=debug):
        from transit_model.study.evaluate import Evaluator
        from transit_model.study.require import require as search
        from transit_model.study.single_changes import rank_single_changes
        from transit_model.study.workspace import Workspace

        workspace = Workspace.open(region, scenarios)
        asked = _find_goal(workspace, goal)
        readings = _pick_readings(asked, reading)
        evaluator = Evaluator(workspace, scenario)
        also, limits, language = _split(projects), _read_limits(between), find_language(lang)
        if vary is not None:
            found = [search(evaluator, asked, r, vary, projects=also, between=limits).as_dict() for r in readings]
            _print_requirements(found, form, language)
            return
        rows: list[dict[str, Any]] = []
        for r in readings:
            with progress(f"transit-model require {r.value}", len(evaluator.library) * 2) as tick:
                changes = rank_single_changes(evaluator, asked, r, projects=also, tick=tick)
            rows += [{"reading": r.value, **c.as_dict()} for c in changes]
        _print_changes(asked.id, scenario, rows, form, language)


def _print_attribution(told: Mapping[str, Any], titles: Mapping[str, Mapping[str, str]], lang: str) -> None:
    zh = lang == "zh"
    unit = _UNITS[told["unit"]][lang]
    largest = max((abs(r["shapley"]) for r in told["rows"]), default=0.0) or 1.0
    rows = [
        {
            **r,
            "project": titles[r["project"]][lang],
            "bar": ("" if r["shapley"] >= 0 else "-") + "█" * round(_BAR * abs(r["shapley"]) / largest),
        }
        for r in told["rows"]
    ]
    sampled = told["method"] == "sampled"
    headings = {
        "project": "项目" if zh else "project",
        "shapley": f"贡献({unit})" if zh else f"share ({unit})",
        **({"stderr": "标准误" if zh else "std. error"} if sampled else {}),
        "add_one": "单独增加" if zh else "alone",
        "leave_one_out": "最后增加" if zh else "last",
        "bar": "",
    }
    write_table(rows, headings, title=f"{told['measure']} · {told['base']}")
    say(
        f"{'合计' if zh else 'total'}: {_number(told['total'])} {unit} "
        f"({_number(told['base_value'])} -> {_number(told['value'])})"
    )
    for pair in told["pairs"]:
        strength = pair["interaction"] if pair["interaction"] is not None else pair["together"]
        if abs(strength) >= 0.05:
            word = (
                ("相互促进" if strength > 0 else "相互替代")
                if zh
                else ("work together" if strength > 0 else "replace each other")
            )
            say(f"{titles[pair['a']][lang]} + {titles[pair['b']][lang]}: {word} {strength:+.1f} {unit}")


def _print_requirements(found: Sequence[Mapping[str, Any]], form: Format, lang: str) -> None:
    if form is Format.JSON:
        write_json({"requirements": list(found)})
        return
    flat = [{k: v for k, v in r.items() if k not in ("grid", "crossings", "impossible")} for r in found]
    if form is Format.CSV:
        write_csv(flat)
        return
    zh = lang == "zh"
    rows = [{**r, "outcome": _OUTCOMES[r["outcome"]][lang]} for r in flat]
    headings = {
        "reading": "口径" if zh else "reading",
        "outcome": "结论" if zh else "outcome",
        "now": "现值" if zh else "now",
        "now_value_min": "现为(分钟)" if zh else "minutes now",
        "required": "需要" if zh else "required",
        "best": "最接近的取值" if zh else "best value",
        "best_value_min": "届时(分钟)" if zh else "minutes there",
    }
    write_table(rows, headings, title=f"{found[0]['goal']} · {found[0]['field']} · {found[0]['scenario']}")
    for r in found:
        low, high = r["searched"]
        say(f"{r['reading']}: {'搜索范围' if zh else 'searched'} {low:g} - {high:g}")
        if not r["monotone"]:
            say("不是单调变化,可能有多个临界值" if zh else "not monotone: there may be several crossings")


def _print_changes(goal: str, scenario: str, rows: Sequence[Mapping[str, Any]], form: Format, lang: str) -> None:
    if form is Format.JSON:
        write_json({"goal": goal, "scenario": scenario, "changes": list(rows)})
        return
    if form is Format.CSV:
        write_csv(rows)
        return
    zh = lang == "zh"
    if not rows:
        say("没有任何单项改变能使目标更近" if zh else "no single change brings the goal nearer")
        return
    shown = [
        {
            **r,
            "kind": _KINDS[r["kind"]][lang],
            "what": f"{r['project']}.{r['field']}".rstrip("."),
            "meets": ("达到" if zh else "meets it") if r["meets"] else "",
        }
        for r in rows
    ]
    headings = {
        "reading": "口径" if zh else "reading",
        "kind": "改变" if zh else "change",
        "what": "项目或参数" if zh else "project or number",
        "now": "现值" if zh else "now",
        "new": "改为" if zh else "new",
        "value_min": "届时(分钟)" if zh else "minutes then",
        "meets": "结论" if zh else "outcome",
    }
    write_table(shown, headings, title=f"{goal} · {scenario}")


def _find_goal(workspace: Workspace, goal_id: str) -> Goal:
    from transit_model.study.measures import find_goal

    return find_goal(goal_id, workspace.goals())


def _pick_readings(goal: Goal, text: str | None) -> list[Reading]:
    from transit_model.domain.modes import Reading
    from transit_model.study.measures import read_name

    if text is not None:
        return [read_name(text, Reading)]
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


def _number(value: float | None) -> str:
    return "∞" if value is None else f"{value:,.1f}"
