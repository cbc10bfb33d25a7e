"""What `compare` prints: pairs with their stations, people and ground within the cutoffs, the certificate."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from transit_model.cli.output import Format, find_language, say, write_csv, write_json, write_table
from transit_model.cli.rests_on import collect_beside, list_rests, say_beside
from transit_model.cli.row_files import start_paper, write_records
from transit_model.cli.stations_used import name_stations

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from transit_model.cli.option_groups import Shown
    from transit_model.measure.workspace import Workspace
    from transit_model.study.compare import Comparison


class RowsOf(StrEnum):
    """What rows of a comparison are of."""

    OD = "od"
    PEOPLE = "people"


def print_comparison(
    workspace: Workspace,
    result: Comparison,
    target: tuple[Path | None, RowsOf],
    shown: Shown,
    more: Mapping[str, Any],
) -> None:
    """Print a comparison, or write the rows of `target` to its file; a workbook has both tables."""
    out, of = target
    base, scenario = result.base, result.scenario
    data = {**result.as_dict(), **collect_beside(workspace, [base, scenario], more)}
    ran = {f"{k}timetable": data["timetables"][i]["timetable"] for k, i in (("base_", base), ("", scenario))}
    data["od"] = [{**row, **ran} for row in data["od"]]
    rows = data["od"] if of is RowsOf.OD else data["population"]
    if out is not None:
        language = find_language(shown.lang)
        ids = {str(row[k]) for row in data["od"] for k in ("from", "to")}
        titles = {RowsOf.OD: ("方案比较", "comparison"), RowsOf.PEOPLE: ("圈内人口与面积", "people and area")}
        other = RowsOf.PEOPLE if of is RowsOf.OD else RowsOf.OD
        beside = {titles[other][language != "zh"]: data["population"] if of is RowsOf.OD else data["od"]}
        places = workspace.session(base).places
        known = {i: places.get_place(i).name(language) for i in sorted(ids)}
        rests = list_rests(workspace, [base, scenario], language)
        paper = start_paper(shown.lang, *titles[of], names=known, more={**beside, **rests})
        write_records(out, rows, paper)
        say(str(out))
        return
    if shown.form is Format.JSON:
        write_json(data)
        return
    if shown.form is Format.CSV:
        write_csv(rows)
        return
    zh = find_language(shown.lang) == "zh"
    stops = workspace.region.stations
    english = {} if zh else dict(zip(stops["name_zh"], stops["name_en"], strict=True))
    changed = [
        {
            **_show_change(r, zh=zh),
            **_name_kind(r, zh=zh),
            "stations": name_stations(r["base_via"], r["scenario_via"], english),
        }
        for r in data["od"]
        if _is_changed(r)
    ]
    write_table(changed, _PAIRS[zh], title=f"{base} -> {scenario}", fold=("mode", "reading"))
    write_table(
        [_show_people(r, zh=zh) for r in data["population"] if _moves(r)],
        _PEOPLE[zh],
        title="圈内人口与面积" if zh else "people and area within minutes",
        fold=("mode", "reading"),
    )
    for line in tell_certificate(data["certificate"], "zh" if zh else "en"):
        say(line)
    say_beside(workspace, [base, scenario], "zh" if zh else "en")


_PAIRS = {
    False: {
        **{c: c for c in ("from", "to", "mode", "reading", "base_min", "scenario_min", "change_min")},
        "stations": "station to station",
    },
    True: {
        **{"from": "起点", "to": "终点", "mode": "方式", "reading": "口径"},
        **{"base_min": "基准", "scenario_min": "方案", "change_min": "变化", "stations": "站到站"},
    },
}
_PEOPLE = {
    False: {
        **{"origin": "from", "mode": "mode", "reading": "reading", "cutoff_min": "within min"},
        **{"base": "base", "scenario": "scenario", "change": "change"},
        **{"gained_km2": "km2 gained", "lost_km2": "km2 lost"},
    },
    True: {
        **{"origin": "出发地", "mode": "方式", "reading": "口径", "cutoff_min": "时限（分钟）"},
        **{"base": "基准人口", "scenario": "方案人口", "change": "人口变化"},
        **{"gained_km2": "新增 km²", "lost_km2": "减少 km²"},
    },
}


def _moves(row: Mapping[str, Any]) -> bool:
    """Return whether people or ground come within the minutes of a row, or fall out of them."""
    return bool(round(row["change"]) or row["gained_km2"] or row["lost_km2"])


def _show_people(row: Mapping[str, Any], *, zh: bool) -> dict[str, Any]:
    """Return a row of people as the table shows it: whole persons, and their difference that of the numbers shown."""
    before, after = round(row["base"]), round(row["scenario"])
    shown = {
        "base": before,
        "scenario": after,
        "change": f"{after - before:+d}",
        "cutoff_min": f"{row['cutoff_min']:g}",
    }
    return {**row, **_name_kind(row, zh=zh), **shown}


def tell_certificate(certificate: Mapping[str, Any], language: str) -> list[str]:
    """Return lines that say what the certificate of a comparison found, and by which modes and readings."""
    zh = language == "zh"
    null_s, cells, pairs = (certificate[k] for k in ("null_edit_max_s", "worsened_cells", "worsened_pairs"))
    same = certificate["untouched_identical"]

    def join(what: str) -> str:
        named = [" ".join(_name_kind(kind, zh=zh).values()) for kind in certificate["by_kind"] if kind[what]]
        return ("、" if zh else ", ").join(named)

    if zh:
        found = f"自检：基准重算一遍最大差 {null_s:g} 秒，变慢的格子 {cells} 个、起讫点对 {pairs} 对"
        return [
            f"{found}，未受影响之处{'完全相同' if same else '有不同'}",
            f"格子：{join('cells')}；起讫点对 p10、p50、p90：{join('pairs')}",
        ]
    return [
        f"certificate: null edit {null_s:g} s, worsened cells {cells}, pairs {pairs}, untouched identical {same}",
        f"cells: {join('cells')}; pairs p10, p50, p90: {join('pairs')}",
    ]


def _name_kind(row: Mapping[str, Any], *, zh: bool) -> dict[str, str]:
    """Return the names of the mode and reading of a row."""
    from transit_model.domain.modes import MODE_NAMES, Mode, Reading
    from transit_model.domain.readings import READING_NAMES

    language = "zh" if zh else "en"
    mode, reading = Mode(row["mode"]), Reading(row["reading"])
    return {"mode": MODE_NAMES[mode][language], "reading": READING_NAMES[reading][language]}


def _is_changed(row: Mapping[str, Any]) -> bool:
    """Return whether a pair is quicker or slower, or reached in one of the two only."""
    one_only = (row["base_min"] is None) != (row["scenario_min"] is None) and row["from"] != row["to"]
    return bool(row["change_min"]) or one_only


def _show_change(row: dict[str, Any], *, zh: bool) -> dict[str, Any]:
    """Return a row whose difference is that of its minutes as the table shows them, or words where one is unreached."""
    from transit_model.domain.rounding import round_shown, subtract_shown

    before, after = row["base_min"], row["scenario_min"]
    if before is None or after is None:
        gained, lost = ("此前到不了", "不再到得了") if zh else ("newly reached", "no longer reached")
        return {**row, "change_min": gained if before is None else lost}
    shown = {"base_min": round_shown(before, 1), "scenario_min": round_shown(after, 1)}
    return {**row, **shown, "change_min": subtract_shown(after, before, 1)}
