"""What a departure window may be."""

from __future__ import annotations

from transit_model.errors import InputError, Issue
from transit_model.units import S_PER_DAY, S_PER_HOUR, format_clock

MOST_WINDOW_S = 2 * S_PER_DAY
"""A departure window ends by midnight of the day after the service day: of later days no timetable is compiled."""


def check_window(window: tuple[int, int], value: str | None = None) -> None:
    """Check a departure window in clock seconds, the end excluded; `value` is what was typed.

    Raises
    ------
    InputError
        ``empty_window`` when it ends before it begins, ``bad_window`` beyond `MOST_WINDOW_S`.
    """
    start_s, end_s = window
    shown = value or f"{format_clock(start_s)}-{format_clock(end_s)}"
    if end_s <= start_s:
        message = "the departure window ends before it begins"
        hint = "write the earlier time first; after midnight use hours above 24"
        raise InputError(Issue("empty_window", "error", message, field="window", value=shown, hint=hint))
    if end_s > MOST_WINDOW_S:
        message = f"the departure window goes beyond {MOST_WINDOW_S // S_PER_HOUR}:00"
        hint = "a service day ends in the morning after: 05:00-29:00 is a whole one"
        raise InputError(Issue("bad_window", "error", message, field="window", value=shown, hint=hint))
