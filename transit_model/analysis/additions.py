"""Projects of the library added one at a time, each held against what it requires alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from transit_model.analysis.evaluate import Evaluation, Evaluator
from transit_model.errors import NetworkError, ScenarioError

T = TypeVar("T")


def read_additions(
    evaluator: Evaluator, read: Callable[[Evaluation], T], projects: Sequence[str] = ()
) -> Iterator[tuple[tuple[str, ...], T, T]]:
    """Yield each project that can stand on the base and `projects`, what is read with it, and what without it.

    A project comes last in a tuple of itself, what it requires and `projects`; without it these stand. Where it brings
    no more, what it requires does all the work, and is an addition of its own.
    """
    known: dict[tuple[str, ...], T] = {}

    def measure(added: tuple[str, ...]) -> T:
        if added not in known:
            known[added] = read(evaluator.evaluate(added))
        return known[added]

    for added in evaluator.list_additions(projects):
        try:
            found = added, measure(added), measure(added[:-1])
        except (ScenarioError, NetworkError):
            continue  # it cannot stand there
        yield found
