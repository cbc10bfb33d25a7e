"""How results look in a notebook: small tables in both languages, everything from data escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from transit_model.domain.modes import MODE_NAMES, READING_NAMES, Mode, Reading
from transit_model.domain.rounding import round_shown, subtract_shown

if TYPE_CHECKING:
    from transit_model.study.compare import Comparison
    from transit_model.study.explanation import Explanation
    from transit_model.study.result import StudyResult
    from transit_model.study.session import Session

MOST_ROWS: Final = 12
_SYMBOLS: Final = {"met": "✔", "missed": "✘", "borderline": "≈", "cannot_tell": "?"}
_WORDS: Final = "✔ 达到 met · ✘ 未达到 missed · ≈ 临界 borderline · ? 无法判定 cannot tell · ( ) 不用于判定 not judged"


def build_table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, title: str, notes: Iterable[str]) -> str:
    """Return an HTML table of at most `MOST_ROWS` rows with its title above and notes below; all text is escaped.

    Floats are shown with one decimal, `inf` as ∞, NaN and None as a dash.
    """
    head = "".join(f"<th>{escape(h)}</th>" for h in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(format_cell(c))}</td>' for c in row)}</tr>" for row in rows[:MOST_ROWS])
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if rows else ""
    left = len(rows) - MOST_ROWS
    more = [f"另有{left}行 · {left} more rows"] if left > 0 else []
    below = "".join(f"<p><small>{escape(n)}</small></p>" for n in (*more, *notes))
    return f"<div><p><b>{escape(title)}</b></p>{table}{below}</div>"


def format_cell(value: object) -> str:
    """Return a cell as text."""
    if value is None:
        return "–"
    if isinstance(value, float):
        if math.isnan(value):
            return "–"
        return f"{value:.1f}" if math.isfinite(value) else ("∞" if value > 0 else "−∞")
    return str(value)


def show_minutes_change(before: float, after: float) -> tuple[float, float, float]:
    """Return both minutes to one decimal and their difference, which is that of the two as shown."""
    return round_shown(before, 1), round_shown(after, 1), subtract_shown(after, before, 1)


def _name(names: Mapping[str, str]) -> str:
    return f"{names['zh']} {names['en']}"


def _kind(mode: str, reading: str) -> tuple[str, str]:
    return _name(MODE_NAMES[Mode(mode)]), _name(READING_NAMES[Reading(reading)])


def show_comparison(told: Comparison) -> str:
    """Return the pairs that change most, and the certificate."""
    moved = told.od[told.od["change_min"].notna() & (told.od["change_min"] != 0)]
    moved = moved.sort_values("change_min", key=abs, ascending=False, kind="stable")
    rows = [
        (r["from"], r["to"], *_kind(r["mode"], r["reading"]), *show_minutes_change(r["base_min"], r["scenario_min"]))
        for r in moved.to_dict("records")
    ]
    proof = told.certificate
    return build_table(
        ("起点 from", "终点 to", "方式 mode", "口径 reading", "基准 base", "方案 scenario", "变化 change (min)"),
        rows,
        title=f"{told.base} → {told.scenario}",
        notes=(
            f"{len(rows)}组起讫点有变化 · {len(rows)} of {len(told.od)} rows change",
            f"校验 certificate: null edit {proof.get('null_edit_max_s', math.nan):g} s, "
            f"worsened cells {proof.get('worsened_cells', '–')}, "
            f"untouched identical {proof.get('untouched_identical', '–')}",
        ),
    )


def show_explanation(told: Explanation) -> str:
    """Return the legs of a journey in both languages."""
    rows = [
        (leg.depart or None, leg.arrive or None, leg.minutes, leg.km, leg.text["zh"], leg.text["en"], leg.project)
        for leg in told.legs
    ]
    return build_table(
        ("出发 depart", "到达 arrive", "分钟 min", "km", "行程", "leg", "项目 project"),
        rows,
        title=f"{told.headline('zh')} · {told.headline('en')}",
        notes=[f"{note['zh']} / {note['en']}" for note in told.notes],
    )


def show_study(result: StudyResult) -> str:
    """Return the verdicts of the headline goals on the three readings."""
    table = {(v.goal, v.scenario, v.reading): v for v in result.verdicts}
    shown = [g for g in result.goals if g.headline] or result.goals

    def cell(goal: str, scenario: str, reading: Reading) -> str:
        verdict = table.get((goal, scenario, reading.value))
        if verdict is None:
            return "–"
        text = _SYMBOLS[verdict.verdict]
        if verdict.verdict != "cannot_tell":
            text += f" {format_cell(float(verdict.value_min))}"
        return text if verdict.judged else f"({text})"

    rows = [
        (f"{g.title.zh} {g.title.en}", s, *(cell(g.id, s, reading) for reading in Reading))
        for g in shown
        if g.unmeasurable is None
        for s in result.sessions
    ]
    return build_table(
        ("目标 goal", "方案 scenario", *(_name(READING_NAMES[r]) for r in Reading)),
        rows,
        title=result.study.study_id,
        notes=(_WORDS,),
    )


def show_session(session: Session) -> str:
    """Return what a session measures, and on what."""
    network = session.network
    rows = [
        ("运行日 service day", session.service_date.isoformat()),
        ("出发时段 departures", "–".join(f"{s // 3600:02d}:{s % 3600 // 60:02d}" for s in session.window)),
        ("车辆 vehicle", session.vehicle.value),
        ("车速 speeds", session.speeds.value),
        ("路段 road links", len(network.links)),
        ("车站 stations", len(network.stations)),
        ("车次 trips", len(network.feed.trips)),
    ]
    return build_table(("", ""), rows, title=f"{session.scenario_id} · {network.info.region_id}", notes=())
