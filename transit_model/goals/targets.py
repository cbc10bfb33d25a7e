"""What a goal is read on: each pair or place with the journeys that count for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from transit_model.goals.schema import Direction, Goal

Pair = tuple[str, str]
Way = tuple[Pair, ...]
"""Journeys of which the slowest counts: one, or there and back."""


@dataclass(frozen=True)
class Target:
    """A pair or a place that counts once.

    Attributes
    ----------
    place : str
        The place that weighs: the far end of a pair, a place of a coverage.
    ways : tuple of Way
        One for each origin; the quickest counts.
    """

    place: str
    ways: tuple[Way, ...]


def list_targets(goal: Goal, groups: Mapping[str, Sequence[str]]) -> list[Target]:
    """Return the pairs or places of a goal in file order; groups stand for their places.

    Empty for goals on people or cells of the grid, which have no places of their own.
    """
    if goal.pairs is not None:
        return [Target(b, (_make_way(a, b, goal.pairs.direction),)) for a, b in _list_pairs(goal, groups)]
    coverage = goal.coverage
    if coverage is None or coverage.of != "places":
        return []
    origins = expand(coverage.origins, groups)
    return [
        Target(place, tuple(_make_way(origin, place, coverage.direction) for origin in origins))
        for place in expand([coverage.to] if isinstance(coverage.to, str) else coverage.to, groups)
    ]


def list_pairs(goal: Goal, groups: Mapping[str, Sequence[str]]) -> list[Pair]:
    """Return the (from, to) rows that a goal reads, each once, in order."""
    if goal.unmeasurable is not None:
        return []
    return list(dict.fromkeys(p for target in list_targets(goal, groups) for way in target.ways for p in way))


def count_targets(
    goal: Goal,
    groups: Mapping[str, Sequence[str]],
    weights: Mapping[str, float],
    read: Callable[[Pair], float],
) -> list[tuple[str, float, float]]:
    """Return place, minutes and weight of each target that weighs; `read` gives the minutes of a pair, inf if none."""
    counted = []
    for target in list_targets(goal, groups):
        minutes = min((max(read(p) for p in way) for way in target.ways), default=math.inf)
        weight = find_weight(goal, target.place, weights)
        if weight > 0:
            counted.append((target.place, minutes, weight))
    return counted


def find_weight(goal: Goal, place: str, weights: Mapping[str, float]) -> float:
    """Return how much a pair or place counts: its people where the goal says so, else 1."""
    by_population = goal.coverage is not None and goal.coverage.weight == "population"
    return float(weights.get(place, 0.0)) if by_population else 1.0


def expand(names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Return places by id, the members of a group in its place."""
    return [place for name in names for place in groups.get(name, [name])]


def _list_pairs(goal: Goal, groups: Mapping[str, Sequence[str]]) -> list[Pair]:
    assert goal.pairs is not None
    pairs = goal.pairs
    if pairs.hub is not None:
        return [(pairs.hub, to) for to in expand(pairs.to, groups) if to != pairs.hub]
    if pairs.all_of:
        places = list(dict.fromkeys(expand(pairs.all_of, groups)))
        return [(a, b) for i, a in enumerate(places) for b in places[i + 1 :]]
    return list(pairs.pairs)


def _make_way(origin: str, place: str, direction: Direction) -> Way:
    if direction == "from":
        return ((origin, place),)
    return ((place, origin),) if direction == "towards" else ((origin, place), (place, origin))
