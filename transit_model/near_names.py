"""Names near the one that was typed: the one place that says "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

MOST: Final = 3
"""Names offered at most."""
CUTOFF: Final = 0.5
"""Likeness from which a name is offered, 0 to 1 as `difflib.SequenceMatcher.ratio`."""
CLOSE: Final = 0.7
"""Likeness from which one of a few fixed words is offered: the others are named in its place, so it must be close."""
_MOST_LISTED: Final = 20
_MANY: Final = 20_000
_ALIKE: Final = 2
"""Of so many names only those that begin with as many of the wanted one's letters are looked at: the ids of a street
map are not typed, and to compare all of them takes half a second."""
LISTS: Final = {
    "place": "places",
    "stop": "stations",
    "node": "nodes",
    "road": "roads",
    "project": "projects",
    "goal": "goals",
    "scenario": "scenarios",
}
"""What an unknown name is of, and the words of `transit-model data list` that show all of them."""


def find_near(wanted: str, known: Iterable[str], most: int = MOST, least: float = CUTOFF) -> list[str]:
    """Return the known names most like the wanted one, the nearest first; upper and lower case are alike."""
    by_lower: dict[str, list[str]] = {}
    names = dict.fromkeys(known)
    start = wanted.casefold()[:_ALIKE] if len(names) > _MANY else ""
    for name in names:
        lower = name.casefold()
        if lower and lower.startswith(start):
            by_lower.setdefault(lower, []).append(name)
    near = get_close_matches(wanted.casefold(), by_lower, n=most, cutoff=least)
    return [name for lower in near for name in by_lower[lower]][:most]


def hint_near(
    wanted: str, known: Iterable[str], otherwise: str | None = None, *, most: int = MOST, least: float = CUTOFF
) -> str:
    """Return the hint of an issue about an unknown name.

    Parameters
    ----------
    wanted : str
    known : iterable of str
    otherwise : str, optional
        What is said when nothing is near; default the first names that are known.
    most : int
        Names offered at most.
    least : float
        Likeness from which a name is offered; see `CUTOFF` and `CLOSE`.
    """
    known = list(dict.fromkeys(known))
    near = find_near(wanted, known, most, least)
    if near:
        return f"did you mean {' or '.join(near)}?"
    if otherwise is not None:
        return otherwise
    return f"known: {', '.join(sorted(known)[:_MOST_LISTED])}" if known else ""


def hint_listed(what: str, wanted: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return `hint_near` with the commands that find and list what the name is of; see `LISTS`."""
    hint = hint_near(wanted, known, otherwise)
    if what not in LISTS:
        return hint
    word = wanted if wanted and wanted.isprintable() and " " not in wanted else "WORD"
    commands = f"`transit-model find {word}` searches, `transit-model data list {LISTS[what]}` lists all"
    return f"{hint}; {commands}" if hint else commands
