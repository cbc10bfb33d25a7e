"""From what an analyst hands over in Python to modes, readings and other words: text or enums, one or many."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from transit_model.errors import InputError, Issue
from transit_model.near_names import hint_near

_E = TypeVar("_E", bound=StrEnum)

_MEANT: Final = {
    **dict.fromkeys(("train", "trains", "railway", "hsr", "火车", "高铁", "铁路"), "rail"),
    **dict.fromkeys(("car", "drive", "driving", "taxi", "驾车", "公路"), "road"),
    **dict.fromkeys(("coach", "公交", "客运"), "bus"),
    **dict.fromkeys(("metro", "subway", "地铁", "公共交通"), "transit"),
}
"""Other words for modes, which look like none of ours or like the wrong one."""


def read_words(given: Any, kind: type[_E], field: str, *, of: Sequence[_E] = ()) -> list[_E]:  # noqa: ANN401 - what an analyst writes
    """Return the modes or readings that a word, a member, several of them, or ``"all"`` mean, each once.

    Parameters
    ----------
    given : str, StrEnum, or iterable of them
        Several words may stand in one text, with commas.
    kind : type
        `Mode`, `Reading`, `Vehicle` or another of our words.
    field : str
        Name of the argument, for the issue.
    of : sequence, optional
        The words that can be meant, when not all of the kind can.

    Raises
    ------
    InputError
        ``unknown_value`` for each that is none, with the nearest word.
    """
    known = list(of or kind)
    if isinstance(given, str) and given.strip().lower() == "all":
        return known
    items = [given] if isinstance(given, str) or not isinstance(given, Iterable) else list(given)
    words: list[Any] = []
    for item in items:
        words += item.replace("，", ",").split(",") if type(item) is str else [item]
    values = [str(k.value) for k in known]
    found: list[_E] = []
    issues: list[Issue] = []
    for word in words:
        text = word.strip().lower().replace("-", "_").replace(" ", "_") if isinstance(word, str) else str(word)
        if text in values:
            found.append(kind(text))
        elif text or not isinstance(word, str):
            every = f"use {', '.join(values)}"
            meant = _MEANT.get(text, "")
            near = f"did you mean {meant}?" if meant in values else hint_near(text, values, every, most=1)
            hint = every if of else near
            issues.append(Issue("unknown_value", "error", f"no {field} called {word!r}", None, None, field, text, hint))
    if not found and not issues:
        issues = [Issue("missing_value", "error", f"no {field} given", field=field, hint=f"use {', '.join(values)}")]
    if issues:
        raise InputError(issues)
    return list(dict.fromkeys(found))


def read_one(given: Any, kind: type[_E], field: str, *, of: Sequence[_E] = ()) -> _E:  # noqa: ANN401 - as above
    """Return the one mode, reading or policy that an argument means.

    Raises
    ------
    InputError
        As `read_words`, and ``one_only`` for more than one.
    """
    words = read_words(given, kind, field, of=of)
    if len(words) > 1:
        hint = f"one of {', '.join(str(k.value) for k in of or kind)}"
        raise InputError(Issue("one_only", "error", f"one {field} at a time", field=field, value=str(given), hint=hint))
    return words[0]


def read_numbers(given: Any, field: str) -> list[float]:  # noqa: ANN401 - what an analyst writes
    """Return the numbers that an argument means: one, several, or text with commas.

    Raises
    ------
    InputError
        ``bad_value`` for what is no finite number.
    """
    if isinstance(given, str):
        items: list[Any] = given.replace("，", ",").split(",")
    else:
        items = list(given) if isinstance(given, Iterable) else [given]
    numbers: list[float] = []
    for item in items:
        try:
            numbers.append(math.nan if isinstance(item, bool) else float(item))
        except (TypeError, ValueError):
            numbers.append(math.nan)
    wrong = [str(i)[:80] for i, n in zip(items, numbers, strict=True) if not math.isfinite(n)]
    if wrong or not numbers:
        hint = "write a number of minutes, or several: 60, [30, 60], '30,60'"
        raise InputError(
            [Issue("bad_value", "error", "not a number", None, None, field, w, hint) for w in wrong or [""]]
        )
    return numbers


def read_text(given: Any, field: str, example: str, *, path: bool = False) -> None:  # noqa: ANN401
    """Check that an argument is text (or, with `path`, the path of a file or folder), or absent.

    Raises
    ------
    InputError
        ``bad_value``, with an example.
    """
    if given is None or isinstance(given, str) or (path and isinstance(given, Path)):
        return
    message, hint = f"{type(given).__name__} is no {'path' if path else 'text'}", f"write e.g. {example}"
    raise InputError(Issue("bad_value", "error", message, field=field, value=str(given)[:80], hint=hint))


def read_names(given: Any, field: str, example: str = "") -> list[str]:  # noqa: ANN401 - what an analyst writes
    """Return the ids that an argument means: one as text, or several.

    Raises
    ------
    InputError
        ``not_a_name`` for each that is no text, with an example of what is accepted.
    """
    items = [given] if isinstance(given, str) or not isinstance(given, Iterable) else list(given)
    wrong = [item for item in items if not isinstance(item, str)]
    if wrong:
        hint = "accepted: an id as text, or several in a list"
        if example:
            hint = f"{hint}; e.g. {example}"
        raise InputError(
            [
                Issue("not_a_name", "error", f"{type(w).__name__} is no name", None, None, field, str(w)[:80], hint)
                for w in wrong
            ]
        )
    return items
