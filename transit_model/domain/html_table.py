"""How results look in a notebook: small tables in both languages, everything from data escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from transit_model.domain.modes import MODE_NAMES, Mode, Reading
from transit_model.domain.readings import READING_NAMES
from transit_model.domain.rounding import round_shown, subtract_shown

MOST_ROWS: Final = 12


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


def join_names(names: Mapping[str, str]) -> str:
    """Return a name in both languages."""
    return f"{names['zh']} {names['en']}"


def name_kind(mode: str, reading: str) -> tuple[str, str]:
    """Return the names of a mode and a reading in both languages."""
    return join_names(MODE_NAMES[Mode(mode)]), join_names(READING_NAMES[Reading(reading)])
