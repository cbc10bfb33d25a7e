"""What tables say in words, for both languages: ways, notes and reasons that the measuring rooms write in English."""

from __future__ import annotations

import re
from typing import Final

from transit_model.pages import text
from transit_model.pages.names import Names

_PHRASES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"by way of a station elsewhere, with the way there", "经其他地方的车站，含前往车站的时间"),
        (r"no (\w+) service in this scenario", "本情景没有{mode}班次"),
        (r"the timetable (\S+) does not list the trains of (.+)", "时刻表{0}没有列出{place}的列车"),
        (r"(\d+) of (\d+) places without a time, counted as out of reach", "{1}个地点中{0}个没有用时，按到不了计"),
        (r"no pair could be measured", "没有一对起讫点可以计算"),
        (r"no threshold", "没有门槛"),
    )
)
_WHAT: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\bcar: ", "小汽车："),
        (r"\bcoach: ", "大客车："),
        (r"\brail: ", "铁路："),
        (r"\bcar\b", "小汽车"),
        (r"\bcoach\b", "大客车"),
        (r"\brail\b", "铁路"),
        (r" km/h, (\d+) stops? taken", r" 公里/小时，停 \1 站"),
        (r"median \|residual\| ([\d.]+) min", r"绝对残差中位数 \1 分钟"),
        (r"median residual", "残差中位数"),
        (r"(\d+) rows?", r"\1 行"),
    )
)
_UNITS: Final = {
    "km straight line": "公里（直线）",
    "km/h": "公里/小时",
    "m": "米",
    "m straight line": "米（直线）",
    "m/s2": "米/秒²",
    "min": "分钟",
    "min a stop": "分钟/站",
    "network length / straight line": "实际长度与直线之比",
    "rides": "程",
    "s": "秒",
    "s per link": "秒/路段",
    "share of design speed": "占设计速度之比",
    "share of posted speed": "占限速之比",
    "share of run time": "占运行时间之比",
    "share of the value": "占数值之比",
    "shares, weights and metres": "比例、权重、米",
    "stops of a kind (rail, metro, coach, bus)": "每类车站数（铁路、地铁、客车、公交）",
}
"""Units of the assumptions."""
_WAY: Final = re.compile(r"^(?:(\w+): )?(.+?) (?:-|→|–) (.+)$")


def find_stations(via: str) -> tuple[str, str] | None:
    """Return the Chinese names of the first and the last station of a way, None where it names none."""
    match = _WAY.match(via)
    return (match.group(2), match.group(3)) if match else None


def tell_way(via: str, names: Names) -> dict[str, str]:
    """Return the way of a pair, written as ``mode: station - station``, with both names of the stations."""
    match = _WAY.match(via)
    if match is None:
        return text.word(via) if text.has_word(via) else text.plain(via)
    mode, first, last = match.groups()
    a, b = names.find_station(first), names.find_station(last)
    out = {lang: f"{a[lang]} – {b[lang]}" for lang in ("zh", "en")}
    if mode and text.has_word(mode):
        word = text.word(mode)
        out = {"zh": f"{word['zh']}：{out['zh']}", "en": f"{word['en']}: {out['en']}"}
    return out


def tell_note(note: str) -> dict[str, str]:
    """Return a note or reason in both languages; one that is not known stays as it is in both."""
    parts = [_tell_one(part.strip()) for part in note.split(";") if part.strip()]
    return {"zh": "；".join(p["zh"] for p in parts), "en": "; ".join(p["en"] for p in parts)}


def tell_unit(unit: str) -> dict[str, str]:
    """Return a unit of the assumptions in both languages."""
    return {"zh": _UNITS.get(unit, unit), "en": unit}


def tell_what(what: str) -> dict[str, str]:
    """Return what a row of the calibration is of, in both languages."""
    zh = what
    for pattern, words in _WHAT:
        zh = pattern.sub(words, zh)
    return {"zh": zh, "en": what}


def _tell_one(note: str) -> dict[str, str]:
    for pattern, words in _PHRASES:
        match = pattern.fullmatch(note)
        if match is not None:
            groups = [g or "" for g in match.groups()]
            mode = text.word(groups[0])["zh"] if groups and text.has_word(groups[0]) else ""
            return {"zh": words.format(*groups, mode=mode, place=groups[-1] if groups else ""), "en": note}
    return text.plain(note)
