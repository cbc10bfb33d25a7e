"""Words of the map, comparison and front pages that tell what changes."""

from __future__ import annotations

from typing import Final

MAP_WORDS: Final[dict[str, tuple[str, str]]] = {
    "lead_more": (
        "从{origin}出发，{mode}（{reading}）{cutoff} 分钟内的人口由 {before} 增至 {after}，多 {change}",
        "From {origin} by {mode} ({reading}), {change} more people are within {cutoff} minutes: {before} → {after}",
    ),
    "lead_fewer": (
        "从{origin}出发，{mode}（{reading}）{cutoff} 分钟内的人口由 {before} 减至 {after}，少 {change}",
        "From {origin} by {mode} ({reading}), {change} fewer people are within {cutoff} minutes: {before} → {after}",
    ),
    "lead_km2_saved": ("{area} km² 缩短 {step} 分钟以上", "{area} km² save {step} minutes or more"),
    "lead_km2_lost": ("{area} km² 延长 {step} 分钟以上", "{area} km² lose {step} minutes or more"),
    "lead_place": ("到{place}由 {before} 分钟变为 {after} 分钟", "{place} goes from {before} to {after} minutes"),
    "lead_place_new": ("{place}从到不了变为 {after} 分钟", "{place} is newly reached in {after} minutes"),
    "lead_place_gone": ("{place}由 {before} 分钟变为到不了", "{place}, {before} minutes before, is out of reach"),
    "lead_place_new_short": ("此前到不了", "out of reach before"),
    "lead_place_gone_short": ("现已到不了", "now out of reach"),
    "lead_people": (
        "{origin} {cutoff} 分钟圈内的人口（{mode}，{reading}）",
        "people within {cutoff} min of {origin} ({mode}, {reading})",
    ),
    "lead_was": ("{before} → {after}", "{before} → {after}"),
    "lead_saved": ("缩短 {step} 分钟以上的面积", "where {step} min or more are saved"),
    "lead_lost": ("延长 {step} 分钟以上的面积", "where {step} min or more are lost"),
    "lead_minutes": ("{minutes} 分钟", "{minutes} min"),
    "lead_to": ("{origin} – {place}", "{origin} – {place}"),
    "lead_none": (
        "与“{base}”相比，没有一个圈、没有一处用时发生变化。",
        "Against “{base}” no circle and no minute changes.",
    ),
    "lead_state": (
        "从{origin}出发，{mode}（{reading}）{cutoff} 分钟内有 {people} 人。",
        "From {origin} by {mode} ({reading}), {people} people are within {cutoff} minutes.",
    ),
    "ring_within": ("{origin} {minutes} 分钟内的人口", "people within {minutes} min of {origin}"),
    "lead_rule": (
        "首屏按规则选定：各圈（宣传口径除外）中人口变化最大的一个；范围取变化所在之处。",
        "The page opens by rule on the circle whose people change most (the promoter’s reading aside), and on the "
        "ground that changes.",
    ),
    "show_saved": ("节省的分钟", "Minutes saved"),
    "saved_title": ("比“{base}”节省的分钟", "Minutes saved against “{base}”"),
    "saved_at_least": ("节省至少 {minutes} 分钟", "saves at least {minutes} min"),
    "lost_at_least": ("多用至少 {minutes} 分钟", "takes at least {minutes} min longer"),
    "newly_in_reach": ("从到不了变为可到", "reached for the first time"),
    "no_longer_in_reach": ("不再可到", "no longer reached"),
    "little_change": ("变化不足 {minutes} 分钟", "changes by less than {minutes} min"),
    "not_measured": ("模型到不了，无用时", "no time: the model does not get there"),
    "copy_link": ("复制链接", "Copy link"),
    "copied": ("已复制", "Copied"),
    "choose_origin": ("请选择出发地。", "Choose where to start from."),
    "no_change": (
        "这一组合没有一处变化达 {minutes} 分钟。",
        "With this choice nothing changes by {minutes} minutes.",
    ),
    "see_all": ("全域", "Whole area"),
    "see_change": ("变化处", "Where it changes"),
    "open_compare": ("左右对比、分摊与自检", "Side by side, shares and checks"),
    "why_promoter": (
        "宣传口径乘车只算站到站，没有面积，不能画在图上",
        "the promoter’s reading by public transport runs from station to station: it has no area to draw",
    ),
    "why_no_mode": ("本情景没有这种方式的班次", "nothing of this mode runs here"),
    "why_no_cutoff": ("“节省的分钟”不分时间圈", "minutes saved have no cutoff"),
    "why_no_base": ("本情景没有对照", "this scenario has no base case"),
    "minutes_here": ("此处到各中心的用时（边长约 {km} 千米的格子）", "Minutes here, in squares of about {km} km"),
    "outside_area": ("研究范围以外，没有用时。", "Outside the study area: no minutes."),
    "by_mode": ("各方式（所选口径）", "By mode, on the chosen reading"),
    "headline_goals": ("重点目标", "Headline goals"),
    "key_today": ("{today}", "{today}"),
    "key_best": ("最好的规划情景", "best plan"),
    "key_limit": ("目标门槛", "limit of the goal"),
    "key_aside": ("淡色：原文不可能指这种口径", "pale: a reading that the wording cannot mean"),
    "tile_met": ("{of} 种口径中成立 {n} 种", "holds on {n} of {of} readings"),
    "tile_best": ("最好：{scenario}", "best: {scenario}"),
    "front_title": (
        "{origin} {minutes} 分钟圈（{mode}，{reading}）",
        "Within {minutes} min of {origin} ({mode}, {reading})",
    ),
    "front_before": ("{base}：{people} 人", "{base}: {people} people"),
    "front_added": ("“{scenario}”新增：{people} 人", "added by “{scenario}”: {people} people"),
    "cards_title": ("哪个项目改变最多？", "Which project changes most?"),
    "cards_intro": (
        "按变化最大的一个圈内增加的人口排序；每张卡片的三个数取自对比页的首屏。",
        "Sorted by the people that the circle which changes most gains; the three numbers are those that the "
        "comparison opens with.",
    ),
    "some_undated": ("部分未定", "some not known"),
    "all_goals": ("全部 {n} 项目标与结论", "All {n} goals and their verdicts"),
    "brief": ("两页简报", "Two-page brief"),
    "flicker": ("前后交替", "Flicker"),
    "swipe_view": ("左右分界", "Divider"),
}
