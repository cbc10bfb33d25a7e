"""Text from data made safe for where it goes, a cell of a spreadsheet or a terminal: anybody can edit a name on a map.

Every CSV writer for people (and any writer of workbooks) passes its cells through `escape_cell` or `escape_frame`, and
everything printed passes through `clean_text`. GTFS files are for programs and keep every name as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_TRIGGERS = "=+-@＝＋－＠"
"""What makes a spreadsheet take a cell for a formula, with the full-width forms (OWASP, CSV Injection)."""
_FIGURES = re.compile(r"[-+\d.,;:/%\s]*")
# C0 and C1 controls, line separators, and the marks that turn the direction of writing.
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
_HIDDEN = re.compile(f"[{_CONTROLS}]")
_HIDDEN_OR_BREAK = re.compile(f"[{_CONTROLS}\t\n]")
_BREAKS = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def clean_text(text: str, *, lines: bool = False) -> str:
    r"""Return a text without control characters and escape sequences; each is shown as what it is (``\x1b``, ``\n``).

    Parameters
    ----------
    text : str
    lines : bool
        Line breaks and tabs stay.
    """
    return (_HIDDEN if lines else _HIDDEN_OR_BREAK).sub(_show, text)


def clean_json(text: str) -> str:
    r"""Return a JSON document with the controls that JSON allows raw (C1, DEL, direction marks) written as escapes."""
    return re.sub(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]", lambda m: f"\\u{ord(m.group()):04x}", text)


def _show(match: re.Match[str]) -> str:
    sign = match.group()
    number = ord(sign)
    return _BREAKS.get(sign) or (f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}")


def escape_cell(value: Any) -> Any:  # noqa: ANN401 - any cell
    """Return the value of a CSV or workbook cell that no program takes for a formula; what is no text stays as it is.

    A text that begins as a formula gets an apostrophe before it, which spreadsheets show as text. Figures stay: ``-5``,
    ``+1.5e3``, ``-inf``, ``-43.2,-22.9``. Control characters are shown as in `clean_text`.
    """
    if not isinstance(value, str) or not value:
        return value
    text = clean_text(value, lines=True)
    if text.lstrip()[:1] not in _TRIGGERS or not text.strip() or _is_figure(text.strip()):
        return text
    return f"'{text}"


def _is_figure(text: str) -> bool:
    if text[0] in "+-" and _FIGURES.fullmatch(text):
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


def escape_frame(table: pd.DataFrame, columns: Iterable[str] | None = None) -> pd.DataFrame:
    """Return a table with the cells of its text columns (or of those named) and its headings as `escape_cell` does."""
    out = table.copy(deep=False)
    chosen = [n for n, c in enumerate(table.columns) if columns is None or c in set(columns)]
    for number in chosen:
        column = table.iloc[:, number]
        if column.dtype == object or str(column.dtype) in ("str", "string", "category"):
            cells = column.tolist()
            changed = {v: new for v in {c for c in cells if isinstance(c, str)} if (new := escape_cell(v)) != v}
            if changed:
                out.isetitem(number, [changed.get(v, v) if isinstance(v, str) else v for v in cells])
    out.columns = [escape_cell(c) for c in table.columns]
    return out
