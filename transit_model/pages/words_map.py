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
    "lead_same": (
        "从{origin}出发，{mode}（{reading}）{cutoff} 分钟内的人口不变，仍为 {after}",
        "From {origin} by {mode} ({reading}), as many people as before are within {cutoff} minutes: {after}",
    ),
    "lead_unchanged": ("不变", "as before"),
    "of_circle": ("从{origin}出发，{mode}，{reading}", "From {origin}, {mode}, {reading}"),
    "n_minutes": ("{minutes} 分钟", "{minutes} min"),
    "people_table": ("各时间内的人口", "People within the minutes"),
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
    "lead_to": ("{origin} → {place}（{mode}）", "{origin} → {place} ({mode})"),
    "lead_none": (
        "与“{base}”相比，没有一个圈、没有一处用时发生变化。",
        "Against “{base}” no circle and no minute changes.",
    ),
    "lead_state": (
        "从{origin}出发，{mode}（{reading}）{cutoff} 分钟内有 {people} 人。",
        "From {origin} by {mode} ({reading}), {people} people are within {cutoff} minutes.",
    ),
    "ring_within": ("{origin} {minutes} 分钟内的人口", "people within {minutes} min of {origin}"),
    "lead_other_ends": (
        "若取范围的另一端（{values}），从{origin}出发，{mode}（{reading}）{cutoff} 分钟内的人口变化为 {change}；"
        "按所列数值为 {stated}。",
        "With the other ends of these ranges ({values}) the people within {cutoff} minutes from {origin} by {mode} "
        "({reading}) change by {change}; with the values stated, by {stated}.",
    ),
    "card_other_ends": (
        "若取范围另一端（{values}），人口变化为{change}",
        "with the other end of the range ({values}) it is {change} people instead",
    ),
    "lead_rule": (
        "首屏按规则选定：不看宣传口径，也不看原来不足本市九成人口（最快方式、最短时间圈内）的圈，只乘火车或客车的圈多半如此，"
        "因为没有市内公交时刻。其余先看最快方式；所加项目同属一种方式、且这种方式的圈增减的人口不比它少时，看这种方式。取人口变化最大的一圈，"
        "范围取变化所在之处。句子、数字、表和图都随所选的出发地、方式、口径和时间而变。",
        "The page opens by rule: not on the promoter’s reading, nor on a circle that held less than nine tenths of its "
        "own city before (the people whom the best mode reaches within the shortest time), as those by train or coach "
        "alone mostly do, since there is no timetable of city buses. Of the others the best mode leads, or the one "
        "mode of all that is built where its circles change by as many people; then the circle whose people change "
        "most, on the ground that changes. Sentence, numbers, table and charts follow what is chosen.",
    ),
    "show_saved": ("节省的分钟", "Minutes saved"),
    "saved_title": ("比“{base}”节省的分钟", "Minutes saved against “{base}”"),
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
    "drawn_as_squares": (
        "轮廓长度超过同面积圆 {ragged} 倍的等时圈（路网稀疏所致）按边长约 {km} 千米的方格绘制；面积和人口按原圈计算。",
        "Circles whose outline is more than {ragged} times that of discs of their area (the network is sparse) are "
        "drawn as squares of about {km} km; area and people are those of the exact circle.",
    ),
    "closed_here": ("封闭或不再使用", "closed or given up"),
    "limited_here": ("施工限速或单向封闭", "slowed, or closed one way, by works"),
    "legend_closed": ("本情景封闭或不再使用", "Closed or given up in this scenario"),
    "legend_limited": ("本情景施工限速或单向封闭", "Slowed, or closed one way, by works"),
    "legend_bus": ("公交线路与停靠站", "Bus line and its stops"),
    "layer_bus": ("公交", "Bus"),
    "locator": ("当前范围在全域中的位置", "Where the map lies in the whole area"),
    "rings_same": (
        "这一组合的圈在图上没有移动：变化小于一个网格。",
        "With this choice no circle moves on the map: what changes is less than a square.",
    ),
    "see_all": ("全域", "Whole area"),
    "see_change": ("变化处", "Where it changes"),
    "open_compare": ("左右对比、分摊与自检", "Side by side, shares and checks"),
    "why_promoter": (
        "宣传口径不可选：这种方式只算站到站，没有面积，不能画在图上。",
        "The promoter’s reading cannot be chosen: by this mode it runs from station to station and has no area.",
    ),
    "why_no_mode": (
        "虚线框的方式不可选：这里没有它的班次。",
        "Dashed modes cannot be chosen: nothing of them runs here.",
    ),
    "minutes_here": ("此处到各中心的用时（边长约 {km} 千米的网格）", "Minutes here, in squares of about {km} km"),
    "outside_area": ("研究范围以外，没有用时。", "Outside the study area: no minutes."),
    "services_caption": ("最近的（公路，典型口径）", "Nearest, by road on the typical reading"),
    "hospital": ("三级医院", "Third-level hospital"),
    "rank": ("位次", "Rank"),
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
    "front_lines": ("它新增的道路和铁路", "roads and railways that it adds"),
    "front_bus": ("它新增的公交线路", "bus lines that it adds"),
    "cards_title": ("哪个项目改变最多？", "Which project changes most?"),
    "cards_intro": (
        "按到至少一个中心缩短 5 分钟以上的人口排序，各方案同一尺度；每张卡片的三个数取自对比页的首屏。",
        "Sorted by the people who reach at least one centre 5 minutes sooner or more, one scale for all; the three "
        "numbers of a card are those that the comparison opens with.",
    ),
    "some_undated": ("部分未定", "some not known"),
    "all_goals": ("全部 {n} 项目标与结论", "All {n} goals and their verdicts"),
    "brief": ("两页简报", "Two-page brief"),
    "brief_title": ("{scenario}：两页简报", "{scenario}: a brief on two pages"),
    "brief_numbers": ("三种口径的分钟数", "Minutes on the three readings"),
    "more_assumed": ("另有 {n} 条，见完整报告", "{n} more are in the report"),
    "brief_sources": ("资料来源", "Sources"),
    "added_by_plan": ("新增的范围", "added to the circle"),
    "chart_people": ("各时间圈内的人口", "People within the minutes"),
    "chart_seats": (
        "到各中心与旗县区的分钟数（变化大的在前）",
        "Minutes to centres and county seats, largest change first",
    ),
    "chart_far": ("▷ 超过 {far} 分钟", "▷ beyond {far} minutes"),
    "chart_no_seats": ("没有一处的分钟数变化", "no minutes change"),
    "chart_minutes": ("按节省的分钟数分的人口", "People by the minutes they save"),
    "chart_minutes_axis": ("横轴为节省的分钟，负数为多用的分钟", "minutes saved; negative: minutes lost"),
    "chart_minutes_saved": ("横轴为节省的分钟", "minutes saved"),
    "chart_still": (
        "变化不足 5 分钟的有 {people} 人，不在图中",
        "{people} people change by less than 5 minutes and are not drawn",
    ),
    "class_new": ("新可到", "new"),
    "class_gone": ("不可到", "gone"),
    "chart_ranked": ("各方案：到至少一个中心缩短的人口", "All plans: people who reach at least one centre sooner"),
    "chart_ranked_how": (
        "{mode}，{reading}；每人只计一次，按其缩短最多的一个中心。",
        "{mode}, {reading}; everybody counts once, with the centre that comes nearest by most.",
    ),
    "chart_ranked_lost": ("延长 {people}", "{people} lose"),
    "ranked_step": ("≥ {minutes} 分钟", "≥ {minutes} min"),
    "ranked_last": ("≥ {minutes} 分钟或新可到", "≥ {minutes} min or newly reached"),
    "still_saved": ("节省 ≥ {minutes} 分钟", "≥ {minutes} min saved"),
    "still_lost": ("延长 ≥ {minutes} 分钟", "≥ {minutes} min lost"),
    "still_circle": ("圈：实线为本情景，虚线为对照", "circle: full line this scenario, dashed its base"),
    "newly_within": ("新进入 {minutes} 分钟圈", "newly within {minutes} min"),
    "newly_people": ("+{people}人", "+{people} people"),
    "shows_edges": (
        "{minutes} 分钟圈：实线为本情景，虚线为对照",
        "within {minutes} min: full line this scenario, dashed its base",
    ),
    "why_cell": (
        "起讫表不给{mode}用时：{place}所在旗县和 {km} 公里以内没有车站。"
        "地图另计打车到更远的车站（不超过 {taxi} 分钟），所以此处网格有 {minutes} 分钟。",
        "The table has no time by {mode}: {place} has no station in its county or within {km} km. The map also counts "
        "a taxi to stations farther away (up to {taxi} min), so the square here has {minutes} min.",
    ),
    "chart_years_end": ("{reading}（共 {of} 项）", "{reading} (of {of})"),
    "opens_this_year": ("比前一阶段新增", "new since the step before"),
    "chart_years": ("各年成立的目标项数", "How many goals hold, by year"),
    "charts": ("图表", "Charts"),
    "pause": ("暂停", "Pause"),
    "take_away": ("带走：", "Take away:"),
    "flicker": ("前后交替", "Flicker"),
    "swipe_view": ("左右分界", "Divider"),
}
