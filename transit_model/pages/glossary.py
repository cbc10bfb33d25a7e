"""Words of the field, in Chinese and English: the one home of the report's glossary and of GLOSSARY.md."""

from __future__ import annotations

from typing import Final, NamedTuple

from transit_model.domain.words import VERDICT_NAMES

_Text = dict[str, str]
_DEFAULT_WINDOW: Final = "07:00–21:00"
"""Of the shipped region; pages of a study tell their own."""


class Term(NamedTuple):
    """A word and what it means, Chinese and English."""

    zh: str
    en: str
    meaning_zh: str
    meaning_en: str


REPORT_TERMS: Final = (
    Term(
        "口径",
        "Reading",
        "分钟数的算法：宣传口径、典型口径或门到门。同一目标三种口径都给出。",
        ("Which minutes are meant: promoter’s, typical or door to door. Every goal is read on all three."),
    ),
    Term(
        "等时圈",
        "Isochrone",
        "从某个中心出发，在给定时间内能到的范围。政策中的“交通圈”是有名字的等时圈：中心、时间、方式缺一不可。",
        (
            "The area reached from a centre within a time. A “transport circle” of a policy is a named "
            "one: it needs a centre, a time and a mode."
        ),
    ),
    Term(
        "门槛",
        "Threshold",
        "目标要求的分钟数。",
        "The minutes that a goal demands.",
    ),
    Term(
        "余量",
        "Margin",
        "门槛减去所需分钟数；负数表示超出。",
        "Threshold minus minutes needed; negative when missed.",
    ),
    Term(
        VERDICT_NAMES["borderline"]["zh"],
        VERDICT_NAMES["borderline"]["en"].capitalize(),
        "余量小于所声明的误差，不判达到也不判未达到。时刻表印出的直达列车用时没有误差，不判临界。",
        "The margin is smaller than the stated uncertainty; neither met nor missed is claimed. Minutes of a direct "
        "train printed in the timetable have no uncertainty and are never borderline.",
    ),
    Term(
        "候车",
        "Wait",
        "从到站（或进站完毕）到发车的时间；对 {window} 每一分钟出发的人计算，取中位数。",
        "From being at the platform to departure, for every minute of {window}; the median is taken.",
    ),
    Term(
        "商业速度",
        "Commercial speed",
        "含停站的平均速度；设计速度不是商业速度。",
        "Average speed with stops; the design speed is not the commercial speed.",
    ),
    Term(
        "情景",
        "Scenario",
        "某一日期已建成的路网，加上一组规划项目。",
        "The network as built at a date plus a list of planned projects.",
    ),
)
"""Those that the report explains."""
MORE_TERMS: Final = (
    Term(
        "旅行时间",
        "Travel time",
        "从起点到终点的时间，含等候与换乘；分钟数属于哪种口径总要说明。",
        "From origin to destination with waits and changes; which reading it is on is always said.",
    ),
    Term(
        "方式",
        "Mode",
        "公路、铁路、城际公交，或其中最快者。",
        "Road, rail, intercity bus, or the fastest of them.",
    ),
    Term(
        "宣传口径",
        "Promoter’s reading",
        "站到站最快一班车、自由流车速，不计候车。",
        "Fastest train from station to station, free flow on the road, no wait.",
    ),
    Term(
        "典型口径",
        "Typical reading",
        "典型车速；站到站各出发分钟的中位数。",
        "Typical speeds; the median over departure minutes from station to station.",
    ),
    Term(
        "门到门",
        "Door to door",
        "含上车停车、进出站、候车与接驳的全程。",
        "The whole way: car ends, station entry and exit, wait, access and egress.",
    ),
    Term(
        "接驳（两端）",
        "Access and egress",
        "到上车站与离下车站的路程。",
        "The way to the first stop and from the last one.",
    ),
    Term(
        "进出站时间",
        "Station time",
        "从站门到站台（安检、检票）与从站台到站门的时间。",
        "From door to platform (security, gates) and from platform to door.",
    ),
    Term(
        "换乘",
        "Transfer",
        "在站内或邻近车站之间改乘；GTFS 的 transfers.txt。",
        "A change within a station or between near ones; GTFS transfers.txt.",
    ),
    Term(
        "发车间隔",
        "Headway",
        "同一线路相邻两班的时间差；GTFS 的 frequencies.txt。",
        "Time between vehicles of a line; GTFS frequencies.txt.",
    ),
    Term(
        "车次、线路、停靠站",
        "Trip, route, stop",
        "GTFS 原词：一次运行、一条线路、一个上下客点。",
        "Words of GTFS: one run, one line, one place of boarding.",
    ),
    Term(
        "出发时段",
        "Departure window",
        "统计候车与中位数的时段，默认 {window} 每分钟。",
        "The minutes of departure that medians are taken over, {window} by default.",
    ),
    Term(
        "分位数",
        "Percentile (quantile)",
        "各出发分钟行程时间的分位：p10、p50、p90。",
        "Of the times over departure minutes: p10, p50, p90.",
    ),
    Term(
        "自由流速度",
        "Free-flow speed",
        "不受其他车辆影响时的车速。",
        "Speed without other traffic.",
    ),
    Term(
        "绕行系数",
        "Circuity",
        "路网距离与直线距离之比。",
        "Network distance over straight-line distance.",
    ),
    Term(
        "吸附",
        "Snapping",
        "把地点接到最近的路网节点；距离会说明。",
        "Joining a place to the nearest node of the network; the distance is told.",
    ),
    Term(
        "时间面",
        "Surface",
        "到每个网格单元的时间。",
        "The time to every cell of a grid.",
    ),
    Term(
        "时限",
        "Cutoff",
        "等时圈的分钟数。",
        "The minutes of a ring.",
    ),
    Term(
        "累积机会",
        "Cumulative opportunities",
        "时限内能到达的人口、旗县驻地等的总数。",
        "The sum of people, county seats and so on within a cutoff.",
    ),
    Term(
        "加权平均旅行时间",
        "Weighted mean travel time",
        "以目的地人口加权的平均时间。",
        "Mean time weighted by the people at the destinations.",
    ),
    Term(
        "经济潜力",
        "Potential",
        "人口除以旅行时间之和。",
        "Sum of people over travel time.",
    ),
    Term(
        "两步移动搜索法",
        "Two-step floating catchment",
        "供给与需求相互竞争时的人均供给。",
        "Supply per head where demand competes for it.",
    ),
    Term(
        "服务范围",
        "Catchment",
        "以某设施为最近设施的人口与地区。",
        "The people and the area whose nearest facility it is.",
    ),
    Term(
        "起讫点矩阵",
        "OD table",
        "每个起点到每个终点一行。",
        "One row for each origin and destination.",
    ),
    Term(
        "基准与方案",
        "Base and scenario",
        "比较的两边；差值总是方案减基准。",
        "The two sides of a comparison; differences are scenario minus base.",
    ),
    Term(
        "项目",
        "Project",
        "可单独开关的规划单元，一个文件。",
        "The unit of planning that is switched on or off; one file.",
    ),
    Term(
        "贡献（夏普利值）",
        "Attribution (Shapley value)",
        "各项目在总收益中的份额，对所有先后次序取平均。",
        "A project’s part of a joint gain, averaged over all orders.",
    ),
    Term(
        "校验",
        "Certificate",
        "证明比较可靠的核对：重建基准无差异、未触及处不变。",
        "Checks that a comparison is sound: a rebuilt base is equal, untouched cells are the same.",
    ),
    Term(
        "不确定性",
        "Uncertainty",
        "按所声明的范围抽样后，判定成立的概率。",
        "The chance that a verdict holds when uncertain numbers are drawn from their ranges.",
    ),
    Term(
        "假定",
        "Assumed",
        "没有资料来源的数字，逐条写明理由。",
        "A number that no source gives, each with its reason.",
    ),
)


def list_glossary(window: str) -> list[tuple[_Text, _Text]]:
    """Return each word and what it means in both languages, with the departure window that minutes are measured in."""
    return [
        (
            {"zh": t.zh, "en": t.en},
            {"zh": t.meaning_zh.replace("{window}", window), "en": t.meaning_en.replace("{window}", window)},
        )
        for t in REPORT_TERMS
    ]


def build_page() -> str:
    """Return GLOSSARY.md."""
    lines = ["# Glossary 术语", "", "Words of the field as commands, files, maps and documents use them.", ""]
    lines += ["| 中文 | English | 含义 | meaning |", "|---|---|---|---|"]
    rows = [f"| {t.zh} | {t.en} | {t.meaning_zh} | {t.meaning_en} |" for t in (*REPORT_TERMS, *MORE_TERMS)]
    lines += [row.replace("{window}", _DEFAULT_WINDOW) for row in rows]
    return "\n".join(lines) + "\n"
