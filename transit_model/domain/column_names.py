"""What the columns of answers are called in tables for people, and words of their cells, in both languages.

Files for programs (CSV, JSON, Parquet) keep the names of the contract; workbooks and headings take these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from transit_model.domain.modes import MODE_NAMES, POLICY_NAMES, SPEED_NAMES, VEHICLE_NAMES
from transit_model.domain.readings import READING_NAMES
from transit_model.domain.words import VERDICT_NAMES

COLUMN_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "from": ("起点编号", "from id"),
    "from_name": ("起点", "from"),
    "to": ("终点编号", "to id"),
    "to_name": ("终点", "to"),
    "mode": ("方式", "mode"),
    "reading": ("口径", "reading"),
    "scenario": ("方案", "scenario"),
    "timetable": ("时刻表", "timetable"),
    "minutes": ("分钟", "minutes"),
    "p10": ("第10百分位（分钟）", "10th percentile (min)"),
    "p90": ("第90百分位（分钟）", "90th percentile (min)"),
    "km": ("公里", "km"),
    "via": ("经由", "via"),
    "note": ("说明", "note"),
    "reachable": ("可达", "reachable"),
    "vehicle": ("车辆", "vehicle"),
    "speeds": ("车速", "speeds"),
    "policy": ("出行者", "traveller"),
    "indicator": ("指标代号", "indicator id"),
    "title_zh": ("指标", "indicator (Chinese)"),
    "title_en": ("指标（英文）", "indicator"),
    "place": ("地点编号", "place id"),
    "place_zh": ("地点", "place (Chinese)"),
    "place_en": ("地点（英文）", "place"),
    "subject": ("对象", "subject"),
    "measure": ("量", "measure"),
    "value": ("值", "value"),
    "unit": ("单位", "unit"),
    "note_zh": ("说明", "note (Chinese)"),
    "note_en": ("说明（英文）", "note"),
    "source": ("来源", "source"),
    "what": ("类别", "what"),
    "id": ("编号", "id"),
    "name_zh": ("名称", "Chinese name"),
    "name_en": ("英文名", "name"),
    "kind": ("种类", "kind"),
    "ref": ("路号", "road number"),
    "stop_id": ("车站编号", "station id"),
    "lon": ("经度", "longitude"),
    "lat": ("纬度", "latitude"),
    "use": ("用于", "used in"),
    "match": ("匹配", "match"),
    "goal": ("目标编号", "goal id"),
    "goal_name": ("目标", "goal"),
    "verdict": ("判定", "verdict"),
    "judged": ("用于判定", "judged"),
    "reason": ("理由", "reason"),
    "threshold_min": ("目标值（分钟）", "limit (min)"),
    "value_min": ("实际（分钟）", "value (min)"),
    "margin_min": ("余量（分钟）", "margin (min)"),
    "share": ("达标份额", "share within"),
    "weight": ("权重", "weight"),
    "base_min": ("基准（分钟）", "base (min)"),
    "scenario_min": ("方案（分钟）", "scenario (min)"),
    "change_min": ("变化（分钟）", "change (min)"),
    "before": ("前", "before"),
    "after": ("后", "after"),
    "trains_before": ("每日车次（前）", "trains a day, before"),
    "trains_after": ("每日车次（后）", "trains a day, after"),
    "fastest_before_min": ("最快（分钟，前）", "fastest (min), before"),
    "fastest_after_min": ("最快（分钟，后）", "fastest (min), after"),
    "median_before_min": ("中位（分钟，前）", "median (min), before"),
    "median_after_min": ("中位（分钟，后）", "median (min), after"),
    "first_before": ("首班（前）", "first, before"),
    "first_after": ("首班（后）", "first, after"),
    "last_before": ("末班（前）", "last, before"),
    "last_after": ("末班（后）", "last, after"),
    "to_id": ("车站编号", "station id"),
    "city": ("城市", "city"),
    "fastest_min": ("最快（分钟）", "fastest (min)"),
    "typical_min": ("典型（分钟）", "typical (min)"),
    "cutoff_min": ("时限（分钟）", "within (min)"),
    "stations": ("车站数", "stations"),
    "cities": ("城市数", "cities"),
    "people": ("人口", "people"),
    "cities_without_people": ("无人口数的城市", "cities without people"),
    "depart": ("出发", "depart"),
    "arrive": ("到达", "arrive"),
    "first": ("首班", "first"),
    "last": ("末班", "last"),
}
"""Name of a column to (zh, en)."""
CELL_WORDS: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "mode": {k.value: v for k, v in MODE_NAMES.items()},
    "reading": {k.value: v for k, v in READING_NAMES.items()},
    "vehicle": {k.value: v for k, v in VEHICLE_NAMES.items()},
    "speeds": {k.value: v for k, v in SPEED_NAMES.items()},
    "policy": {k.value: v for k, v in POLICY_NAMES.items()},
    "verdict": VERDICT_NAMES,
}
"""Columns whose cells are words of a closed list, with the words."""
_YES: Final = {"zh": ("否", "是"), "en": ("no", "yes")}


def name_column(name: str, language: str) -> str:
    """Return what a column is called; one that is not known keeps its name with spaces."""
    names = COLUMN_NAMES.get(name)
    return names[0 if language == "zh" else 1] if names is not None else name.replace("_", " ")


def name_cell(column: str, value: Any, language: str) -> Any:  # noqa: ANN401 - any cell
    """Return the word of a cell in a language; numbers and names stay as they are."""
    if isinstance(value, bool):
        return _YES[language][value]
    words = CELL_WORDS.get(column, {}).get(str(value))
    return value if words is None else words[language]
