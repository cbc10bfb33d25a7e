"""Every mistake of a file at once: what is wrong is stood in for, so that all that hangs on the rest is checked too.

pydantic looks at the contradictions of an object only when each of its values is right, and a project is applied only
when it has no contradiction. So a wrong value gets a stand-in, a contradiction what its `problem` says would mend it.
Nothing that comes of it is ever measured, and no mistake is told that hangs on a stand-in.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from transit_model.near_names import find_near
from transit_model.scenario.base_schema import LENIENT, Frozen, list_contradictions
from transit_model.scenario.plain_data import put_value
from transit_model.scenario.service_schema import PLAIN_SERVICE
from transit_model.store.yaml_lines import find_known_keys
from transit_model.wrong_values import Key, find_place, list_choices

_HEAD: Final[Mapping[str, Any]] = {
    "title": {"zh": "-", "en": "-"},
    "status": "planned",
    "opens": "unknown",
    "source": ["-"],
    "confidence": "low",
}
_BY_NAME: Final[Mapping[str, Any]] = {
    "line_speed_kmh": 600,  # so that no run time is called too short for a speed that nobody gave
    "first_departure": "00:00",
    "from": "00:00",
    "last_departure": "24:00",
    "to": "24:00",
}
_PLAIN: Final = (1, "x", "12:00", "2030")
_ANY: Final[tuple[Any, ...]] = (*_PLAIN, {}, [], [{}], [{}, {}], ["x"], ["x", "y"], [1, 2], False, 0.5, 5)
_MOST_ROUNDS: Final = 40
ModelT = TypeVar("ModelT", bound=Frozen)


@dataclass(frozen=True)
class Contradiction:
    """A `problem` of the object at a path, and the path of the key at which it is told."""

    within: Key
    told_at: Key
    found: PydanticCustomError

    @property
    def paths(self) -> tuple[Key, ...]:
        """Return the paths of the keys that it is about; that of the object where it names none."""
        keys = (self.found.context or {}).get("keys", ())
        return tuple((*self.within, key) for key in keys) or (self.within,)


@dataclass(frozen=True)
class Mended(Generic[ModelT]):
    """Data with mistakes, read as far as they can be.

    Attributes
    ----------
    wrong : list
        What pydantic says of single values, contradictions aside.
    is_whole : bool
        Whether every wrong value could be stood in for, so that all contradictions are known.
    contradictions : list of Contradiction
        All between keys that are right by themselves.
    model : Frozen or None
        An object of stand-ins and of what is right, without a contradiction; None when none could be made.
    unsure : frozenset of paths
        Where stand-ins are: what is said of them is no mistake of the file.
    """

    wrong: list[Any] = field(default_factory=list)
    is_whole: bool = False
    contradictions: list[Contradiction] = field(default_factory=list)
    model: ModelT | None = None
    data: Any = None
    unsure: frozenset[Key] = frozenset()


def touches(path: Sequence[str | int], unsure: frozenset[Key]) -> bool:
    """Return whether a path is one of others, lies within one, or holds one."""
    path = tuple(path)
    return any(path[: len(other)] == other or other[: len(path)] == path for other in unsure)


def mend(model: type[ModelT], data: Any) -> Mended[ModelT]:  # noqa: ANN401 - plain data
    """Return what can be read of data with mistakes."""
    wrong = _list_wrong(model, data)
    data, unsure = _stand_in(model, copy.deepcopy(data), wrong)
    if data is None:
        return Mended(wrong)
    whole = model.model_validate(data, context={LENIENT: True})
    every = _list_contradictions(whole)
    own = [c for c in every if not any(touches(path, unsure) for path in c.paths)]
    sound, touched = _mend_contradictions(model, data, every)
    return Mended(wrong, True, own, sound, data if sound is not None else None, unsure | touched)


def _list_contradictions(whole: Frozen) -> list[Contradiction]:
    return [Contradiction(at, (*at, *part.find_key(p)), p) for at, part, p in list_contradictions(whole)]


def _stand_in(model: type[Frozen], data: Any, wrong: Sequence[Any]) -> tuple[Any, frozenset[Key]]:  # noqa: ANN401
    """Return data whose every value is right by itself, and where it differs; None when that fails."""
    unsure: set[Key] = set()
    tries: dict[Key, Iterator[Any]] = {}
    errors = list(wrong)
    for _ in range(_MOST_ROUNDS):
        if not errors:
            return data, frozenset(unsure)
        for path, details in {find_place(e, data): e for e in reversed(errors)}.items():
            if not path:
                return None, frozenset()
            if details["type"] == "extra_forbidden":
                meant = find_near(str(path[-1]), find_known_keys(model, path[:-1]), 1)
                unsure |= {(*path[:-1], *meant)} if meant else set()
                put_value(data, path, None)
                continue
            unsure.add(path)
            tries.setdefault(path, _list_tries(path, details))
            put_value(data, path, next(tries[path], None))
        errors = _list_wrong(model, data)
    return None, frozenset()


def _list_wrong(model: type[Frozen], data: Any) -> list[Any]:  # noqa: ANN401 - plain data
    """Return the errors of single values."""
    try:
        model.model_validate(data, context={LENIENT: True})
    except ValidationError as error:
        return list(error.errors(include_url=False))
    return []


def _list_tries(path: Key, details: Any) -> Iterator[Any]:  # noqa: ANN401 - of pydantic
    """Yield what may stand in for a wrong value, the best first; at last the key goes."""
    name, context = path[-1], details.get("ctx") or {}
    if len(path) == 1 and name in _HEAD:
        yield copy.deepcopy(_HEAD[str(name)])
    if name in _BY_NAME:
        yield _BY_NAME[str(name)]
    yield from list_choices(details)[:1]
    yield from (context[bound] for bound in ("ge", "le") if bound in context)
    if "gt" in context:
        yield context["gt"] + 1
    if details["type"] == "too_long" and isinstance(details["input"], list):
        yield details["input"][: context["max_length"]]
    if details["type"] == "missing":
        yield from copy.deepcopy(_ANY)
        return
    for value in copy.deepcopy(_ANY):
        yield value
        if value == _PLAIN[-1]:
            yield None


def _mend_contradictions(
    model: type[ModelT],
    data: Any,  # noqa: ANN401 - plain data
    every: list[Contradiction],
) -> tuple[ModelT | None, frozenset[Key]]:
    """Put right in `data` what the contradictions say would mend them; the object then, and where it was changed."""
    touched: set[Key] = set()
    for _ in range(3):
        for one in every:
            touched |= set(one.paths)
            for key, value in ((one.found.context or {}).get("mend") or {}).items():
                touched.add((*one.within, key))
                put_value(data, (*one.within, key), copy.deepcopy(value))
            if "service" in one.within:
                at = one.within[: one.within.index("service") + 1]
                touched.add(at)
                put_value(data, at, dict(PLAIN_SERVICE))
        try:
            return model.model_validate(data), frozenset(touched)
        except ValidationError:
            try:
                whole = model.model_validate(data, context={LENIENT: True})
            except ValidationError:
                return None, frozenset()
            every = _list_contradictions(whole)
    return None, frozenset()


def is_contradiction(details: Any) -> bool:  # noqa: ANN401 - of pydantic
    """Return whether an error of a validation is a `problem` between keys, not one of a single value."""
    return bool((details.get("ctx") or {}).get("keys"))
