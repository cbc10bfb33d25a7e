"""Words of the pages for what goes beyond the verdict: who earns the gain, what it would take, how sure it is."""

from __future__ import annotations

from typing import Final

INSIGHT_WORDS: Final[dict[str, tuple[str, str]]] = {
    "attribution_title": ("收益归于哪个项目", "Which project earns the gain"),
    "attribution_intro": (
        "目标余量和加权平均旅行时间改善的分钟数，按 Shapley 值精确分摊（所有建设次序的平均贡献，合计等于总改善）。",
        "How many minutes the margins of goals and the weighted mean travel times gain, shared out exactly by Shapley "
        "values: the mean contribution over all orders of building; they sum to the whole gain.",
    ),
    "attribution_kinds": (
        "项目较多，按类合并后精确分摊；逐个项目请用命令：",
        "Many projects: taken together by kind, exactly. For each project on its own use the command:",
    ),
    "attribution_dates": (
        "两个情景的路网截至日期不同：变化来自期间开通的全部道路和铁路，不能逐个项目分摊。",
        "The two stand at different dates: everything that opened in between changed them, so there is no list of "
        "projects to share the gain among.",
    ),
    "attribution_nothing": (
        "重点目标的余量和各中心的加权平均旅行时间都没有变化，没有可分摊的收益。",
        "Neither the margins of the headline goals nor the weighted mean travel times move: there is no gain to share.",
    ),
    "only_together": ("单独建没有收益，要与其他项目一起才有", "nothing alone; earns only together with others"),
    "bar": ("条形图", "Bar"),
    "outlook": ("怎样才能成立", "What it would take"),
    "outlook_intro": (
        "“怎样才能成立”由本研究的表得出：计划年份中首次成立的一年、最接近目标的情景，以及在“{today}”上只加一个项目"
        "（连同它必需的前置项目，参数按声明）时最接近目标的几个。还要多快、多密，用命令：",
        "“What it would take” is told from the tables of this study: the first year of the plan in which the goal is "
        "met, the scenario nearest to it, and the single projects that bring “{today}” nearest (with what they "
        "require, numbers as declared). How fast or how often it would have to be, ask:",
    ),
    "first_met": ("按计划首次成立", "First met by the plan"),
    "never_met": ("计划期内不成立", "not by the plan"),
    "nearest": ("最接近的情景", "Nearest scenario"),
    "takes": ("只加一个项目", "One project more"),
    "takes_none": ("没有单个项目能缩短", "no single project shortens it"),
    "takes_none_needed": ("已经成立", "met already"),
    "sureness": ("有多大把握", "How sure"),
    "sureness_how": (
        "“有多大把握”先看两处：三种口径相差多少、成立几种；带 † 的情景有参数取在范围一端。"
        "对全部不确定的参数抽样默认不算，命令：",
        "How sure? Look at how far the three readings lie apart, on how many the goal holds, and at † (a number at an "
        "end of its range). Draws of all uncertain numbers are not made by default. Commands:",
    ),
    "sureness_means": (
        "“有多大把握”：全部不确定参数在声明的区间内抽样，目标成立的比例±标准误；各情景抽样相同，种子固定。",
        "“How sure”: the share of draws, of all uncertain numbers within their declared ranges, in which the goal "
        "holds, ± its standard error; the same seeded draws in every scenario.",
    ),
    "sure_robust_met": ("稳健成立", "robustly met"),
    "sure_robust_missed": ("稳健不成立", "robustly missed"),
    "sure_depends": ("取决于", "depends on"),
    "sure_fragile": ("不稳定", "fragile"),
    "sure_unknown": ("无法判定", "cannot tell"),
    "road_minutes_moved": ("哪些公路分钟数变了，为什么", "Which road minutes moved, and why"),
    "road_minutes_told": (
        "核对道路之后，{n} 对“中心—旗县驻地”中有 {moved} 对自由流时间变化 1 分钟以上（缩短 {less}，延长 {more}）；"
        "变化最大的是{pair}，{before} → {after} 分钟。原因：{nodes} 个枢纽按 OpenStreetMap 路口图移到实际位置，"
        "补入 {roads} 条缺失道路，{lengths} 条路段长度随之改变；已公布的里程不动，除非有更新的公布值。"
        "表中列出途经的改动道路；每一处的理由见数据包 checks/road_changes.csv。",
        "After the audit of the roads {moved} of {n} pairs of centre and county seat moved by a minute or more at free "
        "flow ({less} quicker, {more} slower); most moved {pair}, {before} → {after} min. Why: {nodes} junctions moved "
        "to where a junction graph of OpenStreetMap has them, {roads} missing roads were added, and the lengths of "
        "{lengths} links follow; published lengths stay unless a newer one was published. The table names the changed "
        "roads on the way; checks/road_changes.csv of the pack has the reason for each.",
    ),
    "minutes_before": ("核对前（分钟）", "Before, min"),
    "minutes_after": ("核对后（分钟）", "After, min"),
    "difference": ("差", "Difference"),
    "km_before_after": ("公里", "km"),
    "changed_roads": ("途经的改动道路", "Changed roads on the way"),
    "more_pairs": ("其余 {n} 对", "The other {n} pairs"),
    "timetable_changes": ("两版时刻表之间的变化", "What changed between two timetables"),
    "timetable_figure": (
        "空心为前一版时刻表，实心为后一版；左端为零，右端为各对中的最大值。",
        "Hollow: the earlier timetable, filled: the later one; from zero at the left to the most of all pairs.",
    ),
    "trains_a_day": ("每日车次", "Trains a day"),
    "fastest_min": ("最快（分钟）", "Fastest, min"),
    "median_min": ("中位（分钟）", "Median, min"),
    "first_last": ("首班；末班", "First; last"),
    "stations_used": ("站到站：{way}", "station to station: {way}"),
    "stations_why": (
        "乘火车、客车或公交的宣传、典型口径从车站量到车站，不是市中心到市中心；用的是哪两个车站，写在分钟数旁。市中心到市中心看门到门。",
        "By train, coach or bus the promoter’s and the typical reading run from station to station, not from centre to "
        "centre; the stations used stand beside the minutes. Centre to centre is the door-to-door reading.",
    ),
    "open_all": ("全部展开", "Open all"),
    "fold_all": ("全部收起", "Fold all"),
    "goal_details": ("原文、各情景结论与证据", "The wording, every scenario and the evidence"),
}
