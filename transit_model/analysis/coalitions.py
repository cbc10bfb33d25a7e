"""Values of sets of projects in some measures: every set is built and measured once, whoever asks for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import Measure, compute_measures
from transit_model.analysis.shapley import EXACT_LIMIT, Shares, compute_shares


@dataclass(eq=False)
class Coalitions:
    """The sets that can be made of some parts, each part one project or several, over the base of an evaluator.

    Parameters
    ----------
    cap_min : float
        Minutes that an unreachable pair counts as.
    tick : callable
        Called with the projects of each set that is measured.
    """

    evaluator: Evaluator
    parts: Sequence[Sequence[str]]
    measures: Sequence[Measure]
    cap_min: float = math.inf
    tick: Callable[[str], object] = lambda _text: None
    _known: dict[tuple[str, ...], list[float]] = field(default_factory=dict)

    def measure(self, mask: int) -> list[float]:
        """Return the measures of the parts whose bits are set; who lacks what it requires adds nothing."""
        wanted = [p for i, part in enumerate(self.parts) if mask >> i & 1 for p in part]
        chosen = self.evaluator.keep_buildable(wanted)
        if chosen not in self._known:
            evaluation = self.evaluator.evaluate(chosen)
            self._known[chosen] = compute_measures(evaluation, self.measures, cap_min=self.cap_min)
            self.tick(" ".join(chosen))
        return self._known[chosen]

    def list_ends(self, at: int) -> tuple[float, float]:
        """Return a measure without any part and with all of them."""
        return self.measure(0)[at], self.measure((1 << len(self.parts)) - 1)[at]

    def share_out(self, at: int, *, permutations: int = 200, seed: int = 1, exact_limit: int = EXACT_LIMIT) -> Shares:
        """Return the shares of the parts in the gain in a measure, more being better; see `compute_shares`."""
        gain = partial(self._read_gain, at)
        return compute_shares(len(self.parts), gain, permutations=permutations, seed=seed, exact_limit=exact_limit)

    def _read_gain(self, at: int, mask: int) -> float:
        return self.measures[at].better * self.measure(mask)[at]
