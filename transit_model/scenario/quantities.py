"""Which numbers of a project are amounts, and within what bounds its schema takes them.

A longitude is a number too, but says where something lies, not how much: to look for the one at which a goal is met
would move a road, not answer what it takes.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from transit_model.scenario.values import POSITION


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest number that a schema takes; infinite where it names none.

    Attributes
    ----------
    low, high : float
        In the unit of the key's name.
    takes_low, takes_high : bool
        Whether the bound itself is taken.
    """

    low: float = float("-inf")
    high: float = float("inf")
    takes_low: bool = True
    takes_high: bool = True


def find_bounds(model: type[BaseModel], path: Sequence[str]) -> Bounds | None:
    """Return the bounds of the number at a dotted path of a schema, None where there is no amount.

    Coordinates, texts that may look like numbers and keys that the schema does not have are no amounts.
    """
    ends = list(_walk(model, (), path))
    kinds = {annotation for annotation, _ in ends} - {type(None)}
    known = [mark for _, metadata in ends for mark in _flatten(metadata)]
    if not kinds or not kinds <= {int, float} or POSITION in known:
        return None
    lows = [(float(value), name == "ge") for mark in known for name, value in _read_ends(mark, "ge", "gt")]
    highs = [(float(value), name == "le") for mark in known for name, value in _read_ends(mark, "le", "lt")]
    # of two bounds at one number the one that is not taken itself is the narrower
    low, takes_low = max(lows, key=lambda end: (end[0], not end[1]), default=(float("-inf"), True))
    high, takes_high = min(highs, key=lambda end: (end[0], end[1]), default=(float("inf"), True))
    return Bounds(low, high, takes_low, takes_high)


def _read_ends(mark: Any, *names: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - whatever annotates a type
    """Yield the bounds that a mark of `annotated_types` sets, by its own name for them."""
    yield from ((name, getattr(mark, name)) for name in names if getattr(mark, name, None) is not None)


def _flatten(metadata: Sequence[Any]) -> Iterator[Any]:
    for mark in metadata:
        if isinstance(mark, FieldInfo):
            yield from _flatten(mark.metadata)
        else:
            yield mark


def _walk(annotation: Any, metadata: tuple[Any, ...], path: Sequence[str]) -> Iterator[tuple[Any, tuple[Any, ...]]]:  # noqa: ANN401 - a type expression
    """Yield the types that may stand at a path, each with what is written about it."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _walk(inner[0], (*metadata, *inner[1:]), path)
    elif origin in (Union, types.UnionType):
        for branch in inner:
            yield from _walk(branch, metadata, path)
    elif not path:
        yield annotation, metadata
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        by_key = {info.alias or name: info for name, info in annotation.model_fields.items()}
        if path[0] in by_key:
            info = by_key[path[0]]
            yield from _walk(info.annotation, tuple(info.metadata), path[1:])
    elif origin is tuple and path[0].isdigit():
        if Ellipsis in inner:
            yield from _walk(inner[0], (), path[1:])
        elif int(path[0]) < len(inner):
            yield from _walk(inner[int(path[0])], (), path[1:])
    elif origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        yield from _walk(inner[1], (), path[1:])
