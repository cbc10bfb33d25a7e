"""Plain-language summaries of projects and scenarios, in Chinese and English."""

from __future__ import annotations

from transit_model.assumptions import Assumptions, read_default_assumptions
from transit_model.scenario.base_schema import CONFIDENCE_NAMES, STATUS_NAMES, Project
from transit_model.scenario.compose import Scenario
from transit_model.scenario.kinds.registry import find_kind


def describe_project(project: Project, lang: str = "zh", assumptions: Assumptions | None = None) -> str:
    """Return what a project is, what it changes, where it comes from and what was assumed.

    Parameters
    ----------
    project : Project
    lang : {"zh", "en"}
    assumptions : Assumptions, optional
        For the modelled run time of a planned line; the defaults when absent.
    """
    zh = lang == "zh"
    head = f"{project.title.zh}（{project.id}）" if zh else f"{project.title.en} ({project.id})"
    status = STATUS_NAMES[project.status][lang]
    known = "" if project.as_of is None else f"（{project.as_of}）" if lang == "zh" else f" (as of {project.as_of})"
    sure = CONFIDENCE_NAMES[project.confidence][lang]
    opens = project.opens.as_text(lang)
    lines = [head]
    if project.summary is not None:
        lines.append(f"  {project.summary.zh if zh else project.summary.en}")
    lines.append(
        f"  状态：{status}{known}；开通：{opens}；可信度：{sure}"
        if zh
        else f"  {status}{known}; opens: {opens}; confidence: {sure}"
    )
    body = find_kind(project).describe(project, zh, assumptions or read_default_assumptions())
    lines += [f"  {line}" for line in body]
    lines.append(("  来源：" if zh else "  sources: ") + " ".join(f"[{s}]" for s in project.source))
    lines += [f"  假定 {a.field}：{a.zh}" if zh else f"  assumed {a.field}: {a.en}" for a in project.assumed]
    for name, (low, high) in project.ranges.items():
        lines.append(f"  范围 {name}：{low:g} 至 {high:g}" if zh else f"  range {name}: {low:g} to {high:g}")
    return "\n".join(lines)


def describe_scenario(scenario: Scenario, lang: str = "zh", assumptions: Assumptions | None = None) -> str:
    """Return the base, the overrides and every project of a scenario."""
    zh = lang == "zh"
    title = scenario.title.zh if zh else scenario.title.en
    lines = [f"{title}（{scenario.scenario_id}）" if zh else f"{title} ({scenario.scenario_id})"]
    if scenario.summary is not None:
        lines.append(scenario.summary.zh if zh else scenario.summary.en)
    day = scenario.as_of.isoformat()
    if scenario.base_id is not None:
        lines.append(f"基准：{scenario.base_id}，公路截至 {day}" if zh else f"base: {scenario.base_id}, roads of {day}")
    else:
        lines.append(f"基准年：公路截至 {day}" if zh else f"a base case: roads of {day}")
    for key, value in scenario.overrides.items():
        old = scenario.old_values.get(key)
        before = ("无" if zh else "none") if old is None else old
        lines.append(f"改动 {key}：{before} -> {value}" if zh else f"override {key}: {before} -> {value}")
    lines.append(f"项目 {len(scenario.projects)} 个" if zh else f"{len(scenario.projects)} projects")
    for project in scenario.projects:
        lines += ["", describe_project(project, lang, assumptions)]
    return "\n".join(lines)
