"""Find things by a word in Chinese, pinyin or English, the best matches first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from typing import Any, Final

from transit_model.catalogue.inventory import WHAT_NAMES, Thing
from transit_model.domain.pinyin import Way, match_pinyin
from transit_model.near_names import CUTOFF

_MARKS: Final = re.compile(r"[\s'’·\-_–—/]+")
_ORDER: Final = {what: n for n, what in enumerate(WHAT_NAMES)}
_LETTERS_A_CHARACTER: Final = 6
"""Letters of the longest syllables (zhuang, shuang): what is longer than all of a name's pinyin is no part of it."""
_KINDS: Final = {"centre": 0, "alternative_centre": 1, "county_seat": 2, "airport": 3}


class How(IntEnum):
    """How a word met a thing, the best first."""

    ID = 0
    NAME = 1
    PINYIN = 2
    INITIALS = 3
    NAME_BEGINS = 4
    PINYIN_BEGINS = 5
    INITIALS_BEGIN = 6
    INSIDE = 7
    PINYIN_INSIDE = 8
    NEAR = 9


HOW_NAMES: Final = {
    How.ID: {"zh": "编号", "en": "id"},
    How.NAME: {"zh": "名称", "en": "name"},
    How.PINYIN: {"zh": "拼音", "en": "pinyin"},
    How.INITIALS: {"zh": "拼音首字母", "en": "initials"},
    How.NAME_BEGINS: {"zh": "名称开头", "en": "begins"},
    How.PINYIN_BEGINS: {"zh": "拼音开头", "en": "pinyin begins"},
    How.INITIALS_BEGIN: {"zh": "首字母开头", "en": "initials begin"},
    How.INSIDE: {"zh": "名称包含", "en": "inside"},
    How.PINYIN_INSIDE: {"zh": "拼音包含", "en": "pinyin inside"},
    How.NEAR: {"zh": "近似", "en": "near"},
}
_WAYS: Final = {
    Way.WHOLE: How.PINYIN,
    Way.INITIALS: How.INITIALS,
    Way.BEGINS: How.PINYIN_BEGINS,
    Way.INITIALS_BEGIN: How.INITIALS_BEGIN,
    Way.INSIDE: How.PINYIN_INSIDE,
}


@dataclass(frozen=True)
class Found:
    """A thing and how the word met it."""

    thing: Thing
    how: How
    rest: float
    """How much of the name the word does not cover: characters, or unlikeness from 0 to 1 where only near."""

    def as_row(self) -> dict[str, Any]:
        """Return the row of ``find``."""
        return {**self.thing.as_row(), "match": self.how.name.lower()}


def find_things(things: Iterable[Thing], word: str) -> list[Found]:
    """Return the things that a word can mean, the best first.

    An id comes before a name, a whole name before a beginning, a beginning before a part, spelling before pinyin,
    whatever is only like the word comes last, and only where nothing else is found. Among equals the one whose name
    has the least beside the word is first, then places before stations before roads, centres before county seats.
    """
    things = list(things)
    typed = _MARKS.sub("", word.casefold())
    longest = max((len(_plain(n)) for thing in things for n in (thing.thing_id, *_list_names(thing))), default=0)
    if not typed or len(typed) > _LETTERS_A_CHARACTER * longest:
        return []
    met = [f for f in (_meet(thing, word, typed) for thing in things) if f is not None]
    if not met:
        met = [f for f in (_compare(thing, typed) for thing in things) if f is not None]
    return sorted(met, key=_rank)


def _rank(found: Found) -> tuple[int, float, int, int, str]:
    thing = found.thing
    return found.how, found.rest, _ORDER.get(thing.what, 99), _KINDS.get(thing.kind, 9), thing.thing_id


def _meet(thing: Thing, word: str, typed: str) -> Found | None:
    found: list[tuple[How, float]] = []
    if typed in {_plain(thing.thing_id), _plain(thing.stop_id)}:
        found.append((How.ID, 0))
    for name in _list_names(thing):
        plain = _plain(name)
        if plain == typed:
            found.append((How.NAME, 0))
        elif plain.startswith(typed):
            found.append((How.NAME_BEGINS, len(plain) - len(typed)))
        elif typed in plain and (len(typed) > 1 or not typed.isascii()):
            found.append((How.INSIDE, len(plain) - len(typed)))
        way = match_pinyin(word, name)
        if way is not None:
            found.append((_WAYS[way[0]], way[1]))
    plain = _plain(thing.thing_id)
    if len(typed) > 1 and typed in plain:
        found.append((How.INSIDE, len(plain) - len(typed)))
    return None if not found else Found(thing, *min(found))


def _compare(thing: Thing, typed: str) -> Found | None:
    names: Sequence[str] = [_plain(n) for n in (thing.thing_id, *_list_names(thing))]
    likeness = max((SequenceMatcher(None, typed, n).ratio() for n in names if n), default=0.0)
    return Found(thing, How.NEAR, 1 - likeness) if likeness >= CUTOFF else None


def _list_names(thing: Thing) -> list[str]:
    return [n for n in dict.fromkeys((thing.name_zh, thing.name_en, *thing.aliases)) if n]


def _plain(name: str) -> str:
    return _MARKS.sub("", name.casefold())
