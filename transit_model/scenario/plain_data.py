"""Values of plain data by path: keys of mappings, items of lists by their number from 0 (a number or its digits)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Path = Sequence[str | int]


def find_value(data: Any, path: Path) -> Any:  # noqa: ANN401 - any YAML value
    """Return the value at a path.

    Raises
    ------
    KeyError
        When there is nothing at this path.
    """
    for part in path:
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif _has_item(data, part):
            data = data[int(part)]
        else:
            raise KeyError(part)
    return data


def put_value(data: Any, path: Path, value: Any) -> bool:  # noqa: ANN401 - any YAML value
    """Set the value at a path, None takes a key out; return False when the path leads nowhere."""
    try:
        holder = find_value(data, path[:-1])
    except KeyError:
        return False
    last = path[-1]
    if _has_item(holder, last):
        holder[int(last)] = value
        return True
    if not isinstance(holder, dict):
        return False
    if value is None:
        return holder.pop(last, None) is not None
    holder[last] = value
    return True


def _has_item(data: Any, part: str | int) -> bool:  # noqa: ANN401 - any YAML value
    return isinstance(data, list) and str(part).isdecimal() and int(part) < len(data)
