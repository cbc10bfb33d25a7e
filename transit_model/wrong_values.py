"""What is wrong with one value of a file or a question, in our own sentences: each has a translation.

The words of pydantic are its own, English, and change with its version; its error types are stable
(https://docs.pydantic.dev/latest/errors/validation_errors/), so the sentence is chosen by them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

Key = tuple[str | int, ...]

_TEXT, _NUMBER, _WHOLE = "must be a text", "must be a number", "must be a whole number"
_YES_NO, _LIST, _MAPPING = "must be true or false", "must be a list", "must be keys and values"
_DAY = "must be a day, YYYY-MM-DD"
SENTENCES: Final[Mapping[str, str]] = {
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "multiple_of": "must be a multiple of {multiple_of}",
    "finite_number": "must be a finite number",
    "too_short": "must have at least {min_length} items, not {actual_length}",
    "too_long": "must have at most {max_length} items",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "does not look like {pattern}",
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "invalid_key": "keys must be texts",
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "deque_type", "iterable_type"), _LIST),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type", "dataclass_type"), _MAPPING),
    **dict.fromkeys(("bool_type", "bool_parsing"), _YES_NO),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing"), _NUMBER),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        _DAY,
    ),
    "enum": "must be one of {choices}",
    "literal_error": "must be one of {choices}",
    "none_required": "must be left empty",
    "recursion_loop": "too deeply nested",
    "recursion_depth_exceeded": "too deeply nested",
    "json_invalid": "not valid JSON: see line {line}, column {column}",
    "missing": "the key is missing",
    "extra_forbidden": "the key is not known",
}
"""Error type of pydantic to the sentence, with its numbers."""
OTHERWISE: Final = "is no value that can stand here"
_OWN: Final = ("value_error", "assertion_error")
"""Errors whose sentence is ours already: it was raised in a validator."""
_CHOICE: Final = re.compile(r"'([^']*)'|\b(\d+)\b")
_PLACE: Final = re.compile(r"line (\d+) column (\d+)")


def describe_wrong(details: Any) -> str:  # noqa: ANN401 - of pydantic
    """Return what is wrong with a value, from one of the errors of a `ValidationError`."""
    kind, context = str(details["type"]), dict(details.get("ctx") or {})
    if kind in _OWN:
        return re.sub(r"^(Value error|Assertion failed), ", "", str(details["msg"]))
    if "text" in context:  # made by ourselves
        return str(context["text"])
    if kind == "string_too_short" and context.get("min_length") == 1:
        return "must not be empty"
    if kind == "json_invalid":
        place = _PLACE.search(str(context.get("error", "")))
        context |= {"line": place[1] if place else 1, "column": place[2] if place else 1}
    context["choices"] = ", ".join(list_choices(details))
    numbers = {name: f"{value:g}" if isinstance(value, float) else value for name, value in context.items()}
    return SENTENCES.get(kind, OTHERWISE).format(**numbers)


def list_choices(details: Any) -> list[str]:  # noqa: ANN401 - of pydantic
    """Return the words of which a wrong value should have been one; none where it was not of that kind."""
    expected = str((details.get("ctx") or {}).get("expected", ""))
    return [word or number for word, number in _CHOICE.findall(expected)]


def find_place(details: Any, data: Any) -> Key:  # noqa: ANN401 - of pydantic, plain data
    """Return where an error is in the data: without the names of the branches that pydantic tried of a union."""
    told_at_absent = details["type"] == "missing" or bool((details.get("ctx") or {}).get("keys"))
    last = len(details["loc"]) - 1
    place: list[str | int] = []
    at = data
    for number, part in enumerate(details["loc"]):
        is_item = isinstance(at, list | tuple) and isinstance(part, int) and part < len(at)
        if is_item or (isinstance(at, Mapping) and part in at):
            at = at[part]
        elif not (number == last and told_at_absent):
            continue
        place.append(part)
    return tuple(place)
