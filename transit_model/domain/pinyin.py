"""Chinese names as they are typed without a Chinese keyboard: whole syllables (huhehaote), initials (hhht), or both.

Readings come from pypinyin, phrases before single characters (长 is chang in 长途, zhang in 县长); a character that is
read in several ways is found by each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final

_APART: Final = re.compile(r"[\s'’·\-_]+")
_TYPED: Final = re.compile(r"[a-zü]+")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_RUNS: Final = re.compile(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+")
SHORTEST: Final = 2
"""Letters from which a word is looked up as pinyin: one letter begins hundreds of names."""


class Way(IntEnum):
    """How a typed word meets a name, the best first."""

    WHOLE = 0
    INITIALS = 1
    BEGINS = 2
    INITIALS_BEGIN = 3
    INSIDE = 4


def normalise_pinyin(word: str) -> str:
    """Return a typed word as small letters without marks between syllables; empty when it holds anything else."""
    plain = _APART.sub("", word.casefold())
    return plain.replace("ü", "v") if _TYPED.fullmatch(plain) else ""


@lru_cache(maxsize=20_000)
def list_readings(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the readings of each character of a name; letters and digits stand for themselves, marks are left out.

    ``ü`` is ``v``, and ``u`` and ``yu`` as well, as people type it (lvliang, luliang, lyuliang).
    """
    from pypinyin import Style, pinyin

    spelt_out: list[list[str]] = []
    for run in _RUNS.findall(name):
        spelt_out += pinyin(run, style=Style.NORMAL, heteronym=True) if _CHINESE.match(run) else [[c] for c in run]
    out: list[tuple[str, ...]] = []
    for readings in spelt_out:
        found: dict[str, None] = {}
        for reading in readings:
            plain = _APART.sub("", reading.casefold()).replace("ü", "v")
            for spelt in (plain, *((plain.replace("v", "u"), plain.replace("v", "yu")) if "v" in plain else ())):
                if spelt and spelt.isalnum():
                    found[spelt] = None
        if found:
            out.append(tuple(found))
    return tuple(out)


def match_pinyin(word: str, name: str) -> tuple[Way, int] | None:
    """Return how a word in pinyin meets a Chinese name, and how many characters of the name it leaves over.

    Parameters
    ----------
    word : str
        As typed; see `normalise_pinyin`.
    name : str
        A name with Chinese characters.
    """
    typed = normalise_pinyin(word)
    if len(typed) < SHORTEST or not _CHINESE.search(name):
        return None
    readings = list_readings(name)
    found: list[tuple[Way, int]] = []
    for start in range(len(readings)):
        used, whole = _use_syllables(typed, readings[start:])
        if used:
            way = Way.INSIDE if start else Way.WHOLE if whole and used == len(readings) else Way.BEGINS
            found.append((way, len(readings) - used))
    short = _count_initials(typed, readings)
    if short:
        found.append((Way.INITIALS_BEGIN if short < len(readings) else Way.INITIALS, len(readings) - short))
    return min(found, default=None)


def _use_syllables(typed: str, readings: Sequence[tuple[str, ...]]) -> tuple[int, bool]:
    """Return how many characters the syllables of a word use up, 0 when they do not fit, and if the last is whole."""
    best = (0, False)
    for reading in readings[0] if readings else ():
        if typed == reading:
            best = max(best, (1, True))
        elif reading.startswith(typed):
            best = max(best, (1, False))
        elif typed.startswith(reading):
            used, whole = _use_syllables(typed[len(reading) :], readings[1:])
            best = max(best, (used + 1, whole) if used else (0, False))
    return best


def _count_initials(typed: str, readings: Sequence[tuple[str, ...]]) -> int:
    """Return how many characters are used up by one initial each (zh, ch, sh count as one too); 0 when it fails."""
    best = 0
    if len(typed) > 2 * len(readings):
        return best
    for initial in dict.fromkeys(i for reading in readings[0] for i in _list_initials(reading)) if readings else ():
        if typed == initial:
            best = max(best, 1)
        elif typed.startswith(initial):
            more = _count_initials(typed[len(initial) :], readings[1:])
            best = max(best, more + 1 if more else 0)
    return best


def _list_initials(reading: str) -> tuple[str, ...]:
    return (reading[0], reading[:2]) if reading[:2] in {"zh", "ch", "sh"} else (reading[0],)
