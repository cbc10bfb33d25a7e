"""Words of the field as the pages use them."""

from __future__ import annotations

from typing import Final

from transit_model.domain.words import VERDICT_NAMES

_Text = dict[str, str]

_GLOSSARY: Final[tuple[tuple[_Text, _Text], ...]] = (
    (
        {"zh": "口径", "en": "Reading"},
        {
            "zh": "分钟数的算法：宣传口径、典型口径或门到门。同一目标三种口径都给出。",
            "en": "Which minutes are meant: promoter’s, typical or door to door. Every goal is read on all three.",
        },
    ),
    (
        {"zh": "等时圈", "en": "Isochrone"},
        {
            "zh": "从某个中心出发，在给定时间内能到的范围。政策中的“交通圈”是有名字的等时圈："
            "中心、时间、方式缺一不可。",
            "en": "The area reached from a centre within a time. A “transport circle” of a policy is a named one: it "
            "needs a centre, a time and a mode.",
        },
    ),
    (
        {"zh": "门槛", "en": "Threshold"},
        {"zh": "目标要求的分钟数。", "en": "The minutes that a goal demands."},
    ),
    (
        {"zh": "余量", "en": "Margin"},
        {"zh": "门槛减去所需分钟数；负数表示超出。", "en": "Threshold minus minutes needed; negative when missed."},
    ),
    (
        {"zh": VERDICT_NAMES["borderline"]["zh"], "en": VERDICT_NAMES["borderline"]["en"].capitalize()},
        {
            "zh": "余量小于所声明的误差，不判达到也不判未达到。",
            "en": "The margin is smaller than the stated uncertainty; neither met nor missed is claimed.",
        },
    ),
    (
        {"zh": "候车", "en": "Wait"},
        {
            "zh": "从到站（或进站完毕）到发车的时间；对 {window} 每一分钟出发的人计算，取中位数。",
            "en": "From being at the platform to departure, for every minute of {window}; the median is taken.",
        },
    ),
    (
        {"zh": "商业速度", "en": "Commercial speed"},
        {
            "zh": "含停站的平均速度；设计速度不是商业速度。",
            "en": "Average speed with stops; the design speed is not the commercial speed.",
        },
    ),
    (
        {"zh": "情景", "en": "Scenario"},
        {
            "zh": "某一日期已建成的路网，加上一组规划项目。",
            "en": "The network as built at a date plus a list of planned projects.",
        },
    ),
)


def list_glossary(window: str) -> list[tuple[_Text, _Text]]:
    """Return each word and what it means in both languages, with the departure window that minutes are measured in."""
    return [(term, {k: v.replace("{window}", window) for k, v in meaning.items()}) for term, meaning in _GLOSSARY]
